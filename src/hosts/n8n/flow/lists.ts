import type {
	IDataObject,
	IExecuteFunctions,
	ILoadOptionsFunctions,
	INodeExecutionData,
	INodeListSearchResult,
	ITriggerFunctions,
} from 'n8n-workflow';
import { invalid } from '../../../core/base/errors';
import { wakePump } from '../../../core/state/pump';
import type { Listed, Store, Which } from '../../../core/state/store';
import type { Chosen } from '../../../core/state/storeOption';
import { ofNode, operations } from './description';
import { keeping, keepingOf } from './keeping';

/** Names by scope, of the nodes that were published and keep something: n8n tells a node of no other one. */
type Known = Record<string, string>;

const knownKey = 'nodes that keep';
const mostKnown = 1_000;

export async function register(host: ITriggerFunctions, store: Store, scope: string): Promise<void> {
	const name = `${host.getWorkflow().name ?? ''} · ${host.getNode().name}`;
	await store.update(knownKey, (text) => {
		const { [scope]: _, ...others } = parsed(text);
		return JSON.stringify(Object.fromEntries([...Object.entries(others), [scope, name]].slice(-mostKnown)));
	});
}

const parsed = (text: string | undefined): Known => (text === undefined ? {} : (JSON.parse(text) as Known));

const knownIn = async (store: Store): Promise<Known> => parsed(await store.get(knownKey));

/**
 * Those that keep in a node's own store, and those that keep in the whole n8n's: triggers do, whatever an Outbox is set to.
 * Where n8n's cannot be opened its own is all that there is to see.
 */
async function knownTo(store: Store): Promise<{ own: Known; others: Known }> {
	const own = await knownIn(store);
	try {
		const ofN8n = keeping();
		return { own, others: ofN8n === store ? {} : await knownIn(ofN8n) };
	} catch {
		return { own, others: {} };
	}
}

/** Where a node keeps what it has: the given store, unless n8n's alone knows the node. */
async function storeWith(scope: string, store: Store): Promise<Store> {
	const { own, others } = await knownTo(store);
	return !(scope in own) && scope in others ? keeping() : store;
}

/** For the list of a resource locator. */
export async function searchNodes(this: ILoadOptionsFunctions, filter = ''): Promise<INodeListSearchResult> {
	const { store, giveBack } = await keepingOf(this, this.getCurrentNodeParameter('store') as Chosen | undefined);
	const { own, others } = await knownTo(store).finally(giveBack);
	const results = Object.entries({ ...others, ...own })
		.filter(([, name]) => name.toLowerCase().includes(filter.toLowerCase()))
		.map(([value, name]) => ({ name, value }));
	return { results };
}

/** One of the operations on what is kept; null: the item is to be taken in. */
export async function onList(
	host: IExecuteFunctions,
	index: number,
	kept: () => Promise<Store>,
): Promise<INodeExecutionData[] | null> {
	const operation = host.getNodeParameter('operation', index, operations.take) as string;
	if (operation === operations.take) return null;
	const scope = host.getNodeParameter(ofNode, index, '', { extractValue: true }) as string;
	if (scope === '') throw invalid(ofNode, { en: 'Choose whose messages are meant.', zh: '请选择要操作的节点。' });
	const store = await storeWith(scope, await kept());
	const beside = { pairedItem: { item: index } };
	if (operation === operations.list) {
		const which = host.getNodeParameter('which', index, 'dead') as Which;
		const listed = await store.list(scope, which, host.getNodeParameter('limit', index, 50) as number);
		return listed.map((one) => ({ json: told(one), ...beside }));
	}
	const batch = host.getNodeParameter('batch', index, '') as string;
	const isDone = operation === operations.drop ? await store.drop(scope, batch) : await store.resend(scope, batch);
	if (!isDone)
		throw invalid('batch', {
			en: `There is no message “${batch}” that this could be done to: it is gone, or still on its way.`,
			zh: `没有可执行此操作的消息“${batch}”：它已不存在，或仍在投递中。`,
		});
	wakePump(scope);
	return [{ json: { id: batch, [operation === operations.drop ? 'dropped' : 'sentAgain']: true }, ...beside }];
}

const time = (ms: number | undefined) => (ms === undefined ? undefined : new Date(ms).toISOString());

function told({ id, which, lane, attempt, error, result, body, madeAt, dueAt, endedAt }: Listed): IDataObject {
	const { content } = (body ?? {}) as { content?: IDataObject };
	return JSON.parse(
		JSON.stringify({
			...{ id, state: which, lane, attempts: attempt, error, result },
			...{ since: time(madeAt), due: which === 'waiting' ? time(dueAt) : undefined, ended: time(endedAt) },
			content,
		}),
	) as IDataObject;
}
