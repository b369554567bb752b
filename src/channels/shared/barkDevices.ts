import type { SendInput } from '../../core/channel';
import { isChannelError, type ChannelError } from '../../core/errors';
import type { VendorJson } from '../../core/http';
import type { Text } from '../../core/language';
import type { Params } from './barkPayload';
import { baseOf, pastedKey } from './pastedUrl';

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

const devices = new WeakMap<Account, readonly Device[]>();

export function devicesOf(account: Account): readonly Device[] {
	const known = devices.get(account);
	if (known) return known;
	const { deviceKeys, baseUrl: chosen } = account;
	const found = deviceKeys.map((value, index) => {
		const pasted = pastedKey(value, (link) => keyInUrl(link, chosen));
		return { key: pasted.key, base: baseOf(chosen, standard, pasted), index };
	});
	devices.set(account, found);
	return found;
}

/** `https://api.day.app/KEY/Body?sound=…`, on a server of one's own perhaps with a prefix in front of the key. */
function keyInUrl(link: URL, chosen: string | undefined) {
	const parts = link.pathname.split('/').filter(Boolean);
	const prefix = chosen === undefined ? 0 : new URL(chosen).pathname.split('/').filter(Boolean).length;
	const generated = parts.findIndex((part) => /^[A-Za-z0-9]{22}$/.test(part));
	const at = generated >= 0 ? generated : prefix;
	const key = parts[at];
	return key === undefined
		? undefined
		: { key: decodeURIComponent(key), base: [link.origin, ...parts.slice(0, at)].join('/') };
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

type Push = (to: { device_key: string } | { device_keys: string[] }) => Promise<VendorJson>;

/** Devices on one server get the message in one request where that server can; what failed there is asked for again by itself, so that the error is the server's own. */
export async function pushAll(
	{ account, http, step }: Pick<SendInput, 'http' | 'step'> & { account: Account },
	payload: Params,
): Promise<Result[]> {
	const devices = devicesOf(account);
	const results: Result[] = [];
	for (const base of new Set(devices.map((device) => device.base))) {
		const group = devices.filter((device) => device.base === base);
		const push: Push = (to) =>
			http.post(`${base}/push`, {
				json: { ...to, ...payload },
				headers: authOf(account),
				idempotent: payload.id !== undefined,
			});
		const batch =
			group.length > 1
				? await step(`batch ${group[0]!.index}`, () =>
						pushBatch(
							push,
							group.map(({ key }) => key),
						),
					)
				: [];
		for (const [at, { key, index }] of group.entries()) {
			try {
				const raw =
					batch[at] === true ? { code: 200 } : await step(`device ${index}`, () => push({ device_key: key }));
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
async function pushBatch(push: Push, keys: string[]): Promise<boolean[]> {
	try {
		const { data } = await push({ device_keys: keys });
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
