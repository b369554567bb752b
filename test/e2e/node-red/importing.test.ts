import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { startNodeRed, type NodeRed } from '../../hosts/node-red/nodeRed';
import { pictures, startBrowser } from '../chromium';
import { openEditor } from './editor';

/** What other programs were set to, pasted into the sidebar, stands on the canvas as a flow. */

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

const secret = 'S3cret-0123456789';
const moviePilot = JSON.stringify([
	{
		...{ name: '家庭群', type: 'telegram', enabled: true, switchs: ['资源下载', '整理入库'] },
		config: { TELEGRAM_TOKEN: secret, TELEGRAM_CHAT_ID: '1' },
	},
	{
		name: '微信',
		type: 'wechat',
		enabled: true,
		config: { WECHAT_APP_SECRET: secret },
		switchs: ['整理入库', '站点'],
	},
	{ name: 'Web', type: 'webpush', enabled: true, config: {}, switchs: ['订阅'] },
]);

test.each([
	{
		...{
			editor: 'en-US',
			theme: 'light',
			entry: 'Carillon: from MoviePilot, QD, qinglong',
			done: /tab of its own/,
		},
		...{ bad: 'some words', complaint: /MoviePilot/ },
	},
	{
		...{ editor: 'zh-CN', theme: 'dark', entry: 'Carillon：导入 MoviePilot、QD、青龙设置', done: /新标签页/ },
		...{ bad: '一些文字', complaint: /\p{Script=Han}/u },
	},
])(
	'from the menu to the canvas ($editor)',
	async ({ editor, theme, entry, done, bad, complaint }) => {
		await nodeRed.deploy([{ id: 'tab', type: 'tab', label: 'Belfry' }]);
		const { page, faults } = await openEditor(browser, nodeRed.url, { language: editor, theme });
		await page.click('#red-ui-header-button-sidemenu');
		await page.getByText(entry, { exact: true }).click();
		const box = page.locator('.carillon-import');
		const settings = box.locator('textarea');
		const status = box.locator('.carillon-import-status');
		await settings.waitFor();
		await page.waitForFunction(`document.activeElement.tagName === 'TEXTAREA'`);

		// What is none of theirs is told, and stays to be mended.
		await page.keyboard.type(bad);
		await box.locator('.carillon-import-run').click();
		await box.locator('.carillon-import-status.carillon-bad').waitFor();
		expect(await status.innerText()).toMatch(complaint);
		expect(await settings.inputValue()).toBe(bad);

		await settings.fill(moviePilot);
		await box.locator('.carillon-import-run').click();
		await page.waitForFunction(`RED.nodes.filterNodes({ type: 'carillon-route' }).length === 1`);
		expect(await status.innerText()).toMatch(done);
		// What could not be taken over is said, too.
		expect(await status.innerText()).toMatch(/webpush|Web/);
		expect(await settings.inputValue()).toBe('');
		await page.screenshot({ path: join(pictures, `node-red-${editor}-${theme}-import.png`) });
		const flow = await page.evaluate<{ id: string; type: string; z?: string; wires?: string[][] }[]>(
			'RED.nodes.createCompleteNodeSet()',
		);
		const ours = flow.filter(({ type }) => type.startsWith('carillon-'));
		expect(ours.map(({ type }) => type).sort()).toEqual([
			'carillon-route',
			'carillon-telegram',
			'carillon-telegram-account',
			'carillon-webhookTrigger',
			'carillon-webhookTrigger-account',
			'carillon-wecomApp',
			'carillon-wecomApp-account',
		]);
		expect(JSON.stringify(flow)).not.toContain(secret);
		const trigger = ours.find(({ type }) => type === 'carillon-webhookTrigger')!;
		const route = ours.find(({ type }) => type === 'carillon-route')!;
		expect(trigger.wires).toEqual([[route.id]]);
		expect(await page.evaluate('RED.workspaces.active()')).toBe(route.z);
		expect(await page.locator(`[id="${route.id}"] .red-ui-flow-port-output`).count()).toBe(route.wires!.length);
		expect(await page.evaluate('RED.nodes.dirty()')).toBe(true);
		// Nothing is deployed before somebody says so, and all of it can be undone.
		await page.evaluate(`RED.history.pop()`);
		expect(await page.evaluate(`RED.nodes.filterNodes({ type: 'carillon-route' }).length`)).toBe(0);
		expect(faults.filter((fault) => !/ERR_|Failed to load/.test(fault))).toEqual([]);
		await page.context().close();
	},
	120_000,
);
