import { channelSet } from '../../../src/hosts/node-red/channel-node';
import type { Config, Msg } from '../../../src/hosts/node-red/red';
import { service, type Answer, type Seen, type Service } from '../../service';
import { bell } from './bell';
import { calls, load, nextInput, nodeRed, statusOf, until } from './runtime';

let bellService: Service;
let answer: (seen: Seen) => Answer | Promise<Answer>;

beforeAll(() => nodeRed().startServer());
afterAll(() => nodeRed().stopServer());
beforeEach(async () => {
	answer = () => ({ body: { ok: true, id: 7 } });
	bellService = await service((seen) => answer(seen));
});
afterEach(async () => {
	await nodeRed().unload();
	await bellService.close();
});

const token = 'T0ken-of-the-bell';

/** bell → out, its failures → failed; Catch → caught. */
async function ring(config: Partial<Config> = {}, account: Partial<Config> = {}, secrets: object = { token }) {
	const flow = [
		{ id: 'tab', type: 'tab', label: 'tab' },
		{ id: 'acc', type: 'carillon-bell-account', baseUrl: bellService.url, port: 443, plan: 'free', ...account },
		{
			id: 'bell',
			z: 'tab',
			x: 0,
			y: 0,
			type: 'carillon-bell',
			account: 'acc',
			wires: [['out'], ['failed']],
			...config,
		},
		{ id: 'out', z: 'tab', x: 0, y: 0, type: 'helper' },
		{ id: 'failed', z: 'tab', x: 0, y: 0, type: 'helper' },
		{ id: 'catch', z: 'tab', x: 0, y: 0, type: 'catch', scope: null, uncaught: false, wires: [['caught']] },
		{ id: 'caught', z: 'tab', x: 0, y: 0, type: 'helper' },
	];
	await load([channelSet(bell)], flow, { acc: secrets });
	return (msg: Msg) => nodeRed().getNode('bell').receive(msg);
}

/** What came out of the first, second output or Catch. */
async function outcome(send: (msg: Msg) => void, msg: Msg): Promise<{ at: string; msg: Msg }> {
	const places = ['out', 'failed', 'caught'];
	const first = Promise.race(places.map((at) => nextInput(at).then((got) => ({ at, msg: got }))));
	send(msg);
	return await first;
}

const sent = () => bellService.requests.map(({ json }) => json);

describe('what is sent', () => {
	test('a text goes out as it is, with msg.topic as title; the payload stays and a receipt is added', async () => {
		const send = await ring();
		const { at, msg } = await outcome(send, { payload: '**hello**', topic: 'Greeting', other: 1 });
		expect(at).toBe('out');
		expect(msg).toMatchObject({ payload: '**hello**', topic: 'Greeting', other: 1 });
		expect(msg.receipt).toMatchObject({ ok: true, channel: 'bell', ids: ['7'], parts: 1, attempts: 1 });
		expect(sent()).toEqual([expect.objectContaining({ body: 'hello', title: 'Greeting', token, to: [] })]);
	});

	test('a message keeps its own title before msg.topic', async () => {
		const send = await ring();
		await outcome(send, { payload: { body: 'b', title: 'own' }, topic: 'topic' });
		expect(sent()[0]).toMatchObject({ title: 'own', body: 'b' });
	});

	test('the node’s title wins', async () => {
		const send = await ring({ title: 'the node’s', title_type: 'str' });
		await outcome(send, { payload: { body: 'b', title: 'own' }, topic: 'topic' });
		expect(sent()[0]).toMatchObject({ title: 'the node’s' });
	});

	test('any other payload goes out as indented JSON', async () => {
		const send = await ring();
		await outcome(send, { payload: { temperature: 21 } });
		expect(sent()[0].body).toBe('{\n  "temperature": 21\n}');
	});

	test.each([undefined, null, '', '  ', {}])('an empty payload (%j) is Invalid', async (payload) => {
		const send = await ring();
		const { at, msg } = await outcome(send, { payload });
		expect(at).toBe('caught');
		expect(msg.error).toMatchObject({
			message: expect.stringContaining('empty'),
			cause: { class: 'Invalid', field: 'message' },
		});
		expect(sent()).toEqual([]);
	});

	test('an expression that finds nothing is an empty message, not the payload', async () => {
		const send = await ring({ message: 'words', message_type: 'msg' });
		const { at } = await outcome(send, { payload: 'payload' });
		expect(at).toBe('caught');
	});

	test('a Buffer named by the node goes along as a picture', async () => {
		const send = await ring({ messageImage: 'picture', messageImage_type: 'msg' });
		const png = Buffer.from(
			'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
			'base64',
		);
		await outcome(send, { payload: 'look', picture: png });
		expect(sent()[0].pictures).toEqual([{ name: expect.any(String), size: png.length }]);
	});

	test('a message may name a Buffer elsewhere in the msg', async () => {
		const send = await ring();
		await outcome(send, {
			payload: { body: 'look', attachments: [{ binary: 'file.data', name: 'a.txt' }] },
			file: { data: Buffer.from('text') },
		});
		expect(sent()[0].pictures).toEqual([{ name: 'a.txt', size: 4 }]);
	});
});

describe('options', () => {
	test('are taken as they stand, by every type', async () => {
		process.env.BELL_NAME = 'Quasimodo';
		const send = await ring({
			to: '["tower", "gate"]',
			to_type: 'json',
			tone: 'gong',
			tone_type: 'choice',
			volume: 'loudness * 2',
			volume_type: 'jsonata',
			optionType: 'kind',
			optionType_type: 'msg',
			loud: 'true',
			loud_type: 'bool',
			days: 'mon,tue',
			days_type: 'choices',
			names: 'BELL_NAME',
			names_type: 'env',
			extra: '{"a":1}',
			extra_type: 'json',
			note: 'two\nlines',
			note_type: 'str',
		});
		await outcome(send, { payload: 'x', loudness: 4, kind: 'big' });
		expect(sent()[0]).toMatchObject({
			to: ['tower', 'gate'],
			options: {
				tone: 'gong',
				volume: 8,
				type: 'big',
				loud: true,
				days: ['mon', 'tue'],
				names: ['Quasimodo'],
				extra: { a: 1 },
				note: 'two\nlines',
			},
		});
	});

	test('left out of the flow file have their defaults', async () => {
		const send = await ring({ tone: 'gong' });
		await outcome(send, { payload: 'x' });
		expect(sent()[0].options).toMatchObject({ tone: 'gong', volume: 5, loud: false, days: [] });
	});

	test('an expression that fails names its field', async () => {
		const send = await ring({ optionType: '$error("no")', optionType_type: 'jsonata' });
		const { msg } = await outcome(send, { payload: 'x' });
		expect(msg.error).toMatchObject({
			message: expect.stringContaining('Kind'),
			cause: { class: 'Invalid', field: 'type' },
		});
	});

	test('the account takes ${ENV}', async () => {
		process.env.BELL_TOKEN = 'from-the-environment';
		process.env.BELL_URL = bellService.url;
		const send = await ring({}, { baseUrl: '${BELL_URL}' }, { token: '${BELL_TOKEN}' });
		await outcome(send, { payload: 'x' });
		expect(sent()[0].token).toBe('from-the-environment');
	});
});

describe('other operations', () => {
	test('give msg.result', async () => {
		answer = () => ({ body: { ok: true, silent: 5 } });
		const send = await ring({ operation: 'silence', silenceMinutes: 'for', silenceMinutes_type: 'msg' });
		const { at, msg } = await outcome(send, { payload: 'x', for: 5 });
		expect(at).toBe('out');
		expect(msg).toMatchObject({ payload: 'x', result: { ok: true, silent: 5 } });
		expect(bellService.requests[0]).toMatchObject({ path: '/silence', json: { minutes: 5 } });
	});

	test('miss what they need', async () => {
		const send = await ring({ operation: 'silence' });
		const { msg } = await outcome(send, { payload: 'x' });
		expect(msg.error).toMatchObject({ cause: { class: 'Invalid', field: 'minutes' } });
	});
});

describe('an operation that the message names', () => {
	test('takes what it needs from the message, under its own names', async () => {
		answer = () => ({ body: { ok: true, silent: 7 } });
		const send = await ring({ operation: 'fromMsg', silenceMinutes: '99' });
		const { at, msg } = await outcome(send, { payload: 'x', operation: 'silence', minutes: '7' });
		expect(at).toBe('out');
		expect(msg).toMatchObject({ payload: 'x', result: { ok: true, silent: 7 } });
		expect(bellService.requests[0]).toMatchObject({ path: '/silence', json: { minutes: 7 } });
	});

	test.each([[undefined], [''], ['send']])('%p sends, as the node says', async (operation) => {
		const send = await ring({ operation: 'fromMsg', title: 'T' });
		const { msg } = await outcome(send, { payload: 'x', operation });
		expect(msg).toMatchObject({ receipt: { ok: true } });
		expect(sent()[0]).toMatchObject({ title: 'T', body: 'x' });
	});

	test.each([['nothing'], ['__proto__'], ['toString'], [7], [{ a: 1 }], ['fromMsg']])(
		'%p is none: those that there are, are told',
		async (operation) => {
			const send = await ring({ operation: 'fromMsg' });
			const { msg } = await outcome(send, { payload: 'x', operation });
			expect(msg.error).toMatchObject({
				message: expect.stringMatching(/msg\.operation.*send, silence/),
				cause: { class: 'Invalid', field: 'operation' },
			});
			expect(bellService.requests).toEqual([]);
		},
	);

	test('misses what it needs by name', async () => {
		const send = await ring({ operation: 'fromMsg' });
		const { msg } = await outcome(send, { payload: 'x', operation: 'silence' });
		expect(msg.error).toMatchObject({ cause: { class: 'Invalid', field: 'minutes' } });
	});

	test('is none of a node that says its own', async () => {
		const send = await ring();
		const { msg } = await outcome(send, { payload: 'x', operation: 'silence', minutes: 5 });
		expect(msg).toMatchObject({ receipt: { ok: true } });
	});
});

describe('failures', () => {
	const refuse = () => ({ body: { ok: false, code: 'bad-token', why: `unknown token ${token}` } });

	test('reach Catch with class and code, without the secret', async () => {
		answer = refuse;
		const send = await ring();
		const { at, msg } = await outcome(send, { payload: 'x' });
		expect(at).toBe('caught');
		expect(msg.error).toMatchObject({
			message: expect.stringMatching(/^[^:]*Bell.*new token/s),
			code: 'bad-token',
			cause: { class: 'Unauthorized', code: 'bad-token', channel: 'bell' },
			source: { id: 'bell', type: 'carillon-bell' },
		});
		expect(JSON.stringify(msg)).not.toContain(token);
		expect(msg.payload).toBe('x');
		// As the debug sidebar writes it.
		expect(`${(msg.error as { cause: object }).cause}`).toBe('Unauthorized · bad-token');
	});

	test('leave by the second output where it is on, and not to Catch', async () => {
		answer = refuse;
		const send = await ring({ failures: true, outputs: 2 });
		let caught = 0;
		nodeRed()
			.getNode('caught')
			.on('input', () => void caught++);
		const { at, msg } = await outcome(send, { payload: 'x' });
		expect(at).toBe('failed');
		expect(msg).toMatchObject({
			payload: 'x',
			error: { class: 'Unauthorized', code: 'bad-token', source: { id: 'bell' } },
		});
		await new Promise((done) => setTimeout(done, 50));
		expect(caught).toBe(0);
	});

	test('speak the account’s language', async () => {
		answer = refuse;
		const send = await ring({}, { language: 'zh' });
		const { msg } = await outcome(send, { payload: 'x' });
		expect((msg.error as Error).message).toContain('请向铸铃人索取新令牌');
	});

	test('of our own making are said as such', async () => {
		const send = await ring();
		const { at, msg } = await outcome(send, { payload: 'throw' });
		expect(at).toBe('caught');
		expect(msg.error).toMatchObject({
			message: expect.stringContaining('the bell fell off'),
			cause: { class: 'Unexpected' },
		});
	});

	test('a missing account is said', async () => {
		const send = await ring({ account: '' });
		const { msg } = await outcome(send, { payload: 'x' });
		expect(msg.error).toMatchObject({ cause: { class: 'Invalid', field: 'account' } });
		expect(statusOf('bell')[0]).toMatchObject({ fill: 'yellow' });
	});
});

describe('whatever a msg is', () => {
	test('a frozen one was sent, and what came out says so', async () => {
		const send = await ring();
		const { at, msg } = await outcome(send, Object.freeze({ _msgid: 'm', payload: 'x' }) as Msg);
		expect([at, msg]).toMatchObject(['out', { payload: 'x', receipt: { ok: true, ids: ['7'] } }]);
	});

	test('a remembered option is not what the flow makes of its value later', async () => {
		const send = await ring({ extra: 'extra', extra_type: 'msg' });
		const extra = { a: 1 };
		await outcome(send, { payload: 'x', extra });
		extra.a = 2;
		await outcome(send, { payload: 'x', extra: { a: 1 } });
		expect(sent().map(({ options }) => options.extra)).toEqual([{ a: 1 }, { a: 1 }]);
	});

	const circular: unknown[] = [];
	circular.push(circular);
	test.each([
		['a circular option', { extra: circular }, 'extra'],
		['an option with a BigInt', { extra: { a: 5n } }, 'extra'],
		['a circular target', { to: circular }, 'to'],
		['a target without a prototype', { to: Object.create(null) as object }, 'to'],
		['a target that is a symbol', { to: Symbol('x') }, 'to'],
	])('%s is named', async (_what, more, field) => {
		const send = await ring({ extra: 'extra', extra_type: 'msg', to: 'to', to_type: 'msg' });
		const { at, msg } = await outcome(send, { payload: 'x', ...more });
		expect([at, msg.error]).toMatchObject(['caught', { cause: { class: 'Invalid', field } }]);
	});

	test.each<[string, () => unknown]>([
		['nothing with a prototype', () => Object.create(null)],
		['an error', () => new Error('odd')],
	])('a property that throws %s ends no process', async (_what, thrown) => {
		const send = await ring({ wires: [['out', 'failed']] });
		const odd = {
			enumerable: true,
			get: () => {
				throw thrown();
			},
		};
		send(Object.defineProperty({ payload: 'x' }, 'odd', odd));
		send(Object.defineProperty({ payload: {} }, 'payload', odd));
		await until(() => sent().length === 1 && calls('bell', 'error').length >= 3);
		expect(sent()).toHaveLength(1);
		// Our own fault is none of them.
		expect(calls('bell', 'error').map(String).join('\n')).not.toContain('Carillon itself failed');
	});

	const throwing = {
		enumerable: true,
		get: () => {
			throw new Error('looked at');
		},
	};
	const huge = () => Buffer.alloc(51 * 1024 * 1024);

	test.each<[string, () => Msg]>([
		[
			'a file below a property that is missing',
			() => ({ payload: { body: 'x', image: { binary: 'req.socket' } } }),
		],
		['a file below nothing', () => ({ payload: { body: 'x', image: { binary: 'a.b' } }, a: null })],
		['a file by a path that is none', () => ({ payload: { body: 'x', attachments: [{ binary: 'a[[' }] } })],
		['a file that is none', () => ({ payload: { body: 'x', attachments: [{ binary: 'topic' }] }, topic: 5 })],
		[
			'a file behind a property that throws',
			() => {
				const msg = { payload: { body: 'x', image: { binary: 'odd.file' } } };
				return Object.defineProperty(msg, 'odd', { ...throwing, enumerable: false });
			},
		],
		['a picture larger than any service takes', () => ({ payload: { body: 'x', image: { data: huge() } } })],
		['such a picture by its name', () => ({ payload: { body: 'x', image: { binary: 'big' } }, big: huge() })],
	])('%s costs no text, and the receipt says why', async (_what, msg) => {
		const send = await ring({ wires: [['out']] });
		const { at, msg: got } = await outcome(send, msg());
		expect(at).toBe('out');
		expect(sent()[0]).toMatchObject({ body: 'x', pictures: [] });
		expect(got.receipt).toMatchObject({ ok: true, warnings: [expect.stringMatching(/Buffer|50 MB/)] });
	});

	test.each(['43', ['43'], ['43', '44']])(
		'a recipient that the node does not let the message choose is told (%j)',
		async (to) => {
			const send = await ring({ wires: [['out']], to: '42' });
			const { msg } = await outcome(send, { payload: { body: 'hi', to } });
			expect(bellService.requests).toHaveLength(1);
			expect(msg.receipt).toMatchObject({ warnings: [expect.stringContaining('“to” was not used')] });
			expect(statusOf('bell').at(-1)).toMatchObject({ fill: 'yellow' });
			expect(calls('bell', 'warn')).toEqual([expect.stringContaining('“to” was not used')]);
		},
	);

	test('what went, but not wholly, is yellow, and told in the debug sidebar once', async () => {
		const send = await ring({ wires: [['out']] });
		const msg = () => ({ payload: { body: 'x', image: { binary: 'nothing' } } });
		await outcome(send, msg());
		await outcome(send, msg());
		expect(statusOf('bell').at(-1)).toMatchObject({ fill: 'yellow', text: expect.stringMatching(/^sent /) });
		expect(calls('bell', 'warn')).toEqual([expect.stringContaining('msg.nothing is not a Buffer')]);
		await outcome(send, { payload: 'x' });
		await outcome(send, msg());
		expect(calls('bell', 'warn')).toHaveLength(2);
	});

	test('a picture that cannot be evaluated costs no text, and is told', async () => {
		const send = await ring({
			messageImage: 'req.files.one',
			messageImage_type: 'msg',
			messageUrl: '$boom()',
			messageUrl_type: 'jsonata',
		});
		const { at } = await outcome(send, { payload: 'x' });
		expect([at, sent()[0]]).toMatchObject(['out', { body: 'x', pictures: [] }]);
		expect(calls<string>('bell', 'warn').join()).toContain('Link');
	});

	test('a property of a message that throws costs no text, and is told', async () => {
		const send = await ring({ wires: [['out']] });
		const payload = Object.defineProperty({ body: 'x', title: 't' }, 'image', throwing);
		const { at } = await outcome(send, { payload });
		expect([at, sent()[0]]).toMatchObject(['out', { body: 'x', title: 't' }]);
		expect(calls<string>('bell', 'warn').join()).toMatch(/“image”.*looked at/);
	});

	test('what holds itself is written as far as it goes', async () => {
		const payload: Record<string, unknown> = { host: 'nas', size: 5n, list: [1] };
		payload.self = payload;
		const send = await ring();
		const { at } = await outcome(send, { payload });
		expect(at).toBe('out');
		expect(JSON.parse(String(sent()[0].body))).toEqual({ host: 'nas', size: '5', list: [1], self: '…' });
	});
});

describe('status', () => {
	test('is blue while sending, then green with the time', async () => {
		const send = await ring();
		await outcome(send, { payload: 'x' });
		expect(statusOf('bell').slice(1)).toEqual([
			{ fill: 'blue', shape: 'dot', text: 'sending' },
			{ fill: 'green', shape: 'dot', text: expect.stringMatching(/^sent \d\d:\d\d:\d\d$/) },
		]);
	});

	test.each<[string, () => Answer]>([
		['an outage', () => ({ status: 500, body: 'oops' })],
		['a refusal', () => ({ body: { ok: false, code: 'a-code-as-long-as-a-sentence', why: 'the bell is away' } })],
	])('is red and no wider than a node after %s; the whole sentence goes to Catch', async (_what, answered) => {
		answer = answered;
		const send = await ring({ attempts: 1 });
		const { msg } = await outcome(send, { payload: 'x' });
		const last = statusOf('bell').at(-1)!;
		expect(last).toMatchObject({ fill: 'red', shape: 'ring' });
		expect([...last.text!].length).toBeLessThanOrEqual(24);
		expect([...(msg.error as Error).message].length).toBeGreaterThan(24);
	});

	test('is cleared when the node is deployed anew', async () => {
		await ring();
		expect(statusOf('bell')).toEqual([{}]);
	});

	test('tells of a variable that is not set, at the deploy and with every message', async () => {
		const send = await ring({}, {}, { token: '${BELL_NOWHERE_SET}' });
		expect(statusOf('bell')).toEqual([expect.objectContaining({ fill: 'red' })]);
		const { at, msg } = await outcome(send, { payload: 'x' });
		expect([at, (msg.error as Error).message]).toEqual([
			'caught',
			expect.stringContaining('variable BELL_NOWHERE_SET is not set'),
		]);
		expect(sent()).toEqual([]);
	});
});

describe('closing', () => {
	test('aborts what is in flight and what waits, and says how much that was', async () => {
		answer = () => new Promise(() => undefined);
		const send = await ring();
		for (let n = 0; n < 3; n++) send({ payload: `x${n}` });
		await until(() => bellService.requests.length > 0);
		await nodeRed().getNode('bell').close(false);
		expect(calls('bell', 'warn')).toEqual([expect.stringContaining('3 message(s)')]);
		await until(() => bellService.sockets.size === 0);
	});

	test('tells of what is still being evaluated, too', async () => {
		const send = await ring({ message: '$lowercase(payload)', message_type: 'jsonata' });
		send({ payload: 'X' });
		await nodeRed().getNode('bell').close(false);
		await until(() => calls('bell', 'warn').length > 0);
		expect(calls('bell', 'warn')).toEqual([expect.stringContaining('1 message(s)')]);
		expect(sent()).toEqual([]);
	});
});

test('messages to one target keep their order', async () => {
	let first = true;
	answer = async () => {
		if (first) {
			first = false;
			await new Promise((done) => setTimeout(done, 80));
		}
		return { body: { ok: true } };
	};
	const send = await ring();
	for (let n = 0; n < 5; n++) send({ payload: `${n}` });
	await until(() => sent().length === 5);
	expect(sent().map(({ body }) => body)).toEqual(['0', '1', '2', '3', '4']);
});
