/** What a service counts. `chars` are Unicode code points. */
export type Unit = 'bytes' | 'utf16' | 'chars';

export interface Limit {
	readonly max: number;
	readonly unit: Unit;
	/** `visible`: markup is free, as in Telegram, which counts after it has read the entities. */
	readonly counts: 'all' | 'visible';
	/** In place of `unit`, where the service counts what is really sent: the size of a text in units of `max`, which adds up over characters. */
	readonly weigh?: (text: string) => number;
	/** The most that a UTF-16 unit of a text can weigh. */
	readonly widest?: number;
}

export const bytes = (max: number): Limit => ({ max, unit: 'bytes', counts: 'all' });
export const utf16 = (max: number): Limit => ({ max, unit: 'utf16', counts: 'all' });
export const chars = (max: number): Limit => ({ max, unit: 'chars', counts: 'all' });
export const visible = (limit: Limit): Limit => ({ ...limit, counts: 'visible' });

/** Bytes of the JSON that carries it, escaped as often as it is nested. */
export const jsonBytes = (max: number, nested: 1 | 2 = 1): Limit => ({
	...bytes(max),
	weigh: nested === 1 ? bytesInJson : bytesInNestedJson,
	widest: nested === 1 ? 6 : 7,
});

const bytesInJson = (text: string): number => Buffer.byteLength(JSON.stringify(text)) - 2;
const bytesInNestedJson = (text: string): number => bytesInJson(JSON.stringify(text)) - 4;

export function measure(text: string, unit: Unit): number {
	if (unit === 'bytes') return Buffer.byteLength(text);
	return unit === 'utf16' ? text.length : countChars(text);
}

/** A pair of surrogates is one, and so is half of one. */
function countChars(text: string): number {
	let count = text.length;
	for (let at = 1; at < text.length; at++) {
		const code = text.charCodeAt(at);
		if (code < 0xdc00 || code > 0xdfff) continue;
		const before = text.charCodeAt(at - 1);
		if (before >= 0xd800 && before <= 0xdbff) count--;
	}
	return count;
}

/** What of a limit a text takes. */
export const weightOf = (text: string, { unit, weigh }: Limit): number => (weigh ? weigh(text) : measure(text, unit));

const widestOf: Record<Unit, number> = { bytes: 3, utf16: 1, chars: 1 };

/** Whether a text is within a limit; most are so short that nobody has to weigh them. */
export const fits = (text: string, limit: Limit): boolean =>
	text.length * (limit.weigh ? (limit.widest ?? Infinity) : widestOf[limit.unit]) <= limit.max ||
	weightOf(text, limit) <= limit.max;
