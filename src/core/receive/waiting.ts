import type { Happening } from '../define/trigger';

/** Happenings that wait for late metadata at one time; past it the oldest goes on as it is. */
const mostWaiting = 1_000;

interface Waiting {
	happening: Happening;
	/** `undefined`: another one about the same has taken its place. */
	go(happening: Happening | undefined): void;
	timer: NodeJS.Timeout;
	until: number;
}

/** Holds happenings back whose metadata is late, one for each subject: the latest telling stands for the earlier ones. */
export class WaitingRoom {
	private readonly waiting = new Map<string, Waiting>();

	/** @param now ms since the epoch */
	constructor(private readonly now: () => number) {}

	/** The key of what waits for that subject. */
	keyFor(subject: string): string | undefined {
		return this.waiting.get(subject)?.happening.key;
	}

	/** What waits for that subject goes nowhere: another telling has come. The time until which it was to wait. */
	replace(subject: string): number | undefined {
		const earlier = this.take(subject);
		earlier?.go(undefined);
		return earlier?.until;
	}

	/** The happening when its time is over; `undefined` where a later one has taken its place. */
	hold(subject: string, happening: Happening, until: number, seconds: number): Promise<Happening | undefined> {
		const { waiting, now } = this;
		return new Promise((go) => {
			const timer = setTimeout(
				() => {
					waiting.delete(subject);
					go(happening);
				},
				// Not longer than asked for, whatever the machine's clock does in between.
				Math.min(Math.max(0, until - now()), seconds * 1000),
			);
			waiting.set(subject, { happening, go, timer, until });
			if (waiting.size > mostWaiting) this.giveOut(waiting.keys().next().value as string);
		});
	}

	/** All that waits goes on, now. */
	close(): void {
		for (const subject of [...this.waiting.keys()]) this.giveOut(subject);
	}

	private giveOut(subject: string): void {
		const one = this.take(subject);
		one?.go(one.happening);
	}

	private take(subject: string): Waiting | undefined {
		const one = this.waiting.get(subject);
		clearTimeout(one?.timer);
		this.waiting.delete(subject);
		return one;
	}
}
