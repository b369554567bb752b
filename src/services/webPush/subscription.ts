import { createHash, ECDH } from 'node:crypto';
import type { Text } from '../../core/base/language';

/** A browser that wants to be told, as it says it to a page (Push API). */
export interface Subscription {
	/** Of its address: nothing leads back to that. */
	id: string;
	/** Whoever knows it can be told nothing by it, but may claim to be that browser. */
	endpoint: string;
	p256dh: string;
	auth: string;
	name: string;
	tags: string[];
}

export const idOf = (endpoint: string) => createHash('sha256').update(endpoint).digest('base64url').slice(0, 16);

const longest = { endpoint: 2_000, name: 100, tag: 50, tags: 20 };

/** The subscription in what a browser, or a person, gave; else what is wrong with it, as the end of a sentence. */
export function subscriptionIn(given: unknown): Subscription | Text {
	const { endpoint, keys, name, tags } = (given ?? {}) as Record<string, unknown>;
	const { p256dh, auth } = (keys ?? {}) as Record<string, unknown>;
	if (typeof endpoint !== 'string' || endpoint.length > longest.endpoint || !isWeb(endpoint)) return noEndpoint;
	if (typeof p256dh !== 'string' || !isPoint(p256dh)) return noKey;
	if (typeof auth !== 'string' || bytesOf(auth).length !== 16) return noAuth;
	return { id: idOf(endpoint), endpoint, p256dh, auth, name: nameIn(name), tags: tagsIn(tags) };
}

/** One, or a list of them. */
export function subscriptionsIn(given: unknown): Subscription[] | Text {
	const all = (Array.isArray(given) ? given : [given]).map(subscriptionIn);
	return all.find((each) => 'en' in each) ?? (all as Subscription[]);
}

/** In one line, and short. */
export const nameIn = (given: unknown): string =>
	typeof given === 'string' ? [...given.replace(/[\s\p{C}]+/gu, ' ').trim()].slice(0, longest.name).join('') : '';

/** A list, or words between commas. */
export function tagsIn(given: unknown): string[] {
	const words: unknown[] = Array.isArray(given) ? given : typeof given === 'string' ? given.split(/[,，]/) : [];
	const tags = words.map((word) => [...nameIn(word)].slice(0, longest.tag).join('').replace(/^#/, ''));
	return [...new Set(tags.filter((tag) => tag !== ''))].slice(0, longest.tags);
}

const isWeb = (address: string) => URL.canParse(address) && /^https?:$/.test(new URL(address).protocol);

const bytesOf = (text: string) => Buffer.from(text, 'base64url');

/** Whether it is a point of the curve, as browsers write it. */
function isPoint(text: string): boolean {
	const bytes = bytesOf(text);
	if (bytes.length !== 65 || bytes[0] !== 4) return false;
	try {
		ECDH.convertKey(bytes, 'prime256v1');
		return true;
	} catch {
		return false;
	}
}

const noEndpoint: Text = {
	en: 'must have an “endpoint”, the web address that a browser gave',
	zh: '必须包含 endpoint，即浏览器给出的网址',
};
const noKey: Text = {
	en: 'must have “keys.p256dh”, 65 bytes as base64url',
	zh: '必须包含 keys.p256dh（65 字节的 base64url）',
};
const noAuth: Text = {
	en: 'must have “keys.auth”, 16 bytes as base64url',
	zh: '必须包含 keys.auth（16 字节的 base64url）',
};
