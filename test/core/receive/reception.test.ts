import { isChannelError } from '../../../src/core/base/errors';
import { number, secret } from '../../../src/core/base/field';
import { receptionist, type ReceptionSetup } from '../../../src/core/receive/reception';
import { memoryStore } from '../../../src/core/state/memory';
import type { Store } from '../../../src/core/state/store';
import { defineTrigger, Refusal, type Happening, type IncomingRequest } from '../../../src/core/define/trigger';

const order: string[] = [];

const gate = defineTrigger({
	id: 'gateTrigger',
	name: 'Gate Trigger',
	zh: '大门触发器',
	docs: 'https://gate.invalid',
	description: { en: 'At the gate', zh: '在门口' },
	account: { key: secret('Key', { zh: '密钥' }) },
	options: { most: number('Most', { zh: '上限', default: 20 }) },
	methods: ['POST', 'PUT'],
	maxBytes: ({ most }) => most,
	authorize({ request, account }) {
		order.push('authorize');
		if (request.query.fault) throw new TypeError(`the lock ${account.key} broke`);
		if (request.query.key !== account.key)
			throw new Refusal(401, { en: 'Wrong key.', zh: '密钥错误。' }, { 'www-authenticate': 'Basic' });
	},
	receive({ request, account }) {
		order.push('receive');
		const text = Buffer.from(request.body).toString();
		if (text === 'fault') throw new TypeError(`the hinge ${account.key} broke`);
		if (text === 'odd') throw new Refusal(400, { en: 'That is odd.', zh: '这很奇怪。' });
		return {
			events: text
				.split(',')
				.filter(Boolean)
				.map((key) => ({ event: key, raw: key, key })),
			...(text === 'own' && { reply: { status: 202, body: 'own' } }),
		};
	},
});

const key = 'K3y-of-the-gate';
const make = (given: Partial<ReceptionSetup> = {}) =>
	receptionist(gate, {
		account: { key, language: 'en', ...given.account },
		options: given.options ?? {},
		store: given.store ?? memoryStore(),
		scope: given.scope,
	});

const request = (body: string, more: Partial<IncomingRequest> = {}): IncomingRequest => ({
	method: 'POST',
	path: '',
	query: { key },
	headers: {},
	body: Buffer.from(body),
	...more,
});

const eventsOf = async (outcome: { happenings: Promise<Happening[]> }) =>
	(await outcome.happenings).map(({ event }) => event);

beforeEach(() => void (order.length = 0));
afterEach(() => jest.useRealTimers());

describe('a request', () => {
	test('is admitted, received, and answered', async () => {
		const outcome = make().receive(request('a,b'));
		expect(outcome.reply).toMatchObject({ status: 200, body: '{"ok":true}' });
		expect(await eventsOf(outcome)).toEqual(['a', 'b']);
		expect(order).toEqual(['authorize', 'receive']);
	});

	test('may have an answer of the trigger’s own', () => {
		expect(make().receive(request('own')).reply).toEqual({ status: 202, body: 'own' });
	});

	test.each([
		['of the wrong method', { method: 'GET' }, 405, []],
		['without the key', { query: {} }, 401, ['authorize']],
		['too large by its head', { headers: { 'content-length': '21' } }, 413, ['authorize']],
		['too large in fact', { body: Buffer.alloc(21) }, 413, ['authorize']],
		[
			'too large in parts',
			{
				body: Buffer.alloc(0),
				parts: [
					{ name: 'a', data: Buffer.alloc(11) },
					{ name: 'b', data: Buffer.alloc(11) },
				],
			},
			413,
			['authorize'],
		],
		['not understood', { body: Buffer.from('odd') }, 400, ['authorize', 'receive']],
	])('%s is refused, and goes no further', async (_how, more, status, steps) => {
		const { reply, happenings, failure } = make().receive(request('a', more));
		expect(reply.status).toBe(status);
		expect(JSON.parse(reply.body!)).toEqual({ ok: false, error: expect.stringMatching(/\.$/) });
		expect(await happenings).toEqual([]);
		expect(failure).toBeUndefined();
		expect(order).toEqual(steps);
		expect(reply.body).not.toContain(key);
	});

	test('is judged by its head before its body is read', () => {
		const reception = make();
		expect(reception.admit(request('')) ?? 'read on').toBe('read on');
		expect(reception.admit(request('', { query: {} }))).toMatchObject({
			status: 401,
			headers: { 'www-authenticate': 'Basic' },
		});
		expect(order).not.toContain('receive');
	});

	test('is refused in the account’s language', () => {
		const { reply } = make({ account: { language: 'zh' } }).receive(request('odd'));
		expect(reply.body).toContain('这很奇怪。');
	});

	test.each([
		['head', { query: { key, fault: '1' } }],
		['body', { body: Buffer.from('fault') }],
	])(
		'that brings the trigger down by its %s is a 500 that tells nothing; the log is told all but the key',
		(_where, more) => {
			const { reply, failure } = make().receive(request('a', more));
			expect(reply).toMatchObject({ status: 500, body: expect.not.stringMatching(/hinge|lock/) });
			expect(failure!.message).toMatch(/the (hinge|lock) \*\*\* broke/);
			expect(failure!.stack).not.toContain(key);
		},
	);

	test('of a head that brings it down is told at once', () => {
		expect(make().admit(request('', { query: { key, fault: '1' } }))).toMatchObject({
			status: 500,
			failure: { class: 'Unexpected' },
		});
	});
});

test('an account or options that cannot be used name the field', () => {
	const fieldOf = (setup: Partial<ReceptionSetup>) => {
		try {
			make(setup);
			return 'none';
		} catch (error) {
			return isChannelError(error) ? `${error.class} ${error.field}` : String(error);
		}
	};
	expect(fieldOf({ account: { key: '' } })).toBe('Invalid key');
	expect(fieldOf({ options: { most: 'x' } })).toBe('Invalid most');
	expect(fieldOf({ options: { repeatWindow: -1 } })).toBe('Invalid repeatWindow');
});

describe('repeats', () => {
	test('ring once within the window, in one request or in several', async () => {
		const reception = make();
		expect(await eventsOf(reception.receive(request('a,a,b')))).toEqual(['a', 'b']);
		expect(await eventsOf(reception.receive(request('a,c')))).toEqual(['c']);
	});

	test('ring again after it', async () => {
		let time = 0;
		const reception = make({ store: memoryStore(() => time), options: { repeatWindow: 10 } });
		expect(await eventsOf(reception.receive(request('a')))).toEqual(['a']);
		time = 9_999;
		expect(await eventsOf(reception.receive(request('a')))).toEqual([]);
		time = 10_001;
		expect(await eventsOf(reception.receive(request('a')))).toEqual(['a']);
	});

	test('of a message’s own id are known for longer than the window', async () => {
		let time = 0;
		const reception = make({ store: memoryStore(() => time), options: { repeatWindow: 0 } });
		const again = () => reception.settle([{ event: 'a', raw: {}, key: 'message 7', remember: 3_600 }]);
		expect(await again()).toHaveLength(1);
		time = 3_599_000;
		expect(await again()).toHaveLength(0);
		time = 3_601_000;
		expect(await again()).toHaveLength(1);
	});

	test('are told where all of a request is one; a trigger’s own words stay', async () => {
		const reception = make();
		const told = async (body: string) => (await reception.receive(request(body)).answer).body;
		expect(await told('a,b')).toBe('{"ok":true}');
		expect(await told('a,b')).toBe('{"ok":true,"repeated":true}');
		expect(await told('b,c')).toBe('{"ok":true}');
		expect(await told('a,a,c')).toBe('{"ok":true,"repeated":true}');
		expect(await told('')).toBe('{"ok":true}');
		for (let i = 0; i < 2; i++) expect(await told('own')).toBe('own');
		expect(await told('odd')).toContain('That is odd.');
	});

	test('the answer waits for no slow store, nor is it kept by one that fails', async () => {
		jest.useFakeTimers();
		try {
			let claimed: (isFirst: boolean) => void = () => undefined;
			const slow = { ...memoryStore(), claim: () => new Promise((done) => (claimed = done)) } as Store;
			const { answer, happenings } = make({ store: slow }).receive(request('a'));
			await jest.advanceTimersByTimeAsync(500);
			expect((await answer).body).toBe('{"ok":true}');
			claimed(true);
			expect(await happenings).toHaveLength(1);
			const failing = { ...memoryStore(), claim: () => Promise.reject(new Error('no disk')) } as Store;
			expect((await make({ store: failing }).receive(request('a')).answer).body).toBe('{"ok":true}');
			expect(jest.getTimerCount()).toBe(0);
		} finally {
			jest.useRealTimers();
		}
	});

	test('of another node are none', async () => {
		const store = memoryStore();
		expect(await eventsOf(make({ store, scope: 'one' }).receive(request('a')))).toEqual(['a']);
		expect(await eventsOf(make({ store, scope: 'two' }).receive(request('a')))).toEqual(['a']);
	});

	test('go through where the store is out of reach: better twice than never', async () => {
		const store = { ...memoryStore(), claim: () => Promise.reject(new Error('no disk')) } as Store;
		expect(await eventsOf(make({ store }).receive(request('a')))).toEqual(['a']);
	});
});

describe('late metadata', () => {
	const happening = (event: string, settle?: number, ofKey = 'k'): Happening => ({
		event,
		raw: event,
		key: ofKey,
		settle,
	});
	const events = async (happenings: Promise<Happening[]>) => (await happenings).map(({ event }) => event);

	beforeEach(() => jest.useFakeTimers());

	test('is waited for no longer than told, and not without end by one that keeps coming', async () => {
		const reception = make();
		const first = events(reception.settle([happening('1', 10)]));
		await jest.advanceTimersByTimeAsync(8_000);
		const second = events(reception.settle([happening('2', 10)]));
		expect(await first).toEqual([]);
		let isDone = false;
		void second.then(() => (isDone = true));
		await jest.advanceTimersByTimeAsync(1_900);
		expect(isDone).toBe(false);
		await jest.advanceTimersByTimeAsync(200);
		expect(await second).toEqual(['2']);
		expect(jest.getTimerCount()).toBe(0);
	});

	test('that comes takes the place of what waits; what comes after is a repeat', async () => {
		const reception = make();
		const first = events(reception.settle([happening('bare', 10)]));
		expect(await events(reception.settle([happening('whole')]))).toEqual(['whole']);
		expect(await first).toEqual([]);
		expect(jest.getTimerCount()).toBe(0);
		expect(await events(reception.settle([happening('again')]))).toEqual([]);
	});

	test('is given up when the host closes: what waits goes on as it is, and no timer stays', async () => {
		const reception = make();
		const first = events(reception.settle([happening('a', 10, 'a'), happening('b', 10, 'b')]));
		reception.close();
		expect(await first).toEqual(['a', 'b']);
		expect(await events(reception.settle([happening('c', 10, 'c')]))).toEqual(['c']);
		expect(jest.getTimerCount()).toBe(0);
	});

	test('is waited for by so many at one time and no more', async () => {
		const reception = make();
		const all = Array.from({ length: 1_001 }, (_, n) => events(reception.settle([happening(`${n}`, 10, `${n}`)])));
		expect(await all[0]).toEqual(['0']);
		expect(jest.getTimerCount()).toBe(1_000);
		reception.close();
		expect((await Promise.all(all)).flat()).toHaveLength(1_001);
	});
});

test('a sender’s keys take no more room than they must, and stay apart', async () => {
	const store = memoryStore();
	const claim = jest.spyOn(store, 'claim');
	const gate = make({ store });
	const long = (end: string) => ({ event: end, raw: end, key: `${'x'.repeat(1_000_000)}${end}` });
	const settled = await gate.settle([long('a'), long('b'), long('a')]);
	expect(settled.map(({ event }) => event).sort()).toEqual(['a', 'b']);
	expect(Math.max(...claim.mock.calls.map(([key]) => key.length))).toBeLessThan(300);
});
