import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { service, type Service } from '../../service';
import { workbench, type Workbench, type WorkflowNode } from './workbench';

const carillon = '@carillon/n8n-nodes-carillon';

let bench: Workbench;
let server: Service;

beforeAll(async () => {
	bench = await workbench();
	server = await service(() => ({ body: { ok: true, result: { message_id: 7, chat: { id: 1 } } } }));
}, 120_000);
afterAll(async () => {
	await bench?.close();
	await server?.close();
});
beforeEach(() => void (server.requests.length = 0));

const node = (name: string, parameters: object = {}, more: object = {}): WorkflowNode => ({
	...{ name, type: `${carillon}.${name.toLowerCase()}`, parameters },
	...more,
});
const telegram = {
	name: 'Telegram',
	type: `${carillon}.telegram`,
	credentials: { carillonTelegramApi: { id: '2', name: 'm' } },
};

async function run(items: Partial<INodeExecutionData>[], nodes: WorkflowNode[]) {
	const account = {
		baseUrl: server.url,
		botToken: '110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw',
		to: '42',
		language: 'en',
	};
	const { runData, error } = await bench.run({ items, nodes, credentials: { carillonTelegramApi: account } });
	const of = (name: string) => runData[name]?.[0];
	return {
		error,
		outputs: (name: string) => of(name)?.data?.main ?? [],
		hints: (name: string) => of(name)?.hints ?? [],
	};
}
const json = (items: INodeExecutionData[] | null | undefined) => (items ?? []).map((item) => item.json);
const asked = () =>
	server.requests.map(({ path, json, body }) => ({
		path,
		sent: json ?? body.toString('latin1').replace(/-{4,}\S+|boundary=\S+/g, ''),
	}));

describe('Message', () => {
	test('what it says stands in json.message, with all parts, and rings as if it had come so', async () => {
		const parts = {
			...{
				level: '={{ $json.how }}',
				type: 'task.failed',
				url: 'https://a.example.com',
				key: 'k',
				silent: 'true',
			},
			...{ image: 'poster', mentions: '@all', to: '7', attachments: 'https://files.example.com/a.txt' },
			buttons: { row: [{ text: 'Go', url: 'https://b.example.com', value: '', style: '' }] },
			fields: { row: [{ name: 'n', value: 'v', short: true }] },
		};
		const parameters = { title: 'T', body: '=**{{ $json.words }}**', format: 'markdown', parts };
		const binary = { poster: { data: '/9gB', mimeType: 'image/jpeg' } };
		const items = [{ json: { words: 'done', how: 'Error', body: 'of another' }, binary }];
		const first = await run(items, [node('Message', parameters), telegram]);
		expect(first.error).toBeUndefined();
		const [out] = first.outputs('Message')[0]!;
		const { message } = out!.json as { message: IDataObject };
		expect(message).toEqual({
			...{ title: 'T', body: '**done**', format: 'markdown', level: 'failure', type: 'task.failed', key: 'k' },
			...{ url: 'https://a.example.com', silent: true, image: { binary: 'poster' }, mentions: ['@all'], to: '7' },
			...{
				attachments: [{ url: 'https://files.example.com/a.txt' }],
				buttons: [{ text: 'Go', url: 'https://b.example.com' }],
			},
			fields: [{ name: 'n', value: 'v', short: true }],
		});
		expect(out).toMatchObject({
			json: items[0]!.json,
			binary: { poster: { mimeType: 'image/jpeg' } },
			pairedItem: { item: 0 },
		});
		const composed = asked();
		server.requests.length = 0;
		await run([{ json: { message }, binary }], [telegram]);
		expect(composed.length).toBeGreaterThan(0);
		expect(asked()).toEqual(composed);
		expect(JSON.stringify(composed)).toMatch(/done/);
	});

	test('a message as a trigger gives it goes on as it was; an empty one has nothing of it', async () => {
		const message = { title: 'T', body: 'b', type: 'library.added', level: 'info', origin: 'manual' };
		const items = [{ json: { message, event: { source: 'emby' } } }];
		expect(json((await run(items, [node('Message')])).outputs('Message')[0])).toEqual([items[0]!.json]);
		const empty = await run(items, [node('Message', { start: 'empty', body: 'only' })]);
		expect(json(empty.outputs('Message')[0])).toEqual([{ message: { body: 'only' }, event: { source: 'emby' } }]);
	});

	test('a detail that cannot be used costs itself alone, and is told', async () => {
		const { outputs, hints, error } = await run(
			[{ json: {} }],
			[node('Message', { body: 'b', parts: { level: '={{ "loudest" }}', buttonsJson: 'no JSON' } })],
		);
		expect(error).toBeUndefined();
		expect(json(outputs('Message')[0])).toEqual([{ message: { body: 'b' } }]);
		expect(hints('Message').map(({ message }) => message)).toEqual([
			expect.stringMatching(/Buttons|Level/),
			expect.stringMatching(/Buttons|Level/),
		]);
	});

	test('what cannot be composed is the node’s error, and by choice goes on with it', async () => {
		const items = [{ json: { message: { body: '' } } }, { json: { message: 'fine' } }];
		expect((await run(items, [node('Message', { language: 'zh' })])).error?.message).toMatch(/消息为空/);
		const on = await run(items, [node('Message', {}, { onError: 'continueRegularOutput' })]);
		expect(json(on.outputs('Message')[0])).toMatchObject([
			{ error: { class: 'Invalid' } },
			{ message: { body: 'fine' } },
		]);
	});
});

test('the settings of another program become a workflow', async () => {
	const settings = JSON.stringify([
		{ name: 'Me', type: 'telegram', enabled: true, switchs: ['订阅'], config: { TELEGRAM_TOKEN: 'S3cret' } },
	]);
	const { outputs, error } = await run([{ json: {} }], [node('Message', { operation: 'importFlow', settings })]);
	expect(error).toBeUndefined();
	const [workflow] = json(outputs('Message')[0]);
	expect(workflow).toMatchObject({ name: 'MoviePilot', nodes: [{}, {}, { type: `${carillon}.telegram` }] });
	expect(JSON.stringify(workflow)).not.toContain('S3cret');
	const refused = await run(
		[{ json: {} }],
		[node('Message', { operation: 'importFlow', settings: 'x', language: 'zh' })],
	);
	expect(refused.error?.message).toMatch(/无法识别/);
});

describe('Route', () => {
	const rows = (...all: object[]) => ({ rows: { row: all } });
	const poster = { data: '/9gB', mimeType: 'image/jpeg', fileName: 'p.jpg' };

	test('each item comes out as it came, by its row', async () => {
		const items = [
			{ json: { message: { body: 'a', type: 'library.added' } }, binary: { poster } },
			{ json: { message: { body: 'b', level: 'failure' } } },
			{ json: { anything: 1 } },
			{ json: { message: 'Disk full' } },
		];
		const { outputs, error } = await run(items, [
			node('Route', rows({ types: 'library.*' }, { levels: ['failure'] }, { text: 'disk' })),
		]);
		expect(error).toBeUndefined();
		const out = outputs('Route');
		expect(out.map(json)).toEqual([[items[0]!.json], [items[1]!.json], [items[3]!.json], [items[2]!.json]]);
		expect(out[0]![0]).toMatchObject({ binary: { poster: { fileName: 'p.jpg' } }, pairedItem: { item: 0 } });
	});

	test('all that match, rows that are ready, and none', async () => {
		const items = [{ json: { message: { body: 'a', type: 'library.added', level: 'info' } } }];
		const all = await run(items, [
			node('Route', { mode: 'all', ...rows({ types: '*.added' }, {}, { types: 'x' }) }),
		]);
		expect(all.outputs('Route').map((each) => each?.length)).toEqual([1, 1, 0, 0]);
		const ready = await run(items, [node('Route', { preset: 'moviePilot' })]);
		expect(ready.outputs('Route').map((each) => each?.length)).toEqual([0, 1, 0, 0, 0, 0, 0, 0, 0]);
		const none = await run(items, [node('Route')]);
		expect(none.outputs('Route').map((each) => each?.length)).toEqual([1]);
	});

	test('an expression that fails is the node’s error; by choice the item goes on at the last output', async () => {
		const items = [{ json: { message: { body: 'a', type: 'x' } } }, { json: { bad: true } }];
		const cell = { types: '={{ $json.bad ? $("Nowhere").item.json.t : "x" }}' };
		const failed = await run(items, [node('Route', rows(cell))]);
		expect(failed.error?.message).toMatch(/\S/);
		const on = await run(items, [node('Route', rows(cell), { onError: 'continueRegularOutput' })]);
		expect(on.outputs('Route').map(json)).toMatchObject([[{ message: { body: 'a' } }], [{ bad: true, error: {} }]]);
	});

	test('a level that is none is said at its row', async () => {
		const { error } = await run([{ json: {} }], [node('Route', rows({}, { levels: ['loud'] }))]);
		expect(error?.message).toMatch(/row 2.*Levels/);
	});

	test('commands leave no output', async () => {
		const items = ['flush', 'reset', 'ack'].map((command) => ({ json: { carillon: { command } } as IDataObject }));
		const { outputs, hints } = await run(
			[...items, { json: { n: 1 } }],
			[node('Route', { mode: 'all', ...rows({}) })],
		);
		expect(outputs('Route').map(json)).toEqual([[{ n: 1 }], []]);
		expect(hints('Route')).toHaveLength(1);
	});

	test('the editor is told the outputs of the rows', async () => {
		const { nodes } = await bench.load();
		const { outputs } = nodes.find(({ name }) => name === 'route')!;
		const expression = /^=\{\{(.*)\}\}$/s.exec(String(outputs))![1]!;
		// Two braces would end it.
		expect(expression).not.toMatch(/\{\{|\}\}/);
		const named = (parameters: object) =>
			(new Function('$parameter', `return ${expression}`)(parameters) as { displayName: string }[]).map(
				({ displayName }) => displayName,
			);
		expect(named({ preset: 'own', ...rows({ name: 'One' }, { types: 'a, b', levels: ['info'] }, {}) })).toEqual([
			...['One', 'a, b · info', '3', 'Otherwise'],
		]);
		expect(named({ preset: 'qd' })).toHaveLength(5);
		expect(named({ preset: 'own' })).toEqual(['Otherwise']);
	});
});
