import type { VendorJson } from '../http/http';
import type { Text } from '../base/language';
import { Refusal, type IncomingRequest, type OutgoingReply } from '../define/trigger';
import { isSame } from './isSame';

/** Bytes: what people say in chats is short. */
export const chatBytes = 1024 * 1024;

/**
 * The JSON object that a service sent.
 * @throws Refusal where it is none
 */
export function objectIn(body: Uint8Array, { en, zh }: Text): VendorJson {
	const refused = new Refusal(400, { en: `This is not what ${en} sends.`, zh: `这不是${zh}发来的内容。` });
	let json: VendorJson;
	try {
		json = JSON.parse(Buffer.from(body).toString('utf8'));
	} catch {
		throw refused;
	}
	if (typeof json !== 'object' || json === null || Array.isArray(json)) throw refused;
	return json;
}

/**
 * For services that sign nothing: the key stands in the address that they were given.
 * @throws Refusal unless it is there, where one is set
 */
export function checkKey({ query }: Pick<IncomingRequest, 'query'>, key: string | undefined): void {
	if (key === undefined || isSame(query.key ?? '', key)) return;
	throw new Refusal(401, {
		en: 'The key is missing or wrong: put ?key=… with the account’s callback key behind the address.',
		zh: '密钥缺失或错误：请在地址后加上 ?key=…，值为账号中的回调密钥。',
	});
}

export const sayJson = (value: unknown): OutgoingReply => ({
	status: 200,
	headers: { 'content-type': 'application/json; charset=utf-8' },
	body: JSON.stringify(value),
});

/** ms since 1970, of what services give as number or text; what is no time becomes `now`. */
export function timeOf(ms: unknown, now: number): string {
	const value = typeof ms === 'string' && ms.trim() !== '' ? Number(ms) : ms;
	const isTime = typeof value === 'number' && Number.isFinite(value) && value > 0 && value < 8.64e15;
	return new Date(isTime ? value : now).toISOString();
}

/** An id, or a name, as text: '' where there is none. */
export const wordOf = (value: unknown): string =>
	typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint' ? String(value) : '';
