/** A button beside the text that lists what the service lists. */
import { ask, complaint } from './ask';
import type { Facts } from '../form';
import { formOf, type FormField } from './forms';
import { $, later, type Answer, type EditorNode, type Query } from './host';
import { wordButton } from './inputs';
import { accountOf, accountValues } from './account';
import { say } from './texts';
import { input, isLiteral } from './values';

interface Listed {
	items: { value: string; name: string; description?: string }[];
	next?: string;
}

/** What a list is offered for. */
interface Picked {
	/** Property name; behind a dot the key of a field within its rows. */
	path: string;
	several?: true;
	/** The button stands behind it, the list beneath both. */
	box: Query;
	value(): string;
	set(value: string): void;
	/** Before the list is shown. */
	open?(): void;
}

export function makePick(node: EditorNode, field: FormField): void {
	const element = input(node, field.name);
	offer(node, {
		path: field.name,
		several: field.several,
		box: field.typed ? element.siblings('.red-ui-typedInput-container') : element,
		value: () => String(field.typed ? element.typedInput('value') : element.val()),
		set: (value) => void (field.typed ? element.typedInput('value', value) : element.val(value).trigger('change')),
		open: () => !isLiteral(node, field) && element.typedInput('type', 'str'),
	});
}

/** @param path of the field within its rows, see `Picked` */
export function makePickInRow(node: EditorNode, path: string, { several }: Facts, box: Query): void {
	offer(node, {
		path,
		several,
		box,
		value: () => String(box.val()),
		set: (value) => void box.val(value).trigger('change'),
	});
}

function offer(node: EditorNode, { path, several, box, value, set, open }: Picked): void {
	box.wrap('<div class="carillon-bar"></div>');
	const button = wordButton('search', say('find')).addClass('carillon-find').insertAfter(box);
	const panel = $('<div class="carillon-found">').hide();
	box.closest('.carillon-bar').after(panel);
	const search = $('<input type="text" class="carillon-search">').attr('placeholder', say('search'));
	const list = $('<div class="carillon-found-list" role="listbox">');
	panel.append(search, list);
	for (const event of ['input', 'change']) search.on(event, (happened) => happened.stopPropagation());

	const choose = (chosen: string) => {
		const others = value()
			.split(/[,，\n]/)
			.map((each) => each.trim())
			.filter((each) => each !== '' && each !== chosen);
		set(several ? [...others, chosen].join(', ') : chosen);
		if (!several) panel.hide();
	};
	let latest: Answer | undefined;
	const look = (cursor?: string) => {
		const account = accountOf(node);
		if (!account) return void list.empty().append($('<div class="carillon-bad">').text(say('account')));
		if (cursor === undefined) list.empty();
		const waiting = $('<div class="carillon-help">').text(say('looking')).appendTo(list);
		const request = (latest = ask(`${formOf(node.type)!.of}/list`, {
			account: account.id,
			values: accountValues(account),
			of: formOf(node.type)!.isAccount ? 'account' : 'node',
			field: path,
			search: search.val(),
			cursor,
		}));
		request
			.done(({ items, next }: Listed) => {
				if (latest !== request) return;
				waiting.remove();
				for (const item of items) list.append(rowFor(item, choose));
				if (items.length === 0 && cursor === undefined)
					list.append($('<div class="carillon-help">').text(say('nobody')));
				if (next !== undefined) {
					const more = $('<button type="button" class="red-ui-button red-ui-button-small">').text(
						say('more'),
					);
					list.append(more.on('click', () => (more.remove(), look(next))));
				}
			})
			.fail(() => {
				if (latest === request) list.empty().append($('<div class="carillon-bad">').text(complaint(request)));
			});
	};
	let typing = 0;
	search.on('keyup', () => {
		const mine = ++typing;
		later(() => void (mine === typing && look()), 350);
	});
	button.on('click', (event) => {
		event.preventDefault();
		if (panel.is(':visible')) return panel.hide();
		open?.();
		panel.show();
		look();
		return panel;
	});
}

function rowFor({ value, name, description }: Listed['items'][number], choose: (value: string) => void): Query {
	const about = [value === name ? '' : value, description ?? ''].filter(Boolean).join(' · ');
	return $('<button type="button" class="carillon-found-item" role="option">')
		.append($('<span>').text(name), $('<small>').text(about))
		.on('click', () => choose(value));
}
