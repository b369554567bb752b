/** Validators: true, or the sentence that says what is wrong. */
import { fieldsOf, type FormField } from './forms';
import { RED, type EditorNode } from './host';
import { checkPath } from './paths';
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
		case 'choice':
			return !field.typed || field.options!.includes(String(value)) || say('choice', { label });
		default:
			return true;
	}
}

function checkNumber({ integer, min, max }: FormField, label: string, value: unknown): true | string {
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
