/** A list of small forms in place of its JSON, which stays behind it for lists that come from elsewhere. */
import { optionKey, type Facts } from '../form';
import type { FormField } from './forms';
import { $, RED, later, type EditorNode, type Query } from './host';
import { iconButton, picture, others } from './inputs';
import { makePickInRow } from './pick';
import { asJson, rowsOf, type Row } from './rowValues';
import { say, textOf } from './texts';
import { input, kept } from './values';

/** What else stands in the form may look at them. */
export interface RowList {
	/** Of each the place that it had when the form was opened; a new one had none. */
	places(): (number | undefined)[];
	fill(rows: readonly Row[], places: readonly (number | undefined)[]): void;
}

interface Item {
	row: Row;
	was?: number;
}

export function makeRows(node: EditorNode, field: FormField): RowList {
	const element = input(node, field.name);
	const place = element.siblings('.carillon-rows');
	const list = $('<ol>').appendTo(place);
	const label = textOf(node.type, `row.${field.name}`) ?? textOf(node.type, `field.${field.name}`) ?? '';
	let filling = false;
	const items = () =>
		list
			.editableList('items')
			.toArray()
			.map((each) => $(each).data('data') as Item);
	const store = () => {
		if (filling) return;
		const rows = items().map(({ row }) => row);
		element.val(asJson(rows, field.placed)).trigger('change');
	};
	list.editableList({
		addButton: say('add', { row: label }),
		removable: true,
		sortable: true,
		height: 'auto',
		addItem(container: Query, _at: number, data: Partial<Item>) {
			const isNew = data.row === undefined;
			data.row ??= {};
			container.append(rowForm(node, field, data.row, store));
			if (isNew && field.placed) later(store);
		},
		removeItem: store,
		sortItems: store,
	});
	const raw = iconButton('code', say('raw')).addClass('carillon-raw');
	raw.on('click', () => {
		RED.editor.editJSON({
			value: String(element.val() || '[]'),
			complete: (value) => {
				const places = items().map(({ was }) => was);
				element.val(value);
				show(places);
				element.trigger('change');
			},
		});
	});
	place.append(raw, $('<div class="carillon-help carillon-unlisted">').text(say('unlisted')));
	/** What the list cannot show is edited as JSON, and stays as it is. */
	const show = (places?: readonly (number | undefined)[]) => {
		const value = element.val();
		const rows = value === kept ? [] : rowsOf(value);
		const listed = rows?.every((row) => Object.keys(row).every((key) => key in (field.fields ?? {}))) === true;
		filling = true;
		list.editableList('empty');
		const was = places ?? rows?.map((_, at) => at);
		if (listed) rows?.forEach((row, at) => list.editableList('addItem', { row: { ...row }, was: was?.[at] }));
		filling = false;
		place.find('.red-ui-editableList').toggle(listed);
		place.find('.carillon-unlisted').toggle(!listed);
	};
	show();
	if (field.typed) makePicker(node, field, element, place, () => show());
	return {
		places: () => items().map(({ was }) => was),
		fill(rows, places) {
			element.val(asJson(rows, field.placed));
			show(places);
			element.trigger('change');
		},
	};
}

/** The choice of type above; the list beneath it where it is a list. */
function makePicker(node: EditorNode, field: FormField, element: Query, place: Query, show: () => void): void {
	const kind = input(node, `${field.name}_type`);
	const picker = element.siblings('.carillon-picker');
	const own = { value: 'json', label: say('rows'), icon: picture('json'), hasValue: false };
	let before = String(kind.val() || 'json');
	let written = before === 'json' ? element.val() : '';
	picker.val(before === 'json' ? '' : element.val());
	picker.typedInput({ typeField: kind, types: [own, ...others] });
	const update = () => {
		const type = picker.typedInput('type');
		if (before === 'json' && type !== 'json') written = element.val();
		if (type !== 'json') element.val(picker.typedInput('value'));
		else if (before !== 'json') element.val(written);
		if (type === 'json' && before !== 'json') show();
		before = type;
		place.toggle(type === 'json');
		element.trigger('change');
	};
	picker.on('change', update);
	update();
}

function rowForm(node: EditorNode, { name, fields = {} }: FormField, row: Row, store: () => void): Query {
	const cells = Object.entries(fields).map(([key, facts]) => cellOf(node, name, key, facts, row, store));
	return $('<div class="carillon-row-form">').append(cells);
}

function cellOf(node: EditorNode, rows: string, key: string, facts: Facts, row: Row, store: () => void): Query {
	const name = `${rows}_${key}`;
	const text = textOf(node.type, `field.${name}`) ?? key;
	const help = textOf(node.type, `help.${name}`);
	const box = inputOf(node, name, facts);
	const isBox = facts.kind === 'toggle';
	const given = row[key] ?? facts.default;
	const isMany = facts.kind === 'choices';
	if (isBox) box.prop('checked', given === true);
	else if (isMany)
		box.val(
			Array.isArray(given)
				? given
				: String(given ?? '')
						.split(/[,，]/)
						.map((each) => each.trim()),
		);
	else
		box.val(
			Array.isArray(given) ? given.join(', ') : typeof given === 'object' ? JSON.stringify(given) : (given ?? ''),
		);
	box.on('input change', (event) => {
		event.stopPropagation();
		row[key] = isBox ? box.prop('checked') === true : box.val();
		store();
	});
	if (facts.kind === 'pick') later(() => makePickInRow(node, `${rows}.${key}`, facts, box), 0);
	const wide = facts.kind === 'multiline' || facts.kind === 'json' ? ' carillon-wide' : '';
	return $(`<label class="carillon-cell${wide}">`)
		.attr('title', help ?? '')
		.append($('<span>').text(facts.required ? `${text} *` : text), box);
}

function inputOf(node: EditorNode, name: string, { kind, options = [], optional, secret, hint }: Facts): Query {
	if (kind === 'choice') {
		const all = options.map((value) => optionOf(node, name, value));
		return $('<select>').append(optional ? $('<option value="">').text(say('none')) : '', ...all);
	}
	if (kind === 'choices') {
		const all = options.map((value) => optionOf(node, name, value));
		return $(`<select multiple size="${options.length}">`).append(...all);
	}
	if (kind === 'toggle') return $('<input type="checkbox">');
	if (kind === 'multiline' || kind === 'json')
		return $('<textarea rows="2" spellcheck="false">').attr('placeholder', hint ?? '');
	return $(`<input type="${secret ? 'password' : 'text'}" autocomplete="off">`).attr('placeholder', hint ?? '');
}

const optionOf = (node: EditorNode, name: string, value: string): Query =>
	$('<option>')
		.attr('value', value)
		.text(textOf(node.type, `option.${name}.${optionKey(value)}`) ?? value);
