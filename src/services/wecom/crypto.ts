import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

/** Of an `EncodingAESKey`: 43 characters of base64 without its last one. */
const keyOf = (encodingAesKey: string) => Buffer.from(`${encodingAesKey}=`, 'base64');

/** WeCom pads to 32 bytes, not to AES's 16. */
const block = 32;

/** Lower-case hex. */
export function signatureOf(token: string, timestamp: string, nonce: string, encrypted: string): string {
	return createHash('sha1').update([token, timestamp, nonce, encrypted].sort().join('')).digest('hex');
}

/**
 * @param encrypted base64
 * @returns the text, and whom it is for (the corp's id); `undefined` where it was not encrypted with this key
 */
export function decrypt(encodingAesKey: string, encrypted: string): { text: string; receiver: string } | undefined {
	const key = keyOf(encodingAesKey);
	const bytes = Buffer.from(encrypted, 'base64');
	if (bytes.length === 0 || bytes.length % 16 !== 0) return undefined;
	const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
	const padded = Buffer.concat([decipher.update(bytes), decipher.final()]);
	const padding = padded[padded.length - 1]!;
	if (padding < 1 || padding > block) return undefined;
	const plain = padded.subarray(0, padded.length - padding);
	if (plain.length < 20) return undefined;
	const end = 20 + plain.readUInt32BE(16);
	if (end > plain.length) return undefined;
	return { text: plain.toString('utf8', 20, end), receiver: plain.toString('utf8', end) };
}

/** @returns base64 */
export function encrypt(encodingAesKey: string, text: string, receiver: string, random = randomBytes(16)): string {
	const key = keyOf(encodingAesKey);
	const content = Buffer.from(text);
	const length = Buffer.alloc(4);
	length.writeUInt32BE(content.length);
	const plain = Buffer.concat([random, length, content, Buffer.from(receiver)]);
	const padding = block - (plain.length % block);
	const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
	return Buffer.concat([
		cipher.update(plain),
		cipher.update(Buffer.alloc(padding, padding)),
		cipher.final(),
	]).toString('base64');
}
