import type { Replies } from '../../core/define/channel';
import { keywordMissing } from '../../core/define/fields/keyword';

export const dingtalkReplies: Replies = {
	ok: (reply) => reply.errcode === 0,
	// The gateway in front answers `{"status": 1111, "punish": "deny", …}`.
	code: (reply) => reply.errcode ?? (reply.punish && 'punish'),
	says: (reply) => reply.errmsg ?? (reply.punish && `punish: ${reply.punish}`),
	errors: [
		{
			says: /punish/i,
			is: 'RateLimited',
			retryAfter: 60,
			do: {
				en: 'DingTalk’s gateway blocks this machine for a while: send less.',
				zh: '钉钉网关暂时拦截了本机：请降低发送频率。',
			},
		},
		{
			code: [130101, 410100],
			is: 'RateLimited',
			retryAfter: 60,
			do: {
				en: 'More than 20 messages in a minute block the robot for 10 minutes: group them with a digest.',
				zh: '每分钟超过 20 条会被限流 10 分钟：请用汇总节点合并消息。',
			},
		},
		{
			code: 90030,
			is: 'RateLimited',
			transient: false,
			do: { en: 'The quota of the day is used up: send again tomorrow.', zh: '今日额度已用完：请明天再发。' },
		},
		{ code: 310000, says: /keyword|关键词/i, ...keywordMissing },
		{
			code: 310000,
			says: /timestamp/i,
			is: 'Unauthorized',
			do: {
				en: 'The clock of this machine is off by more than an hour: set it.',
				zh: '本机时间偏差超过一小时：请校准时钟。',
			},
		},
		{
			code: 310000,
			says: /sign/i,
			is: 'Unauthorized',
			do: {
				en: 'Copy the signing secret (SEC…) from the robot’s settings again, and check the clock of this machine.',
				zh: '请从机器人设置中重新复制加签密钥（SEC…），并检查本机时间。',
			},
		},
		{
			code: 310000,
			says: /\bip\b/i,
			is: 'Unauthorized',
			do: {
				en: 'Add the public address of this machine to the robot’s IP ranges.',
				zh: '请把本机公网 IP 加入机器人的 IP 地址段。',
			},
		},
		{
			code: 310000,
			is: 'Unauthorized',
			do: {
				en: 'The robot’s security settings refuse this message: compare keyword, sign and IP range.',
				zh: '机器人的安全设置拒绝了该消息：请核对关键词、加签与 IP 地址段。',
			},
		},
		{
			code: [300001, 300005, 400101, 400106],
			is: 'Unauthorized',
			do: {
				en: 'There is no such robot: copy the webhook URL from its settings again.',
				zh: '机器人不存在：请从机器人设置中重新复制 Webhook 地址。',
			},
		},
		{
			code: 400102,
			is: 'Unauthorized',
			do: {
				en: 'The robot is disabled: switch it on in the group’s settings.',
				zh: '机器人已停用：请在群设置中启用。',
			},
		},
		{
			code: 400013,
			is: 'Rejected',
			do: {
				en: 'The group was dissolved: add a robot to another group.',
				zh: '群已解散：请在其他群中添加机器人。',
			},
		},
		{
			code: 430103,
			is: 'Rejected',
			because: 'image',
			do: {
				en: 'DingTalk holds the picture to be unsafe: use another.',
				zh: '图片未通过钉钉安全检测：请更换图片。',
			},
		},
		{
			code: 430101,
			is: 'Rejected',
			do: {
				en: 'DingTalk holds a link in it to be unsafe: leave it out.',
				zh: '链接未通过钉钉安全检测：请去掉该链接。',
			},
		},
		{
			code: [430102, 430104],
			is: 'Rejected',
			do: {
				en: 'DingTalk holds the content to be unsafe: word it differently.',
				zh: '内容未通过钉钉安全检测：请修改措辞。',
			},
		},
		{
			says: /too long|exceed 20000/i,
			is: 'Rejected',
			do: {
				en: 'DingTalk takes 20 000 bytes: shorten the message.',
				zh: '钉钉单条消息限 20000 字节：请缩短。',
			},
		},
		{
			code: [400105, 40035, 43004],
			is: 'Rejected',
			do: {
				en: 'A part of the message is missing or of the wrong form: check the options of this message type.',
				zh: '消息缺少必填内容或格式有误：请检查该消息类型的选项。',
			},
		},
		{
			code: -1,
			is: 'Unreachable',
			do: { en: 'DingTalk is busy: try again later.', zh: '钉钉系统繁忙：请稍后重试。' },
		},
	],
};
