import { invalid, type Json } from '../../core/define/channel';
import type { Text } from '../../core/base/language';

/** Where a placeholder stands decides how its value is escaped. */
export type Place = 'json' | 'url' | 'form' | 'header' | 'text';

export type Placeholders = Readonly<Record<string, Json | undefined>>;

/** `{title}`, and the two names that Qinglong's users have in their templates. */
const names = /\{(\w+)\}|\$(title|content)\b/g;
/** In JSON also what tells whether we are within a string, and within a string of JSON that is a string itself. */
const inJson = /\{(\w+)\}|\$(title|content)\b|\\\\\\[\\"]|\\[^]|"/g;

/**
 * Puts values for `{name}`, `$title` and `$content`, escaped for their place. Names that are not known stay as they are.
 * In JSON a placeholder within quotes becomes text, one without becomes a JSON value; so it does in a string that holds
 * JSON (`"content": "{\"text\": \"{title}\"}"`).
 */
export function fillTemplate(template: string, place: Place, values: Placeholders): string {
	if (place === 'json') return fillInJson(template, values);
	return template.replace(names, (token, braced?: string, dollar?: string) => {
		const value = valueOf(values, braced ?? dollar);
		return value === undefined ? token : escapes[place](asWords(value));
	});
}

const valueOf = (values: Placeholders, name: string | undefined): Json | undefined =>
	name !== undefined && Object.hasOwn(values, name) ? (values[name] ?? null) : undefined;

function fillInJson(template: string, values: Placeholders): string {
	let quoted = false;
	let holdsJson = false;
	let quotedWithin = false;
	return template.replace(inJson, (token, braced: string | undefined, dollar: string | undefined, at: number) => {
		if (token === '"') {
			quoted = !quoted;
			quotedWithin = false;
			holdsJson = quoted && /^\s*[{[]\s*(\\"|[{[])/.test(template.slice(at + 1, at + 100));
		}
		if (token === '\\"' && holdsJson) quotedWithin = !quotedWithin;
		const value = valueOf(values, braced ?? dollar);
		if (value === undefined) return token;
		if (!quoted) return JSON.stringify(value);
		if (!holdsJson) return escapes.json(asWords(value));
		return escapes.json(quotedWithin ? escapes.json(asWords(value)) : JSON.stringify(value));
	});
}

/** Whether a template holds this placeholder. */
export const uses = (template: string | undefined, ...names: string[]) =>
	names.some((name) => template?.includes(`{${name}}`));

/** A filled JSON template, parsed. */
export function fillJson(field: string, label: Text, template: string, values: Placeholders): Json {
	try {
		return JSON.parse(fillTemplate(template, 'json', values)) as Json;
	} catch (error) {
		const why = (error as Error).message.replace(/\s+/g, ' ').slice(0, 120);
		throw invalid(field, {
			en: `“${label.en}” is not JSON once its placeholders are filled (${why}). Put quotes around text: "{title}".`,
			zh: `“${label.zh}”填入占位符后不是有效的 JSON（${why}）。文本请加引号："{title}"。`,
		});
	}
}

/** Every text within JSON filled in as text, its shape kept. */
export function fillDeep(json: Json, place: Place, values: Placeholders): Json {
	if (typeof json === 'string') return fillTemplate(json, place, values);
	if (Array.isArray(json)) return json.map((item) => fillDeep(item, place, values));
	if (json === null || typeof json !== 'object') return json;
	return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, fillDeep(value, place, values)]));
}

/** A value where only text can stand. */
export function asWords(value: Json | undefined): string {
	if (value === undefined || value === null) return '';
	return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** A lone half of a surrogate pair has no UTF-8, and `encodeURIComponent` throws at it. */
export const wellFormed = (words: string) => Buffer.from(words).toString();
const percent = (words: string) => encodeURIComponent(wellFormed(words));

const escapes: Record<Place, (words: string) => string> = {
	json: (words) => JSON.stringify(words).slice(1, -1),
	url: percent,
	form: (words) => percent(words).replaceAll('%20', '+'),
	// Headers carry printable ASCII alone; a line break would start a header of its own.
	header: (words) => (/^[\x20-\x7e]*$/.test(words) ? words : percent(words)),
	text: (words) => words,
};

/** `data.items[0].code`, `$.data['items'][0].code`, in whatever JSON; undefined where there is nothing. */
export function atPath(json: unknown, path: string): unknown {
	const steps = path.replace(/^\$\.?/, '').match(/[^.[\]'"]+/g) ?? [];
	return steps.reduce<unknown>(
		(at, step) =>
			typeof at === 'object' && at !== null && Object.hasOwn(at, step)
				? (at as Record<string, unknown>)[step]
				: undefined,
		json,
	);
}

/** What a JSON path must hold to mean yes: one of the expected values, or without any, something that is not false, 0, empty or an error. */
export function isExpected(value: unknown, expected: readonly string[]): boolean {
	if (expected.length === 0) return Boolean(value);
	return expected.includes(asWords(value as Json));
}
