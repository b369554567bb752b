import { createECDH, createPrivateKey, hkdfSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import type { KeyValues } from '../../core/state/store';

const curve = 'prime256v1';
/** How many points the curve has. */
const order = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551');
/** s; RFC 8292 allows a day, and clocks differ. */
const validFor = 12 * 3_600;

/** By which push services know who sends (RFC 8292). */
export interface VapidKeys {
	/** The point, uncompressed, in base64url: what a page subscribes with. */
	publicKey: string;
	privateKey: KeyObject;
}

/** The point of 32 bytes, uncompressed; undefined where they are no private key. */
export function publicOf(secret: Uint8Array): Buffer | undefined {
	if (secret.length !== 32) return undefined;
	try {
		const pair = createECDH(curve);
		pair.setPrivateKey(secret);
		return pair.getPublicKey();
	} catch {
		return undefined;
	}
}

/**
 * The account's own keys; else those that are made on first use. What is kept is a salt: neither who reads the store nor
 * who knows the page key alone has them.
 */
export async function vapidKeys(
	{ pageKey, vapidPrivateKey }: { pageKey: string; vapidPrivateKey?: string },
	place: string,
	lasting: KeyValues,
): Promise<VapidKeys> {
	if (vapidPrivateKey !== undefined) return keysOf(Buffer.from(vapidPrivateKey, 'base64url'));
	const salt = await lasting.update(`${place}:salt`, (kept) => kept ?? randomBytes(32).toString('base64url'));
	// Of more bytes than the key has, so that each is as likely as any other (FIPS 186-5, A.2.1).
	const wide = Buffer.from(hkdfSync('sha256', pageKey, Buffer.from(salt!, 'base64url'), 'carillon vapid', 48));
	const scalar = (BigInt(`0x${wide.toString('hex')}`) % (order - 1n)) + 1n;
	return keysOf(Buffer.from(scalar.toString(16).padStart(64, '0'), 'hex'));
}

function keysOf(secret: Buffer): VapidKeys {
	const point = publicOf(secret)!;
	const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((part) => part.toString('base64url'));
	const jwk = { kty: 'EC', crv: 'P-256', x, y, d: secret.toString('base64url') };
	return { publicKey: point.toString('base64url'), privateKey: createPrivateKey({ key: jwk, format: 'jwk' }) };
}

/**
 * The header by which a push service knows the sender.
 * @param now ms since 1970
 */
export function vapidHeader(keys: VapidKeys, endpoint: string, subject: string, now: number): string {
	const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
	const claims = { aud: new URL(endpoint).origin, exp: Math.floor(now / 1000) + validFor, sub: subject };
	const said = `${part({ typ: 'JWT', alg: 'ES256' })}.${part(claims)}`;
	const signature = sign('sha256', Buffer.from(said), { key: keys.privateKey, dsaEncoding: 'ieee-p1363' });
	return `vapid t=${said}.${signature.toString('base64url')}, k=${keys.publicKey}`;
}
