/** Memory over many messages, each sender in a process of its own: flat means that nothing is kept. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import type { Figure } from './paired';
import { startTarget } from './server';
import { senders } from './serverChanSenders';

/** Messages between two readings. */
export const stretch = 100_000;

/** Bytes, after a forced collection: of the whole process, and of what lives on its heap. */
export interface Reading {
	rss: number;
	heap: number;
}

const mb = 1024 * 1024;

export async function memoryBench({ stretches }: { stretches: number }): Promise<Figure[]> {
	const target = await startTarget();
	try {
		const figures: Figure[] = [];
		const [name = '', ...peers] = Object.keys(senders);
		const readings = await readingsOf(name, target.url, stretches + 1);
		// The first stretch warms up: code is compiled, the heap finds its size.
		const perStretch = (of: keyof Reading) =>
			(readings[stretches]![of] - readings[1]![of]) / mb / (stretches - 1 || 1);
		const messages = ((stretches - 1) * stretch).toLocaleString('en');
		for (const [of, what] of [
			['rss', 'process'],
			['heap', 'heap'],
		] as const)
			figures.push({
				name: `${what} grown over ${messages} messages, per ${stretch.toLocaleString('en')}`,
				value: perStretch(of),
				unit: 'MB',
				target: of === 'rss' ? 5 : 0.5,
				better: 'lower',
			});
		for (const each of [name, ...peers]) {
			const [before, after] = each === name ? readings : await readingsOf(each, target.url, 2);
			figures.push({
				name: `${each}: process grown by the first ${stretch.toLocaleString('en')} messages`,
				value: (after!.rss - before!.rss) / mb,
				unit: 'MB',
				better: 'lower',
			});
		}
		return figures;
	} finally {
		target.stop();
	}
}

async function readingsOf(name: string, url: string, count: number): Promise<Reading[]> {
	const child = fork(join(__dirname, 'memoryProcess.ts'), [name, url, String(count)], {
		execArgv: ['--expose-gc', '--import', 'tsx'],
	});
	const readings: Reading[] = [];
	child.on('message', (reading) => readings.push(reading as Reading));
	await once(child, 'exit');
	if (readings.length !== count) throw new Error(`${name} ended after ${readings.length} of ${count} readings`);
	return readings;
}
