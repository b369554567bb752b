/** `deliver()` through Bark against bare undici doing the same POST. */
import { Agent, request } from 'undici';

import { bark, deliver } from './carillon';
import { load, median, paired, percentile, type Figure } from './paired';
import { startTarget } from './server';

export async function deliverBench({ pairs, count }: { pairs: number; count: number }): Promise<Figure[]> {
	const target = await startTarget();
	const agent = new Agent({ connections: 64, pipelining: 1 });
	const account = { baseUrl: target.url, deviceKeys: 'k0123456789' };
	const bare = async (index: number) => {
		const body = JSON.stringify({
			title: 'Library',
			body: `Episode ${index} was added`,
			device_key: 'k0123456789',
		});
		const response = await request(`${target.url}/push`, {
			method: 'POST',
			dispatcher: agent,
			headers: { 'content-type': 'application/json; charset=utf-8' },
			body,
		});
		const answer = (await response.body.json()) as { code: number };
		if (answer.code !== 200) throw new Error('refused');
	};
	const ours = (index: number) =>
		deliver(bark, account, {}, { title: 'Library', body: `Episode ${index} was added` });
	try {
		const runs = await paired(
			pairs,
			() => load(count, 50, bare),
			() => load(count, 50, ours),
		);
		const ratio = median(runs.map(({ baseline, subject }) => subject.rate / baseline.rate));
		return [
			{
				name: 'deliver() through Bark ÷ bare undici, 50 in flight',
				value: ratio,
				unit: '×',
				target: 0.8,
				better: 'higher',
			},
			{
				name: 'deliver() through Bark',
				value: median(runs.map(({ subject }) => subject.rate)),
				unit: 'messages/s',
				better: 'higher',
			},
			{
				name: 'bare undici',
				value: median(runs.map(({ baseline }) => baseline.rate)),
				unit: 'messages/s',
				better: 'higher',
			},
			{
				name: 'deliver() through Bark, p99',
				value: median(runs.map(({ subject }) => percentile(subject.latencies, 0.99))),
				unit: 'ms',
				better: 'lower',
			},
		];
	} finally {
		await agent.destroy();
		target.stop();
	}
}
