import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../../core/sockets/connected';
import { service, type Answer, type Seen, type Service } from '../../service';
import { logIn, pack, startProcess, userFolder, type N8n, type Running } from './n8n';

const carillon = '@carillon/n8n-nodes-carillon';
const key = 'S3cretDeviceKey0';
const patient = 180_000;

describe('the Outbox in n8n', () => {
	let receiver: Service;
	let answer: (request: Seen) => Answer;
	let home: string;
	let running: Running;
	let n8n: N8n;
	let bark: { id: string; name: string };
	let aside: { id: string; name: string };

	const up = (): Answer => ({ body: { code: 200, message: 'success', timestamp: 1 } });
	const down = (): Answer => ({ status: 503, body: 'closed' });

	beforeAll(async () => {
		const folder = mkdtempSync(join(tmpdir(), 'carillon-pack-'));
		receiver = await service((request) => answer(request));
		home = await userFolder(await pack(folder));
		rmSync(folder, { recursive: true, force: true });
		running = await startProcess(home, ['start']);
		n8n = await logIn(running);
		bark = await n8n.createCredential('carillonBarkApi', { baseUrl: receiver.url, deviceKeys: key }, 'bark');
		aside = await n8n.createCredential(
			'carillonBarkApi',
			{ baseUrl: `${receiver.url}/aside`, deviceKeys: key },
			'aside',
		);
	}, 300_000);
	afterAll(async () => {
		await running?.close();
		await receiver?.close();
	}, 60_000);
	beforeEach(() => {
		answer = up;
		receiver.requests.length = 0;
	});

	/** Webhook → Outbox → Bark; what is given up → another Bark. */
	async function flow(path: string, parameters: object = {}): Promise<string> {
		const channel = (name: string, credential: object, more: object = {}) => ({
			name,
			type: `${carillon}.bark`,
			parameters: { options: { attempts: 1 } },
			credentials: { carillonBarkApi: credential },
			...more,
		});
		const nodes = [
			{
				name: 'Webhook',
				type: 'n8n-nodes-base.webhook',
				parameters: { path, httpMethod: 'POST' },
				webhookId: randomUUID(),
			},
			{
				name: 'Fields',
				type: 'n8n-nodes-base.set',
				parameters: { mode: 'raw', jsonOutput: '={{ $json.body }}' },
			},
			{ name: 'Outbox', type: `${carillon}.outbox`, parameters },
			channel('Bark', bark),
			channel('Aside', aside, { position: [900, 200] }),
		].map((node, index) => ({
			id: randomUUID(),
			typeVersion: 1,
			position: [index * 200, 0],
			...node,
		}));
		const to = (...names: (string | undefined)[]) => ({
			main: names.map((node) => (node ? [{ node, type: 'main', index: 0 }] : [])),
		});
		const { id } = await n8n.rest<{ id: string }>('workflows', {
			name: path,
			nodes: nodes.map((node) => (node.name === 'Fields' ? { ...node, typeVersion: 3.4 } : node)),
			connections: { Webhook: to('Fields'), Fields: to('Outbox'), Outbox: to('Bark', 'Aside') },
			settings: { executionOrder: 'v1' },
		});
		await n8n.activate(id, path);
		return id;
	}

	const post = async (path: string, body: string) => {
		const response = await fetch(`${n8n.url}/webhook/${path}`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ message: body }),
		});
		expect(response.status).toBe(200);
	};

	type Row = { id: string; status: string; mode: string };
	/** Once so many messages were kept. */
	const kept = (workflowId: string, count: number) =>
		n8n
			.rest<{ results: Row[] }>(
				`executions?limit=100&filter=${encodeURIComponent(JSON.stringify({ workflowId }))}`,
			)
			.then(({ results }) =>
				expect(results.filter(({ mode, status }) => mode === 'webhook' && status === 'success').length).toBe(
					count,
				),
			);
	const eventually = async (attempt: () => Promise<unknown>, seconds = 60) => {
		const end = Date.now() + seconds * 1_000;
		for (;;) {
			try {
				return await attempt();
			} catch (error) {
				if (Date.now() > end) throw new Error(`${(error as Error).message}\n${n8n.log().slice(-2_000)}`);
				await new Promise((done) => setTimeout(done, 250));
			}
		}
	};

	const rung = (at = '') =>
		receiver.requests
			.filter(({ path }) => path.startsWith('/aside') === (at === 'aside'))
			.map(({ json }) => (json as { body: string }).body);
	/** Those that the service took. */
	let taken: string[] = [];
	const counting = (given: (request: Seen) => Answer) => {
		taken = [];
		answer = (request) => {
			const said = given(request);
			if ((said.status ?? 200) === 200) taken.push((request.json as { body: string }).body);
			return said;
		};
	};

	test('what came while a service was down waits, and is delivered once it is up, each once and in order', async () => {
		let isUp = false;
		counting(() => (isUp ? up() : down()));
		const id = await flow('down');
		const sent = ['one', 'two', 'three', 'four', 'five'];
		for (const body of sent) await post('down', body);
		await eventually(() => kept(id, sent.length));
		await until(() => receiver.requests.length > 0, patient);
		expect(new Set(rung())).toEqual(new Set(['one']));
		isUp = true;
		await until(() => taken.length >= sent.length, patient);
		expect(taken).toEqual(sent);
		await n8n.deactivate(id);
	}, 300_000);

	test('what a service refuses comes out of the second output, and holds up nobody', async () => {
		counting(({ path, json }) =>
			!path.startsWith('/aside') && (json as { body: string }).body === 'bad'
				? { status: 400, body: { code: 400, message: 'no such device' } }
				: up(),
		);
		const id = await flow('refused');
		for (const body of ['good', 'bad', 'better']) await post('refused', body);
		await until(() => taken.length >= 3, patient);
		expect(rung('aside')).toEqual(['bad']);
		expect(rung().filter((body) => body !== 'bad')).toEqual(['good', 'better']);
		await n8n.deactivate(id);
	}, 300_000);

	test('unpublished it sends nothing, published again all that waits', async () => {
		let isUp = false;
		counting(() => (isUp ? up() : down()));
		const id = await flow('paused');
		for (const body of ['a', 'b']) await post('paused', body);
		await eventually(() => kept(id, 2));
		await until(() => receiver.requests.length > 0, patient);
		await n8n.deactivate(id);
		isUp = true;
		const before = receiver.requests.length;
		await new Promise((done) => setTimeout(done, 45_000));
		expect(receiver.requests.length).toBe(before);
		await n8n.activate(id, 'paused');
		await until(() => taken.length >= 2, patient);
		expect(taken).toEqual(['a', 'b']);
		await n8n.deactivate(id);
	}, 300_000);

	test('an n8n that is killed loses nothing that it has kept, and delivers it once', async () => {
		let isUp = false;
		counting(() => (isUp ? up() : down()));
		const id = await flow('killed', { ordered: false });
		const sent = Array.from({ length: 12 }, (_, n) => `message ${n}`);
		for (const body of sent) await post('killed', body);
		await eventually(() => kept(id, sent.length));
		await running.kill!();
		running = await startProcess(home, ['start']);
		n8n = await logIn(running);
		isUp = true;
		await until(() => taken.length >= sent.length, patient);
		await new Promise((done) => setTimeout(done, 5_000));
		expect([...taken].sort()).toEqual([...sent].sort());
	}, 400_000);
});
