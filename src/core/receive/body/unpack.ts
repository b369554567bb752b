import type { Transform } from 'node:stream';
import type * as zlib from 'node:zlib';
import { inTurns } from '../../base/turns';
import { joined } from './joined';

/** A body is packed once; twice is odd, more is an attack. */
const mostCodings = 3;

/** Bytes that come out in one turn of the event loop. */
const chunkSize = 65_536;

/** What a coding's name may stand for, the likeliest first. */
type Unpackers = readonly (() => Transform)[];

/** What was done to a body on its way, the last first. `identity` does nothing, and what is no coding is none. */
function unpackersOf(encoding: string): Unpackers[] {
	const { createGunzip, createInflate, createInflateRaw, createBrotliDecompress, ...more } =
		require('node:zlib') as typeof zlib;
	const gzip = [() => createGunzip({ chunkSize })];
	const known = new Map<string, Unpackers>([
		['gzip', gzip],
		['x-gzip', gzip],
		// The bare stream without zlib's head, as many send it.
		['deflate', [() => createInflate({ chunkSize }), () => createInflateRaw({ chunkSize })]],
		['br', [() => createBrotliDecompress({ chunkSize })]],
	]);
	// Since Node 22.15.
	const { createZstdDecompress } = more as { createZstdDecompress?: (options: object) => Transform };
	if (createZstdDecompress) known.set('zstd', [() => createZstdDecompress({ chunkSize })]);
	return encoding
		.toLowerCase()
		.split(',')
		.map((coding) => known.get(coding.trim()))
		.filter((unpackers) => unpackers !== undefined)
		.reverse();
}

/**
 * The body as it was before it was packed as `Content-Encoding` says.
 * @param maxBytes no more than so many come out, at any step
 * @returns `garbled`: it is not packed so
 */
export async function unpack(
	body: Uint8Array,
	encoding: string | undefined,
	maxBytes: number,
): Promise<Uint8Array | 'too large' | 'garbled'> {
	if (encoding === undefined || body.byteLength === 0) return body;
	const all = unpackersOf(encoding);
	if (all.length > mostCodings) return 'garbled';
	let unpacked = body;
	for (const unpackers of all) {
		let result: Uint8Array[] | 'too large' | 'garbled' = 'garbled';
		for (const unpacker of unpackers) {
			result = await through(unpacker(), unpacked, maxBytes);
			if (result !== 'garbled') break;
		}
		if (typeof result === 'string') return result;
		unpacked = await inTurns(joined(result));
	}
	return unpacked;
}

/** What comes out, chunk by chunk. */
function through(
	stream: Transform,
	body: Uint8Array,
	maxBytes: number,
): Promise<Uint8Array[] | 'too large' | 'garbled'> {
	return new Promise((done) => {
		const chunks: Uint8Array[] = [];
		let size = 0;
		stream
			.on('data', (chunk: Uint8Array) => {
				size += chunk.byteLength;
				if (size <= maxBytes) return chunks.push(chunk);
				stream.destroy();
				done('too large');
			})
			.once('end', () => done(chunks))
			.on('error', () => done('garbled'))
			.end(body);
	});
}
