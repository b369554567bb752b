import { action, baseUrl, defineChannel, secret, text, chars, type ErrorRow } from '../../../src/core/define/channel';
import { act, deliver, lookUp, verify, type Clock } from '../../../src/core/deliver/deliver';
import type { ChannelError } from '../../../src/core/base/errors';
import { closeConnections } from '../../../src/core/http/http';
import { forgetTurns } from '../../../src/core/deliver/send/pace';
import { forgetTokens } from '../../../src/core/deliver/send/token';
import { service, type Answer, type Seen, type Service } from '../../service';

const errors: ErrorRow[] = [
	{ code: 40014, is: 'Unauthorized', refresh: true, do: { en: 'Renew it.', zh: '请更新。' } },
	{ code: 3, is: 'Rejected', because: 'markup', do: { en: 'Plain then.', zh: '改用纯文本。' } },
	{ code: 45009, is: 'RateLimited', retryAfter: 7, do: { en: 'Slower.', zh: '慢一点。' } },
	{
		code: 60020,
		is: 'Unauthorized',
		do: { en: 'Add this server’s IP to the trusted ones.', zh: '请把本机 IP 加入可信名单。' },
	},
];

const fields = { baseUrl: baseUrl('https://chime.example'), key: secret('Key', { zh: '密钥' }) };

const chime = defineChannel({
	id: 'chime',
	name: 'Chime',
	zh: '钟声',
	docs: 'https://example.com',
	renders: { markup: 'markdown', limit: chars(200) },
	replies: {
		ok: (json) => json.errcode === 0,
		code: (json) => json.errcode,
		says: (json) => json.errmsg,
		movedTo: (json) => json.moved,
		errors,
	},
	account: fields,
	target: {
		label: 'Chat',
		zh: '会话',
		each: true,
		list: async ({ http, token, search, cursor }) => {
			const { chats, next } = await http.get('/chats', { query: { token: await token(), search, cursor } });
			return { items: chats, next };
		},
	},
	options: { sound: text('Sound', { zh: '铃声', optional: true }) },
	token: async ({ http, account }) => {
		const { token } = await http.get('/token', { query: { key: account.key } });
		return { value: token, seconds: 7200 };
	},
	async send({ message, http, token, to, options }) {
		const raw = await http.post('/send', {
			query: { token: await token() },
			json: { to: to[0], text: message.body, sound: options.sound },
		});
		return { id: raw.id, raw };
	},
	verify: async ({ http, token }) => http.get('/me', { query: { token: await token() } }),
	actions: {
		ring: action<typeof fields>()({
			name: 'Ring',
			zh: '响铃',
			description: { en: 'Rings the bell', zh: '敲钟' },
			fields: {},
			run: ({ http }) => http.post('/ring'),
		}),
	},
});

let server: Service;
let answers: Answer[];
let tokens: number;
let slept: number[];
let time: number;
const clock: Clock = {
	now: () => time,
	random: () => 0.5,
	sleep: async (ms, signal) => {
		signal.throwIfAborted();
		slept.push(ms);
		time += ms;
	},
};

beforeEach(async () => {
	[answers, tokens, slept, time] = [[], 0, [], Date.now()];
	forgetTokens();
	forgetTurns();
	server = await service((request: Seen) => {
		if (request.path === '/token') return { body: { errcode: 0, token: `token-${++tokens}` } };
		return answers.shift() ?? { body: { errcode: 0, id: 42 } };
	});
});
afterEach(async () => {
	await closeConnections();
	await server.close();
});

const account = (more = {}) => ({ baseUrl: server.url, key: 's3cret-key', to: 'alice', ...more });
const sends = () => server.requests.filter(({ path }) => path === '/send');
const failure = async (promise: Promise<unknown>): Promise<ChannelError> => {
	const error: ChannelError = await promise.then(
		() => Promise.reject(new Error('it went through')),
		(thrown) => thrown,
	);
	expect(error.name).toBe('ChannelError');
	expect([error.message, error.stack, JSON.stringify(error)].join()).not.toContain('s3cret-key');
	return error;
};

test('a receipt tells what went where', async () => {
	const receipt = await deliver(chime, account(), { sound: 'bell' }, 'Hello', { clock });
	expect(receipt).toMatchObject({
		ok: true,
		channel: 'chime',
		ids: ['42'],
		parts: 1,
		attempts: 1,
		degraded: [],
		warnings: [],
	});
	expect(sends()[0]!.json).toEqual({ to: 'alice', text: 'Hello', sound: 'bell' });
});

test('a 200 that says no is a no, in the account’s language and with what to do', async () => {
	answers = [{ body: { errcode: 60020, errmsg: 'not allow to access from your ip' } }];
	const error = await failure(deliver(chime, account({ language: 'zh' }), {}, 'Hello', { clock }));
	expect(error).toMatchObject({ class: 'Unauthorized', code: '60020', channel: 'chime' });
	expect(error.message).toBe(
		'钟声 拒绝了请求：“not allow to access from your ip”（60020）。请把本机 IP 加入可信名单。',
	);
	expect(sends()).toHaveLength(1);
});

test('a stale token is renewed once and the send goes again', async () => {
	answers = [{ body: { errcode: 40014 } }];
	await deliver(chime, account(), {}, 'Hello', { clock });
	expect(sends().map(({ query }) => query.token)).toEqual(['token-1', 'token-2']);
	answers = [{ body: { errcode: 40014 } }, { body: { errcode: 40014 } }];
	expect((await failure(deliver(chime, account(), {}, 'Hello', { clock }))).class).toBe('Unauthorized');
});

test('many sends at once ask for one token', async () => {
	await Promise.all(Array.from({ length: 20 }, () => deliver(chime, account(), {}, 'Hello', { clock })));
	expect(tokens).toBe(1);
});

test('waits as long as the service asks, otherwise backs off with jitter', async () => {
	answers = [
		{ status: 429, headers: { 'retry-after': '3' }, body: { errcode: 1 } },
		{ status: 500, body: 'oops' },
	];
	const receipt = await deliver(chime, account(), {}, 'Hello', { clock });
	expect(receipt.attempts).toBe(3);
	expect(slept).toEqual([3000, 0.5 * 2000]);
});

test('does not wait past its time limit', async () => {
	answers = [{ status: 429, headers: { 'retry-after': '600' }, body: { errcode: 1 } }];
	expect(await failure(deliver(chime, account(), { deadline: 30 }, 'Hello', { clock }))).toMatchObject({
		class: 'RateLimited',
		retryAfter: 600,
	});
	expect(slept).toEqual([]);
});

test('refused markup goes again plain', async () => {
	answers = [{ body: { errcode: 3 } }];
	const receipt = await deliver(chime, account(), {}, '**Hello**', { clock });
	expect(receipt.degraded).toContain('markup');
	expect(sends()[1]!.json.text).toBe('Hello');
});

test('a target that moved is followed, and said', async () => {
	answers = [{ body: { errcode: 9, moved: 'bob' } }];
	const receipt = await deliver(chime, account(), {}, 'Hello', { clock });
	expect(sends().map(({ json }) => json.to)).toEqual(['alice', 'bob']);
	expect(receipt.warnings[0]).toContain('bob');
});

test('each recipient has a result of its own', async () => {
	answers = [1, 2].map((id) => ({ body: { errcode: 0, id } }));
	const { ids, recipients } = await deliver(chime, account({ to: 'alice,bob' }), {}, 'Hello', { clock });
	expect(ids).toEqual(['1', '2']);
	expect(recipients).toEqual([
		{ to: 'alice', ids: ['1'], parts: 1, of: 1 },
		{ to: 'bob', ids: ['2'], parts: 1, of: 1 },
	]);
});

test('every recipient is tried, and the error tells who got it', async () => {
	answers = [{ body: { errcode: 60020 } }];
	const error = await failure(deliver(chime, account({ to: 'alice,bob' }), {}, 'Hello', { clock }));
	expect(error.partial).toEqual({
		delivered: 1,
		failed: [{ to: 'alice', class: 'Unauthorized', code: '60020' }],
		recipients: [
			{
				to: 'alice',
				ids: [],
				parts: 0,
				of: 1,
				error: { class: 'Unauthorized', code: '60020', message: expect.stringContaining('Add this server') },
			},
			{ to: 'bob', ids: ['42'], parts: 1, of: 1 },
		],
	});
});

const long = Array.from({ length: 100 }, (_, index) => `word${index}`).join(' ');

test('what stops a message in the middle tells which parts had gone', async () => {
	answers = [{ body: { errcode: 0, id: 1 } }, { body: { errcode: 60020 } }];
	const error = await failure(deliver(chime, account({ language: 'zh' }), {}, long, { clock }));
	expect(error).toMatchObject({ class: 'Unauthorized', code: '60020' });
	expect(error.message).toMatch(/请把本机 IP 加入可信名单。此前已送达 \d 部分中的 1 部分。$/);
	expect(error.partial).toMatchObject({ delivered: 0, recipients: [{ to: 'alice', ids: ['1'], parts: 1 }] });
	answers = [{ body: { errcode: 60020 } }];
	expect((await failure(deliver(chime, account(), {}, long, { clock }))).partial).toBeUndefined();
});

test('a later try tells what the earlier one lost', async () => {
	const progress = { sent: {} };
	const ok = { body: { errcode: 0, id: 1 } };
	answers = [{ body: { errcode: 3, errmsg: 'no markup with s3cret-key' } }, ok, { body: { errcode: 60020 } }];
	await failure(deliver(chime, account(), {}, long, { clock, progress }));
	expect(JSON.stringify(progress)).not.toContain('s3cret-key');
	const receipt = await deliver(chime, account(), {}, long, { clock, progress });
	expect(receipt.degraded).toContain('markup');
	expect(receipt.warnings).toEqual([expect.stringContaining('no markup with ***')]);
});

test('the access token is told by no error, no receipt and no progress', async () => {
	const echo = { errmsg: 'GET /send?token=token-1' };
	const sentences: string[] = [];
	answers = [{ body: { errcode: 60020, ...echo } }];
	sentences.push(JSON.stringify(await failure(deliver(chime, account(), {}, 'Hello', { clock }))));
	answers = [{ body: { errcode: 3, ...echo } }, { body: { errcode: 0, ...echo } }];
	sentences.push(JSON.stringify(await deliver(chime, account(), {}, '*Hello*', { clock })));
	server.requests.length = 0;
	expect(sentences.join()).not.toContain('token-1');
	expect(sentences.join()).toContain('token=***');
});

test('resumes at the part that failed', async () => {
	const progress = { sent: {} };
	answers = [{ body: { errcode: 0, id: 1 } }, { body: { errcode: 60020 } }];
	await failure(deliver(chime, account(), {}, long, { clock, progress }));
	const before = sends().length;
	const receipt = await deliver(chime, account(), {}, long, { clock, progress });
	expect(receipt.parts).toBeGreaterThan(2);
	expect(sends().length - before).toBe(receipt.parts - 1);
	expect(receipt.ids[0]).toBe('1');
});

test.each([
	['an HTML page', { body: '<html><title>Sign in</title></html>' }, 'Unexpected'],
	['half a JSON text', { body: '{"errcode":' }, 'Unexpected'],
	['nothing', { body: '' }, 'Unexpected'],
	['a broken gateway', { status: 502, body: '<html><title>502 Bad Gateway</title></html>' }, 'Unreachable'],
	[
		'a redirect elsewhere',
		{ status: 302, headers: { location: 'http://127.0.0.2:9/steal' }, body: '' },
		'Unexpected',
	],
	['401', { status: 401, body: 'no' }, 'Unauthorized'],
] as const)('%s is an error', async (_, answer, errorClass) => {
	answers = [answer, answer, answer, answer];
	expect((await failure(deliver(chime, account(), {}, 'Hello', { clock }))).class).toBe(errorClass);
});

test('an unknown outcome is not repeated unless the user allows it', async () => {
	answers = [{ body: '<html>' }];
	const error = await failure(deliver(chime, account(), {}, 'Hello', { clock }));
	expect(error.unknown).toBe(true);
	expect(sends()).toHaveLength(1);
});

test('nor by a later try of the same message', async () => {
	answers = [{ body: '<html>' }];
	const progress = { sent: {} };
	const again = (options = {}) => deliver(chime, account(), options, 'Hello', { clock, progress });
	const [first, second] = [await failure(again()), await failure(again())];
	expect([first.unknown, second.toJSON()]).toEqual([true, first.toJSON()]);
	expect(JSON.parse(JSON.stringify(progress))).toEqual(progress);
	expect(sends()).toHaveLength(1);
	await again({ repeatUnknown: true });
	expect(sends()).toHaveLength(2);
});

test('forms are held to their fields', async () => {
	expect(await failure(deliver(chime, { baseUrl: server.url }, {}, 'Hello'))).toMatchObject({
		class: 'Invalid',
		field: 'key',
	});
	expect(await failure(deliver(chime, account({ to: '' }), {}, 'Hello'))).toMatchObject({
		class: 'Invalid',
		field: 'to',
	});
	expect(await failure(deliver(chime, account(), {}, '  '))).toMatchObject({ class: 'Invalid', field: 'message' });
	expect(await failure(deliver(chime, account(), {}, 7))).toMatchObject({ class: 'Invalid', field: 'message' });
	expect(await failure(deliver(chime, account({ baseUrl: 'ftp://x' }), {}, 'Hello'))).toMatchObject({
		class: 'Invalid',
		field: 'baseUrl',
	});
});

test('nobody listening is said as such', async () => {
	const { url } = server;
	await server.close();
	const error = await failure(deliver(chime, { ...account(), baseUrl: url }, { attempts: 2 }, 'Hello', { clock }));
	expect(error).toMatchObject({ class: 'Unreachable', code: 'ECONNREFUSED', unknown: false });
	expect(slept).toHaveLength(1);
});

test('cancelling ends it at once', async () => {
	const controller = new AbortController();
	controller.abort();
	expect(await failure(deliver(chime, account(), {}, 'Hello', { signal: controller.signal }))).toMatchObject({
		code: 'CANCELLED',
	});
});

test('an operation that may have been carried out is not repeated by a later try', async () => {
	const progress = { sent: {} };
	answers = [{ body: '<html>' }];
	const first = await failure(act(chime, 'ring', account(), {}, { clock, progress }));
	const second = await failure(act(chime, 'ring', account(), {}, { clock, progress }));
	expect([first.unknown, second.unknown, second.message]).toEqual([true, true, first.message]);
	expect(server.requests.map(({ path }) => path)).toEqual(['/ring']);
	expect(await act(chime, 'ring', account(), {}, { clock })).toEqual({ errcode: 0, id: 42 });
});

test('what a field picks from is asked of the service, with its token, and a refusal is a sentence', async () => {
	answers = [
		{ body: { errcode: 0, chats: [{ value: '1', name: 'Ops' }], next: 'p2' } },
		{ body: { errcode: 45009, errmsg: 'slow' } },
	];
	const look = (search?: string, cursor?: string) => lookUp(chime, account(), chime.to!, { search, cursor });
	expect(await look('op', 'p1')).toEqual({ items: [{ value: '1', name: 'Ops' }], next: 'p2' });
	expect(server.requests.at(-1)).toMatchObject({
		path: '/chats',
		query: { search: 'op', cursor: 'p1', token: 'token-1' },
	});
	expect(await failure(look())).toMatchObject({ class: 'RateLimited', message: expect.stringContaining('Slower.') });
	expect(await lookUp(chime, account(), chime.options.sound!, {})).toEqual({ items: [] });
	expect(sends()).toEqual([]);
});

test('verify uses the token; an unknown operation is said as such', async () => {
	await verify(chime, account());
	expect(server.requests[1]).toMatchObject({ path: '/me', query: { token: 'token-1' } });
	expect(await failure(act(chime, 'dance', account(), {}))).toMatchObject({ class: 'Invalid', field: 'operation' });
});

test('the result of an operation holds no secret', async () => {
	answers = [{ body: { errcode: 0, url: '/ring?key=s3cret-key', 's3cret-key': [{ at: 's3cret-key' }], id: 42 } }];
	expect(await act(chime, 'ring', account(), {}, { clock })).toEqual({
		errcode: 0,
		url: '/ring?key=***',
		'***': [{ at: '***' }],
		id: 42,
	});
});
