import type { IBinaryKeyData, IDataObject, INodeExecutionData } from 'n8n-workflow';
import type { Happening } from '../../core/define/trigger';
import { baseName } from '../../core/message/bytes';

interface Host {
	helpers: { prepareBinaryData(data: Buffer, name?: string, mime?: string): Promise<IBinaryKeyData[string]> };
	getNode(): { name: string };
	logger: { warn(message: string): void };
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
 * the property instead, so that a channel node further on finds it. Bytes that n8n cannot store (a full disk, an S3 out
 * of reach) are left out: they cost neither the message nor the event.
 */
export async function toItem(host: Host, { event, message, raw }: Happening): Promise<INodeExecutionData> {
	const binary: IBinaryKeyData = {};
	/** `undefined`: not stored. */
	const names = new Map<Uint8Array, string | undefined>();

	const nameFor = (key: string) => {
		const base = pictures.has(key) ? 'poster' : 'file';
		for (let count = 1; ; count++) {
			const name = count === 1 ? base : `${base}${count}`;
			if (!(name in binary)) return name;
		}
	};
	const store = async ({ data, name, mime }: Bytes, key: string): Promise<string | undefined> => {
		const property = nameFor(key);
		try {
			binary[property] = await host.helpers.prepareBinaryData(
				Buffer.from(data),
				baseName(name ?? '') || property,
				mime,
			);
			return property;
		} catch (error) {
			host.logger.warn(`${host.getNode().name}: n8n could not store a file: ${(error as Error).message}`);
			return undefined;
		}
	};
	const lift = async (value: unknown, key: string): Promise<unknown> => {
		if (typeof value !== 'object' || value === null) return value;
		if (Array.isArray(value)) {
			const lifted = await inTurn(value, (each) => lift(each, key));
			return lifted.filter((each) => each !== undefined);
		}
		if (isBytes(value)) {
			const { data, ...rest } = value;
			if (!names.has(data)) names.set(data, await store(value, key));
			const name = names.get(data);
			return name && { ...rest, binary: name };
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
	return { json: json as unknown as IDataObject, ...(Object.keys(binary).length > 0 && { binary }) };
}

/** One after the other, so that names are given in a fixed order. */
async function inTurn<T, R>(values: readonly T[], map: (value: T) => Promise<R>): Promise<R[]> {
	const results: R[] = [];
	for (const value of values) results.push(await map(value));
	return results;
}
