/** What the forms of all Carillon nodes share, in the browser. Sets hand in their forms by `carillonForms.push`, before or after this is loaded. */
import type { SetOfForms, Shared } from '../form';
import { branchLabel, makeBranches } from './branches';
import { check } from './check';
import { makeChoices } from './choices';
import { fieldsOf, formOf, knownForms, share, take, type KnownForm } from './forms';
import { help } from './help';
import { $, RED, later, type Default, type EditorNode, type Query } from './host';
import { makeFailures, makeSecret, makeTyped } from './inputs';
import { giveFreePath, showAddresses } from './paths';
import { offerImport } from './importing';
import { offerSidebar, openSidebar } from './kept';
import { makePick } from './pick';
import { makePreview } from './preview';
import { makeRows, type RowList } from './rows';
import { watchSecrets } from './secrets';
import { makeTest } from './sendTest';
import { catchOf, template } from './template';
import { language, say, sharedKey, textOf } from './texts';
import { closed, input, isLiteral, isShown, opened, receives, valueOf } from './values';

const page = globalThis as unknown as { carillonForms?: { push(...sets: SetOfForms[]): unknown } | SetOfForms[] };

/** @param shared is put in when the package is built */
export function start(shared: Shared): void {
	share(shared);
	const waiting = page.carillonForms;
	page.carillonForms = { push: (...sets) => sets.forEach(accept) };
	RED.events.on('registry:node-type-added', complete);
	watchSecrets();
	offerSidebar();
	if (!Array.isArray(waiting)) return;
	waiting.forEach(accept);
	for (const { type } of knownForms()) complete(type);
}

function accept(set: SetOfForms): void {
	for (const type of take(set)) {
		const form = formOf(type)!;
		write(form);
		if (form.imports) offerImport(form.of, openSidebar);
	}
}

/** Where Node-RED looks for them. The forms’ elements stand in the set’s own HTML, empty. */
function write(form: KnownForm): void {
	const element = $(`script[data-template-name="${form.type}"]`);
	const place = element.length
		? element
		: $('<script type="text/html">').attr('data-template-name', form.type).appendTo('#red-ui-editor-node-configs');
	place.html(template(form));
	$('<script type="text/html">')
		.attr('data-help-name', form.type)
		.html(help(form))
		.appendTo('#red-ui-editor-node-configs');
}

/** What a set registered, with what all have in common. */
function complete(type: string): void {
	const form = formOf(type);
	const definition = form && RED.nodes.getType(type);
	if (!definition) return;
	// With a second parameter a validator may say what is wrong.
	const validator = (name: string): Default['validate'] =>
		function (value, _opt) {
			return check(this, name, value);
		};
	for (const [name, each] of Object.entries({ ...definition.defaults, ...definition.credentials }))
		if (name in form.fields || name === 'path') Object.assign(each, { validate: validator(name) });
	if (Object.values(form.fields).some(({ secret, required }) => secret && required))
		definition.defaults.name!.validate = validator('name');
	const leave = function (this: EditorNode) {
		closed(this);
	};
	Object.assign(definition, {
		oneditprepare(this: EditorNode) {
			prepare(this, form);
		},
		oneditsave: leave,
		oneditcancel: leave,
		oneditdelete: leave,
	});
	if (form.isAccount) return;
	// A new one speaks as the editor does.
	if (form.outputs) definition.defaults.language!.value = language();
	Object.assign(definition, {
		labelStyle(this: EditorNode) {
			return this.name ? 'node_label_italic' : '';
		},
		outputLabels(this: EditorNode, index: number) {
			return form.branches ? branchLabel(this, index) : outputLabel(form, index);
		},
		...(form.trigger && {
			onadd(this: EditorNode) {
				giveFreePath(this);
			},
		}),
	});
	// The palette’s search looks at this alone.
	const words = [
		textOf(type, 'label'),
		form.find,
		RED._(sharedKey(`find.${form.outputs ? 'flow' : form.trigger ? 'trigger' : 'channel'}`)),
	].join(' ');
	$(`.red-ui-palette-node[data-palette-type="${type}"]`).attr(
		'data-palette-label',
		(_, label) => `${label} ${words}`,
	);
}

function outputLabel({ type, outputs, trigger }: KnownForm, index: number): string | undefined {
	if (outputs) return textOf(type, `output.${index}`);
	return say(trigger ? 'output.event' : index === 0 ? 'output.sent' : 'output.failed');
}

function prepare(node: EditorNode, known: KnownForm): void {
	const { isAccount, branches } = known;
	opened(node);
	const form = input(node, 'name').closest('.carillon-form');
	fillIn(node);
	const lists = new Map<string, RowList>();
	for (const field of Object.values(fieldsOf(node))) {
		if (field.kind === 'rows') lists.set(field.name, makeRows(node, field));
		else if (field.typed) makeTyped(node, field);
		if (field.kind === 'pick') makePick(node, field);
	}
	form.find('.carillon-secret').each((_, element) => makeSecret($(element)));
	form.find('select[multiple]').each((_, element) => makeChoices(node, form, $(element)));
	// A new account speaks as the editor does.
	if (isAccount && !RED.nodes.node(node.id)) input(node, 'language').val(language());
	makeFailures(node);
	if (branches) makeBranches(node, known, lists.get(branches.rows)!);
	showAddresses(node, form);
	makePreview(node, form);
	const update = () => showWhatCounts(node, form);
	form.on('change', 'input, select, textarea', update);
	update();
	makeTest(node, form);
	// A field that is wrong must not hide in a folded section.
	later(() => form.find('.carillon-section:has(.input-error)').prop('open', true));
}

function showWhatCounts(node: EditorNode, form: Query): void {
	const rowOf = (name: string) => form.find(`[data-field="${name}"]`);
	for (const name of Object.keys(fieldsOf(node))) rowOf(name).toggle(isShown(node, name));
	form.find('.carillon-catch').each((_, element) => {
		const field = fieldsOf(node)[$(element).closest('[data-field]').attr('data-field')!]!;
		const value = isLiteral(node, field) ? String(valueOf(node, field.name) ?? '') : '';
		const said = value === '' ? undefined : textOf(node.type, catchOf(field.name, value));
		$(element)
			.text(said ?? '')
			.toggle(said !== undefined);
	});
	for (const name of ['path', 'usual', 'urls']) rowOf(name).toggle(receives(node));
	form.find('.carillon-section').each((_, element) => {
		const rows = $(element).find('.carillon-row').toArray();
		$(element).toggle(rows.some(({ style }) => style.display !== 'none'));
	});
}

/** An older flow lacks newer fields: what it lacks is its default, and the form shows that. */
function fillIn(node: EditorNode): void {
	for (const [name, { value }] of Object.entries(node._def.defaults)) {
		if (node[name] !== undefined || value === undefined || value === '') continue;
		const element = input(node, name);
		if (element.attr('type') === 'checkbox') element.prop('checked', value);
		else element.val(value);
	}
}
