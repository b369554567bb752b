import { lookedAt } from '../incoming';
import type { Config, Msg, Red } from '../red';

/** Types of the nodes that send. */
const channels = new Set<string>();

/** A node of this type sends, and says what became of it. */
export const sends = (type: string): void => void channels.add(type);

/** How many nodes that send stand behind an output, however far. What a subflow holds is not looked into. */
export function sendersBehind(RED: Pick<Red, 'nodes'>, node: string, output: number): number {
	const all = new Map<string, Config>();
	RED.nodes.eachNode((config) => all.set(config.id, config));
	const next = (config: Config | undefined): string[] => [
		...((config?.wires as string[][] | undefined) ?? []).flat(),
		...(config?.type === 'link out' ? ((config.links as string[] | undefined) ?? []) : []),
	];
	const waiting = [...((all.get(node)?.wires as string[][] | undefined)?.[output] ?? [])];
	const seen = new Set<string>();
	for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
		if (seen.has(id)) continue;
		seen.add(id);
		waiting.push(...next(all.get(id)));
	}
	return [...seen].filter((id) => channels.has(String(all.get(id)?.type)) && all.get(id)?.d !== true).length;
}

/** What a node of ours let out says so, all the way through the flow. */
export function batchIn(msg: Msg): string | undefined {
	const carillon = lookedAt(msg, 'carillon') as { batch?: unknown } | null | undefined;
	return typeof carillon?.batch === 'string' ? carillon.batch : undefined;
}
