import { createCipheriv, createDecipheriv, hash, randomBytes } from 'node:crypto';
import type { Clock } from '../../base/clock';
import { inTime } from '../../base/inTime';
import type { KeyValues } from '../../state/store';

export interface Token {
	value: string;
	/** How long it lives. */
	seconds: number;
}

interface Kept {
	value: string;
	/** ms since the epoch */
	expires: number;
	/** From then on it is renewed. */
	stale: number;
}

/** s that nobody else asks while one does; ms between two looks whether it has an answer. */
const [asking, look] = [15, 100];
/** ms for which another process's answer is waited for. */
const patience = 5_000;
/** s before its end at which a token is renewed. */
const margin = 300;

/**
 * The token of an account that another process has, or a fresh one, which the others then have: one of them asks for it.
 * Where the store is slow or away each has its own. Only who has the account can read what is kept.
 * @param key of the account, its secrets in it
 * @param refused by the service, whatever the store says
 */
export async function sharedToken(
	store: KeyValues,
	key: string,
	fetch: () => Promise<Token>,
	clock: Pick<Clock, 'now' | 'sleep'>,
	signal: AbortSignal,
	refused?: string,
): Promise<Token> {
	const place = `token:${hash('sha256', `place\n${key}`, 'base64url')}`;
	const known = async (): Promise<Token | undefined> => {
		const kept = opened(await inTime(store.get(place), undefined), key);
		const now = clock.now();
		if (!kept || kept.value === refused || now >= kept.stale) return undefined;
		return { value: kept.value, seconds: (kept.expires - now) / 1000 };
	};
	const found = await known();
	if (found) return found;
	const isFirst = await inTime(store.claim(`${place}:asked`, asking), true);
	for (const until = clock.now() + patience; !isFirst && clock.now() < until;) {
		await clock.sleep(look, signal);
		const others = await known();
		if (others) return others;
	}
	try {
		const fresh = await fetch();
		const { value, seconds } = fresh;
		const now = clock.now();
		const stale = now + (seconds - Math.min(margin, seconds / 2)) * 1000;
		const text = sealed({ value, expires: now + seconds * 1000, stale }, key);
		if (seconds > 0) await inTime(store.set(place, text, Math.max(1, seconds)), undefined);
		return fresh;
	} finally {
		// It ends by itself where the store does not hear of this.
		if (isFirst) store.delete(`${place}:asked`).catch(() => undefined);
	}
}

const keyFor = (account: string) => hash('sha256', `seal\n${account}`, 'buffer');

function sealed(kept: Kept, account: string): string {
	const nonce = randomBytes(12);
	const cipher = createCipheriv('aes-256-gcm', keyFor(account), nonce);
	const text = Buffer.concat([cipher.update(JSON.stringify(kept), 'utf8'), cipher.final()]);
	return Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64url');
}

/** `undefined` for what is not there, or was not written by one who has the account. */
function opened(text: string | undefined, account: string): Kept | undefined {
	if (text === undefined) return undefined;
	try {
		const bytes = Buffer.from(text, 'base64url');
		const decipher = createDecipheriv('aes-256-gcm', keyFor(account), bytes.subarray(0, 12), { authTagLength: 16 });
		decipher.setAuthTag(bytes.subarray(12, 28));
		const plain = Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8');
		return JSON.parse(plain) as Kept;
	} catch {
		return undefined;
	}
}
