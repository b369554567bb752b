import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { service, type Answer, type Seen, type Service } from '../../service';
import { pictures, startBrowser } from '../chromium';
import { openEditor, type Editor } from './editor';
import { startN8n, type N8n } from './n8n';

let n8n: N8n;
let receiver: Service;
let browser: Browser;
let editor: Editor;
let page: Page;
let answer = ({ path }: Seen): Answer =>
	path === '/push'
		? { body: { code: 200, message: 'success', timestamp: 1 } }
		: { body: { code: 200, message: 'pong', data: {}, version: 'v2.1.5' } };

beforeAll(async () => {
	receiver = await service((request) => answer(request));
	n8n = await startN8n();
	browser = await startBrowser();
	editor = await openEditor(browser, n8n.url);
	({ page } = editor);
}, 300_000);
afterAll(async () => {
	await browser?.close();
	await n8n?.close();
	await receiver?.close();
});

const picture = (name: string) => page.screenshot({ path: join(pictures, `n8n-${name}.png`), animations: 'disabled' });

test('find the node, fill the account, send, see the result', async () => {
	const { element, input, findNode, write, saveAccount } = editor;
	await editor.newWorkflow();
	await (await findNode('Manual Trigger', 'Manual Trigger')).click();
	await element('canvas-node').waitFor();
	await element('canvas-handle-plus').click();
	// By its Chinese name, and by the sender of what a trigger takes.
	await findNode('钉钉', 'DingTalk');
	await picture('search');
	await (await findNode('bark', 'Bark')).click();
	await page.getByText('Send a message', { exact: true }).click();

	await page.getByText('Connect to Bark (Carillon)').click();
	await element('credential-edit-dialog').waitFor();
	await picture('account');
	await input('baseUrl').locator('input').fill(receiver.url);
	await input('deviceKeys').locator('input').fill('S3cretDeviceKey0');
	expect(await input('deviceKeys').locator('input').getAttribute('type')).toBe('password');
	await saveAccount();
	expect(receiver.requests.map(({ path }) => path)).not.toContain('/push');
	expect(receiver.requests.length).toBeGreaterThan(0);

	await write('title', 'Dune');
	await write('message', 'was **added** to the films');
	await element('node-execute-button').click();
	await page.getByText('Node executed successfully').waitFor();
	await picture('sent');
	expect(receiver.requests.find(({ path }) => path === '/push')?.json).toMatchObject({
		title: 'Dune',
		body: 'was added to the films',
	});
	expect(await element('ndv').innerText()).toMatch(/channel\s*:\s*bark/);

	answer = () => ({ status: 400, body: { code: 400, message: 'failed to get device token' } });
	await element('node-execute-button').click();
	// The workflow goes on, and the error stands in the output.
	await page
		.getByText(/failed to get device token/)
		.first()
		.waitFor();
	await picture('failed');
	const said = await page.locator('body').innerText();
	expect(said).toContain('Unauthorized');
	expect(said).not.toContain('S3cretDeviceKey0');
}, 240_000);

test('the trigger is found by its senders, and its form says where to ring', async () => {
	const { element, input, findNode, write, hasTaken, saveAccount } = editor;
	await editor.newWorkflow();
	await (await findNode('emby', 'Webhook Trigger')).click();
	await page.getByText('Add to workflow').click();
	await page.getByText('Webhook URLs').click();
	await page
		.getByText(/webhook-test\/[0-9a-f-]{36}/)
		.first()
		.waitFor();
	await page.getByText('Empty: an address that no other trigger has').waitFor();
	await write('path', 'carillon');
	// What cannot check who calls is closed: first an account with a key.
	await page.getByText('Connect to Webhook Trigger (Carillon)').click();
	await element('credential-edit-dialog').waitFor();
	await input('key').locator('input').fill('open-sesame');
	await saveAccount();
	await input('sender').click();
	await page.locator('.el-select-dropdown__item:visible', { hasText: 'Custom' }).first().click();
	// A template's braces are its own: the field does not become an expression.
	const template = input('customTitle').locator('input');
	await template.click();
	await page.keyboard.type('{{ alert.name }}');
	expect(await template.inputValue()).toBe('{{ alert.name }}');
	await picture('trigger');
	await hasTaken('customTitle', '{{ alert.name }}');
	expect((await editor.parameters()).sender).toBe('custom');

	// A test run, twice with the same sample.
	for (let round = 0; round < 2; round++) {
		await element('trigger-execute-button').click();
		await page.getByText('Listening for test event').waitFor();
		const reply = await fetch(`${n8n.url}/webhook-test/carillon?apiKey=open-sesame`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: '{"alert": {"name": "Disk full"}, "text": "90 %"}',
		});
		expect([reply.status, await reply.text()]).toEqual([200, '{"ok":true}']);
		await page.getByText('Listening for test event').waitFor({ state: 'detached' });
		await page
			.getByText(/title\s*:\s*Disk full/)
			.first()
			.waitFor();
	}
	await picture('trigger-tested');
}, 240_000);
