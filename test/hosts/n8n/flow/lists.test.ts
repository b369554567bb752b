import type { IDataObject, IExecuteFunctions, ILoadOptionsFunctions, ITriggerFunctions } from 'n8n-workflow';
import { memoryStore } from '../../../../src/core/state/memory';
import type { Store } from '../../../../src/core/state/store';
import { onList, register, searchNodes } from '../../../../src/hosts/n8n/flow/lists';

/** Of the whole n8n; undefined: it cannot be opened. */
let mockOfN8n: Store | undefined;
let mockOwn: Store;
jest.mock('../../../../src/hosts/n8n/flow/keeping', () => ({
	keeping: () => {
		if (!mockOfN8n) throw new Error('no folder');
		return mockOfN8n;
	},
	keepingOf: async () => ({ store: mockOwn, giveBack: async () => undefined }),
}));

const named = (name: string) =>
	({ getWorkflow: () => ({ name: 'Flow' }), getNode: () => ({ name }) }) as unknown as ITriggerFunctions;

/** A node that is known there, and what it keeps. */
async function keeps(store: Store, name: string, content: string): Promise<string> {
	await register(named(name), store, `w:${name}`);
	const { batches } = await store.transact(`w:${name}`, 'k', [], () => ({ batches: [{ body: { content } }] }));
	return batches[0]!;
}

const search = async () => {
	const host = { getCurrentNodeParameter: () => 'redis' } as unknown as ILoadOptionsFunctions;
	return (await searchNodes.call(host)).results.map(({ value }) => value);
};

const on = (parameters: IDataObject) => {
	const host = {
		getNodeParameter: (name: string, _: number, otherwise: unknown) => parameters[name] ?? otherwise,
	} as unknown as IExecuteFunctions;
	return onList(host, 0, () => Promise.resolve(mockOwn));
};
const contents = async (ofNode: string) =>
	(await on({ operation: 'list', ofNode, which: 'waiting' }))!.map(({ json }) => json.content);

beforeEach(() => {
	[mockOfN8n, mockOwn] = [memoryStore(), memoryStore()];
});

test('an Outbox with a store of its own lists what is kept there, and what triggers keep in that of n8n', async () => {
	await keeps(mockOwn, 'Outbox', 'mine');
	const id = await keeps(mockOfN8n!, 'Trigger', 'theirs');
	expect(await search()).toEqual(['w:Trigger', 'w:Outbox']);
	expect([await contents('w:Outbox'), await contents('w:Trigger')]).toEqual([['mine'], ['theirs']]);
	expect(await contents('w:Nobody')).toEqual([]);
	expect(await on({ operation: 'drop', ofNode: 'w:Trigger', batch: id })).toMatchObject([
		{ json: { dropped: true } },
	]);
	expect(await contents('w:Trigger')).toEqual([]);
});

test('a node that was in n8n’s store before is looked for where it keeps now', async () => {
	await keeps(mockOfN8n!, 'Outbox', 'before');
	await keeps(mockOwn, 'Outbox', 'now');
	expect([await search(), await contents('w:Outbox')]).toEqual([['w:Outbox'], ['now']]);
});

test('where that of n8n cannot be opened, its own is listed all the same', async () => {
	await keeps(mockOwn, 'Outbox', 'mine');
	mockOfN8n = undefined;
	expect([await search(), await contents('w:Outbox')]).toEqual([['w:Outbox'], ['mine']]);
});
