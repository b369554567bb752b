import { randomUUID } from 'node:crypto';
import { action, bytes, choice, json, list, multiline, number, text, toggle } from '../../core/define/channel';
import type { VendorJson } from '../../core/http/http';
import { render } from '../../core/markup';
import { ask, change, idTypeOf, messagePath, messagesPath, packed, uploadFile, uploadImage, urgent } from './appApi';
import { idTypes, urgencies, urgencyCatches, type account, type Calling } from './appFields';
import { postContent } from './contents';
import { fileInput, fileOf } from '../../core/define/fields/fileInput';

const messageId = text('Message id', { zh: '消息 ID', placeholder: 'om_…' });
const markdown = multiline('Text', { zh: '正文', help: { en: 'Markdown', zh: '支持 Markdown' } });

/** What only the app can do. */
export const feishuAppActions = {
	replyMessage: action<typeof account>()({
		name: 'Reply to Message',
		zh: '回复消息',
		fields: {
			messageId,
			text: markdown,
			inThread: toggle('In a thread', { zh: '以话题形式回复' }),
		},
		run: (call) =>
			ask(call, 'POST', `${messagePath(call.input.messageId)}/reply`, {
				json: { ...packed('post', postOf(call)), reply_in_thread: call.input.inThread, uuid: randomUUID() },
			}),
	}),
	editMessage: action<typeof account>()({
		name: 'Edit Message',
		zh: '编辑消息',
		description: { en: 'Of a text or post, up to 20 times', zh: '仅文本与富文本消息，最多 20 次' },
		fields: {
			messageId,
			title: text('Title', { zh: '标题', optional: true }),
			text: markdown,
		},
		run: (call) => change(call, call.input.messageId, 'post', postOf(call)),
	}),
	updateCard: action<typeof account>()({
		name: 'Update Card',
		zh: '更新卡片',
		fields: {
			messageId,
			card: json('Card', { zh: '卡片 JSON', placeholder: '{"elements": []}' }),
		},
		run: (call) => change(call, call.input.messageId, 'interactive', call.input.card),
	}),
	recallMessage: action<typeof account>()({
		name: 'Recall Message',
		zh: '撤回消息',
		fields: { messageId },
		run: (call) => ask(call, 'DELETE', messagePath(call.input.messageId)),
	}),
	urgentMessage: action<typeof account>()({
		name: 'Remind Urgently',
		zh: '加急消息',
		fields: {
			messageId,
			users: list('Users', { zh: '成员', placeholder: 'ou_0123456789abcdef' }),
			by: choice('By', urgencies, { zh: '方式', default: 'app', catches: urgencyCatches }),
			idType: choice('Ids are', idTypes, { zh: 'ID 类型', default: 'open_id' }),
		},
		run: (call) => urgent(call, call.input.messageId, call.input.users, call.input.by, call.input.idType),
	}),
	uploadImage: action<typeof account>()({
		name: 'Upload Image',
		zh: '上传图片',
		resource: 'file',
		fields: { file: fileInput },
		run: async (call) => (await uploadImage(call, await fileOf(call), 'file')).data,
	}),
	uploadFile: action<typeof account>()({
		name: 'Upload File',
		zh: '上传文件',
		resource: 'file',
		fields: {
			file: fileInput,
			duration: number('Duration (milliseconds)', {
				zh: '时长（毫秒）',
				optional: true,
				integer: true,
				min: 1,
			}),
		},
		run: async (call) => (await uploadFile(call, await fileOf(call), call.input.duration, 'file')).data,
	}),
	sendRaw: action<typeof account>()({
		name: 'Send Raw',
		zh: '发送原始消息',
		description: { en: 'Any message of Feishu’s own form', zh: '按飞书自身格式发送任意消息' },
		fields: {
			to: text('Recipient', { zh: '接收者', placeholder: 'oc_0123456789abcdef' }),
			msgType: text('msg_type', { zh: 'msg_type', placeholder: 'system' }),
			content: json('Content', { zh: '内容', placeholder: '{"text": "…"}' }),
		},
		run: (call) => {
			const { to, msgType, content } = call.input;
			return ask(call, 'POST', messagesPath, {
				query: { receive_id_type: idTypeOf(to) },
				json: { receive_id: to, ...packed(msgType, content) },
			});
		},
	}),
};

function postOf({ input, language }: Calling & { input: { text: string; title?: string } }): VendorJson {
	const [body = ''] = render(input.text, {
		format: 'markdown',
		dialect: 'feishuPost',
		limit: bytes(16_000),
		overflow: 'cut',
	}).parts;
	return postContent({ title: input.title, body }, language, undefined, []);
}
