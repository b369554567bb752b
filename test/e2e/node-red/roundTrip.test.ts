import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { startNodeRed, type NodeRed } from '../../hosts/node-red/nodeRed';
import { service, type Service } from '../../service';
import { pictures, startBrowser } from '../chromium';
import { openEditor } from './editor';

let browser: Browser;
let nodeRed: NodeRed;
let slack: Service;

beforeAll(async () => {
	browser = await startBrowser();
	slack = await service(({ path }) =>
		path === '/conversations.list'
			? { body: { ok: true, channels: [{ id: 'C1', name: 'general' }] } }
			: path === '/users.list'
				? { body: { ok: true, members: [{ id: 'U1', name: 'ann', real_name: 'Ann Doe' }] } }
				: { body: { ok: true, channel: 'C1', ts: '1.2' } },
	);
	nodeRed = await startNodeRed();
}, 180_000);
afterAll(async () => {
	await browser?.close();
	await nodeRed?.stop();
	await slack?.close();
}, 30_000);

const flow = () => [
	{ id: 'tab1', type: 'tab', label: 'Bells' },
	{
		...{
			id: 'press',
			type: 'inject',
			z: 'tab1',
			x: 120,
			y: 120,
			props: [{ p: 'payload' }],
			repeat: '',
			crontab: '',
		},
		...{ once: false, onceDelay: 0.1, topic: '', payload: 'hello', payloadType: 'str', wires: [['bell']] },
	},
	{ id: 'bell', type: 'carillon-slack', z: 'tab1', x: 400, y: 120, account: 'acc', wires: [[]] },
	{
		id: 'acc',
		type: 'carillon-slack-account',
		name: 'Team',
		baseUrl: slack.url,
		credentials: { botToken: 'xoxb-0123456789' },
	},
];

const evaluate = <T>(page: Page, code: string): Promise<T> => page.evaluate<T>(code);
async function openForm(page: Page) {
	await evaluate(page, `RED.editor.edit(RED.nodes.node('bell'))`);
	await page.waitForSelector('#node-dialog-ok');
	await page.waitForTimeout(500);
}
const row = (page: Page, name: string) => page.locator(`[data-field="${name}"]:visible`);

test('what is picked and filled in row by row is kept, shown again, and sent', async () => {
	await nodeRed.deploy(flow());
	const { page, faults } = await openEditor(browser, nodeRed.url, { language: 'en-US', theme: 'light' });
	await openForm(page);

	// Picked from what the service lists, by name; the button says what it does.
	const to = row(page, 'to');
	expect((await to.locator('.carillon-find').innerText()).trim()).toBe('Find');
	await to.locator('.carillon-find').click();
	await to.locator('.carillon-found-item', { hasText: '#general' }).click();
	await page.locator('[data-section="details"] summary').click();
	const mentions = row(page, 'messageMentions');
	await mentions.locator('.carillon-find').click();
	await mentions.locator('.carillon-found-item', { hasText: 'Ann Doe' }).click();
	await mentions.locator('.carillon-find').click();

	// Rows: added, moved, taken away.
	const buttons = row(page, 'messageButtons');
	const add = buttons.locator('.red-ui-editableList-addButton');
	const box = (at: number, label: string) =>
		buttons.locator('.carillon-row-form').nth(at).locator('.carillon-cell', { hasText: label }).locator('input');
	for (const [at, text] of ['Later', 'Open', 'Wrong'].entries()) {
		await add.click();
		await box(at, 'Text').fill(text);
		await box(at, 'Link').fill(`https://example.com/${text.toLowerCase()}`);
	}
	await buttons.locator('.red-ui-editableList-item-remove').nth(2).click();
	await page.waitForTimeout(600);
	const handle = await buttons.locator('.red-ui-editableList-item-handle').nth(1).boundingBox();
	const first = await buttons.locator('.carillon-row-form').nth(0).boundingBox();
	await page.mouse.move(handle!.x + 4, handle!.y + 8);
	await page.mouse.down();
	await page.mouse.move(first!.x + 10, first!.y - 10, { steps: 12 });
	await page.mouse.up();
	await page.waitForTimeout(500);
	await page.screenshot({ path: join(pictures, 'node-red-round-trip.png') });
	await page.click('#node-dialog-ok');
	await page.waitForTimeout(500);

	const kept = `(({ to, messageMentions, messageButtons }) => ({ to, messageMentions, messageButtons: JSON.parse(messageButtons) }))(RED.nodes.node('bell'))`;
	const wanted = {
		to: 'C1',
		messageMentions: 'U1',
		messageButtons: [
			{ text: 'Open', url: 'https://example.com/open' },
			{ text: 'Later', url: 'https://example.com/later' },
		],
	};
	expect(await evaluate(page, kept)).toEqual(wanted);

	// Opened again it is the same, and stays so.
	await openForm(page);
	await page.locator('[data-section="details"] summary').click();
	expect(await box(0, 'Text').inputValue()).toBe('Open');
	expect(await box(1, 'Text').inputValue()).toBe('Later');
	await page.click('#node-dialog-ok');
	await page.waitForTimeout(500);
	expect(await evaluate(page, kept)).toEqual(wanted);

	expect(await evaluate(page, `['press', 'bell', 'acc'].map((id) => RED.nodes.node(id).valid)`)).toEqual([
		true,
		true,
		true,
	]);
	await Promise.all([
		page.waitForResponse((reply) => reply.url().endsWith('/flows') && reply.request().method() === 'POST'),
		page.click('#red-ui-header-button-deploy'),
	]);
	await page.waitForTimeout(1_000);
	await nodeRed.inject('press');
	for (let tries = 0; tries < 100 && !slack.requests.some(({ path }) => path === '/chat.postMessage'); tries++)
		await page.waitForTimeout(100);
	const sent = slack.requests.find(({ path }) => path === '/chat.postMessage')!;
	expect(sent.json.channel).toBe('C1');
	const said = JSON.stringify(sent.json.blocks);
	expect(said).toContain('<@U1>');
	expect(said.indexOf('/open')).toBeGreaterThan(0);
	expect(said.indexOf('/later')).toBeGreaterThan(said.indexOf('/open'));
	expect(said).not.toContain('wrong');
	expect(faults).toEqual([]);
	await page.context().close();
}, 180_000);
