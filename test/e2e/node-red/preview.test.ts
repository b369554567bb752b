import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { startNodeRed, type NodeRed } from '../../hosts/node-red/nodeRed';

const pictures = join(__dirname, '../../pictures');

let browser: Browser;
let nodeRed: NodeRed;

beforeAll(async () => {
	mkdirSync(pictures, { recursive: true });
	const { chromium } = await import('playwright-core');
	browser = await chromium.launch({
		executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
		args: ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
	});
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

async function openForm(editor: string, theme: string): Promise<{ page: Page; faults: string[] }> {
	const context = await browser.newContext({ viewport: { width: 1400, height: 1100 } });
	await context.addInitScript(
		([language, dark]) => {
			const { localStorage } = globalThis as unknown as {
				localStorage: { setItem(key: string, value: string): void };
			};
			localStorage.setItem('editor-language', language!);
			localStorage.setItem('view-dark-theme', dark!);
		},
		[editor, theme],
	);
	const page = await context.newPage();
	page.setDefaultTimeout(15_000);
	const faults: string[] = [];
	page.on('pageerror', (error) => faults.push(error.message));
	await page.goto(nodeRed.url);
	await page.waitForFunction(
		`window.RED && RED.nodes && RED.nodes.node('hook') && !$('#red-ui-loading-progress').is(':visible')`,
	);
	await page.evaluate(`RED.editor.edit(RED.nodes.node('hook'))`);
	await page.waitForSelector('#node-dialog-ok');
	await page.waitForTimeout(500);
	return { page, faults };
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
			title: '小明 ▶ 人生切割术',
			strong: '谁还活着？',
			ready: '🎬 新电影入库：大都会 (1927)',
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
		await page.locator('.carillon-sample').selectOption('library.added');
		await result.locator('.carillon-paper').waitFor();
		expect(await result.locator('.carillon-paper-title').innerText()).toBe(says.ready);
		await shot('ready');
		expect(faults).toEqual([]);
		await page.context().close();
	},
	90_000,
);
