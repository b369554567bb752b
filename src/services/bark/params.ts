import { createHash } from 'node:crypto';
import {
	choice,
	number,
	text,
	toggle,
	url,
	weightOf,
	type Limit,
	type Rendered,
	type Values,
} from '../../core/define/channel';
import type { Message } from '../../core/message/message';
import { apnsMost, frame, roomFor, type Params } from './payload';

export const barkOptions = {
	format: choice(
		'Text',
		{ plain: ['Plain', '纯文本'], markdown: ['Markdown (recent app versions)', 'Markdown（需新版 App）'] },
		{ zh: '正文格式', default: 'plain' },
	),
	subtitle: text('Subtitle', { zh: '副标题', optional: true }),
	level: choice(
		'Interruption level',
		{
			active: ['Active', '默认'],
			timeSensitive: ['Time-sensitive', '时效性通知'],
			passive: ['Passive', '仅入列表'],
			critical: ['Critical: rings even when muted', '重要警告：静音时也响铃'],
		},
		{
			zh: '通知级别',
			optional: true,
			help: {
				en: 'Empty: warnings and failures are time-sensitive. A silent message is always passive',
				zh: '留空时，警告与失败按时效性通知发送；静音的消息一律仅入列表',
			},
			catches: {
				critical: {
					en: 'Rings at full attention day and night, also with the phone muted or in a Focus.',
					zh: '无论昼夜都会响铃，静音与专注模式也拦不住。',
				},
			},
		},
	),
	volume: number('Volume', { zh: '音量', optional: true, min: 0, max: 10, show: { level: ['critical'] } }),
	sound: text('Sound', { zh: '铃声', optional: true, placeholder: 'minuet' }),
	call: toggle('Ring for 30 seconds', { zh: '持续响铃 30 秒' }),
	badge: number('Badge', { zh: '角标', optional: true, min: 0, integer: true }),
	group: text('Group', { zh: '分组', optional: true }),
	icon: url('Icon', { zh: '图标', optional: true, help: { en: 'iOS 15 or later', zh: 'iOS 15 及以上' } }),
	url: text('Opens', {
		zh: '点击跳转',
		optional: true,
		placeholder: 'https://, weixin://',
		help: { en: 'Instead of the message’s own link', zh: '替代消息自带的链接' },
	}),
	action: choice(
		'When tapped',
		{ none: ['Nothing', '无动作'], alert: ['Show the text', '弹窗显示'] },
		{ zh: '点击动作', optional: true },
	),
	copy: text('Text to copy', { zh: '复制内容', optional: true }),
	autoCopy: toggle('Copy by itself', { zh: '自动复制' }),
	archive: choice(
		'Archive',
		{ keep: ['Keep in history', '保存到历史'], drop: ['Do not keep', '不保存'] },
		{ zh: '历史记录', optional: true },
	),
	ttl: number('Keep for (seconds)', { zh: '保留时长（秒）', optional: true, min: 0, integer: true }),
	id: text('Notification id', {
		zh: '通知 ID',
		optional: true,
		help: {
			en: 'The same id replaces the earlier notification; by default the message’s key',
			zh: '相同 ID 会替换之前的通知；默认使用消息的 key',
		},
	}),
};

export type BarkOptions = Values<typeof barkOptions>;

export const titleRoom = 256;
/** A poster's address comes with many messages and is not known yet when the text is fitted. */
const imageRoom = 250;

export function room(chosen: BarkOptions, encrypted: boolean, { url: link, image }: Message): Limit {
	const size = (text: string) => weightOf(text, roomFor(0, encrypted));
	const picture = image && 'url' in image ? size(image.url) : 0;
	const others =
		sizeOf(chosen, encrypted, size) + (chosen.url || !link ? 0 : size(link)) + Math.max(imageRoom, picture);
	const free = apnsMost - frame - titleRoom;
	// Base64 makes four bytes of three.
	return roomFor(Math.max(400, (encrypted ? Math.floor(free * 0.72) : free) - others), encrypted);
}

/** The same options come with message after message. */
const sizes = { plain: new WeakMap<object, number>(), encrypted: new WeakMap<object, number>() };

function sizeOf(chosen: BarkOptions, encrypted: boolean, measured: (text: string) => number): number {
	const known = sizes[encrypted ? 'encrypted' : 'plain'];
	let size = known.get(chosen);
	if (size === undefined) {
		size = 0;
		for (const [name, value] of Object.entries(chosen))
			if (value !== undefined) size += name.length + 6 + measured(String(value));
		known.set(chosen, size);
	}
	return size;
}

/** Everything as text: the server prints bare numbers its own way (`1e+06`) and skips a title that is none. */
export function paramsOf(message: Rendered, o: BarkOptions): Params {
	const { source, index } = message;
	const { silent } = message;
	const urgent = message.level === 'warning' || message.level === 'failure';
	const level = silent ? 'passive' : (o.level ?? (urgent ? 'timeSensitive' : undefined));
	const id = o.id ?? source.key;
	return filledIn({
		title: message.title,
		subtitle: o.subtitle,
		markdown: message.markup === 'markdown' ? message.body : undefined,
		body: message.markup === 'markdown' ? undefined : message.body,
		level,
		volume: level === 'critical' ? o.volume?.toString() : undefined,
		sound: silent ? undefined : o.sound,
		call: o.call && !silent ? '1' : undefined,
		badge: o.badge?.toString(),
		group: o.group,
		icon: o.icon,
		image: message.image?.url,
		url: o.url ?? message.url,
		action: o.action,
		copy: o.copy,
		autoCopy: o.autoCopy ? '1' : undefined,
		isArchive: o.archive && (o.archive === 'keep' ? '1' : '0'),
		ttl: o.ttl?.toString(),
		id: id === undefined ? undefined : idOf(index === 0 ? id : `${id}#${index + 1}`),
	});
}

function filledIn(params: Readonly<Record<string, string | undefined>>): Params {
	const left: Record<string, string> = {};
	for (const name in params) if (params[name] !== undefined) left[name] = params[name];
	return left;
}

/** APNs takes 64 bytes; what is longer still has to be the same for the same happening. */
export const idOf = (id: string) => (Buffer.byteLength(id) <= 64 ? id : createHash('sha256').update(id).digest('hex'));
