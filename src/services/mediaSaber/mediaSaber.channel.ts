import { baseUrl, chars, defineChannel, secret, toggle } from '../../core/define/channel';
import { isCode } from '../../core/http/proof';
import { baseOf, pastedKey } from '../../core/define/fields/pastedUrl';
import { requiredTitle } from '../../core/define/requiredTitle';

const path = '/api/v1/message/openSend';

/** Through the message channels of a MediaSaber server. */
export const mediaSaber = defineChannel({
	id: 'mediaSaber',
	set: 'web',
	name: 'MediaSaber',
	zh: 'MediaSaber',
	docs: 'https://github.com/xylplm/media-saber-wiki',
	aliases: ['media saber', 'openSend'],
	where: [
		{
			en: '*Base URL* is the address under which you open Media Saber.',
			zh: '“服务地址”就是平时打开 Media Saber 的地址。',
		},
		{
			en: 'The API key stands in its system settings; the whole `openSend` address with its `apiKey` is taken too.',
			zh: 'API 密钥在它的系统设置中；带 `apiKey` 的完整 `openSend` 地址也能识别。',
		},
	],
	renders: { markup: 'plain', limit: chars(4_000), title: chars(200), image: 'url' },
	replies: {
		as: 'any',
		// In JSON, or as the one word.
		ok: (json, { status, text }) =>
			status === 200 &&
			(isCode(json?.code, 20_000) || [undefined, 0, 200].includes(json?.code)) &&
			(isCode(json?.code, 20_000) ||
				/^\s*"?SUCCESS"?\s*$/i.test(
					json?.message ?? json?.msg ?? (json === undefined || typeof json === 'string' ? text : ''),
				)),
		code: (json) => json?.code,
		says: (json) => json?.message ?? json?.msg,
		errors: [
			{
				code: [401, 403],
				is: 'Unauthorized',
				do: {
					en: 'Check the API key: it stands in MediaSaber’s settings.',
					zh: '请检查 API 密钥：可在 MediaSaber 的设置中查看。',
				},
			},
			{
				says: /api.?key|auth|token|密钥|鉴权|认证/i,
				is: 'Unauthorized',
				do: {
					en: 'Check the API key: it stands in MediaSaber’s settings.',
					zh: '请检查 API 密钥：可在 MediaSaber 的设置中查看。',
				},
			},
			{
				code: 404,
				is: 'Invalid',
				field: 'baseUrl',
				do: {
					en: 'There is no MediaSaber at this address, or an old one: check the base URL and its port (usually 22698).',
					zh: '该地址没有 MediaSaber，或版本过旧：请检查服务地址和端口（通常为 22698）。',
				},
			},
			{
				code: 200,
				is: 'Unexpected',
				do: {
					en: 'The answer is not MediaSaber’s: check the base URL.',
					zh: '应答不是 MediaSaber 的：请检查服务地址。',
				},
			},
		],
	},
	account: {
		baseUrl: baseUrl(undefined, { placeholder: 'http://192.168.1.10:22698' }),
		apiKey: secret('API key', {
			zh: 'API 密钥',
			help: { en: 'Or the whole openSend address with its apiKey', zh: '也可填写带 apiKey 的完整 openSend 地址' },
		}),
	},
	options: {
		proxyImage: toggle('Picture through MediaSaber', {
			zh: '图片经 MediaSaber 代理',
			help: { en: 'MediaSaber fetches the picture and sends it on', zh: '由 MediaSaber 获取图片后再发送' },
		}),
	},

	async send({ message, account, options, http, language }) {
		const pasted = pastedKey(account.apiKey, (url) => {
			const key = url.searchParams.get('apiKey');
			return key ? { key, base: url.origin } : undefined;
		});
		const base = baseOf(account.baseUrl, account.baseUrl, pasted).replace(new RegExp(`${path}.*$`, 'i'), '');
		const reply = await http.call('POST', `${base}${path}`, {
			headers: { apiKey: pasted.key },
			json: {
				title: requiredTitle(message, chars(200), language),
				content: message.body,
				...(message.image?.url && { imageUrl: message.image.url, ...(options.proxyImage && { proxy: true }) }),
			},
		});
		return { raw: reply.json ?? reply.text };
	},
});
