import { escapeSlack, html, zeroWidth } from '../escape';
import type { Escape } from '../pieces';
import { counterOnLine, frame, isAddress, prefixQuote, type Printer } from '../printer';

const literal: Escape = (text, from, to) =>
	html(text.slice(from, to)).replaceAll('```', '`' + zeroWidth + '`' + zeroWidth + '`');

/** mrkdwn knows no escape but three entities: see `escapeSlack` for what keeps a literal `*` a `*`. */
export const slack: Printer = {
	plainText: true,
	gap: '\n\n',
	row: '\n',
	line: '\n',
	escape: escapeSlack,
	counter: counterOnLine,
	marks: { strong: ['*', '*'], em: ['_', '_'], del: ['~', '~'] },
	inWord: 'zeroWidth',
	code: (text) => (/^\s|`|\s$/.test(text) ? undefined : { frame: frame('`', '`'), escape: literal }),
	link: (href) =>
		isAddress(href)
			? { open: `<${html(href).replaceAll('|', '%7C')}|`, close: '>', whole: true, name: 'link' }
			: undefined,
	// In any other label styles are read, and only invisible characters keep them from it.
	bareLink: (href) => (/^https?:[^\s|<>]+$/.test(href) ? `<${html(href)}>` : undefined),
	quote: prefixQuote('> '),
	codeBlock: () => ({ frame: frame('```\n', '\n```'), escape: literal }),
	table: 'aligned',
	rule: ['———', '———'],
};
