import { join } from 'node:path';
import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core';
import { startNodeRed, type NodeRed } from '../../hosts/node-red/nodeRed';
import { browser as keysOf, opened, type Browser as Subscribed } from '../../services/webPush/receiver';
import { service, type Service } from '../../service';
import { pictures, startBrowser } from '../chromium';

/**
 * A browser subscribes on the page that Node-RED serves. Its push service is a stand-in on loopback that holds the keys:
 * what it can open is handed to the worker as a push service would hand it.
 */

const pageKey = 'a page key of some length';
let browser: Browser;
let nodeRed: NodeRed;
let pushes: Service;
const phone: Subscribed = keysOf('phone');
let pushed: string[] = [];

beforeAll(async () => {
	browser = await startBrowser();
	pushes = await service(({ path, body }) => {
		if (!path.endsWith('/push/phone')) return { status: 410, body: '' };
		pushed.push(opened(body, phone));
		return { status: 201, body: '' };
	});
	nodeRed = await startNodeRed();
	const account = { ...{ id: 'acc', type: 'carillon-webPush-account', pushServers: pushes.url, language: 'en' } };
	await nodeRed.deploy([
		{ id: 'tab1', type: 'tab', label: 'Bells' },
		{ ...account, credentials: { pageKey } },
		{
			...{
				id: 'inj',
				type: 'inject',
				z: 'tab1',
				props: [{ p: 'payload' }],
				payloadType: 'json',
				wires: [['out']],
			},
			payload: JSON.stringify({
				...{ title: 'Film added', body: 'Blade Runner', url: 'https://example.com/film', level: 'success' },
				buttons: [{ text: 'Play', value: '/play 7' }],
			}),
		},
		{ id: 'out', type: 'carillon-webPush', z: 'tab1', account: 'acc', to: 'Ann', to_type: 'str', wires: [[]] },
		{ id: 'page', type: 'carillon-webPushTrigger', z: 'tab1', account: 'acc', path: '/bell', wires: [['said']] },
		{
			...{ id: 'said', type: 'debug', z: 'tab1', active: true, tosidebar: false, console: true },
			...{ complete: 'event.button', targetType: 'msg', wires: [] },
		},
	]);
}, 180_000);
afterAll(async () => {
	await browser?.close();
	await nodeRed?.stop();
	await pushes?.close();
});

let context: BrowserContext;
let page: Page;
let cdp: CDPSession;
let registrationId: string | undefined;
let faults: string[];

async function open(locale: string, colorScheme: 'light' | 'dark') {
	context = await browser.newContext({ locale, colorScheme, viewport: { width: 420, height: 800 } });
	const origin = new URL(nodeRed.nodes).origin;
	await context.grantPermissions(['notifications'], { origin });
	// The browser's own push service is far away.
	await context.addInitScript((given) => {
		const one = { ...given, options: {}, toJSON: () => given, unsubscribe: () => Promise.resolve(true) };
		const { PushManager } = globalThis as unknown as { PushManager: { prototype: object } };
		let there = false;
		Object.assign(PushManager.prototype, {
			subscribe: () => Promise.resolve(((there = true), one)),
			getSubscription: () => Promise.resolve(there ? one : null),
		});
	}, phone.subscription(pushes.url));
	page = await context.newPage();
	page.setDefaultTimeout(30_000);
	faults = [];
	page.on('pageerror', (error) => faults.push(error.message));
	cdp = await context.newCDPSession(page);
	cdp.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
		registrationId = registrations.find(({ isDeleted }) => !isDeleted)?.registrationId ?? registrationId;
	});
	await cdp.send('ServiceWorker.enable');
	await page.goto(`${nodeRed.nodes}/bell?key=${encodeURIComponent(pageKey)}`, { timeout: 60_000 });
	await page.locator('#allow').waitFor();
}

async function until(what: () => boolean | Promise<boolean>) {
	for (const end = Date.now() + 30_000; !(await what());) {
		if (Date.now() > end)
			throw new Error(`It did not come to that: ${what.toString()}\n${nodeRed.log().slice(-2_000)}`);
		await new Promise((done) => setTimeout(done, 50));
	}
}

/** As the worker's registration has them. */
const notifications = () =>
	page.evaluate<{ title: string; body: string }[]>(
		`navigator.serviceWorker.ready.then((r) => r.getNotifications()).then((all) => all.map(({ title, body }) => ({ title, body })))`,
	);

test.each([
	['en-GB', 'light', 'Allow notifications'],
	['zh-CN', 'dark', '允许通知'],
] as const)(
	'%s, %s: allowed, rung, read, pressed',
	async (locale, scheme, words) => {
		pushed = [];
		await open(locale, scheme);
		expect(await page.locator('#allow').textContent()).toBe(words);
		const { installabilityErrors } = await cdp.send('Page.getInstallabilityErrors');
		// A context of a test is a private window, in which nothing is installed; beside that nothing is in the way.
		expect(installabilityErrors.map(({ errorId }) => errorId)).toEqual(['in-incognito']);
		await page.fill('#name', 'Ann');
		await page.click('#allow');
		await page.locator('#test').waitFor();

		await nodeRed.inject('inj');
		await until(() => pushed.length === 1);
		await until(() => registrationId !== undefined);
		const { origin } = new URL(nodeRed.nodes);
		await cdp.send('ServiceWorker.deliverPushMessage', {
			origin,
			registrationId: registrationId!,
			data: pushed[0]!,
		});
		await until(async () => (await notifications()).length > 0);
		expect(await notifications()).toEqual([{ title: 'Film added', body: 'Blade Runner' }]);
		await page.locator('li strong', { hasText: 'Film added' }).waitFor();
		expect(await page.locator('li a').getAttribute('href')).toBe('https://example.com/film');
		await page.screenshot({ path: join(pictures, `web-push-${locale}-${scheme}.png`) });

		// Headless there is nothing to click on: the worker is told as the browser tells it.
		const before = nodeRed.log().split('/play 7').length;
		const [worker] = context.serviceWorkers();
		await worker!.evaluate(`(async () => {
			const [notification] = await self.registration.getNotifications();
			let done;
			const event = new NotificationEvent('notificationclick', { notification, action: '0' });
			Object.defineProperty(event, 'waitUntil', { value: (what) => (done = what) });
			self.dispatchEvent(event);
			await done;
		})()`);
		await until(() => nodeRed.log().split('/play 7').length > before);

		await page.click('#stop');
		await page.locator('#allow').waitFor();
		expect(faults).toEqual([]);
		await context.close();
	},
	180_000,
);

test('without the key the page asks for it', async () => {
	const one = await browser.newContext({ locale: 'en' });
	const locked = await one.newPage();
	const answer = await locked.goto(`${nodeRed.nodes}/bell`);
	expect(answer!.status()).toBe(401);
	await locked.fill('input[name="key"]', pageKey);
	await locked.click('button');
	await locked.locator('#messages').waitFor({ state: 'attached' });
	await one.close();
}, 60_000);
