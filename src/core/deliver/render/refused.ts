import type { ChannelError, Culprit } from '../../base/errors';
import type { Lost, Rendered, Renders } from '../../define/channel';
import type { Language } from '../../base/language';
import { fits } from '../../base/limit';
import { readBack, render, type Dialect } from '../../markup';
import { publicUrl } from '../enclosures';
import { words, writers } from './composing';
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
export function without(part: Rendered, culprit: Culprit, renders: Renders, language: Language): Rendered {
	switch (culprit) {
		case 'markup':
			return withoutMarkup(part, renders);
		case 'image':
			return withLinks({ ...part, image: undefined }, picturesOf(part, language), renders);
		case 'attachment':
			return withLinks({ ...part, attachments: [] }, filesOf(part), renders);
		case 'media':
			return withLinks(
				{ ...part, image: undefined, attachments: [] },
				[...picturesOf(part, language), ...filesOf(part)],
				renders,
			);
		case 'buttons':
			return withLinks({ ...part, buttons: [] }, buttonsOf(part), renders);
		case 'mentions':
			return { ...part, mentions: [] };
		case 'details': {
			const bare = {
				...withoutMarkup(part, renders),
				...{ image: undefined, attachments: [], buttons: [], mentions: [], fields: [] },
				...{ url: undefined, level: undefined, silent: undefined },
			};
			const own = part.url === undefined ? [] : [{ text: words.open[language], url: part.url }];
			const links = [...buttonsOf(part), ...own, ...picturesOf(part, language), ...filesOf(part)];
			return withLinks(bare, links, renders);
		}
	}
}

interface Link {
	text: string;
	url: string;
}

const buttonsOf = ({ buttons }: Rendered): Link[] =>
	buttons.flatMap(({ text, url }) => (url === undefined ? [] : [{ text, url }]));

export function picturesOf({ image, source }: Rendered, language: Language): Link[] {
	const url = image && (publicUrl(source.image) ?? image.url);
	return url === undefined ? [] : [{ text: words.picture[language], url }];
}

function filesOf({ attachments, source }: Rendered): Link[] {
	if (attachments.length === 0) return [];
	return (source.attachments ?? []).flatMap((each) => {
		const url = publicUrl(each);
		return url === undefined ? [] : [{ text: each.name ?? url, url }];
	});
}

/** HTML, whose blocks need nothing between them. */
const blocks: readonly Dialect[] = ['mailHtml', 'wxpusherHtml'];

/** The addresses that went with what is left out stay within reach: as lines at the end, where there is room for them. */
function withLinks(part: Rendered, links: readonly Link[], renders: Renders): Rendered {
	const unsaid = links.filter(({ url }, at) => links.findIndex((each) => each.url === url) === at);
	const { limit } = renders;
	const dialect = part.markup;
	for (let count = unsaid.length; count > 0; count--) {
		const write = writers.markdown;
		const lines = unsaid.slice(0, count).map(({ text, url }) => write.link(text, url));
		const printed = render(lines.join(write.line), { format: 'markdown', dialect, limit, overflow: 'cut' });
		const { body: added } = printedUnrung({ ...part, body: printed.parts[0]! }, renders);
		const body = joined(part.body, added, dialect);
		if (!printed.cut && fits(body, limit)) return { ...part, body };
	}
	return part;
}

function joined(body: string, added: string, dialect: Dialect): string {
	if (body === '') return added;
	if (dialect === 'feishuPost')
		return JSON.stringify([...(JSON.parse(body) as unknown[]), ...(JSON.parse(added) as unknown[])]);
	return body + (blocks.includes(dialect) ? '' : '\n\n') + added;
}

/** What that costs. */
export function lostWith(culprit: Culprit, { attachments, buttons, mentions }: Rendered): Lost {
	if (culprit === 'attachment') return { kind: 'attachments', count: attachments.length };
	if (culprit === 'buttons') return { kind: culprit, count: buttons.length };
	return { kind: culprit, count: culprit === 'mentions' ? mentions.length : 1 };
}

/** The picture and the files of a part. */
export const mediaOf = ({ image, attachments }: Rendered): Lost[] => [
	...(image ? ['image'] : []),
	...(attachments.length > 0 ? [{ kind: 'attachments', count: attachments.length }] : []),
];

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
