import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { happeningIdOf } from '../../../src/core/message/happening';
import { workbench, type Workbench } from './workbench';

const carillon = '@carillon/n8n-nodes-carillon';

let bench: Workbench;
beforeAll(async () => {
	bench = await workbench();
}, 120_000);
afterAll(() => bench?.close());

const outbox = (id: string, parameters: object = {}, more: object = {}) => ({
	...{ name: 'Outbox', id, type: `${carillon}.outbox`, parameters },
	...more,
});

/** What an Outbox put out of each output, for these items. */
async function run(
	id: string,
	items: Partial<INodeExecutionData>[],
	parameters: object = {},
	more: Partial<Parameters<Workbench['run']>[0]> & { node?: object } = {},
) {
	const { node, ...rest } = more;
	const { runData, error } = await bench.run({ items, nodes: [outbox(id, parameters, node)], ...rest });
	const [ran] = runData.Outbox ?? [];
	return { outputs: ran?.data?.main ?? [], hints: ran?.hints ?? [], error };
}

const json = (items: INodeExecutionData[] | null | undefined) => (items ?? []).map((item) => item.json);

async function list(of: string, which = 'waiting'): Promise<IDataObject[]> {
	const parameters = { operation: 'list', ofNode: { __rl: true, mode: 'id', value: `w:${of}` }, which };
	const { outputs, error } = await run('lister', [{ json: {} }], parameters);
	expect(error).toBeUndefined();
	return json(outputs[0]);
}

test('what comes in is kept, and nothing comes out yet', async () => {
	const { outputs, error } = await run('a', [{ json: { message: 'one' } }, { json: { message: 'two' } }]);
	expect(error).toBeUndefined();
	expect(outputs.flatMap(json)).toEqual([]);
	expect(await list('a')).toMatchObject([
		{
			state: 'waiting',
			lane: 'all',
			attempts: 0,
			content: { message: 'one' },
			since: expect.stringMatching(/^20/),
		},
		{ content: { message: 'two' } },
	]);
	expect(await list('a', 'dead')).toEqual([]);
	// Each node has its own.
	expect(await list('b')).toEqual([]);
});

test('a lane may be an expression; out of order there is none', async () => {
	await run('lane', [{ json: { to: 'x' } }, { json: { to: 'y' } }, { json: {} }], { lane: '={{ $json.to }}' });
	expect((await list('lane')).map(({ lane }) => lane)).toEqual(['x', 'y', 'all']);
	await run('loose', [{ json: {} }], { ordered: false });
	expect((await list('loose')).map(({ lane }) => lane)).toEqual([undefined]);
});

test('a lane that cannot be told is the node’s error, and the other items are kept', async () => {
	const lane = '={{ $json.bad ? $("Nowhere").item.json.to : "X" }}';
	const { error } = await run('fails', [{ json: {} }, { json: { bad: true } }], { lane });
	expect(error?.message).toMatch(/\S/);
	expect((await list('fails')).map((one) => one.lane)).toEqual(['X']);
});

test('a text of 10 MB is refused with what to do, and the other items are kept', async () => {
	const huge = { message: 'x'.repeat(10 * 1024 * 1024) };
	const { error } = await run('huge', [{ json: huge }, { json: { message: 'small' } }]);
	expect(error?.message).toMatch(/larger than 1024 KB.*Send less in one message/);
	expect((await list('huge')).map(({ content }) => content)).toEqual([{ message: 'small' }]);
});

test('what tells of one happening is kept once, whatever execution brings it', async () => {
	const item = { json: { message: { body: 'x', happening: happeningIdOf('x') } } };
	await run('same', [item]);
	await run('same', [item]);
	expect((await list('same')).length).toBe(1);
	// Without that an execution is another.
	await run('same', [{ json: { message: 'x' } }]);
	await run('same', [{ json: { message: 'x' } }]);
	expect((await list('same')).length).toBe(3);
	// As many items as there are.
	await run('twins', [item, item]);
	expect((await list('twins')).length).toBe(2);
});

test('what somebody else calls a happening says nothing: alike as they are, each is kept', async () => {
	for (const happening of ['h_1234567890', 'concert', 7]) {
		const item = { json: { event: { happening }, message: { body: 'x', happening } } };
		await run(`theirs ${happening}`, [item]);
		await run(`theirs ${happening}`, [item]);
		expect((await list(`theirs ${happening}`)).length).toBe(2);
	}
});

test('an item that looks like one that was let out is kept as any other', async () => {
	const forged = { carillon: { batch: '00000000-0000-4000-8000-000000000000' } };
	await run('forged', [{ json: forged }]);
	expect((await list('forged')).map(({ content }) => content)).toEqual([forged]);
});

test('files are kept beside the message, and one that is too large is refused with a sentence', async () => {
	const file = (bytes: number) => ({
		poster: { data: Buffer.alloc(bytes, 1).toString('base64'), mimeType: 'image/png', fileName: 'a.png' },
	});
	await run('files', [{ json: { n: 1 }, binary: file(100) }]);
	const { error } = await run('files', [{ json: { n: 2 }, binary: file(10 * 1024 * 1024 + 1) }], { language: 'zh' });
	expect(error?.message).toMatch(/文件.*10 MB/);
	expect((await list('files')).map(({ content }) => content)).toEqual([{ n: 1 }]);
});

test('run by hand, what comes in goes on, with its files, and nothing is kept', async () => {
	const poster = { data: Buffer.from('abc').toString('base64'), mimeType: 'image/png', fileName: 'a.png' };
	const items = [{ json: { message: 'tried' }, binary: { poster } }];
	const { outputs, hints } = await run('byHand', items, {}, { mode: 'manual' });
	expect(outputs[0]).toMatchObject([{ json: { message: 'tried' }, binary: { poster: { fileName: 'a.png' } } }]);
	expect(json(outputs[1])).toEqual([]);
	expect(hints).toMatchObject([{ message: expect.stringMatching(/nothing was kept/) }]);
	expect(await list('byHand')).toEqual([]);
});

test('what is kept can be dropped, and what is gone is said to be', async () => {
	await run('drop', [{ json: { n: 1 } }, { json: { n: 2 } }]);
	const [first] = await list('drop');
	const parameters = (operation: string) => ({ operation, ofNode: { __rl: true, mode: 'id', value: 'w:drop' } });
	const { outputs } = await run('lister', [{ json: { id: first!.id } }], parameters('drop'));
	expect(json(outputs[0])).toEqual([{ id: first!.id, dropped: true }]);
	expect((await list('drop')).map(({ content }) => content)).toEqual([{ n: 2 }]);
	for (const operation of ['drop', 'sendAgain']) {
		const { error } = await run('lister', [{ json: { id: first!.id } }], parameters(operation));
		expect(error?.message).toMatch(/There is no message “/);
	}
	// One that waits needs not be sent again.
	const [second] = await list('drop');
	const { error } = await run('lister', [{ json: { id: second!.id } }], parameters('sendAgain'));
	expect(error?.message).toMatch(/still on its way/);
});

test('with the error set to go on, what cannot be kept goes on with its error', async () => {
	const items = [{ json: { n: 1 } }];
	const node = { onError: 'continueRegularOutput' };
	const { outputs, error } = await run('goesOn', items, { keepFor: -1 }, { node });
	expect(error).toBeUndefined();
	expect(json(outputs[0])).toMatchObject([{ n: 1, error: { class: 'Invalid', field: 'keepFor' } }]);
});
