import { ChannelError, invalid } from './errors';
import type { Text } from './language';
import { decoded, withSoundLogin } from './percent';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export type FieldKind =
	'text' | 'multiline' | 'secret' | 'secrets' | 'url' | 'number' | 'toggle' | 'choice' | 'choices' | 'list' | 'json';

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
	readonly min?: number;
	readonly max?: number;
	/** Of `number`: only whole ones. */
	readonly integer?: boolean;
	/** Says what is wrong with a value, to stand after the field's name: 'must start with AT_'. */
	readonly check?: (value: never) => Text | undefined;
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

/** One of a few. Optional means: nothing chosen is possible. */
export const choice = <const V extends string, const O extends FieldOptions<NoInfer<V>>>(
	label: string,
	values: readonly V[] | Readonly<Record<V, readonly [en: string, zh: string]>>,
	options: O,
) => field('choice', label, { ...options, options: labelled(values as Labels) }) as Field<Maybe<O, V>>;

/** Any number of a few; empty means what its help says. */
export const choices = <const V extends string>(
	label: string,
	values: readonly V[] | Readonly<Record<V, readonly [en: string, zh: string]>>,
	options: FieldOptions<NoInfer<V>[]>,
) => field('choices', label, { ...options, optional: true, options: labelled(values as Labels) }) as Field<V[]>;

/** Several short texts, newline- or comma-separated. */
export const list = <const O extends FieldOptions<string[]>>(label: string, options: O) =>
	field('list', label, options) as Field<string[]>;

export const json = <const O extends FieldOptions<string>>(label: string, options: O) =>
	field('json', label, options) as Field<Maybe<O, Json>>;

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

const isAbsent = (raw: unknown, field?: Field) =>
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
		const given = shown && !isAbsent(raw[key], field) ? raw[key] : field.default;
		values[key] = readOne(key, field, given, shown);
	}
	return values as Values<F>;
}

/** Reads one field by itself; `undefined` is absent. */
export function readOne(key: string, field: Field, given: unknown, shown = true): unknown {
	const { label } = field;
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

const isMany = ({ kind }: Field) => kind === 'secrets' || kind === 'list' || kind === 'choices';

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
	const items = Array.isArray(given) ? given : separated(asText(given, key, field));
	const isNothing = field.secret ? isBlank : (item: string) => item === '';
	return items.map((item) => asLine(item, key, field)).filter((item) => !isNothing(item));
};

/** At commas and line breaks, but not within quotes that an item begins with: `"Doe, Ann" <ann@example.com>`. */
function separated(text: string): string[] {
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
	multiline: asText,
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
			const [why] = (error as Error).message.split('\n');
			throw wrong(key, field, `is not valid JSON (${why})`, `不是有效的 JSON（${why}）`);
		}
	},
};

function oneOf(value: string, key: string, field: Field): string {
	const options = Object.keys(field.options ?? {});
	if (options.includes(value)) return value;
	throw wrong(key, field, `must be one of ${options.join(', ')}`, `只能是 ${options.join('、')} 之一`);
}

/** Every secret that a set of raw values holds, for scrubbing: single ones, and the members of lists. */
export function secretsOf(fields: Fields, raw: Readonly<Record<string, unknown>>): string[] {
	return Object.entries(fields)
		.filter(([, field]) => field.secret)
		.flatMap(([key, field]) => {
			const given = raw[key];
			if (isAbsent(given)) return [];
			if (field.kind === 'json')
				return typeof given === 'string' ? [given, ...jsonSecrets(given)] : leaves(given);
			return itemsOf(given, field).flatMap((item) => [item, ...urlSecrets(item)]);
		});
}

/** What was stored may be of a wrong type, and is no less secret for that. */
const itemsOf = (given: unknown, field: Field): string[] => {
	if (typeof given === 'object') return leaves(given);
	const text = String(given);
	return [...new Set([text, ...(isMany(field) ? asList(text, '', field) : [text.trim()])])];
};

/**
 * The parts of a URL that are secret where the URL is: password, what stands for one, path and query as a whole, and of
 * their parts those that are named after a secret or look like one.
 */
function urlSecrets(value: string): string[] {
	const [whole] = [value, withSoundLogin(value), `https://${value.trim()}`].filter(
		(each) => each.includes('/') && URL.canParse(each),
	);
	if (whole === undefined) return [];
	const { username, password, pathname, search, searchParams } = new URL(whole);
	const login = password === '' || looksSecret(username) ? [username, decoded(username)] : [];
	const path = pathname.split('/').flatMap((part) => (looksSecret(decoded(part)) ? [part, decoded(part)] : []));
	const query = [...searchParams].flatMap(([name, part]) => (isSecretHere(name, part) ? [part] : []));
	const place = pathname.slice(1) + search;
	return [...login, password, decoded(password), ...path, ...query, place.length >= 8 ? place : ''].filter(
		(part) => part.length >= 4,
	);
}

const secretNames =
	/token|key|secret|passw|pwd|passphrase|auth|credential|cookie|session|^(sign?|sig|signature|pin|pass)$/i;

/** Under a name that tells of a secret anything but a plain `true` is one, elsewhere what looks like one. */
const isSecretHere = (name: string, value: string) =>
	secretNames.test(name) ? !/^(true|false|null|none|yes|no|on|off)$/i.test(value) : looksSecret(value);

/**
 * Whether a value is likely to be a secret by itself. Short ones, numbers, templates and words, as those of `uid=10001`,
 * `format=markdown`, `application/json` or `open-apis`, stand in many an answer that tells nothing.
 */
export function looksSecret(value: string): boolean {
	if (value.length < 8 || /^\d{1,15}$|[{}\s]/.test(value)) return false;
	if (value.length > 40) return true;
	const pieces = value.split(/[-_./+@:;=,]+|(?<=[a-z])(?=[A-Z\d])|(?<=[A-Z])(?=\d)/);
	const isWords = pieces.every((piece) => /^(?:[A-Z]?[a-z]{1,20}|[A-Z]{2,20}|\d{1,4})?$/.test(piece));
	return !isWords || pieces.filter((piece) => /\d/.test(piece)).length > 2;
}

/** The texts within JSON (headers that hold a token); without a parse, nothing. */
function jsonSecrets(given: string): string[] {
	try {
		return leaves(JSON.parse(given));
	} catch {
		return [];
	}
}

function leaves(given: unknown, name = ''): string[] {
	if (typeof given === 'object' && given !== null)
		return Object.entries(given).flatMap(([key, value]) => leaves(value, Array.isArray(given) ? name : key));
	if (typeof given !== 'string' && typeof given !== 'number') return [];
	const value = String(given);
	// 'Bearer abc': the token alone is a secret too.
	return [value, ...value.split(' ').slice(1)].filter((part) => isSecretHere(name, part));
}
