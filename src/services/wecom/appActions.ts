import { action, choice, invalid, json, list, text } from '../../core/define/channel';
import { fileInput, fileOf } from '../../core/define/fields/fileInput';
import { sendRaw } from '../../core/define/sendRaw';
import { menuButtons, menuOf } from './menu';
import { ask, receivers, sendPath, upload } from './appApi';
import type { account, Calling } from './appFields';
import { uploadable } from './media';

const ofAgent = ({ account: { agentId } }: Calling) => ({ query: { agentid: agentId } });

/** What only the app can do. */
export const wecomAppActions = {
	recallMessage: action<typeof account>()({
		name: 'Recall Message',
		zh: '撤回消息',
		description: { en: 'Within 24 hours', zh: '24 小时内可撤回' },
		fields: {
			messageId: text('Message id', {
				zh: '消息 ID',
				help: { en: 'The id in the receipt', zh: '回执中的 ID' },
			}),
		},
		run: (call) => ask(call, 'POST', '/cgi-bin/message/recall', { json: { msgid: call.input.messageId } }),
	}),
	updateCard: action<typeof account>()({
		name: 'Update Card',
		zh: '更新卡片',
		description: {
			en: 'Once for each answer, within 72 hours',
			zh: '每个 response_code 仅可用一次，72 小时内有效',
		},
		fields: {
			responseCode: text('Response code', {
				zh: 'response_code',
				help: {
					en: 'In the receipt’s handle, or in the callback of a pressed button',
					zh: '位于回执的 handle 或按钮回调中',
				},
			}),
			to: list('For', {
				zh: '更新对象',
				default: ['@all'],
				help: { en: 'User ids, party:2, tag:3 or @all', zh: '成员 ID、party:2、tag:3 或 @all' },
			}),
			replaceName: text('Text of the pressed button', { zh: '按钮替换文案', optional: true }),
			card: json('New card', {
				zh: '新卡片',
				optional: true,
				placeholder: '{"card_type": "text_notice"}',
				help: {
					en: 'WeCom’s own template_card, instead of a button’s text',
					zh: '企业微信 template_card，替代按钮文案',
				},
			}),
		},
		run: (call) => {
			const { responseCode, to, replaceName, card } = call.input;
			if (replaceName === undefined && card === undefined) {
				throw invalid('replaceName', {
					en: 'Fill in the text of the pressed button, or a new card.',
					zh: '请填写按钮替换文案或新卡片。',
				});
			}
			const { users, parties, tags } = receivers(to);
			const all = users.includes('@all');
			return ask(call, 'POST', '/cgi-bin/message/update_template_card', {
				json: {
					...(all
						? { atall: 1 }
						: { userids: users, partyids: parties.map(Number), tagids: tags.map(Number) }),
					agentid: call.account.agentId,
					response_code: responseCode,
					...(card === undefined ? { button: { replace_name: replaceName } } : { template_card: card }),
				},
			});
		},
	}),
	createMenu: action<typeof account>()({
		name: 'Create Menu',
		zh: '创建菜单',
		resource: 'menu',
		fields: {
			buttons: menuButtons,
			menu: json('Menu as JSON', {
				zh: '菜单 JSON',
				optional: true,
				placeholder: '[{"type": "click", "name": "Status", "key": "status"}]',
				help: {
					en: 'In place of the buttons above, for kinds that they lack (mini programs): https://developer.work.weixin.qq.com/document/path/90231',
					zh: '替代上面的按钮，用于其他类型（小程序等）：https://developer.work.weixin.qq.com/document/path/90231',
				},
			}),
		},
		run: (call) => {
			const { buttons, menu = menuOf(buttons) } = call.input;
			return ask(call, 'POST', '/cgi-bin/menu/create', {
				...ofAgent(call),
				json: Array.isArray(menu) ? { button: menu } : menu,
			});
		},
	}),
	getMenu: action<typeof account>()({
		name: 'Get Menu',
		zh: '获取菜单',
		resource: 'menu',
		fields: {},
		run: (call) => ask(call, 'GET', '/cgi-bin/menu/get', ofAgent(call)),
	}),
	deleteMenu: action<typeof account>()({
		name: 'Delete Menu',
		zh: '删除菜单',
		resource: 'menu',
		fields: {},
		run: (call) => ask(call, 'GET', '/cgi-bin/menu/delete', ofAgent(call)),
	}),
	uploadMedia: action<typeof account>()({
		name: 'Upload Media',
		zh: '上传素材',
		resource: 'file',
		description: { en: 'Gives a media id that lives for 3 days', zh: '得到 3 天内有效的 media_id' },
		fields: {
			file: fileInput,
			type: choice(
				'Type',
				{
					image: ['Picture', '图片'],
					voice: ['Voice (AMR)', '语音（AMR）'],
					video: ['Video (MP4)', '视频（MP4）'],
					file: ['File', '文件'],
				},
				{ zh: '类型', default: 'file' },
			),
		},
		run: async (call) => upload(call, await fileOf(call), call.input.type, 'file'),
	}),
	uploadImage: action<typeof account>()({
		name: 'Upload Image',
		zh: '上传永久图片',
		resource: 'file',
		description: {
			en: 'Gives an address for use within mpnews that does not expire',
			zh: '得到可用于 mpnews 正文的永久图片地址',
		},
		fields: { file: fileInput },
		run: async (call) => {
			const media = uploadable(await fileOf(call), 'image', 'file');
			return ask(call, 'POST', '/cgi-bin/media/uploadimg', { multipart: { media } });
		},
	}),
	sendRaw: sendRaw<typeof account>(
		{
			en: 'Any message of WeCom’s own form; the agent ID is added',
			zh: '按企业微信自身格式发送任意消息，自动补上 agentid',
		},
		'{"touser": "@all", "msgtype": "text", "text": {"content": "…"}}',
		(call, message) =>
			ask(call, 'POST', sendPath, { json: { agentid: call.account.agentId, ...(message as object) } }),
	),
};
