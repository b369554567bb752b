import type { IBinaryKeyData, IDataObject, INodeExecutionData } from 'n8n-workflow';
import type { Happening } from '../../core/trigger';

interface Host {
	helpers: { prepareBinaryData(data: Buffer, name?: string, mime?: string): Promise<IBinaryKeyData[string]> };
}

interface Bytes {
	data: Uint8Array;
	name?: string;
	mime?: string;
}

const isBytes = (value: object): value is Bytes => (value as Partial<Bytes>).data instanceof Uint8Array;

/** Keys under which a message or an event has its picture. */
const pictures = new Set(['image', 'poster', 'screenshot']);

/**
 * A happening as an n8n item: bytes become binary properties (the picture's is `poster`), and what held them names
 * the property instead, so that a channel node further on finds it.
 */
export async function toItem(host: Host, { event, message, raw }: Happening): Promise<INodeExecutionData> {
	const binary: IBinaryKeyData = {};
	const names = new Map<Uint8Array, string>();

	const nameFor = (key: string) => {
		const base = pictures.has(key) ? 'poster' : 'file';
		for (let count = 1; ; count++) {
			const name = count === 1 ? base : `${base}${count}`;
			if (!(name in binary)) return name;
		}
	};
	const lift = async (value: unknown, key: string): Promise<unknown> => {
		if (typeof value !== 'object' || value === null) return value;
		if (Array.isArray(value)) return await inTurn(value, (each) => lift(each, key));
		if (isBytes(value)) {
			const { data, ...rest } = value;
			const name = names.get(data) ?? nameFor(key);
			if (!names.has(data)) {
				names.set(data, name);
				binary[name] = await host.helpers.prepareBinaryData(Buffer.from(data), value.name ?? name, value.mime);
			}
			return { ...rest, binary: name };
		}
		const entries = await inTurn(
			Object.entries(value),
			async ([own, each]) => [own, await lift(each, own)] as const,
		);
		return Object.fromEntries(entries.filter(([, each]) => each !== undefined));
	};

	// The message first: its picture is the poster.
	const lifted = await lift(message, 'message');
	const json = { event: await lift(event, 'event'), message: lifted, raw: await lift(raw, 'raw') };
	return { json: json as unknown as IDataObject, ...(names.size > 0 && { binary }) };
}

/** One after the other, so that names are given in a fixed order. */
async function inTurn<T, R>(values: readonly T[], map: (value: T) => Promise<R>): Promise<R[]> {
	const results: R[] = [];
	for (const value of values) results.push(await map(value));
	return results;
}
