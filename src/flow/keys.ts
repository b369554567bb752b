import { digestOf } from '../core/base/digest';
import type { Message } from '../core/message/message';

/** A key of the store has its length; what is longer is known by its beginning and a digest. */
export const keyName = (text: string): string =>
	text.length <= 200 ? text : `${text.slice(0, 150).toWellFormed()}…${digestOf(text)}`;

/**
 * Whoever a message is for, beside its key: what is for one of them is never told together with what is for another.
 * Without a recipient or an audience of its own there is nothing to add.
 */
export function forWhom(key: string, { to, audience }: Message): string {
	const whom = [...(to === undefined ? [] : [to].flat()), ...(audience ? [audience] : [])];
	return keyName(whom.length > 0 ? `${key} → ${whom.join(', ')}` : key);
}
