import { randomUUID } from 'node:crypto';
import type {
	IExecuteFunctions,
	INodeExecutionData,
	ITriggerFunctions,
	ITriggerResponse,
	NodeOperationError,
} from 'n8n-workflow';
import type { Flow } from '../../../core/define/flow';
import { stepOf } from '../../../core/deliver/flow/entering';
import { handOver, times } from '../../../core/deliver/flow/handover';
import { release } from '../../../core/deliver/flow/releasing';
import { pump, times as pumping } from '../../../core/state/pump';
import type { Store } from '../../../core/state/store';
import { itemOf } from './arrivals';
import { claimant, keepingOf, ofExecution, ofTrigger, scopeOf } from './keeping';
import { register } from './lists';

/** ms that what was let out may wait in n8n's queue. */
const queued = 15 * 60_000;
/** ms without a sign of life after which a pump is taken to be gone: several beats. */
const silent = 4 * pumping.beat;
/** Executions of one node at once. */
const mostAtOnce = 16;
/** ms of quiet, in an n8n that does not say when an execution has ended. */
const quiet = 5_000;

/** Lets out what is due, while the workflow is published: on the main process that leads. */
export async function letOut(host: ITriggerFunctions, flow: Flow): Promise<ITriggerResponse> {
	// By hand `execute` runs, with what comes in.
	if (host.getMode() === 'manual') return {};
	const scope = scopeOf(host);
	const values = ofTrigger(host, flow);
	const { name } = host.getNode();
	const { store, giveBack } = await keepingOf(host, values.store);
	try {
		// Whatever keeps it from being read is said as it is published.
		await store.now(scope);
		if (flow.lists) await register(host, store, scope);
	} catch (error) {
		await giveBack();
		throw error;
	}
	const letting = pump({
		...{ store, scope, holder: `pump:${claimant}:${randomUUID()}`, lease: queued, most: mostAtOnce },
		settings: JSON.stringify(values),
		pace: flow.pace?.(values),
		step: stepOf(flow, store, scope, values),
		// It holds nothing but a random id: what it stands for comes of the store, to whoever claims it.
		emit: ({ id }) => host.emit([[{ json: { carillon: { batch: id } } }]]),
		failed: (error) => {
			if (error === undefined) host.logger.info(`${name}: the store answers again`);
			else host.logger.warn(`${name}: ${(error as Error).message}`);
		},
	});
	return { closeFunction: () => letting.close().then(giveBack) };
}

/**
 * Whether somebody lets out what the node keeps; that the workflow is published no process but the leader knows.
 * Where it cannot be told it is taken for granted: what is kept is kept.
 */
export async function isLetOut(store: Store, scope: string): Promise<boolean> {
	try {
		const seenAt = await store.seenAt(scope);
		return seenAt !== undefined && (await store.now(scope)) - seenAt <= silent;
	} catch {
		return true;
	}
}

/** The batch that this execution was started for. What comes out of another node may look like it, and is an item as any. */
export function startedFor(host: IExecuteFunctions): string | undefined {
	if (host.getExecuteData().source !== null) return undefined;
	const [item, ...more] = host.getInputData();
	const { carillon, ...rest } = item?.json ?? {};
	const batch = (carillon as { batch?: unknown } | undefined)?.batch;
	return typeof batch === 'string' && more.length === 0 && Object.keys(rest).length === 0 ? batch : undefined;
}

/** Claims a batch and lets it through, by the output that it goes out of; nothing where somebody else has it. */
export async function letThrough(
	host: IExecuteFunctions,
	flow: Flow,
	id: string,
	fail: (error: unknown) => NodeOperationError | Error,
): Promise<INodeExecutionData[][]> {
	const outputs: INodeExecutionData[][] = flow.outputs.map(() => []);
	const scope = scopeOf(host);
	const execution = host.getExecutionId();
	const holder = `${claimant}:${execution}`;
	const values = ofExecution(host, flow);
	const { store, giveBack } = await keepingOf(host, values.store).catch((error: unknown) => {
		throw fail(error);
	});
	const batch = await store.hold(scope, id, holder, times.lease).catch(async (error: unknown) => {
		await giveBack();
		throw fail(error);
	});
	if (!batch) {
		await giveBack();
		return outputs;
	}
	try {
		const { departure, judge } = await release(flow, store, batch, values);
		if (!departure) {
			await store.settle(scope, id, holder, { done: null });
			await giveBack();
			return outputs;
		}
		const { output, content, files = {} } = departure;
		const bytes = (name: string) => store.blob(scope, id, files[name]?.stored ?? name);
		outputs[output]!.push(await itemOf(host, content, files, bytes));
		// Nodes behind the first output tell what they sent.
		const handover = handOver(output === 0 ? execution : `${execution}:${output}`, {
			...{ store, batch, holder, repeatUnknown: flow.repeatUnknown?.(values) },
			judge: (reports) => judge(reports, true),
			...(!host.onExecutionFinish && { quiet }),
			ended: (error) => {
				giveBack().catch(() => undefined);
				if (error) host.logger.warn(`${host.getNode().name}: ${(error as Error).message}`);
			},
		});
		host.onExecutionFinish?.(() => handover.end());
		return outputs;
	} catch (error) {
		// It stays where it is, and comes again: where that cannot be noted now, once the lease is over.
		await store
			.settle(scope, id, holder, { later: 30_000, error: (error as Error).message })
			.catch(() => undefined);
		await giveBack();
		throw fail(error);
	}
}
