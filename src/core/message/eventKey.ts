import { hash } from 'node:crypto';
import { digestOf } from '../base/digest';
import type { MediaEvent } from './event';
import { progressOf } from './details';
import type { Message } from './message';

/** Of a happening that its sender did not word. */
export const unsaid: Partial<Message> = {};

/**
 * The same key is the same happening: whatever is told of it goes in, save the moment of telling.
 * @param bucket seconds that count as one moment; without it the time does not matter
 */
export function keyOf(event: MediaEvent, said: Partial<Message> = unsaid, bucket?: number): string {
	if (said.key) return said.key;
	const { source, type, time } = event;
	// A library tells of a film once a day at most; people press play more often.
	const seconds = type.startsWith('library.') ? 86_400 : bucket;
	const when = bucket === undefined ? '' : Math.floor(Date.parse(time) / 1000 / (seconds ?? bucket));
	return `${source}:${type}:${shortDigestOf(`${tellingOf(event, said)}${when}`)}`;
}

/** Each telling of late: a message has a key, and its happening one that does not look at the time. */
const tellings = new WeakMap<MediaEvent, { said: Partial<Message>; text: string }>();

/** What is told, whoever tells it in whatever order. */
function tellingOf(event: MediaEvent, said: Partial<Message>): string {
	const known = tellings.get(event);
	if (known?.said === said) return known.text;
	const { source: _, type: __, playback, time: ___, raw: ____, happening: _____, ...told } = event;
	const { time: ______, happening: _______, ...worded } = said;
	// Where one got to is told of stops, not of starts: there a second more or less is another telling of the same.
	const place = [progressOf(event, 'en'), playback?.paused, playback?.method];
	// Of a script's words, the moment is the hash of all that it sent.
	const isLong = event.moment === undefined && worded.body !== undefined && worded.body.length > read;
	const body = isLong ? digestOf(worded.body!) : '';
	const text = JSON.stringify(inOrder([told, worded, body, place]));
	tellings.set(event, { said, text });
	return text;
}

/**
 * What it is about, however little is known of it yet: a fuller telling has the same one.
 * `undefined` where it is about nothing that could be told more fully.
 */
export function subjectOf({ source, type, server, item }: MediaEvent): string | undefined {
	if (!item) return undefined;
	const { id, path, kind, title, series, season, episode } = item;
	const known = id === undefined ? [path, kind, series ?? title, season, episode] : [id];
	return `${source}:${type}:${shortDigestOf(JSON.stringify(inOrder([server?.id ?? server?.url ?? server?.name, ...known])))}`;
}

const shortDigestOf = (text: string) => digestOf(text).slice(0, 16);

/** Nobody reads further than so many characters of a value; what came may be megabytes. */
const read = 65_536;

/** The same values give the same text, in whatever order they were put together; bytes stand as their hash. */
function inOrder(value: unknown): unknown {
	if (typeof value === 'string' && value.length > read) return [value.length, value.slice(0, read)];
	if (value instanceof Uint8Array) return hash('sha256', value, 'base64url');
	if (Array.isArray(value)) return value.map(inOrder);
	if (typeof value !== 'object' || value === null) return value;
	const pairs: [string, unknown][] = [];
	for (const name of Object.keys(value).sort()) {
		const one = (value as Record<string, unknown>)[name];
		if (one !== undefined) pairs.push([name, inOrder(one)]);
	}
	return pairs;
}
