import { fc } from '../../property';
import { asWords, atPath, fillJson, fillTemplate, isExpected } from '../../../src/services/webhook/template';

const label = { en: 'Template', zh: '模板' };

test('text within quotes stays that text, whatever it holds', () => {
	fc.assert(
		fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), (title, body) => {
			const filled = fillJson(
				'body',
				label,
				'{"a": "«{title}»", "b": ["{body}"], "raw": {body}, "c": "\\"{t}\\" {"}',
				{ title, t: title, body },
			);
			expect(filled).toEqual({ a: `«${title}»`, b: [body], raw: body, c: `"${title}" {` });
		}),
	);
});

test('in a URL and in a form it comes back as it was', () => {
	fc.assert(
		fc.property(fc.string({ unit: 'grapheme' }), (title) => {
			const whole = title.toString();
			expect(
				new URL(fillTemplate('https://example.com/x?title={title}&end=1', 'url', { title })).searchParams.get(
					'title',
				),
			).toBe(whole);
			expect(new URLSearchParams(fillTemplate('a={title}&b=2', 'form', { title })).get('a')).toBe(whole);
			expect(fillTemplate('{title}', 'header', { title })).toMatch(/^[\x20-\x7e]*$/);
		}),
	);
});

test('half a surrogate pair becomes the replacement character instead of a crash', () => {
	expect(fillTemplate('{title}', 'url', { title: '\ud83d!' })).toBe('%EF%BF%BD!');
	expect(fillTemplate('{title}', 'header', { title: '\ud83d' })).toBe('%EF%BF%BD');
});

test('values without quotes become JSON values', () => {
	expect(
		fillJson('body', label, '{"n": {count}, "list": {fields}, "none": {gone}, "text": "{fields}"}', {
			count: 3,
			fields: [{ name: 'a' }],
			gone: null,
		}),
	).toEqual({ n: 3, list: [{ name: 'a' }], none: null, text: '[{"name":"a"}]' });
});

test('JSON within a string of JSON is escaped twice', () => {
	const template =
		'{"content": "{\\"text\\": \\"{title} \\\\\\"{title}\\\\\\" \\\\\\\\\\", \\"n\\": {count}, \\"list\\": {list}}", "plain": "{title}"}';
	fc.assert(
		fc.property(fc.string({ unit: 'binary' }), (title) => {
			const filled = fillJson('body', label, template, { title, count: 3, list: [title] }) as Record<
				string,
				string
			>;
			expect(filled.plain).toBe(title);
			expect(JSON.parse(filled.content!)).toEqual({ text: `${title} "${title}" \\`, n: 3, list: [title] });
		}),
	);
});

test('a backslash is one where the place knows no escapes', () => {
	expect(fillTemplate('C:\\{title}', 'text', { title: 'x' })).toBe('C:\\x');
});

test('what is put in is not searched again, and what is unknown stays', () => {
	expect(
		fillTemplate('{title} {nothing} {constructor} $content $contents', 'text', {
			title: '{body} $content',
			body: 'B',
			content: 'C',
		}),
	).toBe('{body} $content {nothing} {constructor} C $contents');
});

test('a template that is no JSON says so in both languages', () => {
	expect(() => fillJson('body', label, '{"a": {title}', { title: 'x' })).toThrow(
		'“Template” is not JSON once its placeholders are filled',
	);
	expect(() => fillJson('body', label, '{"a": title}', { title: 'x' })).toThrow('Put quotes around text');
});

test('a path finds its place', () => {
	const answer = { data: { items: [{ code: 0 }], 'odd name': true }, ok: false };
	expect(
		[
			'data.items[0].code',
			'$.data.items.0.code',
			"$['data']['odd name']",
			'ok',
			'data.none.code',
			'toString',
			'data.items.length',
		].map((path) => atPath(answer, path)),
	).toEqual([0, 0, true, false, undefined, undefined, 1]);
	expect(atPath([7], '[0]')).toBe(7);
	expect(atPath('text', 'length')).toBeUndefined();
});

test('an expected value is one of the list, or anything that is not empty', () => {
	expect([
		isExpected(0, ['0']),
		isExpected('ok', ['0', 'ok']),
		isExpected(true, ['true']),
		isExpected(1, ['0']),
		isExpected(undefined, ['0']),
	]).toEqual([true, true, true, false, false]);
	expect([
		isExpected(true, []),
		isExpected('x', []),
		isExpected(0, []),
		isExpected('', []),
		isExpected(undefined, []),
	]).toEqual([true, true, false, false, false]);
	expect([asWords(undefined), asWords(null), asWords({ a: 1 }), asWords(false)]).toEqual([
		'',
		'',
		'{"a":1}',
		'false',
	]);
});
