import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fc } from '../../property';
import { closeConnections } from '../../../src/core/http/http';
import { receptionist } from '../../../src/core/receive/reception';
import { memoryStore } from '../../../src/core/state/memory';
import { listen } from '../../../src/services/telegram/poll';
import { readUpdate, updateKinds } from '../../../src/services/telegram/updates';
import { telegramTrigger } from '../../../src/services/telegram/telegram.trigger';
import type { ChatEvent } from '../../../src/core/receive/chat';
import { BotApi, botToken } from './botApi';
import { connected, turns, until, type Connected } from '../../core/sockets/connected';

const ann = { id: 5_000_000_001, is_bot: false, first_name: 'Ann', last_name: 'Bell', username: 'ann' };
const said = (text: string, more: object = {}) => ({
	message: {
		message_id: 7,
		date: 1_700_000_000,
		from: ann,
		chat: { id: ann.id, type: 'private', first_name: 'Ann' },
		text,
		...more,
	},
});
const forum = { id: -1001234567890, type: 'supergroup', title: 'House', is_forum: true };

let api: BotApi;
let nodes: Connected[];
beforeEach(async () => {
	api = await new BotApi().up();
	nodes = [];
});
afterEach(async () => {
	await Promise.all(nodes.map((node) => node.close()));
	await closeConnections();
	await api.down();
});

const account = () => ({ botToken, baseUrl: api.url });
const start = (options: Record<string, unknown> = {}, store = memoryStore(), own: object = {}) => {
	const node = connected(telegramTrigger, { ...account(), ...own }, options, store);
	nodes.push(node);
	return node;
};
const polling = () => until(() => api.waiting === 1);

describe('an update', () => {
	const event = (update: object, bot?: string) => readUpdate({ update_id: 1, ...update }, 0, bot);

	test('of a group is to the bot where it is named or answered', () => {
		const inGroup = (text: string, more: object = {}) =>
			event(
				{
					message: {
						message_id: 1,
						date: 1,
						from: { id: 2 },
						chat: { id: -3, type: 'group' },
						text,
						...more,
					},
				},
				'bell_bot',
			);
		expect(inGroup('What a day').overheard).toBe(true);
		expect(inGroup('@Bell_Bot what a day')).not.toHaveProperty('overheard');
		expect(inGroup('yes', { reply_to_message: { from: { id: 9, is_bot: true } } })).not.toHaveProperty('overheard');
		expect(event(said('What a day'))).not.toHaveProperty('overheard');
	});

	test('of a private chat', () => {
		expect(event(said('/Pause 10m "two words"'))).toMatchObject({
			channel: 'telegram',
			conversation: { id: '5000000001', kind: 'private', name: 'Ann' },
			user: { id: '5000000001', name: 'Ann Bell' },
			text: '/Pause 10m "two words"',
			command: 'pause',
			args: ['10m', 'two words'],
			replyTo: '5000000001',
			messageId: '7',
			time: '2023-11-14T22:13:20.000Z',
			kind: 'message',
		});
	});

	test('of a topic is answered in it; of a thread of replies it is not', () => {
		expect(event(said('x', { chat: forum, message_thread_id: 9, is_topic_message: true })).replyTo).toBe(
			'-1001234567890:9',
		);
		expect(event(said('x', { chat: forum, message_thread_id: 9 }))).toMatchObject({
			replyTo: '-1001234567890',
			conversation: { kind: 'group', name: 'House' },
		});
	});

	test.each([
		['/stop@other_bot', 'bell_bot', undefined],
		['/stop@Bell_Bot', 'bell_bot', 'stop'],
		['/stop@other_bot', undefined, 'stop'],
		['stop', 'bell_bot', undefined],
	])('%s to %s is the command %s', (text, bot, command) => {
		expect(event(said(text), bot).command).toBe(command);
	});

	test('of who writes for a channel, or hidden, does not bear the id of the bot that all such share', () => {
		const hidden = {
			from: { id: 1087968824, is_bot: true, first_name: 'Group', username: 'GroupAnonymousBot' },
			sender_chat: forum,
			chat: forum,
		};
		expect(event(said('x', hidden)).user.id).toBe('-1001234567890');
	});

	test('of a pressed button', () => {
		const pressed = {
			callback_query: {
				id: '99',
				from: ann,
				chat_instance: '1',
				data: '/retry 3',
				message: { message_id: 40, date: 0, chat: forum, message_thread_id: 9, is_topic_message: true },
			},
		};
		expect(event(pressed)).toMatchObject({
			button: { value: '/retry 3', messageId: '40' },
			command: 'retry',
			args: ['3'],
			user: { id: '5000000001' },
			replyTo: '-1001234567890:9',
			messageId: '99',
			kind: 'callback_query',
		});
		expect(event({ callback_query: { id: '98', from: ann, inline_message_id: 'abc', data: 'x' } })).toMatchObject({
			button: { messageId: 'abc' },
			replyTo: '5000000001',
		});
	});

	test('with files names the largest photo, and an animation once', () => {
		const files = {
			text: undefined,
			caption: 'look',
			photo: [{ file_id: 'small' }, { file_id: 'large' }],
			animation: { file_id: 'a', mime_type: 'video/mp4' },
			document: { file_id: 'a', file_name: 'a.mp4', mime_type: 'video/mp4' },
		};
		expect(event(said('', files))).toMatchObject({
			text: 'look',
			files: [
				{ id: 'large', mime: 'image/jpeg' },
				{ id: 'a', name: 'a.mp4', mime: 'video/mp4' },
			],
		});
	});

	test('that edits is another happening than what it edits', () => {
		const edited = { edited_message: { ...said('b').message, edit_date: 1_700_000_060 } };
		expect(event(edited)).toMatchObject({
			messageId: '7:1700000060',
			time: '2023-11-14T22:14:20.000Z',
			kind: 'edited_message',
		});
	});

	test('of a kind that is newer than this code passes', () => {
		expect(event({ hologram: { from: ann, date: 1 } })).toMatchObject({
			kind: 'hologram',
			user: { id: '5000000001' },
			messageId: 'update:1',
		});
	});

	test('of any shape is read', () => {
		const names = [
			...Object.keys(updateKinds),
			'from',
			'chat',
			'photo',
			'document',
			'date',
			'id',
			'text',
			'type',
			'file_id',
			'toString',
		];
		const key = fc.constantFrom(...names);
		const branch = (node: fc.Arbitrary<unknown>) => fc.dictionary(key, node, { maxKeys: 4, noNullPrototype: true });
		const tree = fc.letrec((tie) => ({
			node: fc.oneof(
				{ maxDepth: 4 },
				fc.string(),
				fc.double(),
				fc.constant(null),
				fc.array(tie('node'), { maxLength: 3 }),
				branch(tie('node')),
			),
		})).node;
		fc.assert(
			fc.property(branch(tree), (update) => {
				const { replyTo, user, time } = event(update);
				expect([typeof replyTo, typeof user.id, Number.isNaN(Date.parse(time))]).toEqual([
					'string',
					'string',
					false,
				]);
			}),
			{ numRuns: 2_000 },
		);
	});

	const corpus = join(__dirname, '../../../../shared/corpus/telegram');
	if (!existsSync(corpus)) console.log(`Skipped: ${corpus} is not there.`);
	else
		test.each(readdirSync(corpus))('%s of the corpus', (file) => {
			const update = JSON.parse(readFileSync(join(corpus, file), 'utf8'));
			const { kind, user, conversation, replyTo } = readUpdate(update, 0);
			expect(kind in update).toBe(true);
			expect(user.id).toBe(String(update[kind].from.id));
			expect(conversation.id).toBe(String((update[kind].chat ?? update[kind].from).id));
			expect(replyTo).toMatch(/^-?\d+$/);
		});
});

describe('polling', () => {
	test('gives out what is said, confirms it, and answers in place', async () => {
		const node = start({ answers: 'help = I know /last', updates: ['message', 'callback_query'] });
		await polling();
		expect(node.states.at(-1)).toEqual({ state: 'connected' });
		api.tell(said('/help', { chat: forum, message_thread_id: 9, is_topic_message: true }));
		await until(() => node.events.length === 1 && api.called('sendMessage').length === 1);
		expect(node.happenings[0]).toMatchObject({
			key: 'telegram:-1001234567890:7',
			message: { to: '-1001234567890:9', type: 'chat.message' },
		});
		expect(api.called('sendMessage')[0]).toMatchObject({
			chat_id: -1001234567890,
			message_thread_id: 9,
			text: 'I know /last',
		});
		await polling();
		expect(api.pending).toBe(0);
		expect(api.called('getUpdates').at(-1)).toMatchObject({
			offset: 1001,
			timeout: 25,
			allowed_updates: ['message', 'callback_query'],
		});
		await node.close();
		expect(api.waiting).toBe(0);
	});

	test('confirms nothing before it is written down', async () => {
		const store = memoryStore();
		let write!: () => void;
		const writing = new Promise<void>((done) => (write = done));
		const node = connected(telegramTrigger, account(), {}, store, undefined, undefined, () => writing);
		nodes.push(node);
		await polling();
		const before = api.called('getUpdates').length;
		api.tell(said('one'));
		api.tell(said('two', { message_id: 8 }));
		await until(() => node.events.length > 0);
		await turns(64);
		expect([api.called('getUpdates').length, api.pending]).toEqual([before, 2]);
		write();
		await until(() => node.events.length === 2 && api.pending === 0);
	});

	test('ends the waiting of pressed buttons, with the refusal as a notice', async () => {
		const node = start({ users: ['5000000001'], strangers: 'refuse', refusal: 'Not for you.' });
		await polling();
		api.tell({ callback_query: { id: 'q1', from: ann, data: 'x' } });
		api.tell({ callback_query: { id: 'q2', from: { id: 6, first_name: 'Eve' }, data: 'x' } });
		await until(() => api.called('answerCallbackQuery').length === 2);
		expect(api.called('answerCallbackQuery')).toEqual([
			{ callback_query_id: 'q1' },
			{ callback_query_id: 'q2', text: 'Not for you.', show_alert: true },
		]);
		expect(node.events.map(({ user }) => user.id)).toEqual(['5000000001']);
	});

	test('says an answer that is too long for a notice in the chat', async () => {
		start({ answers: `why = ${'because '.repeat(40)}` });
		await polling();
		api.tell({ callback_query: { id: 'q1', from: ann, data: '/why' } });
		await until(() => api.called('sendMessage').length === 1);
		expect(api.called('answerCallbackQuery')).toEqual([{ callback_query_id: 'q1' }]);
	});

	test('leaves buttons to the flow where that is wanted', async () => {
		const node = start({ answerButtons: false });
		await polling();
		api.tell({ callback_query: { id: 'q1', from: ann, data: 'x' } });
		await until(() => node.events.length === 1);
		await polling();
		expect(api.called('answerCallbackQuery')).toEqual([]);
	});

	test('is silent to strangers', async () => {
		const node = start({ users: ['6'], answers: 'help = no' });
		await polling();
		api.tell(said('/help'));
		await until(() => api.pending === 0 || api.called('getUpdates').some(({ offset }) => offset === 1001));
		expect(node.events).toEqual([]);
		expect(api.called('sendMessage')).toEqual([]);
	});

	test('a bot has one poll, whatever number of nodes listen, each to its own kinds', async () => {
		const one = start({ updates: ['message'] });
		await polling();
		const two = start({ updates: ['callback_query'] }, undefined, { baseUrl: `${api.url}/` });
		await until(() => api.called('getUpdates').at(-1).allowed_updates.length === 2);
		await polling();
		api.tell(said('hi'));
		api.tell({ callback_query: { id: 'q1', from: ann, data: 'x' } });
		await until(() => one.events.length === 1 && two.events.length === 1);
		expect([one.events[0]!.kind, two.events[0]!.kind]).toEqual(['message', 'callback_query']);
		await one.close();
		api.tell({ callback_query: { id: 'q2', from: ann, data: 'x' } });
		await until(() => two.events.length === 2);
		expect(api.mostWaiting).toBe(1);
		expect([...one.states, ...two.states].map(({ state }) => state)).not.toContain('failed');
	});

	test('a new deploy waits for the end of the old poll, and hears nothing twice', async () => {
		const store = memoryStore();
		let node = start({}, store);
		await polling();
		const heard: ChatEvent[] = [];
		for (let deploy = 0; deploy < 5; deploy++) {
			api.tell(said(`deploy ${deploy}`));
			await until(() => node.events.length === 1);
			const old = node.close();
			heard.push(...node.events);
			node = start({}, store);
			await old;
			await until(() => node.states.at(-1)?.state === 'connected');
			expect(node.states.map(({ state }) => state)).not.toContain('failed');
		}
		await polling();
		expect(heard.map(({ text }) => text)).toEqual(['deploy 0', 'deploy 1', 'deploy 2', 'deploy 3', 'deploy 4']);
		expect(node.events).toEqual([]);
		expect(api.mostWaiting).toBe(1);
	});

	test('confirms at its end what it gave out', async () => {
		const node = start();
		await polling();
		api.tell(said('last'));
		await until(() => node.events.length === 1);
		await node.close();
		expect(api.pending).toBe(0);
	});

	test('survives an outage, and hears what was said meanwhile', async () => {
		const node = start();
		await polling();
		await api.down();
		await until(() => node.states.at(-1)?.state === 'failed');
		expect(node.states.at(-1)!.detail).not.toContain(botToken);
		await api.up();
		api.tell(said('during'));
		await until(() => node.events.length === 1, 10_000);
		expect(node.states.at(-1)).toEqual({ state: 'connected' });
	}, 15_000);

	test('starts in an outage', async () => {
		await api.down();
		const node = start();
		await until(() => node.states.at(-1)?.state === 'failed');
		await api.up();
		await until(() => node.states.at(-1)?.state === 'connected', 10_000);
	}, 15_000);

	test('waits as long as Telegram asks it to', async () => {
		api.refusals.push({
			method: 'getUpdates',
			status: 429,
			description: 'Too Many Requests: retry after 1',
			parameters: { retry_after: 1 },
		});
		const node = start();
		await until(() => node.states.at(-1)?.state === 'failed');
		await polling();
		const [first, second] = api.calls.filter(({ method }) => method === 'getUpdates');
		expect(second!.at - first!.at).toBeGreaterThanOrEqual(990);
	});

	test('says who else polls, and goes on when it is gone', async () => {
		const node = start();
		await polling();
		await fetch(`${api.url}/bot${botToken}/getUpdates`, { method: 'POST', body: '{"timeout":0}' });
		await until(() => node.states.some(({ detail }) => detail?.includes('Somebody else polls this bot')));
		await until(() => node.states.at(-1)?.state === 'connected');
		api.tell(said('still here'));
		await until(() => node.events.length === 1);
	});

	test('leaves a webhook alone unless it is told to remove it', async () => {
		api.webhook = 'https://example.com/hook';
		const shy = start();
		await until(() => shy.states.at(-1)?.detail?.includes('Remove a webhook'));
		expect(api.called('deleteWebhook')).toEqual([]);
		await shy.close();
		const bold = start({ takeOver: true });
		await until(() => bold.states.at(-1)?.state === 'connected');
		expect(api.webhook).toBe('');
	});

	test('ends where Telegram does not know the bot', async () => {
		const node = start({}, undefined, { botToken: '654321:AAwrong' });
		expect(await node.ended).toMatchObject({ class: 'Unauthorized' });
	});

	test.each([
		['a token that is refused for a while', 'Unauthorized', 401],
		['a relay that lost its way', 'Not Found', 404],
		['a broken service', 'Internal Server Error', 500],
	])('goes on after %s', async (_, description, status) => {
		const node = start();
		await polling();
		api.refusals.push({ method: 'getUpdates', status, description });
		api.tell(said('one'));
		await until(() => node.events.length === 1);
		await until(() => node.states.some(({ state }) => state === 'failed'));
		await until(() => node.states.at(-1)?.state === 'connected');
		api.tell(said('two', { message_id: 8 }));
		await until(() => node.events.length === 2);
	});

	test('does not race a relay that does not wait', async () => {
		const hasty = start();
		await polling();
		const original = api['getUpdates'].bind(api);
		api['getUpdates'] = (body, response) => original({ ...body, timeout: 0 }, response);
		api.tell(said('x'));
		await until(() => hasty.events.length === 1);
		const before = api.calls.length;
		await new Promise((done) => setTimeout(done, 500));
		expect(api.calls.length - before).toBeLessThanOrEqual(2);
	});

	test('an answer that fails is shown, and nothing more', async () => {
		const node = start({ answers: 'help = x' });
		await polling();
		for (let each = 0; each < 5; each++)
			api.refusals.push({
				method: 'sendMessage',
				status: 403,
				description: 'Forbidden: bot was blocked by the user',
			});
		api.tell(said('/help'));
		await until(() => node.states.at(-1)?.detail?.includes('an answer failed'));
		api.tell(said('next', { message_id: 8 }));
		await until(() => node.events.length === 2);
	});

	test('sets the command list once it is connected', async () => {
		const node = start({ pushCommands: true, commands: 'last = Latest additions\n/pause = Pause' });
		await until(() => api.called('setMyCommands').length === 1);
		expect(api.called('setMyCommands')[0].commands).toEqual([
			{ command: 'last', description: 'Latest additions' },
			{ command: 'pause', description: 'Pause' },
		]);
		await polling();
		expect(node.states.map(({ state }) => state)).toEqual(['connecting', 'connected']);
	});

	test('says that a command list was not taken, and listens all the same', async () => {
		const node = start({ pushCommands: true, commands: 'pause-all = Pause' });
		await until(() => node.states.at(-1)?.detail?.includes('the command list was not taken'));
		api.tell(said('x'));
		await until(() => node.events.length === 1);
	});
});

test('an update that cannot be read holds up none of those behind it', async () => {
	const heard: string[] = [];
	const status = jest.fn();
	const stop = new AbortController();
	const ear = {
		...{ account: account(), kinds: ['message'], takeOver: false, store: memoryStore(), status },
		hear: ({ message: { text } }: { message: { text: string } }) => {
			if (text === 'odd') throw new RangeError('too deep');
			heard.push(text);
			return { replyTo: '', acknowledge: false };
		},
	};
	const listening = listen(ear, stop.signal);
	await polling();
	for (const text of ['one', 'odd', 'two']) api.tell(said(text));
	await until(() => heard.length === 2);
	expect(heard).toEqual(['one', 'two']);
	expect(status).toHaveBeenCalledWith('connected', expect.objectContaining({ en: expect.stringContaining('read') }));
	stop.abort();
	await listening;
});

describe('by webhook', () => {
	const secret = 'a-secret_of_the_webhook';
	const ring = (
		body: unknown,
		{
			headers = {},
			options = {},
			own = { webhookSecret: secret },
		}: { headers?: Record<string, string>; options?: object; own?: object } = {},
	) => {
		const reception = receptionist(telegramTrigger, {
			account: { ...account(), ...own },
			options: { mode: 'webhook', ...options },
			store: memoryStore(),
		});
		const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
		return reception.receive({
			method: 'POST',
			path: '',
			query: {},
			headers: { 'x-telegram-bot-api-secret-token': secret, ...headers },
			body: bytes,
		});
	};

	test('gives out an update, and answers within the reply', async () => {
		const { reply, happenings } = ring(
			{ update_id: 1, ...said('/help', { chat: forum, message_thread_id: 9, is_topic_message: true }) },
			{ options: { answers: 'help = I know /last' } },
		);
		expect(JSON.parse(reply.body!)).toEqual({
			method: 'sendMessage',
			chat_id: -1001234567890,
			message_thread_id: 9,
			text: 'I know /last',
		});
		expect(await happenings).toMatchObject([{ event: { command: 'help' } }]);
	});

	test('ends the waiting of a button within the reply', () => {
		const { reply } = ring({ update_id: 1, callback_query: { id: 'q1', from: ann, data: 'x' } });
		expect(JSON.parse(reply.body!)).toEqual({ method: 'answerCallbackQuery', callback_query_id: 'q1' });
	});

	test.each([
		['without the secret', { 'x-telegram-bot-api-secret-token': '' }],
		['with a wrong secret', { 'x-telegram-bot-api-secret-token': `${secret}x` }],
	])('refuses %s before it reads', async (_, headers) => {
		const { reply, happenings } = ring('{ not JSON', { headers });
		expect(reply.status).toBe(401);
		expect(reply.body).not.toContain(secret);
		expect(await happenings).toEqual([]);
	});

	test('refuses where no secret was chosen and nobody knows the made one', () => {
		expect(ring(said('x'), { own: {}, headers: { 'x-telegram-bot-api-secret-token': '' } }).reply.status).toBe(401);
	});

	test('refuses what is too large, or no update', () => {
		expect(ring('x'.repeat(1024 * 1024 + 1)).reply.status).toBe(413);
		for (const body of ['', 'null', '[]', '{"update_id":"1"}', '{']) expect(ring(body).reply.status).toBe(400);
	});

	test('leaves out kinds that were not chosen', async () => {
		const { reply, happenings } = ring({ update_id: 1, poll: { id: '1' } });
		expect(reply.status).toBe(200);
		expect(await happenings).toEqual([]);
	});

	test('drops what Telegram sends again', async () => {
		const store = memoryStore();
		const reception = receptionist(telegramTrigger, {
			account: { ...account(), webhookSecret: secret },
			options: { mode: 'webhook' },
			store,
		});
		const request = {
			method: 'POST',
			path: '',
			query: {},
			headers: { 'x-telegram-bot-api-secret-token': secret },
			body: Buffer.from(JSON.stringify({ update_id: 1, ...said('x') })),
		};
		expect(await reception.receive(request).happenings).toHaveLength(1);
		expect(await reception.receive(request).happenings).toHaveLength(0);
	});

	test('sets the webhook with a secret that its requests are then known by', async () => {
		const node = start({
			mode: 'webhook',
			publicUrl: 'https://example.com/webhook/telegram',
			pushCommands: true,
			commands: 'last = Latest',
		});
		await until(() => node.states.at(-1)?.state === 'connected');
		const [set] = api.called('setWebhook');
		expect(set).toMatchObject({
			url: 'https://example.com/webhook/telegram',
			allowed_updates: ['message', 'channel_post', 'callback_query'],
		});
		expect(set.secret_token).not.toContain(botToken);
		expect(api.called('setMyCommands')).toHaveLength(1);
		expect(api.called('getUpdates')).toEqual([]);
		expect(
			ring(
				{ update_id: 1, ...said('x') },
				{ own: {}, headers: { 'x-telegram-bot-api-secret-token': set.secret_token } },
			).reply.status,
		).toBe(200);
		expect(await node.close()).toBeUndefined();
	});

	test('shows why a webhook was not taken, and tries again', async () => {
		const node = start({ mode: 'webhook', publicUrl: 'http://example.com/x' });
		await until(() => node.states.at(-1)?.detail?.includes('HTTPS URL must be provided'));
		await until(() => api.called('setWebhook').length > 1);
	});
});
