/** The account that a form speaks for, as it stands. */
import { fieldsOf, formOf } from './forms';
import { RED, type EditorNode } from './host';
import { input, valueOf } from './values';

/** The account that a node’s form names, or the account whose form it is. */
export function accountOf(node: EditorNode): EditorNode | undefined {
	if (formOf(node.type)!.isAccount) return node;
	return RED.nodes.node(input(node, 'account').val()) ?? undefined;
}

/** An account’s form as it stands, or as another form left it. */
export function accountValues(account: EditorNode): Record<string, unknown> {
	return Object.fromEntries(Object.keys(fieldsOf(account)).map((name) => [name, valueOf(account, name)]));
}
