import { randomUUID } from 'node:crypto';
import {
	ChannelError,
	choice,
	defineChannel,
	list,
	multiline,
	number,
	text,
	toggle,
	type Json,
	type Replies,
	type SendInput,
} from '../../core/define/channel';
import { openSocket, type ClientSocket, type SocketOwner } from '../../core/sockets/client';
import { answerFields, saidNo, saysYes } from './answer';
import { bodyTemplate, contents, customJson, customRenders, placeholdersOf, recipient, textForm } from './body';
import { fixedForm, lostIn } from './losses';
import { customHeaders } from './headers';
import { closeKeptSockets, keptSocket, untilAborted, type Endpoint } from '../../core/sockets/kept';
import { header, namedSecrets } from '../../core/define/fields/named';
import { flushed, refusalOf, takeLeave } from './socketEnd';
import { asWords, atPath, fillTemplate, type Placeholders } from './template';

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
	headers: namedSecrets('Headers', {
		zh: '请求头',
		row: header,
		placeholder: 'Authorization',
		help: { en: 'Of the handshake', zh: '握手时发送' },
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
	...answerFields(
		{
			en: 'Answers without it are passed over; empty takes any',
			zh: '没有该路径的应答会被忽略；留空则任意应答皆可',
		},
		undefined,
		waiting,
	),
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

/** One text frame to any WebSocket server. */
export const websocket = defineChannel({
	id: 'websocket',
	set: 'web',
	name: 'WebSocket',
	zh: 'WebSocket',
	docs: 'https://developer.mozilla.org/docs/Web/API/WebSockets_API',
	aliases: ['ws', 'wss', 'BetterGI', '推送'],
	transport: 'websocket',
	takesFiles: true,
	silent: true,
	edit: 'byKey',
	renders: ({ options }) => customRenders(options),
	replies,
	account,
	target: recipient,
	options,

	async send(input) {
		const { account, options, message, to, step, now } = input;
		const id = await step('id', async () => randomUUID());
		const values = { ...placeholdersOf(message, to, options.textForm, now()), id };
		const frame = frameOf(input, values);
		const degraded = lostIn(fixedForm(options.content, options.body, options.bodyType), message);
		const endpoint = endpointOf(account);
		if (account.connection === 'kept') {
			const socket = await keptSocket(ownerOf(input), endpoint);
			const answer = await exchange(input, socket, frame, id);
			if (!options.waitForAnswer) await flushed(socket, input.signal);
			return { id, raw: answer, degraded };
		}
		const socket = await openSocket(ownerOf(input), endpoint.url, endpoint.headers, endpoint.protocols);
		try {
			const answer = await exchange(input, socket, frame, id);
			const warnings = await takeLeave(socket, options.closeCode, options.waitForAnswer);
			return { id, raw: answer, warnings, degraded };
		} finally {
			socket.close();
		}
	},

	/** Shakes hands and goes. */
	async verify(input) {
		const { url, headers, protocols } = endpointOf(input.account);
		const socket = await openSocket(ownerOf(input), url, headers, protocols);
		await takeLeave(socket, 1000, true);
	},

	close: closeKeptSockets,
});

const ownerOf = ({ account: network, signal }: Pick<SocketOwner, 'account' | 'signal'>): SocketOwner => ({
	name,
	replies,
	account: network,
	signal,
});

const endpointOf = ({ url, headers, protocols, pingSeconds }: Input['account']): Endpoint => ({
	url,
	headers: Object.fromEntries(customHeaders('headers', headers, /^(connection|upgrade|host|sec-websocket-.*)$/i)),
	protocols,
	pingSeconds: pingSeconds ?? 0,
});

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
function accept(options: Input['options'], words: string, id: string): { answer: unknown } | undefined {
	const { answerIdPath, successPath } = options;
	const answer = parsed(words);
	if (answerIdPath && asWords(atPath(answer, answerIdPath) as Json) !== id) return undefined;
	if (successPath && atPath(answer, successPath) === undefined) return undefined;
	if (!saysYes(options, answer)) throw saidNo({ en: 'The server', zh: '服务器' }, options, answer);
	return { answer };
}

function parsed(words: string): unknown {
	try {
		return JSON.parse(words);
	} catch {
		// A server may answer in plain words.
		return words;
	}
}
