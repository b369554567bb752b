import {
	action,
	baseUrl,
	chars,
	choices,
	defineChannel,
	invalid,
	secret,
	text,
	type Values,
} from '../../core/define/channel';
import { isCode } from '../../core/http/proof';
import { oneLine } from '../../core/markup';
import { decoded } from '../../core/base/percent';
import { atMost } from '../../core/define/fields/atMost';
import { baseOf, pastedKey } from '../../core/define/fields/pastedUrl';
import { variables, variablesOf } from '../../core/define/fields/variables';

const standard = 'https://www.xxtui.com';

const account = {
	baseUrl: baseUrl(standard),
	apiKey: secret('API key', {
		zh: 'API Key',
		help: { en: 'Or the whole URL that the site shows', zh: '也可粘贴网站显示的完整链接' },
	}),
};

const options = {
	from: text('From', {
		zh: '来源',
		optional: true,
		help: { en: 'Up to 20 characters', zh: '最多 20 个字符' },
		check: atMost(20),
	}),
	channels: choices(
		'Channels',
		{
			WX_MP: ['WeChat service account', '微信公众号'],
			WX_QY_ROBOT: ['WeCom robot', '企业微信群机器人'],
			DING_ROBOT: ['DingTalk robot', '钉钉群机器人'],
			BARK: ['Bark', 'Bark'],
			EMAIL: ['E-mail', '邮件'],
			SMS_VOICE: ['Text message or call', '短信或语音'],
			CUSTOM_HTTP: ['Custom HTTP', '自定义 HTTP'],
		},
		{ zh: '推送渠道', help: { en: 'Empty: as set on the site', zh: '留空则按网站设置' } },
	),
};

const nothingToRemind = invalid('reminder', { en: 'Fill in “Reminder”.', zh: '请填写“提醒内容”。' });

export const xxtui = defineChannel({
	id: 'xxtui',
	set: 'push',
	name: 'xxtui',
	zh: 'xxtui 消息推送',
	docs: 'https://www.xxtui.com',
	aliases: ['消息推送'],
	where: [
		{
			en: 'Log in on xxtui.com with WeChat, and copy the API key of a channel that you have made there.',
			zh: '微信登录 xxtui.com，新建渠道后复制其 API Key。',
		},
	],
	// No limit is documented; this much is known to pass.
	renders: { markup: 'plain', limit: chars(2_000), title: chars(20) },
	account,
	options,
	replies: {
		ok: (json, { status }) => status === 200 && isCode(json.code, 0),
		code: (json) => json.code,
		says: (json) => json.msg ?? json.message,
		errors: [
			{
				says: /频繁|太快|次数|上限|限流|余额|额度/,
				is: 'RateLimited',
				retryAfter: 60,
				do: {
					en: 'xxtui limits how much this key may send: send fewer, or see the site.',
					zh: 'xxtui 限制了该 Key 的发送量：请减少发送，或到网站查看。',
				},
			},
			{
				says: /key|token|密钥|未授权|不存在/i,
				is: 'Unauthorized',
				do: { en: 'Copy the API key from the site again.', zh: '请从网站重新复制 API Key。' },
			},
			{
				says: /channel|渠道|未绑定|未配置/i,
				is: 'Rejected',
				do: { en: 'Bind the chosen channels on the site first.', zh: '请先在网站上绑定所选渠道。' },
			},
		],
	},

	async send({ message, account, options, http }) {
		const raw = await http.post(pathOf(account, 'xxtui'), {
			json: {
				from: options.from,
				title: message.title === undefined ? undefined : oneLine(message.title),
				content: message.body,
				channel: options.channels.length > 0 ? options.channels.join(',') : undefined,
			},
		});
		return { raw };
	},

	actions: {
		createReminder: action<typeof account>()({
			name: 'Create Reminder',
			zh: '创建定时提醒',
			description: { en: 'Asks xxtui to remind at a later time', zh: '让 xxtui 在指定时间提醒' },
			fields: {
				// What a reminder is made of is told on the site alone.
				reminder: variables('Reminder', {
					zh: '提醒内容',
					row: { en: 'Field', zh: '字段' },
					help: {
						en: 'The names that xxtui’s site describes, and what they are to be',
						zh: 'xxtui 网站说明的字段名与取值',
					},
				}),
			},
			run: ({ account, http, input }) => {
				const json = variablesOf(input.reminder);
				if (!json) throw nothingToRemind;
				return http.post(pathOf(account, 'scheduled/reminder'), { json });
			},
		}),
	},
});

function pathOf(account_: Values<typeof account>, kind: 'xxtui' | 'scheduled/reminder'): string {
	const pasted = pastedKey(account_.apiKey, ({ origin, pathname }) => {
		const found = /^(.*)\/(?:xxtui|scheduled\/reminder)\/([^/]+)$/.exec(pathname);
		return found ? { base: origin + found[1], key: decoded(found[2]!) } : undefined;
	});
	return `${baseOf(account_.baseUrl, standard, pasted)}/${kind}/${encodeURIComponent(pasted.key)}`;
}
