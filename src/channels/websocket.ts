import { randomUUID } from 'node:crypto';
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
	text,
	toggle,
	type Json,
	type Replies,
	type SendInput,
} from '../core/channel';
import type { Text } from '../core/language';
import { openSocket, type ClientSocket, type SocketOwner } from './shared/clientSocket';
import { bodyTemplate, contents, customJson, mustBeRecord, placeholdersOf, textForm } from './shared/customBody';
import { closeKeptSockets, keptSocket, untilAborted, type Endpoint } from './shared/keptSocket';
import { asWords, atPath, fillTemplate, isExpected, uses, type Placeholders } from './shared/template';

const account = {
	url: text('URL', {
		zh: '网址',
		secret: true,
		placeholder: 'wss://example.com/notify',
		check: (value) =>
			/^wss?:\/\/[^/]/i.test(value) && URL.canParse(value)
				? undefined
				: { en: 'must start with ws:// or wss://', zh: '必须以 ws:// 或 wss:// 开头' },
	}),
	headers: json('Headers', {
		zh: '请求头',
		optional: true,
		secret: true,
		placeholder: '{"Authorization": "Bearer …"}',
		help: { en: 'Of the handshake, a JSON object', zh: '握手请求头，JSON 对象' },
		check: mustBeRecord,
	}),
	protocols: list('Sub-protocols', {
		zh: '子协议',
		optional: true,
		check: (value) =>
			value.every((each) => /^[!#-'*+\-.^-z|~\w]+$/.test(each))
				? undefined
				: { en: 'must be names without spaces', zh: '必须是不含空格的名称' },
	}),
	connection: choice(
		'Connection',
		{ once: ['Opened for each message', '每条消息单独连接'], kept: ['Kept open', '保持连接'] },
		{
			zh: '连接方式',
			default: 'once',
			help: { en: 'A kept one comes back by itself when it breaks', zh: '保持的连接断开后会自动重连' },
		},
	),
	pingSeconds: number('Ping every (seconds)', {
		zh: '心跳间隔（秒）',
		default: 30,
		min: 0,
		max: 3600,
		help: { en: '0 sends none', zh: '0 表示不发送' },
		show: { connection: ['kept'] },
	}),
};

const waiting = { waitForAnswer: [true] };
const options = {
	content: choice('Body', contents, { zh: '消息体', default: 'message' }),
	body: multiline('Template', {
		zh: '模板',
		optional: true,
		...bodyTemplate,
		help: {
			en: `${bodyTemplate.help.en}; {id} is new for each message`,
			zh: `${bodyTemplate.help.zh}；{id} 每条消息各不相同`,
		},
		show: { content: ['template'] },
	}),
	bodyType: choice(
		'Send as',
		{ json: ['JSON', 'JSON'], text: ['Text', '纯文本'] },
		{ zh: '发送格式', default: 'json' },
	),
	textForm,
	closeCode: number('Close code', {
		zh: '关闭码',
		default: 1000,
		integer: true,
		check: (value) =>
			value === 1000 || (value >= 3000 && value <= 4999)
				? undefined
				: { en: 'must be 1000 or 3000 to 4999', zh: '必须是 1000 或 3000 至 4999' },
	}),
	waitForAnswer: toggle('Wait for an answer', { zh: '等待应答' }),
	answerSeconds: number('Wait for (seconds)', {
		zh: '等待时长（秒）',
		default: 10,
		min: 0.1,
		max: 600,
		show: waiting,
	}),
	answerIdPath: text('JSON path of the id', {
		zh: 'ID 路径',
		optional: true,
		placeholder: 'id',
		help: { en: 'Only an answer that repeats {id} there counts', zh: '只接受该位置与 {id} 相同的应答' },
		show: waiting,
	}),
	successPath: text('Success JSON path', {
		zh: '成功判断路径',
		optional: true,
		placeholder: 'data.code',
		help: {
			en: 'Answers without it are passed over; empty takes any',
			zh: '没有该路径的应答会被忽略；留空则任意应答皆可',
		},
		show: waiting,
	}),
	successValues: list('Success values', {
		zh: '成功值',
		optional: true,
		placeholder: '0, ok',
		help: {
			en: 'Empty: anything but false, 0, null and an empty text',
			zh: '留空：除 false、0、null 和空文本外皆可',
		},
		show: waiting,
	}),
	errorPath: text('Error JSON path', { zh: '错误信息路径', optional: true, placeholder: 'message', show: waiting }),
};

type Input = SendInput<typeof account, typeof options>;

const name = { en: 'WebSocket', zh: 'WebSocket' };
const replies: Replies = {
	as: 'any',
	errors: [
		{
			code: [401, 403],
			is: 'Unauthorized',
			do: {
				en: 'The server refused the handshake: check the headers and keys.',
				zh: '服务器拒绝握手：请检查请求头与密钥。',
			},
		},
		{
			code: 404,
			is: 'Invalid',
			field: 'url',
			do: { en: 'There is nothing at this path: check the URL.', zh: '该路径不存在：请检查网址。' },
		},
	],
};

/** ms that a server has to answer our taking leave. */
const leave = 1_500;

/** One text frame to any WebSocket server. */
export const websocket = defineChannel({
	id: 'websocket',
	name: 'WebSocket',
	zh: 'WebSocket',
	docs: 'https://developer.mozilla.org/docs/Web/API/WebSockets_API',
	aliases: ['ws', 'wss', 'BetterGI', '推送'],
	transport: 'websocket',
	renders: ({ options: { textForm: form, content, body } }) => ({
		markup: form === 'source' ? 'markdown' : form,
		limit: bytes(10_000_000),
		single: true,
		title: bytes(100_000),
		image: content === 'betterGi' || uses(body, 'imageBase64') ? 'bytes' : 'both',
		attachments: 'both',
		buttons: { most: 1_000, values: true },
		fields: 10_000,
		mentions: true,
		level: true,
		url: true,
	}),
	replies,
	account,
	target: {
		label: 'Recipient',
		zh: '接收者',
		help: { en: 'What {to} stands for', zh: '占位符 {to} 的值' },
		optional: true,
	},
	options,

	async send(input) {
		const { account, options, message, to, step, now } = input;
		const id = await step('id', async () => randomUUID());
		const values = { ...placeholdersOf(message, to, options.textForm, now()), id };
		const frame = frameOf(input, values);
		const endpoint = endpointOf(account);
		if (account.connection === 'kept') {
			const socket = await keptSocket(ownerOf(input), endpoint);
			const answer = await exchange(input, socket, frame, id);
			if (!options.waitForAnswer) await flushed(socket, input.signal);
			return { id, raw: answer };
		}
		const socket = await openSocket(ownerOf(input), endpoint.url, endpoint.headers, endpoint.protocols);
		try {
			const answer = await exchange(input, socket, frame, id);
			const warnings = await takeLeave(socket, options.closeCode, options.waitForAnswer);
			return { id, raw: answer, warnings };
		} finally {
			socket.close();
		}
	},

	/** Shakes hands and goes. */
	async verify(input) {
		const { url, headers, protocols } = endpointOf(input.account);
		const socket = await openSocket(ownerOf(input), url, headers, protocols);
		socket.close(1000);
		await Promise.race([socket.closed, pause(leave)]);
	},

	close: closeKeptSockets,
});

const ownerOf = ({ account: network, signal }: Pick<SocketOwner, 'account' | 'signal'>): SocketOwner => ({
	name,
	replies,
	account: network,
	signal,
});

function endpointOf({ url, headers, protocols, pingSeconds }: Input['account']): Endpoint {
	const given = Object.entries((headers ?? {}) as Record<string, Json>).map(
		([header, value]) => [header, asWords(value)] as const,
	);
	for (const [header, value] of given) {
		if (
			/^[\w!#$%&'*+.^`|~-]+$/.test(header) &&
			/^[\t\x20-\x7e]*$/.test(value) &&
			!/^(connection|upgrade|host|sec-websocket-.*)$/i.test(header)
		)
			continue;
		throw invalid('headers', {
			en: `The header “${header}” cannot be sent: it holds what no header may, or belongs to the handshake itself.`,
			zh: `请求头“${header}”无法发送：含有请求头不允许的内容，或属于握手本身。`,
		});
	}
	return { url, headers: Object.fromEntries(given), protocols, pingSeconds: pingSeconds ?? 0 };
}

function frameOf({ options: { content, body, bodyType }, message, to }: Input, values: Placeholders): string {
	if (bodyType === 'text' && content === 'template' && body) return fillTemplate(body, 'text', values);
	if (bodyType === 'text' && content !== 'betterGi' && content !== 'mediaSaber')
		return [values.title, values.body].filter(Boolean).join('\n\n');
	return JSON.stringify(customJson(content, body, message, to, values));
}

/** Sends, and waits for the answer where one is wanted. */
async function exchange(input: Input, socket: ClientSocket, frame: string, id: string): Promise<unknown> {
	const { options, signal } = input;
	signal.throwIfAborted();
	if (!options.waitForAnswer) {
		socket.send(frame);
		return undefined;
	}
	// Whoever listens only after sending may miss a quick answer.
	const answer = socket.next((words) => accept(options, words, id), options.answerSeconds * 1000);
	socket.send(frame);
	try {
		return (await untilAborted(answer, signal, true)).answer;
	} catch (error) {
		if (!(error instanceof ChannelError) || error.code !== 'ECONNRESET') throw error;
		throw refusalOf(await socket.closed) ?? error;
	}
}

/** An answer that counts; undefined passes it over. @throws ChannelError where it says no */
function accept(
	{ answerIdPath, successPath, successValues, errorPath }: Input['options'],
	words: string,
	id: string,
): { answer: unknown } | undefined {
	const answer = parsed(words);
	if (answerIdPath && asWords(atPath(answer, answerIdPath) as Json) !== id) return undefined;
	if (!successPath) return { answer };
	const value = atPath(answer, successPath);
	if (value === undefined) return undefined;
	if (isExpected(value, successValues)) return { answer };
	const [found, said] = [
		asWords(value as Json).slice(0, 100),
		asWords(atPath(answer, errorPath ?? 'message') as Json).slice(0, 300),
	];
	throw new ChannelError(
		'Rejected',
		{
			en: `The server said no: “${successPath}” is “${found}” in its answer.${said && ` It says: “${said}”.`} Check the message and the keys.`,
			zh: `服务器拒绝了消息：应答中“${successPath}”为“${found}”。${said && `对方说明：“${said}”。`}请检查消息与密钥。`,
		},
		{ code: found },
	);
}

function parsed(words: string): unknown {
	try {
		return JSON.parse(words);
	} catch {
		// A server may answer in plain words.
		return words;
	}
}

const pause = (ms: number) => new Promise<undefined>((resolve) => setTimeout(resolve, ms, undefined).unref());

/** The server's taking leave in turn shows that it has read what came before. */
async function takeLeave(socket: ClientSocket, closeCode: number, answered: boolean): Promise<Text[]> {
	socket.close(closeCode);
	const code = await Promise.race([socket.closed, pause(leave)]);
	if (answered) return [];
	if (code === undefined)
		return [
			{
				en: 'The server did not take leave in turn, so it is not certain that it read the message.',
				zh: '服务器未回应关闭握手，无法确定其已读取消息。',
			},
		];
	if (code !== closeCode) throwIfEnded(code);
	return [];
}

/** Until the frame is with the network. */
async function flushed(socket: ClientSocket, signal: AbortSignal): Promise<void> {
	let ended: number | undefined;
	const note = (code?: number) => (ended = code);
	socket.closed.then(note, note);
	do {
		await untilAborted(pauseHeld(5), signal, true);
		if (ended !== undefined) throwIfEnded(ended);
	} while (socket.unsent() > 0);
}

const pauseHeld = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Codes by which a server says that it does not want us. */
function refusalOf(code: number): ChannelError | undefined {
	if (code !== 1002 && code !== 1003 && (code < 1007 || code > 1011) && (code < 3000 || code > 4999))
		return undefined;
	return new ChannelError(
		code === 1008 ? 'Unauthorized' : 'Rejected',
		{
			en: `The server ended the connection with code ${code}: it does not want this message or this sender. Check the body, the headers and the keys.`,
			zh: `服务器以代码 ${code} 关闭了连接：不接受该消息或发送者。请检查消息体、请求头与密钥。`,
		},
		{ code: String(code) },
	);
}

function throwIfEnded(code: number): void {
	const refusal = refusalOf(code);
	if (refusal) throw refusal;
	if (code !== 1006) return;
	throw new ChannelError(
		'Unreachable',
		{
			en: 'The connection broke while the message was on its way, so it is not known whether it arrived. Check the server and the network.',
			zh: '消息发送途中连接中断，无法确定是否送达。请检查服务器与网络。',
		},
		{ code: 'ECONNRESET', unknown: true },
	);
}
