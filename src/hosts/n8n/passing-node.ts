import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeType } from 'n8n-workflow';
import { isChannelError, seal } from '../../core/base/errors';
import { commandIn, valuesOf, type Passing } from '../../core/define/passing';
import type { FlowValues } from '../../core/define/flow';
import { planOf } from '../../flow/imported/plan';
import { asNodeError, told, type Failure } from './faults';
import { describePassing, importFlow, partsOf } from './flow/passing-form';
import { workflowOf } from './flow/workflow';
import { stored } from './rows';

/** A node in the middle of a flow that remembers nothing: an ordinary step. */
export function passingNode(passing: Passing) {
	return class implements INodeType {
		description = describePassing(passing);

		async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
			return Promise.resolve(pass(this, passing));
		}
	};
}

/** All items are tried; the first failure is thrown after the last one. */
function pass(host: IExecuteFunctions, passing: Passing): INodeExecutionData[][] {
	const outputs: INodeExecutionData[][] = [];
	const put = (output: number, item: INodeExecutionData) => void (outputs[output] ??= []).push(item);
	const items = host.getInputData();
	const failures: Failure[] = [];
	const hints = new Set<string>();
	let last = passing.outputs.length - 1;
	for (const [index, item] of items.entries()) {
		const pairedItem = { item: index };
		const command = commandIn(item.json);
		if (command !== undefined) {
			hints.add(`An item with the command “${command}” went no further: it is for nodes that keep something.`);
			continue;
		}
		try {
			if (passing.imports && host.getNodeParameter('operation', index, '') === importFlow) {
				const plan = planOf(host.getNodeParameter('settings', index, ''));
				for (const { en } of plan.left) hints.add(en);
				put(0, { json: workflowOf(plan), pairedItem });
				continue;
			}
			const values = ofItem(host, passing, index);
			last = countOf(passing, values) - 1;
			const given = { incoming: item.json, event: item.json.event };
			const passed = passing.pass(
				given,
				values,
				(why) => void hints.add(`Item ${index}: ${why[values.language]}`),
			);
			const json = passed.message
				? { ...item.json, message: passed.message as unknown as IDataObject }
				: item.json;
			for (const output of passed.outputs) put(output, { ...item, json, pairedItem });
		} catch (thrown) {
			const error = inLanguage(host, thrown);
			failures.push({ item: index, error });
			// n8n takes an item that has nothing but an error to the error output, and adds the input's JSON there itself.
			const toErrorOutput = host.getNode().onError === 'continueErrorOutput';
			put(last, {
				json: { ...(!toErrorOutput && item.json), error: told(error) },
				...(item.binary && { binary: item.binary }),
				pairedItem,
			});
		}
	}
	if (failures.length > 0 && !host.continueOnFail()) throw asNodeError(host, failures, items.length);
	for (const message of hints) host.addExecutionHints?.({ type: 'warning', location: 'outputPane', message });
	return Array.from({ length: Math.max(last + 1, outputs.length) }, (_, output) => outputs[output] ?? []);
}

function ofItem(host: IExecuteFunctions, passing: Passing, index: number): FlowValues {
	const parts = partsOf(passing);
	const details = parts.length > 0 ? (host.getNodeParameter('parts', index, {}) as IDataObject) : {};
	const get = (name: string): unknown => host.getNodeParameter(name, index, '');
	const isPart = new Set(parts.flatMap((key) => [key, `${key}Json`]));
	return valuesOf(
		passing,
		stored(passing.fields, (name) => (isPart.has(name) ? details[name] : get(name))),
	);
}

/** How many outputs it has, the way it is set. */
function countOf({ branches, outputs }: Passing, values: FlowValues): number {
	if (!branches) return outputs.length;
	const { rows, presets } = branches;
	const all = values as FlowValues & Record<string, unknown>;
	const ready = presets.rows[String(all[presets.by])];
	return (ready ?? (all[rows] as unknown[])).length + outputs.length;
}

/** What is wrong is said in the node's language. */
function inLanguage(host: IExecuteFunctions, thrown: unknown): Error {
	if (!isChannelError(thrown)) return thrown as Error;
	return seal(thrown, host.getNode().parameters?.language === 'zh' ? 'zh' : 'en', (text) => text);
}
