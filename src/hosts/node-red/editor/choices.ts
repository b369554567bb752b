/** Boxes to tick in place of a list in which a click takes back all others. Many of them stand in groups, with a search. */
import { optionKey } from '../form';
import { fieldsOf } from './forms';
import { $, type EditorNode, type Query } from './host';
import { optionLabel } from './inputs';
import { say, textOf } from './texts';
import { input } from './values';

interface Choice {
	option: { selected: boolean };
	box: Query;
	row: Query;
	/** What the search looks at. */
	words: string;
	place: number;
	isAsked: boolean;
}

export function makeChoices(node: EditorNode, form: Query, select: Query): void {
	const name = String(select.closest('[data-field]').data('field'));
	const { groups } = fieldsOf(node)[name]!;
	const label = (value: string) => optionLabel(node, name, value);
	const choices = select
		.find('option')
		.toArray()
		.map((option, place): Choice & { value: string } => {
			const box = $('<input type="checkbox">').prop('checked', option.selected);
			box.on('change', () => {
				option.selected = box.prop('checked') === true;
				select.trigger('change');
			});
			const row = $('<label>').append(box, $('<span>').text(label(option.value)));
			const words = `${option.value} ${label(option.value)}`;
			return { option, value: option.value, box, row, place, words, isAsked: true };
		});
	const boxes = $('<div class="carillon-choices"></div>');
	select.hide().after(boxes);
	if (!groups) {
		boxes.append(choices.map(({ row }) => row));
		return;
	}
	const parts = groups.map((group) => {
		const members = choices.filter(({ value }) => value.split('.', 1)[0] === group);
		const title = textOf(node.type, `group.${name}.${optionKey(group)}`) ?? group;
		for (const member of members) member.words += ` ${title}`;
		const part = $('<div class="carillon-group">').append(
			$('<div class="carillon-group-title">').text(title),
			members.map(({ row }) => row),
		);
		return { part, members };
	});
	boxes.addClass('carillon-many').append(parts.map(({ part }) => part));
	narrow(node, form, name, select, boxes, choices, parts);
}

/** A search, all and none, and only those that the sender chosen above can tell. What is ticked stays in sight. */
function narrow(
	node: EditorNode,
	form: Query,
	name: string,
	select: Query,
	boxes: Query,
	choices: Choice[],
	parts: readonly { part: Query; members: readonly Choice[] }[],
): void {
	const { only } = fieldsOf(node)[name]!;
	const search = $('<input type="text" class="carillon-search">').attr('placeholder', say('search'));
	const count = $('<span class="carillon-count">');
	const setAll = (on: boolean) => {
		for (const { option, box, isAsked } of choices) {
			if (!isAsked) continue;
			option.selected = on;
			box.prop('checked', on);
		}
		select.trigger('change');
	};
	const button = (key: string, on: boolean) =>
		$('<button type="button" class="red-ui-button red-ui-button-small carillon-all">')
			.text(say(key))
			.on('click', () => setAll(on));
	const update = () => {
		const wanted = String(search.val()).trim().toLowerCase().split(/\s+/);
		const tellable = only && only.values[String(input(node, only.by).val())];
		for (const choice of choices) {
			const { words, option, row, place } = choice;
			choice.isAsked =
				(!tellable || tellable.includes(place)) && wanted.every((word) => words.toLowerCase().includes(word));
			row.toggle(choice.isAsked || option.selected);
		}
		for (const { part, members } of parts)
			part.toggle(members.some(({ isAsked, option }) => isAsked || option.selected));
		const chosen = choices.filter(({ option }) => option.selected).length;
		count.text(chosen === 0 ? say('every') : say('chosen', { chosen, all: choices.length }));
	};
	search.on('input', (event) => {
		// The form's own listeners have nothing to do with it.
		event.stopPropagation();
		update();
	});
	search.on('change', (event) => event.stopPropagation());
	select.after(
		$('<div class="carillon-bar carillon-narrow">').append(search, button('all', true), button('nothing', false)),
	);
	boxes.after(count);
	form.on('change', 'select', update);
	update();
}
