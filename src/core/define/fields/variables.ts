import { multiline, pairs, text, type Field, type FieldOptions, type Json } from '../../base/field';
import type { Text } from '../../base/language';

export interface Variable {
	name: string;
	value?: Json;
}

/** What a service's template stands open for. An object of names and values is taken as well; its values keep their types. */
export const variables = (
	label: string,
	{
		row = { en: 'Variable', zh: '变量' },
		...options
	}: Pick<FieldOptions<never>, 'zh' | 'help' | 'show'> & { row?: Text },
) =>
	pairs(
		label,
		{
			name: text('Name', { zh: '名称', placeholder: 'title' }),
			value: {
				...multiline('Value', { zh: '值', optional: true }),
				asGiven: true,
			} as unknown as Field<Json | undefined>,
		},
		{ ...options, optional: true, row },
	);

/** `undefined` where there are none. A list or an object, which rows hold as JSON, is one again. */
export function variablesOf(rows: readonly Variable[]): { [name: string]: Json } | undefined {
	if (rows.length === 0) return undefined;
	return Object.fromEntries(rows.map(({ name, value = '' }) => [name, opened(value)]));
}

function opened(value: Json): Json {
	if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value;
	try {
		return JSON.parse(value) as Json;
	} catch {
		return value; // a text that only looks like it
	}
}
