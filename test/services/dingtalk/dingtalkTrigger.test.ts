import { createHmac } from 'node:crypto';
import { fc } from '../../property';
import { dingtalk } from '../../../src/services/dingtalk/dingtalk.channel';
import type { ChatEvent } from '../../../src/core/receive/chat';
import { deliver } from '../../../src/core/deliver/deliver';
import { closeConnections } from '../../../src/core/http/http';
import { forgetTurns } from '../../../src/core/deliver/send/pace';
import { dingtalkTrigger } from '../../../src/services/dingtalk/dingtalk.trigger';
import { frozenClock } from '../../refused';
import { service, type Service } from '../../service';
import { served, tell, type Served } from '../../core/receive/served';

const now = 1_700_000_000_000;
const appSecret = 'app-secret';

let server: Service;
let node: Served;
beforeEach(async () => {
	forgetTurns();
	server = await service(({ path, query, json }) => {
		if (path !== '/robot/sendBySession' || query.session !== 'abc')
			return { body: { errcode: 300001, errmsg: 'session is not exist' } };
		return {
			body: json?.msgtype ? { errcode: 0, errmsg: 'ok' } : { errcode: 400105, errmsg: 'unsupported msg type' },
		};
	});
});
afterEach(async () => {
	await node?.close();
	await closeConnections();
	await server.close();
});

const account = () => ({ baseUrl: server.url, robot: 'app', appSecret });
const start = async (options: object = {}, given: object = account()) =>
	(node = await served(
		dingtalkTrigger,
		given as Record<string, unknown>,
		options as Record<string, unknown>,
		() => now,
	));

const signed = (key = appSecret, timestamp: string | number = now) => ({
	timestamp: String(timestamp),
	sign: createHmac('sha256', key).update(`${timestamp}\n${key}`).digest('base64'),
});
const said = (content: string, more: object = {}) => ({
	...{ msgtype: 'text', text: { content }, msgId: 'msg1', createAt: 1_699_999_999_000 },
	...{ conversationId: 'cid1', conversationType: '2', conversationTitle: 'House', isInAtList: true },
	...{ senderId: '$:LWCP_v1:$x', senderStaffId: 'user123', senderNick: 'Ann' },
	...{ sessionWebhook: `${server.url}/robot/sendBySession?session=abc`, sessionWebhookExpiredTime: now + 5_400_000 },
	...more,
});

test('a command in a group, and its fixed answer in the session', async () => {
	await start({ answers: 'last = One moment.' });
	expect((await tell(node.url, said(' /last 5'), signed())).status).toBe(200);
	expect(node.events).toMatchObject([
		{
			channel: 'dingtalk',
			conversation: { id: 'cid1', kind: 'group', name: 'House' },
			user: { id: 'user123', name: 'Ann' },
			...{ text: '/last 5', command: 'last', args: ['5'], messageId: 'msg1', kind: 'text' },
			...{
				time: '2023-11-14T22:13:19.000Z',
				replyTo: `${server.url}/robot/sendBySession?session=abc#${now + 5_400_000}`,
			},
		},
	]);
	await tell(node.url, said(' /last 5'), signed());
	await node.close();
	expect(node.events).toHaveLength(1);
	// The real clock is past the session's end: what could not be said is told, and nothing was sent.
	expect(node.failures).toEqual([expect.stringContaining('session has ended')]);
	expect(server.requests).toEqual([]);
	await start({ answers: 'last = One moment.' });
	await tell(node.url, said('/last', { sessionWebhookExpiredTime: Date.now() + 60_000 }), signed());
	await node.close();
	expect(node.failures).toEqual([]);
	expect(server.requests.map(({ query, json }) => [query, JSON.stringify(json).includes('One moment.')])).toEqual([
		[{ session: 'abc' }, true],
	]);
});

describe('the channel answers in the session', () => {
	const reply = (to: string, more: object = {}) =>
		deliver(
			dingtalk,
			{ ...account(), ...more },
			{ allowTo: true },
			{ body: 'hi', to },
			{ clock: frozenClock(now) },
		);
	const session = () => `${server.url}/robot/sendBySession?session=abc`;

	test.each([
		['of an app', {}],
		['of a group', { robot: 'group', accessToken: 'tok', secret: 'SECx' }],
	])('with the robot %s', async (_, more) => {
		expect(await reply(`${session()}#${now + 1}`, more)).toMatchObject({ ok: true });
		expect(server.requests.map(({ path, query }) => [path, query])).toEqual([
			['/robot/sendBySession', { session: 'abc' }],
		]);
	});

	test.each([
		['an ended session', () => `${session()}#${now - 1}`, /session has ended/],
		['another server', () => 'https://evil.example.com/robot/sendBySession?session=abc', /“replyTo”/],
		[
			'a server that only looks alike',
			() => 'https://notdingtalk.com/robot/sendBySession?session=abc',
			/“replyTo”/,
		],
		['another path', () => `${server.url}/robot/send?access_token=x`, /“replyTo”/],
		['no address', () => 'user123', /“replyTo”/],
	])('not in %s', async (_, to, words) => {
		await expect(reply(to())).rejects.toMatchObject({
			class: 'Invalid',
			field: 'to',
			message: expect.stringMatching(words),
		});
		expect(server.requests).toEqual([]);
	});

	test('an app’s robot has nowhere else to send', async () => {
		await expect(deliver(dingtalk, account(), {}, 'hi')).rejects.toMatchObject({
			class: 'Invalid',
			message: expect.stringContaining('only answers'),
		});
	});
});

test.each<[string, object | undefined, number, object?]>([
	['another key', signed('other'), 401],
	['no sign', undefined, 401],
	['another time than was signed', { ...signed(), timestamp: String(now + 1) }, 401],
	['a replay after an hour', signed(appSecret, now - 3_600_001), 401],
	['one from the future', signed(appSecret, now + 3_600_001), 401],
	['a time that is none', signed(appSecret, 'x'), 401],
	['a group’s robot', signed(), 403, { accessToken: 'tok' }],
])('%s is refused', async (_, headers, status, given: object = account()) => {
	await start({}, given);
	expect((await tell(node.url, said('x'), (headers ?? {}) as Record<string, string>)).status).toBe(status);
	expect(node.happenings).toEqual([]);
});

test('a captured callback brings no other body, itself again rings once', async () => {
	await start();
	expect((await tell(node.url, said('/status'), signed())).status).toBe(200);
	expect((await tell(node.url, said('/status'), signed())).status).toBe(200);
	for (const forged of [said('/restart', { msgId: 'msg2' }), said('/status', { senderStaffId: 'boss' }), '{}']) {
		const { status, text } = await tell(node.url, forged, signed());
		expect([status, text]).toEqual([401, expect.stringContaining('with another body before')]);
	}
	// What is refused spends nothing.
	expect((await tell(node.url, 'no JSON', signed(appSecret, now + 1))).status).toBe(400);
	expect((await tell(node.url, said('y', { msgId: 'msg3' }), signed(appSecret, now + 1))).status).toBe(200);
	expect(node.events.map(({ text }) => text)).toEqual(['/status', 'y']);
});

test.each([
	['no JSON', 'x', 400],
	['a large body', JSON.stringify({ msgtype: 'text', text: { content: 'x'.repeat(1024 * 1024) } }), 413],
])('%s is refused', async (_, body, status) => {
	await start();
	expect((await tell(node.url, body, signed())).status).toBe(status);
});

test('a private chat, rich text, files and speech', async () => {
	await start();
	const bodies = [
		said('hello', { conversationType: '1', conversationTitle: undefined, senderStaffId: undefined }),
		said('', {
			msgtype: 'richText',
			content: { richText: [{ text: ' /look ' }, { type: 'picture', downloadCode: 'd1' }, { text: 'here' }] },
			text: undefined,
		}),
		said('', { msgtype: 'file', content: { downloadCode: 'd2', fileName: 'a.pdf' }, text: undefined }),
		said('', {
			msgtype: 'audio',
			content: { downloadCode: 'd3', recognition: 'good morning', duration: 900 },
			text: undefined,
		}),
		said('', { msgtype: 'unknownMsgType', text: undefined, sessionWebhook: undefined }),
	];
	for (const [at, body] of bodies.entries())
		await tell(node.url, { ...body, msgId: `m${at}` }, signed(appSecret, now + at));
	expect(node.events).toMatchObject([
		{ conversation: { kind: 'private', name: 'Ann' }, user: { id: '$:LWCP_v1:$x' }, text: 'hello' },
		{ text: '/look here', command: 'look', args: ['here'], files: [{ id: 'd1', mime: 'image/*' }] },
		{ text: '', files: [{ id: 'd2', name: 'a.pdf' }] },
		{ text: 'good morning', files: [{ id: 'd3', mime: 'audio/*' }] },
		{ kind: 'unknownMsgType', replyTo: '' },
	]);
});

test('whatever a message is made of, it is read', () => {
	fc.assert(
		fc.property(
			fc.dictionary(
				fc.constantFrom('text', 'content', 'senderNick', 'msgId', 'createAt', 'sessionWebhook'),
				fc.option(fc.jsonValue()),
			),
			fc.constantFrom('text', 'richText', 'file', 'x'),
			(body, msgtype) => {
				const request = {
					method: 'POST',
					path: '',
					query: {},
					headers: {},
					body: Buffer.from(JSON.stringify({ ...body, msgtype })),
				};
				const options = { users: [], admins: [], adminCommands: [] };
				const { events } = dingtalkTrigger.receive!({
					request,
					account: {} as never,
					options: options as never,
					now,
				});
				expect(typeof (events[0]!.event as ChatEvent).text).toBe('string');
			},
		),
	);
});
