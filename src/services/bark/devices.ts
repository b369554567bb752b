import type { SendInput } from '../../core/define/channel';
import { isChannelError, type ChannelError } from '../../core/base/errors';
import type { VendorJson } from '../../core/http/http';
import type { Text } from '../../core/base/language';
import { decoded } from '../../core/base/percent';
import type { Params } from './payload';
import { baseOf, pastedKey } from '../../core/define/fields/pastedUrl';

export const standard = 'https://api.day.app';

interface Account {
	baseUrl?: string;
	deviceKeys: string[];
	user?: string;
	password?: string;
}

export interface Device {
	index: number;
	key: string;
	base: string;
}

const known = new WeakMap<Account, ReadonlyMap<string, readonly Device[]>>();

/** The account's devices by the address of their server. */
export function serversOf(account: Account): ReadonlyMap<string, readonly Device[]> {
	const servers = known.get(account) ?? Map.groupBy(devicesOf(account), ({ base }) => base);
	known.set(account, servers);
	return servers;
}

export function devicesOf({ deviceKeys, baseUrl: chosen }: Account): Device[] {
	return deviceKeys.map((value, index) => {
		const pasted = pastedKey(value, (link) => keyInUrl(link, chosen));
		return { key: pasted.key, base: baseOf(chosen, standard, pasted), index };
	});
}

/** `https://api.day.app/KEY/Body?sound=…`, on a server of one's own perhaps with a prefix in front of the key. */
function keyInUrl(link: URL, chosen: string | undefined) {
	const parts = link.pathname.split('/').filter(Boolean);
	const prefix = chosen === undefined ? 0 : new URL(chosen).pathname.split('/').filter(Boolean).length;
	const generated = parts.findIndex((part) => /^[A-Za-z0-9]{22}$/.test(part));
	const at = generated >= 0 ? generated : prefix;
	const key = parts[at];
	return key === undefined ? undefined : { key: decoded(key), base: [link.origin, ...parts.slice(0, at)].join('/') };
}

export const authOf = ({ user, password }: Account) =>
	user === undefined && password === undefined
		? {}
		: { authorization: `Basic ${Buffer.from(`${user ?? ''}:${password ?? ''}`).toString('base64')}` };

interface Result {
	index: number;
	raw?: VendorJson;
	error?: ChannelError;
}

type Push = (params: Readonly<Record<string, unknown>>) => Promise<VendorJson>;

/** Devices on one server get the message in one request where that server can; what failed there is asked for again by itself, so that the error is the server's own. */
export async function pushAll(
	{ account, http, step }: Pick<SendInput, 'http' | 'step'> & { account: Account },
	params: Params,
): Promise<Result[]> {
	const results: Result[] = [];
	const headers = authOf(account);
	const idempotent = params.id !== undefined;
	for (const [base, devices] of serversOf(account)) {
		const push: Push = (json) => http.post(`${base}/push`, { json, headers, idempotent });
		const batch =
			devices.length > 1 ? await step(`batch ${devices[0]!.index}`, () => pushBatch(push, devices, params)) : [];
		for (const [at, { key, index }] of devices.entries()) {
			try {
				const raw = batch[at]
					? { code: 200 }
					: await step(`device ${index}`, () => push({ ...params, device_key: key }));
				results.push({ index, raw });
			} catch (error) {
				if (!isChannelError(error)) throw error;
				results.push({ index, error });
			}
		}
	}
	return results;
}

/** Which devices got it; none where the server knows no batches, or takes no more than so many. */
async function pushBatch(push: Push, devices: readonly Device[], params: Params): Promise<boolean[]> {
	const keys = devices.map(({ key }) => key);
	try {
		const { data } = await push({ ...params, device_keys: keys });
		if (!Array.isArray(data)) return [];
		return keys.map((key, at) => (data.find((each) => each?.device_key === key) ?? data[at])?.code === 200);
	} catch (error) {
		const { status = 0, code, class: is } = isChannelError(error) ? error : {};
		if (status >= 400 && status < 500 && is !== 'RateLimited' && code !== '418') return [];
		throw error;
	}
}

export const aboutDevice = (index: number, error: ChannelError): Text => ({
	en: `Device ${index + 1} did not get it. ${error.text.en}`,
	zh: `第 ${index + 1} 个设备未收到。${error.text.zh}`,
});
