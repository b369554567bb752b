/** What came of a node, to be compared with what came of another or of the same one long ago. */
import { formOf } from './multipart';
import type { Seen } from './service';

/** Headers that say how a body travelled, not what was asked. */
const ofTheWay = [
	'host',
	'connection',
	'content-length',
	'transfer-encoding',
	'accept-encoding',
	'accept-language',
	'sec-fetch-mode',
];
/** By nature another one each time: signatures and what they are made of, ids drawn for one request. */
const random = /^(sign|timestamp|uuid|x-signature-\d+)$/;
/** Where a message has no time of its own, it gets that of its sending. */
const isNow = (value: unknown) =>
	(typeof value === 'number' || (typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value))) &&
	Math.abs(Date.now() - new Date(value).getTime()) < 3_600_000;
/** Ids drawn for one message, by themselves, and tokens that hold the time. */
const drawn: readonly [RegExp, string][] = [
	[/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[\da-f]{4}-[\da-f]{12}/, 'a uuid'],
	[/^vapid t=.*/, 'a token'],
];
const undrawn = (text: string) => drawn.reduce((rest, [pattern, name]) => rest.replace(pattern, name), text);
/** Each host in its own words: what it calls the place where bytes stand. */
const ownWords: readonly [n8n: RegExp, nodeRed: RegExp][] = [
	[/^The item has no binary property “nothing”, so/, /^msg\.nothing is not a Buffer, so/],
	[/^该条目没有名为“nothing”的二进制属性，/, /^msg\.nothing 不是 Buffer，/],
];

/** What a request asks for, in a form that is the same whenever it is asked. */
export function asked({ method, path, query, headers, body, json, ...seen }: Seen): unknown {
	const { 'content-type': type = '', ...rest } = headers;
	const telling = Object.entries(rest).filter(([name]) => !ofTheWay.includes(name));
	const parts = type.startsWith('multipart/')
		? Object.entries(formOf({ headers, body })).map(([name, { data, ...part }]) => [
				name,
				part,
				data.toString('latin1'),
			])
		: undefined;
	return steady({
		method,
		path,
		query,
		headers: { ...Object.fromEntries(telling.sort()), type: type.replace(/boundary=.*/, '') },
		body: parts ?? (json as unknown) ?? (type.includes('urlencoded') ? seen.form : body.toString('latin1')),
	});
}

/** What is random by nature is there in both, whatever it is. */
export function steady(value: unknown, key = ''): unknown {
	if (random.test(key) && (typeof value === 'string' || typeof value === 'number')) return `a ${key}`;
	if (isNow(value)) return 'now';
	if (typeof value === 'string') return undrawn(value);
	if (Array.isArray(value)) return value.map((each) => steady(each));
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, steady(each, name)]));
}

/** Of the receipt or the error, all that a flow may branch on. */
export function outcomeOf({ receipt, error }: Readonly<Record<string, unknown>>): unknown {
	if (receipt) {
		const { ms: _, raw: _raw, ...rest } = receipt as Record<string, unknown>;
		return JSON.parse(JSON.stringify(rest), (_key, value: unknown) =>
			typeof value === 'string' ? inOurs(undrawn(value)) : value,
		);
	}
	const { class: kind, field, code, message } = error as Record<string, unknown>;
	return JSON.parse(JSON.stringify({ class: kind, field, code, message }));
}

function inOurs(text: string): string {
	const at = ownWords.findIndex((words) => words.some((each) => each.test(text)));
	return at < 0 ? text : ownWords[at]!.reduce((rest, each) => rest.replace(each, `(${at})`), text);
}
