import type { WebSocket } from 'ws';
import { onebot } from './onebot.channel';
import { chatOf } from './calls';
import { join, Peer } from './peers';
import { accessBy } from '../../core/define/access';
import { chatAccess } from '../../core/receive/chat';
import type { ChannelError } from '../../core/base/errors';
import type { VendorJson } from '../../core/http/http';
import { fill } from '../../core/base/language';
import { defineTrigger, Refusal, type Connecting } from '../../core/define/trigger';
import { chatBytes, wordOf } from '../../core/receive/chatRequests';
import { isSame } from '../../core/receive/isSame';
import { hear, oneBotOptions } from './events';
import { placeOptions, serveSockets, tell } from '../../core/sockets/server';

const options = { ...placeOptions('carillon/onebot'), ...oneBotOptions };

/** QQ bots that connect by themselves. */
export const onebotReverseTrigger = defineTrigger<typeof onebot.account, typeof options>({
	id: 'onebotReverseTrigger',
	set: 'qq',
	name: 'OneBot (QQ) Reverse Trigger',
	zh: 'QQ (OneBot) 反向触发器',
	docs: 'https://github.com/botuniverse/onebot-11/blob/master/communication/ws-reverse.md',
	description: {
		en: 'QQ bots (NapCat, Lagrange, LLOneBot, go-cqhttp) connect here by reverse WebSocket. Put ws://, this host and the path into OneBot’s WebSocket client settings, with the account’s access token',
		zh: 'QQ 机器人（NapCat、Lagrange、LLOneBot、go-cqhttp）以反向 WebSocket 连接到此。在 OneBot 的 WebSocket 客户端设置中填写 ws:// 加本机地址与路径，以及账号中的 Access Token',
	},
	aliases: ['QQ', 'NapCat', 'Lagrange', 'LLOneBot', 'go-cqhttp', '反向 WebSocket'],
	accountOf: 'onebot',
	account: onebot.account,
	options,
	not: ['n8n'],

	access: ({ account, options }) => chatAccess(accessBy(onebot.account, account, ['accessToken']), options),

	async connect(connecting) {
		const { account, options: place, server, signal, status } = connecting;
		const bots = new Bots(connecting);
		await serveSockets({
			...{ place, server, signal, status, language: account.language, maxBytes: chatBytes },
			authorize: ({ headers, query }) => {
				const [, token = query.access_token ?? ''] =
					/^(?:Bearer|Token)\s+(\S+)\s*$/i.exec(headers.authorization ?? '') ?? [];
				if (account.accessToken !== undefined && !isSame(token, account.accessToken as string)) {
					throw new Refusal(token === '' ? 401 : 403, {
						en: 'The access token is missing or wrong: set the one of the account in OneBot.',
						zh: 'Access Token 缺失或错误：请在 OneBot 中填写账号中的 Access Token。',
					});
				}
			},
			connected: (socket, { headers }) =>
				bots.add(socket, headers['x-self-id'] ?? '', headers['x-client-role'] ?? ''),
		});
	},
});

/** ms */
const patience = 30_000;

/** Who is connected. A bot may use one connection for everything, or one for events and another for calls. */
class Bots {
	private readonly callable = new Map<string, Peer>();

	constructor(private readonly here: Connecting<typeof onebot.account, typeof options>) {}

	add(socket: WebSocket, self: string, role: string): void {
		const peer = new Peer((frame) => tell(socket, frame));
		const leave = /^event$/i.test(role) ? undefined : this.callBy(peer, self);
		socket.on('close', () => {
			leave?.();
			peer.end();
		});
		socket.on('message', (data) => {
			try {
				this.take(peer, self, parsed(String(data as Buffer)));
			} catch {
				// Nested deeper than anything that reads it can go; thrown from here it would end the process.
				this.here.status('failed', unreadable);
			}
		});
	}

	/** The node of the channel calls it too. */
	private callBy(peer: Peer, self: string): () => void {
		const leave = join(this.here.account as never, self, peer);
		this.callable.set(self, peer);
		return () => {
			leave();
			if (this.callable.get(self) === peer) this.callable.delete(self);
		};
	}

	private take(peer: Peer, self: string, frame: VendorJson): void {
		const { account, options, emit } = this.here;
		if (peer.take(frame) || typeof frame?.post_type !== 'string') return;
		const { happening, answer, replyTo } = hear(frame, options, account.language, Date.now());
		if (happening) Promise.resolve(emit(happening)).catch(() => undefined);
		if (answer === undefined || replyTo === '') return;
		this.answer(this.callable.get(self) ?? peer, replyTo, answer).catch((error: ChannelError) =>
			this.tell({ retcode: error.code, message: error.message }),
		);
	}

	private async answer(peer: Peer, replyTo: string, text: string): Promise<void> {
		const { type, params } = chatOf(replyTo);
		const message = [{ type: 'text', data: { text } }];
		const said = await peer.call('send_msg', { message_type: type, ...params, message }, patience);
		if (said.status === 'failed') this.tell(said);
	}

	private tell({ retcode, wording, message }: VendorJson): void {
		const { status, signal } = this.here;
		if (!signal.aborted)
			status('connected', fill(unanswered, { code: wordOf(retcode), why: wordOf(wording ?? message) }));
	}
}

function parsed(text: string): VendorJson {
	try {
		return JSON.parse(text);
	} catch {
		// What is not JSON is no event.
		return undefined;
	}
}

const unreadable = { en: 'An event could not be read.', zh: '无法读取一条事件。' };
const unanswered = {
	en: 'Connected, but the bot could not answer: {why} ({code}).',
	zh: '已连接，但机器人回复失败：{why}（{code}）。',
};
