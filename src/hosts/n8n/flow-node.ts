import type {
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	IExecuteFunctions,
	INodeCredentialTestResult,
	INodeExecutionData,
	INodeType,
	ITriggerFunctions,
	ITriggerResponse,
} from 'n8n-workflow';
import type { Lent } from '../../core/state/lending';
import type { Chosen } from '../../core/state/storeOption';
import { store as storeAccount } from '../../flow/store.account';
import { isChannelError, seal } from '../../core/base/errors';
import type { Arrival, Flow, FlowValues } from '../../core/define/flow';
import { command, commandIn } from '../../core/deliver/flow/commanding';
import { enter, type Entered } from '../../core/deliver/flow/entering';
import { tryOut } from '../../core/deliver/flow/tryingOut';
import { isPassing, type Passing } from '../../core/define/passing';
import { asNodeError, told, type Failure } from './faults';
import { arrivalOf, itemOf } from './flow/arrivals';
import { describe, listNodes, testStore } from './flow/description';
import { keepingOf, ofExecution, ofItem, scopeOf } from './flow/keeping';
import { isLetOut, letOut, letThrough, startedFor } from './flow/letting-out';
import { onList, searchNodes } from './flow/lists';
import { passingNode } from './passing-node';

/** A node in the middle of a flow. */
export const flowNode = (flow: Flow | Passing) => (isPassing(flow) ? passingNode(flow) : keepingNode(flow));

/** One that keeps something: `execute` takes items in, and lets through what `trigger` let out when it was due. */
function keepingNode(flow: Flow) {
	return class implements INodeType {
		description = describe(flow);
		methods: INodeType['methods'] = {
			...(flow.lists && { listSearch: { [listNodes]: searchNodes } }),
			credentialTest: { [testStore]: triesAccount },
		};

		async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
			const batch = startedFor(this);
			if (batch !== undefined) return await letThrough(this, flow, batch, (error) => faultOf(this, error, 0, 1));
			return await takeIn(this, flow);
		}

		async trigger(this: ITriggerFunctions): Promise<ITriggerResponse> {
			try {
				return await letOut(this, flow);
			} catch (error) {
				throw faultOf(this as unknown as IExecuteFunctions, error, 0, 1);
			}
		}
	};
}

async function triesAccount(
	this: ICredentialTestFunctions,
	{ data = {} }: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
	try {
		await storeAccount.verify(data);
		return { status: 'OK', message: 'Connection tested successfully' };
	} catch (error) {
		return { status: 'Error', message: (error as Error).message };
	}
}

/** All items are tried; the first failure is thrown after the last one. */
async function takeIn(host: IExecuteFunctions, flow: Flow): Promise<INodeExecutionData[][]> {
	const outputs: INodeExecutionData[][] = flow.outputs.map(() => []);
	const items = host.getInputData();
	const failures: Failure[] = [];
	const byHand: { arrival: Arrival; values: FlowValues }[] = [];
	const entered: Left[] = [];
	const isByHand = host.getMode() === 'manual';
	let lent: Promise<Lent> | undefined;
	const kept = async () => {
		lent ??= keepingOf(host, host.getNodeParameter('store', 0, 'auto') as Chosen);
		return (await lent).store;
	};
	for (const [index, item] of items.entries()) {
		try {
			const listed = flow.lists ? await onList(host, index, kept) : null;
			if (listed) {
				outputs[0]!.push(...listed);
				continue;
			}
			const commanded = commandIn(flow, item.json);
			if (commanded) {
				if (!isByHand) await command(flow, await kept(), scopeOf(host), commanded, ofExecution(host, flow));
				continue;
			}
			const values = ofItem(host, flow, index);
			const arrival = await arrivalOf(host, flow, item, index);
			if (isByHand) byHand.push({ arrival, values });
			else {
				const { passes, ...left } = await enter(flow, await kept(), scopeOf(host), arrival, values);
				if (passes) outputs[passes.output]!.push(passing(item, passes.content, index));
				entered.push(left);
			}
		} catch (thrown) {
			failures.push({ item: index, error: inLanguage(host, thrown) });
			const toErrorOutput = host.getNode().onError === 'continueErrorOutput';
			const error = told(failures.at(-1)!.error);
			outputs[0]!.push({ json: { ...(!toErrorOutput && item.json), error }, pairedItem: { item: index } });
		}
	}
	const isPublished = !entered.some(({ comesLater }) => comesLater) || (await isLetOut(await kept(), scopeOf(host)));
	await lent?.then(({ giveBack }) => giveBack()).catch(() => undefined);
	if (failures.length > 0 && !host.continueOnFail()) throw asNodeError(host, failures, items.length);
	if (byHand.length > 0) await showByHand(host, flow, byHand, outputs);
	sayKept(host, entered, isPublished);
	return outputs;
}

type Left = Omit<Entered, 'passes'>;

const passing = (item: INodeExecutionData, content: object, index: number): INodeExecutionData => ({
	...item,
	json: content as INodeExecutionData['json'],
	pairedItem: { item: index },
});

/** In the execution, where somebody looks who misses the message. */
function sayKept(host: IExecuteFunctions, entered: readonly Left[], isPublished: boolean): void {
	const waits = entered.filter(({ waiting }) => waiting > 0);
	if (isPublished && waits.length === 0) return;
	const until = Math.min(...waits.map(({ until }) => until ?? Infinity));
	const when = Number.isFinite(until)
		? `, until ${new Date(until).toLocaleString('sv-SE', { timeZone: host.getTimezone() })}`
		: '';
	const last = waits.at(-1);
	const message = [
		last ? `Kept: ${last.waiting} under this key${when}.` : 'Kept.',
		isPublished
			? 'While the workflow is published they come out by themselves.'
			: 'This workflow does not look published: what is kept stays here, and comes out once it is published.',
	].join(' ');
	host.addExecutionHints?.({ type: isPublished ? 'info' : 'warning', location: 'outputPane', message });
}

/** Whoever tries a flow sees what would come, and nothing is kept of it. */
async function showByHand(
	host: IExecuteFunctions,
	flow: Flow,
	tried: { arrival: Arrival; values: FlowValues }[],
	outputs: INodeExecutionData[][],
): Promise<void> {
	for (const { output, content, files } of await tryOut(flow, tried))
		outputs[output]!.push(await itemOf(host, content, files, (name) => Promise.resolve(files[name]?.data)));
	host.addExecutionHints?.({
		type: 'info',
		location: 'outputPane',
		message:
			'Run by hand: nothing was kept, this is what would come out. It is kept while the workflow is published.',
	});
}

/** What is wrong is said in the node's language. */
function inLanguage(host: IExecuteFunctions, thrown: unknown): Error {
	if (!isChannelError(thrown)) return thrown as Error;
	return seal(thrown, host.getNode().parameters?.language === 'zh' ? 'zh' : 'en', (text) => text);
}

const faultOf = (host: IExecuteFunctions, thrown: unknown, item: number, total: number) =>
	asNodeError(host, [{ item, error: inLanguage(host, thrown) }], total);
