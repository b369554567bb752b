import { join } from 'node:path';
import { borrowed } from '../../../src/core/state/borrowed';
import { stores } from '../../../src/core/state/lending';
import { sqliteStore } from '../../../src/core/state/sqlite';
import { definitions } from '../../../scripts/definitions';
import type { Flow } from '../../../src/core/define/flow';
import { isPassing, type Passing } from '../../../src/core/define/passing';
import { handOver } from '../../../src/core/deliver/flow/handover';
import { memoryStore } from '../../../src/core/state/memory';
import type { Held } from '../../../src/core/state/store';
import { dedupe } from '../../../src/flow/dedupe/dedupe.flow';
import { digest } from '../../../src/flow/digest/digest.flow';
import { quietHours } from '../../../src/flow/quietHours/quietHours.flow';
import { threshold } from '../../../src/flow/threshold/threshold.flow';
import { channelSet } from '../../../src/hosts/node-red/channel-node';
import { flowSet } from '../../../src/hosts/node-red/flow-node';
import { flowProperties } from '../../../src/hosts/node-red/properties';
import type { Config, Msg } from '../../../src/hosts/node-red/red';
import { temporary, workerFile } from '../../core/state/stores';
import { service, type Service } from '../../service';
import { bell } from './bell';
import { calls, load, nodeRed, until } from './runtime';

/** Nodes that hold messages back, in Node-RED's runtime. */

const lendHere = () => stores.lend(file, () => sqliteStore({ file, worker: workerFile() }));
jest.mock('../../../src/hosts/node-red/stores', () => ({
	storeOf: () => lendHere(),
	lastingOf: () => borrowed(() => lendHere()),
}));

let file: string;
let remove: () => void;
let bellService: Service;

beforeAll(() => nodeRed().startServer());
afterAll(() => nodeRed().stopServer());
beforeEach(async () => {
	const made = temporary();
	[file, remove] = [join(made.folder, 'carillon.db'), made.remove];
	bellService = await service(() => ({ body: { ok: true, id: 7 } }));
});
afterEach(async () => {
	await nodeRed().unload();
	await bellService.close();
	remove();
});

const initial = (flow: Flow) =>
	Object.fromEntries(flowProperties(flow).map(({ name, initial: { value } }) => [name, value]));

/** held → first; a second output → second. */
async function start(flow: Flow, config: Partial<Config> = {}) {
	const place = { z: 'tab', x: 0, y: 0 };
	const nodes: Partial<Config>[] = [
		{ id: 'tab', type: 'tab', label: 'tab' },
		{
			...{ id: 'held', type: `carillon-${flow.id}`, ...place, ...initial(flow) },
			...{ wires: [['first'], ['second']].slice(0, flow.outputs.length), ...config },
		},
		{ id: 'first', ...place, type: 'helper' },
		{ id: 'second', ...place, type: 'helper' },
		{ id: 'acc', type: 'carillon-bell-account', baseUrl: bellService.url, port: 443, plan: 'free' },
		{ id: 'bell', ...place, type: 'carillon-bell', account: 'acc', attempts: 1, wires: [['second']] },
	];
	nodes.push(
		{ id: 'complete', ...place, type: 'complete', scope: ['held'], uncaught: false, wires: [['completed']] },
		{ id: 'completed', ...place, type: 'helper' },
	);
	await load([channelSet(bell), flowSet(flow)], nodes, { acc: { token: 'T0ken' } });
	const came = (id: string) => {
		const all: Msg[] = [];
		nodeRed()
			.getNode(id)
			.on('input', (msg: Msg) => void all.push(msg));
		return all;
	};
	const send = (msg: Msg) => nodeRed().getNode('held').receive(msg);
	return { send, first: came('first'), second: came('second'), completed: came('completed') };
}
const statuses = () => calls<{ text?: string }>('held', 'status').map(({ text }) => text);

const episode = (number: number) => ({
	payload: {
		...{ title: `Severance ${number}`, body: 'x' },
		image: { data: Buffer.from([0xff, 0xd8, number]), name: 'p.jpg' },
	},
	event: {
		...{ source: 'emby', type: 'library.added', rawType: 'x', time: '' },
		item: { kind: 'episode', series: 'Severance', title: `Part ${number}`, season: 1, episode: number, ids: {} },
	},
	call: () => 1,
});

describe('Digest', () => {
	test('what came together comes as one, with the picture; below the node stands how many wait, until when', async () => {
		const { send, first } = await start(digest, { quiet: 1 });
		for (const number of [1, 2, 4]) send(episode(number));
		await until(() => first.length === 1, 15_000);
		expect(first[0]).toMatchObject({
			payload: {
				title: '📺 Severance S01E01–E02, E04 (3 new)',
				image: { data: Buffer.from([0xff, 0xd8, 1]), name: 'p.jpg' },
			},
			carillon: { digest: { count: 3 } },
		});
		expect(statuses()).toEqual(
			expect.arrayContaining([
				expect.stringMatching(/^3 waiting → \d\d:\d\d$/),
				expect.stringMatching(/^released \d\d:\d\d$/),
			]),
		);
	});

	test('commands let out or discard, and come out of no output', async () => {
		const { send, first } = await start(digest, {
			quiet: 3_600,
			maxWait: 7_200,
			group: 'key',
			key: 'topic',
			key_type: 'msg',
		});
		for (const topic of ['a', 'a', 'b', 'b']) send({ payload: `of ${topic}`, topic });
		await until(() => statuses().filter((text) => /^2 waiting/.test(text ?? '')).length > 0);
		send({ payload: 'x', flush: 'a' });
		await until(() => first.length === 1);
		expect(first[0]).toMatchObject({ payload: { title: '2 notifications', body: '- a  \n  of a\n- a  \n  of a' } });
		send({ payload: 'x', reset: true });
		await until(() => statuses().includes('nothing waits'));
		send({ payload: 'x', flush: true });
		send({ payload: 'x', flush: { when: 'now' } });
		send({ payload: 'x', ack: true });
		await until(() => calls<string>('held', 'error').length >= 2);
		expect(calls<Error | string>('held', 'error').map(String)).toEqual([
			expect.stringMatching(/A command is flush, reset or ack/),
			expect.stringMatching(/flush, reset/),
		]);
		// A message that says that it is none is one.
		send({ payload: 'later', topic: 'c', flush: false });
		await until(() => statuses().at(-1)?.startsWith('1 waiting') ?? false);
		expect(first.length).toBe(1);
	});

	test('what is under way to a channel when the node is stopped does not come again', async () => {
		const { send } = await start(digest, { quiet: 1, wires: [['bell']] });
		send({ payload: 'one' });
		await until(() => bellService.requests.length === 1, 15_000);
		await nodeRed().unload();
		const again = await start(digest, { quiet: 1, wires: [['bell']] });
		again.send({ payload: 'two' });
		await until(() => bellService.requests.length === 2, 15_000);
		expect(bellService.requests.map(({ json }) => json.body)).toEqual(['one', 'two']);
	});

	test('a key that cannot be evaluated is the node’s error, and what waits stays', async () => {
		const { send, first } = await start(digest, {
			...{ quiet: 3_600, maxWait: 7_200, group: 'key', key: '$error("no key")', key_type: 'jsonata' },
		});
		send({ payload: 'x' });
		await until(() => calls<string>('held', 'error').length === 1);
		expect(String(calls<Error>('held', 'error')[0])).toMatch(/“Key” cannot be evaluated: .*no key/);
		expect(first).toEqual([]);
	});

	test('a time that does not exist is said when it is deployed', async () => {
		await start(digest, { when: 'at', times: '25:00', language: 'zh' });
		expect(calls<string>('held', 'error')).toEqual([expect.stringMatching(/“时刻”必须是一天中的时刻/)]);
	});
});

describe('Failure Threshold', () => {
	const task = (outcome: string) => ({
		payload: { title: `Backup ${outcome}`, body: 'why' },
		event: { source: 'qd', type: `task.${outcome}`, facts: { task: 'Backup' } },
	});

	test('counts over a restart, tells, reminds by the clock, and tells that it has recovered', async () => {
		const before = await start(threshold);
		for (let n = 0; n < 2; n++) before.send(task('failed'));
		await until(() => before.second.length === 2);
		await nodeRed().unload();
		const { send, first } = await start(threshold, { remindAfter: 1 });
		const res = { end: () => undefined };
		send({ ...task('failed'), res, image: Buffer.from('bytes') });
		await until(() => first.length === 2, 15_000);
		send({ payload: 'x', ack: 'qd · Backup' });
		send(task('completed'));
		const what = () => first.map(({ carillon }) => (carillon as { threshold: { what: string } }).threshold.what);
		await until(() => what().includes('recovered'));
		expect(what()[0]).toBe('alert');
		expect(new Set(what().slice(1, -1))).toEqual(new Set(['reminder']));
		// Whoever waits for an answer to the request gets it behind this node.
		expect(first[0]).toMatchObject({
			payload: { title: 'Backup failed', fields: [{ name: 'Failures in a row', value: '3' }, {}] },
			image: Buffer.from('bytes'),
		});
		expect(first[0]!.res).toBeDefined();
		expect(statuses()).toContain('To Tell');
	});
});

describe('Quiet Hours', () => {
	test('holds through a restart, and lets out what is held when it is told to', async () => {
		const always = { from: '00:00', to: '00:00', release: 'each' };
		const before = await start(quietHours, always);
		for (const payload of ['a', 'b']) before.send({ payload });
		before.send({ payload: { body: 'fire', level: 'failure' } });
		await until(() => before.first.length === 1);
		expect(before.first[0]).toMatchObject({ payload: { body: 'fire' } });
		expect(statuses()).toContainEqual(expect.stringMatching(/^2 waiting → .*00:00$/));
		await nodeRed().unload();
		const { send, first } = await start(quietHours, always);
		send({ payload: 'x', flush: true });
		await until(() => first.length === 2);
		expect(first.map(({ payload }) => payload)).toEqual(['a', 'b']);
	});
});

describe('Dedupe', () => {
	const added = (path = '/films/a.mkv') => ({
		payload: { title: 'Metropolis', body: 'x', happening: 'hp-0123456789012345678901' },
		event: {
			...{ source: 'emby', type: 'library.added', happening: 'hp-0123456789012345678901' },
			item: { kind: 'movie', title: 'Metropolis', ids: { tmdb: '19' }, path },
		},
	});

	test('remembers over a restart; a repeat is one also where both tell of one happening', async () => {
		const before = await start(dedupe);
		before.send(added());
		before.send(added());
		await until(() => before.first.length + before.second.length === 2);
		expect([before.first.length, before.second.length]).toEqual([1, 1]);
		await nodeRed().unload();
		const { send, first, second } = await start(dedupe);
		const res = { end: () => undefined };
		send({ ...added(), image: Buffer.from('bytes'), res });
		send(added('/films/b.mkv'));
		await until(() => first.length + second.length === 2);
		expect(second[0]).toMatchObject({
			image: Buffer.from('bytes'),
			carillon: { dedupe: { what: 'repeat', times: 2 } },
		});
		expect(second[0]!.res).toBeDefined();
		expect(first[0]).toMatchObject({
			payload: { type: 'download.upgraded', fields: [{ name: 'Upgrade', value: 'another file' }] },
			event: { type: 'download.upgraded' },
		});
		expect(statuses()).toEqual(expect.arrayContaining(['First', 'Repeats']));
	});

	test('what another node lets out once more goes the way that it went before', async () => {
		const { send, first, second } = await start(dedupe);
		const store = memoryStore();
		const batch = { id: 'batch', scope: 'outbox' } as Held;
		const judge = () => Promise.resolve({ later: 0 });
		for (const attempt of [1, 2]) {
			const handover = handOver(batch.id, { store, batch, holder: 'me', judge });
			// By two wires.
			for (let wire = 0; wire < 2; wire++) send({ ...added(), carillon: { batch: batch.id } });
			await until(() => first.length === attempt && second.length === attempt);
			await handover.end();
		}
		send({ ...added(), carillon: { batch: batch.id } });
		await until(() => second.length === 3);
		expect(first.length).toBe(2);
		await store.close();
	});

	test('reset forgets, a command that it does not know is refused; neither comes out', async () => {
		const { send, first, second } = await start(dedupe);
		send(added());
		await until(() => first.length === 1);
		send({ payload: 'x', reset: true });
		await until(() => statuses().includes('reset'));
		send({ payload: 'x', flush: true });
		await until(() => calls<string>('held', 'error').length === 1);
		expect(String(calls<Error>('held', 'error')[0])).toMatch(/Dedupe knows these commands: reset/);
		send(added());
		await until(() => first.length === 2);
		expect(second).toEqual([]);
	});
});

const all = definitions()
	.flatMap(({ kind, definition }) => (kind === 'flow' ? [definition as Flow | Passing] : []))
	.filter((flow): flow is Flow => !isPassing(flow));

describe.each(all.map((flow) => [flow.id, flow] as const))('%s, as every node that keeps something', (_id, flow) => {
	const errors = () => calls<Error | string>('held', 'error').map(String);
	/** Nothing is due before somebody says so. */
	const calm = { quiet: 3_600, maxWait: 7_200, from: '00:00', to: '00:00' };

	test('commands in whatever shape come out of no output; what is none, or of none of its shapes, is told', async () => {
		const { send, first, second } = await start(flow, calm);
		const commands = flow.commands ?? [];
		for (const name of ['flush', 'reset', 'ack'])
			for (const msg of [{ [name]: true }, { [name]: 'a key' }, { carillon: { command: name } }])
				send({ payload: 'command', ...msg });
		for (const command of ['explode', 7, ['flush'], {}]) send({ payload: 'command', carillon: { command } });
		await until(() => errors().length === 3 * (3 - commands.length) + 4);
		for (const error of errors()) expect(error).toMatch(/command/);
		expect([first, second]).toEqual([[], []]);
	});

	test('a message of whatever shape is kept, or goes on', async () => {
		const { send, completed } = await start(flow, calm);
		const payloads = [
			undefined,
			null,
			'',
			7,
			[],
			{},
			{ body: 'x' },
			{ title: 'x' },
			{ type: 7, body: 'x' },
			Buffer.of(1),
		];
		for (const payload of payloads) send({ payload });
		send({ payload: 'x', event: { type: 7 } });
		await until(() => completed.length === payloads.length + 1);
		expect(errors()).toEqual([]);
	});

	const [each] = flow.each ?? [];
	if (each !== undefined)
		test('an expression that fails is the node’s error, and the next message goes on', async () => {
			const fails = { [each]: '$lookup(payload, "bad") ? $error("no key") : "one"', [`${each}_type`]: 'jsonata' };
			const { send, completed } = await start(flow, { ...calm, group: 'key', ...fails });
			send({ payload: { body: 'x', bad: true } });
			await until(() => errors().length === 1);
			expect(errors()).toEqual([expect.stringMatching(/cannot be evaluated: .*no key/)]);
			send({ payload: { body: 'x' } });
			await until(() => completed.length === 1);
			expect(errors().length).toBe(1);
		});
});
