import type { Recipient } from '../../base/errors';
import type { Loss } from '../../markup';

export interface Receipt {
	ok: true;
	channel: string;
	ids: string[];
	parts: number;
	/** What was lost on the way: `buttons`, `image`, `markup` … */
	degraded: string[];
	/** The same apart: how many of them in which part, from 1 (of `cut` and `title`: characters). */
	losses: Loss[];
	/** Every part took the place of one that was sent before. */
	edited?: true;
	attempts: number;
	ms: number;
	/** One result each, where each recipient got a message of its own. */
	recipients?: Recipient[];
	/** For edit, recall, reply. Of several parts or targets the last one's; all of them in `handles`. */
	handle?: unknown;
	handles?: unknown[];
	raw: unknown;
	/** Sentences in the account's language. */
	warnings: string[];
}
