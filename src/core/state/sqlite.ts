import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { systemClock, type Clock } from '../base/clock';
import type { ChannelError } from '../base/errors';
import type { Engine, Later } from './engine';
import { inUse, storeClosed, storeEnded } from './failures';
import { patience as usualPatience, Pending, type Patience } from './pending';
import type { Opening } from './sqlite/database';
import type { Reply, Request } from './sqlite/worker';
import { received, type Asked } from './sqlite/writer';
import type { Store } from './store';
import { storeOf } from './storeOf';
import { bytesOf } from './weight';

export interface SqliteSettings {
	/** An absolute path. */
	file: string;
	/** The file grows no larger. */
	mostBytes?: number;
	/** s; how long another process may keep the file, as one that ends while its container is started anew. */
	waitForFile?: number;
	patience?: Patience;
	clock?: Clock;
	/** The thread's own file. In dist it stands beside the bundle that this is in. */
	worker?: string;
}

/** The flags with which `node:sqlite` loads on Node 22.9 as on 24, without a warning. */
const flags = ['--experimental-sqlite', '--disable-warning=ExperimentalWarning'];
const fourGigabytes = 4 * 1024 ** 3;
/** ms between two tries for a file that is in use. */
const tryEvery = 250;
/** ms; Node-RED gives a node 15 s. */
const longestClose = 10_000;

/**
 * A file of this process alone, written by a thread that is started on first use. What resolves is on the disk: many
 * operations that wait go in one transaction, each is answered after its commit.
 */
export function sqliteStore(settings: SqliteSettings): Store {
	const thread = new Thread(settings);
	const engine = new Proxy({} as Later<Engine>, {
		get: (_, step) => {
			return (...given: unknown[]) => thread.ask(step as keyof Engine, given);
		},
	});
	return storeOf(engine, () => thread.close(), settings.clock);
}

class Thread {
	private worker?: Worker;
	/** Until the file is open. */
	private isOpen = false;
	private unsent: Asked[] = [];
	private isScheduled = false;
	private readonly pending: Pending;
	private readonly clock: Clock;
	private readonly stop = new AbortController();
	private opening?: Promise<void>;
	private ended?: () => void;

	constructor(private readonly settings: SqliteSettings) {
		this.clock = settings.clock ?? systemClock;
		// The file may be in use for as long as that alone.
		const patience = settings.patience ?? usualPatience;
		const seconds = Math.max(patience.seconds, this.waitForFile + 5);
		this.pending = new Pending(settings.file, { ...patience, seconds }, this.clock, (n) => this.isSent(n));
	}

	private get waitForFile(): number {
		return this.settings.waitForFile ?? 30;
	}

	ask<T>(step: keyof Engine, given: unknown[]): Promise<T> {
		return this.pending.add(bytesOf(given), (n) => {
			this.unsent.push({ n, step, given });
			if (this.isOpen) this.schedule();
			else this.opening ??= this.open().finally(() => (this.opening = undefined));
		});
	}

	/** What is under way comes first; a thread that hangs (a disk that does) is ended. */
	async close(): Promise<void> {
		const patience = new AbortController();
		const tooLong = this.clock.sleep(longestClose, patience.signal).catch(() => undefined);
		await Promise.race([this.pending.close(), tooLong]);
		this.stop.abort();
		await Promise.race([this.end(), tooLong]);
		patience.abort();
		const { worker } = this;
		this.pending.rejectAll(storeClosed(this.settings.file));
		await worker?.terminate();
	}

	private async end(): Promise<void> {
		await this.opening;
		if (!this.worker) return;
		const ended = new Promise<void>((done) => (this.ended = done));
		this.worker.ref();
		this.post('close');
		await ended;
	}

	private isSent(n: number): boolean {
		return !this.unsent.some((one) => one.n === n);
	}

	/** What is asked in one turn of the loop goes over together. */
	private schedule(): void {
		if (this.isScheduled) return;
		this.isScheduled = true;
		setImmediate(() => {
			this.isScheduled = false;
			if (this.isOpen) this.send();
		});
	}

	private send(): void {
		// Who was told that it took too long is not served behind his back.
		const steps = this.unsent.filter(({ n }) => this.pending.has(n));
		this.unsent = [];
		if (steps.length === 0) return;
		this.worker!.ref();
		this.post({ steps });
	}

	private post(request: Request): void {
		this.worker!.postMessage(request);
	}

	/** Opens the file, waiting for whoever has it; never rejects. */
	private async open(): Promise<void> {
		const until = this.clock.now() + this.waitForFile * 1000;
		try {
			while (!(await this.tryToOpen())) {
				if (this.clock.now() >= until) throw inUse(this.settings.file, this.waitForFile);
				await this.clock.sleep(tryEvery, this.stop.signal);
			}
			this.isOpen = true;
			this.send();
		} catch (error) {
			this.unsent = [];
			this.pending.rejectAll(error as ChannelError);
			this.worker?.unref();
		}
	}

	private tryToOpen(): Promise<boolean> {
		return new Promise((resolve, reject) => {
			this.worker ??= this.start();
			this.worker.ref();
			this.opened = { resolve, reject };
			this.post('open');
		});
	}

	private opened?: { resolve(isOpen: boolean): void; reject(error: ChannelError): void };

	private start(): Worker {
		const { Worker } = require('node:worker_threads') as typeof import('node:worker_threads');
		const { file, mostBytes = fourGigabytes, worker: path = join(__dirname, 'store-worker.js') } = this.settings;
		const workerData: Opening = { file, mostBytes };
		const worker = new Worker(path, { workerData, execArgv: flags, name: 'carillon-store' });
		let why = 'its thread ended';
		worker.on('message', (reply: Reply) => this.hear(reply));
		worker.on('error', (error) => (why = String(error.message)));
		worker.on('exit', () => this.lost(worker, why));
		return worker;
	}

	private hear(reply: Reply): void {
		if (reply === 'closed') return;
		if ('open' in reply) return this.opened?.resolve(reply.open);
		if ('failed' in reply) return this.opened?.reject(received(reply.failed));
		for (const answer of reply.answers) {
			if ('error' in answer) this.pending.reject(answer.n, received(answer.error));
			else this.pending.resolve(answer.n, answer.result);
		}
		// A process in which nothing else happens may end.
		if (this.pending.size === 0) this.worker?.unref();
	}

	/** Whether what it had was kept, nobody knows; what it did not have yet begins anew with the next. */
	private lost(worker: Worker, why: string): void {
		if (this.worker !== worker) return;
		this.worker = undefined;
		this.isOpen = false;
		const error = storeEnded(this.settings.file, why);
		this.opened?.reject(error);
		this.unsent = [];
		this.pending.rejectAll(error);
		this.ended?.();
	}
}
