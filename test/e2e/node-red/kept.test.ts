import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { startNodeRed, type NodeRed } from '../../hosts/node-red/nodeRed';
import { service, type Answer, type Service } from '../../service';
import { pictures, startBrowser } from '../chromium';
import { openEditor } from './editor';

let browser: Browser;
let nodeRed: NodeRed;
let receiver: Service;
let isMended: boolean;

const taken: Answer = { body: { code: 200, message: 'success', timestamp: 1 } };
const refused: Answer = { status: 400, body: { code: 400, message: 'no such <b>key</b>' } };
const down: Answer = { status: 503, body: 'down' };

beforeAll(async () => {
	browser = await startBrowser();
	receiver = await service(({ json }) => {
		const { body = '' } = json as { body?: string };
		if (isMended) return taken;
		return body.includes('refused') ? refused : body.includes('down') ? down : taken;
	});
	nodeRed = await startNodeRed();
}, 180_000);
afterAll(async () => {
	await browser?.close();
	await nodeRed?.stop();
	await receiver?.close();
}, 30_000);

const markup = `<img src=x onerror="globalThis.rung=1"><b>Disk</b>`;

const flow = (language: string) => {
	const place = { z: 'tab', x: 200, y: 100 };
	return [
		{ id: 'tab', type: 'tab', label: 'Belfry' },
		{
			...{ id: 'account', type: 'carillon-bark-account', baseUrl: receiver.url, language },
			credentials: { deviceKeys: 'known' },
		},
		{ id: 'in', type: 'http in', url: '/ring', method: 'post', ...place, wires: [[`box-${language}`]] },
		{ id: 'kept', type: 'complete', scope: [`box-${language}`], uncaught: false, ...place, wires: [['answer']] },
		{ id: 'answer', type: 'http response', statusCode: '200', ...place, wires: [] },
		{
			...{
				id: `box-${language}`,
				type: 'carillon-outbox',
				name: 'Phones',
				keepFor: 3,
				lane: '',
				lane_type: 'str',
			},
			...{ ordered: false, pace: '', repeatUnknown: true, language, ...place, wires: [['bark'], []] },
		},
		{ id: 'bark', type: 'carillon-bark', account: 'account', attempts: 1, ...place, wires: [[]] },
	];
};

async function ring(message: object): Promise<void> {
	const reply = await fetch(`${nodeRed.nodes}/ring`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify(message),
	});
	expect(reply.status).toBe(200);
}

test.each([
	{
		...{ editor: 'en-US', language: 'en', theme: 'light', dead: /^Given up \(1\)/, waiting: /^Waiting \(1\)/ },
		...{ done: /^Delivered in the last day \(1\)/, sure: 'Drop for good?', dropped: 'It was dropped.' },
		...{ sent: /Delivered by Bark\./, none: /^Given up \(0\)/, two: /^Delivered in the last day \(2\)/ },
	},
	{
		...{ editor: 'zh-CN', language: 'zh', theme: 'dark', dead: /^已放弃 \(1\)/, waiting: /^等待中 \(1\)/ },
		...{ done: /^最近一天已送达 \(1\)/, sure: '确定丢弃？', dropped: '已丢弃。' },
		...{ sent: /已通过Bark送达。/, none: /^已放弃 \(0\)/, two: /^最近一天已送达 \(2\)/ },
	},
])(
	'the sidebar shows what waits, failed and was delivered; it is sent again and dropped by keyboard ($editor)',
	async ({ editor, language, theme, dead, waiting, done, sure, dropped, sent, none, two }) => {
		isMended = false;
		await nodeRed.deploy(flow(language));
		await ring({ title: 'Backup', body: 'went well' });
		await ring({ title: markup, body: `refused ${markup}` });
		await ring({ title: 'Door', body: 'down for now' });
		const { page, faults } = await openEditor(browser, nodeRed.url, { language: editor, theme });
		await page.evaluate(`RED.sidebar.show('carillon')`);
		const keeper = page.locator(`.carillon-keeper[data-node="box-${language}"]`);
		const list = (which: string) => keeper.locator(`details[data-which="${which}"]`);
		const summary = (which: string) => list(which).locator('summary');
		const shows = async (which: string, text: RegExp) => {
			for (let tries = 0; tries < 100 && !text.test(await summary(which).innerText()); tries++) {
				await page.click('.carillon-refresh');
				await page.waitForTimeout(200);
			}
			expect(await summary(which).innerText()).toMatch(text);
		};
		await shows('dead', dead);
		await shows('waiting', waiting);
		await shows('done', done);

		// What somebody sent is text.
		const entry = list('dead').locator('.carillon-entry');
		await entry.waitFor();
		expect(await entry.locator('.carillon-entry-title').innerText()).toBe(markup);
		expect(await entry.locator('.carillon-bad').innerText()).toContain('no such <b>key</b>');
		expect(await page.locator('.carillon-kept img, .carillon-kept b').count()).toBe(0);
		expect(await page.evaluate('globalThis.rung')).toBeUndefined();

		// By keyboard alone, from the heading of the list on.
		await summary('done').focus();
		await page.keyboard.press('Enter');
		await list('done').locator('.carillon-entry').first().waitFor();
		expect(await list('done').innerText()).toMatch(sent);
		await list('waiting').locator('.carillon-entry').waitFor();
		await page.screenshot({ path: join(pictures, `node-red-${editor}-${theme}-kept.png`) });
		await summary('waiting').focus();
		for (let n = 0; n < 2; n++) await page.keyboard.press('Tab');
		await page.keyboard.press('Enter');
		expect((await list('waiting').locator('.carillon-drop').innerText()).trim()).toBe(sure);
		await page.keyboard.press('Enter');
		await page.waitForFunction(`$('.carillon-kept-status').text() === ${JSON.stringify(dropped)}`);
		expect(await page.evaluate(`document.activeElement.parentElement.dataset.which`)).toBe('waiting');

		isMended = true;
		await entry.locator('.carillon-again').click();
		await shows('dead', none);
		await shows('done', two);
		expect(faults.filter((fault) => !/ERR_|Failed to load/.test(fault))).toEqual([]);
		await page.context().close();
	},
	120_000,
);
