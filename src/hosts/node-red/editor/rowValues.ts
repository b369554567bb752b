/** A list of small forms as it is kept: as JSON, which may also have been written by hand. */

export type Row = Record<string, unknown>;

/** `undefined` where it is another JSON than the list can show. */
export function rowsOf(value: unknown): Row[] | undefined {
	try {
		const given: unknown = typeof value === 'string' ? JSON.parse(value.trim() || '[]') : (value ?? []);
		return Array.isArray(given) && given.every(isRow) ? (given as Row[]) : undefined;
	} catch {
		return undefined;
	}
}

const isRow = (row: unknown) => typeof row === 'object' && row !== null && !Array.isArray(row);

/** '' where there are none. What somebody added and left empty is none, unless each has its place. */
export function asJson(rows: readonly Row[], isPlaced = false): string {
	const filled = rows
		.map((row) => Object.fromEntries(Object.entries(row).filter(([, value]) => !isEmpty(value))))
		.filter((row) => isPlaced || Object.values(row).some((value) => value !== false));
	return filled.length === 0 ? '' : JSON.stringify(filled);
}

const isEmpty = (value: unknown) => value === '' || value === undefined || (Array.isArray(value) && value.length === 0);
