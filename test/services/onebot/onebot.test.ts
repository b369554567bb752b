import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import { onebot } from '../../../src/services/onebot/onebot.channel';
import { act, deliver, verify } from '../../../src/core/deliver/deliver';
import { closeConnections, type VendorJson } from '../../../src/core/http/http';
import { names } from '../../names';
import { frozenClock, refused } from '../../refused';
import { service, type Answer, type Service } from '../../service';
import { failed, perform as implement } from './implementation';

const accessToken = 'tok-0123456789';
const png = Buffer.from('\x89PNG\r\n\x1a\n0000', 'latin1');

/** What the implementation was asked, over either way. */
let calls: { action: string; params: VendorJson }[];
/** Answers by action, instead of the usual ones. */
let instead: Record<string, object>;

function perform(action: string, params: VendorJson): object {
	calls.push({ action, params });
	return instead[action] ?? implement(action, params);
}

beforeEach(() => {
	calls = [];
	instead = {};
});
afterEach(() => closeConnections());

/** The implementation's HTTP server. */
async function overHttp(): Promise<Service> {
	return await service(({ path, headers, json }): Answer => {
		if (headers.authorization === undefined) return { status: 401, body: '' };
		if (headers.authorization !== `Bearer ${accessToken}`) return { status: 403, body: '' };
		if (!headers['content-type']?.startsWith('application/json')) return { status: 406, body: '' };
		const result = perform(path.slice(1), json) as { retcode: number };
		return result.retcode === 1404 ? { status: 404, body: '' } : { body: result };
	});
}

interface Peer {
	url: string;
	sockets: Set<WebSocket>;
	open: Set<Socket>;
	close(): Promise<void>;
}

/** The implementation's forward WebSocket server: a real one, with events in between. */
async function overSocket(
	behave: { auth?: 'http' | 'frame' | 'none'; answer?(socket: WebSocket, call: VendorJson): void } = {},
): Promise<Peer> {
	const { auth = 'http' } = behave;
	const server: Server = createServer((_, response) => response.writeHead(426).end());
	const sockets = new Set<WebSocket>();
	const open = new Set<Socket>();
	const wss = new WebSocketServer({ noServer: true });
	server.on('connection', (socket) => {
		open.add(socket);
		socket.on('close', () => open.delete(socket));
	});
	server.on('upgrade', (request, socket, head) => {
		const given = request.headers.authorization;
		if (auth === 'http' && given !== `Bearer ${accessToken}`)
			return void socket.end(
				`HTTP/1.1 ${given === undefined ? '401 Unauthorized' : '403 Forbidden'}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`,
			);
		wss.handleUpgrade(request, socket, head, (peer) => {
			sockets.add(peer);
			if (auth === 'frame' && given !== `Bearer ${accessToken}`) {
				peer.send(
					JSON.stringify({
						status: 'failed',
						retcode: 1403,
						data: null,
						message: 'token验证失败',
						echo: null,
					}),
				);
				return peer.close();
			}
			peer.send(JSON.stringify({ post_type: 'meta_event', meta_event_type: 'lifecycle', sub_type: 'connect' }));
			peer.on('message', (data) => {
				const call = JSON.parse(String(data));
				if (behave.answer) return behave.answer(peer, call);
				peer.send(
					JSON.stringify({ status: 'ok', retcode: 0, data: { message_id: 1 }, echo: 'somebody else’s' }),
				);
				peer.send('not json');
				peer.send(JSON.stringify({ ...perform(call.action, call.params), echo: call.echo }));
			});
		});
	});
	await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
	return {
		url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
		sockets,
		open,
		close: async () => {
			for (const peer of wss.clients) peer.terminate();
			wss.close();
			server.closeAllConnections();
			await new Promise((done) => server.close(done));
		},
	};
}

const send = (baseUrl: string, options: Record<string, unknown>, message: unknown, more = {}) =>
	deliver(
		onebot,
		{ baseUrl, accessToken, to: 'group:20001', ...more },
		{ attempts: 1, deadline: 5, ...options },
		message,
		{ clock: frozenClock() },
	);

describe.each(['http', 'ws'] as const)('over %s', (way) => {
	let server: Service | Peer;
	beforeEach(async () => {
		server = way === 'http' ? await overHttp() : await overSocket();
	});
	afterEach(() => server.close());

	test('to a group, a friend, and a bare number', async () => {
		const receipt = await send(server.url, { to: 'group:20001,private:10001,10001' }, 'Hello');
		const message = [{ type: 'text', data: { text: 'Hello' } }];
		expect(calls).toEqual([
			{ action: 'send_msg', params: { message_type: 'group', group_id: 20001, message } },
			{ action: 'send_msg', params: { message_type: 'private', user_id: 10001, message } },
			{ action: 'send_msg', params: { message_type: 'private', user_id: 10001, message } },
		]);
		expect(receipt).toMatchObject({
			ids: ['-2147483000', '-2147483000', '-2147483000'],
			handle: { messageId: -2147483000, chat: '10001' },
		});
	});

	test('every segment in its place', async () => {
		await send(
			server.url,
			{ replyTo: '123', faces: '14,66', flash: true, cache: false, imageProxy: false, imageTimeout: 9 },
			{
				title: 'Film added',
				body: 'Hello [CQ:face,id=1] & more',
				format: 'text',
				mentions: ['10002', '@all'],
				image: { url: 'https://pictures.example/a.jpg' },
				attachments: [{ data: png }],
			},
		);
		const network = { type: 'flash', cache: 0, proxy: 0, timeout: 9 };
		expect(calls[0]!.params.message).toEqual([
			{ type: 'reply', data: { id: '123' } },
			{ type: 'at', data: { qq: '10002' } },
			{ type: 'text', data: { text: ' ' } },
			{ type: 'at', data: { qq: 'all' } },
			{ type: 'text', data: { text: ' ' } },
			// Arrays of segments need no escaping: what looks like a CQ code stays text.
			{ type: 'text', data: { text: 'Film added\n\nHello [CQ:face,id=1] & more' } },
			{ type: 'face', data: { id: '14' } },
			{ type: 'face', data: { id: '66' } },
			{ type: 'image', data: { file: 'https://pictures.example/a.jpg', ...network } },
			{ type: 'image', data: { file: `base64://${png.toString('base64')}`, ...network } },
		]);
	});

	test('of a long text the first part answers, the last has the faces', async () => {
		await send(server.url, { replyTo: '123', faces: '14' }, { body: 'word '.repeat(2_000), format: 'text' });
		expect(calls.map(({ params }) => params.message.map(({ type }: VendorJson) => type))).toEqual([
			['reply', 'text'],
			['text'],
			['text', 'face'],
		]);
	});

	test('a link card', async () => {
		await send(
			server.url,
			{ kind: 'share' },
			{
				title: 'Film',
				body: 'Hello',
				url: 'https://example.com/f',
				image: { url: 'https://pictures.example/a.jpg' },
			},
		);
		expect(calls[0]!.params.message).toEqual([
			{
				type: 'share',
				data: {
					url: 'https://example.com/f',
					title: 'Film',
					content: 'Hello',
					image: 'https://pictures.example/a.jpg',
				},
			},
		]);
		expect(await refused(send(server.url, { kind: 'share' }, 'Hello'))).toMatchObject({
			class: 'Invalid',
			field: 'url',
		});
	});

	test('forwarded messages, said by the bot itself', async () => {
		const receipt = await send(server.url, { kind: 'forward' }, { body: 'Hello', image: { data: png } });
		const who = { name: 'bell', uin: '99999', nickname: 'bell', user_id: '99999' };
		expect(calls.map(({ action }) => action)).toEqual(['get_login_info', 'send_group_forward_msg']);
		expect(calls[1]!.params).toEqual({
			group_id: 20001,
			messages: [
				{ type: 'node', data: { ...who, content: [{ type: 'text', data: { text: 'Hello' } }] } },
				{
					type: 'node',
					data: {
						...who,
						content: [{ type: 'image', data: { file: `base64://${png.toString('base64')}` } }],
					},
				},
			],
		});
		expect(receipt.ids).toEqual(['77']);
		await send(server.url, { kind: 'forward', to: 'private:10001' }, 'Hello');
		expect(calls[3]!.action).toBe('send_private_forward_msg');
	});

	test('own segments, and CQ codes as they were written, but for those that ring somebody', async () => {
		await send(server.url, { kind: 'segments', segments: '[{"type":"dice","data":{}}]' }, 'unused');
		const cq = { title: 'T', body: '[CQ:face,id=1][CQ:at,qq=all] &#91;*a*&#93;', mentions: ['10001', '@all'] };
		expect(await send(server.url, { kind: 'cq' }, cq)).toMatchObject({ degraded: ['title'] });
		expect(calls.map(({ params }) => params.message)).toEqual([
			[{ type: 'dice', data: {} }],
			'[CQ:at,qq=10001] [CQ:at,qq=all] [CQ:face,id=1]&#91;CQ:at,qq=all] &#91;*a*&#93;',
		]);
		expect(calls[1]!.params.auto_escape).toBe(false);
	});

	test('sound and film go alone, other files as files; a refusal costs nothing else', async () => {
		instead.upload_group_file = failed(1404, '不支持的Api');
		const attachments = [
			{ data: Buffer.from('a'), mime: 'audio/amr', name: 'a.amr' },
			{ url: 'https://files.example/v.mp4', mime: 'video/mp4' },
			{ data: Buffer.from('log'), mime: 'text/plain', name: 'task.log' },
		];
		const receipt = await send(server.url, {}, { body: 'Hello', attachments });
		expect(calls.map(({ action, params }) => [action, params.message?.[0].type ?? params.name])).toEqual([
			['send_msg', 'text'],
			['send_msg', 'record'],
			['send_msg', 'video'],
			['upload_group_file', 'task.log'],
		]);
		expect(calls[3]!.params.file).toBe(`base64://${Buffer.from('log').toString('base64')}`);
		expect(receipt.warnings).toEqual([expect.stringMatching(/A file did not go along.*does not know that action/)]);
		expect(receipt.degraded).toEqual(['attachments']);
	});

	test('accepted without a result is a warning', async () => {
		for (const [dispatch, action] of [
			['async', 'send_msg_async'],
			['rateLimited', 'send_msg_rate_limited'],
		] as const) {
			const receipt = await send(server.url, { dispatch }, 'Hello');
			expect(calls.at(-1)!.action).toBe(action);
			expect(receipt.warnings).toEqual([expect.stringMatching(/without saying whether/)]);
		}
	});

	test('a refused picture does not cost the text', async () => {
		let first = true;
		Object.defineProperty(instead, 'send_msg', {
			get: () => (first ? ((first = false), failed(1200, 'rich media transfer failed')) : undefined),
		});
		const receipt = await send(server.url, {}, { body: 'Hello', image: { data: png } });
		expect(calls[1]!.params.message).toEqual([{ type: 'text', data: { text: 'Hello' } }]);
		expect(receipt.degraded).toEqual(['image']);
	});

	describe('a picture that the implementation cannot download', () => {
		names({ 'pictures.example': '127.0.0.1' });

		test('is fetched and handed over', async () => {
			const pictures = await service(() => ({ headers: { 'content-type': 'image/png' }, body: png }));
			try {
				const origin = pictures.url.replace('127.0.0.1', 'pictures.example');
				const answers = [failed(1200, 'image download failed')];
				Object.defineProperty(instead, 'send_msg', { get: () => answers.shift() });
				const receipt = await deliver(
					onebot,
					{ baseUrl: server.url, accessToken, to: 'group:20001' },
					{},
					{ body: 'Hello', image: { url: `${origin}/a.png` } },
					{ trustedOrigins: [origin] },
				);
				const sources = calls.map(({ params }) => params.message.at(-1).data.file);
				expect(sources).toEqual([`${origin}/a.png`, `base64://${png.toString('base64')}`]);
				expect(receipt).toMatchObject({ degraded: [], warnings: [] });
			} finally {
				await pictures.close();
			}
		});
	});

	test.each([
		[failed(100, '请先添加好友'), 'Rejected', '100', /friend/],
		[failed(200, '消息发送失败，账号可能被风控'), 'Rejected', '200', /restricts/],
		[failed(1200, 'sendMsg timeout'), 'Rejected', '1200', /look whether it arrived/],
		[failed(120, 'bot is muted'), 'Rejected', '120', /muted/],
		[failed(1400, 'bad request'), 'Rejected', '1400', /does not understand/],
		[failed(-1, 'bot offline'), 'Unreachable', '-1', /log it in/],
		[{ status: 'ok', retcode: 34, data: null, message: '' }, 'Rejected', '34', /said no/],
		[{ status: 'failed', retcode: 0, data: null }, 'Rejected', '0', /said no/],
	])('a refusal: %j', async (reply, errorClass, code, sentence) => {
		instead.send_msg = reply;
		const error = await refused(send(server.url, {}, 'Hello'), accessToken);
		expect(error).toMatchObject({ class: errorClass, code, message: expect.stringMatching(sentence) });
		expect(error.text.zh).toMatch(/\p{Script=Han}/u);
	});

	test('no token and a wrong one', async () => {
		expect(await refused(send(server.url, {}, 'Hello', { accessToken: '' }))).toMatchObject({
			class: 'Unauthorized',
			code: '401',
			message: expect.stringMatching(/access token/),
		});
		expect(
			await refused(verify(onebot, { baseUrl: server.url, accessToken: 'wrong-token' }), 'wrong-token'),
		).toMatchObject({ class: 'Unauthorized', code: '403' });
		expect(calls).toEqual([]);
	});

	test('verify asks who the bot is', async () => {
		await verify(onebot, { baseUrl: server.url, accessToken });
		expect(calls).toEqual([{ action: 'get_login_info', params: {} }]);
	});

	test('nothing is forwarded where nothing is filled in', async () => {
		await expect(
			act(onebot, 'sendForwardedMessages', { baseUrl: server.url, accessToken }, { chat: 'group:20001' }),
		).rejects.toMatchObject({
			...{ class: 'Invalid', field: 'messages' },
		});
	});

	test.each([
		['recallMessage', { messageId: '5' }, 'delete_msg', { message_id: 5 }],
		['getMessage', { messageId: 'long-id' }, 'get_msg', { message_id: 'long-id' }],
		['getForwardedMessages', { id: 'f1' }, 'get_forward_msg', { id: 'f1' }],
		[
			'sendForwardedMessages',
			{ chat: 'group:20001', nodes: '[{"type":"node","data":{"uin":"1","name":"a","content":"b"}}]' },
			'send_group_forward_msg',
			{ group_id: 20001, messages: [{ type: 'node', data: { uin: '1', name: 'a', content: 'b' } }] },
		],
		[
			'sendForwardedMessages',
			{
				chat: 'group:20001',
				messages: [{ name: 'Ann', uin: '10001', content: 'Look' }],
				nodes: [{ type: 'node', data: { uin: '1', name: 'a', content: 'b' } }],
			},
			'send_group_forward_msg',
			{
				group_id: 20001,
				messages: [
					{ type: 'node', data: { name: 'Ann', uin: '10001', content: 'Look' } },
					{ type: 'node', data: { uin: '1', name: 'a', content: 'b' } },
				],
			},
		],
		['listGroups', {}, 'get_group_list', {}],
		['listFriends', {}, 'get_friend_list', {}],
		['getStatus', {}, 'get_status', {}],
		['canSendImage', {}, 'can_send_image', {}],
		[
			'callAction',
			{ action: 'get_group_member_list', params: '{"group_id":20001}' },
			'get_group_member_list',
			{ group_id: 20001 },
		],
	])('action %s', async (name, input, action, params) => {
		await expect(act(onebot, name, { baseUrl: server.url, accessToken }, input)).resolves.toMatchObject({
			status: 'ok',
		});
		expect(calls).toEqual([{ action, params }]);
	});

	test('a file by itself', async () => {
		const binary = async () => ({ name: 'a.txt', mime: 'text/plain', data: Buffer.from('abc') });
		await act(
			onebot,
			'uploadFile',
			{ baseUrl: server.url, accessToken },
			{ chat: 'group:20001', file: 'data', folder: '/f' },
			{ binary },
		);
		expect(calls).toEqual([
			{
				action: 'upload_group_file',
				params: { group_id: 20001, file: 'base64://YWJj', name: 'a.txt', folder: '/f' },
			},
		]);
	});

	test('an action that was refused, or that is none', async () => {
		expect(
			await refused(act(onebot, 'recallMessage', { baseUrl: server.url, accessToken }, { messageId: '6' })),
		).toMatchObject({ class: 'Rejected', code: '100' });
		const unknown = await refused(
			act(onebot, 'callAction', { baseUrl: server.url, accessToken }, { action: 'make_tea' }),
		);
		expect(unknown).toMatchObject({ class: 'Rejected', code: way === 'http' ? '404' : '1404' });
		expect(
			await refused(act(onebot, 'callAction', { baseUrl: server.url, accessToken }, { action: '../x' })),
		).toMatchObject({ class: 'Invalid', field: 'action' });
	});
});

test('the address may end as other programs want it', async () => {
	const server = await overHttp();
	await send(`${server.url}/send_group_msg`, {}, 'Hello');
	await send(`${server.url}/`, {}, 'Hello');
	expect(server.requests.map(({ path }) => path)).toEqual(['/send_msg', '/send_msg']);
	expect(server.requests[0]!.headers.authorization).toBe(`Bearer ${accessToken}`);
	await server.close();
});

test.each([
	[{ baseUrl: 'ftp://example.com' }, 'baseUrl'],
	[{ baseUrl: 'http://127.0.0.1:5700/send_msg?access_token=abc' }, 'baseUrl'],
	[{ baseUrl: '' }, 'baseUrl'],
	[{ baseUrl: 'http://127.0.0.1:1', to: 'channel:5' }, 'to'],
	[{ baseUrl: 'http://127.0.0.1:1', to: '' }, 'to'],
])('an unusable account %j is said before anything is sent', async (account, field) => {
	expect(await refused(deliver(onebot, account, {}, 'Hello'))).toMatchObject({ class: 'Invalid', field });
});

describe('a WebSocket', () => {
	const gone = async (peer: Peer) => {
		for (let round = 0; round < 100 && peer.open.size > 0; round++)
			await new Promise((done) => setTimeout(done, 10));
		return peer.open.size;
	};

	test('is closed after each send, also after a refusal', async () => {
		const peer = await overSocket();
		await send(peer.url, {}, 'Hello');
		instead.send_msg = failed(100, '请先添加好友');
		await refused(send(peer.url, {}, 'Hello'));
		expect(await gone(peer)).toBe(0);
		await peer.close();
	});

	test('tells a token that is refused within the connection', async () => {
		const peer = await overSocket({ auth: 'frame' });
		expect(await refused(send(peer.url, {}, 'Hello', { accessToken: 'wrong-token' }), 'wrong-token')).toMatchObject(
			{ class: 'Unauthorized', code: '1403' },
		);
		await peer.close();
	});

	test('that dies before it answered leaves the outcome unknown, and is not repeated', async () => {
		const seen: unknown[] = [];
		const peer = await overSocket({ answer: (socket, call) => (seen.push(call), socket.terminate()) });
		const error = await refused(send(peer.url, { attempts: 4 }, 'Hello'), accessToken);
		expect(error).toMatchObject({
			class: 'Unreachable',
			unknown: true,
			message: expect.stringMatching(/not known whether/),
		});
		expect(seen).toHaveLength(1);
		await peer.close();
	});

	test('that stays silent ends with the time limit, and with it the connection', async () => {
		const peer = await overSocket({ answer: () => undefined });
		const error = await refused(send(peer.url, { deadline: 1 }, 'Hello'), accessToken);
		expect(error).toMatchObject({ class: 'Unreachable', code: 'DEADLINE' });
		expect(await gone(peer)).toBe(0);
		await peer.close();
	});

	test('whose peer never says goodbye is cut', async () => {
		const peer = await overSocket({
			answer: (socket, call) => {
				socket.send(JSON.stringify({ ...perform(call.action, call.params), echo: call.echo }));
				// Reads no more: the closing handshake gets no answer.
				(socket as unknown as { _socket: Socket })._socket.pause();
			},
		});
		await send(peer.url, {}, 'Hello');
		const [wire] = peer.open;
		await new Promise((done) => setTimeout(done, 2_500));
		wire!.resume();
		expect(await gone(peer)).toBe(0);
		await peer.close();
	});

	test('to nobody, or to a web server', async () => {
		const closed = await overSocket();
		await closed.close();
		expect(await refused(send(closed.url, {}, 'Hello'))).toMatchObject({
			class: 'Unreachable',
			code: 'ECONNREFUSED',
			unknown: false,
			message: expect.stringMatching(/Nothing listens/),
		});
		const web = await service(() => ({ body: 'hello' }));
		expect(await refused(send(web.url.replace('http', 'ws'), {}, 'Hello'))).toMatchObject({
			class: 'Unexpected',
			code: '200',
			message: expect.stringMatching(/WebSocket/),
		});
		await web.close();
	});

	test('goes through the account’s proxy', async () => {
		const peer = await overSocket();
		const tunnels: string[] = [];
		const proxy = createServer().on('connect', (request, socket) => {
			tunnels.push(request.url!);
			const { hostname, port } = new URL(`http://${request.url}`);
			const onward = connect(Number(port), hostname, () => {
				socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
				onward.pipe(socket).pipe(onward);
			});
			for (const each of [onward, socket]) each.on('error', () => (onward.destroy(), socket.destroy()));
		});
		await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done));
		await send(peer.url, {}, 'Hello', { proxy: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` });
		expect(tunnels).toEqual([peer.url.replace('ws://', '')]);
		expect(calls).toHaveLength(1);
		await closeConnections();
		await peer.close();
		await new Promise((done) => proxy.close(done));
	});

	test('and the other way round: HTTP to a WebSocket server', async () => {
		const peer = await overSocket();
		expect(await refused(send(peer.url.replace('ws', 'http'), {}, 'Hello'))).toMatchObject({
			class: 'Invalid',
			field: 'baseUrl',
			message: expect.stringMatching(/ws:\/\//),
		});
		await peer.close();
	});
});
