import { lookup } from 'node:dns';
import { isPrivateAddress, isPrivateHost, leadsTo } from '../../base/addresses';
import { ChannelError } from '../../base/errors';
import type { Text } from '../../base/language';
import { decoded } from '../../base/percent';
import type { CommonAccount, File } from '../../define/channel';
import { dispatcherOf } from '../../http/http';
import { sniff } from '../../message/bytes';

/** ms, bytes */
export const fetchLimits = { time: 15_000, size: 50 * 1024 * 1024, redirects: 3 } as const;

export interface Reaching {
	account: CommonAccount;
	/** Origins, hosts and networks that the user named: the only private ones that are asked. */
	trustedOrigins: readonly string[];
	binary?(name: string): Promise<File>;
	signal: AbortSignal;
}

/** A file that could not be had: the message goes without it, and the receipt says why. */
export class Unobtainable extends Error {
	constructor(readonly reason: Text) {
		super(reason.en);
	}
}

const tooLarge: Text = { en: 'The picture or file is larger than 50 MB.', zh: '图片或文件超过 50 MB。' };

export function throwIfTooLarge({ length }: Uint8Array): void {
	if (length > fetchLimits.size) throw new Unobtainable(tooLarge);
}

interface Fetched {
	/** Where redirects led. */
	url: string;
	mime: string;
	data: Uint8Array;
}

/** Fetches from public addresses, and from private ones only where the user named the origin; redirects are held to the same. */
export async function fetchFile(url: string, reaching: Reaching, imagesOnly: boolean): Promise<Fetched> {
	const { request } = require('undici') as typeof import('undici');
	const signal = AbortSignal.any([reaching.signal, AbortSignal.timeout(fetchLimits.time)]);
	// One's own servers have certificates of their own; proxies are for what is outside.
	const { caCertificate, allowInsecureTls } = reaching.account;
	let at = new URL(url);
	try {
		for (let hop = 0; hop <= fetchLimits.redirects; hop++) {
			const response = await request(at, {
				dispatcher: leadsTo(at, reaching.trustedOrigins)
					? dispatcherOf({ caCertificate, allowInsecureTls })
					: await guarded(at, reaching.account),
				signal,
				headers: {
					'user-agent': 'Carillon',
					accept: imagesOnly ? 'image/*' : '*/*',
					...signIn(at),
				},
			});
			const location = response.headers.location;
			if (response.statusCode >= 300 && response.statusCode < 400 && typeof location === 'string') {
				await response.body.dump();
				at = new URL(location, at);
				continue;
			}
			if (response.statusCode !== 200) {
				await response.body.dump();
				throw new Unobtainable({
					en: `Its server answered HTTP ${response.statusCode} for the picture or file.`,
					zh: `获取图片或文件时服务器返回 HTTP ${response.statusCode}。`,
				});
			}
			const data = await readCapped(response.body);
			const declared = String(response.headers['content-type'] ?? '')
				.split(';')[0]!
				.trim()
				.toLowerCase();
			const mime = sniff(data) ?? (declared || 'application/octet-stream');
			if (imagesOnly && !mime.startsWith('image/'))
				throw new Unobtainable({
					en: 'What its address gives is not a picture.',
					zh: '该地址返回的不是图片。',
				});
			return { url: at.href, mime, data };
		}
	} catch (error) {
		if (error instanceof Unobtainable || error instanceof ChannelError) throw error;
		if (reaching.signal.aborted) throw reaching.signal.reason;
		throw new Unobtainable({ en: 'The picture or file could not be fetched.', zh: '无法获取图片或文件。' });
	}
	throw new Unobtainable({
		en: 'The picture’s or file’s address redirects in circles.',
		zh: '图片或文件的地址循环跳转。',
	});
}

/** As cameras have it: user name and password stand in the address. A redirect has none of them. */
function signIn({ username, password }: URL) {
	if (username === '' && password === '') return undefined;
	const login = `${decoded(username)}:${decoded(password)}`;
	return { authorization: `Basic ${Buffer.from(login).toString('base64')}` };
}

const refusedPrivate: Text = {
	en: 'The picture’s or file’s address is a private one that no setting names, so it was not asked. To allow it, add its server to “Picture servers” in the account.',
	zh: '图片或文件的地址是内网地址且未在设置中指定，因此未去获取。如需允许，请在账号的“图片服务器”中添加。',
};

/** A dispatcher that connects to public addresses alone, also when a public name resolves to a private one. */
async function guarded(at: URL, account: CommonAccount) {
	if (!/^https?:$/.test(at.protocol) || isPrivateHost(at.hostname)) throw new Unobtainable(refusedPrivate);
	if (account.proxy) return dispatcherOf(account);
	const addresses = await new Promise<string[]>((resolve, reject) =>
		lookup(at.hostname.replace(/^\[|\]$/g, ''), { all: true }, (error, found) =>
			error ? reject(error) : resolve(found.map(({ address }) => address)),
		),
	);
	if (addresses.length === 0 || addresses.some(isPrivateAddress)) throw new Unobtainable(refusedPrivate);
	return publicOnly();
}

let publicAgent: import('undici').Agent | undefined;

/** Resolves once more while connecting: a name that changes its mind in between (DNS rebinding) is refused there. */
function publicOnly(): import('undici').Agent {
	const { Agent } = require('undici') as typeof import('undici');
	publicAgent ??= new Agent({
		keepAliveTimeout: 1_000,
		connect: {
			timeout: 10_000,
			lookup: (hostname, options, done) =>
				lookup(hostname, { ...options, all: true }, (error, found) => {
					if (error) return (done as (e: Error) => void)(error);
					if (found.some(({ address }) => isPrivateAddress(address)))
						return (done as (e: Error) => void)(new Unobtainable(refusedPrivate));
					if ((options as { all?: boolean }).all)
						return (done as unknown as (e: null, a: typeof found) => void)(null, found);
					(done as (e: null, a: string, f: number) => void)(null, found[0]!.address, found[0]!.family);
				}),
		},
	});
	return publicAgent;
}

async function readCapped(body: AsyncIterable<Uint8Array> & { destroy(): unknown }): Promise<Buffer> {
	const chunks: Uint8Array[] = [];
	let size = 0;
	for await (const chunk of body) {
		size += chunk.length;
		if (size > fetchLimits.size) {
			body.destroy();
			throw new Unobtainable(tooLarge);
		}
		chunks.push(chunk);
	}
	return Buffer.concat(chunks);
}
