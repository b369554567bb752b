import type { DatabaseSync, StatementSync } from 'node:sqlite';

export type Value = string | number | null | Uint8Array;
type Row = Record<string, Value>;

/** A database whose statements are prepared once. Parameters are plain question marks: Node 22.9 takes `?1` for a name. */
export class Sql {
	private readonly statements = new Map<string, StatementSync>();

	constructor(readonly database: DatabaseSync) {}

	private prepared(text: string): StatementSync {
		let statement = this.statements.get(text);
		if (!statement) this.statements.set(text, (statement = this.database.prepare(text)));
		return statement;
	}

	/** @returns how many rows changed */
	run(text: string, ...values: Value[]): number {
		return Number(this.prepared(text).run(...values).changes);
	}

	get<R = Row>(text: string, ...values: Value[]): R | undefined {
		return this.prepared(text).get(...values) as R | undefined;
	}

	all<R = Row>(text: string, ...values: Value[]): R[] {
		return this.prepared(text).all(...values) as R[];
	}

	exec(text: string): void {
		this.database.exec(text);
	}

	number(text: string, ...values: Value[]): number {
		return Number(Object.values(this.get(text, ...values) ?? { none: 0 })[0]);
	}
}
