import { execFile, execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { parse } from 'flatted';
import type { IConnections, INode, IRunExecutionData } from 'n8n-workflow';
import { freePort } from '../../../scripts/start/host';
import { root } from '../../hosts/n8n/workbench';
import { shared } from '../running';

const run = promisify(execFile);

export const owner = { email: 'owner@example.com', firstName: 'O', lastName: 'W', password: 'Passw0rd123' };

/** Where n8n is installed; puts it there where it is missing. */
export const n8nFolder = () =>
	execFileSync(process.execPath, [join(root, 'scripts', 'setup.mjs'), 'n8n'], { encoding: 'utf8' }).trim();

/** The package as it is published. */
export async function pack(destination: string): Promise<string> {
	await run('npm', ['pack', '--ignore-scripts', '--pack-destination', destination], {
		cwd: root,
	});
	const tarball = readdirSync(destination).find((name) => name.endsWith('.tgz'));
	if (!tarball) throw new Error('npm pack made no tarball');
	return join(destination, tarball);
}

export type WorkflowNode = Pick<INode, 'name' | 'type'> & Partial<INode>;

export interface Execution {
	id: string;
	status: string;
	data: IRunExecutionData;
	/** As n8n stores it. */
	stored: string;
}

export interface N8n {
	url: string;
	rest<T>(path: string, body?: object, method?: string): Promise<T>;
	createCredential(type: string, data: object, name?: string): Promise<{ id: string; name: string }>;
	testCredential(type: string, data: object): Promise<{ status: string; message: string }>;
	/** Nodes in a row. Returns the id. */
	createWorkflow(name: string, nodes: WorkflowNode[]): Promise<string>;
	/** Publishes, and waits until the path answers. */
	activate(id: string, path: string): Promise<void>;
	deactivate(id: string): Promise<void>;
	/** The executions of a workflow that have ended, oldest first, once there are `count`. */
	executions(workflowId: string, count: number): Promise<Execution[]>;
	/** Of whoever is logged in. */
	cookie(): string;
	/** What it has written so far. */
	log(): string;
	close(): Promise<void>;
}

/** A user folder of n8n with the package installed as users install it. */
export async function userFolder(tarball: string): Promise<string> {
	const home = mkdtempSync(join(tmpdir(), 'carillon-n8n-'));
	const nodes = join(home, '.n8n', 'nodes');
	mkdirSync(nodes, { recursive: true });
	writeFileSync(join(nodes, 'package.json'), '{"name":"installed-nodes","private":true}');
	await run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', tarball], { cwd: nodes });
	return home;
}

export interface Running {
	url: string;
	/** What it has written so far. */
	log(): string;
	until<T>(what: string, attempt: () => Promise<T | undefined>, seconds?: number): Promise<T>;
	/** Ends it without a word, as `kill -9` does, and leaves its folder. */
	kill?(): Promise<void>;
	close(): Promise<void>;
}

/**
 * One process of n8n. Closing it removes its folder.
 * @param logFile where what it writes is kept too
 */
export async function startProcess(
	home: string,
	command: readonly string[],
	more: Record<string, string> = {},
	logFile?: string,
): Promise<Running> {
	const [port, broker] = await Promise.all([freePort(0), freePort(0)]);
	const url = `http://127.0.0.1:${port}`;
	const child = spawn(process.execPath, [join(n8nFolder(), 'node_modules', 'n8n', 'bin', 'n8n'), ...command], {
		cwd: home,
		stdio: ['ignore', 'pipe', 'pipe'],
		env: {
			PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
			HOME: home,
			N8N_USER_FOLDER: home,
			N8N_PORT: String(port),
			// Where a worker, which serves nothing else, says how it is.
			QUEUE_HEALTH_CHECK_PORT: String(port),
			N8N_RUNNERS_BROKER_PORT: String(broker),
			N8N_LISTEN_ADDRESS: '127.0.0.1',
			N8N_DIAGNOSTICS_ENABLED: 'false',
			N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
			N8N_TEMPLATES_ENABLED: 'false',
			N8N_PERSONALIZATION_ENABLED: 'false',
			N8N_SECURE_COOKIE: 'false',
			...more,
		},
	});
	let said = '';
	const hear = (chunk: Buffer) => {
		said += chunk.toString();
		if (logFile) appendFileSync(logFile, chunk);
	};
	for (const stream of [child.stdout, child.stderr]) stream.on('data', hear);
	const exited = new Promise<void>((done) => child.once('exit', () => done()));
	const kill = async () => {
		child.kill('SIGKILL');
		await exited;
	};
	const close = async () => {
		child.kill('SIGTERM');
		const late = setTimeout(() => child.kill('SIGKILL'), 10_000);
		await exited;
		clearTimeout(late);
		rmSync(home, { recursive: true, force: true });
	};

	const until = waiting(
		() => said,
		() => child.exitCode !== null,
	);
	try {
		await until('n8n', async () => ((await fetch(`${url}/healthz/readiness`)).ok ? true : undefined), 300);
	} catch (error) {
		await close();
		throw error;
	}
	return { url, log: () => said, until, kill, close };
}

const waiting =
	(log: () => string, hasEnded: () => boolean): Running['until'] =>
	async (what, attempt, seconds = 60) => {
		const deadline = Date.now() + seconds * 1000;
		for (;;) {
			if (hasEnded()) throw new Error(`n8n has ended:\n${log().slice(-3_000)}`);
			const result = await attempt().catch(() => undefined);
			if (result !== undefined) return result;
			if (Date.now() > deadline) throw new Error(`waited ${seconds} s for ${what}:\n${log().slice(-3_000)}`);
			await sleep(100);
		}
	};

/**
 * A real n8n with the package installed, an owner, and someone logged in: the one that all files of tests share, or one
 * of its own. Closing it leaves nothing of this file's in the shared one.
 */
export async function startN8n(): Promise<N8n> {
	const one = shared()?.n8n;
	if (one) return await joinShared(one);
	const folder = mkdtempSync(join(tmpdir(), 'carillon-pack-'));
	try {
		return await logIn(await startProcess(await userFolder(await pack(folder)), ['start']));
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

async function joinShared({ url, log: file }: { url: string; log: string }): Promise<N8n> {
	const written = () => readFileSync(file, 'utf8');
	const before = written().length;
	const log = () => written().slice(before);
	const until = waiting(log, () => false);
	const n8n = await logIn({ url, log, until, close: () => Promise.resolve() });
	return { ...n8n, close: () => clear(n8n, until) };
}

/** Stops and deletes every workflow and every credential. */
async function clear({ rest }: N8n, until: Running['until']): Promise<void> {
	type Row = { id: string; active: boolean; isArchived: boolean };
	for (const { id, active, isArchived } of await rest<Row[]>('workflows')) {
		if (active) await rest(`workflows/${id}/deactivate`, {});
		if (!isArchived) await rest(`workflows/${id}/archive`, {});
		// n8n unpublishes some time after it says so, and deletes nothing before.
		await until('the end of a workflow', async () => (await rest(`workflows/${id}`, undefined, 'DELETE'), true));
	}
	for (const { id } of await rest<{ id: string }[]>('credentials'))
		await rest(`credentials/${id}`, undefined, 'DELETE');
}

/** Makes the owner where n8n is new, and logs in. */
export async function logIn({ url, log, until, close }: Running): Promise<N8n> {
	let cookie = '';
	const rest = async <T>(path: string, body?: object, method = body ? 'POST' : 'GET'): Promise<T> => {
		const response = await fetch(`${url}/rest/${path}`, {
			method,
			headers: { 'content-type': 'application/json', 'browser-id': 'test', cookie },
			...(body && { body: JSON.stringify(body) }),
		});
		const set = response.headers.getSetCookie().map((line) => line.split(';')[0]);
		if (set.length) cookie = set.join('; ');
		const text = await response.text();
		if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
		return (JSON.parse(text) as { data: T }).data;
	};

	try {
		await until('the owner', async () => {
			const { userManagement } = await rest<{ userManagement: { showSetupOnFirstLoad: boolean } }>('settings');
			if (userManagement.showSetupOnFirstLoad) await rest('owner/setup', owner);
			return true;
		});
		await rest('login', { emailOrLdapLoginId: owner.email, password: owner.password });
	} catch (error) {
		await close();
		throw error;
	}

	return {
		url,
		rest,
		createCredential: (type, data, name = type) => rest('credentials', { name, type, data }),
		async testCredential(type, data) {
			const { id, name } = await rest<{ id: string; name: string }>('credentials', {
				name: 'to be tested',
				type,
				data,
			});
			return rest('credentials/test', { credentials: { id, name, type, data } });
		},
		async createWorkflow(name, given) {
			const row = given.map((node, index) => ({
				id: randomUUID(),
				typeVersion: 1,
				position: [index * 220, 0],
				parameters: {},
				...(/Trigger$/.test(node.type) && { webhookId: randomUUID() }),
				...node,
			}));
			const connections: IConnections = {};
			for (const [index, node] of row.slice(0, -1).entries()) {
				connections[node.name] = { main: [[{ node: row[index + 1]!.name, type: 'main', index: 0 }]] };
			}
			return (
				await rest<{ id: string }>('workflows', {
					name,
					nodes: row,
					connections,
					settings: { executionOrder: 'v1' },
				})
			).id;
		},
		async activate(id, path) {
			const { versionId } = await rest<{ versionId: string }>(`workflows/${id}`);
			await rest(`workflows/${id}/activate`, { versionId });
			// Active is said some time before the path is there, and that for one method after the other; DELETE is no
			// method that any trigger takes, and n8n then names those that it knows.
			await until(path, async () => {
				const text = await (await fetch(`${url}/webhook/${path}`, { method: 'DELETE' })).text();
				return /not registered for DELETE requests.*\bPOST\b/.test(text) ? true : undefined;
			});
		},
		async deactivate(id) {
			await rest(`workflows/${id}/deactivate`, {});
		},
		executions: (workflowId, count) =>
			until(`${count} executions`, async () => {
				const filter = encodeURIComponent(JSON.stringify({ workflowId }));
				const { results } = await rest<{ results: { id: string; status: string }[] }>(
					`executions?filter=${filter}`,
				);
				const ended = results.filter(({ status }) => status === 'success' || status === 'error');
				if (ended.length < count) return undefined;
				return await Promise.all(
					ended.reverse().map(async ({ id, status }) => {
						const { data } = await rest<{ data: string }>(`executions/${id}`);
						return { id, status, data: parse(data) as IRunExecutionData, stored: data };
					}),
				);
			}),
		cookie: () => cookie,
		log,
		close,
	};
}
