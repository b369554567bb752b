/** Where triggers are reached. */
import { formOf } from './forms';
import { $, RED, location, type EditorNode, type Query } from './host';
import { say } from './texts';
import { input, receives } from './values';

export function checkPath(node: EditorNode, value: unknown): true | string {
	if (!receives(node)) return true;
	const path = String(value ?? '');
	if (!/^\/[^\s?#]*$/.test(path)) return say('path');
	const other = ownerOf(path, node);
	return other ? say('taken', { other: other.name || other.id }) : true;
}

const normalised = (path: unknown) =>
	`/${String(path)}`
		.replace(/\/{2,}/g, '/')
		.replace(/(.)\/$/, '$1')
		.toLowerCase();

function ownerOf(path: string, except: EditorNode): EditorNode | undefined {
	let owner: EditorNode | undefined;
	RED.nodes.eachNode((other) => {
		if (other.id === except.id || other.d || formOf(other.type)?.trigger?.path === undefined) return;
		if (normalised(other.path) === normalised(path)) owner ??= other;
	});
	return owner;
}

/** A new trigger gets a path that is free. */
export function giveFreePath(node: EditorNode): void {
	if (!node.path || !ownerOf(node.path, node)) return;
	const stem = node.path.replace(/-\d+$/, '');
	let number = 2;
	while (ownerOf(`${stem}-${number}`, node)) number++;
	node.path = `${stem}-${number}`;
	// What is pasted was judged with the path that it came with.
	RED.editor.validateNode(node);
}

/** The addresses to give to senders. */
export function showAddresses(node: EditorNode, form: Query): void {
	const { trigger } = formOf(node.type)!;
	if (trigger?.path === undefined) return;
	const root = location.origin + (RED.settings.httpNodeRoot || '/').replace(/\/?$/, '/');
	const update = () => {
		const usual = input(node, 'usual').prop('checked') ? (trigger.usual ?? []) : [];
		const rows = [input(node, 'path').val(), ...usual].map((path) => {
			const url = root + String(path ?? '').replace(/^\//, '');
			const copy = $(
				'<button type="button" class="red-ui-button red-ui-button-small"><i class="fa fa-clipboard"></i></button>',
			).attr({ title: say('copy'), 'aria-label': say('copy') });
			copy.on('click', () => RED.clipboard.copyText(url, copy));
			return $('<div>').append($('<code>').text(url), copy);
		});
		form.find('.carillon-addresses').empty().append(rows);
	};
	form.on('change keyup', '#node-input-path, #node-input-usual', update);
	update();
}
