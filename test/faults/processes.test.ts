import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { hasRedis, redisServer } from '../core/state/redisServer';
import { processOf } from '../core/state/processes';
import { compiledStores, temporary } from '../core/state/stores';
import { service, type Service } from '../service';

/**
 * What has to be known beyond one process: two real ones on one store, which hear of the same happenings, see the same
 * captured signatures, send with one account and keep to one pace. On a Redis both at once; a file is one process's at
 * a time, so there the second follows the first.
 */

const root = join(__dirname, '../..');
const keys = Array.from({ length: 100 }, (_, n) => `happening ${n}`);
const signatures = Array.from({ length: 30 }, (_, n) => `signature ${n}`);
const turns = 20;
/** ms; what the service is asked to bear: one in so long. */
const step = 10_000;
const epoch = 1_000_000;

interface Told {
	/** Keys of the happenings that went on. */
	went: string[];
	/** Signatures with which its own body passed. */
	passed: string[];
	/** When its turns were. */
	turns: number[];
}

/** One process: all at once, as a host does it. */
const main = `async (stores, { kind, where, bundle, url, who, keys, signatures, turns, epoch }) => {
	// However slow the machine is, a store that is there is waited for.
	const { setTimeout: usual } = globalThis;
	globalThis.setTimeout = (run, ms, ...rest) => usual(run, ms === 500 ? 60_000 : ms, ...rest);
	const { receptionist, defineTrigger, defineChannel, baseUrl, chars, secret, deliver, takeSharedTurn } = require(bundle);
	const store = kind === 'redis' ? stores.redisStore(where) : stores.sqliteStore({ file: where });
	const bell = defineTrigger({
		id: 'bellTrigger', name: 'Bell', zh: '铃', docs: 'https://bell.invalid',
		description: { en: 'Rings', zh: '响铃' }, account: {}, options: {},
		authorize() {},
		receive({ request: { body, headers }, now }) {
			const text = Buffer.from(body).toString();
			return {
				events: [{ event: {}, raw: text }],
				once: { signature: headers['x-signature'], signed: now, until: now + 600_000 },
			};
		},
	});
	const reception = receptionist(bell, { account: {}, options: {}, store, isShared: true, scope: 'node' });
	const settled = await Promise.all(keys.map((key) => reception.settle([{ event: {}, raw: key, key }])));
	const went = settled.flat().map(({ raw }) => raw);
	const passed = [];
	await Promise.all(signatures.map(async (signature) => {
		const body = Buffer.from(signature + ' of ' + who);
		const headers = { 'x-signature': signature };
		const { happenings } = reception.receive({ method: 'POST', path: '/', query: {}, headers, body });
		if ((await happenings).length > 0) passed.push(signature);
	}));
	const chime = defineChannel({
		id: 'chime', name: 'Chime', zh: '钟声', docs: 'https://chime.invalid',
		renders: { markup: 'plain', limit: chars(200) },
		account: { baseUrl: baseUrl('https://chime.invalid'), key: secret('Key', { zh: '密钥' }) },
		options: {},
		token: async ({ http, account }) => ({ value: (await http.get('/token', { query: { key: account.key } })).token, seconds: 7_200 }),
		async send({ message, http, token }) {
			return { raw: await http.post('/send', { query: { token: await token() }, json: { text: message.body } }) };
		},
	});
	for (let n = 0; n < 5; n++) await deliver(chime, { baseUrl: url, key: 'k1' }, {}, who + n, { shared: store });
	const paces = [{ count: 1, seconds: ${step / 1000} }];
	const told = await Promise.all(Array.from({ length: turns }, async () => {
		// Sleeping costs nothing but its time.
		let time = epoch;
		const clock = { now: () => time, random: () => 0, sleep: async (ms) => void (time += ms) };
		const idle = new AbortController().signal;
		await takeSharedTurn(store, paces, 'account', 'to', { en: 'Chime', zh: '钟声' }, clock, epoch + 900_000, idle);
		return time;
	}));
	reception.close();
	await store.close();
	console.log('told ' + JSON.stringify({ went, passed, turns: told }));
	process.exit(0);
}`;

let compiled: string | undefined;
function bundle(): string {
	if (compiled) return compiled;
	compiled = join(compiledStores(), 'shared.js');
	const contents = [
		`export { receptionist } from './src/core/receive/reception';`,
		`export { defineTrigger } from './src/core/define/trigger';`,
		`export { defineChannel, baseUrl, chars, secret } from './src/core/define/channel';`,
		`export { deliver } from './src/core/deliver/deliver';`,
		`export { takeSharedTurn } from './src/core/deliver/send/sharedPace';`,
	].join('\n');
	buildSync({
		...{ absWorkingDir: root, bundle: true, target: 'node22.9', outfile: compiled },
		...({ packages: 'external', platform: 'node', format: 'cjs' } as const),
		...{ stdin: { contents, resolveDir: root, loader: 'ts' }, logLevel: 'silent' },
	});
	return compiled;
}

let server: Service;
beforeAll(async () => {
	let tokens = 0;
	server = await service(({ path }) => ({ body: path === '/token' ? { token: `t${++tokens}` } : {} }));
});
beforeEach(() => void (server.requests.length = 0));
afterAll(() => server.close());

async function run(kind: 'redis' | 'sqlite', where: unknown, who: string): Promise<Told> {
	const given = { kind, where, who, bundle: bundle(), url: server.url, keys, signatures, turns, epoch };
	const { ended, lines } = processOf(main, given);
	const code = await ended;
	const told = lines.find((line) => line.startsWith('told '));
	if (code !== 0 || !told) throw new Error(`${who} ended with ${code}:\n${lines.join('\n')}`);
	return JSON.parse(told.slice(5)) as Told;
}

function judge(both: readonly Told[]): void {
	const sorted = (all: readonly string[]) => [...all].sort();
	expect(sorted(both.flatMap(({ went }) => went))).toEqual(sorted(keys));
	expect(sorted(both.flatMap(({ passed }) => passed))).toEqual(sorted(signatures));
	const times = both.flatMap(({ turns }) => turns).sort((one, other) => one - other);
	expect(times).toEqual(Array.from({ length: 2 * turns }, (_, n) => epoch + n * step));
	const asked = server.requests.filter(({ path }) => path === '/token');
	const used = new Set(server.requests.filter(({ path }) => path === '/send').map(({ query }) => query.token));
	expect([asked.length, used.size, server.requests.length]).toEqual([1, 1, 11]);
}

(hasRedis ? test : test.skip)(
	'two processes on one Redis, both at once, are one to senders and services',
	async () => {
		const redis = await redisServer();
		try {
			const where = { host: '127.0.0.1', port: redis.port };
			judge(await Promise.all([run('redis', where, 'one'), run('redis', where, 'other')]));
		} finally {
			await redis.close();
		}
	},
	180_000,
);

test('a process that comes after another one on its file knows what that knew', async () => {
	const { folder, remove } = temporary();
	try {
		const file = join(folder, 'carillon.db');
		const first = await run('sqlite', file, 'one');
		judge([first, await run('sqlite', file, 'other')]);
		expect([first.went.length, first.passed.length]).toEqual([keys.length, signatures.length]);
	} finally {
		remove();
	}
}, 180_000);
