import type { Replies } from '../../core/define/channel';
import { keywordMissing } from '../../core/define/fields/keyword';

const notShown = {
	is: 'Rejected',
	because: 'markup',
	do: {
		en: 'Feishu could not show the card: check its JSON or template.',
		zh: '卡片无法显示：请检查卡片 JSON 或模板。',
	},
} as const;

export const feishuAppReplies: Replies = {
	ok: (reply) => reply.code === 0,
	code: (reply) => reply.code,
	says: (reply) => reply.msg,
	errors: [
		{
			code: [99991661, 99991663, 99991664, 99991665, 99991668],
			is: 'Unauthorized',
			refresh: true,
			do: { en: 'The access token expired early: try again.', zh: 'tenant_access_token 已失效：请重试。' },
		},
		{
			code: [10003, 10013, 10014, 10015],
			is: 'Unauthorized',
			do: {
				en: 'App ID or app secret is wrong: copy both from the developer console, and mind Feishu or Lark.',
				zh: 'App ID 或 App Secret 有误：请从开发者后台重新复制，并区分飞书与 Lark。',
			},
		},
		{
			code: [99991400, 230020, 11232],
			is: 'RateLimited',
			retryAfter: 5,
			do: {
				en: 'Feishu takes 5 messages a second for one person or group: send less.',
				zh: '飞书对同一成员或群限每秒 5 条：请减少发送。',
			},
		},
		{
			code: [99991672, 230027],
			is: 'Unauthorized',
			do: {
				en: 'The app lacks a permission: grant im:message (for pictures and files im:resource) in the console and publish a version.',
				zh: '应用缺少权限：请在开发者后台开通 im:message（图片与文件还需 im:resource）并发布版本。',
			},
		},
		{
			code: 230006,
			is: 'Unauthorized',
			do: {
				en: 'The app is no bot yet: switch the bot ability on in the console and publish a version.',
				zh: '应用未启用机器人能力：请在开发者后台启用并发布版本。',
			},
		},
		{
			code: 230002,
			is: 'Rejected',
			do: { en: 'The bot is not in this group: add it there.', zh: '机器人不在该群中：请先把它加入群聊。' },
		},
		{
			code: 230013,
			is: 'Rejected',
			do: {
				en: 'This person is outside of the app’s availability: widen it in the console.',
				zh: '该成员不在应用可用范围内：请在开发者后台扩大范围。',
			},
		},
		{
			code: [230018, 230035],
			is: 'Rejected',
			do: {
				en: 'The group does not let the bot speak: change the group’s settings.',
				zh: '群设置不允许机器人发言：请修改群设置。',
			},
		},
		{
			code: [230022, 230028],
			is: 'Rejected',
			do: {
				en: 'The tenant’s rules refuse this content: word it differently.',
				zh: '内容未通过企业的敏感信息或防泄漏检查：请修改措辞。',
			},
		},
		{
			code: 230025,
			is: 'Rejected',
			do: {
				en: 'Feishu takes 150 KB of text, 30 KB of card or post: shorten the message.',
				zh: '飞书限文本 150 KB、卡片与富文本 30 KB：请缩短。',
			},
		},
		{
			code: [230029, 230038, 230053],
			is: 'Rejected',
			do: {
				en: 'This person cannot be reached: resigned, in another tenant, or the bot is muted.',
				zh: '无法送达该成员：已离职、属于其他租户，或屏蔽了机器人。',
			},
		},
		{
			code: [230034, 99992351, 99992361],
			is: 'Invalid',
			field: 'to',
			do: {
				en: 'There is no such recipient: check the id and what kind it is.',
				zh: '接收者不存在：请检查 ID 及其类型。',
			},
		},
		{ code: 230099, ...notShown },
		{
			code: [230001, 99992402, 9499],
			is: 'Rejected',
			do: {
				en: 'A part of the message is missing or of the wrong form: check the options of this message type.',
				zh: '消息缺少必填内容或格式有误：请检查该消息类型的选项。',
			},
		},
	],
};

export const feishuRobotReplies: Replies = {
	// The old form has its code with a capital.
	ok: (reply) => (reply.code ?? reply.StatusCode) === 0,
	code: (reply) => reply.code ?? reply.StatusCode,
	says: (reply) => reply.msg ?? reply.StatusMessage,
	errors: [
		{
			code: 19021,
			is: 'Unauthorized',
			do: {
				en: 'Copy the signing secret from the robot’s settings again, and check the clock of this machine: it may be off by an hour at most.',
				zh: '请从机器人设置中重新复制签名密钥，并检查本机时间（偏差不得超过一小时）。',
			},
		},
		{
			code: 19022,
			is: 'Unauthorized',
			do: {
				en: 'Add the public address of this machine to the robot’s IP list.',
				zh: '请把本机公网 IP 加入机器人的 IP 白名单。',
			},
		},
		{ code: 19024, ...keywordMissing },
		{
			code: 19001,
			is: 'Unauthorized',
			do: {
				en: 'There is no such robot: copy the webhook URL from the group’s settings again, and mind Feishu or Lark.',
				zh: '机器人不存在：请从群设置中重新复制 Webhook 地址，并区分飞书与 Lark。',
			},
		},
		{
			code: 11232,
			is: 'RateLimited',
			retryAfter: 10,
			do: {
				en: 'A robot may send 5 messages a second and 100 a minute: send less, and not at full hours.',
				zh: '机器人限每秒 5 条、每分钟 100 条：请减少发送，并避开整点。',
			},
		},
		{
			code: 9499,
			says: /freq|too many|rate limit|limited/i,
			is: 'RateLimited',
			retryAfter: 10,
			do: {
				en: 'A robot may send 5 messages a second and 100 a minute: send less.',
				zh: '机器人限每秒 5 条、每分钟 100 条：请减少发送。',
			},
		},
		{
			code: 19036,
			is: 'Rejected',
			do: { en: 'Feishu takes 20 KB: shorten the message.', zh: '飞书单条消息限 20 KB：请缩短。' },
		},
		{ says: /card|element|schema|template/i, ...notShown },
		{
			says: /image_?key/i,
			is: 'Rejected',
			because: 'image',
			do: {
				en: 'The image key is not known here: upload the picture with an app of the same tenant.',
				zh: 'image_key 无效：请用同一租户的应用上传图片。',
			},
		},
		{
			code: [9499, 19002],
			is: 'Rejected',
			do: {
				en: 'A part of the message is missing, of the wrong form or too large (20 KB): check the options of this message type.',
				zh: '消息缺少必填内容、格式有误或超过 20 KB：请检查该消息类型的选项。',
			},
		},
	],
};
