import { setTimeout as sleep } from 'node:timers/promises';
import { redisServer, type Server } from '../core/state/redisServer';
import { service, type Service } from '../service';
import { startNodeRed, type NodeRed } from '../hosts/node-red/nodeRed';
import { until } from '../hosts/node-red/runtime';

/** Two Node-REDs with the same flow on one Redis: real processes, one of which is killed. */

let redis: Server;
let receiver: Service;
let both: NodeRed[];
/** Texts of requests that have no answer yet, by the process that asks. */
const open = new Map<string, number>();
const counts = new Map<string, number>();
/** Until it is resolved nothing is answered. */
let gate: Promise<void> = Promise.resolve();

beforeAll(async () => {
	redis = await redisServer('--requirepass', 'R3dis', '--maxmemory-policy', 'noeviction', '--appendonly', 'yes');
	receiver = await service(async ({ json }) => {
		const { body } = json as { body: string };
		counts.set(body, (counts.get(body) ?? 0) + 1);
		open.set(body, (open.get(body) ?? 0) + 1);
		await sleep(20);
		await gate;
		open.set(body, open.get(body)! - 1);
		return { body: { code: 200, message: 'success', timestamp: 1 } };
	});
	both = await Promise.all([startNodeRed(), startNodeRed()]);
	for (const one of both) await one.deploy(flow());
}, 180_000);
afterAll(async () => {
	await Promise.all(both?.map((one) => one.stop()) ?? []);
	await receiver?.close();
	await redis?.close();
}, 60_000);

const place = { z: 'tab', x: 0, y: 0 };
const storeAccount = (more: object = {}) => ({
	...{ id: 'redis', type: 'carillon-store-account', host: '127.0.0.1', port: String(redis.port), db: '0' },
	...{ tls: false, prefix: 'bells', credentials: { password: 'R3dis' } },
	...more,
});
const box = (more: object = {}) => ({
	...{ id: 'box', type: 'carillon-outbox', account: 'redis', store: 'auto', keepFor: 3, lane: '', lane_type: 'str' },
	...{ ordered: false, pace: '', repeatUnknown: true, language: 'en', ...place, wires: [['bark'], []] },
	...more,
});

const flow = (boxMore: object = {}, storeMore: object = {}) => [
	{ id: 'tab', type: 'tab', label: 'tab' },
	storeAccount(storeMore),
	{
		...{ id: 'account', type: 'carillon-bark-account', baseUrl: receiver.url, language: 'en' },
		credentials: { deviceKeys: 'known' },
	},
	{ id: 'in', type: 'http in', url: '/ring', method: 'post', ...place, wires: [['box']] },
	{ id: 'kept', type: 'complete', scope: ['box'], uncaught: false, ...place, wires: [['answer']] },
	{ id: 'failed', type: 'catch', scope: ['box'], uncaught: false, ...place, wires: [['say']] },
	{
		...{ id: 'say', type: 'change', ...place, wires: [['refuse']] },
		rules: [{ t: 'set', p: 'payload', pt: 'msg', to: 'error.message', tot: 'msg' }],
	},
	{ id: 'answer', type: 'http response', statusCode: '200', ...place, wires: [] },
	{ id: 'refuse', type: 'http response', statusCode: '500', ...place, wires: [] },
	box(boxMore),
	{ id: 'bark', type: 'carillon-bark', account: 'account', attempts: 1, ...place, wires: [[]] },
];

async function ring(host: NodeRed, body: string): Promise<string> {
	const reply = await fetch(`${host.nodes}/ring`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ body }),
	});
	return reply.status === 200 ? '' : await reply.text();
}

test('they behave as one: each message is delivered, once but for what the killed one was sending', async () => {
	const [first, second] = both as [NodeRed, NodeRed];
	const all = Array.from({ length: 40 }, (_, n) => `m${n}`);
	// Half of them are delivered in peace.
	for (const [n, body] of all.slice(0, 20).entries()) expect(await ring(both[n % 2]!, body)).toBe('');
	await until(() => counts.size === 20 && [...open.values()].every((count) => count === 0), 20_000);
	expect([...counts.values()].every((count) => count === 1)).toBe(true);

	// The others are under way in both when one of the two is killed.
	let release!: () => void;
	gate = new Promise((done) => (release = done));
	for (const body of all.slice(20)) expect(await ring(first, body)).toBe('');
	await until(() => [...open.values()].some((count) => count > 0), 20_000);
	await sleep(500);
	await first.kill();
	const inDoubt = new Set([...open].filter(([, count]) => count > 0).map(([body]) => body));
	gate = Promise.resolve();
	release();
	// What it had is free again after a minute.
	await until(() => all.every((body) => counts.has(body)), 120_000);
	await until(() => [...open.values()].every((count) => count === 0), 20_000);
	const doubled = [...counts].filter(([, count]) => count > 1).map(([body]) => body);
	expect(doubled.filter((body) => !inDoubt.has(body))).toEqual([]);
	expect(Math.max(...counts.values())).toBeLessThanOrEqual(2);

	// Nothing is left of them, and the other one goes on.
	expect(second.log()).not.toMatch(/Uncaught|unhandled/i);
	expect(await ring(second, 'after')).toBe('');
	await until(() => counts.get('after') === 1, 20_000);
}, 240_000);

test('a store that cannot be opened is the node’s error, with what to do; nothing is taken', async () => {
	const second = both[1]!;
	await second.deploy(flow({}, { credentials: { password: 'wr0ng-one' } }));
	expect(await ring(second, 'lost')).toMatch(/refuses the account.*Check user name, password/);
	await second.deploy(flow({ account: '', store: 'redis' }));
	expect(await ring(second, 'lost')).toMatch(/Choose the account of the Redis/);
	await second.deploy(flow({ account: 'gone' }));
	expect(await ring(second, 'lost')).toMatch(/account of the store is missing/);
	await second.deploy(flow({}, { port: '${NO_SUCH_PORT}' }));
	expect(await ring(second, 'lost')).toMatch(/NO_SUCH_PORT is not set/);
	expect(second.log()).not.toContain('wr0ng-one');
	// And a file needs nobody.
	await second.deploy(flow({ store: 'file' }));
	expect(await ring(second, 'in a file')).toBe('');
	await until(() => counts.get('in a file') === 1, 20_000);
	expect(counts.has('lost')).toBe(false);
	expect(second.isRunning()).toBe(true);
}, 120_000);
