/** Feishu's own SDK in front of our fake, and beside our channel and trigger. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createCipheriv, createHash } from 'node:crypto';
import { adaptDefault, Client, EventDispatcher, LoggerLevel } from '@larksuiteoapi/node-sdk';
import { act, deliver, verify } from '../../../src/core/deliver/deliver';
import { forgetTurns } from '../../../src/core/deliver/send/pace';
import { forgetTokens } from '../../../src/core/deliver/send/token';
import { feishuApp } from '../../../src/services/feishu/feishuApp.channel';
import { feishuAppTrigger } from '../../../src/services/feishu/feishuApp.trigger';
import { because, expectAgreement, factsOf, type Difference } from '../../agreement';
import { served, tell, type Served } from '../../core/receive/served';
import { faked } from '../../faked';
import { formOf } from '../../multipart';
import { names } from '../../names';
import { frozenClock } from '../../refused';
import type { Seen } from '../../service';
import { appSecret, OpenApi } from './openApi';

// Nothing of theirs gets beyond this machine, whatever address it knows.
names({});
beforeEach(() => {
	for (const name of ['log', 'error', 'warn', 'info'] as const) jest.spyOn(console, name).mockReturnValue();
});

describe('the open platform', () => {
	let api: OpenApi;
	const server = faked((request) => api.answer(request));
	beforeEach(() => {
		api = new OpenApi();
		forgetTurns();
		forgetTokens();
	});
	const client = (secret = appSecret) =>
		new Client({
			...{ appId: 'cli_1', appSecret: secret, domain: server.url, loggerLevel: LoggerLevel.fatal },
			// Its own one keeps a token for the whole process.
			cache: { get: async () => undefined, set: async () => true },
		});
	const account = () => ({ baseUrl: server.url, appId: 'cli_1', appSecret, to: 'oc_1' });
	const send = (message: unknown, options: object = {}) =>
		deliver(feishuApp, account(), options as never, message, { clock: frozenClock() });
	const run = (name: string, input: object, more: object = {}) =>
		act(feishuApp, name, account(), input as never, more);
	const png = Buffer.from(
		'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
		'base64',
	);

	/** A message's content is JSON within the JSON: compared by what is in it. */
	function contentOf(request: Seen): unknown {
		const { json } = request;
		if (json === undefined)
			return Object.fromEntries(
				Object.entries(formOf(request)).map(([name, { data }]) => [name, data.toString('base64')]),
			);
		return typeof json.content === 'string' ? { ...json, content: JSON.parse(json.content) } : json;
	}

	const text = { text: 'Hello' };
	const card = { elements: [{ tag: 'div', text: { tag: 'plain_text', content: 'Hello' } }] };
	const post = (title: string) => JSON.stringify({ en_us: { title, content: [[{ tag: 'text', text: 'Hello' }]] } });
	const own = because('Made anew for each message, so that a repeated one is known again.', '2.body.uuid');
	const path = { message_id: 'om_1' };
	const users = { path, params: { user_id_type: 'open_id' as const }, data: { user_id_list: ['ou_ann'] } };
	const binary = async () => ({ name: 'a.pdf', mime: 'application/pdf', data: Buffer.from('%PDF') });
	const picture = async () => ({ name: 'p.png', mime: 'image/png', data: png });

	const calls: [
		name: string,
		theirs: (sdk: Client) => Promise<unknown>,
		ours: () => Promise<unknown>,
		differences?: Difference[],
	][] = [
		[
			'a text',
			(sdk) =>
				sdk.im.v1.message.create({
					params: { receive_id_type: 'chat_id' },
					data: { receive_id: 'oc_1', msg_type: 'text', content: JSON.stringify(text), uuid: 'theirs' },
				}),
			() => send('Hello', { kind: 'text' }),
			own,
		],
		[
			'any message',
			(sdk) =>
				sdk.im.v1.message.create({
					params: { receive_id_type: 'open_id' },
					data: { receive_id: 'ou_ann', msg_type: 'interactive', content: JSON.stringify(card) },
				}),
			() => run('sendRaw', { to: 'ou_ann', msgType: 'interactive', content: JSON.stringify(card) }),
		],
		[
			'a reply',
			(sdk) =>
				sdk.im.v1.message.reply({
					path,
					data: { msg_type: 'post', content: post(''), reply_in_thread: true, uuid: 'theirs' },
				}),
			() => run('replyMessage', { messageId: 'om_1', text: 'Hello', inThread: true }),
			own,
		],
		[
			'an edit',
			(sdk) => sdk.im.v1.message.update({ path, data: { msg_type: 'post', content: post('T') } }),
			() => run('editMessage', { messageId: 'om_1', title: 'T', text: 'Hello' }),
		],
		[
			'another card',
			(sdk) => sdk.im.v1.message.patch({ path, data: { content: JSON.stringify(card) } }),
			() => run('updateCard', { messageId: 'om_1', card: JSON.stringify(card) }),
		],
		[
			'a recall',
			(sdk) => sdk.im.v1.message.delete({ path }),
			() => run('recallMessage', { messageId: 'om_1' }),
			because('A deletion has no body; the SDK sends an empty object with everything.', '2.type', '2.body'),
		],
		...(['app', 'sms', 'phone'] as const).map((by): (typeof calls)[0] => [
			`urgent by ${by}`,
			({ im: { v1 } }) =>
				({
					app: () => v1.message.urgentApp(users),
					sms: () => v1.message.urgentSms(users),
					phone: () => v1.message.urgentPhone(users),
				})[by](),
			() => run('urgentMessage', { messageId: 'om_1', users: 'ou_ann', by }),
		]),
		[
			'a picture',
			(sdk) => sdk.im.v1.image.create({ data: { image_type: 'message', image: png } }),
			() => run('uploadImage', { file: 'data' }, { binary: picture }),
		],
		[
			'a file',
			(sdk) =>
				sdk.im.v1.file.create({
					data: { file_type: 'pdf', file_name: 'a.pdf', file: Buffer.from('%PDF'), duration: 3_000 },
				}),
			() => run('uploadFile', { file: 'data', duration: 3_000 }, { binary }),
		],
		[
			'who the bot is',
			(sdk) => sdk.request({ method: 'GET', url: '/open-apis/bot/v3/info' }),
			() => verify(feishuApp, account()),
		],
	];
	test.each(calls)('%s: both are taken, and say the same', async (_, theirs, ours, ...[differences]) => {
		const said = await theirs(client());
		const their = server.requests.splice(0);
		await ours();
		const our = server.requests;
		expect([their.length, our.length]).toEqual([2, 2]);
		expect(JSON.stringify(said)).not.toMatch(/99991/);
		expectAgreement(
			factsOf(their, contentOf),
			factsOf(our, contentOf),
			Array.isArray(differences) ? differences : [],
		);
	});

	const create = (data: object, type = 'chat_id') =>
		client().im.v1.message.create({
			params: { receive_id_type: type as 'chat_id' },
			data: { receive_id: 'oc_1', msg_type: 'text', content: '{"text":"Hello"}', ...data },
		});
	test.each<[string, () => Promise<unknown>, number]>([
		['an unknown kind', () => create({ msg_type: 'song' }), 230001],
		['content that is no JSON', () => create({ content: 'Hello' }), 230001],
		['a reader of another kind', () => create({}, 'open_id'), 230034],
		['a text of 150 kB', () => create({ content: JSON.stringify({ text: 'x'.repeat(150_000) }) }), 230025],
		['a long uuid', () => create({ uuid: 'x'.repeat(51) }), 230001],
		[
			'a picture of another kind',
			() => client().im.v1.image.create({ data: { image_type: 'poster' as 'message', image: png } }),
			234001,
		],
	])('the fake refuses %s, and the SDK knows it as a refusal', async (_, ask, code) => {
		await expect(ask()).rejects.toMatchObject({ response: { data: { code } } });
	});

	test('a wrong secret gets no token', async () => {
		await client('wrong')
			.im.v1.message.create({
				params: { receive_id_type: 'chat_id' },
				data: { receive_id: 'oc_1', msg_type: 'text', content: '{"text":"Hello"}' },
			})
			.catch(() => undefined);
		expect(server.requests[0]!.json).toEqual({ app_id: 'cli_1', app_secret: 'wrong' });
		expect(
			server.requests.slice(1).every(({ headers }) => headers.authorization !== `Bearer ${api.tokens[0]}`),
		).toBe(true);
	});
});

describe('events', () => {
	const now = 1_700_000_000_000;
	const encryptKey = 'test key';
	const verificationToken = 'v-token';
	const message = {
		schema: '2.0',
		header: {
			...{ event_id: 'ev_1', event_type: 'im.message.receive_v1', create_time: String(now) },
			...{ token: verificationToken, app_id: 'cli_1', tenant_key: 't1' },
		},
		event: {
			sender: { sender_id: { open_id: 'ou_ann' }, sender_type: 'user', tenant_key: 't1' },
			message: {
				...{ message_id: 'om_1', chat_id: 'oc_1', chat_type: 'p2p', message_type: 'text' },
				...{ create_time: '1700000000123', content: '{"text":"/last 五"}' },
			},
		},
	};

	let node: Served;
	let sdk: Server;
	let sdkUrl: string;
	/** What the SDK gave out. */
	let heard: unknown[];

	async function start(key?: string) {
		heard = [];
		const dispatcher = new EventDispatcher({
			...{ verificationToken, loggerLevel: LoggerLevel.fatal },
			...(key !== undefined && { encryptKey: key }),
		}).register({
			'im.message.receive_v1': ({ message: { content } }) => {
				heard.push(JSON.parse(content));
				return {};
			},
		});
		const listener = adaptDefault('/hook', dispatcher, { autoChallenge: true });
		sdk = createServer((request, response) => void listener(request, response).catch(() => response.end('fault')));
		await new Promise<void>((done) => sdk.listen(0, '127.0.0.1', done));
		sdkUrl = `http://127.0.0.1:${(sdk.address() as AddressInfo).port}/hook`;
		node = await served(
			feishuAppTrigger,
			{ appId: 'cli_1', appSecret: 's', verificationToken, ...(key !== undefined && { encryptKey: key }) },
			{},
			() => now,
		);
	}
	afterEach(async () => {
		await node.close();
		sdk.closeAllConnections();
		await new Promise((done) => sdk.close(done));
	});

	const iv = Buffer.alloc(16, 7);
	function packed(value: unknown, key = encryptKey): string {
		const cipher = createCipheriv('aes-256-cbc', createHash('sha256').update(key).digest(), iv);
		const encrypt = Buffer.concat([iv, cipher.update(JSON.stringify(value)), cipher.final()]).toString('base64');
		return JSON.stringify({ encrypt });
	}
	function signed(body: string, key = encryptKey): Record<string, string> {
		const [timestamp, nonce] = [String(now / 1_000), 'n0nce'];
		const signature = createHash('sha256')
			.update(timestamp + nonce + key + body)
			.digest('hex');
		return {
			...{ 'content-type': 'application/json', 'x-lark-signature': signature },
			...{ 'x-lark-request-timestamp': timestamp, 'x-lark-request-nonce': nonce },
		};
	}
	/** The same request to both; what each gave out. */
	async function both(body: string, headers: Record<string, string> = {}) {
		const [theirs, ours] = [await tell(sdkUrl, body, headers), await tell(node.url, body, headers)];
		return { theirs, ours, heardByBoth: [heard.length, node.events.length] };
	}

	test.each<[string, string, Record<string, string>, number]>([
		['encrypted and signed', packed(message), signed(packed(message)), 1],
		['signed with another key', packed(message), signed(packed(message), 'other'), 0],
		['a changed body', packed({ ...message, more: 1 }), signed(packed(message)), 0],
		['encrypted with another key', packed(message, 'other'), signed(packed(message, 'other')), 0],
		['not signed', packed(message), {}, 0],
	])('%s: both give the same verdict', async (_, body, headers, times) => {
		await start(encryptKey);
		expect((await both(body, headers)).heardByBoth).toEqual([times, times]);
		if (times > 0) {
			expect(heard).toEqual([{ text: '/last 五' }]);
			expect(node.events).toMatchObject([{ text: '/last 五', command: 'last', user: { id: 'ou_ann' } }]);
		}
	});

	test('plain: both hear it; the token, which the SDK lets pass, is checked here', async () => {
		await start();
		expect((await both(JSON.stringify(message))).heardByBoth).toEqual([1, 1]);
		const forged = { ...message, header: { ...message.header, event_id: 'ev_2', token: 'forged' } };
		expect((await both(JSON.stringify(forged))).heardByBoth).toEqual([2, 1]);
	});

	test.each([
		['plain', undefined],
		['encrypted', encryptKey],
	])('the check of the address, %s: both answer alike', async (_, key) => {
		await start(key);
		const check = { type: 'url_verification', challenge: 'c-1', token: verificationToken };
		const { theirs, ours } = await both(key === undefined ? JSON.stringify(check) : packed(check));
		expect([theirs.json, ours.json]).toEqual([{ challenge: 'c-1' }, { challenge: 'c-1' }]);
	});
});
