import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { service, type Service } from '../../service';
import { pictures, startBrowser } from '../chromium';
import { openEditor, type Editor } from './editor';
import { startN8n, type N8n } from './n8n';

let n8n: N8n;
let slack: Service;
let browser: Browser;
let editor: Editor;

beforeAll(async () => {
	slack = await service(({ path }) =>
		path === '/conversations.list'
			? { body: { ok: true, channels: [{ id: 'C1', name: 'general' }] } }
			: path === '/users.list'
				? { body: { ok: true, members: [{ id: 'U1', name: 'ann', real_name: 'Ann Doe' }] } }
				: { body: { ok: true, channel: 'C1', ts: '1.2' } },
	);
	n8n = await startN8n();
	browser = await startBrowser();
	editor = await openEditor(browser, n8n.url);
}, 300_000);
afterAll(async () => {
	await browser?.close();
	await n8n?.close();
	await slack?.close();
}, 60_000);

/** A button pressed by hand, whose item is pinned, and the bell that is to be filled in. */
async function storeWorkflow(): Promise<string> {
	const account = { baseUrl: slack.url, botToken: 'xoxb-0123456789' };
	const { id, name } = await n8n.createCredential('carillonSlackApi', account);
	const bell = { name: 'Bell', type: '@carillon/n8n-nodes-carillon.slack' };
	const nodes = [
		{ name: 'Start', type: 'n8n-nodes-base.manualTrigger' },
		{ ...bell, credentials: { carillonSlackApi: { id, name } } },
	].map((node, at) => ({ id: randomUUID(), typeVersion: 1, position: [220 * at, 0], parameters: {}, ...node }));
	const workflow = await n8n.rest<{ id: string }>('workflows', {
		name: 'A bell',
		nodes,
		connections: { Start: { main: [[{ node: 'Bell', type: 'main', index: 0 }]] } },
		pinData: { Start: [{ json: { headline: 'Somebody is **here**' } }] },
		settings: { executionOrder: 'v1' },
	});
	return workflow.id;
}

test('what is picked, dragged and filled in row by row is kept, shown again, and sent', async () => {
	const { page, element, input, write, hasTaken, parameters, faults } = editor;
	const id = await storeWorkflow();
	await page.goto(`${n8n.url}/workflow/${id}`);
	await page.locator('[data-test-id="canvas-node"][data-node-name="Bell"]').dblclick();
	await element('ndv').waitFor();

	// By name, from what the service lists.
	await input('to').locator('input[data-test-id="rlc-input"], [data-test-id="rlc-input"] input').first().click();
	await element('rlc-item').filter({ hasText: '#general' }).click();
	await hasTaken('to.value', 'C1');
	await write('title', 'Door');

	// A field of the item, onto the empty box.
	const field = (await element('ndv-input-panel').getByText('headline', { exact: true }).boundingBox())!;
	const box = (await input('message').boundingBox())!;
	await page.mouse.move(field.x + field.width / 2, field.y + field.height / 2);
	await page.mouse.down();
	await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 12 });
	await page.mouse.up();
	await hasTaken('message', '={{ $json.headline }}');

	await element('collection-parameter-add').first().click();
	await element('collection-parameter-option').filter({ hasText: 'Buttons' }).first().click();
	const buttons = element('fixed-collection-buttons');
	for (const [at, text] of ['Open', 'Later'].entries()) {
		await buttons.locator('[data-test-id="fixed-collection-add"]').click();
		await hasTaken('parts.buttons.row.length', at + 1);
		for (const [key, value] of Object.entries({ text, url: `https://example.com/${text.toLowerCase()}` })) {
			await buttons.locator(`[data-test-id="parameter-input-${key}"] input`).nth(at).fill(value);
			await hasTaken(`parts.buttons.row.${at}.${key}`, value);
		}
	}
	await page.screenshot({ path: join(pictures, 'n8n-round-trip.png'), animations: 'disabled' });

	await element('node-execute-button').click();
	await page.getByText('Node executed successfully').waitFor();
	const sent = slack.requests.filter(({ path }) => path === '/chat.postMessage').map(({ json }) => json);
	expect(sent).toHaveLength(1);
	expect(sent[0].channel).toBe('C1');
	expect(sent[0].text).toContain('*Door*\nSomebody is *here*');
	const said = JSON.stringify(sent[0].blocks);
	expect(said.indexOf('/open')).toBeGreaterThan(0);
	expect(said.indexOf('/later')).toBeGreaterThan(said.indexOf('/open'));

	// The editor stores it by itself, some time later.
	const kept = await parameters();
	const stored = async () => {
		const { nodes } = await n8n.rest<{ nodes: { name: string; parameters: object }[] }>(`workflows/${id}`);
		return nodes.find(({ name }) => name === 'Bell')!.parameters;
	};
	while (!JSON.stringify(await stored()).includes('/later')) await page.waitForTimeout(200);
	expect(await stored()).toEqual({
		to: { __rl: true, mode: 'list', value: 'C1', cachedResultName: '#general' },
		title: 'Door',
		message: '={{ $json.headline }}',
		parts: {
			buttons: {
				row: ['Open', 'Later'].map((text) =>
					expect.objectContaining({ text, url: `https://example.com/${text.toLowerCase()}` }),
				),
			},
		},
		options: {},
	});
	await page.goto(`${n8n.url}/workflow/${id}`);
	await page.locator('[data-test-id="canvas-node"][data-node-name="Bell"]').dblclick();
	await element('ndv').waitFor();
	expect(await input('title').locator('input').inputValue()).toBe('Door');
	expect(await parameters()).toEqual(kept);
	expect(faults).toEqual([]);
}, 240_000);
