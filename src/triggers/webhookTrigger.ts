import { createHmac } from 'node:crypto';
import { decodeBody, type DecodedBody } from '../core/body';
import { eventTypes, isEventType, itemKinds, type EventType, type ItemKind, type MediaEvent } from '../core/event';
import type { ChannelError } from '../core/errors';
import { composeEventMessage, keyOf } from '../core/eventMessage';
import { previewEventMessage } from '../core/eventMessage/preview';
import { choice, choices, list, multiline, number, secret, text, toggle, url } from '../core/field';
import type { Text } from '../core/language';
import { checkTemplate, isTemplate } from '../core/template';
import {
	defineTrigger,
	Refusal,
	type Happening,
	type IncomingRequest,
	type Receiving,
	type Received,
} from '../core/trigger';
import { isSame } from './shared/isSame';
import { senders } from './senders';
import { custom } from './senders/custom';
import { filledIn, questionAbout } from './senders/late';
import { mediaSaber } from './senders/mediaSaber';
import type { Context, Mapped, Reading, Sender } from './senders/sender';

const account = {
	key: secret('Key', {
		zh: '密钥',
		optional: true,
		help: {
			en: 'Senders give it as ?apiKey=, ?token= or ?key=, or in a header apiKey, X-Api-Key or Authorization. Without key, user name and signature everybody may send',
			zh: '发送方通过 ?apiKey=、?token=、?key= 或请求头 apiKey、X-Api-Key、Authorization 携带。密钥、用户名、签名都不设置时任何人都能发送',
		},
	}),
	username: text('User name', {
		zh: '用户名',
		optional: true,
		help: { en: 'For senders that log in (HTTP Basic)', zh: '用于 HTTP Basic 认证的发送方' },
	}),
	password: secret('Password', { zh: '密码', optional: true }),
	hmacSecret: secret('Signature secret', {
		zh: '签名密钥',
		optional: true,
		help: {
			en: 'For senders that sign the body with HMAC, as GitHub does',
			zh: '用于以 HMAC 对正文签名的发送方（如 GitHub）',
		},
	}),
	hmacHeader: text('Signature header', { zh: '签名请求头', default: 'X-Hub-Signature-256' }),
	serverUrl: url('Media server', {
		zh: '媒体服务器地址',
		optional: true,
		placeholder: 'http://192.168.1.10:8096',
		help: {
			en: 'Posters and late metadata are fetched from here, and from no other private address',
			zh: '从此处获取海报与补全元数据；其他内网地址一律不访问',
		},
	}),
	serverKey: secret('Media server key', {
		zh: '媒体服务器密钥',
		optional: true,
		help: {
			en: 'API key or X-Plex-Token, where posters need one, and for late metadata',
			zh: 'API 密钥或 X-Plex-Token，获取海报或补全元数据时需要',
		},
	}),
};

const template = (value: string): Text | undefined => {
	try {
		checkTemplate(value);
		return undefined;
	} catch (error) {
		const { en, zh } = (error as ChannelError).text;
		return { en: en.replace(/^The template /, ''), zh: zh.replace(/^模板/, '') };
	}
};

const path = { show: { sender: ['custom'] }, optional: true } as const;
const orTemplate = (value: string) => (isTemplate(value) ? template(value) : undefined);

const options = {
	sender: choice(
		'Sender',
		Object.fromEntries([
			['auto', ['Recognise it', '自动识别']],
			...senders.map(({ id, name, zh }) => [id, [name, zh]]),
		]) as Record<'auto' | (typeof senders)[number]['id'], [string, string]>,
		{ zh: '发送方', default: 'auto' },
	),
	events: choices(
		'Events',
		{ ...eventTypes, other: ['Everything else', '其他事件'] },
		{ zh: '事件', help: { en: 'Empty: all', zh: '留空表示全部' } },
	),
	kinds: choices('Kinds', itemKinds, { zh: '媒体类型', help: { en: 'Empty: all', zh: '留空表示全部' } }),
	libraries: list('Libraries', {
		zh: '媒体库',
		optional: true,
		help: {
			en: 'Names, or folders that files lie in. Events that tell neither pass',
			zh: '媒体库名称或文件所在目录；两者都不带的事件放行',
		},
	}),
	users: list('Users', {
		zh: '用户',
		optional: true,
		help: { en: 'Names or ids. Events that tell no user pass', zh: '用户名或 ID；不带用户的事件放行' },
	}),
	titleTemplate: text('Title template', {
		zh: '标题模板',
		optional: true,
		placeholder: '{{ user.name }}: {{ item.title }}',
		help: { en: 'Liquid, in place of the ready title', zh: 'Liquid 模板，替代默认标题' },
		check: template,
	}),
	bodyTemplate: multiline('Message template', {
		zh: '正文模板',
		optional: true,
		placeholder: '{{ item.overview | truncate: 100 }}',
		help: {
			en: 'Liquid; values: event, item, user, device, server, playback, title, body, sentence, raw. Values are escaped; “| raw” lets Markdown through',
			zh: 'Liquid 模板；可用变量：event、item、user、device、server、playback、title、body、sentence、raw。变量会被转义，“| raw” 保留 Markdown',
		},
		check: template,
	}),
	timeZone: text('Time zone', {
		zh: '时区',
		optional: true,
		placeholder: 'Asia/Shanghai',
		help: { en: 'For dates in templates', zh: '用于模板中的日期' },
		check: (value) =>
			isTimeZone(value)
				? undefined
				: { en: 'is not a time zone such as Europe/Berlin', zh: '不是有效的时区，例如 Asia/Shanghai' },
	}),
	linkUrl: url('Server address for links', {
		zh: '用于链接的服务器地址',
		optional: true,
		help: {
			en: 'Where readers of the message reach the media server; without it messages hold no link to it',
			zh: '收到消息的人访问媒体服务器的地址；不填则消息不带链接',
		},
	}),
	settle: number('Wait for metadata (seconds)', {
		zh: '等待元数据（秒）',
		default: 0,
		min: 0,
		max: 600,
		help: {
			en: 'New items that come without overview and ids wait this long for a fuller event',
			zh: '新入库内容缺少简介和 ID 时，最多等待这么久以便收到更完整的事件',
		},
	}),
	askSeconds: number('Ask the media server (seconds)', {
		zh: '向媒体服务器补全（秒）',
		default: 30,
		min: 0,
		max: 600,
		help: {
			en: 'New items of Emby and Jellyfin that lack overview, ids, poster or number are asked for at the media server, whose address and key are in the account, for so long; then the message goes without. 0 asks nothing',
			zh: 'Emby、Jellyfin 新入库内容缺少简介、ID、海报或集数时，最多在此时间内向账号中填写的媒体服务器查询补全，超时则直接发送；0 表示不查询',
		},
	}),
	maxSize: number('Largest body (MB)', { zh: '正文上限（MB）', default: 10, min: 0.001, max: 100 }),
	allowGet: toggle('Take GET requests', {
		zh: '接受 GET 请求',
		help: { en: 'The values of the query are the message then', zh: '此时以查询参数作为消息内容' },
	}),
	format: choice(
		'Text is',
		{ text: ['Plain text', '纯文本'], markdown: ['Markdown', 'Markdown'], html: ['HTML', 'HTML'] },
		{
			zh: '文本格式',
			default: 'text',
			show: { sender: ['auto', 'custom'] },
			help: { en: 'Of custom senders', zh: '自定义发送方的正文格式' },
		},
	),
	customTitle: text('Title from', {
		zh: '标题取自',
		...path,
		placeholder: '$.alert.name',
		help: {
			en: 'A JSON path or a Liquid template, as in all of these fields',
			zh: 'JSON 路径或 Liquid 模板，以下各项相同',
		},
		check: orTemplate,
	}),
	customBody: multiline('Message from', {
		zh: '正文取自',
		...path,
		placeholder: '{{ alert.name }}: {{ alert.state }}',
		check: orTemplate,
	}),
	customUrl: text('Link from', { zh: '链接取自', ...path, check: orTemplate }),
	customImage: text('Picture from', { zh: '图片取自', ...path, check: orTemplate }),
	customTo: text('Recipient from', { zh: '接收者取自', ...path, check: orTemplate }),
	customLevel: text('Level from', { zh: '级别取自', ...path, check: orTemplate }),
	customType: text('Type from', { zh: '类型取自', ...path, check: orTemplate }),
	customKey: text('Key from', { zh: '去重键取自', ...path, check: orTemplate }),
};

type Here = Receiving<typeof account, typeof options>;

export const webhookTrigger = defineTrigger({
	id: 'webhookTrigger',
	name: 'Webhook Trigger',
	zh: 'Webhook 触发器',
	docs: 'https://github.com/carillon-notify/n8n-nodes-carillon#webhook-trigger',
	description: {
		en: 'Media servers, download tools and scripts ring here: Emby, Jellyfin, Plex, Sonarr, Overseerr, BetterGI, Qinglong and what you send yourself',
		zh: '接收媒体服务器、下载工具与脚本的通知：Emby、Jellyfin、Plex、Sonarr、Overseerr、BetterGI、青龙，以及自定义请求',
	},
	aliases: senders.flatMap(({ name, zh }) => (name === zh ? [name] : [name, zh])),
	paths: ['/api/v1/webhook', '/api/v1/message/openSend'],
	account,
	options,
	methods: ['GET', 'POST', 'PUT'],
	maxBytes: ({ maxSize }) => Math.floor(maxSize * 1024 * 1024),
	preview: {
		fields: ['titleTemplate', 'bodyTemplate', 'timeZone'],
		samples: eventTypes,
		show: (sample, { titleTemplate, bodyTemplate, timeZone }, language) =>
			previewEventMessage(sample, { titleTemplate, bodyTemplate, timeZone, language }),
	},

	authorize({ request, account: { key, username, password } }) {
		const { authorization = '' } = request.headers;
		if (key !== undefined && !keysOf(request).some((given) => isSame(given, key))) {
			throw new Refusal(401, {
				en: 'The key is missing or wrong: give it as ?apiKey=… or in the header apiKey.',
				zh: '密钥缺失或错误：请通过 ?apiKey=… 或请求头 apiKey 携带。',
			});
		}
		if (username === undefined && password === undefined) return;
		const [, basic = ''] = /^Basic\s+(\S+)\s*$/i.exec(authorization) ?? [];
		if (!isSame(Buffer.from(basic, 'base64').toString('utf8'), `${username ?? ''}:${password ?? ''}`)) {
			throw new Refusal(
				401,
				{
					en: 'User name or password is missing or wrong (HTTP Basic).',
					zh: '用户名或密码缺失或错误（HTTP Basic）。',
				},
				{ 'www-authenticate': 'Basic realm="Carillon", charset="UTF-8"' },
			);
		}
	},

	receive(receiving) {
		const {
			request,
			account: { hmacSecret, hmacHeader },
			options: chosen,
		} = receiving;
		if (hmacSecret !== undefined) verifySignature(request, hmacSecret, hmacHeader.toLowerCase());
		const decoded = request.method === 'GET' ? fromQuery(request, chosen.allowGet) : decodeBody(request);
		const sender = senderOf(decoded, receiving);
		const context = contextOf(decoded, receiving);
		const bodies: readonly unknown[] =
			Array.isArray(decoded.value) && decoded.value.length ? decoded.value.slice(0, mostBodies) : [decoded.value];
		const readings = bodies.flatMap((body): readonly Reading[] => sender.read(body, context));
		const events = readings
			.filter(({ event }) => passes(event, chosen))
			.map((reading) => happening(reading, receiving, context));
		const reply = mediaSaber.hint?.test(request.path) ? mediaSaber.reply : sender.reply;
		return { events, ...(reply && { reply }) } satisfies Received;
	},
});

/** Origins whose private addresses posters may be fetched from: those that the user named. Takes account and options. */
export function posterOrigins(...given: readonly Readonly<Record<string, unknown>>[]): string[] {
	const urls = given
		.map(({ serverUrl }) => serverUrl)
		.filter((one): one is string => typeof one === 'string' && URL.canParse(one));
	return [...new Set(urls.map((one) => new URL(one).origin))];
}

const mostBodies = 100;
const keyNames: ReadonlySet<string> = new Set(['apikey', 'token', 'key']);

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

function fromQuery({ query }: IncomingRequest, isAllowed: boolean): DecodedBody {
	if (!isAllowed) {
		throw new Refusal(
			405,
			{
				en: 'GET requests are not taken here: switch “Take GET requests” on, or let the sender use POST.',
				zh: '此处不接受 GET 请求：请开启“接受 GET 请求”，或让发送方使用 POST。',
			},
			{ allow: 'POST, PUT' },
		);
	}
	const values = Object.entries(query).filter(([name]) => !keyNames.has(name.toLowerCase()) && name !== '__proto__');
	return {
		value: values.length ? Object.fromEntries(values) : undefined,
		files: [],
		form: values.length ? 'form' : 'empty',
	};
}

function senderOf({ value, form }: DecodedBody, { request, options: { sender: chosen } }: Here): Sender {
	if (form === 'empty') {
		throw new Refusal(400, {
			en: 'The body is empty. (Tautulli sends nothing where its JSON template has a mistake in it.)',
			zh: '请求正文为空。（Tautulli 的 JSON 模板有误时会发送空正文。）',
		});
	}
	const sample: unknown = Array.isArray(value) ? value[0] : value;
	if (chosen !== 'auto') {
		const sender: Sender = senders.find(({ id }) => id === chosen) as Sender;
		if (sender.recognise(sample, request) > 0 || (sender.otherwise === 'own' && isObject(sample))) return sender;
		if (sender.otherwise === 'custom' && custom.recognise(sample, request) > 0)
			return { ...custom, reply: sender.reply };
		throw notUnderstood(sample, sender);
	}
	let best: Sender | undefined;
	let most = 0;
	for (const sender of senders as readonly Sender[]) {
		const sure = sender.recognise(sample, request);
		const score = sure > 0 ? sure + (isHinted(sender, request) ? 0.2 : 0) : 0;
		if (score > most) [best, most] = [sender, score];
	}
	if (!best) throw notUnderstood(sample);
	return best;
}

function isHinted(
	{ id, hint = new RegExp(`\\b${id}\\b`, 'i') }: Sender,
	{ path: asked, headers }: IncomingRequest,
): boolean {
	return hint.test(asked) || hint.test(headers['user-agent'] ?? '');
}

const isObject = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

function notUnderstood(value: unknown, sender?: Sender): Refusal {
	const keys = isObject(value)
		? Object.keys(value)
				.slice(0, 8)
				.map((key) => key.slice(0, 40))
		: [];
	const seen: Text = keys.length
		? { en: `an object with ${keys.join(', ')}`, zh: `含有 ${keys.join('、')} 的对象` }
		: isObject(value)
			? { en: 'an empty object', zh: '空对象' }
			: value === undefined
				? { en: 'an empty list', zh: '空列表' }
				: {
						en: value === null ? 'null' : `a ${Array.isArray(value) ? 'list' : typeof value}`,
						zh: value === null ? 'null' : `${Array.isArray(value) ? 'list' : typeof value} 类型的值`,
					};
	return sender
		? new Refusal(400, {
				en: `This is not what ${sender.name} sends: it is ${seen.en}.`,
				zh: `这不是 ${sender.zh} 的请求：收到的是${seen.zh}。`,
			})
		: new Refusal(400, {
				en: `The body is not understood: it is ${seen.en}.`,
				zh: `无法理解请求正文：收到的是${seen.zh}。`,
			});
}

function contextOf(
	{ files, form }: DecodedBody,
	{ request, account: { language, serverUrl, serverKey }, options: chosen, now }: Here,
): Context {
	const { timeZone, linkUrl, format = 'text' } = chosen;
	const mapping: Record<Mapped, string | undefined> = {
		title: chosen.customTitle,
		body: chosen.customBody,
		url: chosen.customUrl,
		image: chosen.customImage,
		to: chosen.customTo,
		level: chosen.customLevel,
		key: chosen.customKey,
		type: chosen.customType,
	};
	return {
		request,
		files,
		form,
		now: new Date(now).toISOString(),
		language,
		timeZone,
		serverUrl,
		serverKey,
		linkUrl,
		format,
		mapping,
	};
}

/** A filter judges what an event tells; what it does not tell is let through. */
function passes({ type, item, user }: MediaEvent, { events, kinds, libraries, users }: Here['options']): boolean {
	const named = (list: readonly string[], ...values: readonly (string | undefined)[]) => {
		const told = values.filter((value) => value !== undefined).map((value) => value.toLowerCase());
		return !list.length || !told.length || list.some((one) => told.includes(one.toLowerCase()));
	};
	if (events.length && !events.includes(isEventType(type) ? (type satisfies EventType) : 'other')) return false;
	if (kinds.length && item && !kinds.includes(item.kind satisfies ItemKind)) return false;
	// On additions Plex names the owner of the web hook, who did nothing.
	if (!type.startsWith('library.') && !named(users, user?.name, user?.id)) return false;
	if (!libraries.length || !item || (item.library === undefined && item.path === undefined)) return true;
	return (
		(item.library !== undefined && named(libraries, item.library)) ||
		libraries.some((one) => isWithin(item.path, one))
	);
}

function isWithin(file: string | undefined, folder: string): boolean {
	const slashed = (name: string) => `${name.replaceAll('\\', '/').replace(/\/+$/, '').toLowerCase()}/`;
	return file !== undefined && slashed(file).includes(/[/\\]/.test(folder) ? slashed(folder) : `/${slashed(folder)}`);
}

function happening(
	{ event, message }: Reading,
	{ account: { language }, options: { timeZone, titleTemplate, bodyTemplate, settle, askSeconds } }: Here,
	context: Context,
): Happening {
	const { item } = event;
	const isBare =
		event.type === 'library.added' &&
		item !== undefined &&
		item.overview === undefined &&
		Object.keys(item.ids).length === 0;
	const words = { language, timeZone, titleTemplate, bodyTemplate };
	const told = {
		event,
		message: composeEventMessage(event, words, message),
		raw: event.raw,
		key: keyOf(event, message),
		...(isBare && settle > 0 && { settle }),
	};
	const question = askSeconds > 0 ? questionAbout(event, context) : undefined;
	if (!question) return told;
	const fill = (answer: unknown) => {
		const { event: filled, whole } = filledIn(event, answer, context);
		// It stays the same happening, whatever is known of it.
		const said = { ...message, key: told.message.key };
		return { happening: { ...told, event: filled, message: composeEventMessage(filled, words, said) }, whole };
	};
	return { ...told, late: { ...question, within: askSeconds, fill } };
}

function isTimeZone(value: string): boolean {
	try {
		return new Intl.DateTimeFormat('en', { timeZone: value }).resolvedOptions().timeZone !== '';
	} catch {
		return false;
	}
}
