import { join } from 'node:path';
import { borrowed } from '../../../src/core/state/borrowed';
import { stores } from '../../../src/core/state/lending';
import { sqliteStore } from '../../../src/core/state/sqlite';
import type { Store } from '../../../src/core/state/store';
import { channelSet } from '../../../src/hosts/node-red/channel-node';
import { flowSet } from '../../../src/hosts/node-red/flow-node';
import type { Msg } from '../../../src/hosts/node-red/red';
import { outbox } from '../../../src/flow/outbox/outbox.flow';
import { temporary, workerFile } from '../../core/state/stores';
import { service, type Answer, type Service } from '../../service';
import { bell } from './bell';
import { listen, load, nodeRed, until, type Listening } from './runtime';

const lendHere = () => stores.lend(file, () => sqliteStore({ file, worker: workerFile() }));
jest.mock('../../../src/hosts/node-red/stores', () => ({
	storeOf: () => lendHere(),
	lastingOf: () => borrowed(() => lendHere()),
}));

let file: string;
let remove: () => void;
let bellService: Service;
let http: Listening;
let answer: (body: string) => Answer;

beforeAll(() => nodeRed().startServer());
afterAll(() => nodeRed().stopServer());
beforeEach(async () => {
	const made = temporary();
	[file, remove] = [join(made.folder, 'carillon.db'), made.remove];
	answer = () => ({ body: { ok: true, id: 7 } });
	bellService = await service(({ json }) => answer((json as { body: string }).body));
});
afterEach(async () => {
	await http.close();
	await nodeRed().unload();
	await bellService.close();
	remove();
});

async function start(): Promise<(msg: Msg) => void> {
	const place = { z: 'tab', x: 0, y: 0 };
	const settings = { keepFor: 3, lane: '', ordered: false, pace: '', repeatUnknown: true, language: 'en' };
	const flow = [
		{ id: 'tab', type: 'tab', label: 'Belfry' },
		{ id: 'acc', type: 'carillon-bell-account', baseUrl: bellService.url, port: 443, plan: 'free' },
		{ id: 'box', ...place, type: 'carillon-outbox', name: 'Phones', wires: [['bell'], []], ...settings },
		{ id: 'bell', ...place, type: 'carillon-bell', account: 'acc', attempts: 1, wires: [[]] },
	];
	await load([channelSet(bell), flowSet(outbox)], flow, { acc: { token: 'T0ken' } });
	http = await listen(nodeRed()._httpAdmin);
	return (msg) => nodeRed().getNode('box').receive(msg);
}

async function ask(what: string, body: object = {}, headers: object = {}) {
	const reply = await fetch(`${http.url}/carillon-editor/outbox/${what}`, {
		method: 'POST',
		headers: { 'content-type': 'application/json', ...headers },
		body: JSON.stringify(body),
	});
	const text = await reply.text();
	return { status: reply.status, bytes: text.length, body: JSON.parse(text) as Answered };
}
interface Answered {
	message?: string;
	keepers?: { counts: Record<string, number>; fault?: string }[];
	entries?: Record<string, unknown>[];
	past?: number;
}
const kept = async (which: string, past = 0) => (await ask('kept', { node: 'box', which, past })).body;

async function untilCounted(which: string, count: number): Promise<void> {
	for (let tries = 0; tries < 500; tries++) {
		const { keepers } = (await ask('keepers')).body;
		if (keepers?.[0]?.counts[which] === count) return;
		await new Promise((done) => setTimeout(done, 20));
	}
	throw new Error(`There are not ${count} of ${which}.`);
}

async function inStore<T>(run: (store: Store) => Promise<T>): Promise<T> {
	const { store, giveBack } = lendHere();
	try {
		return await run(store);
	} finally {
		await giveBack();
	}
}

test('what was delivered, given up and waits is told with what became of it', async () => {
	const send = await start();
	answer = (body) => {
		if (body === 'bad') return { body: { ok: false, code: 'x', why: 'ugly' } };
		return body === 'late' ? { status: 503, body: 'down' } : { body: { ok: true, id: 7 } };
	};
	send({ payload: { title: 'Backup', body: 'good' } });
	send({ payload: 'bad', topic: 'Disk' });
	send({ payload: 'late' });
	await untilCounted('done', 1);
	await untilCounted('dead', 1);
	await until(() => bellService.requests.length >= 3);
	await untilCounted('waiting', 1);
	const told = (await ask('keepers')).body.keepers;
	expect(told).toEqual([
		{
			...{ id: 'box', name: 'Phones', place: 'Belfry', notices: [] },
			counts: { waiting: 1, held: 0, dead: 1, done: 1 },
		},
	]);
	expect((await kept('done')).entries).toEqual([
		expect.objectContaining({
			...{ title: 'Backup', text: 'good', attempts: 1, ended: expect.any(Number) },
			sent: [expect.objectContaining({ channel: 'bell', ids: ['7'], parts: 1 })],
		}),
	]);
	expect((await kept('dead')).entries).toEqual([
		expect.objectContaining({ title: 'Disk', text: 'bad', attempts: 1, error: expect.stringMatching(/ugly/) }),
	]);
	expect((await kept('waiting')).entries).toEqual([
		expect.objectContaining({ text: 'late', due: expect.any(Number), error: expect.stringMatching(/Bell/) }),
	]);
});

test('one that was given up, or waits for its next try, is sent again; another one is dropped', async () => {
	const send = await start();
	answer = (body) =>
		body === 'late' ? { status: 503, body: 'down' } : { body: { ok: false, code: 'x', why: 'ugly' } };
	for (const payload of ['one', 'two', 'late']) send({ payload });
	await untilCounted('dead', 2);
	await until(() => bellService.requests.length >= 3);
	await untilCounted('waiting', 1);
	const dead = (await kept('dead')).entries!;
	const idOf = (text: string) => dead.find((one) => one.text === text)!.id;
	const [late] = (await kept('waiting')).entries!;
	answer = () => ({ body: { ok: true, id: 8 } });
	for (const message of [idOf('one'), late!.id])
		expect((await ask('sendAgain', { node: 'box', message })).status).toBe(200);
	expect((await ask('drop', { node: 'box', message: idOf('two') })).status).toBe(200);
	await untilCounted('done', 2);
	expect((await ask('keepers')).body.keepers).toEqual([
		expect.objectContaining({ counts: { waiting: 0, held: 0, dead: 0, done: 2 } }),
	]);
	// Pressed once more.
	const again = await ask('drop', { node: 'box', message: idOf('two') }, { 'accept-language': 'zh-CN' });
	expect([again.status, again.body]).toEqual([422, { ok: false, message: expect.stringMatching(/已不存在/) }]);
	const unknown = await ask('sendAgain', { node: 'none', message: 'x' });
	expect([unknown.status, unknown.body.message]).toEqual([422, expect.stringMatching(/deploy it first/)]);
});

test('answers stay small however much waits, and pages reach all of it', async () => {
	answer = () => ({ status: 503, body: 'down' });
	await start();
	// By hand, and for later: what counts is the listing.
	const body = { content: { payload: `${'𝄞'.repeat(20_000)}`, topic: 't'.repeat(20_000) } };
	await inStore((store) =>
		store.transact('box', 'k', [], (_cell, _inputs, now) => ({
			batches: Array.from({ length: 45 }, (_, n) => ({ lane: `l${n}`, dueAt: now + 3_600_000, body })),
		})),
	);
	const seen: unknown[] = [];
	let past = 0;
	for (let pages = 1; ; pages++) {
		const { body: told, bytes } = await ask('kept', { node: 'box', which: 'waiting', past });
		expect(bytes).toBeLessThan(100_000);
		seen.push(...told.entries!.map(({ lane }) => lane));
		if (told.past === undefined) break;
		past = told.past;
		expect(pages).toBeLessThan(4);
	}
	expect(seen).toEqual(Array.from({ length: 45 }, (_, n) => `l${n}`));
	const [first] = (await kept('waiting')).entries!;
	expect(first!.text).toBe(`${'𝄞'.repeat(300)}…`);
});

test('nothing that is asked oddly ends anything', async () => {
	await start();
	for (const odd of [{}, { node: 'box', which: 'none', past: -1 }, { node: 'box', past: 'x' }, { node: ['box'] }, []])
		expect([200, 422]).toContain((await ask('kept', odd)).status);
	for (const what of ['sendAgain', 'drop', 'seen'])
		expect([200, 422]).toContain((await ask(what, { node: 'box', message: { $gt: '' }, notice: 7 })).status);
	expect((await ask('keepers')).status).toBe(200);
});
