import { choice, json, list, rows, text, toggle, url, type Values } from '../../core/define/channel';

export const actionRows = rows(
	'Actions',
	{
		label: text('Text', { zh: '文字' }),
		action: choice(
			'When tapped',
			{
				view: ['Opens a link or app', '打开链接或应用'],
				http: ['Sends a request', '发送请求'],
				broadcast: ['Tells other Android apps', '广播给其他安卓应用'],
			},
			{ zh: '点按时', default: 'view' },
		),
		url: text('Address', {
			zh: '地址',
			placeholder: 'https://, geo:, mailto:',
			show: { action: ['view', 'http'] },
		}),
		method: choice('Method', ['POST', 'GET', 'PUT', 'DELETE', 'PATCH'], {
			zh: '方法',
			default: 'POST',
			show: { action: ['http'] },
		}),
		headers: json('Headers', {
			zh: '请求头',
			optional: true,
			placeholder: '{"Authorization": "Bearer …"}',
			show: { action: ['http'] },
		}),
		body: text('Body', { zh: '请求体', optional: true, show: { action: ['http'] } }),
		intent: text('Intent', {
			zh: 'Intent',
			optional: true,
			placeholder: 'io.heckel.ntfy.USER_ACTION',
			show: { action: ['broadcast'] },
		}),
		extras: json('Extras', {
			zh: '附加数据',
			optional: true,
			placeholder: '{"cmd": "pic"}',
			show: { action: ['broadcast'] },
		}),
		clear: toggle('Clear afterwards', { zh: '之后清除通知' }),
	},
	{
		zh: '操作按钮',
		row: { en: 'Action', zh: '操作' },
		optional: true,
		max: 3,
		help: { en: 'Up to three, in place of the message’s buttons', zh: '最多三个，替代消息的按钮' },
	},
);

export const ntfyOptions = {
	format: choice(
		'Text',
		{
			plain: ['Plain', '纯文本'],
			markdown: ['Markdown (web page and recent apps)', 'Markdown（网页版与新版 App）'],
		},
		{ zh: '正文格式', default: 'plain' },
	),
	priority: choice(
		'Priority',
		{
			5: ['Max: rings long, and pops up', '最高：长时间提醒并弹出'],
			4: ['High', '高'],
			3: ['Default', '默认'],
			2: ['Low: no sound', '低：无声'],
			1: ['Min: under the fold', '最低：折叠显示'],
		},
		{
			zh: '优先级',
			optional: true,
			help: {
				en: 'Empty: failures max, warnings high, others default. A silent message is at most low',
				zh: '留空时，失败为最高，警告为高，其余为默认；静音的消息不高于低',
			},
			catches: {
				5: {
					en: 'Phones may ring for it at night, where the topic may break through “Do not disturb”.',
					zh: '若主题允许绕过“勿扰模式”，夜间也会响铃。',
				},
			},
		},
	),
	levelTag: toggle('Sign of the level', {
		zh: '级别符号',
		default: true,
		help: { en: '🚨, ⚠️ or ✅ in front of the title', zh: '标题前显示 🚨、⚠️ 或 ✅' },
	}),
	tags: list('Tags', {
		zh: '标签',
		optional: true,
		placeholder: 'tada, backup',
		help: {
			en: 'Names of emoji (https://docs.ntfy.sh/emojis/) are shown as such, others under the text',
			zh: '表情名称（https://docs.ntfy.sh/emojis/）显示为表情，其余显示在正文下方',
		},
	}),
	click: text('Opens', {
		zh: '点击跳转',
		optional: true,
		placeholder: 'https://, geo:, mailto:',
		help: { en: 'Instead of the message’s own link', zh: '替代消息自带的链接' },
	}),
	actions: actionRows,
	icon: url('Icon', {
		zh: '图标',
		optional: true,
		help: { en: 'PNG or JPEG, on Android', zh: 'PNG 或 JPEG，仅安卓' },
	}),
	delay: text('Deliver later', {
		zh: '延迟发送',
		optional: true,
		placeholder: '30min, 9am, tomorrow',
		help: {
			en: 'A span, a time or Unix seconds: 10 seconds to 3 days from now',
			zh: '时长、时刻或 Unix 秒：10 秒至 3 天之内',
		},
	}),
	email: text('Copy by e-mail', { zh: '同时发邮件', optional: true, placeholder: 'ann@example.com' }),
	call: text('Phone call', {
		zh: '电话语音',
		optional: true,
		placeholder: '+12223334444, yes',
		help: {
			en: 'A verified number of the account, or yes for the first one; reads the text out',
			zh: '账户中已验证的号码，或填 yes 使用第一个；语音朗读正文',
		},
	}),
	cache: toggle('Keep on the server', {
		zh: '服务器缓存',
		default: true,
		help: {
			en: 'Off: only who is connected right now gets it, and nothing can take its place later',
			zh: '关闭后仅当前在线者能收到，且之后无法替换',
		},
	}),
	firebase: toggle('By Firebase', {
		zh: '经 Firebase 推送',
		default: true,
		help: {
			en: 'Off: Android apps from Google Play may get it minutes later',
			zh: '关闭后，Google Play 版安卓 App 可能延迟几分钟收到',
		},
	}),
	id: text('Notification id', {
		zh: '通知 ID',
		optional: true,
		help: {
			en: 'The same id replaces the earlier notification (server 2.16 or later); by default the message’s key',
			zh: '相同 ID 会替换之前的通知（服务器 2.16 及以上）；默认使用消息的 key',
		},
	}),
};

export type NtfyOptions = Values<typeof ntfyOptions>;
