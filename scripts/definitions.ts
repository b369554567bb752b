import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import type { Account } from '../src/core/define/account';
import type { Channel } from '../src/core/define/channel';
import type { Flow } from '../src/core/define/flow';
import type { Passing } from '../src/core/define/passing';
import type { NodeSet } from '../src/core/define/set';
import type { Sender } from '../src/core/define/sender';
import type { Trigger } from '../src/core/define/trigger';

export const root = join(__dirname, '..');

export type Host = 'n8n' | 'node-red';

/** What carries a definition is told by its suffix, and the maker in each host turns it into a node. */
export const kinds = {
	channel: { exports: '', maker: 'channel-node', n8n: 'channelNode', 'node-red': 'channelSet' },
	trigger: { exports: 'Trigger', maker: 'trigger-node', n8n: 'triggerNode', 'node-red': 'triggerSet' },
	flow: { exports: '', maker: 'flow-node', n8n: 'flowNode', 'node-red': 'flowSet' },
	account: { exports: '', maker: 'account-node', n8n: '', 'node-red': 'accountSet' },
} as const;
const ofNodes = ['channel', 'trigger', 'flow'] as const;

export type Definition = Channel | Trigger | Flow | Passing;

export interface Found<D extends Definition | Account = Definition> {
	kind: D['type'];
	/** Export name and `id` in one. */
	id: string;
	/** Below the root, without its `.ts`: what a shim imports. */
	file: string;
	definition: D;
}

/** Every definition, by kind and name: `src/services/bark/bark.channel.ts` exports `bark`, `telegram.trigger.ts` exports `telegramTrigger`. */
export function definitions(): Found[] {
	return ofNodes.flatMap((kind) => withKind<Definition>(kind));
}

/** Accounts that are no node's own, likewise: `src/flow/store.account.ts` exports `store`. */
export const accounts = (): Found<Account>[] => withKind<Account>('account');

const withKind = <D extends Definition | Account>(kind: D['type']): Found<D>[] =>
	withSuffix(kind).map(({ name, file }) => {
		const id = name + kinds[kind].exports;
		const definition = exported<D>(file, id);
		if (definition.type !== kind) throw new Error(`${file}.ts is no ${kind}.`);
		return { kind, id, file, definition };
	});

/** Every sender of the webhook trigger, `x.sender.ts` and `x.dialect.ts`, those last that stand last. */
export function senders(): { id: string; file: string; sender: Sender }[] {
	const all = [...withSuffix('sender'), ...withSuffix('dialect')].sort((one, other) =>
		one.name < other.name ? -1 : 1,
	);
	const found = all.map(({ name, file }) => ({
		id: name,
		file,
		sender: exported<Sender>(file, name),
	}));
	const rank = ({ sender }: { sender: Sender }) => Number(sender.last === true);
	return found.sort((one, other) => rank(one) - rank(other));
}

function exported<T extends { id: string }>(file: string, id: string): T {
	const path = join(root, `${file}.ts`);
	const definition = (createRequire(path)(path) as Record<string, T>)[id];
	if (!definition) throw new Error(`${file}.ts must export "${id}".`);
	if (definition.id !== id) throw new Error(`${file}.ts has the id "${definition.id}"; it must be "${id}".`);
	return definition;
}

/** Files called `<name>.<suffix>.ts`, in whatever folder, in the order of their names. */
function withSuffix(suffix: string): { name: string; file: string }[] {
	const form = new RegExp(`^([a-z][A-Za-z0-9]*)\\.${suffix}\\.ts$`);
	return ['src/services', 'src/flow']
		.filter((folder) => existsSync(join(root, folder)))
		.flatMap((folder) =>
			readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).flatMap((path) => {
				const name = form.exec(basename(path))?.[1];
				return name ? [{ name, file: `${folder}/${path.replaceAll('\\', '/').replace(/\.ts$/, '')}` }] : [];
			}),
		)
		.sort((one, other) => (one.name < other.name ? -1 : 1));
}

export const runsIn = ({ definition }: Found<Definition | Account>, host: Host) =>
	!('not' in definition && definition.not?.includes(host));

/** What Node-RED loads, by the set that each names. */
export function setsOf<D extends Definition | Account>(found: readonly Found<D>[]): Map<NodeSet, Found<D>[]> {
	const sets = new Map<NodeSet, Found<D>[]>();
	for (const one of found.filter((each) => runsIn(each, 'node-red'))) {
		const { set } = one.definition;
		if (!set) throw new Error(`${one.file}.ts names no set; see src/core/define/set.ts.`);
		sets.set(set, [...(sets.get(set) ?? []), one]);
	}
	return sets;
}

/** A trigger that shares a channel's account has no credential of its own; a flow node may have none at all. */
export const hasCredential = ({ definition }: Found) =>
	definition.account !== undefined && !('accountOf' in definition && definition.accountOf !== undefined);

export const capital = (id: string) => id.charAt(0).toUpperCase() + id.slice(1);
