import { ChannelError } from './errors';

/** As much of an `AbortSignal` as waiting for one answer needs. */
export interface Halt {
	readonly aborted: boolean;
	readonly reason: unknown;
	addEventListener(type: 'abort', listener: () => void): void;
	removeEventListener(type: 'abort', listener: () => void): void;
}

/**
 * Aborted when the time is over or the host stops, with the error that says so; `end` must be called.
 * Most channels never look at it, so a real signal is made only for those who ask.
 */
export class Deadline implements Halt {
	aborted = false;
	reason: unknown;
	private readonly timer: NodeJS.Timeout;
	private readonly listeners = new Set<() => void>();
	private controller?: AbortController;
	private readonly cancel?: () => void;

	/** @throws ChannelError where the host has stopped already */
	constructor(
		seconds: number,
		private readonly host: AbortSignal | undefined,
	) {
		if (host?.aborted) throw cancelled();
		this.timer = setTimeout(() => this.abort(tooLate(seconds)), Math.min(seconds * 1000, 2 ** 31 - 1));
		if (!host) return;
		this.cancel = () => this.abort(cancelled());
		host.addEventListener('abort', this.cancel, { once: true });
	}

	get signal(): AbortSignal {
		if (!this.controller) {
			this.controller = new AbortController();
			if (this.aborted) this.controller.abort(this.reason);
		}
		return this.controller.signal;
	}

	addEventListener(_: 'abort', listener: () => void): void {
		this.listeners.add(listener);
	}

	removeEventListener(_: 'abort', listener: () => void): void {
		this.listeners.delete(listener);
	}

	end(): void {
		clearTimeout(this.timer);
		if (this.cancel) this.host?.removeEventListener('abort', this.cancel);
	}

	private abort(reason: ChannelError): void {
		if (this.aborted) return;
		this.aborted = true;
		this.reason = reason;
		this.controller?.abort(reason);
		for (const listener of [...this.listeners]) listener();
	}
}

const cancelled = () =>
	new ChannelError(
		'Unreachable',
		{ en: 'Sending was cancelled.', zh: '发送已取消。' },
		{ code: 'CANCELLED', transient: false },
	);

const tooLate = (seconds: number) =>
	new ChannelError(
		'Unreachable',
		{
			en: `Nothing came back within the time limit of ${seconds} s. Check the network and the proxy, or raise the time limit.`,
			zh: `在 ${seconds} 秒的总时限内没有结果。请检查网络与代理，或调大时限。`,
		},
		{ code: 'DEADLINE', transient: false },
	);
