/** Outputs that follow the rows of a form: a wire stays with its row, wherever that goes. */
import { formOf, type KnownForm } from './forms';
import { $, type EditorNode } from './host';
import { wordButton } from './inputs';
import type { RowList } from './rows';
import { rowsOf, type Row } from './rowValues';
import { say, textOf } from './texts';
import { input, valueOf } from './values';

type Branches = NonNullable<KnownForm['branches']>;

const presetOf = (node: EditorNode, { by, presets }: Branches) => {
	const value = String(valueOf(node, by) ?? '');
	return presets[value] && { value, rows: presets[value] };
};

/** @param list of the rows that somebody fills in */
export function makeBranches(node: EditorNode, form: KnownForm, list: RowList): void {
	const { branches, outputs: always = 0 } = form;
	if (!branches) return;
	const outputs = input(node, 'outputs');
	const first = presetOf(node, branches);
	const before = (first?.rows ?? rowsOf(node[branches.rows]) ?? []).length;
	/** Whether the places of the own rows are those of outputs that were there. */
	let areOwn = first === undefined;
	const update = () => {
		const preset = presetOf(node, branches);
		button.toggle(preset !== undefined);
		const places = preset
			? preset.rows.map((_, at) => (preset.value === first?.value ? at : undefined))
			: list.places().map((was) => (areOwn ? was : undefined));
		outputs.val(JSON.stringify(portsOf(before, places, always)));
	};
	const button = wordButton('pencil', say('own'));
	button.on('click', () => {
		const preset = presetOf(node, branches);
		if (!preset) return;
		const known = preset.value === first?.value;
		areOwn ||= known;
		const rows = preset.rows.map((cells, at) => ({
			name: textOf(node.type, `preset.${preset.value}_${at}`),
			...cells,
		}));
		input(node, branches.by).val('own');
		list.fill(
			rows,
			rows.map((_, at) => (known ? at : undefined)),
		);
		input(node, branches.by).trigger('change');
	});
	input(node, branches.by).after($('<div class="carillon-bar carillon-own">').append(button));
	for (const name of [branches.by, branches.rows]) input(node, name).on('change', update);
	update();
}

/**
 * What Node-RED's editor moves wires by: the outputs that there were, each with its place now, -1 for one that is gone;
 * new ones under names that are no numbers.
 * @param places the rows as they are now, each with the place that it had
 */
export function portsOf(
	before: number,
	places: readonly (number | undefined)[],
	always: number,
): Record<string, number> {
	const ports: Record<string, number> = {};
	for (let was = 0; was < before; was++) ports[was] = places.indexOf(was);
	for (let at = 0; at < always; at++) ports[before + at] = places.length + at;
	places.forEach((was, at) => {
		if (was === undefined || was >= before) ports[`new${at}`] = at;
	});
	return ports;
}

/** What an output is called; undefined: it is one of those that are always there. */
export function branchLabel(node: EditorNode, index: number): string | undefined {
	const { branches, type } = formOf(node.type)!;
	if (!branches) return undefined;
	const value = String(node[branches.by] ?? '');
	const preset = branches.presets[value];
	const rows: readonly Row[] = preset ?? rowsOf(node[branches.rows]) ?? [];
	const row = rows[index];
	if (!row) return textOf(type, `output.${index - rows.length}`);
	if (preset) return textOf(type, `preset.${value}_${index}`);
	const told = branches.told.flatMap((key) => row[key] ?? []).map(String);
	return String(row.name ?? '') || told.join(' · ') || String(index + 1);
}
