import { createHmac } from 'node:crypto';
import {
	action,
	baseUrl,
	bytes,
	choice,
	defineChannel,
	invalid,
	json,
	list,
	secret,
	text,
	type Call,
	type Renders,
	type SendInput,
	type Values,
} from '../core/channel';
import type { VendorJson } from '../core/http';
import { cardFields, feishuCard } from './shared/feishuCards';
import { mentionedIds, plainOfCard, postContent, textContent, unringing } from './shared/feishuContents';
import { final } from './shared/final';
import { keyword, withKeyword } from './shared/keyword';
import { baseOf, pastedKey } from './shared/pastedUrl';

const standard = 'https://open.feishu.cn';

const account = {
	baseUrl: baseUrl(standard, {
		help: {
			en: 'https://open.larksuite.com for Lark; not needed where the whole webhook URL is pasted',
			zh: 'Lark 国际版为 https://open.larksuite.com；粘贴完整 Webhook 地址时无需修改',
		},
	}),
	token: secret('Token', {
		zh: 'Token',
		placeholder: 'https://open.feishu.cn/open-apis/bot/v2/hook/…',
		help: { en: 'The end of the webhook URL, or the whole of it', zh: 'Webhook 地址的末段，或完整地址' },
	}),
	secret: secret('Signing secret', {
		zh: '签名密钥',
		optional: true,
		help: { en: 'Where the robot verifies signatures', zh: '机器人启用“签名校验”时填写' },
	}),
	keyword: keyword(),
};

const options = {
	kind: choice(
		'Message type',
		{
			interactive: ['Card', '卡片'],
			text: ['Text', '文本'],
			post: ['Post (rich text)', '富文本'],
			image: ['Picture', '图片'],
			share_chat: ['Group card', '群名片'],
		},
		{ zh: '消息类型', default: 'interactive' },
	),
	...cardFields({ kind: ['interactive'] }),
	imageKey: text('Image key', {
		zh: 'image_key',
		optional: true,
		show: { kind: ['image', 'interactive', 'post'] },
		placeholder: 'img_v2_…',
		help: {
			en: 'A robot cannot upload: upload the picture with a Feishu app',
			zh: '机器人不能上传图片：请用飞书应用上传后填写',
		},
	}),
	shareChatId: text('Group', { zh: '群 ID', show: { kind: ['share_chat'] }, placeholder: 'oc_0123456789abcdef' }),
	mentions: list('Mention', {
		zh: '@成员',
		optional: true,
		placeholder: 'ou_0123456789abcdef, @all',
		show: { kind: ['interactive', 'text', 'post'] },
		help: { en: 'Open ids, or @all', zh: 'open_id，或 @all' },
	}),
	keyword: keyword(),
};

type Input = SendInput<typeof account, typeof options>;
type Calling = Call<typeof account>;
type Kind = Values<typeof options>['kind'];

const card: Renders = {
	markup: 'larkMd',
	limit: bytes(12_000),
	title: bytes(500),
	buttons: { most: 10 },
	fields: 20,
	level: true,
	mentions: true,
	url: true,
};
const alone: Renders = { markup: 'plain', limit: bytes(10_000), single: true };
const renders: Record<Kind, Renders> = {
	interactive: card,
	text: { markup: 'plain', limit: bytes(14_000), mentions: true },
	post: { markup: 'feishuPost', limit: bytes(14_000), title: bytes(500), mentions: true },
	image: alone,
	share_chat: alone,
};

export const feishuRobot = defineChannel({
	id: 'feishuRobot',
	name: 'Feishu Robot',
	zh: '飞书机器人',
	docs: 'https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot',
	aliases: ['飞书', 'Lark', 'larksuite', '自定义机器人'],
	renders: ({ options, account }) =>
		hookOf(account).legacy ? { markup: 'plain', limit: bytes(14_000), title: bytes(500) } : renders[options.kind],
	account,
	options,
	pace: [
		{ count: 5, seconds: 1 },
		{ count: 100, seconds: 60 },
	],
	replies: {
		// The old form has its code with a capital.
		ok: (reply) => (reply.code ?? reply.StatusCode) === 0,
		code: (reply) => reply.code ?? reply.StatusCode,
		says: (reply) => reply.msg ?? reply.StatusMessage,
		errors: [
			{
				code: 19021,
				is: 'Unauthorized',
				do: {
					en: 'Copy the signing secret from the robot’s settings again, and check the clock of this machine: it may be off by an hour at most.',
					zh: '请从机器人设置中重新复制签名密钥，并检查本机时间（偏差不得超过一小时）。',
				},
			},
			{
				code: 19022,
				is: 'Unauthorized',
				do: {
					en: 'Add the public address of this machine to the robot’s IP list.',
					zh: '请把本机公网 IP 加入机器人的 IP 白名单。',
				},
			},
			{
				code: 19024,
				is: 'Rejected',
				do: {
					en: 'The robot wants a keyword in every message: fill in “Keyword”.',
					zh: '机器人要求消息包含关键词：请填写“关键词”。',
				},
			},
			{
				code: 19001,
				is: 'Unauthorized',
				do: {
					en: 'There is no such robot: copy the webhook URL from the group’s settings again, and mind Feishu or Lark.',
					zh: '机器人不存在：请从群设置中重新复制 Webhook 地址，并区分飞书与 Lark。',
				},
			},
			{
				code: 11232,
				is: 'RateLimited',
				retryAfter: 10,
				do: {
					en: 'A robot may send 5 messages a second and 100 a minute: send less, and not at full hours.',
					zh: '机器人限每秒 5 条、每分钟 100 条：请减少发送，并避开整点。',
				},
			},
			{
				code: 9499,
				says: /freq|too many|rate limit|limited/i,
				is: 'RateLimited',
				retryAfter: 10,
				do: {
					en: 'A robot may send 5 messages a second and 100 a minute: send less.',
					zh: '机器人限每秒 5 条、每分钟 100 条：请减少发送。',
				},
			},
			{
				code: 19036,
				is: 'Rejected',
				do: { en: 'Feishu takes 20 KB: shorten the message.', zh: '飞书单条消息限 20 KB：请缩短。' },
			},
			{
				says: /card|element|schema|template/i,
				is: 'Rejected',
				because: 'markup',
				do: {
					en: 'Feishu could not show the card: check its JSON or template.',
					zh: '卡片无法显示：请检查卡片 JSON 或模板。',
				},
			},
			{
				says: /image_?key/i,
				is: 'Rejected',
				because: 'image',
				do: {
					en: 'The image key is not known here: upload the picture with an app of the same tenant.',
					zh: 'image_key 无效：请用同一租户的应用上传图片。',
				},
			},
			{
				code: [9499, 19002],
				is: 'Rejected',
				do: {
					en: 'A part of the message is missing, of the wrong form or too large (20 KB): check the options of this message type.',
					zh: '消息缺少必填内容、格式有误或超过 20 KB：请检查该消息类型的选项。',
				},
			},
		],
	},

	async send(input) {
		const { message, options: o, account } = input;
		const body = hookOf(account).legacy
			? { title: message.title, text: withKeyword(unringing(message.body), wordOf(input), message.title) }
			: contents[o.kind](input);
		const sending = post(input, body);
		// Only a card has a plain form to fall back to.
		const raw = await (o.kind === 'interactive' ? sending : final(sending));
		const alone = (o.kind === 'image' || o.kind === 'share_chat') && !hookOf(account).legacy;
		return { raw, degraded: alone && message.body !== '' ? ['text'] : [] };
	},

	actions: {
		sendRaw: action<typeof account>()({
			name: 'Send Raw',
			zh: '发送原始消息',
			description: {
				en: 'Any message of Feishu’s own form, signed',
				zh: '按飞书自身格式发送任意消息（自动签名）',
			},
			fields: {
				body: json('Message', { zh: '消息', placeholder: '{"msg_type": "text", "content": {"text": "…"}}' }),
			},
			run: (call) => post(call, call.input.body),
		}),
	},
});

/** The other way round than DingTalk's: the key holds everything, the message is empty. @param timestamp seconds */
export const sign = (timestamp: number, key: string): string =>
	createHmac('sha256', `${timestamp}\n${key}`).update('').digest('base64');

function hookOf({ token, baseUrl: chosen }: Calling['account']): { url: string; legacy: boolean } {
	let legacy = false;
	const pasted = pastedKey(token, (link) => {
		const [, version, key] = /\/open-apis\/bot\/(v2\/)?hook\/([^/]+)/.exec(link.pathname) ?? [];
		legacy = key !== undefined && version === undefined;
		return key === undefined ? undefined : { key, base: link.origin };
	});
	return {
		url: `${baseOf(chosen, standard, pasted)}/open-apis/bot/${legacy ? '' : 'v2/'}hook/${encodeURIComponent(pasted.key)}`,
		legacy,
	};
}

function post({ account, http, now }: Calling, message: unknown): Promise<VendorJson> {
	const timestamp = Math.floor(now() / 1000);
	const signed =
		account.secret === undefined ? {} : { timestamp: String(timestamp), sign: sign(timestamp, account.secret) };
	return http.post(hookOf(account).url, { json: { ...signed, ...(message as object) } });
}

const wordOf = ({ account, options: o }: Input) => o.keyword ?? account.keyword;

const idsOf = ({ message, options: o }: Input) =>
	message.index > 0 ? [] : mentionedIds([...o.mentions, ...message.mentions]);

const contents: Record<Kind, (input: Input) => VendorJson> = {
	interactive: (input) => {
		const { message, options: o } = input;
		if (message.markup === 'plain')
			return contents.text({ ...input, message: { ...message, body: plainOfCard(message) } });
		const body = withKeyword(message.body, wordOf(input), message.title);
		return { msg_type: 'interactive', card: feishuCard({ ...message, body }, o, o.imageKey, idsOf(input)) };
	},

	text: (input) => ({
		msg_type: 'text',
		content: textContent(withKeyword(input.message.body, wordOf(input)), idsOf(input)),
	}),

	post: (input) => {
		const { message, options: o, language } = input;
		const imageKey = message.index === 0 ? o.imageKey : undefined;
		return {
			msg_type: 'post',
			content: { post: postContent(message, language, imageKey, idsOf(input), wordOf(input)) },
		};
	},

	image: ({ options: o }) => {
		if (o.imageKey === undefined)
			throw invalid('imageKey', {
				en: 'Fill in “Image key”: a robot cannot upload pictures.',
				zh: '请填写 image_key：机器人不能上传图片。',
			});
		return { msg_type: 'image', content: { image_key: o.imageKey } };
	},

	share_chat: ({ options: o }) => ({ msg_type: 'share_chat', content: { share_chat_id: o.shareChatId } }),
};
