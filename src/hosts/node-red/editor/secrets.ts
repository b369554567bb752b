/** Node-RED asks for what is wrong with credentials only while their form is open: elsewhere the name tells of it. */
import { fieldsOf, formOf } from './forms';
import { $, RED, later, type EditorNode } from './host';
import { say, textOf } from './texts';
import { isBlank, isOpen, isShown, stored, valueOf } from './values';

/** Their inputs show it themselves while the form is open. */
export function checkSecrets(node: EditorNode): true | string {
	if (isOpen(node)) return true;
	const missing = secretsOf(node).filter((name) => isShown(node, name) && isBlank(valueOf(node, name)));
	return (
		missing.length === 0 ||
		missing.map((name) => say('missing', { label: textOf(node.type, `field.${name}`) })).join(' ')
	);
}

/** Those that a node cannot do without. */
const secretsOf = (node: EditorNode) =>
	Object.values(fieldsOf(node))
		.filter(({ secret, required }) => secret && required)
		.map(({ name }) => name);

const isOurs = (node: EditorNode) => formOf(node.type) !== undefined;

/** The editor itself asks for what the server keeps only when a form is opened. */
function ask(nodes: readonly EditorNode[]): void {
	for (const node of nodes) {
		if (secretsOf(node).length === 0) continue;
		$.getJSON(`credentials/${node.type}/${node.id}`).done((known: Readonly<Record<string, unknown>>) => {
			stored.set(node.id, known);
			if (isOpen(node)) return;
			for (const each of [node, ...(node.users ?? [])]) RED.editor.validateNode(each);
			RED.sidebar.config.refresh();
			RED.view.redraw();
		});
	}
}

let arrived: EditorNode[] = [];
function arrive(node: EditorNode): void {
	// Those that refer to it come in the same turn.
	if (arrived.length === 0) {
		later(() => {
			const nodes = arrived;
			arrived = [];
			ask(nodes.filter((one) => !one.credentials && RED.nodes.node(one.id)));
		});
	}
	arrived.push(node);
}

export function watchSecrets(): void {
	RED.events.on('nodes:add', (node) => void (isOurs(node) && arrive(node)));
	// What was typed has gone to the server, and the editor forgets it.
	RED.events.on('deploy', () => {
		const nodes: EditorNode[] = [];
		const visit = (node: EditorNode) => void (isOurs(node) && nodes.push(node));
		RED.nodes.eachNode(visit);
		RED.nodes.eachConfig(visit);
		ask(nodes);
	});
}
