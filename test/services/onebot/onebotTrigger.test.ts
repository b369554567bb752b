import { createHmac } from 'node:crypto';
import { fc } from '../../property';
import { closeConnections } from '../../../src/core/http/http';
import { onebotTrigger } from '../../../src/services/onebot/onebot.trigger';
import { parseCq, readOneBot } from '../../../src/services/onebot/events';
import { listen } from '../../../src/services/onebot/socket';
import { connected, until, type Connected } from '../../core/sockets/connected';
import { OneBotServer } from './server';
import { corpus, served, tell, type Served } from '../../core/receive/served';
import { quickly } from '../../work';

const now = 1_700_000_000_000;
const said = (text: string, more: object = {}) => ({
	...{ time: now / 1_000, self_id: 10, post_type: 'message', message_type: 'private', sub_type: 'friend' },
	...{ message_id: -5, user_id: 20, message: [{ type: 'text', data: { text } }], raw_message: text, font: 0 },
	sender: { nickname: 'Ann', card: '' },
	...more,
});
const inGroup = {
	message_type: 'group',
	group_id: 30,
	group_name: 'House',
	sender: { nickname: 'Ann', card: 'Annie' },
};

describe('an event', () => {
	const read = (event: object) => readOneBot(event, now);

	test('of a private chat', () => {
		expect(read(said('/Pause 10m'))).toMatchObject({
			channel: 'onebot',
			conversation: { id: '20', kind: 'private', name: 'Ann' },
			user: { id: '20', name: 'Ann' },
			...{ text: '/Pause 10m', command: 'pause', args: ['10m'], replyTo: 'private:20', messageId: '-5' },
			...{ time: '2023-11-14T22:13:20.000Z', kind: 'message' },
		});
	});

	test('of a group, where people turn to the bot; ids may be texts', () => {
		const message = [
			{ type: 'at', data: { qq: '10' } },
			{ type: 'text', data: { text: ' /last ' } },
			{ type: 'at', data: { qq: 40 } },
		];
		expect(read(said('', { ...inGroup, message, user_id: '20', group_id: '30' }))).toMatchObject({
			...{ text: '/last @40', command: 'last', args: ['@40'], replyTo: 'group:30' },
			conversation: { id: '30', kind: 'group', name: 'House' },
			user: { id: '20', name: 'Annie' },
		});
	});

	test('of a group that is not to the bot is overheard', () => {
		expect(read(said('What a day', inGroup)).overheard).toBe(true);
		expect(read(said('', { ...inGroup, message: '[CQ:at,qq=10] What a day' }))).not.toHaveProperty('overheard');
		expect(read(said('What a day'))).not.toHaveProperty('overheard');
	});

	test('with CQ codes', () => {
		const message =
			'[CQ:at,qq=10] a&#91;b&#93; &amp;#44; [CQ:image,file=x.png,url=https://example.com/?a=1&amp;b=2&#44;3]';
		expect(read(said('', { message }))).toMatchObject({
			text: 'a[b] &#44;',
			files: [{ id: 'x.png', url: 'https://example.com/?a=1&b=2,3', mime: 'image/*' }],
		});
	});

	test('of other kinds', () => {
		const poke = {
			time: 1,
			self_id: 10,
			post_type: 'notice',
			notice_type: 'notify',
			sub_type: 'poke',
			group_id: 30,
			user_id: 20,
			target_id: 10,
		};
		expect(read(poke)).toMatchObject({ kind: 'notice.notify.poke', text: '', replyTo: 'group:30' });
		expect(read(poke).messageId).toBe(read(poke).messageId);
		expect(read(poke).messageId).not.toBe(read({ ...poke, time: 2 }).messageId);
		const request = {
			time: 1,
			self_id: 10,
			post_type: 'request',
			request_type: 'friend',
			user_id: 20,
			comment: 'it is me',
			flag: 'f',
		};
		expect(read(request)).toMatchObject({ kind: 'request.friend', text: 'it is me', replyTo: 'private:20' });
	});

	test('whatever it is made of, it is read', () => {
		const parts = fc.constantFrom('message', 'sender', 'time', 'user_id', 'group_id', 'message_id', 'raw_message');
		fc.assert(
			fc.property(
				fc.dictionary(
					parts,
					fc.option(
						fc.oneof(
							fc.jsonValue(),
							fc.array(fc.record({ type: fc.constantFrom('text', 'at', 'image'), data: fc.jsonValue() })),
						),
					),
				),
				(event) => {
					const { text, replyTo } = read({ post_type: 'message', ...event });
					expect([typeof text, typeof replyTo]).toEqual(['string', 'string']);
				},
			),
		);
	});

	test('CQ codes in linear time, and texts come back as they were', () => {
		const escape = (words: string) => words.replace(/&/g, '&amp;').replace(/\[/g, '&#91;').replace(/\]/g, '&#93;');
		fc.assert(
			fc.property(fc.string({ minLength: 1 }), (words) =>
				expect(parseCq(escape(words))).toEqual([{ type: 'text', data: { text: words } }]),
			),
		);
		quickly(() => parseCq('[CQ:a,'.repeat(100_000)));
		quickly(() => parseCq(`[CQ:a${',b=c'.repeat(200_000)}`));
	});
});

describe('by HTTP post', () => {
	let node: Served;
	const account = { baseUrl: 'http://127.0.0.1:5700', secret: 'some-secret' };
	const start = async (options: object = {}, given: object = account) =>
		(node = await served(onebotTrigger, given as Record<string, unknown>, { mode: 'http', ...options }, () => now));
	afterEach(() => node.close());
	const signed = (body: unknown, key = 'some-secret') => {
		const text = typeof body === 'string' ? body : JSON.stringify(body);
		const signature = createHmac('sha1', key).update(text).digest('hex');
		return tell(node.url, text, { 'x-signature': `sha1=${signature}`, 'x-self-id': '10' });
	};

	test('the signature of a vector', async () => {
		await start();
		const body = '{"post_type":"message"}';
		const status = async (signature: string) => (await tell(node.url, body, { 'x-signature': signature })).status;
		// Rightly signed, it is only too old.
		expect(await status('sha1=7842593135895dafeb4ca5ace9506a4a8e83e8f1')).toBe(403);
		expect(await status('sha1=7842593135895dafeb4ca5ace9506a4a8e83e8f2')).toBe(401);
	});

	test('quick replies answer in place', async () => {
		await start({ answers: 'last = One moment, [CQ:face,id=1]', users: '20', strangers: 'refuse' });
		expect((await signed(said('/last'))).json).toEqual({
			reply: 'One moment, [CQ:face,id=1]',
			auto_escape: true,
			at_sender: false,
		});
		expect(await signed(said('hello', { message_id: 6 }))).toMatchObject({ status: 204, text: '' });
		expect((await signed(said('hello', { user_id: 21, message_id: 7 }))).json.reply).toMatch(/people I know/);
		expect(node.events.map(({ text }) => text)).toEqual(['/last', 'hello']);
	});

	test('redelivered, its own, and not wanted: nothing rings', async () => {
		await start();
		await signed(said('x'));
		await signed(said('x'));
		await signed(said('own', { user_id: 10, message_id: 8 }));
		await signed(said('own', { post_type: 'message_sent', user_id: 10, message_id: 9 }));
		await signed({ time: now / 1_000, self_id: 10, post_type: 'meta_event', meta_event_type: 'heartbeat' });
		await signed({ time: now / 1_000, self_id: 10, post_type: 'notice', notice_type: 'friend_add', user_id: 20 });
		expect(node.events.map(({ text }) => text)).toEqual(['x']);
	});

	test('refused: unsigned, forged, replayed, oversized, no JSON', async () => {
		await start();
		expect((await tell(node.url, said('x'))).status).toBe(401);
		expect((await signed(said('x'))).status).toBe(204);
		expect((await tell(node.url, said('x'), { 'x-signature': 'sha1=' })).status).toBe(401);
		const other = createHmac('sha1', 'other')
			.update(JSON.stringify(said('y')))
			.digest('hex');
		expect((await tell(node.url, said('y'), { 'x-signature': `sha1=${other}` })).status).toBe(401);
		expect((await signed(said('y', { time: now / 1_000 - 601 }))).status).toBe(403);
		expect((await signed(said('x'.repeat(1024 * 1024)))).status).toBe(413);
		expect((await signed('[]')).status).toBe(400);
		expect(node.events).toHaveLength(1);
	});

	test('without a secret nobody may post, unless the account is open to everybody', async () => {
		await start({}, { baseUrl: account.baseUrl });
		expect((await tell(node.url, said('x', { time: 1 }))).status).toBe(403);
		await node.close();
		await start({}, { baseUrl: account.baseUrl, access: 'open' });
		expect((await tell(node.url, said('x', { time: 1 }))).status).toBe(204);
		expect(node.events).toHaveLength(1);
	});

	test('real bodies', async () => {
		await start({ events: [], repeatWindow: 0 }, { baseUrl: account.baseUrl, access: 'open' });
		const bodies = corpus('onebot');
		for (const [name, body] of bodies) expect([name, (await tell(node.url, body)).status]).toEqual([name, 204]);
		expect(node.events).toHaveLength(bodies.length);
		for (const { kind, raw } of node.events) expect(kind).toMatch(`${(raw as { post_type: string }).post_type}`);
		if (bodies.length > 0)
			expect(node.events.map(({ text }) => text)).toEqual(
				expect.arrayContaining(['1', '你好', '你好～', '!info [CQ:qq=123,name=[]']),
			);
	});
});

describe('by forward WebSocket', () => {
	let server: OneBotServer;
	let nodes: Connected[];
	beforeEach(async () => {
		server = await new OneBotServer().up();
		nodes = [];
	});
	afterEach(async () => {
		await Promise.all(nodes.map((node) => node.close()));
		await closeConnections();
		await server.down();
	});

	const start = (options: object = {}, account: object = {}) => {
		const node = connected(onebotTrigger, { baseUrl: server.url, ...account }, options as Record<string, unknown>);
		nodes.push(node);
		return node;
	};
	const isUp = (node: Connected) => until(() => node.states.at(-1)?.state === 'connected');

	test('events come, a fixed answer goes out', async () => {
		const node = start({ answers: 'last = One moment.' });
		await until(() => server.peers.length === 1);
		server.peers[0]!.send('no JSON');
		server.peers[0]!.send('null');
		server.peers[0]!.send(JSON.stringify(said('/last', inGroup)));
		await until(() => server.calls.length === 1);
		expect(node.events).toMatchObject([{ command: 'last', replyTo: 'group:30' }]);
		expect(server.calls[0]).toMatchObject({
			action: 'send_msg',
			params: { message_type: 'group', group_id: 30, message: [{ type: 'text', data: { text: 'One moment.' } }] },
		});
	});

	test('an answer that fails is shown', async () => {
		const node = start({ answers: 'last = One moment.' });
		await until(() => server.peers.length === 1);
		server.peers[0]!.send(JSON.stringify(said('/last', { user_id: 66 })));
		await until(() => node.states.at(-1)?.detail?.startsWith('Connected, but an answer failed.'));
	});

	test('comes back after an outage, and closes wholly', async () => {
		const node = start();
		await isUp(node);
		await server.down();
		await until(() => node.states.some(({ state }) => state === 'failed'));
		await server.up();
		await until(() => server.peers.length === 2, 10_000);
		await isUp(node);
		server.peers[1]!.send(JSON.stringify(said('again')));
		await until(() => node.events.length === 1);
		expect(await node.close()).toBeUndefined();
		await until(() => server.open.length === 0);
	}, 20_000);

	test('a peer that has gone silent is left', async () => {
		const abort = new AbortController();
		const account = { baseUrl: server.url, language: 'en' as const };
		const states: string[] = [];
		const listening = listen(
			{ account, status: (state) => void states.push(state), signal: abort.signal },
			() => ({ replyTo: '' }),
			30,
		);
		await until(() => server.peers.length === 1);
		// Answers to pings are signs of life.
		await new Promise((done) => setTimeout(done, 200));
		expect(states).not.toContain('failed');
		(server.peers[0] as unknown as { _socket: { pause(): void } })._socket.pause();
		await until(() => states.includes('failed'), 10_000);
		abort.abort();
		await listening;
	}, 20_000);

	test.each(['handshake', 'frame'] as const)('a wrong token, told by %s, ends it', async (how) => {
		server.refusal = how;
		const node = start({}, { accessToken: 'wrong' });
		expect(await node.ended).toMatchObject({ class: 'Unauthorized' });
	});

	test('the right token gets in', async () => {
		server.refusal = 'handshake';
		const node = start({}, { accessToken: 'tok' });
		await isUp(node);
	});

	test('an HTTP address needs a WebSocket address beside it', async () => {
		const node = start({}, { baseUrl: 'http://127.0.0.1:5700' });
		expect(await node.ended).toMatchObject({ class: 'Invalid', field: 'wsUrl' });
		const other = start({ wsUrl: server.url }, { baseUrl: 'http://127.0.0.1:5700' });
		await isUp(other);
	});

	test('while requests are awaited nothing is connected', async () => {
		const node = start({ mode: 'http' }, { secret: 'some-secret' });
		await until(() => node.states.at(-1)?.detail === 'waiting for requests');
		expect(server.peers).toEqual([]);
	});
});
