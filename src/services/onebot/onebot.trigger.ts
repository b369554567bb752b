import { createHmac } from 'node:crypto';
import { onebot } from './onebot.channel';
import { accessBy } from '../../core/define/access';
import { chatAccess } from '../../core/receive/chat';
import { choice, text, type Values } from '../../core/base/field';
import { defineTrigger, Refusal } from '../../core/define/trigger';
import { chatBytes, objectIn, sayJson } from '../../core/receive/chatRequests';
import { isSame } from '../../core/receive/isSame';
import { hear, oneBotOptions } from './events';
import { listen } from './socket';
import { standBy } from '../../core/sockets/standBy';

const options = {
	mode: choice(
		'Receive by',
		{
			websocket: ['Forward WebSocket: this node connects', '正向 WebSocket：由本节点连接'],
			http: ['HTTP post: OneBot calls this node', 'HTTP 上报：由 OneBot 调用本节点'],
		},
		{
			zh: '接收方式',
			default: 'websocket',
			help: {
				en: 'For HTTP put this trigger’s address and the account’s signature secret into OneBot’s HTTP client settings',
				zh: '使用 HTTP 时，把触发器地址与账号中的签名密钥填入 OneBot 的 HTTP 客户端（上报）设置',
			},
		},
	),
	wsUrl: text('WebSocket address', {
		zh: 'WebSocket 地址',
		optional: true,
		placeholder: 'ws://127.0.0.1:6700',
		show: { mode: ['websocket'] },
		help: {
			en: 'Where it differs from the account’s address: that may be the HTTP server, for sending',
			zh: '与账号地址不同时填写：账号地址可以是用于发送的 HTTP 服务',
		},
		check: (value) =>
			/^wss?:\/\/[^/]/i.test(value) && URL.canParse(value)
				? undefined
				: { en: 'must start with ws:// or wss://', zh: '必须以 ws:// 或 wss:// 开头' },
	}),
	...oneBotOptions,
};

type Account = Values<typeof onebot.account>;

/** What is said to a QQ bot, and what happens in its groups. */
export const onebotTrigger = defineTrigger<typeof onebot.account, typeof options>({
	id: 'onebotTrigger',
	set: 'qq',
	name: 'OneBot (QQ) Trigger',
	zh: 'QQ (OneBot) 触发器',
	docs: 'https://github.com/botuniverse/onebot-11',
	description: {
		en: 'Messages, notices and requests of a QQ bot (NapCat, Lagrange, LLOneBot, go-cqhttp), by forward WebSocket or HTTP post',
		zh: '接收 QQ 机器人（NapCat、Lagrange、LLOneBot、go-cqhttp）的消息、通知与请求，支持正向 WebSocket 与 HTTP 上报',
	},
	aliases: ['QQ', 'NapCat', 'Lagrange', 'LLOneBot', 'go-cqhttp', '机器人'],
	accountOf: 'onebot',
	account: onebot.account,
	options,
	receives: { mode: ['http'] },
	maxBytes: () => chatBytes,

	access: ({ account, options }) =>
		options.mode === 'http' ? chatAccess(accessBy(onebot.account, account, ['secret']), options) : 'checked',

	authorize({ request, account: { secret } }) {
		if (secret !== undefined && !request.headers['x-signature']) throw unsigned;
	},

	receive({ request, account, options, now }) {
		checkSignature(request.headers['x-signature'] ?? '', request.body, account);
		const event = objectIn(request.body, { en: 'OneBot', zh: ' OneBot ' });
		if (account.secret !== undefined && !(Math.abs(now - Number(event.time) * 1_000) <= window)) {
			throw new Refusal(403, {
				en: 'The event is more than ten minutes old, or the clock of one of the machines is off.',
				zh: '事件已超过十分钟，或某一方的系统时间不准。',
			});
		}
		const { happening, answer } = hear(event, options, account.language, now);
		return {
			events: happening ? [happening] : [],
			reply:
				answer === undefined
					? { status: 204 }
					: sayJson({ reply: answer, auto_escape: true, at_sender: false }),
		};
	},

	async connect(connecting) {
		const { account, options, emit } = connecting;
		if (options.mode === 'http') return await standBy(connecting, () => Promise.resolve(undefined));
		await listen(
			{ ...connecting, account: account as never, url: options.wsUrl as string | undefined },
			(event) => {
				const heard = hear(event, options, account.language, Date.now());
				// OneBot asks for no acknowledgement.
				if (heard.happening) Promise.resolve(emit(heard.happening)).catch(() => undefined);
				return heard;
			},
		);
	},
});

/** ms */
const window = 600_000;

const unsigned = new Refusal(401, {
	en: 'The header X-Signature is missing or does not match: set the same secret in OneBot and in the account.',
	zh: '请求头 X-Signature 缺失或不符：请在 OneBot 与账号中设置相同的密钥。',
});

function checkSignature(given: string, body: Uint8Array, { secret }: Account): void {
	if (secret === undefined) return;
	const expected = createHmac('sha1', secret as string)
		.update(body)
		.digest('hex');
	if (!isSame(given.trim().toLowerCase(), `sha1=${expected}`)) throw unsigned;
}
