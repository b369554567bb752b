import { markdown } from './markdown';
import type { Printer } from '../printer';

/** WeCom's second Markdown: italics, lists, images, fences, rules and tables too; no strikethrough. */
export const wecomV2: Printer = {
	...markdown,
	plainText: true,
	line: '\n',
	indent: (space) => space.replace(/[ \t]/g, '\u00a0'),
	marks: { strong: ['**', '**'], em: ['*', '*'] },
	inWord: 'drop',
};
