import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	ITriggerFunctions,
	IWebhookFunctions,
} from 'n8n-workflow';
import { secret } from '../../../../src/core/base/field';
import { defineTrigger, type Connecting } from '../../../../src/core/define/trigger';
import { memoryStore } from '../../../../src/core/state/memory';
import type { Store } from '../../../../src/core/state/store';
import { triggerNode } from '../../../../src/hosts/n8n/trigger-node';
import { turns, until } from '../../../core/sockets/connected';

let mockFailure: Error | undefined;
let mockIsThere = true;
let mockNow = 1_800_000_000_000;
let mockStore: Store;
jest.mock('../../../../src/hosts/n8n/stores', () => ({
	ofProcesses: undefined,
	isStoreThere: () => mockIsThere,
	// Whatever it is asked fails while it is away.
	storeOf: () => ({
		store: new Proxy({} as Record<string, unknown>, {
			get:
				(_, step: string) =>
				async (...given: unknown[]) => {
					if (mockFailure) throw mockFailure;
					return await (mockStore as unknown as Record<string, (...all: unknown[]) => unknown>)[step]!(
						...given,
					);
				},
		}),
	}),
}));

const doorbell = defineTrigger({
	id: 'doorbellTrigger',
	name: 'Doorbell Trigger',
	zh: '门铃触发器',
	docs: 'https://example.com/doorbell',
	description: { en: 'Rings', zh: '响铃' },
	account: { key: secret('Key', { zh: '密钥', optional: true }) },
	options: {},
	receive({ request }) {
		const body = Buffer.from(request.body).toString();
		const poster = { data: new Uint8Array([0xff, 0xd8]), mime: 'image/jpeg' };
		return { events: [{ event: { poster }, message: { body, image: poster }, raw: body, key: body }] };
	},
});
let connecting: Connecting;
const bell = defineTrigger({
	...{ id: 'bellTrigger', name: 'Bell Trigger', zh: '铃', docs: 'https://example.com' },
	...{ description: { en: 'Rings', zh: '响铃' }, account: {}, options: {} },
	async connect(given) {
		connecting = given;
		given.status('connected');
		await new Promise<void>((done) => given.signal.addEventListener('abort', () => done()));
	},
});

const Doorbell = triggerNode(doorbell);
const Bell = triggerNode(bell);
const minute = 60_000;

/** One node of a published workflow, and all that n8n has of it. */
function node(Node: typeof Doorbell, settings: IDataObject = {}) {
	const id = String(Math.random());
	const lines: string[] = [];
	const emitted: INodeExecutionData[] = [];
	let executions = 0;
	const common = {
		getMode: () => 'trigger',
		getWorkflow: () => ({ id: 'w1', name: 'Flow' }),
		getNode: () => ({ id, name: 'Doorbell', type: 'doorbell', parameters: {} }),
		getCredentials: async () => ({}),
		getWorkflowStaticData: () => settings,
		logger: Object.fromEntries(
			['error', 'warn', 'info', 'debug'].map((level) => [
				level,
				(line: string) => lines.push(`${level} ${line}`),
			]),
		),
		helpers: {
			prepareBinaryData: async (data: Buffer, fileName: string, mimeType: string) => ({
				...{ data: data.toString('hex'), fileName, mimeType },
			}),
		},
	};
	const parameter = (name: string, ...more: unknown[]) =>
		({ path: 'door', settings })[name as 'settings'] ?? more.at(-1);
	const triggerFunctions = (mode = 'trigger') =>
		({
			...common,
			getMode: () => mode,
			getNodeParameter: parameter,
			emit: (data: INodeExecutionData[][]) => emitted.push(...data[0]!),
		}) as unknown as ITriggerFunctions;
	return {
		...{ id, lines, emitted, scope: `w1:${id}`, triggerFunctions },
		/** A request: what it was answered, and the items that an execution begins with. */
		async ring(body: string, mode = 'webhook') {
			const said: { status?: number; text?: string; kept?: number } = {};
			const request = {
				...{ method: 'POST', url: '/', originalUrl: '/', headers: {}, rawBody: Buffer.from(body) },
			};
			const response = {
				headersSent: false,
				writeHead: (status: number) => (said.status = status),
				end: (text: string) => (said.text = text),
			};
			const host = {
				...common,
				getMode: () => mode,
				getNodeParameter: parameter,
				getRequestObject: () => request,
				getResponseObject: () => response,
			};
			const { workflowData } = await new Node().webhook!.call(host as unknown as IWebhookFunctions);
			return { ...said, items: workflowData?.[0] };
		},
		/** An execution that begins with these. */
		async execute(items: INodeExecutionData[], { mode = 'webhook', tells = true } = {}) {
			const finished: (() => Promise<void>)[] = [];
			begun.push(finished);
			const cancel = new AbortController();
			const host = {
				...common,
				getMode: () => mode,
				getInputData: () => items,
				getExecutionId: () => `${id}:${++executions}`,
				getExecutionCancelSignal: () => cancel.signal,
				getNodeParameter: (name: string, _: number, otherwise: unknown) => parameter(name, otherwise),
				...(tells && { onExecutionFinish: (handler: () => Promise<void>) => finished.push(handler) }),
			};
			const running = new Node().execute!.call(host as unknown as IExecuteFunctions) as Promise<
				INodeExecutionData[][]
			>;
			return {
				running,
				cancel: () => cancel.abort(),
				finish: async () => {
					for (const each of finished) await each();
					await turns();
				},
				output: async () => (await running)[0]!,
			};
		},
		/** What the pump lets in again of what nobody has any more. */
		async letInAgain() {
			emitted.length = 0;
			const published = await new Node().trigger!.call(triggerFunctions());
			await until(() => emitted.length > 0);
			await published?.closeFunction?.();
			return emitted.splice(0);
		},
	};
}

const list = (scope: string, which: 'held' | 'waiting' | 'done' | 'dead' = 'held') => mockStore.list(scope, which, 99);
const pass = (ms: number) => void (mockNow += ms);

/** Of an execution whose process ended nobody hears; here it lives on, and ends with the test. */
const begun: (() => Promise<void>)[][] = [];
afterEach(async () => {
	for (const finished of begun.splice(0)) for (const each of finished) await each();
});
beforeEach(() => {
	mockFailure = undefined;
	mockIsThere = true;
	mockStore = memoryStore(() => mockNow);
});

test('what was answered is kept until its execution has ended, and goes on without a mark', async () => {
	const door = node(Doorbell);
	const { status, items } = await door.ring('tea');
	expect([status, (await list(door.scope)).length]).toEqual([200, 1]);
	const execution = await door.execute(items!);
	expect(await execution.output()).toMatchObject([
		{
			json: { message: { body: 'tea', image: { binary: 'poster' } }, raw: 'tea' },
			binary: { poster: { data: 'ffd8' } },
		},
	]);
	expect((await execution.output())[0]!.json).not.toHaveProperty('carillon');
	// While it runs it is its own; begun a second time it puts out nothing.
	pass(30_000);
	expect(await (await door.execute(items!)).output()).toEqual([]);
	await execution.finish();
	for (const which of ['held', 'waiting', 'done', 'dead'] as const) expect(await list(door.scope, which)).toEqual([]);
	expect(await (await door.execute(items!)).output()).toEqual([]);
});

test('n8n ends before or while it runs: it comes again as it was, once, and its sender’s repeats stay repeats', async () => {
	const door = node(Doorbell);
	const { items } = await door.ring('tea');
	const before = await door.execute(items!);
	const [first] = await before.output();
	pass(2 * minute);
	const [stub, ...more] = await door.letInAgain();
	expect([Object.keys(stub!.json), more]).toEqual([['carillon'], []]);
	const again = await door.execute([stub!], { mode: 'trigger' });
	expect(await again.output()).toEqual([first]);
	expect((await door.ring('tea')).text).toContain('repeated');
	await again.finish();
	expect(await list(door.scope)).toEqual([]);
});

test('what ends the process three times is given up, listed, and goes again where somebody wants it', async () => {
	const door = node(Doorbell);
	let items = (await door.ring('poison')).items!;
	for (let claims = 0; claims < 3; claims++) {
		expect(await (await door.execute(items)).output()).toHaveLength(1);
		pass(2 * minute);
		items = await door.letInAgain();
	}
	const last = await door.execute(items);
	await expect(last.running).rejects.toThrow(/begun 3 times.*given up/);
	const [dead] = await list(door.scope, 'dead');
	expect(dead).toMatchObject({ error: expect.stringMatching(/given up/), body: { content: expect.anything() } });
	await mockStore.resend(door.scope, dead!.id);
	const wanted = await door.execute(await door.letInAgain());
	expect((await wanted.output())[0]!.json.raw).toBe('poison');
	await wanted.finish();
	expect(await list(door.scope, 'dead')).toEqual([]);
});

test('an error is an end: what fails is n8n’s to tell, and does not come again', async () => {
	const door = node(Doorbell);
	const execution = await door.execute((await door.ring('tea')).items!);
	await execution.output();
	await execution.finish();
	pass(20 * minute);
	expect(await mockStore.take(door.scope, { holder: 'x', lease: 1, most: 9 })).toEqual([]);
});

test('an n8n that does not tell when a workflow has ended: kept until it begins, said once', async () => {
	const door = node(Doorbell);
	for (const body of ['tea', 'cake']) {
		const { items } = await door.ring(body);
		expect((await list(door.scope)).length).toBe(1);
		expect(await (await door.execute(items!, { tells: false })).output()).toHaveLength(1);
		await turns();
		expect(await list(door.scope)).toEqual([]);
	}
	expect(door.lines.filter((line) => /does not tell when a workflow has ended/.test(line))).toHaveLength(1);
});

test('a store that cannot be opened: published all the same, told, and what comes runs at once', async () => {
	const door = node(Doorbell);
	mockFailure = new Error('The file carillon.db cannot be written.');
	const published = await new Doorbell().trigger!.call(door.triggerFunctions());
	await until(() => door.lines.length > 0);
	const { status, items } = await door.ring('tea');
	expect([status, items![0]!.json.raw]).toEqual([200, 'tea']);
	expect(items![0]!.json).not.toHaveProperty('carillon');
	expect(await (await door.execute(items!)).output()).toEqual(items);
	expect((await door.ring('tea')).text).toContain('repeated');
	expect(door.lines.join('\n')).toMatch(/warn Doorbell: what came could not be written down.*carillon\.db/);
	await published?.closeFunction?.();
});

test('a store that is away as it runs fails the execution, and it comes again', async () => {
	const door = node(Doorbell);
	const { items } = await door.ring('tea');
	mockFailure = new Error('The store is away.');
	await expect((await door.execute(items!)).running).rejects.toThrow('The store is away.');
	mockFailure = undefined;
	pass(2 * minute);
	const again = await door.execute(await door.letInAgain());
	expect((await again.output())[0]!.json.raw).toBe('tea');
	await again.finish();
});

test('switched off, and while somebody tests, nothing is kept', async () => {
	const off = node(Doorbell, { keep: false });
	const { items } = await off.ring('tea');
	expect(items![0]!.json).not.toHaveProperty('carillon');
	mockIsThere = false;
	expect(await new Doorbell().trigger!.call(off.triggerFunctions())).toEqual({});
	const test = node(Doorbell);
	const tried = await test.ring('tea', 'manual');
	expect(tried.items![0]!.json).not.toHaveProperty('carillon');
	expect(await (await test.execute(tried.items!, { mode: 'manual' })).output()).toEqual(tried.items);
	for (const { scope } of [off, test]) expect(await list(scope)).toEqual([]);
});

test('switched off later, what waits comes out all the same', async () => {
	const settings: IDataObject = {};
	const door = node(Doorbell, settings);
	await door.ring('tea');
	pass(2 * minute);
	settings.keep = false;
	const again = await door.execute(await door.letInAgain());
	expect((await again.output())[0]!.json.raw).toBe('tea');
	await again.finish();
	expect(await list(door.scope)).toEqual([]);
	expect((await door.ring('cake')).items![0]!.json).not.toHaveProperty('carillon');
});

describe('a connection', () => {
	test('its service is told only once it is written down', async () => {
		const one = node(Bell);
		const published = await new Bell().trigger!.call(one.triggerFunctions());
		const written = connecting.emit({ event: {}, raw: 'hello', key: 'hello' });
		expect(await list(one.scope)).toEqual([]);
		await written;
		expect(await list(one.scope)).toHaveLength(1);
		await published?.closeFunction?.();
	});

	test('what comes over it is kept, and comes again', async () => {
		const one = node(Bell);
		const published = await new Bell().trigger!.call(one.triggerFunctions());
		void connecting.emit({ event: {}, raw: 'hello', key: 'hello' });
		await until(() => one.emitted.length > 0);
		await published?.closeFunction?.();
		const [item] = one.emitted.splice(0);
		expect(await list(one.scope)).toHaveLength(1);
		const execution = await one.execute([item!], { mode: 'trigger' });
		expect((await execution.output())[0]!.json).toMatchObject({ raw: 'hello' });
		pass(2 * minute);
		const again = await one.execute(await one.letInAgain(), { mode: 'trigger' });
		expect((await again.output())[0]!.json).toMatchObject({ raw: 'hello' });
		await again.finish();
		expect(await list(one.scope)).toEqual([]);
	});

	const bare: INodeExecutionData[] = [{ json: {} }];

	test('run by hand, the workflow waits for one event over a connection of its own, which ends with that', async () => {
		const one = node(Bell);
		const test = await one.execute(bare, { mode: 'manual' });
		await turns();
		const { signal } = connecting;
		void connecting.emit({ event: {}, raw: 'hello', key: 'hello' });
		expect((await test.output())[0]!.json).toMatchObject({ raw: 'hello' });
		expect(signal.aborted).toBe(true);
		expect(await list(one.scope)).toEqual([]);
	});

	test('stopped by hand it waits no longer', async () => {
		const one = node(Bell);
		const test = await one.execute(bare, { mode: 'manual' });
		await turns();
		test.cancel();
		expect(await test.output()).toEqual([]);
		expect(connecting.signal.aborted).toBe(true);
	});
});
