import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { sqliteStore } from '../../../src/core/state/sqlite';
import type { Store } from '../../../src/core/state/store';
import { processOf } from './processes';
import { temporary, workerFile } from './stores';

/** What a writer does until it is killed, 30 at a time; it says what was acknowledged, a line for some. */
const writer = `async ({ sqliteStore }, { file, round }) => {
	const store = sqliteStore({ file });
	let next = 0;
	let told = [];
	const lane = async (lane) => {
		for (;;) {
			const value = round + '.' + next++;
			const { outputs } = await store.transact('s', 'k' + (lane % 5), [{ id: value, value }], ({ state = 0 }, inputs) => ({
				state: state + inputs.length,
				batches: inputs.map((input) => ({ body: input.value, lane: lane % 2 ? 'l' : undefined })),
				outputs: inputs.map((input) => input.value),
			}));
			told.push(outputs[0]);
		}
	};
	setInterval(() => { if (told.length) require('node:fs').writeSync(1, JSON.stringify(told) + '\\n'); told = []; }, 1);
	await Promise.all(Array.from({ length: 30 }, (_, n) => lane(n)));
}`;

export interface Outcome {
	acknowledged: number;
	/** Acknowledged, and not there. */
	lost: string[];
	/** There more than once. */
	twice: string[];
	/** A cell that says another number than there are batches: a commit that was half done. */
	torn: boolean;
}

/** Kills a process that writes, so many times, each in the middle of it; then looks at what is there. */
export async function killed(rounds: number, random: () => number): Promise<Outcome> {
	const { folder, remove } = temporary();
	const file = join(folder, 'carillon.db');
	const acknowledged: string[] = [];
	try {
		for (let round = 0; round < rounds; round++) {
			const run = processOf(writer, { file, round });
			while (run.lines.length === 0) await sleep(2);
			await sleep(random() * 60);
			run.child.kill('SIGKILL');
			await run.ended;
			for (const line of run.lines) if (line.endsWith(']')) acknowledged.push(...(JSON.parse(line) as string[]));
		}
		const store = sqliteStore({ file, worker: workerFile() });
		const there = await bodiesOf(store);
		const counted = await countOf(store);
		await store.close();
		const known = new Set(there);
		return {
			acknowledged: acknowledged.length,
			lost: acknowledged.filter((one) => !known.has(one)),
			twice: there.filter((one, at) => there.indexOf(one) !== at && known.size !== there.length),
			torn: counted !== there.length,
		};
	} finally {
		remove();
	}
}

async function bodiesOf(store: Store): Promise<string[]> {
	const bodies: string[] = [];
	for (let after = 0; ;) {
		const page = await store.list('s', 'waiting', 1_000, after);
		if (page.length === 0) return bodies;
		bodies.push(...page.map(({ body }) => body as string));
		after = page.at(-1)!.seq;
	}
}

async function countOf(store: Store): Promise<number> {
	let sum = 0;
	for (const key of await store.keys('s', 10))
		await store.transact<never, never, number>('s', key, [], ({ state = 0 }) => {
			sum += state;
			return {};
		});
	return sum;
}
