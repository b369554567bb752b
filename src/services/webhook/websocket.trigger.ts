import { access, accessBy } from '../../core/define/access';
import { secret, type Fields } from '../../core/base/field';
import { defineTrigger, Refusal, type Receiving } from '../../core/define/trigger';
import { placeOptions, serveSockets, tell, type Place } from '../../core/sockets/server';
import { webhookTrigger } from './webhook.trigger';

const account = {
	access: access(
		['Who may send', '谁可以发送'],
		['Who has the key', '持有密钥者'],
		['Open to everybody who reaches the address', '开放：任何能访问该地址的人'],
	),
	key: secret('Key', {
		zh: '密钥',
		optional: true,
		show: { access: ['checked'] },
		help: {
			en: 'Senders give it behind the address as ?token=…, or in a header Authorization',
			zh: '发送方在地址后加 ?token=…，或通过请求头 Authorization 携带',
		},
	}),
};

/** What a message is taken for is the same as of the webhook trigger; only GET has no meaning here. */
const options: Fields = {
	...placeOptions('carillon/websocket'),
	...Object.fromEntries(Object.entries(webhookTrigger.options).filter(([key]) => key !== 'allowGet')),
};

/** What senders push over a WebSocket: each message is what a request would be to the webhook trigger. */
export const websocketTrigger = defineTrigger<typeof account, Fields>({
	id: 'websocketTrigger',
	set: 'web',
	name: 'WebSocket Trigger',
	zh: 'WebSocket 触发器',
	docs: 'https://github.com/carillon-notify/n8n-nodes-carillon#websocket-trigger',
	description: {
		en: 'Takes what BetterGI and other senders push over a WebSocket: point them at ws://, this host and the path',
		zh: '接收 BetterGI 等通过 WebSocket 推送的通知：在发送方填写 ws:// 加本机地址与路径',
	},
	aliases: ['BetterGI', 'WebSocket', 'ws'],
	account,
	options,
	not: ['n8n'],

	access: (asked) => accessBy(account, asked.account, ['key']),

	async connect({ account, options, emit, take, server, signal, status }) {
		const receiving = (request: Receiving['request']): Receiving => ({
			request,
			account,
			options,
			now: Date.now(),
		});
		await serveSockets({
			...{ place: options as Place, server, signal, status, language: account.language },
			maxBytes: webhookTrigger.maxBytes!(options),
			authorize: (head) => {
				const token = head.query.access_token;
				const query = { ...head.query, ...(token !== undefined && { token }) };
				webhookTrigger.authorize!(receiving({ ...head, query, body: nothing }));
			},
			connected: (socket, head) => {
				// What belongs to the handshake says nothing of a message.
				const { 'content-type': _, ...headers } = head.headers;
				socket.on('message', (data) => {
					const answer = (value: string) => tell(socket, value);
					try {
						const request = { ...head, headers, method: 'POST', body: data as Buffer };
						const { events, reply } = webhookTrigger.receive!(receiving(request));
						// One that wants words of its own gets those.
						if (take && !reply)
							take(events).then(
								({ body }) => answer(String(body)),
								() => answer('{"ok":true}'),
							);
						else {
							const said = () => answer(reply?.body ?? '{"ok":true}');
							Promise.all(events.map(async (each) => await emit(each))).then(said, said);
						}
					} catch (thrown) {
						const reason = thrown instanceof Refusal ? thrown.reason : failed;
						if (!(thrown instanceof Refusal)) status('failed', failed);
						answer(JSON.stringify({ ok: false, error: reason[account.language] }));
					}
				});
			},
		});
	},
});

const nothing = new Uint8Array();
const failed = { en: 'The receiver failed on a message.', zh: '接收端处理消息时出错。' };
