/** Boxes to tick in place of a list in which a click takes back all others. */
import { $, type EditorNode, type Query } from './host';
import { optionLabel } from './inputs';

export function makeChoices(node: EditorNode, select: Query): void {
	const name = String(select.closest('[data-field]').data('field'));
	const boxes = $('<div class="carillon-choices"></div>');
	for (const option of select.find('option').toArray()) {
		const box = $('<input type="checkbox">').prop('checked', option.selected);
		box.on('change', () => {
			option.selected = box.prop('checked') === true;
			select.trigger('change');
		});
		boxes.append($('<label>').append(box, $('<span>').text(optionLabel(node, name, option.value))));
	}
	select.hide().after(boxes);
}
