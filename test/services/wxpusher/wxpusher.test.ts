import { wxpusher } from '../../../src/services/wxpusher/wxpusher.channel';
import { act, deliver, verify } from '../../../src/core/deliver/deliver';
import { forgetTurns } from '../../../src/core/deliver/send/pace';
import { faked } from '../../faked';
import { frozenClock, refused } from '../../refused';
import { appToken, no, pushApi, spt } from './pushApi';

const server = faked(pushApi);
beforeEach(() => {
	forgetTurns();
});

const account = (more = {}) => ({ baseUrl: server.url, appToken, to: 'UID_alice', ...more });
const send = (more: Record<string, unknown>, options: Record<string, unknown>, message: unknown) =>
	deliver(wxpusher, account(more), { attempts: 1, ...options }, message, { clock: frozenClock() });

test('users and topics in one call', async () => {
	const receipt = await send({ to: 'UID_alice,1234,UID_bob' }, {}, 'Hello');
	const { json } = server.requests[0]!;
	expect(json).toMatchObject({ appToken, contentType: 2, uids: ['UID_alice', 'UID_bob'], topicIds: [1234] });
	expect(json.content).toContain('Hello');
	expect(json).not.toHaveProperty('verifyPayType');
	expect(receipt).toMatchObject({
		ids: ['123'],
		handle: { messageContentIds: ['123'], sendRecordIds: ['456', '789'] },
		warnings: [],
	});
});

test('HTML: picture in front, text to copy behind, all of it escaped', async () => {
	await send(
		{},
		{ copy: 'a"b<c', url: 'https://example.com/own', verifyPayType: '2', summary: 'short' },
		{ title: 'T', body: 'Hello', image: { url: 'https://pictures.example/a.jpg?x=1&y="2' } },
	);
	const { json } = server.requests[0]!;
	expect(json.content).toMatch(
		/^<img src="https:\/\/pictures\.example\/a\.jpg\?x=1&#38;y=&#34;2" style="max-width:100%"><br>/,
	);
	expect(json.content).toMatch(/<br><copy data-clipboard-text="a&#34;b&#60;c">a&#34;b&#60;c<\/copy>$/);
	expect(json).toMatchObject({ summary: 'short', url: 'https://example.com/own', verifyPayType: 2 });
});

test('Markdown and text', async () => {
	const message = {
		title: 'Film added',
		body: 'Hello',
		url: 'https://example.com/film',
		image: { url: 'https://pictures.example/a.jpg' },
	};
	await send({}, { contentType: 'markdown' }, message);
	await send({}, { contentType: 'text' }, { ...message, image: undefined });
	expect(server.requests[0]!.json).toMatchObject({
		contentType: 3,
		summary: 'Film added',
		url: 'https://example.com/film',
		content: 'Hello\n\n![](https://pictures.example/a.jpg)',
	});
	expect(server.requests[1]!.json).toMatchObject({ contentType: 1, summary: 'Film added', content: 'Hello' });
});

test('one SPT, and several, also as whole URLs', async () => {
	await send({ mode: 'spt', spts: spt, appToken: '', to: '' }, {}, 'Hello');
	await send(
		{ mode: 'spt', spts: `${spt}\nhttps://wxpusher.zjiecode.com/api/send/message/SPT_second/hello`, to: '' },
		{},
		'Hello',
	);
	expect(server.requests[0]).toMatchObject({ path: '/api/send/message/simple-push', json: { spt, contentType: 2 } });
	expect(server.requests[0]!.json).not.toHaveProperty('appToken');
	expect(server.requests[1]!.json).toMatchObject({ sptList: [spt, 'SPT_second'] });
});

test('a receiver who does not follow is a warning, nobody left is an error', async () => {
	const receipt = await send({ to: 'UID_alice,UID_gone' }, {}, 'Hello');
	expect(receipt.warnings).toEqual([expect.stringMatching(/UID_gone did not get it: 用户没有关注你的应用/)]);
	const error = await refused(send({ to: 'UID_gone' }, {}, 'Hello'), appToken);
	expect(error).toMatchObject({ class: 'Rejected', code: '1001', message: expect.stringMatching(/nobody.*follow/) });
});

test.each([
	['', /at least one/],
	['somebody', /neither a UID/],
	['1,2,3,4,5,6', /5 topics/],
])('an unusable target %j is said', async (to, sentence) => {
	expect(await refused(send({ to }, {}, 'Hello'), appToken)).toMatchObject({
		class: 'Invalid',
		field: 'to',
		message: expect.stringMatching(sentence),
	});
	expect(server.requests).toHaveLength(0);
});

test.each([
	[no(1001, 'appToken不正确'), 'Unauthorized', '1001', /Copy the appToken/],
	[no(1002, '未登录'), 'Unauthorized', '1002', /Copy the appToken/],
	[no(1001, '请求过于频繁'), 'RateLimited', '1001', /10 seconds/],
	[no(1001, 'uid不存在'), 'Rejected', '1001', /follow/],
	[no(1005, '系统错误'), 'Rejected', '1005', /系统错误/],
	[{ body: { code: 1000, success: false, msg: 'x' } }, 'Rejected', '1000', /said no/],
])('a refusal: %j', async (reply, errorClass, code, sentence) => {
	server.next = reply;
	expect(await refused(send({}, {}, 'Hello'), appToken)).toMatchObject({
		class: errorClass,
		code,
		message: expect.stringMatching(sentence),
	});
});

test('verify asks for one follower, and sends nothing', async () => {
	await verify(wxpusher, account());
	expect(server.requests).toMatchObject([
		{ method: 'GET', path: '/api/fun/wxuser/v2', query: { appToken, page: '1', pageSize: '1' } },
	]);
	expect(
		await refused(verify(wxpusher, account({ appToken: 'AT_wrongwrongwrong' })), 'AT_wrongwrongwrong'),
	).toMatchObject({ class: 'Unauthorized' });
	await verify(wxpusher, account({ mode: 'spt', spts: spt }));
	expect(server.requests).toHaveLength(2);
});

test.each([
	[{ appToken: 'nonsense' }, 'appToken'],
	[{ mode: 'spt', spts: 'nonsense' }, 'spts'],
	[{ mode: 'spt', spts: Array.from({ length: 11 }, (_, at) => `SPT_${at}`) }, 'spts'],
])('keys of another form are said: %j', async (more, field) => {
	expect(await refused(send(more, {}, 'Hello'))).toMatchObject({ class: 'Invalid', field });
});

test.each([
	[
		'queryStatus',
		{ sendRecordId: '456' },
		{ method: 'GET', path: '/api/send/query/status', query: { sendRecordId: '456' } },
	],
	[
		'deleteMessage',
		{ messageContentId: '123' },
		{ method: 'DELETE', path: '/api/send/message', query: { messageContentId: '123', appToken } },
	],
	[
		'createQrcode',
		{ extra: 'room 1', validTime: 600 },
		{ method: 'POST', path: '/api/fun/create/qrcode', json: { appToken, extra: 'room 1', validTime: 600 } },
	],
	['getScanUid', { code: 'abc' }, { method: 'GET', path: '/api/fun/scan-qrcode-uid', query: { code: 'abc' } }],
	[
		'listUsers',
		{ uid: 'UID_alice', isBlock: true },
		{
			method: 'GET',
			path: '/api/fun/wxuser/v2',
			query: { appToken, page: '1', pageSize: '50', uid: 'UID_alice', isBlock: 'true' },
		},
	],
])('action %s', async (name, input, request) => {
	await expect(act(wxpusher, name, account(), input)).resolves.toMatchObject({ code: 1000 });
	expect(server.requests).toMatchObject([request]);
});

test('an action that needs the appToken says so in SPT mode', async () => {
	expect(
		await refused(act(wxpusher, 'createQrcode', account({ mode: 'spt', spts: spt }), { extra: 'x' })),
	).toMatchObject({ class: 'Invalid', field: 'mode' });
});
