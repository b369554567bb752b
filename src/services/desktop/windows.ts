import { createHash } from 'node:crypto';
import { pathToFileURL } from 'node:url';
import { ChannelError, invalid } from '../../core/base/errors';
import { fill, type Text } from '../../core/base/language';
import { printable, run } from './program';
import type { Desktop, Toast } from './toast';

/** PowerShell's own: it has the Start-menu entry without which nothing shows. */
const powerShell = '{1AC14E77-02E7-4E5D-B744-2EB1AE5198B7}\\WindowsPowerShell\\v1.0\\powershell.exe';

/** Toasts by Windows' own interface, through PowerShell. The script never changes: what is shown comes in the environment, as base64. */
export function windowsDesktop({ appId = powerShell, signal }: { appId?: string; signal: AbortSignal }): Desktop {
	const ask = async (task: Task): Promise<void> => {
		const env = { CARILLON_TOAST: Buffer.from(JSON.stringify({ appId, ...task })).toString('base64') };
		const ended = await run(
			'powershell.exe',
			['-NoProfile', '-NonInteractive', '-ExecutionPolicy', 'Bypass', '-EncodedCommand', encodedScript],
			{ env, signal },
		);
		if (ended.missing || ended.code !== 0) throw refusal(ended.code, ended.stderr);
	};
	return {
		async show(toast) {
			const xml = toastXml(toast);
			if (Buffer.byteLength(xml) > 5_000)
				throw invalid('message', {
					en: 'Windows takes 5 KB for a toast: shorten text and links.',
					zh: 'Windows 的通知不能超过 5 KB：请缩短正文与链接。',
				});
			const tag =
				toast.key === undefined ? undefined : createHash('sha256').update(toast.key).digest('hex').slice(0, 32);
			await ask({ do: 'show', xml, tag, seconds: toast.seconds });
			return tag;
		},
		close: (id) => ask({ do: 'close', tag: id }),
		check: () => ask({ do: 'check' }),
	};
}

interface Task {
	do: 'show' | 'close' | 'check';
	xml?: string;
	tag?: string;
	seconds?: number;
}

const script = `
$ErrorActionPreference = 'Stop'
$task = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($env:CARILLON_TOAST)) | ConvertFrom-Json
if ([Diagnostics.Process]::GetCurrentProcess().SessionId -eq 0) { exit 4 }
[void][Windows.UI.Notifications.ToastNotificationManager, Windows.UI.Notifications, ContentType = WindowsRuntime]
[void][Windows.Data.Xml.Dom.XmlDocument, Windows.Data.Xml.Dom.XmlDocument, ContentType = WindowsRuntime]
$notifier = [Windows.UI.Notifications.ToastNotificationManager]::CreateToastNotifier($task.appId)
if ($task.do -eq 'close') { [Windows.UI.Notifications.ToastNotificationManager]::History.Remove($task.tag, 'carillon', $task.appId); exit 0 }
if ($task.do -eq 'check') { exit 0 }
$xml = New-Object Windows.Data.Xml.Dom.XmlDocument
$xml.LoadXml($task.xml)
$toast = New-Object Windows.UI.Notifications.ToastNotification $xml
$toast.Group = 'carillon'
if ($task.tag) { $toast.Tag = $task.tag }
if ($task.seconds) { $toast.ExpirationTime = [DateTimeOffset]::Now.AddSeconds($task.seconds) }
$notifier.Show($toast)
if ([string]$notifier.Setting -ne 'Enabled') { [Console]::Error.WriteLine([string]$notifier.Setting); exit 3 }
`;
const encodedScript = Buffer.from(script, 'utf16le').toString('base64');

const escapeXml = (text: string) => printable(text).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

const attributes = (values: Record<string, string | undefined>) =>
	Object.entries(values)
		.map(([name, value]) => (value === undefined ? '' : ` ${name}="${escapeXml(value)}"`))
		.join('');

/** What Windows shows of a toast. */
export function toastXml({
	app,
	title,
	subtitle,
	body,
	image,
	icon,
	url,
	buttons,
	sound,
	silent,
	scenario,
	long,
	urgency,
}: Toast): string {
	const lines = [title, subtitle, body]
		.filter((line) => line !== undefined && line !== '')
		.map((line) => `<text>${escapeXml(line!)}</text>`);
	const picture =
		image === undefined ? '' : `<image${attributes({ placement: 'hero', src: pathToFileURL(image).href })}/>`;
	const logo =
		icon === undefined
			? ''
			: `<image${attributes({ placement: 'appLogoOverride', src: /^[a-z]+:\/\//i.test(icon) ? icon : pathToFileURL(icon).href })}/>`;
	const actions = buttons
		.map(
			(button) =>
				`<action${attributes({ content: button.text, activationType: 'protocol', arguments: button.url })}/>`,
		)
		.join('');
	const audio = silent
		? '<audio silent="true"/>'
		: sound === undefined
			? ''
			: `<audio${attributes({ src: /^ms-/.test(sound) ? sound : `ms-winsoundevent:${sound}` })}/>`;
	const opens = url === undefined ? {} : { launch: url, activationType: 'protocol' };
	// A reminder without a button would not stay.
	const stays = scenario ?? (urgency === 'critical' && buttons.length > 0 ? 'reminder' : undefined);
	return (
		`<toast${attributes({ ...opens, scenario: stays, duration: long ? 'long' : undefined })}><visual><binding template="ToastGeneric">${lines.join('')}` +
		`<text placement="attribution">${escapeXml(app)}</text>${picture}${logo}</binding></visual>${actions && `<actions>${actions}</actions>`}${audio}</toast>`
	);
}

const lasting = (text: Text, code: string) => new ChannelError('Unreachable', text, { code, transient: false });

function refusal(code: number | undefined, stderr: string): ChannelError {
	if (code === 4)
		return lasting(
			{
				en: 'The host runs as a Windows service, which has no desktop: start it in a user’s session instead.',
				zh: '宿主程序以 Windows 服务运行，没有桌面：请在用户会话中启动。',
			},
			'NO_SESSION',
		);
	if (code === 3)
		return lasting(
			fill(
				{
					en: 'Windows’ settings hide these notifications ({why}): allow them under System → Notifications.',
					zh: 'Windows 的设置禁止了通知（{why}）：请在“系统 → 通知”中允许。',
				},
				{ why: stderr.slice(0, 100) },
			),
			'DISABLED',
		);
	return lasting(
		fill(
			{
				en: 'Windows PowerShell could not show the notification ({why}).',
				zh: 'Windows PowerShell 无法显示通知（{why}）。',
			},
			{ why: stderr.slice(0, 300) || 'powershell.exe' },
		),
		'POWERSHELL',
	);
}
