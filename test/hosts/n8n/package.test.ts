import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { INodeProperties, INodePropertyCollection, INodePropertyOptions } from 'n8n-workflow';
import { definitions } from '../../../scripts/definitions';
import type { Flow } from '../../../src/core/define/flow';
import { deliveryOptions } from '../../../src/core/define/channel';
import taken from './taken.json';
import { root, workbench, type Workbench } from './workbench';

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
	name: string;
	keywords: string[];
	scripts: Record<string, string>;
	n8n: { nodes: string[]; credentials: string[] };
	peerDependenciesMeta?: Record<string, { optional: boolean }>;
};

/** Nodes of the flow send nothing themselves. */
const flows = new Map(
	definitions().flatMap(({ kind, id, definition }) => (kind === 'flow' ? [[id, definition as Flow]] : [])),
);

let bench: Workbench;
let loaded: Awaited<ReturnType<Workbench['load']>>;

beforeAll(async () => {
	bench = await workbench();
	loaded = await bench.load();
}, 120_000);
afterAll(() => bench?.close());

const inside = (property: INodeProperties): INodeProperties[] =>
	property.type === 'collection'
		? (property.options as INodeProperties[])
		: property.type === 'fixedCollection'
			? (property.options as INodePropertyCollection[]).flatMap(({ values }) => values)
			: [];

interface Place {
	where: string;
	property: INodeProperties;
	siblings: INodeProperties[];
}

const within = (where: string, property: INodeProperties): Place[] =>
	inside(property).flatMap((inner) => [
		{ where, property: inner, siblings: inside(property) },
		...within(`${where}.${inner.name}`, inner),
	]);

/** Of one name there may be several, of which one is shown: an operation of each resource, a box that a tool's model fills. */
const shownTogether = (one: INodeProperties, other: INodeProperties) => {
	const [here, there] = [one, other].map(({ displayOptions }) => displayOptions?.show ?? {});
	return !Object.entries(here!).some(([key, values]) => {
		const others = there![key];
		return others && !others.some((value) => values!.includes(value as never));
	});
};

/** Every parameter, with those of its collections; `where` tells which may hang on each other. */
const everyProperty = (): Place[] => [
	...loaded.nodes.flatMap((node) =>
		node.properties.flatMap((property) => [
			{ where: node.name, property, siblings: node.properties },
			...within(`${node.name}.${property.name}`, property),
		]),
	),
	...loaded.credentials.flatMap(({ name, properties }) =>
		properties.flatMap((property) => [
			{ where: name, property, siblings: properties },
			...within(`${name}.${property.name}`, property),
		]),
	),
];

test('n8n’s own loader takes every node and credential that package.json names', () => {
	const nodeNames = manifest.n8n.nodes.map((file) => /([^/]+)\.node\.js$/.exec(file)?.[1]);
	const credentialNames = manifest.n8n.credentials.map((file) => /([^/]+)\.credentials\.js$/.exec(file)?.[1]);
	expect(nodeNames.length).toBeGreaterThan(5);
	expect(loaded.nodes.map(({ name }) => name.charAt(0).toUpperCase() + name.slice(1)).sort()).toEqual(
		[...nodeNames].sort(),
	);
	expect(loaded.credentials.map(({ name }) => name.charAt(0).toUpperCase() + name.slice(1)).sort()).toEqual(
		[...credentialNames].sort(),
	);
});

test('every icon is an SVG inside the package', () => {
	for (const { name, iconUrl } of [...loaded.nodes, ...loaded.credentials]) {
		const file = join(root, String(iconUrl).replace(`icons/${manifest.name}/`, ''));
		expect([name, iconUrl, existsSync(file)]).toEqual([
			name,
			expect.stringMatching(/dist\/icons\/\w+\.svg$/),
			true,
		]);
	}
});

test('no node or credential takes the name of one of n8n’s own', () => {
	const ownNodes = new Set(taken.nodes);
	const ownCredentials = new Set(taken.credentials);
	for (const { displayName } of loaded.nodes)
		expect([displayName, ownNodes.has(displayName)]).toEqual([displayName, false]);
	for (const { name } of loaded.credentials) {
		expect(name).toMatch(/^carillon[A-Z]\w*Api$/);
		expect(ownCredentials.has(name)).toBe(false);
	}
	// Branded only where it has to be.
	for (const { displayName } of loaded.nodes.filter(({ displayName }) => displayName.endsWith(' (Carillon)'))) {
		expect([...ownNodes]).toContain(displayName.replace(' (Carillon)', ''));
	}
});

test('every node names credentials that exist', () => {
	const types = new Set(loaded.credentials.map(({ name }) => name));
	for (const { name, credentials = [] } of loaded.nodes) {
		for (const credential of credentials)
			expect([name, credential.name, types.has(credential.name)]).toEqual([name, credential.name, true]);
	}
	for (const name of types) expect(loaded.known.credentials[name]?.supportedNodes?.length).toBeGreaterThan(0);
});

test('nodes say what n8n’s panel and canvas need', () => {
	for (const node of loaded.nodes) {
		const isTrigger = node.group.includes('trigger');
		const flow = flows.get(node.name);
		const branches = flow && 'branches' in flow;
		const outputs = branches
			? expect.stringMatching(/^=\{\{.*"Otherwise".*\}\}$/s)
			: flow
				? flow.outputs.map(() => 'main')
				: ['main'];
		expect(node).toMatchObject({ version: 1, outputs, inputs: isTrigger ? [] : ['main'] });
		if (flow && !branches) expect(node.outputNames).toEqual(flow.outputs.map(({ en }) => en));
		expect(node.description).toMatch(/\S/);
		expect(node.defaults.name).toBe(node.displayName);
		expect(node.subtitle).toBeDefined();
		expect(node.codex?.categories).toEqual(isTrigger || flow ? ['Communication'] : ['Communication', 'HITL']);
		// Found by its Chinese name.
		expect(node.codex?.alias?.some((alias) => /\p{Script=Han}/u.test(alias))).toBe(true);
		expect(node.usableAsTool).toBe(isTrigger || flow ? undefined : true);
	}
});

test('a form reads in the order of use: whom, what, its parts, what is the service’s own, and how it is delivered last', () => {
	const channels = loaded.nodes.filter(
		({ name, properties }) => !flows.has(name) && properties.some(({ name }) => name === 'parts'),
	);
	expect(channels.length).toBeGreaterThan(20);
	const inOrder = ['to', 'title', 'message', 'format', 'parts', 'options', 'whenItCannotBeSent'];
	for (const { name: node, properties } of channels) {
		const names = properties.map(({ name }) => name);
		const places = inOrder.filter((name) => names.includes(name)).map((name) => names.lastIndexOf(name));
		expect([node, places]).toEqual([node, [...places].sort((one, other) => one - other)]);
		const within = (collection: string) =>
			(properties.find(({ name }) => name === collection)!.options ?? []).map(({ name }) => name);
		const delivery = within('options').filter((name) => name in deliveryOptions);
		expect([node, delivery]).toEqual([node, Object.keys(deliveryOptions).filter((key) => delivery.includes(key))]);
		expect([node, within('options').slice(-delivery.length)]).toEqual([node, delivery]);
		const labels = (collection: string) =>
			(properties.find(({ name }) => name === collection)!.options ?? []).map((each) =>
				'displayName' in each ? each.displayName : each.name,
			);
		const parts = labels('parts');
		expect([node, labels('options').filter((label) => parts.includes(label))]).toEqual([node, []]);
		expect([node, within('parts')]).toEqual([node, expect.arrayContaining(['wholeMessage'])]);
	}
});

test('parameters keep to n8n’s rules', () => {
	for (const { where, property, siblings } of everyProperty()) {
		const at = `${where}.${property.name}`;
		// Rows have the service's own names, since lists of them come from elsewhere.
		expect(property.name).toMatch(/\..*\./.test(at) ? /^[a-z]\w*$/ : /^[a-z][A-Za-z0-9]*$/);
		// Sentence case, or a word of the service's own (appToken, msg_type); no full stop, but where it is a sentence.
		const label = property.type === 'notice' ? property.displayName.replace(/\.$/, '') : property.displayName;
		expect([at, label]).toEqual([at, expect.stringMatching(/^(?=[\p{Lu}\d@“]|\p{Ll}+[\p{Lu}_]).*[^.\s]$/u)]);
		expect([at, property.default]).not.toEqual([at, undefined]);
		const sameName = siblings.filter((each) => each.name === property.name && shownTogether(each, property));
		expect([at, sameName.length]).toEqual([at, 1]);
		// In a collection's list a label is all that tells two options apart.
		if (where.includes('.')) {
			expect([at, siblings.filter(({ displayName }) => displayName === property.displayName).length]).toEqual([
				at,
				1,
			]);
		}
		if (property.type === 'options') {
			const values = (property.options ?? []).map((option) => ('value' in option ? option.value : undefined));
			expect([at, new Set(values).size]).toEqual([at, values.length]);
			if (!property.required) expect([at, values]).toEqual([at, expect.arrayContaining([property.default])]);
		}
		const { show = {}, hide = {} } = property.displayOptions ?? {};
		for (const sibling of Object.keys({ ...show, ...hide })) {
			if (sibling === '@tool') continue;
			expect([at, siblings.map(({ name }) => name)]).toEqual([at, expect.arrayContaining([sibling])]);
		}
		if (/(password|secret|token|apikey)s?$/i.test(property.name) && property.type === 'string') {
			expect([at, property.typeOptions?.password]).toEqual([at, true]);
		}
	}
});

/** n8n looks for these very names when it makes a tool for *Human in the Loop*. */
test('every channel asks and waits in the way that n8n knows', () => {
	const channels = loaded.nodes.filter(({ group, name }) => !group.includes('trigger') && !flows.has(name));
	expect(channels.length).toBeGreaterThan(20);
	for (const { name, codex, webhooks = [], properties } of channels) {
		expect([name, codex?.subcategories]).toEqual([name, { HITL: ['Human in the Loop'] }]);
		expect([name, webhooks.map(({ httpMethod }) => httpMethod)]).toEqual([name, ['GET', 'POST']]);
		for (const webhook of webhooks) expect(webhook).toMatchObject({ restartWebhook: true, isFullPath: true });
		const operations = properties.filter((property) => property.name === 'operation');
		const isOffered = operations.some(({ options, displayOptions }) =>
			options?.some(
				(option) =>
					'value' in option &&
					option.value === 'sendAndWait' &&
					displayOptions?.show?.resource?.includes('message'),
			),
		);
		expect([name, isOffered]).toEqual([name, true]);
		const asks = properties.filter(({ displayOptions }) =>
			displayOptions?.show?.operation?.includes('sendAndWait'),
		);
		expect([name, asks.map((property) => property.name)]).toEqual([
			name,
			expect.arrayContaining(['title', 'message', 'responseType', 'approvalOptions', 'options']),
		]);
	}
});

test('the package is one that n8n can install', () => {
	expect(manifest.keywords).toContain('n8n-community-node-package');
	for (const script of ['preinstall', 'install', 'postinstall', 'prepare'])
		expect(manifest.scripts).not.toHaveProperty(script);
	expect(manifest.peerDependenciesMeta?.['n8n-workflow']).toEqual({ optional: true });
});

test('every channel has a resource and operations, each of which says what it does', () => {
	for (const { name, group, properties } of loaded.nodes) {
		if (group.includes('trigger') || flows.has(name)) continue;
		const [resource] = properties as [INodeProperties];
		expect([name, resource.name, resource.default]).toEqual([name, 'resource', 'message']);
		const operations = properties.filter((property) => property.name === 'operation');
		// n8n makes no actions of a node whose first operation is no choice.
		if (resource.type === 'hidden') {
			const [hidden, shown] = operations as [INodeProperties, INodeProperties];
			expect([name, hidden]).toEqual([name, expect.objectContaining({ type: 'hidden', default: 'send' })]);
			expect(hidden.displayOptions?.show?.resource).not.toContain(resource.default);
			expect(shown.displayOptions?.show?.resource).toEqual([resource.default]);
			expect(shown.options?.map((option) => 'value' in option && option.value)).toEqual(['send', 'sendAndWait']);
			continue;
		}
		expect(operations.map(({ displayOptions }) => displayOptions?.show?.resource)).toEqual(
			(resource.options as INodePropertyOptions[]).map(({ value }) => [value]),
		);
		const each = operations.flatMap(({ options }) => options as INodePropertyOptions[]);
		expect(each[0]).toMatchObject({ value: 'send', name: 'Send Message', action: 'Send a message' });
		for (const option of each) {
			expect(option).toMatchObject({
				action: expect.stringMatching(/\S/),
				description: expect.stringMatching(/\S/),
			});
		}
		expect([name, new Set(each.map(({ action }) => action)).size]).toEqual([name, each.length]);
		expect(each.length).toBeGreaterThan(1);
	}
	// Its trigger is looked for by its senders' names, and n8n's panel shows it where the node has no actions.
	const webhook = loaded.nodes.find(({ name }) => /(^|\.)webhook$/.test(name));
	expect(webhook?.properties[0]).toMatchObject({ name: 'resource', type: 'hidden' });
});
