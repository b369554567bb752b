/** Beside the packages that people use today: the same service, the same server, the same run. */
import { load, median, percentile, type Figure, type Run } from './paired';
import { startTarget } from './server';
import { quietly, senders } from './serverChanSenders';

export async function peersBench({ pairs, count }: { pairs: number; count: number }): Promise<Figure[]> {
	const target = await startTarget();
	try {
		const subjects = Object.entries(senders).map(([name, of]) => ({
			name,
			send: of(target.url),
			runs: [] as Run[],
		}));
		await quietly(async () => {
			for (let round = -1; round < pairs; round++) {
				for (const { send, runs } of subjects) {
					const run = await load(count, 50, send);
					if (round >= 0) runs.push(run);
				}
			}
		});
		const [carillon, ...peers] = subjects as [(typeof subjects)[0], ...typeof subjects];
		const ratios = carillon.runs.map(
			({ rate }, round) => rate / Math.max(...peers.map(({ runs }) => runs[round]!.rate)),
		);
		return [
			{
				name: 'Carillon ÷ faster peer (ServerChan), 50 in flight',
				value: median(ratios),
				unit: '×',
				target: 2.5,
				better: 'higher',
			},
			...subjects.flatMap(({ name, runs }): Figure[] => [
				{
					name: `${name}: ServerChan`,
					value: median(runs.map(({ rate }) => rate)),
					unit: 'messages/s',
					better: 'higher',
				},
				{
					name: `${name}: p50`,
					value: median(runs.map(({ latencies }) => percentile(latencies, 0.5))),
					unit: 'ms',
					better: 'lower',
				},
				{
					name: `${name}: p99`,
					value: median(runs.map(({ latencies }) => percentile(latencies, 0.99))),
					unit: 'ms',
					better: 'lower',
				},
			]),
		];
	} finally {
		target.stop();
	}
}
