import { createCipheriv, createHash, randomBytes } from 'node:crypto';
import { fc } from '../../property';
import { closeConnections } from '../../../src/core/http/http';
import { decryptFeishu, feishuAppTrigger } from '../../../src/services/feishu/feishuApp.trigger';
import { feishuEvent, readFeishu } from '../../../src/services/feishu/events';
import { service, type Service } from '../../service';
import { served, tell, type Served } from '../../core/receive/served';

const now = 1_700_000_000_000;
const encryptKey = 'test key';
const verificationToken = 'v-token';

let server: Service;
let node: Served;
beforeEach(async () => {
	server = await service(({ path, json, headers }) => {
		if (path.endsWith('/tenant_access_token/internal'))
			return { body: { code: 0, msg: 'ok', tenant_access_token: 't-1', expire: 7_200 } };
		if (headers.authorization !== 'Bearer t-1') return { body: { code: 99991663, msg: 'token' } };
		if (!json?.msg_type) return { body: { code: 230001, msg: 'bad' } };
		return { body: { code: 0, msg: 'ok', data: { message_id: 'om_answer' } } };
	});
});
afterEach(async () => {
	await node?.close();
	await closeConnections();
	await server.close();
});

const start = async (options: object = {}, more: object = { verificationToken }) =>
	(node = await served(
		feishuAppTrigger,
		{ baseUrl: server.url, appId: 'cli_1', appSecret: 's', ...more },
		options as Record<string, unknown>,
		() => now,
	));

const header = (type: string, id = 'ev_1') => ({
	...{ event_id: id, event_type: type, create_time: String(now), token: verificationToken, app_id: 'cli_1' },
});
const message = (content: object, more: object = {}, type = 'text') => ({
	schema: '2.0',
	header: header('im.message.receive_v1'),
	event: {
		sender: { sender_id: { open_id: 'ou_ann', user_id: 'ann' }, sender_type: 'user' },
		message: {
			...{
				message_id: 'om_1',
				chat_id: 'oc_1',
				chat_type: 'group',
				message_type: type,
				create_time: '1700000000123',
			},
			content: JSON.stringify(content),
			...more,
		},
	},
});
const pressed = (action: object, id = 'ev_2') => ({
	schema: '2.0',
	header: header('card.action.trigger', id),
	event: {
		operator: { open_id: 'ou_ann' },
		action: { tag: 'button', ...action },
		context: { open_message_id: 'om_card', open_chat_id: 'oc_1' },
	},
});

function packed(value: unknown, key = encryptKey): string {
	const iv = randomBytes(16);
	const cipher = createCipheriv('aes-256-cbc', createHash('sha256').update(key).digest(), iv);
	const encrypt = Buffer.concat([iv, cipher.update(JSON.stringify(value)), cipher.final()]).toString('base64');
	return JSON.stringify({ encrypt });
}
function signed(body: string, key = encryptKey, seconds = now / 1_000): Record<string, string> {
	const [timestamp, nonce] = [String(seconds), 'n0nce'];
	const signature = createHash('sha256')
		.update(timestamp + nonce + key + body)
		.digest('hex');
	return { 'x-lark-signature': signature, 'x-lark-request-timestamp': timestamp, 'x-lark-request-nonce': nonce };
}

test('the published vector of the encryption', () => {
	expect(decryptFeishu('P37w+VZImNgPEO1RBhJ6RtKl7n6zymIbEG1pReEzghk=', 'test key')).toBe('hello world');
});

test('the check of the address, plain and encrypted', async () => {
	const check = { type: 'url_verification', challenge: 'c-1', token: verificationToken };
	await start();
	expect((await tell(node.url, check)).json).toEqual({ challenge: 'c-1' });
	expect((await tell(node.url, { ...check, token: 'other' })).status).toBe(401);
	await node.close();
	await start({}, { verificationToken, encryptKey });
	expect((await tell(node.url, packed(check))).json).toEqual({ challenge: 'c-1' });
	expect((await tell(node.url, packed(check), signed(packed(check)))).status).toBe(401);
	expect((await tell(node.url, packed(check, 'other key'))).status).toBe(401);
	expect((await tell(node.url, check)).status).toBe(401);
	expect(node.happenings).toEqual([]);
});

test('a command in a group, and its fixed answer there', async () => {
	await start({ answers: 'last = One moment.' });
	const body = message(
		{ text: '@_user_1 /last 5 @_user_2' },
		{
			mentions: [
				{ key: '@_user_1', name: 'Bell', id: {} },
				{ key: '@_user_2', name: 'Bob', id: {} },
			],
		},
	);
	expect(await tell(node.url, body)).toMatchObject({ status: 200, json: {} });
	expect(node.events).toMatchObject([
		{
			channel: 'feishuApp',
			conversation: { id: 'oc_1', kind: 'group' },
			user: { id: 'ou_ann' },
			...{ text: '/last 5 @Bob', command: 'last', args: ['5', '@Bob'], replyTo: 'oc_1', messageId: 'ev_1' },
			...{ time: '2023-11-14T22:13:20.123Z', kind: 'im.message.receive_v1' },
		},
	]);
	await tell(node.url, body);
	await node.close();
	expect(node.events).toHaveLength(1);
	// Who knows the token can say anything in Feishu's name: it is nothing for a flow.
	expect(JSON.stringify(node.happenings)).not.toContain(verificationToken);
	expect(node.events[0]).toMatchObject({ raw: { header: { event_id: 'ev_1' } } });
	const sent = server.requests.filter(({ path }) => path === '/open-apis/im/v1/messages');
	expect(sent.map(({ query, json }) => [query.receive_id_type, json.receive_id])).toEqual([['chat_id', 'oc_1']]);
	expect(sent[0]!.body.toString()).toContain('One moment.');
	expect(node.failures).toEqual([]);
});

test('in a thread the answer stays in the thread', async () => {
	await start({ answers: 'x = y' });
	await tell(node.url, message({ text: '/x' }, { root_id: 'om_0', thread_id: 'omt_1' }));
	await node.close();
	expect(node.events[0]!.replyTo).toBe('om_1');
	expect(server.requests.at(-1)!.path).toBe('/open-apis/im/v1/messages/om_1/reply');
});

test('a pressed button is answered by a toast', async () => {
	await start({ answers: 'stop = Stopped.' });
	expect((await tell(node.url, pressed({ value: { value: '/stop' } }))).json).toEqual({
		toast: { type: 'info', content: 'Stopped.' },
	});
	expect((await tell(node.url, pressed({ value: { a: 1 } }, 'ev_3'))).json).toEqual({});
	expect(node.events).toMatchObject([
		{
			text: '/stop',
			command: 'stop',
			button: { value: '/stop', messageId: 'om_card' },
			replyTo: 'oc_1',
			user: { id: 'ou_ann' },
		},
		{ text: '{"a":1}' },
	]);
	expect(server.requests).toEqual([]);
});

test('encrypted and signed', async () => {
	await start({}, { encryptKey });
	const body = packed(message({ text: 'hello' }, { chat_type: 'p2p' }));
	expect((await tell(node.url, body, signed(body))).status).toBe(200);
	expect(node.events).toMatchObject([{ text: 'hello', conversation: { kind: 'private' } }]);
});

describe('refused:', () => {
	const body = packed(message({ text: 'x' }));
	test.each<[string, string, Record<string, string>, number, object?]>([
		['another signature', body, signed(`${body} `), 401],
		['another key', body, signed(body, 'other key'), 401],
		['no signature', body, {}, 401],
		['a replay after an hour', body, signed(body, encryptKey, now / 1_000 - 3_601), 401],
		['one from the future', body, signed(body, encryptKey, now / 1_000 + 3_601), 401],
		['a time that is none', body, { ...signed(body), 'x-lark-request-timestamp': 'x' }, 401],
		['signed but not encrypted', '{"schema":"2.0"}', signed('{"schema":"2.0"}'), 401],
		['encrypted without a key here', body, {}, 400, { verificationToken }],
		[
			'another token',
			JSON.stringify({ ...message({}), header: { ...header('x'), token: 'other' } }),
			{},
			401,
			{ verificationToken },
		],
		['no token', '{}', {}, 401, { verificationToken }],
		['nothing to check by', JSON.stringify(message({ text: 'x' })), {}, 403, {}],
		['no JSON', 'x', {}, 400, { verificationToken }],
		['a large body', JSON.stringify(message({ text: 'x'.repeat(1024 * 1024) })), {}, 413, { verificationToken }],
	])('%s', async (_, given, headers, status, account = { encryptKey, verificationToken }) => {
		await start({}, account);
		const { status: said, json } = await tell(node.url, given, headers);
		expect([said, json.ok]).toEqual([status, false]);
		expect(node.happenings).toEqual([]);
	});
});

test('menu, posts, files, and what other subscriptions send', () => {
	const read = (raw: object) => readFeishu(feishuEvent(raw), now);
	const menu = {
		operator: { operator_name: 'Ann', operator_id: { open_id: 'ou_ann' } },
		event_key: 'last',
		timestamp: 1,
	};
	expect(read({ header: header('application.bot.menu_v6'), event: menu })).toMatchObject({
		...{ command: 'last', replyTo: 'ou_ann', button: { value: 'last' } },
		user: { id: 'ou_ann', name: 'Ann' },
	});
	const post = {
		title: 'News',
		content: [
			[
				{ tag: 'text', text: 'a ' },
				{ tag: 'a', text: 'link', href: 'x' },
			],
			[{ tag: 'text', text: 'b' }],
		],
	};
	expect(read(message(post, {}, 'post')).text).toBe('News\na link\nb');
	expect(read(message({ image_key: 'img_1' }, {}, 'image')).files).toEqual([{ id: 'img_1', mime: 'image/*' }]);
	expect(read(message({ file_key: 'f_1', file_name: 'a.pdf' }, {}, 'file')).files).toEqual([
		{ id: 'f_1', name: 'a.pdf' },
	]);
	expect(
		read({
			header: header('im.chat.member.bot.added_v1'),
			event: { chat_id: 'oc_9', operator_id: { open_id: 'ou_b' }, name: 'House' },
		}),
	).toMatchObject({
		...{ kind: 'im.chat.member.bot.added_v1', replyTo: 'oc_9', user: { id: 'ou_b' } },
		conversation: { id: 'oc_9', kind: 'group', name: 'House' },
	});
	expect(
		read({ uuid: 'u-1', ts: '1700000000.5', token: 't', type: 'event_callback', event: { type: 'old_event' } }),
	).toMatchObject({
		...{ kind: 'old_event', messageId: 'u-1', time: '2023-11-14T22:13:20.500Z' },
	});
});

test('what apps say, and what is not wanted, is left out', async () => {
	await start();
	const own = message({ text: 'x' });
	await tell(node.url, { ...own, event: { ...own.event, sender: { sender_type: 'app' } } });
	expect((await tell(node.url, { header: header('im.message.reaction.created_v1'), event: {} })).status).toBe(200);
	expect(node.happenings).toEqual([]);
});

test('whatever an event is made of, it is read', () => {
	fc.assert(
		fc.property(
			fc.constantFrom('im.message.receive_v1', 'card.action.trigger', 'application.bot.menu_v6', 'x'),
			fc.oneof(
				fc.dictionary(
					fc.constantFrom('message', 'sender', 'operator', 'action', 'context'),
					fc.oneof(fc.constant(null), fc.option(fc.jsonValue())),
				),
				fc.record({
					message: fc.record({
						content: fc.json(),
						message_type: fc.constantFrom('text', 'post'),
						mentions: fc.jsonValue(),
					}),
				}),
			),
			(type, event) => {
				const { text, replyTo } = readFeishu(feishuEvent({ header: header(type), event }), now);
				expect([typeof text, typeof replyTo]).toEqual(['string', 'string']);
			},
		),
	);
});
