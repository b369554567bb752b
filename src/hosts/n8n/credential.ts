import type { Icon, ICredentialType, INodeProperties } from 'n8n-workflow';
import type { Fields } from '../../core/base/field';
import type { Account } from '../../core/define/account';
import { triggerAccount } from '../../core/receive/reception';
import type { Trigger } from '../../core/define/trigger';
import { pageOf } from '../../core/define/page';
import { properties } from './fields';
import { accountName, credentialIcon, credentialType } from './names';

interface Definition {
	type: 'channel' | 'trigger';
	id: string;
	name: string;
	account: Fields;
}

/** The class that holds an account; tested by the channel's node. */
export function credential(definition: Definition | Account) {
	const { id } = definition;
	const fields = definition.type === 'trigger' ? triggerAccount(definition as Trigger) : definition.account;
	return class implements ICredentialType {
		name = credentialType(id);
		displayName = accountName(definition);
		documentationUrl = pageOf(definition);
		icon: Icon = credentialIcon(id);
		properties: INodeProperties[] = properties(fields);
	};
}
