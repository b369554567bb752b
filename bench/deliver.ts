/** `deliver()` against bare undici doing the same POST: through Bark, and through the smallest of channels. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request } from 'undici';

import { bark, deliver, sre24 } from './carillon';
import { load, median, paired, percentile, type Figure } from './paired';
import { startTarget } from './server';

interface Subject {
	name: string;
	target: number;
	path: string;
	/** What `deliver()` sends for the same message. */
	json(body: string): object;
	/** What the service's yes says. */
	code: number;
	send(body: string): Promise<unknown>;
}

const key = 'k0123456789';

const subjects = (baseUrl: string): Subject[] => [
	{
		name: 'Bark',
		target: 0.9,
		path: '/push',
		json: (body) => ({ title: 'Library', body, device_key: key }),
		code: 200,
		send: (body) => deliver(bark, { baseUrl, deviceKeys: key }, {}, { title: 'Library', body }),
	},
	{
		name: 'sre24',
		target: 0.95,
		path: '/api/v1/push',
		json: (msg) => ({ token: key, msg }),
		code: 202,
		send: (body) => deliver(sre24, { baseUrl, token: key }, {}, { body }),
	},
];

/** ms: longer than a connection at rest is watched for who ends it. */
const watchedFor = 5_500;

export async function deliverBench({ pairs, count }: { pairs: number; count: number }): Promise<Figure[]> {
	const target = await startTarget();
	const agent = new Agent({ connections: 64, pipelining: 1 });
	const bare =
		({ path, json, code }: Subject) =>
		async (index: number) => {
			const response = await request(target.url + path, {
				method: 'POST',
				dispatcher: agent,
				headers: { 'content-type': 'application/json; charset=utf-8' },
				body: JSON.stringify(json(`Episode ${index} was added`)),
			});
			const answer = (await response.body.json()) as { code: number };
			if (answer.code !== code) throw new Error('refused');
		};
	const figures: Figure[] = [];
	try {
		for (const subject of subjects(target.url)) {
			const { name, send } = subject;
			// A server is watched for its first seconds, in which every message has a connection of its own.
			const watched = await load(2_000, 50, (index) => send(`Episode ${index} was added`));
			await sleep(watchedFor);
			const runs = await paired(
				pairs,
				() => load(count, 50, bare(subject)),
				() => load(count, 50, (index) => send(`Episode ${index} was added`)),
			);
			figures.push(
				{
					name: `deliver() through ${name} ÷ bare undici, 50 in flight`,
					value: median(runs.map(({ baseline, subject: { rate } }) => rate / baseline.rate)),
					unit: '×',
					target: subject.target,
					better: 'higher',
				},
				{
					name: `deliver() through ${name}`,
					value: median(runs.map(({ subject: { rate } }) => rate)),
					unit: 'messages/s',
					better: 'higher',
				},
				{
					name: `bare undici, as ${name}`,
					value: median(runs.map(({ baseline }) => baseline.rate)),
					unit: 'messages/s',
					better: 'higher',
				},
				{
					name: `deliver() through ${name}, in a server’s first seconds`,
					value: watched.rate,
					unit: 'messages/s',
					better: 'higher',
				},
				{
					name: `deliver() through ${name}, p99`,
					value: median(runs.map(({ subject: { latencies } }) => percentile(latencies, 0.99))),
					unit: 'ms',
					better: 'lower',
				},
			);
		}
		return figures;
	} finally {
		await agent.destroy();
		target.stop();
	}
}
