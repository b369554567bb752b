/** Validators: true, or the sentence that says what is wrong. */
import type { Facts } from '../form';
import { fieldsOf, type FormField } from './forms';
import { RED, type EditorNode } from './host';
import { checkPath } from './paths';
import { rowsOf } from './rowValues';
import { checkSecrets } from './secrets';
import { say, textOf } from './texts';
import { isBlank, isShown, isVariable, kept, literalOf, typeOf } from './values';

export function check(node: EditorNode, name: string, value: unknown): true | string {
	if (name === 'path') return checkPath(node, value);
	if (name === 'name') return checkSecrets(node);
	const field = fieldsOf(node)[name];
	if (!field || !isShown(node, name)) return true;
	const label = textOf(node.type, `field.${name}`) ?? name;
	if (isBlank(value)) return field.required ? say('missing', { label }) : true;
	if (value === kept || isVariable(value)) return true;
	const type = typeOf(node, name);
	if (field.typed && type !== literalOf(field))
		return RED.utils.validateTypedProperty(String(value), type, { label });
	switch (field.kind) {
		case 'number':
			return checkNumber(field, label, value);
		case 'url':
			return isUrl(String(value)) || say('url', { label });
		case 'json':
			return isJson(value) || say('json', { label });
		case 'rows':
			return isJson(value) ? checkRows(node, field, label, value) : say('json', { label });
		case 'choice':
			return !field.typed || field.options!.includes(String(value)) || say('choice', { label });
		default:
			return true;
	}
}

/** What is not a list of small forms is read, and told of, when a message comes. */
function checkRows(node: EditorNode, { name, fields = {} }: FormField, label: string, value: unknown): true | string {
	const rows = rowsOf(value);
	for (const [at, row] of (rows ?? []).entries()) {
		for (const [key, facts] of Object.entries(fields)) {
			const said = checkOne(facts, textOf(node.type, `field.${name}_${key}`) ?? key, row[key]);
			if (said !== true) return say('row', { label, number: at + 1, said });
		}
	}
	return true;
}

function checkOne(facts: Facts, label: string, value: unknown): true | string {
	if (isBlank(value)) return facts.required ? say('missing', { label }) : true;
	if (isVariable(value)) return true;
	if (facts.kind === 'number') return checkNumber(facts, label, value);
	return facts.kind !== 'url' || isUrl(String(value)) || say('url', { label });
}

function checkNumber({ integer, min, max }: Facts, label: string, value: unknown): true | string {
	const number = Number(value);
	if (String(value).trim() === '' || !Number.isFinite(number)) return say('number', { label });
	if (integer && !Number.isInteger(number)) return say('integer', { label });
	if (min !== undefined && number < min) return say('min', { label, limit: min });
	if (max !== undefined && number > max) return say('max', { label, limit: max });
	return true;
}

/** A bare host counts: it gets https:// when it is read. */
function isUrl(value: string): boolean {
	const whole = (/^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `https://${value}`).trim();
	return URL.canParse(whole) && /^https?:$/.test(new URL(whole).protocol);
}

function isJson(value: unknown): boolean {
	if (typeof value !== 'string') return true;
	try {
		JSON.parse(value);
		return true;
	} catch {
		return false;
	}
}
