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
let errorWorkflow: string;
let paths = 0;

beforeAll(async () => {
	n8n = await startN8n();
	errorWorkflow = await n8n.createWorkflow('when something fails', [
		{ name: 'Error Trigger', type: 'n8n-nodes-base.errorTrigger' },
		end,
	]);
	await publish(errorWorkflow).catch(() => undefined);
}, 300_000);
afterAll(async () => {
	await n8n?.close();
}, 120_000);

const versionOf = async (id: string) => (await n8n.rest<{ versionId: string }>(`workflows/${id}`)).versionId;

async function publish(id: string): Promise<void> {
	await n8n.rest(`workflows/${id}/activate`, { versionId: await versionOf(id) });
}

/** Of whatever workflow, those of the error workflow among them. */
async function executions(): Promise<number> {
	const { count } = await n8n.rest<{ count: number }>('executions?limit=1');
	return count;
}

interface Flow {
	id: string;
	caller: Caller;
	door: Doorman;
}

/** Each of them published, with an error workflow of its own, and with somebody at the door who says this. */
async function start(says: Says): Promise<Flow[]> {
	return await Promise.all(
		callers()
			.filter(({ trigger }) => !trigger.not?.includes('n8n'))
			.map(async (caller) => {
				const { trigger } = caller;
				const door = await doorman(says);
				const type = credentialType(trigger.accountOf ?? trigger.id);
				const account = await n8n.createCredential(type, caller.account(door.url), `${caller.name} ${says}`);
				const { mode, wsUrl, ...more } = caller.options(door.url);
				const id = await n8n.createWorkflow(caller.name, [
					{
						name: trigger.name,
						type: `${carillon}.${trigger.id}`,
						credentials: { [type]: account },
						parameters: {
							...(mode !== undefined && { mode }),
							...(trigger.receive && { path: `livesOn${says}${++paths}` }),
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
}

const stop = (flows: readonly Flow[]) => Promise.all(flows.map(({ id }) => n8n.deactivate(id)));
const remove = (flows: readonly Flow[]) =>
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

const asked = (flows: readonly Flow[]) =>
	Object.fromEntries(flows.map(({ caller, door }) => [caller.name, door.tries.length]));

/** No request, no connection, no error, no execution. */
async function nothingMore(flows: readonly Flow[]): Promise<void> {
	await sleep(seconds.grace * 1000);
	const [before, failed, log] = [asked(flows), await executions(), n8n.log().length];
	await sleep(seconds.watched * 1000);
	expect(asked(flows)).toEqual(before);
	expect(flows.filter(({ door }) => door.waiting > 0).map(({ caller }) => caller.name)).toEqual([]);
	expect(await executions()).toBe(failed);
	expect(n8n.log().slice(log)).not.toMatch(/Trigger: failed|Trigger: connect|unhandled/i);
	await Promise.all(flows.map(({ door }) => door.down()));
}

/** Those that went to the door at all. */
const dialling = (flows: readonly Flow[]) => flows.filter(({ door }) => door.tries.length > 0);

test('refused from the start: n8n is told so, and asks no more; deleted while it still tries, nothing is left', async () => {
	const before = await executions();
	const flows = await start(401);
	await until(() => dialling(flows).length >= 5, 60_000);
	await sleep(3_000);
	expect(Math.max(...flows.map(({ door }) => door.tries.length))).toBeLessThanOrEqual(2);
	expect(await executions()).toBe(before);
	await stop(flows);
	await remove(flows);
	await nothingMore(flows);
}, 200_000);

test('away from the start: asked at growing intervals; stopped and deleted, nothing is left', async () => {
	const before = await executions();
	const flows = await start(503);
	await until(() => dialling(flows).length >= 5, 60_000);
	await sleep(15_000);
	// Tries of up to three requests each, no sooner than the back-off lets them.
	expect(Math.max(...flows.map(({ door }) => door.tries.length))).toBeLessThanOrEqual(40);
	expect(await executions()).toBe(before);
	await stop(flows);
	await remove(flows);
	await nothingMore(flows);
}, 200_000);

test('refused once it runs: seen in one failed execution, asked at growing intervals; stopped, nothing is left', async () => {
	const flows = await start(503);
	await until(() => dialling(flows).length >= 5, 60_000);
	await sleep(4_000);
	const [before, seen] = [await executions(), asked(flows)];
	for (const { door } of flows) door.says = 401;
	await sleep(40_000);
	const later = asked(flows);
	for (const { caller } of dialling(flows)) {
		const requests = later[caller.name]! - seen[caller.name]!;
		expect([caller.name, requests <= 12]).toEqual([caller.name, true]);
	}
	// Some say once what they have to say.
	expect(dialling(flows).filter(({ caller: { name } }) => later[name]! > seen[name]!).length).toBeGreaterThan(3);
	// Its own, and the error workflow's.
	expect((await executions()) - before).toBeGreaterThan(0);
	expect((await executions()) - before).toBeLessThanOrEqual(2 * dialling(flows).length);
	await stop(flows);
	await nothingMore(flows);
	await remove(flows);
}, 240_000);

test('nobody answers: deleted while somebody waits, nothing is left', async () => {
	const flows = await start('nothing');
	await until(() => dialling(flows).length >= 5, 60_000);
	await stop(flows);
	await remove(flows);
	await nothingMore(flows);
}, 200_000);

test('n8n itself found nothing to complain of', () => {
	expect(n8n.log()).not.toMatch(/unhandled|uncaught|failed to (?:deactivate|deregister)/i);
});
