import { channelSet } from '../../../src/hosts/node-red/channel-node';
import { service, type Answer, type Service } from '../../service';
import { bell } from './bell';
import { listen, load, nodeRed, until, type Listening } from './runtime';

let bellService: Service;
let other: Service;
let answer: () => Answer | Promise<Answer>;
let http: Listening;

const token = 'T0ken-kept-on-the-server';
const kept = '__PWRD__';

beforeAll(() => nodeRed().startServer());
afterAll(() => nodeRed().stopServer());
beforeEach(async () => {
	answer = () => ({ body: { ok: true, id: 7 } });
	bellService = await service(() => answer());
	other = await service(() => ({ body: { ok: true } }));
	const account = { id: 'acc', type: 'carillon-bell-account', baseUrl: bellService.url, port: 443, plan: 'free' };
	await load([channelSet(bell)], [account], { acc: { token } });
	http = await listen(nodeRed()._httpAdmin);
});
afterEach(async () => {
	await http.close();
	await nodeRed().unload();
	await Promise.all([bellService.close(), other.close()]);
});

const form = () => ({
	baseUrl: bellService.url,
	port: '443',
	plan: 'free',
	token: kept,
	hook: '',
	spares: '',
	headers: '',
	to: '',
});

async function test_(asked: object, id = 'bell') {
	const reply = await fetch(`${http.url}/carillon-editor/${id}/test`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify(asked),
	});
	return { status: reply.status, body: (await reply.json()) as Record<string, unknown> };
}

test('really sends, with the secrets that were not edited from the server’s side', async () => {
	const { status, body } = await test_({
		account: 'acc',
		values: form(),
		options: { tone: 'gong', volume: '9', to: 'tower' },
	});
	expect([status, body]).toEqual([200, expect.objectContaining({ ok: true, ids: ['7'], parts: 1 })]);
	expect(bellService.requests[0]!.json).toMatchObject({
		token,
		to: ['tower'],
		options: { tone: 'gong', volume: 9 },
		title: 'Carillon',
		body: expect.stringContaining('Bell'),
	});
	expect(JSON.stringify(body)).not.toContain(token);
});

test('never sends a kept secret where the form says otherwise than what is deployed', async () => {
	const { status, body } = await test_({ account: 'acc', values: { ...form(), baseUrl: other.url } });
	expect([status, body]).toEqual([
		422,
		expect.objectContaining({ class: 'Invalid', field: 'token', message: expect.stringContaining('Base URL') }),
	]);
	expect(other.requests).toEqual([]);
});

test.each([
	['proxy', { proxy: 'http://127.0.0.1:9' }],
	['another secret that may be an address', { hook: 'https://elsewhere.invalid/x' }],
	['certificate checks', { allowInsecureTls: true }],
])('nor with a changed %s', async (_what, changed) => {
	const { status, body } = await test_({ account: 'acc', values: { ...form(), ...changed } });
	expect([status, body.class]).toEqual([422, 'Invalid']);
	expect(bellService.requests).toEqual([]);
});

test('a changed language or target does no harm', async () => {
	const { status } = await test_({ account: 'acc', values: { ...form(), language: 'zh', to: 'gate' } });
	expect(status).toBe(200);
	expect(bellService.requests[0]!.json).toMatchObject({ to: ['gate'], body: expect.stringContaining('铃铛') });
});

test('a new account is tried before it is deployed', async () => {
	const { status } = await test_({ account: 'new', values: { ...form(), baseUrl: other.url, token: 'typed' } });
	expect(status).toBe(200);
	expect(other.requests[0]!.json.token).toBe('typed');
});

test('an account that is not deployed has no kept secrets', async () => {
	const { status, body } = await test_({ account: 'new', values: form() });
	expect([status, body.message]).toEqual([422, expect.stringContaining('not deployed')]);
});

test('an account of another kind lends none', async () => {
	await nodeRed().unload();
	await load(
		[channelSet(bell), channelSet({ ...bell, id: 'gong' })],
		[{ id: 'acc', type: 'carillon-gong-account', baseUrl: bellService.url }],
		{ acc: { token } },
	);
	await http.close();
	http = await listen(nodeRed()._httpAdmin);
	const { status } = await test_({ account: 'acc', values: form() });
	expect(status).toBe(422);
});

test('takes ${ENV} as a deployed node would', async () => {
	process.env.BELL_TEST_URL = bellService.url;
	process.env.BELL_TEST_TOKEN = 'from-the-environment';
	const { status } = await test_({
		account: 'acc',
		values: { ...form(), baseUrl: '${BELL_TEST_URL}', token: '${BELL_TEST_TOKEN}' },
	});
	expect(status).toBe(200);
	expect(bellService.requests[0]!.json.token).toBe('from-the-environment');
});

test('gives the error’s sentence, without the secret', async () => {
	answer = () => ({ body: { ok: false, code: 'bad-token', why: `no such token ${token}` } });
	const { status, body } = await test_({ account: 'acc', values: form() });
	expect([status, body]).toEqual([
		422,
		expect.objectContaining({
			class: 'Unauthorized',
			code: 'bad-token',
			message: expect.stringContaining('new token'),
		}),
	]);
	expect(JSON.stringify(body)).not.toContain(token);
});

test('a request that is given up stops the send', async () => {
	answer = () => new Promise(() => undefined);
	const stop = new AbortController();
	const asked = fetch(`${http.url}/carillon-editor/bell/test`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ account: 'acc', values: form() }),
		signal: stop.signal,
	}).catch(() => undefined);
	await until(() => bellService.requests.length === 1);
	stop.abort();
	await asked;
	await until(() => bellService.sockets.size === 0);
});

test.each([
	['nothing', undefined],
	['not an object', '"x"'],
	['odd values', '{"values":{"token":{"a":1}},"options":[1]}'],
])('%s in the body harms nothing', async (_what, body) => {
	const reply = await fetch(`${http.url}/carillon-editor/bell/test`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body,
	});
	expect([400, 422]).toContain(reply.status);
	expect((await test_({ account: 'acc', values: form() })).status).toBe(200);
});

test('an unknown channel is a 404', async () => {
	expect((await test_({}, 'drum')).status).toBe(404);
});
