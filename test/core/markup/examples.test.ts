import { bytes, chars, measure, utf16, visible } from '../../../src/core/base/limit';
import { dialects, parse, render, type Dialect } from '../../../src/core/markup';
import { isLong } from '../../property';
import { most, workOf } from '../../work';

const show = (source: string, dialect: Dialect, format: 'markdown' | 'text' | 'html' = 'markdown') =>
	render(source, { format, dialect, limit: bytes(1_000_000), overflow: 'split' });
const split = (
	source: string,
	dialect: Dialect,
	limit = bytes(100),
	first = undefined as ReturnType<typeof bytes> | undefined,
) => render(source, { format: 'markdown', dialect, limit, first, overflow: 'split' }).parts;

describe('each dialect in its own words', () => {
	const source = 'Hi **bold *both*** ~~no~~ `x<y` [site](https://e.com/?a=1&b=2) A&B <3';
	test.each<[Dialect, string]>([
		['plain', 'Hi bold both no x<y site (https://e.com/?a=1&b=2) A&B <3'],
		['markdown', 'Hi **bold _both_** ~~no~~ `x<y` [site](https://e.com/?a=1&b=2) A&B \\<3'],
		['serverChan', 'Hi **bold _both_** ~~no~~ `x<y` [site](https://e.com/?a=1&b=2) A&B \\<3'],
		[
			'telegramHtml',
			'Hi <b>bold <i>both</i></b> <s>no</s> <code>x&lt;y</code> <a href="https://e.com/?a=1&amp;b=2">site</a> A&amp;B &lt;3',
		],
		['slack', 'Hi *bold _both_* ~no~ `x&lt;y` <https://e.com/?a=1&amp;b=2|site> A&amp;B &lt;3'],
		['synology', 'Hi *bold _both_* ~no~ x<\u200by <https://e.com/?a=1&b=2|site> A&B <\u200b3'],
		['discord', 'Hi **bold *both*** ~~no~~ `x<y` [site](https://e.com/?a=1&b=2) A&B \\<3'],
		['larkMd', 'Hi **bold both** ~~no~~ x&#60;y [site](https://e.com/?a=1&b=2) A&B &#60;3'],
		['feishuCard', 'Hi **bold both** ~~no~~ `x<y` [site](https://e.com/?a=1&b=2) A&B &#60;3'],
		['dingtalk', 'Hi **bold both** no x\\<y [site](https://e.com/?a=1&b=2) A&B \\<3'],
		['wecom', 'Hi **bold both** no `x<y` [site](https://e.com/?a=1&b=2) A&B <3'],
		['wecomV2', 'Hi **bold both** no `x<y` [site](https://e.com/?a=1&b=2) A&B \\<3'],
		[
			'feishuPost',
			JSON.stringify([
				[
					{ tag: 'text', text: 'Hi ' },
					{ tag: 'text', text: 'bold ', style: ['bold'] },
					{ tag: 'text', text: 'both', style: ['bold', 'italic'] },
					{ tag: 'text', text: ' ' },
					{ tag: 'text', text: 'no', style: ['lineThrough'] },
					{ tag: 'text', text: ' x<y ' },
					{ tag: 'a', text: 'site', href: 'https://e.com/?a=1&b=2' },
					{ tag: 'text', text: ' A&B <3' },
				],
			]),
		],
	])('%s', (dialect, expected) => {
		expect(show(source, dialect).parts).toEqual([expected]);
	});

	test('lists, nested and numbered', () => {
		const list = '3. three\n4. four\n   - in\n\n   second';
		expect(show(list, 'telegramHtml').parts).toEqual(['3. three\n4. four\n  • in\n\n  second']);
		expect(show(list, 'markdown').parts).toEqual(['3. three\n4. four\n   - in\n\n   second']);
		expect(show(list, 'mailHtml').parts[0]).toMatch(
			/^<ol [^>]*start="3"><li [^>]*value="3">three<\/li><li [^>]*value="4">four<ul[^>]*><li style="[^"]*">in/,
		);
	});

	test('a soft line break is a line break', () => {
		expect(show('a *x*\nb', 'telegramHtml').parts).toEqual(['a <i>x</i>\nb']);
		expect(show('a\nb\n\nc', 'dingtalk').parts).toEqual(['a  \nb\n\nc']);
		expect(show('a\nb', 'mailHtml').parts[0]).toContain('a<br>b');
	});

	test('tables: shown, aligned by display width, or as rows', () => {
		const table = '| 名字 | n |\n|---|--:|\n| 张三 | 10 |\n| Bo | 2 |';
		expect(show(table, 'markdown')).toMatchObject({
			parts: ['| 名字 | n |\n| --- | --: |\n| 张三 | 10 |\n| Bo | 2 |'],
			lost: [],
		});
		expect(show(table, 'telegramHtml')).toMatchObject({
			parts: ['<pre>名字   n\n----  --\n张三  10\nBo     2</pre>'],
			lost: ['table'],
		});
		expect(show(table, 'dingtalk')).toMatchObject({
			parts: ['**名字 | n**  \n张三 | 10  \nBo | 2'],
			lost: ['table'],
		});
		expect(show(table, 'wxpusherHtml').parts[0]).toContain('<tr><td>张三</td><td>10</td></tr>');
	});

	test('images: shown, or as links', () => {
		const image = '![poster](https://e.com/p.jpg)';
		expect(show(image, 'dingtalk')).toMatchObject({ parts: [image], lost: [] });
		expect(show(image, 'wecom')).toMatchObject({ parts: ['[poster](https://e.com/p.jpg)'], lost: ['image'] });
		expect(show(image, 'plain')).toMatchObject({ parts: ['poster (https://e.com/p.jpg)'], lost: ['image'] });
		expect(show('[![build](https://e.com/b.svg)](https://ci.example)', 'slack').parts).toEqual([
			'<https://ci.example|build>',
		]);
	});

	test('code: in its language, or as a quote', () => {
		const code = '```js\nif (a < b) {\n\n  "`x`";\n}\n```';
		expect(show(code, 'telegramHtml').parts).toEqual([
			'<pre><code class="language-js">if (a &lt; b) {\n\n  "`x`";\n}</code></pre>',
		]);
		expect(show(code, 'discord').parts).toEqual([code]);
		expect(show(code, 'wecom')).toMatchObject({
			parts: ['> if (a < b) {\n>\n>   "\u200b`\u200bx\u200b`\u200b";\n> }'],
			lost: ['code'],
		});
		expect(show('````\n```\n````', 'markdown').parts).toEqual(['````\n```\n````']);
	});

	test('HTML, alone and inside Markdown', () => {
		expect(
			show('<h1>T</h1><p>a <b>b</b><br>c</p><ul><li>x<li>y</ul><script>alert(1)</script>', 'telegramHtml', 'html')
				.parts,
		).toEqual(['<b>T</b>\n\na <b>b</b>\nc\n\n• x\n• y']);
		expect(
			show('a <u>b</u> <font color="red">c</font><script>x</script> &lt; <br>d', 'telegramHtml'),
		).toMatchObject({
			parts: ['a <u>b</u> c&lt;script&gt;x&lt;/script&gt; &lt;\nd'],
			cut: false,
			lost: ['color'],
		});
		expect(show('<blockquote>\n\n**q**\n\n</blockquote>\n\nafter', 'markdown').parts).toEqual(['> **q**\n\nafter']);
		expect(show('<pre><code class="language-sh">ls\n  -l</code></pre>', 'markdown', 'html').parts).toEqual([
			'```sh\nls\n  -l\n```',
		]);
	});

	test('no script gets through', () => {
		const attack =
			'[a](javascript:alert(1)) [b](<java\nscript:x>) <a href="jAva&#10;script:alert(1)">c</a> <img src=x onerror=alert(1)> <a href="data:text/html,x" onclick="y">d</a> <svg onload=z> ![e](data:image/svg+xml,x)';
		for (const dialect of dialects) {
			for (const format of ['markdown', 'html'] as const) {
				const [part = ''] = show(attack, dialect, format).parts;
				if (/Html$/.test(dialect))
					expect(part).not.toMatch(/<[^>]*(onerror|onclick|onload|javascript|data:|<svg)/i);
			}
		}
		expect(show('<a href="x&quot; onclick=&quot;y">t</a>', 'mailHtml', 'html').parts[0]).not.toContain('<a');
		expect(show('<a href="https://e.com/&quot;onclick=&quot;y">t</a>', 'mailHtml', 'html').parts[0]).toContain(
			'href="https://e.com/&quot;onclick=&quot;y"',
		);
	});

	test('text is verbatim', () => {
		const log = 'a *b* <c>\n  indented\n\n\n\nfar\n# no heading';
		expect(show(log, 'plain', 'text').parts).toEqual([log]);
		expect(show(log, 'telegramHtml', 'text').parts).toEqual([
			'a *b* &lt;c&gt;\n  indented\n\n\n\nfar\n# no heading',
		]);
	});
});

describe('splitting', () => {
	test('at paragraphs first, counted', () => {
		const paragraph = 'Lorem ipsum dolor sit amet consectetur elit.';
		expect(split([paragraph, paragraph, paragraph].join('\n\n'), 'plain')).toEqual([
			`${paragraph}\n\n${paragraph}\n(1/2)`,
			`${paragraph}\n(2/2)`,
		]);
	});

	test('then at sentences and words', () => {
		expect(split('One two three four. Five six seven eight nine ten. Eleven twelve', 'plain', chars(45))).toEqual([
			'One two three four.\n(1/2)'.replace('four.', 'four. Five six seven'),
			'eight nine ten. Eleven twelve\n(2/2)',
		]);
		expect(split('灯慢慢暗了下来，大家安静了。电影开始了，没有人说话。', 'plain', chars(22))[0]).toBe(
			'灯慢慢暗了下来，大家安静了。\n(1/2)',
		);
	});

	test('closes and opens what a cut leaves open', () => {
		const words = 'lorem ipsum dolor sit amet consectetur adipiscing elit sed do';
		for (const part of split(`**${words}**`, 'markdown', bytes(50)))
			expect(part).toMatch(/^\*\*\S.*\S\*\*\n\n\(\d\/\d\)$/);
		for (const part of split(`> *${words}*`, 'telegramHtml', bytes(80)))
			expect(part).toMatch(/^<blockquote><i>\S.*\S<\/i><\/blockquote>\n\n\(\d\/\d\)$/);
		const code = Array.from({ length: 9 }, (_, index) => `  line ${index};`).join('\n');
		const fenced = split('```js\n' + code + '\n```', 'discord', chars(60));
		for (const part of fenced) expect(part).toMatch(/^```js\n {2}line[^`]*;\n```\n\(\d\/\d\)$/);
		expect(fenced.map((part) => part.replace(/```(js)?\n?|\(\d\/\d\)/g, '')).join('')).toBe(code + '\n');
	});

	test('never in a link, an address, an entity or a list marker', () => {
		const link = '[a rather long label](https://example.com/a/b/c)';
		const [first, second] = split(
			`Some words before that fill the part rather well. ${link} and more words after`,
			'markdown',
			bytes(100),
		);
		expect(first).not.toContain('[');
		expect(second).toContain(link);
		expect(
			split(
				'看这里的地址在这里的地址在这里的地址在这里的地址在这里https://example.com/path/to/something/long',
				'plain',
				bytes(100),
			)[1],
		).toContain('https://example.com/path/to/something/long');
		for (let max = 30; max < 60; max++) {
			for (const part of split('a&b&c&d&e&f&g&h&i&j&k&l&m&n&o&p&q&r&s&t', 'telegramHtml', bytes(max)))
				expect(part.replace(/&amp;/g, '')).not.toContain('&');
			for (const part of split('- first item\n- second item\n- third item\n- fourth item', 'plain', bytes(max)))
				expect(part).not.toMatch(/•\s*(\n|$)/);
		}
	});

	test('an item that goes on has no second marker', () => {
		const [, second] = split('- ' + 'word '.repeat(30), 'plain', bytes(100));
		expect(second).toMatch(/^word/);
	});

	test('a numbered list goes on with its numbers', () => {
		const list = `3. ${'word '.repeat(30)}\n4. four\n5. five`;
		for (const dialect of ['markdown', 'dingtalk', 'wecomV2'] as const) {
			const [, second = ''] = split(list, dialect, bytes(120));
			expect(parse(second, 'markdown').slice(0, 2)).toMatchObject([
				{ type: 'paragraph' },
				{ type: 'list', start: 4, items: [[{}], [{}]] },
			]);
		}
		const [, second = ''] = split(list, 'wxpusherHtml', bytes(150));
		expect(second).toMatch(
			/^<ol><li style="list-style:none">word [^<]*<\/li><li value="4">four<\/li><li value="5">five<\/li><\/ol>/,
		);
	});

	test('never in a grapheme, unless it is longer than a part', () => {
		const family = '👨‍👩‍👧';
		for (const part of split(family.repeat(20), 'plain', utf16(50)))
			expect(part.replace(/\n\(.*\)$/, '').replaceAll(family, '')).toBe('');
		expect(split(family.repeat(2), 'plain', utf16(5)).join('')).toBe(family.repeat(2));
	});

	test('never between a stop and the mark on it', () => {
		const stop = '！\ufe01';
		for (let max = 45; max < 70; max++)
			for (const part of split(`电影院里${stop}`.repeat(9), 'plain', bytes(max)))
				expect(part).not.toMatch(/^\ufe01|！(?!\ufe01)/);
		expect(split('word word word word \u0301word word word', 'plain', chars(27)).join()).not.toMatch(/(^|,)\u0301/);
	});

	test('a caption of its own limit', () => {
		const parts = split('word '.repeat(60).trim(), 'plain', bytes(150), bytes(60));
		expect(parts[0]?.length).toBeLessThanOrEqual(60);
		expect(parts[0]).toMatch(/^word.*\n\(1\/\d\)$/s);
		expect(parts[1]?.length).toBeGreaterThan(100);
	});

	test('a caption with no room stays empty', () => {
		expect(split('👨‍👩‍👧 hello', 'plain', bytes(50), bytes(3))).toEqual(['', '👨‍👩‍👧 hello']);
	});

	test('Telegram counts what is visible', () => {
		const source = '**' + 'a'.repeat(4090) + '** &lt;&gt;';
		expect(split(source, 'telegramHtml', visible(utf16(4096)))).toHaveLength(1);
		expect(split(source, 'telegramHtml', utf16(4096))).toHaveLength(2);
	});

	test('a table that is cut has its head again', () => {
		const table = '| name | size |\n|---|---|\n' + '| some film | 10 GB |\n'.repeat(9);
		for (const part of split(table, 'markdown', bytes(150)))
			expect(part).toMatch(/^\| name \| size \|\n\| --- \| --- \|\n(\| some film \| 10 GB \|\n)+\n\(\d\/\d\)$/);
	});

	test('cut: one part that ends in an ellipsis, closed', () => {
		const cut = (source: string, dialect: Dialect, max: number) =>
			render(source, { format: 'markdown', dialect, limit: bytes(max), overflow: 'cut' });
		expect(cut('Hello **bold world**', 'telegramHtml', 22)).toMatchObject({
			parts: ['Hello <b>bold…</b>'],
			cut: true,
			lost: [],
		});
		expect(cut('Hello', 'plain', 5)).toMatchObject({ parts: ['Hello'], cut: false, lost: [], losses: [] });
		expect(cut('Hello world', 'plain', 8)).toMatchObject({ parts: ['Hello…'], cut: true, lost: [] });
		expect(JSON.parse(cut('Hello **bold world** and more of it', 'feishuPost', 70).parts[0] as string)).toEqual([
			[
				{ tag: 'text', text: 'Hello ' },
				{ tag: 'text', text: '…' },
			],
		]);
	});

	test('what can be told in no part is said to be cut', () => {
		expect(render('👍', { format: 'text', dialect: 'plain', limit: bytes(3), overflow: 'split' })).toMatchObject({
			parts: [''],
			cut: true,
		});
	});
});

describe('however large or twisted', () => {
	/** Characters that were looked at, and parts that keep the limit. */
	const work = (source: string, format: 'markdown' | 'html' | 'text', dialect: Dialect, max = 4000) =>
		workOf(() => {
			const { parts } = render(source, { format, dialect, limit: bytes(max), overflow: 'split' });
			for (const part of parts) expect(measure(part, 'bytes')).toBeLessThanOrEqual(max);
		});
	/** All of them in the long run; else one, each time the next. */
	let turn = 0;
	const inTurn = (some: readonly Dialect[]) => (isLong ? some : [some[turn++ % some.length]!]);
	const body = (size: number) => {
		const section =
			'## Section\n\nSome **bold** text with a [link](https://e.com/1) and 电影院里的灯慢慢暗了下来，大家安静了。\n\n- one\n- two\n\n> quote\n\n```\ncode\n```\n\n';
		return section.repeat(Math.ceil(size / Buffer.byteLength(section)));
	};

	test.each(dialects)('%s: twice the text takes about twice the work', (dialect) => {
		const one = work(body(50_000), 'markdown', dialect);
		const two = work(body(100_000), 'markdown', dialect);
		expect(two).toBeLessThan(one * 2.5);
	});

	test.each([
		['stars', '*'.repeat(50_000)],
		['brackets', '['.repeat(100_000)],
		['nested brackets', '['.repeat(20_000) + 'a' + ']'.repeat(20_000)],
		['quotes in quotes', '>'.repeat(100_000) + ' a'],
		['lists in lists', '- '.repeat(50_000) + 'a'],
		['less-than signs', '<'.repeat(100_000)],
		['comments', '<!-- '.repeat(20_000)],
		['backticks', Array.from({ length: 400 }, (_, index) => '`'.repeat(index)).join(' ')],
		['unclosed links', '[]('.repeat(30_000)],
		['images', '![a]('.repeat(20_000)],
		['references', '[a]: b\n'.repeat(20_000)],
		['bold in one link', '[' + '**a** b '.repeat(20_000) + '](https://e.com)'],
		['bold in italics', '*' + '**a** b '.repeat(20_000) + '*'],
		['one letter each', '<b>a</b><i>b</i>'.repeat(isLong ? 10_000 : 4_000)],
		['one word', 'a'.repeat(1_000_000)],
		['a long address over many lines', '[' + 'a\n'.repeat(50_000) + `](https://e.com/${'x'.repeat(300_000)})`],
		['a long address meant often', `[a]: https://e.com/${'x'.repeat(300_000)}\n\n` + '[a] '.repeat(50_000)],
		['a long picture meant often', `[a]: https://e.com/${'x'.repeat(300_000)}\n\n` + '![a] '.repeat(50_000)],
		['one grapheme', 'a' + '\u0301'.repeat(100_000)],
		['ampersands', '&amp;'.repeat(100_000)],
		['lines', 'a*\n'.repeat(20_000)],
		['pipes', '|'.repeat(50_000) + '\n' + '|-'.repeat(25_000)],
		[
			'wide table',
			'| a '.repeat(1000) + '|\n' + '|---'.repeat(1000) + '|\n' + ('| b '.repeat(1000) + '|\n').repeat(10),
		],
	])('%s', (_, source) => {
		for (const dialect of inTurn(['markdown', 'telegramHtml', 'feishuPost', 'discord', 'slack']))
			expect(work(source, 'markdown', dialect)).toBeLessThan(most);
	});

	test.each([
		['div', '<div>'.repeat(100_000)],
		['blockquote', '<blockquote>'.repeat(100_000) + 'x' + '</blockquote>'.repeat(100_000)],
		['lists', '<ul><li>'.repeat(50_000) + 'x'],
		['tables', '<table><tr><td>'.repeat(50_000) + 'x'],
		['bold', '<b>'.repeat(100_000) + 'x'],
		['links', '<a href="https://e.com">'.repeat(50_000) + 'x'],
		['mismatched', '<blockquote>'.repeat(50_000) + '</ul>'.repeat(50_000)],
		['less-than signs', '<'.repeat(300_000)],
		['entities', '&lt;'.repeat(200_000)],
		['attributes', '<a ' + 'x="1" '.repeat(100_000) + '>y'],
	])('HTML: %s', (_, source) => {
		for (const dialect of inTurn(['markdown', 'telegramHtml', 'mailHtml']))
			expect(work(source, 'html', dialect, 100_000)).toBeLessThan(most);
	});
});
