import { execFile, execFileSync, spawn, spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from '../../../scripts/start/host';

const run = promisify(execFile);

/** Debian keeps the server's programs of each version in a folder of their own, off the PATH. */
const versions = '/usr/lib/postgresql';
const postgresFolder = existsSync(versions)
	? readdirSync(versions)
			.sort((a, b) => Number(b) - Number(a))
			.map((version) => join(versions, version, 'bin'))
			.find((folder) => existsSync(join(folder, 'initdb')))
	: undefined;

/** Debian's packages that are not here. */
export const missing = [
	...(spawnSync('which', ['redis-server']).status === 0 ? [] : ['redis-server']),
	...(postgresFolder ? [] : ['postgresql']),
];

export interface Database {
	port: number;
	close(): Promise<void>;
}

/** A Redis of our own, in memory alone. */
export async function redis(): Promise<Database> {
	const port = await freePort(0);
	const settings = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
	return await serve('redis-server', settings, port, 'SIGTERM', /Ready to accept connections/);
}

/** A Postgres of our own with an empty database `postgres` that `n8n` owns. */
export async function postgres(): Promise<Database & { query(sql: string): Promise<string> }> {
	if (!postgresFolder) throw new Error('Postgres is missing: apt-get install postgresql');
	const port = await freePort(0);
	const folder = mkdtempSync(join(tmpdir(), 'carillon-postgres-'));
	// It refuses to run as root.
	const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
	const user = process.getuid?.() === 0 ? { uid: id('-u'), gid: id('-g') } : {};
	if (user.uid !== undefined) chownSync(folder, user.uid, user.gid);
	const close = () => rmSync(folder, { recursive: true, force: true });
	try {
		const rules = ['--username', 'n8n', '--auth', 'trust', '--encoding', 'UTF8', '--no-locale', '--no-sync'];
		await run(join(postgresFolder, 'initdb'), ['--pgdata', folder, ...rules], { ...user, cwd: folder });
		const settings = Object.entries({
			listen_addresses: '127.0.0.1',
			unix_socket_directories: '',
			fsync: 'off',
			full_page_writes: 'off',
		}).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
		const server = await serve(
			join(postgresFolder, 'postgres'),
			['-D', folder, '-p', String(port), ...settings],
			port,
			// Ends at once, whoever is still connected.
			'SIGINT',
			/ready to accept connections/,
			{ ...user, cwd: folder },
		);
		return {
			...server,
			async query(sql) {
				const where = ['--host', '127.0.0.1', '--port', String(port), '--username', 'n8n', 'postgres'];
				const { stdout } = await run(join(postgresFolder, 'psql'), [
					...where,
					'--no-psqlrc',
					'--tuples-only',
					'--no-align',
					'-c',
					sql,
				]);
				return stdout.trim();
			},
			async close() {
				await server.close();
				close();
			},
		};
	} catch (error) {
		close();
		throw error;
	}
}

async function serve(
	program: string,
	settings: string[],
	port: number,
	end: NodeJS.Signals,
	ready: RegExp,
	more: { cwd?: string; uid?: number; gid?: number } = { cwd: tmpdir() },
): Promise<Database> {
	const child = spawn(program, settings, { ...more, stdio: ['ignore', 'pipe', 'pipe'] });
	let said = '';
	for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
	let hasEnded = false;
	const exited = new Promise<void>((done) => {
		child.once('exit', () => done());
		child.once('error', (error) => {
			said += error.message;
			done();
		});
	}).then(() => void (hasEnded = true));
	const close = async () => {
		child.kill(end);
		const late = setTimeout(() => child.kill('SIGKILL'), 10_000);
		await exited;
		clearTimeout(late);
	};
	const deadline = Date.now() + 30_000;
	while (!ready.test(said)) {
		if (hasEnded || Date.now() > deadline) {
			await close();
			throw new Error(`${program} does not start:\n${said.slice(-3_000)}`);
		}
		await sleep(50);
	}
	return { port, close };
}
