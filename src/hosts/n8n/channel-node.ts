import {
	NodeConnectionTypes,
	NodeOperationError,
	type ICredentialsDecrypted,
	type ICredentialTestFunctions,
	type IDataObject,
	type IDisplayOptions,
	type IExecuteFunctions,
	type INodeCredentialTestResult,
	type INodeExecutionData,
	type INodeProperties,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { Unobtainable } from '../../core/deliver/obtain/fetching';
import { allowToOption, deliveryOptions, type Channel, type File } from '../../core/define/channel';
import { compose, formatField, messageFields } from '../../core/message/compose';
import { act, deliver, verify, type Context, type Raw } from '../../core/deliver/deliver';
import { invalid, isChannelError } from '../../core/base/errors';
import type { Field, Fields } from '../../core/base/field';
import type { Language } from '../../core/base/language';
import { deliveries } from './delivered';
import { methodOf, searches } from './searches';
import { isNeeded, needsAccount, properties } from './fields';
import { jsonOf, stored } from './rows';
import { actionParameter, capitalised, codex, credentialType, displayName, nodeIcon } from './names';

const send = 'send';
const failing = 'whenItCannotBeSent';

/** Of the fields that every message has, beside the channel's own in the same collection. */
const messageOption = (key: string) => `message${capitalised(key)}`;

/** How a node's own parameters differ from those of accounts. */
const parameters = { fromUpstream: true, listedBy: methodOf } as const;

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

function describe(channel: Channel, account: string): INodeTypeDescription {
	const name = displayName(channel);
	const operations = [
		{
			name: 'Send Message',
			value: send,
			action: 'Send a message',
			description: `Send a message with ${channel.name}`,
		},
		...Object.entries(channel.actions).map(([value, action]) => ({
			name: action.name,
			value,
			action: sentenceCase(action.name),
			...(action.description && { description: action.description.en }),
		})),
	];
	const names = Object.fromEntries(operations.map((operation) => [operation.value, operation.name]));
	// One operation is no choice; n8n's panel would also put a trigger with the same first name behind it, unfindable.
	const isChoice = operations.length > 1;
	return {
		displayName: name,
		name: channel.id,
		icon: nodeIcon(channel.id),
		group: ['output'],
		version: 1,
		subtitle: isChoice ? `={{ (${JSON.stringify(names)})[$parameter["operation"]] }}` : operations[0]?.name,
		description: `Send notifications with ${channel.name}${channel.zh === channel.name ? '' : ` · ${channel.zh}`}`,
		defaults: { name },
		codex: codex(channel),
		documentationUrl: channel.docs,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		usableAsTool: true,
		credentials: [
			{
				name: account,
				required: needsAccount(channel.account),
				...(channel.verify && { testedBy: 'testAccount' }),
			},
		],
		properties: [
			...(isChoice ? [operation(operations)] : []),
			...sendProperties(channel, isChoice ? { operation: [send] } : undefined),
			...Object.entries(channel.actions).flatMap(([key, action]) =>
				properties(action.fields, {
					name: actionParameter(key),
					show: { operation: [key] },
					...parameters,
				}),
			),
			whenItCannotBeSent(),
		],
	};
}

/** A node cannot preset n8n's own *On Error*, which stops the workflow: one silent bell would silence all that follow. */
const whenItCannotBeSent = (): INodeProperties => ({
	displayName: 'When it cannot be sent',
	name: failing,
	type: 'options',
	noDataExpression: true,
	options: [
		{
			name: 'Go On',
			value: 'goOn',
			description: 'The other channels ring; the error stands in the output and in a hint of this node',
		},
		{
			name: 'Stop the Workflow',
			value: 'stop',
			description: 'Once all items were tried, the execution fails, and the error workflow starts',
		},
	],
	default: 'goOn',
	description:
		'Whether one channel that fails keeps the others from ringing. “On Error” in the node’s settings, where that was set, decides instead; “Retry On Fail” tries again first.',
});

const operation = (options: INodeProperties['options']): INodeProperties => ({
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	options,
	default: send,
});

function sendProperties(channel: Channel, show: IDisplayOptions['show']): INodeProperties[] {
	const shown = show && { displayOptions: { show } };
	const { needed, own, delivery } = split(channel.options);
	return [
		...(channel.to ? properties({ to: channel.to }, { show, listedBy: methodOf }).map(withAccountsDefault) : []),
		...properties(needed, { show, ...parameters }),
		{
			displayName: 'Title',
			name: 'title',
			type: 'string',
			default: '',
			placeholder: 'Empty: that of the incoming message',
			description: 'Empty: the title of the incoming message',
			...shown,
		},
		{
			displayName: 'Message',
			name: 'message',
			type: 'string',
			typeOptions: { rows: 5 },
			default: '',
			placeholder: 'Empty: the incoming message',
			description:
				'Empty: the incoming item’s message, found where other nodes put it (message, text, body, output, content …), or n8n’s own error. What holds none goes out as indented JSON.',
			...shown,
		},
		...properties({ format: formatField }, { show }).map(automatic),
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add option',
			default: {},
			options: [
				...properties(own, { within: 'collection', ...parameters }),
				...properties(messageFields, { name: messageOption, within: 'collection', ...parameters }).map(
					distinctFrom(own),
				),
				{
					displayName: 'Whole message',
					name: 'wholeMessage',
					type: 'json',
					default: '={{ $json.message }}',
					description:
						'A message object whose picture, buttons, fields and so on are used. That of the incoming item by default.',
				},
				...properties(delivery, { within: 'collection' }),
			],
			...shown,
		},
	];
}

/** A service may have buttons, a level, a link of its own beside the message's. */
const distinctFrom = (own: Fields) => {
	const labels = new Set(Object.values(own).map(({ label }) => label.en));
	return (property: INodeProperties): INodeProperties =>
		labels.has(property.displayName)
			? { ...property, displayName: `${property.displayName} of the message` }
			: property;
};

const withAccountsDefault = (property: INodeProperties): INodeProperties => ({
	...property,
	description: [property.description, 'Empty: as the account says'].filter(Boolean).join('. '),
});

const automatic = (property: INodeProperties): INodeProperties => ({
	...property,
	description: 'Automatic: as the incoming message says, else Markdown',
	options: [{ name: 'Automatic', value: '' }, ...(property.options ?? []).slice(1)] as INodeProperties['options'],
});

/** What must be filled in stands on the form itself, the rest in *Options*: the service's own, then what all channels have. */
function split(fields: Fields): Record<'needed' | 'own' | 'delivery', Fields> {
	const isCommon = (key: string) => key in deliveryOptions || key in allowToOption;
	const those = (belongs: (key: string, field: Field) => boolean) =>
		Object.fromEntries(Object.entries(fields).filter(([key, field]) => belongs(key, field)));
	return {
		needed: those((_, field) => isNeeded(field)),
		own: those((key, field) => !isNeeded(field) && !isCommon(key)),
		delivery: those(isCommon),
	};
}

/** "Edit Message" → "Edit message"; "Send SMS" stays. */
const sentenceCase = (title: string) => title.replace(/(?<=\s)[A-Z](?=[a-z])/g, (letter) => letter.toLowerCase());

interface Failure {
	item: number;
	error: Error;
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
	if (action) {
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

/** The node's own options, and the message. */
function sending(
	host: IExecuteFunctions,
	channel: Channel,
	index: number,
	language: Language,
): [options: Raw, message: unknown] {
	const parameter = (name: string) => host.getNodeParameter(name, index, '') as unknown;
	const collected = host.getNodeParameter('options', index, {}) as IDataObject;
	const onForm = new Set(Object.keys(split(channel.options).needed).flatMap((key) => [key, jsonOf(key)]));
	const options = {
		...stored(channel.options, (key) => (onForm.has(key) ? parameter(key) : collected[key])),
		...(channel.to && { to: parameter('to') }),
	};
	const more = stored(messageFields, (key) => collected[messageOption(key)]);
	const incoming = 'wholeMessage' in collected ? parsed(collected.wholeMessage) : host.getInputData()[index]?.json;
	const message = compose(
		{ title: parameter('title'), body: parameter('message'), format: parameter('format'), language, more },
		incoming,
	);
	return [options, message];
}

/** n8n gives the content of a JSON field as it was typed, and that of an expression as it is. */
function parsed(value: unknown): unknown {
	if (typeof value !== 'string') return value;
	try {
		return value.trim() === '' ? undefined : JSON.parse(value);
	} catch {
		throw invalid('wholeMessage', { en: '“Whole message” is not valid JSON.', zh: '“整条消息”不是有效的 JSON。' });
	}
}

async function binaryOf(host: IExecuteFunctions, index: number, name: string): Promise<File> {
	if (!host.getInputData()[index]?.binary?.[name]) {
		throw new Unobtainable({
			en: `The item has no binary property “${name}”, so this went without it.`,
			zh: `该条目没有名为“${name}”的二进制属性，因此未附带。`,
		});
	}
	const { fileName, mimeType } = host.helpers.assertBinaryData(index, name);
	try {
		const data = await host.helpers.getBinaryDataBuffer(index, name);
		return { name: fileName ?? name, mime: mimeType, data };
	} catch (error) {
		host.logger.warn(`${host.getNode().name}: ${(error as Error).message}`);
		throw new Unobtainable({
			en: `n8n could not read the binary property “${name}”, so this went without it. In queue mode all processes of n8n must share one storage for binary data, such as the database.`,
			zh: `n8n 无法读取二进制属性“${name}”，因此未附带。在队列模式下，n8n 的所有进程须共用同一处二进制数据存储，例如数据库。`,
		});
	}
}

/** What a flow may branch on. */
const told = (error: Error): IDataObject =>
	JSON.parse(
		JSON.stringify(isChannelError(error) ? error : { message: error.message, name: error.name }),
	) as IDataObject;

/** Our sentences alone: n8n stores an error with everything that hangs on it, and rewords some. */
function asNodeError(
	host: IExecuteFunctions,
	failures: Failure[],
	total: number,
): Error & { description?: string | null } {
	const [first] = failures as [Failure];
	if (!isChannelError(first.error) && failures.length === 1) return first.error;
	const { message } = first.error;
	const error = new NodeOperationError(host.getNode(), message, { itemIndex: first.item });
	error.message = message;
	error.messages = [];
	error.description =
		failures.length > 1 ? summary(failures, total) : isChannelError(first.error) ? classOf(first.error) : null;
	return error;
}

const classOf = (error: Error & { class?: string; code?: string; field?: string }) =>
	[error.class, error.field, error.code].filter(Boolean).join(' · ');

function summary(failures: Failure[], total: number): string {
	const lines = failures.slice(0, 10).map(({ item, error }) => `Item ${item}: ${error.message}`);
	const more = failures.length > lines.length ? [`… and ${failures.length - lines.length} more`] : [];
	const others = failures.length < total ? '; the others were delivered' : '';
	return [`${failures.length} of ${total} items failed${others}.`, ...lines, ...more].join('\n');
}
