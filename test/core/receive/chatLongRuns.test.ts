import { createHmac } from 'node:crypto';
import { fc } from '../../property';
import { read } from '../../../src/core/base/field';
import { triggerAccount } from '../../../src/core/receive/reception';
import { Refusal, type IncomingRequest, type Receiving, type Trigger } from '../../../src/core/define/trigger';
import { dingtalkTrigger } from '../../../src/services/dingtalk/dingtalk.trigger';
import { feishuAppTrigger } from '../../../src/services/feishu/feishuApp.trigger';
import { onebotTrigger } from '../../../src/services/onebot/onebot.trigger';
import { readEvent } from '../../../src/services/dingtalk/messages';
import { readUpdate } from '../../../src/services/telegram/updates';
import { encrypt, signatureOf } from '../../../src/services/wecom/crypto';
import { slackTrigger } from '../../../src/services/slack/slack.trigger';
import { synologyChatTrigger } from '../../../src/services/synologyChat/synologyChat.trigger';
import { telegramTrigger } from '../../../src/services/telegram/telegram.trigger';
import { vocechatTrigger } from '../../../src/services/vocechat/vocechat.trigger';
import { wecomAppTrigger } from '../../../src/services/wecom/wecomApp.trigger';
import { wxpusherTrigger } from '../../../src/services/wxpusher/wxpusher.trigger';
import { holds, longRun, longRuns, quickly, textsIn, withLongRun, withText } from '../../longRun';

const now = 1_700_000_000_000;
const seconds = now / 1_000;

interface Chat {
	trigger: Trigger;
	account: Record<string, unknown>;
	/** All kinds of events are wanted. */
	options: Record<string, unknown>;
	/** What people can say to it. */
	said: readonly object[];
	/** As its service sends one of them, or a text in its place. */
	request(said: object | string): Partial<IncomingRequest>;
	/** What it proves itself by, without which nothing is read. */
	kept?: readonly string[];
}

const asJson = (said: object | string) => ({
	body: Buffer.from(typeof said === 'string' ? said : JSON.stringify(said)),
});
const chat = { id: 5, type: 'group', title: 'House' };
const ann = { id: 7, is_bot: false, first_name: 'Ann', username: 'ann' };

const chats: readonly Chat[] = [
	{
		trigger: telegramTrigger,
		account: { botToken: '1:secret', chatId: '5' },
		options: { updates: [] },
		said: [
			{ update_id: 1, message: { message_id: 2, date: seconds, chat, from: ann, text: '/pause@bell 10m "a b"' } },
			{ update_id: 1, channel_post: { message_id: 2, chat, caption: 'c', document: { file_id: 'f', file_name: 'n' } } },
			{ update_id: 1, callback_query: { id: '3', from: ann, data: '/x y', message: { message_id: 2, chat } } },
			{ update_id: 1, inline_query: { id: '3', from: ann, query: 'q' } },
		],
		request: asJson,
	},
	{
		trigger: slackTrigger,
		account: { botToken: 'xoxb-1', signingSecret: 'secret' },
		options: { kinds: [], bots: true },
		said: [
			...['message', 'app_mention', 'file_shared'].map((type) => ({
				...{ type: 'event_callback', event_id: 'E' },
				event: { type, channel: 'C1', user: 'U1', ts: '1.2', text: '<@U9> /x <http://a|b>', files: [{ id: 'F', name: 'n' }] },
			})),
			{ command: '/x', text: 'a "b c"', channel_id: 'C1', channel_name: 'c', user_id: 'U1', trigger_id: 't' },
			{
				...{ type: 'block_actions', trigger_id: 't', user: { id: 'U1', username: 'ann' } },
				...{ channel: { id: 'C1', name: 'c' }, container: { message_ts: '1.2' } },
				actions: [{ value: '/v w', action_id: 'a', action_ts: '1.2', selected_option: { value: 'o' } }],
			},
			{ type: 'shortcut', callback_id: 'pause', trigger_id: 't', user: { id: 'U1' } },
		],
		request: (said) => {
			const json = typeof said === 'string' ? said : JSON.stringify(said);
			const form =
				typeof said !== 'string' && 'command' in said
					? new URLSearchParams(said as Record<string, string>).toString()
					: typeof said !== 'string' && !('event' in said)
						? `payload=${encodeURIComponent(json)}`
						: undefined;
			const body = Buffer.from(form ?? json);
			const signature = createHmac('sha256', 'secret').update(`v0:${seconds}:`).update(body).digest('hex');
			return {
				body,
				headers: {
					'content-type': form === undefined ? 'application/json' : 'application/x-www-form-urlencoded',
					'x-slack-request-timestamp': String(seconds),
					'x-slack-signature': `v0=${signature}`,
				},
			};
		},
	},
	{
		trigger: feishuAppTrigger,
		account: { appId: 'a', appSecret: 's', verificationToken: 'v-token' },
		options: { events: [] },
		said: ['text', 'post'].flatMap((message_type) => [
			{
				...{ schema: '2.0', header: { event_id: 'e', event_type: 'im.message.receive_v1', token: 'v-token' } },
				event: {
					sender: { sender_id: { open_id: 'o' }, sender_type: 'user' },
					message: {
						...{ message_id: 'm', chat_id: 'c', chat_type: 'group', message_type },
						mentions: [{ key: '@_user_1', name: 'Bell' }],
						content:
							message_type === 'text'
								? '{"text":"@_user_1 /x y"}'
								: '{"title":"T","content":[[{"tag":"at","user_id":"@_user_1"},{"tag":"text","text":"/x"}]]}',
					},
				},
			},
			{
				...{ schema: '2.0', header: { event_id: 'e', event_type: 'card.action.trigger', token: 'v-token' } },
				event: { operator: { open_id: 'o' }, action: { value: { a: '/x' }, input_value: 'i' }, context: { open_chat_id: 'c' } },
			},
			{
				...{ schema: '2.0', header: { event_id: 'e', event_type: 'application.bot.menu_v6', token: 'v-token' } },
				event: { operator: { operator_id: { open_id: 'o' }, operator_name: 'n' }, event_key: 'k' },
			},
		]),
		kept: ['token'],
		request: asJson,
	},
	{
		trigger: dingtalkTrigger,
		account: { robot: 'app', appSecret: 's' },
		options: {},
		said: [
			{
				...{ msgtype: 'text', text: { content: ' /x y' }, msgId: 'm', conversationId: 'c', conversationType: '2' },
				...{ senderNick: 'Ann', senderStaffId: 'u', conversationTitle: 'House', sessionWebhook: 'https://oapi.dingtalk.com/robot/sendBySession?session=abc' },
			},
			{ msgtype: 'richText', content: { richText: [{ text: 'a' }, { text: 'b', downloadCode: 'd' }] }, msgId: 'm' },
			{ msgtype: 'file', content: { downloadCode: 'd', fileName: 'f', recognition: 'r' }, msgId: 'm' },
		],
		request: asJson,
	},
	{
		trigger: wecomAppTrigger,
		account: { corpId: 'corp', corpSecret: 's', agentId: 1, callbackToken: 't', encodingAesKey: 'a'.repeat(43) },
		options: {},
		said: [
			{ FromUserName: 'ann', CreateTime: '1700000000', MsgType: 'text', Content: '/x y', MsgId: '1' },
			{ FromUserName: 'ann', MsgType: 'event', Event: 'click', EventKey: 'k' },
			{ FromUserName: 'sys', MsgType: 'event', Event: 'change_contact', ChangeType: 'update_user', Name: 'n' },
			{ FromUserName: 'ann', MsgType: 'link', Title: 't', Description: 'd', Url: 'https://a', PicUrl: 'https://b' },
		],
		request: (said) => {
			const inner =
				typeof said === 'string'
					? said
					: `<xml>${Object.entries(said)
							.map(([name, value]) => `<${name}><![CDATA[${String(value)}]]></${name}>`)
							.join('')}</xml>`;
			const encrypted = encrypt('a'.repeat(43), inner, 'corp');
			return {
				query: {
					...{ timestamp: String(seconds), nonce: 'n' },
					msg_signature: signatureOf('t', String(seconds), 'n', encrypted),
				},
				body: Buffer.from(`<xml><Encrypt><![CDATA[${encrypted}]]></Encrypt></xml>`),
			};
		},
	},
	{
		trigger: synologyChatTrigger,
		account: { token: 'bot', kind: 'chatbot', baseUrl: 'https://nas.example.com' },
		options: {},
		said: [
			{ token: 'bot', channel_id: '1', channel_name: 'Lab', user_id: '4', username: 'ann', post_id: '9', text: 'last 5', trigger_word: 'last' },
			{ token: 'bot', user_id: '4', username: 'ann', post_id: '9', text: '/x y' },
			{ token: 'bot', user: { user_id: '4', username: 'ann' }, actions: [{ name: 'n', value: '/v' }], post_id: '9', callback_id: 'c' },
		],
		kept: ['token'],
		request: (said) => ({
			body: Buffer.from(
				typeof said === 'string'
					? said
					: 'actions' in said
						? `payload=${encodeURIComponent(JSON.stringify(said))}`
						: new URLSearchParams(said as Record<string, string>).toString(),
			),
		}),
	},
	{
		trigger: onebotTrigger,
		account: { baseUrl: 'http://10.0.0.2:3000' },
		options: { events: [] },
		said: [
			{
				...{ time: seconds, self_id: 10, post_type: 'message', message_type: 'group', user_id: 20, group_id: 30 },
				...{ group_name: 'House', message_id: 5, sender: { nickname: 'Ann', card: 'A' } },
				message: [{ type: 'at', data: { qq: '10' } }, { type: 'text', data: { text: ' /x y' } }, { type: 'image', data: { url: 'u', file: 'f' } }],
			},
			{ time: seconds, self_id: 10, post_type: 'message', message_type: 'private', user_id: 20, message_id: 5, message: '[CQ:at,qq=10] /x &amp;[CQ:image,file=f]', sender: {} },
			{ time: seconds, self_id: 10, post_type: 'request', request_type: 'friend', user_id: 20, comment: 'c' },
		],
		request: asJson,
	},
	{
		trigger: vocechatTrigger,
		account: { baseUrl: 'https://voce.example.com', apiKey: 'k' },
		options: { events: [] },
		said: ['text/plain', 'text/markdown', 'vocechat/file'].map((content_type) => ({
			...{ detail: { type: 'normal', content_type, content: ' @3 /last 5', properties: { name: 'n', content_type: 'a/b' } } },
			...{ from_uid: 7, mid: 2, target: { gid: 2 }, created_at: now },
		})),
		request: asJson,
	},
	{
		trigger: wxpusherTrigger,
		account: { appToken: 'AT_x' },
		options: { events: [] },
		said: [
			{ action: 'send_up_cmd', data: { uid: 'UID_a', appId: 97, appName: 'House', time: now, content: '/x y' } },
			{ action: 'app_subscribe', data: { uid: 'UID_a', appId: 97, userName: 'Bob', source: 'scan', extra: 'x' } },
		],
		request: asJson,
	},
]; // prettier-ignore

/** Once as its service sends it, so that what is tried is known to be read. */
function receive({ trigger, account, options, request }: Chat, said: object | string) {
	const input = {
		request: { method: 'POST', path: '', query: {}, headers: {}, ...request(said) },
		account: { ...read(triggerAccount(trigger), account), language: 'en' },
		options: read(trigger.options, { ...options, answers: 'x = y' }),
		now,
	} as unknown as Receiving;
	return quickly(() => {
		try {
			return trigger.receive!(input);
		} catch (error) {
			if (error instanceof Refusal) return undefined;
			throw error;
		}
	});
}

const runs = longRuns(400);

describe.each(chats.map((each) => ({ id: each.trigger.id, each })))('$id', ({ each }) => {
	test('reads what is tried here', () => {
		for (const said of each.said) expect([said, receive(each, said)?.events]).toEqual([said, [expect.anything()]]);
	});

	test(
		`is held up by no long run (${runs} runs)`,
		() => {
			const { said, kept = [] } = each;
			const bodies = fc.oneof(
				{ weight: 4, arbitrary: fc.tuple(withLongRun(said), fc.constantFrom(...said)).map(([changed, original]) => kept.length === 0 ? changed : proven(changed, original, kept)) },
				{ weight: 1, arbitrary: longRun },
			); // prettier-ignore
			holds(
				fc.property(bodies, (body) => void receive(each, body)),
				runs,
			);
		},
		60_000 + runs * 2_000,
	);
});

/** With what it proves itself by as it was. */
const proven = (changed: object, original: object, kept: readonly string[]) =>
	textsIn(changed)
		.filter((path) => kept.includes(String(path.at(-1))))
		.reduce((value, path) => withText(value, path, tokenOf(original, kept)), changed);

function tokenOf(value: object, kept: readonly string[]): string {
	const path = textsIn(value).find((each) => kept.includes(String(each.at(-1))))!;
	return path.reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], value) as string;
}

test('what comes over a connection holds nobody up either', () => {
	const update = { update_id: 1, message: { message_id: 2, chat, from: ann, text: '/pause@bell 10m', caption: 'c' } };
	const happened = { openConversationId: 'c', userId: ['u'], title: 't' };
	holds(
		fc.property(withLongRun([update]), withLongRun([happened]), (given, event) => {
			quickly(() => readUpdate(given, now, 'bell'));
			quickly(() => readEvent({ eventId: 'e', eventType: 't' }, event, now));
		}),
		runs,
	);
});
