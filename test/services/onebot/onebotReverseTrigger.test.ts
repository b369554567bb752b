import { onebot } from '../../../src/services/onebot/onebot.channel';
import { deliver, verify } from '../../../src/core/deliver/deliver';
import { onebotReverseTrigger } from '../../../src/services/onebot/onebotReverse.trigger';
import { connected, until, type Connected } from '../../core/sockets/connected';
import { dial, hostServer } from '../../core/sockets/sockets';

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
		{ baseUrl: 'http://127.0.0.1:5700', access: 'open', ...account },
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

test('who writes under no number is not answered, and does no harm', async () => {
	start({ answers: 'x = y' });
	const bot = await join('Universal');
	bot.socket.send(said('/x', { message_type: 'private', group_id: undefined, user_id: 'nobody' }));
	await until(() => node.states.at(-1)?.detail?.includes('“private:nobody” is no chat'));
	expect(bot.heard).toEqual([]);
});

describe('the channel speaks over the bot’s own connection', () => {
	const account = { baseUrl: 'reverse', accessToken: 'tok' };
	const send = (own: object = {}, to = 'group:30') =>
		deliver(onebot, { ...account, ...own }, { to, attempts: 1 }, 'hi');
	const enter = async (
		self: string,
		answer: object | undefined = { status: 'ok', retcode: 0, data: { message_id: 7 } },
	) => {
		const bot = await join('Universal', { 'x-self-id': self, authorization: 'Bearer tok' });
		bot.socket.on('message', (data) => {
			const { echo } = JSON.parse(String(data));
			// What happens meanwhile is no answer.
			bot.socket.send(said('meanwhile'));
			if (answer) bot.socket.send(JSON.stringify({ ...answer, echo }));
		});
		return bot;
	};
	beforeEach(() => void start({}, account));

	test('and takes its answer', async () => {
		const bot = await enter('10');
		expect(await send()).toMatchObject({ ok: true, ids: ['7'] });
		expect(bot.heard).toMatchObject([{ action: 'send_msg', params: { message_type: 'group', group_id: 30 } }]);
		await verify(onebot, account);
		expect(bot.heard[1].action).toBe('get_login_info');
		await until(() => node.events.length > 0);
	});

	test('which may be a no', async () => {
		await enter('10', { status: 'failed', retcode: 1400, wording: 'bad' });
		await expect(send()).rejects.toMatchObject({ class: 'Rejected', message: expect.stringContaining('bad') });
	});

	test('where it is there, and it is known which', async () => {
		const absent = { class: 'Unreachable', code: 'NOT_CONNECTED', unknown: false };
		await expect(send()).rejects.toMatchObject(absent);
		const first = await enter('10');
		await expect(send({ accessToken: 'other' })).rejects.toMatchObject(absent);
		await expect(send({ baseUrl: 'reverse:11' })).rejects.toMatchObject(absent);
		const second = await enter('11');
		await expect(send()).rejects.toMatchObject({ class: 'Invalid', message: expect.stringContaining('10, 11') });
		await send({ baseUrl: 'reverse:11' });
		expect([first.heard.length, second.heard.length]).toEqual([0, 1]);
		second.socket.close();
		await second.code;
		await until(() => node.states.at(-1)?.detail?.includes('1 connected'));
		expect(await send()).toMatchObject({ ok: true });
		await node.close();
		await expect(send()).rejects.toMatchObject(absent);
	});

	test('and says what it does not know where the bot leaves', async () => {
		const bot = await enter('10', null as never);
		const sending = send();
		await until(() => bot.heard.length === 1);
		bot.socket.close();
		await expect(sending).rejects.toMatchObject({ class: 'Unreachable', unknown: true, code: 'ECONNRESET' });
	});

	test('and waits no longer than it may', async () => {
		const bot = await enter('10', null as never);
		const sending = deliver(onebot, account, { to: 'group:30', deadline: 1 }, 'hi');
		await expect(sending).rejects.toMatchObject({ class: 'Unreachable', unknown: true, code: 'DEADLINE' });
		expect(bot.heard).toHaveLength(1);
	});
});

test('an event nested too deep to be read is said, and the next one is heard', async () => {
	start({ events: ['notice', 'message'] });
	const bot = await join('Event');
	bot.socket.send(`{"post_type":"notice","x":${'['.repeat(100_000)}${']'.repeat(100_000)}}`);
	bot.socket.send(said('hello'));
	await until(() => node.events.length === 1);
	expect(node.states).toContainEqual({ state: 'failed', detail: 'An event could not be read.' });
});
