/** Writes down every name that n8n stores of this package: types, parameters, collections and the values of options. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { INodeProperties, INodePropertyCollection, INodePropertyOptions } from 'n8n-workflow';
import type { Channel } from '../src/core/define/channel';
import type { Flow } from '../src/core/define/flow';
import type { Passing } from '../src/core/define/passing';
import type { Trigger } from '../src/core/define/trigger';
import { channelNode } from '../src/hosts/n8n/channel-node';
import { credential } from '../src/hosts/n8n/credential';
import { flowNode } from '../src/hosts/n8n/flow-node';
import { triggerNode } from '../src/hosts/n8n/trigger-node';
import { accounts, definitions } from './definitions';

const root = join(__dirname, '..');

/** `node telegram.options.format=html`, sorted. */
export function namesOf(): string[] {
	const names = new Set<string>();
	const add = (path: string, properties: readonly INodeProperties[]) => {
		for (const property of properties) {
			if (property.type === 'notice') continue;
			const own = `${path}.${property.name}`;
			names.add(`${own}: ${property.type}`);
			for (const option of property.options ?? []) {
				if ('values' in option) add(`${own}.${option.name}`, (option as INodePropertyCollection).values);
				else if (property.type === 'collection') add(own, [option as INodeProperties]);
				else names.add(`${own}=${String((option as INodePropertyOptions).value)}`);
			}
		}
	};
	for (const { kind, definition } of definitions()) {
		if (kind === 'flow') {
			const flow = definition as Flow | Passing;
			if (flow.not?.includes('n8n')) continue;
			const { name, properties, credentials = [] } = new (flowNode(flow))().description;
			add(`node ${name}`, properties);
			for (const { name: type } of credentials) names.add(`node ${name} uses ${type}`);
			continue;
		}
		const made = definition as Channel | Trigger;
		const sharesAccount = made.type === 'trigger' && made.accountOf !== undefined;
		if (!sharesAccount) {
			const account = new (credential(made))();
			add(`credential ${account.name}`, account.properties);
		}
		if (made.type === 'trigger' && made.not?.includes('n8n')) continue;
		const node = made.type === 'channel' ? new (channelNode(made))() : new (triggerNode(made))();
		const { name, properties, credentials = [] } = node.description;
		add(`node ${name}`, properties);
		for (const { name: type } of credentials) names.add(`node ${name} uses ${type}`);
	}
	for (const { definition } of accounts()) {
		const account = new (credential(definition))();
		add(`credential ${account.name}`, account.properties);
	}
	return [...names].sort();
}

if (require.main === module) {
	const file = join(root, 'test', 'hosts', 'n8n', 'frozen.json');
	writeFileSync(file, `${JSON.stringify(namesOf(), null, '\t')}\n`);
}
