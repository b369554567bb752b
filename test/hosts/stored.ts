/** Flows of either host in which every field is filled in once, as today's forms store it. */
import type { Field, Fields } from '../../src/core/base/field';
import type { Channel } from '../../src/core/define/channel';
import { neededOf } from '../../src/hosts/n8n/channel-form';
import { channelNode } from '../../src/hosts/n8n/channel-node';
import { actionParameter, credentialType } from '../../src/hosts/n8n/names';
import {
	accountProperties,
	accountTypeOf,
	channelProperties,
	literal,
	typeOf,
	type Property,
} from '../../src/hosts/node-red/properties';

/** What one node says: an operation, and values by the keys of its fields. */
export interface Said {
	name: string;
	operation: string;
	onForm: Record<string, unknown>;
	parts: Record<string, unknown>;
	options: Record<string, unknown>;
	input: Record<string, unknown>;
}

/** A flow of one node for each of what it may say. */
export interface Stored {
	n8n: { nodes: object[]; connections: object };
	nodeRed: object[];
	/** By the name of the node: what it asked of its service, and what the flow was told. */
	came: Record<string, unknown>;
}

const once = { title: 'Disk <nas>', message: 'The **disk** is full, see [the list](https://example.com/a?b=1).' };
const parts: Record<string, unknown> = {
	image: 'shot',
	url: 'https://example.com/open',
	buttons: [
		{ text: 'Open', url: 'https://example.com' },
		{ text: 'Quiet', value: 'quiet', style: 'danger' },
	],
	fields: [
		{ name: 'Host', value: 'nas', short: true },
		{ name: 'Full', value: '91 %', short: false },
	],
	attachments: 'shot',
	mentions: '@all',
	level: 'warning',
	type: 'task.failed',
	key: 'disk-1',
	silent: 'true',
};

/** Each part of a message together, then each option, then each operation with all of its fields. */
export function saidBy(channel: Channel, { options: needed }: { options: Record<string, unknown> }): Said[] {
	const bare = { operation: 'send', onForm: once, parts: {}, options: { ...needed, attempts: 1 }, input: {} };
	const ofChannel = Object.fromEntries(Object.entries(parts).filter(([key]) => key in channel.parts));
	const each = Object.entries(channel.options).map(([key, field]) => ({
		...bare,
		// Cards and news want one of these.
		parts: { url: parts.url, image: parts.image },
		name: `option ${key}`,
		options: { ...bare.options, ...shown(channel.options, key), [key]: valueOf(field) },
	}));
	const actions = Object.entries(channel.actions).map(([operation, { fields }]) => ({
		...bare,
		name: `operation ${operation}`,
		operation,
		options: {},
		input: Object.fromEntries(
			Object.entries(fields as Fields).map(([key, field]) => [key, key === 'file' ? 'shot' : valueOf(field)]),
		),
	}));
	return [
		{ ...bare, name: 'plain' },
		{ ...bare, name: 'whole', onForm: { ...once, format: 'markdown' }, parts: ofChannel },
		...each,
		...actions,
	];
}

/** The siblings that a field hangs on, set so that it is seen. */
export function shown(fields: Fields, key: string): Record<string, unknown> {
	const all: Record<string, unknown> = {};
	for (const [sibling, values] of Object.entries(fields[key]?.show ?? {}))
		Object.assign(all, shown(fields, sibling), { [sibling]: values[0] });
	return all;
}

export function valueOf(field: Field): unknown {
	switch (field.kind) {
		case 'toggle':
			return field.default !== true;
		case 'choice':
			return Object.keys(field.options ?? {}).find((value) => value !== field.default);
		case 'choices':
			return Object.keys(field.options ?? {}).slice(0, 2);
		case 'number':
			return [field.min, field.max, 2].find((each) => each !== undefined && each !== field.default);
		case 'json':
			return field.placeholder?.startsWith('[') || field.placeholder?.startsWith('{')
				? field.placeholder
				: '{"a": 1}';
		case 'rows':
			return [Object.fromEntries(Object.entries(field.fields!).map(([key, each]) => [key, valueOf(each) ?? '']))];
		case 'url':
			return 'https://example.com/x';
		default:
			return field.placeholder?.split(/, |\n/)[0] ?? 'sample';
	}
}

// n8n

export function inN8n(channel: Channel, all: readonly Said[]): Stored['n8n'] {
	const { properties } = new (channelNode(channel))().description;
	const needed = neededOf(channel);
	const type = credentialType(channel.id);
	const nodes = all.map(({ name, operation, onForm, parts, options, input }, at) => {
		const parameters: Record<string, unknown> = {};
		const put = (key: string, value: unknown, field: Field | undefined, path: readonly string[]) => {
			const place = path.reduce((rest, each) => (rest[each] ??= {}) as Record<string, unknown>, parameters);
			place[key] = field ? storedIn(field, value) : value;
		};
		const resourceOf = properties.find(
			({ name: own, options: values }) =>
				own === 'operation' && values?.some((each) => 'value' in each && each.value === operation),
		)?.displayOptions?.show?.resource?.[0];
		if (operation !== 'send') Object.assign(parameters, { resource: resourceOf, operation });
		if (operation === 'send') for (const [key, value] of Object.entries(onForm)) put(key, value, undefined, []);
		for (const [key, value] of Object.entries(parts)) put(key, value, channel.parts[key], ['parts']);
		for (const [key, value] of Object.entries(options))
			put(key, value, channel.options[key], key in needed ? [] : ['options']);
		for (const [key, value] of Object.entries(input))
			put(actionParameter(operation)(key), value, (channel.actions[operation]!.fields as Fields)[key], []);
		return {
			parameters,
			id: `n${at}`,
			name,
			type: `@carillon/n8n-nodes-carillon.${channel.id}`,
			typeVersion: 1,
			position: [at * 200, 0],
			credentials: { [type]: { id: 'a', name: 'a' } },
		};
	});
	const connections = Object.fromEntries(
		nodes
			.slice(0, -1)
			.map(({ name }, at) => [name, { main: [[{ node: nodes[at + 1]!.name, type: 'main', index: 0 }]] }]),
	);
	return { nodes, connections };
}

function storedIn(field: Field, value: unknown): unknown {
	if (field.kind === 'rows') return { row: (value as object[]).map((row) => rowIn(field, row)) };
	if (field.kind === 'pick') return { __rl: true, mode: 'id', value };
	return value;
}

const rowIn = ({ fields = {} }: Field, row: object) =>
	Object.fromEntries(Object.entries(row).map(([key, value]) => [key, storedIn(fields[key]!, value)]));

// Node-RED

export function inNodeRed(channel: Channel, account: Record<string, unknown>, all: readonly Said[]): Stored['nodeRed'] {
	const properties = channelProperties(channel);
	const accountNode = {
		id: 'account',
		type: accountTypeOf(channel.id),
		name: '',
		...Object.fromEntries(
			accountProperties(channel.account)
				.filter(({ credential }) => !credential)
				.map(({ name, key, initial }) => [name, account[key] ?? initial.value]),
		),
		credentials: Object.fromEntries(
			accountProperties(channel.account)
				.filter(({ credential, key }) => credential && account[key] !== undefined)
				.map(({ name, key }) => [name, account[key]]),
		),
	};
	const nodes = all.map(({ name, operation, onForm, parts, options, input }, at) => {
		const valueFor = ({ part, key, operation: own }: Property): unknown =>
			own !== operation
				? undefined
				: operation !== 'send'
					? input[key]
					: part === 'message'
						? onForm[key]
						: part === 'more'
							? parts[key]
							: options[key];
		return {
			id: `n${at}`,
			type: typeOf(channel.id),
			z: 'tab',
			name,
			account: 'account',
			operation,
			// The first one has all that the editor stores, the others what was filled in.
			...Object.fromEntries(
				properties.flatMap((property): [string, unknown][] => {
					const { name: own, field, initial, typed } = property;
					const value = valueFor(property);
					if (value === undefined && at > 0) return [];
					return [
						[own, value === undefined ? initial.value : ofEditor(field, value)],
						...(typed
							? [
									[`${own}_type`, value === undefined ? initial.type : literal(field)] as [
										string,
										unknown,
									],
								]
							: []),
					];
				}),
			),
			failures: true,
			outputs: 2,
			x: 200,
			y: at * 60,
			wires: [['end'], ['end']],
		};
	});
	return [accountNode, ...nodes];
}

const ofEditor = ({ kind }: Field, value: unknown): unknown =>
	kind === 'rows' ? JSON.stringify(value) : kind === 'choices' ? (value as string[]).join(',') : value;
