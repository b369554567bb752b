import type { Clock } from '../../base/clock';
import type { Pace } from '../../define/channel';
import { ChannelError } from '../../base/errors';
import { named, type Text } from '../../base/language';

/** When the last sends of an account or target went, oldest first; a time in the future is a send that waits for its turn. */
interface Line {
	times: number[];
	waiting: number;
	/** The service asked for silence until then. */
	heldUntil: number;
	/** When it was looked at last. */
	seen: number;
}

const lines = new Map<string, Line>();
/** Past this many waiting sends the next one is refused rather than kept. */
export const mostWaiting = 1_000;
const mostLines = 10_000;

function lineOf(key: string): Line {
	let line = lines.get(key);
	if (!line) {
		line = { times: [], waiting: 0, heldUntil: 0, seen: -Infinity };
		lines.set(key, line);
		if (lines.size > mostLines) dropIdle();
	}
	return line;
}

/** The machine's clock was set back: turns keep their distance from now, so that nobody stands still for an hour. */
function settle(line: Line, now: number): Line {
	const back = line.seen - now;
	if (back > 0) {
		line.times = line.times.map((time) => time - back);
		line.heldUntil -= back;
	}
	line.seen = now;
	return line;
}

/** Of a line: what shares it has the same. */
export const nameOf = ({ per, count, seconds }: Pace, key: string, target: string) =>
	[key, per === 'target' ? target : '', `${count}/${seconds}`].join('\n');

function dropIdle(): void {
	for (const [key, line] of lines) {
		if (line.waiting === 0) lines.delete(key);
		if (lines.size <= mostLines / 2) return;
	}
}

const tooMany: Text = {
	en: 'More than {most} messages already wait for this account because {name} allows only {count} in {seconds} s. Send fewer: group them with a digest.',
	zh: '该账号已有超过 {most} 条消息排队，因为 {name} 每 {seconds} 秒只允许 {count} 条。请用汇总节点合并消息。',
};
const tooLate: Text = {
	en: '{name} allows only {count} messages in {seconds} s, and this one would have had to wait {wait} s, longer than its time limit. Raise the time limit or send fewer.',
	zh: '{name} 每 {seconds} 秒只允许 {count} 条消息，本条需等待 {wait} 秒，超过总时限。请调大时限或减少消息。',
};

function refusedTurn(why: Text, { count, seconds }: Pace, name: Text, ms: number): ChannelError {
	const wait = Math.ceil(ms / 1000);
	const values = { most: mostWaiting, count, seconds, wait };
	return new ChannelError('RateLimited', named(why, name, values), { retryAfter: wait, transient: false });
}

/** @param ms that it would have had to wait */
export const lateTurn = (pace: Pace, name: Text, ms: number): ChannelError => refusedTurn(tooLate, pace, name, ms);

/**
 * Waits for this send's turn under every pace of the channel. Turns are given in the order of asking.
 * @param key the account
 * @param deadline ms since the epoch
 * @throws ChannelError `RateLimited` at once where the turn would come too late, or too many wait
 */
export async function takeTurn(
	paces: readonly Pace[],
	key: string,
	target: string,
	name: Text,
	clock: Clock,
	deadline: number,
	signal: AbortSignal,
): Promise<void> {
	const now = clock.now();
	const queues = paces
		.filter(({ only }) => only?.(target) ?? true)
		.map((pace) => ({ pace, line: settle(lineOf(nameOf(pace, key, target)), now) }));
	let at = now;
	let tight = queues[0];
	for (const queue of queues) {
		const { line, pace } = queue;
		const free = Math.max(
			line.heldUntil,
			(line.times[line.times.length - pace.count] ?? -Infinity) + pace.seconds * 1000,
		);
		if (free > at) {
			at = free;
			tight = queue;
		}
	}
	if (tight && at > now) {
		if (queues.some(({ line }) => line.waiting >= mostWaiting))
			throw refusedTurn(tooMany, tight.pace, name, at - now);
		if (at > deadline) throw lateTurn(tight.pace, name, at - now);
	}
	for (const { line, pace } of queues) {
		// What has left the window no longer counts.
		while (line.times.length > 0 && line.times[0]! <= now - pace.seconds * 1000) line.times.shift();
		line.times.push(at);
		line.waiting++;
	}
	try {
		if (at > now) await clock.sleep(at - now, signal);
	} catch (error) {
		// Nobody sends at this turn: the ones behind may keep theirs, the next to ask gets it.
		for (const { line } of queues) line.times.splice(line.times.lastIndexOf(at), 1);
		throw error;
	} finally {
		for (const { line } of queues) line.waiting--;
	}
}

/** The service asked to wait: everything of this account (or target) does, not only the message that was refused. */
export function hold(paces: readonly Pace[], key: string, target: string, until: number, now?: number): void {
	const [widest] = paces;
	if (!widest) return;
	const line = lineOf(nameOf(widest, key, target));
	if (now !== undefined) settle(line, now);
	line.heldUntil = Math.max(line.heldUntil, until);
}

/** For tests: forgets every line. */
export const forgetTurns = () => lines.clear();
