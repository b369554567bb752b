import MarkdownIt from 'markdown-it';
import { fc, runs as often } from '../../property';
import { bytes, chars, measure, utf16, visible, type Limit } from '../../../src/core/base/limit';
import { cutLine, dialects, escapeMarkdown, parse, render, type Dialect } from '../../../src/core/markup';
import type { Doc, Inline } from '../../../src/core/markup/tree';
import { plainInline } from '../../../src/core/markup/tree';
import { printable } from '../../../src/core/base/printable';
import { readers } from './readers';
import { quickly } from '../../work';

const runs = often(60);
const roomy = bytes(10_000_000);
const all = (source: string, dialect: Dialect, format: 'markdown' | 'text' | 'html' = 'markdown') =>
	render(source, { format, dialect, limit: roomy, overflow: 'split' });
const one = (source: string, dialect: Dialect, format: 'markdown' | 'text' | 'html' = 'markdown') => {
	const { parts } = all(source, dialect, format);
	expect(parts).toHaveLength(1);
	return parts[0] as string;
};

/** Hard to get across: markup of every dialect, CJK, emoji, right-to-left, zero-width. */
const nasty = fc.constantFrom(
	...'_*[]()~`>#+-=|{}.!<>&\\"\':/@,;$%^ \t0123456789',
	...'aBzé电影院。，「」！？',
	'👍', '👨‍👩‍👧', '🇨🇳', '1️⃣', 'e\u0301', 'مرحبا', 'שלום', '\u200d', '\u200f', '\u2060', '\u00a0', '\u3000',
	'**', '__', '~~', '||', '```', '](', '![', '<!--', '-->', '</b>', '<b>', '<br>', '&amp;', '&lt;', '&#42;', '&copy', '1. ', '- ', '# ', '> ', '-# ',
	'http://a.b/c_d_e', '<http://x.y>', '<@U1>', '<!channel>', 'www.x.com', 'a@b.c', '---', '===', '|-|', ':-:', '[x]: y',
); // prettier-ignore
const line = fc.array(nasty, { maxLength: 12 }).map((pieces) => pieces.join(''));
const text = fc.oneof(
	fc.array(line, { maxLength: 5 }).map((lines) => lines.join('\n')),
	fc.string({ unit: 'grapheme' }),
);
/** A title: one line, not blank. */
const title = fc
	.oneof(
		line,
		fc.string({ unit: 'grapheme' }).map((value) => value.replace(/[\0-\x1f\u2028\u2029]/g, '')),
	)
	// What no reader would see is shown as its source, with its markup.
	.filter((value) => /[^\s\p{Cf}\p{Mn}]/u.test(value));

const plainOf = (doc: Doc): string =>
	doc.map((block) => (block.type === 'paragraph' ? plainInline(block.children) : JSON.stringify(block))).join('\n\n');
/** White space at the ends of lines is nobody's content, and a zero-width space is the escape of some dialects. */
const seen = (value: string) =>
	value
		.replace(/\u200b/g, '')
		.replace(/\s+/g, ' ')
		.trim();

test('a table may have more rows than a call takes arguments', () => {
	const table = `| a |\n|---|\n${'| b |\n'.repeat(130_000)}`;
	const { parts } = render(table, { format: 'markdown', dialect: 'plain', limit: bytes(100), overflow: 'cut' });
	expect(parts[0]).toMatch(/^a\nb\nb\n/);
});

describe('escapeMarkdown', () => {
	test('a long run of blanks within a line costs no more than other text', () => {
		expect(quickly(() => escapeMarkdown(`x${' '.repeat(200_000)}y`))).toHaveLength(200_002);
	});
	test('what it writes is read as what it was given', () => {
		fc.assert(
			fc.property(text, (value) => {
				const normal = printable(value);
				expect(plainOf(parse(escapeMarkdown(normal), 'markdown'))).toBe(normal);
			}),
			{ numRuns: runs * 10 },
		);
	});

	test.each([
		['1. a'], ['1) a'], ['- a'], ['+ a'], ['* a'], ['# a'], ['> a'], ['    a'], ['\ta'], ['---'], ['==='], ['a\n==='], ['a\n---'],
		['&amp;'], ['&#42;'], ['<http://a.b>'], ['<b>'], ['[a](b)'], ['![a](b)'], ['[a]: b'], ['`a`'], ['~~~'], ['```'], ['a | b\n--- | ---'],
		['a|b\n:-|-:'], ['a  \nb'], ['a\\\nb'], ['a\n\n\n\nb'], ['\n\na\n\n'], [' '], ['\n'], ['a \n b'], ['a\n\n b'], ['C#'], ['a #'],
	])('%j', (value) => {
		expect(plainOf(parse(escapeMarkdown(value), 'markdown'))).toBe(value);
	}); // prettier-ignore
});

describe('text arrives as that text', () => {
	for (const dialect of dialects) {
		const read = readers[dialect];
		if (!read) continue;
		const contexts: [string, (escaped: string) => string, string?][] = [
			['paragraph', (escaped) => escaped],
			['bold', (escaped) => `<b>${escaped}</b>`],
			['bold inside a word', (escaped) => `字<b><i>${escaped}</i></b>字`, '字#字'],
			['link', (escaped) => `<a href="https://e.com/x">${escaped}</a>`],
			['heading', (escaped) => `<h2>${escaped}</h2>`],
			['list item', (escaped) => `<ul><li>${escaped}</li></ul>`],
			['quote', (escaped) => `<blockquote>${escaped}</blockquote>`],
		];
		test.each(contexts)(`${dialect}: %s`, (name, wrap, shape = '#') => {
			fc.assert(
				fc.property(title, (value) => {
					const html = value.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);
					const part = one(wrap(html), dialect, 'html');
					let shown = seen(read(part));
					if (name === 'list item' && /^• /.test(shown)) shown = shown.slice(2);
					if (name === 'quote' && (dialect === 'plain' || dialect === 'larkMd' || dialect === 'feishuPost'))
						shown = shown.replace(/^[>│] /, '');
					if (name === 'heading' && dialect === 'wecom') shown = shown.replace(/^## /, '');
					if (name === 'link') shown = shown.replace(' (https://e.com/x)', '');
					expect(shown).toBe(seen(shape.replace('#', () => value)));
				}),
				{ numRuns: runs },
			);
		});

		test(`${dialect}: text of several lines`, () => {
			fc.assert(
				fc.property(text, (value) => {
					expect(seen(read(one(value, dialect, 'text') || (dialect === 'feishuPost' ? '[]' : '')))).toBe(
						seen(printable(value)),
					);
				}),
				{ numRuns: runs },
			);
		});
	}
});

const strict = new MarkdownIt({ html: true });

const textOf = (tokens: readonly { type: string; content: string }[]): string =>
	tokens.map(({ type, content }) => (/break$/.test(type) ? ' ' : content)).join('');

/** What CommonMark reads, by the letter: our own parser leaves alone what people do not mean as Markdown. */
function commonMark(source: string, marks: boolean): string {
	const letters: Record<string, string> = { strong: 'b', em: 'i', s: 's', link: 'a' };
	return strict
		.parse(source, {})
		.map(({ type, content, children }) => {
			if (type === 'fence' || type === 'code_block') return content;
			const open: Record<string, number> = { b: 0, i: 0, s: 0, a: 0 };
			return (children ?? [])
				.map((child) => {
					const [, name = '', edge] = /^(strong|em|s|link)_(open|close)$/.exec(child.type) ?? [];
					if (name !== '') open[letters[name]!]! += edge === 'open' ? 1 : -1;
					if (name !== '') return '';
					if (/break$/.test(child.type)) return '\n';
					const { b, i, s, a } = open;
					const code = child.type === 'code_inline';
					const names = marks
						? [b && 'b', i && 'i', s && 's', code && 'c', a && 'a'].filter(Boolean).join('')
						: '';
					const text = child.type === 'image' ? textOf(child.children ?? []) : child.content;
					if (names === '') return text;
					return [...text].map((char) => (/\s/.test(char) ? ' ' : char + names)).join('');
				})
				.join('');
		})
		.join('\n');
}

/** All text of a tree, with its marks where they are asked for. */
function texts(doc: Doc, marks: boolean): string {
	const inline = (children: Inline[]) =>
		children.map((child) => {
			if (child.type !== 'text') return child.type === 'image' ? child.alt : '\n';
			const { strong, em, del, code, href } = child.marks;
			const names = marks ? [strong && 'b', em && 'i', del && 's', code && 'c', href && 'a'].filter(Boolean).join('') : '';
			return names === '' ? child.text : [...child.text].map((char) => (/\s/.test(char) ? ' ' : char + names)).join('');
		}).join(''); // prettier-ignore
	const of = (block: Doc[number]): string => {
		switch (block.type) {
			case 'paragraph':
			case 'heading':
				return inline(block.children);
			case 'quote':
				return texts(block.children, marks);
			case 'list':
				return block.items.map((item) => texts(item, marks)).join('\n');
			case 'codeBlock':
				return block.text;
			case 'table':
				return [block.head, ...block.rows].flat().map(inline).join('\n');
			case 'rule':
				return '';
		}
	};
	return doc.map(of).join('\n');
}

describe('Markdown printed as Markdown', () => {
	const styled = fc.array(fc.tuple(title, fc.constantFrom('b', 'i', 's', 'u', 'code'), fc.constantFrom('b', 'i', 's', 'b'), fc.constantFrom('', ' ', '。', 'x')), { minLength: 1, maxLength: 5 }); // prettier-ignore
	const html = (value: string) => value.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);

	test('bold, italics and strikethrough arrive in any company', () => {
		fc.assert(
			fc.property(styled, (pieces) => {
				const source = pieces
					.map(
						([value, inner, outer, between]) =>
							`<${outer}>${between}<${inner}>${html(value)}</${inner}></${outer}>${between}`,
					)
					.join('');
				const printed = one(source, 'markdown', 'html');
				for (const marks of [false, true])
					expect(seen(commonMark(printed, marks))).toBe(seen(texts(parse(source, 'html'), marks)));
			}),
			{ numRuns: runs * 5 },
		);
	});

	test.each(Object.keys(readers) as Dialect[])('%s: text does not suffer from its style', (dialect) => {
		fc.assert(
			fc.property(styled, (pieces) => {
				const source = pieces
					.map(
						([value, inner, outer, between]) =>
							`<${outer}>${between}<${inner}>${html(value)}</${inner}></${outer}>${between}`,
					)
					.join('');
				expect(seen(readers[dialect]?.(one(source, dialect, 'html')) ?? '')).toBe(
					seen(texts(parse(source, 'html'), false)),
				);
			}),
			{ numRuns: runs * 2 },
		);
	});

	test('any Markdown keeps its text', () => {
		fc.assert(
			fc.property(text, (source) => {
				const doc = parse(source, 'markdown');
				const printed = all(source, 'markdown').parts.join('');
				expect(seen(commonMark(printed, false))).toBe(seen(texts(doc, false)));
			}),
			{ numRuns: runs * 10 },
		);
	});
});

describe('limits', () => {
	const inline = fc.oneof(
		title.map(escapeMarkdown),
		line,
		title.map((value) => `**${escapeMarkdown(value)}**`),
		title.map((value) => `[${escapeMarkdown(value)}](https://example.com/some/where?q=1&r=2)`),
		title.map((value) => `*${escapeMarkdown(value)}* ~~x~~ \`co de\``),
		fc.constant('电影院里的灯慢慢暗了下来，「大家」安静了。'.repeat(3)),
		fc.constant('Lorem ipsum dolor sit amet, consectetur. Adipiscing elit sed do! '),
	);
	const block = fc.oneof(
		inline,
		fc.array(inline, { minLength: 1, maxLength: 4 }).map((lines) => lines.join('\n')),
		fc.array(inline, { minLength: 1, maxLength: 4 }).map((items) => items.map((item) => `- ${item}`).join('\n')),
		fc
			.array(inline, { minLength: 1, maxLength: 3 })
			.map((items) => items.map((item, index) => `${index + 7}. ${item}\n   - in\n   - out`).join('\n')),
		inline.map((value) => `> ${value}\n> > deeper`),
		inline.map((value) => `## ${value}`),
		fc.array(line, { maxLength: 6 }).map((lines) => '````js\n' + lines.join('\n') + '\n````'),
		fc
			.array(title, { minLength: 1, maxLength: 3 })
			.map(
				(cells) =>
					`| a | b |\n|---|--:|\n${cells.map((cell) => `| ${escapeMarkdown(cell).replaceAll('|', '\\|')} | 2 |`).join('\n')}`,
			),
		fc.constant('---'),
		fc.constant('![a picture](https://example.com/picture.png)'),
		fc.constant('<b>unclosed <i>html'),
	);
	const markdown = fc.array(block, { maxLength: 8 }).map((blocks) => blocks.join('\n\n'));
	const limit = fc
		.tuple(
			fc.oneof(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 60, max: 700 })),
			fc.constantFrom(bytes, chars, utf16),
		)
		.map(([max, unit]) => unit(max));
	const size = (part: string, of: Limit) =>
		measure(of.counts === 'visible' ? (readers.telegramHtml?.(part) ?? part) : part, of.unit);

	test.each(dialects)('%s: every part is within its limit', (dialect) => {
		fc.assert(
			fc.property(
				markdown,
				limit,
				fc.option(limit, { nil: undefined }),
				fc.constantFrom('split', 'cut'),
				(source, max, first, overflow) => {
					const fitted = render(source, {
						format: 'markdown',
						dialect,
						limit: max,
						first,
						overflow: overflow as 'split',
					});
					expect(fitted.parts.length).toBeGreaterThan(0);
					fitted.parts.forEach((part, index) => {
						const own = index === 0 && first ? first : max;
						expect(measure(part, own.unit)).toBeLessThanOrEqual(own.max);
						expect(part).not.toMatch(/\p{Surrogate}/u);
						// Valid by itself: closed tags, JSON.
						if (/Html$|feishu/.test(dialect) && part !== '') readers[dialect]?.(part);
					});
					if (overflow === 'cut') expect(fitted.parts).toHaveLength(1);
				},
			),
			{ numRuns: runs * 2 },
		);
	});

	test('telegram counts what is visible', () => {
		fc.assert(
			fc.property(markdown, limit, (source, max) => {
				const { parts } = render(source, {
					format: 'markdown',
					dialect: 'telegramHtml',
					limit: visible(max),
					overflow: 'split',
				});
				for (const part of parts) expect(size(part, visible(max))).toBeLessThanOrEqual(max.max);
			}),
			{ numRuns: runs * 2 },
		);
	});

	/** Without what repeats or counts: markers, breaks, table heads. */
	const bare = (value: string) => value.replace(/[\s\u200b]/g, '');
	for (const dialect of [
		'plain',
		'telegramHtml',
		'markdown',
		'mailHtml',
		'feishuPost',
		'slack',
		'discord',
		'dingtalk',
	] as const) {
		test(`${dialect}: the parts together are the whole`, () => {
			const read = readers[dialect] as (part: string) => string;
			fc.assert(
				fc.property(
					fc.array(
						fc.oneof(
							title.map(escapeMarkdown),
							title.map((value) => `**${escapeMarkdown(value)}**`),
						),
						{ maxLength: 20 },
					),
					fc.integer({ min: dialect === 'mailHtml' ? 300 : 110, max: 500 }),
					(lines, max) => {
						const source = lines.join(' ');
						const whole = all(source, dialect).parts[0] as string;
						const { parts, cut } = render(source, {
							format: 'markdown',
							dialect,
							limit: bytes(max),
							overflow: 'split',
						});
						const count = parts.length;
						const shown = parts.map((part, index) => {
							const value = part === '' ? '' : read(part).trimEnd();
							const counter = `(${index + 1}/${count})`;
							if (count > 1) expect(value.endsWith(counter)).toBe(true);
							return count > 1 ? value.slice(0, -counter.length) : value;
						});
						expect(cut).toBe(false);
						expect(bare(shown.join(''))).toBe(bare(whole === '' ? '' : read(whole)));
					},
				),
				{ numRuns: runs * 2 },
			);
		});
	}
});

test.each(dialects)('%s: nothing in, nothing out', (dialect) => {
	for (const source of ['', ' ', '\n\n', ' \t\n ', '\u3000']) {
		for (const format of ['markdown', 'text', 'html'] as const)
			expect(all(source, dialect, format).parts).toEqual(['']);
	}
});

test.each(dialects)('%s: what needs no parser is what the parser would make', (dialect) => {
	const words = fc.constantFrom(
		'Film',
		'电影',
		'2024',
		'a-b',
		'(x)',
		'it’s',
		'“q”',
		'3.5',
		'100%',
		'👍',
		'!',
		'x:',
		'$5',
		'。',
	);
	const source = fc
		.array(
			fc.array(words, { minLength: 1, maxLength: 5 }).map((row) => row.join(' ')),
			{ minLength: 1, maxLength: 5 },
		)
		.chain((rows) =>
			fc
				.array(fc.constantFrom('\n', '\n\n'), { minLength: rows.length, maxLength: rows.length })
				.map((ends) => rows.map((row, index) => row + (index < rows.length - 1 ? ends[index] : '')).join('')),
		);
	fc.assert(
		fc.property(source, (value) => {
			// An empty comment is no text, and enough for the whole parser.
			expect(one(value, dialect)).toBe(one(value + '<!-- -->', dialect));
		}),
		{ numRuns: runs },
	);
});

describe('cutLine', () => {
	test.each([
		['short', bytes(10), 'short'],
		['Hello world', chars(8), 'Hello w…'],
		['电影电影', bytes(9), '电影…'],
		['a\nb\r\nc', chars(10), 'a b c'],
		['👨‍👩‍👧👨‍👩‍👧', utf16(12), '👨‍👩‍👧…'],
		['👨‍👩‍👧', bytes(10), '…'],
		['abc', bytes(2), 'ab'],
		['abc', bytes(0), ''],
	])('%j to %j', (value, limit, expected) => {
		expect(cutLine(value, limit)).toBe(expected);
	});

	test('is no more work for white space', () => {
		expect(quickly(() => cutLine('a' + ' '.repeat(300_000) + 'b', bytes(10)))).toBe('a…');
		expect(quickly(() => cutLine(' \n'.repeat(300_000) + 'b', bytes(10)))).toBe('b');
	});

	test('is within the limit, whole in characters, and one line', () => {
		fc.assert(
			fc.property(
				text,
				fc.integer({ min: 0, max: 40 }),
				fc.constantFrom(bytes, chars, utf16),
				(value, max, unit) => {
					const cut = cutLine(value, unit(max));
					expect(measure(cut, unit(max).unit)).toBeLessThanOrEqual(max);
					expect(cut).not.toMatch(/[\n\r]/);
					expect(cut).not.toMatch(/\p{Surrogate}/u);
				},
			),
			{ numRuns: runs * 5 },
		);
	});
});
