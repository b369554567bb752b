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
	return name in given && value in given
		? [given]
		: entries.map(([key, each]) => ({ [name]: key, [value]: inText(each) }));
}

/**
 * What a list holds, each as it came: whoever reads them understands more than the form says. Without n8n's wrapping,
 * and without rows in which nothing stands.
 * @throws SyntaxError for a text that is not JSON
 */
export function listIn(given: unknown): unknown {
	if (typeof given === 'string') return given.trim() === '' ? undefined : listIn(JSON.parse(given));
	if (Array.isArray(given)) return given.map(withoutBlanks).filter((each) => each !== undefined);
	if (typeof given !== 'object' || given === null) return given;
	const [[key, inner] = [], ...more] = Object.entries(given) as [string, unknown][];
	return more.length === 0 && key === collected && isRows(inner) ? listIn(inner) : given;
}

function withoutBlanks(row: unknown): unknown {
	if (typeof row !== 'object' || row === null || Array.isArray(row)) return row;
	const filledIn = Object.entries(row).filter(([, value]) => value !== '' && value !== false && value !== undefined);
	return filledIn.length > 0 ? Object.fromEntries(filledIn) : undefined;
}

/** Under this name n8n keeps the rows of one list. */
export const collected = 'row';

const inText = (value: unknown) => (typeof value === 'object' && value !== null ? JSON.stringify(value) : value);

const isRows = (value: unknown): value is unknown[] =>
	Array.isArray(value) && value.every((each) => typeof each === 'object' && each !== null);
