import type { Channel, Field } from '../../src/core/define/channel';
import { lookUp } from '../../src/core/deliver/deliver';
import { forgetTokens } from '../../src/core/deliver/send/token';
import { closeConnections } from '../../src/core/http/http';
import { feishuApp } from '../../src/services/feishu/feishuApp.channel';
import { onebot } from '../../src/services/onebot/onebot.channel';
import { slack } from '../../src/services/slack/slack.channel';
import { synologyChat } from '../../src/services/synologyChat/synologyChat.channel';
import { telegram } from '../../src/services/telegram/telegram.channel';
import { vocechat } from '../../src/services/vocechat/vocechat.channel';
import { wecomApp } from '../../src/services/wecom/wecomApp.channel';
import { wxpusher } from '../../src/services/wxpusher/wxpusher.channel';
import { service, type Answer, type Seen, type Service } from '../service';

let server: Service;
let answer: (request: Seen) => Answer;

beforeEach(async () => {
	forgetTokens();
	server = await service((request) => answer(request));
});
afterEach(async () => {
	await closeConnections();
	await server.close();
});

const look = (channel: Channel, account: object, asked = {}, field: Field = channel.to as Field) =>
	lookUp(channel, { baseUrl: server.url, language: 'en', ...account }, field, asked);
const paths = () => server.requests.map(({ path }) => path);

describe('Slack', () => {
	const token = { botToken: 'xoxb-123456789' };
	const channels: Record<string, object> = {
		'': { channels: [{ id: 'C1', name: 'general' }], response_metadata: { next_cursor: 'c2' } },
		c2: { channels: [{ id: 'G2', name: 'ops', is_private: true }], response_metadata: { next_cursor: '' } },
	};
	const members = [
		{ id: 'U1', name: 'ann', real_name: 'Ann Doe' },
		{ id: 'U2', name: 'gone', deleted: true },
		{ id: 'B1', name: 'bot', is_bot: true },
	];
	const found = [
		{ value: 'C1', name: '#general' },
		{ value: 'G2', name: '🔒 ops' },
		{ value: 'U1', name: '@Ann Doe' },
	];

	test('channels, then people, page after page', async () => {
		answer = ({ path, query, headers }) => {
			expect(headers.authorization).toBe('Bearer xoxb-123456789');
			return path === '/users.list'
				? { body: { ok: true, members } }
				: { body: { ok: true, ...channels[query.cursor ?? ''] } };
		};
		expect(await look(slack, token)).toEqual({ items: found });
		expect((await look(slack, token, { search: 'ANN' })).items).toEqual([found[2]]);
		expect(await look(slack, token, {}, slack.parts.mentions)).toEqual({ items: [found[2]] });
		expect((await look(slack, token, {}, slack.actions.editMessage!.fields.channel)).items).toEqual(
			found.slice(0, 2),
		);
	});

	test('without the scope for private channels the public ones', async () => {
		answer = ({ path, query }) => {
			if (path === '/users.list') return { body: { ok: true, members: [] } };
			return query.types?.includes('private')
				? { body: { ok: false, error: 'missing_scope', needed: 'groups:read' } }
				: { body: { ok: true, channels: [{ id: 'C1', name: 'general' }] } };
		};
		expect((await look(slack, token)).items).toEqual([found[0]]);
	});

	test('a list without an end goes on when it is asked for more', async () => {
		let page = 0;
		answer = () => ({
			body: { ok: true, channels: [{ id: 'C1', name: 'x' }], response_metadata: { next_cursor: `p${++page}` } },
		});
		const first = await look(slack, token, { search: 'nothing' });
		expect(first).toEqual({ items: [], next: 'p10' });
		expect(server.requests).toHaveLength(10);
	});
});

test('Feishu: the groups that the bot is in', async () => {
	answer = ({ path, query, headers }) => {
		if (path.endsWith('/internal')) return { body: { code: 0, tenant_access_token: 't-1', expire: 7200 } };
		expect(headers.authorization).toBe('Bearer t-1');
		return query.page_token === 'p2'
			? { body: { code: 0, data: { items: [{ chat_id: 'oc_2', name: '' }], has_more: false } } }
			: {
					body: {
						code: 0,
						data: {
							items: [{ chat_id: 'oc_1', name: 'Ops', description: 'nights' }],
							has_more: true,
							page_token: 'p2',
						},
					},
				};
	};
	expect(await look(feishuApp, { appId: 'cli_123', appSecret: 's3cretsecret' })).toEqual({
		items: [
			{ value: 'oc_1', name: 'Ops', description: 'nights' },
			{ value: 'oc_2', name: 'oc_2' },
		],
	});
});

test('Synology Chat: users of a bot, and channels', async () => {
	answer = ({ query }) => ({
		body: {
			success: true,
			data:
				query.method === 'user_list'
					? {
							users: [
								{ user_id: 5, username: 'alice', nickname: 'Alice' },
								{ user_id: 6, username: 'bob', deleted: true },
							],
						}
					: { channels: [{ channel_id: 3, name: 'general' }] },
		},
	});
	const bot = { kind: 'chatbot', token: 'token-0123456789' };
	expect((await look(synologyChat, bot)).items).toEqual([{ value: '5', name: 'Alice', description: 'alice' }]);
	expect((await look(synologyChat, bot, {}, synologyChat.parts.mentions)).items).toEqual([
		{ value: 'alice', name: 'Alice' },
	]);
	const { channelId } = synologyChat.actions.listPosts!.fields;
	expect((await look(synologyChat, bot, {}, channelId)).items).toEqual([{ value: '3', name: 'general' }]);
});

test('VoceChat: the bot’s groups', async () => {
	answer = () => ({
		body: [
			{ gid: 3, name: 'den' },
			{ gid: 4, name: 'ops' },
		],
	});
	const account = { apiKey: 'key-0123456789' };
	expect((await look(vocechat, account, { search: 'op' })).items).toEqual([{ value: 'group:4', name: 'ops' }]);
});

test('OneBot: groups and friends', async () => {
	answer = ({ path }) => ({
		body: {
			status: 'ok',
			retcode: 0,
			data: path.endsWith('group_list')
				? [{ group_id: 20001, group_name: 'Family' }]
				: [{ user_id: 10001, nickname: 'ann', remark: 'Ann' }],
		},
	});
	expect((await look(onebot, {})).items).toEqual([
		{ value: 'group:20001', name: 'Family', description: '20001' },
		{ value: 'private:10001', name: 'Ann', description: '10001' },
	]);
});

test('WxPusher: followers, page after page', async () => {
	const all = Array.from({ length: 130 }, (_, at) => ({ uid: `UID_${at}`, nickName: at === 129 ? 'Last' : null }));
	answer = ({ query }) => {
		const from = (Number(query.page) - 1) * 100;
		return { body: { code: 1000, success: true, data: { total: 130, records: all.slice(from, from + 100) } } };
	};
	const account = { mode: 'token', appToken: 'AT_0123456789' };
	expect((await look(wxpusher, account)).next).toBe('2');
	expect((await look(wxpusher, account, { cursor: '2' })).items).toHaveLength(30);
	expect(await look(wxpusher, account, { search: 'last' })).toEqual({
		items: [{ value: 'UID_129', name: 'Last', description: 'UID_129' }],
	});
});

test('WeCom: people, departments and tags, as much as the app may see', async () => {
	let tags: object = { errcode: 0, taglist: [{ tagid: 3, tagname: 'night' }] };
	answer = ({ path, query }) => {
		if (path.endsWith('/gettoken')) return { body: { errcode: 0, access_token: 'tok-123', expires_in: 7200 } };
		if (path.endsWith('/department/list'))
			return {
				body: {
					errcode: 0,
					department: [
						{ id: 2, name: 'Ops', parentid: 1 },
						{ id: 5, name: 'Nights', parentid: 2 },
					],
				},
			};
		if (path.endsWith('/tag/list')) return { body: tags };
		expect(query).toMatchObject({ department_id: '2', fetch_child: '1' });
		return { body: { errcode: 0, userlist: [{ userid: 'ann', name: 'Ann' }] } };
	};
	const account = { corpId: 'ww0123456789abcdef', corpSecret: 's3cretsecret', agentId: '1000002' };
	const people = [
		{ value: '@all', name: '@all' },
		{ value: 'ann', name: 'Ann', description: 'ann' },
		{ value: 'party:2', name: 'Ops', description: 'party:2' },
		{ value: 'party:5', name: 'Nights', description: 'party:5' },
	];
	expect((await look(wecomApp, account)).items).toEqual([
		...people,
		{ value: 'tag:3', name: 'night', description: 'tag:3' },
	]);
	tags = { errcode: 48002, errmsg: 'api forbidden' };
	expect((await look(wecomApp, account)).items).toEqual(people);
});

describe('Telegram', () => {
	const account = { botToken: '110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw' };
	let webhook = '';
	let updates: object[] = [];
	beforeEach(() => {
		webhook = '';
		answer = ({ path }) => ({
			body: { ok: true, result: path.endsWith('/getWebhookInfo') ? { url: webhook } : updates },
		});
	});

	test('chats that wrote lately, the latest first, each once, and nothing is taken from a trigger', async () => {
		const group = { id: -100123, type: 'supergroup', title: 'Ops' };
		updates = [
			{ update_id: 1, message: { message_id: 1, chat: group } },
			{
				update_id: 2,
				message: { message_id: 2, chat: { id: 42, type: 'private', first_name: 'Ann', username: 'ann' } },
			},
			{ update_id: 3, callback_query: { id: '9', message: { chat: group } } },
		];
		expect((await look(telegram, account)).items).toEqual([
			{ value: '-100123', name: 'Ops', description: 'supergroup -100123' },
			{ value: '42', name: 'Ann', description: 'private @ann 42' },
		]);
		// An offset would confirm them, and types would change what the trigger hears.
		expect(server.requests.at(-1)!.json).toEqual({ timeout: 0, limit: 100 });
	});

	test('says why there is nothing to see', async () => {
		updates = [];
		await expect(look(telegram, account)).rejects.toMatchObject({
			class: 'Invalid',
			message: expect.stringContaining('write to it'),
		});
		webhook = 'https://n8n.example.com/webhook/1';
		server.requests.length = 0;
		await expect(look(telegram, account)).rejects.toMatchObject({ message: expect.stringContaining('webhook') });
		expect(paths().map((path) => path.split('/').at(-1))).toEqual(['getWebhookInfo']);
	});
});
