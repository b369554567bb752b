import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startInbox } from './inbox';
import { startN8n } from './n8n';
import { startNodeRed } from './node-red';

/** What `npm start` needs of a host that it has started. */
export interface Started {
	/** Where its editor is. */
	editor: string;
	/** What to print about it: a name and a text each. */
	say: [name: string, text: string][];
	/** Where the example's trigger listens. */
	webhook: string;
	/** Resolves when the host has ended, for whatever reason. */
	ended: Promise<void>;
	stop(): Promise<void>;
}

const forgotten =
	'What was made here is gone now. With “npm start -- --folder DIR” the next one is kept, and opened again.';
const samples = 'examples/events';

/** What `start.mjs` was asked for. */
interface Asked {
	host: string;
	/** Whose node_modules holds the host. */
	hostFolder: string;
	port?: number;
	/** That keeps what people make; without one it is gone at the end. */
	folder?: string;
}

async function main(): Promise<void> {
	const { host: name, hostFolder, port, folder: own } = JSON.parse(process.argv[2]!) as Asked;
	const folder = own === undefined ? mkdtempSync(join(tmpdir(), `carillon-start-${name}-`)) : folderFor(own, name);
	const stopping = new AbortController();
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopping.abort());
	const stopped = new Promise<void>((resolve) => stopping.signal.addEventListener('abort', () => resolve()));

	const inbox = await startInbox({ http: 8025, smtp: 2525 });
	try {
		const start = name === 'n8n' ? startN8n : startNodeRed;
		const host = await start({
			folder,
			hostFolder,
			inbox,
			signal: stopping.signal,
			...(port && { port, only: true }),
		});
		try {
			const lines: [string, string][] = [
				...host.say,
				['Inbox', inbox.url],
				...(own === undefined ? [] : [['Folder', folder] satisfies [string, string]]),
				[
					'Try it',
					`curl -F "payload=<${samples}/plex-library-new.json" -F thumb=@${samples}/poster.jpg "${host.webhook}"`,
				],
			];
			console.log(
				`\n${lines.map(([title, text]) => `  ${`${title}:`.padEnd(9)} ${text}`).join('\n')}\n\n  Ctrl-C ends it.\n`,
			);
			await Promise.race([
				host.ended.then(() => Promise.reject(new Error(`${name} has ended by itself.`))),
				stopped,
			]);
			if (own === undefined) console.log(`\n  ${forgotten}\n`);
		} finally {
			await host.stop();
		}
	} catch (error) {
		if (!stopping.signal.aborted) throw error;
	} finally {
		await inbox.close();
		if (own === undefined) rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
	}
}

/** One folder a host below the one that was named; accounts lie there unencrypted. */
function folderFor(own: string, host: string): string {
	const folder = join(own, host);
	if (!existsSync(folder)) mkdirSync(folder, { recursive: true, mode: 0o700 });
	return folder;
}

main().then(
	() => process.exit(0),
	(error: unknown) => {
		console.error(`carillon: ${error instanceof Error ? error.message : String(error)}`);
		process.exit(1);
	},
);
