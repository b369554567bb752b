import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
	action,
	chars,
	ChannelError,
	choice,
	defineChannel,
	number,
	text,
	toggle,
	type File,
	type Values,
} from '../../core/define/channel';
import { extension } from '../../core/message/bytes';
import { fill, type Text } from '../../core/base/language';
import { requiredTitle } from '../../core/define/requiredTitle';
import { linuxDesktop } from './linux';
import { macDesktop } from './macos';
import type { Desktop } from './toast';
import { windowsDesktop } from './windows';

const titleLimit = chars(100);

const account = {
	appName: text('Sender name', { zh: '发送者名称', default: 'Carillon' }),
	sessionBus: text('Session bus address', {
		zh: '会话总线地址',
		optional: true,
		placeholder: 'unix:path=/run/user/1000/bus',
		help: {
			en: 'Linux: where the host does not know its desktop session by itself',
			zh: 'Linux：宿主程序无法自行找到桌面会话时填写',
		},
	}),
	appId: text('Application id', {
		zh: '应用标识',
		optional: true,
		help: {
			en: 'Windows: an AppUserModelID with a Start-menu entry, instead of PowerShell’s',
			zh: 'Windows：在开始菜单中注册过的 AppUserModelID，默认使用 PowerShell 的',
		},
	}),
};

const options = {
	urgency: choice(
		'Urgency',
		{
			low: ['Low', '低'],
			normal: ['Normal', '普通'],
			critical: ['Critical: stays until dismissed', '紧急：直到手动关闭'],
		},
		{ zh: '紧急程度', optional: true, help: { en: 'Empty: failures are critical', zh: '留空时，失败消息为紧急' } },
	),
	seconds: number('Goes after (seconds)', {
		zh: '显示时长（秒）',
		optional: true,
		min: 1,
		max: 86_400,
		help: {
			en: 'Linux; on Windows when it leaves the notification centre',
			zh: 'Linux；Windows 为从通知中心移除的时间',
		},
	}),
	replace: toggle('Replace the earlier one', {
		zh: '替换之前的通知',
		default: true,
		help: { en: 'Messages with the same key: Linux and Windows', zh: '针对 key 相同的消息：Linux 与 Windows' },
	}),
	icon: text('Icon', {
		zh: '图标',
		optional: true,
		placeholder: 'dialog-information',
		help: { en: 'A file’s path, or on Linux an icon’s name', zh: '文件路径，Linux 也可填图标名称' },
	}),
	sound: text('Sound', {
		zh: '声音',
		optional: true,
		help: {
			en: 'Linux: message-new-instant; macOS: Glass; Windows: Notification.Mail',
			zh: '例如 Linux 填 message-new-instant，macOS 填 Glass，Windows 填 Notification.Mail',
		},
	}),
	subtitle: text('Subtitle', {
		zh: '副标题',
		optional: true,
		help: { en: 'macOS and Windows', zh: '适用于 macOS 与 Windows' },
	}),
	category: text('Category', {
		zh: '类别',
		optional: true,
		placeholder: 'transfer.complete',
		help: { en: 'Linux only', zh: '仅 Linux' },
	}),
	scenario: choice(
		'Scenario',
		{
			reminder: ['Reminder', '提醒'],
			alarm: ['Alarm', '闹钟'],
			incomingCall: ['Incoming call', '来电'],
			urgent: ['Urgent', '紧急'],
		},
		{ zh: '场景', optional: true, help: { en: 'Windows only', zh: '仅 Windows' } },
	),
	long: toggle('Show longer', {
		zh: '延长显示',
		help: { en: 'Windows only: 25 seconds', zh: '仅 Windows：显示 25 秒' },
	}),
};

type Account = Values<typeof account>;

export const desktop = defineChannel({
	id: 'desktop',
	set: 'push',
	name: 'Desktop Notification',
	zh: '桌面通知',
	docs: 'https://specifications.freedesktop.org/notification-spec/latest/',
	aliases: ['Toast', 'notify-send', 'Windows', 'macOS', 'Linux', '桌面', '弹窗'],
	transport: 'local',
	silent: true,
	edit: 'byKey',
	// A toast shows some lines, and Windows takes 5 KB in all.
	renders: () => {
		const common = { markup: 'plain', limit: chars(400), title: titleLimit, level: true, single: true } as const;
		if (process.platform === 'win32') return { ...common, image: 'bytes', url: true, buttons: { most: 5 } };
		return process.platform === 'darwin' ? common : { ...common, image: 'bytes' };
	},
	account,
	options,

	async send(input) {
		const { message, account, options: o, language } = input;
		const { image, level, source } = message;
		let picture: string | undefined;
		const warnings: Text[] = [];
		try {
			picture = image && (await keep(image));
		} catch (error) {
			const why = (error as Error).message;
			warnings.push({
				en: `The picture could not be kept for the desktop (${why}).`,
				zh: `无法为桌面保存图片（${why}）。`,
			});
		}
		const id = await desktopOf(input).show({
			app: account.appName,
			title: requiredTitle(message, titleLimit, language),
			body:
				message.title === undefined &&
				!message.body.includes('\n') &&
				[...message.body].length <= titleLimit.max
					? ''
					: message.body,
			urgency: o.urgency ?? (level === 'failure' ? 'critical' : 'normal'),
			image: picture,
			icon: o.icon,
			key: o.replace || source.edit ? source.key : undefined,
			seconds: o.seconds,
			sound: message.silent ? undefined : o.sound,
			silent: message.silent ?? false,
			subtitle: o.subtitle,
			url: message.url,
			buttons: message.buttons.flatMap(({ text, url }) => (url === undefined ? [] : [{ text, url }])),
			category: o.category,
			scenario: o.scenario,
			long: o.long,
		});
		return {
			id,
			handle: id === undefined ? undefined : { id },
			raw: { shown: true },
			warnings,
			degraded: [
				...(warnings.length > 0 ? ['image'] : []),
				// macOS shows each for itself.
				...(source.edit && source.key !== undefined && process.platform === 'darwin' ? ['edit'] : []),
			],
		};
	},

	async verify(call) {
		await desktopOf(call).check();
	},

	actions: {
		closeNotification: action<typeof account>()({
			name: 'Close Notification',
			zh: '关闭通知',
			description: { en: 'Takes a notification back: Linux and Windows', zh: '撤回一条通知：Linux 与 Windows' },
			fields: {
				id: text('Notification id', {
					zh: '通知 ID',
					help: { en: '“id” of the receipt’s handle', zh: '回执 handle 中的 id' },
				}),
			},
			run: async (call) => {
				await desktopOf(call).close(call.input.id);
				return { closed: true };
			},
		}),
	},

	async close() {
		const folder = pictures?.folder;
		pictures = undefined;
		if (folder !== undefined) await rm(folder, { recursive: true, force: true });
	},
});

function desktopOf({ account, signal }: { account: Account; signal: AbortSignal }): Desktop {
	switch (process.platform) {
		case 'win32':
			return windowsDesktop({ appId: account.appId, signal });
		case 'darwin':
			return macDesktop({ signal });
		case 'linux':
		case 'freebsd':
		case 'openbsd':
			return linuxDesktop({ sessionBus: account.sessionBus, signal });
		default:
			throw new ChannelError(
				'Unreachable',
				fill(
					{
						en: 'Desktop notifications do not exist on this system ({system}).',
						zh: '该系统（{system}）不支持桌面通知。',
					},
					{ system: process.platform },
				),
				{ code: 'NO_SESSION', transient: false },
			);
	}
}

/** Desktops want pictures as files, and read them when they please: the last few stay. */
let pictures: { folder: string; names: Set<string> } | undefined;
const mostPictures = 20;

async function keep({ data, mime }: File): Promise<string | undefined> {
	if (!data) return undefined;
	pictures ??= { folder: await mkdtemp(join(tmpdir(), 'carillon-')), names: new Set() };
	const { folder, names } = pictures;
	const name = `${createHash('sha256').update(data).digest('hex').slice(0, 32)}.${extension(mime)}`;
	const path = join(folder, name);
	await writeFile(path, data, { mode: 0o600 });
	names.delete(name);
	names.add(name);
	const [oldest] = names;
	if (names.size > mostPictures && oldest !== undefined) {
		names.delete(oldest);
		await rm(join(folder, oldest), { force: true });
	}
	return path;
}
