import { createECDH, randomBytes } from 'node:crypto';
import type { Subscription } from './subscription';

interface Ece {
	encrypt(plain: Buffer, parameters: object): Buffer;
}

/** What every push service takes of a message, encrypted (RFC 8030, 7.2). */
export const mostBytes = 4_096;
/** Salt, record size, key length and key in front; the delimiter and the tag behind (RFC 8188, RFC 8291). */
export const mostPlain = mostBytes - (16 + 4 + 1 + 65) - 1 - 16;

/** For that browser alone (RFC 8291): one record. */
export function encrypted(plain: Buffer, { p256dh, auth }: Pick<Subscription, 'p256dh' | 'auth'>): Buffer {
	const { encrypt } = require('http_ece') as Ece;
	const privateKey = createECDH('prime256v1');
	privateKey.generateKeys();
	const salt = randomBytes(16).toString('base64url');
	return encrypt(plain, { version: 'aes128gcm', dh: p256dh, authSecret: auth, privateKey, salt, rs: mostBytes });
}
