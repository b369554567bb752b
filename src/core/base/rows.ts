/** What a list of small forms may look like when it comes to be read. Pure. */

/**
 * The rows of a list, however it was stored: a list, n8n's `{ row: […] }`, either of them as JSON, a single row, or,
 * where rows are pairs, an object of names and values.
 * @param pair the keys of a row's name and of its value
 * @throws SyntaxError for a text that is not JSON
 * @returns undefined where it is nothing of all that
 */
export function rowsIn(given: unknown, pair?: readonly [name: string, value: string]): unknown[] | undefined {
	if (typeof given === 'string') return given.trim() === '' ? [] : rowsIn(JSON.parse(given), pair);
	if (Array.isArray(given)) return given;
	if (typeof given !== 'object' || given === null) return undefined;
	const entries = Object.entries(given);
	const [first] = entries;
	if (entries.length === 0) return [];
	if (entries.length === 1 && first![0] === collected && isRows(first![1])) return first![1];
	if (!pair) return [given];
	const [name, value] = pair;
	return name in given && entries.every(([key]) => key === name || key === value)
		? [given]
		: entries.map(([key, each]) => ({ [name]: key, [value]: each }));
}

/** Under this name n8n keeps the rows of one list. */
export const collected = 'row';

const isRows = (value: unknown): value is unknown[] =>
	Array.isArray(value) && value.every((each) => typeof each === 'object' && each !== null);
