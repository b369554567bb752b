import { asIs, escapeWecom } from '../escape';
import { counterOnLine, frame, markdownHref, isAddress, prefixQuote, type Printer } from '../printer';

/** It has three colours, by meaning: green, grey, orange. */
const colorsOf: Readonly<Record<string, string>> = {
	info: 'info', green: 'info',
	comment: 'comment', gray: 'comment', grey: 'comment',
	warning: 'warning', orange: 'warning', red: 'warning',
}; // prettier-ignore

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
	color: (color) => {
		const own = colorsOf[color];
		return own ? frame(`<font color="${own}">`, '</font>') : undefined;
	},
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
