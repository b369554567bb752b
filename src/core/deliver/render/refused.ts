import type { ChannelError, Culprit } from '../../base/errors';
import type { Lost, Rendered, Renders } from '../../define/channel';
import { readBack, render } from '../../markup';
import { printedUnrung } from './unrung';

/**
 * Services do not always tell a picture from a file. Where there is only one of them it is that one, and what was
 * handed over is not what could not be fetched.
 */
export function culpritOf({ because }: ChannelError, { image, attachments }: Rendered): Culprit | undefined {
	const named = attachments.some(({ data }) => !data);
	if (because === 'image' && (image ? image.data && named : attachments.length > 0)) return 'attachment';
	if (because === 'attachment' && image && attachments.length === 0) return 'image';
	const isMedia = because === 'image' || because === 'attachment';
	return isMedia && !image && attachments.length === 0 ? undefined : because;
}

/** A part without what the service refused of it. */
export function without(part: Rendered, culprit: Culprit, renders: Renders): Rendered {
	switch (culprit) {
		case 'markup':
			return withoutMarkup(part, renders);
		case 'image':
			return { ...part, image: undefined };
		case 'attachment':
			return { ...part, attachments: [] };
		case 'buttons':
			return { ...part, buttons: [] };
		case 'mentions':
			return { ...part, mentions: [] };
		case 'details':
			return {
				...withoutMarkup(part, renders),
				...{ image: undefined, attachments: [], buttons: [], mentions: [], fields: [] },
				...{ url: undefined, level: undefined, silent: undefined },
			};
	}
}

/** What that costs. */
export function lostWith(culprit: Culprit, { attachments, buttons, mentions }: Rendered): Lost {
	if (culprit === 'attachment') return { kind: 'attachments', count: attachments.length };
	if (culprit === 'buttons') return { kind: culprit, count: buttons.length };
	return { kind: culprit, count: culprit === 'mentions' ? mentions.length : 1 };
}

/** What goes beside the text of a part, by the names that receipts have for it. */
export function detailsOf(part: Rendered, renders: Renders): Lost[] {
	const details = besides.map((kind) => {
		const value = part[kind];
		return { kind, count: Array.isArray(value) ? value.length : value === undefined ? 0 : 1 };
	});
	const marks = { kind: 'markup', count: isMarkedUp(part, renders) ? 1 : 0 };
	return [...details, marks].filter(({ count }) => count > 0);
}

const besides = ['image', 'attachments', 'buttons', 'mentions', 'fields', 'url', 'level', 'silent'] as const;

/** Whether more was written than plain lines, which are the same in any dialect. */
function isMarkedUp(part: Rendered, renders: Renders): boolean {
	if (part.markup === 'plain') return false;
	const { body, title = '' } = part.source;
	const lines = withoutMarkup(part, renders).body.split('\n');
	return !lines.every((line) => body.includes(line) || title.includes(line));
}

/** A part whose markup the service refused, as plain text. */
export function withoutMarkup(part: Rendered, renders: Renders): Rendered {
	const { source, format } = readBack(part.body, part.markup);
	const [body = ''] = render(source, { format, dialect: 'plain', limit: renders.limit, overflow: 'cut' }).parts;
	return printedUnrung({ ...part, body, markup: 'plain' }, renders);
}

/** Nothing of it is left to be sent. */
export const isNothing = ({ title, body, image, attachments }: Rendered) =>
	!title && body.trim() === '' && !image && attachments.length === 0;
