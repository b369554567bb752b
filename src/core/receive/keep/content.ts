import type { Happening } from '../../define/trigger';
import type { Blobs, Held } from '../../state/store';

/** What is kept of a happening; who asks for more of it is not. */
export type Told = Pick<Happening, 'event' | 'message' | 'raw' | 'key' | 'remember' | 'id'>;

interface Body {
	/** Stands for bytes, and for whoever claims: nobody outside knows it. */
	owner: string;
	/** As it is, where it is small; else it stands in so many pieces. */
	content: { happenings: Told[] } | { pieces: number };
}

/** Bytes of JSON that stay in the body, and of a piece where they do not. */
const mostInBody = 256 * 1024;
const pieceBytes = 5 * 1024 * 1024;

const pieceName = (at: number) => `content ${at}`;
const fileName = (at: number) => `file ${at}`;

/** As a batch holds them: bytes beside it, JSON that is large as well. @throws where JSON cannot hold them */
export function packed(owner: string, happenings: readonly Happening[]): { body: unknown; blobs: Blobs } {
	const blobs: Record<string, Uint8Array> = {};
	const files = new Map<Uint8Array, string>();
	const told = happenings.map(({ event, message, raw, key, remember, id }): Told => {
		return { event, message, raw, key, remember, id };
	});
	const text = JSON.stringify(told, function (this: Record<string, unknown>, name, value: unknown) {
		// A Buffer has told its JSON already.
		const own = this[name];
		if (!(own instanceof Uint8Array)) return value;
		const known = files.get(own) ?? fileName(files.size);
		files.set(own, known);
		blobs[known] = own;
		return { [owner]: known };
	});
	const bytes = Buffer.from(text);
	if (bytes.byteLength <= mostInBody)
		return { body: { owner, content: { happenings: JSON.parse(text) as Told[] } } satisfies Body, blobs };
	let pieces = 0;
	for (let from = 0; from < bytes.byteLength; from += pieceBytes)
		blobs[pieceName(pieces++)] = bytes.subarray(from, from + pieceBytes);
	return { body: { owner, content: { pieces } } satisfies Body, blobs };
}

export const ownerIn = ({ body }: Pick<Held, 'body'>): string => (body as Body).owner;

/** @param read the bytes of a name, as the batch has them */
export async function unpacked(
	{ body, blobs }: Pick<Held, 'body' | 'blobs'>,
	read: (name: string) => Promise<Uint8Array | undefined>,
): Promise<Told[]> {
	const { owner, content } = body as Body;
	const bytes = new Map<string, Uint8Array>();
	for (const name of Object.keys(blobs)) {
		const found = await read(name);
		if (found) bytes.set(name, found);
	}
	const text =
		'happenings' in content
			? JSON.stringify(content.happenings)
			: Buffer.concat(
					Array.from({ length: content.pieces }, (_, at) => bytes.get(pieceName(at)) ?? new Uint8Array()),
				).toString();
	return JSON.parse(text, (_, value: unknown) => {
		const name = typeof value === 'object' && value !== null && (value as Record<string, unknown>)[owner];
		return typeof name === 'string' ? bytes.get(name) : value;
	}) as Told[];
}
