import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bytes } from '../../src/core/base/limit';
import { dialects, render } from '../../src/core/markup';
import type { Format } from '../../src/core/message/message';
import { fc, runs as often } from '../property';
import { readers, textOfHtml } from './readers';
import { firstMissing, meant, words } from './words';

/**
 * Nothing is lost in silence: every word of a source, less what is listed here as markup, stands in what each dialect
 * prints, in order. The words come from the source, never from our own parser; what was printed is read by others'.
 */
const runs = often(100);

function holds(source: string, format: Format, expected = meant(source, format)): void {
	for (const dialect of dialects) {
		const { parts } = render(source, { format, dialect, limit: bytes(10_000_000), overflow: 'split' });
		const shown = parts.map((part) => readers[dialect](part)).join('\n');
		const missing = firstMissing(expected, shown);
		if (missing !== undefined)
			throw new Error(`${dialect} lost “${missing}” of ${JSON.stringify(source)}: ${JSON.stringify(parts)}`);
	}
}

const word = fc.oneof(
	fc.constantFrom('alpha', 'Gamma', 'x1', '2026', '备份', '签到成功', 'naïve', 'Ω', 'é', '灯', 'ко', 'done', 'py'),
	// No element's name.
	fc.stringMatching(/^[a-z0-9]{1,3}q[a-z0-9]{1,3}$/),
);
const shape = (pattern: string) => {
	const count = pattern.split('W').length - 1;
	return fc
		.array(word, { minLength: count, maxLength: count })
		.map((given) => pattern.split('W').reduce((text, rest, at) => text + given[at - 1] + rest));
};

/** What stands in lines of both formats. */
const anywhere = [
	'W', 'W W', 'W, W.', '<W>', '<W> W', 'W<W>', 'List<W<W>>', '</W>', '<!W>', '<@W>', '<!-- W -->', '&nbsp;', 'a < W', '<b>W</b>', '<u>W <i>W</i></u>',
	'no <title> W', '<script> W', 'W <style>', '<font color="red">W</font>', 'https://e.com/__W__/*W*', 'https://e.com/W_W_', 'www.e.com/_W_',
	'_W_@e.com', '@W', '[CQ:at,W]', '“W”', '👍 W', '(W)', 'W: W',
]; // prettier-ignore
const inMarkdown = [
	'**W**', '*W*', '__W__', '_W_', '~~W~~', '`W`', '**W *W* W**', 'W**W**W', '[W](https://e.com/x)', '![W](https://e.com/p.png)', '[W]', '[W][W]', '[used1]',
	'/var/W/*.gz', '/opt/*.W and *.W', '**/W/**', 'C:\\W\\_W', '\\\\nas\\W\\_W', '__W__.py', '2*3*4', '[]', '[W]()', '<https://e.com|W>', '<W@e.com>', 'W  ', 'W\\', '*', '**', '_', '`',
	'|', '\\*W\\*', '$W_W$', '~W~', '#W', '> W', '1. W', '- W', '[ ] W',
]; // prettier-ignore

const inlineOf = (patterns: readonly string[]) =>
	fc.array(fc.constantFrom(...patterns).chain(shape), { minLength: 1, maxLength: 4 }).map((parts) => parts.join(' '));

const line = inlineOf([...anywhere, ...inMarkdown]);
const lines = (most: number) => fc.array(line, { minLength: 1, maxLength: most });
const indented = (text: string, by: string) => text.split('\n').map((each) => by + each).join('\n'); // prettier-ignore
const block: fc.Arbitrary<string> = fc.letrec<{ block: string }>((tie) => ({
	block: fc.oneof(
		{ depthSize: 'small', maxDepth: 3 },
		lines(3).map((all) => all.join('\n')),
		line.map((text) => `## ${text}`),
		line.map((text) => `${text}\n---`),
		lines(4).map((all) => all.map((text) => `- ${text}`).join('\n')),
		lines(3).map((all) => all.map((text, at) => `${at + 3}. ${text}`).join('\n')),
		fc.constantFrom('2026. 11. 27.', '27. 11. 2026', '3.', '-', '*', '1.\n2.', '- \n- ', '> -', '* * * * * cmd', '---', '<!-- -->').map(String),
		fc.array(shape('[unW]: W'), { minLength: 1, maxLength: 3 }).map((all) => all.join('\n')),
		shape('[used1]: https://e.com/W'),
		fc.tuple(lines(3), fc.constantFrom('', 'js', 'W W', '文')).chain(([all, info]) =>
			shape(info).map((first) => '```' + first + '\n' + all.join('\n').replaceAll('`', "'") + '\n```'),
		),
		fc.tuple(lines(3), lines(3)).map(([first, second]) => {
			const row = (cells: string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '/').replaceAll('\\', '/')).join(' | ')} |`;
			return `${row(first)}\n|${'---|'.repeat(first.length)}\n${row(second)}`;
		}),
		shape('<div>\nW <W> W\n</div>'),
		shape('<W>\nW'),
		shape('<title> W\nW'),
		shape('    W\n      W'),
		fc.tuple(line, tie('block')).map(([text, inner]) => `- ${text}\n\n${indented(inner, '  ')}`),
		fc.tuple(line, tie('block')).map(([text, inner]) => `1. ${text}\n${indented(inner, '   ')}\n2. last`),
		tie('block').map((inner) => indented(inner, '> ')),
	),
})).block; // prettier-ignore

test(`whatever Markdown holds (${runs} texts)`, () => {
	const source = fc.array(block, { minLength: 1, maxLength: 4 }).map((blocks) => blocks.join('\n\n'));
	fc.assert(
		fc.property(source, (text) => holds(text, 'markdown')),
		{ numRuns: runs },
	);
});

test(`whatever HTML holds (${runs} texts)`, () => {
	const inline = inlineOf([...anywhere, 'if a<W then W', '<a href="https://e.com/x">W</a>', '<br>']);
	const element = fc.tuple(fc.constantFrom('p', 'h2', 'li', 'blockquote', 'div', 'td'), inline);
	const source = fc
		.array(
			fc.oneof(
				inline,
				element.map(([name, text]) => `<${name}>${text}</${name}>`),
			),
			{ minLength: 1, maxLength: 5 },
		)
		.map((all) => all.join('\n'));
	fc.assert(
		fc.property(source, (text) => holds(text, 'html')),
		{ numRuns: runs },
	);
});

test(`whatever text holds (${runs} texts)`, () => {
	const source = fc
		.array(fc.oneof(block, fc.string({ unit: 'grapheme' })), { maxLength: 4 })
		.map((all) => all.join('\n'));
	fc.assert(
		fc.property(source, (text) => holds(text, 'text')),
		{ numRuns: runs },
	);
});

const data = (name: string): unknown => JSON.parse(readFileSync(join(__dirname, '../data', name), 'utf8'));

/** An example's words are those of the HTML that its specification gives. */
describe.each(['commonmark.json', 'gfm.json'])('the examples of %s', (name) => {
	// GitHub's specification is older: what it has no comment for is one by now.
	const examples = (data(name) as [markdown: string, html: string][]).filter(
		([source]) => !/not a comment|<!-->/.test(source),
	);
	test(`${examples.length} of them`, () => {
		for (const [source, html] of examples) {
			const apart = html.replace(/<!--(?:-?>|[\s\S]*?-->)/g, '').replace(/(?=<)|(?<=>)/g, ' ');
			holds(source, 'markdown', words(textOfHtml(apart)));
		}
	});
});

/** Not shown: what a terminal is told. */
const ofTerminal = /\x1b\[[0-9;]*[A-Za-z]/g;

describe('the Big List of Naughty Strings', () => {
	const strings = data('blns.json') as string[];
	test('as text', () => {
		for (const text of strings) holds(text, 'text', words(text.replace(ofTerminal, '')));
	});
	test('as Markdown', () => {
		for (const text of strings) holds(text, 'markdown', meant(text.replace(ofTerminal, ''), 'markdown'));
	});
});
