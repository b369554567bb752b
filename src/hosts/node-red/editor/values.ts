/** What properties say now: in an open form, else in the node. */
import type { Show } from '../../../core/base/field';
import { fieldsOf, formOf, type FormField } from './forms';
import { $, type EditorNode, type Query } from './host';

/** What stands in place of a secret that the server keeps. */
export const kept = '__PWRD__';
export const isVariable = (value: unknown) => typeof value === 'string' && /^\$\{[^}]+\}$/.test(value);

/** The nodes whose forms are open, by the prefix of their inputs. */
const open = new Map<string, string>();

/** What the server says of the secrets that it keeps, by the node’s id: `has_<name>`. */
export const stored = new Map<string, Readonly<Record<string, unknown>>>();

export const prefixOf = (node: EditorNode) => (node._def.category === 'config' ? 'node-config-input' : 'node-input');
export const input = (node: EditorNode, name: string): Query => $(`#${prefixOf(node)}-${name}`);
export const isOpen = (node: EditorNode) => open.get(prefixOf(node)) === node.id;
export const opened = (node: EditorNode) => void open.set(prefixOf(node), node.id);
export const closed = (node: EditorNode) => void (isOpen(node) && open.delete(prefixOf(node)));

const literals: Readonly<Record<string, string>> = {
	number: 'num',
	toggle: 'bool',
	choice: 'choice',
	choices: 'choices',
	json: 'json',
	rows: 'json',
};

/** The type of a typed input that stands for the value itself. */
export const literalOf = ({ kind }: FormField) => literals[kind] ?? 'str';

export function valueOf(node: EditorNode, name: string): unknown {
	const element = isOpen(node) ? input(node, name) : undefined;
	if (element?.length) return element.attr('type') === 'checkbox' ? element.prop('checked') : element.val();
	if (fieldsOf(node)[name]?.secret) {
		const known = node.credentials ?? stored.get(node.id);
		return known ? known[name] || (known[`has_${name}`] ? kept : '') : kept;
	}
	return node[name];
}

export function typeOf(node: EditorNode, name: string): string {
	const field = fieldsOf(node)[name]!;
	if (!field.typed) return literalOf(field);
	const element = isOpen(node) ? input(node, `${name}_type`) : undefined;
	return String((element?.length ? element.val() : node[`${name}_type`]) || literalOf(field));
}

export const isLiteral = (node: EditorNode, field: FormField) => typeOf(node, field.name) === literalOf(field);

export const isBlank = (value: unknown) =>
	value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);

/** A field that hangs on one whose value is known only when a message comes is shown. */
export function isShown(node: EditorNode, name: string): boolean {
	const field = fieldsOf(node)[name];
	if (!field) return true;
	const operation = valueOf(node, 'operation') || 'send';
	// What the message may choose instead, it brings along.
	if (field.operation !== (operation === 'fromMsg' ? 'send' : operation)) return false;
	return holds(node, field.show);
}

/** Whether a trigger takes requests, as it is set now. */
export const receives = (node: EditorNode) => holds(node, formOf(node.type)?.trigger?.receives);

function holds(node: EditorNode, show: Show | undefined): boolean {
	return Object.entries(show ?? {}).every(([sibling, values]) => {
		const other = fieldsOf(node)[sibling];
		if (!other) return true;
		if (!isShown(node, sibling)) return false;
		if (other.typed && !isLiteral(node, other)) return true;
		const given = valueOf(node, sibling);
		if (isVariable(given)) return true;
		const value = isBlank(given) ? other.default : given;
		return values.some((one) => String(one) === String(value));
	});
}
