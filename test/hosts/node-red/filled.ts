import type { Channel } from '../../../src/core/define/channel';
import type { Trigger } from '../../../src/core/define/trigger';
import { triggerAccount } from '../../../src/core/receive/reception';
import {
	accountProperties,
	accountTypeOf,
	channelProperties,
	triggerAccountType,
	triggerProperties,
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
	const places: Record<Property['part'], Readonly<Record<string, unknown>>> = {
		message: onForm,
		more,
		option: { ...options, to: onForm.to },
	};
	return joined(
		written({ id: `${id}-account`, type: accountTypeOf(channel.id) }, accountProperties(channel.account), account),
		written(
			{ id, z: 'tab', x: 0, y: 0, type: typeOf(channel.id), account: `${id}-account`, failures: true },
			channelProperties(channel).filter(({ operation }) => operation === 'send'),
			({ part, key }) => places[part][key],
		),
	);
}

/** The same of a trigger. */
export function triggerNodesOf(
	trigger: Trigger,
	id: string,
	account: Record<string, unknown>,
	options: Record<string, unknown>,
): Nodes {
	return joined(
		written(
			{ id: `${id}-account`, type: triggerAccountType(trigger) },
			accountProperties(triggerAccount(trigger)),
			account,
		),
		written(
			{ id, z: 'tab', x: 0, y: 0, type: typeOf(trigger.id), account: `${id}-account` },
			triggerProperties(trigger),
			options,
		),
	);
}

const joined = (...all: readonly Nodes[]): Nodes => ({
	flow: all.flatMap(({ flow }) => flow),
	credentials: Object.assign({}, ...all.map(({ credentials }) => credentials)) as Nodes['credentials'],
});

type Values = Readonly<Record<string, unknown>> | ((property: Property) => unknown);

function written(node: Partial<Config>, properties: readonly Property[], values: Values): Nodes {
	const valueOf = typeof values === 'function' ? values : ({ key }: Property) => values[key];
	const credentials: Nodes['credentials'] = {};
	const config: Record<string, unknown> = { ...node };
	for (const property of properties) {
		const given = valueOf(property);
		const { name } = property;
		if (given === undefined) continue;
		if (property.credential) (credentials[node.id!] ??= {})[name] = given;
		else if (given instanceof FromMessage) Object.assign(config, { [name]: given.path, [`${name}_type`]: 'msg' });
		else Object.assign(config, { [name]: given, ...(property.typed && { [`${name}_type`]: literal(property) }) });
	}
	return { flow: [config], credentials };
}

const literal = ({ name, initial }: Property) => (name === 'message' ? 'str' : initial.type);
