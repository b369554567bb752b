import { choice, choices, list, text, toggle, url, type Values } from '../../core/define/channel';
import { atMost } from '../../core/define/fields/atMost';
import { embedLimits } from './markdown';

const onEmbeds = { show: { kind: ['embed'] } } as const;

export const discordOptions = {
	kind: choice(
		'Message type',
		{
			embed: ['Embed', '嵌入卡片'],
			card: ['Card of components', '组件卡片'],
			text: ['Text', '文本'],
		},
		{ zh: '消息类型', default: 'embed' },
	),
	username: text('Name', {
		zh: '显示名称',
		optional: true,
		help: { en: 'In place of the webhook’s own', zh: '替代 Webhook 自身的名称' },
		check: atMost(80),
	}),
	avatarUrl: url('Avatar', { zh: '头像', optional: true }),
	threadName: text('New post', {
		zh: '新帖子标题',
		optional: true,
		help: {
			en: 'In a forum or media channel: each message opens a post of this title, unless it goes to a thread',
			zh: '论坛或媒体频道：每条消息以该标题新建帖子，除非指定了子区',
		},
		check: atMost(100),
	}),
	appliedTags: list('Tags of the post', { zh: '帖子标签 ID', optional: true, placeholder: '1100000000000000001' }),
	silentLevels: choices(
		'Silent for',
		{
			info: ['Info', '信息'],
			success: ['Success', '成功'],
			warning: ['Warning', '警告'],
			failure: ['Failure', '失败'],
		},
		{ zh: '以下级别静音' },
	),
	linkPreview: toggle('Preview links', {
		zh: '链接预览',
		default: true,
		show: { kind: ['text'] },
		help: { en: 'Off also hides a picture that has an address', zh: '关闭后，以网址发送的图片也会隐藏' },
	}),
	tts: toggle('Read aloud', { zh: '朗读', show: { kind: ['embed', 'text'] } }),
	picture: choice(
		'Picture as',
		{ large: ['Large, under the text', '正文下方大图'], thumbnail: ['Small, beside the text', '右侧缩略图'] },
		{ zh: '图片位置', default: 'large', ...onEmbeds },
	),
	author: text('Author', { zh: '作者', optional: true, check: atMost(embedLimits.author), ...onEmbeds }),
	authorUrl: url('Author’s link', { zh: '作者链接', optional: true, ...onEmbeds }),
	authorIcon: url('Author’s icon', { zh: '作者图标', optional: true, ...onEmbeds }),
	footer: text('Footer', { zh: '页脚', optional: true, check: atMost(1_000), ...onEmbeds }),
	footerIcon: url('Footer’s icon', { zh: '页脚图标', optional: true, ...onEmbeds }),
	timestamp: toggle('Show the time', { zh: '显示时间', ...onEmbeds }),
};

export type DiscordOptions = Values<typeof discordOptions>;
