import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { defineTrigger, type Connecting } from '../../../src/core/define/trigger';
import type { Config, Msg, Red } from '../../../src/hosts/node-red/red';
import { triggerSet } from '../../../src/hosts/node-red/trigger-node';
import { doorTrigger } from './bell';
import { calls, listen, load, nextInput, nodeRed, statusOf, until, type Listening } from './runtime';

let http: Listening | undefined;
let RED: Red;

beforeAll(() => nodeRed().startServer());
afterAll(() => nodeRed().stopServer());
afterEach(async () => {
	await nodeRed().unload();
	await http?.close();
	http = undefined;
});

const place = { z: 'tab', x: 0, y: 0 };

async function open(config: Partial<Config> = {}, secrets: object = {}, more: Partial<Config>[] = []) {
	const flow = [
		{ id: 'tab', type: 'tab', label: 'tab' },
		{ id: 'acc', type: 'carillon-doorTrigger-account', language: 'en' },
		{
			id: 'door',
			type: 'carillon-doorTrigger',
			account: 'acc',
			path: '/door',
			...place,
			wires: [['out']],
			...config,
		},
		{ id: 'out', type: 'helper', ...place },
		...more,
	];
	RED = await load([triggerSet(doorTrigger)], flow, { acc: secrets });
	http = await listen(RED.httpNode);
}

const post = (path: string, body: unknown, init: RequestInit = {}) =>
	fetch(`${http!.url}${path}`, {
		method: 'POST',
		body: typeof body === 'string' ? body : JSON.stringify(body),
		...init,
	});

describe('a request', () => {
	test('is answered at once; its message, event and raw body go on, bytes as Buffers', async () => {
		await open();
		const input = nextInput('out');
		const reply = await post('/door', { who: 'Ann' });
		expect([reply.status, await reply.json()]).toEqual([200, { ok: true }]);
		const msg = (await input) as Msg & { payload: { image: { data: Buffer } }; event: { poster: Buffer } };
		expect(msg).toMatchObject({
			payload: { title: 'Door', body: '**Ann** is at the door' },
			event: { who: 'Ann', path: '' },
			raw: { who: 'Ann' },
		});
		expect(Buffer.isBuffer(msg.payload.image.data)).toBe(true);
		expect(Buffer.isBuffer(msg.event.poster)).toBe(true);
		expect(statusOf('door').at(-1)).toMatchObject({ fill: 'green', text: expect.stringContaining('received') });
	});

	test('is taken below the path, whatever its case, with the rest as a hint', async () => {
		await open();
		const input = nextInput('out');
		expect((await post('/Door/Front/?x=1', { who: 'Ann' })).status).toBe(200);
		expect(await input).toMatchObject({ event: { path: '/Front/' } });
	});

	test('is taken at the usual addresses as they are', async () => {
		await open();
		const input = nextInput('out');
		expect((await post('/api/v1/door/open', { who: 'Ann' })).status).toBe(200);
		expect(await input).toMatchObject({ event: { path: '/api/v1/door/open' } });
	});

	test('is not taken there where that is switched off', async () => {
		await open({ usual: false });
		expect((await post('/api/v1/door', { who: 'Ann' })).status).toBe(404);
	});

	test.each(['/doors', '/do', '/', '/other/door'])('is left alone at %s', async (path) => {
		await open();
		expect((await post(path, { who: 'Ann' })).status).toBe(404);
	});

	test('may come packed', async () => {
		await open();
		const body = gzipSync(JSON.stringify({ who: 'Ann' }));
		expect((await post('/door', '', { body, headers: { 'content-encoding': 'gzip' } })).status).toBe(200);
		expect((await post('/door', '', { body: 'no gzip', headers: { 'content-encoding': 'gzip' } })).status).toBe(
			400,
		);
		const bomb = gzipSync(Buffer.alloc(1_000_000));
		expect((await post('/door', '', { body: bomb, headers: { 'content-encoding': 'gzip' } })).status).toBe(413);
	});
});

describe('a refusal', () => {
	test('comes before the body is read', async () => {
		await open({}, { key: 'k' });
		const { port } = new URL(http!.url);
		const socket = connect(Number(port), '127.0.0.1');
		socket.write('POST /door HTTP/1.1\r\nhost: x\r\ncontent-length: 900\r\n\r\n{"who"');
		const [answer] = (await new Promise<Buffer[]>((done) => socket.once('data', (data) => done([data])))).map(
			String,
		);
		expect(answer).toMatch(/^HTTP\/1\.1 401 [^]*Wrong key\./);
		socket.destroy();
		expect((await post('/door?key=k', { who: 'Ann' })).status).toBe(200);
	});

	test.each([
		['too large by its head', { body: 'x'.repeat(2_000) }],
		['too large without saying so', { body: new Blob(['x'.repeat(2_000)]).stream(), duplex: 'half' }],
	])('%s: 413', async (_what, init) => {
		await open();
		const reply = await post('/door', '', init as RequestInit);
		expect([reply.status, await reply.json()]).toEqual([
			413,
			{ ok: false, error: expect.stringContaining('1000 bytes') },
		]);
	});

	test('gives the trigger’s reason, in the account’s language', async () => {
		await open();
		const reply = await post('/door', {});
		expect([reply.status, await reply.json()]).toEqual([400, { ok: false, error: 'Nobody is there.' }]);
		// Who set the sender up sees it, too: until the next one is let in.
		expect(statusOf('door').at(-1)).toMatchObject({ fill: 'yellow', text: 'refused (400) Nobody is…' });
		await post('/door', { who: 'Ann' });
		expect(statusOf('door').at(-1)).toMatchObject({ fill: 'green' });
	});

	test('leaves a line where Node-RED’s log and debug bar show it, however many come', async () => {
		await open({}, { key: 'k' });
		for (let i = 0; i < 30; i++) expect((await post('/door?key=guessed', { who: 'Ann' })).status).toBe(401);
		expect(calls('door', 'warn')).toEqual(['A request was refused (401): Wrong key.']);
	});

	test.each([
		['405', '/door?key=k', { method: 'DELETE', body: undefined }],
		['400', '/door?key=k', { body: '{}' }],
		['413', '/door?key=k', { body: 'x'.repeat(2_000) }],
	])('%s leaves one too', async (status, path, init) => {
		await open({}, { key: 'k' });
		expect((await post(path, '', init)).status).toBe(Number(status));
		expect(calls('door', 'warn')).toEqual([expect.stringContaining(`refused (${status})`)]);
	});

	test('of a wrong method says which one is right', async () => {
		await open();
		const reply = await fetch(`${http!.url}/door`);
		expect([reply.status, reply.headers.get('allow')]).toEqual([405, 'POST']);
	});

	test('a fault of our own is a 500 without details, and is shown on the node', async () => {
		await open();
		const reply = await post('/door', { crash: true });
		expect([reply.status, await reply.text()]).toEqual([500, expect.not.stringContaining('hinge')]);
		expect(statusOf('door').at(-1)).toMatchObject({ fill: 'red' });
		expect(String(calls('door', 'error')[0])).toContain('the hinge broke');
		expect((await post('/door', { who: 'Ann' })).status).toBe(200);
	});

	test('half a request harms nothing', async () => {
		await open();
		const socket = connect(Number(new URL(http!.url).port), '127.0.0.1');
		socket.write('POST /door HTTP/1.1\r\nhost: x\r\ncontent-length: 900\r\n\r\n{"who"', () => socket.destroy());
		await new Promise((done) => socket.once('close', done));
		expect((await post('/door', { who: 'Ann' })).status).toBe(200);
	});
});

describe('repeats and late metadata', () => {
	async function received(...bodies: object[]): Promise<unknown[]> {
		const all: unknown[] = [];
		nodeRed()
			.getNode('out')
			.on('input', (({ raw }: Msg) => void all.push(raw)) as never);
		for (const body of bodies) expect((await post('/door', body)).status).toBe(200);
		await new Promise((done) => setTimeout(done, 400));
		return all;
	}

	test('is told to whoever sends it', async () => {
		await open();
		const say = async (body: object) => (await post('/door', body)).json();
		const [one, late] = [
			{ who: 'Ann', key: 'told-1' },
			{ who: 'early', key: 'told-2', settle: 0.1 },
		];
		const whole = nextInput('out').then(() => nextInput('out'));
		expect(await say(one)).toEqual({ ok: true });
		expect(await say(one)).toEqual({ ok: true, repeated: true });
		expect(await say(late)).toEqual({ ok: true });
		expect(await say(late)).toEqual({ ok: true, repeated: true });
		await whole;
		expect(await say({ ...late, settle: 0 })).toEqual({ ok: true, repeated: true });
		expect(await say({ ...late, settle: 5 })).toEqual({ ok: true, repeated: true });
		expect(await say({ who: 'Ann' })).toEqual({ ok: true });
	});

	test('the same key rings once', async () => {
		await open();
		const one = { who: 'Ann', key: 'repeat-1' };
		expect(await received(one, one, { ...one, key: 'repeat-2' })).toHaveLength(2);
	});

	test('0 lets every one through', async () => {
		await open({ repeatWindow: 0 });
		const one = { who: 'Ann', key: 'repeat-3' };
		expect(await received(one, one)).toHaveLength(2);
	});

	test('a complete one takes the place of one that waits', async () => {
		await open();
		const all = await received({ who: 'early', key: 'late-1', settle: 5 }, { who: 'complete', key: 'late-1' });
		expect(all).toEqual([expect.objectContaining({ who: 'complete' })]);
	});

	test('what waits goes on as it is when its time is over', async () => {
		await open();
		expect(await received({ who: 'early', key: 'late-2', settle: 0.1 })).toEqual([
			expect.objectContaining({ who: 'early' }),
		]);
	});
});

describe('paths', () => {
	test('a second trigger on the same path says who has it', async () => {
		const second = {
			id: 'second',
			type: 'carillon-doorTrigger',
			account: 'acc',
			path: '/Door/',
			...place,
			wires: [[]],
		};
		await open({ name: 'Front door' }, {}, [second]);
		expect(statusOf('second')).toEqual([{ fill: 'red', shape: 'ring', text: expect.stringMatching(/^.{1,24}$/u) }]);
		expect(calls('second', 'error')).toEqual([expect.stringContaining('“Front door”')]);
	});

	test('a second one on a path of its own leaves the usual addresses to the first, and says so', async () => {
		const second = {
			id: 'second',
			type: 'carillon-doorTrigger',
			account: 'acc',
			path: '/back',
			...place,
			wires: [[]],
		};
		await open({}, {}, [second]);
		expect(statusOf('second')).toEqual([
			{ fill: 'yellow', shape: 'ring', text: expect.stringMatching(/^.{1,24}$/u) },
		]);
		// There is no room for the whole of it beside the dot.
		expect(calls('second', 'warn')).toEqual([expect.stringMatching(/^Listening, but .* is taken by “.*”\.$/)]);
		expect((await post('/back', { who: 'Ann' })).status).toBe(200);
	});

	test('are free again once the node is gone', async () => {
		await open();
		const app = RED.httpNode as unknown as { _router: { stack: unknown[] } };
		const before = app._router.stack.length;
		for (let n = 0; n < 3; n++) {
			await nodeRed().getNode('door').close();
			expect((await post('/door', { who: 'Ann' })).status).toBe(404);
			const door = {
				id: 'door',
				type: 'carillon-doorTrigger',
				name: `${n}`,
				path: '/door',
				...place,
				wires: [[]],
			};
			await nodeRed().setFlows([{ id: 'tab', type: 'tab' }, door], 'full');
			expect((await post('/door', { who: 'Ann' })).status).toBe(200);
		}
		expect(app._router.stack.length).toBe(before);
	});

	test('without HTTP nodes the node says so', async () => {
		nodeRed()._settings.httpNodeRoot = false;
		try {
			await open();
			expect(statusOf('door')).toEqual([{ fill: 'red', shape: 'ring', text: 'HTTP nodes are switched…' }]);
			expect(calls('door', 'error')).toEqual([expect.stringContaining('httpNodeRoot: false')]);
		} finally {
			delete nodeRed()._settings.httpNodeRoot;
		}
	});

	test('settings that cannot be used are said', async () => {
		await open({ maxSize: 'big' });
		expect(statusOf('door')).toEqual([
			{ fill: 'red', shape: 'ring', text: expect.stringContaining('Largest body') },
		]);
	});
});

describe('a connection', () => {
	let connecting: Connecting;
	let closed: boolean;
	const phoneTrigger = defineTrigger({
		...doorTrigger,
		id: 'phoneTrigger',
		receive: undefined,
		authorize: undefined,
		connect: async (given) => {
			connecting = given;
			given.status('connected');
			await new Promise<void>((done) => given.signal.addEventListener('abort', () => setTimeout(done, 50)));
			closed = true;
		},
	});
	const flow = (type: string) => [
		{ id: 'tab', type: 'tab', label: 'tab' },
		{ id: 'phone', type, ...place, wires: [['out']] },
		{ id: 'out', type: 'helper', ...place },
	];

	test('emits, shows its state, and has ended when the node is closed', async () => {
		closed = false;
		await load([triggerSet(phoneTrigger)], flow('carillon-phoneTrigger'));
		expect(statusOf('phone').at(-1)).toEqual({ fill: 'green', shape: 'ring', text: 'connected' });
		const input = nextInput('out');
		void connecting.emit({ event: { from: 'Ann' }, message: { body: 'call me' }, raw: 'raw', key: 'call-1' });
		void connecting.emit({ event: { from: 'Ann' }, message: { body: 'call me' }, raw: 'raw', key: 'call-1' });
		expect(await input).toMatchObject({ payload: { body: 'call me' }, event: { from: 'Ann' }, raw: 'raw' });
		connecting.status('connecting', { en: 'waiting 5 s', zh: '5 秒后重连' });
		expect(statusOf('phone').at(-1)).toMatchObject({ fill: 'yellow', text: 'waiting 5 s' });
		await nodeRed().getNode('phone').close();
		expect(closed).toBe(true);
	});

	test('one that throws is shown and does not end the process', async () => {
		const broken = defineTrigger({
			...phoneTrigger,
			id: 'brokenTrigger',
			connect: () => Promise.reject(new TypeError('no dial tone')),
		});
		await load([triggerSet(broken)], flow('carillon-brokenTrigger'));
		await until(() => statusOf('phone').some(({ fill }) => fill === 'red'));
		expect(String(calls('phone', 'error')[0])).toContain('no dial tone');
		await nodeRed().getNode('phone').close();
	});
});
