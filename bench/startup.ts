/** What the package adds to the start of Node-RED, and how long each peer takes to import. */
import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, installPackage } from '../scripts/start/host';
import { root } from '../scripts/definitions';
import { median, paired, type Figure } from './paired';
import { peersFolder } from './peersFolder';

interface Start {
	/** From the start of the process until its flows run. */
	ms: number;
	/** Bytes, after a collection. */
	rss: number;
	heap: number;
}

async function start(folder: string, redScript: string): Promise<Start> {
	const port = await freePort(0);
	const started = performance.now();
	const child = fork(
		redScript,
		['--userDir', folder, '--settings', join(folder, 'settings.js'), '--port', String(port)],
		{
			execArgv: ['--expose-gc', '--require', join(__dirname, 'memoryHook.cjs')],
			stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
		},
	);
	let text = '';
	try {
		const ms = await new Promise<number>((resolve, reject) => {
			child.stdout!.on('data', (chunk) => {
				text += String(chunk);
				if (text.includes('Started flows')) resolve(performance.now() - started);
			});
			child.once('exit', () => reject(new Error(`Node-RED did not start:\n${text}`)));
		});
		child.send('memory');
		const [memory] = (await once(child, 'message')) as [Omit<Start, 'ms'>];
		return { ms, ...memory };
	} finally {
		const ended = new Promise((done) => child.once('close', done));
		child.kill();
		await ended;
	}
}

export async function startupBench({ pairs }: { pairs: number }): Promise<Figure[]> {
	const hostFolder = execFileSync(process.execPath, [join(root, 'scripts/setup.mjs'), 'node-red'], {
		encoding: 'utf8',
	}).trim();
	const redScript = join(hostFolder, 'node_modules/node-red/red.js');
	const [bare, full] = [mkdtempSync(join(tmpdir(), 'carillon-bare-')), mkdtempSync(join(tmpdir(), 'carillon-full-'))];
	const settings = {
		uiHost: '127.0.0.1',
		flowFile: 'flows.json',
		credentialSecret: false,
		telemetry: { enabled: false, updateNotification: false },
		editorTheme: { tours: false },
	};
	for (const folder of [bare, full]) {
		writeFileSync(join(folder, 'settings.js'), `module.exports = ${JSON.stringify(settings)};`);
		writeFileSync(join(folder, 'flows.json'), '[]');
	}
	installPackage(full);
	try {
		const runs = await paired(
			pairs,
			() => start(bare, redScript),
			() => start(full, redScript),
		);
		const added = (of: keyof Start) => median(runs.map(({ baseline, subject }) => subject[of] - baseline[of]));
		const alone = median(runs.map(({ baseline }) => baseline.ms));
		const mb = 1024 * 1024;
		return [
			{
				name: 'added start-up of Node-RED, all nodes, as a share of its own',
				value: added('ms') / alone,
				unit: '×',
				target: 0.07,
				better: 'lower',
			},
			{ name: 'added start-up time of Node-RED, all nodes', value: added('ms'), unit: 'ms', better: 'lower' },
			{ name: 'start-up time of Node-RED without the package', value: alone, unit: 'ms', better: 'lower' },
			{
				name: 'added memory of Node-RED, all nodes, none used: heap',
				value: added('heap') / mb,
				unit: 'MB',
				target: 5,
				better: 'lower',
			},
			{
				name: 'added memory of Node-RED, all nodes, none used: process',
				value: added('rss') / mb,
				unit: 'MB',
				target: 5,
				better: 'lower',
			},
		];
	} finally {
		for (const folder of [bare, full]) rmSync(folder, { recursive: true, force: true });
	}
}

/** ms to require a module in a process that has loaded nothing else */
function importTime(file: string): number {
	const code = 'const s = performance.now(); require(process.argv[1]); console.log(performance.now() - s)';
	return Number(execFileSync(process.execPath, ['-e', code, file], { encoding: 'utf8' }));
}

export async function importBench({ pairs }: { pairs: number }): Promise<Figure[]> {
	const ofPeers = createRequire(join(peersFolder(), 'package.json'));
	const files = {
		'import: Carillon (one channel with all it needs)': join(root, 'dist/sets/push.js'),
		'import: pushoo': ofPeers.resolve('pushoo'),
		'import: push-all-in-one': ofPeers.resolve('push-all-in-one'),
	};
	const times = Object.entries(files).map(([name, file]) => ({ name, file, ms: [] as number[] }));
	for (let round = 0; round < pairs; round++) for (const each of times) each.ms.push(importTime(each.file));
	return times.map(({ name, ms }) => ({ name, value: median(ms), unit: 'ms', better: 'lower' as const }));
}
