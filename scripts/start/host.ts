import { execFileSync, spawn } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { root } from '../definitions';
import { listen, type Inbox } from './inbox';

export interface Setting {
	/** Where the host keeps what it has: empty, or as an earlier start left it. */
	folder: string;
	/** Whose node_modules holds the host. */
	hostFolder: string;
	inbox: Inbox;
	signal: AbortSignal;
	/** The wanted one; any free one where that is taken, or 0. */
	port?: number;
	/** That port or none. */
	only?: boolean;
}

let next = process.pid;

/** Below those that a system gives to connections: none of them takes it between the look at it and the start of a host. */
const quietPort = () => 20_000 + ((next += 7_919) % 12_000);

/**
 * The wanted port, or a free one where it is taken; 0: any.
 * @param only throws in place of taking another
 */
export async function freePort(wanted: number, only = false): Promise<number> {
	const probe = createServer();
	const port = await listen(probe, wanted || quietPort());
	await new Promise((done) => probe.close(done));
	if (only && port !== wanted) throw new Error(`The port ${wanted} is taken: choose another with --port.`);
	return port;
}

/** Packs the package as it would be published and installs it in the folder as a user would. */
export function installPackage(folder: string): void {
	mkdirSync(folder, { recursive: true });
	const npm = (args: string[], cwd: string) =>
		execFileSync('npm', [...args, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
			cwd,
			encoding: 'utf8',
			shell: process.platform === 'win32',
		});
	const [{ filename }] = JSON.parse(npm(['pack', '--json', '--pack-destination', folder], root)) as [
		{ filename: string },
	];
	const manifest = join(folder, 'package.json');
	// Beside ours a kept folder names what somebody else installed there.
	if (!existsSync(manifest)) writeFileSync(manifest, JSON.stringify({ name: 'carillon-try-out', private: true }));
	npm(['install', '--omit=dev', '--omit=peer', '--prefer-offline', join(folder, filename)], folder);
}

/** What both hosts' e-mail accounts need to reach the inbox. */
export const mailAccount = ({ smtpPort }: Inbox) => ({
	provider: 'custom',
	host: '127.0.0.1',
	port: smtpPort,
	security: 'none',
	auth: 'none',
	from: 'Carillon <carillon@example.com>',
	to: 'you@example.com',
});

export interface Running {
	ended: Promise<void>;
	stop(): Promise<void>;
	/** Gives it no time to end. */
	kill(): Promise<void>;
	/** The end of what it printed. */
	log(): string;
}

/** A host's own process; what it prints goes to `host.log` in its folder. */
export function run(script: string, args: string[], folder: string, env: Record<string, string>): Running {
	const child = spawn(process.execPath, [script, ...args], {
		cwd: folder,
		// Its own group: a Ctrl-C in the terminal reaches us alone, and we end it in order.
		detached: process.platform !== 'win32',
		stdio: ['ignore', 'pipe', 'pipe'],
		env: { ...process.env, ...env },
	});
	const file = join(folder, 'host.log');
	const keep = (text: string) => appendFileSync(file, text);
	keep('');
	for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', keep);
	const ended = new Promise<void>((resolve) => {
		child.on('error', (error) => keep(error.message));
		child.on('close', (code, signal) => {
			keep(`\n(ended by ${signal ?? `exit code ${code}`})`);
			resolve();
		});
	});
	return {
		ended,
		async stop() {
			child.kill('SIGTERM');
			const inTime = await Promise.race([ended.then(() => true), sleep(15_000, false, { ref: false })]);
			if (!inTime) child.kill('SIGKILL');
			await ended;
		},
		async kill() {
			child.kill('SIGKILL');
			await ended;
		},
		log: () => readFileSync(file, 'utf8').split('\n').slice(-30).join('\n'),
	};
}

/** Asks until the answer is a yes; a host that ends meanwhile, or takes more than the time, is an error with its own words. */
export async function until(
	ask: () => Promise<boolean>,
	{ running, signal, seconds = 120 }: { running: Running; signal: AbortSignal; seconds?: number },
): Promise<void> {
	let over = false;
	running.ended.then(
		() => (over = true),
		() => (over = true),
	);
	const end = Date.now() + seconds * 1000;
	for (;;) {
		if (await ask().catch(() => false)) return;
		if (over || Date.now() > end) throw new Error(`The host did not come up:\n${running.log()}`);
		await sleep(200, undefined, { signal });
	}
}
