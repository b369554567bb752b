import {
	action,
	invalid,
	json,
	multiline,
	pick,
	rows,
	text,
	type Action,
	type Call,
	type Fields,
	type Values,
} from '../../core/define/channel';
import type { VendorJson } from '../../core/http/http';
import { attachmentOf, fileInput } from '../../core/define/fields/fileInput';
import { chatOf, withCalls, type Api, type oneBotAccount } from './calls';
import { groupsAndFriends } from './lists';
import { sourceOf } from './segments';

/** An action that needs nothing but calls. */
function act<const I extends Fields>(
	definition: Omit<Action<typeof oneBotAccount, I>, 'run'> & { run(api: Api, input: Values<I>): Promise<VendorJson> },
) {
	const { run, ...rest } = definition;
	return action<typeof oneBotAccount>()({
		...rest,
		run: (call: Call<typeof oneBotAccount> & { input: Values<I> }) =>
			withCalls(call, (api) => run(api, call.input)),
	} as Action<typeof oneBotAccount, I>);
}

/** One that asks without saying anything. */
const ask = (name: string, zh: string, method: string) =>
	act({
		name,
		zh,
		resource: method.endsWith('_list') ? 'contact' : 'api',
		fields: {},
		run: (api) => api(method, {}, true),
	});

const nothingToForward = invalid('messages', { en: 'Fill in “Messages”.', zh: '请填写“消息”。' });

const messageField = { messageId: text('Message id', { zh: '消息 ID' }) };
const chatField = { chat: pick('Chat', { zh: '会话', placeholder: 'group:20001', list: groupsAndFriends }) };
const extension = { en: 'An extension that most implementations have', zh: '多数实现支持的扩展' };

/** Message ids are numbers in the standard, texts in some implementations. */
const numeric = (id: string) => (/^-?\d{1,15}$/.test(id) ? Number(id) : id);

export const oneBotActions = {
	recallMessage: act({
		name: 'Recall Message',
		zh: '撤回消息',
		fields: messageField,
		run: (api, { messageId }) => api('delete_msg', { message_id: numeric(messageId) }, true),
	}),
	getMessage: act({
		name: 'Get Message',
		zh: '获取消息',
		fields: messageField,
		run: (api, { messageId }) => api('get_msg', { message_id: numeric(messageId) }, true),
	}),
	getForwardedMessages: act({
		name: 'Get Forwarded Messages',
		zh: '获取合并转发内容',
		fields: { id: text('Forward id', { zh: '转发 ID' }) },
		run: (api, { id }) => api('get_forward_msg', { id }, true),
	}),
	sendForwardedMessages: act({
		name: 'Send Forwarded Messages',
		zh: '发送合并转发',
		description: extension,
		fields: {
			...chatField,
			messages: rows(
				'Messages',
				{
					name: text('Name', { zh: '昵称', placeholder: 'Ann' }),
					uin: text('QQ number', { zh: 'QQ 号', placeholder: '10001' }),
					content: multiline('Text', { zh: '内容' }),
				},
				{
					zh: '消息',
					optional: true,
					row: { en: 'Message', zh: '消息' },
					help: { en: 'Who is shown as having said what', zh: '依次显示谁说了什么' },
				},
			),
			nodes: json('Nodes as JSON', {
				zh: '转发节点 JSON',
				optional: true,
				placeholder: '[{ "type": "node", "data": { "name": "…", "uin": "10001", "content": "…" } }]',
				help: {
					en: 'Nodes of OneBot; they come behind the messages',
					zh: 'OneBot 的转发节点，排在以上消息之后',
				},
			}),
		},
		run: (api, { chat, messages, nodes = [] }) => {
			const { type, params } = chatOf(chat);
			const all = [...messages.map((data) => ({ type: 'node', data })), ...[nodes].flat()];
			if (all.length === 0) throw nothingToForward;
			return api(`send_${type}_forward_msg`, { ...params, messages: all });
		},
	}),
	uploadFile: action<typeof oneBotAccount>()({
		name: 'Upload File',
		zh: '上传文件',
		resource: 'file',
		description: extension,
		fields: {
			...chatField,
			file: fileInput,
			folder: text('Folder id', { zh: '群文件夹 ID', optional: true }),
		},
		run: async (call) => {
			const { type, params } = chatOf(call.input.chat);
			const file = await call.file(attachmentOf(call.input.file));
			return await withCalls(call, (api) =>
				api(`upload_${type}_file`, {
					...params,
					file: sourceOf(file),
					name: file.name,
					folder: call.input.folder,
				}),
			);
		},
	}),
	listGroups: ask('List Groups', '获取群列表', 'get_group_list'),
	listFriends: ask('List Friends', '获取好友列表', 'get_friend_list'),
	getStatus: ask('Get Status', '获取运行状态', 'get_status'),
	canSendImage: ask('Can Send Image', '检查能否发图', 'can_send_image'),
	callAction: act({
		name: 'Call Action',
		zh: '调用接口',
		resource: 'api',
		description: { en: 'Any other action of the implementation', zh: '调用实现提供的其他接口' },
		fields: {
			action: text('Action', {
				zh: '接口',
				placeholder: 'get_group_member_list',
				check: (value) =>
					/^[.\w]+$/.test(value)
						? undefined
						: { en: 'must be a name such as get_group_list', zh: '必须是接口名，例如 get_group_list' },
			}),
			params: json('Parameters', { zh: '参数', default: '{}' }),
		},
		run: (api, { action, params }) => api(action, params as object),
	}),
};
