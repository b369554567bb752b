/** grammY in front of our fakes of the Bot API, and beside our channel and trigger. */
import { Api, Bot, GrammyError, InputFile } from 'grammy';
import { act, deliver, verify } from '../../../src/core/deliver/deliver';
import { closeConnections } from '../../../src/core/http/http';
import { forgetTurns } from '../../../src/core/deliver/send/pace';
import { telegram } from '../../../src/services/telegram/telegram.channel';
import { telegramTrigger } from '../../../src/services/telegram/telegram.trigger';
import { because, expectAgreement, factsOf, type Difference } from '../../agreement';
import { connected, until } from '../../core/sockets/connected';
import { faked } from '../../faked';
import { formOf } from '../../multipart';
import { names } from '../../names';
import { frozenClock } from '../../refused';
import type { Answer, Seen } from '../../service';
import { BotApi, botToken } from './botApi';
import { callOf, judge, sendingToken as token } from './sendingApi';

// Nothing of theirs gets beyond this machine, whatever address it knows.
names({});

/** Parameters, a file where it is used: in a part of its own name, or in one that `attach://` names. */
function parametersOf(request: Seen): unknown {
	if (request.json !== undefined) return request.json;
	const parts = Object.entries(formOf(request));
	const files = Object.fromEntries(
		parts
			.filter(([, { filename }]) => filename !== undefined)
			.map(([name, { filename, data }]) => [name, `${filename}: ${data.length} bytes`]),
	);
	const attached = (_: string, name: string) => files[name]!;
	const texts = parts
		.filter(([name]) => !(name in files))
		.map(([name, { data }]) => [name, data.toString().replace(/attach:\/\/(\w+)/g, attached)] as const);
	const direct = Object.entries(files).filter(([name]) => /^(photo|document|audio|video)$/.test(name));
	return Object.fromEntries([
		...direct,
		...texts.map(([name, text]) => [name, /^[[{]|^-?\d+$|^(true|false)$/.test(text) ? JSON.parse(text) : text]),
	]);
}

describe('the Bot API', () => {
	let count = 0;
	const server = faked(async (request): Promise<Answer> => {
		const call = await callOf(request);
		return 'method' in call ? judge(call, ++count) : call;
	});
	beforeEach(() => forgetTurns());
	const bot = (given = token) => new Api(given, { apiRoot: server.url });
	const account = () => ({ baseUrl: server.url, botToken: token, to: '42' });
	const send = (message: unknown = 'Hello **you**', options: object = {}) =>
		deliver(telegram, account(), options as never, message, { clock: frozenClock() });
	const run = (name: string, input: object) => act(telegram, name, account(), input as never);
	const png = Buffer.from('\x89PNG\r\n\x1a\nrest', 'latin1');
	const html = { parse_mode: 'HTML' } as const;
	const keyboard = { inline_keyboard: [[{ text: 'OK', callback_data: 'ok' }]] };

	const calls: [name: string, theirs: (api: Api) => Promise<unknown>, ours: () => Promise<unknown>, Difference[]?][] =
		[
			[
				'a text',
				(api) =>
					api.sendMessage(42, 'Hello <b>you</b>', {
						...html,
						link_preview_options: { is_disabled: true },
						disable_notification: true,
						protect_content: true,
						reply_markup: { inline_keyboard: [[{ text: 'Open', url: 'https://example.com/1' }]] },
					}),
				() =>
					send(
						{
							body: 'Hello **you**',
							silent: true,
							buttons: [{ text: 'Open', url: 'https://example.com/1' }],
						},
						{ linkPreview: 'off', protect: true },
					),
			],
			[
				'a picture by its bytes',
				(api) => api.sendPhoto(42, new InputFile(png, 'poster.png'), { caption: 'Hello <b>you</b>', ...html }),
				() => send({ body: 'Hello **you**', image: { data: png, name: 'poster.png', mime: 'image/png' } }),
			],
			[
				'an edit',
				(api) => api.editMessageText(42, 7, 'Hello <b>you</b>', { ...html, reply_markup: keyboard }),
				() =>
					run('editMessage', {
						messageId: 7,
						text: 'Hello **you**',
						replyMarkup: JSON.stringify(keyboard),
					}),
			],
			[
				'a caption',
				(api) => api.editMessageCaption(42, 7, { caption: 'Hello <b>you</b>', ...html }),
				() => run('editMessage', { messageId: 7, part: 'caption', text: 'Hello **you**' }),
			],
			[
				'other buttons',
				(api) => api.editMessageReplyMarkup(42, 7, { reply_markup: keyboard }),
				() => run('editMessage', { messageId: 7, part: 'buttons', replyMarkup: JSON.stringify(keyboard) }),
			],
			[
				'another picture',
				(api) =>
					api.editMessageMedia(42, 7, { type: 'photo', media: 'https://example.com/a.jpg', caption: 'New' }),
				() =>
					run('editMedia', {
						messageId: 7,
						kind: 'photo',
						media: 'https://example.com/a.jpg',
						caption: 'New',
					}),
			],
			['a deletion', (api) => api.deleteMessage(42, 7), () => run('deleteMessages', { messageIds: '7' })],
			['deletions', (api) => api.deleteMessages(42, [7, 8]), () => run('deleteMessages', { messageIds: '7, 8' })],
			[
				'a pin',
				(api) => api.pinChatMessage(42, 7, { disable_notification: true }),
				() => run('pinMessage', { messageId: 7 }),
			],
			['a pin less', (api) => api.unpinChatMessage(42, 7), () => run('unpinMessage', { messageId: 7 })],
			['no pins', (api) => api.unpinAllChatMessages(42), () => run('unpinMessage', { all: true })],
			[
				'a place',
				(api) => api.sendLocation(42, 1.5, 2.5, { live_period: 60, disable_notification: true }),
				() => run('sendLocation', { latitude: 1.5, longitude: 2.5, livePeriod: 60, silent: true }),
			],
			[
				'a venue',
				(api) => api.sendVenue(42, 1.5, 2.5, 'Home', 'Street 1', { disable_notification: false }),
				() => run('sendLocation', { latitude: 1.5, longitude: 2.5, title: 'Home', address: 'Street 1' }),
			],
			[
				'an answered button',
				(api) => api.answerCallbackQuery('cb1', { text: 'Heard', show_alert: false }),
				() => run('answerCallback', { callbackQueryId: 'cb1', text: 'Heard' }),
			],
			['who the bot is', (api) => api.getMe(), () => verify(telegram, account())],
		];
	test.each(calls)('%s: both are taken, and say the same', async (_, theirs, ours, ...[differences]) => {
		await theirs(bot());
		await ours();
		expect(server.requests).toHaveLength(2);
		const [their, our] = server.requests.map((request) => factsOf([request], parametersOf));
		expectAgreement(their!, our!, Array.isArray(differences) ? differences : []);
	});

	test('an album', async () => {
		const files = ['one.png', 'two.png'].map((name) => ({ name, mime: 'image/png', data: png }));
		await bot().sendMediaGroup(
			42,
			files.map(({ name, data }) => ({ type: 'photo' as const, media: new InputFile(data, name) })),
		);
		await send({ body: '', attachments: files });
		expectAgreement(factsOf([server.requests[0]!], parametersOf), factsOf([server.requests[1]!], parametersOf));
	});

	test.each<[string, (api: Api) => Promise<unknown>, number, RegExp, string?]>([
		['a wrong token', (api) => api.getMe(), 401, /Unauthorized/, '123:wrong'],
		['what is no token', (api) => api.getMe(), 404, /Not Found/, 'wrong'],
		['an unknown method', (api) => api.raw.sendDice({ chat_id: 42, emoji: '🎲' }), 404, /Not Found/],
		['an unknown chat', (api) => api.sendMessage(404, 'Hello'), 400, /chat not found/],
		['no text', (api) => api.sendMessage(42, ''), 400, /text is empty/],
		['a long text', (api) => api.sendMessage(42, 'x'.repeat(4_097)), 400, /too long/],
		[
			'a long caption',
			(api) => api.sendPhoto(42, 'https://example.com/a.jpg', { caption: 'x'.repeat(1_025) }),
			400,
			/caption is too long/,
		],
		['unknown tags', (api) => api.sendMessage(42, '<h1>x</h1>', { parse_mode: 'HTML' }), 400, /parse entities/],
		[
			'long data of a button',
			(api) =>
				api.sendMessage(42, 'x', {
					reply_markup: { inline_keyboard: [[{ text: 'x', callback_data: 'x'.repeat(65) }]] },
				}),
			400,
			/BUTTON_DATA_INVALID/,
		],
		['a file that is not there', (api) => api.sendPhoto(42, 'attach://nothing'), 400, /no photo/],
	])('the fake refuses %s, and grammY knows it as a refusal', async (_, ask, code, says, ...[given]) => {
		const error = await ask(bot(typeof given === 'string' ? given : token)).then(
			() => undefined,
			(thrown: unknown) => thrown,
		);
		expect(error).toBeInstanceOf(GrammyError);
		expect(error).toMatchObject({ error_code: code, description: expect.stringMatching(says) });
	});
});

describe('polling', () => {
	let server: BotApi;
	beforeEach(async () => {
		server = await new BotApi().up();
	});
	afterEach(async () => {
		await closeConnections();
		await server.down();
	});

	const ann = { id: 5, is_bot: false, first_name: 'Ann', language_code: 'en' };
	const chat = { id: 5, type: 'private', first_name: 'Ann' };
	const message = { message_id: 9, date: 1_700_000_000, chat, from: ann, text: '/last 5' };
	const pressed = {
		id: 'cb1',
		from: ann,
		chat_instance: 'x',
		data: 'again',
		message: { message_id: 8, date: 1_700_000_000, chat, text: 'Film' },
	};

	test('grammY fetches, answers and confirms; so does the trigger', async () => {
		const bot = new Bot(botToken, { client: { apiRoot: server.url } });
		const heard: unknown[] = [];
		bot.on('message:text', ({ message: { text } }) => void heard.push(text));
		bot.on('callback_query:data', async (context) => {
			heard.push(context.callbackQuery.data);
			await context.answerCallbackQuery();
		});
		const running = bot.start({ timeout: 1, allowed_updates: ['message', 'callback_query'] });
		await until(() => server.waiting === 1);
		server.tell({ message });
		server.tell({ callback_query: pressed });
		server.tell({ poll: { id: '1' } });
		await until(() => heard.length === 2 && server.called('answerCallbackQuery').length === 1);
		await bot.stop();
		await running;
		expect(heard).toEqual(['/last 5', 'again']);
		expect(server.pending).toBe(0);
		const theirs = server.calls.splice(0);

		const node = connected(
			telegramTrigger,
			{ baseUrl: server.url, botToken },
			{ mode: 'polling', updates: ['message', 'callback_query'] },
		);
		await until(() => server.waiting === 1);
		server.tell({ message });
		server.tell({ callback_query: pressed });
		server.tell({ poll: { id: '1' } });
		await until(() => node.events.length === 2 && server.called('answerCallbackQuery').length === 1);
		await node.close();
		expect(node.events).toMatchObject([{ command: 'last', args: ['5'] }, { button: expect.anything() }]);
		expect(server.pending).toBe(0);
		const ours = server.calls;

		const said = (calls: typeof ours, method: string) =>
			calls.filter((call) => call.method === method).map(({ body }) => body);
		expect(said(ours, 'answerCallbackQuery')).toEqual(said(theirs, 'answerCallbackQuery'));
		// The last asks for nothing more, and so confirms what was heard.
		const confirmed = (calls: typeof ours) => said(calls, 'getUpdates').at(-1).offset;
		expect([confirmed(theirs), confirmed(ours)]).toEqual([1_002, 1_004]);
		const waits = (calls: typeof ours) => said(calls, 'getUpdates').find(({ timeout }) => timeout > 0);
		expectAgreement(waits(theirs), waits(ours), [
			...because('What the user chose, in its own way: 25 s here.', 'timeout'),
			...because('Without an offset Telegram begins with the earliest of all updates.', 'offset'),
		]);
	});
});
