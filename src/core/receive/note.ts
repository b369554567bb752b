import type { Message } from '../message/message';
import { present } from './reading';
import type { Context, Reading } from '../define/sender';

/** What a script or tool worded itself: nothing is left for the default templates to say. */
export interface Note extends Omit<Partial<Message>, 'body' | 'type'> {
	source: string;
	rawType?: string;
	/** Canonical, or whatever the user named. */
	type?: string;
	body?: string;
	/** What sets it apart from another that reads the same. */
	moment?: string;
	raw: unknown;
}

/** Text from scripts is shown as it is, unless the sender is known to write Markdown or HTML. */
export function note(
	{ source, rawType = source, type = 'message', raw, time, moment, ...message }: Note,
	context: Context,
): Reading {
	const body = message.body === undefined ? undefined : unfold(message.body);
	return {
		event: present({ source, type, rawType, time: time ?? context.now, text: body, moment, raw }),
		message: present({
			format: 'text' as const,
			...message,
			...(body !== undefined && { body }),
			type,
			time: time ?? context.now,
		}),
	};
}

/** Shell scripts and raw templates send line breaks as the two characters `\n`. */
function unfold(text: string): string {
	const unfolded = text.includes('\n') ? text : text.replace(/\\r\\n|\\n/g, '\n').replaceAll('\\"', '"');
	return unfolded.replace(/\r\n?/g, '\n').trim();
}
