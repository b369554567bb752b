import { ChannelError, invalid } from './errors';
import type { Text } from './language';
import { picked, type Listed } from './pick';
import { rowsIn } from './rows';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export type FieldKind =
	| 'text'
	| 'multiline'
	| 'secret'
	| 'secrets'
	| 'url'
	| 'number'
	| 'toggle'
	| 'choice'
	| 'choices'
	| 'list'
	| 'json'
	| 'rows'
	| 'pick';

/** `{ kind: ['text', 'markdown'] }`: shown while the sibling field `kind` has one of these values. All conditions must hold. */
export type Show = Readonly<Record<string, readonly (string | boolean)[]>>;

/** One thing that a person fills in. Forms, credentials, validators, help and docs are all made from it. */
export interface Field<T = unknown> {
	readonly kind: FieldKind;
	readonly label: Text;
	readonly help?: Text;
	readonly placeholder?: string;
	readonly default?: unknown;
	/** May stay empty. */
	readonly optional: boolean;
	/** May hold a secret (a URL with a key in it, JSON headers): masked where the host can, kept encrypted, scrubbed from errors. */
	readonly secret: boolean;
	readonly show?: Show;
	/** Of `choice` and `choices`: value → label. */
	readonly options?: Readonly<Record<string, Text>>;
	/** Of `choice`: what whoever takes that value has to know first, in a sentence. */
	readonly catches?: Readonly<Record<string, Text>>;
	/** Of `choices` that are many: what those are called whose values begin alike (`library.added`), by that beginning. */
	readonly groups?: Readonly<Record<string, Text>>;
	/** Of `choices`: with the sibling `by` set to one of these, only some of the values come into question. */
	readonly only?: { readonly by: string; readonly values: Readonly<Record<string, readonly string[]>> };
	readonly min?: number;
	readonly max?: number;
	/** Of `number`: only whole ones. */
	readonly integer?: boolean;
	/** Of `rows`: the form of each row. */
	readonly fields?: Fields;
	/** Of `rows`: what one of them is called. */
	readonly row?: Text;
	/** Of `rows` that are pairs: the keys of name and value. An object of names and values stands for such rows, too. */
	readonly pair?: readonly [name: string, value: string];
	/** Of `rows`: each has its place, also one in which nothing is filled in. */
	readonly placed?: boolean;
	/** Of `pick`: the service's own list; it is given the account's call, and what is looked for. */
	readonly list?: (call: never) => Promise<Listed>;
	/** Of `pick`: what is typed by hand; by default an id. */
	readonly byHand?: Text;
	/** Of `pick`: any number of them, separated by commas where they are typed. */
	readonly several?: boolean;
	/** Says what is wrong with a value, to stand after the field's name: 'must start with AT_'. */
	readonly check?: (value: never) => Text | undefined;
	/** Of texts: what came from elsewhere and is none (a number, a yes or no, a list, an object) is not made one. */
	readonly asGiven?: boolean;
	/** The type that `read` gives; exists for the compiler alone. */
	readonly type?: T;
}

export type Fields = Readonly<Record<string, Field>>;
export type Values<F extends Fields> = { [K in keyof F]: F[K] extends Field<infer T> ? T : never };

export interface FieldOptions<T> {
	zh: string;
	help?: Text;
	placeholder?: string;
	default?: T;
	optional?: true;
	secret?: true;
	show?: Show;
	check?: (value: T) => Text | undefined;
}

/** Absent is possible where a field is optional, or hidden by another field's value. */
type Maybe<O, T> = O extends { default: unknown }
	? T
	: O extends { optional: true } | { show: Show }
		? T | undefined
		: T;

type Given = Partial<Omit<Field, 'label'>> & { zh: string };

function field(kind: FieldKind, label: string, options: unknown): Field<never> {
	const { zh, ...rest } = options as Given;
	return {
		kind,
		label: { en: label, zh },
		...(rest as Partial<Field<never>>),
		optional: rest.optional ?? false,
		secret: rest.secret ?? false,
	};
}

/** One line. */
export const text = <const O extends FieldOptions<string>>(label: string, options: O) =>
	field('text', label, options) as Field<Maybe<O, string>>;

/** Several lines. */
export const multiline = <const O extends FieldOptions<string>>(label: string, options: O) =>
	field('multiline', label, options) as Field<Maybe<O, string>>;

/** One masked line. */
export const secret = <const O extends FieldOptions<string>>(label: string, options: O) =>
	field('secret', label, { ...options, secret: true }) as Field<Maybe<O, string>>;

/** Several secrets in one masked string, newline- or comma-separated. */
export const secrets = <const O extends FieldOptions<string[]>>(label: string, options: O) =>
	field('secrets', label, { ...options, secret: true }) as Field<string[]>;

/** An http(s) URL without a slash at its end; a bare host (`tg.mydomain.com`) gets `https://`. */
export const url = <const O extends FieldOptions<string>>(label: string, options: O) =>
	field('url', label, options) as Field<Maybe<O, string>>;

export const number = <const O extends FieldOptions<number> & { min?: number; max?: number; integer?: boolean }>(
	label: string,
	options: O,
) => field('number', label, options) as Field<Maybe<O, number>>;

export const toggle = (label: string, options: Omit<FieldOptions<boolean>, 'optional'>) =>
	field('toggle', label, { default: false, ...options }) as Field<boolean>;

type Labels = Readonly<Record<string, readonly [en: string, zh: string]>>;

/** A list of bare values stands for values that name themselves (`GET`, `POST`). */
function labelled(options: readonly string[] | Labels): Record<string, Text> {
	const pairs = Array.isArray(options)
		? options.map((value: string) => [value, { en: value, zh: value }] as const)
		: Object.entries(options as Labels).map(([value, [en, zh]]) => [value, { en, zh }] as const);
	return Object.fromEntries(pairs);
}

interface ChoiceOptions<V extends string> extends FieldOptions<V> {
	catches?: Readonly<Partial<Record<V, Text>>>;
}

/** One of a few. Optional means: nothing chosen is possible. */
export const choice = <const V extends string, const O extends ChoiceOptions<NoInfer<V>>>(
	label: string,
	values: readonly V[] | Readonly<Record<V, readonly [en: string, zh: string]>>,
	options: O,
) => field('choice', label, { ...options, options: labelled(values as Labels) }) as Field<Maybe<O, V>>;

interface ChoicesOptions<V extends string> extends FieldOptions<V[]> {
	groups?: Readonly<Record<string, readonly [en: string, zh: string]>>;
	only?: Field['only'];
}

/** Any number of a few; empty means what its help says. */
export const choices = <const V extends string>(
	label: string,
	values: readonly V[] | Readonly<Record<V, readonly [en: string, zh: string]>>,
	{ groups, ...options }: ChoicesOptions<NoInfer<V>>,
) =>
	field('choices', label, {
		...options,
		optional: true,
		options: labelled(values as Labels),
		...(groups && { groups: labelled(groups) }),
	}) as Field<V[]>;

/** Several short texts, newline- or comma-separated. */
export const list = <const O extends FieldOptions<string[]>>(label: string, options: O) =>
	field('list', label, options) as Field<string[]>;

export const json = <const O extends FieldOptions<string>>(label: string, options: O) =>
	field('json', label, options) as Field<Maybe<O, Json>>;

interface RowsOptions<T> extends Omit<FieldOptions<T>, 'default' | 'secret'> {
	/** What one of them is called. */
	row: Text;
	/** As many rows at most. */
	max?: number;
	placed?: true;
}

/** A list of small forms: buttons, fields, headers. A row that is left empty is none. */
export const rows = <const F extends Fields>(label: string, fields: F, options: RowsOptions<Values<F>[]>) =>
	field('rows', label, { ...options, fields, ...holdingSecret(fields) }) as Field<Values<F>[]>;

/** Rows of a name and a value each; what comes from elsewhere may be an object of them. */
export const pairs = <const F extends Fields>(label: string, fields: F, options: RowsOptions<Values<F>[]>) => {
	const pair = Object.keys(fields);
	return field('rows', label, { ...options, fields, pair, ...holdingSecret(fields) }) as Field<Values<F>[]>;
};

const holdingSecret = (fields: Fields) => (Object.values(fields).some((each) => each.secret) ? { secret: true } : {});

interface PickOptions<T> extends FieldOptions<T> {
	list: (call: never) => Promise<Listed>;
	byHand?: Text;
}

/** One of those that the service itself lists, or typed by hand. */
export const pick = <const O extends PickOptions<string>>(label: string, options: O) =>
	field('pick', label, options) as Field<Maybe<O, string>>;

/** Any number of those that the service itself lists, or typed by hand. */
export const picks = <const O extends PickOptions<string[]>>(label: string, options: O) =>
	field('pick', label, { ...options, several: true }) as Field<string[]>;

/** Where the service lives; the one field that every HTTP channel has under the key `baseUrl`. */
export const baseUrl = (
	defaultUrl: string | undefined,
	options: Partial<FieldOptions<string>> & { label?: string } = {},
) => {
	const { label = 'Base URL', ...rest } = options;
	return url(label, {
		zh: '服务地址',
		help: {
			en: 'Change it for a self-hosted server or a relay',
			zh: '自建服务或中转时修改',
		},
		...(defaultUrl === undefined ? { placeholder: 'https://' } : { default: defaultUrl }),
		...rest,
	}) as Field<string>;
};

/** Whether a field takes part, given what its siblings hold. */
export function isShown(fields: Fields, key: string, raw: Readonly<Record<string, unknown>>): boolean {
	const show = fields[key]?.show;
	if (!show) return true;
	return Object.entries(show).every(([sibling, values]) => {
		const own = fields[sibling];
		if (own && !isShown(fields, sibling, raw)) return false;
		return values.includes((isAbsent(raw[sibling]) ? own?.default : raw[sibling]) as string | boolean);
	});
}

export const isAbsent = (raw: unknown, field?: Field) =>
	raw === undefined ||
	raw === null ||
	(typeof raw === 'string' && (field?.secret ? isBlank(raw) : raw.trim() === ''));

/** Whether nothing of it can be seen: blanks of any width, characters that are not shown, or none. */
export const isBlank = (text: string) => !visible.test(text);
// U+2800 is the empty pattern of Braille, a sign without dots.
const visible = /[^\s\p{Z}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]/u;

/**
 * Turns what a host stored into typed values: '' is absent, defaults apply, hidden fields are absent,
 * numbers and choices are checked, URLs lose a slash at the end.
 * @throws ChannelError `Invalid(field)`
 */
export function read<F extends Fields>(fields: F, raw: Readonly<Record<string, unknown>>): Values<F> {
	const values: Record<string, unknown> = {};
	for (const [key, field] of Object.entries(fields)) {
		const shown = isShown(fields, key, raw);
		const stored = picked(raw[key]);
		const given = shown && !isAbsent(stored, field) ? stored : field.default;
		values[key] = readOne(key, field, given, shown);
	}
	return values as Values<F>;
}

/** Reads one field by itself; `undefined` is absent. */
export function readOne(key: string, field: Field, stored: unknown, shown = true): unknown {
	const { label } = field;
	const given = picked(stored);
	if (isAbsent(given, field)) {
		if (shown && !field.optional && field.kind !== 'toggle' && field.kind !== 'choices') throw missing(key, label);
		return isMany(field) ? [] : undefined;
	}
	const value = readers[field.kind](given, key, field);
	if (Array.isArray(value) && value.length === 0 && shown && !field.optional) throw missing(key, label);
	const complaint = shown ? field.check?.(value as never) : undefined;
	if (complaint) throw wrong(key, field, complaint.en.replace(/\.$/, ''), complaint.zh.replace(/。$/, ''));
	return value;
}

export const isMany = ({ kind, several }: Field) =>
	kind === 'secrets' || kind === 'list' || kind === 'choices' || kind === 'rows' || several === true;

const missing = (key: string, { en, zh }: Text) => invalid(key, { en: `Fill in “${en}”.`, zh: `请填写“${zh}”。` });

const wrong = (key: string, { label }: Field, en: string, zh: string): ChannelError =>
	invalid(key, { en: `“${label.en}” ${en}.`, zh: `“${label.zh}”${zh}。` });

const asText = (given: unknown, key: string, field: Field): string => {
	if (typeof given === 'string') return given;
	if (typeof given === 'number' || typeof given === 'bigint' || typeof given === 'boolean') return String(given);
	throw wrong(key, field, 'must be a text', '必须是文本');
};

const asLine = (given: unknown, key: string, field: Field) => asText(given, key, field).trim();

const asList = (given: unknown, key: string, field: Field): string[] => {
	const items = Array.isArray(given) ? given.map(picked) : separated(asText(given, key, field));
	const isNothing = field.secret ? isBlank : (item: string) => item === '';
	return items.map((item) => asLine(item, key, field)).filter((item) => !isNothing(item));
};

/** At commas and line breaks, but not within quotes that an item begins with: `"Doe, Ann" <ann@example.com>`. */
export function separated(text: string): string[] {
	const items = [''];
	text.split(/("[^"\n]*")/).forEach((piece, index) => {
		const isWhole = index % 2 === 1 && items.at(-1)!.trim() === '';
		const [first = '', ...more] = isWhole ? [piece] : piece.split(/[\n,，]/);
		items.push(`${items.pop()}${first}`, ...more);
	});
	return items;
}

const readers: Record<FieldKind, (given: unknown, key: string, field: Field) => unknown> = {
	text: asLine,
	multiline: (given, key, field) =>
		// A copy: what a message brought may change while this is remembered.
		field.asGiven && typeof given !== 'string' ? structuredClone(given) : asText(given, key, field),
	secret: asLine,
	secrets: asList,
	list: asList,
	url: (given, key, field) => {
		const line = asLine(given, key, field);
		const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(line) ? line : `https://${line}`;
		if (!URL.canParse(whole) || !/^https?:$/.test(new URL(whole).protocol)) {
			throw wrong(
				key,
				field,
				'must be a web address such as https://example.com',
				'必须是网址，例如 https://example.com',
			);
		}
		return whole.replace(/(?<!\/)\/+$/, '');
	},
	number: (given, key, field) => {
		const value = typeof given === 'number' ? given : Number(asLine(given, key, field));
		if (!Number.isFinite(value)) throw wrong(key, field, 'must be a number', '必须是数字');
		if (field.integer && !Number.isInteger(value)) throw wrong(key, field, 'must be a whole number', '必须是整数');
		if (field.min !== undefined && value < field.min)
			throw wrong(key, field, `must be at least ${field.min}`, `不能小于 ${field.min}`);
		if (field.max !== undefined && value > field.max)
			throw wrong(key, field, `must be at most ${field.max}`, `不能大于 ${field.max}`);
		return value;
	},
	toggle: (given, key, field) => {
		if (typeof given === 'boolean') return given;
		const word = asLine(given, key, field).toLowerCase();
		if (['true', '1', 'yes', 'on'].includes(word)) return true;
		if (['false', '0', 'no', 'off'].includes(word)) return false;
		throw wrong(key, field, 'must be true or false', '必须是 true 或 false');
	},
	choice: (given, key, field) => oneOf(asLine(given, key, field), key, field),
	choices: (given, key, field) => asList(given, key, field).map((value) => oneOf(value, key, field)),
	json: (given, key, field) => {
		try {
			// A copy: what a message brought may change while this is remembered.
			return JSON.parse(typeof given === 'string' ? given : JSON.stringify(given)) as Json;
		} catch (error) {
			throw notJson(key, field, error as Error);
		}
	},
	rows: readRows,
	pick: (given, key, field) => (field.several ? asList : asLine)(given, key, field),
};

const notJson = (key: string, field: Field, error: Error) => {
	const [why] = error.message.split('\n');
	return wrong(key, field, `is not valid JSON (${why})`, `不是有效的 JSON（${why}）`);
};

function readRows(given: unknown, key: string, field: Field): unknown[] {
	const { fields = {}, label, max, placed } = field;
	let all: unknown[] | undefined;
	try {
		all = rowsIn(given, field.pair);
	} catch (error) {
		throw notJson(key, field, error as Error);
	}
	if (!all) throw wrong(key, field, 'must be a list', '必须是列表');
	const read = all.flatMap((row, index) => readRow(fields, row, index + 1, key, label, placed));
	if (max !== undefined && read.length > max) throw wrong(key, field, `may have ${max} rows`, `最多 ${max} 行`);
	return read;
}

/** An empty row, which somebody added and left, is no row, unless each has its place. */
function readRow(
	fields: Fields,
	row: unknown,
	number: number,
	key: string,
	{ en, zh }: Text,
	isPlaced = false,
): unknown[] {
	if (isAbsent(row)) return isPlaced ? [read(fields, {})] : [];
	if (typeof row !== 'object' || row === null || Array.isArray(row))
		throw invalid(key, {
			en: `${en}, row ${number}: must be an object with ${Object.keys(fields).join(', ')}.`,
			zh: `${zh}第 ${number} 行：必须是包含 ${Object.keys(fields).join('、')} 的对象。`,
		});
	if (!isPlaced && isUntouched(fields, row as Record<string, unknown>)) return [];
	try {
		return [read(fields, row as Record<string, unknown>)];
	} catch (error) {
		if (!(error instanceof ChannelError)) throw error;
		const { text, field = '' } = error;
		throw invalid(`${key}[${number - 1}].${field}`, {
			en: `${en}, row ${number}: ${text.en.charAt(0).toLowerCase()}${text.en.slice(1)}`,
			zh: `${zh}第 ${number} 行：${text.zh}`,
		});
	}
}

/** Whether nobody filled in anything, in a form that asks for something. */
function isUntouched(fields: Fields, row: Readonly<Record<string, unknown>>): boolean {
	const isGiven = (key: string, field: Field) => {
		const given = picked(row[key]);
		if (isAbsent(given, field) || (Array.isArray(given) && given.length === 0)) return false;
		return given !== (field.default ?? (field.kind === 'toggle' ? false : undefined));
	};
	const asks = Object.values(fields).some(({ default: given, kind }) => given === undefined && kind !== 'toggle');
	return asks && !Object.entries(fields).some(([key, field]) => isGiven(key, field));
}

function oneOf(value: string, key: string, field: Field): string {
	const options = Object.keys(field.options ?? {});
	if (options.includes(value)) return value;
	throw wrong(key, field, `must be one of ${options.join(', ')}`, `只能是 ${options.join('、')} 之一`);
}
