import { synologyChat } from './synologyChat.channel';
import { holds, isNoSecret } from '../../core/define/access';
import {
	admit,
	admissionOptions,
	chatHappening,
	parseCommand,
	wordless,
	type ChatEvent,
} from '../../core/receive/chat';
import { invalid } from '../../core/base/errors';
import type { Values } from '../../core/base/field';
import type { VendorJson } from '../../core/http/http';
import { defineTrigger, Refusal } from '../../core/define/trigger';
import { chatBytes, sayJson, timeOf, wordOf } from '../../core/receive/chatRequests';
import { isSame } from '../../core/receive/isSame';

/** What is said to a bot, by slash command or trigger word, and the buttons that are pressed. */
export const synologyChatTrigger = defineTrigger<typeof synologyChat.account, typeof admissionOptions>({
	id: 'synologyChatTrigger',
	set: 'chat',
	name: 'Synology Chat Trigger',
	zh: '群晖 Chat 触发器',
	docs: 'https://kb.synology.com/en-global/DSM/help/Chat/chat_integration',
	description: {
		en: 'Messages to a Synology Chat bot, outgoing webhooks, slash commands and pressed buttons. Put this trigger’s address into “Outgoing URL” (bot, webhook) or “Request URL” (slash command)',
		zh: '接收群晖 Chat 的机器人消息、传出 Webhook、斜杠命令与按钮点击。把触发器地址填入机器人或 Webhook 的“传出 URL”，或斜杠命令的“请求 URL”',
	},
	aliases: ['群晖', 'Synology', 'DSM', 'NAS', 'slash command'],
	accountOf: 'synologyChat',
	account: synologyChat.account,
	options: admissionOptions,
	maxBytes: () => chatBytes,

	access({ account }) {
		const isHeld = holds(synologyChat.account, account, 'token', 'outgoingToken');
		if (isHeld && tokensOf(account).length > 0) return 'checked';
		throw invalid('outgoingToken', {
			en: 'Closed: fill in “Outgoing token” of the account. Without a token nobody can tell who calls.',
			zh: '已关闭：请在账号中填写“传出令牌”，否则无法确认调用者身份。',
		});
	},

	receive({ request, account, options, now }) {
		const form = new URLSearchParams(Buffer.from(request.body).toString('utf8'));
		const payload = form.get('payload');
		const said: VendorJson = payload === null ? Object.fromEntries(form) : pressed(payload);
		if (!tokensOf(account).some((token) => isSame(unquoted(wordOf(said.token).trim()), token))) {
			throw new Refusal(401, {
				en: 'The token is missing or wrong: copy the one that Synology Chat shows into the account’s “Outgoing token”.',
				zh: '令牌缺失或错误：请把群晖 Chat 显示的令牌填入账号的“传出令牌”。',
			});
		}
		const event = payload === null ? eventOf(said, now) : buttonOf(said, now);
		const { passes, event: admitted, answer } = admit(event, options, account.language);
		return {
			events: passes ? [chatHappening(admitted, account.language, wordless)] : [],
			// What stands here under `text` is posted.
			reply: sayJson(answer === undefined ? {} : { text: answer }),
		};
	},
});

type Account = Values<typeof synologyChat.account>;

/** Without a pattern: nobody has vouched for it yet, and it may be as long as a body. */
function unquoted(token: string): string {
	const quoteAt = (at: number) => (token.startsWith('"', at) ? 1 : token.startsWith('%22', at) ? 3 : 0);
	const quoteBefore = (at: number) => (token.endsWith('"', at) ? 1 : token.endsWith('%22', at) ? 3 : 0);
	let [from, to] = [0, token.length];
	while (from < to && quoteAt(from) > 0) from += quoteAt(from);
	while (to > from && quoteBefore(to) > 0) to -= quoteBefore(to);
	return token.slice(from, to);
}

/** A bot has the same token for both directions. */
function tokensOf({ token, outgoingToken }: Account): string[] {
	const own = String(token);
	const inUrl = URL.canParse(own) ? new URL(own).searchParams.get('token') : own;
	const more = String(outgoingToken ?? '').split(/[\s,，]+/);
	return [inUrl?.trim() ?? '', ...more].map(unquoted).filter((each) => !isNoSecret(each));
}

function pressed(payload: string): VendorJson {
	try {
		return (JSON.parse(payload) as VendorJson) ?? {};
	} catch {
		throw new Refusal(400, {
			en: 'The payload is no JSON: this is not what Synology Chat sends.',
			zh: 'payload 不是 JSON：这不是群晖 Chat 发来的内容。',
		});
	}
}

function eventOf(said: VendorJson, now: number): ChatEvent {
	const user = { id: wordOf(said.user_id), ...named(said.username) };
	const text = wordOf(said.text);
	const channel = wordOf(said.channel_id);
	const time = timeOf(said.timestamp, now);
	return {
		channel: 'synologyChat',
		conversation: channel
			? { id: channel, kind: 'channel', ...named(said.channel_name) }
			: { id: user.id, kind: 'private', ...named(said.username) },
		user,
		admin: false,
		text,
		...commandIn(text, wordOf(said.trigger_word)),
		...(channel && wordOf(said.trigger_word) === '' && { overheard: true as const }),
		replyTo: user.id,
		// A slash command has no id.
		messageId: wordOf(said.post_id) || `${user.id}:${Date.parse(time)}`,
		time,
		kind: said.post_id === undefined ? 'command' : 'message',
		raw: withoutToken(said),
	};
}

/** A trigger word is this service's own kind of command. */
function commandIn(text: string, word: string): Pick<ChatEvent, 'command' | 'args'> {
	const slashed = parseCommand(text);
	if (slashed.command !== undefined || word === '' || !text.trim().toLowerCase().startsWith(word.toLowerCase()))
		return slashed;
	return parseCommand(`/${word.replace(/^[/／]/, '')} ${text.trim().slice(word.length)}`);
}

function buttonOf(said: VendorJson, now: number): ChatEvent {
	const action: VendorJson = (Array.isArray(said.actions) ? said.actions[0] : undefined) ?? {};
	const user = { id: wordOf(said.user?.user_id), ...named(said.user?.username) };
	const value = wordOf(action.value) || wordOf(action.name);
	const post = wordOf(said.post_id);
	const channel = wordOf(said.channel?.channel_id ?? said.channel_id);
	return {
		channel: 'synologyChat',
		conversation: channel ? { id: channel, kind: 'channel' } : { id: user.id, kind: 'private' },
		user,
		admin: false,
		text: value,
		...parseCommand(value),
		button: { value, ...(post && { messageId: post }) },
		replyTo: user.id,
		// The same button may be pressed again later; twice within a second it was one press.
		messageId: `${post}:${wordOf(action.name)}:${value}:${Math.floor(now / 1_000)}`,
		time: new Date(now).toISOString(),
		kind: 'button',
		raw: withoutToken(said),
	};
}

const named = (name: unknown) => (wordOf(name) ? { name: wordOf(name) } : {});

function withoutToken(said: VendorJson): VendorJson {
	const { token: _, ...rest } = said;
	return rest;
}
