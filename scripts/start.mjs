/**
 * Lets you try the package within a minute, with no outside account:
 *
 *   npm start                 a Node-RED with an example flow, and an inbox that shows what it sends
 *   npm start -- n8n          the same in n8n
 *   npm start -- --port 1990 --folder ~/bells
 *                             on a port of your choice, in a folder that keeps what you make
 *
 * Installs and builds what is missing. Ctrl-C ends everything, and removes its folder where none was named.
 */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureBuild, ensureHost, ensurePackages } from './setup.mjs';

const { host, port, folder: own } = asked();
let folder;
try {
	ensurePackages();
	folder = ensureHost(host);
	ensureBuild();
} catch (error) {
	console.error(`carillon: ${error.message}`);
	process.exit(1);
}
process.argv.splice(
	2,
	Infinity,
	'scripts/start/main.ts',
	JSON.stringify({ host, port, hostFolder: folder, folder: own }),
);
await import('./run.mjs');

function asked() {
	try {
		const { values, positionals } = parseArgs({
			allowPositionals: true,
			options: { port: { type: 'string' }, folder: { type: 'string' } },
		});
		const { port, folder } = values;
		const [host = 'node-red'] = positionals;
		if (!['node-red', 'n8n'].includes(host)) throw new Error(`npm start knows node-red and n8n, not ${host}.`);
		if (positionals.length > 1) throw new Error(`npm start takes one host, not ${positionals.join(' and ')}.`);
		if (port !== undefined && !(/^\d{1,5}$/.test(port) && port > 0 && port < 65_536))
			throw new Error(`--port takes a number from 1 to 65535, not “${port}”.`);
		if (folder === '') throw new Error('--folder takes the path of a folder.');
		return {
			host,
			port: port && Number(port),
			// npm changes to the package's folder; the path was typed where INIT_CWD says.
			folder: folder && resolve(process.env.INIT_CWD ?? '.', folder),
		};
	} catch (error) {
		console.error(`carillon: ${error.message}`);
		process.exit(1);
	}
}
