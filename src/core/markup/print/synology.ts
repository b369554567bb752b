import { asIs, escapeSynology } from '../escape';
import { counterOnLine, frame, isAddress, prefixQuote, type Printer } from '../printer';

/** Like Slack's, without entities. */
export const synology: Printer = {
	plainText: true,
	gap: '\n\n',
	row: '\n',
	line: '\n',
	escape: escapeSynology,
	counter: counterOnLine,
	marks: { strong: ['*', '*'], em: ['_', '_'], del: ['~', '~'] },
	inWord: 'zeroWidth',
	// Whether links are read in code nobody says.
	code: (text) => (/^\s|[`<]|\s$/.test(text) ? undefined : { frame: frame('`', '`'), escape: asIs }),
	// A bracket in the label would end it.
	link: (href, label) =>
		isAddress(href) && !label.includes('>')
			? { open: `<${href.replace(/[|<>]/g, encodeURIComponent)}|`, close: '>', whole: true, name: 'link' }
			: undefined,
	quote: prefixQuote('> '),
	codeBlock: () => ({ frame: frame('```\n', '\n```'), escape: asIs }),
	table: 'aligned',
	rule: ['———', '———'],
};
