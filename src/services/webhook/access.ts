import { createHmac } from 'node:crypto';
import { Refusal, type IncomingRequest } from '../../core/define/trigger';
import { isSame } from '../../core/receive/isSame';
import { keysInAddress, dialectOf } from './dialects';
import type { Here } from './form';

/** Names of a query that hold the key, in lower case. */
export const keyNames: ReadonlySet<string> = new Set(['apikey', 'token', 'key']);

/** @throws Refusal unless the key came along, where there is one; what may hold it in its body is let through to that */
export function checkKey(here: Here): void {
	const { request, account } = here;
	if (isKeyInHead(here) || dialectOf(request, account.key)?.dialect.keysInBody) return;
	throw wrongKey;
}

/** The same of what was let through. @throws Refusal */
export function checkKeyIn(body: unknown, here: Here): void {
	const { key } = here.account;
	const given = dialectOf(here.request, key)?.dialect.keysInBody?.(body) ?? [];
	if (isKeyInHead(here) || given.some((one) => typeof one === 'string' && isSame(one, key!))) return;
	throw wrongKey;
}

function isKeyInHead({ request, account: { key } }: Here): boolean {
	if (key === undefined) return true;
	const isKey = (one: string | undefined) => one !== undefined && isSame(one, key);
	return keysOf(request).some(isKey) || keysInAddress(request, key).some(isKey);
}

const wrongKey = new Refusal(401, {
	en: 'The key is missing or wrong: give it as ?apiKey=… or in the header apiKey.',
	zh: '密钥缺失或错误：请通过 ?apiKey=… 或请求头 apiKey 携带。',
});

/** @throws Refusal unless user name and password came along, where there are any */
export function checkLogin({ request, account: { username, password } }: Here): void {
	if (username === undefined && password === undefined) return;
	const [, basic = ''] = /^Basic\s+(\S+)\s*$/i.exec(request.headers.authorization ?? '') ?? [];
	if (isSame(Buffer.from(basic, 'base64').toString('utf8'), `${username ?? ''}:${password ?? ''}`)) return;
	throw new Refusal(
		401,
		{
			en: 'User name or password is missing or wrong (HTTP Basic).',
			zh: '用户名或密码缺失或错误（HTTP Basic）。',
		},
		{ 'www-authenticate': 'Basic realm="Carillon", charset="UTF-8"' },
	);
}

/** @throws Refusal unless the body is signed, where there is a secret for that */
export function checkSignature({ request, account: { hmacSecret, hmacHeader } }: Here): void {
	if (hmacSecret === undefined) return;
	if (request.method === 'GET') throw unsigned;
	verifySignature(request, hmacSecret, hmacHeader.toLowerCase());
}

/** All of them have the same empty body, hence the same signature, whatever they say. */
const unsigned = new Refusal(401, {
	en: 'A GET request cannot be signed: what it says stands in the address. Let the sender use POST.',
	zh: 'GET 请求的内容在地址中，无法签名：请让发送方改用 POST。',
});

function keysOf({ query, headers }: IncomingRequest): string[] {
	const fromQuery = Object.entries(query)
		.filter(([name]) => keyNames.has(name.toLowerCase()))
		.map(([, value]) => value);
	const { authorization } = headers;
	// Some senders can set no more than the bare header value.
	const fromHeaders = [
		headers.apikey,
		headers['x-api-key'],
		headers.token,
		authorization,
		authorization?.replace(/^Bearer\s+/i, ''),
	];
	return [...fromQuery, ...fromHeaders.filter((value) => value !== undefined)].map((value) => value.trim());
}

function verifySignature({ headers, body, parts, method }: IncomingRequest, key: string, header: string): void {
	if (parts && body.length === 0 && method !== 'GET') {
		throw new Refusal(401, {
			en: 'The signature of a multipart body cannot be checked here: let the sender use JSON.',
			zh: '此处无法校验 multipart 正文的签名：请让发送方改用 JSON。',
		});
	}
	const [, named, value = ''] = /^\s*(?:(sha1|sha256|sha512)=)?(\S+?)\s*$/i.exec(headers[header] ?? '') ?? [];
	const bits =
		value.length === 40 || value.length === 28
			? 'sha1'
			: value.length === 128 || value.length === 88
				? 'sha512'
				: 'sha256';
	const mac = createHmac(named?.toLowerCase() ?? bits, key).update(body);
	const digest = mac.digest();
	const forms = [digest.toString('hex'), digest.toString('base64'), digest.toString('base64url')];
	if (forms.filter((form, at) => isSame(at === 0 ? value.toLowerCase() : value, form)).length === 0) {
		throw new Refusal(401, {
			en: `The signature in the header ${header} is missing or does not match the body.`,
			zh: `请求头 ${header} 中的签名缺失或与正文不符。`,
		});
	}
}
