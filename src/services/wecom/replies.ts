import type { ErrorRow, Replies } from '../../core/define/channel';

const tooMany = {
	is: 'RateLimited',
	retryAfter: 60,
	do: {
		en: 'Too many messages in a minute: group them with a digest.',
		zh: '一分钟内消息过多：请用汇总节点合并消息。',
	},
} as const;

/** What the robot and the app are both answered with. */
const errors: readonly ErrorRow[] = [
	{ code: [45009, 45033], ...tooMany },
	{ says: /freq(uency)? out of limit|exceed.{0,60}frequency/i, ...tooMany },
	{
		code: -1,
		is: 'Unreachable',
		do: { en: 'WeCom is busy: try again later.', zh: '企业微信系统繁忙：请稍后重试。' },
	},
	{
		code: [301019, 40009],
		is: 'Rejected',
		because: 'image',
		do: {
			en: 'The picture is too large or damaged: use a JPG or PNG of at most 2 MB.',
			zh: '图片过大或已损坏：请使用不超过 2 MB 的 JPG 或 PNG。',
		},
	},
	{
		code: [40007, 40006, 40005, 40004],
		is: 'Rejected',
		do: {
			en: 'The file is gone or of a kind that WeCom does not take: a media id lives for 3 days, upload it again.',
			zh: '素材无效或类型不受支持：media_id 有效期 3 天，请重新上传。',
		},
	},
	{
		code: 40008,
		is: 'Rejected',
		do: {
			en: 'This kind of message is not possible here: choose another.',
			zh: '此处不支持该消息类型：请换一种。',
		},
	},
	{
		code: [44004, 44001],
		is: 'Rejected',
		do: { en: 'The content is empty: fill in a text or a file.', zh: '内容为空：请填写正文或提供文件。' },
	},
	{ code: 45002, is: 'Rejected', do: { en: 'The content is too long: shorten it.', zh: '内容过长：请缩短。' } },
	{
		code: 45008,
		is: 'Rejected',
		do: { en: 'News takes at most 8 articles: leave some out.', zh: '图文消息最多 8 条：请减少。' },
	},
	{
		code: [40058, 40035, 40039, 41016, 42014],
		is: 'Rejected',
		do: {
			en: 'A part of the message is missing or too long: compare the options with what WeCom says.',
			zh: '消息缺少参数或参数超长：请对照企业微信的提示检查选项。',
		},
	},
	{
		code: 40033,
		is: 'Rejected',
		do: {
			en: 'The text holds characters that WeCom refuses: leave control characters out.',
			zh: '正文含有企业微信不接受的字符：请去掉控制字符。',
		},
	},
];

const repliesOf = (own: readonly ErrorRow[]): Replies => ({
	ok: (json) => json.errcode === 0,
	code: (json) => json.errcode,
	says: (json) => json.errmsg,
	errors: [...own, ...errors],
});

export const wecomRobotReplies = repliesOf([
	{
		code: 93000,
		is: 'Unauthorized',
		do: {
			en: 'The robot is gone or the key is wrong: copy the webhook URL from the group again.',
			zh: '机器人已被移除或 key 有误：请从群里重新复制 Webhook 地址。',
		},
	},
]);

export const wecomAppReplies = repliesOf([
	{
		code: [40014, 42001, 41001],
		is: 'Unauthorized',
		refresh: true,
		do: { en: 'The access token expired early: try again.', zh: 'access_token 已提前失效：请重试。' },
	},
	{
		code: 40001,
		is: 'Unauthorized',
		do: {
			en: 'The app secret is wrong: copy it from the app’s page again.',
			zh: '应用 Secret 有误：请从应用页面重新复制。',
		},
	},
	{
		code: 40013,
		is: 'Unauthorized',
		do: {
			en: 'The corp ID is wrong: it stands under “My company”.',
			zh: '企业 ID 有误：请在“我的企业”中查看。',
		},
	},
	{
		code: [40056, 301002, 301005],
		is: 'Unauthorized',
		do: {
			en: 'This secret does not belong to this agent ID: take both from the same app.',
			zh: 'Secret 与 AgentId 不匹配：请从同一应用复制。',
		},
	},
	{
		code: 60020,
		is: 'Unauthorized',
		do: {
			en: 'Add the address that WeCom names to the app’s trusted IPs, or send through a relay that is trusted.',
			zh: '请把提示中的 IP 加入该应用的“企业可信 IP”，或通过可信 IP 的中转发送。',
		},
	},
	{
		code: 48002,
		is: 'Unauthorized',
		do: {
			en: 'The app lacks the permission for this: grant it on the app’s page.',
			zh: '应用没有该接口权限：请在应用页面中授权。',
		},
	},
	{
		code: [50001, 50002, 50003],
		is: 'Unauthorized',
		do: {
			en: 'The app is disabled, or the member is outside of its scope: check both on the app’s page.',
			zh: '应用已停用或成员不在应用范围内：请在应用页面中检查。',
		},
	},
	{
		code: 60011,
		is: 'Rejected',
		do: {
			en: 'The app may not write to these people: add them to its visible range.',
			zh: '应用无权向这些成员、部门或标签发送：请加入应用可见范围。',
		},
	},
	{
		code: [81013, 82001, 60111, 40003],
		is: 'Invalid',
		field: 'to',
		do: {
			en: 'Nobody is reached: check the recipients and the app’s visible range.',
			zh: '没有有效的接收者：请检查接收者与应用可见范围。',
		},
	},
	{
		code: [82002, 82003],
		is: 'Invalid',
		field: 'to',
		do: { en: 'At most 100 departments and 100 tags: name fewer.', zh: '部门与标签各最多 100 个：请减少。' },
	},
]);
