/** What is measured, compiled as it is shipped: the loader that runs these files adds calls of its own to every function. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { root } from '../scripts/definitions';
import type * as Bundle from './bundle';

const outfile = join(root, '.cache', 'bench', 'carillon.cjs');
mkdirSync(join(root, '.cache', 'bench'), { recursive: true });
buildSync({
	entryPoints: [join(__dirname, 'bundle.ts')],
	outfile,
	bundle: true,
	platform: 'node',
	format: 'cjs',
	target: 'node22.9',
	packages: 'external',
});

export const { bark, chars, deliver, render, serverChan, sre24 } = require(outfile) as typeof Bundle;
