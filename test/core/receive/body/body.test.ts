import { fc } from '../../../property';
import { quickly, workOf } from '../../../work';
import { atOnce } from '../../../../src/core/base/turns';
import { decodeBody } from '../../../../src/core/receive/body/body';
import { parseMultipart } from '../../../../src/core/receive/body/multipart';
import { repairJson } from '../../../../src/core/receive/body/repairJson';
import { Refusal } from '../../../../src/core/define/trigger';
import { multipart, refusalOf } from '../../../services/webhook/receiving';

const decode = (body: string | Uint8Array, contentType = '') =>
	atOnce(decodeBody({ body: Buffer.from(body), headers: contentType ? { 'content-type': contentType } : {} }));

const value = (body: string | Uint8Array, contentType?: string) => decode(body, contentType).value;

/** 你好 in GBK */
const gbk = Buffer.from([0xc4, 0xe3, 0xba, 0xc3]);

describe('JSON', () => {
	const event = { a: '你好', b: [1, null, true] };
	const json = JSON.stringify(event);

	test.each([
		'application/json',
		'application/json; charset=utf-8',
		'text/plain',
		'text/plain;charset=utf-8',
		'',
		'application/octet-stream',
		'application/x-www-form-urlencoded',
	])('is read under %p', (contentType) => expect(value(json, contentType)).toEqual(event));

	test.each([
		['a byte order mark', Buffer.from(`\ufeff${json}`)],
		['UTF-16 LE with a mark', Buffer.from(`\ufeff${json}`, 'utf16le')],
		['UTF-16 LE without', Buffer.from(json, 'utf16le')],
		['UTF-16 BE with a mark', Buffer.from(`\ufeff${json}`, 'utf16le').swap16()],
		['UTF-16 BE without', Buffer.from(json, 'utf16le').swap16()],
	])('is read with %s', (_, body) => expect(value(body, 'application/json')).toEqual(event));

	test('is read in GBK, declared or not', () => {
		const body = Buffer.concat([Buffer.from('{"a":"'), gbk, Buffer.from('"}')]);
		expect(value(body, 'application/json; charset=gbk')).toEqual({ a: '你好' });
		expect(value(body, 'application/json')).toEqual({ a: '你好' });
	});

	test('keeps a UTF-8 text of which one byte is broken', () => {
		const body = Buffer.concat([Buffer.from('{"a":"你好，世界'), Buffer.from([0xe4]), Buffer.from('"}')]);
		expect(value(body)).toEqual({ a: '你好，世界\ufffd' });
	});

	test('is unpacked from a JSON text', () => {
		expect(value(JSON.stringify(json))).toEqual(event);
		expect(value(JSON.stringify(JSON.stringify(json)))).toEqual(event);
	});

	test('is unpacked from a form that was turned into JSON', () => {
		expect(value(JSON.stringify({ data: json }))).toEqual(event);
		expect(value(JSON.stringify({ data: json, more: 1 }))).toEqual({ data: json, more: 1 });
	});

	test('takes the last of duplicate keys', () => expect(value('{"a":1,"a":2}')).toEqual({ a: 2 }));

	test('changes no prototype', () => {
		const found = value('{"__proto__":{"x":1},"a":{"__proto__":{"y":1},"constructor":1}}') as Record<
			string,
			unknown
		>;
		expect(Object.keys(found)).toEqual(['a']);
		expect(Object.assign({}, found)).not.toHaveProperty('x');
		expect(Object.assign({}, found.a)).not.toHaveProperty('y');
		expect(({} as { x?: unknown }).x).toBeUndefined();
	});

	test.each(['null', '[]'])('%s is a value', (text) => expect(value(text)).toEqual(JSON.parse(text)));
	test.each(['[', '{"a":', '[{"a":'])('what opens “%s” without an end is never handed to the parser', (opening) => {
		const parse = jest.spyOn(JSON, 'parse');
		try {
			const body = opening.repeat(200_000);
			if (opening === '{"a":') expect(() => value(body)).toThrow();
			else expect(value(body)).toBe(body);
			expect(Math.max(0, ...parse.mock.calls.map(([text]) => text.length))).toBeLessThan(1_000);
		} finally {
			parse.mockRestore();
		}
	});
	test.each([
		['an array of numbers', `[${'1,'.repeat(150_000)}1]`, 'application/json'],
		['an object of keys', `{${Array.from({ length: 110_000 }, (_, at) => `"k${at}":1`).join(',')}}`, ''],
		['names', `[{${Array.from({ length: 11_000 }, (_, at) => `"k${at}":[1,2]`).join(',')}}]`, 'application/json'],
		['rows', JSON.stringify(Array.from({ length: 60_000 }, (_, id) => ({ id, name: 'n' }))), 'text/plain'],
		['a form', 'a=b&'.repeat(150_000), 'application/x-www-form-urlencoded'],
	])('more values than anybody is told are refused unread, and said: %s', (_, body, contentType) => {
		const parse = jest.spyOn(JSON, 'parse');
		try {
			expect(refusalOf(() => value(body, contentType))).toMatchObject({ status: 413 });
			expect(parse).not.toHaveBeenCalled();
		} finally {
			parse.mockRestore();
		}
	});
	test('as many names as one object may have are read, and as many objects as there are values', () => {
		const object = `{${Array.from({ length: 10_000 }, (_, at) => `"k${at}":1`).join(',')}}`;
		expect(Object.keys(value(object) as object)).toHaveLength(10_000);
		const many = JSON.stringify(Array.from({ length: 9 }, () => JSON.parse(object) as unknown));
		expect(value(many)).toHaveLength(9);
	});
	test('a value a line: no more of them', () => {
		expect(refusalOf(() => value('{}\n'.repeat(150_000), 'application/json'))).toMatchObject({ status: 413 });
		// A log of which some lines are JSON, however long it is.
		for (const more of [1, 150_000]) {
			const log = `{}\n{}\n${'a\n'.repeat(more)}b`;
			expect(value(log)).toBe(log);
		}
	});
	// Shippers of logs write them a line each, or with nothing between them; `jq` over several lines.
	test.each([
		['one behind the other', '{"a":1}{"b":{"c":"}{"}}'],
		['a line each', '{"a":1}\n{"b":{"c":"}{"}}\n'],
		['with the line ends of other systems', '{"a":1}\r\n{"b":{"c":"}{"}}\r\n'],
		['with spaces and blank lines', '{"a":1} \n\n {"b":{"c":"}{"}}'],
		['over several lines', '{\n  "a": 1\n}\n{\n  "b": {\n    "c": "}{"\n  }\n}'],
		['within a JSON text', JSON.stringify('{"a":1}{"b":{"c":"}{"}}')],
	])('several objects, %s, are several', (_, body) => {
		for (const type of ['application/json', 'application/x-ndjson', 'text/plain', ''])
			expect(value(body, type)).toEqual([{ a: 1 }, { b: { c: '}{' } }]);
		expect(value(`payload=${encodeURIComponent('{"a":1}\n{"b":2}')}`)).toEqual([{ a: 1 }, { b: 2 }]);
	});
	test('several large objects, and ten thousand small ones', () => {
		const large = JSON.stringify({ text: '}{"'.repeat(5_000) });
		expect(value(large.repeat(20))).toEqual(Array.from({ length: 20 }, () => JSON.parse(large) as unknown));
		expect(value('{"a":1}'.repeat(10_000))).toHaveLength(10_000);
	});
	test.each([
		['two that no parser takes', '{"a":1}{b}'],
		['a comma between them', '{"a":1},{"b":2}'],
		['words behind one', '{"a":1} was sent'],
		['a log with one', '{"a":1}\nError: x\n    at y'],
	])('%s: the text goes on', (_, body) => expect(value(body, 'application/json')).toBe(body));
	test.each([
		['a line’s end within a string', (rest: string) => `{"a":"b\n${rest}"`],
		['a bare word', (rest: string) => `{"a": b, "c": "${rest}"`],
	])('%s: a large text is no JSON, and never handed to the parser, which counts its lines', (_, make) => {
		const body = `${make('x\n'.repeat(20_000))}}`.repeat(30);
		const parse = jest.spyOn(JSON, 'parse');
		try {
			expect(value(body)).toBe(body);
			expect(parse).not.toHaveBeenCalled();
		} finally {
			parse.mockRestore();
		}
	});
	test('words and numbers of JSON are no bare words, whatever the length', () => {
		const body = { a: [true, false, null, 1, -1.5, 1e30, 'x'.repeat(20_000), 'b\n"c"\\', ''] };
		for (const space of [0, 2]) expect(value(JSON.stringify(body, null, space))).toEqual(body);
		expect(value(`{"a":[1E+5,2e-3],"b":"${'x'.repeat(20_000)}"}`)).toMatchObject({ a: [1e5, 2e-3] });
	});
	test.each([
		['a list within a text', `one, ${'two, '.repeat(150_000)}three`],
		['a log in brackets', `[info] ${'a, '.repeat(150_000)}b`],
	])('commas of a text are no values: %s', (_, body) => expect(value(body)).toBe(body));
	test('commas and quotes within a value of JSON are none', () => {
		const body = JSON.stringify({ message: ', "\\'.repeat(150_000) });
		expect(value(body)).toEqual(JSON.parse(body));
	});
	test('brackets within a text are none', () => {
		const body = JSON.stringify({ message: `${'['.repeat(20_000)}\\"{` });
		expect(value(body)).toEqual(JSON.parse(body));
	});
	// Tools call every text JSON that they send: a number alone is what somebody wanted to say.
	test.each(['5', '-1.5', 'true'])('%s is a text', (text) => expect(value(text)).toBe(text));

	test.each(['', ' \n', '\ufeff'])('%j is empty', (text) =>
		expect(decode(text)).toMatchObject({ value: undefined, form: 'empty' }),
	);
});

describe('almost-JSON of templates', () => {
	test.each([
		['raw line breaks and tabs', '{"o":"a\nb\r\n\tc","p":1}', { o: 'a\nb\r\n\tc', p: 1 }],
		['missing values', '{"a":,"b":"x","c":}', { a: null, b: 'x', c: null }],
		['trailing and doubled commas', '{"a":[1,2,],,"b":{"c":1,},}', { a: [1, 2], b: { c: 1 } }],
		['quotes within a text', '{"o":"He said "run", then left","n":"x"}', { o: 'He said "run", then left', n: 'x' }],
		['quotes at the end of a text', '{"o":"so "it" is "that"","n":1}', { o: 'so "it" is "that"', n: 1 }],
		['backslashes of Windows paths', '{"p":"D:\\media\\new\\x"}', { p: 'D:\\media\new\\x' }],
		[
			'bare words',
			'{"a":True,"b":None,"c":9250ab3d-1101-d017,"d":-1.5e3,"e":007}',
			{ a: true, b: null, c: '9250ab3d-1101-d017', d: -1500, e: '007' },
		],
		['bare keys', '{a:1, b : "x"}', { a: 1, b: 'x' }],
		['a lost opening quote', '{"v": 3.0.1.7"},"s":1}'.replace('},', ','), { v: '3.0.1.7', s: 1 }],
		['a Handlebars block that gave nothing', '{"a":"1",\n\t"l":[\n\n],\n}', { a: '1', l: [] }],
	])('%s', (_, text, expected) => expect(value(text, 'text/plain')).toEqual(expected));

	test('sound JSON stays what it is', () => {
		fc.assert(
			fc.property(fc.jsonValue(), (json) => {
				const text = JSON.stringify(json);
				expect(JSON.parse(atOnce(repairJson(text)))).toEqual(JSON.parse(text));
			}),
		);
	});

	test('raw line breaks in any text are kept', () => {
		fc.assert(
			fc.property(
				fc.string({ unit: 'grapheme' }).filter((text) => !/["\\]/.test(text)),
				(text) => {
					expect(value(`{"first":"${text}","last":"x"}`)).toEqual({ first: text, last: 'x' });
				},
			),
		);
	});

	test('half a body is none', () => {
		const whole = '{"Event":"x","Item":{"Name":"A \\"b\\" c","List":[1,2]},"End":"y"}';
		for (let length = 1; length < whole.length; length++)
			expect(refusalOf(() => value(whole.slice(0, length))).status).toBe(400);
	});

	test('a large broken text is not repaired at all: it goes on as the text that it is', () => {
		const body = `{"a":,"b":"${'x'.repeat(1_000_000)}"}`;
		expect(value(body)).toBe(body);
		expect(refusalOf(() => value(body.slice(0, -1))).status).toBe(400);
	});

	test.each(['"', '{"a":"', '{"a":" ", "', ',', '{', '[', '{"', ' "', '\\', '{"a":"x" , "'])(
		'takes time in proportion to a long run of %j',
		(piece) => {
			const length = 1_000_000;
			const work = workOf(() => atOnce(repairJson(`{"a":"${piece.repeat(length / piece.length)}`)));
			expect(work).toBeLessThan(50 * length);
		},
	);
});

describe('forms', () => {
	const event = { Event: 'playback.start', N: 'a&b=c+d %' };
	const json = JSON.stringify(event);

	test('JSON in `data` or `payload`, percent-encoded in either way or not at all', () => {
		const type = 'application/x-www-form-urlencoded';
		expect(value(`data=${encodeURIComponent(json)}`, type)).toEqual(event);
		expect(value(new URLSearchParams({ payload: json }).toString(), `${type}; charset=utf-8`)).toEqual(event);
		expect(value(`data=${json}`, type)).toEqual(event);
		expect(value(`payload=\n  ${json}\n`, type)).toEqual(event);
		expect(value(`data=${encodeURIComponent(json)}`, 'application/json')).toEqual(event);
	});

	test.each([
		['Backup done', 'Backup done'],
		['C++ & all', 'C++ & all'],
		['Backup%20done%21%20%E4%BD%A0%E5%A5%BD', 'Backup done! 你好'],
		['C%2B%2B%20%26%20all', 'C++ & all'],
		['100 %', '100 %'],
	])('a mere text that curl calls a form: %s', (body, text) => {
		expect(decode(body, 'application/x-www-form-urlencoded')).toEqual({ value: text, files: [], form: 'text' });
	});

	test('fields', () => {
		expect(value('title=a+b&content=%E4%BD%A0%E5%A5%BD%0Ax', 'application/x-www-form-urlencoded')).toEqual({
			title: 'a b',
			content: '你好\nx',
		});
		expect(value('title=%C4%E3%BA%C3&x=100%', 'application/x-www-form-urlencoded')).toEqual({
			title: '你好',
			x: '100%',
		});
	});

	test('fields that nobody encoded keep their plus and ampersand', () => {
		expect(value('title&content=账号 "x"：失败 & 已跳过+1\nend', 'application/x-www-form-urlencoded')).toEqual({
			title: '',
			content: '账号 "x"：失败 & 已跳过+1\nend',
		});
	});

	test('a multipart type without a boundary over an urlencoded body', () => {
		expect(value('title=a&content=b', 'multipart/form-data')).toEqual({ title: 'a', content: 'b' });
	});

	test('`__proto__` is no field', () =>
		expect(Object.keys(value('__proto__=1&a=2', 'application/x-www-form-urlencoded') as object)).toEqual(['a']));
});

describe('plain text', () => {
	test.each(['Done.', '[INFO] backup done', '"quoted", he said', 'x=1 is true', 'a\nb'])('%j', (text) => {
		expect(decode(text, 'text/plain')).toEqual({ value: text, files: [], form: 'text' });
	});
	test('bytes that are no text are refused', () => {
		expect(refusalOf(() => decode(Uint8Array.from([0, 1, 2, 250, 251, 0, 3]))).status).toBe(400);
	});
});

describe('multipart', () => {
	const boundary = '------------------------x1';
	const type = `multipart/form-data; boundary=${boundary}`;
	const json = '{"event":"media.play"}';
	const jpeg = Uint8Array.from([0xff, 0xd8, 0xff, 0, 13, 10, 45, 45, 13, 10, 0xff]);

	test('JSON beside a picture', () => {
		const body = multipart(boundary, [
			{ disposition: 'name="payload"', type: 'application/json', data: json },
			{ disposition: 'name="thumb"; filename="thumb.jpg"', type: 'image/jpeg', data: jpeg },
		]);
		const { value: found, files, form } = decode(body, type);
		expect(found).toEqual({ event: 'media.play' });
		expect(form).toBe('multipart');
		expect(files).toEqual([{ name: 'thumb', filename: 'thumb.jpg', mime: 'image/jpeg', data: expect.anything() }]);
		expect(Buffer.from(files[0]!.data).equals(jpeg)).toBe(true);
	});

	test('.NET’s framing: no quotes around the name, quotes around the boundary', () => {
		const body = multipart('a-b', [{ disposition: 'name=data', type: 'text/plain; charset=utf-8', data: json }]);
		expect(value(body, 'multipart/form-data; boundary="a-b"')).toEqual({ event: 'media.play' });
	});

	test('parts without a content type, in GBK, and JSON with a file name', () => {
		expect(value(multipart(boundary, [{ disposition: 'name="title"', data: gbk }]), type)).toEqual({
			title: '你好',
		});
		expect(
			value(
				multipart(boundary, [
					{ disposition: 'name="payload"; filename="p.json"', type: 'application/json', data: json },
				]),
				type,
			),
		).toEqual({ event: 'media.play' });
	});

	test.each(['content-type: a', 'content-disposition: form-data; name="a"', 'x: y'])(
		'a part’s header %j with a long run of blanks takes time in proportion',
		(start) => {
			const body = multipart(boundary, [
				{ disposition: `name="payload"\r\n${start}${' '.repeat(1_000_000)}b`, data: json },
			]);
			quickly(() => decode(body, type));
		},
	);

	test('parts that the host has parsed', () => {
		const parts = [
			{ name: 'payload', data: Buffer.from(json) },
			{ name: 'thumb', filename: 't.jpg', mime: 'image/jpeg', data: jpeg },
		];
		expect(atOnce(decodeBody({ body: new Uint8Array(), headers: { 'content-type': type }, parts }))).toMatchObject({
			value: { event: 'media.play' },
			files: [{ name: 'thumb' }],
		});
	});

	const whole = multipart(boundary, [
		{ disposition: 'name="payload"', data: json },
		{ disposition: 'name="thumb"; filename="t"', data: jpeg },
	]);
	test.each([
		['truncated', whole.subarray(0, whole.length - 20), type, /ends too early/],
		[
			'lines that end in LF alone',
			multipart(boundary, [{ disposition: 'name="payload"', data: json }], '\n'),
			type,
			/CRLF/,
		],
		['another boundary', whole, 'multipart/form-data; boundary=other', /does not contain its boundary/],
		['no boundary', whole, 'multipart/form-data', /no boundary/],
		['no parts', Buffer.from(`--${boundary}--\r\n`), type, /no parts/],
		[
			'broken JSON',
			multipart(boundary, [{ disposition: 'name="payload"', data: '{"event":' }]),
			type,
			/not valid JSON/,
		],
	])('%s is refused with a reason', (_, body, contentType, reason) => {
		const refusal = refusalOf(() => decode(body, contentType));
		expect(refusal.status).toBe(400);
		expect(refusal.reason.en).toMatch(reason);
		expect(refusal.reason.zh).toMatch(/[\u4e00-\u9fff]/);
	});

	test('too many parts are refused', () => {
		const body = multipart(
			'b',
			Array.from({ length: 1_001 }, () => ({ disposition: 'name="a"', data: 'x' })),
		);
		expect(refusalOf(() => parseMultipart(body, 'b')).reason.en).toMatch(/too many/);
	});

	test('any bytes come out as they went in', () => {
		fc.assert(
			fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { minLength: 1, maxLength: 5 }), (datas) => {
				const parts = parseMultipart(
					multipart(
						'bound',
						datas.map((data, at) => ({ disposition: `name="p${at}"; filename="f"`, data })),
					),
					'bound',
				);
				expect(parts.map(({ data }) => [...data])).toEqual(datas.map((data) => [...data]));
			}),
		);
	});
});

describe('refusals', () => {
	test.each([
		['truncated', '{"Event":"playback.start","Item":{'],
		['two objects, one of them cut off', '{"a":1}{"b":'],
		['a brace alone', '{'],
		['deep nesting', '['.repeat(2_000) + ']'.repeat(2_000)],
		['very deep nesting', '{"a":'.repeat(200_000) + '1' + '}'.repeat(200_000)],
		['broken JSON in a form', 'data=%7B%22a%22'],
	])('%s', (_, body) => {
		const refusal = refusalOf(() => decode(body, 'application/json'));
		expect(refusal).toBeInstanceOf(Refusal);
		expect(refusal.status).toBe(400);
		expect(refusal.reason.en.length).toBeGreaterThan(10);
	});

	test('a lone surrogate and a NUL within a text are text', () => {
		expect(value('{"a":"\\ud800 \\u0000"}')).toEqual({ a: '\ud800 \u0000' });
	});
});
