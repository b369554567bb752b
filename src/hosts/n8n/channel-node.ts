import type {
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	IDataObject,
	IExecuteFunctions,
	INodeCredentialTestResult,
	INodeExecutionData,
	INodeType,
} from 'n8n-workflow';
import type { Channel } from '../../core/define/channel';
import { act, deliver, verify, type Context, type Raw } from '../../core/deliver/deliver';
import { describe, failing } from './channel-form';
import { deliveries } from './delivered';
import { asNodeError, told, type Failure } from './faults';
import { needsAccount } from './fields';
import { actionParameter, credentialType } from './names';
import { check, send } from './operations';
import { stored } from './rows';
import { searches } from './searches';
import { binaryOf, sending } from './sending';

const delivered = deliveries();

/** A channel's node: *Send Message* first, then what only this service can do. */
export function channelNode(channel: Channel) {
	const account = credentialType(channel.id);
	const canVerify = channel.verify !== undefined;
	return class implements INodeType {
		description = describe(channel, account);
		methods: INodeType['methods'] = {
			listSearch: searches(channel, account),
			...(canVerify && {
				credentialTest: {
					async testAccount(
						this: ICredentialTestFunctions,
						{ data = {} }: ICredentialsDecrypted,
					): Promise<INodeCredentialTestResult> {
						try {
							await verify(channel, data as Raw);
							return {
								status: 'OK',
								message: data.language === 'zh' ? '连接成功' : 'Connection tested successfully',
							};
						} catch (error) {
							return { status: 'Error', message: (error as Error).message };
						}
					},
				},
			}),
		};

		async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
			return [await run(this, channel, account)];
		}
	};
}

/** All items are tried; the first failure is thrown after the last item. */
async function run(host: IExecuteFunctions, channel: Channel, account: string): Promise<INodeExecutionData[]> {
	const items = host.getInputData();
	const runKey = `${host.getExecutionId()}:${host.getNode().id}:${host.getWorkflowDataProxy(0).$runIndex}`;
	host.onExecutionFinish?.(() => delivered.forget(runKey));
	const out: INodeExecutionData[] = [];
	const failures: Failure[] = [];
	for (const [index, item] of items.entries()) {
		const beside = { ...(item.binary && { binary: item.binary }), pairedItem: { item: index } };
		try {
			const result = await runItem(host, channel, account, index, runKey);
			out.push({ json: { ...item.json, ...(result as IDataObject) }, ...beside });
		} catch (thrown) {
			const error = thrown as Error;
			failures.push({ item: index, error });
			// n8n takes an item that has nothing but an error to the error output, and adds the input's JSON there itself.
			const toErrorOutput = host.getNode().onError === 'continueErrorOutput';
			out.push({ json: { ...(!toErrorOutput && item.json), error: told(error) }, ...beside });
		}
		if (host.getExecutionCancelSignal?.()?.aborted) break;
	}
	if (failures.length && !host.continueOnFail()) {
		const error = asNodeError(host, failures, items.length);
		if (!goesOn(host, runKey)) throw error;
		host.addExecutionHints?.({
			type: 'warning',
			location: 'outputPane',
			message: failures.length > 1 && error.description ? error.description : error.message,
		});
		host.logger?.warn(`${host.getNode().name}: ${error.message}`);
		delivered.forget(runKey);
		return out;
	}
	// n8n runs a node again whose first item comes out with an error.
	if (!failures.length && !out[0]?.json.error) delivered.forget(runKey);
	return out;
}

/**
 * Whether what could not be sent leaves the workflow running. n8n's own settings win: with *On Error* it is decided
 * there, and *Retry On Fail* tries as often as it is set to, which n8n does with what fails.
 */
function goesOn(host: IExecuteFunctions, runKey: string): boolean {
	const { onError, retryOnFail, maxTries } = host.getNode();
	if (onError || host.getNodeParameter(failing, 0, 'goOn') !== 'goOn') return false;
	// As n8n itself bounds it.
	return !retryOnFail || delivered.tried(runKey) >= Math.min(5, Math.max(2, maxTries || 3));
}

async function runItem(
	host: IExecuteFunctions,
	channel: Channel,
	accountType: string,
	index: number,
	runKey: string,
): Promise<unknown> {
	const delivery = delivered.of(runKey, index);
	if (delivery.result !== undefined) return delivery.result;
	const hasAccount = host.getNode().credentials?.[accountType] !== undefined || needsAccount(channel.account);
	const account: Raw = hasAccount ? await host.getCredentials(accountType, index) : {};
	const context: Context = {
		signal: host.getExecutionCancelSignal?.(),
		binary: (name) => binaryOf(host, index, name),
		progress: delivery.progress,
	};
	const operation = host.getNodeParameter('operation', index, send) as string;
	const action = channel.actions[operation];
	if (operation === check) {
		const started = Date.now();
		await verify(channel, account, context);
		delivery.result = { account: { ok: true, channel: channel.id, ms: Date.now() - started } };
	} else if (action) {
		const input = stored(action.fields, (key) => host.getNodeParameter(actionParameter(operation)(key), index, ''));
		delivery.result = { result: await act(channel, operation, account, input, context) };
	} else {
		delivery.result = {
			receipt: await deliver(
				channel,
				account,
				...sending(host, channel, index, account.language === 'zh' ? 'zh' : 'en'),
				context,
			),
		};
	}
	return delivery.result;
}
