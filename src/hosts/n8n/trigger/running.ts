import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { ChannelError } from '../../../core/base/errors';
import type { Trigger } from '../../../core/define/trigger';
import { handOver, times } from '../../../core/deliver/flow/handover';
import { taken } from '../../../core/receive/keep/inbox';
import type { Held, Store } from '../../../core/state/store';
import { claimant, keeping, scopeOf } from '../flow/keeping';
import { asTrigger, listen, waitsByHand } from './by-hand';
import { begunWith, toItems } from './keep';
import { faultOf } from './opening';
import { accountOf, receptionOf, say } from './receptions';
import { playSample, sampleOf } from './sample';

/** Beside the nodes behind, which have their progress under their ids. */
const claimsKey = '(claims)';
/** Executions of one that began, and of whose end nothing was heard. */
const mostClaims = 3;

/**
 * A trigger's own turn in a workflow: n8n runs it with what came by webhook or connection, which goes on as it is; what
 * was kept of it is claimed, and over when the execution has ended.
 */
export async function run(
	host: IExecuteFunctions,
	trigger: Trigger,
	accountType: string,
): Promise<INodeExecutionData[][]> {
	if (host.getMode() === 'manual') {
		const sample = trigger.samples ? sampleOf(host) : '';
		if (sample !== '') return await playSample(host, trigger, accountType, sample);
		return waitsByHand(host, trigger) ? await listen(host, trigger, accountType) : [host.getInputData()];
	}
	const begun = begunWith(host.getInputData());
	if (!begun) return [host.getInputData()];
	try {
		return [await letIn(host, trigger, accountType, begun)];
	} catch (thrown) {
		const caller = asTrigger(host);
		throw faultOf(caller, trigger, await accountOf(caller, trigger, accountType), thrown);
	}
}

/** Claims what the execution began with; nothing goes on where somebody else has it, or it is over. */
async function letIn(
	host: IExecuteFunctions,
	trigger: Trigger,
	accountType: string,
	{ batch, items }: NonNullable<ReturnType<typeof begunWith>>,
): Promise<INodeExecutionData[]> {
	const store = keeping();
	const scope = scopeOf(host);
	const execution = host.getExecutionId();
	const holder = `${claimant}:${execution}`;
	const held = await store.hold(scope, batch, holder, times.lease);
	if (!held) return [];
	const warn = (error: unknown) => host.logger.warn(`${host.getNode().name}: ${(error as Error).message}`);
	// Past its lease somebody else has it; what was done is forgotten within a day at the latest.
	const done = async () => {
		if (await store.settle(scope, batch, holder, { done: null })) await store.drop(scope, batch);
	};
	try {
		const left = items.length > 0 ? items : await again(host, trigger, accountType, store, held);
		if (left.length > 0 && (await claims(store, held)) > mostClaims) {
			const { language } = await accountOf(asTrigger(host), trigger, accountType);
			await store.settle(scope, batch, holder, { dead: givenUp.text[language === 'zh' ? 'zh' : 'en'] });
			throw givenUp;
		}
		if (left.length === 0 || !host.onExecutionFinish) {
			if (left.length > 0) sayOnce(host);
			await done();
			return left;
		}
		// Nodes behind tell it what they have sent, so that none of it goes twice should it come again.
		const handover = handOver(execution, {
			...{ store, batch: held, holder },
			judge: () => Promise.resolve({ done: null }),
			ended: (error) => (error ? warn(error) : void store.drop(scope, batch).catch(warn)),
		});
		host.onExecutionFinish(() => handover.end());
		return left;
	} catch (error) {
		// It stays where it is, and comes again.
		if (error !== givenUp)
			await store
				.settle(scope, batch, holder, { later: 30_000, error: (error as Error).message })
				.catch(() => undefined);
		throw error;
	}
}

/** How often it was begun, this time included; anew where somebody has it sent again. */
async function claims(store: Store, { scope, id, attempt }: Held): Promise<number> {
	return (await store.progress<number>(scope, id, claimsKey, (known = 0) => (attempt === 1 ? 1 : known + 1))) ?? 1;
}

/** What the store has of it, without what others have told meanwhile. */
async function again(
	host: IExecuteFunctions,
	trigger: Trigger,
	accountType: string,
	store: Store,
	held: Held,
): Promise<INodeExecutionData[]> {
	const reception = await receptionOf(asTrigger(host), trigger, accountType);
	const { owner, happenings } = await taken(store, held);
	return await toItems(host, await reception.resume(owner, happenings));
}

const givenUp = new ChannelError(
	'Rejected',
	{
		en: `This event was begun ${mostClaims} times, and each time the process ended before the workflow did. It was given up: see what the workflow does with it. It can be listed and sent again by the Outbox’s operations.`,
		zh: `该事件已开始处理 ${mostClaims} 次，每次进程都在工作流结束之前中断，已放弃：请检查工作流对它做了什么。可通过发件箱的操作列出并重新发送。`,
	},
	{ code: 'GIVEN_UP', transient: false },
);

let isSaid = false;

function sayOnce(host: IExecuteFunctions): void {
	if (isSaid) return;
	isSaid = true;
	say(
		'onExecutionFinish',
		`This n8n does not tell when a workflow has ended: what its triggers receive is kept until the workflow begins to run, and no longer.`,
		(line) => host.logger.warn(`${host.getNode().name}: ${line}`),
	);
}
