import type { Json } from '../channel';

export const isRecord = (value: Json | undefined): value is Record<string, Json> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/** A field's check: names and values, nothing else. */
export const mustBeRecord = (value: Json) =>
	isRecord(value)
		? undefined
		: { en: 'must be a JSON object of names and values', zh: '必须是由名称和值组成的 JSON 对象' };
