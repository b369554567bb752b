import type { Channel } from '../../../src/core/define/channel';
import {
	accountProperties,
	accountTypeOf,
	channelProperties,
	typeOf,
	type Property,
} from '../../../src/hosts/node-red/properties';
import type { Config } from '../../../src/hosts/node-red/red';
import type { Filled } from '../n8n/parameters';

/** A value that a node takes from the message, as its typed inputs name it. */
export class FromMessage {
	constructor(readonly path: string) {}
}

export interface Nodes {
	flow: Partial<Config>[];
	credentials: Record<string, Record<string, unknown>>;
}

/** The account and the node of a channel, filled in so; the node has the id that is given, the account one that begins with it. */
export function nodesOf(channel: Channel, id: string, account: Record<string, unknown>, filled: Filled): Nodes {
	const { more = {}, options = {}, ...onForm } = filled;
	const nodes: Nodes = { flow: [], credentials: {} };
	const add = (node: Partial<Config>, properties: readonly Property[], value: (property: Property) => unknown) => {
		for (const property of properties) {
			const given = value(property);
			if (given === undefined) continue;
			if (property.credential) (nodes.credentials[node.id!] ??= {})[property.name] = given;
			else if (given instanceof FromMessage)
				Object.assign(node, { [property.name]: given.path, [`${property.name}_type`]: 'msg' });
			else
				Object.assign(node, {
					[property.name]: given,
					...(property.typed && { [`${property.name}_type`]: literal(property) }),
				});
		}
		nodes.flow.push(node);
	};
	const accountId = `${id}-account`;
	add(
		{ id: accountId, type: accountTypeOf(channel.id) },
		accountProperties(channel.account),
		({ key }) => account[key],
	);
	const places: Record<Property['part'], Readonly<Record<string, unknown>>> = {
		message: onForm,
		more,
		option: { ...options, to: onForm.to },
	};
	add(
		{ id, z: 'tab', type: typeOf(channel.id), account: accountId, failures: true },
		channelProperties(channel).filter(({ operation }) => operation === 'send'),
		({ part, key }) => places[part][key],
	);
	return nodes;
}

const literal = ({ name, initial }: Property) => (name === 'message' ? 'str' : initial.type);
