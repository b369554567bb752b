/**
 * Runs the tests in the Node that the project brings, after putting in place what they need, tells each file as it
 * ends and how many are left, and ends with one line counted from jest's own results: `N passed, N failed`.
 *
 *   npm test [-- <jest's arguments>]     everything that needs no browser and no whole n8n
 *   npm run test:long                    the same, with generated input a hundred times as much
 *   npm run test:e2e                     whole hosts and browsers, and the project's own scripts from end to end
 *   npm run test:faults                  hosts that are killed, disks that are full
 *   npm run test:queue                   n8n in queue mode, with Postgres and Redis, whose processes are killed
 *
 * `CARILLON_NODE`, `CARILLON_NODE_RED` and `CARILLON_N8N_CORE` name older versions of what they run in.
 * Generated input comes from a fixed seed: `CARILLON_SEED=7 npm test` takes another, and a failure prints its own.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { ensureBuild, ensureHost, ensurePackages, ensureTestNode, root } from './setup.mjs';

const apart = ['e2e', 'faults', 'queue'];
const [first, ...rest] = process.argv.slice(2);
const suite = [...apart, 'long'].includes(first) ? first : undefined;
const given = suite ? rest : [first, ...rest].filter((argument) => argument !== undefined);

let node;
try {
	ensurePackages();
	node = ensureTestNode();
	ensureHost('node-red');
	ensureHost('n8n-core');
	if (suite === 'e2e' || suite === 'queue') ensureHost('n8n');
	ensureBuild();
} catch (error) {
	console.error(`carillon: ${error.message}`);
	writeSync(1, '0 passed, 1 failed\n');
	process.exit(1);
}

const folder = mkdtempSync(join(tmpdir(), 'carillon-test-'));
const results = join(folder, 'results.json');
const paths = (names) => names.map((name) => `/test/${name}/`).join('|');
const selection = apart.includes(suite)
	? [
			...['--testPathPatterns', paths([suite]), '--runInBand', '--passWithNoTests'],
			// One n8n and one browser for all of them.
			...(suite === 'e2e'
				? ['--globalSetup', './test/e2e/setup.ts', '--globalTeardown', './test/e2e/teardown.ts']
				: []),
		]
	: ['--testPathIgnorePatterns', '/node_modules/', paths(apart)];

const jest = spawn(
	node,
	[
		join(root, 'node_modules', 'jest', 'bin', 'jest.js'),
		...selection,
		// It would take what follows it for more reporters.
		...['--reporters', join(root, 'scripts', 'progress.cjs'), '--json', '--outputFile', results],
		...given,
	],
	{
		cwd: root,
		// With --json jest writes the results to stdout too; what people read goes to stderr.
		stdio: ['inherit', 'ignore', 'inherit'],
		env: {
			...process.env,
			PATH: `${dirname(node)}${delimiter}${process.env.PATH}`,
			...(suite === 'long' && { CARILLON_LONG: '1' }),
		},
	},
);
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => jest.kill(signal));

jest.on('exit', (code) => {
	const { passed, failed } = count(results);
	rmSync(folder, { recursive: true, force: true });
	// A jest that fails without a failed test (a crash, a threshold) is a failure too.
	const failures = failed || (code === 0 ? 0 : 1);
	writeSync(1, `${passed} passed, ${failures} failed\n`);
	process.exitCode = failures ? 1 : 0;
});

/** A file that could not even start counts as one failed test. */
function count(file) {
	try {
		const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = JSON.parse(readFileSync(file, 'utf8'));
		return { passed: numPassedTests, failed: numFailedTests + numRuntimeErrorTestSuites };
	} catch (error) {
		console.error(`carillon: jest left no results (${error.message})`);
		return { passed: 0, failed: 1 };
	}
}
