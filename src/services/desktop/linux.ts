import { existsSync } from 'node:fs';
import { ChannelError } from '../../core/base/errors';
import { fill, type Text } from '../../core/base/language';
import { printable, run, type Ended } from './program';
import type { Desktop, Toast } from './toast';

/** Ids of what was shown, by bus and key, so that the same key replaces it; the oldest go first. */
const shown = new Map<string, string>();
const most = 500;

/** Toasts by the freedesktop.org notification service, through `notify-send`. */
export function linuxDesktop({ sessionBus, signal }: { sessionBus?: string; signal: AbortSignal }): Desktop {
	const bus = addressOf(sessionBus);
	const env = { DBUS_SESSION_BUS_ADDRESS: bus };

	const ask = async (method: string, ...args: string[]): Promise<Ended> => {
		const name = 'org.freedesktop.Notifications';
		const ended = await run(
			'dbus-send',
			[
				'--session',
				'--print-reply',
				'--reply-timeout=5000',
				`--dest=${name}`,
				'/org/freedesktop/Notifications',
				`${name}.${method}`,
				...args,
			],
			{ env, signal },
		);
		if (!ended.missing && ended.code !== 0) throw refusal(ended.stderr);
		return ended;
	};

	return {
		async show(toast) {
			const key = toast.key === undefined ? undefined : `${bus}\n${toast.key}`;
			const args = argumentsOf(
				toast,
				key === undefined ? undefined : shown.get(key),
				await speaksMarkup(toast.body, ask),
			);
			let ended = await run('notify-send', args, { env, signal });
			// Before version 0.8 it could neither tell ids nor replace.
			if (ended.code !== 0 && /unknown option/i.test(ended.stderr))
				ended = await run('notify-send', argumentsOf(toast, undefined, true, true), { env, signal });
			if (ended.missing) throw notInstalled();
			if (ended.code !== 0) throw refusal(ended.stderr);
			const id = /^\d+$/.exec(ended.stdout.trim())?.[0];
			if (key !== undefined && id !== undefined) remember(key, id);
			return id;
		},
		close: async (id) => {
			await ask('CloseNotification', `uint32:${Number(id) >>> 0}`);
		},
		check: async () => {
			await ask('GetServerInformation');
			if ((await run('notify-send', ['--version'], { env, signal })).missing) throw notInstalled();
		},
	};
}

function remember(key: string, id: string): void {
	shown.delete(key);
	shown.set(key, id);
	if (shown.size > most) shown.delete(shown.keys().next().value as string);
}

function argumentsOf(toast: Toast, replaces: string | undefined, markup: boolean, old = false): string[] {
	const { app, title, body, urgency, icon, image, seconds, sound, silent, category } = toast;
	// Older versions refuse a value with a colon in it.
	const hint = (type: string, name: string, value: string) => ['-h', `${type}:${name}:${value}`];
	return [
		...['-a', printable(app), '-u', urgency],
		...(old ? [] : ['-p']),
		...(replaces === undefined ? [] : ['-r', replaces]),
		...(seconds === undefined ? [] : ['-t', String(Math.round(seconds * 1000))]),
		...(icon === undefined ? [] : ['-i', printable(icon)]),
		...(image === undefined ? [] : hint('string', 'image-path', image)),
		...(category === undefined ? [] : ['-c', printable(category)]),
		...(sound === undefined ? [] : hint('string', 'sound-name', printable(sound).replaceAll(':', ''))),
		...(silent ? hint('boolean', 'suppress-sound', 'true') : []),
		...['--', printable(title), bodyOf(printable(body), markup)],
	];
}

/** `notify-send` reads backslashes of the body as escapes, and the desktop may read it as markup. */
function bodyOf(body: string, markup: boolean): string {
	const text = markup ? body.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;') : body;
	return text.replace(/\\/g, '\\\\');
}

async function speaksMarkup(body: string, ask: (method: string) => Promise<Ended>): Promise<boolean> {
	if (!/[&<>]/.test(body)) return true;
	const { missing, stdout } = await ask('GetCapabilities');
	// Nearly all do.
	return missing || stdout.includes('"body-markup"');
}

/** The session's bus: the one that was named, this process's own, or the usual place of this user's. */
function addressOf(named: string | undefined): string {
	const own = named ?? process.env.DBUS_SESSION_BUS_ADDRESS;
	if (own) return own;
	const usual = `${process.env.XDG_RUNTIME_DIR ?? `/run/user/${process.getuid?.() ?? 0}`}/bus`;
	if (existsSync(usual)) return `unix:path=${usual}`;
	throw existsSync('/.dockerenv') || existsSync('/run/.containerenv') ? inContainer() : noSession();
}

const lasting = (text: Text, code: string) => new ChannelError('Unreachable', text, { code, transient: false });

const noSession = () =>
	lasting(
		{
			en: 'There is no desktop session here (no DBUS_SESSION_BUS_ADDRESS): start the host inside the desktop session, or fill in the session bus address. A system service has none.',
			zh: '此处没有桌面会话（缺少 DBUS_SESSION_BUS_ADDRESS）：请在桌面会话中启动宿主程序，或填写会话总线地址。系统服务没有桌面会话。',
		},
		'NO_SESSION',
	);
const inContainer = () =>
	lasting(
		{
			en: 'The host runs in a container, which has no desktop: use another channel, or pass the session bus into the container.',
			zh: '宿主程序运行在容器中，没有桌面：请改用其他通知渠道，或把会话总线挂载到容器中。',
		},
		'NO_SESSION',
	);
const notInstalled = () =>
	lasting(
		{
			en: '“notify-send” is missing: install libnotify (Debian and Ubuntu: libnotify-bin).',
			zh: '缺少 notify-send：请安装 libnotify（Debian、Ubuntu 为 libnotify-bin）。',
		},
		'ENOENT',
	);

function refusal(stderr: string): ChannelError {
	const words = stderr.slice(0, 300);
	if (/ServiceUnknown|not provided by any|NameHasNoOwner|StartServiceByName|Spawn\./i.test(stderr)) {
		return lasting(
			{
				en: 'No notification service runs in this desktop session: start one (GNOME and KDE have one, otherwise dunst or mako).',
				zh: '该桌面会话中没有通知服务：请启动一个（GNOME、KDE 自带，其他可用 dunst 或 mako）。',
			},
			'NO_SERVICE',
		);
	}
	if (
		/autolaunch|Failed to (connect|open)|Could not connect|connection.{0,200}(refused|closed)|No such file|Permission denied|access denied|Unable to connect/i.test(
			stderr,
		)
	) {
		return lasting(
			fill(
				{
					en: 'The desktop session cannot be reached ({words}): it must belong to the user who runs the host, and be running.',
					zh: '无法连接桌面会话（{words}）：该会话必须属于运行宿主程序的用户，且正在运行。',
				},
				{ words },
			),
			'NO_SESSION',
		);
	}
	return new ChannelError(
		'Rejected',
		fill({ en: 'The desktop refused the notification: {words}', zh: '桌面拒绝了通知：{words}' }, { words }),
		{ code: 'NOTIFY' },
	);
}
