import { createHmac } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { fc } from '../../property';
import { closeConnections } from '../../../src/core/http/http';
import { receptionist } from '../../../src/core/receive/reception';
import { memoryStore } from '../../../src/core/state/memory';
import { readPayload } from '../../../src/services/slack/payloads';
import { connect as openSession, type Ear } from '../../../src/services/slack/socketMode';
import { slackTrigger } from '../../../src/services/slack/slack.trigger';
import { connected, turns, until, type Connected } from '../../core/sockets/connected';
import { appToken, botToken, SocketMode } from './socketMode';

const event = (inner: object) => ({
	token: 'verification-token',
	team_id: 'T111',
	type: 'event_callback',
	event_id: 'Ev111',
	event_time: 1_700_000_000,
	event: {
		channel: 'C111',
		user: 'U222',
		ts: '1700000000.000200',
		event_ts: '1700000000.000200',
		channel_type: 'channel',
		...inner,
	},
});
const message = (text: string, more: object = {}) => event({ type: 'message', text, ...more });
const command = (name: string, text = '') => ({
	token: 'verification-token',
	channel_id: 'C111',
	channel_name: 'random',
	user_id: 'U222',
	user_name: 'ann',
	command: name,
	text,
	response_url: 'https://hooks.slack.com/commands/x',
	trigger_id: '111.222.xxx',
});
const pressed = (action: object, more: object = {}) => ({
	type: 'block_actions',
	user: { id: 'U222', username: 'ann' },
	container: { type: 'message', message_ts: '1700000000.000100', channel_id: 'C111' },
	channel: { id: 'C111', name: 'random' },
	trigger_id: '5.6.abc',
	actions: [{ type: 'button', action_id: 'a', action_ts: '1700000001.5', ...action }],
	...more,
});

describe('a payload', () => {
	const read = (type: Parameters<typeof readPayload>[0], payload: object) => readPayload(type, payload, 0);

	test('of a message', () => {
		expect(
			read('events_api', message('see <https://example.com/a?b=1&amp;c|example> &lt;3 in <#C9|general> <@U5>')),
		).toMatchObject({
			kind: 'message',
			isOfBot: false,
			said: {
				channel: 'slack',
				conversation: { id: 'C111', kind: 'channel' },
				user: { id: 'U222' },
				text: 'see https://example.com/a?b=1&c <3 in #general <@U5>',
				replyTo: 'C111',
				messageId: '1700000000.000200',
				time: '2023-11-14T22:13:20.000Z',
				kind: 'message',
			},
		});
	});

	test('of a channel is overheard, unless the app is mentioned or written to', () => {
		expect(read('events_api', message('What a day')).said.overheard).toBe(true);
		expect(read('events_api', message('hi', { channel: 'D111', channel_type: 'im' })).said).not.toHaveProperty(
			'overheard',
		);
		expect(read('slash_commands', command('/last')).said).not.toHaveProperty('overheard');
		expect(read('interactive', pressed({ value: 'x' })).said).not.toHaveProperty('overheard');
	});

	test('in a thread is answered in it', () => {
		expect(read('events_api', message('x', { thread_ts: '1699999999.1' })).said.replyTo).toBe('C111:1699999999.1');
		const inThread = pressed(
			{ value: 'v' },
			{ container: { channel_id: 'C111', message_ts: '2.0', thread_ts: '1699999999.1' } },
		);
		expect(read('interactive', inThread).said.replyTo).toBe('C111:1699999999.1');
	});

	test('of a mention is a command without the mention', () => {
		expect(read('events_api', event({ type: 'app_mention', text: '<@U111> /pause 10m' }))).toMatchObject({
			kind: 'mention',
			said: { text: '/pause 10m', command: 'pause', args: ['10m'], kind: 'app_mention' },
		});
	});

	test.each([
		['im', 'D1', 'private'],
		['mpim', 'C1', 'group'],
		['group', 'G1', 'group'],
		['channel', 'C1', 'channel'],
		[undefined, 'D1', 'private'],
	])('of a conversation of the type %s', (channel_type, channel, kind) => {
		expect(read('events_api', message('x', { channel_type, channel })).said.conversation).toEqual({
			id: channel,
			kind,
		});
	});

	test('of a slash command', () => {
		expect(read('slash_commands', command('/Last', '5 "two words"'))).toMatchObject({
			kind: 'command',
			said: {
				text: '/Last 5 "two words"',
				command: 'last',
				args: ['5', 'two words'],
				user: { id: 'U222', name: 'ann' },
				replyTo: 'C111',
				messageId: '111.222.xxx',
				kind: 'slash_command',
			},
		});
	});

	test.each([
		[{ value: '/retry 3' }, '/retry 3'],
		[{ type: 'static_select', selected_option: { value: 'one' } }, 'one'],
		[{ type: 'multi_static_select', selected_options: [{ value: 'one' }, { value: 'two' }] }, 'one,two'],
		[{ type: 'datepicker', selected_date: '2030-01-31' }, '2030-01-31'],
		[{ type: 'button' }, 'a'],
	])('of the action %j has its value', (action, value) => {
		expect(read('interactive', pressed(action))).toMatchObject({
			kind: 'action',
			said: {
				button: { value, messageId: '1700000000.000100' },
				text: value,
				messageId: '5.6.abc',
				user: { id: 'U222', name: 'ann' },
			},
		});
	});

	test('of a pressed command is one', () => {
		expect(read('interactive', pressed({ value: '/retry 3' })).said).toMatchObject({
			command: 'retry',
			args: ['3'],
		});
		expect(read('interactive', pressed({ value: 'retry' })).said.command).toBeUndefined();
	});

	test('of a shortcut is a command, answered to whoever took it or where the message is', () => {
		const global = { type: 'shortcut', callback_id: 'last', trigger_id: '1', user: { id: 'U222' } };
		expect(read('interactive', global)).toMatchObject({
			kind: 'shortcut',
			said: { command: 'last', replyTo: 'U222', conversation: { id: 'U222', kind: 'private' } },
		});
		const onMessage = {
			...global,
			type: 'message_action',
			channel: { id: 'C111' },
			message: { ts: '2.0', thread_ts: '1.0' },
		};
		expect(read('interactive', onMessage)).toMatchObject({
			kind: 'shortcut',
			said: { replyTo: 'C111:1.0', kind: 'message_action' },
		});
	});

	test('of a view', () => {
		expect(
			read('interactive', {
				type: 'view_submission',
				user: { id: 'U222' },
				trigger_id: '1',
				view: { id: 'V1', callback_id: 'form' },
			}),
		).toMatchObject({ kind: 'view', said: { text: 'form' } });
	});

	test('of an edit, a reaction or a bot is told apart', () => {
		expect(read('events_api', message('', { subtype: 'message_changed', message: {} }))).toMatchObject({
			kind: 'other',
			said: { kind: 'message.message_changed', messageId: 'Ev111' },
		});
		const reaction = event({
			type: 'reaction_added',
			reaction: 'thumbsup',
			item: { channel: 'C9', ts: '1.0' },
			channel: undefined,
		});
		expect(read('events_api', reaction)).toMatchObject({
			kind: 'other',
			said: { text: 'thumbsup', replyTo: 'C9', kind: 'reaction_added' },
		});
		expect(read('events_api', message('x', { bot_id: 'B1', user: undefined }))).toMatchObject({
			kind: 'message',
			isOfBot: true,
			said: { user: { id: 'B1' } },
		});
		expect(read('events_api', message('x', { subtype: 'bot_message' })).isOfBot).toBe(true);
	});

	test('with files', () => {
		const files = [{ id: 'F1', name: 'a.png', mimetype: 'image/png', url_private: 'https://files.slack.com/a' }];
		expect(read('events_api', message('', { subtype: 'file_share', files }))).toMatchObject({
			kind: 'message',
			said: { files: [{ id: 'F1', name: 'a.png', mime: 'image/png', url: 'https://files.slack.com/a' }] },
		});
	});

	test('does not carry Slack’s own token into the flow', () => {
		for (const [type, payload] of [
			['events_api', message('x')],
			['slash_commands', command('/x')],
		] as const)
			expect(JSON.stringify(read(type, payload))).not.toContain('verification-token');
	});

	test('of any shape is read', () => {
		const names = [
			'event',
			'type',
			'text',
			'user',
			'channel',
			'actions',
			'container',
			'view',
			'item',
			'files',
			'ts',
			'message',
			'selected_options',
			'toString',
			'constructor',
		];
		const branch = (node: fc.Arbitrary<unknown>) =>
			fc.dictionary(fc.constantFrom(...names), node, { maxKeys: 5, noNullPrototype: true });
		const tree = fc.letrec((tie) => ({
			node: fc.oneof(
				{ maxDepth: 4 },
				fc.constantFrom('message', 'app_mention', 'block_actions', 'shortcut'),
				fc.string(),
				fc.double(),
				fc.constant(null),
				fc.array(tie('node'), { maxLength: 3 }),
				branch(tie('node')),
			),
		})).node;
		fc.assert(
			fc.property(
				branch(tree),
				fc.constantFrom('events_api' as const, 'slash_commands' as const, 'interactive' as const),
				(payload, type) => {
					const { said } = read(type, payload);
					expect([typeof said.text, typeof said.replyTo, Number.isNaN(Date.parse(said.time))]).toEqual([
						'string',
						'string',
						false,
					]);
				},
			),
			{ numRuns: 2_000 },
		);
	});

	const corpus = join(__dirname, '../../../../shared/corpus/slack');
	if (!existsSync(corpus)) console.log(`Skipped: ${corpus} is not there.`);
	else
		test.each(readdirSync(corpus).filter((file) => !/^(hello|disconnect)/.test(file)))(
			'%s of the corpus',
			(file) => {
				const { type, payload } = JSON.parse(readFileSync(join(corpus, file), 'utf8'));
				const { said } = read(type, payload);
				const [, expected] = /^\w+\.([\w-]+)/.exec(file)!;
				expect(said.kind).toBe(file.startsWith('slash') ? 'slash_command' : expected);
				expect(said.messageId).not.toBe('');
				expect(said.user.id).toBe(payload.user?.id ?? payload.user_id ?? payload.event.user ?? '');
			},
		);
});

describe('Socket Mode', () => {
	let slack: SocketMode;
	let nodes: Connected[];
	beforeEach(async () => {
		slack = await new SocketMode().up();
		nodes = [];
	});
	afterEach(async () => {
		await Promise.all(nodes.map((node) => node.close()));
		await closeConnections();
		await slack.down();
	});
	const start = (options: object = {}, own: object = {}) => {
		const node = connected(slackTrigger, { botToken, appToken, baseUrl: slack.url, ...own }, { ...options });
		nodes.push(node);
		return node;
	};
	const online = (node: Connected) => until(() => node.states.at(-1)?.state === 'connected');

	test('acknowledges nothing before it is written down, also what comes again meanwhile', async () => {
		let write!: () => void;
		const writing = new Promise<void>((done) => (write = done));
		const account = { botToken, appToken, baseUrl: slack.url };
		const node = connected(slackTrigger, account, {}, undefined, undefined, undefined, () => writing);
		nodes.push(node);
		await online(node);
		slack.send('events_api', message('hello'));
		await until(() => node.events.length === 1);
		slack.send('events_api', message('hello'));
		await turns(64);
		expect([slack.acks, node.events.length]).toEqual([[], 1]);
		write();
		await until(() => slack.acks.length === 2);
		expect(node.events).toHaveLength(1);
	});

	test('gives out what comes, each acknowledged as it comes', async () => {
		const node = start();
		await online(node);
		const sent = [
			slack.send('events_api', message('hi')),
			slack.send('slash_commands', command('/last')),
			slack.send('interactive', pressed({ value: 'v' })),
			slack.send('interactive', { type: 'shortcut', callback_id: 'last', trigger_id: '9', user: { id: 'U222' } }),
		];
		await until(() => node.events.length === 4 && slack.acks.length === 4);
		expect(node.events.map(({ kind }) => kind)).toEqual(['message', 'slash_command', 'block_actions', 'shortcut']);
		expect(slack.acks.map(({ id }) => id)).toEqual(sent);
		expect(slack.acks.every(({ payload }) => payload === undefined)).toBe(true);
		expect(node.happenings[0]).toMatchObject({
			key: 'slack:C111:1700000000.000200',
			message: { to: 'C111', type: 'chat.message' },
		});
	});

	test('acknowledges what nobody wants, too', async () => {
		const node = start({ kinds: ['command'] });
		await online(node);
		slack.send('events_api', message('hi'));
		slack.send('hologram', {});
		await until(() => slack.acks.length === 2);
		expect(node.events).toEqual([]);
	});

	test('answers a slash command within the acknowledgement, other things in place', async () => {
		const node = start({ answers: 'help = I know /last & <more>' });
		await online(node);
		slack.send('slash_commands', command('/help'));
		slack.send(
			'events_api',
			event({ type: 'app_mention', text: '<@U1> /help', thread_ts: '1699999999.1', ts: '1700000000.7' }),
		);
		await until(() => slack.posted.length === 1);
		expect(slack.acks[0]!.payload).toEqual({ response_type: 'ephemeral', text: 'I know /last &amp; &lt;more&gt;' });
		expect(slack.posted[0]).toMatchObject({ channel: 'C111', thread_ts: '1699999999.1' });
		expect(node.events).toHaveLength(2);
	});

	test('refuses strangers politely, and admin commands to others', async () => {
		const node = start({ users: 'U222, U333', admins: 'U333', adminCommands: 'pause', strangers: 'refuse' });
		await online(node);
		slack.send('slash_commands', command('/pause'));
		slack.send('slash_commands', { ...command('/last'), user_id: 'U999', trigger_id: '2' });
		slack.send('slash_commands', { ...command('/pause'), user_id: 'U333', trigger_id: '3' });
		await until(() => slack.acks.length === 3);
		expect(slack.acks.map(({ payload }) => payload?.text)).toEqual([
			'Sorry, only admins may do that.',
			'Sorry, I only talk with people I know.',
			undefined,
		]);
		expect(node.events).toMatchObject([{ user: { id: 'U333' }, admin: true }]);
	});

	test('hears a mention once, though Slack tells it twice, and what comes again not at all', async () => {
		const node = start({ answers: 'help = x' });
		await online(node);
		slack.send('events_api', event({ type: 'app_mention', text: '<@U1> /help' }));
		slack.send('events_api', message('<@U1> /help'));
		slack.send('events_api', event({ type: 'app_mention', text: '<@U1> /help' }), {
			retry_attempt: 1,
			retry_reason: 'timeout',
		});
		await until(() => slack.acks.length === 3 && slack.posted.length > 0);
		expect(node.events).toHaveLength(1);
		expect(slack.posted).toHaveLength(1);
	});

	test('leaves out what bots write unless that is wanted', async () => {
		const node = start();
		await online(node);
		slack.send('events_api', message('mine', { bot_id: 'B1' }));
		await until(() => slack.acks.length === 1);
		expect(node.events).toEqual([]);
		await node.close();
		const all = start({ bots: true });
		await online(all);
		slack.send('events_api', message('mine', { bot_id: 'B1' }));
		await until(() => all.events.length === 1);
	});

	test('moves when it is told to: the new connection is there before the old one goes', async () => {
		const node = start();
		await online(node);
		const [old] = slack.open;
		slack.move(old!, 'refresh_requested');
		await until(() => slack.opened === 2);
		slack.send('events_api', message('between'));
		await until(() => slack.open.length === 1 && slack.open[0] !== old);
		slack.send('events_api', message('after', { ts: '1700000000.9' }));
		await until(() => node.events.length === 2);
		expect(node.states.map(({ state }) => state)).toEqual(['connecting', 'connected']);
	});

	test('does not race a service that keeps telling it to move', async () => {
		const node = start();
		await online(node);
		const timer = setInterval(
			() => slack.open.at(-1)?.send(JSON.stringify({ type: 'disconnect', reason: 'warning' })),
			1,
		);
		await until(() => slack.opened > 1);
		await new Promise((done) => setTimeout(done, 1_500));
		clearInterval(timer);
		expect(slack.opened).toBeLessThan(12);
	});

	test('survives an outage', async () => {
		const node = start();
		await online(node);
		await slack.down();
		await until(() => node.states.at(-1)?.state === 'failed');
		expect(node.states.at(-1)!.detail).not.toContain(appToken);
		await slack.up();
		await until(() => node.states.at(-1)?.state === 'connected', 15_000);
		slack.send('events_api', message('back'));
		await until(() => node.events.length === 1);
	}, 20_000);

	test('starts in an outage, and waits as long as it is asked to', async () => {
		slack.refusals.push(
			{ status: 503, body: {} },
			{ status: 429, headers: { 'retry-after': '1' }, body: { ok: false, error: 'ratelimited' } },
		);
		const node = start();
		await until(() => node.states.filter(({ state }) => state === 'failed').length === 2);
		const asked = Date.now();
		await online(node);
		expect(Date.now() - asked).toBeGreaterThanOrEqual(950);
	});

	test('connects again when a connection breaks', async () => {
		const node = start();
		await online(node);
		slack.open[0]!.terminate();
		await until(() => slack.opened === 2 && node.states.at(-1)?.state === 'connected');
		expect(node.states.map(({ state }) => state)).toEqual(['connecting', 'connected', 'connecting', 'connected']);
	});

	test('says that Socket Mode is switched off, and waits for it', async () => {
		const node = start();
		await online(node);
		slack.open[0]!.send(JSON.stringify({ type: 'disconnect', reason: 'link_disabled' }));
		await until(() => node.states.some(({ detail }) => detail?.includes('Socket Mode is switched off')));
		await online(node);
	});

	test('ends where the token is refused from the start, not where it is refused later', async () => {
		const wrong = start({}, { appToken: 'xapp-wrong' });
		expect(await wrong.ended).toMatchObject({
			class: 'Unauthorized',
			message: expect.stringContaining('connections:write'),
		});
		const node = start();
		await online(node);
		slack.refusals.push({ body: { ok: false, error: 'token_revoked' } });
		slack.open[0]!.terminate();
		await until(() => node.states.some(({ state }) => state === 'failed'));
		await online(node);
	});

	test('needs the app-level token', async () => {
		expect(await start({}, { appToken: '' }).ended).toMatchObject({ class: 'Invalid', field: 'appToken' });
	});

	test('is one connection for all nodes of an app', async () => {
		const [one, two] = [start(), start({ kinds: ['command'] })];
		await Promise.all([online(one), online(two)]);
		slack.send('slash_commands', command('/last'));
		await until(() => one.events.length === 1 && two.events.length === 1);
		expect(slack.opened).toBe(1);
		await one.close();
		slack.send('slash_commands', { ...command('/last'), trigger_id: '2' });
		await until(() => two.events.length === 2);
		await two.close();
		await until(() => slack.open.length === 0);
	});

	test('closes while it connects, and while it waits', async () => {
		slack.greets = false;
		const silent = start();
		await until(() => slack.opened === 1);
		expect(await silent.close()).toBeUndefined();
		await slack.down();
		const waiting = start();
		await until(() => waiting.states.at(-1)?.state === 'failed');
		expect(await waiting.close()).toBeUndefined();
	});

	test('frames that are none of Slack’s do no harm', async () => {
		const node = start();
		await online(node);
		for (const frame of ['', 'null', '{', '[]', '{"type":"hello"}', '{"envelope_id":5}'])
			slack.open[0]!.send(frame);
		slack.send('events_api', null);
		slack.send('events_api', message('x'));
		await until(() => node.events.length === 1);
		expect(slack.opened).toBe(1);
	});

	test('a connection that fell silent is given up', async () => {
		// A wire that can be held: what goes in does not come out.
		const wires: Socket[] = [];
		const { port } = new URL(slack.url);
		const between = createServer((client) => {
			const server = connect(Number(port), '127.0.0.1');
			client.pipe(server).pipe(client);
			wires.push(client, server);
			for (const wire of [client, server]) wire.on('error', () => undefined);
		});
		await new Promise<void>((done) => between.listen(0, '127.0.0.1', done));
		const address = `ws://127.0.0.1:${(between.address() as { port: number }).port}`;
		slack.refusals.push({ body: { ok: true, url: `${address}/link/?ticket=held` } });
		slack['tickets'].add('held');
		const stop = new AbortController();
		const ear = {
			account: { botToken, appToken, baseUrl: slack.url, language: 'en' },
			hear: () => undefined,
			status: () => undefined,
		} as unknown as Ear;
		const session = await openSession(
			{ first: ear, ears: new Set([ear]), signal: stop.signal, say: () => undefined },
			50,
		);
		await new Promise((done) => setTimeout(done, 400));
		expect(slack.open).toHaveLength(1);
		for (const wire of wires) wire.unpipe().pause();
		expect(await session.ended).toBe('broken');
		await session.closed;
		for (const wire of wires) wire.destroy();
		await new Promise<void>((done) => between.close(() => done()));
	}, 10_000);
});

describe('by HTTP', () => {
	/** The vendor's own sample, as its documentation prints it. */
	const sample = {
		secret: '8f742231b10e8888abcd99yyyzzz85a5',
		timestamp: '1531420618',
		signature: 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
		body: 'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c',
	};
	const signing = 'a-signing-secret';
	const now = 1_700_000_000_000;
	const form = 'application/x-www-form-urlencoded';

	const reception = (options: object = {}, own: object = {}, at = now) =>
		receptionist(slackTrigger, {
			account: { botToken, signingSecret: signing, ...own },
			options: { mode: 'http', ...options },
			store: memoryStore(),
			now: () => at,
		});
	function request(
		body: string | Uint8Array,
		{
			type = 'application/json',
			time = String(now / 1000),
			secret = signing,
			headers = {},
		}: { type?: string; time?: string; secret?: string; headers?: Record<string, string> } = {},
	) {
		const signature = `v0=${createHmac('sha256', secret).update(`v0:${time}:`).update(body).digest('hex')}`;
		return {
			method: 'POST',
			path: '',
			query: {},
			headers: {
				'content-type': type,
				'x-slack-signature': signature,
				'x-slack-request-timestamp': time,
				...headers,
			},
			body: Buffer.from(body),
		};
	}
	const ring = (payload: object, options?: object) => reception(options).receive(request(JSON.stringify(payload)));

	test('agrees with the vendor’s sample', async () => {
		const given = {
			type: form,
			headers: { 'x-slack-signature': sample.signature, 'x-slack-request-timestamp': sample.timestamp },
		};
		const { reply, happenings } = reception({}, { signingSecret: sample.secret }, 1_531_420_618_000).receive(
			request(sample.body, given),
		);
		expect(reply).toEqual({ status: 200, body: '' });
		expect(await happenings).toMatchObject([
			{
				event: {
					command: 'webhook-collect',
					user: { id: 'U2CERLKJA', name: 'roadrunner' },
					replyTo: 'G8PSS9T3V',
				},
			},
		]);
	});

	test('proves the address', async () => {
		const { reply, happenings } = ring({ type: 'url_verification', token: 'x', challenge: '3eZbrw1aBm2rZgRNFdxV' });
		expect(reply).toMatchObject({
			status: 200,
			body: '3eZbrw1aBm2rZgRNFdxV',
			headers: { 'content-type': 'text/plain' },
		});
		expect(await happenings).toEqual([]);
	});

	test('gives out events and what is pressed, silently', async () => {
		const told = ring(message('/last'));
		expect(told.reply).toEqual({ status: 200, body: '' });
		expect(await told.happenings).toMatchObject([{ event: { command: 'last' } }]);
		const body = new URLSearchParams({ payload: JSON.stringify(pressed({ value: 'v' })) }).toString();
		const { reply, happenings } = reception().receive(request(body, { type: form }));
		expect(reply).toEqual({ status: 200, body: '' });
		expect(await happenings).toMatchObject([{ event: { button: { value: 'v' } } }]);
	});

	test('answers a slash command within the reply', () => {
		const body = new URLSearchParams(command('/help')).toString();
		const { reply } = reception({ answers: 'help = I know /last' }).receive(request(body, { type: form }));
		expect(JSON.parse(reply.body!)).toEqual({ response_type: 'ephemeral', text: 'I know /last' });
	});

	test('answers other things in place', async () => {
		const slack = await new SocketMode().up();
		try {
			const { afterwards } = reception({ answers: 'help = x' }, { baseUrl: slack.url }).receive(
				request(JSON.stringify(message('/help'))),
			);
			expect(await afterwards).toBeUndefined();
			expect(slack.posted).toMatchObject([{ channel: 'C111' }]);
		} finally {
			await closeConnections();
			await slack.down();
		}
	});

	test('drops what Slack sends again', async () => {
		const again = reception();
		expect(await again.receive(request(JSON.stringify(message('x')))).happenings).toHaveLength(1);
		expect(
			await again.receive(request(JSON.stringify(message('x')), { headers: { 'x-slack-retry-num': '1' } }))
				.happenings,
		).toHaveLength(0);
	});

	test.each([
		['forged', request('{}', { secret: 'guessed' }), 401],
		['changed', { ...request('{"a":1}'), body: Buffer.from('{"a":2}') }, 401],
		['changed in what no reader would see', { ...request('{"a":1}'), body: Buffer.from('{"a": 1}') }, 401],
		['unsigned', request('{}', { headers: { 'x-slack-signature': '' } }), 401],
		['old', request('{}', { time: String(now / 1000 - 301) }), 401],
		['from the future', request('{}', { time: String(now / 1000 + 301) }), 401],
		[
			'old under a new time',
			{
				...request('{}', { time: '1600000000' }),
				headers: {
					...request('{}', { time: '1600000000' }).headers,
					'x-slack-request-timestamp': String(now / 1000),
				},
			},
			401,
		],
		['oversized', request(Buffer.alloc(1024 * 1024 + 1, 'x')), 413],
		['no JSON', request('{'), 400],
		['no JSON in its form', request('payload=%7B', { type: form }), 400],
	])('refuses what is %s', async (_, forged, status) => {
		const { reply, happenings } = reception().receive(forged);
		expect(reply.status).toBe(status);
		expect(reply.body).not.toContain(signing);
		expect(await happenings).toEqual([]);
	});

	test('refuses any bytes that are not signed', () => {
		fc.assert(
			fc.property(fc.uint8Array(), (body) =>
				expect(reception().receive({ ...request('signed'), body }).reply.status).toBe(401),
			),
		);
	});

	test('needs the signing secret', async () => {
		const { reply } = reception({}, { signingSecret: '' }).receive(request('{}'));
		expect([reply.status, reply.body]).toEqual([403, expect.stringContaining('the signing secret')]);
		const node = connected(slackTrigger, { botToken }, { mode: 'http' });
		expect(await node.ended).toMatchObject({ class: 'Invalid', field: 'signingSecret' });
	});

	test('waits for requests, without a connection', async () => {
		const node = connected(
			slackTrigger,
			{ botToken, signingSecret: signing, baseUrl: 'http://127.0.0.1:9' },
			{ mode: 'http' },
		);
		await until(() => node.states.at(-1)?.detail === 'waiting for requests');
		expect(await node.close()).toBeUndefined();
	});
});
