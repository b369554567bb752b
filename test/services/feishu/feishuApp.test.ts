import { feishuApp } from '../../../src/services/feishu/feishuApp.channel';
import { idTypeOf } from '../../../src/services/feishu/appApi';
import { act, deliver, verify } from '../../../src/core/deliver/deliver';
import { closeConnections } from '../../../src/core/http/http';
import { forgetTurns } from '../../../src/core/deliver/send/pace';
import { forgetTokens } from '../../../src/core/deliver/send/token';
import { memoryStore } from '../../../src/core/state/memory';
import { formOf } from '../../multipart';
import { frozenClock, refused } from '../../refused';
import { service, type Service } from '../../service';
import { appSecret as secret, no, OpenApi } from './openApi';

const png = Buffer.from(
	'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
	'base64',
);
const picture = { data: png, name: 'p.png', mime: 'image/png' };

let server: Service;
let api: OpenApi;

beforeEach(async () => {
	forgetTurns();
	// A port may come back, and with it the token of an earlier test.
	forgetTokens();
	api = new OpenApi();
	server = await service((request) => api.answer(request));
});
afterEach(async () => {
	await closeConnections();
	await server.close();
});

const account = (more = {}) => ({ baseUrl: server.url, appId: 'cli_1', appSecret: secret, to: 'oc_1', ...more });
const send = (message: unknown, options = {}, more = {}) =>
	deliver(feishuApp, account(more), options, message, { clock: frozenClock() });
const calls = () => server.requests.map(({ method, path }) => `${method} ${path.replace('/open-apis/', '')}`);
const last = () => server.requests.at(-1)!;
const posted = () =>
	server.requests
		.filter(({ path }) => /messages(\/[^/]+\/reply)?$/.test(path))
		.map(({ json }) => ({ type: json.msg_type, content: JSON.parse(json.content) }));
const film = {
	title: 'New film',
	body: 'It is **here**',
	level: 'failure',
	url: 'https://example.com/1',
	buttons: [{ text: 'Again', value: 'again' }],
};

test('a card with nothing set', async () => {
	const receipt = await send({ ...film, image: picture });
	expect(calls()).toEqual(['POST auth/v3/tenant_access_token/internal', 'POST im/v1/images', 'POST im/v1/messages']);
	expect(server.requests[0]!.json).toEqual({ app_id: 'cli_1', app_secret: secret });
	expect(formOf(server.requests[1]!).image).toMatchObject({ filename: 'p.png', type: 'image/png', data: png });
	expect(last()).toMatchObject({
		query: { receive_id_type: 'chat_id' },
		headers: { authorization: 'Bearer t-token-one-123456' },
		json: { receive_id: 'oc_1', msg_type: 'interactive', uuid: expect.stringMatching(/^[\w-]{1,50}$/) },
	});
	expect(posted()[0]!.content).toEqual({
		config: { wide_screen_mode: true },
		header: { title: { tag: 'plain_text', content: 'New film' }, template: 'red' },
		elements: [
			{ tag: 'img', img_key: 'img_p.png', alt: { tag: 'plain_text', content: '' } },
			{ tag: 'div', text: { tag: 'lark_md', content: 'It is **here**' } },
			{
				tag: 'action',
				actions: [
					{
						tag: 'button',
						text: { tag: 'plain_text', content: 'Again' },
						type: 'default',
						value: { value: 'again' },
					},
				],
			},
		],
		card_link: { url: 'https://example.com/1' },
	});
	expect(receipt).toMatchObject({
		channel: 'feishuApp',
		ids: ['om_3'],
		handle: { messageId: 'om_3' },
		degraded: [],
		warnings: [],
	});
});

describe('message types', () => {
	test('text, its picture follows', async () => {
		await send({ title: 'T', body: '**x**', image: picture, mentions: ['@all'] }, { kind: 'text' });
		expect(posted()).toEqual([
			{ type: 'text', content: { text: 'T\n\nx\n<at user_id="all"></at>' } },
			{ type: 'image', content: { image_key: 'img_p.png' } },
		]);
	});

	test('post without an outer post', async () => {
		await send(
			{ title: 'T', body: '**x**', image: picture },
			{ kind: 'post', mentions: 'ou_1' },
			{ language: 'zh' },
		);
		expect(posted()).toEqual([
			{
				type: 'post',
				content: {
					zh_cn: {
						title: 'T',
						content: [
							[{ tag: 'text', text: 'x', style: ['bold'] }],
							[{ tag: 'img', image_key: 'img_p.png' }],
							[{ tag: 'at', user_id: 'ou_1' }],
						],
					},
				},
			},
		]);
	});

	test('picture, sticker, shares and files by key', async () => {
		await send({ body: 'x', image: picture }, { kind: 'image' });
		await send('x', { kind: 'image', imageKey: 'img_own' });
		await send('x', { kind: 'sticker', fileKey: 'f' });
		await send('x', { kind: 'file', fileKey: 'f' });
		await send('x', { kind: 'audio', fileKey: 'f' });
		await send('x', { kind: 'media', fileKey: 'f', imageKey: 'img_cover' });
		await send('x', { kind: 'share_chat', shareId: 'oc_9' });
		expect((await send('x', { kind: 'share_user', shareId: 'ou_9' })).degraded).toEqual(['text']);
		expect(posted()).toEqual([
			{ type: 'image', content: { image_key: 'img_p.png' } },
			{ type: 'image', content: { image_key: 'img_own' } },
			{ type: 'sticker', content: { file_key: 'f' } },
			{ type: 'file', content: { file_key: 'f' } },
			{ type: 'audio', content: { file_key: 'f' } },
			{ type: 'media', content: { file_key: 'f', image_key: 'img_cover' } },
			{ type: 'share_chat', content: { chat_id: 'oc_9' } },
			{ type: 'share_user', content: { user_id: 'ou_9' } },
		]);
		expect(await refused(send('x', { kind: 'image' }))).toMatchObject({ class: 'Invalid', field: 'image' });
		expect(await refused(send('x', { kind: 'sticker' }))).toMatchObject({ class: 'Invalid', field: 'attachments' });
		expect(await refused(send('x', { kind: 'share_chat' }))).toMatchObject({ class: 'Invalid', field: 'shareId' });
	});

	test('attachments, each as what it is', async () => {
		const named = (name: string, mime: string) => ({ data: Buffer.from('0123456789'), name, mime });
		await send(
			{
				body: 'x',
				attachments: [
					picture,
					named('a.opus', 'audio/opus'),
					named('v.mp4', 'video/mp4'),
					named('日志.docx', 'application/x'),
					named('data.bin', 'application/octet-stream'),
				],
			},
			{ kind: 'text' },
		);
		expect(posted().slice(1)).toEqual([
			{ type: 'image', content: { image_key: 'img_p.png' } },
			{ type: 'audio', content: { file_key: 'file_opus_a.opus' } },
			{ type: 'media', content: { file_key: 'file_mp4_v.mp4' } },
			{ type: 'file', content: { file_key: 'file_doc_日志.docx' } },
			{ type: 'file', content: { file_key: 'file_stream_data.bin' } },
		]);
		await send({ body: 'x', attachments: [named('v.mp4', 'video/mp4')] }, { kind: 'media', duration: 3000 });
		expect(formOf(server.requests.at(-2)!).duration!.data.toString()).toBe('3000');
		await send({ body: 'x', attachments: [picture] }, { kind: 'file' });
		expect(posted().at(-1)).toEqual({ type: 'file', content: { file_key: 'file_stream_p.png' } });
		const large = { ...named('a.bin', 'x/y'), data: Buffer.alloc(30 * 1024 * 1024 + 1) };
		expect(await send({ body: 'x', attachments: [large] })).toMatchObject({
			degraded: ['attachments'],
			warnings: [expect.stringContaining('a.bin')],
		});
		expect(await refused(send({ body: '', attachments: [large] }, { kind: 'file' }))).toMatchObject({
			...{ class: 'Invalid', field: 'attachments' },
		});
	});

	test.each(['interactive', 'text', 'post'])('%s is split within its size', async (kind) => {
		expect(
			(await send({ body: '字"\n'.repeat(30_000), format: 'text' }, { kind, deadline: 3_600 })).parts,
		).toBeGreaterThan(1);
	});

	test('a card that is refused goes as text', async () => {
		const receipt = await send(film, { card: '{"elements": "broken"}' });
		expect(posted().map(({ type }) => type)).toEqual(['interactive', 'text']);
		expect(posted()[1]!.content.text).toBe('New film\n\nIt is here\n\nhttps://example.com/1');
		expect(receipt).toMatchObject({
			degraded: ['markup'],
			warnings: [expect.stringContaining('could not show the card')],
		});
	});
});

describe('a picture never costs the text', () => {
	test('that Feishu refuses', async () => {
		api.next['/open-apis/im/v1/images'] = [no(234011, "Can't recognize image format.")];
		const receipt = await send({ body: 'x', image: picture });
		expect(posted()[0]!.content.elements).toHaveLength(1);
		expect(receipt).toMatchObject({
			degraded: ['image'],
			warnings: [expect.stringContaining('recognize image format')],
		});
	});

	test.each([
		[{ ...picture, data: Buffer.alloc(10 * 1024 * 1024 + 1) }],
		[{ data: Buffer.from('<svg></svg>'), name: 'p.svg', mime: 'image/svg+xml' }],
	])('that is too large or of another kind: it goes as a file', async (image) => {
		const receipt = await send({ body: 'x', image });
		expect(receipt).toMatchObject({ degraded: [], warnings: [expect.stringContaining('as a file')] });
		expect(posted().map(({ type }) => type)).toEqual(['interactive', 'file']);
	});

	test('that is larger than any file may be', async () => {
		const image = { ...picture, data: Buffer.alloc(30 * 1024 * 1024 + 1) };
		const receipt = await send({ body: 'x', image });
		expect(receipt).toMatchObject({ degraded: ['image'], warnings: [expect.stringContaining('10 MB')] });
		expect(posted()).toHaveLength(1);
	});
});

describe('recipients', () => {
	test.each([
		['oc_1', 'chat_id'],
		['ou_1', 'open_id'],
		['on_1', 'union_id'],
		['me@example.com', 'email'],
		['abc123', 'user_id'],
	])('%s is a %s', async (to, type) => {
		expect(idTypeOf(to)).toBe(type);
		await send('x', {}, { to });
		expect(last().query.receive_id_type).toBe(type);
	});

	test('one call for each, of a chosen type', async () => {
		await send('x', { to: 'u1, u2', receiveIdType: 'user_id' });
		expect(server.requests.slice(1).map(({ json, query }) => [json.receive_id, query.receive_id_type])).toEqual([
			['u1', 'user_id'],
			['u2', 'user_id'],
		]);
	});

	test('a message is replied to', async () => {
		await send('x', { to: 'om_7', replyInThread: true });
		expect(last()).toMatchObject({
			method: 'POST',
			path: '/open-apis/im/v1/messages/om_7/reply',
			query: {},
			json: { msg_type: 'interactive', reply_in_thread: true },
		});
		expect(last().json).not.toHaveProperty('receive_id');
	});

	test('one that refuses does not cost the other', async () => {
		const error = await refused(send('x', { to: 'oc_foreign, oc_1' }));
		expect(error).toMatchObject({ class: 'Rejected', code: '230002', partial: { delivered: 1 } });
		expect(posted()).toHaveLength(2);
	});
});

describe('the same happening', () => {
	test('has the same uuid', async () => {
		for (let i = 0; i < 2; i++) await send({ body: 'x', key: 'film:1' });
		await send({ body: 'x', key: 'film:2' });
		await send({ body: 'x', key: 'film:1' }, { to: 'oc_2' });
		const sentUuids = server.requests.slice(1).map(({ json }) => json.uuid);
		expect(sentUuids[0]).toBe(sentUuids[1]);
		expect(new Set(sentUuids).size).toBe(3);
	});

	test('keeps its uuid from try to try', async () => {
		api.next['/open-apis/im/v1/messages'] = [
			no(99991400, 'request trigger frequency limit'),
			no(2200, 'internal error', 500),
		];
		expect((await send('x')).attempts).toBe(3);
		const tried = server.requests.slice(1).map(({ json }) => json.uuid);
		expect(tried).toHaveLength(3);
		expect(new Set(tried).size).toBe(1);
	});
});

describe('in place of an earlier message', () => {
	const sayings = (options = {}) => {
		const earlier = memoryStore();
		return (message: object) =>
			deliver(feishuApp, account(), options, { key: 'k', ...message }, { clock: frozenClock(), earlier });
	};

	test('a card, which all its readers share', async () => {
		const say = sayings();
		await say({ body: 'one' });
		expect(posted()[0]!.content.config).toEqual({ wide_screen_mode: true, update_multi: true });
		const receipt = await say({ body: 'two', image: picture, edit: true });
		expect(last()).toMatchObject({ method: 'PATCH', path: '/open-apis/im/v1/messages/om_2' });
		expect(last().json.content).toContain('two');
		expect(last().json.content).toContain('img_p.png');
		expect(receipt).toMatchObject({ edited: true, ids: ['om_2'], degraded: [] });
	});

	test.each(['text', 'post'])('a %s', async (kind) => {
		const say = sayings({ kind });
		await say({ body: 'one' });
		expect(await say({ body: 'two', edit: true })).toMatchObject({ edited: true, ids: ['om_2'] });
		expect(last()).toMatchObject({
			method: 'PUT',
			path: '/open-apis/im/v1/messages/om_2',
			json: { msg_type: kind },
		});
		expect(last().json.content).toContain('two');
	});

	test('another form goes anew, and is not taken for the earlier one by its key', async () => {
		const say = sayings();
		await say({ body: 'one' });
		const file = { name: 'a.txt', mime: 'text/plain', data: Buffer.from('x') };
		const receipt = await say({ body: 'two', attachments: [file], edit: true });
		expect(receipt.degraded).toEqual(['edit']);
		expect(posted().map(({ type }) => type)).toEqual(['interactive', 'interactive', 'file']);
		const uuids = server.requests
			.filter(({ path }) => path === '/open-apis/im/v1/messages')
			.map(({ json }) => json.uuid);
		expect(new Set(uuids).size).toBe(3);
	});

	test('what Feishu does not change any more goes anew', async () => {
		const say = sayings();
		await say({ body: 'one' });
		api.next['/open-apis/im/v1/messages/om_2'] = [no(230031, 'The message is too old.')];
		expect(await say({ body: 'two', edit: true })).toMatchObject({ degraded: ['edit'], ids: ['om_4'] });
	});
});

describe('urgent', () => {
	test('after the message', async () => {
		await send('x', { urgentUsers: 'ou_1, ou_2', urgentBy: 'phone' });
		expect(last()).toMatchObject({
			method: 'PATCH',
			path: '/open-apis/im/v1/messages/om_2/urgent_phone',
			query: { user_id_type: 'open_id' },
			json: { user_id_list: ['ou_1', 'ou_2'] },
		});
	});

	test('never of a message that is to be silent', async () => {
		expect(await send({ body: 'x', silent: true }, { urgentUsers: 'ou_1' })).toMatchObject({
			degraded: ['silent', 'urgent'],
		});
		expect(last()).toMatchObject({ method: 'POST', path: '/open-apis/im/v1/messages' });
	});

	test('refused is a warning', async () => {
		api.next['/open-apis/im/v1/messages/om_2/urgent_app'] = [no(230027, 'Lack of necessary permissions')];
		expect(await send('x', { urgentUsers: 'ou_1' })).toMatchObject({
			degraded: ['urgent'],
			warnings: [expect.stringContaining('permission')],
		});
	});
});

describe('token', () => {
	test.each([99991661, 99991663, 99991664, 99991668])(
		'is fetched again after %i, even when the picture meets it',
		async (code) => {
			await send('a');
			api.tokens = ['t-token-two-123456'];
			api.next['/open-apis/im/v1/images'] = [no(code, 'Invalid access token')];
			const receipt = await send({ body: 'b', image: picture });
			expect(receipt.degraded).toEqual([]);
			expect(calls().slice(2)).toEqual([
				'POST im/v1/images',
				'POST auth/v3/tenant_access_token/internal',
				'POST im/v1/images',
				'POST im/v1/messages',
			]);
		},
	);

	test('a wrong secret', async () => {
		const error = await refused(send('x', {}, { appSecret: 'wrong-secret-1234' }), 'wrong-secret-1234');
		expect(error).toMatchObject({ class: 'Unauthorized', code: '10014' });
		expect(error.message).toContain('developer console');
	});
});

describe('refusals', () => {
	test.each([
		[99991400, 'RateLimited', '5 messages a second'],
		[230020, 'RateLimited', '5 messages a second'],
		[230001, 'Rejected', 'options of this message type'],
		[230002, 'Rejected', 'add it there'],
		[230006, 'Unauthorized', 'bot ability'],
		[230013, 'Rejected', 'availability'],
		[230018, 'Rejected', 'group’s settings'],
		[230022, 'Rejected', 'word it differently'],
		[230025, 'Rejected', 'shorten'],
		[230027, 'Unauthorized', 'permission'],
		[230028, 'Rejected', 'word it differently'],
		[230029, 'Rejected', 'resigned'],
		[230034, 'Invalid', 'no such recipient'],
		[230035, 'Rejected', 'group’s settings'],
		[230038, 'Rejected', 'another tenant'],
		[230053, 'Rejected', 'muted'],
		[999999, 'Rejected', 'documentation'],
	])('%i', async (code, kind, advice) => {
		api.next['/open-apis/im/v1/messages'] = [no(code, 'Said by Feishu.')];
		const error = await refused(send('x', { attempts: 1 }), secret, api.tokens[0]!);
		expect(error).toMatchObject({ class: kind, code: String(code) });
		expect(error.message).toContain('Said by Feishu.');
		expect(error.message).toContain(advice);
	});

	test('a 200 that says no', async () => {
		api.next['/open-apis/im/v1/messages'] = [no(230002, 'out of the chat', 200)];
		expect(await refused(send('x', {}, { language: 'zh' }))).toMatchObject({
			code: '230002',
			message: expect.stringContaining('请先把它加入群聊'),
		});
	});
});

test('verify asks who the bot is', async () => {
	await verify(feishuApp, account());
	expect(calls()).toEqual(['POST auth/v3/tenant_access_token/internal', 'GET bot/v3/info']);
	expect(
		await refused(verify(feishuApp, account({ appSecret: 'wrong-secret-1234' })), 'wrong-secret-1234'),
	).toMatchObject({ class: 'Unauthorized' });
});

describe('actions', () => {
	const run = (name: string, input: Record<string, unknown>, context = {}) =>
		act(feishuApp, name, account(), input, context);
	const content = () => JSON.parse(last().json.content);
	const binary = () => Promise.resolve({ name: 'p.png', mime: 'image/png', data: png });

	test('reply', async () => {
		await run('replyMessage', { messageId: 'om_7', text: '**x**', inThread: true });
		expect(last()).toMatchObject({
			method: 'POST',
			path: '/open-apis/im/v1/messages/om_7/reply',
			json: { msg_type: 'post', reply_in_thread: true, uuid: expect.any(String) },
		});
		expect(content()).toEqual({ en_us: { title: '', content: [[{ tag: 'text', text: 'x', style: ['bold'] }]] } });
	});

	test('edit, update a card, recall', async () => {
		await run('editMessage', { messageId: 'om_7', title: 'T', text: 'x' });
		expect(last()).toMatchObject({
			method: 'PUT',
			path: '/open-apis/im/v1/messages/om_7',
			json: { msg_type: 'post' },
		});
		expect(content()).toEqual({ en_us: { title: 'T', content: [[{ tag: 'text', text: 'x' }]] } });
		await run('updateCard', { messageId: 'om_7', card: '{"elements": []}' });
		expect(last()).toMatchObject({ method: 'PATCH', path: '/open-apis/im/v1/messages/om_7' });
		expect(content()).toEqual({ elements: [] });
		await run('recallMessage', { messageId: 'om_7' });
		expect(last()).toMatchObject({ method: 'DELETE', path: '/open-apis/im/v1/messages/om_7' });
	});

	test.each(['app', 'sms', 'phone'])('urgent by %s', async (by) => {
		await run('urgentMessage', { messageId: 'om_7', users: 'u1', by, idType: 'user_id' });
		expect(last()).toMatchObject({
			method: 'PATCH',
			path: `/open-apis/im/v1/messages/om_7/urgent_${by}`,
			query: { user_id_type: 'user_id' },
			json: { user_id_list: ['u1'] },
		});
	});

	test('uploads', async () => {
		expect(await run('uploadImage', { file: 'data' }, { binary })).toEqual({ image_key: 'img_p.png' });
		expect(await run('uploadFile', { file: 'data' }, { binary })).toEqual({ file_key: 'file_stream_p.png' });
	});

	test('raw', async () => {
		await run('sendRaw', { to: 'ou_1', msgType: 'system', content: '{"type": "divider"}' });
		expect(last()).toMatchObject({
			query: { receive_id_type: 'open_id' },
			json: { receive_id: 'ou_1', msg_type: 'system' },
		});
		expect(content()).toEqual({ type: 'divider' });
	});
});
