import { escapeLarkMd } from '../escape';
import { counterOnLine, frame, isAddress, markdownHref, prefixQuote, type Printer } from '../printer';

/** Three colours, and by the names that WeCom gives them. */
const colorsOf: Readonly<Record<string, string>> = {
	green: 'green', info: 'green',
	grey: 'grey', gray: 'grey', comment: 'grey',
	red: 'red', orange: 'red', warning: 'red',
}; // prettier-ignore

/** The Markdown of Feishu's cards: bold, italics, strikethrough and links, nothing that is a block. */
export const larkMd: Printer = {
	plainText: true,
	gap: '\n\n',
	row: '\n',
	line: '\n',
	escape: escapeLarkMd,
	counter: counterOnLine,
	marks: { strong: ['**', '**'], em: ['*', '*'], del: ['~~', '~~'] },
	inWord: 'drop',
	color: (color) => {
		const own = colorsOf[color];
		return own ? frame(`<font color='${own}'>`, '</font>') : undefined;
	},
	link: (href) =>
		isAddress(href) ? { open: '[', close: `](${markdownHref(href)})`, whole: true, name: 'link' } : undefined,
	quote: prefixQuote('│ '),
	table: 'rows',
	rule: ['———', '———'],
};
