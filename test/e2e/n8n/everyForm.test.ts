import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { definitions, root, type Definition } from '../../../scripts/definitions';
import { isShown, type Field, type Fields } from '../../../src/core/base/field';
import type { Channel } from '../../../src/core/define/channel';
import { triggerAccount } from '../../../src/core/receive/reception';
import type { Trigger } from '../../../src/core/define/trigger';
import { needsAccount } from '../../../src/hosts/n8n/fields';
import { actionParameter, capitalised, credentialType } from '../../../src/hosts/n8n/names';
import { operationsOf } from '../../../src/hosts/n8n/operations';
import { service, type Service } from '../../service';
import type { Stored } from '../../hosts/stored';
import { pictures, startBrowser } from '../chromium';
import { openEditor, store, type Editor } from './editor';
import { startN8n, type N8n } from './n8n';

let n8n: N8n;
let browser: Browser;
let editor: Editor;
let somewhere: Service;

beforeAll(async () => {
	somewhere = await service(() => ({ status: 500 }));
	n8n = await startN8n();
	browser = await startBrowser();
	editor = await openEditor(browser, n8n.url);
	// Many forms in one page take their time on a busy machine.
	editor.page.setDefaultTimeout(240_000);
}, 300_000);
afterAll(async () => {
	await browser?.close();
	await n8n?.close();
	await somewhere?.close();
}, 60_000);

type Parameters = Record<string, unknown>;

/** A node as n8n's editor holds it. */
interface Node {
	name: string;
	type: string;
	parameters: Parameters;
	issues?: { parameters?: Record<string, string[]>; credentials?: Record<string, string[]> };
}

/** What is to be seen of one form. */
interface Seen {
	/** Texts of which an end lies outside what can be seen. */
	cut: string[];
	/** Keys that stand where a text should, and places that hold nothing. */
	untold: string[];
	/** Texts of fields. */
	labels: string[];
}

/** What n8n has of each; a few need a server of their own, which it does not let nodes have. */
const found = definitions().filter(({ id }) => existsSync(join(root, 'nodes', capitalised(id))));
const accounts = found.flatMap(({ id, definition }): { id: string; fields: Fields }[] =>
	definition.type === 'channel'
		? [{ id, fields: (definition as Channel).account }]
		: id === 'webhookTrigger'
			? [{ id, fields: triggerAccount(definition as Trigger) }]
			: [],
);

/** What is seen within an element. */
const seen = `((form) => {
	const isSeen = (element) => element.getClientRects().length > 0;
	const all = [...form.querySelectorAll('*')].filter(isSeen);
	const canvas = document.createElement('canvas').getContext('2d');
	const cut = all.flatMap((element) => {
		const style = getComputedStyle(element);
		if (element.tagName === 'INPUT' && (element.value || element.placeholder)) {
			canvas.font = style.font;
			const text = element.value || element.placeholder;
			const room = element.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
			// What a person fills in may be longer than a box.
			return !element.value && canvas.measureText(text).width > room + 1 ? ['placeholder: ' + text] : [];
		}
		const own = [...element.childNodes].filter((node) => node.nodeType === 3).map((node) => node.textContent.trim()).join('');
		return own && style.overflowX !== 'visible' && element.scrollWidth > element.clientWidth + 1 ? [own] : [];
	});
	const labels = [...form.querySelectorAll('label, .el-select-dropdown__item, [data-test-id="parameter-item"] .n8n-text')]
		.filter(isSeen).map((element) => element.innerText.trim());
	return {
		cut,
		untold: labels.filter((label) => /undefined|\\[object|^[a-z]+[A-Z]\\w+$/.test(label)),
		labels,
	};
})`;

/** Opens the forms of nodes one after the other. */
const walk = (names: string[]) => `(async () => {
	const ndv = ${store('ndv')};
	const pause = (ms) => new Promise((done) => setTimeout(done, ms));
	const panel = () => document.querySelector('[data-test-id="ndv"] [data-test-id="node-parameters"], [data-test-id="ndv"] .node-settings, [data-test-id="ndv"]');
	const look = async (name) => {
		ndv.setActiveNodeName(name, 'other');
		for (let n = 0; n < 400; n++) {
			const title = document.querySelector('[data-test-id="ndv"] [data-test-id="node-title-container"]')?.innerText.trim();
			if (title === name && panel()?.querySelector('[data-test-id^="parameter-input-"], .parameter-item')) break;
			await pause(25);
			if (n === 399) throw new Error('the form of ' + name + ' does not open');
		}
		// What it is made of comes in pieces: until nothing moves.
		for (let before = -1, still = 0; still < 2; await pause(40)) {
			const now = panel().querySelectorAll('*').length;
			still = now === before ? still + 1 : 0;
			before = now;
		}
		return ${seen}(panel());
	};
	const all = {};
	for (const name of ${JSON.stringify(names)}) all[name] = await look(name);
	ndv.unsetActiveNodeName();
	return all;
})()`;

const nodesShown = () =>
	editor.page.evaluate<Node[]>(`JSON.parse(JSON.stringify(${store('workflowDocuments')}.allNodes))`);

/** One workflow of these nodes, each behind a button that a person presses. @returns its id */
async function open(
	given: { name: string; type: string; parameters?: object; credentials?: object }[],
): Promise<string> {
	const nodes = [{ name: 'Start', type: 'n8n-nodes-base.manualTrigger' }, ...given].map((node, at) => ({
		...{ id: randomUUID(), typeVersion: 1, parameters: {}, webhookId: randomUUID() },
		position: [220 * (at % 8), 180 * Math.floor(at / 8)],
		...node,
	}));
	const isStarted = ({ type }: { type: string }) => !/Trigger$/.test(type);
	const main = [given.filter(isStarted).map(({ name }) => ({ node: name, type: 'main', index: 0 }))];
	const { id } = await n8n.rest<{ id: string }>('workflows', {
		...{ name: 'Every form', nodes, connections: { Start: { main } }, settings: { executionOrder: 'v1' } },
	});
	await editor.page.goto(`${n8n.url}/workflow/${id}`);
	await editor.element('canvas-node').first().waitFor();
	return id;
}

const typeOf = (id: string) => `@carillon/n8n-nodes-carillon.${id}`;

/** What was stored of one, with all of its options together, by operation. */
function filledIn(id: string, definition: Definition): { name: string; parameters: Parameters }[] {
	if (definition.type === 'flow') return [];
	const stored = JSON.parse(readFileSync(join(root, 'test', 'hosts', 'stored', `${id}.json`), 'utf8')) as Stored;
	const each: Parameters[] =
		'n8n' in stored
			? (stored.n8n as { nodes: { parameters: Parameters }[] }).nodes.map(({ parameters }) => parameters)
			: Object.values(stored as Record<string, { n8n: Parameters }>).map(({ n8n }) => n8n);
	const all = new Map<string, Parameters>();
	for (const parameters of each) {
		const operation = (parameters.operation as string | undefined) ?? 'send';
		all.set(operation, merged(all.get(operation) ?? {}, parameters));
	}
	return [...all].map(([operation, parameters]) => ({ name: `${id} ${operation}`, parameters }));
}

const collections = ['parts', 'options', 'settings'];
const merged = (one: Parameters, other: Parameters): Parameters => ({
	...one,
	...other,
	...Object.fromEntries(
		collections
			.filter((key) => key in one || key in other)
			.map((key) => [key, { ...(one[key] as object), ...(other[key] as object) }]),
	),
});

const nothingWrong = { cut: [], untold: [] };
const wrongIn = (all: Record<string, Seen>) =>
	Object.fromEntries(Object.entries(all).map(([name, { cut, untold }]) => [name, { cut, untold }]));
const asWanted = (all: object) => Object.fromEntries(Object.keys(all).map((name) => [name, nothingWrong]));

test('every node opens empty, and it and each operation say what is missing before it is run', async () => {
	const operations = found.flatMap(({ id, definition }) =>
		definition.type === 'channel' ? operationsWithFields(id, definition as Channel) : [],
	);
	// One page for all: it takes longer to load than a form to open.
	await open([
		...found.map(({ id }) => ({ name: id, type: typeOf(id) })),
		...operations.map(({ id, name, parameters }) => ({ name, type: typeOf(id), parameters })),
	]);
	const all = await editor.page.evaluate<Record<string, Seen>>(walk(found.map(({ id }) => id)));
	expect(wrongIn(all)).toEqual(asWanted(all));
	// Without an account nothing goes; n8n tells so at the node, and does not run the workflow.
	const said = Object.fromEntries((await nodesShown()).map(({ name, issues }) => [name, issues]));
	const needing = found.filter(
		({ definition }) =>
			definition.type !== 'flow' && (definition.type === 'trigger' || needsAccount(definition.account)),
	);
	for (const { id } of found.filter(({ definition }) => definition.type !== 'flow')) {
		const lacks = needing.some((each) => each.id === id);
		expect({ id, issues: Object.keys(said[id] ?? {}) }).toEqual({ id, issues: lacks ? ['credentials'] : [] });
	}
	const told = await editor.page.evaluate<{ node: string; value: string[] }[]>(
		`${store('workflowDocuments')}.nodeValidationIssues`,
	);
	expect(
		told
			.map(({ node }) => node)
			.filter((id) => found.some((each) => each.id === id && each.definition.type === 'channel'))
			.sort(),
	).toEqual(
		needing
			.filter(({ definition }) => definition.type === 'channel')
			.map(({ id }) => id)
			.sort(),
	);
	for (const { node, value } of told.filter(({ node }) => needing.some(({ id }) => id === node)))
		expect([node, value]).toEqual([node, [expect.stringMatching(/Credentials for .+ are not set/)]]);

	const marked = operations.map(({ name }) => [name, Object.keys(said[name]?.parameters ?? {}).sort()]);
	expect(Object.fromEntries(marked)).toEqual(Object.fromEntries(operations.map(({ name, needs }) => [name, needs])));
	expect(editor.faults).toEqual([]);
}, 1_200_000);

/** What can be done beside sending, and what n8n marks where nothing of it is filled in. */
const operationsWithFields = (id: string, channel: Channel) =>
	Object.entries(channel.actions).map(([operation, action]) => ({
		...{ id, name: `${id} ${operation}` },
		parameters: {
			operation,
			resource: operationsOf(channel).find(({ value }) => value === operation)!.resource,
		},
		needs: neededOf(action.fields as Fields)
			// An empty number or JSON n8n marks nowhere; the node itself says it as it runs.
			.filter(([, { kind }]) => kind !== 'json' && kind !== 'number')
			.map(([key]) => actionParameter(operation)(key))
			.sort(),
	}));

/** Opens the dialog of an account. @param how `openNewCredential` of a type, `openExistingCredential` of an id */
async function dialogOf(how: 'openNewCredential' | 'openExistingCredential', which: string): Promise<Seen> {
	const { page, element } = editor;
	await page.evaluate(`${store('ui')}.${how}(${JSON.stringify(which)})`);
	const dialog = element('credential-edit-dialog');
	await dialog.locator('[data-test-id^="parameter-input-"]').first().waitFor();
	return await page.evaluate<Seen>(`${seen}(document.querySelector('[data-test-id="credential-edit-dialog"]'))`);
}
async function closeDialog() {
	await editor.page.evaluate(`${store('ui')}.closeModal('editCredential')`);
	await editor.element('credential-edit-dialog').waitFor({ state: 'detached' });
}

/** Those that a person has to fill in by hand. */
const neededOf = (fields: Fields) =>
	Object.entries(fields).filter(
		([key, field]) => isShown(fields, key, {}) && !field.optional && field.default === undefined && isTyped(field),
	);
const isTyped = ({ kind }: Field) => !['toggle', 'choice', 'choices', 'rows'].includes(kind);

test('every account opens, is saved as it is filled in, and opens again', async () => {
	const { page, element, input } = editor;
	await open(found.slice(0, 1).map(({ id }) => ({ name: id, type: typeOf(id) })));
	for (const { id, fields } of accounts) {
		const type = credentialType(id);
		const empty = await dialogOf('openNewCredential', type);
		expect({ id, ...wrongIn({ form: empty }).form }).toEqual({ id, ...nothingWrong });
		const needed = neededOf(fields);
		for (const [, { label }] of needed)
			expect(empty.labels.map((text) => text.split('\n').slice(0, 2).join(' '))).toContainEqual(
				expect.stringMatching(new RegExp(`^${label.en.replace(/[()]/g, '\\$&')}\\s*\\*`)),
			);
		const typed =
			needed.length > 0
				? needed
				: Object.entries(fields)
						.filter(([, field]) => isTyped(field))
						.slice(0, 1);
		const given: Parameters = {};
		for (const [key, field] of typed) {
			given[key] =
				field.kind === 'number' ? (field.min ?? 1) : field.kind === 'url' ? somewhere.url : `S3cret-${key}`;
			const box = input(key).locator('input, textarea').first();
			expect({ key, isMasked: (await box.getAttribute('type')) === 'password' }).toEqual({
				key,
				isMasked: field.secret,
			});
			await box.fill(String(given[key]));
		}
		await element('credential-save-button').click();
		const kept = await eventually(async () => {
			const all = await n8n.rest<{ id: string; type: string }[]>('credentials');
			return all.find((each) => each.type === type)?.id;
		});
		await closeDialog();
		const { data } = await n8n.rest<{ data: Parameters }>(`credentials/${kept}?includeData=true`);
		const again = await dialogOf('openExistingCredential', kept);
		expect({ id, ...wrongIn({ form: again }).form }).toEqual({ id, ...nothingWrong });
		for (const [key, { secret }] of typed) {
			const shown = await input(key).locator('input, textarea').first().inputValue();
			if (secret)
				expect([id, key, `${shown}${String(data[key])}`]).toEqual([
					id,
					key,
					expect.not.stringContaining('S3cret'),
				]);
			else expect([id, key, shown, data[key]]).toEqual([id, key, String(given[key]), given[key]]);
		}
		await closeDialog();
	}
	await page.screenshot({ path: join(pictures, 'n8n-every-account.png'), animations: 'disabled' });
	expect(editor.faults).toEqual([]);
}, 1_200_000);

async function eventually<T>(attempt: () => Promise<T | undefined>): Promise<T> {
	for (let tries = 0; tries < 600; tries++) {
		const result = await attempt();
		if (result !== undefined) return result;
		await editor.page.waitForTimeout(50);
	}
	throw new Error(`it does not come: ${attempt.toString()}`);
}

test('every node opens with all that can be filled in, and keeps it', async () => {
	const nodes = found.flatMap(({ id, definition }) =>
		filledIn(id, definition).map((node) => ({ ...node, type: typeOf(id) })),
	);
	const id = await open(nodes);
	const before = await parametersShown();
	const all = await editor.page.evaluate<Record<string, Seen>>(walk(nodes.map(({ name }) => name)));
	expect(wrongIn(all)).toEqual(asWanted(all));
	expect((await nodesShown()).filter(({ issues }) => issues?.parameters)).toEqual([]);
	expect(await parametersShown()).toEqual(before);

	// One field is written, all of it is stored anew, and it is there when the workflow is opened again.
	await editor.page.locator('[data-test-id="canvas-node"][data-node-name="bark send"]').dblclick();
	await editor.write('title', 'Written by hand');
	const wanted = { ...before, 'bark send': { ...before['bark send'], title: 'Written by hand' } };
	await eventually(async () => {
		const stored = await n8n.rest<{ nodes: Node[] }>(`workflows/${id}`);
		return JSON.stringify(stored.nodes).includes('Written by hand') ? true : undefined;
	});
	await editor.page.goto(`${n8n.url}/workflow/${id}`);
	await editor.element('canvas-node').first().waitFor();
	expect(await parametersShown()).toEqual(wanted);
	expect(editor.faults).toEqual([]);
}, 1_200_000);

const parametersShown = async (): Promise<Record<string, Parameters>> =>
	Object.fromEntries((await nodesShown()).map(({ name, parameters }) => [name, parameters]));
