import { choice, number, text, toggle, url, type Values } from '../../core/define/channel';

export const urgencies = ['very-low', 'low', 'normal', 'high'] as const;

export const options = {
	urgency: choice(
		'Urgency',
		{
			'very-low': ['Very low: on power and Wi-Fi', '很低：充电且连接 Wi-Fi 时'],
			low: ['Low: on either power or Wi-Fi', '低：充电或连接 Wi-Fi 时'],
			normal: ['Normal', '普通'],
			high: ['High: even on low battery', '高：低电量时也送达'],
		},
		{
			zh: '紧急程度',
			optional: true,
			help: {
				en: 'Empty: high for warnings and failures, low for successes, else normal',
				zh: '留空时，警告与失败为高，成功为低，其余为普通',
			},
		},
	),
	ttl: number('Kept for (seconds)', {
		zh: '保留时长（秒）',
		default: 86_400,
		min: 0,
		max: 2_419_200,
		integer: true,
		help: {
			en: 'How long the push service waits for a device that is off; 0: now or never',
			zh: '设备离线时推送服务保留多久；0 表示仅立即送达',
		},
	}),
	topic: text('Topic', {
		zh: '主题',
		optional: true,
		help: {
			en: 'A notification replaces the one of the same topic, on the screen and while it waits; by default the message’s key',
			zh: '相同主题的通知会相互替换，无论已显示还是仍在等待送达；默认使用消息的 key',
		},
	}),
	url: url('Opens', {
		zh: '点击打开',
		optional: true,
		help: {
			en: 'Instead of the message’s own link; without any, the page with the last messages',
			zh: '替代消息自带的链接；均无时打开最近消息页面',
		},
	}),
	stays: toggle('Stays until dismissed', {
		zh: '手动关闭前一直显示',
		help: { en: 'On desktops', zh: '适用于桌面浏览器' },
	}),
	icon: url('Icon', { zh: '图标', optional: true, help: { en: 'Instead of a bell', zh: '替代默认的铃铛图标' } }),
	badge: url('Badge', {
		zh: '状态栏图标',
		optional: true,
		help: { en: 'Android’s status bar: white on transparent', zh: '用于 Android 状态栏：透明背景的白色图案' },
	}),
};

export type Options = Values<typeof options>;
