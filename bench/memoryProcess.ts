/** One sender, one process: tells its parent its memory once it is warm, and after each stretch of messages. */
import { stretch, type Reading } from './memory';
import { load } from './paired';
import { quietly, senders } from './serverChanSenders';

async function main([name = '', url = '', count = '']: string[]): Promise<void> {
	const send = senders[name]!(url);
	await load(1_000, 50, send);
	for (let at = 0; at < Number(count); at++) {
		if (at > 0) await load(stretch, 50, send);
		globalThis.gc!();
		const { rss, heapUsed } = process.memoryUsage();
		process.send!({ rss, heap: heapUsed } satisfies Reading);
	}
}

quietly(() => main(process.argv.slice(2))).then(
	() => process.disconnect(),
	(error: unknown) => {
		console.error(error);
		process.exit(1);
	},
);
