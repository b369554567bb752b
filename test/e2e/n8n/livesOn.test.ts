import { setTimeout as sleep } from 'node:timers/promises';
import { credentialType } from '../../../src/hosts/n8n/names';
import { callers, type Caller } from '../../core/sockets/callers';
import { until } from '../../core/sockets/connected';
import { doorman, type Doorman, type Says } from '../../core/sockets/doorman';
import { startN8n, type N8n, type WorkflowNode } from './n8n';

const carillon = '@carillon/n8n-nodes-carillon';
const end: WorkflowNode = { name: 'End', type: 'n8n-nodes-base.noOp' };
/** s: after which nothing of a workflow that was stopped may be left, and for how long that is watched: n8n itself tries an activation for 15 s. */
const seconds = { grace: 2, watched: 18 };

let n8n: N8n;
let paths = 0;

const versionOf = async (id: string) => (await n8n.rest<{ versionId: string }>(`workflows/${id}`)).versionId;

async function publish(id: string): Promise<void> {
	await n8n.rest(`workflows/${id}/activate`, { versionId: await versionOf(id) });
}

/** Of these workflows, and of what n8n starts when one of them fails. */
async function executions({ flows, errorWorkflow }: Scene): Promise<number> {
	const each = [errorWorkflow, ...flows.map(({ id }) => id)].map(async (workflowId) => {
		const filter = encodeURIComponent(JSON.stringify({ workflowId }));
		return (await n8n.rest<{ count: number }>(`executions?limit=1&filter=${filter}`)).count;
	});
	return (await Promise.all(each)).reduce((sum, count) => sum + count, 0);
}

interface Flow {
	id: string;
	caller: Caller;
	door: Doorman;
}

/** Workflows that stand and fall together, beside those of other scenes. */
interface Scene {
	/** In the name of each of its nodes, and so in what they write into the log. */
	name: string;
	flows: Flow[];
	errorWorkflow: string;
}

/** Each of them published, with an error workflow, and with somebody at the door who says this. */
async function start(name: string, says: Says): Promise<Scene> {
	const errorWorkflow = await n8n.createWorkflow(`when something fails: ${name}`, [
		{ name: 'Error Trigger', type: 'n8n-nodes-base.errorTrigger' },
		end,
	]);
	await publish(errorWorkflow).catch(() => undefined);
	const flows = await Promise.all(
		callers()
			.filter(({ trigger }) => !trigger.not?.includes('n8n'))
			.map(async (caller) => {
				const { trigger } = caller;
				const door = await doorman(says);
				const type = credentialType(trigger.accountOf ?? trigger.id);
				const account = await n8n.createCredential(type, caller.account(door.url), `${caller.name} ${name}`);
				const { mode, wsUrl, ...more } = caller.options(door.url);
				const id = await n8n.createWorkflow(caller.name, [
					{
						name: `${trigger.name} ${name}`,
						type: `${carillon}.${trigger.id}`,
						credentials: { [type]: account },
						parameters: {
							...(mode !== undefined && { mode }),
							...(trigger.receive && { path: `livesOn${name}${++paths}` }),
							settings: { ...more, ...(wsUrl !== undefined && { wsUrl }) },
						} as WorkflowNode['parameters'],
					},
					end,
				]);
				const settings = { executionOrder: 'v1', errorWorkflow };
				await n8n.rest(`workflows/${id}`, { settings, versionId: await versionOf(id) }, 'PATCH');
				await publish(id);
				return { id, caller, door };
			}),
	);
	return { name, flows, errorWorkflow };
}

const stop = ({ flows }: Scene) => Promise.all(flows.map(({ id }) => n8n.deactivate(id)));
const remove = ({ flows }: Scene) =>
	Promise.all(
		flows.map(async ({ id }) => {
			await n8n.rest(`workflows/${id}/archive`, {});
			// n8n deletes none that it is still unpublishing.
			for (let attempt = 0; ; attempt++) {
				const refused = await n8n.rest(`workflows/${id}`, undefined, 'DELETE').catch((error: Error) => error);
				if (!(refused instanceof Error)) return;
				if (attempt > 60 || !/still being unpublished/.test(refused.message)) throw refused;
				await sleep(500);
			}
		}),
	);

const asked = ({ flows }: Scene) =>
	Object.fromEntries(flows.map(({ caller, door }) => [caller.name, door.tries.length]));

/** No request, no connection, no error, no execution. */
async function nothingMore(scene: Scene): Promise<void> {
	const { name, flows } = scene;
	await sleep(seconds.grace * 1000);
	const [before, failed, log] = [asked(scene), await executions(scene), n8n.log().length];
	await sleep(seconds.watched * 1000);
	expect(asked(scene)).toEqual(before);
	expect(flows.filter(({ door }) => door.waiting > 0).map(({ caller }) => caller.name)).toEqual([]);
	expect(await executions(scene)).toBe(failed);
	expect(n8n.log().slice(log)).not.toMatch(new RegExp(`Trigger ${name}: (failed|connect)`, 'i'));
	await Promise.all(flows.map(({ door }) => door.down()));
}

/** Those that went to the door at all. */
const dialling = ({ flows }: Scene) => flows.filter(({ door }) => door.tries.length > 0);

/** n8n publishes one workflow after the other, and waits for each: one scene after the other begins. */
let begun: Promise<unknown> = Promise.resolve();
function begin(name: string, says: Says): Promise<Scene> {
	const scene = begun
		.catch(() => undefined)
		.then(async () => {
			const one = await start(name, says);
			await until(() => dialling(one).length >= 5, 60_000);
			return one;
		});
	begun = scene;
	return scene;
}

/** Each takes a while in which nothing may happen: that of one is that of the others, in one n8n. */
const scenes: Readonly<Record<string, (name: string) => Promise<void>>> = {
	async 'refused from the start: n8n is told so, and asks no more; deleted while it still tries, nothing is left'(
		name,
	) {
		const scene = await begin(name, 401);
		await sleep(3_000);
		expect(Math.max(...scene.flows.map(({ door }) => door.tries.length))).toBeLessThanOrEqual(2);
		expect(await executions(scene)).toBe(0);
		await stop(scene);
		await remove(scene);
		await nothingMore(scene);
	},
	async 'away from the start: asked at growing intervals; stopped and deleted, nothing is left'(name) {
		const scene = await begin(name, 503);
		await sleep(15_000);
		// Tries of up to three requests each, no sooner than the back-off lets them.
		expect(Math.max(...scene.flows.map(({ door }) => door.tries.length))).toBeLessThanOrEqual(40);
		expect(await executions(scene)).toBe(0);
		await stop(scene);
		await remove(scene);
		await nothingMore(scene);
	},
	async 'refused once it runs: seen in one failed execution, asked at growing intervals; stopped, nothing is left'(
		name,
	) {
		const scene = await begin(name, 503);
		await sleep(4_000);
		const seen = asked(scene);
		for (const { door } of scene.flows) door.says = 401;
		await sleep(40_000);
		const later = asked(scene);
		for (const { caller } of dialling(scene)) {
			const requests = later[caller.name]! - seen[caller.name]!;
			expect([caller.name, requests <= 12]).toEqual([caller.name, true]);
		}
		// Some say once what they have to say.
		expect(dialling(scene).filter(({ caller: { name: own } }) => later[own]! > seen[own]!).length).toBeGreaterThan(
			3,
		);
		// Its own, and the error workflow's.
		expect(await executions(scene)).toBeGreaterThan(0);
		expect(await executions(scene)).toBeLessThanOrEqual(2 * dialling(scene).length);
		await stop(scene);
		await nothingMore(scene);
		await remove(scene);
	},
	async 'nobody answers: deleted while somebody waits, nothing is left'(name) {
		const scene = await begin(name, 'nothing');
		await stop(scene);
		await remove(scene);
		await nothingMore(scene);
	},
};

let played: Record<string, Promise<Error | undefined>>;
beforeAll(async () => {
	n8n = await startN8n();
	played = Object.fromEntries(
		Object.entries(scenes).map(([what, play], at) => [
			what,
			play(`scene${at}`).then(
				() => undefined,
				(fault: Error) => fault,
			),
		]),
	);
}, 300_000);
afterAll(async () => {
	await Promise.all(Object.values(played ?? {}));
	await n8n?.close();
}, 300_000);

test.each(Object.keys(scenes))(
	'%s',
	async (what) => {
		const fault = await played[what];
		if (fault) throw fault;
	},
	300_000,
);

test('n8n itself found nothing to complain of', () => {
	expect(n8n.log()).not.toMatch(/unhandled|uncaught|failed to (?:deactivate|deregister)/i);
});
