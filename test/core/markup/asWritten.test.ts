import { bytes } from '../../../src/core/base/limit';
import { render, type Dialect } from '../../../src/core/markup';
import type { Format } from '../../../src/core/message/message';

const all = (source: string, dialect: Dialect = 'plain', format: Format = 'markdown') =>
	render(source, { format, dialect, limit: bytes(1_000_000), overflow: 'split' });
const plain = (source: string, format: Format = 'markdown') => all(source, 'plain', format).parts.join('\n');

describe('Markdown that was not meant as Markdown stays as it was written', () => {
	test.each([
		['a module of Python', 'File "<stdin>", line 1, in <module>'],
		['a title in a sentence', 'SEO check: page /about has no <title> element. The rest stays.'],
		['a title that begins a line', '<title> is missing on /about\nand on /home'],
		['a script', '<script>alert(1)</script> was typed into a form'],
		['an open script', 'found <script> in comment 5\n\nsecond paragraph'],
		['a style sheet', 'a <style> without an end'],
		['a template', 'use <template> here'],
		['generics', 'List<String> is not Map<Key, List<Value>> nor Vec<u8> nor Foo<b>'],
		['a place to fill in', 'usage: cp <source> <target> [<mode>]'],
		['elements by name', 'page has no <h1>, an <input> and a <main>'],
		['a tag alone on its line', '<none>\nnext line'],
		['an end without a beginning', 'unexpected </div> near </foo>'],
		['a processing instruction', '<?php echo 1 ?>'],
		['a section of characters', '<![CDATA[ text ]]>'],
		['a comment that never ends', '<!-- begins\n\nand goes on'],
		['XML', '<job><name>nightly</name><state>failed</state></job>'],
		['definitions that nobody uses', '[账号1]: 签到成功\n[账号2]: 签到失败'],
		['a definition twice', '[disk]: full\n[disk]: full'],
		['a definition in a list', '• x\n\n[web]: down\n[db]: up\nand that is all'],
		['a date', '2026. 11. 27.'],
		['a date and its reason', '27. 11. 2026 and 3) 4) 5'],
		['a lone bullet', '-'],
		['a lone number', '3.'],
		['numbers without text', '1.\n2.\n3.'],
		['a line of cron', '* * * * * /usr/bin/backup'],
		['a schedule alone', 'every minute:\n* * * * *\nand so on'],
		['a formula', 'F=m*a*t and a*b=c*d, x*y+z*w'],
		['a blank', '&nbsp;'],
		['a picture of nothing', '![]()'],
		['an address with underscores', 'https://github.com/acme/app/blob/main/src/__tests__/login.test.ts'],
		['addresses with stars', 'https://a.com/*x* and https://b.com/*,https://c.com/*'],
		['an address of another kind', 's3://bucket/_x_/__y__/*.parquet'],
		['an address without a scheme', 'www.example.com/__init__/_x_'],
		['an e-mail address', 'mail __me__@example.com or _x_y_@example.com'],
		['an address in brackets', '(https://e.com/_a_) [https://e.com/*a*]'],
		['patterns of paths', '/var/log/*.gz and /opt/*.tmp'],
		['more of them', '**/*.ts, src/**/*.js and **/node_modules/**'],
		['patterns of files', '*.gz and *.tmp, test_*.py, *_test.go, *backup*.sql'],
		['paths between letters', '日志在/var/log/*.gz和/opt/*.tmp里'],
		['a path with underscores', 'src/__mocks__/_a_/b.ts and ~/_x_/y and ./_a_ ../_b_'],
		['a path that is assigned', 'path=/var/*/log/*.gz'],
		['a path of Windows', 'C:\\Users\\_me\\!x\\*.log'],
		['one with blanks', 'C:\\Program Files (x86)\\_app\\#1'],
		['one that begins with a mark', 'D:\\_backup and E:\\$RECYCLE.BIN'],
		['a share', '\\\\nas\\films\\_new\\*.mkv'],
		['a relative one', 'src\\lib\\_out\\*.dll'],
		['a path at the end of a line', 'C:\\Users\\\nnext'],
		['a pattern', '\\d+\\.\\d+ and \\w\\*'],
		['names of Python', 'if __name__ == "__main__": __init__.py obj.__dict__ __enter__()'],
		['a product', '2*3*4=24'],
		['a path of Windows whose folder is a pattern', 'C:\\*\\foo\\*.txt and D:\\*.*'],
		['one whose folder has brackets', 'D:\\[new]\\(x)\\_y_'],
		['names with a gap', 'user:*:id and user:*:name, key_*_id and val_*_id, job-*-a and job-*-b, a.*.b and c.*.d'],
		['patterns of text', 'matched .*error.* and .*fail.* but not ^[a-z]*$ or (a|b)*. or .*'],
		['a declaration in a sentence', 'warning: <!DOCTYPE html> is missing'],
		['a declaration that begins a line', '<!DOCTYPE html> is missing on /about\nand <!doctype html> on /home'],
		['a declaration by itself', 'first line is\n\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0//EN">'],
		['letters that are compared', 'if a<b and c>d, x <i or y> z and <p q>'],
		['elements that show nothing', 'no <meta name="description" content="x"> and no <link rel="icon" href="x">'],
		['elements that would show a page', 'add <iframe src="x"></iframe> or <object data="x.swf"></object>'],
		['inputs of a form', 'type into <input type="text" name="q"> and <progress value="5" max="10"></progress>'],
		['a film of nowhere', 'see <video controls src="v.mp4"></video>'],
		['a definition that is none', '[账号1]: 签到成功\n\n[账号1] 积分 10'],
		['one whose label comes again', '[db]: down\n[web]: up\n\n[db] is restarted'],
		['a key of the registry', 'HKEY_LOCAL_MACHINE\\_x_\\* and HKLM\\*\\_y_'],
		['folders by variables', '%APPDATA%\\_a\\*b* and $HOME/*/_x_ and ${TMP}/_y_/*.log'],
		['a magnet', 'magnet:?xt=urn:btih:__a__&dn=My_Film_2021'],
		['a comparison', '>= 90 % of the disk\n>=5 files'],
		['a mention of Slack', '<!channel> <!here> <@U123> <#C1|general> <!subteam^S1|@team>'],
	])('%s', (_, source) => {
		expect(plain(source)).toBe(source);
		expect(all(source, 'telegramHtml').lost).toEqual([]);
	});

	test('in tables, headings, items and quotes alike', () => {
		expect(plain('# List<String>\n\n- Vec<u8>\n- <none>\n\n> <stdin>')).toBe(
			'List<String>\n\n• Vec<u8>\n• <none>\n\n> <stdin>',
		);
		expect(all('| pod | node |\n|---|---|\n| a | <none> |', 'markdown').parts).toEqual([
			'| pod | node |\n| --- | --- |\n| a | \\<none> |',
		]);
	});

	test('cells beyond the head of a table are shown', () => {
		expect(all('| a | b |\n|---|---|\n| 1 | 2 | 3 | x\\|y |', 'wecom').parts[0]).toContain('1 | 2 | 3 | x|y');
		expect(all('> | a |\n> |---|\n> | 1 | 2 |', 'markdown').parts[0]).toContain('| 1 | 2 |');
	});

	test('words after a fence that name no language are its first line', () => {
		expect(all('```Error: no disk\nline 2\n```', 'telegramHtml').parts).toEqual([
			'<pre>Error: no disk\nline 2</pre>',
		]);
		expect(all('```js title="a.js"\nx\n```', 'telegramHtml').parts).toEqual([
			'<pre><code class="language-js">x</code></pre>',
		]);
		expect(plain('```oops')).toBe('oops');
	});
});

describe('what is meant stays what it means', () => {
	test.each([
		['**bold** *it* __b__ _i_ ~~s~~', '<b>bold</b> <i>it</i> <b>b</b> <i>i</i> <s>s</s>'],
		['*Done.* *(a)* *see [b]* and *c.* **d.** *.e* x:*y*, *1.5* *a.b.*', '<i>Done.</i> <i>(a)</i> <i>see [b]</i> and <i>c.</i> <b>d.</b> <i>.e</i> x:<i>y</i>, <i>1.5</i> <i>a.b.</i>'],
		['**a/b** yes/**no** *and/or*', '<b>a/b</b> yes/<b>no</b> <i>and/or</i>'],
		['**https://e.com/a_b_**', '<b>https://e.com/a_b_</b>'],
		['*see https://e.com/x*', '<i>see https://e.com/x</i>'],
		['_foo@bar.com_', '<i>foo@bar.com</i>'],
		['**/etc/passwd** and **/opt/x is full**', '<b>/etc/passwd</b> and <b>/opt/x is full</b>'],
		['https://e.com/x的**重点**', 'https://e.com/x的<b>重点</b>'],
		['**地址：https://e.com/x**，详情', '<b>地址：https://e.com/x</b>，详情'],
		['[https://e.com/_a_](https://e.com/_a_)', '<a href="https://e.com/_a_">https://e.com/_a_</a>'],
		['<https://e.com|Name> and <https://e.com/x>', '<a href="https://e.com">Name</a> and <a href="https://e.com/x">https://e.com/x</a>'],
		['[](https://e.com)', '<a href="https://e.com">https://e.com</a>'],
		['a <b>b</b> <i>c</i><br>d', 'a <b>b</b> <i>c</i>\nd'],
		['a <!-- hidden --> b', 'a  b'],
		['https://e.com/a\\_b\\_ and a\\*b', 'https://e.com/a_b_ and a*b'],
		['3. three\n4. four', '3. three\n4. four'],
		['- a\n-\n- b', '• a\n• b'],
	])('%s', (source, expected) => {
		expect(all(source, 'telegramHtml').parts).toEqual([expected]);
	}); // prettier-ignore

	test.each([
		['<https://e.com/?q=SELECT%20(2*2)>', 'https://e.com/?q=SELECT%20(2*2)'],
		['see <https://e.com/%E5%A4%87%E4%BB%BD>.', 'see https://e.com/%E5%A4%87%E4%BB%BD.'],
		['<https://xn--mnchen-3ya.example/a_b>', 'https://xn--mnchen-3ya.example/a_b'],
		['<http://[::1]:80/%7Ea>', 'http://[::1]:80/%7Ea'],
	])('an address in angle brackets is said once, as it was given: %s', (source, expected) => {
		expect(plain(source)).toBe(expected);
		expect(all(source, 'discord').parts[0]).not.toContain('(http');
	});

	test('a definition that is used is one, whatever stands beside it', () => {
		expect(plain('See [2] and [here][x].\n\n[1]: https://a.b\n[2]: https://c.d\n[x]: https://e.f\n[y]: z')).toBe(
			'See 2 (https://c.d) and here (https://e.f).\n\n[1]: https://a.b\n\n[y]: z',
		);
	});
});

describe('HTML that was never finished is text', () => {
	test.each([
		['<p>File "<stdin>", line 1</p>', 'File "<stdin>", line 1'],
		['<p>no <title> element</p><p>more</p>', 'no <title> element\n\nmore'],
		['<p>if a<b then c</p>', 'if a<b then c'],
		['x <!-- never closed', 'x <!-- never closed'],
		['a <b', 'a <b'],
		['<!channel> <@U1>', '<!channel> <@U1>'],
		['<![CDATA[<b>x</b>]]>', 'x'],
		['<!DOCTYPE html><html><head><title>T</title><style>a{}</style></head><body>x</body></html>', 'x'],
		['<o:p>x</o:p><my-tag>y</my-tag>', 'xy'],
		['<https://e.com|Name>', 'Name (https://e.com)'],
	])('%s', (source, expected) => {
		expect(plain(source, 'html')).toBe(expected);
	});
});

test('links that run something are dropped, and named', () => {
	for (const source of ['[a](javascript:alert(1)) b', '[a](data:text/html,x) b', '[a](VBScript:x) b'])
		expect(all(source)).toMatchObject({ parts: ['a b'], lost: ['link'] });
	expect(all('![p](data:image/png;base64,AA)')).toMatchObject({ parts: ['p'], lost: ['image'] });
	expect(all('<a href="javascript:x">a</a>', 'plain', 'html')).toMatchObject({ parts: ['a'], lost: ['link'] });
});

test('colour where the service has it, else it is named', () => {
	const source = '<font color="warning">a</font> <font color="red">b</font> <font color="#123456">c</font>';
	expect(all(source, 'wecom')).toMatchObject({
		parts: ['<font color="warning">a</font> <font color="warning">b</font> c'],
		lost: ['color'],
	});
	expect(all('**<font color="info">a</font>**', 'wecom')).toMatchObject({
		parts: ['**<font color="info">a</font>**'],
		lost: [],
	});
	expect(all('<font color="green">a</font>', 'larkMd').parts).toEqual(["<font color='green'>a</font>"]);
	expect(all(source, 'mailHtml').parts[0]).toContain('<span style="color:#123456">c</span>');
	expect(all(source, 'telegramHtml')).toMatchObject({ parts: ['a b c'], lost: ['color'] });
});

test.each(['markdown', 'html', 'text'] as const)('%s: nothing of a terminal is shown', (format) => {
	const source =
		'\x1b[32mINFO\x1b[0m a\x1b]8;;https://e.com\x07b\x1b]8;;\x1b\\c \x1b(Bd\x07\0 \x1b[1;31mE\x1b[m\x9b2Kf\x1b]0;lost\x07g';
	expect(plain(source, format)).toBe('INFO abc d Efg');
});

describe('as a person would write it', () => {
	test('tasks have boxes', () => {
		const tasks = '- [x] done\n- [ ] to do\n- [y] other';
		expect(plain(tasks)).toBe('• ☑ done\n• ☐ to do\n• [y] other');
		expect(all(tasks, 'dingtalk').parts).toEqual(['- ☑ done\n- ☐ to do\n- \\[y\\] other']);
		expect(plain('<ul><li><input type="checkbox" checked>a</ul>', 'html')).toBe('• ☑ a');
	});

	test('a table in plain text is not padded', () => {
		expect(plain('| name | size |\n|---|--:|\n| some film | 10 GB |\n| x | |')).toBe(
			'name | size\nsome film | 10 GB\nx',
		);
	});

	test('code and tables within an item stay as they were', () => {
		const source =
			'- item\n  ```yaml\n  a:\n    b: 1\n  ```\n  after\n- next\n  - deep\n\n    | c | d |\n    |---|---|\n    | 1 | 2 |\n\n    more\n  - last';
		expect(all(source, 'telegramHtml').parts).toEqual([
			'• item\n\n<pre><code class="language-yaml">a:\n  b: 1</code></pre>\n\n  after\n• next\n  • deep\n\n' +
				'<pre>c  d\n-  -\n1  2</pre>\n\n    more\n  • last',
		]);
		expect(all('1. ```\n   a\n     b\n   ```\n2. x', 'telegramHtml').parts).toEqual([
			'1. \n<pre>a\n  b</pre>\n2. x',
		]);
	});

	test('a quote in a quote of Telegram is one', () => {
		expect(all('> a\n> > b\n> > c\n>\n> d', 'telegramHtml').parts).toEqual([
			'<blockquote>a\n\n│ b\n│ c\n\nd</blockquote>',
		]);
	});
});

describe('text rings nobody', () => {
	const calls =
		'@everyone @here <@U123> <!channel> <at id=all></at> <at user_id="all"></at> @所有人 [CQ:at,qq=all] @room';
	test.each(['markdown', 'html', 'text'] as const)('%s', (format) => {
		const part = (dialect: Dialect) => all(calls, dialect, format).parts[0]!;
		expect(plain(calls, format)).toBe(calls);
		expect(part('slack')).not.toMatch(/<[@!#a]/);
		expect(part('larkMd')).not.toMatch(/<at/);
		expect(part('wecom')).not.toMatch(/<@/);
		expect(part('discord')).not.toMatch(/@everyone|@here|<@/);
		expect(part('telegramHtml')).not.toMatch(/(?<!\w)@[A-Za-z]\w{3}/);
	});

	test('not in code either', () => {
		const source = '`@everyone <@U1>`\n\n```\n@here <!channel> <@1>\n```';
		expect(all(source, 'slack').parts[0]).not.toMatch(/<[@!]/);
		expect(all(source, 'discord').parts[0]).not.toMatch(/@everyone|@here|<@/);
		expect(all(source, 'wecom').parts[0]).not.toMatch(/<@/);
	});

	test('nor by a link', () => {
		for (const source of ['[x](tg://user?id=1)', '<a href="TG://user?id=1">x</a>', '![x](tg:user?id=1)'])
			expect(all(source, 'telegramHtml').parts[0]).toBe('x');
		expect(all('mail a.b@example.com', 'telegramHtml').parts).toEqual(['mail a.b@example.com']);
	});
});

describe('What HTML shows by more than its text', () => {
	test.each([
		['a film', '<video src="https://e.com/v.mp4"></video>', 'https://e.com/v.mp4'],
		['a page in the page', 'see <iframe src="https://e.com/x"></iframe>', 'see https://e.com/x'],
		['a power', '10<sup>6</sup> m<sup>-2</sup>, 1<sup>st</sup>', '10^6 m^-2, 1st'],
		['a quotation', '<q>quoted</q>', '“quoted”'],
		['choices', '<select><option>a<option>b</select>', 'a\n\nb'],
	])('%s', (_, source, shown) => {
		expect(plain(source)).toBe(shown);
		expect(plain(source, 'html')).toBe(shown);
	});

	test('a whole page given as Markdown is read as HTML', () => {
		const page =
			'<!DOCTYPE html>\n<html><head><title>T</title><style>p{}</style></head>\n\n<body><p>Hi *there*</p><script>x()</script></body></html>';
		expect(plain(page)).toBe('Hi *there*');
		expect(plain('<html> is *how* it begins')).toBe('<html> is *how* it begins');
	});

	test('colours by style', () => {
		expect(all('<span style="color: #F00; font-weight:bold">x</span>', 'plain').lost).toEqual(['color']);
		expect(all('<span style="color:red">x</span> <span>y</span>', 'wecom').parts).toEqual([
			'<font color="warning">x</font> y',
		]);
	});
});

test.each(['&#27;[31mred&#x1b;[0m', '&#x1B;[1;31mred&#27;[m', '&#7;red&#0;'])(
	'control characters as references: %s',
	(source) => {
		expect(plain(source)).toBe('red');
		expect(plain(source, 'html')).toBe('red');
		expect(plain(source, 'text')).toBe(source);
	},
);

test('a link as Slack writes it, without a label, is its address', () => {
	expect(plain('<https://e.com|>')).toBe('https://e.com');
	expect(plain('<https://e.com|>', 'html')).toBe('https://e.com');
});
