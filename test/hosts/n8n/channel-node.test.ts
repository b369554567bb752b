import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { service, type Answer, type Seen, type Service } from '../../service';
import { workbench, type Workbench, type WorkflowNode } from './workbench';

const key = 'S3cretDeviceKey0';
const token = '110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw';

let bench: Workbench;
let answer: (request: Seen) => Answer | Promise<Answer>;
let server: Service;

beforeAll(async () => {
	bench = await workbench();
	server = await service((request) => answer(request));
}, 120_000);
afterAll(async () => {
	await bench?.close();
	await server?.close();
});
beforeEach(() => {
	server.requests.length = 0;
	answer = (request) =>
		request.path.startsWith('/bot')
			? { body: { ok: true, result: { message_id: 7, chat: { id: 1 } } } }
			: { body: { code: 200, message: 'success', timestamp: 1 } };
});

const barkNode = (more: object = {}): WorkflowNode => ({
	name: 'Bark',
	type: '@carillon/n8n-nodes-carillon.bark',
	credentials: { carillonBarkApi: { id: '1', name: 'mine' } },
	...more,
});
const telegramNode = (more: object = {}): WorkflowNode => ({
	name: 'Telegram',
	type: '@carillon/n8n-nodes-carillon.telegram',
	credentials: { carillonTelegramApi: { id: '2', name: 'mine' } },
	...more,
});

const stop = { whenItCannotBeSent: 'stop' };

const run = (items: Partial<INodeExecutionData>[], nodes: WorkflowNode[], more: object = {}) =>
	bench.run({
		items,
		nodes,
		credentials: {
			carillonBarkApi: { baseUrl: server.url, deviceKeys: key, language: 'en' },
			carillonTelegramApi: { baseUrl: server.url, botToken: token, to: '42', language: 'en' },
		},
		...more,
	});

const outputOf = ({ runData }: Awaited<ReturnType<typeof run>>, name: string, output = 0) =>
	runData[name]?.[0]?.data?.main?.[output] ?? [];
const sent = () => server.requests.map(({ json }) => (json as { body?: string }).body);
const refuseOnce = (what: string) => {
	let refused = 0;
	return ({ json }: Seen): Answer =>
		json?.body === what && refused++ === 0
			? { status: 400, body: { code: 400, message: 'failed to get device token' } }
			: { body: { code: 200, message: 'success' } };
};

test('a message that comes in goes out with nothing filled in', async () => {
	const message = { title: 'Emby', body: 'Dune was **added**', level: 'success', url: 'https://example.com/dune' };
	const binary = { poster: { data: '/9gB', mimeType: 'image/jpeg' } };
	const ran = await run([{ json: { event: { type: 'library.added' }, message }, binary }], [barkNode()]);
	expect(ran.error).toBeUndefined();
	expect(server.requests[0]?.json).toMatchObject({
		title: 'Emby',
		body: 'Dune was added',
		url: 'https://example.com/dune',
	});
	expect(outputOf(ran, 'Bark')).toEqual([
		{
			json: {
				event: { type: 'library.added' },
				message,
				receipt: expect.objectContaining({ ok: true, channel: 'bark', parts: 1 }),
			},
			binary: { poster: expect.objectContaining({ mimeType: 'image/jpeg' }) },
			pairedItem: { item: 0 },
		},
	]);
});

test.each([
	['a text', { message: 'plain' }, 'plain'],
	['the text of an AI or a chat', { text: 'from a chat' }, 'from a chat'],
	['a chat’s message', { message: { message_id: 1, text: 'hello' } }, 'hello'],
	['any object', { a: 1, b: [true] }, '{\n  "a": 1,\n  "b": [\n    true\n  ]\n}'],
])('%s in the item is the message', async (_, json, body) => {
	const ran = await run([{ json: json as IDataObject }], [barkNode()]);
	expect([ran.error, sent()]).toEqual([undefined, [body]]);
});

test('the node’s own title and text win; options and the rest of the message stay', async () => {
	const parameters = {
		title: 'Mine',
		message: '=Own text for {{ $json.message.title }}',
		parts: { url: 'https://example.com/own' },
		options: { sound: 'horn', level: 'critical', volume: 3 },
	};
	await run([{ json: { message: { title: 'Emby', body: 'theirs', key: 'k1' } } }], [barkNode({ parameters })]);
	expect(server.requests[0]?.json).toMatchObject({
		title: 'Mine',
		body: 'Own text for Emby',
		sound: 'horn',
		level: 'critical',
		volume: '3',
		url: 'https://example.com/own',
		id: 'k1',
	});
});

test('buttons and fields are rows, with a list from upstream behind them', async () => {
	const row = { text: 'Open', url: 'https://example.com/open', value: '', style: '' };
	const parameters = {
		message: 'Text',
		parts: {
			buttons: { row: [row, { text: '', url: '', value: '', style: '' }] },
			buttonsJson: '={{ $json.links }}',
			fields: { row: [{ name: 'Host', value: 'nas', short: false }] },
			fieldsJson: '{"Disk": "91 %"}',
		},
	};
	const links = [{ label: 'More', url: 'https://example.com/more' }];
	const ran = await run([{ json: { links } }], [telegramNode({ parameters })]);
	expect(ran.error).toBeUndefined();
	expect(server.requests[0]?.json).toMatchObject({
		text: 'Text\n\n<b>Host</b>: nas\n<b>Disk</b>: 91 %',
		reply_markup: {
			inline_keyboard: [
				[{ text: 'Open', url: 'https://example.com/open' }],
				[{ text: 'More', url: 'https://example.com/more' }],
			],
		},
	});
	expect(outputOf(ran, 'Telegram')[0]?.json.receipt).toMatchObject({ warnings: [] });
});

test.each([
	['goes by', { message: 'x' }, false],
	['tells in the output what is wrong', { message: 'x' }, true],
])('checking an account sends nothing and %s', async (_, json, isRefused) => {
	answer = ({ path }) =>
		path.endsWith('/getMe') && !isRefused
			? { body: { ok: true, result: { id: 1, is_bot: true, first_name: 'b' } } }
			: { status: 401, body: { ok: false, error_code: 401, description: 'Unauthorized' } };
	const parameters = { resource: 'account', operation: 'checkAccount' };
	const ran = await run([{ json }], [telegramNode({ parameters })]);
	expect(ran.error).toBeUndefined();
	expect(server.requests.map(({ path }) => path.split('/').at(-1))).toEqual(['getMe']);
	expect(outputOf(ran, 'Telegram')[0]?.json).toEqual(
		isRefused
			? { ...json, error: expect.objectContaining({ class: 'Unauthorized', channel: 'telegram' }) }
			: { ...json, account: { ok: true, channel: 'telegram', ms: expect.any(Number) } },
	);
});

test('a whole message can be taken from elsewhere', async () => {
	const parameters = { message: 'Text', parts: { wholeMessage: '={{ $json.other }}' } };
	await run(
		[{ json: { other: { body: 'x', title: 'From there' } } }],
		[barkNode({ parameters: { ...parameters, title: '' } })],
	);
	expect(server.requests[0]?.json).toMatchObject({ title: 'From there', body: 'Text' });
});

test('channels chain', async () => {
	const ran = await run(
		[{ json: { message: 'one' } }, { json: { message: 'two' } }],
		[barkNode(), barkNode({ name: 'Bark again' }), telegramNode()],
	);
	expect(ran.error).toBeUndefined();
	expect(sent().filter(Boolean)).toEqual(['one', 'two', 'one', 'two']);
	expect(outputOf(ran, 'Telegram').map(({ json }) => [json.message, (json.receipt as IDataObject).channel])).toEqual([
		['one', 'telegram'],
		['two', 'telegram'],
	]);
});

test('a picture named in the message is read from the item’s binary property', async () => {
	const message = { body: 'With a poster', image: { binary: 'poster' } };
	const jpeg = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]);
	const binary = {
		poster: { data: jpeg.toString('base64'), mimeType: 'image/jpeg', fileName: 'dune.jpg' },
		log: { data: Buffer.from('lines').toString('base64'), mimeType: 'text/plain', fileName: 'a.log' },
	};
	const ran = await run(
		[{ json: { message }, binary }],
		[telegramNode({ parameters: { parts: { attachments: 'log' } } })],
	);
	expect(ran.error).toBeUndefined();
	expect(server.requests.some(({ body }) => body.includes(jpeg) && body.includes('dune.jpg'))).toBe(true);
	expect(server.requests.some(({ body }) => body.includes('lines'))).toBe(true);
});

test('a picture that is not there costs the picture alone', async () => {
	const ran = await run([{ json: { message: { body: 'Text', image: { binary: 'poster' } } } }], [telegramNode()]);
	expect(outputOf(ran, 'Telegram')[0]?.json.receipt).toMatchObject({
		ok: true,
		degraded: ['image'],
		warnings: [expect.stringContaining('poster')],
	});
});

test('a picture that n8n has lost costs the picture alone, and the receipt says what to do', async () => {
	const message = { body: 'Text', image: { binary: 'poster' } };
	const poster = { id: 'database:of-another-process', data: 'database', mimeType: 'image/jpeg' };
	const ran = await run([{ json: { message }, binary: { poster } }], [telegramNode()]);
	expect(outputOf(ran, 'Telegram')[0]?.json.receipt).toMatchObject({
		ok: true,
		degraded: ['image'],
		warnings: [expect.stringMatching(/could not read .*“poster”.* such as the database\.$/)],
	});
});

test('the node’s own target comes before the account’s', async () => {
	await run([{ json: { message: 'x' } }], [telegramNode({ parameters: { to: '99' } })]);
	expect(server.requests[0]?.json).toMatchObject({ chat_id: 99 });
});

test('all items are tried before one error is thrown', async () => {
	answer = ({ json }) =>
		json?.body?.startsWith('bad')
			? { status: 400, body: { code: 400, message: `no device ${key}` } }
			: { body: { code: 200 } };
	const ran = await run(
		['one', 'bad 1', '', 'two'].map((message) => ({ json: { message } })),
		[barkNode({ parameters: stop })],
	);
	expect(sent()).toEqual(['one', 'bad 1', 'two']);
	expect(ran.error).toMatchObject({ name: 'NodeOperationError', context: { itemIndex: 1 } });
	expect(ran.error?.message).toMatch(/no device \*\*\*/);
	expect(ran.error?.description).toMatch(
		/^2 of 4 items failed; the others were delivered\.\nItem 1: .*\nItem 2: The message is empty/s,
	);
	expect(JSON.stringify(ran)).not.toContain(key);
});

test('one that failed among several is told as such, with its class', async () => {
	answer = ({ json }) =>
		json?.body === 'bad' ? { status: 403, body: { code: 403, message: 'no' } } : { body: { code: 200 } };
	const ran = await run(
		['one', 'bad', 'two'].map((message) => ({ json: { message } })),
		[barkNode({ parameters: stop })],
	);
	expect(ran.error?.context).toMatchObject({ itemIndex: 1 });
	expect(ran.error?.description).toMatch(/^1 of 3 items failed; the others were delivered\.\n[A-Z]\w+ · 403$/);
});

test('an error is our sentence with its class, without the token that stands in the URL', async () => {
	answer = () => ({ status: 401, body: { ok: false, error_code: 401, description: 'Unauthorized' } });
	const ran = await run([{ json: { message: 'x' } }], [telegramNode({ parameters: stop })]);
	expect(ran.error?.message).toMatch(/^[A-Z].*\.$/);
	expect(ran.error?.description).toMatch(/^Unauthorized/);
	expect(JSON.stringify(ran)).not.toContain(token);
	expect(JSON.stringify(ran)).not.toContain(token.split(':')[1]);
});

test('a connection refused is said in our words, not in n8n’s', async () => {
	const ran = await run(
		[{ json: { message: 'x' } }],
		[barkNode({ parameters: { ...stop, options: { attempts: 1 } } })],
		{
			credentials: { carillonBarkApi: { baseUrl: 'http://127.0.0.1:1', deviceKeys: key } },
		},
	);
	expect(ran.error?.message).not.toMatch(/perhaps it is offline/);
	expect(ran.error?.description).toBe('Unreachable · ECONNREFUSED');
});

test('what cannot be sent leaves the workflow running, with the error in the output and a hint, after n8n’s own tries', async () => {
	answer = ({ json }) =>
		json?.body === 'bad' ? { status: 400, body: { code: 400, message: 'no device' } } : { body: { code: 200 } };
	for (const retry of [{}, { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 }]) {
		server.requests.length = 0;
		const ran = await run(
			['bad', 'fine'].map((message) => ({ json: { message } })),
			[barkNode(retry), telegramNode()],
		);
		expect(ran.error).toBeUndefined();
		const tries = 'retryOnFail' in retry ? 3 : 1;
		expect(sent().filter((body) => body === 'bad')).toHaveLength(tries);
		expect(sent().filter((body) => body === 'fine')).toHaveLength(1);
		expect(outputOf(ran, 'Bark').map(({ json }) => json)).toMatchObject([
			{ message: 'bad', error: { class: 'Rejected', code: '400', message: expect.stringMatching(/no device/) } },
			{ message: 'fine', receipt: { ok: true } },
		]);
		// The next bell rings with the same messages.
		const said = server.requests.filter(({ path }) => path.startsWith('/bot')).map(({ json }) => json);
		expect(said).toMatchObject([{ text: 'bad' }, { text: 'fine' }]);
		const hints = ran.runData.Bark?.[0]?.hints ?? [];
		expect(hints).toMatchObject([{ type: 'warning', message: expect.stringMatching(/no device/) }]);
	}
});

test('continue on fail gives the error beside the input', async () => {
	const ran = await run(
		[{ json: { message: '', id: 5 } }, { json: { message: 'fine' } }],
		[barkNode({ onError: 'continueRegularOutput' })],
	);
	expect(ran.error).toBeUndefined();
	expect(outputOf(ran, 'Bark')).toEqual([
		{
			json: {
				message: '',
				id: 5,
				error: {
					name: 'ChannelError',
					class: 'Invalid',
					field: 'message',
					message: expect.stringContaining('The message is empty'),
				},
			},
			pairedItem: { item: 0 },
		},
		{ json: { message: 'fine', receipt: expect.objectContaining({ ok: true }) }, pairedItem: { item: 1 } },
	]);
});

test('the error output gets what failed, the regular one the rest', async () => {
	const ran = await run(
		[{ json: { message: 'fine' } }, { json: { message: '', id: 5 } }],
		[barkNode({ onError: 'continueErrorOutput' })],
	);
	expect(outputOf(ran, 'Bark', 0).map(({ json }) => json.message)).toEqual(['fine']);
	expect(outputOf(ran, 'Bark', 1).map(({ json }) => json)).toEqual([
		{ message: '', id: 5, error: expect.objectContaining({ class: 'Invalid', field: 'message' }) },
	]);
});

test.each([
	['stop', undefined],
	['continue', 'continueRegularOutput'],
])('retry on fail sends nothing twice (on error: %s)', async (_, onError) => {
	answer = refuseOnce('one');
	const retry = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1, onError };
	const ran = await run(
		['one', 'two', 'three'].map((message) => ({ json: { message } })),
		[barkNode(retry)],
	);
	expect(ran.error).toBeUndefined();
	expect(sent()).toEqual(['one', 'two', 'three', 'one']);
	expect(outputOf(ran, 'Bark').map(({ json }) => (json.receipt as IDataObject).ok)).toEqual([true, true, true]);
});

test('retry on fail does not repeat what may have arrived, unless the node allows it', async () => {
	answer = () => ({ body: '<html>' });
	const retry = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };
	const ran = await run([{ json: { message: 'once' } }], [barkNode({ ...retry, parameters: stop })]);
	expect(ran.error?.message).toContain('not known whether');
	expect(sent()).toEqual(['once']);
	await run(
		[{ json: { message: 'again' } }],
		[barkNode({ ...retry, parameters: { options: { repeatUnknown: true } } })],
	);
	expect(sent().filter((body) => body === 'again').length).toBeGreaterThan(1);
});

test('a run that went well is forgotten: the next one sends again', async () => {
	for (let round = 0; round < 2; round++) await run([{ json: { message: 'again' } }], [barkNode()]);
	expect(sent()).toEqual(['again', 'again']);
});

test('cancelling the execution ends a send that hangs', async () => {
	// Longer than any test is waited for.
	answer = () => new Promise((done) => setTimeout(() => done({ body: {} }), 600_000).unref());
	await run([{ json: { message: 'x' } }, { json: { message: 'never' } }], [barkNode()], { cancelAfter: 300 });
	expect(sent()).toEqual(['x']);
});

test('an action of the service’s own', async () => {
	const parameters = {
		operation: 'editMessage',
		editMessageChat: '42',
		editMessageMessageId: '7',
		editMessageText: 'new **text**',
	};
	const ran = await run([{ json: { id: 1 } }], [telegramNode({ parameters })]);
	expect(ran.error).toBeUndefined();
	expect(server.requests[0]).toMatchObject({
		path: `/bot${token}/editMessageText`,
		json: { chat_id: 42, message_id: 7, text: 'new <b>text</b>' },
	});
	expect(outputOf(ran, 'Telegram')[0]?.json).toMatchObject({ id: 1, result: expect.anything() });
});

test('the credential test asks the service and sends nothing', async () => {
	const data = { baseUrl: server.url, botToken: token, language: 'en' };
	expect(await bench.testCredential({ node: 'telegram', data })).toEqual({
		status: 'OK',
		message: 'Connection tested successfully',
	});
	expect(server.requests.map(({ path }) => path)).toEqual([`/bot${token}/getMe`]);
	answer = () => ({ status: 401, body: { ok: false, error_code: 401, description: 'Unauthorized' } });
	const refused = await bench.testCredential({ node: 'telegram', data });
	expect(refused).toEqual({ status: 'Error', message: expect.stringMatching(/^[A-Z].*\.$/) });
	expect(refused.message).not.toContain(token);
	expect((await bench.testCredential({ node: 'telegram', data: { ...data, botToken: '' } })).message).toMatch(
		/Fill in/,
	);
});
