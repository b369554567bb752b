import type { Rendered } from '../../core/define/channel';
import type { Content } from './body';

type Thing = 'url' | 'image' | 'level' | 'fields' | 'buttons' | 'attachments' | 'mentions' | 'edit' | 'silent';

/** What stands beside title and text where nobody wrote a template. */
const places = {
	mediaSaber: ['image'],
	betterGi: ['url', 'image', 'level', 'fields'],
	query: ['url', 'image', 'level'],
	words: [],
} as const satisfies Record<string, readonly Thing[]>;

export type FixedForm = keyof typeof places;

/** The form of a body that is neither the whole message nor a template. */
export function fixedForm(content: Content, template: string | undefined, bodyType: string): FixedForm | undefined {
	if (content === 'mediaSaber' || content === 'betterGi') return content;
	return bodyType === 'text' && !(content === 'template' && template) ? 'words' : undefined;
}

/** What of a message has no place in such a form, for the receipt. */
export function lostIn(form: FixedForm | undefined, message: Rendered): { kind: Thing; count: number }[] {
	if (form === undefined) return [];
	const placed: readonly Thing[] = places[form];
	const { image, fields, buttons, attachments, mentions, url, silent, source, level = 'info' } = message;
	// Screenshots go as bytes, anything else as an address.
	const shown = placed.includes('image') && (form === 'betterGi' ? image?.data : image?.url);
	const there: Record<Thing, boolean> = {
		url: url !== undefined && !placed.includes('url'),
		image: image !== undefined && !shown,
		level: level !== 'info' && !placed.includes('level'),
		fields: fields.length > 0 && !placed.includes('fields'),
		buttons: buttons.length > 0,
		attachments: attachments.length > 0,
		mentions: mentions.length > 0,
		edit: source.edit === true && source.key !== undefined,
		silent: silent === true,
	};
	const counts: Partial<Record<Thing, number>> = {
		fields: fields.length,
		buttons: buttons.length,
		attachments: attachments.length,
		mentions: mentions.length,
	};
	return (Object.keys(there) as Thing[])
		.filter((kind) => there[kind])
		.map((kind) => ({ kind, count: counts[kind] ?? 1 }));
}
