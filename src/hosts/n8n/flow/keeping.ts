import { randomUUID } from 'node:crypto';
import type { IExecuteFunctions, ITriggerFunctions } from 'n8n-workflow';
import { read } from '../../../core/base/field';
import { inZone, type Flow, type FlowValues } from '../../../core/define/flow';
import { borrowed } from '../../../core/state/borrowed';
import type { Lent } from '../../../core/state/lending';
import type { KeyValues, Store } from '../../../core/state/store';
import type { Chosen } from '../../../core/state/storeOption';
import { credentialType } from '../names';
import { stored } from '../rows';
import { storeOf } from '../stores';

let lent: Lent | undefined;

/** Of this process: in Redis several of them claim. */
export const claimant = randomUUID();

/** Opened by the first node that needs it, for as long as n8n runs. */
export const keeping = (): Store => (lent ??= storeOf()).store;

/** For channels, which seldom keep anything. */
export const lasting: KeyValues = borrowed(() => ({ store: keeping(), giveBack: () => Promise.resolve() }));

/** Of the Redis that a node names. */
export const storeCredential = credentialType('store');

/** ms that another store than that of the whole n8n stays open after its last use: executions come in bursts. */
const linger = 60_000;

type Naming = Pick<IExecuteFunctions, 'getNode' | 'getCredentials'>;

/**
 * The store that a node is set to; whoever gets it gives it back.
 * @throws ChannelError `Invalid('store')`
 */
export async function keepingOf(host: Naming, chosen: Chosen = 'auto'): Promise<Lent> {
	const isNamed = chosen !== 'file' && host.getNode().credentials?.[storeCredential] !== undefined;
	const account = isNamed ? await host.getCredentials(storeCredential) : undefined;
	if (!account && chosen === 'auto') return { store: keeping(), giveBack: () => Promise.resolve() };
	const { store, giveBack } = storeOf(chosen, account);
	return {
		store,
		giveBack: async () => {
			setTimeout(() => void giveBack().catch(() => undefined), linger).unref();
			return await Promise.resolve();
		},
	};
}

export const scopeOf = (host: Pick<IExecuteFunctions, 'getWorkflow' | 'getNode'>) =>
	`${host.getWorkflow().id ?? ''}:${host.getNode().id}`;

/** What the node says whatever comes in: fields that are another for each message are left as they are. */
export function valuesOf({ fields, each = [] }: Flow, parameter: (name: string) => unknown): FlowValues {
	const ofNode = Object.fromEntries(Object.entries(fields).filter(([key]) => !each.includes(key)));
	return read(fields, stored(ofNode, parameter)) as FlowValues;
}

/** Of one item: all that the node says. */
export const ofItem = (host: IExecuteFunctions, flow: Flow, index: number) =>
	inZone(
		flow,
		read(
			flow.fields,
			stored(flow.fields, (name) => host.getNodeParameter(name, index, '')),
		) as FlowValues,
		host.getTimezone(),
	);

export const ofExecution = (host: IExecuteFunctions, flow: Flow) =>
	inZone(
		flow,
		valuesOf(flow, (name) => host.getNodeParameter(name, 0, '')),
		host.getTimezone(),
	);

export const ofTrigger = (host: ITriggerFunctions, flow: Flow) =>
	inZone(
		flow,
		valuesOf(flow, (name) => host.getNodeParameter(name, '')),
		host.getTimezone(),
	);
