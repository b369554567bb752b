import { NodeConnectionTypes, type INodeProperties, type INodeTypeDescription } from 'n8n-workflow';
import type { Flow } from '../../../core/define/flow';
import { pageOf } from '../../../core/define/page';
import { properties } from '../fields';
import { codex, credentialType, displayName, nodeIcon } from '../names';
import { methodOf } from '../searches';

/** What the node does with an item; all but the first are of nodes that list what waits. */
export const operations = { take: 'take', list: 'list', sendAgain: 'sendAgain', drop: 'drop' } as const;

/** Whose batches are listed: a scope. */
export const ofNode = 'ofNode';
export const listNodes = methodOf(ofNode);

/** Of the credential of a store. */
export const testStore = 'testStore';

export function describe(flow: Flow): INodeTypeDescription {
	const name = displayName(flow);
	return {
		displayName: name,
		name: flow.id,
		icon: nodeIcon(flow.id),
		// No trigger to the eye: the canvas shows a step, though its `trigger` lets out what is due.
		group: ['transform'],
		version: 1,
		subtitle: flow.lists ? `={{ ${subtitle} }}` : '',
		description: flow.description.en,
		defaults: { name },
		codex: codex(flow),
		documentationUrl: pageOf(flow),
		inputs: [NodeConnectionTypes.Main],
		outputs: flow.outputs.map(() => NodeConnectionTypes.Main),
		outputNames: flow.outputs.map(({ en }) => en),
		credentials: [
			{
				name: credentialType('store'),
				required: false,
				testedBy: testStore,
				displayOptions: { show: { store: ['auto', 'redis'] } },
			},
		],
		properties: flow.lists ? listing(flow) : properties(flow.fields),
	};
}

const subtitle = `({ ${operations.list}: "List", ${operations.sendAgain}: "Send again", ${operations.drop}: "Drop" })[$parameter["operation"]] || ""`;

/** Where it is kept is asked for whatever is done. */
const ownOf = ({ fields: { store: _, ...own } }: Flow) => own;

const listing = (flow: Flow): INodeProperties[] => [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		options: [
			{
				name: 'Keep and Deliver',
				value: operations.take,
				action: 'Keep messages and deliver them',
				description: 'Keep each message until it is delivered',
			},
			{
				name: 'List',
				value: operations.list,
				action: 'List what waits or was given up',
				description: `List the messages of an ${flow.name}, with what became of them`,
			},
			{
				name: 'Send Again',
				value: operations.sendAgain,
				action: 'Send a message again',
				description:
					'Make a message wait again that was given up or delivered, or let one go now that waits for its next try',
			},
			{
				name: 'Drop',
				value: operations.drop,
				action: 'Drop a message',
				description: 'Remove a message for good',
			},
		],
		default: operations.take,
	},
	...properties(ownOf(flow), { show: { operation: [operations.take] } }),
	{
		displayName: flow.name,
		name: ofNode,
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		required: true,
		description: `The ${flow.name}, or the trigger that keeps what it receives, whose messages are meant; listed once its workflow was published`,
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				placeholder: 'Choose …',
				typeOptions: { searchListMethod: listNodes, searchable: true },
			},
			{ displayName: 'By ID', name: 'id', type: 'string', placeholder: 'workflow:node' },
		],
		displayOptions: { show: { operation: [operations.list, operations.sendAgain, operations.drop] } },
	},
	{
		displayName: 'State',
		name: 'which',
		type: 'options',
		options: [
			{ name: 'Waiting', value: 'waiting' },
			{ name: 'Being Delivered', value: 'held' },
			{ name: 'Given Up', value: 'dead' },
			{ name: 'Delivered', value: 'done' },
		],
		default: 'dead',
		displayOptions: { show: { operation: [operations.list] } },
	},
	{
		displayName: 'Limit',
		name: 'limit',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 1_000 },
		default: 50,
		description: 'Max number of results to return',
		displayOptions: { show: { operation: [operations.list] } },
	},
	{
		displayName: 'Message',
		name: 'batch',
		type: 'string',
		default: '={{ $json.id }}',
		required: true,
		description: 'The ID of a message, as List gives it',
		displayOptions: { show: { operation: [operations.sendAgain, operations.drop] } },
	},
	...properties({ store: flow.fields.store! }),
];
