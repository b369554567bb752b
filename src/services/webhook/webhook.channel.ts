import { createHmac } from 'node:crypto';
import {
	bytes,
	ChannelError,
	choice,
	defineChannel,
	secret,
	text,
	toggle,
	type Lost,
	type Json,
	type Rendered,
	type SendInput,
} from '../../core/define/channel';
import { classOf, retryAfterOf, type Reply } from '../../core/http/http';
import { quoted, saidNo, saysYes } from './answer';
import { customRenders, placeholders, placeholdersOf, recipient } from './body';
import { fixedForm, lostIn } from './losses';
import { customHeaders } from './headers';
import { header, namedSecrets, type Named } from '../../core/define/fields/named';
import { asWords, atPath, fillTemplate, type Placeholders } from './template';
import { webhookOptions, type WebhookOptions } from './options';
import { addressOf, bodyOf, withScheme } from './request';

const account = {
	// Not `url`: a slash at the end and a key in the query are part of somebody else’s address.
	baseUrl: text('URL', {
		zh: '网址',
		secret: true,
		placeholder: 'https://example.com/hooks/abc?title={title}',
		help: { en: `The whole address. ${placeholders.en}`, zh: `完整地址。${placeholders.zh}` },
		check: (value) =>
			/^https?:\/\/[^/?#{}$\s]+(?=[/?#]|$)/i.test(withScheme(value)) && URL.canParse(withScheme(value))
				? undefined
				: {
						en: 'must be a web address such as https://example.com/hook; its host may hold no placeholder',
						zh: '必须是网址，例如 https://example.com/hook；主机名中不能有占位符',
					},
	}),
	auth: choice(
		'Authentication',
		{
			none: ['None, or in the headers', '无，或写在请求头中'],
			basic: ['Basic', 'Basic'],
			bearer: ['Bearer token', 'Bearer 令牌'],
		},
		{ zh: '认证', default: 'none' },
	),
	username: text('User name', { zh: '用户名', show: { auth: ['basic'] } }),
	password: secret('Password', { zh: '密码', optional: true, show: { auth: ['basic'] } }),
	token: secret('Token', { zh: '令牌', show: { auth: ['bearer'] } }),
	headers: namedSecrets('Headers', {
		zh: '请求头',
		row: header,
		placeholder: 'X-Api-Key',
		help: { en: 'Values may hold placeholders', zh: '值中可用占位符' },
	}),
	signingSecret: secret('Signing secret', {
		zh: '签名密钥',
		optional: true,
		help: { en: 'Signs the body: sha256=<hex HMAC-SHA256>', zh: '对请求体签名：sha256=<十六进制 HMAC-SHA256>' },
	}),
	signatureHeader: text('Signature header', { zh: '签名请求头', default: 'X-Signature-256' }),
	signTimestamp: toggle('Sign the time too', {
		zh: '同时签名时间戳',
		help: {
			en: 'Sends X-Timestamp (seconds) and signs “<timestamp>.<body>”, so that a request cannot be replayed later',
			zh: '发送 X-Timestamp（秒）并对“<时间戳>.<请求体>”签名，防止请求被重放',
		},
	}),
};

type Input = SendInput<typeof account, typeof webhookOptions>;

/** Any address that takes a request. */
export const webhook = defineChannel({
	id: 'webhook',
	set: 'web',
	name: 'Webhook',
	zh: '自定义 Webhook',
	docs: 'https://developer.mozilla.org/docs/Web/HTTP',
	aliases: ['custom', 'http', 'GET', 'POST', 'BetterGI', '自定义', '回调', '推送'],
	takesFiles: true,
	silent: true,
	edit: 'byKey',
	renders: ({ options }) => ({
		...customRenders(options),
		...(options.maxBytes !== undefined && { limit: bytes(options.maxBytes), single: undefined }),
		...(options.bodyType === 'multipart' && { image: 'bytes', attachments: 'bytes' }),
	}),
	replies: { as: 'any' },
	account,
	target: recipient,
	options: webhookOptions,

	async send(input) {
		const { account, options, http, message, to, now } = input;
		const method = options.method === 'other' ? options.otherMethod! : options.method;
		const values = placeholdersOf(message, to, options.textForm, now());
		const content = method === 'GET' || method === 'HEAD' ? undefined : await bodyOf(options, message, to, values);
		const headers = {
			...(content && { 'content-type': content.type }),
			...authorization(account),
			...headersOf('headers', account.headers, values),
			...headersOf('headers', options.headers, values),
			// The boundary of a multipart form stands in its type.
			...(content && options.bodyType === 'multipart' && { 'content-type': content.type }),
			...(account.signingSecret && signature(input, content?.body ?? new Uint8Array())),
		};
		const { href, automatic } = addressOf(account.baseUrl, options, values);
		const reply = await http.call(method, href, {
			headers,
			body: content?.body,
			// The default range is what every service means by yes; with another one the status is judged here.
			raw: options.successStatus.join() !== '200-299',
			// A GET that sends a message is none that may be sent twice.
			idempotent: method === 'PUT' || method === 'OPTIONS' || method === 'HEAD',
		});
		judge(options, reply);
		const id = options.idPath && asWords(atPath(reply.json, options.idPath) as Json);
		return { id: id || undefined, raw: reply.json ?? reply.text, degraded: lostOf(options, message, automatic) };
	},
});

/** A template loses nothing: whoever wrote it chose. */
function lostOf({ content, body, bodyType, method }: WebhookOptions, message: Rendered, automatic: boolean): Lost[] {
	if (automatic) return lostIn('query', message);
	if (method === 'GET' || method === 'HEAD') return [];
	const lost = lostIn(fixedForm(content, body, bodyType), message);
	// Files are parts beside the text.
	return bodyType === 'multipart' ? lost.filter(({ kind }) => kind !== 'image' && kind !== 'attachments') : lost;
}

function authorization({ auth, username, password = '', token }: Input['account']): Record<string, string> {
	if (auth === 'none') return {};
	const basic = () => Buffer.from(`${username}:${password}`).toString('base64');
	return { authorization: auth === 'basic' ? `Basic ${basic()}` : `Bearer ${token}` };
}

/** These belong to the connection, not to the message. */
const framing = /^(connection|content-length|transfer-encoding|host|upgrade|keep-alive|expect|te|trailer)$/i;

const headersOf = (field: string, given: readonly Named[], values: Placeholders): Record<string, string> =>
	Object.fromEntries(
		customHeaders(field, given, framing, (template) => fillTemplate(template, 'header', values)).map(
			([name, value]) => [name.toLowerCase(), value],
		),
	);

function signature({ account, now }: Input, body: Uint8Array): Record<string, string> {
	const timestamp = String(Math.floor(now() / 1000));
	const hmac = createHmac('sha256', account.signingSecret!);
	if (account.signTimestamp) hmac.update(`${timestamp}.`);
	return {
		[account.signatureHeader.toLowerCase()]: `sha256=${hmac.update(body).digest('hex')}`,
		...(account.signTimestamp && { 'x-timestamp': timestamp }),
	};
}

/** Yes is a status that was listed, and where a JSON path is given, one of its values. */
function judge(options: WebhookOptions, reply: Reply): void {
	const { status, json: answer, text: words } = reply;
	const listed = options.successStatus.some((range) => {
		const [from, to = from] = range.split('-').map(Number) as [number, number?];
		return status >= from && status <= to!;
	});
	if (listed && saysYes(options, answer)) return;
	if (!listed) {
		const quote = quoted(options, answer, words);
		throw new ChannelError(
			classOf(status),
			{
				en: `The webhook answered HTTP ${status}, which is none of the success statuses.${quote.en} Check the URL, the authentication and the body.`,
				zh: `Webhook 返回 HTTP ${status}，不在成功状态码之列。${quote.zh}请检查网址、认证和请求体。`,
			},
			{ code: String(status), status, retryAfter: retryAfterOf(reply) },
		);
	}
	if (answer !== undefined) throw saidNo({ en: 'The webhook', zh: 'Webhook ' }, options, answer, reply);
	throw new ChannelError(
		'Unexpected',
		{
			en: `The webhook’s answer is not JSON, so “${options.successPath}” cannot be read from it and it is not known whether the message was taken. Check the URL, or clear the success path.`,
			zh: `Webhook 的应答不是 JSON，无法读取“${options.successPath}”，不能确定消息是否被接收。请检查网址，或清空成功判断路径。`,
		},
		{ code: String(status), status },
	);
}
