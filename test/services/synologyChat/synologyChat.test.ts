import { fc } from '../../property';
import { synologyChat } from '../../../src/services/synologyChat/synologyChat.channel';
import { act, deliver, verify } from '../../../src/core/deliver/deliver';
import { closeConnections } from '../../../src/core/http/http';
import { forgetTurns } from '../../../src/core/deliver/send/pace';
import { frozenClock, refused } from '../../refused';
import { service, type Answer, type Seen, type Service } from '../../service';

const token = 'AbCdEfGhIjKlMnOpQrStUvWxYz0123456789';
let server: Service;
/** Answers in front of the usual ones. */
let next: Answer[];

const no = (code: number, errors: unknown = ''): Answer => ({ body: { error: { code, errors }, success: false } });
const people = [
	{ user_id: 4, username: 'alice', nickname: 'Al', deleted: false },
	{ user_id: 5, username: 'bob', nickname: '', deleted: false },
	{ user_id: 6, username: 'carol', deleted: true },
];

/** Every answer has HTTP status 200, as on the NAS. */
function answer({ method, path, query, headers, form }: Seen): Answer {
	const early = next.shift();
	if (early) return early;
	if (path !== '/webapi/entry.cgi' || query.api !== 'SYNO.Chat.External' || query.version !== '2') return no(102);
	if (query.token?.replaceAll('"', '') !== token) return no(404, 'invalid token');
	if (query.method === 'user_list') return { body: { data: { users: people }, success: true } };
	if (query.method === 'channel_list' || query.method === 'post_list')
		return { body: { data: { asked: query }, success: true } };
	if (method !== 'POST' || headers['content-type'] !== 'application/x-www-form-urlencoded') return no(120);
	const payload = JSON.parse(form.payload ?? 'null');
	if (!payload || (!payload.text && !payload.file_url)) return no(120, { name: 'text', reason: 'required' });
	if (
		query.method === 'chatbot' &&
		payload.channel_id === undefined &&
		!(payload.user_ids?.length > 0 && payload.user_ids.every(Number.isInteger))
	)
		return no(120, { name: 'user_ids', reason: 'required' });
	if (query.method === 'incoming' && payload.user_ids) return no(120);
	return {
		body: {
			data: query.method === 'chatbot' ? { succ: { user_id_post_map: { 4: 8001 } }, fail: [] } : undefined,
			success: true,
		},
	};
}

beforeEach(async () => {
	next = [];
	forgetTurns();
	server = await service(answer);
});
afterEach(async () => {
	await closeConnections();
	await server.close();
});

const webhook = (more = {}) => ({ baseUrl: server.url, token, ...more });
const bot = (more = {}) => webhook({ kind: 'chatbot', to: '4', ...more });
const send = (
	account: Record<string, unknown>,
	options: Record<string, unknown>,
	message: unknown,
	clock = frozenClock(),
) => deliver(synologyChat, account, { attempts: 1, ...options }, message, { clock });
const payloads = () => server.requests.map(({ form }) => JSON.parse(form.payload!));

test('by an incoming webhook', async () => {
	await send(webhook(), {}, 'Hello');
	expect(server.requests[0]).toMatchObject({
		method: 'POST',
		path: '/webapi/entry.cgi',
		query: { api: 'SYNO.Chat.External', method: 'incoming', version: '2', token: `"${token}"` },
		headers: { 'content-type': 'application/x-www-form-urlencoded' },
	});
	expect(payloads()).toEqual([{ text: 'Hello' }]);
});

test('by a bot, to ids, names and everybody', async () => {
	const receipt = await send(bot(), { to: '4,5' }, 'Hello');
	await send(bot(), { to: 'alice,@bob,4' }, 'Hello');
	await send(bot(), { to: '@all' }, 'Hello');
	const posts = server.requests
		.filter(({ query }) => query.method === 'chatbot')
		.map(({ form }) => JSON.parse(form.payload!).user_ids);
	expect(posts).toEqual([
		[4, 5],
		[4, 5],
		[4, 5],
	]);
	expect(receipt.handle).toEqual({ user_id_post_map: { 4: 8001 } });
	await send(bot({ to: '' }), { channelId: 12 }, 'Hello');
	expect(JSON.parse(server.requests.at(-1)!.form.payload!)).toEqual({ text: 'Hello', channel_id: 12 });
});

test.each([
	['', /A bot writes to users/],
	['zed', /sees no user “zed”/],
	['carol', /sees no user “carol”/],
])('a bot without a usable user (%j) says so', async (to, sentence) => {
	expect(await refused(send(bot({ to }), {}, 'Hello'), token)).toMatchObject({
		class: 'Invalid',
		field: 'to',
		message: expect.stringMatching(sentence),
	});
});

test.each(['%22TOKEN%22', '"TOKEN"', 'TOKEN'])('takes the token as %s', async (form) => {
	await send(webhook({ token: form.replace('TOKEN', token) }), {}, 'Hello');
	expect(server.requests[0]!.query.token).toBe(`"${token}"`);
});

test('takes the whole URL as it was pasted, and sees what it belongs to', async () => {
	const url = (method: string, key: string) =>
		`${server.url}/webapi/entry.cgi?api=SYNO.Chat.External&method=${method}&version=2&token=${key}`;
	await send({ token: url('chatbot', `%22${token}%22`), to: '4' }, {}, 'Hello');
	await send({ token: url('incoming', token) }, {}, 'Hello');
	await send(
		{
			baseUrl: `${server.url}/`,
			token: url('incoming', token).replace(server.url, 'https://nas.example.com:5001'),
		},
		{},
		'Hello',
	);
	expect(server.requests.map(({ query }) => [query.method, query.token])).toEqual([
		['chatbot', `"${token}"`],
		['incoming', token],
		['incoming', token],
	]);
	expect(await refused(send({ token }, {}, 'Hello'), token)).toMatchObject({ class: 'Invalid', field: 'baseUrl' });
});

test('pictures and files by address, mentions, links for buttons that open something', async () => {
	await send(
		bot(),
		{ callbackId: 'film' },
		{
			title: 'T',
			body: 'Hello',
			mentions: ['alice', '@bob'],
			image: { url: 'https://pictures.example/a.jpg' },
			attachments: [{ url: 'https://files.example/task.log' }],
			buttons: [
				{ text: 'Watch <it>', url: 'https://example.com/w' },
				{ text: 'Skip', value: 'skip', style: 'danger' },
				{ text: 'Later', value: 'later' },
			],
		},
	);
	const [message, file] = payloads();
	expect(message.text).toMatch(/^@alice @bob\n\*T\*\s+Hello\n<https:\/\/example\.com\/w\|Watch  it >$/);
	expect(message).toMatchObject({ file_url: 'https://pictures.example/a.jpg', user_ids: [4] });
	expect(message.attachments).toEqual([
		{
			callback_id: 'film',
			text: 'T',
			actions: [
				{ type: 'button', text: 'Skip', name: 'Skip', value: 'skip', style: 'red' },
				{ type: 'button', text: 'Later', name: 'Later', value: 'later', style: 'grey' },
			],
		},
	]);
	expect(file).toEqual({ file_url: 'https://files.example/task.log', user_ids: [4] });
});

test.each([
	[
		'rows',
		[
			{ text: 'Deploy?', actions: 'Yes = deploy it\n\n Later \nWith = sign = a=b', callback_id: 'deploy' },
			{ text: 'Anything else?', actions: 'No = no' },
		],
	],
	[
		'what Synology describes',
		[
			{
				...{ callback_id: 'deploy', text: 'Deploy?' },
				actions: [
					{ type: 'button', text: 'Yes', name: 'Yes', value: 'deploy it', style: 'grey' },
					{ type: 'button', text: 'Later', name: 'Later', value: 'Later', style: 'grey' },
					{ type: 'button', text: 'With', name: 'With', value: 'sign = a=b', style: 'grey' },
				],
			},
			{
				text: 'Anything else?',
				actions: '[{"type":"button","text":"No","name":"No","value":"no","style":"grey"}]',
			},
		],
	],
])('own attachments (%s)', async (_, attachments) => {
	await send(bot(), { attachments, callbackId: 'mine' }, 'Hello');
	await send(webhook(), { attachments: JSON.stringify(attachments) }, 'Hello');
	const button = (text: string, value: string) => ({ type: 'button', text, name: text, value, style: 'grey' });
	const wanted = (callbackId: string) => [
		{
			...{ callback_id: 'deploy', text: 'Deploy?' },
			actions: [button('Yes', 'deploy it'), button('Later', 'Later'), button('With', 'sign = a=b')],
		},
		{ callback_id: callbackId, text: 'Anything else?', actions: [button('No', 'no')] },
	];
	expect(payloads().map((payload) => payload.attachments)).toEqual([wanted('mine'), wanted('carillon')]);
});

test.each([[['yes', 'no']], ['[{"text":'], ['[5]'], ['Yes = yes\n= no'], [7], [{ text: 'Yes' }]])(
	'buttons that are none are refused (%j)',
	async (actions) => {
		await expect(send(bot(), { attachments: [{ text: 'Deploy?', actions }] }, 'Hello')).rejects.toMatchObject({
			...{ class: 'Invalid', field: 'attachments[0].actions' },
		});
		expect(server.requests).toEqual([]);
	},
);

test('own attachments replace the message’s buttons; a webhook has none by itself', async () => {
	const own = [{ callback_id: 'x', text: 'y', actions: [] }];
	await send(bot(), { attachments: own }, { body: 'Hello', buttons: [{ text: 'Skip', value: 'skip' }] });
	const receipt = await send(webhook(), {}, { body: 'Hello', buttons: [{ text: 'Skip', value: 'skip' }] });
	expect(payloads()[0].attachments).toEqual(own);
	expect(payloads()[1]).toEqual({ text: 'Hello' });
	expect(receipt.degraded).toEqual(['buttons']);
});

test('whatever the text holds arrives: it is encoded once', async () => {
	await fc.assert(
		fc.asyncProperty(fc.string({ unit: 'binary', minLength: 1 }), async (text) => {
			server.requests.length = 0;
			forgetTurns();
			await act(synologyChat, 'sendPayload', webhook(), { payload: { text } });
			expect(payloads()[0].text).toBe(JSON.parse(JSON.stringify(text)).toWellFormed());
		}),
		{ numRuns: 40 },
	);
});

test('posts keep their distance, and 411 and 117 are tried again', async () => {
	const clock = frozenClock();
	await send(webhook(), {}, 'one', clock);
	await send(webhook(), {}, 'two', clock);
	expect(clock.slept).toEqual([1000]);
	next = [no(411, 'create post too fast'), no(117, 'busy')];
	const receipt = await send(webhook(), { attempts: 3 }, 'three', clock);
	expect(receipt.attempts).toBe(3);
	expect(server.requests).toHaveLength(5);
});

test('a file that comes too fast does not repeat the message', async () => {
	await server.close();
	let files = 0;
	server = await service((request) =>
		request.form.payload?.includes('file_url') && files++ === 0 ? no(411) : answer(request),
	);
	const receipt = await send(
		webhook(),
		{ attempts: 2 },
		{ body: 'Hello', attachments: [{ url: 'https://files.example/a.log' }] },
	);
	expect(payloads().map((payload) => payload.text ?? payload.file_url)).toEqual([
		'Hello',
		'https://files.example/a.log',
		'https://files.example/a.log',
	]);
	expect(receipt.warnings).toEqual([]);
});

test('a picture that the NAS cannot load does not cost the text', async () => {
	next = [no(800, 'file_url')];
	const receipt = await send(webhook(), {}, { body: 'Hello', image: { url: 'https://pictures.example/a.jpg' } });
	expect(payloads()).toEqual([
		{ text: 'Hello', file_url: 'https://pictures.example/a.jpg' },
		{ text: 'Hello\n\n<https://pictures.example/a.jpg|Picture>' },
	]);
	expect(receipt.degraded).toEqual(['image']);
});

test.each([
	[no(411, 'create post too fast'), 'RateLimited', '411', /one post a second/],
	[no(117, ''), 'Unreachable', '117', /busy/],
	[no(404, 'invalid token'), 'Unauthorized', '404', /copy the token/],
	[no(407, ''), 'Unauthorized', '407', /copy the token/],
	[no(102), 'Rejected', '102', /install Synology Chat/],
	[no(105), 'Unauthorized', '105', /Copy the token/],
	[no(120, { name: 'user_ids', reason: 'type' }), 'Rejected', '120', /user_ids.*check users/],
	[no(9999, 'new'), 'Rejected', '9999', /new/],
	[{ body: {} }, 'Rejected', '200', /said no/],
	[{ body: '<html><title>DSM</title></html>' }, 'Unexpected', '200', /web page/],
] as [Answer, string, string, RegExp][])('a refusal: %j', async (reply, errorClass, code, sentence) => {
	next = [reply];
	const error = await refused(send(webhook(), {}, 'Hello'), token);
	expect(error).toMatchObject({ class: errorClass, code, message: expect.stringMatching(sentence) });
	expect(error.text.zh).toMatch(/\p{Script=Han}/u);
});

test('a user who was missed is a warning', async () => {
	next = [{ body: { success: true, data: { succ: { user_id_post_map: { 4: 1 } }, fail: [{ user_id: 5 }] } } }];
	const receipt = await send(bot({ to: '4,5' }), {}, 'Hello');
	expect(receipt.warnings).toEqual([expect.stringMatching(/one user: \{"user_id":5\}/)]);
});

test('verify asks a bot for its users; a webhook could only be asked by posting', async () => {
	await verify(synologyChat, bot());
	expect(server.requests).toMatchObject([{ method: 'GET', query: { method: 'user_list' } }]);
	expect(await refused(verify(synologyChat, bot({ token: 'wrong-token-0123' })), 'wrong-token-0123')).toMatchObject({
		class: 'Unauthorized',
	});
	await verify(synologyChat, webhook());
	expect(server.requests).toHaveLength(2);
});

test.each([
	['listUsers', {}, { method: 'user_list' }],
	['listChannels', {}, { method: 'channel_list' }],
	[
		'listPosts',
		{ channelId: 3, count: 5, postId: 9 },
		{ method: 'post_list', channel_id: '3', prev_count: '5', post_id: '9' },
	],
])('action %s', async (name, input, query) => {
	await expect(act(synologyChat, name, bot(), input)).resolves.toMatchObject({ success: true });
	expect(server.requests).toMatchObject([{ method: 'GET', query }]);
});
