import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Language } from '../../core/base/language';
import type { OutgoingReply } from '../../core/define/trigger';
import { words } from './words';

/** Beside this file; in dist beside the bundle that it is in. */
const folder = ['page', 'web-push'].map((name) => join(__dirname, name)).find((each) => existsSync(each));

const files = new Map<string, string>();

function file(name: 'page.html' | 'locked.html' | 'page.css' | 'page.js' | 'worker.js'): string {
	const known = files.get(name) ?? readFileSync(join(folder ?? __dirname, name), 'utf8');
	files.set(name, known);
	return known;
}

const icon =
	'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" width="512" height="512"><rect width="24" height="24" fill="#6d5bd0"/><path d="M12 6c-2.600 0-4 1.800-4 4.200 0 2.700-1 3.700-1.600 4.400-.3.400-.1.900.4.900h10.400c.5 0 .7-.5.4-.9-.6-.7-1.600-1.700-1.600-4.400C16 7.800 14.600 6 12 6z" fill="#fff"/><path d="M10.200 16.600a1.800 1.800 0 0 0 3.600 0z" fill="#fff"/></svg>';

/** A page may run nothing but its own script, and tells nobody its address, which holds the key. */
function htmlReply(status: number, template: string, values: Readonly<Record<string, string>>): OutgoingReply {
	const nonce = randomBytes(16).toString('base64');
	const whole = { ...values, nonce, css: file('page.css'), script: file('page.js') };
	// Styles, script and data go in as they are; whatever else is text.
	const raw: ReadonlySet<string> = new Set(['css', 'script', 'given']);
	const body = template.replace(/\{\{(\w+)\}\}|\/\* (\w+) \*\//g, (_, text: string | undefined, code: string) => {
		const name = (text ?? code) as keyof typeof whole;
		return raw.has(name) ? whole[name]! : escaped(whole[name] ?? '');
	});
	return {
		status,
		headers: {
			'content-type': 'text/html; charset=utf-8',
			'content-security-policy': [
				`default-src 'none'; script-src 'nonce-${nonce}'; style-src 'nonce-${nonce}'; img-src 'self' https: http: data:`,
				"connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
			].join('; '),
			...common,
		},
		body,
	};
}

const common = {
	'cache-control': 'no-store',
	'referrer-policy': 'no-referrer',
	'x-content-type-options': 'nosniff',
};

const escaped = (text: string) => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
/** Within a script element nothing may look like its end. */
const inScript = (value: unknown) => JSON.stringify(value).replace(/</g, '\\u003c');

const wanting = (pageKey: string, get: string) => `?${new URLSearchParams({ key: pageKey, get }).toString()}`;

/** @param publicKey what browsers subscribe with */
export function pageReply(pageKey: string, publicKey: string, language: Language): OutgoingReply {
	const texts = Object.fromEntries(Object.entries(words).map(([name, text]) => [name, text[language]]));
	return htmlReply(200, file('page.html'), {
		...texts,
		lang: language,
		manifest: wanting(pageKey, 'manifest'),
		icon: wanting(pageKey, 'icon'),
		given: inScript({ key: publicKey, language, texts }),
	});
}

/** To whoever comes without the key. */
export const lockedReply = (language: Language): OutgoingReply =>
	htmlReply(401, file('locked.html'), {
		...Object.fromEntries(Object.entries(words).map(([name, text]) => [name, text[language]])),
		lang: language,
	});

/** Its scope is the page, wherever that is mounted. */
export const workerReply = (): OutgoingReply => ({
	status: 200,
	headers: { 'content-type': 'text/javascript; charset=utf-8', 'service-worker-allowed': '/', ...common },
	body: file('worker.js'),
});

export const iconReply = (): OutgoingReply => ({
	status: 200,
	headers: { 'content-type': 'image/svg+xml', ...common, 'cache-control': 'private, max-age=86400' },
	body: icon,
});

/** Addresses are relative to its own: the page is where it is, whatever a proxy calls that. */
export const manifestReply = (pageKey: string, language: Language): OutgoingReply => ({
	status: 200,
	headers: { 'content-type': 'application/manifest+json; charset=utf-8', ...common },
	body: JSON.stringify({
		name: words.title[language],
		short_name: 'Carillon',
		lang: language,
		start_url: `?${new URLSearchParams({ key: pageKey }).toString()}`,
		display: 'standalone',
		background_color: '#6d5bd0',
		theme_color: '#6d5bd0',
		icons: [{ src: wanting(pageKey, 'icon'), type: 'image/svg+xml', sizes: 'any', purpose: 'any maskable' }],
	}),
});
