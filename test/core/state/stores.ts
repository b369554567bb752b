import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { bounds as usual, type Bounds } from '../../../src/core/state/bounds';
import type { Engine, Later } from '../../../src/core/state/engine';
import { memoryStore } from '../../../src/core/state/memory';
import { sqliteStore } from '../../../src/core/state/sqlite';
import { received, Writer } from '../../../src/core/state/sqlite/writer';
import type { Store } from '../../../src/core/state/store';
import { storeOf } from '../../../src/core/state/storeOf';

const root = join(__dirname, '../../..');

/** A store whose time the test tells. */
export interface Opened {
	store: Store;
	/** The machine's clock goes on, or back. */
	advance(ms: number): void;
	/** Closes and opens it again, with all that outlives that. */
	reopen(): Promise<Store>;
	close(): Promise<void>;
}

export interface Kind {
	name: string;
	/** What it keeps outlives its process. */
	persists: boolean;
	/** Values, and inputs that were seen, go by a clock that no test can set. */
	expires?: boolean;
	open(bounds?: Partial<Bounds>): Promise<Opened>;
}

export const start = 1_800_000_000_000;

export const memory: Kind = {
	name: 'memory',
	persists: false,
	open: async (bounds) => {
		let time = start;
		const store = memoryStore(() => time, 10_000, { ...usual, ...bounds });
		return {
			store,
			advance: (ms) => void (time += ms),
			reopen: async () => store,
			close: () => store.close(),
		};
	},
};

/** The steps of sqlite as its thread does them, without the thread. */
export function sqliteHere(file: string, time: () => number, bounds: Bounds = usual): Store & { writer: Writer } {
	const writer = new Writer({ file, mostBytes: 4 * 1024 ** 3 }, time, bounds);
	let n = 0;
	const engine = new Proxy({} as Later<Engine>, {
		get:
			(_, step) =>
			async (...given: unknown[]) => {
				const [answer] = writer.run([{ n: ++n, step: step as keyof Engine, given }]);
				if (answer && 'error' in answer) throw received(answer.error);
				return answer?.result;
			},
	});
	return { ...storeOf(engine, async () => writer.close()), writer };
}

export function temporary(): { folder: string; remove(): void } {
	const folder = mkdtempSync(join(tmpdir(), 'carillon-store-'));
	return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

export const sqlite: Kind = {
	name: 'sqlite',
	persists: true,
	open: async (bounds) => {
		const { folder, remove } = temporary();
		let time = start;
		const open = () => sqliteHere(join(folder, 'carillon.db'), () => time, { ...usual, ...bounds });
		let store = open();
		return {
			store,
			advance: (ms) => void (time += ms),
			reopen: async () => {
				await store.close();
				return (store = open());
			},
			close: async () => {
				await store.close();
				remove();
			},
		};
	},
};

let compiled: string | undefined;

/** `stores.js` and the thread's file beside it, compiled as they are shipped: for processes of their own. */
export function compiledStores(): string {
	if (compiled) return compiled;
	compiled = join(root, '.cache', `stores.${process.pid}`);
	mkdirSync(compiled, { recursive: true });
	const common = {
		...{ absWorkingDir: root, bundle: true, target: 'node22.9' },
		...({ packages: 'external', platform: 'node', format: 'cjs' } as const),
	};
	const contents = `export * from './src/core/state/sqlite'; export * from './src/core/state/redis';`;
	buildSync({ ...common, stdin: { contents, resolveDir: root, loader: 'ts' }, outfile: join(compiled, 'stores.js') });
	const worker = { entryPoints: ['src/core/state/sqlite/worker.ts'], outfile: workerFile() };
	buildSync({ ...common, ...worker });
	process.once('exit', () => rmSync(compiled!, { recursive: true, force: true }));
	return compiled;
}

export const workerFile = () => join(compiledStores(), 'store-worker.js');

/** In its thread, by the machine's clock. */
export const threaded: Kind = {
	name: 'sqlite in its thread',
	persists: true,
	open: async () => {
		const { folder, remove } = temporary();
		const open = () => sqliteStore({ file: join(folder, 'carillon.db'), worker: workerFile() });
		let store = open();
		return {
			store,
			advance: () => {
				throw new Error('Its clock is the machine’s.');
			},
			reopen: async () => {
				await store.close();
				return (store = open());
			},
			close: async () => {
				await store.close();
				remove();
			},
		};
	},
};
