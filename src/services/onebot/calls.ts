import { randomUUID } from 'node:crypto';
import { access } from '../../core/define/access';
import { invalid, secret, text, type Call } from '../../core/define/channel';
import { judge, type VendorJson } from '../../core/http/http';
import { fill } from '../../core/base/language';
import { openSocket } from '../../core/sockets/client';
import { isReverse, peerOf } from './peers';
import { oneBotReplies } from './replies';

export const name = { en: 'OneBot (QQ)', zh: 'QQ (OneBot)' };

export const oneBotAccount = {
	baseUrl: text('Address', {
		zh: '服务地址',
		placeholder: 'http://127.0.0.1:5700, ws://127.0.0.1:6700',
		help: {
			en: 'Of the HTTP server, or of the forward WebSocket server, of NapCat, Lagrange, LLOneBot, go-cqhttp …; in Node-RED also “reverse”: over the connection of the bot to the reverse trigger (reverse:10001 where several bots connect)',
			zh: 'NapCat、Lagrange、LLOneBot、go-cqhttp 等的 HTTP 服务地址或正向 WebSocket 地址；在 Node-RED 中也可填 reverse：使用机器人与反向触发器之间的连接（有多个机器人时填 reverse:QQ号）',
		},
		check: (value) => {
			if (isReverse(value)) return undefined;
			if (!/^(https?|wss?):\/\/[^/]/i.test(value) || !URL.canParse(value))
				return {
					en: 'must start with http://, https://, ws:// or wss://, or be “reverse”',
					zh: '必须以 http://、https://、ws:// 或 wss:// 开头，或为 reverse',
				};
			return /access_token=/.test(value)
				? { en: 'put the access token into its own field instead', zh: '请把 access_token 填到单独的字段中' }
				: undefined;
		},
	}),
	accessToken: secret('Access token', { zh: 'Access Token', optional: true }),
	access: access(
		['Who may call the triggers', '谁可以调用触发器'],
		[
			'Who signs with the secret (HTTP post), or has the access token (reverse WebSocket)',
			'使用签名密钥（HTTP 上报）或 Access Token（反向 WebSocket）者',
		],
		['Open to everybody, where there is neither', '开放：未设置二者时任何人'],
	),
	secret: secret('Signature secret', {
		zh: '签名密钥',
		optional: true,
		help: { en: 'Only for receiving by HTTP POST', zh: '仅用于接收 HTTP POST 上报' },
	}),
};

/** @throws ChannelError unless OneBot says yes */
export type Api = (action: string, params: object, idempotent?: true) => Promise<VendorJson>;

export type OneBotCall = Pick<Call<typeof oneBotAccount>, 'account' | 'http' | 'signal'>;

/** ms: QQ itself may need long for a picture. */
const patience = 30_000;

/** Calls over HTTP, over a WebSocket that lives as long as `run`, or over one that the bot opened. */
export async function withCalls<T>({ account, http, signal }: OneBotCall, run: (api: Api) => Promise<T>): Promise<T> {
	// Users paste what other programs want: the address with an action behind it.
	const base = account.baseUrl.replace(/(?<!\/)\/+$/, '').replace(/\/(send_(private_|group_)?msg|get_\w+)$/, '');
	const headers: Record<string, string> =
		account.accessToken === undefined ? {} : { authorization: `Bearer ${account.accessToken}` };
	const owner = { name, replies: oneBotReplies, account, signal };
	if (isReverse(base)) {
		const peer = peerOf(account);
		return await run(async (action, params) => {
			signal.throwIfAborted();
			const json = await peer.call(action, params, patience, signal);
			judge(owner, { status: 200, headers: {}, text: '', json });
			return json;
		});
	}
	if (!/^ws/i.test(base)) {
		return await run((action, params, idempotent) =>
			http.post(`${base}/${action}`, { json: params, headers, idempotent }),
		);
	}
	const socket = await openSocket(owner, base, headers);
	try {
		return await run(async (action, params) => {
			signal.throwIfAborted();
			const echo = randomUUID();
			const answer = socket.next((text) => answerIn(text, echo), patience);
			socket.send(JSON.stringify({ action, params, echo }));
			const json = await answer;
			judge(owner, { status: 200, headers: {}, text: '', json });
			return json;
		});
	} finally {
		socket.close();
	}
}

/** Events pass by on the same connection; a refused token is told without an echo. */
function answerIn(text: string, echo: string): VendorJson | undefined {
	const json = parse(text);
	if (json?.echo === echo) return json;
	return !json?.echo && [1401, 1403].includes(json?.retcode) ? json : undefined;
}

function parse(text: string): VendorJson {
	try {
		return JSON.parse(text);
	} catch {
		// What is not JSON is no answer of ours.
		return undefined;
	}
}

export function chatOf(target: string): { type: 'private' | 'group'; params: object } {
	const found = /^(?:(group|private):)?\s*(\d+)$/i.exec(target.trim());
	if (!found)
		throw invalid(
			'to',
			fill(
				{
					en: '“{target}” is no chat: write group:20001 or private:10001.',
					zh: '“{target}”不是有效的会话：请填写 group:20001 或 private:10001。',
				},
				{ target },
			),
		);
	const id = Number(found[2]);
	return found[1]?.toLowerCase() === 'group'
		? { type: 'group', params: { group_id: id } }
		: { type: 'private', params: { user_id: id } };
}
