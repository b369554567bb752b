import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { startNodeRed, type NodeRed } from '../../hosts/node-red/nodeRed';
import { pictures, startBrowser } from '../chromium';
import { openEditor, type Editor } from './editor';

let browser: Browser;
let nodeRed: NodeRed;

beforeAll(async () => {
	browser = await startBrowser();
	nodeRed = await startNodeRed();
}, 180_000);
afterAll(async () => {
	await browser?.close();
	await nodeRed?.stop();
}, 30_000);

const flow = (language: string) => [
	{ id: 'tab1', type: 'tab', label: 'Bells' },
	{
		id: 'hook',
		type: 'carillon-webhookTrigger',
		z: 'tab1',
		x: 300,
		y: 200,
		account: 'acc',
		path: '/carillon/webhook',
		usual: false,
		sender: 'auto',
		events: [],
		kinds: [],
		titleTemplate: '{{ user.name }} ▶ {{ item.series }}',
		bodyTemplate:
			'**{{ item.title }}**\n\n> {{ item.overview | truncate: 40 }}\n\n[{{ server.name }}](https://example.com)',
		wires: [[]],
	},
	{ id: 'acc', type: 'carillon-webhookTrigger-account', name: 'Media server', language },
];

async function openForm(language: string, theme: string): Promise<Editor> {
	const editor = await openEditor(browser, nodeRed.url, { language, theme, height: 1100 });
	await editor.page.evaluate(`RED.editor.edit(RED.nodes.node('hook'))`);
	await editor.page.waitForSelector('#node-dialog-ok');
	await editor.page.waitForTimeout(500);
	return editor;
}

test.each([
	{
		editor: 'en-US',
		language: 'en',
		theme: 'light',
		says: {
			button: 'Preview',
			sample: 'Playback started',
			title: 'Alice ▶ Severance',
			strong: 'Who Is Alive?',
			ready: '🎬 New movie: Metropolis (1927)',
			wrong: /^“Message template” cannot be used: .*shout.*\.$/,
		},
	},
	{
		editor: 'zh-CN',
		language: 'zh',
		theme: 'dark',
		says: {
			button: '预览',
			sample: '开始播放',
			title: 'Alice ▶ Severance',
			strong: 'Who Is Alive?',
			ready: '🎬 新电影入库：Metropolis (1927)',
			wrong: /^“正文模板”无法使用：.*shout.*。$/,
		},
	},
])(
	'the form shows what its templates make of a sample ($editor)',
	async ({ editor, language, theme, says }) => {
		await nodeRed.deploy(flow(language));
		const { page, faults } = await openForm(editor, theme);
		const result = page.locator('.carillon-preview-result');
		const button = page.locator('.carillon-preview');
		const shot = async (name: string) => {
			await result.scrollIntoViewIfNeeded();
			await page.screenshot({ path: join(pictures, `node-red-${editor}-${theme}-preview-${name}.png`) });
		};

		expect((await button.innerText()).trim()).toBe(says.button);
		await page.locator('.carillon-sample').selectOption({ label: says.sample });
		expect(await result.innerText()).toBe('');
		await button.click();
		await result.locator('.carillon-paper').waitFor();
		expect(await result.locator('.carillon-paper-title').innerText()).toBe(says.title);
		expect(await result.locator('b').first().innerText()).toBe(says.strong);
		expect(await result.locator('a').first().getAttribute('target')).toBe('_blank');
		await shot('shown');

		// What is being typed counts, not what is deployed.
		await page.fill('#node-input-bodyTemplate', '{{ item.title | shout }}');
		await button.click();
		await result.locator('.carillon-bad').waitFor();
		expect(await result.innerText()).toMatch(says.wrong);
		await shot('wrong');

		// Another sample is shown at once.
		await page.fill('#node-input-titleTemplate', '');
		await page.fill('#node-input-bodyTemplate', '');
		await page.locator('.carillon-sample').selectOption('emby/library.added');
		await result.locator('.carillon-paper').waitFor();
		expect(await result.locator('.carillon-paper-title').innerText()).toBe(says.ready);
		await shot('ready');
		expect(faults).toEqual([]);
		await page.context().close();
	},
	90_000,
);
