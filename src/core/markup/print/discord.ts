import { escapeDiscord, zeroWidth } from '../escape';
import type { Escape } from '../pieces';
import {
	counterOnLine,
	frame,
	isAddress,
	markdownHref,
	markdownItem,
	prefixQuote,
	ticked,
	type Printer,
} from '../printer';

const unringing = (text: string) => text.replace(/@(?=everyone|here)|<(?=[@#])/g, (char) => char + zeroWidth);
const literal: Escape = (text, from, to) =>
	unringing(text.slice(from, to)).replaceAll('```', '`' + zeroWidth + '`' + zeroWidth + '`');

/** A label that looks like an address is not linked, so that it stands beside the address. */
export const discord: Printer = {
	plainText: true,
	gap: '\n\n',
	row: '\n',
	line: '\n',
	escape: escapeDiscord,
	counter: counterOnLine,
	marks: { strong: ['**', '**'], em: ['*', '*'], del: ['~~', '~~'], underline: ['__', '__'], spoiler: ['||', '||'] },
	inWord: 'touching',
	code: (text) => ({ frame: ticked(text), escape: (all, from, to) => unringing(all.slice(from, to)) }),
	rawUrls: true,
	link: (href, label) =>
		isAddress(href) && !label.includes('://')
			? { open: '[', close: `](${markdownHref(href)})`, whole: true, name: 'link' }
			: undefined,
	heading: (level) => (level <= 3 ? { open: '#'.repeat(level) + ' ', close: '' } : undefined),
	quote: prefixQuote('> '),
	flatQuotes: true,
	item: markdownItem,
	codeBlock: (language) => ({ frame: frame('```' + language + '\n', '\n```'), escape: literal }),
	table: 'aligned',
	rule: ['———', '———'],
};
