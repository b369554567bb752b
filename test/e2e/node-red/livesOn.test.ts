import { setTimeout as sleep } from 'node:timers/promises';
import { definitions } from '../../../scripts/definitions';
import type { Channel } from '../../../src/core/define/channel';
import { credentialType } from '../../../src/hosts/n8n/names';
import type { Config } from '../../../src/hosts/node-red/red';
import { callers, type Caller } from '../../core/sockets/callers';
import { doorman, type Doorman, type Says } from '../../core/sockets/doorman';
import { silence } from '../../core/sockets/silence';
import { parametersOf } from '../../hosts/n8n/parameters';
import { workbench } from '../../hosts/n8n/workbench';
import { nodesOf, triggerNodesOf, type Nodes } from '../../hosts/node-red/filled';
import { startNodeRed, type NodeRed } from '../../hosts/node-red/nodeRed';
import { until } from '../../hosts/node-red/runtime';
import { placeOf, sampleOf } from '../../sample';
import { service } from '../../service';

/** s: after which nothing of what was ended may be left, and for how long that is watched. */
const seconds = { grace: 2, watched: 10 };

/** How a service keeps a trigger from its work. `later`: it refuses once the trigger has been trying for a while. */
const moods: Readonly<Record<string, Says | 'later'>> = {
	refuses: 401,
	later: 'later',
	fails: 503,
	silent: 'nothing',
	away: 'goodbye',
};

type Deploy = 'full' | 'flows' | 'nodes';

/** What becomes of a node in the next deploy, and how that is deployed. */
const ends: Readonly<
	Record<string, { deploy: Deploy; node?: Partial<Config>; tab?: object; elsewhere?: true; gone?: true }>
> = {
	'changed, full': { deploy: 'full', elsewhere: true },
	'changed, flows': { deploy: 'flows', elsewhere: true },
	'changed, nodes': { deploy: 'nodes', elsewhere: true },
	'tab disabled': { deploy: 'flows', tab: { disabled: true } },
	'node disabled': { deploy: 'nodes', node: { d: true } },
	deleted: { deploy: 'nodes', gone: true },
};

let nodeRed: NodeRed;
beforeAll(async () => void (nodeRed = await startNodeRed()), 120_000);
afterAll(() => nodeRed.stop());

async function deploy(type: Deploy, flows: readonly Partial<Config>[]): Promise<void> {
	const started = () => nodeRed.log().match(/Started (modified )?(flows|nodes)/g)?.length ?? 0;
	const before = started();
	const reply = await fetch(`${nodeRed.url}flows`, {
		method: 'POST',
		headers: { 'content-type': 'application/json', 'node-red-deployment-type': type, connection: 'close' },
		body: JSON.stringify(flows),
	});
	expect([reply.status, reply.ok ? '' : await reply.text()]).toEqual([204, '']);
	await until(() => started() > before, 30_000);
}

/** With the credentials in their nodes, as an editor sends what it knows nothing of yet. */
const withCredentials = ({ flow, credentials }: Nodes): Partial<Config>[] =>
	flow.map((node) => ({ ...node, ...(credentials[node.id!] && { credentials: credentials[node.id!] }) }));

/** Without a place Node-RED takes a node for an account. */
const at = { x: 0, y: 0 };

/** Asks the process itself what keeps it busy. */
const witness: Partial<Config>[] = [
	{ id: 'witnessTab', type: 'tab', label: 'witness' },
	{ id: 'ask', z: 'witnessTab', ...at, type: 'http in', url: '/busy', method: 'get', wires: [['count']] },
	{
		id: 'count',
		z: 'witnessTab',
		...at,
		type: 'function',
		func: 'msg.payload = process.getActiveResourcesInfo(); return msg;',
		libs: [{ var: 'process', module: 'process' }],
		wires: [['say']],
	},
	{ id: 'say', z: 'witnessTab', ...at, type: 'http response', wires: [] },
];

/** Timers, and connections that it made itself. */
async function busy(): Promise<{ timers: number; calls: number }> {
	const reply = await fetch(`${nodeRed.nodes}/busy`, { headers: { connection: 'close' } });
	const all = (await reply.json()) as string[];
	const count = (kind: string) => all.filter((each) => each === kind).length;
	// The connection on which it is asked is one of them.
	return { timers: count('Timeout'), calls: count('TCPSocketWrap') - 1 };
}

const tab = (id: string, more: object = {}) => ({ id, type: 'tab', label: id, ...more });

describe('a trigger that connects', () => {
	interface One {
		id: string;
		caller: Caller;
		mood: string;
		end: string;
		door: Doorman;
	}

	const tabOf = ({ mood, end }: Pick<One, 'mood' | 'end'>) => `${mood} ${end}`.replace(/\W+/g, '-');
	const nodesFor = ({ id, caller, end, mood, door }: One, url = door.url): Partial<Config>[] =>
		withCredentials(
			triggerNodesOf(caller.trigger, id, caller.account(url), { ...caller.options(url), repeatWindow: 60 }),
		).map((node) =>
			'z' in node ? { ...node, z: tabOf({ mood, end }), name: id, path: `/${id}`, socketPath: id } : node,
		);

	test('leaves nothing behind, however its service is and whatever becomes of its flow', async () => {
		await deploy('full', witness);
		const idle = await busy();
		const elsewhere = await doorman('nothing');
		const all: One[] = [];
		for (const [at, caller] of callers().entries())
			for (const [mood, says] of Object.entries(moods))
				for (const end of Object.keys(ends)) {
					const door = await doorman(says === 'later' ? 503 : says);
					all.push({ id: `${caller.trigger.id}${at}-${tabOf({ mood, end })}`, caller, mood, end, door });
				}
		let flows: Partial<Config>[] = [
			...witness,
			...Object.keys(moods).flatMap((mood) => Object.keys(ends).map((end) => tab(tabOf({ mood, end })))),
			...all.flatMap((one) => nodesFor(one)),
		];
		await deploy('full', flows);
		const dialling = () =>
			new Set(all.filter(({ door }) => door.tries.length > 0).map(({ caller }) => caller.name));
		await until(() => dialling().size >= 4, 30_000);
		await sleep(2_000);
		for (const { door, mood } of all) if (moods[mood] === 'later') door.says = 401;
		await sleep(3_000);
		expect(Math.max(...all.map(({ door }) => door.tries.length))).toBeLessThanOrEqual(20);

		for (const [end, { deploy: how, node = {}, tab: ofTab, elsewhere: moves, gone }] of Object.entries(ends)) {
			const ids = new Set(all.filter((one) => one.end === end).flatMap(({ id }) => [id, `${id}-account`]));
			const tabs = new Set(all.filter((one) => one.end === end).map(tabOf));
			const moved = moves && all.filter((one) => one.end === end).flatMap((one) => nodesFor(one, elsewhere.url));
			flows = flows.flatMap((each) => {
				if (tabs.has(each.id!)) return [{ ...each, ...ofTab }];
				if (!ids.has(each.id!)) return [each];
				if (gone) return [];
				return [moved?.find(({ id }) => id === each.id) ?? { ...each, ...('z' in each && node) }];
			});
			await deploy(how, flows);
		}
		await sleep(seconds.grace * 1_000);
		const [before, log] = [new Map(all.map((one) => [one.id, one.door.tries.length])), nodeRed.log().length];
		await sleep(seconds.watched * 1_000);
		const asking = all.filter(({ id, door }) => door.tries.length > before.get(id)! || door.waiting > 0);
		expect(asking.map(({ id }) => id)).toEqual([]);
		// What was changed runs on, as it was changed.
		expect(elsewhere.tries.length).toBeGreaterThan(0);
		const said = nodeRed.log().slice(log);
		expect(all.filter(({ id, end }) => !ends[end]!.elsewhere && said.includes(id)).map(({ id }) => id)).toEqual([]);

		await deploy('full', witness);
		await sleep(seconds.grace * 1_000);
		const left = await busy();
		expect([left.timers <= idle.timers, left.calls <= idle.calls, left]).toEqual([true, true, left]);
		expect([elsewhere, ...all.map(({ door }) => door)].filter(({ waiting }) => waiting > 0)).toEqual([]);
		expect(nodeRed.log()).not.toMatch(/uncaught|unhandled/i);
		expect(nodeRed.isRunning()).toBe(true);
		await Promise.all([elsewhere, ...all.map(({ door }) => door)].map((door) => door.down()));
	}, 300_000);
});

/** As `silence`, a service that has no time: whoever asks waits, and asks again. */
async function overload() {
	const door = await doorman(503);
	return {
		port: Number(new URL(door.url).port),
		get tries() {
			return door.tries.length;
		},
		get waiting() {
			return door.waiting;
		},
		down: door.down,
	};
}

describe('a channel that is sending', () => {
	const channels = definitions().flatMap(({ definition }) =>
		definition.type === 'channel' && (definition as Channel).transport !== 'local' ? [definition as Channel] : [],
	);
	const services = { silent: silence, 'without time': overload };

	interface Sending {
		id: string;
		channel: Channel;
		end: string;
		account: Record<string, unknown>;
		options: Record<string, unknown>;
		target: Awaited<ReturnType<typeof silence>>;
	}

	/** Each channel towards each service, once for each of the ends. */
	async function sendings(ways: readonly string[]): Promise<Sending[]> {
		const sampler = await service(() => ({ status: 500 }));
		const all: Sending[] = [];
		for (const channel of channels) {
			const sampled = placeOf(channel, '127.0.0.1', Number(new URL(sampler.url).port));
			const { account, options } = await sampleOf(channel, sampled);
			for (const [name, open] of Object.entries(services)) {
				if (channel.transport !== 'http' && open === overload) continue;
				for (const end of ways) {
					const target = await open();
					const id = `${channel.id}-${name}-${end}`.replace(/\W+/g, '-');
					const place = placeOf(channel, '127.0.0.1', target.port);
					all.push({ id, channel, end, account: { ...account, ...place }, options, target });
				}
			}
		}
		await sampler.close();
		return all;
	}

	async function nothingMore(all: readonly Sending[]): Promise<void> {
		await sleep(seconds.grace * 1_000);
		const before = new Map(all.map(({ id, target }) => [id, target.tries]));
		await sleep(seconds.watched * 1_000);
		const left = all.filter(({ id, target }) => target.tries > before.get(id)! || target.waiting > 0);
		expect(left.map(({ id }) => id)).toEqual([]);
		expect(all.filter(({ target }) => target.tries === 0).map(({ id }) => id)).toEqual([]);
	}

	test('leaves nothing behind in Node-RED, whatever becomes of its flow', async () => {
		await deploy('full', witness);
		const idle = await busy();
		const all = await sendings(Object.keys(ends));
		const tabs = Object.fromEntries(Object.keys(ends).map((end) => [end, end.replace(/\W+/g, '-')]));
		const ring = Object.entries(tabs).flatMap(([end, id]) => [
			tab(id),
			{
				id: `${id}-in`,
				z: id,
				...at,
				type: 'inject',
				repeat: '',
				once: false,
				payload: 'ding',
				payloadType: 'str',
				wires: [all.filter((one) => one.end === end).map((one) => one.id)],
			},
		]);
		let flows: Partial<Config>[] = [
			...witness,
			...ring,
			...all.flatMap(({ id, channel, end, account, options }) =>
				withCredentials(nodesOf(channel, id, account, { options })).map((node) =>
					'z' in node ? { ...node, z: tabs[end], name: id, failures: false, wires: [[]] } : node,
				),
			),
		];
		await deploy('full', flows);
		for (const [end, { deploy: how, node = {}, tab: ofTab, elsewhere, gone }] of Object.entries(ends)) {
			const own = all.filter((one) => one.end === end);
			await nodeRed.inject(`${tabs[end]}-in`);
			await until(() => own.every(({ target }) => target.tries > 0), 20_000);
			const ids = new Set(own.map(({ id }) => id));
			flows = flows.flatMap((each) => {
				if (each.id === tabs[end]) return [{ ...each, ...ofTab }];
				if (!ids.has(each.id!)) return [each];
				return gone ? [] : [{ ...each, ...node, ...(elsewhere && { title: 'changed', title_type: 'str' }) }];
			});
			await deploy(how, flows);
		}
		await nothingMore(all);
		await deploy('full', witness);
		await sleep(seconds.grace * 1_000);
		const left = await busy();
		expect([left.timers <= idle.timers, left.calls <= idle.calls, left]).toEqual([true, true, left]);
		expect(nodeRed.log()).not.toMatch(/uncaught|unhandled/i);
		expect(nodeRed.isRunning()).toBe(true);
		await Promise.all(all.map(({ target }) => target.down()));
	}, 300_000);

	test('leaves nothing behind in n8n once its execution is stopped', async () => {
		const bench = await workbench();
		try {
			const all = await sendings(['stopped']);
			const ran = Promise.all(
				all.map(({ channel, account, options }) => {
					const type = credentialType(channel.id);
					return bench.run({
						items: [{ json: { message: 'ding' } }],
						credentials: { [type]: account },
						cancelAfter: 3_000,
						nodes: [
							{
								name: 'it',
								type: `@carillon/n8n-nodes-carillon.${channel.id}`,
								credentials: { [type]: { id: 'a', name: 'a' } },
								parameters: parametersOf(channel, { options }),
							},
						],
					});
				}),
			);
			await ran;
			await nothingMore(all);
			// The engine answers.
			expect((await bench.load()).nodes.length).toBeGreaterThan(channels.length);
			await Promise.all(all.map(({ target }) => target.down()));
		} finally {
			await bench.close();
		}
	}, 300_000);
});
