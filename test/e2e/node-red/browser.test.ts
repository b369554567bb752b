import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { startNodeRed, type NodeRed } from '../../hosts/node-red/nodeRed';
import { service, type Service } from '../../service';
import { pictures, startBrowser } from '../chromium';
import { openEditor } from './editor';

let browser: Browser;
let nodeRed: NodeRed;
let receiver: Service;
let page: Page;
let faults: string[];

beforeAll(async () => {
	browser = await startBrowser();
	receiver = await service(({ json }) => {
		const known = (json as { device_key?: string } | undefined)?.device_key === 'k3y-of-the-phone';
		return known
			? { body: { code: 200, message: 'success', timestamp: 1 } }
			: { status: 400, body: { code: 400, message: 'failed to get device token' } };
	});
	nodeRed = await startNodeRed();
}, 180_000);
afterAll(async () => {
	await browser?.close();
	await nodeRed?.stop();
	await receiver?.close();
});

const flow = [
	{ id: 'tab1', type: 'tab', label: 'Bells' },
	{
		id: 'inj1',
		type: 'inject',
		z: 'tab1',
		x: 260,
		y: 200,
		props: [{ p: 'payload' }, { p: 'topic', vt: 'str' }],
		topic: 'Door',
		payload: 'Somebody is **here**',
		payloadType: 'str',
		repeat: '',
		once: false,
		wires: [[]],
	},
	{
		id: 'dbg1',
		type: 'debug',
		z: 'tab1',
		x: 900,
		y: 200,
		active: true,
		tosidebar: true,
		complete: 'receipt',
		targetType: 'msg',
		statusVal: '',
		statusType: 'auto',
		wires: [],
	},
];

async function open(language: string, theme: string): Promise<void> {
	await nodeRed.deploy(flow);
	receiver.requests.length = 0;
	({ page, faults } = await openEditor(browser, nodeRed.url, { language, theme }));
}

const evaluate = <T>(code: string): Promise<T> => page.evaluate<T>(code);

/** Finds a node in the palette by a search, and drags it onto the canvas. */
async function add(search: string, type: string, x: number, y: number): Promise<string> {
	await page.fill('#red-ui-palette-search input', '');
	await page.locator('#red-ui-palette-search input').pressSequentially(search);
	const palette = page.locator(`.red-ui-palette-node[data-palette-type="${type}"]:visible`);
	await palette.waitFor();
	// The palette closes its other categories with an animation.
	await page.waitForTimeout(600);
	const before = await evaluate<number>(`RED.nodes.filterNodes({ type: '${type}' }).length`);
	const box = (await palette.boundingBox())!;
	await page.mouse.move(box.x + 20, box.y + 10);
	await page.mouse.down();
	await page.mouse.move(x, y, { steps: 10 });
	await page.mouse.up();
	await page.waitForFunction(`RED.nodes.filterNodes({ type: '${type}' }).length > ${before}`).catch(async (error) => {
		await picture('not-added');
		throw error;
	});
	return evaluate<string>(`RED.nodes.filterNodes({ type: '${type}' }).pop().id`);
}

const edit = async (id: string) => {
	await page.dblclick(`[id="${id}"] .red-ui-flow-node`);
	await page.waitForSelector('#node-dialog-ok');
	await page.waitForTimeout(400);
};

const picture = (name: string) => page.screenshot({ path: join(pictures, `node-red-${name}.png`) });

const deploy = () =>
	Promise.all([
		page.waitForResponse((reply) => reply.url().endsWith('/flows') && reply.request().method() === 'POST'),
		page.click('#red-ui-header-button-deploy'),
	]);

const result = async () => {
	const shown = page.locator('.carillon-test-result:visible');
	await shown.and(page.locator('.carillon-good, .carillon-bad')).waitFor();
	return {
		text: await shown.innerText(),
		isGood: await shown.evaluate((element) =>
			(element as unknown as { className: string }).className.includes('carillon-good'),
		),
	};
};

describe.each([
	{
		language: 'en-US',
		theme: 'light',
		says: { send: 'Send message', sent: 'sent', sentIn: /^Sent in \d+ ms\./, key: 'device key', added: 'Added' },
	},
	{
		language: 'zh-CN',
		theme: 'dark',
		says: {
			send: '发送消息',
			sent: '已发送',
			sentIn: /^已发送，用时 \d+ 毫秒。/,
			key: '设备密钥',
			added: '媒体入库',
		},
	},
])('$language, $theme', ({ language, theme, says }) => {
	const shot = (name: string) => picture(`${language}-${theme}-${name}`);

	test('find the node, fill the account, send a test, deploy, send, see the result', async () => {
		await open(language, theme);
		const id = await add('bark', 'carillon-bark', 640, 240);
		await shot('palette');
		await edit(id);
		await shot('node-empty');
		expect(await page.locator('#node-input-operation option').first().innerText()).toBe(says.send);

		await page.click('#node-input-btn-account-add');
		await page.waitForSelector('#node-config-dialog-ok');
		await page.waitForTimeout(400);
		await shot('account-empty');
		await page.fill('#node-config-input-name', 'Phone');
		await page.fill('#node-config-input-baseUrl', 'ftp://nowhere');
		await page.locator('#node-config-input-deviceKeys').focus();
		expect(await page.locator('#node-config-input-baseUrl.input-error').count()).toBe(1);
		await page.fill('#node-config-input-baseUrl', receiver.url);
		await page.locator('#node-config-input-deviceKeys').focus();
		expect(await page.locator('#node-config-input-baseUrl.input-error').count()).toBe(0);
		expect(await page.inputValue('#node-config-input-language')).toBe(language.slice(0, 2));

		await page.fill('#node-config-input-deviceKeys', 'wrong-key');
		await page.click('.carillon-test:visible');
		expect(await result()).toEqual({ text: expect.stringContaining(says.key), isGood: false });
		await shot('account-refused');
		await page.fill('#node-config-input-deviceKeys', 'k3y-of-the-phone');
		await page.click('.carillon-test:visible');
		expect(await result()).toEqual({ text: expect.stringMatching(says.sentIn), isGood: true });
		await shot('account-sent');

		// What hangs on another field comes and goes with it.
		expect(await page.locator('#node-config-input-encryptionKey').isVisible()).toBe(false);
		await page.selectOption('#node-config-input-encryption', 'cbc');
		expect(await page.locator('#node-config-input-encryptionKey').isVisible()).toBe(true);
		await page.selectOption('#node-config-input-encryption', 'none');
		await page.click('#node-config-dialog-ok');
		await page.waitForTimeout(400);

		await page.locator('summary').nth(1).click();
		await page.waitForTimeout(200);
		await shot('node-filled');
		await page.click('#node-dialog-ok');
		await page.waitForTimeout(400);
		await evaluate(`(() => {
			const [inject, bark, debug] = ['inj1', '${id}', 'dbg1'].map((id) => RED.nodes.node(id));
			RED.nodes.addLink({ source: inject, sourcePort: 0, target: bark });
			RED.nodes.addLink({ source: bark, sourcePort: 0, target: debug });
			RED.nodes.dirty(true);
			RED.view.redraw(true);
		})()`);
		await deploy();
		receiver.requests.length = 0;
		await page.waitForTimeout(800);
		await page.click('[id="inj1"] .red-ui-flow-node-button-button');
		await page.locator(`[id="${id}"] .red-ui-flow-node-status-label`, { hasText: says.sent }).waitFor();
		expect(receiver.requests.map(({ json }) => json)).toEqual([
			expect.objectContaining({ device_key: 'k3y-of-the-phone', title: 'Door', body: 'Somebody is here' }),
		]);
		await shot('sent');

		// The kept key is neither shown nor sent elsewhere, and still sends where it belongs.
		await edit(id);
		await page.click('#node-input-btn-account-edit');
		await page.waitForSelector('#node-config-dialog-ok');
		await page.waitForTimeout(400);
		expect(await page.inputValue('#node-config-input-deviceKeys')).toBe('__PWRD__');
		await page.click('.carillon-test:visible');
		expect(await result()).toMatchObject({ isGood: true });
		await page.fill('#node-config-input-baseUrl', `${receiver.url}/elsewhere`);
		await page.click('.carillon-test:visible');
		await page.waitForSelector('.carillon-bad:visible');
		await shot('account-kept');
		await page.click('#node-config-dialog-cancel');
		await page.click('#node-dialog-cancel');
		expect(faults).toEqual([]);
		await page.context().close();
	}, 120_000);

	test('a trigger shows the addresses to give to senders, and a second one gets a free path', async () => {
		await open(language, theme);
		// By the name of a sender, which its label does not hold.
		const first = await add('emby', 'carillon-webhookTrigger', 520, 240);
		const second = await add('webhook', 'carillon-webhookTrigger', 520, 400);
		expect(await evaluate(`RED.nodes.node('${first}').path`)).toBe('/carillon/webhook');
		expect(await evaluate(`RED.nodes.node('${second}').path`)).toBe('/carillon/webhook-2');
		await edit(first);
		const shown = await page.locator('.carillon-urls code').allInnerTexts();
		expect(shown).toEqual([
			`${nodeRed.nodes}/carillon/webhook`,
			`${nodeRed.nodes}/api/v1/webhook`,
			`${nodeRed.nodes}/api/v1/message/openSend`,
		]);
		await page.locator('.carillon-choices label', { hasText: says.added }).first().locator('input').check();
		await shot('trigger');
		expect(await evaluate(`$('#node-input-events').val()`)).toEqual(['library.added']);
		await page.fill('#node-input-path', '/carillon/webhook-2');
		await page.locator('#node-input-name').focus();
		expect(await page.locator('#node-input-path.input-error').count()).toBe(1);
		await page.click('#node-dialog-cancel');
		expect(faults).toEqual([]);
		await page.context().close();
	}, 60_000);
});

describe.each([
	{ language: 'en-US', theme: 'dark' },
	{ language: 'zh-CN', theme: 'light' },
])('$language, $theme', ({ language, theme }) => {
	test('a text of several lines, an operation and a second output are kept', async () => {
		await open(language, theme);
		const id = await add('bark', 'carillon-bark', 640, 240);
		await edit(id);
		const text = page.locator('#node-input-message');
		expect(await text.isVisible()).toBe(false);
		await page.locator('[data-field="message"] .red-ui-typedInput-type-select').click();
		await page.locator('.red-ui-typedInput-options:visible a[value="str"]').click();
		await text.fill('first line\nsecond line');
		await page.check('#node-input-failures');
		const type = page.locator('[data-field="message"] .red-ui-typedInput-type-label');
		expect(await type.innerText()).toBe(language === 'zh-CN' ? '文本' : 'string');
		await picture(`${language}-${theme}-text`);
		await page.click('#node-dialog-ok');
		await page.waitForTimeout(400);
		const kept = `(({ message, message_type, outputs, failures }) => [message, message_type, Number(outputs), failures])(RED.nodes.node('${id}'))`;
		expect(await evaluate(kept)).toEqual(['first line\nsecond line', 'str', 2, true]);

		await edit(id);
		expect(await text.inputValue()).toBe('first line\nsecond line');
		await page.locator('[data-field="message"] .red-ui-typedInput-type-select').click();
		await page.locator('.red-ui-typedInput-options:visible a[value="msg"]').click();
		await page.locator('[data-field="message"] .red-ui-typedInput-input:visible').fill('words');
		await page.selectOption('#node-input-operation', 'deleteNotification');
		expect(await page.locator('[data-field="message"]').isVisible()).toBe(false);
		expect(await page.locator('[data-field="deleteNotificationId"]').isVisible()).toBe(true);
		await page.selectOption('#node-input-operation', 'send');
		await page.uncheck('#node-input-failures');
		await page.click('#node-dialog-ok');
		await page.waitForTimeout(400);
		expect(await evaluate(kept)).toEqual(['words', 'msg', 1, false]);
		// Without an account it has its red triangle.
		expect(await evaluate(`RED.nodes.node('${id}').valid`)).toBe(false);
		expect(faults).toEqual([]);
		await page.context().close();
	}, 60_000);
});
