import type { ITriggerFunctions, ITriggerResponse, NodeOperationError } from 'n8n-workflow';
import { ChannelError } from '../../../core/base/errors';
import type { Text } from '../../../core/base/language';
import { isRefused, type Connecting, type Happening, type Trigger } from '../../../core/define/trigger';
import { read } from '../../../core/base/field';
import { triggerAccount } from '../../../core/receive/reception';
import { connections } from './connections';
import { toItems } from './keep';
import { checkOpening, faultOf } from './opening';
import {
	accountOf,
	forget,
	mostReceptions,
	optionsOf,
	receptionOf,
	say,
	scopeOf,
	store,
	type Host,
} from './receptions';

const live = connections();

/** A refusal, and the activation of the workflow in which it came. */
interface Refused {
	activation: object;
	settings: string;
	error: Error;
}

/** By node. */
const refusals = new Map<string, Refused>();

/** A connection that lives while the workflow is active, or as long as somebody tests. */
export async function connect(
	host: ITriggerFunctions,
	trigger: Trigger,
	accountType: string,
): Promise<ITriggerResponse> {
	const fields = triggerAccount(trigger);
	const raw = await accountOf(host, trigger, accountType);
	const wrap = (thrown: unknown) => faultOf(host, trigger, raw, thrown);
	await checkOpening(host, trigger, accountType);
	const isTest = host.getMode() === 'manual';
	const options = optionsOf(host, trigger);
	const node = `${host.getWorkflow().id}:${host.getNode().id}`;
	const settings = JSON.stringify([raw, options]);
	const earlier = isTest ? undefined : refusals.get(node);
	// n8n tries an activation five times within 15 s, also where the workflow was unpublished meanwhile: nobody is asked
	// again what was refused a moment ago. Its next activation, or another account, asks anew.
	if (earlier?.settings === settings && earlier.activation === host.getWorkflowStaticData('node'))
		throw earlier.error;
	refusals.delete(node);
	try {
		const reception = await receptionOf(host, trigger, accountType);
		const outage = outages(host, wrap);
		const connecting: Omit<Connecting, 'emit' | 'signal'> = {
			account: read(fields, raw) as Connecting['account'],
			options: read(trigger.options, options),
			store,
			status: outage.status,
		};
		let isClosed = false;
		const listen = (happening: Happening) => {
			const { answer, happenings, written } = reception.take([happening]);
			// Nobody is told it here.
			answer.catch(() => undefined);
			void happenings
				.then((settled) => toItems(host, settled))
				.then((items) => !isClosed && items.length && host.emit([items]))
				// The connection, and what comes next, are not to blame.
				.catch((error) => (isTest ? host.emitError(wrap(error)) : fail(host, wrap(error))));
			return written;
		};
		const account = `${trigger.id}:${JSON.stringify(raw)}`;
		const run = trigger.connect as NonNullable<Trigger['connect']>;
		let close: (() => Promise<void>) | undefined;
		const closeFunction = async () => {
			isClosed = true;
			await close?.();
			if (!isTest) forget(host, reception);
		};
		if (isTest) {
			const failed = (error: Error) => host.emitError(wrap(error));
			return {
				manualTriggerFunction: async () => {
					close = await live.listen(account, run, connecting, listen, failed);
				},
				closeFunction,
			};
		}
		try {
			close = await live.start(account, run, connecting, listen, outage.failed);
		} catch (thrown) {
			forget(host, reception);
			throw thrown;
		}
		return { closeFunction };
	} catch (thrown) {
		const error = wrap(thrown);
		if (!isTest && isRefused(thrown)) {
			refusals.set(node, { activation: host.getWorkflowStaticData('node'), settings, error });
			const [oldest] = refusals.keys();
			if (refusals.size > mostReceptions && oldest !== undefined) refusals.delete(oldest);
		}
		throw error;
	}
}

/** What becomes of an active workflow's connection, told once an outage: `emitError` would start the trigger anew, at once. */
function outages(host: ITriggerFunctions, wrap: (thrown: unknown) => NodeOperationError) {
	const { name } = host.getNode();
	let isOut = false;
	let isRefusalTold = false;
	const refused = (error: NodeOperationError) => {
		if (isRefusalTold) return;
		isRefusalTold = true;
		fail(host, error);
	};
	const status: Connecting['status'] = (state, detail, isRefusal) => {
		const line = `${name}: ${state}${detail ? ` (${detail.en})` : ''}`;
		if (state === 'failed' && isRefusal && host.getMode() !== 'manual')
			refused(wrap(new ChannelError('Unauthorized', detail as Text)));
		if (state === 'failed' && !isOut) say(scopeOf(host), `${line}; trying again`, (all) => host.logger.warn(all));
		else if (state === 'connected' && isOut) host.logger.info(line);
		else host.logger.debug(line);
		if (state === 'failed') isOut = true;
		if (state === 'connected') isOut = isRefusalTold = false;
	};
	return { status, failed: (error: Error) => refused(wrap(error)) };
}

/** A failed execution, which starts the error workflow; a log line in an n8n that knows none. */
function fail(host: ITriggerFunctions, error: NodeOperationError): void {
	if (typeof host.saveFailedExecution === 'function') host.saveFailedExecution(error);
	else (host as Host).logger.error(`${error.node.name}: ${error.message}`);
}
