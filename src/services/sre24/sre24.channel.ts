import { baseUrl, chars, choice, defineChannel, secret, text } from '../../core/define/channel';
import { isCode } from '../../core/http/proof';

const apis = { sre24: 'https://sre24.com', jwks123: 'https://push.jwks123.cn' } as const;

const account = {
	api: choice(
		'API',
		{
			sre24: ['sre24.com', 'sre24.com'],
			jwks123: ['push.jwks123.cn (its successor)', 'push.jwks123.cn（后继服务）'],
		},
		{
			zh: '接口',
			default: 'sre24',
			help: { en: 'Neither host promises to stay available', zh: '两者均不保证长期可用' },
		},
	),
	baseUrl: baseUrl(apis.sre24),
	token: secret('Token', { zh: 'Token' }),
};

export const sre24 = defineChannel({
	id: 'sre24',
	set: 'push',
	name: 'sre24',
	zh: 'sre24 微信推送',
	docs: 'https://sre24.com',
	aliases: ['微信推送', 'jwks123'],
	where: [
		{
			en: 'Follow the official account as sre24.com shows, and log in there.',
			zh: '按 sre24.com 的提示关注公众号并登录。',
		},
		{ en: 'Copy the token that your page there shows.', zh: '复制个人页面中显示的 Token。' },
	],
	// No limit is documented.
	renders: { markup: 'plain', limit: chars(2_000) },
	account,
	options: {
		topic: text('Topic', { zh: '主题', optional: true, help: { en: 'sre24.com only', zh: '仅 sre24.com' } }),
	},
	replies: {
		// The body's own 202 is the yes, whatever HTTP says.
		anyStatus: true,
		ok: (json) => isCode(json.code, 202),
		code: (json) => json.code,
		says: (json) => json.msg ?? json.message ?? json.error,
		errors: [
			{
				code: [401, 403],
				is: 'Unauthorized',
				do: {
					en: 'Copy the token again; it is bound to one WeChat account.',
					zh: '请重新复制 Token；它与微信账号绑定。',
				},
			},
			{
				says: /token/i,
				is: 'Unauthorized',
				do: {
					en: 'Copy the token again; it is bound to one WeChat account.',
					zh: '请重新复制 Token；它与微信账号绑定。',
				},
			},
			{
				code: 429,
				is: 'RateLimited',
				retryAfter: 60,
				do: { en: 'Send fewer messages, or later.', zh: '请减少或稍后发送。' },
			},
			{
				code: [500, 502, 503, 504],
				is: 'Unreachable',
				do: {
					en: 'The service may have gone for good: try the other API, or another channel.',
					zh: '该服务可能已停止：请改用另一接口或其他通知渠道。',
				},
			},
		],
	},

	async send({ message, account, options, http }) {
		const { api, baseUrl, token } = account;
		const base = baseUrl === apis.sre24 ? apis[api] : baseUrl;
		const raw = await http.post(`${base}${api === 'sre24' ? '/api/v1/push' : '/to/'}`, {
			json: { token, msg: message.body, topic: api === 'sre24' ? options.topic : undefined },
		});
		return { raw };
	},
});
