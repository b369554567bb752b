import {
	baseUrl,
	choice,
	list,
	number,
	secret,
	text,
	toggle,
	type Call,
	type SendInput,
	type Values,
} from '../../core/define/channel';
import { cardFields } from './cards';

export const account = {
	baseUrl: baseUrl('https://open.feishu.cn', {
		help: { en: 'https://open.larksuite.com for Lark', zh: 'Lark 国际版为 https://open.larksuite.com' },
	}),
	appId: text('App ID', { zh: 'App ID', placeholder: 'cli_0123456789abcdef' }),
	appSecret: secret('App secret', { zh: 'App Secret' }),
	verificationToken: secret('Verification token', {
		zh: 'Verification Token',
		optional: true,
		help: { en: 'Of the event subscription, for the trigger', zh: '事件订阅中的 Verification Token，供触发器使用' },
	}),
	encryptKey: secret('Encrypt key', {
		zh: 'Encrypt Key',
		optional: true,
		help: { en: 'Of the event subscription, for the trigger', zh: '事件订阅中的 Encrypt Key，供触发器使用' },
	}),
};

export const idTypes = {
	open_id: ['Open id (ou_…)', '成员 open_id（ou_…）'],
	union_id: ['Union id (on_…)', '成员 union_id（on_…）'],
	user_id: ['User id', '成员 user_id'],
} as const;
export const urgencies = {
	app: ['In the app', '应用内'],
	sms: ['SMS', '短信'],
	phone: ['Phone call', '电话'],
} as const;
const costs = {
	en: 'Reaches people outside of Feishu, day and night, and uses up the tenant’s quota of such messages.',
	zh: '会在飞书之外打扰对方，不分昼夜，并消耗企业的加急额度。',
};
export const urgencyCatches = { sms: costs, phone: costs };
const mediaShow = { kind: ['file', 'audio', 'media', 'sticker'] };

export const options = {
	kind: choice(
		'Message type',
		{
			interactive: ['Card', '卡片'],
			text: ['Text', '文本'],
			post: ['Post (rich text)', '富文本'],
			image: ['The picture alone', '仅图片'],
			file: ['The files alone', '仅文件'],
			audio: ['Audio', '语音'],
			media: ['Video', '视频'],
			sticker: ['Sticker', '表情包'],
			share_chat: ['Group card', '群名片'],
			share_user: ['Personal card', '个人名片'],
		},
		{ zh: '消息类型', default: 'interactive' },
	),
	receiveIdType: choice(
		'Recipients are',
		{
			auto: ['Told apart by their form', '按格式自动识别'],
			chat_id: ['Groups (oc_…)', '群（oc_…）'],
			...idTypes,
			email: ['E-mail addresses', '邮箱'],
		},
		{ zh: '接收者类型', default: 'auto' },
	),
	...cardFields({ kind: ['interactive'] }),
	imageKey: text('Image key', {
		zh: 'image_key',
		optional: true,
		show: { kind: ['image', 'interactive', 'post', 'media'] },
		placeholder: 'img_v2_…',
		help: { en: 'Of a picture uploaded earlier', zh: '已上传图片的 image_key' },
	}),
	fileKey: text('File key', {
		zh: 'file_key',
		optional: true,
		show: mediaShow,
		placeholder: 'file_v2_…',
		help: { en: 'Of a file uploaded earlier', zh: '已上传文件的 file_key' },
	}),
	duration: number('Duration (milliseconds)', {
		zh: '时长（毫秒）',
		optional: true,
		integer: true,
		min: 1,
		show: { kind: ['audio', 'media'] },
	}),
	shareId: text('Shared id', {
		zh: '分享的 ID',
		show: { kind: ['share_chat', 'share_user'] },
		placeholder: 'oc_0123456789abcdef',
		help: { en: 'A group’s chat id, or a person’s open id', zh: '群的 chat_id，或成员的 open_id' },
	}),
	mentions: list('Mention', {
		zh: '@成员',
		optional: true,
		placeholder: 'ou_0123456789abcdef, @all',
		show: { kind: ['interactive', 'text', 'post'] },
	}),
	replyInThread: toggle('Reply in a thread', {
		zh: '以话题形式回复',
		help: { en: 'Where the recipient is a message (om_…)', zh: '接收者为消息（om_…）时有效' },
	}),
	urgentUsers: list('Urgent for', {
		zh: '加急对象',
		optional: true,
		placeholder: 'ou_0123456789abcdef',
		help: { en: 'Users who get a strong reminder of it', zh: '对这些成员发送加急提醒' },
	}),
	urgentBy: choice('Urgent by', urgencies, { zh: '加急方式', default: 'app', catches: urgencyCatches }),
	urgentIdType: choice('Urgent ids are', idTypes, { zh: '加急对象 ID 类型', default: 'open_id' }),
};

export type Input = SendInput<typeof account, typeof options>;
export type Calling = Call<typeof account>;
export type Kind = Values<typeof options>['kind'];
