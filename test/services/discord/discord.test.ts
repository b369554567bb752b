import { act, deliver, verify } from '../../../src/core/deliver/deliver';
import { forgetTurns } from '../../../src/core/deliver/send/pace';
import { memoryStore } from '../../../src/core/state/memory';
import { discord } from '../../../src/services/discord/discord.channel';
import { faked } from '../../faked';
import { formOf } from '../../multipart';
import { fc } from '../../property';
import { frozenClock, refused } from '../../refused';
import type { Answer } from '../../service';
import { hookPath, id, thread, token, Webhooks } from './webhooks';

let hooks: Webhooks;
const server = faked((request) => hooks.answer(request));
beforeEach(() => {
	hooks = new Webhooks();
	forgetTurns();
});

const account = (more = {}) => ({ webhookUrl: server.url + hookPath, ...more });
const send = (message: unknown, options: Record<string, unknown> = {}, more = {}) =>
	deliver(discord, account(more), { attempts: 1, ...options } as never, message, { clock: frozenClock() });
const last = () => {
	const request = server.requests.at(-1)!;
	const form = formOf(request);
	return form.payload_json ? JSON.parse(form.payload_json.data.toString()) : request.json;
};
const png = { name: 'film poster.png', mime: 'image/png', data: Buffer.from('\x89PNG\r\n\x1a\n', 'latin1') };

test('a text is an embed, is waited for, and rings nobody', async () => {
	const receipt = await send('Hello **you** @everyone <@123456>');
	expect(server.requests[0]).toMatchObject({ method: 'POST', path: hookPath, query: { wait: 'true' } });
	expect(last()).toEqual({
		content: '',
		embeds: [{ description: 'Hello **you** @\u200beveryone \\<\u200b@123456>', fields: [], color: 0x5865f2 }],
		allowed_mentions: { parse: [], users: [], roles: [] },
	});
	expect(receipt).toMatchObject({ ids: [hooks.messages[0]!.id], degraded: [], warnings: [] });
});

const whole = {
	title: 'Disk *full*',
	body: 'The **disk** is full.',
	url: 'https://example.com/nas',
	level: 'failure',
	image: { url: 'https://example.com/p.png' },
	fields: [
		{ name: 'Host', value: 'nas_1', short: true },
		{ name: 'Left', value: '' },
	],
	buttons: Array.from({ length: 6 }, (_, at) => ({ text: `Open ${at}`, url: `https://example.com/${at}` })),
	mentions: ['123456', '&654321', '@all'],
	silent: true,
	time: '2026-01-02T03:04:05.000Z',
};

test('everything that an embed has', async () => {
	const receipt = await send(whole, {
		username: 'NAS',
		avatarUrl: 'https://example.com/a.png',
		author: 'Keeper',
		authorUrl: 'https://example.com/k',
		authorIcon: 'https://example.com/k.png',
		footer: 'Cellar',
		footerIcon: 'https://example.com/f.png',
		timestamp: true,
		picture: 'thumbnail',
	});
	expect(server.requests[0]!.query).toEqual({ wait: 'true', with_components: 'true' });
	expect(last()).toEqual({
		username: 'NAS',
		avatar_url: 'https://example.com/a.png',
		content: '<@123456> <@&654321> @everyone',
		allowed_mentions: { parse: ['everyone'], users: ['123456'], roles: ['654321'] },
		flags: 4096,
		embeds: [
			{
				title: 'Disk \\*full\\*',
				description: 'The **disk** is full.',
				url: 'https://example.com/nas',
				color: 0xed4245,
				fields: [
					{ name: 'Host', value: 'nas\\_1', inline: true },
					{ name: 'Left', value: '\u200b' },
				],
				thumbnail: { url: 'https://example.com/p.png' },
				author: { name: 'Keeper', url: 'https://example.com/k', icon_url: 'https://example.com/k.png' },
				footer: { text: 'Cellar', icon_url: 'https://example.com/f.png' },
				timestamp: '2026-01-02T03:04:05.000Z',
			},
		],
		components: [
			{
				type: 1,
				components: whole.buttons.slice(0, 5).map(({ text, url }) => ({ type: 2, style: 5, label: text, url })),
			},
			{ type: 1, components: [{ type: 2, style: 5, label: 'Open 5', url: 'https://example.com/5' }] },
		],
	});
	expect(receipt.degraded).toEqual([]);
});

test('a card of components', async () => {
	const receipt = await send(whole, { kind: 'card' });
	expect(last()).toEqual({
		allowed_mentions: { parse: ['everyone'], users: ['123456'], roles: ['654321'] },
		flags: 4096 | 32_768,
		components: [
			{ type: 10, content: '<@123456> <@&654321> @everyone' },
			{
				type: 17,
				accent_color: 0xed4245,
				components: [
					{ type: 10, content: '### [Disk \\*full\\*](https://example.com/nas)' },
					{ type: 10, content: 'The **disk** is full.\n\n**Host**: nas\\_1\n**Left**' },
					{ type: 12, items: [{ media: { url: 'https://example.com/p.png' } }] },
					{ type: 1, components: expect.any(Array) },
					{ type: 1, components: expect.any(Array) },
				],
			},
		],
	});
	expect(receipt.degraded).toEqual(['fields']);
});

test('a text has its title in bold, its pairs and link as lines, and a picture beside it', async () => {
	const { silent: _, ...loud } = whole;
	const receipt = await send(loud, { kind: 'text', linkPreview: false, tts: true, silentLevels: ['failure'] });
	expect(last()).toMatchObject({
		content: expect.stringMatching(
			/^<@123456> <@&654321> @everyone\n\*\*Disk \\\*full\\\*\*\*\n\nThe \*\*disk\*\* is full\.\n\n\*\*Host\*\*: nas\\_1/,
		),
		embeds: [{ image: { url: 'https://example.com/p.png' } }],
		flags: 4096 | 4,
		tts: true,
	});
	expect(receipt.degraded).toEqual(['fields', 'url']);
});

describe('files', () => {
	const file = (name: string, size: number) => ({ name, mime: 'text/plain', data: Buffer.alloc(size, 'x') });

	test('a picture goes up under a name that the embed finds, files beside it', async () => {
		await send({ body: 'x', image: png, attachments: [file('notes ü.txt', 3)] });
		expect(last()).toMatchObject({
			embeds: [{ description: 'x', image: { url: 'attachment://picture.png' } }],
			attachments: [
				{ id: '0', filename: 'picture.png' },
				{ id: '1', filename: 'notes ü.txt' },
			],
		});
		expect(formOf(server.requests[0]!)['files[1]']).toMatchObject({ type: 'text/plain', data: Buffer.from('xxx') });
	});

	test('files alone, without an empty embed', async () => {
		await send({ body: '', attachments: [file('a.txt', 1)] });
		expect(last()).toMatchObject({ content: '', embeds: [] });
	});

	test('more than one message has room for go in others, silent and under the same name as the first', async () => {
		const attachments = Array.from({ length: 12 }, (_, at) => file(`${at}.txt`, 1));
		const receipt = await send({ body: 'x', attachments, silent: true }, { username: 'NAS' }, {});
		expect(server.requests.map((each) => Object.keys(formOf(each)).length - 1)).toEqual([10, 2]);
		expect(last()).toMatchObject({ username: 'NAS', flags: 4096, allowed_mentions: { parse: [] } });
		expect(receipt.handle).toMatchObject({ messages: hooks.messages.map((each) => each.id) });
	});

	test('25 MiB are parted', async () => {
		const attachments = Array.from({ length: 3 }, (_, at) => file(`${at}.bin`, 9 * 1024 * 1024));
		await send({ body: 'x', attachments });
		expect(server.requests).toHaveLength(2);
	});

	test('beside a card they follow it', async () => {
		await send({ body: 'x', image: png, attachments: [file('a.txt', 1)] }, { kind: 'card' });
		expect(server.requests.map((each) => Object.keys(formOf(each)))).toEqual([
			[],
			['payload_json', 'files[0]', 'files[1]'],
		]);
		expect(last()).not.toHaveProperty('flags');
	});

	test('one that is too big costs no text, and is named', async () => {
		hooks.most = 10;
		const { degraded, warnings } = await send({ body: 'x', attachments: [file('big.bin', 11)] });
		expect(last()).toMatchObject({ embeds: [{ description: 'x' }] });
		expect(degraded).toEqual(['attachments']);
		expect(warnings[0]).toMatch(/40005.*10 MiB/);
	});
});

describe('threads', () => {
	test.each([
		['by id', { to: thread }, {}],
		['by link', { to: `https://discord.com/channels/1/${thread}` }, {}],
		['in the webhook’s own address', {}, { query: `?thread_id=${thread}` }],
	])('%s', async (_, more, { query = '' }: { query?: string }) => {
		const receipt = await send('x', {}, { webhookUrl: server.url + hookPath + query, ...more });
		expect(server.requests[0]!.query).toEqual({ wait: 'true', thread_id: thread });
		// What stands in the address is as secret as that.
		expect(receipt.handle).toMatchObject({ thread: query ? null : thread });
	});

	test('a forum gets a post, and the other parts of a long text go into it', async () => {
		hooks.isForum = true;
		const receipt = await send('word '.repeat(2_000), { threadName: 'Backup', appliedTags: '1100000000000000002' });
		expect(receipt.parts).toBeGreaterThan(1);
		const [first, ...more] = server.requests;
		expect(first!.json).toMatchObject({ thread_name: 'Backup', applied_tags: ['1100000000000000002'] });
		const post = hooks.messages[0]!.id;
		for (const { query, json } of more) {
			expect(query.thread_id).toBe(post);
			expect(json).not.toHaveProperty('thread_name');
		}
		expect(receipt.handle).toMatchObject({ thread: post });
	});

	test('a thread that is none', async () => {
		expect(await refused(send('x', {}, { to: '#general' }))).toMatchObject({ class: 'Invalid', field: 'to' });
	});
});

describe('changing what was sent', () => {
	const replacing = async (first: object, then: object, options = {}) => {
		const earlier = memoryStore();
		const pass = (message: object) =>
			deliver(
				discord,
				account(),
				{ attempts: 1, ...options } as never,
				{ key: 'k', ...message },
				{ clock: frozenClock(), earlier },
			);
		await pass(first);
		return pass({ ...then, edit: true });
	};

	test('words, files and buttons are replaced', async () => {
		const receipt = await replacing({ ...whole, image: png }, { body: 'All is well again.', silent: true });
		expect(server.requests[1]).toMatchObject({
			method: 'PATCH',
			path: `${hookPath}/messages/${hooks.messages[0]!.id}`,
		});
		expect(last()).toMatchObject({
			content: '',
			embeds: [{ description: 'All is well again.' }],
			components: [],
			attachments: [],
		});
		expect(receipt).toMatchObject({ edited: true, degraded: [] });
	});

	test('a card stays a card', async () => {
		expect(await replacing({ body: 'one' }, { body: 'two' }, { kind: 'card' })).toMatchObject({ edited: true });
		expect(last()).toMatchObject({ flags: 32_768 });
	});

	test('what took two messages goes anew', async () => {
		const attachments = Array.from({ length: 12 }, (_, at) => ({ name: `${at}.txt`, data: Buffer.from('x') }));
		expect((await replacing({ body: 'x', attachments }, { body: 'y' })).degraded).toEqual(['edit']);
	});
});

test('operations', async () => {
	const { handle } = await send('x');
	const { message } = handle as { message: string };
	const run = (name: string, input: object) => act(discord, name, account(), input as never);
	await run('editMessage', { message, text: 'Hello **you** @everyone' });
	expect(last()).toEqual({ content: 'Hello **you** @\u200beveryone', allowed_mentions: { parse: [] } });
	expect(await run('getMessage', { message })).toMatchObject({ id: message });
	await run('deleteMessage', { messages: message });
	expect(hooks.messages).toEqual([]);
	await run('sendPoll', { question: 'Lunch?', answers: 'Soup\nBread', hours: 2, several: true });
	expect(last()).toEqual({
		poll: {
			question: { text: 'Lunch?' },
			answers: [{ poll_media: { text: 'Soup' } }, { poll_media: { text: 'Bread' } }],
			duration: 2,
			allow_multiselect: true,
		},
	});
	await run('sendRaw', { body: '{"embeds": [{"title": "One"}, {"title": "Two"}]}' });
	expect(last()).toEqual({ allowed_mentions: { parse: [] }, embeds: [{ title: 'One' }, { title: 'Two' }] });
	expect(await refused(run('deleteMessage', { messages: message }))).toMatchObject({
		class: 'Rejected',
		code: '10008',
	});
});

test('an account is checked without a message', async () => {
	await verify(discord, account());
	expect(server.requests[0]).toMatchObject({ method: 'GET', path: hookPath });
	expect(await refused(verify(discord, account({ webhookUrl: `${server.url}${hookPath}x` })))).toMatchObject({
		class: 'Unauthorized',
		code: '50027',
	});
});

test.each([
	[`https://discordapp.com/api/webhooks/${id}/${token}`, `https://discord.com/api/v10/webhooks/${id}/${token}`],
	[
		`https://canary.discord.com/api/v9/webhooks/${id}/${token}/slack`,
		`https://discord.com/api/v10/webhooks/${id}/${token}`,
	],
	[`${id}/${token}`, `https://discord.com/api/v10/webhooks/${id}/${token}`],
	[`https://api.fluxer.app/webhooks/${id}/${token}/`, `https://api.fluxer.app/webhooks/${id}/${token}`],
])('%s goes to the API', async (webhookUrl, address) => {
	const { webhookOf } = await import('../../../src/services/discord/account');
	expect(webhookOf({ webhookUrl, baseUrl: 'https://discord.com' }).address).toBe(address);
	expect(webhookOf({ webhookUrl, baseUrl: 'http://relay.local/api' }).address).toBe(
		`http://relay.local/api/webhooks/${id}/${token}`,
	);
});

test('whatever the message, Discord takes it in what it has room for', async () => {
	const words = (maxLength: number) =>
		fc.string({
			unit: fc.constantFrom('a', '*', '_', '<', '@', '电', '👍', '\\', '\n', ' ', '#', '-', '`', '1.'),
			maxLength,
		});
	const messages = fc.record({
		title: words(400),
		body: words(6_000).map((text) => `x${text}`),
		format: fc.constantFrom('markdown', 'text'),
		url: fc.constantFrom(undefined, 'https://example.com/a(b)', `https://example.com/${'y'.repeat(2_100)}`),
		fields: fc.array(fc.record({ name: words(300), value: words(1_200) }), { maxLength: 27 }),
		buttons: fc.array(
			fc.record({
				text: words(90).map((text) => `b${text}`),
				url: fc.constantFrom('https://e.com', `https://e.com/${'z'.repeat(600)}`),
			}),
			{ maxLength: 27 },
		),
		mentions: fc.array(fc.constantFrom('1', '&2', '@all', 'nobody', '999999999999999999'), { maxLength: 5 }),
		level: fc.constantFrom('failure', undefined),
	});
	const kinds = fc.constantFrom('embed', 'card', 'text');
	await fc.assert(
		fc.asyncProperty(messages, kinds, async (message, kind) => {
			forgetTurns();
			const { degraded } = await send(message, { kind, maxParts: 100, author: 'A', footer: 'F' });
			expect(degraded).not.toContain('markup');
		}),
		{ numRuns: 60 },
	);
});

const detailed = (path: string, message: string) => ({
	code: 50_035,
	message: 'Invalid Form Body',
	errors: path
		.split('.')
		.reduceRight<object>((inner, key) => ({ [key]: inner }), { _errors: [{ code: 'X', message }] }),
});

test.each([
	[
		{ status: 401, body: { message: 'Invalid Webhook Token', code: 50_027 } },
		'Unauthorized',
		'50027',
		/make a new one/,
	],
	[{ status: 404, body: { message: 'Unknown Webhook', code: 10_015 } }, 'Unauthorized', '10015', /make a new one/],
	[{ status: 404, body: { message: 'Unknown Channel', code: 10_003 } }, 'Invalid', '10003', /thread/],
	[{ status: 400, body: { message: 'x', code: 220_001 } }, 'Invalid', '220001', /New post/],
	[{ status: 400, body: { message: 'x', code: 220_003 } }, 'Invalid', '220003', /empty/],
	[{ status: 400, body: { message: 'x', code: 160_005 } }, 'Rejected', '160005', /locked/],
	[
		{ status: 400, body: { message: 'Message was blocked by automatic moderation', code: 200_000 } },
		'Rejected',
		'200000',
		/AutoMod/,
	],
	[
		{ status: 400, body: detailed('username', 'Username cannot contain "discord"') },
		'Invalid',
		'50035',
		/username: Username cannot.*clyde/,
	],
	[{ status: 400, body: detailed('applied_tags.0', 'Unknown tag') }, 'Invalid', '50035', /tag is named by its id/],
	[
		{ status: 429, body: { message: 'You are being rate limited.', retry_after: 1.5, global: false } },
		'RateLimited',
		'429',
		/fewer/,
	],
	[
		{ status: 429, headers: { 'retry-after': '30' }, body: '<html><title>Access denied | discord.com</title>' },
		'RateLimited',
		'429',
		/wait/,
	],
	[{ status: 500, body: { message: '500: Internal Server Error', code: 0 } }, 'Unreachable', '500', /later/],
	[{ status: 204 }, 'Unexpected', '204', /nothing/],
	[{ body: '<html></html>' }, 'Unexpected', '200', /web page/],
] as [Answer, string, string, RegExp][])('a refusal: %j', async (reply, errorClass, code, sentence) => {
	server.next = reply;
	const error = await refused(send('Hello'), token);
	expect(error).toMatchObject({ class: errorClass, code, message: expect.stringMatching(sentence) });
	if (code === '429') expect(error.retryAfter).toBeGreaterThan(1);
});

test('what Discord asks to wait for is waited for, and sent once more', async () => {
	let asked = 0;
	const { answer } = hooks;
	hooks.answer = (request) =>
		asked++ === 0
			? { status: 429, body: { message: 'You are being rate limited.', retry_after: 0.65, global: false } }
			: answer(request);
	const clock = frozenClock();
	const { attempts } = await deliver(discord, account(), {}, 'x', { clock });
	expect([attempts, hooks.messages.length]).toEqual([2, 1]);
	expect(clock.slept.reduce((sum, each) => sum + each, 0)).toBeGreaterThanOrEqual(650);
});

test('a picture that Discord does not take costs the picture alone, and stays within reach', async () => {
	const { answer } = hooks;
	hooks.answer = (request) =>
		request.json?.embeds[0]?.image
			? { status: 400, body: detailed('embeds.0.image.url', 'Not a well formed URL.') }
			: answer(request);
	const { degraded } = await send({ body: 'x', image: { url: 'https://example.com/p.png' } });
	expect(last().embeds[0].description).toContain('(https://example.com/p.png)');
	expect(degraded).toEqual(['image']);
});

test('an option that Discord does not take costs no text', async () => {
	const { answer } = hooks;
	hooks.answer = (request) =>
		request.json?.embeds[0]?.author
			? { status: 400, body: detailed('embeds.0.author.icon_url', 'Not a well formed URL.') }
			: answer(request);
	const { degraded } = await send({ title: 'T', body: '**x** <y>' }, { author: 'A' });
	expect(last().embeds).toEqual([{ title: 'T', description: 'x \\<y>' }]);
	expect(degraded).toEqual(['markup']);
});

test('mentions by name are none, and said to be none', async () => {
	const { degraded, warnings } = await send({ body: 'x', mentions: ['ann', '5'] });
	expect(last()).toMatchObject({ content: '<@5>', allowed_mentions: { users: ['5'] } });
	expect(degraded).toEqual(['mentions']);
	expect(warnings[0]).toMatch(/ann/);
});
