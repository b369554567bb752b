import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { startNodeRed, type NodeRed } from '../../hosts/node-red/nodeRed';
import { service, type Service } from '../../service';
import { pictures, startBrowser } from '../chromium';
import { openEditor } from './editor';

let browser: Browser;
let nodeRed: NodeRed;
let receiver: Service;

beforeAll(async () => {
	browser = await startBrowser();
	receiver = await service(() => ({ body: { code: 200, message: 'success', timestamp: 1 } }));
	nodeRed = await startNodeRed();
}, 180_000);
afterAll(async () => {
	await browser?.close();
	await nodeRed?.stop();
	await receiver?.close();
}, 30_000);

const tab = { id: 'tab1', type: 'tab', label: 'Bells' };
const bark = (id: string, account: string, y: number) => ({
	id,
	type: 'carillon-bark',
	z: 'tab1',
	x: 400,
	y,
	account,
	wires: [[]],
});

/** As a flow from before most fields were there has it. */
const older = (id: string, credentials?: object) => ({
	id,
	type: 'carillon-bark-account',
	name: `Phone ${id}`,
	baseUrl: receiver.url,
	...(credentials && { credentials }),
});

const evaluate = <T>(page: Page, code: string): Promise<T> => page.evaluate<T>(code);
const shot = (page: Page, name: string) => page.screenshot({ path: join(pictures, `node-red-forms-${name}.png`) });

test.each([
	['en-US', 'light', /Fill in “Device keys”/, /^Sent in \d+ ms/],
	['zh-CN', 'dark', /请填写“设备密钥”/, /^已发送/],
])(
	'a missing secret has its triangle, and an older account is tested as it is (%s)',
	async (language, theme, says, sent) => {
		await nodeRed.deploy([
			tab,
			bark('lost', 'keyless', 140),
			bark('fine', 'keyed', 240),
			older('keyless'),
			older('keyed', { deviceKeys: 'k' }),
		]);
		const { page, faults } = await openEditor(browser, nodeRed.url, { language, theme });
		await page.waitForFunction(`RED.nodes.node('lost').valid === false`);
		const judged = `['lost', 'fine', 'keyless', 'keyed'].map((id) => RED.nodes.node(id).valid)`;
		expect(await evaluate(page, judged)).toEqual([false, true, false, true]);
		expect(await evaluate<string[]>(page, `RED.nodes.node('keyless').validationErrors`)).toEqual([
			expect.stringMatching(says),
		]);
		await page.locator('[id="lost"] .red-ui-flow-node-error:not(.hide)').first().waitFor();
		await shot(page, `${language}-triangle`);

		await evaluate(page, `RED.editor.editConfig('', 'carillon-bark-account', 'keyed')`);
		await page.waitForSelector('#node-config-dialog-ok');
		await page.waitForTimeout(500);
		const result = page.locator('.carillon-test-result:visible');
		await page.click('.carillon-test:visible');
		await page.locator('.carillon-good:visible, .carillon-bad:visible').first().waitFor();
		expect(await result.innerText()).toMatch(sent);
		await shot(page, `${language}-sent`);
		await page.fill('#node-config-input-name', 'another name');
		expect(await page.locator('.carillon-test-result').last().innerText()).toBe('');

		// What an older flow lacks shows as its default.
		expect(await page.inputValue('#node-config-input-encryption')).toBe('none');
		expect(await page.inputValue('#node-config-input-language')).toBe('en');
		await page.click('#node-config-dialog-cancel');
		await page.waitForTimeout(400);
		await nodeRed.deploy([tab]);
		expect(faults).toEqual([]);
		await page.context().close();
	},
	180_000,
);

test('a secret that was typed and deployed is no longer missing', async () => {
	await nodeRed.deploy([tab, bark('lost', 'keyless', 140), older('keyless')]);
	const { page, faults } = await openEditor(browser, nodeRed.url, { language: 'en-US', theme: 'light' });
	await page.waitForFunction(`RED.nodes.node('lost').valid === false`);
	await evaluate(page, `RED.editor.editConfig('', 'carillon-bark-account', 'keyless')`);
	await page.waitForSelector('#node-config-dialog-ok');
	await page.waitForTimeout(500);
	await page.fill('#node-config-input-deviceKeys', 'k3y');
	await page.click('#node-config-dialog-ok');
	await page.waitForTimeout(500);
	expect(await evaluate(page, `[RED.nodes.node('keyless').valid, RED.nodes.node('lost').valid]`)).toEqual([
		true,
		true,
	]);
	await Promise.all([
		page.waitForResponse((reply) => reply.url().includes('/credentials/carillon-bark-account/keyless')),
		page.click('#red-ui-header-button-deploy'),
	]);
	await page.waitForTimeout(500);
	expect(await evaluate(page, `[RED.nodes.node('keyless').valid, RED.nodes.node('lost').valid]`)).toEqual([
		true,
		true,
	]);
	expect(faults).toEqual([]);
	await page.context().close();
}, 180_000);

test('a pasted trigger gets a free path, and is valid', async () => {
	const account = { id: 'hooks', type: 'carillon-webhookTrigger-account', name: 'hooks', credentials: { key: 'k' } };
	const hook = {
		id: 'hook',
		type: 'carillon-webhookTrigger',
		z: 'tab1',
		x: 300,
		y: 160,
		account: 'hooks',
		path: '/carillon/webhook',
		wires: [[]],
	};
	await nodeRed.deploy([tab, hook, account]);
	const { page, faults } = await openEditor(browser, nodeRed.url, { language: 'en-US', theme: 'light' });
	await page.click('[id="hook"] .red-ui-flow-node');
	await page.keyboard.press('Control+c');
	await page.mouse.move(640, 420);
	await page.keyboard.press('Control+v');
	await page.mouse.move(660, 430, { steps: 4 });
	await page.mouse.down();
	await page.mouse.up();
	await page.waitForTimeout(500);
	const facts = `RED.nodes.filterNodes({ type: 'carillon-webhookTrigger' }).map(({ path, valid }) => [path, valid])`;
	expect(await evaluate(page, facts)).toEqual([
		['/carillon/webhook', true],
		['/carillon/webhook-2', true],
	]);
	await shot(page, 'pasted');
	expect(faults).toEqual([]);
	await page.context().close();
}, 180_000);

test('a choice with a catch says it as soon as it is made', async () => {
	const slack = { id: 'slack', type: 'carillon-slack', z: 'tab1', x: 300, y: 160, wires: [[]] };
	const mail = { id: 'mail', type: 'carillon-email-account', name: 'mail', provider: 'custom' };
	await nodeRed.deploy([tab, slack, mail]);
	const { page, faults } = await openEditor(browser, nodeRed.url, { language: 'zh-CN', theme: 'light' });
	const said = (name: string) => page.locator(`[data-field="${name}"] .carillon-catch:visible`);

	await evaluate(page, `RED.editor.editConfig('', 'carillon-email-account', 'mail')`);
	const provider = page.locator('#node-config-input-provider');
	await provider.waitFor();
	expect(await said('provider').count()).toBe(0);
	await provider.selectOption('qq');
	expect(await said('provider').innerText()).toContain('授权码');
	await shot(page, 'catch');
	await provider.selectOption('custom');
	expect(await said('provider').count()).toBe(0);
	await page.click('#node-config-dialog-cancel');

	await evaluate(page, `RED.editor.edit(RED.nodes.node('slack'))`);
	const delivery = page.locator('[data-field="delivery"]');
	await delivery.waitFor({ state: 'attached' });
	await evaluate(page, `$('#node-input-delivery').typedInput('value', 'schedule')`);
	await page.locator('[data-section="options"]').evaluate((section) => section.setAttribute('open', ''));
	expect(await said('delivery').innerText()).toContain('120');
	// What comes with the message, nobody knows yet.
	await evaluate(page, `$('#node-input-delivery').typedInput('type', 'msg')`);
	expect(await said('delivery').count()).toBe(0);
	expect(faults).toEqual([]);
	await page.context().close();
}, 180_000);

test('the palette finds channels by what people look for', async () => {
	await nodeRed.deploy([tab]);
	const { page } = await openEditor(browser, nodeRed.url, { language: 'en-US', theme: 'light' });
	const found = page.locator('.red-ui-palette-node[data-palette-type^="carillon-"]:visible');
	for (const search of ['notify', '通知', '推送', 'push', 'message', '消息', '企微']) {
		await page.fill('#red-ui-palette-search input', '');
		await page.locator('#red-ui-palette-search input').pressSequentially(search);
		await page.waitForTimeout(800);
		expect([search, (await found.count()) > (search === '企微' ? 1 : 20)]).toEqual([search, true]);
		if (search === '通知') await shot(page, 'palette');
	}
	await page.context().close();
}, 120_000);
