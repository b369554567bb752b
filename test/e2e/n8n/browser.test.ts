import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { service, type Service } from '../../service';
import { owner, pack, startN8n, type N8n } from './n8n';

const pictures = join(__dirname, '..', '..', 'pictures');

let n8n: N8n;
let folder: string;
let receiver: Service;
let browser: Browser;
let page: Page;

beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), 'carillon-browser-'));
	mkdirSync(pictures, { recursive: true });
	receiver = await service(({ path }) =>
		path === '/push' ? { body: { code: 200, message: 'success', timestamp: 1 } } : { body: { code: 200, message: 'pong', data: {}, version: 'v2.1.5' } },
	);
	n8n = await startN8n(await pack(folder));
	const { chromium } = await import('playwright-core');
	browser = await chromium.launch({
		executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
		args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
	});
	page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
}, 300_000);
afterAll(async () => {
	await browser?.close();
	await n8n?.close();
	await receiver?.close();
	rmSync(folder, { recursive: true, force: true });
});

const element = (id: string) => page.locator(`[data-test-id="${id}"]`);
const picture = (name: string) => page.screenshot({ path: join(pictures, `n8n-${name}.png`) });

test('find the node, fill the account, send, see the result', async () => {
	page.setDefaultTimeout(20_000);
	await page.goto(`${n8n.url}/signin`);
	await page.fill('input[name="emailOrLdapLoginId"]', owner.email);
	await page.fill('input[name="password"]', owner.password);
	await page.click('[data-test-id="form-submit-button"]');
	await page.waitForURL(/home|workflow/);

	await page.goto(`${n8n.url}/workflow/new`);
	await element('node-creator-plus-button').or(element('canvas-add-button')).first().click();
	await picture('panel');
}, 120_000);
