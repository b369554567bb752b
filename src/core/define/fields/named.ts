import { pairs, secret, text, type FieldOptions } from '../../base/field';
import type { Text } from '../../base/language';

type Options = Pick<FieldOptions<never>, 'zh' | 'help' | 'show'> & { row: Text };

/** A row of such a list; without a value it is empty. */
export interface Named {
	name: string;
	value?: string;
}

const name = (placeholder: string | undefined) => text('Name', { zh: '名称', ...(placeholder && { placeholder }) });

/** Names with a text each: headers, parameters of a query. An object of them is taken as well. */
export const named = (label: string, { placeholder, ...options }: Options & { placeholder?: string }) =>
	pairs(
		label,
		{ name: name(placeholder), value: text('Value', { zh: '值', optional: true }) },
		{ ...options, optional: true },
	);

/** The same, where a value may be a key. */
export const namedSecrets = (label: string, { placeholder, ...options }: Options & { placeholder?: string }) =>
	pairs(
		label,
		{ name: name(placeholder), value: secret('Value', { zh: '值', optional: true }) },
		{ ...options, optional: true },
	);

export const header: Text = { en: 'Header', zh: '请求头' };
