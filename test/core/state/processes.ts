import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { compiledStores } from './stores';

export interface Running {
	child: ChildProcess;
	/** What it printed, a line each. */
	lines: string[];
	/** Resolves with its exit code, or the signal that ended it. */
	ended: Promise<number | string>;
	/** Resolves when it printed that. */
	says(line: string): Promise<void>;
}

/** Runs `main(stores, argument)` in a process of its own, where `stores` are the compiled ones. */
export function processOf(main: string, argument: unknown, node = process.execPath, flags: string[] = []): Running {
	const file = join(compiledStores(), 'stores.js');
	const code = `(${main})(require(${JSON.stringify(file)}), ${JSON.stringify(argument)}).catch((error) => { console.log('error: ' + error.message); process.exit(1); })`;
	const child = spawn(node, [...flags, '-e', code], { stdio: ['ignore', 'pipe', 'pipe'] });
	const lines: string[] = [];
	const waiting = new Map<string, () => void>();
	for (const stream of [child.stdout, child.stderr])
		createInterface(stream).on('line', (line) => {
			lines.push(line);
			waiting.get(line)?.();
		});
	const ended = new Promise<number | string>((done) =>
		child.once('close', (code, signal) => done(code ?? signal ?? 0)),
	);
	return {
		...{ child, lines, ended },
		says: (line) =>
			new Promise((done, fail) => {
				if (lines.includes(line)) return done();
				waiting.set(line, done);
				ended.then((code) => fail(new Error(`It ended with ${code}:\n${lines.join('\n')}`)), fail);
			}),
	};
}
