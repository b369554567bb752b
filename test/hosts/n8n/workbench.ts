import { execFileSync, fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ICredentialType, IDataObject, INodeExecutionData, INodeTypeDescription, ITaskData } from 'n8n-workflow';

export const root = join(__dirname, '..', '..', '..');

interface Loaded {
	nodes: (INodeTypeDescription & { iconUrl?: string })[];
	credentials: (ICredentialType & { iconUrl?: string })[];
	known: { nodes: Record<string, unknown>; credentials: Record<string, { supportedNodes?: string[] }> };
}

export interface WorkflowNode {
	name: string;
	type: string;
	parameters?: object;
	[more: string]: unknown;
}

interface Ran {
	runData: Record<string, ITaskData[]>;
	error?: { message: string; description?: string; context?: IDataObject; stack?: string; [more: string]: unknown };
	/** It is not over: a node waits for somebody. */
	waiting?: { id: string; till: number };
}

/** What somebody who followed a link of it got, and what came of it, if anything. */
interface Resumed extends Partial<Ran> {
	page: { status: number; headers: Record<string, string>; text: string };
}

export interface Workbench {
	load(): Promise<Loaded>;
	testCredential(given: { node: string; data: object }): Promise<{ status: string; message: string }>;
	/** A source that gives out `items`, then the nodes in a row. */
	run(given: {
		items: Partial<INodeExecutionData>[];
		nodes: WorkflowNode[];
		credentials?: Record<string, object>;
		cancelAfter?: number;
		/** By default `trigger`, as of a published workflow. */
		mode?: 'trigger' | 'manual';
	}): Promise<Ran>;
	/** Somebody follows a link of a node that waits. */
	visit(id: string, request: { method: 'GET' | 'POST'; query: object; body?: object }): Promise<Resumed>;
	/** The time of a node that waits is up. */
	timeUp(id: string): Promise<Ran>;
	close(): Promise<void>;
}

/** Where n8n's engine is installed; puts it there where it is missing. */
const engineFolder = () =>
	execFileSync(process.execPath, [join(root, 'scripts', 'setup.mjs'), 'n8n-core'], { encoding: 'utf8' }).trim();

/** n8n's own engine and loader over the built package, in a process of its own. */
export async function workbench(environment: Readonly<Record<string, string>> = {}): Promise<Workbench> {
	const modules = join(engineFolder(), 'node_modules');
	const home = mkdtempSync(join(tmpdir(), 'carillon-workbench-'));
	const child = fork(join(__dirname, 'engine.cjs'), [root], {
		execArgv: [],
		// As n8n does for the packages that it loads.
		env: {
			...process.env,
			NODE_PATH: modules,
			N8N_USER_FOLDER: home,
			N8N_LOG_LEVEL: 'silent',
			NODE_ENV: 'production',
			JEST_WORKER_ID: undefined,
			...environment,
		},
		stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
	});
	let said = '';
	child.stderr?.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-5_000)));
	const waiting = new Map<string, { resolve(value: unknown): void; reject(error: Error): void }>();
	const exited = new Promise<void>((done) => child.once('exit', () => done()));
	void exited.then(() => waiting.forEach(({ reject }) => reject(new Error(`n8n’s engine ended: ${said}`))));
	child.on('message', ({ id, result, error }: { id: string; result?: unknown; error?: string }) => {
		const one = waiting.get(id);
		waiting.delete(id);
		if (error) one?.reject(new Error(error));
		else one?.resolve(result);
	});
	const answer = <T>(id: string) =>
		new Promise<T>((resolve, reject) => waiting.set(id, { resolve: resolve as (value: unknown) => void, reject }));
	let count = 0;
	const ask = <T>(job: string, given?: unknown): Promise<T> => {
		const id = String(count++);
		const promise = answer<T>(id);
		child.send({ id, job, given });
		return promise;
	};
	await answer('ready');
	return {
		load: () => ask('load'),
		testCredential: (given) => ask('testCredential', given),
		run: ({ items, nodes, ...more }) => {
			const source = { name: 'Source', type: 'source', parameters: { items } };
			const chain = [source, ...nodes].map((node, index) => ({
				id: `n${index}`,
				typeVersion: 1,
				position: [0, 0],
				parameters: {},
				...node,
			}));
			const connections = Object.fromEntries(
				chain
					.slice(0, -1)
					.map((node, index) => [
						node.name,
						{ main: [[{ node: chain[index + 1]?.name, type: 'main', index: 0 }]] },
					]),
			);
			return ask('run', { nodes: chain, connections, ...more });
		},
		visit: (id, request) => ask('resume', { id, request }),
		timeUp: (id) => ask('resume', { id }),
		close: async () => {
			child.disconnect();
			child.kill();
			await exited;
			rmSync(home, { recursive: true, force: true });
		},
	};
}
