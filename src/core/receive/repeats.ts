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

	/** Whether it is the first of its key within the window, or within the longer time (s) in which its sender tells it again. */
	async isFirst(key: string | undefined, remember = 0): Promise<boolean> {
		const seconds = Math.max(this.window, remember);
		if (key === undefined || seconds === 0) return true;
		try {
			return await this.store.claim(this.keyOf(key), seconds);
		} catch {
			// Better twice than never: a store that is out of reach must not swallow happenings.
			return true;
		}
	}

	/** Whether it was told, as far as that is known. */
	async was(key: string): Promise<boolean> {
		try {
			return (await this.store.get(this.keyOf(key))) !== undefined;
		} catch {
			return false;
		}
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
