import type { IDataObject, IHookFunctions, ITriggerFunctions, IWebhookFunctions } from 'n8n-workflow';
import type { Trigger } from '../../../core/define/trigger';
import { receptionist, type Reception } from '../../../core/receive/reception';
import { memoryStore } from '../../../core/state/memory';
import type { KeyValues } from '../../../core/state/store';
import { needsAccount } from '../fields';
import { lasting } from '../flow/keeping';
import { ofProcesses } from '../stores';
import { sparing } from './sparing';
import { collection, fieldsOf, standsOnForm } from './description';
import { inboxOf } from './keep';

export type Host = IWebhookFunctions | ITriggerFunctions | IHookFunctions;

/**
 * What is remembered of happenings. In queue mode one of them may come to any of several processes: there it stands in the
 * Redis that all of them use.
 */
const isShared = ofProcesses !== undefined;
export const store: KeyValues = ofProcesses ?? memoryStore();

/** What strangers can bring about is logged sparingly. */
export const say = sparing();

export async function accountOf(host: Host, trigger: Trigger, type: string): Promise<Record<string, unknown>> {
	if (host.getNode().credentials?.[type] || needsAccount(trigger.account)) return await host.getCredentials(type);
	return {};
}

export function optionsOf(host: Host, trigger: Trigger): Record<string, unknown> {
	const fields = fieldsOf(trigger);
	const collected = host.getNodeParameter(collection, {}) as IDataObject;
	const onForm = Object.keys(fields).filter((key) => standsOnForm(fields, key));
	return { ...collected, ...Object.fromEntries(onForm.map((key) => [key, host.getNodeParameter(key, '')])) };
}

export const scopeOf = (host: Host) =>
	`${host.getWorkflow().id}:${host.getNode().id}:${host.getMode() === 'manual' ? 'test' : 'live'}`;

interface Kept {
	settings: string;
	reception: Reception;
}

/** One reception a node, for as long as its settings stay: it knows the repeats and what waits for late metadata. */
const receptions = new Map<string, Kept>();
export const mostReceptions = 1_000;

export async function receptionOf(host: Host, trigger: Trigger, accountType: string): Promise<Reception> {
	const isTest = host.getMode() === 'manual';
	const account = await accountOf(host, trigger, accountType);
	// Whoever tests sends the same sample again and again.
	const options = { ...optionsOf(host, trigger), ...(isTest && { repeatWindow: 0 }) };
	const scope = scopeOf(host);
	const settings = JSON.stringify([account, options]);
	const kept = receptions.get(scope);
	if (kept?.settings === settings) return kept.reception;
	const inbox = isTest
		? undefined
		: inboxOf(host, options, (line) => say(scope, line, (all) => host.logger.warn(all)));
	const reception = receptionist(trigger, { account, options, store, lasting, isShared, scope, inbox });
	kept?.reception.close();
	receptions.delete(scope);
	receptions.set(scope, { settings, reception });
	const [oldest] = receptions.keys();
	if (receptions.size > mostReceptions && oldest !== undefined) {
		receptions.get(oldest)?.reception.close();
		receptions.delete(oldest);
	}
	return reception;
}

/** Nothing of a reception lives longer than what it receives for. */
export function forget(host: Host, reception: Reception): void {
	reception.close();
	const scope = scopeOf(host);
	if (receptions.get(scope)?.reception === reception) receptions.delete(scope);
}
