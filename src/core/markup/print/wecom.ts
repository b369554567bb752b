import { asIs, escapeWecom } from '../escape';
import { counterOnLine, frame, markdownHref, isAddress, prefixQuote, type Printer } from '../printer';

/** WeCom's first Markdown: headings, bold, links, inline code, quotes, and nothing else. */
export const wecom: Printer = {
	plainText: true,
	gap: '\n\n',
	row: '\n',
	line: '\n',
	escape: escapeWecom,
	counter: counterOnLine,
	marks: { strong: ['**', '**'] },
	code: (text) => (/^\s|`|\*\*|<(@|\/?font)|\s$/.test(text) ? undefined : { frame: frame('`', '`'), escape: asIs }),
	// A bracket in the label would end it.
	link: (href, label) =>
		isAddress(href) && !/[[\]]/.test(label)
			? { open: '[', close: `](${markdownHref(href)})`, whole: true, name: 'link' }
			: undefined,
	heading: (level) => ({ open: '#'.repeat(level) + ' ', close: '' }),
	quote: prefixQuote('> '),
	table: 'rows',
	rule: ['———', '———'],
};
