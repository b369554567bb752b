/** Beside the packages that people use today: the same service, the same server, the same run. */
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { deliver, serverChan } from './carillon';
import { load, median, percentile, type Figure, type Run } from './paired';
import { peersFolder, versions } from './peersFolder';
import { startTarget } from './server';

interface Axios {
	interceptors: { request: { use(change: (config: { url?: string }) => object): void } };
}
interface Peers {
	pushoo: {
		default(
			name: string,
			message: { token: string; title: string; content: string },
		): Promise<{ errno?: number; error?: unknown }>;
	};
	pushAllInOne: {
		ServerChanTurbo: new (config: { SERVER_CHAN_TURBO_SENDKEY: string }) => {
			send(title: string, body: string): Promise<{ data: { code: number } }>;
		};
	};
}

/** Both send to ServerChan's own host through axios; only the address is turned to the server of the bench. */
function loadPeers(url: string): Peers {
	const ofPeers = createRequire(join(peersFolder(), 'package.json'));
	for (const name of Object.keys(versions)) {
		const axios = createRequire(ofPeers.resolve(name))('axios') as Axios & { default?: Axios };
		(axios.default ?? axios).interceptors.request.use((config) => ({
			...config,
			url: config.url?.replace('https://sctapi.ftqq.com', url),
		}));
	}
	return {
		pushoo: ofPeers('pushoo') as Peers['pushoo'],
		pushAllInOne: ofPeers('push-all-in-one') as Peers['pushAllInOne'],
	};
}

const key = 'SCT123456Tabcdefghijklmnop';

export async function peersBench({ pairs, count }: { pairs: number; count: number }): Promise<Figure[]> {
	const target = await startTarget();
	const { pushoo, pushAllInOne } = loadPeers(target.url);
	// Its log of every reply would measure the terminal.
	const quiet = console.debug;
	console.debug = console.log = console.info = () => undefined;
	const turbo = new pushAllInOne.ServerChanTurbo({ SERVER_CHAN_TURBO_SENDKEY: key });
	const account = { baseUrl: target.url, sendKey: key };
	const body = (index: number) => `Episode ${index} was added`;
	const subjects: Record<string, (index: number) => Promise<unknown>> = {
		Carillon: (index) => deliver(serverChan, account, {}, { title: 'Library', body: body(index) }),
		pushoo: (index) =>
			pushoo
				.default('serverchan', { token: key, title: 'Library', content: body(index) })
				.then(({ error }) => (error ? Promise.reject(new Error(String(error))) : undefined)),
		'push-all-in-one': (index) => turbo.send('Library', body(index)),
	};
	try {
		const runs: Record<string, Run[]> = { Carillon: [], pushoo: [], 'push-all-in-one': [] };
		for (let round = -1; round < pairs; round++) {
			for (const [name, send] of Object.entries(subjects)) {
				const run = await load(count, 50, send);
				if (round >= 0) runs[name]!.push(run);
			}
		}
		const ratios = runs.Carillon!.map(
			({ rate }, round) => rate / Math.max(runs.pushoo![round]!.rate, runs['push-all-in-one']![round]!.rate),
		);
		return [
			{
				name: 'Carillon ÷ faster peer (ServerChan), 50 in flight',
				value: median(ratios),
				unit: '×',
				target: 2.5,
				better: 'higher',
			},
			...Object.entries(runs).flatMap(([name, each]): Figure[] => [
				{
					name: `${name}: ServerChan`,
					value: median(each.map(({ rate }) => rate)),
					unit: 'messages/s',
					better: 'higher',
				},
				{
					name: `${name}: p50`,
					value: median(each.map(({ latencies }) => percentile(latencies, 0.5))),
					unit: 'ms',
					better: 'lower',
				},
				{
					name: `${name}: p99`,
					value: median(each.map(({ latencies }) => percentile(latencies, 0.99))),
					unit: 'ms',
					better: 'lower',
				},
			]),
		];
	} finally {
		Object.assign(console, { debug: quiet });
		target.stop();
	}
}
