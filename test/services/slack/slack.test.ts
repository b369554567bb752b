import { fc } from '../../property';
import { slack } from '../../../src/services/slack/slack.channel';
import { act, deliver, verify } from '../../../src/core/deliver/deliver';
import { closeConnections, type VendorJson } from '../../../src/core/http/http';
import { forgetTurns } from '../../../src/core/deliver/send/pace';
import { memoryStore } from '../../../src/core/state/memory';
import { frozenClock, refused } from '../../refused';
import { service, type Answer, type Seen, type Service } from '../../service';
import { no, webApi, webApiToken as botToken } from './webApi';

const png = Buffer.from('\x89PNG\r\n\x1a\n0000', 'latin1');

let server: Service;
/** Answers by method, instead of the usual ones. */
let instead: Record<string, Answer>;

function answer(request: Seen): Answer {
	return instead[request.path.replace('/api/', '')] ?? webApi(request);
}

beforeEach(async () => {
	instead = {};
	forgetTurns();
	server = await service(answer);
});
afterEach(async () => {
	await closeConnections();
	await server.close();
});

const channel = 'C0123456789';
const account = (more = {}) => ({ baseUrl: `${server.url}/api`, botToken, to: channel, ...more });
const send = (options: Record<string, unknown>, message: unknown, clock = frozenClock()) =>
	deliver(slack, account(), { attempts: 1, ...options }, message, { clock });
const paths = () => server.requests.map(({ path }) => path.replace('/api/', ''));
const first = () => server.requests[0]!.json;

test('a bare text is one block, with itself as fallback', async () => {
	const receipt = await send({}, 'Hello');
	expect(server.requests[0]).toMatchObject({
		method: 'POST',
		path: '/api/chat.postMessage',
		headers: { authorization: `Bearer ${botToken}`, 'content-type': 'application/json; charset=utf-8' },
	});
	expect(first()).toEqual({
		channel,
		text: 'Hello',
		blocks: [{ type: 'section', text: { type: 'mrkdwn', text: 'Hello' } }],
		unfurl_links: false,
		unfurl_media: true,
	});
	expect(receipt).toMatchObject({
		ids: ['1700000000.000100'],
		handle: { channel, ts: '1700000000.000100' },
		degraded: [],
		warnings: [],
	});
});

test('a later message takes the place of an earlier one, unless files or one reader stand in the way', async () => {
	const earlier = memoryStore();
	const say = (message: object, options: object = {}) =>
		deliver(
			slack,
			account(),
			{ attempts: 1, ...options },
			{ key: 'k', ...message },
			{
				clock: frozenClock(),
				earlier,
			},
		);
	const last = () => server.requests.at(-1)!;
	await say({ body: 'one' });
	const receipt = await say({ body: '**two**', edit: true });
	expect(last().path).toBe('/api/chat.update');
	expect(last().json).toEqual({
		channel,
		ts: '1700000000.000100',
		text: '*two*',
		blocks: [{ type: 'section', text: { type: 'mrkdwn', text: '*two*' } }],
	});
	expect(receipt).toMatchObject({ edited: true, ids: ['1700000000.000100'], degraded: [] });
	await say({ body: '**three**', edit: true }, { kind: 'text' });
	expect(last().json).toEqual({ channel, ts: '1700000000.000100', text: '*three*', blocks: [] });
	await say({ body: '**four**', edit: true }, { kind: 'markdown' });
	expect(last().json).toEqual({ channel, ts: '1700000000.000100', markdown_text: '**four**' });
	instead['chat.update'] = no('edit_window_closed');
	expect((await say({ body: 'five', edit: true })).degraded).toEqual(['edit']);
	expect(last().path).toBe('/api/chat.postMessage');
	delete instead['chat.update'];
	const image = { data: png, name: 'a.png', mime: 'image/png' };
	for (const [message, options] of [
		[{ image }, {}],
		[{}, { delivery: 'ephemeral', user: 'U0123456789' }],
	] as const) {
		server.requests.length = 0;
		expect((await say({ body: 'six', edit: true, ...message }, options)).degraded).toContain('edit');
		expect(paths()).not.toContain('chat.update');
	}
});

test('everything that a message has becomes blocks', async () => {
	await send(
		{},
		{
			title: 'Film <added> & more',
			body: 'Hello',
			image: { url: 'https://pictures.example/a.jpg' },
			fields: [{ name: 'Host', value: 'a < b' }],
			buttons: [
				{ text: 'Watch', url: 'https://example.com/w', style: 'primary' },
				{ text: 'Skip', value: 'skip' },
			],
			mentions: ['U0AAAAAAAA', '@all', 'here', 'S0GROUP000'],
		},
	);
	const who = '<@U0AAAAAAAA> <!channel> <!here> <!subteam^S0GROUP000>';
	expect(first().text).toBe(`*Film &lt;added&gt; &amp; more*\n${who}\nHello`);
	expect(first().blocks).toEqual([
		{ type: 'header', text: { type: 'plain_text', text: 'Film <added> & more', emoji: true } },
		{ type: 'section', text: { type: 'mrkdwn', text: who } },
		{ type: 'section', text: { type: 'mrkdwn', text: 'Hello' } },
		{ type: 'section', fields: [{ type: 'mrkdwn', text: '*Host*\na &lt; b' }] },
		{ type: 'image', image_url: 'https://pictures.example/a.jpg', alt_text: 'Film <added> & more' },
		{
			type: 'actions',
			elements: [
				{
					type: 'button',
					action_id: 'carillon-0',
					text: { type: 'plain_text', text: 'Watch', emoji: true },
					url: 'https://example.com/w',
					style: 'primary',
				},
				{
					type: 'button',
					action_id: 'carillon-1',
					text: { type: 'plain_text', text: 'Skip', emoji: true },
					value: 'skip',
				},
			],
		},
	]);
});

test('what is too long for a block goes another way before Slack refuses it, and is named', async () => {
	const receipt = await send(
		{},
		{
			title: 'T'.repeat(400),
			body: 'word '.repeat(1_000),
			format: 'text',
			fields: [{ name: 'N'.repeat(400), value: '<'.repeat(3_000) }],
			buttons: [{ text: 'B'.repeat(100), url: 'https://example.com', value: 'v'.repeat(3_000) }],
		},
	);
	expect(server.requests).toHaveLength(receipt.parts);
	expect(receipt.degraded).toEqual(['fields', 'buttons', 'title']);
	const said = server.requests.map(({ json }) => JSON.stringify(json.blocks)).join('');
	expect([said.split('word').length - 1, said.split('&lt;').length - 1]).toEqual([1_000, 3_000]);
});

test('a name or value is no markup', async () => {
	await send({}, { body: 'x', fields: [{ name: '*Film*', value: '_a_ ~b~ `c`' }] });
	expect(first().blocks[1].fields[0].text.replaceAll('\u200b', '|')).toBe('*|*|Film|*|*\n|_|a|_| |~|b|~| |`|c|`|');
});

test('whatever a message holds, Slack takes its blocks', async () => {
	const text = fc.oneof(
		fc.string({ unit: 'binary' }),
		fc.string({ maxLength: 4_000, unit: fc.constantFrom('&', '<', '>', 'a ', '\n', '*', '`', '😀') }),
	);
	const message = fc.record({
		title: text,
		body: text,
		format: fc.constantFrom('markdown', 'text', 'html'),
		fields: fc.array(fc.record({ name: text, value: text }), { maxLength: 12 }),
		buttons: fc.array(fc.record({ text: text.map((label) => label || 'x'), url: fc.webUrl() }), { maxLength: 30 }),
	});
	await fc.assert(
		fc.asyncProperty(message, async (given) => {
			const sent = await send({}, given).catch((error: unknown) => error);
			// An empty message is refused before Slack sees it.
			if (sent instanceof Error) expect(sent).toMatchObject({ class: 'Invalid', field: 'message' });
		}),
		{ numRuns: 60 },
	);
}, 30_000);

test('text, Markdown and own blocks', async () => {
	await send({ kind: 'text' }, { title: 'T', body: 'Hello', mentions: ['U0AAAAAAAA'] });
	await send({ kind: 'markdown' }, { title: 'T', body: 'Hello' });
	await send({ kind: 'custom', blocks: '{"blocks":[{"type":"divider"}]}' }, 'Hello');
	const [text, markdown, custom] = server.requests.map(({ json }) => json);
	expect(text.text).toMatch(/^<@U0AAAAAAAA>\n.*T[^]*Hello$/);
	expect(text).not.toHaveProperty('blocks');
	expect(markdown.markdown_text).toMatch(/T[^]*Hello/);
	expect(markdown).not.toHaveProperty('text');
	expect(custom).toMatchObject({ text: 'Hello', blocks: [{ type: 'divider' }] });
	expect(await refused(send({ kind: 'custom', blocks: '7' }, 'Hello'), botToken)).toMatchObject({
		class: 'Invalid',
		field: 'blocks',
	});
});

test('threads, looks, previews, names, metadata', async () => {
	const metadata = { event_type: 'film', event_payload: { id: 1 } };
	await send(
		{
			threadTs: '1699999999.000001',
			replyBroadcast: true,
			linkNames: true,
			unfurlLinks: true,
			unfurlMedia: false,
			username: 'Emby',
			iconUrl: 'https://example.com/i.png',
			iconEmoji: ':bell:',
			metadata,
		},
		'Hello',
	);
	expect(first()).toMatchObject({
		thread_ts: '1699999999.000001',
		reply_broadcast: true,
		link_names: true,
		unfurl_links: true,
		unfurl_media: false,
		username: 'Emby',
		icon_url: 'https://example.com/i.png',
		icon_emoji: ':bell:',
		metadata,
	});
});

test('seen by one person', async () => {
	const receipt = await send({ delivery: 'ephemeral', user: 'U0AAAAAAAA' }, 'Hello');
	expect(paths()).toEqual(['chat.postEphemeral']);
	expect(first()).toMatchObject({ channel, user: 'U0AAAAAAAA', text: 'Hello' });
	expect(first()).not.toHaveProperty('unfurl_links');
	expect(receipt.ids).toEqual(['1700000000.000200']);
});

test('later', async () => {
	const clock = frozenClock(Date.UTC(2026, 0, 1));
	const receipt = await send({ delivery: 'schedule', postAt: '2026-01-02T00:00:00Z' }, 'Hello', clock);
	expect(paths()).toEqual(['chat.scheduleMessage']);
	expect(first()).toMatchObject({ channel, post_at: Date.UTC(2026, 0, 2) / 1000 });
	expect(receipt.handle).toEqual({ channel, scheduledMessageId: 'Q1298393284' });
	await send({ delivery: 'schedule', postAt: String(Date.UTC(2026, 0, 2) / 1000) }, 'Hello', clock);
	for (const postAt of ['tomorrow', '2025-12-31T00:00:00Z']) {
		expect(await refused(send({ delivery: 'schedule', postAt }, 'Hello', clock))).toMatchObject({
			class: 'Invalid',
			field: 'postAt',
		});
	}
});

test('several channels get it one by one; several people share a conversation', async () => {
	const receipt = await send({ to: '#general,U0AAAAAAAA+U0BBBBBBBB' }, 'Hello');
	expect(paths()).toEqual(['chat.postMessage', 'conversations.open', 'chat.postMessage']);
	expect(server.requests.map(({ json }) => json.users ?? json.channel)).toEqual([
		'#general',
		'U0AAAAAAAA,U0BBBBBBBB',
		'D0TOGETHER',
	]);
	expect(receipt.handles).toMatchObject([{ channel: 'C0GENERAL0' }, { channel: 'D0TOGETHER' }]);
});

test('a channel gets one message a second', async () => {
	const clock = frozenClock();
	await send({}, 'one', clock);
	await send({}, 'two', clock);
	await send({ to: 'C0999999999' }, 'three', clock);
	expect(clock.slept).toEqual([1000]);
});

test('a thread may stand in the channel, and comes first', async () => {
	await send({ to: 'C0123456789:1699999999.000001', threadTs: '1.2' }, 'Hello');
	expect(first()).toMatchObject({ channel: 'C0123456789', thread_ts: '1699999999.000001' });
});

describe('files', () => {
	const message = {
		body: 'Hello',
		image: { data: png, name: 'poster.png' },
		attachments: [{ data: Buffer.from('log'), name: 'task.log' }],
	};

	test('go up in three steps, around the message, to the channel that Slack named', async () => {
		const receipt = await send({ to: '#general', threadTs: '1.2' }, message);
		expect(paths()).toEqual([
			'files.getUploadURLExternal',
			'/upload/v1/12',
			'files.getUploadURLExternal',
			'/upload/v1/3',
			'chat.postMessage',
			'files.completeUploadExternal',
		]);
		const [ask, upload, , , post, share] = server.requests;
		expect(ask).toMatchObject({
			headers: { 'content-type': 'application/x-www-form-urlencoded' },
			form: { filename: 'poster.png', length: '12' },
		});
		expect(upload!.body.equals(png)).toBe(true);
		expect(upload!.headers).not.toHaveProperty('authorization');
		expect(post!.json).toMatchObject({ channel: '#general', text: 'Hello' });
		expect(share!.json).toEqual({
			files: [
				{ id: 'F0FILE00001', title: 'poster.png' },
				{ id: 'F0FILE00001', title: 'task.log' },
			],
			channel_id: 'C0GENERAL0',
			thread_ts: '1.2',
		});
		expect(receipt).toMatchObject({
			handle: { channel: 'C0GENERAL0', files: ['F0FILE00001', 'F0FILE00001'] },
			degraded: [],
		});
	});

	test('a picture alone needs no words where the channel’s id is known', async () => {
		await send({}, { body: '', image: { data: png, name: 'poster.png' } });
		expect(paths()).toEqual(['files.getUploadURLExternal', '/upload/v1/12', 'files.completeUploadExternal']);
	});

	test.each([
		[
			'files.getUploadURLExternal',
			no('missing_scope', { needed: 'files:write', provided: 'chat:write' }),
			/needed: files:write/,
		],
		['files.completeUploadExternal', no('file_uploads_disabled'), /takes no such file/],
		['/upload/v1/12', { status: 413, body: 'too large' }, /HTTP 413/],
	])('a refusal of %s does not cost the text', async (method, reply, sentence) => {
		instead = { [method]: reply };
		const receipt = await send({}, { body: 'Hello', image: message.image });
		expect(paths()).toContain('chat.postMessage');
		expect(receipt.warnings).toEqual([expect.stringMatching(sentence)]);
		expect(receipt.degraded).not.toEqual([]);
	});

	test('a fault on the way is tried again, and the message is not sent twice', async () => {
		let faults = 1;
		await server.close();
		server = await service((request) =>
			request.path.endsWith('completeUploadExternal') && faults-- > 0 ? no('internal_error') : answer(request),
		);
		const receipt = await send({ attempts: 2 }, { body: 'Hello', image: message.image });
		expect(paths().filter((path) => path === 'chat.postMessage')).toHaveLength(1);
		expect(paths().filter((path) => path === 'files.completeUploadExternal')).toHaveLength(2);
		expect(receipt.warnings).toEqual([]);
	});

	test('cannot go to one person, or later: their addresses go instead', async () => {
		const receipt = await send(
			{ delivery: 'ephemeral', user: 'U0AAAAAAAA' },
			{ body: 'Hello', attachments: [{ url: 'https://files.example/task.log' }] },
		);
		expect(paths()).toEqual(['chat.postEphemeral']);
		expect(receipt.degraded).toContain('attachments');
		expect(first().text).toContain('https://files.example/task.log');
	});
});

test('a picture that Slack cannot load is left out; blocks that it refuses become text, with what stood in them', async () => {
	const message = {
		title: 'T',
		body: 'Hello',
		image: { url: 'https://pictures.example/a.jpg' },
		fields: [{ name: 'Host', value: 'nas' }],
		buttons: [{ text: 'Watch', url: 'https://example.com/w' }],
	};
	await server.close();
	server = await service((request) => {
		const blocks: VendorJson[] = request.json.blocks ?? [];
		if (blocks.some(({ type }) => type === 'image'))
			return no('invalid_blocks', { errors: ['downloading image failed [json-pointer:/blocks/2/image_url]'] });
		return blocks.length > 0
			? no('invalid_blocks', { response_metadata: { messages: ['[ERROR] unsupported type'] } })
			: answer(request);
	});
	const receipt = await send({}, message);
	expect(receipt.degraded).toEqual(expect.arrayContaining(['image', 'markup']));
	expect(server.requests[2]!.json).toMatchObject({
		text: 'T\nHello\n\nPicture (https://pictures.example/a.jpg)\nHost: nas\nWatch: https://example.com/w',
		mrkdwn: false,
	});
	expect(server.requests[2]!.json).not.toHaveProperty('blocks');
});

test.each([
	[no('invalid_auth'), 'Unauthorized', 'invalid_auth', /Install the app/],
	[no('token_revoked'), 'Unauthorized', 'token_revoked', /Install the app/],
	[
		no('missing_scope', { needed: 'chat:write', provided: 'files:write' }),
		'Unauthorized',
		'missing_scope',
		/needed: chat:write.*Add the scope/,
	],
	[no('channel_not_found'), 'Rejected', 'channel_not_found', /id/],
	[no('not_in_channel'), 'Rejected', 'not_in_channel', /Invite/],
	[no('is_archived'), 'Rejected', 'is_archived', /archived/],
	[no('restricted_action'), 'Rejected', 'restricted_action', /administrator/],
	[no('msg_too_long'), 'Rejected', 'msg_too_long', /Shorten/],
	[no('no_text'), 'Rejected', 'no_text', /empty/],
	[no('invalid_thread_ts'), 'Rejected', 'invalid_thread_ts', /receipt/],
	[no('fatal_error'), 'Unreachable', 'fatal_error', /later/],
	[{ status: 503, body: 'upstream' }, 'Unreachable', '503', /later/],
	[no('something_new'), 'Rejected', 'something_new', /something_new/],
	[{ body: '<html><title>Sign in</title></html>' }, 'Unexpected', '200', /web page/],
] as [Answer, string, string, RegExp][])('a refusal: %j', async (reply, errorClass, code, sentence) => {
	instead = { 'chat.postMessage': reply };
	const error = await refused(send({}, 'Hello'), botToken);
	expect(error).toMatchObject({ class: errorClass, code, message: expect.stringMatching(sentence) });
	expect(error.text.zh).toMatch(/\p{Script=Han}/u);
});

test('429 waits as long as Slack says', async () => {
	let calls = 0;
	await server.close();
	server = await service((request) =>
		calls++ === 0
			? { status: 429, headers: { 'retry-after': '7' }, body: { ok: false, error: 'ratelimited' } }
			: answer(request),
	);
	const clock = frozenClock();
	const receipt = await send({ attempts: 2 }, 'Hello', clock);
	expect(receipt.attempts).toBe(2);
	expect(clock.slept).toContain(7000);
	instead = {
		'chat.postMessage': { status: 429, headers: { 'retry-after': '7' }, body: { ok: false, error: 'ratelimited' } },
	};
	forgetTurns();
	expect(await refused(send({}, 'Hello'))).toMatchObject({ class: 'RateLimited', retryAfter: 7 });
});

test('verify asks who the token is', async () => {
	await verify(slack, account());
	expect(paths()).toEqual(['auth.test']);
	expect(await refused(verify(slack, account({ botToken: 'xoxb-wrong-wrong' })), 'xoxb-wrong-wrong')).toMatchObject({
		class: 'Unauthorized',
		code: 'invalid_auth',
	});
});

test.each([
	[{ botToken: 'abc' }, 'botToken'],
	[{ appToken: 'xoxb-1' }, 'appToken'],
	[{ to: '' }, 'to'],
])('an unusable account %j is said before anything is sent', async (more, field) => {
	expect(await refused(deliver(slack, account(more), {}, 'Hello'))).toMatchObject({ class: 'Invalid', field });
	expect(server.requests).toHaveLength(0);
});

test('an app-level token and a signing secret are kept for the trigger', async () => {
	await deliver(slack, account({ appToken: 'xapp-1-A0', signingSecret: 'abcdef012345' }), { attempts: 1 }, 'Hello', {
		clock: frozenClock(),
	});
	expect(JSON.stringify(server.requests[0]!.json)).not.toMatch(/xapp|abcdef/);
});

const place = { channel, ts: '1.2' };
test.each([
	['editMessage', { ...place, text: 'Hello' }, 'chat.update', { ...place, text: 'Hello', blocks: [] }],
	[
		'editMessage',
		{ ...place, text: '*a*', format: 'mrkdwn', blocks: '[{"type":"divider"}]' },
		'chat.update',
		{ ...place, text: '*a*', blocks: [{ type: 'divider' }] },
	],
	['deleteMessage', place, 'chat.delete', place],
	[
		'deleteScheduledMessage',
		{ channel, scheduledMessageId: 'Q1' },
		'chat.deleteScheduledMessage',
		{ channel, scheduled_message_id: 'Q1' },
	],
	[
		'addReaction',
		{ ...place, emoji: ':thumbsup:' },
		'reactions.add',
		{ channel, timestamp: '1.2', name: 'thumbsup' },
	],
	[
		'removeReaction',
		{ ...place, emoji: 'thumbsup' },
		'reactions.remove',
		{ channel, timestamp: '1.2', name: 'thumbsup' },
	],
	['openConversation', { users: 'U1,U2' }, 'conversations.open', { users: 'U1,U2' }],
])('action %s', async (name, input, method, json) => {
	await expect(act(slack, name, account(), input)).resolves.toMatchObject({ ok: true });
	expect(paths()).toEqual([method]);
	expect(first()).toEqual(json);
	expect(server.requests[0]!.headers.authorization).toBe(`Bearer ${botToken}`);
});

test('any other method takes its arguments as a form', async () => {
	await act(slack, 'callMethod', account(), { method: 'conversations.list', arguments: '{"limit":5,"types":["a"]}' });
	expect(server.requests[0]).toMatchObject({ path: '/api/conversations.list', form: { limit: '5', types: '["a"]' } });
	expect(await refused(act(slack, 'callMethod', account(), { method: '../admin' }))).toMatchObject({
		class: 'Invalid',
		field: 'method',
	});
});

test('a file by itself', async () => {
	const binary = async () => ({ name: 'a.txt', mime: 'text/plain', data: Buffer.from('abc') });
	await act(
		slack,
		'uploadFile',
		account(),
		{ file: 'data', channel, title: 'A', altText: 'alt', comment: 'see', threadTs: '1.2' },
		{ binary },
	);
	expect(paths()).toEqual(['files.getUploadURLExternal', '/upload/v1/3', 'files.completeUploadExternal']);
	expect(server.requests[0]!.form).toEqual({ filename: 'a.txt', length: '3', alt_txt: 'alt' });
	expect(server.requests[2]!.json).toEqual({
		files: [{ id: 'F0FILE00001', title: 'A' }],
		channel_id: channel,
		initial_comment: 'see',
		thread_ts: '1.2',
	});
});

test('a missing message of an action is the service’s own code', async () => {
	instead = { 'chat.update': no('message_not_found') };
	expect(await refused(act(slack, 'editMessage', account(), { ...place, text: 'x' }), botToken)).toMatchObject({
		class: 'Rejected',
		code: 'message_not_found',
		message: expect.stringMatching(/receipt/),
	});
});
