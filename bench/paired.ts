export interface Figure {
	name: string;
	value: number;
	unit: string;
	target?: number;
	better: 'higher' | 'lower';
}

export const median = (values: readonly number[]): number => {
	const sorted = [...values].sort((a, b) => a - b);
	const middle = sorted.length >> 1;
	return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
};

export const percentile = (values: readonly number[], share: number): number =>
	[...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))]!;

export interface Run {
	/** messages/s */
	rate: number;
	/** ms of each message */
	latencies: number[];
}

/** Sends `count` messages, `inFlight` of them at any time. */
export async function load(count: number, inFlight: number, send: (index: number) => Promise<unknown>): Promise<Run> {
	const latencies: number[] = [];
	let next = 0;
	const started = performance.now();
	const lane = async () => {
		for (let index = next++; index < count; index = next++) {
			const begun = performance.now();
			await send(index);
			latencies.push(performance.now() - begun);
		}
	};
	await Promise.all(Array.from({ length: inFlight }, lane));
	return { rate: (count / (performance.now() - started)) * 1000, latencies };
}

/** Runs both in turns, so that whatever else the machine does hits both; a first pair warms up and does not count. */
export async function paired<T>(
	pairs: number,
	baseline: () => Promise<T>,
	subject: () => Promise<T>,
): Promise<{ baseline: T; subject: T }[]> {
	const runs: { baseline: T; subject: T }[] = [];
	for (let pair = -1; pair < pairs; pair++) {
		const even = pair % 2 === 0;
		const first = await (even ? subject() : baseline());
		const second = await (even ? baseline() : subject());
		if (pair >= 0) runs.push(even ? { baseline: second, subject: first } : { baseline: first, subject: second });
	}
	return runs;
}
