import {
	NodeConnectionTypes,
	type ExpressionString,
	type INodeProperties,
	type INodeTypeDescription,
} from 'n8n-workflow';
import type { Fields } from '../../../core/base/field';
import { collected } from '../../../core/base/rows';
import type { Branches, Passing } from '../../../core/define/passing';
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
		documentationUrl: passing.docs,
		inputs: [NodeConnectionTypes.Main],
		outputs: branches
			? (branched(
					branches,
					outputs.map(({ en }) => en),
				) as ExpressionString)
			: outputs.map(() => NodeConnectionTypes.Main),
		...(!branches && { outputNames: outputs.map(({ en }) => en) }),
		properties: form(passing),
	};
}

function form(passing: Passing): INodeProperties[] {
	const parts = new Set(partsOf(passing));
	const some = (isPart: boolean): Fields =>
		Object.fromEntries(Object.entries(passing.fields).filter(([key]) => parts.has(key) === isPart));
	const flat = properties(some(false));
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
			options: properties(some(true), { within: 'collection', fromUpstream: true }),
		},
		...flat.slice(language),
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
