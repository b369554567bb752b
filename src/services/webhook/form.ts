import { access } from '../../core/define/access';
import type { ChannelError } from '../../core/base/errors';
import { eventSubjects, eventTypes, itemKinds } from '../../core/message/event';
import { choice, choices, list, multiline, number, secret, text, toggle, url } from '../../core/base/field';
import type { Text } from '../../core/base/language';
import { checkTemplate, isTemplate } from '../../core/message/template';
import type { Receiving } from '../../core/define/trigger';
import type { Sender } from '../../core/define/sender';
import { senders } from '../senders';

const checked = { show: { access: ['checked'] } } as const;

export const account = {
	access: access(
		['Who may send', '谁可以发送'],
		['Who has the key, the password or the signature secret', '持有密钥、密码或签名密钥者'],
		['Open to everybody who reaches the address', '开放：任何能访问该地址的人'],
	),
	key: secret('Key', {
		zh: '密钥',
		optional: true,
		...checked,
		help: {
			en: 'Senders give it as ?apiKey=, ?token= or ?key=, or in a header apiKey, X-Api-Key or Authorization. One of key, password and signature secret is needed; of several all are asked for',
			zh: '发送方通过 ?apiKey=、?token=、?key= 或请求头 apiKey、X-Api-Key、Authorization 携带。密钥、密码、签名密钥至少填一项；填了多项则全部校验',
		},
	}),
	username: text('User name', {
		zh: '用户名',
		optional: true,
		...checked,
		help: { en: 'For senders that log in (HTTP Basic)', zh: '用于 HTTP Basic 认证的发送方' },
	}),
	password: secret('Password', { zh: '密码', optional: true, ...checked }),
	hmacSecret: secret('Signature secret', {
		zh: '签名密钥',
		optional: true,
		...checked,
		help: {
			en: 'For senders that sign the body with HMAC, as GitHub does',
			zh: '用于以 HMAC 对正文签名的发送方（如 GitHub）',
		},
	}),
	hmacHeader: text('Signature header', { zh: '签名请求头', default: 'X-Hub-Signature-256', ...checked }),
	serverUrl: url('Media server', {
		zh: '媒体服务器地址',
		optional: true,
		placeholder: 'http://192.168.1.10:8096',
		help: {
			en: 'Posters and late metadata are fetched from here, and from no other private address',
			zh: '从此处获取海报与补全元数据；其他内网地址一律不访问',
		},
	}),
	serverKey: secret('Media server key', {
		zh: '媒体服务器密钥',
		optional: true,
		help: {
			en: 'API key or X-Plex-Token, where posters need one, and for late metadata',
			zh: 'API 密钥或 X-Plex-Token，获取海报或补全元数据时需要',
		},
	}),
};

const template = (value: string): Text | undefined => {
	try {
		checkTemplate(value);
		return undefined;
	} catch (error) {
		const { en, zh } = (error as ChannelError).text;
		return { en: en.replace(/^The template /, ''), zh: zh.replace(/^模板/, '') };
	}
};

const path = { show: { sender: ['custom'] }, optional: true } as const;
const orTemplate = (value: string) => (isTemplate(value) ? template(value) : undefined);

/** By sender; whoever is not in it may tell anything. */
const tellable = Object.fromEntries(
	(senders as readonly Sender[]).flatMap(({ id, tells }) =>
		tells ? [[id, [...new Set<string>([...tells, 'message', 'other'])]]] : [],
	),
);

export const options = {
	sender: choice(
		'Sender',
		Object.fromEntries([
			['auto', ['Recognise it', '自动识别']],
			...senders.map(({ id, name, zh }) => [id, [name, zh]]),
		]) as Record<'auto' | (typeof senders)[number]['id'], [string, string]>,
		{ zh: '发送方', default: 'auto' },
	),
	events: choices(
		'Events',
		{ ...eventTypes, other: ['Everything else', '其他事件'] },
		{
			zh: '事件',
			help: { en: 'Empty: all', zh: '留空表示全部' },
			groups: { ...eventSubjects, other: ['Everything else', '其他事件'] },
			only: { by: 'sender', values: tellable },
		},
	),
	kinds: choices('Kinds', itemKinds, { zh: '媒体类型', help: { en: 'Empty: all', zh: '留空表示全部' } }),
	libraries: list('Libraries', {
		zh: '媒体库',
		optional: true,
		help: {
			en: 'Names, or folders that files lie in. Events that tell neither pass',
			zh: '媒体库名称或文件所在目录；两者都不带的事件放行',
		},
	}),
	users: list('Users', {
		zh: '用户',
		optional: true,
		help: { en: 'Names or ids. Events that tell no user pass', zh: '用户名或 ID；不带用户的事件放行' },
	}),
	titleTemplate: text('Title template', {
		zh: '标题模板',
		optional: true,
		placeholder: '{{ user.name }}: {{ item.title }}',
		help: { en: 'Liquid, in place of the ready title', zh: 'Liquid 模板，替代默认标题' },
		check: template,
	}),
	bodyTemplate: multiline('Message template', {
		zh: '正文模板',
		optional: true,
		placeholder: '{{ item.overview | truncate: 100 }}',
		help: {
			en: 'Liquid; values: event, item, user, device, server, playback, title, body, sentence, raw. Values are escaped; “| raw” lets Markdown through',
			zh: 'Liquid 模板；可用变量：event、item、user、device、server、playback、title、body、sentence、raw。变量会被转义，“| raw” 保留 Markdown',
		},
		check: template,
	}),
	timeZone: text('Time zone', {
		zh: '时区',
		optional: true,
		placeholder: 'Asia/Shanghai',
		help: { en: 'For dates in templates', zh: '用于模板中的日期' },
		check: (value) =>
			isTimeZone(value)
				? undefined
				: { en: 'is not a time zone such as Europe/Berlin', zh: '不是有效的时区，例如 Asia/Shanghai' },
	}),
	linkUrl: url('Server address for links', {
		zh: '用于链接的服务器地址',
		optional: true,
		help: {
			en: 'Where readers of the message reach the media server; without it messages hold no link to it',
			zh: '收到消息的人访问媒体服务器的地址；不填则消息不带链接',
		},
	}),
	settle: number('Wait for metadata (seconds)', {
		zh: '等待元数据（秒）',
		default: 0,
		min: 0,
		max: 600,
		help: {
			en: 'New items that come without overview and ids wait this long for a fuller event',
			zh: '新入库内容缺少简介和 ID 时，最多等待这么久以便收到更完整的事件',
		},
	}),
	askSeconds: number('Ask the media server (seconds)', {
		zh: '向媒体服务器补全（秒）',
		default: 30,
		min: 0,
		max: 600,
		help: {
			en: 'New items of Emby and Jellyfin that lack overview, ids, poster or number are asked for at the media server, whose address and key are in the account, for so long; then the message goes without. 0 asks nothing',
			zh: 'Emby、Jellyfin 新入库内容缺少简介、ID、海报或集数时，最多在此时间内向账号中填写的媒体服务器查询补全，超时则直接发送；0 表示不查询',
		},
	}),
	maxSize: number('Largest body (MB)', { zh: '正文上限（MB）', default: 10, min: 0.001, max: 100 }),
	allowGet: toggle('Take GET requests', {
		zh: '接受 GET 请求',
		help: { en: 'The values of the query are the message then', zh: '此时以查询参数作为消息内容' },
	}),
	format: choice(
		'Format of custom texts',
		{ text: ['Plain text', '纯文本'], markdown: ['Markdown', 'Markdown'], html: ['HTML', 'HTML'] },
		{
			zh: '自定义正文格式',
			default: 'text',
			show: { sender: ['auto', 'custom'] },
			help: { en: 'Of senders that are none of the known ones', zh: '用于无法识别为已知来源的发送方' },
		},
	),
	customTitle: text('Title from', {
		zh: '标题取自',
		...path,
		placeholder: '$.alert.name',
		help: {
			en: 'A JSON path or a Liquid template, as in all of these fields',
			zh: 'JSON 路径或 Liquid 模板，以下各项相同',
		},
		check: orTemplate,
	}),
	customBody: multiline('Message from', {
		zh: '正文取自',
		...path,
		placeholder: '{{ alert.name }}: {{ alert.state }}',
		check: orTemplate,
	}),
	customUrl: text('Link from', { zh: '链接取自', ...path, check: orTemplate }),
	customImage: text('Picture from', { zh: '图片取自', ...path, check: orTemplate }),
	customTo: text('Recipient from', { zh: '接收者取自', ...path, check: orTemplate }),
	customLevel: text('Level from', {
		zh: '级别取自',
		...path,
		help: {
			en: 'What it leads to may be info, success, warning, failure or a word such as “critical”',
			zh: '取到的值可为 info、success、warning、failure，或 critical、错误之类的词',
		},
		check: orTemplate,
	}),
	customType: text('Type from', {
		zh: '类型取自',
		...path,
		placeholder: '$.event',
		help: {
			en: 'Becomes event.type, which filters and flows look at; without it: message',
			zh: '成为 event.type，供筛选与流程判断；不填则为 message',
		},
		check: orTemplate,
	}),
	customKey: text('Key from', {
		zh: '去重键取自',
		...path,
		placeholder: '$.id',
		help: { en: 'What has the same key is the same happening, told again', zh: '键相同即视为同一事件的重复通知' },
		check: orTemplate,
	}),
};

export type Here = Receiving<typeof account, typeof options>;

function isTimeZone(value: string): boolean {
	try {
		return new Intl.DateTimeFormat('en', { timeZone: value }).resolvedOptions().timeZone !== '';
	} catch {
		return false;
	}
}
