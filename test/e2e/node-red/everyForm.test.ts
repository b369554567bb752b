import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { startNodeRed, type NodeRed } from '../../hosts/node-red/nodeRed';
import { pictures, startBrowser } from '../chromium';
import { openEditor } from './editor';

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

/** What is to be seen of one form. */
interface Seen {
	type: string;
	/** px that lie outside what can be seen. */
	clipped: number;
	width: number;
	/** Fields that are shown without a text, or with a key in its place. */
	untold: string[];
	/** Properties that are not as before after the form was opened and closed with Done. */
	changed: string[];
	/** What an empty form complains of. */
	missing: string[];
}

/** Opens the forms of all types one after the other, saves each, and opens it again. */
const walk = `(async () => {
	const pause = (ms) => new Promise((done) => setTimeout(done, ms));
	const until = async (what) => { for (let n = 0; n < 200; n++) { if (what()) return; await pause(25); } throw new Error(String(what)); };
	const seen = [];
	const types = RED.nodes.registry.getNodeTypes().filter((type) => type.startsWith('carillon-'));
	for (const type of types) {
		const definition = RED.nodes.getType(type);
		const isAccount = definition.category === 'config';
		const node = RED.nodes.filterNodes({ type })[0] ?? RED.nodes.node(type + '-1');
		const stored = () => JSON.stringify(Object.keys(definition.defaults).filter((key) => key !== 'users').map((key) => [key, node[key]]));
		const open = async () => {
			if (isAccount) RED.editor.editConfig('', type, node.id);
			else RED.editor.edit(node);
			await until(() => $('.red-ui-tray .carillon-form:visible').length && $('#node-dialog-ok, #node-config-dialog-ok').filter(':visible').length);
			await pause(60);
		};
		const close = async () => {
			$('#node-dialog-ok, #node-config-dialog-ok').filter(':visible').trigger('click');
			await until(() => $('.red-ui-tray').length === 0);
		};
		await open();
		const form = $('.red-ui-tray .carillon-form:visible');
		form.find('.carillon-section').prop('open', true);
		await pause(30);
		const body = form.closest('.red-ui-tray-body-wrapper, .red-ui-tray-body')[0];
		const texts = form.find('label > span:visible, summary:visible, option, .carillon-help:visible, button span:visible').toArray()
			.map((element) => [element.textContent.trim(), $(element).attr('data-i18n') ?? '', element.value ?? '']);
		const untold = texts.filter(([text, key, value]) => (key !== '' || value) && (text === '' || /^(?:carillon-|field\\.|help\\.|option\\.|say\\.|undefined)/.test(text))).map(([text, key]) => key + ' = ' + text);
		const missing = form.find('.input-error').toArray().map((element) => element.id);
		const record = {
			type, untold, missing,
			clipped: body.scrollWidth - body.clientWidth,
			width: $('.red-ui-tray').width(),
			words: texts.map(([text]) => text),
		};
		await close();
		const first = stored();
		await open();
		await close();
		const second = stored();
		record.changed = first === second ? [] : [first, second];
		seen.push(record);
	}
	return seen;
})()`;

const flowOf = async (page: Page) =>
	page.evaluate<
		object[]
	>(`RED.nodes.registry.getNodeTypes().filter((type) => type.startsWith('carillon-')).map((type, at) => {
		const definition = RED.nodes.getType(type);
		const own = definition.category === 'config' ? {} : { z: 'tab1', x: 200 + 250 * (at % 4), y: 60 + 50 * at, wires: [[]] };
		return { id: type + '-1', type, ...own, ...(definition.defaults.account && { account: definition.defaults.account.type + '-1' }) };
	})`);

test.each([
	['en-US', 'light'],
	['zh-CN', 'dark'],
])(
	'every form opens, fits at 1024 px, tells what is missing, and is saved as it was (%s, %s)',
	async (language, theme) => {
		await nodeRed.deploy([{ id: 'tab1', type: 'tab', label: 'Bells' }]);
		const first = await openEditor(browser, nodeRed.url, { language, theme, width: 1024, height: 1000 });
		const flow = await flowOf(first.page);
		await first.page.context().close();
		expect(flow.length).toBeGreaterThan(50);
		await nodeRed.deploy([{ id: 'tab1', type: 'tab', label: 'Bells' }, ...flow]);
		const { page, faults } = await openEditor(browser, nodeRed.url, { language, theme, width: 1024, height: 1000 });
		page.setDefaultTimeout(300_000);
		const seen = await page.evaluate<(Seen & { words: string[] })[]>(walk);
		expect(seen).toHaveLength(flow.length);
		for (const { type, clipped, width, untold, changed } of seen)
			expect({ type, clipped, isWide: width > 500, untold, changed }).toEqual({
				...{ type, clipped: 0, isWide: false, untold: [], changed: [] },
			});
		const missing = Object.fromEntries(seen.map(({ type, missing }) => [type, missing]));
		expect(missing['carillon-bark-account']).toEqual(['node-config-input-deviceKeys']);
		expect(missing['carillon-telegram-account']).toContain('node-config-input-botToken');
		// Latin words stand in Chinese forms as names alone.
		if (language === 'zh-CN') {
			const words = new Set(seen.flatMap(({ words }) => words));
			const sentences = [...words].filter(
				(text) => /^[A-Z][a-z]+(?: [a-z]{2,}){2,}/.test(text) && !/[\u4e00-\u9fff]/.test(text),
			);
			expect(sentences).toEqual([]);
		}
		expect(faults).toEqual([]);
		await page.screenshot({ path: join(pictures, `node-red-${language}-${theme}-every-form.png`) });
		await page.context().close();
	},
	600_000,
);
