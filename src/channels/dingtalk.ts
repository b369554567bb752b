import { createHmac } from 'node:crypto';
import {
	action,
	baseUrl,
	bytes,
	chars,
	choice,
	defineChannel,
	invalid,
	json,
	list,
	secret,
	text,
	toggle,
	type Call,
	type Renders,
	type SendInput,
	type Values,
} from '../core/channel';
import type { VendorJson } from '../core/http';
import type { Message } from '../core/message';
import { keyword, withKeyword } from './shared/keyword';
import { markdownImage } from './shared/markdownImage';
import { baseOf, pastedKey } from './shared/pastedUrl';
import { requiredTitle } from './shared/requiredTitle';

const standard = 'https://oapi.dingtalk.com';

const account = {
	baseUrl: baseUrl(standard),
	robot: choice(
		'Robot',
		{
			group: ['Of a group (webhook)', '群自定义机器人（Webhook）'],
			app: ['Of an app: is spoken to, and answers', '企业应用机器人：接收消息并回复'],
		},
		{ zh: '机器人类型', default: 'group' },
	),
	accessToken: secret('Access token', {
		zh: 'Access Token',
		show: { robot: ['group'] },
		placeholder: 'https://oapi.dingtalk.com/robot/send?access_token=…',
		help: {
			en: 'The token, or the whole webhook URL of the robot',
			zh: 'access_token，或机器人的完整 Webhook 地址',
		},
	}),
	secret: secret('Signing secret', {
		zh: '加签密钥',
		optional: true,
		placeholder: 'SEC…',
		show: { robot: ['group'] },
		help: { en: 'Where the robot’s security setting is “sign”', zh: '机器人安全设置选择“加签”时填写' },
	}),
	appSecret: secret('App secret', {
		zh: 'App Secret',
		show: { robot: ['app'] },
		help: {
			en: 'Client secret of the app, for the trigger; answers go to the session that the trigger names',
			zh: '应用的 Client Secret（AppSecret），供触发器使用；回复发往触发器给出的会话',
		},
	}),
	keyword: keyword(),
};

const options = {
	kind: choice(
		'Message type',
		{
			auto: ['Automatic: a card where there are buttons, else Markdown', '自动：有按钮时用卡片，否则用 Markdown'],
			markdown: ['Markdown', 'Markdown'],
			text: ['Text', '文本'],
			link: ['Link', '链接'],
			actionCard: ['Action card', 'ActionCard 卡片'],
			feedCard: ['Feed card', 'FeedCard 图文列表'],
		},
		{ zh: '消息类型', default: 'auto' },
	),
	url: text('Opens', {
		zh: '跳转链接',
		optional: true,
		show: { kind: ['link', 'actionCard', 'feedCard'] },
		help: { en: 'Instead of the message’s own link', zh: '替代消息自带的链接' },
	}),
	singleTitle: text('Text of the only button', {
		zh: '单按钮文字',
		optional: true,
		show: { kind: ['actionCard', 'auto'] },
	}),
	btns: json('Buttons', {
		zh: '按钮',
		optional: true,
		show: { kind: ['actionCard'] },
		placeholder: '[{"title": "Open", "actionURL": "https://…"}]',
		help: { en: 'Instead of the message’s own buttons', zh: '替代消息自带的按钮' },
	}),
	btnOrientation: choice(
		'Buttons stand',
		{ 0: ['Below each other', '竖直排列'], 1: ['Side by side', '横向排列'] },
		{ zh: '按钮排列', default: '0', show: { kind: ['actionCard', 'auto'] } },
	),
	links: json('Links', {
		zh: '图文列表',
		optional: true,
		show: { kind: ['feedCard'] },
		placeholder: '[{"title": "…", "messageURL": "https://…", "picURL": "https://…"}]',
		help: { en: 'Empty: one made from the message', zh: '留空则由消息生成一条' },
	}),
	atMobiles: list('Mention mobile numbers', { zh: '@手机号', optional: true }),
	atUserIds: list('Mention user ids', { zh: '@用户 ID', optional: true }),
	isAtAll: toggle('Mention everyone', { zh: '@所有人' }),
	openIn: choice(
		'Links open',
		{ sidebar: ['In DingTalk’s side bar', '在钉钉侧边栏'], browser: ['In the browser', '在浏览器'] },
		{ zh: '链接打开方式', default: 'sidebar' },
	),
	keyword: keyword(),
};

type Input = SendInput<typeof account, typeof options>;
type Calling = Call<typeof account>;
type Options = Values<typeof options>;
type Kind = Exclude<Options['kind'], 'auto'>;

/** A card cannot ring anybody's bell: who mentions somebody gets Markdown. */
function kindOf({ kind, atMobiles, atUserIds, isAtAll }: Options, { buttons = [], mentions = [] }: Message): Kind {
	if (kind !== 'auto') return kind;
	const rings = isAtAll || atMobiles.length + atUserIds.length + mentions.length > 0;
	return !rings && buttons.some((button) => button.url) ? 'actionCard' : 'markdown';
}

export const dingtalk = defineChannel({
	id: 'dingtalk',
	name: 'DingTalk',
	zh: '钉钉机器人',
	docs: 'https://open.dingtalk.com/document/robots/custom-robot-access',
	aliases: ['钉钉', 'dingding'],
	renders: ({ options, message }) => renderings(options)[kindOf(options, message)],
	account,
	target: {
		label: 'Session',
		zh: '会话',
		optional: true,
		each: true,
		help: {
			en: 'Only to answer: “replyTo” of the DingTalk trigger. A group’s robot knows its group',
			zh: '仅用于回复：钉钉触发器给出的 replyTo。群机器人无需填写',
		},
	},
	options,
	// One more within the minute and the robot is silent for ten.
	pace: [{ count: 20, seconds: 60 }],
	replies: {
		ok: (reply) => reply.errcode === 0,
		// The gateway in front answers `{"status": 1111, "punish": "deny", …}`.
		code: (reply) => reply.errcode ?? (reply.punish && 'punish'),
		says: (reply) => reply.errmsg ?? (reply.punish && `punish: ${reply.punish}`),
		errors: [
			{
				says: /punish/i,
				is: 'RateLimited',
				retryAfter: 60,
				do: {
					en: 'DingTalk’s gateway blocks this machine for a while: send less.',
					zh: '钉钉网关暂时拦截了本机：请降低发送频率。',
				},
			},
			{
				code: [130101, 410100],
				is: 'RateLimited',
				retryAfter: 60,
				do: {
					en: 'More than 20 messages in a minute block the robot for 10 minutes: group them with a digest.',
					zh: '每分钟超过 20 条会被限流 10 分钟：请用汇总节点合并消息。',
				},
			},
			{
				code: 90030,
				is: 'RateLimited',
				transient: false,
				do: { en: 'The quota of the day is used up: send again tomorrow.', zh: '今日额度已用完：请明天再发。' },
			},
			{
				code: 310000,
				says: /keyword|关键词/i,
				is: 'Rejected',
				do: {
					en: 'The robot wants a keyword in every message: fill in “Keyword”.',
					zh: '机器人要求消息包含关键词：请填写“关键词”。',
				},
			},
			{
				code: 310000,
				says: /timestamp/i,
				is: 'Unauthorized',
				do: {
					en: 'The clock of this machine is off by more than an hour: set it.',
					zh: '本机时间偏差超过一小时：请校准时钟。',
				},
			},
			{
				code: 310000,
				says: /sign/i,
				is: 'Unauthorized',
				do: {
					en: 'Copy the signing secret (SEC…) from the robot’s settings again, and check the clock of this machine.',
					zh: '请从机器人设置中重新复制加签密钥（SEC…），并检查本机时间。',
				},
			},
			{
				code: 310000,
				says: /\bip\b/i,
				is: 'Unauthorized',
				do: {
					en: 'Add the public address of this machine to the robot’s IP ranges.',
					zh: '请把本机公网 IP 加入机器人的 IP 地址段。',
				},
			},
			{
				code: 310000,
				is: 'Unauthorized',
				do: {
					en: 'The robot’s security settings refuse this message: compare keyword, sign and IP range.',
					zh: '机器人的安全设置拒绝了该消息：请核对关键词、加签与 IP 地址段。',
				},
			},
			{
				code: [300001, 300005, 400101, 400106],
				is: 'Unauthorized',
				do: {
					en: 'There is no such robot: copy the webhook URL from its settings again.',
					zh: '机器人不存在：请从机器人设置中重新复制 Webhook 地址。',
				},
			},
			{
				code: 400102,
				is: 'Unauthorized',
				do: {
					en: 'The robot is disabled: switch it on in the group’s settings.',
					zh: '机器人已停用：请在群设置中启用。',
				},
			},
			{
				code: 400013,
				is: 'Rejected',
				do: {
					en: 'The group was dissolved: add a robot to another group.',
					zh: '群已解散：请在其他群中添加机器人。',
				},
			},
			{
				code: 430103,
				is: 'Rejected',
				because: 'image',
				do: {
					en: 'DingTalk holds the picture to be unsafe: use another.',
					zh: '图片未通过钉钉安全检测：请更换图片。',
				},
			},
			{
				code: 430101,
				is: 'Rejected',
				do: {
					en: 'DingTalk holds a link in it to be unsafe: leave it out.',
					zh: '链接未通过钉钉安全检测：请去掉该链接。',
				},
			},
			{
				code: [430102, 430104],
				is: 'Rejected',
				do: {
					en: 'DingTalk holds the content to be unsafe: word it differently.',
					zh: '内容未通过钉钉安全检测：请修改措辞。',
				},
			},
			{
				says: /too long|exceed 20000/i,
				is: 'Rejected',
				do: {
					en: 'DingTalk takes 20 000 bytes: shorten the message.',
					zh: '钉钉单条消息限 20000 字节：请缩短。',
				},
			},
			{
				code: [400105, 40035, 43004],
				is: 'Rejected',
				do: {
					en: 'A part of the message is missing or of the wrong form: check the options of this message type.',
					zh: '消息缺少必填内容或格式有误：请检查该消息类型的选项。',
				},
			},
			{
				code: -1,
				is: 'Unreachable',
				do: { en: 'DingTalk is busy: try again later.', zh: '钉钉系统繁忙：请稍后重试。' },
			},
		],
	},

	async send(input) {
		const { message, options: o } = input;
		const chosen = kindOf(o, message.source);
		// Buttons come with the last part, and a card without one is refused.
		const kind = chosen === 'actionCard' && message.index < message.count - 1 ? 'markdown' : chosen;
		const content = contents[kind](input);
		const [session] = input.to;
		return { raw: await post(input, { msgtype: kind, [kind]: content, ...atOf(input, kind) }, session) };
	},

	actions: {
		sendRaw: action<typeof account>()({
			name: 'Send Raw',
			zh: '发送原始消息',
			description: {
				en: 'Any message of DingTalk’s own form, signed',
				zh: '按钉钉自身格式发送任意消息（自动加签）',
			},
			fields: {
				body: json('Message', { zh: '消息', placeholder: '{"msgtype": "text", "text": {"content": "…"}}' }),
			},
			run: (call) => post(call, call.input.body),
		}),
	},
});

function post(call: Calling, message: unknown, session?: string): Promise<VendorJson> {
	const { account, http, now } = call;
	if (session !== undefined) return http.post(sessionUrl(session, call), { json: message });
	if (account.accessToken === undefined)
		throw invalid('to', {
			en: 'An app’s robot only answers: send to “replyTo” of the DingTalk trigger, or use a group’s robot.',
			zh: '企业应用机器人只能回复：请发往钉钉触发器给出的 replyTo，或改用群机器人。',
		});
	const robot = pastedKey(account.accessToken, (link) => {
		const key = link.searchParams.get('access_token');
		return key === null ? undefined : { key, base: link.origin };
	});
	const query = { access_token: robot.key, ...(account.secret !== undefined && signed(now(), account.secret)) };
	return http.post(`${baseOf(account.baseUrl, standard, robot)}/robot/send`, { query, json: message });
}

/**
 * `https://oapi.dingtalk.com/robot/sendBySession?session=…#1700000000000`: behind the # when it ends, in ms.
 * Nobody but DingTalk, or the relay in front of it, is called by what a message names.
 */
function sessionUrl(session: string, { account, now }: Calling): string {
	const url = URL.canParse(session) ? new URL(session) : undefined;
	const isTheirs = url?.protocol === 'https:' && /(^|\.)dingtalk\.com$/.test(url.hostname);
	if (!url || !/\/robot\/sendBySession$/.test(url.pathname) || !(isTheirs || isAt(account.baseUrl, url)))
		throw invalid('to', {
			en: 'The session must be “replyTo” of the DingTalk trigger.',
			zh: '会话必须是钉钉触发器给出的 replyTo。',
		});
	const end = Number(url.hash.slice(1));
	if (end > 0 && now() > end)
		throw invalid('to', {
			en: 'The session has ended: DingTalk takes answers for about an hour and a half. Let them write again, or send by a group’s robot.',
			zh: '会话已过期：钉钉只在约一个半小时内接受回复。请对方重新发消息，或改用群机器人发送。',
		});
	url.hash = '';
	return url.href;
}

const isAt = (base: string, { origin }: URL) => URL.canParse(base) && new URL(base).origin === origin;

/** Not yet percent-encoded: the query does that, once. @param timestamp ms */
export function signed(timestamp: number, key: string): { timestamp: number; sign: string } {
	return { timestamp, sign: createHmac('sha256', key).update(`${timestamp}\n${key}`).digest('base64') };
}

/** The whole message may have 20 000 bytes; a link that opens in the browser is about twice as long. */
function renderings({ openIn }: Options): Record<Kind, Renders> {
	const limit = bytes(openIn === 'browser' ? 10_000 : 18_000);
	// Markdown's own title shows in the list of chats alone, so the body keeps the message's.
	const markdown: Renders = { markup: 'dingtalk', limit, image: 'url' };
	return {
		text: { markup: 'plain', limit, mentions: true },
		markdown: { ...markdown, mentions: true },
		actionCard: { ...markdown, buttons: { most: 10 }, url: true },
		link: { markup: 'plain', limit: bytes(1_000), title: bytes(200), image: 'url', url: true, single: true },
		feedCard: { markup: 'plain', limit: bytes(1_000), title: bytes(200), image: 'url', url: true, single: true },
	};
}

const contents: Record<Kind, (input: Input) => VendorJson> = {
	text: (input) => ({ content: withKeyword(input.message.body, wordOf(input)) }),

	markdown: (input) => ({ title: preview(input), text: markdownOf(input) }),

	link: (input) => {
		const { title, body, image } = input.message;
		const messageUrl = linkOf(input) ?? missing('url', 'A link message needs a link', '链接消息需要跳转链接');
		return {
			title: title ?? preview(input),
			text: withKeyword(body, wordOf(input), title),
			messageUrl,
			picUrl: image?.url,
		};
	},

	actionCard: (input) => {
		const card = { title: preview(input), text: markdownOf(input), btnOrientation: input.options.btnOrientation };
		const btns = buttonsOf(input);
		const [first, ...more] = btns;
		if (first === undefined)
			return missing('url', 'An action card needs a button or a link', 'ActionCard 需要按钮或跳转链接');
		return more.length > 0 ? { ...card, btns } : { ...card, singleTitle: first.title, singleURL: first.actionURL };
	},

	feedCard: (input) => {
		const { options: o, message } = input;
		if (o.links !== undefined)
			return {
				links: rows(o.links, 'links').map((link) => ({ ...link, messageURL: opened(input, link.messageURL) })),
			};
		const messageURL = linkOf(input) ?? missing('url', 'A feed card needs a link', 'FeedCard 需要跳转链接');
		return {
			links: [
				{
					title: withKeyword(message.title ?? preview(input), wordOf(input)),
					messageURL,
					picURL: message.image?.url,
				},
			],
		};
	},
};

const details = { en: 'Details', zh: '查看详情' };

/** A line for the list of chats and the lock screen. */
const preview = ({ message, language }: Input) =>
	requiredTitle({ ...message, title: message.title ?? message.source.title }, chars(64), language);

function markdownOf(input: Input): string {
	const { body, image } = input.message;
	const { mobiles, ids } = mentioned(input);
	const names = [...mobiles, ...ids].map((name) => `@${name}`).filter((name) => !body.includes(name));
	const parts = [body, image?.url === undefined ? '' : markdownImage(image.url), names.join(' ')].filter(
		(part) => part !== '',
	);
	const whole = withKeyword(parts.join('\n\n'), wordOf(input));
	return whole.replace(/(!?\[(?:[^[\]\\]|\\.)*\]\()(https?:\/\/[^\s()]+)\)/g, (all, head: string, target: string) =>
		head.startsWith('!') ? all : `${head}${opened(input, target)})`,
	);
}

/** Only markdown that names somebody shows it, and rings once however many parts there are. */
function mentioned({ message, options: o }: Input): { mobiles: string[]; ids: string[]; all: boolean } {
	if (message.index > 0) return { mobiles: [], ids: [], all: false };
	const named = message.mentions.filter((each) => each !== '@all').map((each) => each.replace(/^@/, ''));
	const isMobile = (each: string) => /^(\+\d{1,4}-)?\d{11}$/.test(each);
	return {
		mobiles: [...new Set([...o.atMobiles, ...named.filter(isMobile)])],
		ids: [...new Set([...o.atUserIds, ...named.filter((each) => !isMobile(each))])],
		all: o.isAtAll || message.mentions.includes('@all'),
	};
}

function atOf(input: Input, kind: Kind): { at?: VendorJson } {
	const { mobiles, ids, all } = mentioned(input);
	if (kind === 'link' || kind === 'feedCard' || !(all || mobiles.length + ids.length > 0)) return {};
	return { at: { atMobiles: mobiles, atUserIds: ids, isAtAll: all } };
}

function buttonsOf(input: Input): { title: string; actionURL: string }[] {
	const { options: o, message, language } = input;
	if (o.btns !== undefined)
		return rows(o.btns, 'btns').map((btn) => ({
			title: String(btn.title),
			actionURL: opened(input, btn.actionURL),
		}));
	const buttons = message.buttons.map((button) => ({ title: button.text, actionURL: opened(input, button.url) }));
	const link = linkOf(input);
	if (link !== undefined && !buttons.some((button) => button.actionURL === link))
		buttons.push({ title: details[language], actionURL: link });
	if (buttons.length === 1 && o.singleTitle !== undefined) buttons[0]!.title = o.singleTitle;
	return buttons;
}

function linkOf(input: Input): string | undefined {
	const link = input.options.url ?? input.message.url;
	return link === undefined ? undefined : opened(input, link);
}

/** DingTalk on a computer opens links in its side bar unless they are wrapped. */
function opened({ options: o }: Input, link: unknown): string {
	const target = String(link ?? '');
	return o.openIn === 'browser' && /^https?:/i.test(target)
		? `dingtalk://dingtalkclient/page/link?url=${encodeURIComponent(target)}&pc_slide=false`
		: target;
}

function rows(value: unknown, field: 'btns' | 'links'): Record<string, unknown>[] {
	if (
		Array.isArray(value) &&
		value.length > 0 &&
		value.every((row) => typeof row === 'object' && row !== null && !Array.isArray(row))
	)
		return value;
	throw invalid(field, {
		en: `“${options[field].label.en}” must be a JSON list of objects.`,
		zh: `“${options[field].label.zh}”必须是由对象组成的 JSON 数组。`,
	});
}

function missing(field: string, en: string, zh: string): never {
	throw invalid(field, {
		en: `${en}: fill in “Opens”, or give the message a url.`,
		zh: `${zh}：请填写“跳转链接”，或在消息中提供 url。`,
	});
}

const wordOf = ({ account, options: o }: Input) => o.keyword ?? account.keyword;
