import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, installPackage, run, until } from '../../../scripts/start/host';
import type { Config } from '../../../src/hosts/node-red/red';
import { hostFolder } from './runtime';

export interface NodeRed {
	/** The editor, with a slash at its end. */
	url: string;
	/** Where its HTTP nodes are, without a slash at the end. */
	nodes: string;
	/** Deploys flows, `credentials` in the nodes that have some, and waits until they run. */
	deploy(flows: Partial<Config>[]): Promise<void>;
	/** Presses an inject node's button. */
	inject(id: string): Promise<void>;
	/** What its process has printed. */
	log(): string;
	isRunning(): boolean;
	stop(): Promise<void>;
	/** Ends its process without a word. */
	kill(): Promise<void>;
}

export interface NodeRedOptions {
	/** Into settings.js. */
	settings?: Record<string, unknown>;
	/** Without the package: a Node-RED to compare with. */
	bare?: boolean;
	/** A user folder that stays, with what an earlier process left in it. */
	userDir?: string;
}

/** A process of its own with a fresh user folder, into which the package is installed from its tarball. */
export async function startNodeRed({ settings = {}, bare = false, userDir }: NodeRedOptions = {}): Promise<NodeRed> {
	const folder = userDir ?? mkdtempSync(join(tmpdir(), 'carillon-node-red-'));
	const logFile = join(folder, 'host.log');
	const isFirst = !existsSync(logFile);
	if (!bare && isFirst) installPackage(folder);
	const log = () => (existsSync(logFile) ? readFileSync(logFile, 'utf8') : '');
	const starts = () => log().split('Started flows').length;
	const startsBefore = starts();
	const port = await freePort(0);
	const all = {
		uiHost: '127.0.0.1',
		uiPort: port,
		flowFile: 'flows.json',
		credentialSecret: 'only in tests',
		// Without these a fresh user folder opens windows of its own.
		editorTheme: { tours: false, projects: { enabled: false } },
		telemetry: { enabled: false, updateNotification: false },
		externalModules: { palette: { allowInstall: false } },
		logging: { console: { level: 'info', metrics: false, audit: false } },
		...settings,
	};
	writeFileSync(join(folder, 'settings.js'), `module.exports = ${JSON.stringify(all)};\n`);
	const args = ['--userDir', folder, '--settings', join(folder, 'settings.js')];
	const running = run(join(hostFolder, 'node_modules/node-red/red.js'), args, folder, {});
	let isRunning = true;
	void running.ended.then(() => (isRunning = false));
	const signal = new AbortController().signal;
	const origin = `http://127.0.0.1:${port}`;
	const root = (name: string) => `/${String(settings[name] ?? '')}/`.replace(/\/{2,}/g, '/');
	const url = `${origin}${root('httpAdminRoot')}`;
	const stop = async () => {
		await running.stop();
		if (userDir === undefined) rmSync(folder, { recursive: true, force: true });
	};
	try {
		await until(
			async () => starts() > startsBefore && (await fetch(url, { signal: AbortSignal.timeout(10_000) })).ok,
			{
				running,
				signal,
			},
		);
	} catch (error) {
		await stop();
		throw error;
	}
	return {
		url,
		nodes: `${origin}${root('httpNodeRoot')}`.replace(/\/$/, ''),
		async deploy(flows) {
			const before = starts();
			const reply = await fetch(`${url}flows`, {
				method: 'POST',
				headers: { 'content-type': 'application/json' },
				body: JSON.stringify(flows),
			});
			if (!reply.ok) throw new Error(`The deploy was refused: ${reply.status} ${await reply.text()}`);
			await until(async () => starts() > before, { running, signal });
		},
		async inject(id) {
			const reply = await fetch(`${url}inject/${id}`, { method: 'POST' });
			if (!reply.ok) throw new Error(`inject ${id}: ${reply.status}`);
		},
		log,
		isRunning: () => isRunning,
		stop,
		kill: () => running.kill(),
	};
}
