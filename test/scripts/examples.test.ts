import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { INodeProperties, INodeTypeDescription } from 'n8n-workflow';
import { definitions, root, runsIn, type Found, type Host } from '../../scripts/definitions';
import type { Channel } from '../../src/core/define/channel';
import type { Flow } from '../../src/core/define/flow';
import type { Passing } from '../../src/core/define/passing';
import { readOne } from '../../src/core/base/field';
import { triggerAccount } from '../../src/core/receive/reception';
import type { Trigger } from '../../src/core/define/trigger';
import { channelNode } from '../../src/hosts/n8n/channel-node';
import { flowNode } from '../../src/hosts/n8n/flow-node';
import { triggerNode } from '../../src/hosts/n8n/trigger-node';
import {
	accountProperties,
	accountTypeOf,
	channelProperties,
	flowProperties,
	literal,
	triggerAccountType,
	triggerProperties,
	typeOf,
	type Property,
} from '../../src/hosts/node-red/properties';

const found = definitions().filter((one): one is Found<Channel | Trigger> => one.kind !== 'flow');
/** They stand in examples that are written by hand. */
const flows = definitions().filter((one): one is Found<Flow | Passing> => one.kind === 'flow');
const filesOf = (host: Host) => readdirSync(join(root, 'examples', host));
const readExample = (host: Host, file: string): unknown =>
	JSON.parse(readFileSync(join(root, 'examples', host, file), 'utf8'));

interface RedNode {
	id: string;
	type: string;
	z?: string;
	g?: string;
	x?: number;
	y?: number;
	nodes?: string[];
	wires?: string[][];
	account?: string;
	[property: string]: unknown;
}

interface Workflow {
	nodes: {
		id: string;
		name: string;
		type: string;
		typeVersion: number;
		position: [number, number];
		parameters: Record<string, unknown>;
		credentials?: Record<string, { id: string; name: string }>;
		webhookId?: string;
	}[];
	connections: Record<string, { main: { node: string }[][] }>;
}

const isOurs = (type: string) => type.startsWith('carillon-');
const ofPackage = '@carillon/n8n-nodes-carillon.';

test.each<Host>(['node-red', 'n8n'])('every definition that runs in %s stands in one of its examples', (host) => {
	const shown = new Set(
		filesOf(host).flatMap((file) => {
			const content = readExample(host, file);
			return (Array.isArray(content) ? (content as RedNode[]) : (content as Workflow).nodes).map(
				({ type }) => type,
			);
		}),
	);
	const wanted = found.filter((one) => runsIn(one, host));
	expect(wanted.length).toBeGreaterThan(20);
	const typeIn = (id: string) => (host === 'n8n' ? `${ofPackage}${id}` : typeOf(id));
	expect(wanted.map(({ id }) => typeIn(id)).filter((type) => !shown.has(type))).toEqual([]);
});

test('no example holds a secret, nor an id that another one has', () => {
	const ids = filesOf('node-red').flatMap((file) =>
		(readExample('node-red', file) as RedNode[]).map(({ id, type }) => ({ file, id, type })),
	);
	// Accounts may be shared by examples that are imported together.
	const own = ids.filter(({ type }) => !type.endsWith('-account'));
	expect(own.filter(({ id }, index) => own.findIndex((other) => other.id === id) !== index)).toEqual([]);
	for (const host of ['node-red', 'n8n'] as const)
		for (const file of filesOf(host)) {
			const source = JSON.stringify(readExample(host, file));
			// Node-RED's secrets stand among a node's credentials, n8n's in a credential's data.
			expect(source).not.toMatch(/"credentials":\{"(?!carillon\w+Api")|"data":|__PWRD__/);
		}
});

interface Says {
	fields: readonly Property[];
	account?: string;
	own: string[];
}

/** What a node of Node-RED may say, by its type. */
const properties = new Map<string, Says>([
	...flows.map(({ definition }): [string, Says] => [
		typeOf(definition.id),
		{ fields: flowProperties(definition), own: ['outputs'] },
	]),
	...found.flatMap(({ definition }): [string, Says][] => {
		const isChannel = definition.type === 'channel';
		const node = isChannel
			? {
					fields: channelProperties(definition),
					account: accountTypeOf(definition.id),
					own: ['operation', 'failures', 'outputs'],
				}
			: {
					fields: triggerProperties(definition),
					account: triggerAccountType(definition),
					own: [...(definition.receive ? ['path'] : []), ...(definition.paths ? ['usual'] : [])],
				};
		const account = {
			fields: accountProperties(isChannel ? definition.account : triggerAccount(definition)),
			own: [],
		};
		const shares = !isChannel && definition.accountOf;
		return [
			[typeOf(definition.id), node],
			...(shares ? [] : [[accountTypeOf(definition.id), account] satisfies [string, Says]]),
		];
	}),
]);

/** Of any node, and of those that stand on a tab. */
const ofNodeRed = ['id', 'type', 'name', 'z', 'g', 'x', 'y', 'wires', 'account'];

/** What is said to be wrong with the properties of a node of ours. */
function faults(node: RedNode): string[] {
	const known = properties.get(node.type);
	if (!known) return [`${node.type} is no node of this package`];
	const { fields, own } = known;
	const names = new Set([...ofNodeRed, ...own]);
	for (const { name, credential, typed } of fields) {
		if (credential) continue;
		names.add(name);
		if (typed) names.add(`${name}_type`);
	}
	const strange = Object.keys(node).filter((name) => !names.has(name));
	const wrong = fields.flatMap(({ name, key, field }) => {
		const type = node[`${name}_type`];
		if (!(name in node) || (type !== undefined && type !== literal(field))) return [];
		if (name === 'message' && type !== 'str') return [];
		try {
			readOne(key, field, node[name], false);
			return [];
		} catch (error) {
			return [(error as Error).message];
		}
	});
	return [...strange, ...wrong];
}

describe.each(filesOf('node-red'))('examples/node-red/%s', (file) => {
	const flow = readExample('node-red', file) as RedNode[];
	const byId = new Map(flow.map((node) => [node.id, node]));

	test('says what the definitions know', () => {
		const ours = flow.filter(({ type }) => isOurs(type));
		expect(ours.length).toBeGreaterThan(0);
		expect(ours.map((node) => [node.type, faults(node)]).filter(([, wrong]) => wrong?.length)).toEqual([]);
	});

	test('its wires, tabs, groups and accounts lead somewhere', () => {
		expect(byId.size).toBe(flow.length);
		for (const { id, type, z, g, nodes = [], wires = [], account } of flow) {
			for (const to of wires.flat()) expect(byId.get(to)).toMatchObject({ z });
			if (z) expect(byId.get(z)?.type).toBe('tab');
			if (g) expect(byId.get(g)).toMatchObject({ type: 'group', nodes: expect.arrayContaining([id]) });
			for (const member of nodes) expect(byId.get(member)).toMatchObject({ g: id });
			// Flow nodes do without.
			if (isOurs(type) && z && (account || properties.get(type)!.account))
				expect([type, byId.get(account!)?.type]).toEqual([type, properties.get(type)!.account]);
		}
		const used = new Set(flow.map(({ account }) => account));
		expect(flow.filter(({ id, type }) => type.endsWith('-account') && !used.has(id))).toEqual([]);
	});

	test('no node lies on another', () => {
		const placed = flow.filter(({ type, x }) => x !== undefined && type !== 'group');
		const close = placed.flatMap((one, index) =>
			placed
				.slice(index + 1)
				.filter((other) => Math.abs(one.y! - other.y!) < 35 && Math.abs(one.x! - other.x!) < 130)
				.map((other) => [one.id, other.id]),
		);
		expect(close).toEqual([]);
	});
});

const descriptions = new Map<string, INodeTypeDescription>(
	[...found, ...flows]
		.filter((one) => runsIn(one, 'n8n'))
		.map(({ id, definition }) => {
			const Node =
				definition.type === 'channel'
					? channelNode(definition)
					: definition.type === 'flow'
						? flowNode(definition)
						: triggerNode(definition);
			return [`${ofPackage}${id}`, new Node().description as INodeTypeDescription];
		}),
);

/** Parameters that a node does not have, or values that cannot be chosen. */
function strangers(given: Record<string, unknown>, known: readonly INodeProperties[]): string[] {
	return Object.entries(given).flatMap(([name, value]) => {
		const property = known.find((one) => one.name === name);
		if (!property) return [name];
		if (property.type === 'collection')
			return strangers(value as Record<string, unknown>, property.options as INodeProperties[]);
		if (property.type !== 'options' && property.type !== 'multiOptions') return [];
		const choices = (property.options ?? []).map((option) => (option as { value: unknown }).value);
		return [value].flat().every((one) => choices.includes(one)) ? [] : [`${name}: ${String(value)}`];
	});
}

describe.each(filesOf('n8n'))('examples/n8n/%s', (file) => {
	const { nodes, connections } = readExample('n8n', file) as Workflow;
	const ours = nodes.filter(({ type }) => type.startsWith(ofPackage));

	test('says what the definitions know', () => {
		expect(ours.length).toBeGreaterThan(0);
		for (const { type, typeVersion, parameters, credentials = {}, webhookId } of ours) {
			const { version, properties: known, credentials: accounts = [], webhooks } = descriptions.get(type)!;
			expect({ type, typeVersion, strangers: strangers(parameters, known) }).toEqual({
				type,
				typeVersion: version,
				strangers: [],
			});
			// Of the node's own type, and not yet anybody's.
			expect(accounts.map(({ name }) => name)).toEqual(expect.arrayContaining(Object.keys(credentials)));
			expect(Object.values(credentials).filter(({ id }) => id !== '')).toEqual([]);
			// Those that answer a question of a running workflow have no path of their own.
			if (webhooks?.some(({ restartWebhook }) => !restartWebhook))
				expect([type, webhookId]).toEqual([
					type,
					expect.stringMatching(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/),
				]);
		}
	});

	test('its names and paths are its nodes’ own, and its connections lead to them', () => {
		const names = nodes.map(({ name }) => name);
		expect(new Set(names).size).toBe(names.length);
		expect(new Set(nodes.map(({ id }) => id)).size).toBe(nodes.length);
		const paths = ours.flatMap(({ parameters: { path } }) => (path ? [path] : []));
		expect(new Set(paths).size).toBe(paths.length);
		const ends = Object.entries(connections).flatMap(([from, { main }]) => [
			from,
			...main.flat().map(({ node }) => node),
		]);
		expect(ends.filter((name) => !names.includes(name))).toEqual([]);
		const reached = new Set(Object.values(connections).flatMap(({ main }) => main.flat().map(({ node }) => node)));
		expect(
			ours.filter(({ type, name }) => descriptions.get(type)!.inputs.length > 0 && !reached.has(name)),
		).toEqual([]);
	});

	test('no node lies on another', () => {
		const placed = nodes.filter(({ type }) => !type.endsWith('.stickyNote'));
		const close = placed.flatMap((one, index) =>
			placed
				.slice(index + 1)
				.filter(
					({ position: [x, y] }) =>
						Math.abs(x - one.position[0]) < 160 && Math.abs(y - one.position[1]) < 150,
				)
				.map((other) => [one.name, other.name]),
		);
		expect(close).toEqual([]);
	});
});
