import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { handOver } from '../../../src/core/deliver/flow/handover';
import { memoryStore } from '../../../src/core/state/memory';
import type { Held } from '../../../src/core/state/store';
import { arrivalOf } from '../../../src/hosts/n8n/flow/arrivals';

/** By which ids items are known again. */

const host = (execution: string, run = 0) =>
	({
		getExecutionId: () => execution,
		getWorkflowDataProxy: () => ({ $runIndex: run }),
	}) as unknown as IExecuteFunctions;
const told = { json: { event: { happening: 'hp-0123456789012345678901' } } } as INodeExecutionData;
const plain = { json: { a: 1 } } as INodeExecutionData;
const idOf = async (execution: string, item: INodeExecutionData, isAnew?: true, index = 0, run?: number) =>
	(await arrivalOf(host(execution, run), { isAnew }, item, index)).id;

test('a happening is known in every execution, anything else in its own, by its place', async () => {
	expect(await idOf('1', told)).toBe(await idOf('2', told));
	expect(await idOf('1', plain)).toBe(await idOf('1', plain));
	const ids = [
		await idOf('1', told),
		await idOf('1', told, undefined, 1),
		await idOf('1', plain),
		await idOf('2', plain),
		await idOf('1', plain, undefined, 1),
		await idOf('1', plain, undefined, 0, 1),
	];
	expect(new Set(ids).size).toBe(ids.length);
});

test('where each is another, it is itself again only in an execution that is begun once more for the same batch', async () => {
	expect(await idOf('1', told, true)).toBe(await idOf('1', told, true));
	expect(await idOf('1', told, true)).not.toBe(await idOf('2', told, true));
	const store = memoryStore();
	const ids = [];
	for (const execution of ['3', '4', '5']) {
		const batch = { id: execution === '5' ? 'another' : 'batch', scope: 's' } as Held;
		const judge = () => Promise.resolve({ done: null });
		const handover = handOver(execution, { store, batch, holder: execution, judge });
		ids.push(await idOf(execution, told, true), await idOf(execution, told, true, 1));
		await handover.end();
	}
	expect(ids.slice(0, 2)).toEqual(ids.slice(2, 4));
	expect(new Set(ids).size).toBe(4);
	await store.close();
});
