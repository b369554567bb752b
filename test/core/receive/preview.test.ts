import { fc } from '../../property';
import type { Message } from '../../../src/core/message/message';
import { play, samplesOf } from '../../../src/core/receive/playing';
import { preview as previewOf } from '../../../src/core/receive/preview';
import { webhookTrigger } from '../../../src/services/webhook/webhook.trigger';

const samples = samplesOf(webhookTrigger).map(({ value }) => value);
const preview = (sample: string, options: object = {}, language = 'en') =>
	previewOf(webhookTrigger, sample, { account: { language }, options: { ...options } });

test.each(samples)('%s: without templates it is the ready message', (sample) => {
	const [played] = play(webhookTrigger, sample, { account: {}, options: {} });
	const { title, body } = (preview(sample) as { message: Partial<Message> }).message;
	expect({ title, body }).toEqual({ title: played!.message!.title, body: played!.message!.body });
});

test('the user’s own templates are filled', () => {
	const titleTemplate = '{{ user.name }}: {{ item.series }}';
	const bodyTemplate = '**{{ item.title }}** {{ event.time | date: "%H:%M" }}\n{{ raw.nothing }}';
	expect(
		preview('emby/playback.started', { titleTemplate, bodyTemplate, timeZone: 'Asia/Shanghai' }, 'zh'),
	).toMatchObject({ message: { title: 'Alice: Severance', body: '**Who Is Alive?** 03:30', format: 'markdown' } });
});

test.each([
	['titleTemplate', '{{ item.title | shout }}', /no filter “shout”/],
	['bodyTemplate', '{% if item %}no end', /is not closed/],
	['bodyTemplate', '{% for i in (1..900000) %}{% for j in (1..900000) %}x{% endfor %}{% endfor %}', /too long/],
	['bodyTemplate', '{% include "secret.txt" %}', /no other template “secret.txt”/],
])('a %s that cannot be used, %s, is told in both languages', (field, source, why) => {
	const told = preview('plex/library.added', { [field]: source });
	expect(told).toEqual({
		field,
		problem: { en: expect.stringMatching(/\.$/s), zh: expect.stringMatching(/。$/s) },
	});
	expect((told as { problem: { en: string } }).problem.en).toMatch(why);
});

test('a name that no event has is told of', () => {
	expect(preview('jellyfin/playback.stopped', { titleTemplate: '{{ user.nam }}' })).toMatchObject({
		warnings: [{ en: expect.stringContaining('user.nam'), zh: expect.stringContaining('user.nam') }],
	});
});

test.each(['nothing.known', '', '__proto__', 'emby/__proto__', '__proto__/message', 'emby/toString', 'emby', '/'])(
	'there is no sample of “%s”',
	(sample) => {
		expect(preview(sample)).toEqual({
			field: 'playSample',
			problem: { en: expect.stringMatching(/\.$/), zh: expect.stringMatching(/。$/) },
		});
	},
);

test('any template ends in a message or in a sentence', () => {
	const piece = fc.oneof(
		fc.constantFrom('{{', '}}', '{%', '%}', '|', ' item.title ', 'if', 'endif', 'raw', "'", '"', '\n'),
		fc.string(),
	);
	const source = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
	fc.assert(
		fc.property(fc.constantFrom(...samples), source, source, (sample, titleTemplate, bodyTemplate) => {
			const told = preview(sample, { titleTemplate, bodyTemplate });
			if ('message' in told) expect(told.message.body).toMatch(/\S/);
			else expect([told.problem.en, told.problem.zh]).toEqual([expect.any(String), expect.any(String)]);
		}),
	);
});
