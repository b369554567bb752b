import type { IDataObject } from 'n8n-workflow';
import { redisStore } from '../../../src/core/state/redis';
import { redisServer, type Server } from '../../core/state/redisServer';
import { workbench, type Workbench } from './workbench';

/** Where an Outbox keeps what it has: n8n's own engine, a real Redis. */

const carillon = '@carillon/n8n-nodes-carillon';
const credential = 'carillonStoreApi';

let redis: Server;
let bench: Workbench;
let queue: Workbench;

beforeAll(async () => {
	redis = await redisServer('--requirepass', 'R3dis', '--maxmemory-policy', 'noeviction', '--appendonly', 'yes');
	bench = await workbench();
	queue = await workbench({
		...{ EXECUTIONS_MODE: 'queue', QUEUE_BULL_REDIS_HOST: '127.0.0.1', QUEUE_BULL_REDIS_PASSWORD: 'R3dis' },
		QUEUE_BULL_REDIS_PORT: String(redis.port),
	});
}, 120_000);
afterAll(async () => {
	await Promise.all([bench?.close(), queue?.close()]);
	await redis?.close();
});

const account = (more: object = {}) => ({
	...{ host: '127.0.0.1', port: redis.port, username: '', password: 'R3dis', db: 0, tls: false, prefix: 'bells' },
	...more,
});

async function run(parameters: object, { named, on = bench }: { named?: object; on?: Workbench } = {}) {
	const { runData, error } = await on.run({
		items: [{ json: { message: 'ding' } }],
		nodes: [
			{
				...{ name: 'Outbox', id: 'box', type: `${carillon}.outbox`, parameters },
				...(named && { credentials: { [credential]: { id: 'c', name: 'Redis' } } }),
			},
		],
		...(named && { credentials: { [credential]: named } }),
	});
	const items = runData.Outbox?.[0]?.data?.main?.[0] ?? [];
	return { listed: items.map((item) => item.json), error };
}

const listing = (more: object = {}): IDataObject => ({
	...{ operation: 'list', ofNode: { __rl: true, mode: 'id', value: 'w:box' }, which: 'waiting' },
	...more,
});

test('with an account it is the Redis of that; without one a file, which knows nothing of it', async () => {
	expect((await run({}, { named: account() })).error).toBeUndefined();
	const { listed } = await run(listing(), { named: account() });
	expect(listed).toMatchObject([{ state: 'waiting', content: { message: 'ding' } }]);
	expect((await run(listing())).listed).toEqual([]);
	expect((await run(listing({ store: 'file' }), { named: account() })).listed).toEqual([]);
	expect((await run(listing(), { named: account({ prefix: 'others' }) })).listed).toEqual([]);
});

test('what cannot be opened is the node’s error, with what to do', async () => {
	const refused = await run({}, { named: account({ password: 'wr0ng-one' }) });
	expect(refused.error?.message).toMatch(/refuses the account.*Check user name, password/);
	expect(JSON.stringify(refused.error)).not.toContain('wr0ng-one');
	expect((await run({ store: 'redis' })).error?.message).toMatch(/Choose the account of the Redis/);
	expect((await run({ store: 'redis', language: 'zh' })).error?.message).toMatch(/请在节点中选择 Redis 的账号/);
});

test('in queue mode it is n8n’s own Redis, and a file is refused with what to do', async () => {
	expect((await run({}, { on: queue })).error).toBeUndefined();
	expect((await run(listing(), { on: queue })).listed).toMatchObject([{ content: { message: 'ding' } }]);
	// Of another prefix than that of the account.
	expect((await run(listing(), { on: queue, named: account() })).listed).toHaveLength(1);
	const { error } = await run({ store: 'file' }, { on: queue });
	expect(error?.message).toMatch(/queue mode.*Choose “Automatic”/);
});

test('the credential’s own test says whether it works', async () => {
	const node = 'outbox';
	expect(await bench.testCredential({ node, data: account() })).toMatchObject({ status: 'OK' });
	expect(await bench.testCredential({ node, data: account({ password: 'wr0ng-one' }) })).toEqual({
		...{ status: 'Error', message: expect.stringMatching(/refuses the account/) },
	});
	expect(await bench.testCredential({ node, data: account({ port: 1 }) })).toEqual({
		...{ status: 'Error', message: expect.stringMatching(/127\.0\.0\.1:1/) },
	});
}, 30_000);

describe('in a workflow that is not published', () => {
	const place = () => ({ host: '127.0.0.1', port: redis.port, password: 'R3dis', prefix: 'unpublished' });
	const always = { from: '00:00', to: '00:00' };
	const failed = { message: 'down', event: { source: 'qd', type: 'task.failed', facts: { task: 'Backup' } } };
	const keeping: [type: string, parameters: object, items: IDataObject[]][] = [
		['outbox', {}, [{ message: 'ding' }]],
		['digest', {}, [{ message: 'ding' }]],
		['quietHours', always, [{ message: 'ding' }]],
		['threshold', { remindAfter: 60 }, [failed, failed, failed]],
	];
	const hintsOf = async (type: string, id: string, parameters: object, items: IDataObject[]) => {
		const { runData, error } = await bench.run({
			items: items.map((json) => ({ json })),
			nodes: [
				{
					...{ name: 'Keeps', id, type: `${carillon}.${type}`, parameters },
					credentials: { [credential]: { id: 'c', name: 'Redis' } },
				},
			],
			credentials: { [credential]: account({ prefix: 'unpublished' }) },
		});
		expect(error).toBeUndefined();
		return (runData.Keeps?.[0]?.hints ?? []).map(({ message, type: kind }) => `${kind}: ${message}`);
	};

	test.each(keeping)('%s says that what it keeps stays there', async (type, parameters, items) => {
		const store = redisStore(place());
		const long = redisStore({ ...place(), clockOf: () => Date.now() - 3_600_000 });
		try {
			const said = [expect.stringMatching(/^warning: Kept.*does not look published: .* comes out once it is/)];
			expect(await hintsOf(type, `${type}-never`, parameters, items)).toEqual(said);
			// It was, an hour ago.
			await long.heartbeat(`w:${type}-before`, 's');
			expect(await hintsOf(type, `${type}-before`, parameters, items)).toEqual(said);
			await store.heartbeat(`w:${type}-is`, 's');
			expect(await hintsOf(type, `${type}-is`, parameters, items)).not.toContainEqual(
				expect.stringMatching(/published: /),
			);
		} finally {
			await Promise.all([store.close(), long.close()]);
		}
	});

	test('what keeps nothing says nothing', async () => {
		const urgent = { message: { body: 'fire', level: 'failure' } };
		expect(await hintsOf('quietHours', 'urgent', always, [urgent])).toEqual([]);
		expect(await hintsOf('threshold', 'once', {}, [failed])).toEqual([]);
	});
});
