import { ChannelError } from '../../core/base/errors';
import { fill } from '../../core/base/language';
import { printable, run } from './program';
import type { Desktop, Toast } from './toast';

/** Toasts by AppleScript. It takes the texts as arguments: no data ever stands in the script. */
export function macDesktop({ signal }: { signal: AbortSignal }): Desktop {
	const script = async (lines: readonly string[], args: readonly string[]) => {
		const ended = await run('osascript', ['-', ...args], {
			input: `on run argv\n${lines.join('\n')}\nend run\n`,
			signal,
		});
		if (ended.missing || ended.code !== 0) throw refusal(ended.stderr);
	};
	return {
		show: async ({ title, body, subtitle = '', sound, silent }: Toast) => {
			const chime = sound === undefined || silent ? '' : ' sound name (item 4 of argv)';
			await script(
				[`display notification (item 1 of argv) with title (item 2 of argv) subtitle (item 3 of argv)${chime}`],
				[body, title, subtitle, sound ?? ''].map(printable),
			);
			return undefined;
		},
		close: () =>
			Promise.reject(
				new ChannelError(
					'Invalid',
					{ en: 'macOS does not let a notification be taken back.', zh: 'macOS 不支持撤回通知。' },
					{ field: 'id' },
				),
			),
		check: () => script(['return'], []),
	};
}

function refusal(stderr: string): ChannelError {
	const words = stderr.slice(0, 300);
	return new ChannelError(
		'Unreachable',
		fill(
			{
				en: 'macOS showed nothing ({words}): the host must run in a user’s desktop session, and “Script Editor” must be allowed to notify.',
				zh: 'macOS 未显示通知（{words}）：宿主程序须运行在用户的桌面会话中，并允许“脚本编辑器”发送通知。',
			},
			{ words: words || 'osascript' },
		),
		{ code: 'NO_SESSION', transient: false },
	);
}
