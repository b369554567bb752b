import type { Fields } from '../base/field';
import type { Text } from '../base/language';
import type { NodeSet } from './set';

/** An account that is no channel's or trigger's own: nodes of several kinds name it. */
export interface Account {
	readonly type: 'account';
	/** File name, export name; n8n's credential and Node-RED's config node are named after it. */
	id: string;
	set: NodeSet;
	name: string;
	zh: string;
	docs: string;
	/** What it is for, and what whoever fills it in should know. */
	teaches: Text;
	account: Fields;
	/** Checks it, given as a host stored it, and changes nothing. @throws ChannelError */
	verify(account: Readonly<Record<string, unknown>>): Promise<void>;
}

export const defineAccount = (definition: Omit<Account, 'type'>): Account => ({ ...definition, type: 'account' });
