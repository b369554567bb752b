import { RED } from './host';

/** Node-RED’s names of the catalogues: that of all forms, and by type that of its set. */
const catalogues = { shared: '', own: new Map<string, string>() };

export function textsAt(shared: string): void {
	catalogues.shared = shared;
}

export function textsOf(types: readonly string[], set: string): void {
	for (const type of types) catalogues.own.set(type, set);
}

const absent = '\u0000';
const looked = (key: string) => RED._(key, { defaultValue: absent });

/** The key of a text of a form with its catalogue: its own, or the one that all share; `undefined` where there is none. */
export function keyOf(type: string, path: string): string | undefined {
	const own = `${catalogues.own.get(type)}:${type}.${path}`;
	const found = looked(own);
	if (found !== absent) return found === '' ? undefined : own;
	const shared = `${catalogues.shared}:${path}`;
	return [absent, ''].includes(looked(shared)) ? undefined : shared;
}

/** A text of a form, as keyOf finds it. */
export function textOf(type: string, path: string): string | undefined {
	const key = keyOf(type, path);
	return key === undefined ? undefined : RED._(key);
}

/** What the library itself says; `{name}` stands for a value. */
export function say(key: string, values: Readonly<Record<string, unknown>> = {}): string {
	return RED._(sharedKey(`say.${key}`)).replace(/\{(\w+)\}/g, (all, name: string) =>
		name in values ? String(values[name]) : all,
	);
}

/** What could not be shown, in words. */
export const lostParts = (parts: readonly string[]) =>
	parts
		.map((part) => RED._(sharedKey(`say.lost.${part}`), { defaultValue: part }))
		.join(language() === 'zh' ? '、' : ', ');

export const sharedKey = (path: string) => `${catalogues.shared}:${path}`;

/** What the admin routes are asked to answer in. */
export const language = () => (/^zh/.test(RED.i18n.lang()) ? 'zh' : 'en');

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
export const escaped = (text: string) =>
	text.replace(/[&<>"]/g, (character) => entities[character]!).replaceAll('\n', '&#10;');
