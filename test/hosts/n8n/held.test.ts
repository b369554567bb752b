import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { definitions } from '../../../scripts/definitions';
import type { Flow } from '../../../src/core/define/flow';
import { isPassing, type Passing } from '../../../src/core/define/passing';
import { workbench, type Workbench } from './workbench';

/** Nodes that hold messages back, in n8n's engine; its pump runs in a whole n8n alone. */

const carillon = '@carillon/n8n-nodes-carillon';

let bench: Workbench;
beforeAll(async () => {
	bench = await workbench();
}, 120_000);
afterAll(() => bench?.close());

let ids = 0;

async function run(
	type: string,
	items: IDataObject[],
	parameters: object = {},
	more: { mode?: 'manual'; id?: string; node?: object } = {},
) {
	const { mode, id = `held${ids++}`, node } = more;
	const name = 'Held';
	const { runData, error } = await bench.run({
		items: items.map((json) => ({ json })) as Partial<INodeExecutionData>[],
		nodes: [{ name, id, type: `${carillon}.${type}`, parameters, ...node }],
		...(mode && { mode }),
	});
	const [ran] = runData[name] ?? [];
	const outputs = (ran?.data?.main ?? []).map((one) => (one ?? []).map(({ json }) => json));
	return { outputs, hints: (ran?.hints ?? []).map(({ message }) => message), error };
}

const episode = (number: number) => ({
	message: { title: `Severance ${number}`, body: 'x' },
	event: {
		...{ source: 'emby', type: 'library.added', rawType: 'x', time: '' },
		item: { kind: 'episode', series: 'Severance', title: `Part ${number}`, season: 1, episode: number, ids: {} },
	},
});

describe('Digest', () => {
	test('keeps what comes in, and says until when', async () => {
		const parameters = { when: 'at', times: '08:00', timeZone: 'Asia/Shanghai' };
		const { outputs, hints, error } = await run('digest', [episode(1), episode(2)], parameters);
		expect([outputs, error]).toEqual([[[]], undefined]);
		expect(hints).toEqual([expect.stringMatching(/^Kept: 2 under this key, until \d{4}-\d\d-\d\d \d\d:00:00\./)]);
	});

	test('run by hand it puts out at once what would come, and keeps nothing', async () => {
		const { outputs, hints } = await run('digest', [episode(1), episode(2), episode(4)], {}, { mode: 'manual' });
		expect(outputs).toMatchObject([[{ message: { title: '📺 Severance S01E01–E02, E04 (3 new)' } }]]);
		expect(hints).toEqual([expect.stringMatching(/nothing was kept/)]);
	});

	test('a command comes out of no output, be it one or not', async () => {
		for (const command of ['flush', 'reset', { flush: true }, { reset: 'some key' }]) {
			const { outputs, error } = await run('digest', [{ carillon: { command } }]);
			expect([outputs, error]).toEqual([[[]], undefined]);
		}
		for (const carillon of [
			{ command: 'explode' },
			{ command: 7 },
			{ command: ['flush'] },
			{ command: { flush: {} } },
		]) {
			const { outputs, error } = await run('digest', [{ carillon }]);
			expect(outputs.flat()).toEqual([]);
			expect(error?.message).toMatch(/A command is flush, reset or ack/);
		}
		expect((await run('digest', [{ carillon: { command: 'ack' } }])).error?.message).toMatch(/flush, reset/);
	});

	test('a key that cannot be told is the node’s error, and the other items are kept', async () => {
		const key = '={{ $json.bad ? $("Nowhere").item.json.x : "one" }}';
		const parameters = { group: 'key', key };
		const id = 'failing';
		const { error, hints } = await run('digest', [{}, { bad: true }, {}], parameters, {
			id,
			node: { onError: 'continueRegularOutput' },
		});
		expect(error).toBeUndefined();
		expect(hints).toEqual([expect.stringMatching(/^Kept: 2/)]);
		expect((await run('digest', [{ bad: true }], parameters, { id })).error?.message).toMatch(/\S/);
		expect((await run('digest', [{}], parameters, { id })).hints).toEqual([expect.stringMatching(/^Kept: 3/)]);
	});

	test('a time that does not exist is told at the field', async () => {
		const { error } = await run('digest', [{}], { when: 'at', times: '25:00' });
		expect(error?.message).toMatch(/“Times of Day” must be a time of day such as 08:00/);
	});
});

describe('Failure Threshold', () => {
	const task = (outcome: string) => ({
		message: { title: `Backup ${outcome}`, body: 'why' },
		event: { source: 'qd', type: `task.${outcome}`, facts: { task: 'Backup' } },
	});

	test('the third failure and the recovery come out of the first output, over several executions', async () => {
		const id = 'threshold';
		const what = async (...items: IDataObject[]) => {
			const { outputs, error } = await run('threshold', items, {}, { id });
			expect(error).toBeUndefined();
			return outputs.map((one) =>
				one.map(({ carillon }) => (carillon as { threshold?: object } | undefined)?.threshold),
			);
		};
		expect(await what(task('failed'), task('failed'))).toEqual([[], [undefined, undefined]]);
		expect(await what(task('failed'))).toMatchObject([[{ what: 'alert', failures: 3 }], []]);
		expect(await what({ carillon: { command: 'ack' } })).toEqual([[], []]);
		expect(await what(task('completed'))).toMatchObject([[{ what: 'recovered', failures: 3 }], []]);
		expect(await what({ message: { body: 'else' } })).toEqual([[undefined], []]);
	});

	test('run by hand it counts what it is given, and remembers nothing', async () => {
		const id = 'byHand';
		for (let n = 0; n < 2; n++) {
			const items = [task('failed'), task('failed'), task('failed')];
			const { outputs } = await run('threshold', items, {}, { id, mode: 'manual' });
			expect(outputs.map((one) => one.length)).toEqual([1, 2]);
		}
	});
});

describe('Quiet Hours', () => {
	const always = { from: '00:00', to: '00:00' };

	test('holds, silences or drops, and lets through what is urgent', async () => {
		const items = [{ message: { body: 'a' } }, { message: { body: 'fire', level: 'failure' } }];
		const held = await run('quietHours', items, always);
		expect(held.outputs).toEqual([[items[1]], []]);
		expect(held.hints).toEqual([expect.stringMatching(/^Kept: 1 under this key, until .* 00:00:00/)]);
		const silent = await run('quietHours', items, { ...always, during: 'silent' });
		expect(silent.outputs).toEqual([[{ message: { body: 'a', silent: true } }, items[1]], []]);
		const dropped = await run('quietHours', items, { ...always, during: 'drop' });
		expect(dropped.outputs).toEqual([[items[1]], [items[0]]]);
	});
});

describe('Dedupe', () => {
	const added = (source: string, path: string): IDataObject => ({
		message: { title: 'Metropolis', body: 'x', happening: 'hp-0123456789012345678901' },
		event: {
			...{ source, type: 'library.added', happening: 'hp-0123456789012345678901' },
			item: { kind: 'movie', title: 'Metropolis', ids: { tmdb: '19' }, path },
		},
	});
	const whats = (outputs: IDataObject[][]) =>
		outputs.map((one) =>
			one.map(({ carillon }) => (carillon as { dedupe?: { what: string } } | undefined)?.dedupe?.what),
		);

	test('over several executions, also where both tell of one happening', async () => {
		const id = 'dedupe';
		const first = await run('dedupe', [added('emby', '/a'), added('jellyfin', '/j/a')], {}, { id });
		expect([first.error, whats(first.outputs)]).toEqual([undefined, [[undefined], ['repeat']]]);
		expect(first.outputs[0]).toEqual([added('emby', '/a')]);
		const second = await run('dedupe', [added('emby', '/a'), added('emby', '/b')], {}, { id });
		expect(whats(second.outputs)).toEqual([['upgrade'], ['repeat']]);
		expect(second.outputs[0]).toMatchObject([
			{ message: { type: 'download.upgraded' }, event: { type: 'download.upgraded' } },
		]);
		expect((await run('dedupe', [{ carillon: { command: 'reset' } }], {}, { id })).outputs).toEqual([[], []]);
		expect(whats((await run('dedupe', [added('emby', '/b')], {}, { id })).outputs)).toEqual([[undefined], []]);
	});

	test('run by hand it knows what it is given alone', async () => {
		for (let n = 0; n < 2; n++) {
			const items = [added('emby', '/a'), added('emby', '/a')];
			const { outputs } = await run('dedupe', items, {}, { id: 'dedupeByHand', mode: 'manual' });
			expect(whats(outputs)).toEqual([[undefined], ['repeat']]);
		}
	});

	test('a window of 0 is told at the field', async () => {
		expect((await run('dedupe', [{}], { window: 0 })).error?.message).toMatch(/“Window \(Seconds\)”/);
	});
});

const all = definitions()
	.flatMap(({ kind, definition }) => (kind === 'flow' ? [definition as Flow | Passing] : []))
	.filter((flow): flow is Flow => !isPassing(flow));

describe.each(all.map((flow) => [flow.id, flow] as const))('%s, as every node that keeps something', (type, flow) => {
	/** What it would hold is held. */
	const calm = { from: '00:00', to: '00:00' };
	const carry = { onError: 'continueRegularOutput' };

	test('commands in whatever shape come out of no output; what is none, or of none of its shapes, is told', async () => {
		const known = (flow.commands ?? []).map((command) => ({ carillon: { command } }));
		const { outputs, error } = await run(type, known, calm);
		expect([outputs.flat(), error]).toEqual([[], undefined]);
		const others = ['flush', 'reset', 'ack'].filter((name) => !flow.commands?.some((own) => own === name));
		const foreign = [...others, 'explode', 7, ['flush'], {}].map((command) => ({ carillon: { command } }));
		const told = await run(type, foreign as IDataObject[], calm, { node: carry });
		expect(told.outputs.flat().map(({ error }) => error)).toEqual(
			foreign.map(() => expect.objectContaining({ class: 'Invalid', message: expect.stringMatching(/command/) })),
		);
		expect((await run(type, [foreign[0] as IDataObject], calm)).outputs.flat()).toEqual([]);
	});

	test('a message of whatever shape is kept, or goes on', async () => {
		const items: unknown[] = [
			{},
			{ message: null },
			{ message: 7 },
			{ message: [] },
			{ message: { body: 'x', type: 7 } },
			{ event: { type: 7 } },
		];
		const { outputs, error } = await run(type, items as IDataObject[], calm);
		expect(error).toBeUndefined();
		expect(outputs.flat().filter((json) => 'error' in json)).toEqual([]);
	});

	const [each] = flow.each ?? [];
	if (each !== undefined)
		test('an expression that fails is the node’s error, and the other items go on', async () => {
			const fails = { group: 'key', [each]: '={{ $json.bad ? $("Nowhere").item.json.x : "one" }}' };
			const { outputs, error } = await run(
				type,
				[{ n: 1 }, { bad: true }, { n: 2 }],
				{ ...calm, ...fails },
				{ node: carry },
			);
			expect(error).toBeUndefined();
			expect(outputs.flat().filter((json) => 'error' in json)).toMatchObject([{ bad: true }]);
			expect((await run(type, [{ bad: true }], { ...calm, ...fails })).error?.message).toMatch(/\S/);
		});
});
