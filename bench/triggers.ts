/** The webhook trigger in a real Node-RED against that host's own HTTP nodes, in the same process. */
import { Agent, FormData, request } from 'undici';
import { startNodeRed } from '../test/hosts/node-red/nodeRed';
import { load, median, paired, type Figure } from './paired';

const event = {
	event: 'media.play',
	Account: { id: 1, title: 'Alice' },
	Server: { title: 'Home', uuid: 'u' },
	Player: { local: true, publicAddress: '192.0.2.1', title: 'TV', uuid: 'p' },
	Metadata: {
		type: 'episode',
		title: 'Who Is Alive?',
		grandparentTitle: 'Severance',
		parentIndex: 2,
		index: 3,
		duration: 3_000_000,
		viewOffset: 1000,
		guid: 'plex://episode/1',
	},
};

export async function triggerBench({ pairs, count }: { pairs: number; count: number }): Promise<Figure[]> {
	const red = await startNodeRed();
	const agent = new Agent({ connections: 64, pipelining: 1 });
	try {
		await red.deploy([
			{ id: 'tab', type: 'tab', label: 'bench' },
			{ id: 'in', type: 'http in', z: 'tab', url: '/bare', method: 'post', upload: true, wires: [['out']] },
			{ id: 'out', type: 'http response', z: 'tab', statusCode: '200', wires: [] },
			{ id: 'account', type: 'carillon-webhookTrigger-account', credentials: { key: 'k3y0123456789' } },
			{
				id: 'trigger',
				type: 'carillon-webhookTrigger',
				z: 'tab',
				account: 'account',
				path: '/carillon/bench',
				repeatWindow: 0,
				wires: [[]],
			},
		] as never);
		const multipart = (poster?: Uint8Array) => async () => {
			const form = new FormData();
			form.append('payload', JSON.stringify(event));
			if (poster)
				form.append(
					'thumb',
					new File([poster as Uint8Array<ArrayBuffer>], 'thumb.jpg', { type: 'image/jpeg' }),
				);
			return form;
		};
		const post =
			(url: string, body: () => Promise<unknown>, headers: Record<string, string> = {}) =>
			async () => {
				const response = await request(url, {
					method: 'POST',
					dispatcher: agent,
					headers,
					body: (await body()) as string,
				});
				await response.body.dump();
				if (response.statusCode !== 200) throw new Error(`HTTP ${response.statusCode}`);
			};
		const json = async () => JSON.stringify(event);
		const type = { 'content-type': 'application/json' };
		const [bare, ours] = [`${red.nodes}/bare`, `${red.nodes}/carillon/bench?apiKey=k3y0123456789`];
		const small = await paired(
			pairs,
			() => load(count, 50, post(bare, json, type)),
			() => load(count, 50, post(ours, json, type)),
		);
		const poster = new Uint8Array(1024 * 1024).fill(7);
		poster.set([0xff, 0xd8, 0xff]);
		const posters = Math.ceil(count / 20);
		const large = await paired(
			pairs,
			() => load(posters, 8, post(bare, multipart(poster))),
			() => load(posters, 8, post(ours, multipart(poster))),
		);
		const ratio = (runs: typeof small) => median(runs.map(({ baseline, subject }) => subject.rate / baseline.rate));
		return [
			{
				name: 'webhook trigger ÷ http in → http response',
				value: ratio(small),
				unit: '×',
				target: 0.9,
				better: 'higher',
			},
			{
				name: 'webhook trigger',
				value: median(small.map(({ subject }) => subject.rate)),
				unit: 'requests/s',
				better: 'higher',
			},
			{
				name: 'webhook trigger with a 1 MB poster ÷ http in',
				value: ratio(large),
				unit: '×',
				target: 0.8,
				better: 'higher',
			},
			{
				name: 'webhook trigger with a 1 MB poster',
				value: median(large.map(({ subject }) => subject.rate)),
				unit: 'MB/s',
				better: 'higher',
			},
		];
	} finally {
		await agent.destroy();
		await red.stop();
	}
}
