import type { IExecuteFunctions, INodeExecutionData, ITriggerFunctions } from 'n8n-workflow';
import { takesRequests, type Trigger } from '../../../core/define/trigger';
import { connect } from './connection';
import { optionsOf } from './receptions';

/** What a trigger asks n8n, where n8n runs it as any node: its parameters stand beside no items. */
export const asTrigger = (host: IExecuteFunctions) =>
	({
		getNode: () => host.getNode(),
		getWorkflow: () => host.getWorkflow(),
		getMode: () => host.getMode(),
		getCredentials: (type: string) => host.getCredentials(type, 0),
		getNodeParameter: (name: string, otherwise: object) => host.getNodeParameter(name, 0, otherwise),
		helpers: host.helpers,
		logger: host.logger,
	}) as unknown as ITriggerFunctions;

/** Whether nothing came: the workflow is run by hand, and what it is to begin with comes over a connection. */
export function waitsByHand(host: IExecuteFunctions, trigger: Trigger): boolean {
	const [item, ...more] = host.getInputData();
	const isBare = more.length === 0 && Object.keys(item?.json ?? {}).length === 0 && !item?.binary;
	return trigger.connect !== undefined && isBare && !takesRequests(trigger, optionsOf(asTrigger(host), trigger));
}

/** Connects and waits for one event, as n8n itself would by `trigger`, which it asks for nothing where there is an `execute`. */
export async function listen(
	host: IExecuteFunctions,
	trigger: Trigger,
	accountType: string,
): Promise<INodeExecutionData[][]> {
	const cancelled = host.getExecutionCancelSignal?.();
	let end!: (came: INodeExecutionData[][]) => void;
	let fail!: (error: Error) => void;
	const came = new Promise<INodeExecutionData[][]>((resolve, reject) => ([end, fail] = [resolve, reject]));
	// It may fail before anybody waits for it.
	came.catch(() => undefined);
	const stop = () => end([[]]);
	const functions = { ...asTrigger(host), emit: end, emitError: fail } as ITriggerFunctions;
	const { manualTriggerFunction, closeFunction } = await connect(functions, trigger, accountType);
	cancelled?.addEventListener('abort', stop, { once: true });
	if (cancelled?.aborted) stop();
	try {
		await manualTriggerFunction?.();
		return await came;
	} finally {
		cancelled?.removeEventListener('abort', stop);
		await closeFunction?.();
	}
}
