import { ChannelError } from '../../../src/core/base/errors';
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

describe('the account comes before the recipient', () => {
	const refusing = (error: Error) => ({
		...bell,
		target: { ...bell.target!, optional: undefined },
		verify: () => Promise.reject(error),
	});
	const wrongToken = { en: 'The token is wrong: copy it again.', zh: '令牌错误：请重新复制。' };
	const away = { en: 'The bell is away.', zh: '铃不在。' };

	async function ask(error: Error, options = {}) {
		await nodeRed().unload();
		const account = { id: 'acc', type: 'carillon-bell-account', baseUrl: bellService.url, port: 443, plan: 'free' };
		await load([channelSet(refusing(error))], [account], { acc: { token } });
		await http.close();
		http = await listen(nodeRed()._httpAdmin);
		return await test_({ account: 'acc', values: form(), options });
	}

	test('a wrong token is told before a missing recipient', async () => {
		const { status, body } = await ask(new ChannelError('Unauthorized', wrongToken));
		expect([status, body.message]).toEqual([422, wrongToken.en]);
		expect(bellService.requests).toEqual([]);
	});

	test('so is a service that is out of reach', async () => {
		const { body } = await ask(new ChannelError('Unreachable', away));
		expect(body.message).toBe(away.en);
	});

	test('a missing recipient is told where nothing else is wrong', async () => {
		const { verify: _none, ...rest } = refusing(new Error());
		await nodeRed().unload();
		const account = { id: 'acc', type: 'carillon-bell-account', baseUrl: bellService.url, port: 443, plan: 'free' };
		await load([channelSet(rest)], [account], { acc: { token } });
		await http.close();
		http = await listen(nodeRed()._httpAdmin);
		const { body } = await test_({ account: 'acc', values: form() });
		expect(body).toMatchObject({ class: 'Invalid', field: 'to' });
	});

	test.each(['Rejected', 'Unauthorized', 'Unexpected'] as const)(
		'a relay that passes on nothing but messages (%s) is sent by all the same',
		async (errorClass) => {
			const { status } = await ask(new ChannelError(errorClass, away), { to: 'tower' });
			expect(status).toBe(200);
		},
	);
});

describe('variables', () => {
	/** As a person typed it into the form and deployed it. */
	async function redeploy(account: object, credentials: object): Promise<void> {
		await nodeRed().unload();
		const config = { id: 'acc', type: 'carillon-bell-account', baseUrl: bellService.url, port: 443, ...account };
		await load([channelSet(bell)], [config], { acc: credentials });
		await http.close();
		http = await listen(nodeRed()._httpAdmin);
	}

	beforeEach(() => {
		process.env.BELL_TEST_URL = bellService.url;
		process.env.BELL_TEST_TOKEN = 'from-the-environment';
		delete process.env.BELL_TEST_NOPE;
	});
	afterAll(() => {
		delete process.env.BELL_TEST_URL;
		delete process.env.BELL_TEST_TOKEN;
	});

	test.each([
		['a secret', { token: '${HOME}' }],
		['a secret in the other notation', { token: '$(HOME)' }],
		['the secrets of a list', { spares: '${PATH}' }],
		['a text', { seat: '${HOME}', plan: 'paid' }],
		['an address', { hook: '${BELL_TEST_URL}' }],
		['headers', { headers: '${BELL_TEST_TOKEN}' }],
	])('%s that is not deployed so names none that is put in', async (_what, changed) => {
		for (const account of ['acc', 'new', '']) {
			const values = { ...form(), token: 'typed', baseUrl: other.url, ...changed };
			const { status, body } = await test_({ account, values });
			expect([status, body]).toEqual([
				422,
				expect.objectContaining({ class: 'Invalid', message: expect.stringMatching(/variable \w+\..*deploy/) }),
			]);
		}
		expect([...bellService.requests, ...other.requests]).toEqual([]);
	});

	test('are put in where the deployed account holds the same text', async () => {
		await redeploy({ baseUrl: '${BELL_TEST_URL}' }, { token: '$(BELL_TEST_TOKEN)' });
		for (const token of ['$(BELL_TEST_TOKEN)', kept]) {
			const { status } = await test_({
				account: 'acc',
				values: { ...form(), baseUrl: '${BELL_TEST_URL}', token },
			});
			expect(status).toBe(200);
		}
		expect(bellService.requests.map(({ json }) => json.token)).toEqual([
			'from-the-environment',
			'from-the-environment',
		]);
	});

	test.each([
		['another field', { seat: '${BELL_TEST_TOKEN}', plan: 'paid', token: 'typed' }],
		['another address', { baseUrl: 'OTHER' }],
		['another proxy', { proxy: 'http://127.0.0.1:9' }],
		['another variable', { token: '${HOME}' }],
	])('are not put in for %s', async (_what, changed) => {
		await redeploy({}, { token: '${BELL_TEST_TOKEN}' });
		const values = { ...form(), token: '${BELL_TEST_TOKEN}', ...changed };
		if (values.baseUrl === 'OTHER') values.baseUrl = other.url;
		const { status, body } = await test_({ account: 'acc', values });
		expect([status, body.class]).toEqual([422, 'Invalid']);
		expect([...bellService.requests, ...other.requests]).toEqual([]);
	});

	test('that are not set are told by their name', async () => {
		await redeploy({}, { token: '${BELL_TEST_NOPE}' });
		for (const token of ['${BELL_TEST_NOPE}', kept]) {
			const { status, body } = await test_({ account: 'acc', values: { ...form(), token } });
			expect([status, body]).toEqual([
				422,
				expect.objectContaining({
					field: 'token',
					message: expect.stringContaining('variable BELL_TEST_NOPE is not set'),
				}),
			]);
		}
		expect(bellService.requests).toEqual([]);
	});

	test('of a recipient are told', async () => {
		const { status, body } = await test_({ account: 'acc', values: form(), options: { to: '${HOME}' } });
		expect([status, body.field, body.message]).toEqual([422, 'to', expect.stringContaining('variable HOME')]);
		expect(bellService.requests).toEqual([]);
	});
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

describe('from anywhere but the editor’s own page', () => {
	const post = (headers: Record<string, string>, body = JSON.stringify({ account: 'acc', values: form() })) =>
		fetch(`${http.url}/carillon-editor/bell/test`, { method: 'POST', headers, body });
	const json = 'application/json';

	const host = () => new URL(http.url).host;

	test.each<[string, () => Record<string, string>]>([
		['another page', () => ({ origin: 'https://evil.example' })],
		['a page that hides where it is', () => ({ origin: 'null' })],
		['a page on another port', () => ({ origin: 'http://127.0.0.1:1' })],
		[
			'a page of the same name and another scheme',
			() => ({ origin: `https://${host()}`, 'x-forwarded-proto': 'http' }),
		],
		['a name that begins alike', () => ({ origin: `http://${host()}.evil.example` })],
		['an origin with more in it', () => ({ origin: `http://${host()}/` })],
		['several origins', () => ({ origin: `http://${host()} https://evil.example` })],
		['another site', () => ({ 'sec-fetch-site': 'cross-site' })],
		['a neighbour', () => ({ 'sec-fetch-site': 'same-site', origin: `http://${host()}` })],
		['no word of the kind', () => ({ 'sec-fetch-site': 'maybe' })],
		['another page, and a proxy', () => ({ origin: 'https://evil.example', 'x-forwarded-host': 'bells.example' })],
	])('%s is refused', async (_what, headers) => {
		const reply = await post({ 'content-type': json, ...headers() });
		expect([reply.status, await reply.json()]).toEqual([
			403,
			{ ok: false, message: expect.stringContaining('own page') },
		]);
		expect(bellService.requests).toEqual([]);
	});

	test.each([
		['application/x-www-form-urlencoded', 'account=acc&values[baseUrl]=URL&values[token]=${HOME}'],
		['text/plain', '{"account":"acc"}'],
		['text/plain; application/json', '{"account":"acc"}'],
		[
			'multipart/form-data; boundary=x',
			'--x\r\ncontent-disposition: form-data; name="account"\r\n\r\nacc\r\n--x--',
		],
		['application/json-seq', '{"account":"acc"}'],
		['', ''],
	])('a body of the type “%s” is refused', async (type, body) => {
		const reply = await post({ 'content-type': type }, body);
		expect([reply.status, await reply.json()]).toEqual([
			415,
			{ ok: false, message: expect.stringContaining('application/json') },
		]);
		expect(bellService.requests).toEqual([]);
	});

	test.each<[string, () => Record<string, string>]>([
		['its own page', () => ({ origin: http.url, 'sec-fetch-site': 'same-origin' })],
		['what is no browser', () => ({})],
		['a browser that names no origin', () => ({ 'sec-fetch-site': 'same-origin' })],
		['a charset', () => ({ 'content-type': 'Application/JSON; charset=utf-8', origin: http.url })],
		[
			'a proxy that passes on the name',
			() => ({
				origin: 'https://bells.example',
				'x-forwarded-host': 'bells.example',
				'x-forwarded-proto': 'https',
			}),
		],
		[
			'two proxies',
			() => ({
				origin: 'https://bells.example:8443',
				'x-forwarded-host': 'Bells.example:8443, inner:80',
				'x-forwarded-proto': 'https, http',
			}),
		],
		[
			'a proxy that passes on the port beside the name',
			() => ({
				origin: 'http://bells.example:81',
				'x-forwarded-host': 'bells.example',
				'x-forwarded-port': '81',
			}),
		],
		['a proxy that says nothing of TLS', () => ({ origin: http.url.replace('http:', 'https:') })],
		[
			'a port that is the scheme’s own',
			() => ({ origin: 'https://bells.example', 'x-forwarded-host': 'bells.example:443' }),
		],
	])('%s is taken', async (_what, headers) => {
		const reply = await post({ 'content-type': json, ...headers() });
		expect([reply.status, await reply.json()]).toEqual([200, expect.objectContaining({ ok: true })]);
	});

	test('says it in the language of the form', async () => {
		const reply = await post({ 'content-type': json, origin: 'null', 'accept-language': 'zh-CN' });
		expect(((await reply.json()) as { message: string }).message).toContain('编辑器自身页面');
	});
});
