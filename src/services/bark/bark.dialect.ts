import { jsonReply, paragraphs, relay } from '../../core/receive/relay';
import { entry, isRecord, items, picture, record, text, webUrl } from '../../core/receive/reading';
import { defineDialect } from '../../core/define/sender';
import type { DecodedBody, RequestHead } from '../../core/http/incoming';
import { Refusal } from '../../core/http/incoming';
import type { Level } from '../../core/message/message';

const push = /\/push\/?$/i;

/** Behind the key, percent-encoded: nothing, a text, a title and a text, with a subtitle between them. */
function behindKey(path: string, key: string | undefined): string[] | undefined {
	if (key === undefined) return undefined;
	const parts = path.split('/').map(decoded);
	const at = parts.indexOf(key);
	const rest = at < 0 ? undefined : parts.slice(at + 1).filter((part) => part !== '');
	return rest && rest.length <= 3 ? rest : undefined;
}

function decoded(part: string): string {
	try {
		return decodeURIComponent(part);
	} catch {
		return part; // a percent sign that stands for itself
	}
}

/** What tools send to a Bark server. */
export const bark = defineDialect({
	id: 'bark',
	name: 'Bark',
	zh: 'Bark 格式',
	where: {
		en: 'for tools that know only Bark: the address as server, and the key as device key (/KEY/title/text, or /push)',
		zh: '仅支持 Bark 的工具：服务器填写本地址，设备密钥填写密钥（/密钥/标题/正文，或 /push）',
	},
	hint: /\bbark\b/i,
	samples: {
		message: {
			device_key: 'KEY',
			title: 'Backup finished',
			body: '12 GB in 8 minutes',
			level: 'active',
			group: 'nas',
		},
	},

	recognise: (body) =>
		isRecord(body) &&
		(text(body.device_key) !== undefined || Array.isArray(body.device_keys)) &&
		['body', 'title', 'markdown'].some((key) => key in body)
			? 0.9
			: 0,

	read(body, context) {
		const given = record(body);
		if (text(given.ciphertext) !== undefined) throw encrypted;
		const markdown = text(given.markdown);
		const word = text(given.level) ?? '';
		return [
			relay(
				{
					source: 'bark',
					title: text(given.title),
					format: markdown === undefined ? 'text' : 'markdown',
					body: paragraphs(
						text(given.subtitle),
						markdown ?? text(given.body, given.content),
						text(given.copy) === text(given.body) ? undefined : text(given.copy),
					),
					level: entry(levels, word.toLowerCase()),
					...(word.toLowerCase() === 'passive' && { silent: true }),
					url: webUrl(given.url),
					image: picture(given.image),
					raw: body,
					beside: context.request.path,
				},
				context,
			),
		];
	},

	dialect: {
		address: '/KEY/title/text',
		takes: ({ path }, key) => push.test(path) || behindKey(path, key) !== undefined,
		keys: (head) => [...keysIn(head)],
		keysInBody: (body) => [record(body).device_key, ...items(record(body).device_keys)],
		understands: (body) =>
			isRecord(body) &&
			(['body', 'markdown', 'ciphertext', 'subtitle'].some((name) => name in body) ||
				('title' in body && !['message', 'text', 'content'].some((name) => name in body))),
		gets: true,
		body({ value, form }: DecodedBody, { path, query }, key) {
			const parts = behindKey(path, key) ?? [];
			const names = [[], ['body'], ['title', 'body'], ['title', 'subtitle', 'body']][parts.length]!;
			const named = Object.fromEntries(parts.map((part, at) => [names[at]!, part]));
			const given = isRecord(value) ? value : form === 'text' ? { body: value } : {};
			return { ...query, ...given, ...named };
		},
		accepted: (_, { now }) =>
			jsonReply(200, { code: 200, message: 'success', timestamp: Math.floor(Date.parse(now) / 1000) }),
		refused: ({ status }, why) => {
			const isKey = status === 401 || status === 403;
			return jsonReply(isKey ? 400 : status, {
				code: isKey ? 400 : status,
				message: isKey ? `failed to get device token: ${why}` : why,
				timestamp: Math.floor(Date.now() / 1000),
			});
		},
	},
});

/** Any part of the path may be it: of those that are not, none is. */
const keysIn = ({ path, query }: RequestHead) => [query.device_key, ...path.split('/').map(decoded)];

const levels: Readonly<Record<string, Level>> = { critical: 'failure', timesensitive: 'warning' };

const encrypted = new Refusal(400, {
	en: 'The text is encrypted for a phone: switch Bark’s encryption off in the tool that sends it.',
	zh: '推送内容已加密，只有手机能解密：请在发送方关闭 Bark 加密。',
});
