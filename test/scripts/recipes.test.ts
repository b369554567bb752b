import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { definitions, root } from '../../scripts/definitions';
import { recipes } from '../../scripts/examples/recipes';
import type { Flow } from '../../src/core/define/flow';
import { isPassing, valuesOf, type Passing } from '../../src/core/define/passing';
import { stored } from '../../src/hosts/n8n/rows';
import { flowProperties, typeOf } from '../../src/hosts/node-red/properties';
import { flowBench } from '../flow/flowBench';
import { heldClock } from '../heldClock';

/** The examples of flow nodes as both hosts store them, run with a clock of the test's. */

const second = 1_000;
const hour = 3_600 * second;
const day = 24 * hour;
const flows = new Map(
	definitions().flatMap(({ kind, definition, id }) => (kind === 'flow' ? [[id, definition as Flow | Passing]] : [])),
);

interface Example {
	flow: Flow | Passing;
	/** As the host gives it to the node. */
	raw: Record<string, unknown>;
	place: 'message' | 'payload';
	/** Who is behind which output. */
	behind: string[][];
	/** What the trigger lets in. */
	events?: string[];
	texts: string;
}

const parsed = (host: string, file: string): unknown =>
	JSON.parse(readFileSync(join(root, 'examples', host, `${file}.json`), 'utf8'));

type RedNode = Record<string, unknown> & { id: string; type: string; wires: string[][] };

function ofNodeRed(file: string, id: string): Example {
	const nodes = parsed('node-red', file) as RedNode[];
	const flow = flows.get(id)!;
	const node = nodes.find(({ type }) => type === typeOf(id))!;
	const trigger = nodes.find(({ type }) => type === 'carillon-webhookTrigger')!;
	expect(trigger.wires).toEqual([[node.id]]);
	return {
		...{ flow, place: 'payload' as const },
		raw: Object.fromEntries(flowProperties(flow).map(({ name, key }) => [key, node[name]])),
		behind: node.wires.map((wires) => wires.map((to) => nodes.find((one) => one.id === to)!.type)),
		...((trigger.events as string[]).length > 0 && { events: trigger.events as string[] }),
		texts: nodes.map(({ name, info, label }) => [name, info, label].join('\n')).join('\n'),
	};
}

interface Workflow {
	name: string;
	nodes: { name: string; type: string; parameters: Record<string, unknown> }[];
	connections: Record<string, { main: { node: string }[][] }>;
}

function ofN8n(file: string, id: string): Example {
	const { name, nodes, connections } = parsed('n8n', file) as Workflow;
	const flow = flows.get(id)!;
	const ours = (wanted: string) => nodes.find(({ type }) => type === `@carillon/n8n-nodes-carillon.${wanted}`)!;
	const [node, trigger] = [ours(id), ours('webhookTrigger')];
	expect(connections[trigger.name]!.main).toEqual([[expect.objectContaining({ node: node.name })]]);
	const typeBehind = (to: string) =>
		nodes.find((one) => one.name === to)!.type.replace('@carillon/n8n-nodes-carillon.', 'carillon-');
	const { settings } = trigger.parameters as { settings?: { events?: string[] } };
	return {
		...{ flow, place: 'message' as const },
		raw: stored(flow.fields, (key) => node.parameters[key]),
		behind: connections[node.name]!.main.map((wires) => wires.map((wire) => typeBehind(wire.node))),
		...(settings?.events && { events: settings.events }),
		texts: [name, ...nodes.map(({ name, parameters }) => `${name}\n${String(parameters.content)}`)].join('\n'),
	};
}

const both = (file: string) => {
	const { node } = recipes.find((one) => one.file === file)!;
	return [ofNodeRed(file, node), ofN8n(file, node)];
};

/** In a flow that keeps something: what is rung, when. */
function running({ flow, raw, place, behind, events }: Example, from: string) {
	const made = flowBench(flow as Flow, { ...raw, timeZone: 'UTC' }, heldClock(Date.parse(from)));
	const pump = made.start();
	return {
		...made,
		pump,
		/** Through the trigger's filter. */
		ring: async (message: object, event?: { type: string; [more: string]: unknown }) => {
			if (events && !events.includes(event?.type ?? '')) return;
			const content = { [place]: message, ...(event && { event: { source: 'emby', time: '', ...event } }) };
			await made.put(content, {}, { place });
		},
		/** What went to a channel. */
		rung: () =>
			made.out.flatMap(({ output, content, at }) =>
				(behind[output] ?? []).map((channel) => {
					const message = content[place] as { title?: string; body?: string; fields?: object[] };
					return { channel, at: new Date(at).toISOString().slice(0, 16), ...message };
				}),
			),
	};
}

test.each(recipes.map(({ file, node }) => [file, node] as const))(
	'%s is the same in both hosts, told in both languages',
	(file, node) => {
		const [red, n8n] = [ofNodeRed(file, node), ofN8n(file, node)];
		expect(red.behind).toEqual(n8n.behind);
		expect(red.events).toEqual(n8n.events);
		const set = ({ flow, raw }: Example) =>
			isPassing(flow) ? valuesOf(flow, raw) : flowBench(flow, raw).valuesOf({});
		expect(set(red)).toEqual(set(n8n));
		for (const texts of [red.texts, n8n.texts]) {
			expect(texts).toMatch(/[a-z]{4}/);
			expect(texts).toMatch(/\p{Script=Han}{4}/u);
		}
	},
);

describe.each(['Node-RED', 'n8n'].map((host, at) => [host, at] as const))('in %s', (_, at) => {
	test('evening-episodes: new episodes come as one message an evening, one that came alone as it was', async () => {
		const { ring, rung, clock, pump } = running(both('evening-episodes')[at]!, '2026-11-27T09:00Z');
		const episode = (number: number, series = 'Severance') => ({
			...{ type: 'library.added' },
			item: { kind: 'episode', series, title: `Part ${number}`, season: 1, episode: number, ids: {} },
		});
		for (const number of [2, 3, 4, 5, 7]) {
			await ring({ title: `Severance ${number}`, body: 'x' }, episode(number));
			await clock.advance(hour);
		}
		await ring({ title: 'Somebody plays', body: 'x' }, { ...episode(1), type: 'playback.started' });
		await ring({ title: 'Andor 1', body: 'Its own text' }, episode(1, 'Andor'));
		expect(rung()).toEqual([]);
		await clock.advance(day);
		expect(rung()).toMatchObject([
			{ channel: 'carillon-bark', at: '2026-11-27T20:00', title: '📺 Severance S01E02–E05, E07 (5 new)' },
			{ channel: 'carillon-bark', at: '2026-11-27T20:00', title: 'Andor 1', body: 'Its own text' },
		]);
		// Nothing came, nothing is sent.
		await clock.advance(3 * day);
		expect(rung().length).toBe(2);
		await pump.close();
	});

	test('failing-tasks: the third failure is told, and the recovery', async () => {
		const { ring, rung, clock, pump } = running(both('failing-tasks')[at]!, '2026-11-27T09:00Z');
		const task = async (outcome: 'failed' | 'completed') => {
			await ring(
				{ title: `Backup ${outcome}`, body: 'x' },
				{ type: `task.${outcome}`, facts: { task: 'Backup' } },
			);
			await clock.advance(hour);
		};
		for (const outcome of ['failed', 'failed', 'completed', 'failed', 'failed'] as const) await task(outcome);
		expect(rung()).toEqual([]);
		for (const outcome of ['failed', 'failed', 'completed', 'completed'] as const) await task(outcome);
		expect(rung()).toMatchObject([
			{
				...{ channel: 'carillon-bark', at: '2026-11-27T14:00', title: 'Backup failed' },
				fields: [
					{ name: 'Failures in a row', value: '3' },
					{ name: 'Since', value: '2026-11-27 12:00' },
				],
			},
			{
				at: '2026-11-27T16:00',
				title: 'Backup completed',
				fields: [{ value: '4' }, { name: 'Lasted', value: '4 h 0 min' }],
			},
		]);
		await pump.close();
	});

	test('noon-batch: all of a day comes at twelve, counted, the failures first; nothing where nothing came', async () => {
		const { ring, rung, clock, pump } = running(both('noon-batch')[at]!, '2026-11-27T13:00Z');
		for (const [name, outcome] of [
			['Nest', 'completed'],
			['Alice', 'failed'],
			['Bob', 'completed'],
		] as const) {
			await ring(
				{ title: `QD ${name} ${outcome}`, body: 'log' },
				{ type: `task.${outcome}`, source: 'qd', facts: { task: name } },
			);
			await clock.advance(6 * hour);
		}
		await clock.advance(3 * day);
		expect(rung()).toMatchObject([
			{ channel: 'carillon-bark', at: '2026-11-28T12:00', title: '❌ 1 task failed, ✅ 2 tasks completed' },
		]);
		await ring({ title: 'QD Nest completed', body: 'log' }, { type: 'task.completed', facts: { task: 'Nest' } });
		await clock.advance(day);
		expect(rung()[1]).toMatchObject({ at: '2026-12-01T12:00', title: 'QD Nest completed' });
		await pump.close();
	});

	test('quiet-nights: what comes at night is released at eight, failures ring at once', async () => {
		const { ring, rung, clock, pump } = running(both('quiet-nights')[at]!, '2026-11-27T22:00Z');
		await ring({ title: 'Evening', body: 'x' });
		await clock.advance(hour);
		for (const title of ['One', 'Two']) await ring({ title, body: 'x', level: 'info' });
		await ring({ title: 'Fire', body: 'x', level: 'failure' });
		await clock.advance(day / 2);
		await ring({ title: 'Morning', body: 'x' });
		expect(rung().map(({ at, title }) => [at, title])).toEqual([
			['2026-11-27T22:00', 'Evening'],
			['2026-11-27T23:00', 'Fire'],
			['2026-11-28T08:00', '2 notifications'],
			['2026-11-28T11:00', 'Morning'],
		]);
		await pump.close();
	});

	test('message-switches: each of MoviePilot’s types goes where it is wired', () => {
		const { flow, raw, behind } = both('message-switches')[at]!;
		if (!isPassing(flow)) throw new Error('It keeps something.');
		const values = valuesOf(flow, raw);
		const toldOf = (type: string) =>
			flow
				.pass({ incoming: { title: 'x', body: 'x', type } }, values, () => undefined)
				.outputs.flatMap((output) => behind[output]!);
		expect(behind.length).toBe(9);
		for (const type of [
			'资源下载',
			'download.grabbed',
			'整理入库',
			'library.added',
			'订阅',
			'watch.added',
			'手动处理',
		])
			expect([type, toldOf(type)]).toEqual([type, ['carillon-bark']]);
		for (const type of ['站点', '媒体服务器', 'playback.started', '插件', '智能体', 'made.up'])
			expect([type, toldOf(type)]).toEqual([type, ['carillon-email']]);
	});
});
