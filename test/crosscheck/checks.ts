import { bark } from '../../src/services/bark/bark.channel';
import { dingtalk } from '../../src/services/dingtalk/dingtalk.channel';
import { feishuApp } from '../../src/services/feishu/feishuApp.channel';
import { feishuRobot } from '../../src/services/feishu/feishuRobot.channel';
import { onebot } from '../../src/services/onebot/onebot.channel';
import { qmsg } from '../../src/services/qmsg/qmsg.channel';
import { serverChan } from '../../src/services/serverChan/serverChan.channel';
import { synologyChat } from '../../src/services/synologyChat/synologyChat.channel';
import { telegram } from '../../src/services/telegram/telegram.channel';
import { wecomApp } from '../../src/services/wecom/wecomApp.channel';
import { wecomRobot } from '../../src/services/wecom/wecomRobot.channel';
import { wxpusher } from '../../src/services/wxpusher/wxpusher.channel';
import type { Channel } from '../../src/core/define/channel';
import { because, type Difference } from '../agreement';
import type { Peers } from './peers';

export const title = 'Library';
export const body = 'Severance & 100% “人生切割术”\nSecond line';
/** ms */
export const now = 1_700_000_000_000;

/** A request written down: what a script sends that is no package. The query is part of the URL. */
export interface Written {
	method: 'GET' | 'POST';
	url: string;
	json?: object;
	form?: Record<string, string>;
}

export interface Check {
	/** Service and form of the message. */
	name: string;
	peer: 'pushoo' | 'push-all-in-one' | 'qinglong';
	theirs: ((peers: Peers) => Promise<unknown>) | readonly Written[];
	channel: Channel;
	/** The service's own address, where the channel does not know it without the key. */
	origin?: string;
	account: Record<string, unknown>;
	options?: Record<string, unknown>;
	format?: 'text' | 'markdown';
	differences: readonly Difference[];
}

const wechatApp = {
	WECHAT_APP_CORPID: 'ww1234567890',
	WECHAT_APP_SECRET: 'app-secret',
	WECHAT_APP_AGENTID: 1000002,
};
const wecom = { corpId: 'ww1234567890', corpSecret: 'app-secret', agentId: 1000002 };

const apart = (field: string): Difference => ({
	field,
	why: 'A blank line parts the title from the text here; a single line break does in theirs.',
});

const lineBreak = (field: string): Difference => ({
	field,
	why: 'Markdown joins lines unless two spaces or a backslash stand at their ends: theirs loses the line break.',
});

const takesJson: Difference = {
	field: 'type',
	why: 'The service takes JSON and forms alike, and JSON needs no escaping.',
};

const titleNow = because('“text” is the old name of “title”, and an alias still.', 'body.text', 'body.title');

const segments: readonly Difference[] = [
	{
		field: 'body.message',
		why: 'A plain text is read for CQ codes, so that “[CQ:…]” in a film title would be obeyed; segments are not.',
	},
	...because(
		'Part of the segments that stand in place of the text.',
		'body.message.0.type',
		'body.message.0.data.text',
	),
];

const agentNumber: Difference = {
	field: '2.body.agentid',
	why: 'WeCom documents a number; it also takes digits in a text.',
};

const boldTitle = (field: string): Difference => ({
	field,
	why: 'The title is bold here, which is WeCom’s own emphasis; theirs is a line like any other.',
});

const noBody: readonly Difference[] = [
	{ field: '1.type', why: 'A GET has no body here.' },
	{ field: '1.body', why: 'A GET has no body here: theirs is an empty object.' },
];

const chatId: Difference = { field: 'body.chat_id', why: 'The Bot API takes a number as a number or as a text.' };

const noLink = (field: string): Difference => ({ field, why: 'There is no link; an empty one says the same.' });

const posted = (url: string, sent: Pick<Written, 'json' | 'form'>): Written => ({ method: 'POST', url, ...sent });

type Common = Pick<Check, 'channel'> & Partial<Check>;

/** Checks of one channel, with what they have in common. */
const each = <C extends Common>(common: C, checks: readonly Omit<Check, keyof C>[]): Check[] =>
	checks.map((check) => ({ ...common, ...check }) as Check);

export const checks: readonly Check[] = [
	...each({ channel: dingtalk }, [
		{
			name: 'DingTalk, text',
			peer: 'pushoo',
			theirs: ({ pushoo }) => pushoo('dingtalk', 'robot-token'),
			account: { accessToken: 'robot-token' },
			options: { kind: 'text' },
			differences: [apart('body.text.content')],
		},
		{
			name: 'DingTalk, Markdown',
			peer: 'pushoo',
			theirs: ({ pushoo }) => pushoo('dingtalk', 'robot-token', { dingtalk: { msgtype: 'markdown' } }),
			account: { accessToken: 'robot-token' },
			options: { kind: 'markdown' },
			format: 'markdown',
			differences: [
				{
					field: 'body.markdown.text',
					why: 'DingTalk shows “title” in the list of chats alone, so the title stands in the text too; a line break needs two spaces before it.',
				},
			],
		},
		{
			name: 'DingTalk, text, signed',
			peer: 'push-all-in-one',
			theirs: ({ pushAllInOne }) =>
				pushAllInOne(
					'Dingtalk',
					{ DINGTALK_ACCESS_TOKEN: 'robot-token', DINGTALK_SECRET: 'SECabcdef' },
					{ msgtype: 'text' },
				),
			account: { accessToken: 'robot-token', secret: 'SECabcdef' },
			options: { kind: 'text' },
			differences: [apart('body.text.content')],
		},
		{
			name: 'DingTalk, Markdown, signed',
			peer: 'push-all-in-one',
			theirs: ({ pushAllInOne }) =>
				pushAllInOne(
					'Dingtalk',
					{ DINGTALK_ACCESS_TOKEN: 'robot-token', DINGTALK_SECRET: 'SECabcdef' },
					{ msgtype: 'markdown' },
				),
			account: { accessToken: 'robot-token', secret: 'SECabcdef' },
			options: { kind: 'markdown' },
			format: 'markdown',
			differences: [
				{
					field: 'body.markdown.text',
					why: 'The title is bold instead of a heading as high as the screen; a line break needs two spaces before it.',
				},
			],
		},
		{
			name: 'DingTalk, text, signed',
			peer: 'qinglong',
			theirs: [
				posted(
					'https://oapi.dingtalk.com/robot/send?access_token=robot-token&timestamp=1700000000000&sign=JISGksjyDysS1LOaD%2FBssnKBVXedPwjJ%2Fs%2FDyTHUKMQ%3D',
					{ json: { msgtype: 'text', text: { content: `${title}\n\n${body}` } } },
				),
			],
			account: { accessToken: 'robot-token', secret: 'SECabcdef' },
			options: { kind: 'text' },
			differences: [],
		},
	]),
	...each({ channel: wecomRobot, account: { key: 'robot-key' } }, [
		{
			name: 'WeCom robot, text',
			peer: 'pushoo',
			theirs: ({ pushoo }) => pushoo('wecombot', 'robot-key'),
			options: { kind: 'text' },
			differences: [{ field: 'body.text.content', why: 'Theirs forgets the title.' }],
		},
		{
			name: 'WeCom robot, text',
			peer: 'push-all-in-one',
			theirs: ({ pushAllInOne }) => pushAllInOne('WechatRobot', { WECHAT_ROBOT_KEY: 'robot-key' }),
			options: { kind: 'text' },
			differences: [apart('body.text.content')],
		},
		{
			name: 'WeCom robot, Markdown',
			peer: 'push-all-in-one',
			theirs: ({ pushAllInOne }) =>
				pushAllInOne('WechatRobot', { WECHAT_ROBOT_KEY: 'robot-key' }, { msgtype: 'markdown' }),
			options: { kind: 'markdown' },
			format: 'markdown',
			differences: [boldTitle('body.markdown.content')],
		},
		{
			name: 'WeCom robot, text',
			peer: 'qinglong',
			theirs: [
				posted('https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=robot-key', {
					json: { msgtype: 'text', text: { content: `${title}\n\n${body}` } },
				}),
			],
			options: { kind: 'text' },
			differences: [],
		},
	]),
	...each({ channel: wecomApp, account: { ...wecom, to: 'zhangsan' } }, [
		{
			name: 'WeCom app, text',
			peer: 'pushoo',
			theirs: ({ pushoo }) => pushoo('wecom', 'ww1234567890#app-secret#1000002#zhangsan'),
			options: { kind: 'text' },
			differences: [agentNumber, apart('2.body.text.content')],
		},
		{
			name: 'WeCom app, text',
			peer: 'push-all-in-one',
			theirs: ({ pushAllInOne }) => pushAllInOne('WechatApp', wechatApp, { touser: 'zhangsan' }),
			options: { kind: 'text' },
			differences: [...noBody, apart('2.body.text.content')],
		},
		{
			name: 'WeCom app, Markdown',
			peer: 'push-all-in-one',
			theirs: ({ pushAllInOne }) =>
				pushAllInOne('WechatApp', wechatApp, { msgtype: 'markdown', touser: 'zhangsan' }),
			options: { kind: 'markdown' },
			format: 'markdown',
			differences: [...noBody, boldTitle('2.body.markdown.content')],
		},
		{
			name: 'WeCom app, text',
			peer: 'qinglong',
			theirs: [
				posted('https://qyapi.weixin.qq.com/cgi-bin/gettoken', {
					json: { corpid: 'ww1234567890', corpsecret: 'app-secret' },
				}),
				posted('https://qyapi.weixin.qq.com/cgi-bin/message/send?access_token=token-of-the-test', {
					json: {
						touser: 'zhangsan',
						agentid: '1000002',
						safe: '0',
						msgtype: 'text',
						text: { content: `${title}\n\n${body}` },
					},
				}),
			],
			options: { kind: 'text' },
			differences: [
				{
					field: '1.method',
					why: 'WeCom documents a GET with a query; that it takes a POST too is written nowhere.',
				},
				...because(
					'Part of the POST that is documented nowhere.',
					'1.type',
					'1.body.corpid',
					'1.body.corpsecret',
				),
				...because('Part of the GET that is documented.', '1.query.corpid', '1.query.corpsecret'),
				agentNumber,
				{ field: '2.body.safe', why: '0 is the default: not confidential.' },
			],
		},
	]),
	...each({ channel: feishuRobot }, [
		{
			name: 'Feishu robot, text',
			peer: 'pushoo',
			theirs: ({ pushoo }) => pushoo('feishu', 'hook-token'),
			account: { token: 'hook-token' },
			options: { kind: 'text' },
			differences: [apart('body.content.text')],
		},
		{
			name: 'Feishu robot, first version',
			peer: 'pushoo',
			theirs: ({ pushoo }) => pushoo('feishu', 'https://open.feishu.cn/open-apis/bot/hook/hook-token'),
			account: { token: 'https://open.feishu.cn/open-apis/bot/hook/hook-token' },
			differences: [],
		},
		{
			name: 'Feishu robot, text',
			peer: 'qinglong',
			theirs: [
				posted('https://open.feishu.cn/open-apis/bot/v2/hook/hook-token', {
					json: { msg_type: 'text', content: { text: `${title}\n\n${body}` } },
				}),
			],
			account: { token: 'hook-token' },
			options: { kind: 'text' },
			differences: [],
		},
	]),
	{
		name: 'Feishu app, text',
		peer: 'push-all-in-one',
		theirs: ({ pushAllInOne }) =>
			pushAllInOne(
				'Feishu',
				{ FEISHU_APP_ID: 'cli_0123456789abcdef', FEISHU_APP_SECRET: 'app-secret' },
				{ receive_id_type: 'open_id', receive_id: 'ou_0123456789', msg_type: 'text' },
			),
		channel: feishuApp,
		account: { appId: 'cli_0123456789abcdef', appSecret: 'app-secret', to: 'ou_0123456789' },
		options: { kind: 'text' },
		differences: [
			apart('2.body.content'),
			{
				field: '2.body.uuid',
				why: 'Lets Feishu drop the second of two when a send is tried again; theirs leaves it to the caller.',
			},
		],
	},
	...each({ channel: serverChan, account: { sendKey: 'SCT123456Tabcdefghijklmnop' }, format: 'markdown' }, [
		{
			name: 'ServerChan Turbo',
			peer: 'pushoo',
			theirs: ({ pushoo }) => pushoo('serverchan', 'SCT123456Tabcdefghijklmnop'),
			differences: [takesJson, lineBreak('body.desp')],
		},
		{
			name: 'ServerChan Turbo',
			peer: 'push-all-in-one',
			theirs: ({ pushAllInOne }) =>
				pushAllInOne('ServerChanTurbo', { SERVER_CHAN_TURBO_SENDKEY: 'SCT123456Tabcdefghijklmnop' }),
			differences: [takesJson, ...titleNow, lineBreak('body.desp')],
		},
		{
			name: 'ServerChan Turbo',
			peer: 'qinglong',
			theirs: [
				posted('https://sctapi.ftqq.com/SCT123456Tabcdefghijklmnop.send', {
					form: { text: title, desp: body.replace('\n', '\n\n') },
				}),
			],
			differences: [
				takesJson,
				...titleNow,
				{
					field: 'body.desp',
					why: 'Both keep the line break in Markdown: theirs by doubling every one, which also doubles the gaps between paragraphs.',
				},
			],
		},
	]),
	...each(
		{
			channel: serverChan,
			origin: 'https://1234.push.ft07.com',
			account: { sendKey: 'sctp1234tabcdefghijklmnop' },
			format: 'markdown',
		},
		[
			{
				name: 'ServerChan ³',
				peer: 'pushoo',
				theirs: ({ pushoo }) => pushoo('serverchan', 'sctp1234tabcdefghijklmnop'),
				differences: [takesJson, lineBreak('body.desp')],
			},
			{
				name: 'ServerChan ³',
				peer: 'push-all-in-one',
				theirs: ({ pushAllInOne }) =>
					pushAllInOne(
						'ServerChanV3',
						{ SERVER_CHAN_V3_SENDKEY: 'sctp1234tabcdefghijklmnop' },
						{ tags: ['a', 'b'] },
					),
				options: { tags: 'a, b' },
				differences: [...titleNow, lineBreak('body.desp')],
			},
		],
	),
	...each({ channel: qmsg }, [
		{
			name: 'Qmsg, friends',
			peer: 'pushoo',
			theirs: ({ pushoo }) => pushoo('qmsg', 'qmsg-key', { qmsg: { qq: '10001', bot: '10002' } }),
			account: { key: 'qmsg-key', bot: '10002', to: '10001' },
			options: { stripLinks: true },
			differences: [apart('body.msg')],
		},
		{
			name: 'Qmsg, groups',
			peer: 'push-all-in-one',
			theirs: ({ pushAllInOne }) =>
				pushAllInOne('Qmsg', { QMSG_KEY: 'qmsg-key' }, { type: 'group', qq: '20001', bot: '10002' }),
			account: { key: 'qmsg-key', bot: '10002', to: '20001' },
			options: { kind: 'group' },
			differences: [apart('body.msg')],
		},
		{
			name: 'Qmsg, friends',
			peer: 'qinglong',
			theirs: [posted('https://qmsg.zendee.cn/send/qmsg-key', { form: { msg: `${title}\n\n${body}` } })],
			account: { key: 'qmsg-key' },
			differences: [],
		},
	]),
	...each({ channel: wxpusher }, [
		{
			name: 'WxPusher, Markdown to a topic',
			peer: 'pushoo',
			theirs: ({ pushoo }) => pushoo('wxpusher', 'AT_0123456789#1234'),
			account: { appToken: 'AT_0123456789', to: '1234' },
			options: { contentType: 'markdown' },
			format: 'markdown',
			differences: [
				{ field: 'origin', why: 'The token goes over TLS here.' },
				lineBreak('body.content'),
				{ field: 'body.uids', why: 'Nobody is named besides the topic; an empty list says the same.' },
				noLink('body.url'),
				{ field: 'body.verifyPayload', why: 'The API knows no such name: it is verifyPayType.' },
			],
		},
		{
			name: 'WxPusher, text to a user',
			peer: 'push-all-in-one',
			theirs: ({ pushAllInOne }) =>
				pushAllInOne('WxPusher', { WX_PUSHER_APP_TOKEN: 'AT_0123456789', WX_PUSHER_UID: 'UID_abcdef' }, {}),
			account: { appToken: 'AT_0123456789', to: 'UID_abcdef' },
			options: { contentType: 'text' },
			differences: [
				{
					field: 'body.content',
					why: 'The title is the summary here, which is what the card in WeChat shows.',
				},
				{ field: 'body.summary', why: 'Theirs has none: WxPusher then cuts one out of the text.' },
			],
		},
		{
			name: 'WxPusher, HTML to a user',
			peer: 'qinglong',
			theirs: [
				posted('https://wxpusher.zjiecode.com/api/send/message', {
					json: {
						appToken: 'AT_0123456789',
						content: `<h1>${title}</h1><br/><div style='white-space: pre-wrap;'>${body}</div>`,
						summary: title,
						contentType: 2,
						topicIds: [],
						uids: ['UID_abcdef'],
						verifyPayType: 0,
					},
				}),
			],
			account: { appToken: 'AT_0123456789', to: 'UID_abcdef' },
			options: { contentType: 'html' },
			differences: [
				{
					field: 'body.content',
					why: 'The text is escaped here: theirs lets “<” and “&” of a message become HTML; the title is the summary.',
				},
				{ field: 'body.topicIds', why: 'No topic is named; an empty list says the same.' },
				{ field: 'body.verifyPayType', why: '0 is the default: everybody gets it.' },
			],
		},
	]),
	...each({ channel: bark, account: { deviceKeys: 'barkkey' } }, [
		{
			name: 'Bark',
			peer: 'pushoo',
			theirs: ({ pushoo }) => pushoo('bark', 'barkkey'),
			differences: [
				{ field: 'method', why: 'A POST has room for any text; theirs puts it all into the path of a GET.' },
				{ field: 'path', why: 'Key and text are in the body here; a “/” or a very long text breaks a path.' },
				noLink('query.url'),
				{ field: 'type', why: 'A GET has no body.' },
				...because('Stands in the path of theirs.', 'body.device_key', 'body.title', 'body.body'),
			],
		},
		{
			name: 'Bark',
			peer: 'qinglong',
			theirs: [
				posted('https://api.day.app/barkkey', {
					json: {
						title,
						body,
						icon: 'https://example.com/i.png',
						sound: 'minuet',
						group: 'media',
						isArchive: '1',
						level: 'timeSensitive',
						url: 'https://example.com/',
					},
				}),
			],
			options: {
				icon: 'https://example.com/i.png',
				sound: 'minuet',
				group: 'media',
				archive: 'keep',
				level: 'timeSensitive',
				url: 'https://example.com/',
			},
			differences: [
				{
					field: 'path',
					why: 'The key is in the body here, and so in no access log; the server knows both forms.',
				},
				{ field: 'body.device_key', why: 'Stands in the path of theirs.' },
			],
		},
	]),
	...each({ channel: telegram, account: { botToken: '123456789:AAabcdef', to: '10001' } }, [
		{
			name: 'Telegram',
			peer: 'pushoo',
			theirs: ({ pushoo }) => pushoo('telegram', '123456789:AAabcdef#10001'),
			differences: [
				{
					field: 'body.text',
					why: 'HTML, in which every character arrives; theirs escapes only “*” and “_” for the old Markdown, which is refused where it does not pair up.',
				},
				chatId,
				{ field: 'body.parse_mode', why: '“Markdown” is what the Bot API keeps for old bots.' },
			],
		},
		{
			name: 'Telegram, plain',
			peer: 'push-all-in-one',
			theirs: ({ pushAllInOne }) =>
				pushAllInOne('Telegram', { TELEGRAM_BOT_TOKEN: '123456789:AAabcdef', TELEGRAM_CHAT_ID: 10001 }),
			options: { format: 'plain' },
			differences: [apart('body.text')],
		},
		{
			name: 'Telegram, plain, without preview',
			peer: 'qinglong',
			theirs: [
				posted('https://api.telegram.org/bot123456789:AAabcdef/sendMessage', {
					json: { chat_id: '10001', text: `${title}\n\n${body}`, disable_web_page_preview: true },
				}),
			],
			options: { format: 'plain', linkPreview: 'off' },
			differences: [
				chatId,
				{
					field: 'body.disable_web_page_preview',
					why: 'The Bot API keeps it for old bots: link_preview_options has taken its place.',
				},
				{
					field: 'body.link_preview_options.is_disabled',
					why: 'What has taken the place of disable_web_page_preview.',
				},
			],
		},
	]),
	...each({ channel: onebot, origin: 'http://bot.example:5700' }, [
		{
			name: 'OneBot, to a group',
			peer: 'pushoo',
			theirs: ({ pushoo }) => pushoo('onebot', 'http://bot.example:5700/send_msg?group_id=20001'),
			account: { to: 'group:20001' },
			differences: [
				...segments,
				{
					field: 'body.message_type',
					why: 'Theirs lets the implementation guess from the number that is there.',
				},
			],
		},
		{
			name: 'OneBot, to a user, with a token',
			peer: 'push-all-in-one',
			theirs: ({ pushAllInOne }) =>
				pushAllInOne(
					'OneBot',
					{ ONE_BOT_BASE_URL: 'http://bot.example:5700', ONE_BOT_ACCESS_TOKEN: 'bot-token' },
					{ message_type: 'private', user_id: 10001 },
				),
			account: { accessToken: 'bot-token', to: 'private:10001' },
			differences: [
				...segments,
				{ field: 'body.auto_escape', why: 'Means plain texts alone; false is the default.' },
			],
		},
		{
			name: 'OneBot, to a user, with a token',
			peer: 'qinglong',
			theirs: [
				posted('http://bot.example:5700/send_private_msg?access_token=bot-token&user_id=10001', {
					json: { message: `${title}\n${body}` },
				}),
			],
			account: { accessToken: 'bot-token', to: 'private:10001' },
			differences: [
				{
					field: 'path',
					why: 'send_msg with message_type is the same action under one name for both kinds of chat.',
				},
				...because(
					'The token is in a header here, and so in no access log.',
					'query.access_token',
					'authorization',
				),
				...because('In the body here; the standard takes both.', 'query.user_id', 'body.user_id'),
				{ field: 'body.message_type', why: 'Part of the one action for both kinds.' },
				...segments,
			],
		},
	]),
	{
		name: 'Synology Chat',
		peer: 'qinglong',
		theirs: [
			posted(
				'https://nas.example:5001/webapi/entry.cgi?api=SYNO.Chat.External&method=incoming&version=2&token=chat-token',
				{
					// It joins this text together by hand: a quote or a line break in the title breaks it.
					form: { payload: `{"text":"${title}\\n${encodeURI(body)}"}` },
				},
			),
		],
		channel: synologyChat,
		origin: 'https://nas.example:5001',
		account: { token: 'chat-token' },
		differences: [
			{
				field: 'query.token',
				why: 'Synology’s own links carry the quotes around the token; several programs leave them out.',
			},
			{
				field: 'body.payload',
				why: 'JSON in a form, encoded once; theirs joins JSON by hand and encodes the text within it, so that it arrives as “%20”.',
			},
		],
	},
];
