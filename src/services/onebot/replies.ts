import type { Replies } from '../../core/define/channel';

/** Implementations word the same refusal each their own way, QQ’s in Chinese. */
export const oneBotReplies: Replies = {
	ok: (json, { status }) =>
		status === 200 && ((json.status === 'ok' && json.retcode === 0) || json.status === 'async'),
	code: (json) => json.retcode,
	says: (json) => json.wording || json.message || json.msg,
	errors: [
		{
			code: [401, 1401, 403, 1403],
			is: 'Unauthorized',
			do: {
				en: 'Fill in the access token that is set in the OneBot implementation.',
				zh: '请填写 OneBot 实现中设置的 Access Token。',
			},
		},
		{
			code: [404, 1404],
			is: 'Rejected',
			do: {
				en: 'This implementation does not know that action: check the address, or choose another message type.',
				zh: '该实现不支持此操作：请检查服务地址，或改用其他消息类型。',
			},
		},
		{
			code: 426,
			is: 'Invalid',
			field: 'baseUrl',
			do: {
				en: 'This is the address of a WebSocket server: write it with ws:// in front.',
				zh: '这是 WebSocket 服务的地址：请以 ws:// 开头填写。',
			},
		},
		{
			says: /rich media|图片|image|download|highway/i,
			is: 'Rejected',
			because: 'image',
			do: {
				en: 'QQ did not take the picture: try another, or send its address.',
				zh: 'QQ 未接受图片：请更换图片或改发链接。',
			},
		},
		{
			says: /禁言|muted|shut ?up|\b120\b/i,
			is: 'Rejected',
			do: { en: 'The bot is muted in that group.', zh: '机器人在该群中被禁言。' },
		},
		{
			says: /风控|risk|频繁|frequen/i,
			is: 'Rejected',
			do: {
				en: 'QQ restricts this bot: send less, log in on a phone, or wait some hours.',
				zh: '机器人被 QQ 风控：请减少发送，用手机登录验证，或等待数小时。',
			},
		},
		{
			says: /timeout|timed ?out|超时/i,
			is: 'Rejected',
			do: {
				en: 'QQ did not confirm it: look whether it arrived before you send it again.',
				zh: 'QQ 未确认发送结果：重发前请先查看是否已送达。',
			},
		},
		{
			says: /登录|离线|offline|not ?login/i,
			is: 'Unreachable',
			do: { en: 'The bot is not logged in to QQ: log it in again.', zh: '机器人未登录 QQ：请重新登录。' },
		},
		{
			says: /好友|friend|群|group|用户|user|uin|uid|不存在|not (found|exist)/i,
			is: 'Rejected',
			do: {
				en: 'Check the number: the bot must be a friend of that user or a member of that group.',
				zh: '请检查号码：机器人须是该用户的好友或该群的成员。',
			},
		},
		{
			code: [400, 1400, 406, 100],
			is: 'Rejected',
			do: {
				en: 'The implementation does not understand the request: check own segments and ids.',
				zh: '实现无法识别该请求：请检查自定义消息段与 ID。',
			},
		},
	],
};
