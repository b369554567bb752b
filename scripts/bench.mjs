/** Runs the benchmarks against a fresh build: `npm run bench [-- --json]`. */
import { ensureBuild, ensureHost, ensurePackages } from './setup.mjs';

ensurePackages();
ensureHost('node-red');
ensureBuild();
process.argv.splice(2, 0, 'bench/index.ts');
await import('./run.mjs');
