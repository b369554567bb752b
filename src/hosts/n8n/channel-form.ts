import {
	NodeConnectionTypes,
	type IDisplayOptions,
	type INodeProperties,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { allowToOption, deliveryOptions, type Channel } from '../../core/define/channel';
import { pageOf } from '../../core/define/page';
import type { Field, Fields } from '../../core/base/field';
import { formatField } from '../../core/message/compose';
import { isNeeded, needsAccount, properties } from './fields';
import { actionParameter, codex, displayName, nodeIcon } from './names';
import { operationsOf, resourceAndOperation, send, sendAndWait, shownFor } from './operations';
import { answerOptions, answerProperties, answerWebhooks, whileWaiting } from './asking/form';
import { methodOf } from './searches';

/** The names of the two collections, and of a parameter that stands in the first beside the parts of a message. */
export const collections = { parts: 'parts', options: 'options' } as const;
export const wholeMessage = 'wholeMessage';
export const failing = 'whenItCannotBeSent';

/** How a node's own parameters differ from those of accounts. */
const ofNodes = { fromUpstream: true, listedBy: methodOf } as const;

export function describe(channel: Channel, account: string): INodeTypeDescription {
	const name = displayName(channel);
	const operations = operationsOf(channel);
	const names = Object.fromEntries(operations.map((operation) => [operation.value, operation.name]));
	return {
		displayName: name,
		name: channel.id,
		icon: nodeIcon(channel.id),
		group: ['output'],
		version: 1,
		subtitle: `={{ (${JSON.stringify(names)})[$parameter["operation"]] }}`,
		description: `Send notifications with ${channel.name}${channel.zh === channel.name ? '' : ` · ${channel.zh}`}`,
		defaults: { name },
		codex: codex(channel, true),
		documentationUrl: pageOf(channel),
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		usableAsTool: true,
		webhooks: answerWebhooks(),
		waitingNodeTooltip: whileWaiting,
		credentials: [
			{
				name: account,
				required: needsAccount(channel.account),
				...(channel.verify && { testedBy: 'testAccount' }),
			},
		],
		properties: [
			...resourceAndOperation(operations),
			...messageProperties(channel, operations),
			...Object.entries(channel.actions).flatMap(([key, action]) =>
				properties(action.fields, { name: actionParameter(key), show: shownFor(operations, key), ...ofNodes }),
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
	// What nobody was asked must not go on as if it were answered.
	displayOptions: { hide: { operation: [sendAndWait] } },
	description:
		'Whether one channel that fails keeps the others from ringing. “On Error” in the node’s settings, where that was set, decides instead; “Retry On Fail” tries again first.',
});

/** Of *Send Message*, and of the question, which is a message too. */
function messageProperties(channel: Channel, operations: Parameters<typeof shownFor>[0]): INodeProperties[] {
	const [both, sends, asks] = [[send, sendAndWait], [send], [sendAndWait]].map((values) =>
		shownFor(operations, ...values),
	) as [Show, Show, Show];
	const { needed, own, delivery } = split(channel.options);
	const options = (show: Show, more: readonly INodeProperties[]): INodeProperties => ({
		displayName: 'Options',
		name: collections.options,
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [
			...more,
			...properties(own, { within: 'collection', ...ofNodes }),
			...properties(delivery, { within: 'collection' }),
		],
		displayOptions: { show },
	});
	return [
		...(channel.to ? properties({ to: channel.to }, { show: both, ...ofNodes }).map(withAccountsDefault) : []),
		...properties(needed, { show: both, ...ofNodes }),
		...byModelInTools(title(sends), 'A short title of one line; may be empty'),
		title(asks),
		...byModelInTools(text(sends), 'What to say, in Markdown'),
		...byModelInTools(text(asks), 'What to ask the person, in Markdown'),
		...properties({ format: formatField }, { show: both }).map(automatic),
		...answerProperties(asks),
		{
			displayName: 'Message Parts',
			name: collections.parts,
			type: 'collection',
			placeholder: 'Add part',
			default: {},
			options: [
				...properties(channel.parts, { within: 'collection', ...ofNodes }),
				{
					displayName: 'Whole message',
					name: wholeMessage,
					type: 'json',
					default: '={{ $json.message }}',
					description:
						'A message object whose picture, buttons, fields and so on are used. That of the incoming item by default.',
				},
			],
			displayOptions: { show: both },
		},
		options(sends, []),
		options(asks, answerOptions()),
	];
}

type Show = NonNullable<IDisplayOptions['show']>;

const title = (show: Show): INodeProperties => ({
	displayName: 'Title',
	name: 'title',
	type: 'string',
	default: '',
	placeholder: 'Empty: that of the incoming message',
	description: 'Empty: the title of the incoming message',
	displayOptions: { show },
});

const text = (show: Show): INodeProperties => ({
	displayName: 'Message',
	name: 'message',
	type: 'string',
	typeOptions: { rows: 5 },
	default: '',
	placeholder: 'Empty: the incoming message',
	description:
		'Empty: the incoming item’s message, found where other nodes put it (message, text, body, output, content …), or n8n’s own error. What holds none goes out as indented JSON.',
	displayOptions: { show },
});

/** What a model that has the node for a tool fills in, as long as nobody else does; elsewhere the box is empty. */
const byModelInTools = (property: INodeProperties, description: string): INodeProperties[] =>
	[false, true].map((isTool) => ({
		...property,
		...(isTool && {
			default: `={{ $fromAI(${JSON.stringify(property.name)}, ${JSON.stringify(description)}, "string") }}`,
		}),
		displayOptions: { show: { ...property.displayOptions?.show, '@tool': [isTool] } },
	}));

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

/** Options that stand on the form itself. */
export const neededOf = ({ options }: Channel) => split(options).needed;
