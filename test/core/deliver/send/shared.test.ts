import { fc, runs } from '../../../property';
import type { Clock } from '../../../../src/core/base/clock';
import { baseUrl, chars, defineChannel, secret, type ErrorRow } from '../../../../src/core/define/channel';
import { deliver } from '../../../../src/core/deliver/deliver';
import { forgetTurns } from '../../../../src/core/deliver/send/pace';
import { holdShared, takeSharedTurn } from '../../../../src/core/deliver/send/sharedPace';
import { forgetTokens } from '../../../../src/core/deliver/send/token';
import { closeConnections } from '../../../../src/core/http/http';
import { memoryStore } from '../../../../src/core/state/memory';
import type { KeyValues } from '../../../../src/core/state/store';
import { redisStore } from '../../../../src/core/state/redis';
import { hasRedis, redisServer } from '../../state/redisServer';
import { service, type Service } from '../../../service';

const name = { en: 'Chime', zh: '钟声' };
const idle = new AbortController().signal;
const never = () => new Promise<never>(() => undefined);
/** Stores that say nothing, or no. */
const silent: KeyValues = { get: never, set: never, delete: never, claim: never, update: never };
const no = () => Promise.reject(new Error('away'));
const away: KeyValues = { get: no, set: no, delete: no, claim: no, update: no };

/** Sleeps cost nothing but their time. */
function jumping(start = 1_000_000): Clock {
	let time = start;
	return { now: () => time, random: () => 0, sleep: async (ms) => void (time += ms) };
}

describe('turns', () => {
	const paces = [{ count: 2, seconds: 10 }];
	/** As another process would at that time. @returns when its turn is */
	async function turnAt(store: KeyValues, at: number, more: { deadline?: number; signal?: AbortSignal } = {}) {
		const clock = jumping(at);
		const { deadline = at + 900_000, signal = idle } = more;
		await takeSharedTurn(store, paces, 'account', 'to', name, clock, deadline, signal);
		return clock.now();
	}

	test('no window has more than the pace allows, whichever processes send', () =>
		fc.assert(
			fc.asyncProperty(
				fc.array(fc.integer({ min: 0, max: 9_000 }), { minLength: 1, maxLength: 12 }),
				async (steps) => {
					const store = memoryStore();
					let now = 1_000_000;
					const turns: number[] = [];
					for (const step of steps) turns.push(await turnAt(store, (now += step)));
					turns.sort((one, other) => one - other);
					for (let at = 2; at < turns.length; at++)
						expect(turns[at]! - turns[at - 2]!).toBeGreaterThanOrEqual(10_000);
				},
			),
			{ numRuns: runs(40), seed: 12 },
		));

	test('those who ask at once get one each', async () => {
		const store = memoryStore();
		const turns = await Promise.all([0, 0, 0, 0, 0].map(() => turnAt(store, 1_000_000)));
		expect(turns.sort()).toEqual([1_000_000, 1_000_000, 1_010_000, 1_010_000, 1_020_000]);
	});

	test('one that would come too late is refused, and costs the others nothing', async () => {
		const store = memoryStore();
		for (let n = 0; n < 2; n++) await turnAt(store, 1_000_000);
		await expect(turnAt(store, 1_000_000, { deadline: 1_005_000 })).rejects.toMatchObject({
			class: 'RateLimited',
			retryAfter: 10,
			transient: false,
		});
		expect(await turnAt(store, 1_000_000)).toBe(1_010_000);
	});

	test('one that nobody waits for any more goes to the next', async () => {
		const store = memoryStore();
		for (let n = 0; n < 3; n++) await turnAt(store, 1_000_000);
		const clock: Clock = { ...jumping(), sleep: () => Promise.reject(new Error('stopped')) };
		const stopped = takeSharedTurn(store, paces, 'account', 'to', name, clock, 2_000_000, idle);
		await expect(stopped).rejects.toThrow('stopped');
		await new Promise(setImmediate);
		expect(await turnAt(store, 1_000_000)).toBe(1_010_000);
	});

	test('what the service asks of one, all keep', async () => {
		const store = memoryStore();
		holdShared(store, paces, 'account', 'to', 1_060_000, 1_000_000);
		await new Promise(setImmediate);
		expect(await turnAt(store, 1_000_000)).toBe(1_060_000);
	});

	test('a clock that was years ahead holds nobody up', async () => {
		const store = memoryStore();
		for (let n = 0; n < 2; n++) await turnAt(store, 1_000_000 + 400 * 86_400_000);
		expect(await turnAt(store, 1_000_000)).toBe(1_000_000);
	});

	test.each([
		['is silent', silent],
		['is away', away],
	])('a store that %s holds nobody up', async (_, store) => {
		expect(await turnAt(store, 1_000_000)).toBe(1_000_000);
	});
});

describe('tokens', () => {
	let server: Service;
	let refusing: string[];
	let store: KeyValues;
	const errors: ErrorRow[] = [
		{ code: 40014, is: 'Unauthorized', refresh: true, do: { en: 'Renew.', zh: '请更新。' } },
	];
	const chime = defineChannel({
		id: 'chime',
		name: 'Chime',
		zh: '钟声',
		docs: 'https://example.com',
		renders: { markup: 'plain', limit: chars(200) },
		replies: {
			ok: (json) => json.errcode === 0,
			code: (json) => json.errcode,
			says: (json) => json.errmsg,
			errors,
		},
		account: { baseUrl: baseUrl('https://chime.example'), key: secret('Key', { zh: '密钥' }) },
		options: {},
		token: async ({ http, account }) => {
			const { token } = await http.get('/token', { query: { key: account.key } });
			return { value: token, seconds: 7_200 };
		},
		async send({ message, http, token }) {
			return { raw: await http.post('/send', { query: { token: await token() }, json: { text: message.body } }) };
		},
	});
	const asked = () => server.requests.filter(({ path }) => path === '/token').length;
	const used = () => server.requests.filter(({ path }) => path === '/send').map(({ query }) => query.token);
	const send = (shared: KeyValues, key = 'k1', clock = jumping()) =>
		deliver(chime, { baseUrl: server.url, key }, {}, 'Hello', { clock, shared });
	const another = () => (forgetTokens(), forgetTurns());

	beforeAll(async () => {
		server = await service(({ path, query }) => {
			if (path === '/token') return { body: { errcode: 0, token: `t${asked()}` } };
			return { body: { errcode: refusing.includes(query.token!) ? 40014 : 0 } };
		});
	});
	beforeEach(() => {
		another();
		[refusing, store] = [[], memoryStore()];
		server.requests.length = 0;
	});
	afterAll(async () => {
		await closeConnections();
		await server.close();
	});

	test('another process uses the one that is there', async () => {
		await send(store);
		another();
		await send(store);
		expect([asked(), used()]).toEqual([1, ['t1', 't1']]);
	});

	test('one that the service refuses is asked for once more, and is the others’ then', async () => {
		await send(store);
		another();
		refusing = ['t1'];
		await send(store);
		another();
		await send(store);
		expect([asked(), used()]).toEqual([2, ['t1', 't1', 't2', 't2']]);
	});

	test('another account has another', async () => {
		await send(store);
		another();
		await send(store, 'k2');
		expect(used()).toEqual(['t1', 't2']);
	});

	test('one that has grown old is asked for anew', async () => {
		await send(store);
		another();
		await send(store, 'k1', jumping(1_000_000 + 7_000_000));
		expect(asked()).toBe(2);
	});

	test('nobody who has not the account can read it, or put one there', async () => {
		const kept = new Map<string, string>();
		const looked: KeyValues = {
			...store,
			get: async (key) => kept.get(key),
			set: async (key, value) => void kept.set(key, value),
		};
		// Longer than anything that comes out of ciphertext by chance.
		const key = 'a-key-that-nobody-may-read';
		await send(looked, key);
		const [[place, text]] = [...kept] as [[string, string]];
		expect(place + text + Buffer.from(text, 'base64url').toString('latin1')).not.toMatch(
			/a-key-that|value|expires/,
		);
		another();
		kept.set(place, Buffer.from(`{"value":"theirs","expires":${9e15},"stale":${9e15}}`).toString('base64url'));
		await send(looked, key);
		expect(used()).toEqual(['t1', 't2']);
	});

	test('while one process asks, the others wait for what it gets', async () => {
		const kept = new Map<string, string>();
		const ofOther: KeyValues = { ...store, set: async (key, value) => void kept.set(key, value) };
		await send(ofOther);
		another();
		let looks = 0;
		const clock: Clock = { ...jumping(), sleep: async () => void looks++ };
		// Somebody asks; at the third look his answer is there.
		const asking: KeyValues = {
			...store,
			claim: async () => false,
			get: async (key) => (looks >= 3 ? kept.get(key) : undefined),
		};
		await send(asking, 'k1', clock);
		expect([asked(), looks, used()]).toEqual([1, 3, ['t1', 't1']]);
	});

	test('one whose answer does not come is waited for no longer than is bearable', async () => {
		const asking: KeyValues = { ...store, claim: async () => false };
		await send(asking);
		expect(used()).toEqual(['t1']);
	});

	(hasRedis ? test : test.skip)(
		'in a Redis two processes have one token, and one turn after the other',
		async () => {
			const redis = await redisServer();
			const open = () => redisStore({ host: '127.0.0.1', port: redis.port });
			const [one, other] = [open(), open()];
			try {
				await send(one);
				another();
				await send(other);
				expect([asked(), used()]).toEqual([1, ['t1', 't1']]);
				const turns = await Promise.all(
					[one, other, one, other].map(async (store) => {
						const clock = jumping(1_000_000);
						const paces = [{ count: 1, seconds: 10 }];
						await takeSharedTurn(store, paces, 'account', 'to', name, clock, 2_000_000, idle);
						return clock.now();
					}),
				);
				expect(turns.sort()).toEqual([1_000_000, 1_010_000, 1_020_000, 1_030_000]);
			} finally {
				await Promise.all([one.close(), other.close()]);
				await redis.close();
			}
		},
		60_000,
	);

	test.each([
		['is silent', silent],
		['is away', away],
	])('a store that %s costs no message', async (_, store) => {
		await send(store);
		another();
		await send(store);
		expect(used()).toEqual(['t1', 't2']);
	});
});
