/** Turns the plain inputs of a form into those that people use. */
import { optionKey } from '../form';
import type { FormField } from './forms';
import { $, RED, type EditorNode, type Query } from './host';
import { say, textOf } from './texts';
import { input, kept, literalOf } from './values';

export const others = ['msg', 'flow', 'global', 'env', 'jsonata'];

export function makeTyped(node: EditorNode, field: FormField): void {
	const element = input(node, field.name);
	const kind = input(node, `${field.name}_type`);
	if (!kind.val()) kind.val(literalOf(field));
	if (field.kind === 'multiline') return makeMultiline(element, kind);
	const several = field.kind === 'list' || field.kind === 'secrets' ? ['json'] : [];
	element.typedInput({ typeField: kind, types: [ownType(node, field), ...several, ...others] });
}

export const picture = (name: string) => `red/images/typedInput/${name}.svg`;

function ownType(node: EditorNode, field: FormField): unknown {
	const literal = literalOf(field);
	const label = textOf(node.type, `field.${field.name}`);
	if (literal === 'bool') {
		const options = ['true', 'false'].map((value) => ({ value, label: say(value) }));
		return { value: 'bool', label, icon: picture('bool'), options };
	}
	if (literal !== 'choice' && literal !== 'choices') {
		if (literal !== 'num' || field.required) return literal;
		// Node-RED's own number is wrong when it is empty.
		return {
			value: 'num',
			label: RED._('typedInput.type.num', { defaultValue: 'number' }),
			icon: picture('09'),
			validate: (value: string) => value === '' || isFinite(Number(value)),
		};
	}
	const options = field.options!.map((value) => ({ value, label: optionLabel(node, field.name, value) }));
	if (field.optional) options.unshift({ value: '', label: say('none') });
	return { value: literal, label, icon: 'fa fa-list-ul', options, multiple: literal === 'choices' };
}

export const optionLabel = (node: EditorNode, name: string, value: string) =>
	textOf(node.type, `option.${name}.${optionKey(value)}`) ?? value;

/** The choice of type above, and the text of several lines beneath it. */
function makeMultiline(element: Query, kind: Query): void {
	const picker = element.siblings('.carillon-picker');
	const text = {
		value: 'str',
		label: RED._('typedInput.type.str', { defaultValue: 'string' }),
		icon: picture('az'),
		hasValue: false,
	};
	let before = String(kind.val());
	let written = before === 'str' ? element.val() : '';
	picker.val(before === 'str' ? '' : element.val());
	picker.typedInput({ typeField: kind, types: [text, ...others] });
	const update = () => {
		const type = picker.typedInput('type');
		if (before === 'str' && type !== 'str') written = element.val();
		if (type !== 'str') element.val(picker.typedInput('value'));
		else if (before !== 'str') element.val(written);
		before = type;
		element.toggle(type === 'str').trigger('change');
	};
	picker.on('change', update);
	update();
}

/** A button that shows what is being typed; what is kept on the server is not here to be shown. */
export function makeSecret(element: Query): void {
	element.wrap('<div class="carillon-bar"></div>');
	const eye = iconButton('eye', say('show'));
	eye.insertAfter(element).on('click', () => {
		if (element.is('textarea')) element.toggleClass('carillon-open');
		else element.attr('type', element.attr('type') === 'password' ? 'text' : 'password');
	});
	const update = () => eye.prop('disabled', element.val() === kept).toggleClass('disabled', element.val() === kept);
	element.on('focus', () => element.val() === kept && element.trigger('select'));
	element.on('change keyup paste', update);
	update();
}

export const iconButton = (icon: string, title: string): Query =>
	$(`<button type="button" class="red-ui-button red-ui-button-small"><i class="fa fa-${icon}"></i></button>`).attr({
		title,
		'aria-label': title,
	});

/** With its word beside the icon: what it does is no riddle. */
export const wordButton = (icon: string, word: string): Query =>
	$(`<button type="button" class="red-ui-button carillon-word"><i class="fa fa-${icon}"></i> </button>`).append(
		$('<span>').text(word),
	);

export function makeFailures(node: EditorNode): void {
	const box = input(node, 'failures');
	if (!box.length) return;
	const outputs = input(node, 'outputs');
	const update = () => outputs.val(box.prop('checked') ? 2 : 1);
	box.on('change', update);
	update();
}
