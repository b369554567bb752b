import { asIs, escapeCommonMark, reference } from '../escape';
import {
	counterInParagraph,
	fence,
	markdownHref,
	markdownItem,
	markdownLink,
	prefixQuote,
	ticked,
	type Printer,
} from '../printer';

/** CommonMark with strikethrough and tables. Italics beside bold are `_`, so that their delimiters never join. */
export const markdown: Printer = {
	plainText: false,
	gap: '\n\n',
	row: '\n',
	// Two spaces make a line break everywhere; a bare one is a space to most.
	line: '  \n',
	indent: reference,
	escape: escapeCommonMark,
	counter: counterInParagraph,
	marks: { strong: ['**', '**'], em: ['_', '_'], del: ['~~', '~~'] },
	inWord: 'reference',
	code: (text) => ({ frame: ticked(text), escape: asIs }),
	link: (href) => markdownLink(href),
	bang: true,
	image: (src, alt) => `![${escapeCommonMark(alt, 0, alt.length, false)}](${markdownHref(src)})`,
	heading: (level) => ({ open: '#'.repeat(level) + ' ', close: '' }),
	quote: prefixQuote('> '),
	item: markdownItem,
	codeBlock: (language, text) => ({ frame: fence(language, text), escape: asIs }),
	table: 'pipes',
	rule: ['---', ''],
};
