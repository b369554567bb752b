import { isUtf8 } from 'node:buffer';

/** By its byte order mark, the charset that was declared, UTF-8, UTF-16 without a mark, or GB 18030 (which GBK is part of). */
export function decodeText(bytes: Uint8Array, charset?: string): string {
	const [first, second] = bytes;
	if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
	if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes);
	if (charset && !/^utf-?8$/i.test(charset)) {
		// Latin letters are what programs declare without a thought: any bytes are some. UTF-16 may come either way round.
		const isLoose = /^(?:us-ascii|ascii|iso-?8859-?1|latin-?1|windows-1252|cp1252)$/i.test(charset);
		const declared =
			(isLoose && isUtf8(bytes) ? fromUtf8(bytes) : undefined) ??
			decodeStrictly(bytes, /^utf-?16$/i.test(charset) && first === 0 ? 'utf-16be' : charset);
		if (declared !== undefined) return declared;
	}
	if (bytes.length % 2 === 0 && second === 0 && first) return new TextDecoder('utf-16le').decode(bytes);
	if (bytes.length % 2 === 0 && first === 0 && second) return new TextDecoder('utf-16be').decode(bytes);
	if (isUtf8(bytes)) return fromUtf8(bytes);
	// Some bytes of an otherwise sound UTF-8 text were broken, or it never was UTF-8.
	const lossy = new TextDecoder('utf-8').decode(bytes);
	const lost = lossy.match(/\ufffd/g)?.length ?? 0;
	const kept = lossy.match(/[^\x00-\x7f\ufffd]/g)?.length ?? 0;
	return kept >= lost ? lossy : (decodeStrictly(bytes, 'gb18030') ?? lossy);
}

/** Without its mark. Several times as fast as a decoder that looks for faults. */
function fromUtf8(bytes: Uint8Array): string {
	const [first, second, third] = bytes;
	const start = first === 0xef && second === 0xbb && third === 0xbf ? 3 : 0;
	return Buffer.from(bytes.buffer, bytes.byteOffset + start, bytes.byteLength - start).toString();
}

function decodeStrictly(bytes: Uint8Array, charset: string): string | undefined {
	try {
		return new TextDecoder(charset, { fatal: true }).decode(bytes);
	} catch {
		return undefined; // an unknown charset or bytes that are not of it: the next one is tried
	}
}
