import { randomUUID } from 'node:crypto';
import type {
	INodeExecutionData,
	ITriggerFunctions,
	ITriggerResponse,
	IWebhookFunctions,
	IHookFunctions,
} from 'n8n-workflow';
import { read } from '../../../core/base/field';
import type { Happening } from '../../../core/define/trigger';
import { Inbox } from '../../../core/receive/keep/inbox';
import { pump } from '../../../core/state/pump';
import { toItem } from '../binary';
import { claimant, keeping, scopeOf } from '../flow/keeping';
import { register } from '../flow/lists';
import { isStoreThere } from '../stores';
import { keepOption } from './description';

type Host = IWebhookFunctions | ITriggerFunctions | IHookFunctions;

/** ms that what comes again may wait in n8n's queue. */
const queued = 15 * 60_000;
/** Executions of one node at once, of what comes again. */
const mostAtOnce = 16;

const isKept = (options: Readonly<Record<string, unknown>>): boolean => read(keepOption, options).keep;

/** Where what comes in at this node is written down; undefined where that is switched off. */
export function inboxOf(
	host: Host,
	options: Readonly<Record<string, unknown>>,
	warn: (line: string) => void,
): Inbox | undefined {
	if (!isKept(options)) return undefined;
	const { name } = host.getNode();
	const failed = (error: unknown) =>
		warn(
			`${name}: what came could not be written down; it runs all the same, and is lost if n8n ends before that. ${(error as Error).message}`,
		);
	return new Inbox(keeping(), scopeOf(host), failed);
}

/** ms between two looks for what waits since it was kept here: nothing more comes. */
const seldom = 60_000;

/**
 * Lets in again what nobody has seen through, while the workflow is published: on the main process that leads. Also
 * where nothing is kept any more: what waits since it was goes all the same.
 */
export function letInAgain(
	host: ITriggerFunctions,
	options: Readonly<Record<string, unknown>>,
): NonNullable<ITriggerResponse['closeFunction']> | undefined {
	if (host.getMode() === 'manual') return undefined;
	const keeps = isKept(options);
	// Nobody's store is opened for a trigger that never kept anything.
	if (!keeps && !isStoreThere()) return undefined;
	const store = keeping();
	const scope = scopeOf(host);
	const { name } = host.getNode();
	const warn = (error: unknown) => host.logger.warn(`${name}: ${(error as Error).message}`);
	const letting = pump({
		...{ store, scope, holder: `pump:${claimant}:${randomUUID()}`, lease: queued, most: mostAtOnce },
		settings: 'inbox',
		...(!keeps && { look: seldom }),
		// It holds nothing but a random id: what it stands for comes of the store, to whoever claims it.
		emit: ({ id }) => host.emit([[{ json: marked(id) }]]),
		failed: (error) => {
			if (error === undefined) host.logger.info(`${name}: the store answers again`);
			else warn(error);
		},
	});
	// Nobody waits for it: a store that cannot be opened keeps no workflow from being published: what comes runs at once all the same.
	if (keeps) register(host, store, scope).catch(warn);
	return () => letting.close();
}

const marked = (batch: string) => ({ carillon: { batch } });

/** As n8n items; the first of those that are kept says so to `execute`. */
export async function toItems(
	host: Parameters<typeof toItem>[0],
	happenings: readonly Happening[],
): Promise<INodeExecutionData[]> {
	const items = await Promise.all(happenings.map((happening) => toItem(host, happening)));
	const kept = happenings[0]?.kept;
	if (kept !== undefined) Object.assign(items[0]!.json, marked(kept));
	return items;
}

/** The batch that an execution begins with, and the items that came with it: none, where it comes again. */
export function begunWith([first, ...more]: readonly INodeExecutionData[]):
	{ batch: string; items: INodeExecutionData[] } | undefined {
	const { carillon, ...json } = first?.json ?? {};
	const batch = (carillon as { batch?: unknown } | undefined)?.batch;
	if (!first || typeof batch !== 'string') return undefined;
	return { batch, items: Object.keys(json).length > 0 ? [{ ...first, json }, ...more] : [] };
}
