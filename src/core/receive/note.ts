import { digestOf } from '../base/digest';
import { printableInTurns } from '../base/printable';
import { atOnce, mostInTurn, type Turns } from '../base/turns';
import type { Message } from '../message/message';
import { withoutKeys } from '../message/readable';
import { present } from './reading';
import type { Context, Reading } from '../define/sender';

/** What a script or tool worded itself: nothing is left for the default templates to say. */
export interface Note extends Omit<Partial<Message>, 'body' | 'type'> {
	source: string;
	rawType?: string;
	/** Canonical, or whatever the user named. */
	type?: string;
	body?: string;
	/** It quotes addresses from a program's settings, whose keys are no reader's. A script's own link is left whole. */
	quotes?: boolean;
	/** It came as a text, and stays one: a backslash in it is a backslash. */
	verbatim?: boolean;
	raw: unknown;
	/** What two happenings differ in, beside the words. By default the whole of `raw`, the time that it tells included. */
	same?: readonly unknown[];
	/** Where the user says what is the same happening: in place of all that. */
	sameKey?: string;
}

/** Text from scripts is shown as it is, unless the sender is known to write Markdown or HTML. */
export const note = (told: Note, context: Context): Reading => atOnce(noteInTurns(told, context));

/** The same with pauses, for a text of megabytes. */
export function* noteInTurns(
	{ source, rawType = source, type = 'message', raw, time, verbatim, quotes, same, sameKey, ...message }: Note,
	context: Context,
): Turns<Reading> {
	const shown = quotes ? withoutKeys : (words: string) => words;
	const title = message.title === undefined ? undefined : shown(message.title);
	const isLong = (message.body?.length ?? 0) > mostInTurn;
	const written = message.body === undefined || verbatim ? message.body : yield* unfold(message.body);
	if (isLong) yield;
	const clean = written?.includes('\r') ? yield* printableInTurns(written) : written;
	if (isLong) yield;
	const body = clean === undefined ? undefined : shown(clean.trim());
	if (isLong) yield;
	const moment = sameKey === undefined ? digest(same ?? raw) : undefined;
	return {
		event: present({
			source,
			type,
			rawType,
			time: time ?? context.now,
			text: body,
			moment,
			origin: message.origin,
			audience: message.audience,
			raw,
		}),
		message: present({
			format: 'text' as const,
			...message,
			...(title !== undefined && { title }),
			...(sameKey !== undefined && { key: sameKey }),
			...(body !== undefined && { body }),
			type,
			time: time ?? context.now,
		}),
		// What a sender calls by one name may happen again.
		...(message.key !== undefined && moment !== undefined && { key: `${source}:${type}:${moment}` }),
	};
}

const digest = (value: unknown) => digestOf(JSON.stringify(inOrder(value, { values: 10_000 }, 100)) ?? '').slice(0, 16);

/**
 * The same values give the same text, in whatever order a sender wrote their names; long texts are hashed as they are,
 * not written out first. What goes beyond the room stays as it came.
 */
function inOrder(value: unknown, room: { values: number }, deep: number): unknown {
	if (typeof value === 'string') return value.length > 65_536 ? digestOf(value) : value;
	if (deep === 0 || typeof value !== 'object' || value === null) return value;
	const names = Array.isArray(value) ? undefined : Object.keys(value).sort();
	const { length } = names ?? (value as unknown[]);
	if (length > room.values) return value;
	room.values -= length;
	if (!names) return (value as unknown[]).map((each) => inOrder(each, room, deep - 1));
	return names.map((name) => [name, inOrder((value as Record<string, unknown>)[name], room, deep - 1)]);
}

/**
 * Shell scripts and raw templates send line breaks as the two characters `\n`. Where a path of Windows stands in the
 * text, nobody knows which of them are.
 */
function* unfold(text: string): Turns<string> {
	if (!text.includes('\\') || text.includes('\n') || /(?:\b[A-Za-z]:|\\)\\/.test(text)) return text;
	let unfolded = '';
	for (let at = 0; at < text.length;) {
		if (at > 0) yield;
		const end = betweenEscapes(text, at + mostInTurn);
		unfolded += text
			.slice(at, end)
			.replace(/\\r\\n|\\n/g, '\n')
			.replaceAll('\\"', '"');
		at = end;
	}
	return unfolded;
}

/** Such a place at or a little before another, or the text's end. */
function betweenEscapes(text: string, at: number): number {
	if (at >= text.length) return text.length;
	const within = text.slice(at - 3, at).lastIndexOf('\\');
	if (within < 0) return at;
	const escape = at - 3 + within;
	return text.startsWith('\\r', escape - 2) ? escape - 2 : escape;
}
