import { fc } from '../../property';
import { eventTypes, type EventType } from '../../../src/core/message/event';
import { composeEventMessage } from '../../../src/core/message/eventMessage';
import { previewEventMessage } from '../../../src/core/receive/preview';
import { sampleEvent } from '../../../src/core/receive/samples';
import { fallbacks, sentences } from '../../../src/core/message/sentences';

const types = Object.keys(eventTypes) as EventType[];
const languages = ['en', 'zh'] as const;
const hasChinese = /\p{Script=Han}/u;

describe.each(languages)('a sample (%s)', (language) => {
	test.each(types)('of %s has what its sentence tells', (type) => {
		const event = sampleEvent(type, language);
		const { title = '' } = composeEventMessage(event, { language });
		const at = language === 'zh' ? 1 : 0;
		for (const [name, words] of Object.entries(fallbacks))
			if (sentences[type][language].includes(`{${name}}`)) expect(title).not.toContain(words[at]);
		// Whatever may fall away is there, but for a number of items.
		for (const [part] of sentences[type][language].matchAll(/\[[^\]]*\]/g)) {
			if (part.includes('{count}')) continue;
			const [fixed = ''] = part
				.slice(1, -1)
				.split(/\{\w+\}/)
				.filter((text) => text.trim());
			expect(title).toContain(fixed.trim());
		}
		expect(title).not.toMatch(/[{}[\]]/);
		expect(title).not.toMatch(language === 'en' ? hasChinese : /Alice/);
		expect(sampleEvent(type, language)).toEqual(event);
	});
});

test('without templates it is the ready message', () => {
	expect(previewEventMessage('playback.started', { language: 'en' })).toMatchObject({
		message: {
			title: '▶ Alice is watching Severance S02E03 · Who Is Alive? on Apple TV',
			body: expect.stringContaining('[IMDb](https://www.imdb.com/title/tt11280740/)'),
		},
	});
	expect(previewEventMessage('library.added', { language: 'zh' })).toMatchObject({
		message: { title: '🎬 新电影入库：大都会 (1927)' },
	});
});

test('the user’s own templates are filled', () => {
	const titleTemplate = '{{ user.name }}: {{ item.series }}';
	const bodyTemplate = '**{{ item.title }}** {{ event.time | date: "%H:%M" }}\n{{ raw.nothing }}';
	expect(
		previewEventMessage('playback.started', {
			language: 'zh',
			titleTemplate,
			bodyTemplate,
			timeZone: 'Asia/Shanghai',
		}),
	).toMatchObject({ message: { title: '小明: 人生切割术', body: '**谁还活着？** 03:30', format: 'markdown' } });
});

test.each([
	['titleTemplate', '{{ item.title | shout }}', /no filter “shout”/],
	['bodyTemplate', '{% if item %}no end', /is not closed/],
	['bodyTemplate', '{% for i in (1..900000) %}{% for j in (1..900000) %}x{% endfor %}{% endfor %}', /too long/],
	['bodyTemplate', '{% include "secret.txt" %}', /no other template “secret.txt”/],
])('a %s that cannot be used, %s, is told in both languages', (field, source, why) => {
	const preview = previewEventMessage('library.added', { language: 'en', [field]: source });
	expect(preview).toEqual({
		field,
		problem: {
			en: expect.stringMatching(/^The template cannot be used: .+\.$/s),
			zh: expect.stringMatching(/^模板无法使用：.+。$/s),
		},
	});
	expect((preview as { problem: { en: string } }).problem.en).toMatch(why);
});

test.each(['nothing.known', '', '__proto__', 'toString'])('there is no sample of “%s”', (type) => {
	expect(previewEventMessage(type, { language: 'en' })).toEqual({
		problem: { en: expect.stringMatching(/\.$/), zh: expect.stringMatching(/。$/) },
	});
});

test('any template ends in a message or in a sentence', () => {
	const piece = fc.oneof(
		fc.constantFrom('{{', '}}', '{%', '%}', '|', ' item.title ', 'if', 'endif', 'raw', "'", '"', '\n'),
		fc.string(),
	);
	const source = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
	fc.assert(
		fc.property(fc.constantFrom(...types), source, source, (type, titleTemplate, bodyTemplate) => {
			const preview = previewEventMessage(type, { language: 'en', titleTemplate, bodyTemplate });
			if ('message' in preview) expect(preview.message.body).toMatch(/\S/);
			else expect([preview.problem.en, preview.problem.zh]).toEqual([expect.any(String), expect.any(String)]);
		}),
	);
});
