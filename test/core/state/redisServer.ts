import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bounds as usual } from '../../../src/core/state/bounds';
import { redisStore, type RedisStoreSettings } from '../../../src/core/state/redis';
import { freePort } from '../../../scripts/start/host';
import { start, type Kind } from './stores';

/** Debian's package. CI has it: there its absence is a failure. */
export const hasRedis = process.env.CI !== undefined || spawnSync('which', ['redis-server']).status === 0;

export interface Server {
	port: number;
	/** Ends it without a chance to say goodbye, and starts it again on its folder. */
	restart(): Promise<void>;
	/** It answers nobody until it is let go on. */
	halt(): void;
	goOn(): void;
	close(): Promise<void>;
}

/** A Redis of our own on loopback. @param settings of redis-server */
export async function redisServer(...settings: string[]): Promise<Server> {
	const port = await freePort(0);
	const folder = mkdtempSync(join(tmpdir(), 'carillon-redis-'));
	const usually = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', folder];
	let child = await run([...usually, ...settings]);
	const end = async (signal: NodeJS.Signals) => {
		const ended = new Promise((done) => child.once('exit', done));
		child.kill(signal);
		await ended;
	};
	return {
		port,
		restart: async () => {
			await end('SIGKILL');
			child = await run([...usually, ...settings]);
		},
		halt: () => void child.kill('SIGSTOP'),
		goOn: () => void child.kill('SIGCONT'),
		close: async () => {
			child.kill('SIGCONT');
			await end('SIGTERM');
			rmSync(folder, { recursive: true, force: true });
		},
	};
}

async function run(settings: string[]): Promise<ChildProcess> {
	const child = spawn('redis-server', settings, { stdio: ['ignore', 'pipe', 'pipe'] });
	let said = '';
	for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
	for (let tries = 0; !/Ready to accept connections/.test(said); tries++) {
		if (child.exitCode !== null || tries > 600) throw new Error(`redis-server does not start:\n${said}`);
		await sleep(50);
	}
	return child;
}

let shared: Promise<Server> | undefined;
let made = 0;

/** One for all tests of a file. */
export const sharedRedis = () => (shared ??= redisServer('--appendonly', 'yes', '--appendfsync', 'everysec'));

export async function stopRedis(): Promise<void> {
	const server = await shared;
	shared = undefined;
	await server?.close();
}

/** By its own clock, shifted so that it begins where the others do. */
export const redis: Kind = {
	name: 'redis',
	persists: true,
	expires: true,
	open: async (bounds) => {
		const { port } = await sharedRedis();
		let time = start;
		const settings: RedisStoreSettings = {
			...{ host: '127.0.0.1', port, prefix: `t${process.pid}.${++made}` },
			bounds: { ...usual, ...bounds },
			clockOf: () => time,
		};
		let store = redisStore(settings);
		return {
			store,
			advance: (ms) => void (time += ms),
			reopen: async () => {
				await store.close();
				return (store = redisStore(settings));
			},
			close: async () => await store.close(),
		};
	},
};
