import { invalid } from '../../base/errors';
import type { Text } from '../../base/language';
import { commandNames, type Command, type Content, type Flow, type FlowValues } from '../../define/flow';
import { commandIn as isCommanded } from '../../define/passing';
import { wakePump } from '../../state/pump';
import type { Store } from '../../state/store';

/** What a message says that is none. Without a key it is for all of them. */
export interface Commanded {
	command: Command;
	key?: string;
}

/**
 * The command in a message, where it is one. In Node-RED `msg.flush`, `msg.reset` or `msg.ack` is true or a key; in n8n
 * `json.carillon.command` is the name of one, with `key` beside it, or an object like that.
 * @throws ChannelError `Invalid('command')` for one in another shape, or of which this node knows nothing
 */
export function commandIn(flow: Pick<Flow, 'commands' | 'name' | 'zh'>, content: Content): Commanded | undefined {
	// Whoever takes none lets none through either.
	if (!flow.commands) {
		if (isCommanded(content) === undefined) return undefined;
		throw refused(
			`${flow.name} takes no commands: flush, reset and ack are for other nodes.`,
			`${flow.zh}不接受命令：flush、reset、ack 用于其他节点。`,
		);
	}
	const found = given(content);
	if (!found) return undefined;
	const { command, key } = found;
	if (!flow.commands.includes(command))
		throw refused(
			`${flow.name} knows these commands: ${flow.commands.join(', ')}.`,
			`${flow.zh}只接受这些命令：${flow.commands.join('、')}。`,
		);
	return { command, ...(key !== true && { key }) };
}

function given(content: Content): { command: Command; key: string | true } | undefined {
	const ours = content.carillon as { command?: unknown; key?: unknown } | null | undefined;
	if (typeof ours === 'object' && ours !== null && isMeant(ours.command)) {
		const { command, key = true } = ours;
		if (isCommand(command)) return { command, key: keyOf(key) };
		if (typeof command === 'object' && !Array.isArray(command)) return one(command as Content, true);
		throw refused(...shape);
	}
	return one(content, false);
}

/** @param mustBe there is nothing but a command in it */
function one(content: Content, mustBe: boolean): { command: Command; key: string | true } | undefined {
	const names = commandNames.filter((name) => isMeant(content[name]));
	const [command] = names;
	if (command === undefined) {
		if (mustBe) throw refused(...shape);
		return undefined;
	}
	if (names.length > 1) throw refused('One command at a time.', '一次只能给出一个命令。');
	return { command, key: keyOf(content[command]) };
}

const isMeant = (value: unknown) => value !== undefined && value !== null && value !== false;

const isCommand = (value: unknown): value is Command => commandNames.includes(value as Command);

function keyOf(value: unknown): string | true {
	if (value === true) return true;
	if (typeof value === 'string' && value.trim() !== '') return value;
	throw refused(...shape);
}

const shape = [
	'A command is flush, reset or ack, for true (all) or for a key; in n8n carillon.command with its name.',
	'命令为 flush、reset 或 ack，值为 true（全部）或某个分组键；在 n8n 中为 carillon.command 加命令名。',
] as const;

const refused = (en: string, zh: string) => invalid('command', { en, zh } satisfies Text);

/** Keys at once. */
const most = 100;

/** Does it. */
export async function command(
	flow: Flow,
	store: Store,
	scope: string,
	{ command: name, key }: Commanded,
	values: FlowValues,
): Promise<void> {
	const decide = flow.command!(name, values);
	if (key === undefined) {
		let after = '';
		for (;;) {
			const keys = await store.keys(scope, most, after);
			for (const each of keys) await store.transact(scope, each, [], decide);
			if (keys.length < most) break;
			after = keys.at(-1)!;
		}
	} else await store.transact(scope, key, [], decide);
	wakePump(scope);
}
