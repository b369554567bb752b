import {
	action,
	baseUrl,
	chars,
	choice,
	ChannelError,
	defineChannel,
	invalid,
	number,
	secret,
	secrets,
	text,
	toggle,
	type Values,
} from '../core/channel';
import type { VendorJson } from '../core/http';
import { fill } from '../core/language';
import { callbackKey } from './shared/callbackKey';
import { markdownImage } from './shared/markdownImage';
import { oneLine } from './shared/requiredTitle';

const sptIn = (value: string) => /SPT_\w+/.exec(value)?.[0];
const appTokenIn = (value: string) => /AT_\w+/.exec(value)?.[0];

const account = {
	baseUrl: baseUrl('https://wxpusher.zjiecode.com'),
	mode: choice(
		'Sends as',
		{ token: ['An application (appToken)', '应用（appToken）'], spt: ['Simple push (SPT)', '极简推送（SPT）'] },
		{
			zh: '发送方式',
			default: 'token',
		},
	),
	appToken: secret('appToken', {
		zh: 'appToken',
		placeholder: 'AT_…',
		show: { mode: ['token'] },
		check: (value) => (appTokenIn(value) ? undefined : { en: 'must start with AT_', zh: '必须以 AT_ 开头' }),
	}),
	spts: secrets('SPTs', {
		zh: 'SPT',
		placeholder: 'SPT_…',
		show: { mode: ['spt'] },
		help: {
			en: 'Up to ten, by comma or line; the whole URL is fine too',
			zh: '最多十个，用逗号或换行分隔；也可粘贴完整链接',
		},
		check: (values) => {
			if (values.some((value) => !sptIn(value))) return { en: 'must start with SPT_', zh: '必须以 SPT_ 开头' };
			return values.length <= 10 ? undefined : { en: 'may be ten at most', zh: '最多十个' };
		},
	}),
	callbackKey: callbackKey(),
};

const options = {
	contentType: choice(
		'Content type',
		{ html: ['HTML', 'HTML'], markdown: ['Markdown', 'Markdown'], text: ['Text', '文本'] },
		{ zh: '内容类型', default: 'html' },
	),
	summary: text('Summary', {
		zh: '消息摘要',
		optional: true,
		help: {
			en: 'Shown on the card, up to 100 characters; by default the title',
			zh: '显示在消息卡片上，最多 100 个字符；默认为标题',
		},
		check: (value) =>
			[...value].length <= 100 ? undefined : { en: 'may have 100 characters', zh: '最多 100 个字符' },
	}),
	url: text('Original link', {
		zh: '原文链接',
		optional: true,
		help: {
			en: 'Instead of the message’s own link, up to 1000 characters',
			zh: '替代消息自带的链接，最多 1000 个字符',
		},
		check: (value) =>
			[...value].length <= 1_000 ? undefined : { en: 'may have 1000 characters', zh: '最多 1000 个字符' },
	}),
	copy: text('Text to copy', {
		zh: '复制内容',
		optional: true,
		show: { contentType: ['html'] },
		help: { en: 'A button under the text copies this', zh: '正文下方的按钮可复制该内容' },
	}),
	verifyPayType: choice(
		'Paying subscribers',
		{
			0: ['Everybody', '不校验'],
			1: ['Only those who pay', '仅付费用户'],
			2: ['Only those who do not, or no longer', '仅未付费或已过期用户'],
		},
		{
			zh: '付费校验',
			default: '0',
		},
	),
};

export const wxpusher = defineChannel({
	id: 'wxpusher',
	name: 'WxPusher',
	zh: 'WxPusher',
	docs: 'https://wxpusher.zjiecode.com/docs/',
	aliases: ['微信推送', 'SPT'],
	renders: ({ options }) => {
		// 40 000 are allowed; a picture and the text to copy still have to fit in.
		const limit = chars(36_000);
		const both = { title: chars(100), url: true } as const;
		if (options.contentType === 'text') return { markup: 'plain', limit, ...both };
		return { markup: options.contentType === 'html' ? 'wxpusherHtml' : 'markdown', limit, image: 'url', ...both };
	},
	pace: [{ count: 20, seconds: 10 }],
	account,
	target: {
		label: 'UIDs and topic IDs',
		zh: 'UID 与主题 ID',
		placeholder: 'UID_…, 1234',
		optional: true,
		help: {
			en: 'UID_… is a user, a number is a topic; up to 2000 users and 5 topics. Simple push needs none',
			zh: 'UID_ 开头为用户，数字为主题；最多 2000 个用户、5 个主题。极简推送无需填写',
		},
	},
	options,
	replies: {
		ok: (json) => json.code === 1000 && json.success !== false,
		code: (json) => json.code,
		says: (json) => json.msg,
		errors: [
			{
				code: 1002,
				is: 'Unauthorized',
				do: {
					en: 'Copy the appToken or SPT from WxPusher again.',
					zh: '请从 WxPusher 后台重新复制 appToken 或 SPT。',
				},
			},
			{
				says: /token|SPT/i,
				is: 'Unauthorized',
				do: {
					en: 'Copy the appToken or SPT from WxPusher again.',
					zh: '请从 WxPusher 后台重新复制 appToken 或 SPT。',
				},
			},
			{
				says: /频繁|太快|频率|QPS|上限|限流/i,
				is: 'RateLimited',
				retryAfter: 10,
				do: {
					en: 'WxPusher takes about 20 calls in 10 seconds: send fewer.',
					zh: 'WxPusher 每 10 秒约接受 20 次请求：请减少发送。',
				},
			},
			{
				says: /uid|topic|用户|主题|订阅|关注/i,
				is: 'Rejected',
				do: {
					en: 'Check the UIDs and topic ids: the users must follow this very application.',
					zh: '请检查 UID 与主题 ID：用户必须已关注该应用。',
				},
			},
		],
	},

	async send({ message, to, account, options, http }) {
		const spt = account.mode === 'spt';
		const content = contentOf(message.body, message.image?.url, message.markup, options);
		const json = {
			content,
			contentType: { plain: 1, wxpusherHtml: 2, markdown: 3 }[
				message.markup as 'plain' | 'wxpusherHtml' | 'markdown'
			],
			summary: options.summary ?? (message.title === undefined ? undefined : oneLine(message.title)),
			url: options.url ?? message.url,
		};
		if (spt) {
			const keys = account.spts.map((value) => sptIn(value)!);
			return outcome(
				await http.post('/api/send/message/simple-push', {
					json: { ...json, ...(keys.length === 1 ? { spt: keys[0] } : { sptList: keys }) },
				}),
			);
		}
		const verifyPayType = Number(options.verifyPayType) || undefined;
		return outcome(
			await http.post('/api/send/message', {
				json: { appToken: tokenOf(account), ...json, ...receivers(to), verifyPayType },
			}),
		);
	},

	async verify({ account, http }) {
		// Nothing asks about an SPT without sending.
		if (account.mode === 'token')
			await http.get('/api/fun/wxuser/v2', { query: { appToken: tokenOf(account), page: 1, pageSize: 1 } });
	},

	actions: {
		queryStatus: action<typeof account>()({
			name: 'Query Status',
			zh: '查询发送状态',
			description: { en: 'Whether a message was sent, within seven days', zh: '查询消息是否已发送，7 天内有效' },
			fields: {
				sendRecordId: text('Send record id', {
					zh: '发送记录 ID',
					help: { en: '“sendRecordIds” of the receipt’s handle', zh: '回执 handle 中的 sendRecordIds' },
				}),
			},
			run: ({ http, input }) =>
				http.get('/api/send/query/status', { query: { sendRecordId: input.sendRecordId } }),
		}),
		deleteMessage: action<typeof account>()({
			name: 'Delete Message',
			zh: '删除消息',
			description: {
				en: 'Removes the page with the full text; the card in WeChat stays',
				zh: '删除消息详情页；微信中的卡片仍会保留',
			},
			fields: { messageContentId: text('Message content id', { zh: '消息内容 ID' }) },
			run: async ({ account, http, input }) =>
				(
					await http.call('DELETE', '/api/send/message', {
						query: { messageContentId: input.messageContentId, appToken: tokenOf(account) },
						idempotent: true,
					})
				).json,
		}),
		createQrcode: action<typeof account>()({
			name: 'Create QR Code',
			zh: '创建带参二维码',
			fields: {
				extra: text('Parameter', {
					zh: '携带参数',
					help: {
						en: 'Comes back when a user follows by it, up to 64 characters',
						zh: '用户扫码关注时带回，最多 64 个字符',
					},
					check: (value) =>
						[...value].length <= 64 ? undefined : { en: 'may have 64 characters', zh: '最多 64 个字符' },
				}),
				validTime: number('Valid for (seconds)', {
					zh: '有效期（秒）',
					default: 1_800,
					min: 1,
					max: 2_592_000,
					integer: true,
				}),
			},
			run: ({ account, http, input }) =>
				http.post('/api/fun/create/qrcode', {
					json: { appToken: tokenOf(account), extra: input.extra, validTime: input.validTime },
				}),
		}),
		getScanUid: action<typeof account>()({
			name: 'Get Scan UID',
			zh: '查询扫码用户 UID',
			description: {
				en: 'Who scanned a QR code last; ask at most every ten seconds',
				zh: '最后扫码的用户；轮询间隔不得小于 10 秒',
			},
			fields: { code: text('QR code', { zh: '二维码 code' }) },
			run: ({ http, input }) => http.get('/api/fun/scan-qrcode-uid', { query: { code: input.code } }),
		}),
		listUsers: action<typeof account>()({
			name: 'List Users',
			zh: '查询关注用户',
			fields: {
				page: number('Page', { zh: '页码', default: 1, min: 1, integer: true }),
				pageSize: number('Page size', { zh: '每页数量', default: 50, min: 1, max: 100, integer: true }),
				uid: text('UID', { zh: 'UID', optional: true }),
				isBlock: toggle('Blocked ones', { zh: '只看已拉黑' }),
			},
			run: ({ account, http, input }) =>
				http.get('/api/fun/wxuser/v2', {
					query: {
						appToken: tokenOf(account),
						page: input.page,
						pageSize: input.pageSize,
						uid: input.uid,
						isBlock: input.isBlock || undefined,
					},
				}),
		}),
	},
});

function tokenOf({ mode, appToken }: Values<typeof account>): string {
	const token = mode === 'token' && appToken !== undefined ? appTokenIn(appToken) : undefined;
	if (token === undefined)
		throw invalid('mode', {
			en: 'Only an application with an appToken can do this.',
			zh: '只有使用 appToken 的应用才能执行此操作。',
		});
	return token;
}

function contentOf(
	body: string,
	picture: string | undefined,
	markup: string,
	{ copy }: Values<typeof options>,
): string {
	if (markup === 'plain') return body;
	if (markup === 'markdown') return [body, picture && markdownImage(picture)].filter(Boolean).join('\n\n');
	const image = picture && `<img src="${attribute(picture)}" style="max-width:100%">`;
	const button = copy && `<copy data-clipboard-text="${attribute(copy)}">${attribute(copy)}</copy>`;
	return [image, body, button].filter(Boolean).join('<br>');
}

const attribute = (value: string) => value.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

function receivers(to: string[]) {
	const topicIds = to.filter((each) => /^\d+$/.test(each)).map(Number);
	const uids = to.filter((each) => /^UID_/.test(each));
	const odd = to.find((each) => !/^(\d+|UID_.+)$/.test(each));
	if (odd !== undefined)
		throw invalid(
			'to',
			fill(
				{
					en: '“{odd}” is neither a UID (UID_…) nor a topic id (a number).',
					zh: '“{odd}”既不是 UID（UID_ 开头），也不是主题 ID（数字）。',
				},
				{ odd },
			),
		);
	if (to.length === 0)
		throw invalid('to', { en: 'Fill in at least one UID or topic id.', zh: '请至少填写一个 UID 或主题 ID。' });
	if (topicIds.length > 5 || uids.length > 2_000)
		throw invalid('to', {
			en: 'One message goes to 5 topics and 2000 users at most.',
			zh: '一条消息最多发给 5 个主题和 2000 个用户。',
		});
	return { uids: uids.length > 0 ? uids : undefined, topicIds: topicIds.length > 0 ? topicIds : undefined };
}

/** The answer as a whole is yes even where each single receiver got a no. */
function outcome(raw: VendorJson) {
	const results: VendorJson[] = Array.isArray(raw.data) ? raw.data : [];
	const refused = results.filter(({ code }) => code !== undefined && code !== 1000);
	const sent = results.filter((each) => !refused.includes(each));
	const warnings = refused.map(({ uid, topicId, spt, code, status }) =>
		// A receiver's SPT is a key.
		fill(
			{ en: '{who} did not get it: {why} ({code}).', zh: '{who} 未收到：{why}（{code}）。' },
			{ who: uid ?? topicId ?? (spt ? 'SPT' : '?'), why: status ?? '?', code },
		),
	);
	if (results.length > 0 && sent.length === 0) {
		const first = warnings[0]!;
		throw new ChannelError(
			'Rejected',
			{
				en: `WxPusher sent it to nobody: ${first.en} Check the UIDs and topic ids: the users must follow this very application.`,
				zh: `WxPusher 未发给任何人：${first.zh}请检查 UID 与主题 ID：用户必须已关注该应用。`,
			},
			{ code: String(refused[0].code) },
		);
	}
	const all = (key: string) =>
		[...new Set(sent.map((each) => each[key]).filter((value) => value !== undefined && value !== null))].map(
			String,
		);
	const messageContentIds = all('messageContentId');
	return {
		id: messageContentIds[0],
		handle: { messageContentIds, sendRecordIds: all('sendRecordId') },
		raw,
		warnings,
	};
}
