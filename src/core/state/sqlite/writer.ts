import { randomUUID } from 'node:crypto';
import { ChannelError, isChannelError, type ErrorFacts } from '../../base/errors';
import type { Text } from '../../base/language';
import type { Bounds } from '../bounds';
import type { Engine } from '../engine';
import { damagedNow, diskFull, newerSchema, notReadable, notWritable } from '../failures';
import { kindOf, Newer, open, rollBack, setAside, type Opening } from './database';
import { sqliteEngine } from './engine';
import type { Sql } from './sql';

export interface Asked {
	n: number;
	step: keyof Engine;
	given: unknown[];
}

/** Whichever it is. Errors cross the threads as what they are made of. */
export type Answer = { n: number; result: unknown } | { n: number; error: SentError };

export interface SentError {
	class: ChannelError['class'];
	text: ChannelError['text'];
	facts: ErrorFacts;
}

/** Steps that one transaction takes at most: those that came first wait for the last. */
const mostTogether = 1_000;
/** They write nothing: no need of a savepoint. */
const reading: ReadonlySet<string> = new Set<keyof Engine>([
	...(['now', 'look', 'due', 'keys', 'nextDue', 'blob', 'readProgress'] as const),
	...(['list', 'status', 'read', 'notices'] as const),
]);

/** The one that writes: takes what waits in one transaction, and answers when that is on the disk. */
export class Writer {
	private sql: Sql | undefined;
	private engine: Engine | undefined;

	constructor(
		private readonly opening: Opening,
		private readonly time: () => number = Date.now,
		private readonly most?: Bounds,
	) {}

	/** @returns false where another process has the file; @throws ChannelError */
	open(): boolean {
		if (this.sql) return true;
		try {
			const { sql, broken } = open(this.opening, this.time());
			this.begin((this.sql = sql));
			if (broken) this.note(broken);
			return true;
		} catch (error) {
			if (kindOf(error) === 'busy') return false;
			throw this.told(error);
		}
	}

	/** Each gets its answer; none of them is a yes before all of them are on the disk. */
	run(asked: readonly Asked[]): Answer[] {
		const answers: Answer[] = [];
		for (let at = 0; at < asked.length; at += mostTogether)
			answers.push(...this.together(asked.slice(at, at + mostTogether)));
		return answers;
	}

	private together(asked: readonly Asked[]): Answer[] {
		try {
			this.open();
			this.sql!.exec('BEGIN IMMEDIATE');
			const answers = asked.map((one) => this.one(one));
			this.sql!.exec('COMMIT');
			return answers;
		} catch (error) {
			const told = sent(this.told(error));
			if (this.sql) this.rollBack(this.sql);
			if (['corrupt', 'notADatabase'].includes(kindOf(error) ?? '')) this.setAside();
			return asked.map(({ n }) => ({ n, error: told }));
		}
	}

	/** One that fails by itself leaves nothing, and stops no other. */
	private one({ n, step, given }: Asked): Answer {
		const engine = this.engine! as unknown as Record<string, (...given: unknown[]) => unknown>;
		if (reading.has(step)) return { n, result: engine[step]!(...given) };
		this.sql!.run('SAVEPOINT step');
		try {
			const result = engine[step]!(...given);
			this.sql!.run('RELEASE step');
			return { n, result };
		} catch (error) {
			// A full disk, or a damaged file, is everybody's.
			if (kindOf(error) !== undefined) throw error;
			this.sql!.exec('ROLLBACK TO step; RELEASE step');
			this.begin(this.sql!);
			return { n, error: sent(this.told(error)) };
		}
	}

	close(): void {
		const { sql } = this;
		this.sql = this.engine = undefined;
		sql?.database.close();
	}

	/** What the engine knew of the file may not have come to pass. */
	private begin(sql: Sql): void {
		this.engine = sqliteEngine(sql, this.time, this.most);
	}

	private rollBack(sql: Sql): void {
		try {
			rollBack(sql);
			this.begin(sql);
		} catch {
			// It cannot even be read: opened again, it says why.
			this.close();
		}
	}

	/** Begins anew at once, so that the sentence is kept; where that fails, the next step says why. */
	private setAside(): void {
		try {
			this.close();
			const broken = setAside(this.opening.file, this.time());
			if (this.open()) this.note(broken);
		} catch {
			this.sql = this.engine = undefined;
		}
	}

	private note({ en, zh }: Text): void {
		this.sql!.run('INSERT INTO notice VALUES (?, ?, ?, ?)', randomUUID(), this.time(), en, zh);
	}

	private told(error: unknown): ChannelError {
		const { file } = this.opening;
		if (isChannelError(error)) return error;
		if (error instanceof Newer) return newerSchema(file, error.theirs, error.ours);
		const why = error instanceof Error ? error.message : String(error);
		const kind = kindOf(error);
		if (kind === 'full') return diskFull(file);
		if (kind === 'readOnly' || kind === 'cantOpen' || kind === 'permission') return notWritable(file, why);
		if (kind === 'corrupt' || kind === 'notADatabase') return damagedNow(file);
		return notReadable(file, why);
	}
}

export function sent(error: ChannelError): SentError {
	const { class: errorClass, text, code, unknown, transient } = error;
	return { class: errorClass, text, facts: { code, unknown, transient } };
}

export const received = ({ class: errorClass, text, facts }: SentError) => new ChannelError(errorClass, text, facts);
