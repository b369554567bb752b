import { mostInTurn, type Turns } from '../../base/turns';

/** Bytes that are copied in one turn. */
const stretch = 16 * mostInTurn;

/** One piece of many, as they came: megabytes of them in several turns. */
export function* joined(chunks: readonly Uint8Array[]): Turns<Uint8Array> {
	if (chunks.length === 1) return chunks[0]!;
	const whole = Buffer.allocUnsafeSlow(chunks.reduce((sum, { byteLength }) => sum + byteLength, 0));
	let size = 0;
	let pauseAt = stretch;
	for (const chunk of chunks) {
		if (size > pauseAt) {
			pauseAt = size + stretch;
			yield;
		}
		whole.set(chunk, size);
		size += chunk.byteLength;
	}
	return whole;
}
