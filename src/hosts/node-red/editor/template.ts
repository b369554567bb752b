/** Writes a form as Node-RED wants it: inputs named after the properties, which it fills, and texts by their keys. */
import { optionKey } from '../form';
import type { FormField, KnownForm } from './forms';
import type { Section } from '../form';
import { escaped, keyOf, say, sharedKey } from './texts';

export function template(form: KnownForm): string {
	return `<div class="carillon-form" data-type="${form.type}">${rowsOf(form).join('')}</div>`;
}

const folded: readonly Section[] = ['details', 'options', 'delivery', 'network'];
const prefixOf = (form: KnownForm) => (form.isAccount ? 'node-config-input' : 'node-input');

function rowsOf(form: KnownForm): string[] {
	const { trigger } = form;
	const path = trigger?.path === undefined ? [] : pathRows(form, trigger.path);
	const [way] = Object.keys(trigger?.receives ?? {});
	// Where requests are one way of several, the path stands beneath the choice of the way.
	const beneath: Record<string, string[]> = way === undefined ? {} : { [way]: path };
	if (trigger?.preview) beneath[trigger.preview.fields.at(-1)!] = [previewRow(form)];
	const account =
		form.account === undefined ? [] : [row(form, 'account', `<input type="text" id="node-input-account"${whole}>`)];
	// A node in the middle of a flow has one for what it remembers alone.
	if (form.outputs) beneath.store = account;
	const fields = Object.values(form.fields);
	const rows = (section: Section) =>
		fields
			.filter((field) => field.section === section)
			.flatMap((field) => [fieldRow(form, field), ...(beneath[field.name] ?? [])]);
	const prefix = prefixOf(form);
	return [
		row(
			form,
			'name',
			`<input type="text" id="${prefix}-name" data-i18n="[placeholder]${sharedKey('field.name')}">`,
		),
		...(form.outputs ? [] : account),
		...(way === undefined ? path : []),
		...(form.test && !form.isAccount ? [operationRow(form)] : []),
		...rows('main'),
		...folded.flatMap((section) => sectionOf(section, rows(section))),
		...(form.test && !form.isAccount
			? [
					row(form, 'failures', '<input type="checkbox" id="node-input-failures">'),
					'<input type="hidden" id="node-input-outputs">',
				]
			: []),
		...(form.branches ? ['<input type="hidden" id="node-input-outputs">'] : []),
		...(form.test ? [testRow()] : []),
		docsRow(form),
	];
}

function sectionOf(section: Section, rows: readonly string[]): string[] {
	if (rows.length === 0) return [];
	const open = section === 'options' && rows.length <= 8 ? ' open' : '';
	return [
		`<details class="carillon-section" data-section="${section}"${open}><summary data-i18n="${sharedKey(`section.${section}`)}"></summary>${rows.join('')}</details>`,
	];
}

function operationRow(form: KnownForm): string {
	const own = Object.keys(form.operations ?? {});
	// One operation is no choice.
	if (own.length === 0) return '<input type="hidden" id="node-input-operation">';
	const options = ['send', ...own, 'fromMsg'].map(
		(key) => `<option value="${key}" data-i18n="${keyOf(form.type, `operation.${key}`)}"></option>`,
	);
	return row(form, 'operation', `<select id="node-input-operation">${options.join('')}</select>`);
}

function pathRows(form: KnownForm, path: string): string[] {
	const { usual, key } = form.trigger!;
	const note = key ? `<div class="carillon-note" data-i18n="${sharedKey('urls')}"></div>` : '';
	return [
		row(form, 'path', `<input type="text" id="node-input-path" placeholder="${escaped(path)}">`),
		...(usual ? [row(form, 'usual', '<input type="checkbox" id="node-input-usual">')] : []),
		`<div class="form-row carillon-urls" data-field="urls"><div class="carillon-addresses"></div>${note}</div>`,
	];
}

function previewRow(form: KnownForm): string {
	const text = (key: string) => sharedKey(`preview.${key}`);
	return `<div class="form-row carillon-row"><label><span data-i18n="${text('sample')}"></span></label><div class="carillon-input"><div class="carillon-bar"><select class="carillon-sample" data-i18n="[title]${text('sample')}">${samplesOf(form).join('')}</select><button type="button" class="red-ui-button carillon-preview"><i class="fa fa-eye"></i> <span data-i18n="${text('button')}"></span></button><button type="button" class="red-ui-button carillon-play"><i class="fa fa-play"></i> <span data-i18n="${text('play')}"></span></button></div><div class="carillon-help" data-i18n="${text('help')}"></div><div class="carillon-preview-result" role="status"></div></div></div>`;
}

/** By whose they are. */
function samplesOf({ type, fields, trigger }: KnownForm): string[] {
	const { by, of, values } = trigger!.samples!;
	const labelOf = (field: string, value: string) => keyOf(type, `option.${field}.${optionKey(value)}`);
	const all = fields[of]?.options ?? [];
	return Object.entries(values).map(([who, places]) => {
		const options = places.map(
			(place) =>
				`<option value="${escaped(`${who}/${all[place]}`)}" data-i18n="${labelOf(of, all[place]!)}"></option>`,
		);
		return `<optgroup data-by="${escaped(who)}" data-i18n="[label]${labelOf(by, who)}">${options.join('')}</optgroup>`;
	});
}

const testRow = () =>
	`<div class="form-row carillon-test-row"><button type="button" class="red-ui-button carillon-test"><i class="fa fa-paper-plane"></i> <span data-i18n="${sharedKey('test')}"></span></button><div class="carillon-test-result" role="status"></div></div>`;

const docsRow = ({ docs }: KnownForm) =>
	`<div class="form-row carillon-docs"><a href="${escaped(docs)}" target="_blank" rel="noopener"><i class="fa fa-external-link"></i> <span data-i18n="${sharedKey('docs')}"></span></a></div>`;

function row(form: KnownForm, name: string, input: string, required = false): string {
	const mark = required ? ' <span class="carillon-required">*</span>' : '';
	const help = keyOf(form.type, `help.${name}`);
	const note = help === undefined ? '' : `<div class="carillon-help" data-i18n="${help}"></div>`;
	return `<div class="form-row carillon-row" data-field="${name}"><label for="${prefixOf(form)}-${name}"><span data-i18n="${keyOf(form.type, `field.${name}`)}"></span>${mark}</label><div class="carillon-input">${input}${note}</div></div>`;
}

function fieldRow(form: KnownForm, field: FormField): string {
	const id = `${prefixOf(form)}-${field.name}`;
	const input =
		field.kind === 'rows'
			? rowsInput(id, field)
			: field.typed
				? typedInput(id, field)
				: plainInput(form, id, field);
	return row(form, field.name, input + catchNote(form, field), field.required);
}

/** Where one of the values has something to be known first: it is filled in as soon as that is chosen. */
const catchNote = ({ type }: KnownForm, { name, options = [] }: FormField) =>
	options.some((value) => keyOf(type, catchOf(name, value)) !== undefined)
		? '<div class="carillon-catch" role="note"></div>'
		: '';

export const catchOf = (name: string, value: string) => `catch.${name}.${optionKey(value)}`;

/** What Node-RED makes of an input takes the width over from its style. */
const whole = ' style="width:100%"';

const hintOf = ({ hint }: FormField) => (hint === undefined ? '' : ` placeholder="${escaped(hint)}"`);

/** The list of small forms writes its JSON into the hidden input. */
const rowsInput = (id: string, { typed }: FormField) =>
	`${typed ? `<input type="text" class="carillon-picker"${whole}><input type="hidden" id="${id}_type">` : ''}<input type="hidden" id="${id}"><div class="carillon-rows"></div>`;

/** What stands here is turned into typed inputs when the form is opened. */
function typedInput(id: string, field: FormField): string {
	const kind = `<input type="hidden" id="${id}_type">`;
	const hint = hintOf(field);
	// A typed input is one line: several lines stand in a box of their own beneath the choice of type.
	return field.kind === 'multiline'
		? `<input type="text" class="carillon-picker"${whole}>${kind}<textarea id="${id}" rows="4"${hint}></textarea>`
		: `<input type="text" id="${id}"${whole}${hint}>${kind}`;
}

function plainInput(form: KnownForm, id: string, field: FormField): string {
	const hint = hintOf(field);
	const { kind, name, options = [] } = field;
	const isLong = kind === 'multiline' || kind === 'json' || kind === 'secrets';
	if (field.secret) {
		return isLong
			? `<textarea id="${id}" class="carillon-secret" rows="3" autocomplete="off" spellcheck="false"${hint}></textarea>`
			: `<input type="password" id="${id}" class="carillon-secret" autocomplete="new-password"${hint}>`;
	}
	switch (kind) {
		case 'choice':
		case 'choices': {
			const none = kind === 'choice' && field.optional ? `<option value="">${escaped(say('none'))}</option>` : '';
			const all = options.map(
				(value) =>
					`<option value="${escaped(value)}" data-i18n="${keyOf(form.type, `option.${name}.${optionKey(value)}`)}"></option>`,
			);
			return `<select id="${id}"${kind === 'choices' ? ' multiple="multiple"' : ''}>${none}${all.join('')}</select>`;
		}
		case 'toggle':
			return `<input type="checkbox" id="${id}">`;
		case 'number':
			return `<input type="text" inputmode="decimal" id="${id}"${hint}>`;
		case 'multiline':
		case 'json':
			return `<textarea id="${id}" rows="4" spellcheck="false"${hint}></textarea>`;
		default:
			return `<input type="text" id="${id}"${hint}>`;
	}
}
