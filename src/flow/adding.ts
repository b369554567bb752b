import { isRecord } from '../core/base/record';
import type { Content } from '../core/define/flow';
import type { Place } from '../core/message/carried';
import type { Message } from '../core/message/message';

type Shown = NonNullable<Message['fields']>[number];

/** Facts for flows, beside those that other nodes added. */
export function withFacts(content: Content, facts: Content): Content {
	const { carillon } = content;
	return { ...content, carillon: { ...(isRecord(carillon) && carillon), ...facts } };
}

/** With more beside the message's own words, that every channel shows. What is no message of ours is left as it is. */
export function withFields(content: Content, place: Place, added: readonly Shown[]): Content {
	if (added.length === 0) return content;
	const message = content[place];
	if (typeof message === 'string') return { ...content, [place]: { body: message, fields: added } };
	if (!isRecord(message) || typeof message.body !== 'string') return content;
	const { fields } = message;
	const own: unknown[] | undefined = fields === undefined ? [] : Array.isArray(fields) ? fields : undefined;
	return own ? { ...content, [place]: { ...message, fields: [...own, ...added] } } : content;
}
