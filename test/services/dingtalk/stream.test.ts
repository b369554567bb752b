import { closeConnections } from '../../../src/core/http/http';
import { forgetTurns } from '../../../src/core/deliver/send/pace';
import { dingtalkTrigger } from '../../../src/services/dingtalk/dingtalk.trigger';
import { connected, turns, until, type Connected } from '../../core/sockets/connected';
import { clientId, clientSecret, DingtalkGateway, robotTopic } from './gateway';

let gateway: DingtalkGateway;
let nodes: Connected[];
beforeEach(async () => {
	forgetTurns();
	gateway = await new DingtalkGateway().up();
	nodes = [];
});
afterEach(async () => {
	await Promise.all(nodes.map((node) => node.close()));
	await closeConnections();
	await gateway.down();
	expect(gateway.faults).toEqual([]);
});

const start = (options: object = {}, own: object = {}) => {
	const account = { robot: 'app', baseUrl: gateway.url, clientId, appSecret: clientSecret, ...own };
	const node = connected(dingtalkTrigger, account, { mode: 'stream', ...options });
	nodes.push(node);
	return node;
};
const online = (node: Connected) => until(() => node.states.at(-1)?.state === 'connected');
const said = (content: string, more: object = {}) => ({
	...{ msgtype: 'text', text: { content }, msgId: `msg ${content}`, createAt: 1_699_999_999_000 },
	...{ conversationId: 'cid1', conversationType: '2', conversationTitle: 'House', isInAtList: true },
	...{ senderId: '$:LWCP_v1:$x', senderStaffId: 'user123', senderNick: 'Ann', robotCode: clientId },
	sessionWebhook: `${gateway.url}/robot/sendBySession?session=abc`,
	sessionWebhookExpiredTime: Date.now() + 5_400_000,
	...more,
});

test('a message is given out, acknowledged and answered in its session', async () => {
	const node = start({ answers: 'last = One moment.' });
	await online(node);
	expect(gateway.registered).toMatchObject([
		{ clientId, clientSecret, subscriptions: [{ type: 'CALLBACK', topic: robotTopic }] },
	]);
	gateway.say(said(' /last 5'));
	await until(() => node.events.length === 1 && gateway.posted.length === 1);
	expect(node.events).toMatchObject([
		{
			channel: 'dingtalk',
			conversation: { id: 'cid1', kind: 'group', name: 'House' },
			user: { id: 'user123', name: 'Ann' },
			...{ text: '/last 5', command: 'last', args: ['5'], messageId: 'msg  /last 5', kind: 'text' },
			replyTo: expect.stringContaining('/robot/sendBySession?session=abc#'),
		},
	]);
	expect(node.happenings[0]!.key).toBe('dingtalk:cid1:msg  /last 5');
	expect(JSON.stringify(gateway.posted[0])).toContain('One moment.');
	expect(gateway.acks).toMatchObject([{ code: 200, data: '{"response":null}' }]);
});

test('nothing is acknowledged before it is written down, also what comes again meanwhile', async () => {
	let write!: () => void;
	const writing = new Promise<void>((done) => (write = done));
	const account = { robot: 'app', baseUrl: gateway.url, clientId, appSecret: clientSecret };
	const options = { mode: 'stream' };
	const node = connected(dingtalkTrigger, account, options, undefined, undefined, undefined, () => writing);
	nodes.push(node);
	await online(node);
	gateway.say(said('hello'));
	await until(() => node.events.length === 1);
	gateway.say(said('hello'));
	await turns(64);
	expect([gateway.acks, node.events.length]).toEqual([[], 1]);
	write();
	await until(() => gateway.acks.length === 2);
	expect(node.events).toHaveLength(1);
});

test('strangers are refused, and what comes twice is heard once', async () => {
	const node = start({ users: 'user123', strangers: 'refuse', refusal: 'Not for you.' });
	await online(node);
	gateway.say(said('hello'));
	gateway.say(said('hello'));
	gateway.say(said('let me in', { senderStaffId: 'user666' }));
	await until(() => gateway.acks.length === 3 && gateway.posted.length === 1);
	expect(node.events.map(({ text }) => text)).toEqual(['hello']);
	expect(JSON.stringify(gateway.posted)).toContain('Not for you.');
});

test('events are given out where they are wanted, once', async () => {
	const node = start({ topics: ['event'] });
	await online(node);
	expect(gateway.registered[0].subscriptions).toEqual([{ type: 'EVENT', topic: '*' }]);
	gateway.say(said('not subscribed to'));
	gateway.happen('user_add_org', { timeStamp: '1700000000001', userId: ['staff9'] }, { eventId: 'e1' });
	gateway.happen('user_add_org', { timeStamp: '1700000000001', userId: ['staff9'] }, { eventId: 'e1' });
	gateway.happen('chat_update_title', { openConversationId: 'cid9', title: 'New' }, { eventId: 'e2' });
	await until(() => gateway.acks.length === 3);
	expect(node.events).toMatchObject([
		{
			...{ kind: 'user_add_org', user: { id: 'staff9' }, conversation: { id: 'ding1' }, replyTo: '' },
			...{ messageId: 'e1', time: '2023-11-14T22:13:20.000Z' },
			raw: { headers: { eventType: 'user_add_org' }, data: { userId: ['staff9'] } },
		},
		{ kind: 'chat_update_title', conversation: { id: 'cid9', kind: 'group' } },
	]);
});

test('pings are answered', async () => {
	await online(start());
	gateway.ping('123-dsfs');
	await until(() => gateway.acks.length === 1);
	expect(gateway.acks[0].data).toBe('{"opaque":"123-dsfs"}');
});

test('moves when it is told to: the new connection is there before the old one goes', async () => {
	const node = start();
	await online(node);
	const [old] = gateway.open;
	gateway.move(old!);
	await until(() => gateway.opened === 2);
	gateway.say(said('between'));
	await until(() => gateway.open.length === 1 && gateway.open[0] !== old);
	gateway.say(said('after'));
	await until(() => node.events.length === 2);
	expect(node.states.map(({ state }) => state)).toEqual(['connecting', 'connected']);
});

test('is one connection for all nodes of an app, which takes in what each of them wants', async () => {
	const one = start();
	await online(one);
	const two = start({ topics: ['event'] });
	await until(() => gateway.opened === 2);
	await until(() => gateway.open.at(-1)?.topics.length === 2);
	gateway.open[0]!.socket.close();
	await until(() => gateway.open.length === 1);
	gateway.say(said('hi'));
	gateway.happen('user_add_org', { userId: ['staff9'] });
	await until(() => one.events.length === 1 && two.events.length === 1);
	expect([one.events[0]!.kind, two.events[0]!.kind]).toEqual(['text', 'user_add_org']);
	const three = start({ topics: [] });
	await online(three);
	gateway.say(said('again'));
	await until(() => three.events.length === 1 && one.events.length === 2);
	expect(gateway.opened).toBe(2);
});

test('connects again when the connection breaks, and hears events that were not acknowledged', async () => {
	const node = start({ topics: [] });
	await online(node);
	gateway.open[0]!.socket.terminate();
	gateway.happen('user_add_org', { userId: ['staff9'] });
	await until(() => gateway.opened === 2 && node.states.at(-1)?.state === 'connected', 10_000);
	gateway.sendAgain();
	await until(() => node.events.length === 1);
	expect(node.states.map(({ state }) => state)).toEqual(['connecting', 'connected', 'connecting', 'connected']);
}, 15_000);

test('ends where the app is refused from the start, not where it is refused later', async () => {
	const wrong = start({}, { appSecret: 'other' });
	expect(await wrong.ended).toMatchObject({
		class: 'Unauthorized',
		code: 'authFailed',
		message: expect.stringContaining('client secret'),
	});
	const node = start();
	await online(node);
	gateway.refusals.push({ status: 401, body: { code: 'authFailed', message: '鉴权失败' } });
	gateway.open[0]!.socket.terminate();
	await until(() => node.states.some(({ state }) => state === 'failed'));
	await until(() => node.states.at(-1)?.state === 'connected', 10_000);
	expect(JSON.stringify(node.states)).not.toContain(clientSecret);
}, 15_000);

test.each([
	['no address', { ticket: 't' }],
	['no web socket', { endpoint: 'http://127.0.0.1/connect', ticket: 't' }],
	['no ticket', { endpoint: 'ws://127.0.0.1/connect' }],
])('an answer with %s is shown, and asked for again', async (_, body) => {
	gateway.refusals.push({ status: 200, body });
	const node = start();
	await until(() => node.states.at(-1)?.state === 'failed');
	await online(node);
});

test.each([
	['client ID', { clientId: '' }, 'clientId'],
	['app secret', { appSecret: '', robot: 'group', accessToken: 'x' }, undefined],
])('needs the %s', async (_, own, field) => {
	expect(await start({}, own).ended).toMatchObject({ class: 'Invalid', ...(field && { field }) });
});

test('frames that are none of DingTalk’s do no harm', async () => {
	const node = start();
	await online(node);
	const frames = ['', 'null', '{', '[]', '{"type":"CALLBACK"}', '{"type":"SYSTEM","headers":{"topic":"other"}}'];
	for (const frame of frames) gateway.open[0]!.socket.send(frame);
	for (const data of [null, [], 'x']) gateway.say(data);
	gateway.say(said('x'));
	await until(() => node.events.length === 1 && gateway.acks.length === 4);
	expect(gateway.opened).toBe(1);
});

test('waits for requests where it receives by HTTP', async () => {
	const node = start({ mode: 'webhook' });
	await until(() => node.states.at(-1)?.detail === 'waiting for requests');
	expect(gateway.registered).toEqual([]);
});
