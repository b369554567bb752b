import { baseUrl, invalid, secret, utf16, visible, type Call, type File, type Json } from '../../core/define/channel';
import type { FormPart, VendorJson } from '../../core/http/http';
import { baseOf, pastedKey } from '../../core/define/fields/pastedUrl';

const standard = 'https://api.telegram.org';
/** Telegram counts what is seen, in UTF-16 units. */
export const captionMost = 1024;
export const textMost = visible(utf16(4096));

export const telegramAccount = {
	baseUrl: baseUrl(standard),
	botToken: secret('Bot token', {
		zh: '机器人令牌',
		placeholder: '123456789:AA…',
		help: { en: 'From @BotFather', zh: '由 @BotFather 提供' },
	}),
	webhookSecret: secret('Webhook secret', {
		zh: 'Webhook 密钥',
		optional: true,
		help: {
			en: 'For the trigger: secret_token of a webhook that you set yourself; empty: made from the bot token',
			zh: '供触发器使用：自行设置 webhook 时的 secret_token；留空则由机器人令牌生成',
		},
		check: (value) =>
			/^[\w-]{1,256}$/.test(value)
				? undefined
				: { en: 'must be 1 to 256 letters, digits, _ or -', zh: '必须是 1 到 256 个字母、数字、_ 或 -' },
	}),
};

export type Fields = Record<string, Json | File | undefined>;
export type Bound = Pick<Call<typeof telegramAccount>, 'account' | 'http'>;
export type SendOne = (method: string, fields: Fields) => Promise<VendorJson>;

/** Calls a method with its token in the path; files with bytes make it a multipart form. */
export async function call({ account, http }: Bound, method: string, fields: Fields = {}): Promise<VendorJson> {
	const pasted = pastedKey(account.botToken, (url) => {
		const [, path = '', key] = /^(.*)\/bot(\d+:[\w-]+)/.exec(url.pathname) ?? [];
		return key === undefined ? undefined : { key, base: url.origin + path };
	});
	const address = `${baseOf(account.baseUrl, standard, pasted)}/bot${pasted.key.replace(/^bot(?=\d+:)/, '')}/${method}`;
	const present = Object.entries(fields).filter(([, value]) => value !== undefined) as [string, Json | File][];
	if (!present.some(([, value]) => isFile(value))) {
		const { result } = await http.post(address, { json: Object.fromEntries(present) });
		return result;
	}
	const multipart = Object.fromEntries(
		present.map(([name, value]): [string, FormPart] => [
			name,
			isFile(value)
				? { name: value.name, mime: value.mime, data: value.data! }
				: typeof value === 'string'
					? value
					: JSON.stringify(value),
		]),
	);
	const { result } = await http.post(address, { multipart });
	return result;
}

const isFile = (value: unknown): value is File =>
	typeof value === 'object' && value !== null && (value as File).data instanceof Uint8Array;

/** `-100123:5`, `@name:5`, `https://t.me/name/5`, `https://t.me/c/123/5` */
export function chatOf(target: string): { chat_id: number | string; message_thread_id?: number } {
	const link = /^(?:https?:\/\/)?(?:t|telegram)\.me\/(?:c\/(\d+)|([A-Za-z]\w+))(?:\/(\d+))?\/?$/.exec(target);
	const [, chat = target, topic] = link
		? [, link[1] ? `-100${link[1]}` : `@${link[2]}`, link[3]]
		: (/^(-?\d+|@\w+):(\d+)$/.exec(target) ?? []);
	if (!/^(-?\d+|@\w+)$/.test(chat))
		throw invalid('to', {
			en: `“${target}” is no Telegram chat: fill in its id (a number) or @name.`,
			zh: `“${target}”不是有效的 Telegram 会话：请填写会话 ID（数字）或 @用户名。`,
		});
	return { chat_id: /^-?\d+$/.test(chat) ? Number(chat) : chat, ...(topic && { message_thread_id: Number(topic) }) };
}

/** Groups have negative ids; channels too, and a limit that strict does them no harm. */
export function isGroup(target: string): boolean {
	return target.startsWith('-');
}

export function at({ account }: Bound, chat: string | undefined): { chat_id: number | string } {
	const target = chat ?? account.to?.[0];
	if (!target)
		throw invalid('chat', { en: 'Fill in the chat here or in the account.', zh: '请在此处或账号中填写会话。' });
	return { chat_id: chatOf(target).chat_id };
}
