import { createCipheriv, createHash, randomBytes, type CipherGCM } from 'node:crypto';
import {
	action,
	baseUrl,
	bytes,
	choice,
	ChannelError,
	defineChannel,
	invalid,
	number,
	secret,
	secrets,
	text,
	toggle,
	url,
	type SendInput,
	type Values,
} from '../core/channel';
import { isChannelError } from '../core/errors';
import type { Http, VendorJson } from '../core/http';
import { fill, type Text } from '../core/language';
import { baseOf, pastedKey } from './shared/pastedUrl';

const standard = 'https://api.day.app';

const account = {
	baseUrl: baseUrl(standard, {
		label: 'Server URL',
		zh: '服务器地址',
		help: {
			en: 'Your own bark-server, with its URL prefix if it has one',
			zh: '自建 bark-server 的地址，有 URL 前缀时一并填写',
		},
	}),
	deviceKeys: secrets('Device keys', {
		zh: '设备密钥',
		placeholder: 'https://api.day.app/yourkey',
		help: {
			en: 'The keys, or the whole URLs that the app shows; several by comma or line',
			zh: '密钥，或 App 中显示的完整链接；多个用逗号或换行分隔',
		},
	}),
	user: text('User name', {
		zh: '用户名',
		optional: true,
		help: { en: 'Of a server of your own behind Basic auth', zh: '自建服务器开启 Basic 认证时填写' },
	}),
	password: secret('Password', { zh: '密码', optional: true }),
	encryption: choice(
		'Encryption',
		{
			none: ['None', '不加密'],
			cbc: ['AES-CBC', 'AES-CBC'],
			ecb: ['AES-ECB', 'AES-ECB'],
			gcm: ['AES-GCM', 'AES-GCM'],
		},
		{
			zh: '推送加密',
			default: 'none',
			help: {
				en: 'As set in the app; AES-128, -192 or -256 follows from the key’s length',
				zh: '与 App 中的设置一致；AES-128、192 或 256 由密钥长度决定',
			},
		},
	),
	encryptionKey: secret('Encryption key', {
		zh: '加密密钥',
		show: { encryption: ['cbc', 'ecb', 'gcm'] },
		check: (key) =>
			/^[\x20-\x7e]+$/.test(key) && [16, 24, 32].includes(key.length)
				? undefined
				: {
						en: 'must be 16, 24 or 32 ASCII characters, the same as in the app',
						zh: '必须是 16、24 或 32 个 ASCII 字符，并与 App 中一致',
					},
	}),
	encryptionIv: secret('Initialisation vector', {
		zh: '加密 IV',
		optional: true,
		show: { encryption: ['cbc', 'gcm'] },
		help: { en: 'Empty: a new one for every message, which is safer', zh: '留空则每条消息随机生成，更安全' },
	}),
};

const options = {
	format: choice(
		'Text',
		{ plain: ['Plain', '纯文本'], markdown: ['Markdown (recent app versions)', 'Markdown（需新版 App）'] },
		{ zh: '正文格式', default: 'plain' },
	),
	subtitle: text('Subtitle', { zh: '副标题', optional: true }),
	level: choice(
		'Interruption level',
		{
			active: ['Active', '默认'],
			timeSensitive: ['Time-sensitive', '时效性通知'],
			passive: ['Passive', '仅入列表'],
			critical: ['Critical: rings even when muted', '重要警告：静音时也响铃'],
		},
		{
			zh: '通知级别',
			optional: true,
			help: { en: 'Empty: warnings and failures are time-sensitive', zh: '留空时，警告与失败按时效性通知发送' },
		},
	),
	volume: number('Volume', { zh: '音量', optional: true, min: 0, max: 10, show: { level: ['critical'] } }),
	sound: text('Sound', { zh: '铃声', optional: true, placeholder: 'minuet' }),
	call: toggle('Ring for 30 seconds', { zh: '持续响铃 30 秒' }),
	badge: number('Badge', { zh: '角标', optional: true, min: 0, integer: true }),
	group: text('Group', { zh: '分组', optional: true }),
	icon: url('Icon', { zh: '图标', optional: true, help: { en: 'iOS 15 or later', zh: 'iOS 15 及以上' } }),
	url: text('Opens', {
		zh: '点击跳转',
		optional: true,
		placeholder: 'https://, weixin://',
		help: { en: 'Instead of the message’s own link', zh: '替代消息自带的链接' },
	}),
	action: choice(
		'When tapped',
		{ none: ['Nothing', '无动作'], alert: ['Show the text', '弹窗显示'] },
		{ zh: '点击动作', optional: true },
	),
	copy: text('Text to copy', { zh: '复制内容', optional: true }),
	autoCopy: toggle('Copy by itself', { zh: '自动复制' }),
	archive: choice(
		'Archive',
		{ keep: ['Keep in history', '保存到历史'], drop: ['Do not keep', '不保存'] },
		{ zh: '历史记录', optional: true },
	),
	ttl: number('Keep for (seconds)', { zh: '保留时长（秒）', optional: true, min: 0, integer: true }),
	id: text('Notification id', {
		zh: '通知 ID',
		optional: true,
		help: {
			en: 'The same id replaces the earlier notification; by default the message’s key',
			zh: '相同 ID 会替换之前的通知；默认使用消息的 key',
		},
	}),
};

type Input = SendInput<typeof account, typeof options>;
type Account = Input['account'];

export const bark = defineChannel({
	id: 'bark',
	name: 'Bark',
	zh: 'Bark',
	docs: 'https://bark.day.app',
	aliases: ['推送', 'iOS', 'iPhone'],
	renders: ({ options, account, message }) => ({
		markup: options.format === 'markdown' ? 'markdown' : 'plain',
		limit: bytes(room(options, account.encryption !== 'none', message.url)),
		title: bytes(titleRoom),
		image: 'url',
		level: true,
		url: true,
	}),
	account,
	options,
	replies: {
		// `/info` has a version in place of a code.
		ok: (json, { status }) => status === 200 && (json.code === 200 || json.version !== undefined),
		code: (json) => json.code,
		says: (json) => json.message,
		errors: [
			{
				code: 418,
				is: 'Unauthorized',
				do: {
					en: 'The server is behind Basic auth: check user name and password.',
					zh: '服务器开启了 Basic 认证：请检查用户名和密码。',
				},
			},
			{
				code: 400,
				says: /device (key|token)/i,
				is: 'Unauthorized',
				do: {
					en: 'The server does not know this device key: copy it from the app again, and check the server URL.',
					zh: '服务器不认识该设备密钥：请从 App 重新复制，并检查服务器地址。',
				},
			},
			{
				says: /BadDeviceToken|Unregistered|DeviceTokenNotForTopic|ExpiredToken/,
				is: 'Unauthorized',
				do: {
					en: 'Apple no longer knows this device: open the app there so that it registers again.',
					zh: '苹果已不认识该设备：请在设备上打开 App 重新注册。',
				},
			},
			{
				says: /PayloadTooLarge/,
				is: 'Rejected',
				do: {
					en: 'Apple takes 4 KB with all parameters: shorten text, links or icon.',
					zh: '苹果限制整条推送 4 KB（含全部参数）：请缩短正文、链接或图标地址。',
				},
			},
			{
				says: /TooManyRequests/,
				is: 'RateLimited',
				retryAfter: 30,
				do: {
					en: 'Apple slows this device down: send fewer notifications to it.',
					zh: '苹果对该设备限流：请减少推送。',
				},
			},
		],
	},

	async send(input) {
		const wanted = paramsOf(input);
		const params = fitted(wanted, input.account);
		const results = await pushAll(input, params);
		const first = results.find(({ error }) => error === undefined);
		const failed = results.filter(({ error }) => error !== undefined);
		const again = failed.find(({ error }) => error?.transient || error?.unknown);
		if (again?.error) throw again.error;
		if (!first) throw failed[0]!.error!;
		return {
			id: params.id,
			handle: params.id === undefined ? undefined : { id: params.id },
			raw: first.raw,
			degraded: params === wanted ? [] : ['cut'],
			warnings: failed.map(({ error, index }) => aboutDevice(index, error!)),
		};
	},

	async verify({ account, http }) {
		const devices = devicesOf(account);
		const headers = authOf(account);
		for (const base of new Set(devices.map((device) => device.base))) {
			await http.get(`${base}/ping`);
			// Ping answers without the password, this does not.
			if (headers.authorization) await http.get(`${base}/info`, { headers });
		}
		for (const { key, base } of devices) {
			await http.get(`${base}/register/${encodeURIComponent(key)}`, { headers }).catch(passOldServer);
		}
	},

	actions: {
		deleteNotification: action<typeof account>()({
			name: 'Delete Notification',
			zh: '删除通知',
			description: {
				en: 'Takes a notification back from every device of the account',
				zh: '从账号的所有设备上撤回一条通知',
			},
			fields: { id: text('Notification id', { zh: '通知 ID' }) },
			run: async ({ account, http, input }) => {
				const answers: VendorJson[] = [];
				for (const device of devicesOf(account)) {
					const json = { device_key: device.key, id: idOf(input.id), delete: '1' };
					answers.push(
						await http.post(`${device.base}/push`, { json, headers: authOf(account), idempotent: true }),
					);
				}
				return answers;
			},
		}),
	},
});

/** APNs takes 4096 bytes; the server's frame around the parameters is smaller than this. */
const frame = 300;
const titleRoom = 256;
/** A poster's address comes with many messages and is not known yet when the text is fitted. */
const imageRoom = 250;

function room(chosen: Values<typeof options>, encrypted: boolean, link: string | undefined): number {
	const others = sizeOf(chosen) + (chosen.url ? 0 : Buffer.byteLength(link ?? ''));
	const free = 4096 - frame - imageRoom - titleRoom;
	// Base64 makes four bytes of three.
	return Math.max(400, (encrypted ? Math.floor(free * 0.72) : free) - others);
}

/** The same options come with message after message. */
const sizes = new WeakMap<object, number>();

function sizeOf(chosen: Values<typeof options>): number {
	let size = sizes.get(chosen);
	if (size === undefined) sizes.set(chosen, (size = Buffer.byteLength(JSON.stringify(chosen))));
	return size;
}

/** What is undefined stays out of the JSON. */
type Params = Readonly<Record<string, string | undefined>>;

/** Everything as text: the server prints bare numbers its own way (`1e+06`) and skips a title that is none. */
function paramsOf({ message, options: o }: Input): Params {
	const { source, index } = message;
	const level = o.level ?? (message.level === 'warning' || message.level === 'failure' ? 'timeSensitive' : undefined);
	const id = o.id ?? source.key;
	return {
		title: message.title,
		subtitle: o.subtitle,
		...(message.markup === 'markdown' ? { markdown: message.body } : { body: message.body }),
		level,
		volume: level === 'critical' ? o.volume?.toString() : undefined,
		sound: o.sound,
		call: o.call ? '1' : undefined,
		badge: o.badge?.toString(),
		group: o.group,
		icon: o.icon,
		image: message.image?.url,
		url: o.url ?? message.url,
		action: o.action,
		copy: o.copy,
		autoCopy: o.autoCopy ? '1' : undefined,
		isArchive: o.archive && (o.archive === 'keep' ? '1' : '0'),
		ttl: o.ttl?.toString(),
		id: id === undefined ? undefined : idOf(index === 0 ? id : `${id}#${index + 1}`),
	};
}

/** What Apple gets: the server's JSON writes some signs with six bytes. */
function payloadSize(params: Params, account: Account): number {
	const escaped = JSON.stringify(sealed(params, account)).replace(/[<>&\u2028\u2029]/g, '\\u0000');
	return frame + Buffer.byteLength(escaped);
}

/** The limit counts bytes of text; a text full of quotes or angle brackets takes more than that, and loses its end. */
function fitted(params: Params, account: Account): Params {
	// Even escaped and encrypted this little is far below 4 KB, and most messages are this short.
	let length = 0;
	for (const name in params) length += params[name]?.length ?? 0;
	if (length < 300) return params;
	const name = 'markdown' in params ? 'markdown' : 'body';
	let fitting = params;
	for (let over = payloadSize(params, account) - 4096; over > 0; over = payloadSize(fitting, account) - 4096) {
		const signs = [...fitting[name]!.replace(/…$/, '')];
		if (signs.length === 0) return fitting;
		fitting = { ...fitting, [name]: `${signs.slice(0, -Math.max(1, Math.ceil(over / 8))).join('')}…` };
	}
	return fitting;
}

/** APNs takes 64 bytes; what is longer still has to be the same for the same happening. */
const idOf = (id: string) => (Buffer.byteLength(id) <= 64 ? id : createHash('sha256').update(id).digest('hex'));

/** `id` stays in the clear: the server replaces by it. */
function sealed(params: Params, account: Account): Params {
	const { encryption, encryptionKey, encryptionIv } = account;
	if (encryption === 'none' || encryptionKey === undefined) return params;
	const { id, ...rest } = params;
	return {
		...(id !== undefined && { id }),
		...encrypt(JSON.stringify(rest), encryption, encryptionKey, encryptionIv),
	};
}

/** What the app decrypts: base64, with GCM's tag at the end. */
export function encrypt(plain: string, mode: 'cbc' | 'ecb' | 'gcm', key: string, fixedIv?: string): Params {
	const length = { cbc: 16, ecb: 0, gcm: 12 }[mode];
	const iv = length === 0 ? undefined : (fixedIv ?? randomBytes(length).toString('hex').slice(0, length));
	if (iv !== undefined && (iv.length !== length || !/^[\x20-\x7e]*$/.test(iv))) {
		throw invalid(
			'encryptionIv',
			fill(
				{
					en: 'The initialisation vector must be {n} ASCII characters in this mode.',
					zh: '该模式下 IV 必须是 {n} 个 ASCII 字符。',
				},
				{ n: length },
			),
		);
	}
	const cipher = createCipheriv(`aes-${key.length * 8}-${mode}`, key, iv ?? null);
	const tail = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
	const tag = mode === 'gcm' ? [(cipher as CipherGCM).getAuthTag()] : [];
	return { ciphertext: Buffer.concat([tail, ...tag]).toString('base64'), ...(iv !== undefined && { iv }) };
}

interface Device {
	index: number;
	key: string;
	base: string;
}

const devices = new WeakMap<Account, readonly Device[]>();

function devicesOf(account: Account): readonly Device[] {
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

const authOf = ({ user, password }: Account) =>
	user === undefined && password === undefined
		? {}
		: { authorization: `Basic ${Buffer.from(`${user ?? ''}:${password ?? ''}`).toString('base64')}` };

interface Result {
	index: number;
	raw?: VendorJson;
	error?: ChannelError;
}

/** Devices on one server get the message in one request where that server can; what failed there is asked for again by itself, so that the error is the server's own. */
async function pushAll(input: Input, params: Params): Promise<Result[]> {
	const { account, http, step } = input;
	const devices = devicesOf(account);
	const results: Result[] = [];
	for (const base of new Set(devices.map((device) => device.base))) {
		const group = devices.filter((device) => device.base === base);
		const batch =
			group.length > 1
				? await step(`batch ${group[0]!.index}`, () =>
						pushBatch(
							http,
							account,
							base,
							group.map(({ key }) => key),
							params,
						),
					)
				: [];
		for (const [at, { key, index }] of group.entries()) {
			if (batch[at] === true) {
				results.push({ index, raw: { code: 200 } });
				continue;
			}
			try {
				results.push({
					index,
					raw: await step(`device ${index}`, () =>
						push(http, account, base, { device_key: key, ...sealed(params, account) }, params),
					),
				});
			} catch (error) {
				if (!isChannelError(error)) throw error;
				results.push({ index, error });
			}
		}
	}
	return results;
}

const push = (http: Http, account: Account, base: string, json: object, params: Params): Promise<VendorJson> =>
	http.post(`${base}/push`, {
		json,
		headers: authOf(account),
		idempotent: params.id !== undefined,
	});

/** Which devices got it; none where the server knows no batches, or takes no more than so many. */
async function pushBatch(
	http: Http,
	account: Account,
	base: string,
	keys: string[],
	params: Params,
): Promise<boolean[]> {
	try {
		const { data } = await push(http, account, base, { device_keys: keys, ...sealed(params, account) }, params);
		if (!Array.isArray(data)) return [];
		return keys.map((key, at) => (data.find((each) => each?.device_key === key) ?? data[at])?.code === 200);
	} catch (error) {
		if (
			isChannelError(error) &&
			error.status !== undefined &&
			error.status >= 400 &&
			error.status < 500 &&
			error.class !== 'RateLimited' &&
			error.code !== '418'
		)
			return [];
		throw error;
	}
}

const aboutDevice = (index: number, error: ChannelError): Text => ({
	en: `Device ${index + 1} did not get it. ${error.text.en}`,
	zh: `第 ${index + 1} 个设备未收到。${error.text.zh}`,
});

/** Before 2.1 the server took `/register/KEY` for a push to the device “register”, and others may lack the path: then nothing is known of the key. */
function passOldServer(error: unknown) {
	if (isChannelError(error) && (error.status === 404 || error.status === 405 || error.message.includes('[register]')))
		return;
	throw error;
}
