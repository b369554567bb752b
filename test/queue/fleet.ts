import { randomBytes } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { missing, postgres, redis } from '../e2e/n8n/databases';
import { logIn, pack, startProcess, userFolder, type N8n, type Running } from '../e2e/n8n/n8n';

/** Debian's packages that are not here, and without which there is no fleet. */
export { missing };

/** The processes of an n8n in queue mode, as in containers: nothing is shared but the databases and the key. */
export interface Fleet {
	/** Whoever is logged in there asks the main that runs now. */
	main(): N8n;
	/** Where webhooks are taken: the main, while it runs, and the webhook process. */
	doors(): string[];
	/** Ends a process with -9. */
	kill(name: Name): Promise<void>;
	/** Starts it once more, as whoever watches over it would. */
	restart(name: Name): Promise<void>;
	log(name: Name): string;
	close(): Promise<void>;
}

export type Name = 'main' | 'webhook' | 'worker1' | 'worker2';

/** Executions of a worker at once. */
export const concurrency = 5;

const commands: Record<Name, string[]> = {
	main: ['start'],
	webhook: ['webhook'],
	worker1: ['worker', `--concurrency=${concurrency}`],
	worker2: ['worker', `--concurrency=${concurrency}`],
};

export async function fleet(): Promise<Fleet> {
	if (missing.length) throw new Error(`Not installed here: apt-get install ${missing.join(' ')}`);
	const folders: string[] = [];
	/** Newest first. */
	const closing: (() => Promise<void>)[] = [];
	const running = new Map<Name, Running>();
	let written = '';
	const close = async () => {
		for (const { close: end } of running.values()) await end();
		for (const end of closing) await end();
		for (const folder of folders) rmSync(folder, { recursive: true, force: true });
	};
	try {
		const folder = mkdtempSync(join(tmpdir(), 'carillon-pack-'));
		folders.push(folder);
		const database = await postgres();
		closing.unshift(database.close);
		const queue = await redis();
		closing.unshift(queue.close);
		const home = await userFolder(await pack(folder));
		folders.push(home);
		const env = {
			EXECUTIONS_MODE: 'queue',
			N8N_ENCRYPTION_KEY: randomBytes(24).toString('hex'),
			QUEUE_BULL_REDIS_HOST: '127.0.0.1',
			QUEUE_BULL_REDIS_PORT: String(queue.port),
			QUEUE_HEALTH_CHECK_ACTIVE: 'true',
			DB_TYPE: 'postgresdb',
			DB_POSTGRESDB_HOST: '127.0.0.1',
			DB_POSTGRESDB_PORT: String(database.port),
			DB_POSTGRESDB_DATABASE: 'postgres',
			DB_POSTGRESDB_USER: 'n8n',
		};
		const start = async (name: Name) => {
			const own = `${home}-${name}`;
			if (!folders.includes(own)) {
				cpSync(home, own, { recursive: true });
				folders.push(own);
			}
			running.set(name, await startProcess(own, commands[name], env));
		};
		let main: N8n;
		const startMain = async () => {
			await start('main');
			main = await logIn(running.get('main')!);
		};
		// The main alone makes the tables.
		await startMain();
		await Promise.all((['webhook', 'worker1', 'worker2'] as const).map(start));
		return {
			main: () => main,
			doors: () => (['main', 'webhook'] as const).flatMap((name) => running.get(name)?.url ?? []),
			async kill(name) {
				const ended = running.get(name)!;
				running.delete(name);
				written += ended.log();
				await ended.kill!();
			},
			restart: (name) => (name === 'main' ? startMain() : start(name)),
			log: (name) => running.get(name)?.log() ?? written,
			close,
		};
	} catch (error) {
		await close();
		throw error;
	}
}
