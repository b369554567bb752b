import { execFile } from 'node:child_process';
import { ChannelError } from '../../core/base/errors';
import { fill } from '../../core/base/language';

/** ms, bytes of output */
const bounds = { time: 15_000, output: 64 * 1024 } as const;

export interface Ended {
	/** Absent where the program could not be started. */
	code?: number;
	stdout: string;
	stderr: string;
	/** There is no such program. */
	missing: boolean;
}

/**
 * Runs a program without a shell: arguments arrive as they are.
 * @throws ChannelError `Unreachable` where it does not end in time
 */
export function run(
	program: string,
	args: readonly string[],
	more: { env?: Record<string, string | undefined>; input?: string; signal: AbortSignal },
): Promise<Ended> {
	const { env, input, signal } = more;
	return new Promise((resolve, reject) => {
		const child = execFile(
			program,
			args,
			{
				env: { ...process.env, ...env },
				timeout: bounds.time,
				maxBuffer: bounds.output,
				windowsHide: true,
				killSignal: 'SIGKILL',
				signal,
			},
			(error, stdout, stderr) => {
				if (signal.aborted) return reject(signal.reason as Error);
				if (error?.killed) return reject(late(program));
				const code = error === null ? 0 : error.code;
				const missing = code === 'ENOENT';
				// A program that is there but may not run, or too long arguments.
				if (!missing && typeof code === 'string') stderr = stderr || error!.message;
				resolve({ code: typeof code === 'number' ? code : undefined, stdout, stderr: stderr.trim(), missing });
			},
		);
		// It may end without having read: that shows in its code.
		child.stdin?.on('error', () => undefined);
		child.stdin?.end(input ?? '');
	});
}

const late = (program: string) =>
	new ChannelError(
		'Unreachable',
		fill(
			{
				en: '{program} did not end in time: the desktop may hang.',
				zh: '{program} 未及时结束：桌面可能已无响应。',
			},
			{ program },
		),
		{ code: 'ETIMEDOUT', unknown: true },
	);

/** What an argument or XML can hold: no NUL and no other control signs but line breaks and tabs, no halves of characters. */
export const printable = (text: string) =>
	text.replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '');
