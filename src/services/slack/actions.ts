import { action, choice, invalid, json, multiline, pick, text, utf16 } from '../../core/define/channel';
import { render } from '../../core/markup';
import { fileInput, fileOf } from '../../core/define/fields/fileInput';
import { channels } from './lists';
import { ask, bearer, change, upload, type account } from './api';

const messageFields = {
	channel: pick('Channel', {
		list: channels,
		zh: '频道',
		placeholder: 'C0123456789',
		help: { en: '“channel” of the receipt’s handle', zh: '回执 handle 中的 channel' },
	}),
	ts: text('Message', {
		zh: '消息',
		placeholder: '1700000000.123456',
		help: { en: '“ts” of the receipt’s handle', zh: '回执 handle 中的 ts' },
	}),
};
const reactionFields = { ...messageFields, emoji: text('Emoji', { zh: '表情', placeholder: 'thumbsup' }) };

/** What only the app can do. */
export const slackActions = {
	editMessage: action<typeof account>()({
		name: 'Edit Message',
		zh: '编辑消息',
		fields: {
			...messageFields,
			text: multiline('Text', { zh: '正文' }),
			format: choice(
				'Format',
				{ markdown: ['Markdown', 'Markdown'], mrkdwn: ['Slack’s own mrkdwn', 'Slack 自己的 mrkdwn'] },
				{ zh: '格式', default: 'markdown' },
			),
			blocks: json('Blocks', {
				zh: '区块',
				optional: true,
				help: { en: 'Empty removes those that the message had', zh: '留空会移除消息原有的区块' },
			}),
		},
		run: (call) => {
			const { channel, ts, text, format, blocks } = call.input;
			const written =
				format === 'mrkdwn'
					? text
					: render(text, { format: 'markdown', dialect: 'slack', limit: utf16(40_000), overflow: 'cut' })
							.parts[0];
			return change(call, { channel, ts }, { text: written, blocks: blocks ?? [] });
		},
	}),
	deleteMessage: action<typeof account>()({
		name: 'Delete Message',
		zh: '删除消息',
		fields: messageFields,
		run: (call) => ask(call, 'chat.delete', { channel: call.input.channel, ts: call.input.ts }, true),
	}),
	deleteScheduledMessage: action<typeof account>()({
		name: 'Delete Scheduled Message',
		zh: '取消定时消息',
		fields: {
			channel: messageFields.channel,
			scheduledMessageId: text('Scheduled message', { zh: '定时消息 ID' }),
		},
		run: (call) => {
			const { channel, scheduledMessageId } = call.input;
			const json = { channel, scheduled_message_id: scheduledMessageId };
			return ask(call, 'chat.deleteScheduledMessage', json, true);
		},
	}),
	addReaction: action<typeof account>()({
		name: 'Add Reaction',
		zh: '添加表情回应',
		fields: reactionFields,
		run: (call) => ask(call, 'reactions.add', reactionOf(call.input), true),
	}),
	removeReaction: action<typeof account>()({
		name: 'Remove Reaction',
		zh: '移除表情回应',
		fields: reactionFields,
		run: (call) => ask(call, 'reactions.remove', reactionOf(call.input), true),
	}),
	uploadFile: action<typeof account>()({
		name: 'Upload File',
		zh: '上传文件',
		resource: 'file',
		description: { en: 'Needs the scope files:write', zh: '需要 files:write 权限' },
		fields: {
			file: fileInput,
			channel: text('Channel', {
				zh: '频道',
				optional: true,
				placeholder: 'C0123456789',
				help: { en: 'Its id; without one the file stays private', zh: '频道 ID；留空则文件仅自己可见' },
			}),
			title: text('Title', { zh: '标题', optional: true }),
			altText: text('Description', { zh: '图片描述', optional: true }),
			comment: multiline('Comment', { zh: '说明', optional: true }),
			threadTs: text('Thread', { zh: '话题', optional: true }),
		},
		run: async (call) => {
			const { input } = call;
			const { name, data } = await fileOf(call);
			if (!data) throw invalid('file', { en: 'The file could not be read.', zh: '无法读取该文件。' });
			const id = await upload(call, name, data, input.altText);
			const json = {
				files: [{ id, title: input.title ?? name }],
				channel_id: input.channel,
				initial_comment: input.comment,
				thread_ts: input.threadTs,
			};
			return ask(call, 'files.completeUploadExternal', json);
		},
	}),
	openConversation: action<typeof account>()({
		name: 'Open Conversation',
		zh: '打开会话',
		resource: 'contact',
		description: { en: 'The direct conversation with one person or several', zh: '打开与一人或多人的私聊会话' },
		fields: { users: text('Users', { zh: '用户', placeholder: 'U0123456789,U9876543210' }) },
		run: (call) => ask(call, 'conversations.open', { users: call.input.users }, true),
	}),
	callMethod: action<typeof account>()({
		name: 'Call Method',
		zh: '调用接口',
		resource: 'api',
		description: { en: 'Any other method of the Web API', zh: '调用 Web API 的其他方法' },
		fields: {
			method: text('Method', {
				zh: '方法',
				placeholder: 'conversations.list',
				check: (value) =>
					/^[\w.]+$/.test(value)
						? undefined
						: {
								en: 'must be a name such as conversations.list',
								zh: '必须是方法名，例如 conversations.list',
							},
			}),
			arguments: json('Arguments', { zh: '参数', default: '{}' }),
		},
		// Reading methods take forms only, writing ones take forms too.
		run: ({ account, http, input }) =>
			http.post(`/${input.method}`, { form: formOf(input.arguments), headers: bearer(account) }),
	}),
};

const reactionOf = ({ channel, ts, emoji }: { channel: string; ts: string; emoji: string }) => ({
	channel,
	timestamp: ts,
	name: emoji.replace(/^:|:$/g, ''),
});

const formOf = (given: unknown) =>
	Object.fromEntries(
		Object.entries((given ?? {}) as Record<string, unknown>).map(([name, value]) => [
			name,
			typeof value === 'object' ? JSON.stringify(value) : String(value),
		]),
	);
