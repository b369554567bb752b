import { createPublicKey, verify } from 'node:crypto';
import type { Answer, Seen } from '../../service';
import { opened, type Browser } from './receiver';

const b64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url');

/** The claims of the header, if its signature is that of its key (RFC 8292). */
export function claimsIn(header: string): { aud: string; exp: number; sub: string; key: string } {
	const [, token = '', key = ''] = /^vapid t=([\w.-]+), ?k=([\w-]+)$/.exec(header) ?? [];
	const [head = '', claims = '', signature = ''] = token.split('.');
	const point = Buffer.from(key, 'base64url');
	const jwk = { kty: 'EC', crv: 'P-256', x: b64(point.subarray(1, 33)), y: b64(point.subarray(33)) };
	const publicKey = createPublicKey({ key: jwk, format: 'jwk' });
	const said = Buffer.from(`${head}.${claims}`);
	if (!verify('sha256', said, { key: publicKey, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url')))
		throw new Error('the signature is not that of the key');
	const json = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString()) as never;
	if ((json(head) as { alg: string }).alg !== 'ES256') throw new Error('not ES256');
	return { ...(json(claims) as { aud: string; exp: number; sub: string }), key };
}

/** A push service for these browsers: it refuses as RFC 8030 and 8292 have it. */
export function pushService(browsers: readonly Browser[], now: () => number = Date.now) {
	const gone = new Set<string>();
	/** By browser: the key that it was subscribed with, and is pushed with alone. */
	const keys = new Map<string, string>();
	const delivered: { to: string; payload: Record<string, unknown>; headers: Seen['headers'] }[] = [];
	const answer = ({ method, path, headers, body }: Seen): Answer => {
		const id = /\/push\/(\w+)$/.exec(path)?.[1] ?? '';
		const to = browsers.find((each) => each.id === id);
		if (!to) return { status: 404, body: { reason: 'BadPath' } };
		if (gone.has(id)) return { status: 410, body: { reason: 'Unregistered' } };
		if (method !== 'POST' || !/^\d+$/.test(headers.ttl as string)) return { status: 400, body: 'TTL is missing' };
		if (headers['content-encoding'] !== 'aes128gcm') return { status: 415, body: 'aes128gcm alone' };
		if (!headers['content-length']) return { status: 411, body: '' };
		if (headers.topic !== undefined && !/^[\w-]{1,32}$/.test(headers.topic as string))
			return { status: 400, body: 'BadTopic' };
		const { exp, sub, key } = claimsIn(headers.authorization ?? '');
		if (exp * 1000 > now() + 86_400_000 || exp * 1000 < now())
			return { status: 403, body: { reason: 'BadJwtToken' } };
		if (!/^(mailto:|https:)/.test(sub)) return { status: 403, body: { reason: 'BadJwtToken' } };
		if (keys.has(id) && keys.get(id) !== key) return { status: 403, body: { reason: 'VapidPkHashMismatch' } };
		if (body.length > 4_096) return { status: 413, body: { reason: 'PayloadTooLarge' } };
		delivered.push({ to: id, payload: JSON.parse(opened(body, to)) as Record<string, unknown>, headers });
		return { status: 201, headers: { location: '/message/1' }, body: '' };
	};
	return { answer, delivered, gone, keys };
}
