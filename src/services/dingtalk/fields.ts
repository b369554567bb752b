import {
	baseUrl,
	choice,
	rows,
	list,
	secret,
	text,
	toggle,
	type Call,
	type SendInput,
	type Values,
} from '../../core/define/channel';
import { keyword } from '../../core/define/fields/keyword';

export const standard = 'https://oapi.dingtalk.com';

export const account = {
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
	clientId: text('Client ID', {
		zh: 'Client ID',
		optional: true,
		show: { robot: ['app'] },
		help: {
			en: 'AppKey of the app, for the trigger where it receives by Stream',
			zh: '应用的 Client ID（AppKey），触发器使用 Stream 模式时填写',
		},
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

export const options = {
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
	btns: rows(
		'Card’s buttons',
		{
			title: text('Text', { zh: '文字' }),
			actionURL: text('Link', { zh: '链接', placeholder: 'https://' }),
		},
		{
			zh: '卡片按钮',
			row: { en: 'Button', zh: '按钮' },
			optional: true,
			show: { kind: ['actionCard'] },
			help: { en: 'Instead of the message’s own buttons', zh: '替代消息自带的按钮' },
		},
	),
	btnOrientation: choice(
		'Buttons stand',
		{ 0: ['Below each other', '竖直排列'], 1: ['Side by side', '横向排列'] },
		{ zh: '按钮排列', default: '0', show: { kind: ['actionCard', 'auto'] } },
	),
	links: rows(
		'Links',
		{
			title: text('Title', { zh: '标题' }),
			messageURL: text('Link', { zh: '链接', placeholder: 'https://' }),
			picURL: text('Picture', { zh: '图片', optional: true, placeholder: 'https://' }),
		},
		{
			zh: '图文列表',
			row: { en: 'Link', zh: '图文' },
			optional: true,
			show: { kind: ['feedCard'] },
			help: { en: 'Empty: one made from the message', zh: '留空则由消息生成一条' },
		},
	),
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

export type Input = SendInput<typeof account, typeof options>;
export type Calling = Call<typeof account>;
export type Options = Values<typeof options>;
export type Kind = Exclude<Options['kind'], 'auto'>;
