import type { IDisplayOptions, INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import type { Action, Channel } from '../../core/define/channel';

export const send = 'send';
export const check = 'checkAccount';
/** n8n looks for this very name. */
export const sendAndWait = 'sendAndWait';

type Resource = NonNullable<Action['resource']> | 'account';

const resources: Record<Resource, string> = {
	message: 'Message',
	file: 'File',
	contact: 'Contact',
	menu: 'Menu',
	api: 'API',
	account: 'Account',
};

interface Operation extends INodePropertyOptions {
	resource: Resource;
}

/** *Send Message* first, then the question, then what only this service can do, then what asks after the account. */
export const operationsOf = (channel: Channel): Operation[] => [
	{
		resource: 'message',
		name: 'Send Message',
		value: send,
		action: 'Send a message',
		description: `Send a message with ${channel.name}`,
	},
	{
		resource: 'message',
		name: 'Send and Wait for Response',
		value: sendAndWait,
		action: 'Send a message and wait for response',
		description: `Ask a person with ${channel.name}, and go on once they have answered`,
	},
	...Object.entries(channel.actions).map(([value, { name, description, resource = 'message' }]) => ({
		resource,
		name,
		value,
		action: sentenceCase(name),
		description: description?.en ?? `${sentenceCase(name)} with ${channel.name}`,
	})),
	...(channel.verify
		? [
				{
					resource: 'account' as const,
					name: 'Check Account',
					value: check,
					action: 'Check the account',
					description: `Ask ${channel.name} whether the credential works, without sending anything`,
				},
			]
		: []),
];

/**
 * Of what it does, and with what, as n8n's own nodes have it: an operation's description to a model comes from there.
 * With actions n8n's panel puts a trigger with the same first name behind the node, where nobody who looks for Emby finds
 * the Webhook Trigger. It makes them of a resource that is a choice, or of the first *operation*: of a channel that does
 * nothing but send, neither is for show.
 */
export function resourceAndOperation(operations: readonly Operation[]): INodeProperties[] {
	if (operations.every(({ value }) => value === send || value === sendAndWait))
		return [
			{ displayName: 'Resource', name: 'resource', type: 'hidden', default: 'message' },
			{
				displayName: 'Operation',
				name: 'operation',
				type: 'hidden',
				default: send,
				displayOptions: { show: { resource: ['none'] } },
			},
			choiceOf('message', operations),
		];
	const used = (Object.keys(resources) as Resource[]).filter((each) =>
		operations.some(({ resource }) => resource === each),
	);
	return [
		{
			displayName: 'Resource',
			name: 'resource',
			type: 'options',
			noDataExpression: true,
			options: used.map((value) => ({ name: resources[value], value })),
			default: 'message',
		},
		...used.map((resource) => choiceOf(resource, operations)),
	];
}

function choiceOf(resource: Resource, operations: readonly Operation[]): INodeProperties {
	const options = operations
		.filter((operation) => operation.resource === resource)
		.map(({ resource: _, ...option }) => option);
	return {
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: [resource] } },
		options,
		default: options[0]!.value,
	};
}

/** Where a parameter of an operation, or of several of one resource, is shown. */
export function shownFor(operations: readonly Operation[], ...values: string[]): NonNullable<IDisplayOptions['show']> {
	const { resource } = operations.find((operation) => operation.value === values[0])!;
	return { resource: [resource], operation: values };
}

/** "Edit Message" → "Edit message"; "Send SMS" stays. */
const sentenceCase = (title: string) => title.replace(/(?<=\s)[A-Z](?=[a-z])/g, (letter) => letter.toLowerCase());
