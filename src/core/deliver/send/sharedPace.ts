import { hash } from 'node:crypto';
import type { Clock } from '../../base/clock';
import { inTime } from '../../base/inTime';
import type { Text } from '../../base/language';
import type { Pace } from '../../define/channel';
import type { KeyValues } from '../../state/store';
import { lateTurn, nameOf } from './pace';

/** ms; no send waits longer. */
const furthest = 86_400_000;

/** As it is kept: the first time in ms since the epoch, of each other how much later it is. */
interface Kept {
	times: number[];
	heldUntil: number;
}

const placeOf = (pace: Pace, key: string, target: string) =>
	`turns:${hash('sha256', nameOf(pace, key, target), 'base64url')}`;

function opened(text: string | undefined): Kept {
	const { times, heldUntil } = text === undefined ? { times: [], heldUntil: 0 } : (JSON.parse(text) as Kept);
	let last = 0;
	return { times: times.map((step) => (last += step)), heldUntil };
}

const closed = ({ times, heldUntil }: Kept): string =>
	JSON.stringify({ times: times.map((time, at) => time - (times[at - 1] ?? 0)), heldUntil });

/** How long it matters, in s. */
const lifeOf = ({ seconds }: Pace, at: number, now: number) => seconds + Math.ceil((at - now) / 1000) + 1;

/**
 * Waits for a turn among all processes that share the store, so that a service sees one sender. Where the store is slow
 * or away, each process keeps to the pace by itself.
 * @param deadline ms since the epoch
 * @throws ChannelError `RateLimited` at once where the turn would come too late
 */
export async function takeSharedTurn(
	store: KeyValues,
	paces: readonly Pace[],
	key: string,
	target: string,
	name: Text,
	clock: Clock,
	deadline: number,
	signal: AbortSignal,
): Promise<void> {
	const now = clock.now();
	let at = now;
	const taken: { pace: Pace; at: number }[] = [];
	const giveBack = () => {
		for (const one of taken) {
			const without = (text: string | undefined) => {
				const kept = opened(text);
				const index = kept.times.lastIndexOf(one.at);
				if (index >= 0) kept.times.splice(index, 1);
				return closed(kept);
			};
			const place = placeOf(one.pace, key, target);
			store.update(place, without, lifeOf(one.pace, one.at, now)).catch(() => undefined);
		}
	};
	for (const pace of paces.filter(({ only }) => only?.(target) ?? true)) {
		const turn = await reserve(store, pace, placeOf(pace, key, target), at, now, deadline);
		if (turn === undefined) continue;
		at = turn;
		if (at > deadline) {
			giveBack();
			throw lateTurn(pace, name, at - now);
		}
		taken.push({ pace, at });
	}
	try {
		if (at > now) await clock.sleep(at - now, signal);
	} catch (error) {
		giveBack();
		throw error;
	}
}

/** The first time from `from` on that a pace leaves free: taken, unless it is too late. `undefined` where the store does not say in time. */
async function reserve(
	store: KeyValues,
	pace: Pace,
	place: string,
	from: number,
	now: number,
	deadline: number,
): Promise<number | undefined> {
	const span = pace.seconds * 1000;
	let at = from;
	const take = (text: string | undefined) => {
		const kept = opened(text);
		// Those of a clock that was far ahead say nothing.
		const times = kept.times.filter((time) => time > now - span && time <= now + furthest);
		const heldUntil = kept.heldUntil <= now + furthest ? kept.heldUntil : 0;
		at = Math.max(from, heldUntil, (times[times.length - pace.count] ?? -Infinity) + span);
		if (at > deadline) return text;
		times.push(at);
		times.sort((one, other) => one - other);
		return closed({ times, heldUntil });
	};
	// It lives as long as it may have to, whatever comes of it.
	const done = store.update(place, take, lifeOf(pace, deadline, now)).then(() => true);
	return (await inTime(done, false)) ? at : undefined;
}

/** The service asked all of this account (or target) to wait. */
export function holdShared(
	store: KeyValues,
	paces: readonly Pace[],
	key: string,
	target: string,
	until: number,
	now: number,
): void {
	const [widest] = paces;
	if (!widest) return;
	const later = (text: string | undefined) => {
		const kept = opened(text);
		return closed({ ...kept, heldUntil: Math.max(kept.heldUntil, until) });
	};
	store.update(placeOf(widest, key, target), later, lifeOf(widest, until, now)).catch(() => undefined);
}
