import { randomUUID } from 'node:crypto';
import type { IDataObject } from 'n8n-workflow';
import type { Plan } from '../../../flow/imported/plan';
import { collected } from '../../../core/base/rows';

const own = (id: string) => `@carillon/n8n-nodes-carillon.${id}`;
const grid = { column: 260, row: 140 };

/** What n8n takes when it is pasted into a workflow: a trigger, a Route and the channels behind it. No account is in it. */
export function workflowOf({ of, rows, otherwise, channels, left }: Plan): IDataObject {
	const middle = ((channels.length - 1) * grid.row) / 2;
	const node = (
		type: string,
		name: string,
		position: [number, number],
		parameters: object = {},
		more: object = {},
	) => ({
		...{ id: randomUUID(), name, type, typeVersion: 1, position, parameters },
		...more,
	});
	// n8n knows nodes by their names.
	const taken = new Map<string, number>();
	const named = channels.map(({ name }) => {
		const count = (taken.get(name) ?? 0) + 1;
		taken.set(name, count);
		return `${of}: ${name}${count === 1 ? '' : ` ${count}`}`;
	});
	const [trigger, route] = [`${of}: Webhook`, `${of}: Route`];
	const row = rows.map(({ name, cells }) => ({ name, ...listed(cells) }));
	const to = (places: readonly number[]) => places.map((at) => ({ node: named[at]!, type: 'main', index: 0 }));
	return {
		name: of,
		nodes: [
			node(own('webhookTrigger'), trigger, [0, middle], {}, { webhookId: randomUUID() }),
			node(own('route'), route, [grid.column, middle], { rows: { [collected]: row } }),
			...channels.map(({ id }, at) => node(own(id), named[at]!, [grid.column * 2, at * grid.row])),
		],
		connections: {
			[trigger]: { main: [[{ node: route, type: 'main', index: 0 }]] },
			[route]: { main: [...rows.map((one) => to(one.to)), to(otherwise)] },
		},
		settings: { executionOrder: 'v1' },
		active: false,
		meta: { carillon: { left: left.map(({ en }) => en) } },
	} as unknown as IDataObject;
}

/** A list of choices stays one, any other is typed with commas. */
const listed = (cells: Readonly<Record<string, unknown>>) =>
	Object.fromEntries(
		Object.entries(cells).map(([key, value]) => [
			key,
			Array.isArray(value) && key !== 'levels' ? value.join(', ') : value,
		]),
	);
