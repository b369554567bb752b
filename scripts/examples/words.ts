/** What the examples say, and how they group what they show. */
import { createHash } from 'node:crypto';
import type { Text } from '../../src/core/base/language';
import type { Channel } from '../../src/core/define/channel';
import type { Trigger } from '../../src/core/define/trigger';
import type { Message } from '../../src/core/message/message';

export const both = ({ en, zh }: Text) => (en === zh ? en : `${en} / ${zh}`);
const nameOf = ({ name, zh }: Channel | Trigger): Text => ({ en: name, zh });
export const paragraphs = (...texts: readonly Text[]) =>
	[...texts.map(({ en }) => en), ...texts.map(({ zh }) => zh)].join('\n\n');

export const message: Message = {
	title: 'Carillon',
	body: 'One message, **many channels**.\n\n一条消息，**多个渠道**。',
	level: 'info',
	url: 'https://example.com',
};

export const words = {
	channels: { en: 'Channels', zh: '渠道' },
	triggers: { en: 'Triggers', zh: '触发器' },
	fixed: { en: 'The account says where it goes', zh: '由账号决定发往何处' },
	fixedNote: {
		en: 'A robot, a device or an address: nothing else is to be filled in.',
		zh: '机器人、设备或地址：填好账号即可，无需其他设置。',
	},
	chosen: { en: 'You choose the recipients', zh: '可选择接收者' },
	chosenNote: {
		en: 'In the account, on the node, or by the message’s own `to`, where *Recipient from the message* is on. What to write:',
		zh: '可填在账号中、节点上，或由消息自带的 `to` 指定（须打开“允许消息指定接收者”）。写法如下：',
	},
	chats: { en: 'Chats: /ping is answered in place', zh: '聊天：在原会话中回应 /ping' },
	chatsNote: {
		en: 'A trigger shares the account of its channel. Its message is addressed to where it came from: with *Recipient from the message* on, the channel answers there. Fill in *Allowed users*, else everyone who finds the bot is heard.',
		zh: '触发器与对应渠道共用账号。它给出的消息已指向来处：渠道打开“允许消息指定接收者”，便在原会话中回复。请填写“允许的用户”，否则任何找到机器人的人都会被响应。',
	},
	senders: { en: 'Media servers and other senders', zh: '媒体服务器等发送方' },
	sendersNote: {
		en: 'Point the sender at the address that the trigger’s form shows. The message goes to any channel as it is.',
		zh: '在发送方填写触发器表单中显示的地址。给出的消息可直接交给任意渠道。',
	},
	message: { en: 'One message', zh: '一条消息' },
	receipt: { en: 'Receipt', zh: '回执' },
	event: { en: 'Message', zh: '消息' },
	caught: { en: 'What went wrong', zh: '出错时' },
	error: { en: 'Error', zh: '错误' },
};

/** What people write to a chat here, and what they are told. */
export const ping = { command: 'ping', answer: 'pong' };

/** How recipients are written, of each channel that says. */
const recipients = (channels: readonly Channel[]) =>
	channels
		.filter(({ to }) => to?.placeholder)
		.map((channel) => `- ${both(nameOf(channel))}: \`${channel.to!.placeholder}\``)
		.join('\n');

export interface Section<Each> {
	title: Text;
	note: string;
	each: readonly Each[];
}

export const channelSections = (channels: readonly Channel[]): Section<Channel>[] => {
	const fixed = channels.filter(({ to }) => !to);
	const chosen = channels.filter(({ to }) => to);
	return [
		{ title: words.fixed, note: paragraphs(words.fixedNote), each: fixed },
		{ title: words.chosen, note: `${paragraphs(words.chosenNote)}\n\n${recipients(chosen)}`, each: chosen },
	];
};

/** A trigger, and the channel that answers what came by it. */
export interface Pair {
	trigger: Trigger;
	channel?: Channel;
}

export const triggerSections = (triggers: readonly Trigger[], channels: readonly Channel[]): Section<Pair>[] => {
	const pairs = triggers.map((trigger): Pair => ({
		trigger,
		channel: channels.find(({ id, to }) => to && id === trigger.accountOf),
	}));
	return [
		{ title: words.chats, note: paragraphs(words.chatsNote), each: pairs.filter(({ channel }) => channel) },
		{ title: words.senders, note: paragraphs(words.sendersNote), each: pairs.filter(({ channel }) => !channel) },
	];
};

export const hash = (text: string) => createHash('sha256').update(text).digest('hex');
