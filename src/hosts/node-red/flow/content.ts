import type { Content, FileFacts } from '../../../core/define/flow';
import type { Msg } from '../red';

/** A message as it is kept: what JSON can hold, and the bytes that stood in it, each by the path to it. */
export interface Packed {
	content: Content;
	files: Record<string, FileFacts & { data: Uint8Array }>;
	/** What cannot be kept, by its path: a function, a circle. */
	left: string[];
}

type Path = readonly (string | number)[];

/** Of HTTP In: an answer is for the request, which does not outlive the process. */
const ofRequest: ReadonlySet<string> = new Set(['req', 'res', '_msgid']);
const deepest = 100;

export function pack(msg: Msg): Packed {
	const files: Packed['files'] = {};
	const left: string[] = [];
	const within = new Set<object>();

	const kept = (value: unknown, path: Path): unknown => {
		if (value instanceof Uint8Array) {
			files[JSON.stringify(path)] = { data: value };
			return null;
		}
		if (typeof value === 'bigint') return String(value);
		if (typeof value === 'function' || typeof value === 'symbol') return out(path);
		if (typeof value !== 'object' || value === null) return value;
		if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
		if (within.has(value) || path.length > deepest) return out(path);
		within.add(value);
		try {
			if (Array.isArray(value)) return value.map((each: unknown, at) => kept(each, [...path, at]) ?? null);
			return record(value as Record<string, unknown>, path);
		} finally {
			within.delete(value);
		}
	};
	const record = (value: Record<string, unknown>, path: Path) => {
		const copy: Record<string, unknown> = {};
		for (const key of Object.keys(value)) {
			if (path.length === 0 && ofRequest.has(key)) continue;
			try {
				copy[key] = kept(value[key], [...path, key]);
			} catch {
				out([...path, key]);
			}
		}
		return copy;
	};
	const out = (path: Path) => void left.push(path.join('.'));

	return { content: record(msg, []), files, left };
}

/** The message again, with its Buffers. @param bytes of a path */
export async function unpack(
	content: Content,
	files: Readonly<Record<string, FileFacts>>,
	bytes: (path: string) => Promise<Uint8Array | undefined>,
): Promise<Msg> {
	const msg = structuredClone(content) as Msg;
	for (const name of Object.keys(files)) {
		const data = await bytes(name);
		const path = JSON.parse(name) as (string | number)[];
		const last = path.pop()!;
		const place = path.reduce<unknown>((at, key) => (at as Record<string | number, unknown>)[key], msg);
		(place as Record<string | number, unknown>)[last] =
			data && Buffer.from(data.buffer, data.byteOffset, data.byteLength);
	}
	return msg;
}
