import type * as zlib from 'node:zlib';

/** A body is packed once; twice is odd, more is an attack. */
const mostCodings = 3;

type Unpacker = (
	body: Uint8Array,
	options: zlib.ZlibOptions,
	done: (error: Error | null, result: Buffer) => void,
) => void;

/** What was done to a body on its way, the last first. `identity` does nothing, and what is no coding is none. */
function unpackersOf(encoding: string): Unpacker[] {
	const { gunzip, inflate, inflateRaw, brotliDecompress, ...more } = require('node:zlib') as typeof zlib;
	const deflated: Unpacker = (body, options, done) =>
		inflate(body, options, (error, result) =>
			// The bare stream without zlib's head, as many send it.
			error && (error as NodeJS.ErrnoException).code !== 'ERR_BUFFER_TOO_LARGE'
				? inflateRaw(body, options, done)
				: done(error, result),
		);
	const known = new Map<string, Unpacker>([
		['gzip', gunzip as Unpacker],
		['x-gzip', gunzip as Unpacker],
		['deflate', deflated],
		['br', brotliDecompress as Unpacker],
	]);
	// Since Node 22.15.
	const { zstdDecompress } = more as { zstdDecompress?: Unpacker };
	if (zstdDecompress) known.set('zstd', zstdDecompress);
	return encoding
		.toLowerCase()
		.split(',')
		.map((coding) => known.get(coding.trim()))
		.filter((unpacker) => unpacker !== undefined)
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
	const unpackers = unpackersOf(encoding);
	if (unpackers.length > mostCodings) return 'garbled';
	let unpacked = body;
	for (const unpacker of unpackers) {
		const result = await new Promise<Uint8Array | 'too large' | 'garbled'>((done) => {
			unpacker(unpacked, { maxOutputLength: maxBytes }, (error, whole) => {
				if (!error) return done(whole);
				done((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? 'too large' : 'garbled');
			});
		});
		if (typeof result === 'string') return result;
		unpacked = result;
	}
	return unpacked;
}
