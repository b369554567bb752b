import { createServer, type AddressInfo } from 'node:net';
import TelegramServer from 'telegram-test-api';
import { telegram } from '../../../src/services/telegram/telegram.channel';
import { telegramErrors } from '../../../src/services/telegram/errors';
import { act, deliver, verify } from '../../../src/core/deliver/deliver';
import { closeConnections } from '../../../src/core/http/http';
import { forgetTurns } from '../../../src/core/deliver/send/pace';
import { memoryStore } from '../../../src/core/state/memory';
import { faked } from '../../faked';
import { names } from '../../names';
import { frozenClock, refused } from '../../refused';
import type { Answer, Seen } from '../../service';
import { callOf, judge, known, no, sendingToken as token, type Call } from './sendingApi';

const png = { name: 'poster.png', mime: 'image/png', data: Buffer.from('\x89PNG\r\n\x1a\nrest', 'latin1') };

let calls: Call[];
/** Answers that stand before the server's own judgement. */
let answers: (Answer | undefined)[];
let clock: ReturnType<typeof frozenClock>;

async function botApi(request: Seen): Promise<Answer> {
	const call = await callOf(request);
	if (!('method' in call)) return call;
	calls.push(call);
	return answers.shift() ?? judge(call, calls.length);
}

names({ 'pictures.example.com': '127.0.0.1' });
const server = faked(botApi);
beforeEach(() => {
	[calls, answers, clock] = [[], [], frozenClock()];
	forgetTurns();
});

const account = (more = {}) => ({ baseUrl: server.url, botToken: token, to: '42', ...more });
const send = (options: object = {}, message: unknown = 'Hello', more: object = {}) =>
	deliver(telegram, account(more), options as never, message, { clock });
const run = (action: string, input: object, more: object = {}) =>
	act(telegram, action, account(more), input as never, { clock });
const last = () => calls.at(-1)!;

describe('text', () => {
	test('unconfigured it is HTML, with title, fields and link in it, and buttons below', async () => {
		const receipt = await send(
			{},
			{
				title: 'Added <1>',
				body: '**Film** & more',
				fields: [{ name: 'Year', value: '1999' }],
				url: 'https://e.com/1',
				buttons: [
					{ text: 'Open', url: 'https://e.com' },
					{ text: 'Yes', value: 'y', style: 'primary' },
				],
				level: 'warning',
			},
		);
		expect(calls).toHaveLength(1);
		const { method, params } = last();
		expect([method, params.chat_id, params.parse_mode]).toEqual(['sendMessage', 42, 'HTML']);
		expect(params.text).toContain('<b>Added &lt;1&gt;</b>');
		expect(params.text).toContain('<b>Film</b> &amp; more');
		expect(params.text).toContain('<b>Year</b>: 1999');
		expect(params.text).toContain('<a href="https://e.com/1">Details</a>');
		expect(params.reply_markup).toEqual({
			inline_keyboard: [
				[{ text: 'Open', url: 'https://e.com' }],
				[{ text: 'Yes', style: 'primary', callback_data: 'y' }],
			],
		});
		expect(Object.keys(params).sort()).toEqual(['chat_id', 'parse_mode', 'reply_markup', 'text']);
		expect(receipt).toMatchObject({
			ids: ['100'],
			handle: { chat: '42', messageId: 100, messageIds: [100] },
			warnings: [],
		});
	});

	test('every option in its place', async () => {
		await send(
			{
				protect: true,
				topic: 5,
				replyTo: 9,
				quote: 'piece',
				linkPreview: 'large',
				previewUrl: 'https://e.com/x',
				previewAbove: true,
				effect: '5104841245755180586',
				businessConnection: 'bc1',
				paidBroadcast: true,
				replyMarkup: '{"force_reply": true}',
			},
			{ body: 'x', silent: true, buttons: [{ text: 'a', url: 'https://e.com' }] },
		);
		expect(last().params).toEqual({
			chat_id: 42,
			text: 'x',
			parse_mode: 'HTML',
			message_thread_id: 5,
			disable_notification: true,
			protect_content: true,
			message_effect_id: '5104841245755180586',
			business_connection_id: 'bc1',
			allow_paid_broadcast: true,
			reply_parameters: { message_id: 9, allow_sending_without_reply: true, quote: 'piece' },
			link_preview_options: { url: 'https://e.com/x', prefer_large_media: true, show_above_text: true },
			reply_markup: { force_reply: true },
		});
		await send({ linkPreview: 'off', format: 'plain' }, { body: 'a *b*', format: 'text' });
		expect(last().params).toEqual({ chat_id: 42, text: 'a *b*', link_preview_options: { is_disabled: true } });
		await send(
			{ linkPreview: 'small', buttonsPerRow: 2 },
			{ body: 'x', buttons: ['a', 'b', 'c'].map((text) => ({ text, value: text })) },
		);
		expect(last().params.link_preview_options).toEqual({ prefer_small_media: true });
		expect(last().params.reply_markup.inline_keyboard.map((row: unknown[]) => row.length)).toEqual([2, 1]);
	});

	test('a silent message is silent in all that it takes', async () => {
		const png = { data: Buffer.from('x'), name: 'a.png', mime: 'image/png' };
		const { degraded } = await send(
			{ latitude: 1, longitude: 2 },
			{ body: 'y'.repeat(5_000), image: png, silent: true },
		);
		expect(calls.map(({ method }) => method)).toEqual(
			expect.arrayContaining(['sendPhoto', 'sendMessage', 'sendLocation']),
		);
		expect(calls.filter(({ params }) => String(params.disable_notification) !== 'true')).toEqual([]);
		expect(degraded).not.toContain('silent');
		await send({ silentLevels: ['info'] }, { body: 'x', silent: true, level: 'failure' });
		expect(last().params.disable_notification).toBe(true);
		// It asks for nothing: the level decides.
		await send({ silentLevels: ['failure'] }, { body: 'x', silent: false, level: 'failure' });
		expect(last().params.disable_notification).toBe(true);
	});

	test('a later message takes the place of a text, a caption or a picture, and of nothing else', async () => {
		const earlier = memoryStore(clock.now);
		const say = (message: object, options: object = {}) =>
			deliver(telegram, account(), options as never, { key: 'k', ...message }, { clock, earlier });
		const again = (message: object, options: object = {}) => say({ edit: true, ...message }, options);
		await say({ body: 'one' });
		const buttons = [{ text: 'Open', url: 'https://e.com' }];
		const receipt = await again({ body: '**two**', title: 'T', buttons }, { linkPreview: 'off' });
		expect(last()).toEqual({
			method: 'editMessageText',
			params: {
				chat_id: 42,
				message_id: 100,
				text: '<b>T</b>\n\n<b>two</b>',
				parse_mode: 'HTML',
				link_preview_options: { is_disabled: true },
				reply_markup: { inline_keyboard: [[{ text: 'Open', url: 'https://e.com' }]] },
			},
			files: {},
		});
		expect(receipt).toMatchObject({ edited: true, ids: ['100'], degraded: [] });
		// Refused as not changed is a yes.
		answers = [no(400, 'Bad Request: message is not modified: specified new message content')];
		expect(await again({ body: '**two**' })).toMatchObject({ edited: true, handle: receipt.handle });
		// A text becomes no picture.
		const pictured = await again({ body: 'three', image: png });
		expect(pictured.degraded).toEqual(['edit']);
		expect(last().method).toBe('sendPhoto');
		const { messageId } = pictured.handle as { messageId: number };
		await again({ body: 'four', image: png });
		expect(last()).toMatchObject({
			method: 'editMessageMedia',
			params: {
				message_id: messageId,
				media: { type: 'photo', media: 'attach://file0', caption: 'four', parse_mode: 'HTML' },
			},
			files: { file0: { name: 'poster.png' } },
		});
		await again({ body: 'five' });
		expect(last()).toMatchObject({
			method: 'editMessageCaption',
			params: { message_id: messageId, caption: 'five' },
		});
		// Too long for a caption, and more files than one.
		expect((await again({ body: 'x'.repeat(2_000) })).degraded).toEqual(['edit']);
		await say({ body: 'album', image: png, attachments: [png, png] });
		expect((await again({ body: 'six', image: png })).degraded).toEqual(['edit']);
	});

	test('a message that is gone is sent anew, once', async () => {
		const earlier = memoryStore(clock.now);
		const say = (message: object) => deliver(telegram, account(), {}, { key: 'k', ...message }, { clock, earlier });
		await say({ body: 'one' });
		answers = [no(400, 'Bad Request: message to edit not found')];
		const receipt = await say({ body: 'two', edit: true });
		expect(calls.map(({ method }) => method)).toEqual(['sendMessage', 'editMessageText', 'sendMessage']);
		expect(receipt).toMatchObject({ degraded: ['edit'], warnings: [expect.stringContaining('went as a new one')] });
		expect(receipt.edited).toBeUndefined();
		// Markup that is refused is left out in its place.
		answers = [no(400, "Bad Request: can't parse entities: x")];
		expect(await say({ body: '**three**', edit: true })).toMatchObject({ edited: true, degraded: ['markup'] });
		expect(last()).toMatchObject({ method: 'editMessageText', params: { text: 'three' } });
	});

	test('a rich message takes the place of a rich one', async () => {
		const earlier = memoryStore(clock.now);
		const say = (message: object) =>
			deliver(telegram, account(), { format: 'rich' }, { key: 'k', ...message }, { clock, earlier });
		answers = [{ body: { ok: true, result: { message_id: 7, chat: { id: 42 } } } }];
		await say({ body: 'one' });
		expect(await say({ body: '**two**', edit: true })).toMatchObject({ edited: true });
		expect(last()).toMatchObject({
			method: 'editMessageText',
			params: { message_id: 7, rich_message: { markdown: '**two**' } },
		});
	});

	test('a level may make it silent', async () => {
		await send({ silentLevels: ['info', 'success'] }, { body: 'x', level: 'success' });
		expect(last().params.disable_notification).toBe(true);
		await send({ silentLevels: ['info', 'success'] }, { body: 'x', level: 'failure' });
		expect(last().params.disable_notification).toBeUndefined();
		expect((await send({}, { body: 'x', level: 'failure' })).degraded).toEqual(['level']);
		await send({ silentLevels: 'info' }, 'x');
		expect(last().params.disable_notification).toBe(true);
	});

	test('chats in every form, topics among them', async () => {
		for (const [to, chat_id, message_thread_id] of [
			['-1001234567890', -1001234567890, undefined],
			['-1001234567890:7', -1001234567890, 7],
			['@news', '@news', undefined],
			['@news:3', '@news', 3],
			['https://t.me/news', '@news', undefined],
			['https://t.me/news/3', '@news', 3],
			['t.me/c/1234567890/7', -1001234567890, 7],
		] as const) {
			await send({ to });
			expect([last().params.chat_id, last().params.message_thread_id]).toEqual([chat_id, message_thread_id]);
		}
		expect(await refused(send({ to: 'my chat' }), token)).toMatchObject({ class: 'Invalid', field: 'to' });
		const many = await send({ to: '1, 2' });
		expect([many.ids.length, calls.slice(-2).map(({ params }) => params.chat_id)]).toEqual([2, [1, 2]]);
		await send({ allowTo: true }, { body: 'x', to: '7' });
		expect(last().params.chat_id).toBe(7);
	});

	test('mentions go behind the text, also with the longest one', async () => {
		const receipt = await send({}, { body: 'x', mentions: ['123', '@ann', 'bob', '@all'] });
		expect(last().params.text).toBe('x\n<a href="tg://user?id=123">123</a> @ann @bob');
		expect(receipt.warnings[0]).toContain('no mention for everyone');
		expect(receipt.degraded).toEqual(['mentions']);
		await send({}, { body: 'word '.repeat(3000), format: 'text', mentions: ['123456789', '@somebody'] });
		expect(calls.length).toBeGreaterThan(3);
	});

	test('a text of just the length that Telegram takes is one', async () => {
		expect(await send({}, { body: 'x'.repeat(4096), format: 'text' })).toMatchObject({ parts: 1 });
		expect(await send({}, { body: 'x'.repeat(4096), format: 'text', mentions: ['1'] })).toMatchObject({ parts: 2 });
	});

	test('long text goes in parts, buttons with the last, the reply with the first', async () => {
		const receipt = await send(
			{ replyTo: 3 },
			{ body: 'A sentence of words. '.repeat(400), buttons: [{ text: 'b', value: 'v' }] },
		);
		expect(receipt.parts).toBeGreaterThan(1);
		expect(calls.map(({ params }) => [Boolean(params.reply_parameters), Boolean(params.reply_markup)])).toEqual(
			calls.map((_, index) => [index === 0, index === calls.length - 1]),
		);
	});

	test('a button that sends back more than 64 bytes is left out and said', async () => {
		const receipt = await send(
			{},
			{
				body: 'x',
				buttons: [
					{ text: 'big', value: '中'.repeat(22) },
					{ text: 'fits', value: 'x'.repeat(64) },
				],
			},
		);
		expect(last().params.reply_markup.inline_keyboard).toEqual([[{ text: 'fits', callback_data: 'x'.repeat(64) }]]);
		expect(receipt.degraded).toEqual(['buttons']);
		expect(receipt.warnings).toEqual(['The button “big” was left out: what it sends back has more than 64 bytes.']);
	});

	test('MarkdownV2 goes as written, its title in front; refused, it goes plain', async () => {
		await send({ format: 'markdownV2' }, { title: 'A.b', body: '*bold* ||spoiler||' });
		expect(last().params).toMatchObject({ text: '*A\\.b*\n*bold* ||spoiler||', parse_mode: 'MarkdownV2' });
		await send({ format: 'markdownV2' }, { body: 'Broken.' });
		expect(calls.slice(-2).map(({ params }) => [params.text, params.parse_mode])).toEqual([
			['Broken.', 'MarkdownV2'],
			['Broken.', undefined],
		]);
	});

	test('rich messages, and HTML where the server has none', async () => {
		known.push('sendRichMessage');
		await send(
			{ format: 'rich' },
			{ body: '# Head\n\n| a | b |\n|---|---|\n| 1 | 2 |', buttons: [{ text: 'b', url: 'https://e.com' }] },
		);
		expect(last().method).toBe('sendRichMessage');
		expect(last().params.rich_message.markdown).toContain('# Head');
		expect(last().params.reply_markup).toBeDefined();
		known.pop();
		const receipt = await send(
			{ format: 'rich' },
			{ body: `**bold** ${'words and more '.repeat(500)}`, buttons: [{ text: 'b', url: 'https://e.com' }] },
		);
		const [tried, ...sent] = calls.slice(1);
		expect(tried!.method).toBe('sendRichMessage');
		expect(sent.length).toBeGreaterThan(1);
		expect(sent.every(({ method, params }) => method === 'sendMessage' && params.parse_mode === 'HTML')).toBe(true);
		expect(sent.map(({ params }) => Boolean(params.reply_markup))).toEqual(
			sent.map((_, index) => index === sent.length - 1),
		);
		expect(receipt.degraded).toContain('markup');
	});

	test('a location follows', async () => {
		await send({ latitude: 31.2, longitude: 121.5 }, 'Here');
		expect(calls.map(({ method }) => method)).toEqual(['sendMessage', 'sendLocation']);
		expect(last().params).toEqual({ chat_id: 42, latitude: 31.2, longitude: 121.5 });
		expect(await refused(send({ latitude: 91, longitude: 0 }))).toMatchObject({
			class: 'Invalid',
			field: 'latitude',
		});
	});
});

describe('media', () => {
	test('a picture takes a text that fits as its caption', async () => {
		await send(
			{ spoiler: true, captionAbove: true },
			{ body: '**x**', image: { url: 'https://e.com/p.jpg' }, buttons: [{ text: 'b', value: 'v' }] },
		);
		expect(calls).toHaveLength(1);
		expect(last()).toMatchObject({
			method: 'sendPhoto',
			params: {
				chat_id: 42,
				photo: 'https://e.com/p.jpg',
				caption: '<b>x</b>',
				parse_mode: 'HTML',
				has_spoiler: true,
				show_caption_above_media: true,
			},
		});
		expect(last().params.reply_markup.inline_keyboard).toHaveLength(1);
	});

	test('a longer text goes behind the picture, once, however often it is tried', async () => {
		answers = [undefined, no(500, 'Internal Server Error')];
		await send({}, { body: 'y'.repeat(1025), image: png, buttons: [{ text: 'b', value: 'v' }] });
		expect(calls.map(({ method }) => method)).toEqual(['sendPhoto', 'sendMessage', 'sendMessage']);
		expect(calls[0]!.files).toEqual({ photo: { name: 'poster.png', type: 'image/png', size: 12 } });
		expect([calls[0]!.params.caption, calls[0]!.params.reply_markup]).toEqual([undefined, undefined]);
		expect(last().params.reply_markup).toBeDefined();
	});

	test('a caption is counted as it is shown', async () => {
		await send({}, { body: `${'&'.repeat(1000)} **${'b'.repeat(20)}**`, image: png });
		expect(calls.map(({ method }) => method)).toEqual(['sendPhoto']);
	});

	test('each kind by its own method', async () => {
		const of = (mime: string, name: string, size = 4) => ({ name, mime, data: Buffer.alloc(size, 1) });
		for (const [mime, method] of [
			['video/mp4', 'sendVideo'],
			['audio/mpeg', 'sendAudio'],
			['audio/ogg', 'sendVoice'],
			['image/gif', 'sendAnimation'],
			['application/pdf', 'sendDocument'],
			['image/jpeg', 'sendPhoto'],
			['video/x-matroska', 'sendDocument'],
		] as const) {
			await send({}, { body: 'x', attachments: [of(mime, 'f')] });
			expect([mime, last().method, last().params.caption]).toEqual([mime, method, 'x']);
		}
		await send({ sendAs: 'document' }, { body: 'x', image: png });
		expect(last().method).toBe('sendDocument');
		await send({}, { body: 'x', image: of('image/jpeg', 'big.jpg', 10 * 1024 * 1024 + 1) });
		expect(last().method).toBe('sendDocument');
		await send({}, { body: '', image: png, buttons: [{ text: 'b', value: 'v' }] });
		expect(last()).toMatchObject({ method: 'sendPhoto', params: { reply_markup: {} } });
	});

	test('several go as albums, kinds that do not mix apart, the caption on the last album', async () => {
		const pdf = { name: 'a.pdf', mime: 'application/pdf', data: Buffer.from('%PDF') };
		const receipt = await send(
			{ replyTo: 3 },
			{ body: '**x**', image: png, attachments: [{ ...png, name: '2.png' }, pdf, pdf] },
		);
		expect(calls.map(({ method }) => method)).toEqual(['sendMediaGroup', 'sendMediaGroup']);
		expect(calls[0]!.params.media).toEqual([
			{ type: 'photo', media: 'attach://file0' },
			{ type: 'photo', media: 'attach://file1' },
		]);
		expect(calls[1]!.params.media).toEqual([
			{ type: 'document', media: 'attach://file0', caption: '<b>x</b>', parse_mode: 'HTML' },
			{ type: 'document', media: 'attach://file1' },
		]);
		expect(Object.keys(calls[1]!.files)).toEqual(['file0', 'file1']);
		expect([Boolean(calls[0]!.params.reply_parameters), Boolean(calls[1]!.params.reply_parameters)]).toEqual([
			true,
			false,
		]);
		expect(receipt.handle).toMatchObject({ messageIds: [100, 101, 200, 201] });
	});

	test('an album has no buttons, so they go with the text', async () => {
		await send({}, { body: 'x', image: png, attachments: [png], buttons: [{ text: 'b', value: 'v' }] });
		expect(calls.map(({ method }) => method)).toEqual(['sendMediaGroup', 'sendMessage']);
		expect([calls[0]!.params.reply_markup, last().params.reply_markup !== undefined]).toEqual([undefined, true]);
		await send({}, { body: 'x', attachments: Array.from({ length: 21 }, () => png) });
		expect(calls.slice(2).map(({ method, params }) => [method, params.media?.length])).toEqual([
			['sendMediaGroup', 10],
			['sendMediaGroup', 10],
			['sendPhoto', undefined],
		]);
	});

	describe('that Telegram cannot fetch', () => {
		const jpeg = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2]);
		const pictures = faked(({ path }) =>
			path === '/gone.jpg'
				? { status: 404, body: '' }
				: { headers: { 'content-type': 'image/jpeg' }, body: jpeg },
		);
		let origin: string;
		beforeEach(() => {
			origin = pictures.url.replace('127.0.0.1', 'pictures.example.com');
		});
		const show = (message: object, more: object = {}, trustedOrigins = [origin]) =>
			deliver(telegram, account(more), {}, message, { clock, trustedOrigins });

		test('is fetched and uploaded, once, whoever gets it', async () => {
			const message = { body: '**x**', image: { url: `${origin}/p` }, buttons: [{ text: 'b', value: 'v' }] };
			const receipt = await show(message, { to: '42, 43' });
			expect(calls.map(({ method, params }) => [method, params.chat_id, params.photo])).toEqual([
				['sendPhoto', 42, `${origin}/p`],
				['sendPhoto', 42, undefined],
				['sendPhoto', 43, undefined],
			]);
			expect(last()).toMatchObject({
				params: { caption: '<b>x</b>', parse_mode: 'HTML', reply_markup: { inline_keyboard: [[{}]] } },
				files: { photo: { name: 'p.jpg', type: 'image/jpeg', size: 6 } },
			});
			expect(pictures.requests).toHaveLength(1);
			expect(receipt).toMatchObject({ degraded: [], warnings: [] });
		});

		test('is left out where we cannot fetch it either', async () => {
			const receipt = await show({ body: 'x', image: { url: `${origin}/gone.jpg` } });
			expect(calls.map(({ method }) => method)).toEqual(['sendPhoto', 'sendMessage']);
			expect(receipt.degraded).toEqual(['image']);
			expect(receipt.warnings).toEqual([expect.stringContaining('failed to get HTTP URL content')]);
		});

		test('is not fetched from where a public name leads inside', async () => {
			const receipt = await show({ body: 'x', image: { url: `${origin}/p.jpg` } }, {}, []);
			expect(pictures.requests).toEqual([]);
			expect(receipt.degraded).toEqual(['image']);
		});

		test('in an album goes as upload beside the others; what went is not sent again', async () => {
			const pdf = { name: 'a.pdf', mime: 'application/pdf', data: Buffer.from('%PDF') };
			const song = { name: 'a.mp3', mime: 'audio/mpeg', url: `${origin}/a.mp3` };
			await show({ body: 'x', image: png, attachments: [{ url: `${origin}/2.jpg` }, pdf] });
			expect(calls.map(({ method }) => method)).toEqual(['sendMediaGroup', 'sendMediaGroup', 'sendDocument']);
			expect(calls[1]!.params.media.map(({ media }: { media: string }) => media)).toEqual([
				'attach://file0',
				'attach://file1',
			]);
			expect(calls[1]!.files.file1).toEqual({ name: '2.jpg', type: 'image/jpeg', size: 6 });
			calls.length = 0;
			await show({ body: 'x', image: { url: 'https://e.com/p' }, attachments: [song, pdf] });
			expect(calls.map(({ method }) => method)).toEqual(['sendPhoto', 'sendAudio', 'sendAudio', 'sendDocument']);
			expect(calls[2]!.files.audio).toMatchObject({ name: 'a.mp3', type: 'audio/mpeg' });
		});

		test('a file of that kind costs neither the text nor the picture', async () => {
			const receipt = await show({ body: 'x', image: png, attachments: [{ url: `${origin}/gone.jpg` }] });
			expect(calls.map(({ method }) => method)).toEqual(['sendMediaGroup', 'sendPhoto']);
			expect(receipt.degraded).toEqual(['attachments']);
		});
	});

	test('a picture that Telegram cannot take never costs the text', async () => {
		answers = [no(400, 'Bad Request: failed to get HTTP URL content')];
		const receipt = await send({}, { body: 'x', image: { url: 'https://e.com/p.jpg' } });
		expect(calls.map(({ method }) => method)).toEqual(['sendPhoto', 'sendMessage']);
		expect(receipt.degraded).toEqual(['image']);
		answers = [no(413, 'Request Entity Too Large')];
		expect(
			(
				await send(
					{},
					{ body: 'x', attachments: [{ name: 'a.zip', mime: 'application/zip', data: Buffer.from('x') }] },
				)
			).degraded,
		).toEqual(['attachments']);
	});
});

describe('answers', () => {
	test('markup that it cannot parse goes plain', async () => {
		answers = [no(400, 'Bad Request: can\'t parse entities: Can\'t find end tag corresponding to start tag "b"')];
		const receipt = await send({}, '**bold** & more');
		expect(calls.map(({ params }) => params.parse_mode)).toEqual(['HTML', undefined]);
		expect(last().params.text).toBe('bold & more');
		expect(receipt.degraded).toEqual(['markup']);
	});

	test('waits as long as it is asked to', async () => {
		answers = [no(429, 'Too Many Requests: retry after 17', { retry_after: 17 })];
		await send();
		expect(clock.slept).toContain(17_000);
		answers = [no(429, 'Too Many Requests: retry after 17', { retry_after: 17 })];
		const error = await refused(send({ attempts: 1 }), token);
		expect(error).toMatchObject({ class: 'RateLimited', retryAfter: 17 });
		expect(error.message).toContain('wait 17 seconds');
	});

	test('follows a group that became a supergroup', async () => {
		answers = [no(400, 'Bad Request: group chat was upgraded to a supergroup chat', { migrate_to_chat_id: -1009 })];
		const receipt = await send({ to: '-5' });
		expect(calls.map(({ params }) => params.chat_id)).toEqual([-5, -1009]);
		expect(receipt.warnings[0]).toContain('-1009');
	});

	test('“message is not modified” is what was wanted', async () => {
		answers = [
			no(
				400,
				'Bad Request: message is not modified: specified new message content and reply markup are exactly the same',
			),
		];
		await run('editMessage', { messageId: 7, text: 'same' });
	});

	test.each([
		[401, 'Unauthorized', 'Unauthorized', undefined, '@BotFather'],
		[404, 'Not Found', 'Unauthorized', undefined, 'bot token'],
		[400, 'Bad Request: chat not found', 'Invalid', 'to', 'chat id'],
		[400, 'Bad Request: PEER_ID_INVALID', 'Invalid', 'to', 'chat id'],
		[403, 'Forbidden: bot was blocked by the user', 'Rejected', undefined, 'unblock'],
		[403, "Forbidden: bot can't initiate conversation with a user", 'Rejected', undefined, 'Start'],
		[403, 'Forbidden: user is deactivated', 'Rejected', undefined, 'deleted'],
		[403, 'Forbidden: bot was kicked from the supergroup chat', 'Rejected', undefined, 'add it again'],
		[403, 'Forbidden: bot is not a member of the channel chat', 'Rejected', undefined, 'add it again'],
		[400, 'Bad Request: not enough rights to send photos to the chat', 'Rejected', undefined, 'right'],
		[400, 'Bad Request: need administrator rights in the channel chat', 'Rejected', undefined, 'administrator'],
		[400, 'Bad Request: message thread not found', 'Invalid', 'topic', 'topic'],
		[400, 'Bad Request: TOPIC_CLOSED', 'Invalid', 'topic', 'topic'],
		[400, 'Bad Request: message to be replied not found', 'Invalid', 'replyTo', 'reply'],
		[400, 'Bad Request: EFFECT_ID_INVALID', 'Invalid', 'effect', 'effect'],
		[400, 'Bad Request: message is too long', 'Rejected', undefined, '4096'],
		[409, 'Conflict: terminated by other getUpdates request', 'Rejected', undefined, 'Another program'],
		[400, 'Bad Request: something new', 'Rejected', undefined, 'Check the chat'],
		[500, 'Internal Server Error', 'Unreachable', undefined, 'try again'],
	] as const)('%i “%s” is %s', async (code, description, errorClass, field, advice) => {
		answers = [no(code, description)];
		const error = await refused(send({ attempts: 1 }), token);
		expect(error).toMatchObject({ class: errorClass, code: String(code), field });
		expect(error.message).toContain(description);
		expect(error.message).toContain(advice);
		answers = [no(code, description)];
		expect((await refused(send({ attempts: 1 }, 'x', { language: 'zh' }), token)).message).toMatch(
			/\p{Script=Han}/u,
		);
	});

	test('a 200 that says no is a no, a page is no answer', async () => {
		answers = [{ body: { ok: false, error_code: 400, description: 'Bad Request: chat not found' } }];
		expect(await refused(send({ attempts: 1 }))).toMatchObject({ class: 'Invalid', field: 'to' });
		answers = [{ body: '<html>relay</html>' }];
		expect(await refused(send({ attempts: 1 }), token)).toMatchObject({ class: 'Unexpected' });
	});

	test('each row of refusals is the first to match its own words', () => {
		const words = telegramErrors.filter(({ says }) => says).map(({ says }) => String(says));
		expect(new Set(words).size).toBe(words.length);
	});
});

describe('account', () => {
	test('is checked by getMe', async () => {
		await verify(telegram, account());
		expect(last().method).toBe('getMe');
		expect(
			await refused(verify(telegram, account({ botToken: '1:wrong-token-0123' })), 'wrong-token-0123'),
		).toMatchObject({ class: 'Unauthorized', code: '401' });
		expect(
			await refused(verify(telegram, account({ botToken: 'no-token-at-all' })), 'no-token-at-all'),
		).toMatchObject({ class: 'Unauthorized', code: '404' });
	});

	test('takes a whole pasted URL', async () => {
		await send({}, 'x', { baseUrl: undefined, botToken: `${server.url}/bot${token}/sendMessage` });
		await send({}, 'x', { botToken: `https://api.telegram.org/bot${token}` });
		await send({}, 'x', { botToken: `bot${token}` });
		expect(calls).toHaveLength(3);
	});

	test('one message a second to a chat, twenty a minute to a group', async () => {
		for (let index = 0; index < 3; index++) await send();
		expect(clock.slept).toEqual([1000, 1000]);
		[clock] = [frozenClock()];
		forgetTurns();
		for (let index = 0; index < 21; index++) await send({ to: '-100', deadline: 600 });
		expect(clock.slept.reduce((sum, ms) => sum + ms, 0)).toBe(60_000);
	});
});

describe('a keyboard of the node’s own', () => {
	const keyboard = [
		{ text: 'Later', data: 'later', row: 2 },
		{ text: 'Yes', data: 'yes' },
		{ text: 'Open', does: 'url', data: 'https://e.com', row: '2' },
		{ text: '' },
		{ text: 'Copy', does: 'copy', data: 'abc' },
		{ text: 'App', does: 'webApp', data: 'https://e.com/app', row: 9 },
	];
	const rows = [
		[
			{ text: 'Yes', callback_data: 'yes' },
			{ text: 'Copy', copy_text: { text: 'abc' } },
		],
		[
			{ text: 'Later', callback_data: 'later' },
			{ text: 'Open', url: 'https://e.com' },
		],
		[{ text: 'App', web_app: { url: 'https://e.com/app' } }],
	];

	test.each([
		['rows', keyboard],
		['JSON from upstream', JSON.stringify(keyboard)],
		['what n8n stores', { row: keyboard }],
	])('stands in place of the message’s buttons (%s)', async (_, given) => {
		await send({ keyboard: given }, { body: 'x', buttons: [{ text: 'a', url: 'https://a.example' }] });
		expect(last().params.reply_markup).toEqual({ inline_keyboard: rows });
	});

	test('replaces that of a message that is edited', async () => {
		await run('editMessage', { messageId: 7, part: 'buttons', keyboard });
		expect(last().params.reply_markup).toEqual({ inline_keyboard: rows });
	});

	test('sends back 64 bytes at most', async () => {
		const wide = [{ text: 'Yes', data: '钟'.repeat(22) }];
		await expect(send({ keyboard: wide })).rejects.toMatchObject({ class: 'Invalid', field: 'keyboard' });
	});
});

describe('actions', () => {
	test('edit', async () => {
		await run('editMessage', { messageId: 7, text: '**x** < y', replyMarkup: '{"inline_keyboard": []}' });
		expect(last()).toMatchObject({
			method: 'editMessageText',
			params: {
				chat_id: 42,
				message_id: 7,
				text: '<b>x</b> &lt; y',
				parse_mode: 'HTML',
				reply_markup: { inline_keyboard: [] },
			},
		});
		await run('editMessage', { chat: '@news', messageId: 7, part: 'caption', text: '<b>x</b>', format: 'html' });
		expect(last()).toMatchObject({
			method: 'editMessageCaption',
			params: { chat_id: '@news', caption: '<b>x</b>' },
		});
		await run('editMessage', { messageId: 7, part: 'buttons' });
		expect(last()).toEqual({ method: 'editMessageReplyMarkup', params: { chat_id: 42, message_id: 7 }, files: {} });
		await run('editMedia', { messageId: 7, kind: 'video', media: 'https://e.com/v.mp4', caption: 'c' });
		expect(last()).toMatchObject({
			method: 'editMessageMedia',
			params: { media: { type: 'video', media: 'https://e.com/v.mp4', caption: 'c' } },
		});
		expect(await refused(run('editMessage', { messageId: 7, text: 'x' }, { to: '' }))).toMatchObject({
			class: 'Invalid',
			field: 'chat',
		});
	});

	test('delete, pin, unpin', async () => {
		await run('deleteMessages', { messageIds: '7' });
		expect(last()).toMatchObject({ method: 'deleteMessage', params: { message_id: 7 } });
		await run('deleteMessages', { messageIds: '7, 8\n9' });
		expect(last()).toMatchObject({ method: 'deleteMessages', params: { message_ids: [7, 8, 9] } });
		expect(await refused(run('deleteMessages', { messageIds: 'x' }))).toMatchObject({
			class: 'Invalid',
			field: 'messageIds',
		});
		await run('pinMessage', { messageId: 7 });
		expect(last()).toMatchObject({
			method: 'pinChatMessage',
			params: { message_id: 7, disable_notification: true },
		});
		await run('unpinMessage', {});
		expect(last()).toEqual({ method: 'unpinChatMessage', params: { chat_id: 42 }, files: {} });
		await run('unpinMessage', { all: true });
		expect(last().method).toBe('unpinAllChatMessages');
	});

	test('command menu', async () => {
		await run('setMyCommands', {
			commands: 'sites - 同步站点\n/downloading：正在下载\nhelp Show help',
			scope: 'chat',
			chat: '-100',
			languageCode: 'zh',
		});
		expect(last()).toMatchObject({
			method: 'setMyCommands',
			params: {
				scope: { type: 'chat', chat_id: -100 },
				language_code: 'zh',
				commands: [
					{ command: 'sites', description: '同步站点' },
					{ command: 'downloading', description: '正在下载' },
					{ command: 'help', description: 'Show help' },
				],
			},
		});
		await run('setMyCommands', {});
		expect(last()).toMatchObject({ method: 'deleteMyCommands', params: { scope: { type: 'default' } } });
		for (const commands of [
			'Sites - x',
			'sites',
			`a${'b'.repeat(32)} - x`,
			`a - ${'x'.repeat(257)}`,
			Array.from({ length: 101 }, (_, n) => `c${n} - d`).join('\n'),
		])
			expect(await refused(run('setMyCommands', { commands }))).toMatchObject({
				class: 'Invalid',
				field: 'commands',
			});
	});

	test('location, venue, pressed button, any other method', async () => {
		await run('sendLocation', { latitude: 1, longitude: 2, livePeriod: 60 });
		expect(last()).toMatchObject({
			method: 'sendLocation',
			params: { latitude: 1, longitude: 2, live_period: 60, disable_notification: false },
		});
		await run('sendLocation', { latitude: 1, longitude: 2, title: 'T', address: 'A' });
		expect(last()).toMatchObject({ method: 'sendVenue', params: { title: 'T', address: 'A' } });
		await run('answerCallback', { callbackQueryId: 'q1', text: 'Done', alert: true });
		expect(last().params).toEqual({ callback_query_id: 'q1', text: 'Done', show_alert: true });
		await run('raw', { method: 'sendPoll', parameters: '{"chat_id": 1, "question": "?", "options": []}' });
		expect(last()).toMatchObject({ method: 'sendPoll', params: { question: '?' } });
		expect(await refused(run('raw', { method: '../x' }))).toMatchObject({ class: 'Invalid', field: 'method' });
	});
});

describe('a Bot API server of somebody else’s', () => {
	let api: InstanceType<typeof TelegramServer>;
	beforeEach(async () => {
		api = new TelegramServer({ host: '127.0.0.1', port: await freePort() });
		await api.start();
	});
	afterEach(async () => {
		await closeConnections();
		await api.stop();
	});

	test('shows its user what was sent, edited and pressed', async () => {
		const own = account({ baseUrl: api.config.apiURL, to: '1' });
		await verify(telegram, own);
		const client = api.getClient(token, { chatId: 1 });
		const receipt = await deliver(
			telegram,
			own,
			{},
			{ title: 'Added', body: '**Film** 1 < 2', buttons: [{ text: 'Yes', value: 'y' }] },
			{ clock },
		);
		const { result } = (await client.getUpdates()) as {
			result: { messageId: number; message: Record<string, unknown> }[];
		};
		expect(result.map(({ message }) => message)).toEqual([
			{
				chat_id: 1,
				text: expect.stringMatching(/^<b>Added<\/b>\s+<b>Film<\/b> 1 &lt; 2$/),
				parse_mode: 'HTML',
				reply_markup: { inline_keyboard: [[{ text: 'Yes', callback_data: 'y' }]] },
			},
		]);
		const messageId = Number(receipt.ids[0]);
		expect(result[0]!.messageId).toBe(messageId);
		await act(telegram, 'editMessage', own, { messageId, text: 'Seen' }, { clock });
		expect(api.getUpdatesHistory(token).map(({ message }: any) => message.text)).toEqual(['Seen']); // eslint-disable-line @typescript-eslint/no-explicit-any -- its type knows texts of users alone
		await act(telegram, 'deleteMessages', own, { messageIds: String(messageId) }, { clock });
		expect(api.getUpdatesHistory(token)).toEqual([]);
	});
});

/** A port that nobody listens on, for a server that cannot choose one itself. */
async function freePort(): Promise<number> {
	const probe = createServer();
	await new Promise<void>((done) => probe.listen(0, '127.0.0.1', done));
	const { port } = probe.address() as AddressInfo;
	await new Promise((done) => probe.close(done));
	return port;
}

describe('a picture that Telegram will not show', () => {
	const tall = { name: 'page.png', mime: 'image/png', data: Buffer.from('\x89PNG\r\n\x1a\ntall', 'latin1') };
	const asked = () => server.requests.map(({ path }) => path.split('/').at(-1));

	test.each([
		'PHOTO_INVALID_DIMENSIONS',
		'IMAGE_PROCESS_FAILED',
		'PHOTO_SAVE_FILE_INVALID',
		'file of size 12000000 bytes is too big for a photo; the maximum size is 10485760 bytes',
	])('as a photo (%s) goes as a file, with its text', async (words) => {
		answers = [no(400, `Bad Request: ${words}`)];
		const receipt = await send({}, { body: 'Report', image: tall });
		expect(asked()).toEqual(['sendPhoto', 'sendDocument']);
		const { body } = server.requests[1]!;
		for (const part of ['Report', 'page.png', 'tall']) expect(body.toString('latin1')).toContain(part);
		expect([receipt.degraded, receipt.warnings]).toEqual([[], [expect.stringContaining('as a file')]]);
	});

	test.each([
		'not enough rights to send photos to the chat',
		'not enough rights to send documents to the chat',
		'CHAT_SEND_PHOTOS_FORBIDDEN',
		'file must be non-empty',
		'FILE_PARTS_INVALID',
		'CHAT_SEND_MEDIA_FORBIDDEN',
	])('here (%s) is left out, and the text goes', async (words) => {
		answers = [no(403, `Forbidden: ${words}`)];
		const receipt = await send({}, { body: 'Report', image: tall });
		expect(asked()).toEqual(['sendPhoto', 'sendMessage']);
		const why = /rights|CHAT_/.test(words) ? 'right' : 'could not take';
		expect([receipt.degraded, receipt.warnings]).toEqual([['image'], [expect.stringContaining(why)]]);
	});

	test.each([
		['replyTo', 'message to be replied not found', { replyTo: 9, quote: 'a' }, 'reply_parameters'],
		['replyTo', 'QUOTE_TEXT_INVALID', { replyTo: 9, quote: 'a' }, 'reply_parameters'],
		['effect', 'EFFECT_ID_INVALID', { effect: '5104841245755180586' }, 'message_effect_id'],
	])('%s that is not there (%s) costs no text', async (kind, words, options, field) => {
		answers = [no(400, `Bad Request: ${words}`)];
		const receipt = await send(options, 'Report');
		const [first, second] = server.requests.map(({ json }) => json as Record<string, unknown>);
		expect([first![field] === undefined, second![field] === undefined, second!.text]).toEqual([
			false,
			true,
			'Report',
		]);
		expect([receipt.degraded, receipt.warnings.length]).toEqual([[kind], 1]);
	});

	test('buttons that are refused are counted, all of them', async () => {
		answers = [no(400, 'Bad Request: BUTTON_URL_INVALID')];
		const buttons = [1, 2, 3].map((at) => ({ text: `b${at}`, url: `https://e.com/${at}` }));
		const receipt = await send({}, { body: 'Report', buttons, mentions: ['@all'] });
		expect(receipt.losses).toEqual([
			{ kind: 'buttons', part: 1, count: 3 },
			{ kind: 'mentions', part: 1, count: 1 },
		]);
	});

	test('is an error where it is all that there is', async () => {
		answers = [no(400, 'Bad Request: not enough rights to send photos to the chat')];
		expect((await refused(send({}, { body: '', image: tall }), token)).class).toBe('Rejected');
		answers = [no(400, 'Bad Request: not enough rights to send text messages to the chat')];
		expect((await refused(send(), token)).class).toBe('Rejected');
		expect(asked()).toEqual(['sendPhoto', 'sendMessage']);
	});
});
