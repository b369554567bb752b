import {
	NodeConnectionTypes,
	type ExpressionString,
	type IDisplayOptions,
	type INodeProperties,
	type INodeTypeDescription,
} from 'n8n-workflow';
import type { Fields } from '../../../core/base/field';
import { collected } from '../../../core/base/rows';
import type { Branches, Passing } from '../../../core/define/passing';
import { pageOf } from '../../../core/define/page';
import { properties } from '../fields';
import { codex, displayName, nodeIcon } from '../names';

/** What stands in the collection: parts of a message that are seldom needed. */
export const partsOf = ({ details = [] }: Passing): readonly string[] => details;

export function describePassing(passing: Passing): INodeTypeDescription {
	const name = displayName(passing);
	const { branches, outputs } = passing;
	return {
		displayName: name,
		name: passing.id,
		icon: nodeIcon(passing.id),
		group: ['transform'],
		version: 1,
		subtitle: '',
		description: passing.description.en,
		defaults: { name },
		codex: codex(passing),
		documentationUrl: pageOf(passing),
		inputs: [NodeConnectionTypes.Main],
		outputs: branches
			? (branched(
					branches,
					outputs.map(({ en }) => en),
				) as ExpressionString)
			: outputs.map(() => NodeConnectionTypes.Main),
		...(!branches && { outputNames: outputs.map(({ en }) => en) }),
		properties: passing.imports ? [...operations(), ...form(passing, { operation: [compose] })] : form(passing),
	};
}

const compose = 'compose';
/** In place of composing: puts out a workflow, made of what another program was set to. */
export const importFlow = 'importFlow';

const operations = (): INodeProperties[] => [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		options: [
			{
				name: 'Compose',
				value: compose,
				action: 'Compose a message',
				description: 'Compose a message once, for all the channels behind',
			},
			{
				name: 'Import a Flow',
				value: importFlow,
				action: 'Make a workflow of the settings of moviepilot qd or qinglong',
				description:
					'Make a workflow of what MoviePilot, QD or qinglong were set to: its JSON comes out, to be pasted into n8n’s canvas. No secret is in it: choose credentials there',
			},
		],
		default: compose,
	},
	{
		displayName: 'Settings',
		name: 'settings',
		type: 'string',
		typeOptions: { rows: 8 },
		default: '',
		required: true,
		description:
			'MoviePilot: its setting Notifications, as JSON. QD: an object with the user’s noticeflg. qinglong: its config.sh, or its variables as JSON',
		displayOptions: { show: { operation: [importFlow] } },
	},
];

function form(passing: Passing, show?: IDisplayOptions['show']): INodeProperties[] {
	const parts = new Set(partsOf(passing));
	const some = (isPart: boolean): Fields =>
		Object.fromEntries(Object.entries(passing.fields).filter(([key]) => parts.has(key) === isPart));
	const flat = properties(some(false), { show });
	if (parts.size === 0) return flat;
	const language = flat.findIndex(({ name }) => name === 'language');
	return [
		...flat.slice(0, language),
		{
			displayName: 'Message Parts',
			name: 'parts',
			type: 'collection',
			placeholder: 'Add part',
			default: {},
			...(show && { displayOptions: { show } }),
			options: properties(some(true), { within: 'collection', fromUpstream: true }),
		},
		// Errors of every operation are told in it.
		...flat.slice(language).map(({ displayOptions: _, ...always }) => always),
	];
}

/**
 * The outputs as n8n works them out from the node's parameters, in the editor as well. Two braces in a row would end the
 * expression.
 */
function branched({ rows, told, presets }: Branches, always: readonly string[]): string {
	const ready = Object.fromEntries(
		Object.entries(presets.rows).map(([key, each]) => [key, each.map(({ name }) => name.en)]),
	);
	const names = `(${JSON.stringify(ready)})[p.${presets.by}] ?? (p.${rows}?.${collected} ?? []).map((row, at) => row.name || ${JSON.stringify(told)}.flatMap((key) => row[key] || []).join(' · ') || String(at + 1))`;
	return `={{ ((p) => [...(${names}), ...${JSON.stringify(always)}].map((name) => ({ type: 'main', displayName: String(name) }) ) )($parameter) }}`;
}
