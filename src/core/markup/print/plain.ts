import { asIs } from '../escape';
import { counterOnLine, prefixQuote, type Printer } from '../printer';

export const plain: Printer = {
	plainText: true,
	gap: '\n\n',
	row: '\n',
	line: '\n',
	escape: asIs,
	counter: counterOnLine,
	marks: {},
	quote: prefixQuote('> '),
	codeBlock: () => ({ frame: { open: '', close: '' }, escape: asIs }),
	table: 'rows',
	rule: ['———', '———'],
};
