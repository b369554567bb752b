import { randomBytes } from 'node:crypto';
import type { Plan } from '../../../flow/imported/plan';
import { accountTypeOf, typeOf } from '../properties';

const grid = { left: 160, column: 240, top: 80, row: 60 };

/** What Node-RED's *Import* takes: a tab with a trigger, a Route and the channels behind it, and accounts to be filled in. */
export function flowOf({ of, rows, otherwise, channels, left }: Plan): Record<string, unknown>[] {
	const id = () => randomBytes(8).toString('hex');
	const [z, route] = [id(), id()];
	const nodes = channels.map(({ id: channel, name }, at) => ({
		...{ id: id(), type: typeOf(channel), z, name, account: id(), operation: 'send', outputs: 1 },
		...{ x: grid.left + grid.column * 2, y: grid.top + at * grid.row, wires: [[]] },
	}));
	const accounts = nodes.map(({ account, name }, at) => ({
		...{ id: account, type: accountTypeOf(channels[at]!.id), name },
	}));
	const behind = (places: readonly number[]) => places.map((at) => nodes[at]!.id);
	const y = grid.top + ((channels.length - 1) * grid.row) / 2;
	const account = id();
	return [
		{ id: z, type: 'tab', label: of, disabled: false, info: left.map(({ en, zh }) => `${en}\n${zh}`).join('\n\n') },
		{
			...{ id: id(), type: typeOf('webhookTrigger'), z, name: of, account, usual: true },
			...{ path: '/carillon/webhook', x: grid.left, y, wires: [[route]] },
		},
		{
			...{
				id: route,
				type: typeOf('route'),
				z,
				name: '',
				preset: 'own',
				mode: 'first',
				outputs: rows.length + 1,
			},
			rows: JSON.stringify(rows.map(({ name, cells }) => ({ name, on: true, ...cells }))),
			...{ x: grid.left + grid.column, y, wires: [...rows.map(({ to }) => behind(to)), behind(otherwise)] },
		},
		...nodes,
		{ id: account, type: accountTypeOf('webhookTrigger'), name: of },
		...accounts,
	];
}
