import { escapeLarkMd } from '../escape';
import { counterOnLine, isAddress, markdownHref, prefixQuote, type Printer } from '../printer';

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
	link: (href) =>
		isAddress(href) ? { open: '[', close: `](${markdownHref(href)})`, whole: true, name: 'link' } : undefined,
	quote: prefixQuote('│ '),
	table: 'rows',
	rule: ['———', '———'],
};
