/** How long a running Node-RED is held up, and what it takes of memory, while texts of every kind come in and go out. */
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { freePort } from '../scripts/start/host';
import { startNodeRed } from '../test/hosts/node-red/nodeRed';
import type { Figure } from './paired';
import { units } from './rendering';
import { startTarget } from './server';

/** Bytes of a body: as large as the trigger takes. */
const most = 10_000_000;
/** ms */
const target = 100;
const key = 'k3y0123456789';

const filled = (unit: string, size: number) => unit.repeat(Math.ceil(size / Buffer.byteLength(unit)));

/** What a sender may put into a body that is no long text. */
const odd: Readonly<Record<string, () => unknown>> = {
	'a huge title': () => ({ title: filled('a title ', most - 100), message: 'm' }),
	'many fields': () => ({
		title: 'T',
		fields: Array.from({ length: 45_000 }, (_, at) => ({ name: `n${at}`, value: 'v' })),
	}),
	'more fields than anybody is told': () => ({
		title: 'T',
		fields: Array.from({ length: 200_000 }, (_, at) => ({ name: `n${at}`, value: 'v' })),
	}),
	'unknown keys': () => Object.fromEntries(Array.from({ length: 95_000 }, (_, at) => [`key${at}`, `value ${at}`])),
	'long unknown keys': () =>
		Object.fromEntries(Array.from({ length: 95_000 }, (_, at) => [`key${at}`, filled('value ', 90)])),
	'a deep body': () => JSON.parse(`${'{"a":'.repeat(90)}"${'x'.repeat(1_000_000)}"${'}'.repeat(90)}`) as unknown,
	'many buttons': () => ({
		message: 'm',
		buttons: Array.from({ length: 45_000 }, (_, at) => ({ text: `b${at}`, url: 'https://e.com' })),
	}),
};

export async function turnsBench(): Promise<Figure[]> {
	const service = await startTarget();
	const port = await freePort(0);
	const { NODE_OPTIONS } = process.env;
	Object.assign(process.env, {
		NODE_OPTIONS: `--require ${join(__dirname, 'turnHook.cjs')}`,
		CARILLON_TURNS_PORT: String(port),
	});
	const red = await startNodeRed().finally(() => {
		if (NODE_OPTIONS === undefined) delete process.env.NODE_OPTIONS;
		else process.env.NODE_OPTIONS = NODE_OPTIONS;
	});
	const reading = async () =>
		(await (await fetch(`http://127.0.0.1:${port}`)).json()) as { longest: number; rss: number };
	/** The whole way: in, composed, rendered, sent; over once nothing has been heard of it for a while. */
	const hold = async (body: string, isPacked: boolean): Promise<{ longest: number; rss: number }> => {
		const packed = isPacked ? gzipSync(body) : Buffer.from(body);
		await reading();
		const { rss } = await reading();
		const answer = await fetch(`${red.nodes}/carillon/bench?apiKey=${key}`, {
			method: 'POST',
			headers: { 'content-type': 'text/plain', ...(isPacked && { 'content-encoding': 'gzip' }) },
			body: packed,
		});
		// Too much for anybody is refused, which takes a turn, too.
		if (!answer.ok && answer.status !== 413) throw new Error(`HTTP ${answer.status} ${await answer.text()}`);
		let longest = 0;
		let highest = 0;
		for (let quiet = 0; quiet < 4;) {
			await new Promise((resolve) => setTimeout(resolve, 250));
			const now = await reading();
			[longest, highest] = [Math.max(longest, now.longest), Math.max(highest, now.rss)];
			quiet = now.longest < 20 ? quiet + 1 : 0;
		}
		return { longest, rss: highest - rss };
	};
	try {
		await red.deploy([
			{ id: 'tab', type: 'tab', label: 'bench' },
			{ id: 'account', type: 'carillon-webhookTrigger-account', credentials: { key } },
			{
				id: 'in',
				type: 'carillon-webhookTrigger',
				z: 'tab',
				account: 'account',
				path: '/carillon/bench',
				wires: [['out']],
			},
			{
				id: 'bark',
				type: 'carillon-bark-account',
				baseUrl: service.url,
				credentials: { deviceKeys: 'device0123456789' },
			},
			{ id: 'out', type: 'carillon-bark', z: 'tab', account: 'bark', wires: [[]] },
		] as never);
		await hold('warm', false);
		const figures: Figure[] = [];
		const bodies = [
			...Object.entries(units).map(([kind, unit]) => [kind, () => filled(unit, most - 1_000)] as const),
			...Object.entries(odd).map(([kind, make]) => [kind, () => JSON.stringify(make())] as const),
		];
		for (const [kind, make] of bodies) {
			const body = make();
			const { longest, rss } = await hold(body, true);
			const size = (body.length / 1_000_000).toFixed(0);
			figures.push(
				{
					name: `longest turn while ${size} MB of ${kind} come in packed`,
					value: longest,
					unit: 'ms',
					target,
					better: 'lower',
				},
				{
					name: `  memory for ${size} MB of ${kind} ÷ their size`,
					value: Math.max(0, rss) / body.length,
					unit: '×',
					target: 20,
					better: 'lower',
				},
			);
		}
		return figures;
	} finally {
		service.stop();
		await red.stop();
	}
}
