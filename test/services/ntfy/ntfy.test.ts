import { act, deliver, verify } from '../../../src/core/deliver/deliver';
import { ntfy } from '../../../src/services/ntfy/ntfy.channel';
import { faked } from '../../faked';
import { frozenClock, refused } from '../../refused';
import { password, token, Topics } from './topics';

let topics: Topics;
const server = faked((request) => topics.answer(request));
beforeEach(() => (topics = new Topics()));

const account = (more = {}) => ({ baseUrl: server.url, to: 'phone', ...more });
const send = (message: unknown, options: Record<string, unknown> = {}, more = {}) =>
	deliver(ntfy, account(more), { attempts: 1, ...options } as never, message, { clock: frozenClock() });
const last = () => server.requests.at(-1)!.json;

test('a text is published as JSON to the root', async () => {
	const receipt = await send('Hello **you**');
	expect(server.requests[0]).toMatchObject({ method: 'POST', path: '/' });
	expect(last()).toEqual({ topic: 'phone', message: 'Hello you' });
	expect(receipt).toMatchObject({
		ids: ['hwQ2YpKdmg1'],
		handle: { topic: 'phone', id: 'hwQ2YpKdmg1' },
		degraded: [],
	});
});

test('all parts of a message', async () => {
	const message = {
		title: 'Film 片',
		body: 'is **here**',
		url: 'https://example.com/1',
		level: 'warning',
		image: { url: 'https://example.com/p.jpg' },
		buttons: [{ text: 'Play', url: 'https://example.com/play' }],
		key: 'film-1',
	};
	const receipt = await send(message, { format: 'markdown', tags: 'tada, nas' });
	expect(last()).toEqual({
		topic: 'phone',
		title: 'Film 片',
		message: 'is **here**',
		priority: 4,
		tags: ['warning', 'tada', 'nas'],
		click: 'https://example.com/1',
		attach: 'https://example.com/p.jpg',
		filename: 'p.jpg',
		actions: [{ action: 'view', label: 'Play', url: 'https://example.com/play' }],
		markdown: true,
		sequence_id: 'film-1',
	});
	expect(receipt.degraded).toEqual([]);
});

test('every option; own actions stand in place of the buttons, which become links', async () => {
	const http = {
		action: 'http',
		label: 'Off',
		url: 'https://example.com/off',
		method: 'PUT',
		body: '{}',
		clear: true,
	};
	await send(
		{ body: 'x', level: 'failure', buttons: [{ text: 'Gone', url: 'https://example.com' }] },
		{
			...{ priority: '1', levelTag: false, click: 'geo:0,0', icon: 'https://example.com/i.png' },
			...{ email: 'ann@example.com', cache: false, firebase: false, id: 'n1' },
			actions: [
				{ ...http, headers: '{"X-A": "b"}' },
				{ label: 'Take', action: 'broadcast', extras: '{"cmd": "pic"}' },
			],
		},
	);
	expect(last()).toEqual({
		...{ topic: 'phone', message: 'x\n\nGone (https://example.com)', priority: 1, click: 'geo:0,0' },
		...{ icon: 'https://example.com/i.png', email: 'ann@example.com', cache: 'no', firebase: 'no' },
		sequence_id: 'n1',
		actions: [
			{ ...http, headers: { 'X-A': 'b' } },
			{ action: 'broadcast', label: 'Take', extras: { cmd: 'pic' } },
		],
	});
	await send('x', { delay: '30min' });
	expect(last()).toEqual({ topic: 'phone', message: 'x', delay: '30min' });
	expect(await refused(send('x', { delay: '30min', cache: false }))).toMatchObject({
		class: 'Invalid',
		field: 'delay',
	});
});

test.each([
	[{ level: 'failure' }, {}, 5, ['rotating_light']],
	[{ level: 'success' }, {}, undefined, ['white_check_mark']],
	[{ level: 'failure', silent: true }, { priority: '5' }, 2, ['rotating_light']],
	[{ silent: true }, { priority: '1' }, 1, undefined],
])('%j with %j has priority %s', async (message, options, priority, tags) => {
	await send({ body: 'x', ...message }, options);
	expect([last().priority, last().tags]).toEqual([priority, tags]);
});

describe('access', () => {
	test.each([
		[{ token }, `Bearer ${token}`],
		[{ user: 'ann', password }, `Basic ${Buffer.from(`ann:${password}`).toString('base64')}`],
	])('%j', async (more, authorization) => {
		await send('x', {}, { to: 'up-1', ...more });
		expect(server.requests[0]!.headers.authorization).toBe(authorization);
		await verify(ntfy, account(more));
		expect(server.requests[1]!.path).toBe('/v1/account');
	});

	test('an open server is asked whether it is there', async () => {
		await verify(ntfy, account());
		expect(server.requests[0]!.path).toBe('/v1/health');
	});

	test('a wrong token, and none', async () => {
		const wrong = 'tk_wrong0123';
		expect(await refused(verify(ntfy, account({ token: wrong })), wrong)).toMatchObject({
			class: 'Unauthorized',
			code: '40101',
		});
		expect(await refused(send('x', {}, { to: 'up-1' }))).toMatchObject({ class: 'Unauthorized', code: '40301' });
	});
});

test('each topic by itself, also by its address', async () => {
	await send('x', {}, { baseUrl: undefined, to: `${server.url}/a, ${server.url}/b/` });
	expect(topics.published.map(({ topic }) => topic)).toEqual(['a', 'b']);
	expect(await refused(send('x', {}, { to: 'no topic' }))).toMatchObject({ class: 'Invalid', field: 'to' });
});

describe('files', () => {
	const png = { name: 'p.png', mime: 'image/png', data: Buffer.from('\x89PNG\r\n\x1a\n', 'latin1') };

	test('a picture goes up with all that is said of it', async () => {
		const body = '第一行\nC:\\new & <b>';
		const buttons = [{ text: '打开', url: 'https://example.com' }];
		await send({ title: 'Tür ü', body, format: 'text', image: png, level: 'failure', key: 'k 1', buttons });
		expect(server.requests[0]).toMatchObject({ method: 'PUT', path: '/phone' });
		expect(topics.published[0]).toMatchObject({
			...{ title: 'Tür ü', message: body.replace('\\n', '\\\u200bn'), priority: 5, tags: ['rotating_light'] },
			actions: [{ action: 'view', label: '打开', url: 'https://example.com' }],
			sequence_id: expect.stringMatching(/^[\w-]{43}$/),
			...{ filename: 'p.png', file: png.data.toString('latin1') },
		});
	});

	test('beside a long text, and further ones, they follow in silence', async () => {
		const attachments = [{ name: 'a.txt', mime: 'text/plain', data: Buffer.from('a') }];
		await send({ body: 'word '.repeat(600), image: png, attachments });
		expect(topics.published.map((one) => [one.message.slice(0, 5), one.priority, one.filename])).toEqual([
			['word ', undefined, undefined],
			['p.png', 2, 'p.png'],
			['a.txt', 2, 'a.txt'],
		]);
	});

	test('one that is too big costs no text', async () => {
		topics.most = 2;
		const { degraded } = await send({ body: 'x', image: png });
		expect(topics.published).toMatchObject([{ message: 'x' }]);
		expect(degraded).toEqual(['image']);
	});
});

test('a long text is parted before it becomes a file', async () => {
	const url = `https://example.com/${'x'.repeat(700)}`;
	const receipt = await send({ title: 'T'.repeat(900), body: '"长\n'.repeat(2_000), format: 'text', url });
	expect(receipt.parts).toBeGreaterThan(2);
	expect(receipt.degraded).toEqual(['title']);
});

describe('replacing', () => {
	test('an older server makes a second one, and that is said', async () => {
		topics.replaces = false;
		const { degraded, warnings } = await send({ body: 'x', key: 'k', edit: true });
		expect(degraded).toEqual(['edit']);
		expect(warnings[0]).toMatch(/older than ntfy 2\.16/);
		topics.replaces = true;
		expect((await send({ body: 'x', key: 'k', edit: true })).degraded).toEqual([]);
	});

	test('deleting and clearing', async () => {
		const run = (name: string) => act(ntfy, name, account(), { topic: 'phone', id: 'k' });
		await run('deleteNotification');
		await run('clearNotification');
		const asked = server.requests.map(({ method, path }) => `${method} ${path}`);
		expect(asked).toEqual(['DELETE /phone/k', 'PUT /phone/k/clear']);
		topics.replaces = false;
		expect(await refused(run('deleteNotification'))).toMatchObject({ class: 'Rejected', code: '40401' });
	});
});

test('what the server keeps is read', async () => {
	await send('one');
	await send('two', {}, { to: 'nas' });
	const read = await act(ntfy, 'readMessages', account(), { topics: 'phone, nas', since: '10m' });
	expect(read).toMatchObject({ messages: [{ message: 'one' }, { message: 'two' }] });
	expect(server.requests.at(-1)).toMatchObject({ path: '/phone,nas/json', query: { since: '10m' } });
});

test.each([
	[40_010, 'Invalid', /another name/],
	[40_004, 'Invalid', /30min/],
	[40_001, 'Invalid', /no e-mails/],
	[40_035, 'Invalid', /call/],
	[42_901, 'RateLimited', /fewer/],
	[42_908, 'RateLimited', /tomorrow/],
	[42_909, 'RateLimited', /wrong logins/],
	[50_001, 'Unreachable', /later/],
] as [number, string, RegExp][])('a refusal: %i', async (code, errorClass, sentence) => {
	const http = Math.floor(code / 100);
	server.next = { status: http, body: { code, http, error: 'said so' } };
	const error = await refused(send('Hello'));
	expect(error).toMatchObject({ class: errorClass, code: String(code), message: expect.stringMatching(sentence) });
	if (code === 42_901) expect([error.transient, error.retryAfter]).toEqual([true, 5]);
	if (code === 42_908) expect(error.transient).toBe(false);
});

test('a yes without an id is none', async () => {
	server.next = { body: { healthy: true } };
	expect(await refused(send('x'))).toMatchObject({ class: 'Unexpected' });
});
