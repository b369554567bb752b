import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type {
	IDataObject,
	INodeExecutionData,
	INodeProperties,
	IExecuteFunctions,
	ITriggerFunctions,
	IWebhookFunctions,
} from 'n8n-workflow';
import { choice, choices, list, number, secret, text, toggle } from '../../../src/core/base/field';
import { defineTrigger, Refusal, type Connecting, whyFailed } from '../../../src/core/define/trigger';
import { ChannelError } from '../../../src/core/base/errors';
import { triggerNode } from '../../../src/hosts/n8n/trigger-node';
import { webhookTrigger } from '../../../src/services/webhook/webhook.trigger';
import { until } from '../../core/sockets/connected';

// What is kept is kept here, in memory: a store of its own for this file.
jest.mock('../../../src/hosts/n8n/stores', () => {
	const { memoryStore } = jest.requireActual<typeof import('../../../src/core/state/memory')>(
		'../../../src/core/state/memory',
	);
	const store = memoryStore();
	return { ofProcesses: undefined, storeOf: () => ({ store, giveBack: async () => undefined }) };
});

const doorbell = defineTrigger({
	id: 'doorbellTrigger',
	name: 'Doorbell Trigger',
	zh: '门铃触发器',
	docs: 'https://example.com/doorbell',
	description: { en: 'Rings', zh: '响铃' },
	account: { key: secret('Key', { zh: '密钥', optional: true }) },
	options: {
		sender: choice('Sender', ['auto', 'front'], { zh: '来源', default: 'auto' }),
		only: choices('Only', ['ring', 'knock'], { zh: '仅' }),
		door: text('Door', { zh: '门', show: { sender: ['front'] } }),
		users: list('Users', { zh: '用户', optional: true }),
		loud: toggle('Loud', { zh: '响亮' }),
		most: number('Largest body', { zh: '上限', default: 50 }),
	},
	methods: ['GET', 'POST'],
	maxBytes: ({ most }) => most,
	authorize({ request, account }) {
		if (account.key !== undefined && request.query.key !== account.key)
			throw new Refusal(401, { en: 'The key is wrong.', zh: '密钥不对。' });
	},
	receive({ request, options }) {
		const body = Buffer.from(request.body).toString();
		if (body === 'broken') throw new Refusal(400, { en: 'That is broken.', zh: '内容有误。' });
		if (body === 'bug') throw new Error('a bug');
		if (body === 'poster')
			return {
				events: [
					{
						event: {},
						message: { body: 'x', image: { data: new Uint8Array([0xff, 0xd8]), mime: 'image/jpeg' } },
						raw: body,
					},
				],
			};
		if (body === '') return { events: [], reply: { status: 202, headers: { 'x-door': 'none' }, body: 'nobody' } };
		const { method, path, headers } = request;
		return {
			events: [
				{
					event: { method, path, type: headers['content-type'], options },
					message: { body },
					raw: body,
					key: body,
				},
			],
		};
	},
});

const Doorbell = triggerNode(doorbell);

interface Setting {
	parameters?: IDataObject;
	account?: IDataObject;
	mode?: string;
	node?: string;
}

/** The part of n8n that this test cannot have in-process, its web server: raw bodies as its body reader gives them. */
class Host {
	readonly executions: INodeExecutionData[][] = [];
	readonly log: string[] = [];
	readonly warned: string[] = [];
	setting: Setting = {};
	private server!: Server;

	async start() {
		const node = new Doorbell();
		this.server = createServer((request, response) => {
			const chunks: Buffer[] = [];
			const raw = Object.assign(request, {
				readRawBody: async () => {
					for await (const chunk of request) chunks.push(chunk as Buffer);
					Object.assign(request, { rawBody: Buffer.concat(chunks) });
				},
			});
			const { parameters = {}, account, mode = 'trigger', node: id = 'n1' } = this.setting;
			const host = {
				getRequestObject: () => raw,
				getResponseObject: () => response,
				getMode: () => mode,
				getWorkflow: () => ({ id: 'w1' }),
				getNode: () => ({
					id,
					name: 'Doorbell',
					...(account && { credentials: { carillonDoorbellTriggerApi: { id: '1', name: 'x' } } }),
				}),
				getCredentials: async () => account,
				getNodeParameter: (name: string, fallback: unknown) =>
					({ path: 'door', sender: 'auto', ...parameters })[name] ?? fallback,
				logger: {
					error: (line: string) => this.log.push(line),
					warn: (line: string) => this.warned.push(line),
				},
				helpers: {
					prepareBinaryData: async (data: Buffer, fileName: string, mimeType: string) => ({
						data: data.toString('hex'),
						fileName,
						mimeType,
					}),
				},
			};
			node.webhook!.call(host as unknown as IWebhookFunctions)
				.then(({ workflowData, noWebhookResponse }) => {
					expect(noWebhookResponse).toBe(true);
					if (workflowData) this.executions.push(workflowData[0] as INodeExecutionData[]);
				})
				.catch((error: Error) => this.log.push(`THROWN ${error.message}`));
		});
		await new Promise<void>((done) => this.server.listen(0, '127.0.0.1', done));
	}

	async send(body: string, { query = '', method = 'POST' } = {}) {
		const { port } = this.server.address() as AddressInfo;
		const response = await fetch(`http://127.0.0.1:${port}/webhook/door${query}`, {
			method,
			...(method === 'POST' && { body, headers: { 'content-type': 'text/x' } }),
		});
		return { status: response.status, text: await response.text(), door: response.headers.get('x-door') };
	}

	close = () => new Promise<void>((done) => this.server.close(() => done()));
}

const host = new Host();
beforeAll(() => host.start());
afterAll(() => host.close());
beforeEach(() => {
	host.executions.length = 0;
	host.log.length = 0;
	host.warned.length = 0;
	// Each test is a node of its own.
	host.setting = { node: String(Math.random()) };
});

const ok = { status: 200, text: '{"ok":true}', door: null };

test('the form has a path, raw bodies, what is chosen, and the rest in a collection', () => {
	const { description } = new Doorbell();
	expect(description.version).toBe(1);
	expect(
		description.webhooks?.map(({ name, httpMethod, path, isFullPath, responseData }) => [
			name,
			httpMethod,
			path,
			isFullPath,
			responseData,
		]),
	).toEqual([
		['default', 'GET', '={{ $parameter["path"] || "" }}', true, 'noData'],
		['post', 'POST', '={{ $parameter["path"] || "" }}', true, 'noData'],
	]);
	expect(description.properties.map(({ name, type }) => [name, type])).toEqual([
		['path', 'string'],
		['options', 'hidden'],
		['sender', 'options'],
		['door', 'string'],
		['settings', 'collection'],
	]);
	expect(description.properties[1]?.default).toEqual({ binaryData: true });
	// Without one n8n takes the node's own webhook id.
	expect(description.properties[0]).toMatchObject({ default: '', hint: expect.stringMatching(/no other trigger/) });
	// One address is shown, since both methods have the same.
	expect(description.webhooks?.map(({ ndvHideUrl }) => ndvHideUrl)).toEqual([undefined, true]);
	expect(description.triggerPanel).toMatchObject({ executionsHelp: { active: expect.any(String) } });
	expect(description.credentials).toEqual([{ name: 'carillonDoorbellTriggerApi', required: false }]);
	expect((description.properties.at(-1)?.options ?? []).map(({ name }) => name)).toEqual([
		'only',
		'users',
		'loud',
		'most',
		'repeatWindow',
		'keep',
	]);
	expect(new Doorbell().description).toEqual(description);
	expect(new Doorbell().description.properties[0]).not.toBe(description.properties[0]);
});

test('options that a message is made with say where to see what comes of them', () => {
	const preview = { fields: ['users'], judge: () => [] } as const;
	const Previewed = triggerNode({ ...doorbell, preview });
	const options = new Previewed().description.properties.at(-1)?.options as INodeProperties[];
	const hinted = options.filter(({ description }) => /listen for a test event/.test(description ?? ''));
	expect(hinted.map(({ name }) => name)).toEqual(['users']);
});

describe('a sample', () => {
	const Played = triggerNode(webhookTrigger);
	const came = [{ json: { came: 'by webhook' } }];
	const hostOf = (mode: string, playSample: string) => {
		const parameters: IDataObject = { playSample, sender: 'auto', settings: {} };
		// A trigger names what it wants and what else; where items are, there is the item's index between.
		const host = {
			getNodeParameter: (name: string, ...more: unknown[]) => parameters[name] ?? more.at(-1),
			getNode: () => ({ id: 'n', name: 'Webhook Trigger', credentials: {} }),
			getCredentials: () => Promise.resolve({ key: 'k3y-secret-0' }),
			getMode: () => mode,
			getWorkflow: () => ({ id: 'w1' }),
			getInputData: () => came,
			emit: () => undefined,
			logger: console,
			helpers: {
				prepareBinaryData: (data: Buffer, fileName: string) => ({ data: String(data.length), fileName }),
			},
		};
		return {
			publish: () => new Played().trigger!.call(host as unknown as ITriggerFunctions),
			run: () => new Played().execute!.call(host as unknown as IExecuteFunctions),
		};
	};

	test('comes out of a run by hand, and no address is waited at', async () => {
		expect(await hostOf('manual', 'sonarr/download.grabbed').run()).toMatchObject([
			[{ json: { event: { source: 'sonarr' }, message: {} }, binary: { poster: { data: '307' } } }],
		]);
		for (const { httpMethod } of new Played().description.webhooks!)
			expect(httpMethod).toContain('!$parameter["playSample"]');
	});

	test.each([
		['manual', ''],
		['webhook', ''],
		['webhook', 'sonarr/download.grabbed'],
	])('leaves alone what came by webhook (%s, “%s”)', async (mode, sample) =>
		expect(await hostOf(mode, sample).run()).toEqual([came]),
	);

	test('keeps a workflow from being published, which would receive nothing', async () => {
		await expect(hostOf('trigger', 'sonarr/download.grabbed').publish()).rejects.toThrow(
			'Choose “No” at “Play a sample event” first',
		);
		const published = await hostOf('trigger', '').publish();
		await published?.closeFunction?.();
	});
});

/** The id of the happening, in event and message. */
const happening: unknown = expect.stringMatching(/^hp-[\w-]{22}$/);
/** Where it is kept; `execute` takes that off. */
const kept: unknown = { batch: expect.any(String) };

test('a request is answered and starts the workflow', async () => {
	host.setting.parameters = {
		path: '/api/v1/webhook/emby',
		sender: 'front',
		door: 'back',
		settings: { users: 'a, b' },
	};
	expect(await host.send('hello')).toEqual(ok);
	expect(host.executions).toEqual([
		[
			{
				json: {
					event: {
						method: 'POST',
						path: '/api/v1/webhook/emby',
						type: 'text/x',
						options: { sender: 'front', only: [], door: 'back', users: ['a', 'b'], loud: false, most: 50 },
						happening,
					},
					message: { body: 'hello', happening },
					raw: 'hello',
					carillon: kept,
				},
			},
		],
	]);
});

test('bytes come as binary properties', async () => {
	await host.send('poster');
	expect(host.executions[0]).toEqual([
		{
			json: {
				event: { happening },
				message: { body: 'x', image: { binary: 'poster', mime: 'image/jpeg' }, happening },
				raw: 'poster',
				carillon: kept,
			},
			binary: { poster: { data: 'ffd8', fileName: 'poster', mimeType: 'image/jpeg' } },
		},
	]);
});

test.each([
	['a wrong key', 'hello', { query: '?key=wrong' }, 401, 'The key is wrong.'],
	['a broken body', 'broken', { query: '?key=right' }, 400, 'That is broken.'],
	['a large body', 'x'.repeat(51), { query: '?key=right' }, 413, 'larger than 50 bytes'],
])('%s is refused with a reason and starts nothing', async (_, body, how, status, reason) => {
	host.setting.account = { key: 'right' };
	const reply = await host.send(body, how);
	expect([reply.status, reply.text]).toEqual([status, expect.stringContaining(reason)]);
	expect(JSON.parse(reply.text)).toMatchObject({ ok: false });
	expect(host.executions).toEqual([]);
	expect(host.log).toEqual([]);
});

test('a large body that does not tell its length is refused as well', async () => {
	const stream = new ReadableStream({
		start(controller) {
			for (let i = 0; i < 10; i++) controller.enqueue(new TextEncoder().encode('0123456789'));
			controller.close();
		},
	});
	const { port } = (host as unknown as { server: Server }).server.address() as AddressInfo;
	const response = await fetch(`http://127.0.0.1:${port}/`, {
		method: 'POST',
		body: stream,
		duplex: 'half',
	} as RequestInit);
	expect(response.status).toBe(413);
	expect(host.executions).toEqual([]);
});

test('a fault of ours is a 500 without a stack, and is logged', async () => {
	const reply = await host.send('bug');
	expect(reply.status).toBe(500);
	expect(reply.text).not.toMatch(/a bug|at /);
	expect(host.log).toEqual([expect.stringMatching(/^Doorbell: .*a bug/)]);
});

test('settings that cannot be used are said, to the sender and in the log', async () => {
	host.setting.parameters = { sender: 'front' };
	const reply = await host.send('hello');
	expect(reply).toMatchObject({ status: 500, text: expect.stringContaining('Fill in “Door”.') });
	expect(host.log).toEqual(['Doorbell: Fill in “Door”.']);
});

test('a trigger’s own reply goes out, and nothing to tell starts nothing', async () => {
	expect(await host.send('', { method: 'GET' })).toEqual({ status: 202, text: 'nobody', door: 'none' });
	expect(host.executions).toEqual([]);
});

test('the same happening twice rings once; while testing, or with the window at 0, each time', async () => {
	expect(await host.send('again')).toEqual(ok);
	for (let i = 0; i < 2; i++)
		expect(await host.send('again')).toEqual({ ...ok, text: '{"ok":true,"repeated":true}' });
	expect(host.executions).toHaveLength(1);
	host.setting.mode = 'manual';
	for (let i = 0; i < 2; i++) expect(await host.send('again')).toEqual(ok);
	expect(host.executions).toHaveLength(3);
	host.setting = { node: host.setting.node, parameters: { settings: { repeatWindow: 0 } } };
	for (let i = 0; i < 2; i++) await host.send('again');
	expect(host.executions).toHaveLength(5);
});

describe('what is refused', () => {
	const account = { key: 'k3y-of-the-door' };

	test('leaves a line in the log: a few a minute, with the number of those that were left out', async () => {
		host.setting = { ...host.setting, account, node: 'refusing' };
		for (let i = 0; i < 40; i++) expect((await host.send('x', { query: '?key=guessed' })).status).toBe(401);
		expect(host.warned).toEqual(
			Array.from({ length: 5 }, () =>
				expect.stringMatching(/^Doorbell: refused a POST from \S+ with 401: The key is wrong\.$/),
			),
		);
		expect(host.executions).toEqual([]);
		expect(host.warned.join()).not.toMatch(/guessed|k3y/);
	});

	test.each([
		['401', 'ring', { query: '?key=guessed' }],
		['405', 'ring', { query: '?key=k3y-of-the-door', method: 'DELETE' }],
		['413', 'x'.repeat(60), { query: '?key=k3y-of-the-door' }],
		['400', 'broken', { query: '?key=k3y-of-the-door' }],
	])('%s is shown in the editor while testing', async (status, body, how) => {
		host.setting = { ...host.setting, account, node: `shown${status}`, mode: 'manual' };
		expect((await host.send(body, how)).status).toBe(Number(status));
		expect(host.executions).toEqual([
			[{ json: { refused: { status: Number(status), error: expect.any(String) } } }],
		]);
		expect(host.warned).toHaveLength(1);
	});
});

describe('a poll', () => {
	const poll = (connect: (connecting: Connecting) => Promise<void>) =>
		new (triggerNode(
			defineTrigger({
				id: 'pollTrigger',
				name: 'Poll Trigger',
				zh: '轮询触发器',
				docs: 'https://example.com',
				description: { en: 'Polls', zh: '轮询' },
				accountOf: 'telegram',
				account: { token: secret('Token', { zh: '令牌' }) },
				options: { users: list('Users', { zh: '用户', optional: true }) },
				connect,
			}),
		))();

	const triggerHost = (mode: string) => {
		const emitted: unknown[] = [];
		const errors: string[] = [];
		const saved: string[] = [];
		const lines: string[] = [];
		const activation = {};
		return {
			emitted,
			errors,
			saved,
			lines,
			functions: {
				getMode: () => mode,
				getWorkflow: () => ({ id: 'w1' }),
				getNode: () => ({ id: `poll ${mode}`, name: 'Poll', credentials: { carillonTelegramApi: {} } }),
				getCredentials: async () => ({ token: 's3cret-token' }),
				getNodeParameter: (_: string, fallback: unknown) => fallback,
				emit: (data: INodeExecutionData[][]) => emitted.push(...(data[0] ?? []).map(({ json }) => json.raw)),
				emitError: (error: Error) => errors.push(error.message),
				saveFailedExecution: (error: Error) => saved.push(error.message),
				getWorkflowStaticData: () => activation,
				logger: {
					debug: () => undefined,
					info: (line: string) => lines.push(`info ${line}`),
					warn: (line: string) => lines.push(`warn ${line}`),
				},
				helpers: {},
			} as unknown as ITriggerFunctions,
		};
	};

	test('has no webhook, and takes the channel’s account and icon', () => {
		const node = poll(async () => undefined);
		expect(node.webhook).toBeUndefined();
		expect(node.description).toMatchObject({
			credentials: [{ name: 'carillonTelegramApi', required: true }],
			icon: 'file:../../icons/telegram.svg',
		});
		expect(node.description.webhooks).toBeUndefined();
		expect(node.description.properties.map(({ name }) => name)).toEqual(['settings']);
	});

	test('emits while active, drops repeats, and ends when it is closed', async () => {
		let ended = false;
		let connecting!: Connecting;
		const node = poll(async (given) => {
			connecting = given;
			given.status('connected');
			await new Promise<void>((done) => given.signal.addEventListener('abort', () => done()));
			ended = true;
		});
		const { functions, emitted } = triggerHost('trigger');
		const response = await node.trigger!.call(functions);
		expect(connecting.account).toMatchObject({ token: 's3cret-token' });
		for (const key of ['a', 'a', 'b']) void connecting.emit({ event: {}, raw: key, key });
		await until(() => emitted.length >= 2);
		expect(emitted).toEqual(['a', 'b']);
		await response?.closeFunction?.();
		expect(ended).toBe(true);
	});

	test('a test run hears what the active workflow hears, over the same connection', async () => {
		const connected: Connecting[] = [];
		const node = poll(async (given) => {
			connected.push(given);
			given.status('connected');
			await new Promise<void>((done) => given.signal.addEventListener('abort', () => done()));
		});
		const [active, manual] = [triggerHost('trigger'), triggerHost('manual')];
		const running = await node.trigger!.call(active.functions);
		const testing = await node.trigger!.call(manual.functions);
		await testing?.manualTriggerFunction?.();
		void connected[0]?.emit({ event: {}, raw: 'x', key: 'x' });
		await until(() => active.emitted.length > 0 && manual.emitted.length > 0);
		expect([connected.length, active.emitted, manual.emitted]).toEqual([1, ['x'], ['x']]);
		await testing?.closeFunction?.();
		expect(connected[0]?.signal.aborted).toBe(false);
		await running?.closeFunction?.();
		expect(connected[0]?.signal.aborted).toBe(true);
	});

	const refusal = new ChannelError('Unauthorized', { en: 's3cret-token was refused', zh: '不' });

	test('what refuses from the start fails the activation, without the secret; n8n’s tries of that one ask no more', async () => {
		let asked = 0;
		const node = poll(async () => {
			asked++;
			throw refusal;
		});
		const { functions, errors, saved } = triggerHost('trigger');
		for (let i = 0; i < 5; i++) await expect(node.trigger!.call(functions)).rejects.toThrow(/^\*\*\* was refused$/);
		expect([asked, errors, saved]).toEqual([1, [], []]);
		// Published again, or with another account.
		await expect(node.trigger!.call(triggerHost('trigger').functions)).rejects.toThrow();
		const mended = { ...functions, getCredentials: async () => ({ token: 'another' }) } as ITriggerFunctions;
		await expect(node.trigger!.call(mended)).rejects.toThrow();
		expect(asked).toBe(3);
	});

	test('what is refused once it runs is seen once an outage, and never starts the trigger anew', async () => {
		let connecting!: Connecting;
		const node = poll(async (given) => {
			connecting = given;
			given.status('connected');
			await new Promise<void>((done) => given.signal.addEventListener('abort', () => done()));
		});
		const { functions, errors, saved, lines } = triggerHost('trigger');
		const response = await node.trigger!.call(functions);
		for (let i = 0; i < 3; i++) connecting.status('failed', { en: 'away', zh: '不在' });
		expect([saved, lines]).toEqual([[], [expect.stringMatching(/^warn Poll: failed \(away\)/)]]);
		for (let i = 0; i < 3; i++) connecting.status(...whyFailed(refusal));
		expect(saved).toEqual([expect.stringMatching(/^\*\*\* was refused$/)]);
		connecting.status('connected');
		connecting.status(...whyFailed(refusal));
		expect([saved.length, errors]).toEqual([2, []]);
		// However often it comes and goes, the log stays readable.
		for (let i = 0; i < 100; i++) {
			connecting.status('connected');
			connecting.status('failed', { en: 'away', zh: '不在' });
		}
		expect(lines.filter((line) => line.startsWith('warn')).length).toBeLessThanOrEqual(5);
		await response?.closeFunction?.();
		connecting.status(...whyFailed(refusal));
		void connecting.emit({ event: {}, raw: 'late' });
		expect(saved).toHaveLength(2);
	});

	test('a test run that is refused shows why', async () => {
		const node = poll(() => Promise.reject(refusal));
		const { functions, errors } = triggerHost('manual');
		await (await node.trigger!.call(functions))?.manualTriggerFunction?.();
		await new Promise(setImmediate);
		expect(errors).toEqual(['*** was refused']);
	});
});
