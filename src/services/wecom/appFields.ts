import {
	baseUrl,
	choice,
	number,
	secret,
	text,
	toggle,
	type Call,
	type SendInput,
	type Values,
} from '../../core/define/channel';
import { cardFields, interactiveCards, noticeCards } from './cards';
import { articlesField, mpArticlesField } from './news';

export const standard = 'https://qyapi.weixin.qq.com';

export const account = {
	baseUrl: baseUrl(standard, {
		help: {
			en: 'Change it for a relay with a trusted IP address; it should pass all of /cgi-bin/ on',
			zh: '通过可信 IP 的中转发送时修改；中转应转发 /cgi-bin/ 下的所有路径',
		},
	}),
	corpId: text('Corp ID', { zh: '企业 ID', placeholder: 'ww0123456789abcdef' }),
	corpSecret: secret('App secret', { zh: '应用 Secret' }),
	agentId: number('Agent ID', { zh: '应用 AgentId', integer: true, min: 0, placeholder: '1000002' }),
	defaultMediaId: text('Default picture (media id)', {
		zh: '默认图片 media_id',
		optional: true,
		help: {
			en: 'Where a message has no picture and no default image is set',
			zh: '消息没有图片且未设置默认图片时使用',
		},
	}),
	callbackToken: secret('Callback token', {
		zh: '回调 Token',
		optional: true,
		help: { en: 'Of “receive messages”, for the trigger', zh: '应用“接收消息”中的 Token，供触发器使用' },
	}),
	encodingAesKey: secret('Callback EncodingAESKey', {
		zh: '回调 EncodingAESKey',
		optional: true,
		placeholder: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
		help: { en: 'Of “receive messages”, for the trigger', zh: '应用“接收消息”中的 EncodingAESKey，供触发器使用' },
		check: (key) =>
			/^[A-Za-z0-9]{43}$/.test(key)
				? undefined
				: { en: 'must have 43 letters and digits', zh: '应为 43 位字母和数字' },
	}),
};

export const options = {
	kind: choice(
		'Message type',
		{
			auto: [
				'Automatic: news or a text card where there is a link, else text',
				'自动：有链接时用图文或文本卡片，否则用文本',
			],
			text: ['Text', '文本'],
			markdown: ['Markdown (WeCom only, not in WeChat)', 'Markdown（仅企业微信内显示）'],
			textcard: ['Text card', '文本卡片'],
			news: ['News', '图文'],
			mpnews: ['News kept at WeCom', '图文（mpnews，内容存于企业微信）'],
			image: ['The picture alone', '仅图片'],
			voice: ['Voice', '语音'],
			video: ['Video', '视频'],
			file: ['The files alone', '仅文件'],
			miniprogram_notice: ['Mini program notice', '小程序通知'],
			template_card: ['Template card', '模板卡片'],
		},
		{ zh: '消息类型', default: 'auto' },
	),
	btntxt: text('Text of the link', {
		zh: '卡片按钮文字',
		optional: true,
		show: { kind: ['auto', 'textcard'] },
		help: { en: 'At most 4 characters', zh: '不超过 4 个字' },
	}),
	mediaId: text('Media id', {
		zh: 'media_id',
		optional: true,
		show: { kind: ['image', 'voice', 'video', 'file', 'mpnews'] },
		help: { en: 'Of something uploaded in the last 3 days', zh: '3 天内上传的素材' },
	}),
	articles: articlesField({ kind: ['news'] }),
	mpArticles: mpArticlesField({ kind: ['mpnews'] }),
	author: text('Author', { zh: '作者', optional: true, show: { kind: ['mpnews'] } }),
	appId: text('Mini program', {
		zh: '小程序 AppID',
		show: { kind: ['miniprogram_notice'] },
		placeholder: 'wx0123456789abcdef',
	}),
	page: text('Page', {
		zh: '小程序页面',
		optional: true,
		show: { kind: ['miniprogram_notice'] },
		placeholder: 'pages/index',
	}),
	emphasizeFirst: toggle('Emphasize the first field', {
		zh: '放大第一个字段',
		show: { kind: ['miniprogram_notice'] },
	}),
	...cardFields({ ...noticeCards, ...interactiveCards }, { kind: ['template_card'] }),
	taskId: text('Task id', {
		zh: 'task_id',
		optional: true,
		show: { kind: ['template_card'] },
		help: {
			en: 'Of an interactive card; by default the message’s key',
			zh: '交互卡片的任务 ID；默认使用消息的 key',
		},
	}),
	safe: toggle('Confidential', {
		zh: '保密消息',
		help: { en: 'With a watermark, cannot be forwarded', zh: '带水印且不可转发' },
	}),
	enableIdTrans: toggle('Translate ids', { zh: 'ID 转译' }),
	enableDuplicateCheck: toggle('Drop repetitions', {
		zh: '重复消息检查',
		help: { en: 'WeCom sends the same text to the same people once', zh: '相同内容不会向同一接收者重复发送' },
	}),
	duplicateCheckInterval: number('Repetition within (seconds)', {
		zh: '重复检查间隔（秒）',
		default: 1_800,
		min: 1,
		max: 14_400,
		integer: true,
		show: { enableDuplicateCheck: [true] },
	}),
};

export type Input = SendInput<typeof account, typeof options>;
export type Calling = Call<typeof account>;
export type Options = Values<typeof options>;
export type Kind = Exclude<Options['kind'], 'auto'>;
