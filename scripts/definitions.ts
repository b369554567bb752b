import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import type { Channel } from '../src/core/define/channel';
import type { Trigger } from '../src/core/define/trigger';

export const root = join(__dirname, '..');

export type Host = 'n8n' | 'node-red';

/** The folders that hold definitions, and the maker in each host that turns one into a node. */
export const kinds = {
	channels: { type: 'channel', maker: 'channel-node', n8n: 'channelNode', 'node-red': 'channelSet' },
	triggers: { type: 'trigger', maker: 'trigger-node', n8n: 'triggerNode', 'node-red': 'triggerSet' },
	flow: { type: 'flow', maker: 'flow-node', n8n: 'flowNode', 'node-red': 'flowSet' },
} as const;

export type Kind = keyof typeof kinds;

/** What a flow node shares with the others; all that the workshop needs to know of it. */
export interface Flow {
	readonly type: 'flow';
	readonly id: string;
	readonly name: string;
	readonly zh: string;
	readonly docs: string;
	readonly account?: Channel['account'];
	readonly not?: readonly Host[];
}

export type Definition = Channel | Trigger | Flow;

export interface Found<D extends Definition = Definition> {
	kind: Kind;
	/** File name, export name and `id` in one. */
	id: string;
	definition: D;
}

/** Every definition, found by its file: `src/channels/bark.ts` exports `bark`, whose id is `bark`. */
export function definitions(): Found[] {
	return (Object.keys(kinds) as Kind[]).flatMap((kind) =>
		filesOf(kind).map((file) => {
			const id = basename(file, '.ts');
			const definition = (createRequire(file)(file) as Record<string, Definition>)[id];
			if (!definition) throw new Error(`src/${kind}/${id}.ts must export "${id}".`);
			if (definition.id !== id)
				throw new Error(`src/${kind}/${id}.ts has the id "${definition.id}"; it must be "${id}".`);
			if (definition.type !== kinds[kind].type)
				throw new Error(`src/${kind}/${id}.ts is no ${kinds[kind].type}.`);
			return { kind, id, definition };
		}),
	);
}

function filesOf(kind: Kind): string[] {
	const folder = join(root, 'src', kind);
	if (!existsSync(folder)) return [];
	return readdirSync(folder)
		.filter((name) => /^[a-z][A-Za-z0-9]*\.ts$/.test(name))
		.sort()
		.map((name) => join(folder, name));
}

export const runsIn = ({ definition }: Found, host: Host) => !('not' in definition && definition.not?.includes(host));

/** A trigger that shares a channel's account has no credential of its own; a flow node may have none at all. */
export const hasCredential = ({ definition }: Found) =>
	definition.account !== undefined && !('accountOf' in definition && definition.accountOf !== undefined);

export const capital = (id: string) => id.charAt(0).toUpperCase() + id.slice(1);
