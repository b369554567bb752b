import { namedInVain } from '../../../src/core/message/templateNames';

test.each([
	['{{ user.nam }}', ['“user.nam” is always empty: “user” has id, name.']],
	[
		'{{ item.titel }} {{ item.title }}',
		[expect.stringMatching(/^“item\.titel” is always empty: “item” has kind, title/)],
	],
	['{{ usr.name }}', [expect.stringMatching(/^“usr” is always empty\. There are: event, item, user/)]],
	['{{ event.user.nmae | upcase }}', ['“event.user.nmae” is always empty: “event.user” has id, name.']],
	['{% if playback.pause %}x{% endif %}', [expect.stringContaining('“playback.pause”')]],
	['{{ item.ids.imbd }}', ['“item.ids.imbd” is always empty: “item.ids” has imdb, tmdb, tvdb.']],
	['{{ user.constructor }}', [expect.stringContaining('“user.constructor”')]],
	['{{ user.name }} {{ user["id"] }} {{ event.facts.quality }} {{ item.ids.imdb }}', []],
	['{{ raw.whatever[0].there }} {{ item.genres[0] }} {{ item.genres.size }} {{ raw[user.name] }}', []],
	['{% for genre in item.genres %}{{ genre }} {{ forloop.index }}{% endfor %}', []],
	['{% assign who = user.name %}{{ who }} {{ who.x }}', []],
	['no template at all', []],
	['', []],
	// What cannot be read is told elsewhere.
	['{{ user.nam | shout', []],
])('%s', (template, complaints) => {
	expect(namedInVain(template).map(({ en }) => en)).toEqual(complaints);
	for (const { zh } of namedInVain(template)) expect(zh).toMatch(/始终为空/);
});
