import type { Renders } from '../../../../src/core/define/channel';
import { chars } from '../../../../src/core/base/limit';
import { readMessage, type Message } from '../../../../src/core/message/message';
import { enclosuresOf } from '../../../../src/core/deliver/obtain/obtaining';
import { withoutMarkup } from '../../../../src/core/deliver/render/refused';
import { renderParts } from '../../../../src/core/deliver/render/rendering';

const bare: Renders = { markup: 'plain', limit: chars(1000) };
const reaching = { account: { language: 'en' as const }, trustedOrigins: [], signal: new AbortController().signal };
const render = async (message: Message, renders: Renders = bare, language: 'en' | 'zh' = 'en') => {
	const enclosed = await enclosuresOf(message, renders, reaching);
	const rendering = await renderParts(message, renders, { overflow: 'split', maxParts: 10 }, language, enclosed);
	return { ...rendering, degraded: new Set(rendering.losses.map(({ kind }) => kind)) };
};

const full: Message = {
	title: 'Severance *S02*',
	body: 'A **new** episode',
	level: 'warning',
	url: 'https://example.com/item',
	image: { url: 'https://image.tmdb.org/x.jpg' },
	fields: [{ name: 'Rating', value: '8.7_*' }],
	buttons: [
		{ text: 'Watch', url: 'https://example.com/watch' },
		{ text: 'Mute', value: 'mute' },
	],
	attachments: [
		{ name: 'log.txt', data: new Uint8Array([1]) },
		{ name: 'list', url: 'https://example.com/list.txt' },
	],
	mentions: ['@all'],
};

test.each([
	['Ann marked Dune as watched', 'Ann marked *Dune* as watched', 'Ann marked Dune as watched'],
	['Backup done', 'Backup done', 'Backup done'],
	['Backup', 'Backup done', 'Backup\n\nBackup done'],
])('a title that the text repeats is said once: %s', async (title, body, expected) => {
	const { parts, losses } = await render({ title, body });
	expect([parts[0]!.body, losses]).toEqual([expected, []]);
});

test('what a plain channel cannot show is written another way, and named', async () => {
	const { parts, degraded } = await render(full);
	expect(parts).toHaveLength(1);
	const { body } = parts[0]!;
	expect(body).toContain('Severance *S02*');
	expect(body).toContain('Rating: 8.7_*');
	for (const url of [
		'https://example.com/watch',
		'https://example.com/item',
		'https://image.tmdb.org/x.jpg',
		'https://example.com/list.txt',
	])
		expect(body).toContain(url);
	expect(body).not.toContain('Mute');
	expect([...degraded]).toEqual(
		expect.arrayContaining(['fields', 'buttons', 'url', 'image', 'attachments', 'mentions', 'level']),
	);
});

test('what a rich channel shows stays as it is', async () => {
	const rich: Renders = {
		markup: 'markdown',
		limit: chars(1000),
		title: chars(50),
		image: 'url',
		attachments: 'both',
		buttons: { most: 5, values: true },
		fields: 5,
		mentions: true,
		level: true,
		url: true,
	};
	const { parts, degraded } = await render(full, rich);
	expect(parts[0]).toMatchObject({
		title: 'Severance *S02*',
		level: 'warning',
		url: 'https://example.com/item',
		mentions: ['@all'],
		fields: full.fields,
		buttons: full.buttons,
		image: { url: 'https://image.tmdb.org/x.jpg' },
	});
	expect(parts[0]!.attachments).toHaveLength(2);
	expect(degraded.size).toBe(0);
});

test('what is too long for a field or a button goes another way, and is named', async () => {
	const rich: Renders = {
		...bare,
		fields: 5,
		fieldText: chars(5),
		buttons: { most: 5, values: true, text: chars(6), value: chars(4) },
	};
	const short = await render({ body: 'x', fields: [{ name: 'Size', value: '12345' }] }, rich);
	expect([short.parts[0]!.fields.length, short.degraded.size]).toEqual([1, 0]);
	const { parts, degraded } = await render(
		{
			body: 'x',
			fields: [{ name: 'Size', value: '123456' }],
			buttons: [
				{ text: 'Watch it', url: 'https://e.com', value: 'far too long' },
				{ text: 'Mute', value: 'far too long' },
			],
		},
		rich,
	);
	expect(parts[0]).toMatchObject({ body: 'x\n\nSize: 123456', fields: [] });
	expect(parts[0]!.buttons).toEqual([{ text: 'Watch…', url: 'https://e.com' }]);
	expect([...degraded]).toEqual(['fields', 'buttons']);
});

test('the language of the account is that of added words', async () => {
	expect((await render(full, bare, 'zh')).parts[0]!.body).toContain('查看详情');
});

test.each(['markdown', 'html'] as const)('an address arrives as it is, in %s', async (format) => {
	for (const url of ['https://e.com/?a=1&amp;b=2&copy;=3', 'https://e.com/a(b)_*c*_', "https://e.com/'q'?x=y"]) {
		const { parts } = await render({ body: 'x', format, url }, { ...bare, markup: 'feishuPost' });
		expect(JSON.parse(parts[0]!.body).flat().at(-1).href).toBe(url);
	}
	const { parts } = await render({ body: 'x', format, url: 'https://e.com/a\\(b' }, bare);
	expect(parts[0]!.body).toMatch(/https:\/\/e.com\/a(%5C|\\)\(b/);
});

test('a title alone is the message', async () => {
	const { parts } = await render({ title: '5 * 3', body: '' }, { ...bare, title: chars(20) });
	expect(parts[0]).toMatchObject({ title: undefined, body: '5 * 3' });
});

test('an empty message is refused; a picture alone is not', async () => {
	await expect(render({ body: ' \n ' })).rejects.toMatchObject({ class: 'Invalid', field: 'message' });
	const { parts } = await render(
		{ body: '', image: { url: 'https://example.com/x.png' } },
		{ ...bare, image: 'url' },
	);
	expect(parts).toHaveLength(1);
});

test('the picture comes with the first part, the buttons with the last', async () => {
	const { parts } = await render(
		{ ...full, body: 'word '.repeat(100) },
		{ markup: 'plain', limit: chars(120), image: 'url', buttons: { most: 3 } },
	);
	expect(parts.length).toBeGreaterThan(3);
	expect(parts.map(({ image }) => Boolean(image))).toEqual(parts.map((_, index) => index === 0));
	expect(parts.map(({ buttons }) => buttons.length)).toEqual(
		parts.map((_, index) => (index === parts.length - 1 ? 1 : 0)),
	);
});

test('a picture that cannot be had never costs the text', async () => {
	const { parts, degraded, warnings } = await render(
		{ ...full, image: { url: 'http://192.168.1.5/poster.jpg?api_key=k' } },
		{ ...bare, image: 'url' },
	);
	expect(parts[0]!.image).toBeUndefined();
	expect(JSON.stringify(parts[0]!.body)).not.toContain('192.168');
	expect(degraded.has('image')).toBe(true);
	expect(warnings).toHaveLength(1);
});

test.each(['text', 'html', 'markdown'] as const)('text in %s is not taken for markup', async (format) => {
	const title = `a_b*c [x](y) <i> & "q"`;
	const { parts } = await render({ title, body: 'body', format, fields: [{ name: title, value: title }] });
	expect(parts[0]!.body.split(title)).toHaveLength(4);
});

test('markup that was refused becomes plain', async () => {
	const { parts } = await render(
		{ body: '**bold** and [link](https://example.com)' },
		{ markup: 'telegramHtml', limit: chars(200) },
	);
	const plain = withoutMarkup(parts[0]!, bare);
	expect(plain.markup).toBe('plain');
	expect(plain.body).toMatch(/^bold and link/);
});

test.each([
	['telegramHtml', 'a <b>\n  b'],
	['slack', 'a <b>\n  b'],
	['feishuPost', 'a <b>\n  b'],
] as const)('without its markup, %s keeps its lines and its addresses', async (markup, text) => {
	const renders: Renders = { markup, limit: chars(1000) };
	const body = `a &lt;b&gt;<br>&nbsp;&nbsp;b<br><a href="https://e.com/?a=1&amp;b=2">c &amp; d</a>`;
	const { parts } = await render({ body, format: 'html' }, renders);
	expect(withoutMarkup(parts[0]!, renders).body.replaceAll('\u00a0', ' ')).toBe(
		`${text}\nc & d (https://e.com/?a=1&b=2)`,
	);
});

test('a link that a button has is not written again', async () => {
	const url = 'https://e.com/x';
	const buttons = [{ text: 'Open', url }];
	for (const renders of [bare, { ...bare, buttons: { most: 3 } }]) {
		const { parts, degraded } = await render({ body: 'x', url, buttons }, renders);
		expect(JSON.stringify([parts[0]!.body, parts[0]!.buttons]).split(url)).toHaveLength(2);
		expect(degraded.has('url')).toBe(false);
	}
	const { parts } = await render({ body: 'x', url: 'https://e.com/y', buttons }, bare);
	expect(parts[0]!.body).toBe('x\n\nOpen (https://e.com/x)\nDetails (https://e.com/y)');
});

test.each(['HTTPS://E.com/x', 'https://e.com:443/x', 'https://e.com/x#', ' https://e.com/x\n', 'e.com/x'])(
	'%j is that link too',
	async (url) => {
		const buttons = [{ text: 'Open', url: 'https://e.com/x' }];
		const { parts } = await render({ body: 'x', url, buttons }, bare);
		expect(parts[0]!.body).toBe('x\n\nOpen (https://e.com/x)');
	},
);

test.each(['javascript:alert(1)', 'data:text/html,x', 'VBSCRIPT:x'])('%s is no link, and named', async (url) => {
	for (const renders of [bare, { ...bare, url: true as const, buttons: { most: 3, values: true } }]) {
		const buttons = [
			{ text: 'Open', url },
			{ text: 'Mute', url, value: 'mute' },
		];
		const { parts, degraded } = await render({ body: 'x', url, buttons }, renders);
		expect(parts[0]!.body).toBe('x');
		expect(parts[0]!.url).toBeUndefined();
		expect(parts[0]!.buttons).toEqual(renders === bare ? [] : [{ text: 'Mute', value: 'mute' }]);
		expect([...degraded]).toEqual(['buttons', 'url']);
	}
});

test('a field without a name or a value is the other', async () => {
	const fields = [
		{ name: '', value: 'a *b*' },
		{ name: 'Host:', value: 'nas' },
		{ name: ' ', value: '\u200b' },
		{ name: 'Empty', value: '' },
	];
	for (const renders of [bare, { ...bare, fields: 5 }]) {
		const { parts } = await render({ body: 'x', fields }, renders);
		expect(parts[0]!.body).toBe('x\n\na *b*\nHost: nas\nEmpty');
	}
});

test('no text of a message holds control characters', async () => {
	const ansi = '\x1b[31mFAIL\x1b[0m\x07';
	const message = readMessage({
		body: ansi,
		title: ansi,
		fields: [{ name: ansi, value: `${ansi}\n\tx` }],
		buttons: [{ text: ansi, url: 'https://e.com' }],
		attachments: [{ name: ansi, data: 'AQI=' }],
	});
	expect(message).toMatchObject({
		body: 'FAIL',
		title: 'FAIL',
		fields: [{ name: 'FAIL', value: 'FAIL\n\tx' }],
		buttons: [{ text: 'FAIL' }],
		attachments: [{ name: 'FAIL' }],
	});
	const button = { text: '\0', url: 'https://e.com' };
	expect(readMessage({ body: 'x', buttons: [button] }).buttons).toEqual([{ ...button, text: 'e.com' }]);
	const file = { name: `a${ansi}\nb.log`, mime: 'text/plain', data: new Uint8Array([1]) };
	const enclosed = await enclosuresOf(
		{ body: 'x', attachments: [{ binary: 'data' }] },
		{ ...bare, attachments: 'bytes' },
		{ ...reaching, binary: () => Promise.resolve(file) },
	);
	expect(enclosed.files).toMatchObject([{ name: 'aFAIL b.log' }]);
});

describe('readMessage', () => {
	test('takes what flows hold', () => {
		const given = {
			body: 5,
			title: '',
			level: 'failure',
			image: 'https://x/y.png',
			attachments: [{ data: { type: 'Buffer', data: [1, 2] } }, { data: 'AQI=' }],
			mentions: 'ann',
			to: ['1', 2],
		};
		expect(readMessage(given)).toEqual({
			body: '5',
			level: 'failure',
			image: { url: 'https://x/y.png' },
			attachments: [{ data: new Uint8Array([1, 2]) }, { data: Buffer.from([1, 2]) }],
			mentions: ['ann'],
			to: ['1', '2'],
		});
	});
	test.each([
		[{ body: {} }, 'message.body'],
		[{ body: 'x', level: 'loud' }, 'message.level'],
		[{ body: 'x', buttons: [{}] }, 'message.buttons'],
		[{ body: 'x', fields: 'no' }, 'message.fields'],
		[{ body: 'x', attachments: [{}] }, 'message.attachments'],
		[[], 'message'],
	])('names what is wrong in %j', (given, field) => {
		expect(() => readMessage(given)).toThrow(expect.objectContaining({ class: 'Invalid', field }));
	});

	const told = (given: object) => {
		const parts: string[] = [];
		const message = readMessage({ body: 'x', ...given }, (part, { en, zh }) => {
			expect([en, zh].map((each) => each.length > 5)).toEqual([true, true]);
			parts.push(part);
		});
		return [message, parts] as const;
	};

	test.each([
		...['error', 'Error', ' FAILED ', 'crit', 'critical', 'fatal', 'alerting', 'Emergency', '失败'].map((word) => [
			word,
			'failure',
		]),
		...['warn', 'Warning', 'WARN', 'caution'].map((word) => [word, 'warning']),
		...['ok', 'OK', 'resolved', 'Successful', 'recovered', '成功'].map((word) => [word, 'success']),
		...['debug', 'notice', 'Info', 'informational', 'log'].map((word) => [word, 'info']),
	])('the level “%s” is %s', (word, level) => {
		expect(told({ level: word })).toEqual([{ body: 'x', level }, []]);
	});

	test.each([
		...['Markdown', 'md', 'MarkdownV2', 'text/markdown', 'GFM'].map((word) => [word, 'markdown']),
		...['HTML', 'htm', 'text/html'].map((word) => [word, 'html']),
		...['plain', 'txt', 'Plain Text', 'text/plain', 'TEXT', 'plain-text'].map((word) => [word, 'text']),
	])('the format “%s” is %s', (word, format) => {
		expect(told({ format: word })).toEqual([{ body: 'x', format }, []]);
	});

	test('fields and buttons are read as a person would read them', () => {
		expect(told({ fields: { CPU: 97, up: true, note: null, more: { a: [1] } } })[0].fields).toEqual([
			{ name: 'CPU', value: '97' },
			{ name: 'up', value: 'true' },
			{ name: 'note', value: '' },
			{ name: 'more', value: '{\n  "a": [\n    1\n  ]\n}' },
		]);
		expect(told({ fields: [{ title: 'A', value: 0, short: true }, ['B', 2], null, 'alone'] })).toEqual([
			{
				body: 'x',
				fields: [
					{ name: 'A', value: '0', short: true },
					{ name: 'B', value: '2' },
					{ name: '', value: 'alone' },
				],
			},
			[],
		]);
		expect(
			told({
				buttons: [
					{ text: 1, url: 'https://e.com' },
					{ url: 'https://e.com/a' },
					{ value: 5, style: 'Danger' },
					{ label: 'L', link: 'https://e.com' },
					'https://e.com/b',
					null,
				],
			}),
		).toEqual([
			{
				body: 'x',
				buttons: [
					{ text: '1', url: 'https://e.com' },
					{ text: 'e.com', url: 'https://e.com/a' },
					{ text: '5', value: '5', style: 'danger' },
					{ text: 'L', url: 'https://e.com' },
					{ text: 'e.com', url: 'https://e.com/b' },
				],
			},
			[],
		]);
		expect(told({ buttons: { Open: 'https://e.com' } })[0].buttons).toEqual([
			{ text: 'Open', url: 'https://e.com' },
		]);
		expect(told({ buttons: { text: 'Open', url: 'https://e.com' } })[0].buttons).toHaveLength(1);
	});

	test('pictures and files come in many forms', () => {
		const data = Buffer.from('bytes');
		for (const image of [
			data,
			{ data },
			JSON.parse(JSON.stringify(data)) as object,
			{ data: [...data] },
			{ content: data },
		])
			expect(told({ image })[0].image).toEqual({ data: new Uint8Array(data) });
		expect(told({ image: ['https://e.com/1', { url: 'https://e.com/2' }], attachments: null })[0]).toEqual({
			body: 'x',
			image: { url: 'https://e.com/1' },
			attachments: [{ url: 'https://e.com/2' }],
		});
		expect(told({ attachments: [null, 'https://e.com/1', undefined, ''] })).toEqual([
			{ body: 'x', attachments: [{ url: 'https://e.com/1' }] },
			[],
		]);
		for (const image of [null, '', undefined, []]) expect(told({ image })).toEqual([{ body: 'x' }, []]);
	});

	test.each([
		['image', [{ url: null }, { url: '' }, {}, 7, { url: 5 }, { data: '' }, [{}]]],
		['attachments', [[{}], 7, [7], [[]]]],
		[
			'buttons',
			[
				'no',
				7,
				[{}],
				[7],
				[{ text: {} }],
				[{ text: 'a', url: {} }],
				[{ text: 'a', url: 'https://e.com', style: 'loud' }],
			],
		],
		['fields', ['no', 7, [{}]]],
		['mentions', [{}, [{}], [['a']]]],
		['level', ['loud', 7, {}, true]],
		['format', ['rtf', 7, {}]],
		['title', [{}, ['a']]],
		['url', [{}, []]],
		['time', [{}, new Date(NaN)]],
		['to', [{}, [{}]]],
		['body', [{ a: 1 }, [1]]],
	])('%s that cannot be used is left out, and told', (part, values) => {
		for (const value of values) {
			const [message, parts] = told({ body: 'x', [part]: value });
			expect([value, [...new Set(parts)]]).toEqual([value, [part]]);
			expect(message.body).not.toBe('');
		}
	});
});

describe('without a text', () => {
	const rich: Renders = { ...bare, fields: 5, buttons: { most: 5, values: true }, url: true };

	test.each([
		[{ fields: [{ name: 'Size', value: '3 GB' }] }, 'Size: 3 GB', ['fields']],
		[{ buttons: [{ text: 'Open', url: 'https://e.com' }] }, 'Open (https://e.com)', ['buttons']],
		[{ url: 'https://e.com' }, 'Details (https://e.com)', ['url']],
	])('%j is the text', async (message, body, lost) => {
		const { parts, degraded } = await render({ body: '', ...message }, rich);
		expect(parts.map((part) => part.body)).toEqual([body]);
		expect([...degraded]).toEqual(lost);
	});

	test('a button that only sends a value back is none', async () => {
		await expect(render({ body: '', buttons: [{ text: 'x', value: 'y' }] }, rich)).rejects.toMatchObject({
			class: 'Invalid',
		});
	});
});

describe('addresses as people give them', () => {
	const linked: Renders = { ...bare, buttons: { most: 5 }, url: true };

	test.each([
		['e.com/x', 'https://e.com/x'],
		['nas.local:8080/x?y', 'https://nas.local:8080/x?y'],
		['192.168.1.5:3000', 'http://192.168.1.5:3000'],
		['nflx://title/1', 'nflx://title/1'],
		['mailto:a@e.com', 'mailto:a@e.com'],
		['https://e.com/A b?q=c d#e f', 'https://e.com/A%20b?q=c%20d#e%20f'],
		['HTTPS://E.com/电影 (2021)\u3000x', 'https://E.com/电影%20(2021)%E3%80%80x'],
		[' https://e.com/long-\r\naddress\t ', 'https://e.com/long-address'],
	])('%j opens', async (given, url) => {
		const { parts, degraded } = await render(
			readMessage({ body: 'x', url: given, buttons: [{ text: 'b', url: given }] }),
			linked,
		);
		expect([parts[0]!.url, parts[0]!.buttons[0]!.url, degraded.size]).toEqual([url, url, 0]);
	});

	const nowhere = ['5', 'N/A', '/relative', '#', 'not an address', 'javascript:alert(1)'];
	test.each([...nowhere, 'https://e.com see there', 'https://e.com/a https://e.com/b', 'java\tscript:alert(1)'])(
		'%s is dropped and named',
		async (given) => {
			const message = { body: 'x', url: given, buttons: [{ text: 'b', url: given }] };
			const { parts, degraded } = await render(readMessage(message), linked);
			expect(parts[0]).toMatchObject({ body: 'x', url: undefined, buttons: [] });
			expect([...degraded].sort()).toEqual(['buttons', 'url']);
		},
	);
});

test('a picture and a file may have a blank in their address', () => {
	const [given, url] = ['https://e.com/my poster.png', 'https://e.com/my%20poster.png'];
	expect(readMessage({ body: 'x', image: given, attachments: [{ href: given, name: 'a' }, given] })).toEqual({
		...{ body: 'x', image: { url } },
		attachments: [{ url, name: 'a' }, { url }],
	});
});

test('a list of recipients may have holes', () => {
	expect(readMessage({ body: 'x', to: [null, 'a', ''] }).to).toEqual(['a']);
	expect(readMessage({ body: 'x', to: [null] }).to).toBeUndefined();
});

test('a button as a pair', () => {
	expect(readMessage({ body: 'x', buttons: [['Open', 'https://e.com']] })).toEqual({
		body: 'x',
		buttons: [{ text: 'Open', url: 'https://e.com' }],
	});
});
