import { hash } from 'node:crypto';
import { inTime } from '../base/inTime';
import type { OutgoingReply } from '../define/trigger';
import type { KeyValues } from '../state/store';

/** What was told before, by the keys of happenings. */
export class Repeats {
	constructor(
		private readonly store: KeyValues,
		/** Keeps the keys of one node apart from those of another. */
		private readonly scope: string,
		/** s */
		private readonly window: number,
	) {}

	/**
	 * Whether it is the first of its key within the window, or within the longer time (s) in which its sender tells it again.
	 * @param claim asks somewhere else than in the store
	 */
	async isFirst(
		key: string | undefined,
		remember = 0,
		claim = (place: string, seconds: number) => this.store.claim(place, seconds),
	): Promise<boolean> {
		const place = this.placeOf(key, remember);
		if (!place) return true;
		try {
			return await claim(place.key, place.seconds);
		} catch {
			// Better twice than never: a store that is out of reach must not swallow happenings.
			return true;
		}
	}

	/** Whether it was told, as far as that is known. @param isTaken asks somewhere else than in the store */
	async was(
		key: string,
		isTaken = async (place: string) => (await this.store.get(place)) !== undefined,
	): Promise<boolean> {
		try {
			return await isTaken(this.keyOf(key));
		} catch {
			return false;
		}
	}

	/** What is to be claimed for it, and for how long (s). */
	placeOf(key: string | undefined, remember = 0): { key: string; seconds: number } | undefined {
		const seconds = Math.max(this.window, remember);
		return key === undefined || seconds === 0 ? undefined : { key: this.keyOf(key), seconds };
	}

	private keyOf(key: string): string {
		return `${this.scope}:${short(key)}`;
	}
}

/** Senders choose their keys, and may choose a megabyte. */
const short = (key: string) => (key.length > 200 ? hash('sha256', key, 'base64url') : key);

/** The answer of those that have no words of their own. */
export const accepted: OutgoingReply = {
	status: 200,
	headers: { 'content-type': 'application/json' },
	body: '{"ok":true}',
};
const repeated: OutgoingReply = { ...accepted, body: '{"ok":true,"repeated":true}' };

/** The answer where that is known in time: a request whose happenings were all told before is told so. */
export const tellRepeats = async (areRepeats: Promise<boolean>): Promise<OutgoingReply> =>
	(await inTime(areRepeats, false)) ? repeated : accepted;
