import { mkdtempSync, rmSync } from 'node:fs';
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

const samples = 'examples/events';

async function main(): Promise<void> {
	const [name = 'node-red', hostFolder = ''] = process.argv.slice(2);
	const folder = mkdtempSync(join(tmpdir(), `carillon-start-${name}-`));
	const stopping = new AbortController();
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopping.abort());
	const stopped = new Promise<void>((resolve) => stopping.signal.addEventListener('abort', () => resolve()));

	const inbox = await startInbox({ http: 8025, smtp: 2525 });
	try {
		const start = name === 'n8n' ? startN8n : startNodeRed;
		const host = await start({ folder, hostFolder, inbox, signal: stopping.signal });
		try {
			const lines: [string, string][] = [
				...host.say,
				['Inbox', inbox.url],
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
		} finally {
			await host.stop();
		}
	} catch (error) {
		if (!stopping.signal.aborted) throw error;
	} finally {
		await inbox.close();
		rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
	}
}

main().then(
	() => process.exit(0),
	(error: unknown) => {
		console.error(`carillon: ${error instanceof Error ? error.message : String(error)}`);
		process.exit(1);
	},
);
