import { escapeCommonMark } from '../escape';
import {
	counterInParagraph,
	isAddress,
	markdownHref,
	markdownItem,
	markdownLink,
	prefixQuote,
	type Printer,
} from '../printer';

/** Headings, quotes, bold, italics, links, images and lists. A line break is two spaces and a line break. */
export const dingtalk: Printer = {
	plainText: true,
	gap: '\n\n',
	row: '\n',
	line: '  \n',
	// It strips plain spaces, and takes four of them for code.
	indent: (space) => space.replace(/[ \t]/g, '\u00a0'),
	escape: escapeCommonMark,
	counter: counterInParagraph,
	marks: { strong: ['**', '**'], em: ['*', '*'] },
	inWord: 'drop',
	link: (href) => (isAddress(href) ? markdownLink(href) : undefined),
	bang: true,
	image: (src, alt) => `![${escapeCommonMark(alt, 0, alt.length, false)}](${markdownHref(src)})`,
	heading: (level) => ({ open: '#'.repeat(level) + ' ', close: '' }),
	quote: prefixQuote('> '),
	item: markdownItem,
	table: 'rows',
	rule: ['———', '———'],
};
