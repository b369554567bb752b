/**
 * The names that stored flows hold: types, properties, secrets, and the values of choices. Nothing that was shipped may
 * go or be called otherwise; new names are added by
 *
 *   node scripts/run.mjs scripts/frozen.ts
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Field } from '../src/core/base/field';
import { triggerAccount } from '../src/core/receive/reception';
import {
	accountProperties,
	accountTypeOf,
	channelProperties,
	checkAccount,
	flowProperties,
	fromMsg,
	send,
	triggerProperties,
	typeOf,
	type Property,
} from '../src/hosts/node-red/properties';
import { isPassing } from '../src/core/define/passing';
import { accounts, definitions, root, runsIn, type Definition } from './definitions';

/** Of one type: `name`, `name=value` of a choice, `name.key` of rows, `name!` of a secret. */
export type Frozen = Record<string, string[]>;

export const frozenFile = join(root, 'test/hosts/node-red/frozen.json');

export function storedNames(): Frozen {
	const found = definitions().filter((one) => runsIn(one, 'node-red'));
	return Object.fromEntries([
		...found.flatMap(({ definition }) => namesOf(definition)),
		...accounts().map(({ definition: { id, account } }): [string, string[]] => [
			accountTypeOf(id),
			accountProperties(account).flatMap(stored).sort(),
		]),
	]);
}

function namesOf(definition: Definition): [string, string[]][] {
	if (definition.type === 'flow') {
		const own = !isPassing(definition) ? ['account'] : definition.branches ? ['outputs'] : [];
		return [[typeOf(definition.id), [...own, ...flowProperties(definition).flatMap(stored)].sort()]];
	}
	const isChannel = definition.type === 'channel';
	const properties = isChannel ? channelProperties(definition) : triggerProperties(definition);
	const operations = isChannel
		? [send, fromMsg, ...Object.keys(definition.actions), ...(definition.verify ? [checkAccount] : [])]
		: [];
	const own = isChannel
		? ['account', 'failures', 'operation', 'outputs', ...operations.map((each) => `operation=${each}`)]
		: ['account', ...(definition.receive ? ['path', ...(definition.paths?.length ? ['usual'] : [])] : [])];
	const node: [string, string[]] = [typeOf(definition.id), [...own, ...properties.flatMap(stored)].sort()];
	if (!isChannel && definition.accountOf) return [node];
	const account = isChannel ? definition.account : triggerAccount(definition);
	return [node, [accountTypeOf(definition.id), accountProperties(account).flatMap(stored).sort()]];
}

const stored = ({ name, field, credential, typed }: Property): string[] => [
	credential ? `${name}!` : name,
	...(typed ? [`${name}_type`] : []),
	...valuesOf(name, field),
];

const valuesOf = (name: string, { options = {}, fields = {} }: Field): string[] => [
	...Object.keys(options).map((value) => `${name}=${value}`),
	...Object.entries(fields).flatMap(([key, each]) => [`${name}.${key}`, ...valuesOf(`${name}.${key}`, each)]),
];

if (process.argv[1]?.endsWith('frozen.ts')) {
	const lines = Object.entries(storedNames()).map(
		([type, names]) => `\t${JSON.stringify(type)}: ${JSON.stringify(names)}`,
	);
	writeFileSync(frozenFile, `{\n${lines.join(',\n')}\n}\n`);
}
