/** Memory over many messages: flat means that nothing is kept. */

import { deliver, serverChan } from './carillon';
import { load, type Figure } from './paired';
import { startTarget } from './server';

const mb = 1024 * 1024;

/** After a first tenth has warmed up, how much the process grew until the end, per 100,000 messages. */
export async function memoryBench({ count }: { count: number }): Promise<Figure[]> {
	const target = await startTarget();
	const account = { baseUrl: target.url, sendKey: 'SCT123456Tabcdefghijklmnop' };
	const send = (index: number) =>
		deliver(serverChan, account, {}, { title: `Library ${index}`, body: `Episode *${index}* was added` });
	const settled = () => {
		globalThis.gc?.();
		return process.memoryUsage().rss;
	};
	try {
		const warm = Math.ceil(count / 10);
		await load(warm, 50, send);
		const before = settled();
		await load(count - warm, 50, send);
		const grown = (settled() - before) / mb;
		return [
			{
				name: `memory grown over ${count.toLocaleString('en')} messages, per 100,000`,
				value: (grown / (count - warm)) * 100_000,
				unit: 'MB',
				target: 5,
				better: 'lower',
			},
		];
	} finally {
		target.stop();
	}
}
