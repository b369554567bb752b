import type { ErrorRow, Replies } from '../../core/channel';

/** What the robot and the app are both answered with. */
const errors: readonly ErrorRow[] = [
	{
		code: [45009, 45033],
		is: 'RateLimited',
		retryAfter: 60,
		do: {
			en: 'Too many messages in a minute: group them with a digest.',
			zh: '一分钟内消息过多：请用汇总节点合并消息。',
		},
	},
	{
		says: /freq(uency)? out of limit|exceed.*frequency/i,
		is: 'RateLimited',
		retryAfter: 60,
		do: {
			en: 'Too many messages in a minute: group them with a digest.',
			zh: '一分钟内消息过多：请用汇总节点合并消息。',
		},
	},
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

export const wecomReplies = (own: readonly ErrorRow[]): Replies => ({
	ok: (json) => json.errcode === 0,
	code: (json) => json.errcode,
	says: (json) => json.errmsg,
	errors: [...own, ...errors],
});
