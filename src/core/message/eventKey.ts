import { hash } from 'node:crypto';
import type { MediaEvent } from './event';
import { progressOf } from './details';
import type { Message } from './message';

/**
 * The same key is the same happening: whatever is told of it goes in, save the moment of telling.
 * @param bucket seconds that count as one moment; without it the time does not matter
 */
export function keyOf(event: MediaEvent, said: Partial<Message> = {}, bucket?: number): string {
	if (said.key) return said.key;
	const { source, type, playback, time, raw: _, ...told } = event;
	const { time: __, ...worded } = said;
	// A library tells of a film once a day at most; people press play more often.
	const seconds = type.startsWith('library.') ? 86_400 : bucket;
	const when = bucket === undefined ? '' : Math.floor(Date.parse(time) / 1000 / (seconds ?? bucket));
	// Where one got to is told of stops, not of starts: there a second more or less is another telling of the same.
	const place = [progressOf(event, 'en'), playback?.paused, playback?.method];
	return `${source}:${type}:${digest([told, worded, hash('sha256', worded.body ?? ''), place, when])}`;
}

/**
 * What it is about, however little is known of it yet: a fuller telling has the same one.
 * `undefined` where it is about nothing that could be told more fully.
 */
export function subjectOf({ source, type, server, item }: MediaEvent): string | undefined {
	if (!item) return undefined;
	const { id, path, kind, title, series, season, episode } = item;
	const known = id === undefined ? [path, kind, series ?? title, season, episode] : [id];
	return `${source}:${type}:${digest([server?.id ?? server?.url ?? server?.name, ...known])}`;
}

const digest = (value: unknown) => hash('sha256', JSON.stringify(inOrder(value)), 'base64url').slice(0, 16);

/** The same values give the same text, in whatever order they were put together; bytes stand as their hash. */
function inOrder(value: unknown): unknown {
	// Nobody reads so far; what came may be megabytes.
	if (typeof value === 'string' && value.length > 65_536) return [value.length, value.slice(0, 65_536)];
	if (value instanceof Uint8Array) return hash('sha256', value, 'base64url');
	if (Array.isArray(value)) return value.map(inOrder);
	if (typeof value !== 'object' || value === null) return value;
	return Object.entries(value)
		.filter(([, one]) => one !== undefined)
		.sort(([one], [other]) => (one < other ? -1 : 1))
		.map(([name, one]) => [name, inOrder(one)]);
}
