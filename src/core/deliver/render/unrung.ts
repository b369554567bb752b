import type { Rendered, Renders } from '../../define/channel';
import type { Message } from '../../message/message';

type Words = Pick<Message, 'title' | 'body' | 'fields' | 'buttons' | 'attachments'>;

/** What people wrote, so that it rings nobody; the same object where there was nothing to ring. */
export function unrung<T extends Words>(message: T, { unring }: Renders): T {
	if (!unring) return message;
	const { title, body, fields, buttons, attachments } = message;
	return {
		...message,
		body: unring(body),
		...(title !== undefined && { title: unring(title) }),
		...(fields && { fields: fields.map((one) => ({ ...one, name: unring(one.name), value: unring(one.value) })) }),
		...(buttons && { buttons: buttons.map((one) => ({ ...one, text: unring(one.text) })) }),
		...(attachments && {
			attachments: attachments.map((one) => (one.name === undefined ? one : { ...one, name: unring(one.name) })),
		}),
	};
}

/** What was printed of it: a reference (`&#64;`) is a character by now. */
export const printedUnrung = (part: Rendered, { unring }: Renders): Rendered =>
	unring ? { ...part, body: unring(part.body) } : part;
