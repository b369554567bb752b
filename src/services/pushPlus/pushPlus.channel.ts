import {
	action,
	baseUrl,
	chars,
	choice,
	defineChannel,
	invalid,
	list,
	number,
	secret,
	text,
	type Call,
	type Rendered,
	type Values,
} from '../../core/define/channel';
import { baseOf, pastedKey } from '../../core/define/fields/pastedUrl';
import { requiredTitle } from '../../core/define/requiredTitle';
import { proofOf } from '../../core/http/proof';
import { markdownImage } from '../../core/markup/markdownImage';
import { pushPlusReplies } from './errors';

const standard = 'https://www.pushplus.plus';
const named = { en: 'PushPlus', zh: 'PushPlus' };
const titleLimit = chars(100);

const account = {
	baseUrl: baseUrl(standard),
	token: secret('Token', {
		zh: 'token',
		help: {
			en: 'pushplus.plus, signed in by WeChat → One-to-one push; also that of a message',
			zh: '微信扫码登录 pushplus.plus →“一对一推送”中复制；也可填写消息 token',
		},
	}),
	secretKey: secret('Secret key', {
		zh: 'SecretKey',
		optional: true,
		help: {
			en: 'For “Query Status”, “Delete Message” and checking the account: Development settings → Open API, which also wants this machine’s IP',
			zh: '用于“查询推送结果”“删除消息”与检查账号：开发设置 → 开放接口，并需添加本机 IP',
		},
	}),
};

const options = {
	format: choice(
		'Template',
		{
			markdown: ['Markdown', 'Markdown'],
			html: ['HTML', 'HTML'],
			txt: ['Plain text', '纯文本'],
		},
		{ zh: '模板', default: 'markdown' },
	),
	channel: choice(
		'Channel',
		{
			wechat: ['WeChat', '微信公众号'],
			app: ['App', 'App'],
			extension: ['Browser extension', '浏览器扩展'],
			webhook: ['Webhook', '第三方 Webhook'],
			cp: ['WeCom app', '企业微信应用'],
			mail: ['E-mail', '邮件'],
			sms: ['Text message (costs credit)', '短信（消耗积分）'],
			voice: ['Phone call (costs credit)', '语音电话（消耗积分）'],
		},
		{
			zh: '发送渠道',
			default: 'wechat',
			catches: {
				sms: { en: 'Each message costs credit of the account.', zh: '每条消息都会消耗账号积分。' },
				voice: {
					en: 'Each message costs credit, and the phone rings day and night.',
					zh: '每条消息都会消耗积分，且无论昼夜都会来电。',
				},
			},
		},
	),
	option: text('Channel code', {
		zh: '渠道编码',
		optional: true,
		show: { channel: ['webhook', 'cp', 'mail'] },
		help: { en: 'Of a channel that is set up at PushPlus', zh: '在 PushPlus 中配置的渠道编码' },
	}),
	friends: list('Friends', {
		zh: '好友令牌',
		optional: true,
		help: {
			en: 'Their tokens: up to 10, members 100; instead of a topic',
			zh: '好友令牌：最多 10 个，会员 100 个；不能与群组同时使用',
		},
	}),
	pre: text('Preprocessing code', {
		zh: '预处理编码',
		optional: true,
		help: { en: 'For members', zh: '仅会员可用' },
	}),
	expires: number('Only within (seconds)', {
		zh: '有效期（秒）',
		optional: true,
		integer: true,
		min: 1,
		help: { en: 'PushPlus does not send it later than that', zh: '超过该时间 PushPlus 不再发送' },
	}),
	callbackUrl: text('Callback', {
		zh: '回调地址',
		optional: true,
		placeholder: 'https://',
		help: { en: 'PushPlus tells it how the delivery ended', zh: 'PushPlus 会将送达结果通知该地址' },
	}),
};

const templateOf = { plain: 'txt', wxpusherHtml: 'html', markdown: 'markdown' } as const;
type Markup = keyof typeof templateOf;

/** PushPlus accepts, and sends later: its yes is not that of a reader. */
export const pushPlus = defineChannel({
	id: 'pushPlus',
	set: 'push',
	name: 'PushPlus',
	zh: 'PushPlus 推送加',
	docs: 'https://www.pushplus.plus/doc/',
	where: [
		{
			en: 'Open pushplus.plus, sign in by WeChat and verify your name, then copy the token under “One-to-one push”.',
			zh: '打开 pushplus.plus，微信扫码登录并完成实名认证，在“一对一推送”中复制 token。',
		},
		{
			en: 'The secret key is under “Development settings” → “Open API”; add this machine’s IP there too.',
			zh: 'SecretKey 在“开发设置”→“开放接口”中；同时添加本机 IP。',
		},
	],
	aliases: ['pushplus', '推送加', '微信推送'],
	renders: ({ options: { format } }) => ({
		markup: format === 'txt' ? 'plain' : format === 'html' ? 'wxpusherHtml' : 'markdown',
		// 20 000 are allowed; a picture's address still has to fit in.
		limit: chars(18_000),
		title: titleLimit,
		...(format !== 'txt' && { image: 'url' }),
	}),
	account,
	target: {
		label: 'Topic',
		zh: '群组编码',
		each: true,
		optional: true,
		placeholder: 'family',
		help: {
			en: 'The code of a group (one-to-many push); empty: yourself, or the friends of the options',
			zh: '一对多推送的群组编码；留空则发给自己或选项中的好友',
		},
	},
	options,
	replies: pushPlusReplies,

	async token({ account, http }) {
		const { secretKey } = account;
		if (secretKey === undefined)
			throw invalid('secretKey', {
				en: 'Fill in the secret key of the account: Development settings → Open API.',
				zh: '请在账号中填写 SecretKey：开发设置 → 开放接口。',
			});
		const { key, base } = keyOf(account);
		const { data } = await http.post(`${base}/api/common/openApi/getAccessKey`, {
			json: { token: key, secretKey },
			idempotent: true,
		});
		return { value: proofOf(data?.accessKey as string, named), seconds: Number(data.expiresIn) || 7_200 };
	},

	async send({ message, to, account, options, http, language, now }) {
		const { key, base } = keyOf(account);
		const { channel, option, friends, pre, expires, callbackUrl } = options;
		const raw = await http.post(`${base}/send`, {
			json: {
				token: key,
				title: requiredTitle(message, titleLimit, language),
				content: contentOf(message),
				template: templateOf[message.markup as Markup],
				...(channel !== 'wechat' && { channel }),
				topic: to[0],
				...(to.length === 0 && friends.length > 0 && { to: friends.join(',') }),
				option,
				pre,
				...(expires !== undefined && { timestamp: now() + expires * 1_000 }),
				callbackUrl,
			},
		});
		const shortCode = proofOf(raw.data as string, named);
		return { id: shortCode, handle: { shortCode }, raw };
	},

	/** Without a secret key nothing tells of a token but a message. */
	async verify(call) {
		if (call.account.secretKey !== undefined) await asked(call, 'GET', '/api/open/user/myInfo');
	},

	actions: {
		queryStatus: action<typeof account>()({
			name: 'Query Status',
			zh: '查询推送结果',
			description: {
				en: 'status: 0 waiting, 1 under way, 2 sent, 3 failed',
				zh: 'status：0 未投递，1 发送中，2 已发送，3 发送失败',
			},
			fields: { shortCode: shortCodeField() },
			run: (call) =>
				asked(call, 'GET', '/api/open/message/sendMessageResult', { shortCode: call.input.shortCode }),
		}),
		deleteMessage: action<typeof account>()({
			name: 'Delete Message',
			zh: '删除消息',
			description: { en: 'Its page is gone for everybody', zh: '删除后所有接收者都无法查看' },
			fields: { shortCode: shortCodeField() },
			run: (call) =>
				asked(call, 'DELETE', '/api/open/message/deleteMessage', { shortCode: call.input.shortCode }),
		}),
	},
});

function shortCodeField() {
	return text('Message', {
		zh: '消息流水号',
		help: { en: '“shortCode” of the receipt’s handle', zh: '回执 handle 中的 shortCode' },
	});
}

/** The open API, in whose answers `data` is what was asked for. */
async function asked(call: Call<typeof account>, method: string, path: string, query: Record<string, string> = {}) {
	const { base } = keyOf(call.account);
	const headers = { 'access-key': await call.token() };
	const { json } = await call.http.call(method, base + path, { query, headers, idempotent: true });
	return json.data;
}

/** `https://www.pushplus.plus/send/TOKEN`, `…/send?token=TOKEN` */
function keyOf({ token, baseUrl: chosen }: Values<typeof account>): { key: string; base: string } {
	const pasted = pastedKey(token, ({ origin, pathname, searchParams }) => {
		const key = searchParams.get('token') ?? /\/send\/(\w+)\/?$/.exec(pathname)?.[1];
		return key === undefined ? undefined : { key, base: origin };
	});
	return { key: pasted.key, base: baseOf(chosen, standard, pasted) };
}

function contentOf({ body, image, markup, title }: Rendered): string {
	const picture = image?.url;
	if (markup === 'plain' || !picture) return body || (title ?? '');
	if (markup === 'markdown') return [body, markdownImage(picture)].filter(Boolean).join('\n\n');
	return [body, `<img src="${attribute(picture)}" style="max-width:100%">`].filter(Boolean).join('<br>');
}

const attribute = (value: string) => value.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
