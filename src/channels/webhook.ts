import { createHmac } from 'node:crypto';
import {
	bytes,
	ChannelError,
	choice,
	defineChannel,
	invalid,
	json,
	list,
	multiline,
	number,
	secret,
	text,
	toggle,
	type Json,
	type SendInput,
} from '../core/channel';
import { retryAfterOf, type Ask, type Reply } from '../core/http';
import {
	bodyTemplate,
	contents,
	customJson,
	isRecord,
	mustBeRecord,
	placeholders,
	placeholdersOf,
	textForm,
} from './shared/customBody';
import { multipart } from './shared/multipart';
import {
	asWords,
	atPath,
	fillDeep,
	fillTemplate,
	isExpected,
	uses,
	wellFormed,
	type Placeholders,
} from './shared/template';

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
	headers: json('Headers', {
		zh: '请求头',
		optional: true,
		secret: true,
		placeholder: '{"X-Api-Key": "…"}',
		help: { en: 'A JSON object. Values may hold placeholders', zh: 'JSON 对象。值中可用占位符' },
		check: mustBeRecord,
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

const withBody = { method: ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'other'] };
const ownBody = { ...withBody, content: ['template'] };
const options = {
	method: choice(
		'Method',
		{
			POST: ['POST', 'POST'],
			GET: ['GET', 'GET'],
			PUT: ['PUT', 'PUT'],
			PATCH: ['PATCH', 'PATCH'],
			DELETE: ['DELETE', 'DELETE'],
			HEAD: ['HEAD', 'HEAD'],
			OPTIONS: ['OPTIONS', 'OPTIONS'],
			other: ['Other', '其他'],
		},
		{ zh: '请求方法', default: 'POST' },
	),
	otherMethod: text('Method name', {
		zh: '方法名称',
		placeholder: 'REPORT',
		show: { method: ['other'] },
		check: (value) =>
			/^[A-Z][A-Z-]*$/.test(value) && value !== 'CONNECT'
				? undefined
				: {
						en: 'must be a method in capital letters, not CONNECT',
						zh: '必须是大写的请求方法，且不能是 CONNECT',
					},
	}),
	path: text('Path', {
		zh: '路径',
		optional: true,
		placeholder: '/send?text={body}',
		help: { en: `Put behind the account’s URL. ${placeholders.en}`, zh: `接在账号的网址之后。${placeholders.zh}` },
	}),
	query: json('Query', {
		zh: '查询参数',
		optional: true,
		placeholder: '{"title": "{title}", "text": "{body}"}',
		help: {
			en: 'A JSON object. GET without placeholders in the URL sends title, body and what else the message has',
			zh: 'JSON 对象。GET 请求的网址中没有占位符时，自动附上标题、正文及消息的其他内容',
		},
		check: mustBeRecord,
	}),
	headers: json('More headers', {
		zh: '更多请求头',
		optional: true,
		check: mustBeRecord,
	}),
	content: choice('Body', contents, { zh: '请求体', default: 'message', show: withBody }),
	body: multiline('Template', { zh: '模板', optional: true, ...bodyTemplate, show: ownBody }),
	bodyType: choice(
		'Send as',
		{
			json: ['JSON', 'JSON'],
			form: ['Form', '表单'],
			multipart: ['Multipart form with files', '带文件的 multipart 表单'],
			text: ['Text', '纯文本'],
		},
		{ zh: '发送格式', default: 'json', show: withBody },
	),
	contentType: text('Content type', {
		zh: 'Content-Type',
		default: 'text/plain; charset=utf-8',
		show: { ...withBody, bodyType: ['text'] },
	}),
	imageField: text('Image field', {
		zh: '图片字段名',
		default: 'image',
		show: { ...withBody, bodyType: ['multipart'] },
	}),
	attachmentField: text('Attachment field', {
		zh: '附件字段名',
		default: 'attachment',
		help: { en: 'The second attachment goes as attachment2, and so on', zh: '第二个附件为 attachment2，依此类推' },
		show: { ...withBody, bodyType: ['multipart'] },
	}),
	textForm,
	maxBytes: number('Longest text (bytes)', {
		zh: '正文上限（字节）',
		optional: true,
		min: 20,
		integer: true,
		show: { textForm: ['plain', 'markdown', 'mailHtml'] },
	}),
	successStatus: list('Success statuses', {
		zh: '成功状态码',
		default: ['200-299'],
		help: { en: 'Such as 200, 201, 300-399', zh: '例如 200, 201, 300-399' },
		check: (value) =>
			value.every((range) => /^[1-5]\d\d(\s*-\s*[1-5]\d\d)?$/.test(range))
				? undefined
				: { en: 'must be HTTP statuses or ranges of them', zh: '必须是 HTTP 状态码或其范围' },
	}),
	successPath: text('Success JSON path', {
		zh: '成功判断路径',
		optional: true,
		placeholder: 'data.code',
		help: {
			en: 'A place in the JSON answer that must hold one of the values below',
			zh: 'JSON 应答中必须等于下列值之一的位置',
		},
	}),
	successValues: list('Success values', {
		zh: '成功值',
		optional: true,
		placeholder: '0, ok',
		help: {
			en: 'Empty: anything but false, 0, null and an empty text',
			zh: '留空：除 false、0、null 和空文本外皆可',
		},
	}),
	errorPath: text('Error JSON path', {
		zh: '错误信息路径',
		optional: true,
		placeholder: 'message',
		help: { en: 'Where the answer says what is wrong', zh: '应答中说明错误的位置' },
	}),
	idPath: text('Id JSON path', { zh: '消息 ID 路径', optional: true, placeholder: 'data.id' }),
};

type Input = SendInput<typeof account, typeof options>;

/** Any address that takes a request. */
export const webhook = defineChannel({
	id: 'webhook',
	name: 'Webhook',
	zh: '自定义 Webhook',
	docs: 'https://developer.mozilla.org/docs/Web/HTTP',
	aliases: ['custom', 'http', 'GET', 'POST', 'BetterGI', '自定义', '回调', '推送'],
	renders: ({ options: { textForm, maxBytes, content, bodyType, body } }) => ({
		markup: textForm === 'source' ? 'markdown' : textForm,
		limit: bytes(maxBytes ?? 10_000_000),
		single: maxBytes === undefined ? true : undefined,
		title: bytes(100_000),
		image: bodyType === 'multipart' || content === 'betterGi' || uses(body, 'imageBase64') ? 'bytes' : 'both',
		attachments: bodyType === 'multipart' ? 'bytes' : 'both',
		buttons: { most: 1_000, values: true },
		fields: 10_000,
		mentions: true,
		level: true,
		url: true,
	}),
	replies: { as: 'any' },
	account,
	target: {
		label: 'Recipient',
		zh: '接收者',
		help: { en: 'What {to} stands for', zh: '占位符 {to} 的值' },
		optional: true,
	},
	options,

	async send(input) {
		const { account, options, http } = input;
		const { successStatus, idPath } = options;
		const method = options.method === 'other' ? options.otherMethod! : options.method;
		const values = placeholdersOf(input.message, input.to, options.textForm, input.now());
		const address = addressOf(input, values);
		const { headers, body } = await contentOf(input, method, values);
		if (account.signingSecret) Object.assign(headers, signature(input, body ?? new Uint8Array()));
		// The default range is what every service means by yes; with another one the status is judged here.
		const raw = successStatus.join() !== '200-299';
		const reply = await http.call(method, address, {
			headers,
			body,
			raw,
			// A GET that sends a message is none that may be sent twice.
			idempotent: method === 'PUT' || method === 'OPTIONS' || method === 'HEAD',
		} satisfies Ask);
		judge(input, reply);
		const id = idPath && asWords(atPath(reply.json, idPath) as Json);
		return { id: id || undefined, raw: reply.json ?? reply.text };
	},
});

const withScheme = (address: string) => (/^[a-z][a-z0-9+.-]*:\/\//i.test(address) ? address : `https://${address}`);

/** The account's URL with path and query put on, everything within it percent-encoded. */
function addressOf({ account, options }: Input, values: Placeholders): string {
	const template = withScheme(account.baseUrl);
	const [, front = '', query = '', fragment = ''] = /^([^?#]*)(\?[^#]*)?(#.*)?$/s.exec(template) ?? [];
	const [, path = '', more = ''] = /^([^?]*)(\?.*)?$/s.exec(options.path ?? '') ?? [];
	const joined = path && `${path.startsWith('/') ? '' : '/'}${path}`;
	const whole = [
		front.replace(joined ? /\/+$/ : /$^/, '') + joined,
		[query.slice(1), more.slice(1)].filter(Boolean).join('&'),
	]
		.filter(Boolean)
		.join('?');
	const filled = fillTemplate(whole, 'url', values);
	if (/\/\.{1,2}(?=[/?]|$)/.test(filled) && !/\/\.{1,2}(?=[/?]|$)/.test(whole)) {
		throw invalid('baseUrl', {
			en: 'A value of “.” or “..” cannot stand in the path of a URL: put its placeholder into the query.',
			zh: '值“.”或“..”不能放在网址路径中：请把占位符放到查询参数里。',
		});
	}
	const address = new URL(filled + fragment);
	const automatic =
		(options.method === 'GET' || options.method === 'HEAD') && options.query === undefined && filled === whole;
	const query_ = automatic
		? flat(values)
		: Object.entries((options.query ?? {}) as Record<string, Json>).map(
				([name, value]) => [name, asWords(fillDeep(value, 'text', values))] as const,
			);
	for (const [name, value] of query_) address.searchParams.append(name, wellFormed(value));
	return address.href;
}

/** What of a message fits into name–value pairs; title and body always, the rest where there is any. */
function flat(values: Placeholders): [string, string][] {
	const pairs = ['title', 'body', 'url', 'image', 'level', 'type', 'to', 'key', 'time'].map(
		(name) => [name, asWords(values[name])] as [string, string],
	);
	return pairs.filter(([name, value]) => name === 'body' || value !== '');
}

async function contentOf(
	input: Input,
	method: string,
	values: Placeholders,
): Promise<{ headers: Record<string, string>; body?: Uint8Array }> {
	const { account, options, message } = input;
	const headers: Record<string, string> = {};
	if (account.auth === 'basic')
		headers.authorization = `Basic ${Buffer.from(`${account.username}:${account.password ?? ''}`).toString('base64')}`;
	if (account.auth === 'bearer') headers.authorization = `Bearer ${account.token}`;
	const own = { ...headersOf('headers', account.headers, values), ...headersOf('headers', options.headers, values) };
	if (method === 'GET' || method === 'HEAD') return { headers: { ...headers, ...own } };
	const { bodyType, body: template = '', content } = options;
	if (bodyType === 'json') {
		return {
			headers: { ...headers, 'content-type': 'application/json; charset=utf-8', ...own },
			body: Buffer.from(JSON.stringify(customJson(content, template, message, input.to, values))),
		};
	}
	if (bodyType === 'text') {
		const words =
			content === 'template' && template
				? fillTemplate(template, 'text', values)
				: content === 'message' || content === 'template'
					? [values.title, values.body].filter(Boolean).join('\n\n')
					: JSON.stringify(customJson(content, template, message, input.to, values));
		return { headers: { ...headers, 'content-type': options.contentType, ...own }, body: Buffer.from(words) };
	}
	// A template of a form is a JSON object, or `name=value` pairs, joined by & or one a line.
	const pairs =
		content === 'template' && template && !/^\s*\{\s*(["}])/.test(template)
			? [...new URLSearchParams(fillTemplate(template.trim().replace(/\s*\n\s*/g, '&'), 'form', values))]
			: pairsOf(customJson(content, template, message, input.to, values));
	if (bodyType === 'form') {
		return {
			headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded', ...own },
			body: Buffer.from(new URLSearchParams(pairs).toString()),
		};
	}
	const files = [...(message.image ? [message.image] : []), ...message.attachments].map((file, index) => {
		const isImage = file === message.image;
		const number = index - (message.image ? 1 : 0);
		return [isImage ? options.imageField : `${options.attachmentField}${number ? number + 1 : ''}`, file] as const;
	});
	const sent = files.flatMap(([name, { name: fileName, mime, data }]) =>
		data ? [[name, { name: fileName, mime, data }] as const] : [],
	);
	// The files themselves stand for what would name them.
	const named = new Set(['attachments', ...sent.map(([name]) => name)]);
	const { type, body } = await multipart([...pairs.filter(([name]) => !named.has(name)), ...sent]);
	return { headers: { ...headers, ...own, 'content-type': type }, body };
}

function pairsOf(value: Json): [string, string][] {
	if (!isRecord(value))
		throw invalid('body', {
			en: 'A form needs a JSON object of names and values, or name=value pairs.',
			zh: '表单需要由名称和值组成的 JSON 对象，或 name=value 形式。',
		});
	return Object.entries(value as Record<string, Json>).map(([name, each]) => [name, wellFormed(asWords(each))]);
}

/** These belong to the connection, not to the message. */
const framing = /^(connection|content-length|transfer-encoding|host|upgrade|keep-alive|expect|te|trailer)$/i;

function headersOf(field: string, given: Json | undefined, values: Placeholders): Record<string, string> {
	const filled: Record<string, string> = {};
	for (const [name, template] of Object.entries((given ?? {}) as Record<string, Json>)) {
		const value = fillTemplate(asWords(template), 'header', values);
		const refused =
			!/^[\w!#$%&'*+.^`|~-]+$/.test(name) || framing.test(name)
				? 'name'
				: /[^\t\x20-\x7e]/.test(value)
					? 'value'
					: undefined;
		if (refused)
			throw invalid(field, {
				en: `The header “${name}” cannot be sent: its ${refused} holds what no header may, or belongs to the connection. Write other than ASCII percent-encoded.`,
				zh: `请求头“${name}”无法发送：其${refused === 'name' ? '名称' : '值'}含有请求头不允许的内容，或属于连接本身。非 ASCII 字符请先百分号编码。`,
			});
		filled[name.toLowerCase()] = value;
	}
	return filled;
}

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
function judge({ options }: Input, { status, json: answer, text: words, headers }: Reply): void {
	const { successStatus, successPath, successValues, errorPath } = options;
	const listed = successStatus.some((range) => {
		const [from, to = from] = range.split('-').map(Number) as [number, number?];
		return status >= from && status <= to!;
	});
	const found = successPath && atPath(answer, successPath);
	if (listed && (!successPath || isExpected(found, successValues))) return;
	const said = asWords(atPath(answer, errorPath ?? 'message') as Json) || (/^\s*</.test(words) ? '' : words.trim());
	const quote = {
		en: said && ` It says: “${said.slice(0, 300)}”.`,
		zh: said && `对方说明：“${said.slice(0, 300)}”。`,
	};
	if (!listed) {
		const errorClass =
			status === 401 || status === 403
				? 'Unauthorized'
				: status === 429
					? 'RateLimited'
					: status === 408 || status >= 500
						? 'Unreachable'
						: 'Rejected';
		throw new ChannelError(
			errorClass,
			{
				en: `The webhook answered HTTP ${status}, which is none of the success statuses.${quote.en} Check the URL, the authentication and the body.`,
				zh: `Webhook 返回 HTTP ${status}，不在成功状态码之列。${quote.zh}请检查网址、认证和请求体。`,
			},
			{ code: String(status), status, retryAfter: retryAfterOf({ headers }) },
		);
	}
	if (answer === undefined) {
		throw new ChannelError(
			'Unexpected',
			{
				en: `The webhook’s answer is not JSON, so “${successPath}” cannot be read from it and it is not known whether the message was taken. Check the URL, or clear the success path.`,
				zh: `Webhook 的应答不是 JSON，无法读取“${successPath}”，不能确定消息是否被接收。请检查网址，或清空成功判断路径。`,
			},
			{ code: String(status), status },
		);
	}
	const value = asWords(found as Json);
	throw new ChannelError(
		'Rejected',
		{
			en: `The webhook said no: “${successPath}” is “${value.slice(0, 100)}” in its answer${successValues.length ? ` instead of ${successValues.join(', ')}` : ''}.${quote.en} Check the URL, the keys and the body.`,
			zh: `Webhook 拒绝了请求：应答中“${successPath}”为“${value.slice(0, 100)}”${successValues.length ? `，应为 ${successValues.join('、')}` : ''}。${quote.zh}请检查网址、密钥和请求体。`,
		},
		{ code: value.slice(0, 100) || String(status), status },
	);
}
