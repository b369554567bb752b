/** What a service counts. `chars` are Unicode code points. */
export type Unit = 'bytes' | 'utf16' | 'chars';

export interface Limit {
	readonly max: number;
	readonly unit: Unit;
	/** `visible`: markup is free, as in Telegram, which counts after it has read the entities. */
	readonly counts: 'all' | 'visible';
}

export const bytes = (max: number): Limit => ({ max, unit: 'bytes', counts: 'all' });
export const utf16 = (max: number): Limit => ({ max, unit: 'utf16', counts: 'all' });
export const chars = (max: number): Limit => ({ max, unit: 'chars', counts: 'all' });
export const visible = (limit: Limit): Limit => ({ ...limit, counts: 'visible' });

export function measure(text: string, unit: Unit): number {
	if (unit === 'bytes') return Buffer.byteLength(text);
	if (unit === 'utf16') return text.length;
	let count = 0;
	for (const _ of text) count++;
	return count;
}
