import { ChannelError } from '../base/errors';
import type { Connection } from './connection';
import { aborted } from './backOff';

/** One node that listens. */
export interface Ear {
	status: Connection['status'];
}

/** A connection that several nodes share. */
export interface Line<E extends Ear> {
	/** Of those who listen the one whose account is used. */
	readonly first: E;
	readonly ears: ReadonlySet<E>;
	/** Aborted when nobody listens any more. */
	readonly signal: AbortSignal;
	/** To all of them, where it is news. */
	say(...said: Parameters<Ear['status']>): void;
	/** Called when one more listens. */
	joined?(): void;
}

/**
 * One connection a key, whatever number of nodes and deploys want it: services allow only one, or give each event to
 * one of several.
 * @param run resolves once `line.signal` is aborted and everything is closed
 * @returns what a node listens with, until its signal is aborted; throws what `run` throws. Whoever comes while an old connection ends waits for that
 */
export function lines<E extends Ear>(run: (line: Line<E>) => Promise<void>) {
	const open = new Map<string, Shared<E>>();
	return async (key: string, ear: E, signal: AbortSignal): Promise<void> => {
		let line = open.get(key);
		while (line?.signal.aborted && !signal.aborted) {
			await line.ended.catch(() => undefined);
			line = open.get(key);
		}
		if (signal.aborted) return;
		if (!line) {
			open.set(key, (line = new Shared(ear)));
			line.ended = run(line).finally(() => open.delete(key));
		} else {
			line.ears.add(ear);
			line.joined?.();
		}
		await line.listen(ear, signal);
	};
}

class Shared<E extends Ear> implements Line<E> {
	readonly ears: Set<E>;
	joined?: () => void;
	/** Settles when nothing of it is under way any more. */
	ended: Promise<void> = Promise.resolve();
	private readonly stop = new AbortController();
	private said: Parameters<Ear['status']> = ['connecting'];

	constructor(private readonly founder: E) {
		this.ears = new Set([founder]);
	}

	get first(): E {
		const [first = this.founder] = this.ears;
		return first;
	}

	get signal(): AbortSignal {
		return this.stop.signal;
	}

	say(...said: Parameters<Ear['status']>): void {
		if (JSON.stringify(said) === JSON.stringify(this.said)) return;
		this.said = said;
		for (const { status } of this.ears) status(...said);
	}

	async listen(ear: E, signal: AbortSignal): Promise<void> {
		ear.status(...this.said);
		await Promise.race([this.ended, aborted(signal)]);
		this.ears.delete(ear);
		if (this.ears.size > 0) return;
		this.stop.abort(ended);
		await this.ended;
	}
}

const ended = new ChannelError(
	'Unreachable',
	{ en: 'The connection was ended.', zh: '连接已关闭。' },
	{ code: 'CLOSED', transient: false },
);
