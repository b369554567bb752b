import type { INodeProperties } from 'n8n-workflow';
import type { Field, Fields } from '../../core/base/field';
import { rowsIn } from '../../core/base/rows';

/** Behind the name of a list of rows: the same list as JSON. */
export const jsonOf = (name: string) => `${name}Json`;

/** Beside rows, which n8n fills in one by one: the same list as it comes from upstream. */
export function asJson(field: Field, rows: INodeProperties): INodeProperties {
	const keys = Object.keys(field.fields ?? {}).join(', ');
	return {
		displayName: `${rows.displayName} as JSON`,
		name: jsonOf(rows.name),
		...(field.secret
			? { type: 'string' as const, typeOptions: { password: true } }
			: { type: 'json' as const, typeOptions: { rows: 4 } }),
		default: '',
		description: `A list that comes from elsewhere, of objects with ${keys}; it goes behind the rows filled in here`,
		...(rows.displayOptions && { displayOptions: structuredClone(rows.displayOptions) }),
	};
}

/** What a node holds of each field, by the names that `get` knows. */
export const stored = (fields: Fields, get: (key: string) => unknown): Record<string, unknown> =>
	Object.fromEntries(
		Object.entries(fields).map(([key, field]) => [
			key,
			field.kind === 'rows' ? together(get(key), get(jsonOf(key)), field) : get(key),
		]),
	);

/** What the rows' two parameters hold together; what is neither is left for `read` to refuse. */
function together(rows: unknown, json: unknown, { pair }: Field): unknown {
	const filledIn = found(rows, pair);
	if (!filledIn?.length) return json;
	const fromElsewhere = found(json, pair);
	return fromElsewhere ? [...filledIn, ...fromElsewhere] : json;
}

function found(given: unknown, pair: Field['pair']): unknown[] | undefined {
	if (given === undefined || given === null) return [];
	try {
		return rowsIn(given, pair);
	} catch {
		return undefined;
	}
}
