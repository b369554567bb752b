import { read } from '../../../src/core/base/field';
import { Refusal, type Receiving } from '../../../src/core/define/trigger';
import { synologyChatTrigger } from '../../../src/services/synologyChat/synologyChat.trigger';
import { vocechatTrigger } from '../../../src/services/vocechat/vocechat.trigger';
import { wecomAppTrigger } from '../../../src/services/wecom/wecomApp.trigger';
import { receive, type Given } from './receiving';

/** What makes a pattern that searches every end again from every beginning take minutes. */
const long = 300_000;
const gap = `x${' '.repeat(long)}y`;

function quickly(run: () => unknown) {
	const started = performance.now();
	try {
		run();
	} catch (error) {
		if (!(error instanceof Refusal)) throw error;
	}
	expect(performance.now() - started).toBeLessThan(1_500);
}

const movie = { Type: 'Movie', Name: 'F' };
const bodies: readonly (readonly [string, unknown, Given?])[] = [
	['a subject of blanks', { notification_type: 'MEDIA_PENDING', subject: gap }],
	['a folder without a name', { eventType: 'Rename', series: { path: `${'a'.repeat(long)}/b/{c` } }],
	['a folder of braces', { eventType: 'Rename', series: { path: `${'{'.repeat(long)}/x/` } }],
	['a folder of blanks', { eventType: 'Rename', movie: { path: gap } }],
	['a file of blanks', { eventType: 'Rename', bookFiles: [{ path: gap }], author: { name: gap } }],
	['a title of blanks', `title:${' '.repeat(long)}`, { contentType: 'text/plain' }],
	['genres of blanks', { NotificationType: 'ItemAdded', ItemType: 'Movie', Name: 'F', Genres: gap }],
	[
		'a server of slashes',
		{ NotificationType: 'ItemAdded', ItemType: 'Movie', ItemId: '1', ServerUrl: `http://x${'/'.repeat(long)}y` },
	],
	[
		'a link of digits',
		{
			Event: 'library.new',
			Server: {},
			Item: { ...movie, ExternalUrls: [{ Name: 'IMDb', Url: `${'1'.repeat(long)}x` }] },
		},
	],
	[
		'a path of slashes',
		{ Event: 'library.new', Server: {}, Item: { ...movie, Path: `${'/'.repeat(long)}x` } },
		{ options: { libraries: 'a/b' } },
	],
	[
		'a name of blanks',
		{
			event: 'media.play',
			Account: { title: gap },
			Metadata: { type: 'episode', title: gap, grandparentTitle: gap, summary: gap },
		},
	],
	['a text of blanks', { title: gap, text: gap, level: gap, url: gap, image: gap, type: gap }],
	['a monitor of blanks', { heartbeat: { status: 0, msg: gap, time: gap }, monitor: { name: gap }, msg: gap }],
	['a body of many names', Object.fromEntries(Array.from({ length: 100_000 }, (_, at) => [`k${at}`, at]))],
	[
		'a season without an end',
		{
			eventType: 'Download',
			series: { title: 'Show' },
			episodes: Array.from({ length: 150_000 }, (_, at) => ({ seasonNumber: 1, episodeNumber: at })),
		},
	],
	[
		'a number of items behind blanks',
		{ Event: 'library.new', Server: {}, Title: `1${' '.repeat(long)}项x`, Item: { Type: 'Series', Name: 'F' } },
	],
	['words without their first quotes', `{${'a:x"b":'.repeat(long / 7)}`],
	[
		'an alert of blanks',
		{ status: 'firing', alerts: [{ labels: { instance: gap }, annotations: { summary: gap } }], title: gap },
	],
];

test.each(bodies.map(([name, body, given = {}]) => ({ name, body, given })))(
	'$name holds nobody up',
	({ body, given }) => quickly(() => receive(body, given)),
);

test('what nobody has vouched for holds nobody up either', () => {
	const query = { msg_signature: 'a'.repeat(40), timestamp: '1700000000', nonce: 'n' };
	for (const inside of [' '.repeat(long), `a${' '.repeat(long)}`, '<Encrypt>'.repeat(long / 10)]) {
		const receiving = {
			request: { method: 'POST', path: '', query, headers: {}, body: Buffer.from(`<xml><Encrypt>${inside}`) },
			account: { callbackToken: 't', encodingAesKey: 'a'.repeat(43), corpId: 'c', language: 'en' },
			options: read(wecomAppTrigger.options, {}),
			now: 1_700_000_000_000,
		} as unknown as Receiving;
		wecomAppTrigger.authorize!(receiving);
		expect(() => quickly(() => wecomAppTrigger.receive!(receiving))).not.toThrow();
	}
});

test.each(['@a'.repeat(40), '@ '.repeat(long), ` @7${' '.repeat(long)}x`])('mentions hold nobody up', (content) => {
	const said = {
		detail: { type: 'normal', content_type: 'text/plain', content },
		from_uid: 1,
		mid: 1,
		target: { gid: 2 },
	};
	const receiving = {
		request: { method: 'POST', path: '', query: {}, headers: {}, body: Buffer.from(JSON.stringify(said)) },
		account: { language: 'en' },
		options: read(vocechatTrigger.options, {}),
		now: 1_700_000_000_000,
	} as unknown as Receiving;
	quickly(() => vocechatTrigger.receive!(receiving));
});

test.each(['%2522', '%22', '"'])('a token of %s holds nobody up', (quote) => {
	const receiving = {
		request: {
			...{ method: 'POST', path: '', query: {}, headers: {} },
			body: Buffer.from(`token=x${quote.repeat(long / 2)}x`),
		},
		account: { token: 'secret', language: 'en' },
		options: read(synologyChatTrigger.options, {}),
		now: 1_700_000_000_000,
	} as unknown as Receiving;
	quickly(() => synologyChatTrigger.receive!(receiving));
});
