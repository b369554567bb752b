/**
 * Runs a script or a tool of node_modules in the Node that the project brings, after installing what is missing.
 *
 *   node scripts/run.mjs scripts/sync.ts --check
 *   node scripts/run.mjs eslint .
 */
import { spawn } from 'node:child_process';
import { dirname, delimiter, join } from 'node:path';
import { ensurePackages, node24, root } from './setup.mjs';

ensurePackages();
const [what, ...args] = process.argv.slice(2);
const command = what.endsWith('.ts')
	? ['--import', 'tsx', join(root, what), ...args]
	: [join(root, 'node_modules', '.bin', what), ...args];
const child = spawn(node24, command, {
	cwd: root,
	stdio: 'inherit',
	env: { ...process.env, PATH: `${dirname(node24)}${delimiter}${process.env.PATH}` },
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => (signal ? process.kill(process.pid, signal) : process.exit(code ?? 1)));
