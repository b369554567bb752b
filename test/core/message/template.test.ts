import { isChannelError } from '../../../src/core/base/errors';
import { escapeMarkdown } from '../../../src/core/markup';
import { checkTemplate, isTemplate, renderTemplate } from '../../../src/core/message/template';

const event = {
	item: { title: 'A *b* [c]', genres: ['Drama', 'Krimi'] },
	time: '2025-01-02T20:00:00Z',
	absent: undefined,
};

const failure = (source: string, values = {}) => {
	try {
		renderTemplate(source, values, { field: 'bodyTemplate' });
	} catch (error) {
		return error as Error & { class: string; field: string };
	}
	throw new Error('It was rendered');
};

test('values are escaped for Markdown, what the template says itself is not', () => {
	expect(renderTemplate('**{{ item.title }}**', event)).toBe(`**${escapeMarkdown('A *b* [c]')}**`);
	expect(renderTemplate('{{ item.title | raw }}', event)).toBe('A *b* [c]');
	expect(renderTemplate('{{ item.title }}', event, { output: 'text' })).toBe('A *b* [c]');
});

test('what is missing is nothing, lists and objects are readable, bytes are left out', () => {
	const values = { ...event, bytes: new Uint8Array(10), object: { a: 1 } };
	expect(renderTemplate('[{{ nothing.at.all }}{{ absent }}{{ bytes }}]', values, { output: 'text' })).toBe('[]');
	expect(renderTemplate('{{ item.genres }} {{ object }}', values, { output: 'markdown' })).toBe(
		`Drama, Krimi ${escapeMarkdown('{"a":1}')}`,
	);
});

test('logic and filters work, dates in the time zone that was chosen', () => {
	expect(
		renderTemplate(
			'{% if item.genres contains "Drama" %}D{% else %}-{% endif %}{% for g in item.genres %}{{ g | upcase }};{% endfor %}',
			event,
		),
	).toBe('DDRAMA;KRIMI;');
	expect(
		renderTemplate('{{ time | date: "%Y-%m-%d %H:%M" }}', event, { output: 'text', timeZone: 'Asia/Shanghai' }),
	).toBe('2025-01-03 04:00');
	expect(renderTemplate('{{ time | date: "%H:%M" }}', event, { output: 'text', timeZone: 'UTC' })).toBe('20:00');
});

test('values are never read as templates', () => {
	expect(renderTemplate('{{ a }}', { a: '{{ secret }}', secret: 'x' }, { output: 'text' })).toBe('{{ secret }}');
});

test('prototypes and functions stay out of reach', () => {
	expect(
		renderTemplate('{{ item.constructor }}{{ item.__proto__.toString }}{{ item.title.constructor.name }}', event, {
			output: 'text',
		}),
	).toBe('');
});

test.each([
	['a file', '{% include "/etc/passwd" %}'],
	['a file by render', '{% render "../../package.json" %}'],
	['a layout', '{% layout "package.json" %}'],
	['an endless loop', '{% for a in (1..10000000) %}{% for b in (1..10000000) %}x{% endfor %}{% endfor %}'],
	['memory', '{% assign a = "xxxxxxxxxx" %}{% for i in (1..40) %}{% assign a = a | append: a %}{% endfor %}{{ a }}'],
	['an unknown filter', '{{ item.title | steal }}'],
	['a syntax error', '{{ item.title '],
	['an unknown tag', '{% exec "ls" %}'],
])('%s ends in an Invalid that names the field', (_, source) => {
	const error = failure(source, event);
	expect(isChannelError(error)).toBe(true);
	expect(error).toMatchObject({ class: 'Invalid', field: 'bodyTemplate' });
	expect(error.message).toMatch(/^The template cannot be used: .+\.$/);
});

test('a busy machine fails no template: steps are counted, not time', () => {
	let now = 0;
	jest.spyOn(performance, 'now').mockImplementation(() => (now += 3_600_000));
	const loops = (rounds: number) => `{% for a in (1..${rounds}) %}{% for b in (1..100) %}x{% endfor %}{% endfor %}`;
	try {
		expect(renderTemplate(loops(100), event)).toHaveLength(10_000);
		expect(failure(loops(10_000), event)).toMatchObject({ class: 'Invalid' });
	} finally {
		jest.restoreAllMocks();
	}
});

test.each([
	['{{ a | shout }}', 'there is no filter “shout” (line 1, column 1)', '没有名为“shout”的过滤器（第 1 行第 1 列）'],
	['\n{{ a ', '“{{ a ” is not closed (line 2, column 1)', '“{{ a ”没有闭合（第 2 行第 1 列）'],
	['{% if a %}x', '“{% if a %}” is not closed (line 1, column 1)', '“{% if a %}”没有闭合（第 1 行第 1 列）'],
	['{% if a', '“{% if a” is not closed (line 1, column 1)', '“{% if a”没有闭合（第 1 行第 1 列）'],
	['{{ a[ }}', '“[” is not closed (line 1, column 6)', '“[”没有闭合（第 1 行第 6 列）'],
	['{% foo %}', 'there is no tag “foo” (line 1, column 1)', '没有名为“foo”的标签（第 1 行第 1 列）'],
	['{% endif %}', '“endif” has no beginning (line 1, column 1)', '“endif”缺少对应的开始标签（第 1 行第 1 列）'],
	['{{ }}', 'a value is missing (line 1, column 4)', '缺少取值（第 1 行第 4 列）'],
	['{{ a || b }}', 'the name of a filter is missing (line 1, column 7)', '缺少过滤器名称（第 1 行第 7 列）'],
	['{% assign x %}', '"=" is missing (line 1, column 12)', '缺少 "="（第 1 行第 12 列）'],
	[
		'{% if a = 1 %}{% endif %}',
		'something does not belong there; compare with “==”, filter with “|” (line 1, column 10)',
		'此处有多余内容；比较请用“==”，过滤请用“|”（第 1 行第 10 列）',
	],
	[
		'{% for i in %}{% endfor %}',
		'“{% for i in %}” is incomplete or wrong (line 1, column 1)',
		'“{% for i in %}”不完整或有误（第 1 行第 1 列）',
	],
	[
		'{% include "x" %}',
		'there is no other template “x” to take in (line 1, column 1)',
		'没有可引用的模板“x”（第 1 行第 1 列）',
	],
	['x'.repeat(100_001), 'it is too long', '模板过长'],
	[
		'{% for a in (1..90000000) %}x{% endfor %}',
		'it takes too long or becomes too large (line 1, column 1)',
		'执行时间过长或输出过大（第 1 行第 1 列）',
	],
	['{% capture %}', 'invalid capture name (line 1, column 11)', 'invalid capture name（第 1 行第 11 列）'],
])('%s is told as a person would, in both languages', (source, en, zh) => {
	expect(failure(source, event)).toMatchObject({
		text: { en: `The template cannot be used: ${en}.`, zh: `模板无法使用：${zh}。` },
	});
});

test('a template can be checked before it is needed', () => {
	expect(() => checkTemplate('{{ item.title | upcase }}')).not.toThrow();
	expect(() => checkTemplate('{% if %}')).toThrow();
	expect(isTemplate('$.a.b')).toBe(false);
	expect(isTemplate('{% if a %}b{% endif %}')).toBe(true);
});
