import { createHmac } from 'node:crypto';
import { telegram } from './telegram.channel';
import { accessBy } from '../../core/define/access';
import { admit, chatHappening, chatOptions, parseLines } from '../../core/receive/chat';
import { act } from '../../core/deliver/deliver';
import type { ChannelError } from '../../core/base/errors';
import { choice, choices, toggle, url, type Values } from '../../core/base/field';
import type { VendorJson } from '../../core/http/http';
import { defineTrigger, Refusal, type Connecting, type OutgoingReply } from '../../core/define/trigger';
import { chatBytes, sayJson } from '../../core/receive/chatRequests';
import { isSame } from '../../core/receive/isSame';
import { standBy, unpushed } from '../../core/sockets/standBy';
import { listen, noticeMost, type Ear } from './poll';
import { aboutUpdate, kindOf, readUpdate, updateKinds } from './updates';

type Kind = keyof typeof updateKinds;

const options = {
	mode: choice(
		'Receive by',
		{ polling: ['Long polling', '长轮询'], webhook: ['Webhook', 'Webhook'] },
		{
			zh: '接收方式',
			default: 'polling',
			help: {
				en: 'Polling needs no public address; all nodes with the same bot share one poll',
				zh: '长轮询无需公网地址；使用同一机器人的所有节点共用一个轮询',
			},
		},
	),
	publicUrl: url('Public address', {
		zh: '公网地址',
		optional: true,
		placeholder: 'https://example.com/webhook/telegram',
		show: { mode: ['webhook'] },
		help: {
			en: 'Where Telegram reaches this node (https, port 443, 80, 88 or 8443). Set as the bot’s webhook when the node starts; empty: you set it, with the account’s webhook secret',
			zh: 'Telegram 访问本节点的地址（https，端口 443、80、88 或 8443）。节点启动时自动设为 webhook；留空则自行设置，并使用账号中的 webhook 密钥',
		},
	}),
	takeOver: toggle('Remove a webhook', {
		zh: '移除已有 webhook',
		show: { mode: ['polling'] },
		help: {
			en: 'A bot that has a webhook cannot be polled; whatever receives there gets nothing any more',
			zh: '设置了 webhook 的机器人无法轮询；移除后原接收方不再收到消息',
		},
	}),
	updates: choices('Updates', updateKinds as { [K in Kind]: readonly [string, string] }, {
		zh: '更新类型',
		default: ['message', 'channel_post', 'callback_query'],
		help: { en: 'None chosen: all of them', zh: '不选则接收全部' },
	}),
	answerButtons: toggle('Acknowledge pressed buttons', {
		zh: '自动应答按钮',
		default: true,
		help: {
			en: 'Ends their waiting at once. Off: the flow does, with “Answer Button”',
			zh: '立即结束按钮的等待状态。关闭后由流程通过“应答按钮”完成',
		},
	}),
	...chatOptions,
};

type Options = Values<typeof options>;
type Account = typeof telegram.account;

/** What is said and pressed in front of a Telegram bot. */
export const telegramTrigger = defineTrigger<Account, typeof options>({
	id: 'telegramTrigger',
	set: 'chat',
	name: 'Telegram Trigger',
	zh: 'Telegram 触发器',
	docs: 'https://core.telegram.org/bots/api#getting-updates',
	description: {
		en: 'Messages, commands and pressed buttons of a Telegram bot, by long polling or webhook',
		zh: '接收 Telegram 机器人的消息、命令与按钮点击，支持长轮询与 webhook',
	},
	aliases: ['TG', '电报', '机器人', 'bot'],
	accountOf: 'telegram',
	account: telegram.account,
	options,
	receives: { mode: ['webhook'] },
	maxBytes: () => chatBytes,

	access: ({ account, options }) =>
		options.mode === 'webhook' ? accessBy(telegram.account, account, ['webhookSecret', 'botToken']) : 'checked',

	authorize({ request, account }) {
		if (isSame(request.headers['x-telegram-bot-api-secret-token'] ?? '', secretOf(account))) return;
		throw new Refusal(401, {
			en: 'The header X-Telegram-Bot-Api-Secret-Token is missing or wrong: set the webhook with the secret of this account.',
			zh: '请求头 X-Telegram-Bot-Api-Secret-Token 缺失或错误：请用该账号的密钥设置 webhook。',
		});
	},

	receive({ request, account, options, now }) {
		const update = updateOf(request.body);
		if (options.updates.length > 0 && !(options.updates as string[]).includes(kindOf(update)))
			return { events: [] };
		const { passes, event, answer } = admit(readUpdate(update, now), options, account.language);
		return {
			events: passes ? [chatHappening(event, account.language, aboutUpdate(event.kind))] : [],
			reply: replyOf(update, event.replyTo, answer, options),
		};
	},

	async connect(connecting) {
		const { account, options, emit, store, signal } = connecting;
		if (options.mode === 'webhook') return await standBy(connecting, () => prepare(connecting));
		let isPushed = !options.pushCommands;
		const status: Ear['status'] = (state, ...why) => {
			connecting.status(state, ...why);
			if (state !== 'connected' || isPushed) return;
			isPushed = true;
			pushCommands(connecting)
				.then((failure) => {
					if (!failure || signal.aborted) return;
					isPushed = !failure.transient;
					connecting.status('connected', unpushed(failure.text));
				})
				.catch((error: Error) => connecting.status('failed', { en: error.message, zh: error.message }));
		};
		await listen(
			{
				account: { ...account, botToken: String(account.botToken) },
				kinds: options.updates.length > 0 ? options.updates : Object.keys(updateKinds),
				takeOver: options.takeOver,
				store,
				status,
				hear: (update, bot) => {
					const { passes, event, answer } = admit(
						readUpdate(update, Date.now(), bot),
						options,
						account.language,
					);
					const written = passes
						? emit(chatHappening(event, account.language, aboutUpdate(event.kind)))
						: undefined;
					return {
						...{ answer, replyTo: event.replyTo, acknowledge: options.answerButtons },
						...(written && { written }),
					};
				},
			},
			signal,
		);
	},
});

type Here = Connecting<Account, typeof options>;

/** The webhook, where its address is known, and the command list. */
async function prepare(connecting: Here): Promise<ChannelError | undefined> {
	const { account, options, signal } = connecting;
	if (options.publicUrl) {
		const parameters = {
			url: options.publicUrl,
			secret_token: secretOf(account),
			allowed_updates: options.updates.length > 0 ? options.updates : Object.keys(updateKinds),
		};
		await act(telegram, 'raw', account, { method: 'setWebhook', parameters }, { signal });
	}
	return options.pushCommands ? await pushCommands(connecting) : undefined;
}

/** @returns why it was not taken */
async function pushCommands({ account, options, signal }: Here): Promise<ChannelError | undefined> {
	const lines = parseLines(options.commands).map(({ name, text }) => `${name} - ${text}`);
	const input = { commands: lines.join('\n'), scope: 'default' };
	return await act(telegram, 'setMyCommands', account, input, { signal }).then(
		() => undefined,
		(error: ChannelError) => error,
	);
}

/** Of the webhook: the account's own, else one that nobody can guess without the bot token. */
function secretOf({ webhookSecret, botToken }: Values<Account>): string {
	return (
		(webhookSecret as string | undefined) ??
		createHmac('sha256', botToken as string)
			.update('Carillon webhook')
			.digest('hex')
	);
}

function updateOf(body: Uint8Array): VendorJson {
	let update: VendorJson;
	try {
		update = JSON.parse(Buffer.from(body).toString('utf8'));
	} catch {
		throw noUpdate;
	}
	if (!Number.isSafeInteger(update?.update_id)) throw noUpdate;
	return update;
}

/** Telegram takes one call of a method as the answer to its request. */
function replyOf(
	update: VendorJson,
	replyTo: string,
	answer: string | undefined,
	{ answerButtons }: Options,
): OutgoingReply | undefined {
	const pressed = update.callback_query;
	const [chat, topic] = replyTo.split(':');
	if (pressed && answerButtons && (answer ?? '').length <= noticeMost) {
		return sayJson({
			method: 'answerCallbackQuery',
			callback_query_id: pressed.id,
			...(answer && { text: answer, show_alert: true }),
		});
	}
	if (answer === undefined || !chat) return undefined;
	return sayJson({
		method: 'sendMessage',
		chat_id: Number(chat),
		...(topic && { message_thread_id: Number(topic) }),
		text: answer,
	});
}

const noUpdate = new Refusal(400, { en: 'This is no update of Telegram’s.', zh: '这不是 Telegram 的更新。' });
