import { createCipheriv, randomBytes, type CipherGCM } from 'node:crypto';
import { bytes, choice, invalid, jsonBytes, secret, type Limit, type Values } from '../../core/define/channel';
import { fill } from '../../core/base/language';

export const encryptionFields = {
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
			catches: {
				ecb: {
					en: 'ECB shows where messages begin alike. Take GCM or CBC unless the app has nothing else.',
					zh: 'ECB 会暴露消息之间相同的部分；App 支持时请选 GCM 或 CBC。',
				},
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

type Encryption = Values<typeof encryptionFields>;

/** Only what has a value. */
export type Params = Readonly<Record<string, string | undefined>>;

/** Bytes of a whole notification. */
export const apnsMost = 4096;
/** The server's frame around the parameters is smaller than this. */
export const frame = 300;

/** The server's JSON writes some signs with six bytes. */
const asServerWrites = (value: unknown): string => JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, '\\u0000');

const bytesAsServerWrites = (text: string): number => Buffer.byteLength(asServerWrites(text)) - 2;

/** What Apple gets. */
const payloadSize = (params: Params, encryption: Encryption): number =>
	frame + Buffer.byteLength(asServerWrites(sealed(params, encryption)));

/** Bytes of text as they are sent: in the server's JSON, or in ours, which goes encrypted. */
export const roomFor = (max: number, encrypted: boolean): Limit =>
	encrypted ? jsonBytes(max) : { ...bytes(max), weigh: bytesAsServerWrites, widest: 6 };

/** The text fits, but what stands beside it may be longer than was thought (a picture's address, an option): then the text loses its end. */
export function fitted(params: Params, encryption: Encryption): Params {
	// Even escaped and encrypted this little is far below 4 KB, and most messages are this short.
	let length = 0;
	for (const name in params) length += params[name]?.length ?? 0;
	if (length < 300) return params;
	const name = 'markdown' in params ? 'markdown' : 'body';
	let fitting = params;
	for (
		let over = payloadSize(params, encryption) - apnsMost;
		over > 0;
		over = payloadSize(fitting, encryption) - apnsMost
	) {
		const signs = [...fitting[name]!.replace(/…$/, '')];
		if (signs.length === 0) return fitting;
		fitting = { ...fitting, [name]: `${signs.slice(0, -Math.max(1, Math.ceil(over / 8))).join('')}…` };
	}
	return fitting;
}

/** `id` stays in the clear: the server replaces by it. */
export function sealed(params: Params, { encryption, encryptionKey, encryptionIv }: Encryption): Params {
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
