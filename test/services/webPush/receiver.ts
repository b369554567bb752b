import { createDecipheriv, createECDH, hkdfSync, randomBytes, type ECDH } from 'node:crypto';

const b64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url');

/** A browser's half of a subscription, and the address that its push service gave it. */
export interface Browser {
	id: string;
	pair: ECDH;
	auth: Buffer;
	subscription(origin: string): { endpoint: string; keys: { p256dh: string; auth: string } };
}

export function browser(id: string, secret?: string, auth = randomBytes(16)): Browser {
	const pair = createECDH('prime256v1');
	if (secret === undefined) pair.generateKeys();
	else pair.setPrivateKey(Buffer.from(secret, 'base64url'));
	return {
		...{ id, pair, auth },
		subscription: (origin) => ({
			endpoint: `${origin}/push/${id}`,
			keys: { p256dh: b64(pair.getPublicKey()), auth: b64(auth) },
		}),
	};
}

/** What a browser reads out of the body of a push (RFC 8188 and 8291), by Node's own primitives. */
export function opened(body: Buffer, { pair, auth }: Pick<Browser, 'pair' | 'auth'>): string {
	if (body.length > 4_096) throw new Error(`${body.length} bytes are more than a push service takes`);
	const salt = body.subarray(0, 16);
	const recordSize = body.readUInt32BE(16);
	const sender = body.subarray(21, 21 + body[20]!);
	const record = body.subarray(21 + body[20]!);
	if (record.length > recordSize) throw new Error('more than one record');
	const hkdf = (key: Buffer, salted: Buffer, info: Buffer, length: number) =>
		Buffer.from(hkdfSync('sha256', key, salted, info, length));
	const info = Buffer.concat([Buffer.from('WebPush: info\0'), pair.getPublicKey(), sender]);
	const input = hkdf(pair.computeSecret(sender), auth, info, 32);
	const key = hkdf(input, salt, Buffer.from('Content-Encoding: aes128gcm\0'), 16);
	const nonce = hkdf(input, salt, Buffer.from('Content-Encoding: nonce\0'), 12);
	const decipher = createDecipheriv('aes-128-gcm', key, nonce);
	decipher.setAuthTag(record.subarray(-16));
	const padded = Buffer.concat([decipher.update(record.subarray(0, -16)), decipher.final()]);
	const end = padded.findLastIndex((byte) => byte !== 0);
	if (padded[end] !== 2) throw new Error('not the last record');
	return padded.subarray(0, end).toString();
}

/** The receiver of RFC 8291, appendix A, whose subscription the account's form suggests. */
export const receiverOfRfc = browser(
	'rfc',
	'q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94',
	Buffer.from('BTBZMqHH6r4Tts7J_aSIgg', 'base64url'),
);
