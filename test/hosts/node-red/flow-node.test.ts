import { join } from 'node:path';
import { outbox } from '../../../src/flow/outbox/outbox.flow';
import { borrowed } from '../../../src/core/state/borrowed';
import { stores } from '../../../src/core/state/lending';
import { sqliteStore } from '../../../src/core/state/sqlite';
import type { Store, Which } from '../../../src/core/state/store';
import { channelSet } from '../../../src/hosts/node-red/channel-node';
import { flowSet } from '../../../src/hosts/node-red/flow-node';
import type { Config, Msg } from '../../../src/hosts/node-red/red';
import { temporary, workerFile } from '../../core/state/stores';
import { service, type Answer, type Seen, type Service } from '../../service';
import { bell } from './bell';
import { calls, load, nextInput, nodeRed, until } from './runtime';

const lendHere = () => stores.lend(file, () => sqliteStore({ file, worker: workerFile() }));
jest.mock('../../../src/hosts/node-red/stores', () => ({
	storeOf: () => lendHere(),
	lastingOf: () => borrowed(() => lendHere()),
}));

let file: string;
let remove: () => void;
let bellService: Service;
let answer: (seen: Seen) => Answer | Promise<Answer>;

beforeAll(() => nodeRed().startServer());
afterAll(() => nodeRed().stopServer());
beforeEach(async () => {
	const made = temporary();
	[file, remove] = [join(made.folder, 'carillon.db'), made.remove];
	answer = () => ({ body: { ok: true, id: 7 } });
	bellService = await service((seen) => answer(seen));
});
afterEach(async () => {
	await nodeRed().unload();
	await bellService.close();
	remove();
});

/** outbox → bell → out; what is given up → givenUp. */
async function start(config: Partial<Config> = {}, bellConfig: Partial<Config> = {}) {
	const place = { z: 'tab', x: 0, y: 0 };
	const flow = [
		{ id: 'tab', type: 'tab', label: 'tab' },
		{ id: 'acc', type: 'carillon-bell-account', baseUrl: bellService.url, port: 443, plan: 'free' },
		{ id: 'box', ...place, type: 'carillon-outbox', wires: [['bell'], ['givenUp']], ...defaults, ...config },
		{ id: 'bell', ...place, type: 'carillon-bell', account: 'acc', attempts: 1, wires: [['out']], ...bellConfig },
		{ id: 'out', ...place, type: 'helper' },
		{ id: 'givenUp', ...place, type: 'helper' },
	];
	await load([channelSet(bell), flowSet(outbox)], flow, { acc: { token: 'T0ken' } });
	return (msg: Msg) => nodeRed().getNode('box').receive(msg);
}
const defaults = { keepFor: 3, lane: '', ordered: true, pace: '', repeatUnknown: true, language: 'en' };

/** What a look into the store says. */
async function kept<T>(look: (store: Store) => Promise<T>): Promise<T> {
	const { store, giveBack } = lendHere();
	try {
		return await look(store);
	} finally {
		await giveBack();
	}
}
const listed = (which: Which) => kept((store) => store.list('box', which, 100));
async function untilListed(which: Which, count: number) {
	for (let tries = 0; tries < 500; tries++) {
		const all = await listed(which);
		if (all.length === count) return all;
		await new Promise((done) => setTimeout(done, 20));
	}
	throw new Error(
		`There are not ${count} of ${which}: ${JSON.stringify(await kept((store) => store.status('box')))}`,
	);
}
const bodies = () => bellService.requests.map(({ json }) => json.body);

test('what comes in is kept, delivered in order, and over at once when the channel has reported', async () => {
	const send = await start();
	for (let n = 0; n < 8; n++) send({ payload: `m${n}` });
	const done = await untilListed('done', 8);
	expect(bodies()).toEqual(['m0', 'm1', 'm2', 'm3', 'm4', 'm5', 'm6', 'm7']);
	expect(done[0]!.result).toMatchObject({ channels: [{ channel: 'bell', receipt: { ok: true, ids: ['7'] } }] });
});

test('a message arrives as it was, with its bytes; requests and functions stay behind', async () => {
	const send = await start();
	const out = nextInput('out');
	const data = Buffer.from([0xff, 0xd8, 0xff, 0xe0]);
	const circle: Record<string, unknown> = { a: 1 };
	circle.self = circle;
	send({
		payload: { body: 'b', image: { data } },
		topic: 't',
		deep: [{ data }],
		res: { end: 1 },
		call: () => 1,
		circle,
	});
	const msg = await out;
	expect(msg).toMatchObject({
		payload: { body: 'b', image: { data } },
		topic: 't',
		deep: [{ data }],
		circle: { a: 1 },
		receipt: { ok: true },
	});
	expect(Object.keys(msg)).not.toEqual(expect.arrayContaining(['res']));
	expect(calls<string>('box', 'warn').join()).toMatch(/call, circle\.self/);
	expect(bellService.requests[0]!.json.pictures).toEqual([expect.objectContaining({ size: 4 })]);
});

test('while the first of a lane cannot be sent the others wait, through a restart; then all go in order', async () => {
	answer = () => ({ status: 503, body: 'down' });
	const send = await start();
	for (let n = 0; n < 3; n++) send({ payload: `m${n}` });
	await until(() => bellService.requests.length === 1);
	const [first] = await untilListed('waiting', 3);
	await until(() => calls<string>('bell', 'error').length === 0 || true);
	expect(first).toMatchObject({ attempt: 1, error: expect.stringMatching(/Bell/) });
	await nodeRed().unload();
	answer = () => ({ body: { ok: true, id: 7 } });
	// Somebody has mended it, and does not wait for the next try.
	await kept((store) => store.drop('box', first!.id));
	await start();
	await untilListed('done', 2);
	expect(bodies().slice(-2)).toEqual(['m1', 'm2']);
});

test('one that the service refuses comes out of the second output, and the lane goes on', async () => {
	answer = ({ json }) =>
		json.body === 'bad' ? { body: { ok: false, code: 'x', why: 'ugly' } } : { body: { ok: true, id: 7 } };
	const send = await start();
	const givenUp = nextInput('givenUp');
	send({ payload: 'bad', topic: 't' });
	send({ payload: 'good' });
	expect(await givenUp).toMatchObject({
		payload: 'bad',
		topic: 't',
		carillon: { givenUp: { reason: expect.stringMatching(/ugly/), attempts: 1 } },
	});
	await untilListed('done', 1);
	expect((await untilListed('dead', 1))[0]!.error).toMatch(/ugly/);
});

test('a failure that the flow takes care of is delivered', async () => {
	answer = () => ({ body: { ok: false, code: 'x', why: 'ugly' } });
	const send = await start({}, { failures: true, wires: [['out'], ['out']] });
	send({ payload: 'bad' });
	expect((await untilListed('done', 1))[0]!.result).toMatchObject({
		channels: [{ handled: expect.stringMatching(/ugly/) }],
	});
});

test('the same happening delivered again goes once; another that looks the same goes too', async () => {
	const send = await start();
	const happening = `hp-${'a'.repeat(22)}`;
	for (const payload of [{ body: 'a', happening }, { body: 'a', happening }, { body: 'plain' }, { body: 'plain' }])
		send({ payload });
	await untilListed('done', 3);
	expect(bodies()).toEqual(['a', 'plain', 'plain']);
});

test('lanes by an expression hold each other up no more', async () => {
	answer = ({ json }) => (json.body === 'stuck' ? { status: 503, body: '' } : { body: { ok: true, id: 7 } });
	const send = await start({ lane: 'topic', lane_type: 'msg' });
	send({ payload: 'stuck', topic: 'a' });
	send({ payload: 'behind', topic: 'a' });
	send({ payload: 'free', topic: 'b' });
	await untilListed('done', 1);
	expect(bodies().sort()).toEqual(['free', 'stuck']);
});

test('a lane that cannot be told is the node’s error, and what comes after it is kept', async () => {
	const send = await start({
		lane: 'payload.to = "nobody" ? $error("who is that?") : payload.to',
		lane_type: 'jsonata',
	});
	send({ payload: { body: 'a', to: 'nobody' } });
	send({ payload: { body: 'b', to: 'Ann' } });
	await untilListed('done', 1);
	await until(() => calls('box', 'error').length > 0);
	expect(bodies()).toEqual(['b']);
	expect(String(calls('box', 'error')[0])).toMatch(/who is that/);
	for (const which of ['waiting', 'held', 'dead'] as const) expect(await listed(which)).toEqual([]);
});

test('a text of 10 MB is refused with what to do, nothing of it is kept, and what comes after it is', async () => {
	const send = await start();
	send({ payload: 'x'.repeat(10 * 1024 * 1024) });
	send({ payload: 'small' });
	await untilListed('done', 1);
	await until(() => calls('box', 'error').length > 0);
	expect(bodies()).toEqual(['small']);
	expect(String(calls('box', 'error')[0])).toMatch(/larger than 1024 KB.*Send less in one message/);
	for (const which of ['waiting', 'held', 'dead'] as const) expect(await listed(which)).toEqual([]);
});

test('what nobody behind has sent when the node is stopped is whoever’s next', async () => {
	const send = await start({ wires: [['out'], ['givenUp']] });
	const out = nextInput('out');
	send({ payload: 'm' });
	await out;
	await nodeRed().unload();
	expect(await listed('waiting')).toHaveLength(1);
});
