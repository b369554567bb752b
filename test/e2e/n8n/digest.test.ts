import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../../core/sockets/connected';
import { service, type Service } from '../../service';
import { logIn, pack, startProcess, userFolder, type N8n, type Running } from './n8n';

const carillon = '@carillon/n8n-nodes-carillon';
const patient = 180_000;

describe('the Digest in n8n', () => {
	let receiver: Service;
	let home: string;
	let running: Running;
	let n8n: N8n;
	let bark: { id: string; name: string };

	beforeAll(async () => {
		const folder = mkdtempSync(join(tmpdir(), 'carillon-pack-'));
		receiver = await service(() => ({ body: { code: 200, message: 'success', timestamp: 1 } }));
		home = await userFolder(await pack(folder));
		rmSync(folder, { recursive: true, force: true });
		running = await startProcess(home, ['start']);
		n8n = await logIn(running);
		const account = { baseUrl: receiver.url, deviceKeys: 'S3cretDeviceKey0' };
		bark = await n8n.createCredential('carillonBarkApi', account, 'bark');
	}, 500_000);
	afterAll(async () => {
		await running?.close();
		await receiver?.close();
	}, 60_000);
	beforeEach(() => void (receiver.requests.length = 0));

	/** Webhook → Digest → Bark. */
	async function flow(path: string, parameters: object): Promise<string> {
		const nodes = [
			{
				...{ name: 'Webhook', type: 'n8n-nodes-base.webhook', webhookId: randomUUID(), typeVersion: 1 },
				parameters: { path, httpMethod: 'POST' },
			},
			{
				...{ name: 'Fields', type: 'n8n-nodes-base.set', typeVersion: 3.4 },
				parameters: { mode: 'raw', jsonOutput: '={{ $json.body }}' },
			},
			{ name: 'Digest', type: `${carillon}.digest`, typeVersion: 1, parameters },
			{
				...{ name: 'Bark', type: `${carillon}.bark`, typeVersion: 1, parameters: {} },
				credentials: { carillonBarkApi: bark },
			},
		].map((node, index) => ({ id: randomUUID(), position: [index * 200, 0], ...node }));
		const to = (node: string) => ({ main: [[{ node, type: 'main', index: 0 }]] });
		const { id } = await n8n.rest<{ id: string }>('workflows', {
			...{ name: path, nodes, settings: { executionOrder: 'v1' } },
			connections: { Webhook: to('Fields'), Fields: to('Digest'), Digest: to('Bark') },
		});
		await n8n.activate(id, path);
		return id;
	}

	const post = async (path: string, title: string) => {
		const response = await fetch(`${n8n.url}/webhook/${path}`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ message: { title, body: '' } }),
		});
		expect(response.status).toBe(200);
	};
	/** Those that were collected. */
	const ended = async (workflowId: string) => {
		const filter = encodeURIComponent(JSON.stringify({ workflowId }));
		const { results } = await n8n.rest<{ results: { status: string; mode: string }[] }>(
			`executions?limit=100&filter=${filter}`,
		);
		return results.filter(({ mode, status }) => mode === 'webhook' && status === 'success').length;
	};
	const untilEnded = async (id: string, count: number) => {
		for (let tries = 0; tries < 400 && (await ended(id)) < count; tries++)
			await new Promise((done) => setTimeout(done, 250));
		expect(await ended(id)).toBe(count);
	};
	const rung = () => receiver.requests.map(({ json }) => json as { title: string; body: string });

	test('what came is collected, and released by the pump as one', async () => {
		const id = await flow('collected', { quiet: 10 });
		for (const title of ['one', 'two', 'three']) await post('collected', title);
		await until(() => rung().length > 0, patient);
		await untilEnded(id, 3);
		// However slow the machine was: each of them once.
		await until(() => rung().map(named).join().split(',').length >= 3, patient);
		expect(rung().flatMap(named).sort()).toEqual(['one', 'three', 'two']);
		await n8n.deactivate(id);
	}, 300_000);

	test('an n8n that is killed in between has collected it all the same', async () => {
		const id = await flow('killed', { when: 'count', count: 4, maxWait: 86_400 });
		for (const title of ['a', 'b', 'c']) await post('killed', title);
		await untilEnded(id, 3);
		await running.kill!();
		running = await startProcess(home, ['start']);
		n8n = await logIn(running);
		expect(rung()).toEqual([]);
		await post('killed', 'd');
		await until(() => rung().length > 0, patient);
		expect(rung()).toMatchObject([{ title: '4 notifications' }]);
		expect(rung().flatMap(named)).toEqual(['a', 'b', 'c', 'd']);
	}, 400_000);
});

/** What a digest names; one alone is its title. */
const named = ({ title, body }: { title: string; body: string }) =>
	/notifications$/.test(title) ? [...body.matchAll(/^\W*(\w+)\s*$/gm)].map(([, name]) => name!) : [title];
