/**
 * Lets you try the package within a minute, with no outside account:
 *
 *   npm start                 a Node-RED with an example flow, and an inbox that shows what it sends
 *   npm start -- n8n          the same in n8n
 *
 * Installs and builds what is missing. Ctrl-C ends everything and removes its temporary folder.
 */
import { ensureBuild, ensureHost, ensurePackages } from './setup.mjs';

const [host = 'node-red'] = process.argv.slice(2);
if (!['node-red', 'n8n'].includes(host)) {
	console.error(`carillon: npm start knows node-red and n8n, not ${host}.`);
	process.exit(1);
}
let folder;
try {
	ensurePackages();
	folder = ensureHost(host);
	ensureBuild();
} catch (error) {
	console.error(`carillon: ${error.message}`);
	process.exit(1);
}
process.argv.splice(2, Infinity, 'scripts/start/main.ts', host, folder);
await import('./run.mjs');
