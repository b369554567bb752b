import {
	action,
	invalid,
	json,
	list,
	multiline,
	number,
	text,
	toggle,
	utf16,
	type Json,
} from '../../core/define/channel';
import { sendRaw } from '../../core/define/sendRaw';
import { render } from '../../core/markup';
import { atMost } from '../../core/define/fields/atMost';
import { webhookOf, threadOf, type discordAccount } from './account';
import { change, messageOf, post, remove } from './api';
import { contentMost } from './markdown';

const nobody = { parse: [] };

const threadField = {
	thread: text('Thread', {
		zh: '子区',
		optional: true,
		placeholder: '1100000000000000000',
		help: {
			en: 'Where the message is in one: “thread” of the receipt’s handle',
			zh: '消息在子区中时填写：回执 handle 中的 thread',
		},
	}),
};
const messageField = {
	message: text('Message', {
		zh: '消息 ID',
		placeholder: '1100000000000000001',
		help: { en: '“message” of the receipt’s handle', zh: '回执 handle 中的 message' },
	}),
};

const threadIn = (thread: string | undefined, account: Parameters<typeof webhookOf>[0]) =>
	thread === undefined ? webhookOf(account).thread : threadOf(thread);

const act = action<typeof discordAccount>();

/** What a webhook can do besides. */
export const discordActions = {
	editMessage: act({
		name: 'Edit Message',
		zh: '编辑消息',
		fields: {
			...messageField,
			...threadField,
			text: multiline('Text', { zh: '正文', optional: true }),
			embeds: json('Embeds', {
				zh: '嵌入卡片',
				optional: true,
				placeholder: '[{ "title": "Done", "color": 5763719 }]',
				help: { en: 'Empty keeps those that the message has', zh: '留空则保留原有卡片' },
			}),
		},
		run: (call) => {
			const { message, thread, text: written, embeds } = call.input;
			const content = written && inMarkdown(written);
			const place = { message, thread: threadIn(thread, call.account) };
			return change(call, place, { attachments: undefined, content, embeds, allowed_mentions: nobody });
		},
	}),
	deleteMessage: act({
		name: 'Delete Message',
		zh: '删除消息',
		fields: {
			messages: list('Messages', {
				zh: '消息 ID',
				placeholder: '1100000000000000001',
				help: { en: '“messages” of the receipt’s handle', zh: '回执 handle 中的 messages' },
			}),
			...threadField,
		},
		run: async (call) => {
			const { messages, thread } = call.input;
			for (const message of messages) await remove(call, { message, thread: threadIn(thread, call.account) });
			return { deleted: messages };
		},
	}),
	getMessage: act({
		name: 'Get Message',
		zh: '获取消息',
		fields: { ...messageField, ...threadField },
		run: (call) =>
			messageOf(call, { message: call.input.message, thread: threadIn(call.input.thread, call.account) }),
	}),
	sendPoll: act({
		name: 'Send Poll',
		zh: '发起投票',
		fields: {
			question: text('Question', { zh: '问题', check: atMost(300) }),
			answers: list('Answers', {
				zh: '选项',
				help: { en: 'One a line, up to 10 of 55 characters', zh: '每行一个，最多 10 个，每个最多 55 个字符' },
				check: (answers: string[]) =>
					answers.length <= 10 && answers.every((each) => [...each].length <= 55)
						? undefined
						: { en: 'may be 10 of 55 characters at most', zh: '最多 10 个，每个最多 55 个字符' },
			}),
			hours: number('Open for (hours)', { zh: '持续时长（小时）', default: 24, min: 1, max: 768, integer: true }),
			several: toggle('Several answers', { zh: '允许多选' }),
			...threadField,
		},
		run: (call) => {
			const { question, answers, hours, several, thread } = call.input;
			return post(
				call,
				{ thread: threadIn(thread, call.account) },
				{
					poll: {
						question: { text: question },
						answers: answers.map((each) => ({ poll_media: { text: each } })),
						duration: hours,
						allow_multiselect: several,
					},
				},
			);
		},
	}),
	sendRaw: sendRaw<typeof discordAccount>(
		{
			en: 'A message as Discord itself writes it: several embeds, components of your own',
			zh: '按 Discord 原生格式发送：多个卡片、自定义组件等',
		},
		'{"embeds": [{"title": "One"}, {"title": "Two"}]}',
		(call, message) => post(call, { thread: webhookOf(call.account).thread }, rawOf(message)),
	),
};

const inMarkdown = (written: string) =>
	render(written, { format: 'markdown', dialect: 'discord', limit: utf16(contentMost), overflow: 'cut' }).parts[0];

/** It mentions nobody unless it says whom. @throws ChannelError `Invalid('body')` */
function rawOf(message: Json): Record<string, unknown> {
	if (typeof message !== 'object' || message === null || Array.isArray(message))
		throw invalid('body', { en: '“Message” must be a JSON object.', zh: '“消息”必须是 JSON 对象。' });
	return { allowed_mentions: nobody, ...message };
}
