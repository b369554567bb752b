import { randomUUID } from 'node:crypto';
import { bounds } from './bounds';
import type { Engine, Later, Looked, Step } from './engine';
import { contested, tooManyBatches, tooManyBytes } from './failures';
import { emptyCell, isEmpty, isIdle, stepped, type Stepped, type Wish } from './stepping';
import type { Decide, Input, Transacted } from './store';
import { decode } from './values';

interface Waiting extends Wish {
	resolve(transacted: Transacted<unknown>): void;
	reject(error: unknown): void;
}

/** At most so many wishes go in one commit. */
const mostAtOnce = 256;
/** That somebody else was faster. */
const mostTries = 200;

type Cells = Pick<Later<Engine>, 'look' | 'commit'>;

/**
 * Decisions are made here, by the caller's function, and committed where the cell is still as it was. Of this process
 * only one commit a key is under way; who comes meanwhile goes with the next, all in one: a key that everybody wants
 * costs no more commits than any other.
 * @param pause how long to leave others the field, after so many failures
 */
export class Transactions {
	private readonly lines = new Map<string, Waiting[]>();
	private readonly prefix = randomUUID();
	private made = 0;

	constructor(
		private readonly engine: Cells,
		private readonly pause: (failures: number) => Promise<void>,
	) {}

	transact<V, O, S>(
		scope: string,
		key: string,
		inputs: readonly Input<V>[],
		decide: Decide<V, O, S>,
	): Promise<Transacted<O>> {
		return new Promise((resolve, reject) => {
			const place = `${scope}\n${key}`;
			const wish = { inputs, decide, newId: randomUUID, resolve, reject } as unknown as Waiting;
			const line = this.lines.get(place);
			if (line) return void line.push(wish);
			const begun = [wish];
			this.lines.set(place, begun);
			// Whatever fails is told to those who wait.
			this.run(scope, key, place, begun).catch(reject);
		});
	}

	/** The line ends in the same turn in which it is found empty, so that nobody joins one that has ended. */
	private async run(scope: string, key: string, place: string, line: Waiting[]): Promise<void> {
		while (line.length > 0) {
			const together = line.splice(0, mostAtOnce);
			try {
				await this.commit(scope, key, together);
			} catch (error) {
				for (const one of together) one.reject(error);
			}
		}
		this.lines.delete(place);
	}

	private async commit(scope: string, key: string, wishes: readonly Waiting[]): Promise<void> {
		for (let failures = 0; failures < mostTries; failures++) {
			const looked = await this.engine.look(scope, key, [...new Set(wishes.flatMap(idsOf))]);
			const { made, cell, steps } = decided(looked, wishes);
			if (made.length === 0) return;
			const committed = isIdle(looked, cell, steps)
				? 'done'
				: await this.engine.commit(scope, key, {
						operation: `${this.prefix}.${++this.made}`,
						expected: looked.version,
						cell: isEmpty(cell) ? null : cell,
						steps,
					});
			if (committed === 'done') return tell(made);
			if (committed !== 'changed') {
				if (made.length === 1)
					throw committed === 'too many'
						? tooManyBatches(bounds.batches)
						: tooManyBytes(bounds.blobsBytes / 1024 / 1024);
				// One alone may be what is too much: each gets its own answer.
				for (const { wish } of made) await this.commit(scope, key, [wish]).catch(wish.reject);
				return;
			}
			await this.pause(failures);
		}
		throw contested(key);
	}
}

const idsOf = ({ inputs }: Wish) => inputs.map(({ id }) => id);

interface Made extends Stepped {
	wish: Waiting;
}

/** Each wish upon what the ones before left; whose decision throws is told so, and leaves nothing. */
function decided(looked: Looked, wishes: readonly Waiting[]): { made: Made[]; cell: Stepped['cell']; steps: Step[] } {
	const ids = [...new Set(wishes.flatMap(idsOf))];
	const seen = new Map<string, string>();
	looked.seen.forEach((output, at) => output !== null && seen.set(ids[at]!, output));
	let cell = looked.cell ?? emptyCell;
	const made: Made[] = [];
	for (const wish of wishes) {
		try {
			const step = stepped(cell, wish, seen, looked.now);
			cell = step.cell;
			for (const [id, output] of step.step.seen) seen.set(id, output);
			made.push({ ...step, wish });
		} catch (error) {
			wish.reject(error);
		}
	}
	return { made, cell, steps: made.map(({ step }) => step) };
}

function tell(made: readonly Made[]): void {
	for (const { wish, outputs, repeated, step } of made)
		wish.resolve({ outputs: outputs.map(decode), repeated, batches: step.batches.map(({ id }) => id) });
}
