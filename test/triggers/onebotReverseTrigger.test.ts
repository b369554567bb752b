import { onebotReverseTrigger } from '../../src/triggers/onebotReverseTrigger';
import { connected, until, type Connected } from './connected';
import { dial, hostServer } from './sockets';

let host: Awaited<ReturnType<typeof hostServer>>;
let node: Connected;
beforeEach(async () => void (host = await hostServer()));
afterEach(async () => {
	await node.close();
	await host.close();
});

const start = (options: object = {}, account: object = {}) =>
	(node = connected(
		onebotReverseTrigger,
		{ baseUrl: 'http://127.0.0.1:5700', ...account },
		options as Record<string, unknown>,
		undefined,
		{ http: host.http, root: '' },
	));
const join = (role: string, more: Record<string, string> = {}, query = '') =>
	dial(`ws://127.0.0.1:${host.port}/carillon/onebot${query}`, { 'x-self-id': '10', 'x-client-role': role, ...more });

const said = (text: string, more: object = {}) =>
	JSON.stringify({
		...{
			time: 1_700_000_000,
			self_id: 10,
			post_type: 'message',
			message_type: 'group',
			group_id: 30,
			message_id: 1,
		},
		...{ user_id: 20, message: [{ type: 'text', data: { text } }], sender: { nickname: 'Ann' } },
		...more,
	});

test('a bot connects, is heard, and is answered on the same connection', async () => {
	start({ answers: 'last = One moment.' });
	const bot = await join('Universal');
	bot.socket.send(
		JSON.stringify({
			time: 1,
			self_id: 10,
			post_type: 'meta_event',
			meta_event_type: 'lifecycle',
			sub_type: 'connect',
		}),
	);
	bot.socket.send('no JSON');
	bot.socket.send('null');
	bot.socket.send(said('/last'));
	await until(() => bot.heard.length === 1);
	expect(node.events).toMatchObject([{ command: 'last', replyTo: 'group:30', channel: 'onebot' }]);
	expect(bot.heard[0]).toMatchObject({
		action: 'send_msg',
		params: { message_type: 'group', group_id: 30, message: [{ type: 'text', data: { text: 'One moment.' } }] },
		echo: expect.stringMatching(/./),
	});
	bot.socket.send(JSON.stringify({ status: 'failed', retcode: 100, wording: 'muted', echo: bot.heard[0].echo }));
	await until(() => node.states.at(-1)?.detail?.includes('muted (100)'));
});

test('where events and calls have connections of their own, the answer takes the one for calls of the same bot', async () => {
	start({ answers: 'x = y' });
	const [calls, events, stranger] = await Promise.all([
		join('API'),
		join('Event'),
		join('API', { 'x-self-id': '11' }),
	]);
	events!.socket.send(said('/x', { message_type: 'private', group_id: undefined }));
	await until(() => calls!.heard.length === 1);
	expect(calls!.heard[0].params).toMatchObject({ message_type: 'private', user_id: 20 });
	expect([events!.heard, stranger!.heard]).toEqual([[], []]);
});

test.each([
	['Bearer tok', '', undefined],
	['Token tok', '', undefined],
	[undefined, '?access_token=tok', undefined],
	[undefined, '', '401'],
	['Bearer other', '', '403'],
	[undefined, '?access_token=other', '403'],
])('authorization %p and query %p: %p', async (authorization, query, refused) => {
	start({}, { accessToken: 'tok' });
	const joining = join('Universal', authorization === undefined ? {} : { authorization }, query);
	if (refused) await expect(joining).rejects.toThrow(refused);
	else (await joining).socket.send(said('hello'));
	if (!refused) await until(() => node.events.length === 1);
	else expect(node.events).toEqual([]);
});

test('the node closes wholly, with its bots told', async () => {
	start();
	const bot = await join('Universal');
	expect(await node.close()).toBeUndefined();
	expect(await bot.code).toBe(1001);
	expect(host.http.listeners('upgrade')).toEqual([]);
	expect(onebotReverseTrigger.not).toEqual(['n8n']);
});
