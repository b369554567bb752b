import type {
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	IDataObject,
	IExecuteFunctions,
	INodeCredentialTestResult,
	INodeExecutionData,
	INodeType,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';
import { ChannelError, isChannelError, seal } from '../../core/base/errors';
import type { Language } from '../../core/base/language';
import type { Channel } from '../../core/define/channel';
import type { Report } from '../../core/define/flow';
import { ask } from '../../core/deliver/asking';
import { act, deliver, verify, type Context, type Raw } from '../../core/deliver/deliver';
import { handoverOf, type Handover } from '../../core/deliver/flow/handover';
import { answer } from './asking/answer';
import { questionOf, wait, type Question } from './asking/question';
import { describe, failing } from './channel-form';
import { deliveries, type Delivery } from './delivered';
import { asNodeError, told, type Failure } from './faults';
import { needsAccount } from './fields';
import { actionParameter, credentialType } from './names';
import { check, send, sendAndWait } from './operations';
import { stored } from './rows';
import { searches } from './searches';
import { lasting } from './flow/keeping';
import { ofProcesses } from './stores';
import { binaryOf, sending } from './sending';

const delivered = deliveries<Question>();

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
							await verify(channel, data as Raw, { lasting });
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

		/** Of a question that waits for its answer. */
		async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
			return await answer(this);
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
	const handover = handoverOf(host.getExecutionId());
	const prepared = ahead(items.length, (index) => prepare(host, channel, account, index, runKey));
	let question: Question | undefined;
	for (const [index, item] of items.entries()) {
		const beside = { ...(item.binary && { binary: item.binary }), pairedItem: { item: index } };
		try {
			const one = await prepared(index);
			const run = () => runItem(host, channel, one, handover);
			const result = await (handover ? handover.whileSending(run) : run());
			question = one.question;
			handover?.report(partOf(host, index), { channel: channel.id, receipt: lightReceipt(result) });
			out.push({ json: { ...item.json, ...(result as IDataObject) }, ...beside });
		} catch (thrown) {
			const error = thrown as Error;
			failures.push({ item: index, error });
			// n8n takes an item that has nothing but an error to the error output, and adds the input's JSON there itself.
			const toErrorOutput = host.getNode().onError === 'continueErrorOutput';
			handover?.report(partOf(host, index), {
				channel: channel.id,
				[toErrorOutput ? 'handled' : 'error']: reported(error),
			} as Report);
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
	if (question && !failures.length) out[0] = await wait(host, question, out[0]!);
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
	// What nobody was asked must not go on as if it were answered.
	if (host.getNodeParameter('operation', 0, send) === sendAndWait) return false;
	if (onError || host.getNodeParameter(failing, 0, 'goOn') !== 'goOn') return false;
	// As n8n itself bounds it.
	return !retryOnFail || delivered.tried(runKey) >= Math.min(5, Math.max(2, maxTries || 3));
}

/** Items that are made ready while those before them are on their way: n8n reads the account from its database for each. */
const readyAhead = 8;

/** What is made for each, in turn, a few of them early. One that fails does so when it is asked for. */
function ahead<T>(count: number, make: (index: number) => Promise<T>): (index: number) => Promise<T> {
	const ready = new Map<number, Promise<T>>();
	let next = 0;
	return (index) => {
		for (; next < Math.min(count, index + readyAhead); next++) {
			const one = make(next);
			one.catch(() => undefined);
			ready.set(next, one);
		}
		const one = ready.get(index)!;
		ready.delete(index);
		return one;
	};
}

/** One item: with what, and what is to be done. */
interface Prepared {
	index: number;
	delivery: Delivery<Question>;
	account: Raw;
	operation: string;
	/** Of *Send Message*, and of a question. */
	message?: ReturnType<typeof sending>;
	question?: Question;
}

async function prepare(
	host: IExecuteFunctions,
	channel: Channel,
	accountType: string,
	index: number,
	runKey: string,
): Promise<Prepared> {
	const delivery = delivered.of(runKey, index);
	if (delivery.result !== undefined)
		return { index, delivery, account: {}, operation: send, question: delivery.question };
	const hasAccount = host.getNode().credentials?.[accountType] !== undefined || needsAccount(channel.account);
	const account: Raw = hasAccount ? await host.getCredentials(accountType, index) : {};
	const operation = host.getNodeParameter('operation', index, send) as string;
	const isMessage = operation !== check && channel.actions[operation] === undefined;
	if (!isMessage) return { index, delivery, account, operation };
	return inLanguageOf(account, (language) => {
		const [options, message] = sending(host, channel, index, language);
		// Those who have it already hold its links.
		if (operation === sendAndWait) delivery.question ??= questionOf(host, message, language);
		const { question } = delivery;
		return { index, delivery, account, operation, message: [options, question?.message ?? message], question };
	});
}

async function runItem(
	host: IExecuteFunctions,
	channel: Channel,
	{ index, delivery, account, operation, message, question }: Prepared,
	handover: Handover | undefined,
): Promise<unknown> {
	if (delivery.result !== undefined) return delivery.result;
	const context: Context = {
		signal: host.getExecutionCancelSignal?.(),
		binary: (name) => binaryOf(host, index, name),
		progress: handover ? await handover.progress(partOf(host, index)) : delivery.progress,
		shared: ofProcesses,
		earlier: ofProcesses,
		lasting,
	};
	if (message) {
		const [options, sent] = message;
		const repeat = handover?.repeatUnknown;
		const decided = repeat === undefined ? options : { ...options, repeatUnknown: repeat };
		const out = question ? ask : deliver;
		delivery.result = { receipt: await out(channel, account, decided, sent, context) };
	} else if (operation === check) {
		const started = Date.now();
		await verify(channel, account, context);
		delivery.result = { account: { ok: true, channel: channel.id, ms: Date.now() - started } };
	} else {
		const { fields } = channel.actions[operation]!;
		const input = stored(fields, (key) => host.getNodeParameter(actionParameter(operation)(key), index, ''));
		delivery.result = { result: await act(channel, operation, account, input, context) };
	}
	return delivery.result;
}

/** Where its progress is kept by whoever let it out: the same place at the next try. */
const partOf = (host: IExecuteFunctions, index: number) =>
	`${host.getNode().id}:${host.getWorkflowDataProxy(0).$runIndex as number}:${index}`;

/** What the service said is of use to the flow alone. */
function lightReceipt(result: unknown): unknown {
	const { receipt } = result as { receipt?: { raw?: unknown } };
	if (!receipt) return {};
	const { raw: _, ...light } = receipt;
	return light;
}

/** What is no fault of the message (n8n's database, a credential that is gone) may be mended. */
const reported = (error: Error): ChannelError =>
	isChannelError(error) ? error : new ChannelError('Unexpected', { en: error.message, zh: error.message });

/** What is wrong with a form is said in the account's language, as all that the service says is. */
function inLanguageOf<T>(account: Raw, read: (language: Language) => T): T {
	const language: Language = account.language === 'zh' ? 'zh' : 'en';
	try {
		return read(language);
	} catch (error) {
		throw isChannelError(error) ? seal(error, language, (text) => text) : error;
	}
}
