import { createHmac } from 'node:crypto';
import {
	baseUrl,
	bytes,
	chars,
	choice,
	defineChannel,
	invalid,
	jsonBytes,
	list,
	secret,
	text,
	type Call,
	type Renders,
	type SendInput,
	type Values,
} from '../../core/define/channel';
import type { VendorJson } from '../../core/http/http';
import { cardFields, cardMarkup, feishuCard } from './cards';
import { mentionedIn, plainOfCard, postContent, textContent, unringing } from './contents';
import { feishuRobotReplies } from './replies';
import { final } from '../../core/define/final';
import { keyword, withKeyword } from '../../core/define/fields/keyword';
import { baseOf, pastedKey } from '../../core/define/fields/pastedUrl';
import { sendRaw } from '../../core/define/sendRaw';

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
	limit: jsonBytes(12_000),
	title: bytes(500),
	buttons: { most: 10 },
	fields: 20,
	fieldText: chars(200),
	level: true,
	mentions: true,
	url: true,
};
const alone: Renders = { markup: 'plain', limit: bytes(10_000), single: true };
const renders: Record<Kind, Renders> = {
	interactive: card,
	text: { markup: 'plain', limit: jsonBytes(14_000), mentions: true },
	post: { markup: 'feishuPost', limit: bytes(14_000), title: bytes(500), mentions: true },
	image: alone,
	share_chat: alone,
};

export const feishuRobot = defineChannel({
	id: 'feishuRobot',
	set: 'work',
	name: 'Feishu Robot',
	zh: '飞书机器人',
	docs: 'https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot',
	aliases: ['飞书', 'Lark', 'larksuite', '自定义机器人'],
	where: [
		{
			en: 'In the group: *Settings → Bots → Add Bot → Custom Bot*.',
			zh: '在群里：设置 → 群机器人 → 添加机器人 → 自定义机器人。',
		},
		{
			en: 'Copy the webhook address: the part behind `/hook/` is the token, and the whole address is taken too.',
			zh: '复制 webhook 地址：`/hook/` 之后的部分是令牌，整个地址也能识别。',
		},
		{
			en: 'Under security switch on *Signature verification*, and copy the secret into the account.',
			zh: '安全设置中勾选“签名校验”，并把密钥填入账号。',
		},
	],
	renders: ({ options, account }) => ({
		...(hookOf(account).legacy
			? { markup: 'plain', limit: jsonBytes(14_000), title: bytes(500) }
			: renders[options.kind]),
		...(options.kind === 'interactive' && !hookOf(account).legacy && { markup: cardMarkup(options) }),
		unring: unringing,
	}),
	account,
	options,
	pace: [
		{ count: 5, seconds: 1 },
		{ count: 100, seconds: 60 },
	],
	replies: feishuRobotReplies,

	async send(input) {
		const { message, options: o, account } = input;
		const body = hookOf(account).legacy
			? { title: message.title, text: withKeyword(unringing(message.body), wordOf(input), message.title) }
			: contents[o.kind](input);
		const sending = post(input, body);
		// Only a card has a plain form to fall back to.
		const raw = await (o.kind === 'interactive' ? sending : final(sending));
		const alone = (o.kind === 'image' || o.kind === 'share_chat') && !hookOf(account).legacy;
		return { raw, degraded: alone && message.body !== '' ? [{ kind: 'text', count: message.body.length }] : [] };
	},

	actions: {
		sendRaw: sendRaw<typeof account>(
			{ en: 'Any message of Feishu’s own form, signed', zh: '按飞书自身格式发送任意消息（自动签名）' },
			'{"msg_type": "text", "content": {"text": "…"}}',
			post,
		),
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

const contents: Record<Kind, (input: Input) => VendorJson> = {
	interactive: (input) => {
		const { message, options: o } = input;
		if (message.markup === 'plain')
			return contents.text({ ...input, message: { ...message, body: plainOfCard(message) } });
		const body = withKeyword(message.body, wordOf(input), message.title);
		return { msg_type: 'interactive', card: feishuCard({ ...message, body }, o, o.imageKey, mentionedIn(input)) };
	},

	text: (input) => ({
		msg_type: 'text',
		content: textContent(withKeyword(input.message.body, wordOf(input)), mentionedIn(input)),
	}),

	post: (input) => {
		const { message, options: o, language } = input;
		const imageKey = message.index === 0 ? o.imageKey : undefined;
		return {
			msg_type: 'post',
			content: { post: postContent(message, language, imageKey, mentionedIn(input), wordOf(input)) },
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
