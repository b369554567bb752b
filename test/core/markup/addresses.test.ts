import fc from 'fast-check';
import { bytes } from '../../../src/core/base/limit';
import { dialects, render, type Dialect } from '../../../src/core/markup';
import { runs } from '../../property';

/** An address arrives as one that can be opened, whatever in it looks like a style. */

const address = fc
	.array(
		fc.constantFrom('_', '__', '*', '**', '~', '~~', '@name', '#x', 'a', 'B1', '/', '-', '.x', '=1', '&y=2', '?'),
		{
			minLength: 1,
			maxLength: 12,
		},
	)
	.map((pieces) => `https://e.com/${pieces.join('')}z`);

const shown = (source: string, dialect: Dialect, format: 'markdown' | 'text') =>
	render(source, { format, dialect, limit: bytes(100_000), overflow: 'split' }).parts.join('\n');

const decoded = (body: string) =>
	body
		.replace(/\\([_*~#])/g, '$1')
		.replace(/&(amp|lt|gt|quot);/g, (_, name: string) => ({ amp: '&', lt: '<', gt: '>', quot: '"' })[name]!);

test.each(dialects)('%s', (dialect) => {
	fc.assert(
		fc.property(address, (url) => {
			for (const source of [`see ${url} now`, `（${url}）`, `- ${url}\n- x`, `> ${url}, and`])
				for (const format of ['markdown', 'text'] as const)
					expect(decoded(shown(source, dialect, format))).toContain(url);
			for (const source of [`**${url}**`, `[${url}](${url})`, `<${url}>`, `# ${url}`])
				expect(decoded(shown(source, dialect, 'markdown'))).toContain(url);
		}),
		{ numRuns: runs(30), seed: 20260707 },
	);
});

test('it is a link of its own where a service would read into it', () => {
	const given = 'see https://e.com/__x__/@anna.';
	expect(shown(given, 'slack', 'markdown')).toBe('see <https://e.com/__x__/@anna>.');
	expect(shown(given, 'telegramHtml', 'markdown')).toBe(
		'see <a href="https://e.com/__x__/@anna">https://e.com/__x__/@\u200banna</a>.',
	);
	expect(shown(given, 'larkMd', 'markdown')).toBe(
		'see [https://e.com/&#95;&#95;x&#95;&#95;/@anna](https://e.com/__x__/@anna).',
	);
	expect(shown('at **<https://e.com/_x?a&b>**', 'slack', 'markdown')).toBe('at <https://e.com/_x?a&amp;b>');
	// A bar in it would begin the label.
	expect(shown('<https://e.com/_x?a|b>', 'slack', 'text')).not.toContain('<https://e.com/_x?a|b>');
	expect(shown('[https://e.com/**a**\\_x](https://e.com/a_x)', 'slack', 'markdown')).toContain('<https://e.com/a_x|');
	expect(shown('https://e.com/a?b=1&c=2', 'slack', 'markdown')).toBe('https://e.com/a?b=1&amp;c=2');
});

test.each([
	['<https://e.com/备份>', 'https://e.com/备份'],
	['[https://e.com/备份](https://e.com/%E5%A4%87%E4%BB%BD)', 'https://e.com/备份'],
	['<https://e.com/é?q=ü>', 'https://e.com/é?q=ü'],
	['[https://e.com/a/b](https://e.com/a%2Fb)', 'https://e.com/a/b (https://e.com/a%2Fb)'],
])('%s is said once where it is the same', (source, text) => expect(shown(source, 'plain', 'markdown')).toBe(text));
