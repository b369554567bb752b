import { isUtf8 } from 'node:buffer';
import { mostInTurn, type Turns } from '../../base/turns';

/** By its byte order mark, the charset that was declared, UTF-8, UTF-16 without a mark, or GB 18030 (which GBK is part of). */
export function* decodeText(bytes: Uint8Array, charset?: string): Turns<string> {
	const [first, second] = bytes;
	if (first === 0xff && second === 0xfe) return yield* decode(bytes, 'utf-16le');
	if (first === 0xfe && second === 0xff) return yield* decode(bytes, 'utf-16be');
	if (charset && !/^utf-?8$/i.test(charset)) {
		// Latin letters are what programs declare without a thought: any bytes are some. UTF-16 may come either way round.
		const isLoose = /^(?:us-ascii|ascii|iso-?8859-?1|latin-?1|windows-1252|cp1252)$/i.test(charset);
		const declared =
			(isLoose && isUtf8(bytes) ? fromUtf8(bytes) : undefined) ??
			(yield* decodeStrictly(bytes, /^utf-?16$/i.test(charset) && first === 0 ? 'utf-16be' : charset));
		if (declared !== undefined) return declared;
	}
	if (bytes.length % 2 === 0 && second === 0 && first) return yield* decode(bytes, 'utf-16le');
	if (bytes.length % 2 === 0 && first === 0 && second) return yield* decode(bytes, 'utf-16be');
	if (isUtf8(bytes)) return fromUtf8(bytes);
	// Some bytes of an otherwise sound UTF-8 text were broken, or it never was UTF-8.
	let [kept, lost] = [0, 0];
	const lossy = yield* decode(bytes, 'utf-8', {}, (piece) => {
		for (let at = 0; at < piece.length; at++) {
			const code = piece.charCodeAt(at);
			if (code === 0xfffd) lost++;
			else if (code > 0x7f) kept++;
		}
	});
	return kept >= lost ? lossy : ((yield* decodeStrictly(bytes, 'gb18030')) ?? lossy);
}

/** Without its mark. Several times as fast as a decoder that looks for faults. */
function fromUtf8(bytes: Uint8Array): string {
	const [first, second, third] = bytes;
	const start = first === 0xef && second === 0xbb && third === 0xbf ? 3 : 0;
	return Buffer.from(bytes.buffer, bytes.byteOffset + start, bytes.byteLength - start).toString();
}

/** Bytes, or characters, of one turn. */
const stretch = 4 * mostInTurn;

/** @throws what the decoder throws: of an unknown charset, and where it is `fatal` of bytes that are not of it */
function* decode(
	bytes: Uint8Array,
	charset: string,
	options: TextDecoderOptions = {},
	look: (piece: string) => void = () => undefined,
): Turns<string> {
	const decoder = new TextDecoder(charset, options);
	let text = '';
	for (let at = 0; at < bytes.length; at += stretch) {
		if (at > 0) yield;
		const isLast = at + stretch >= bytes.length;
		const piece = decoder.decode(bytes.subarray(at, at + stretch), { stream: !isLast });
		look(piece);
		text += piece;
	}
	return text;
}

function* decodeStrictly(bytes: Uint8Array, charset: string): Turns<string | undefined> {
	try {
		return yield* decode(bytes, charset, { fatal: true });
	} catch {
		return undefined; // an unknown charset or bytes that are not of it: the next one is tried
	}
}
