import type { ErrorRow, Replies } from '../../core/define/channel';
import type { Text } from '../../core/base/language';

const invalid = (code: number | readonly number[], field: string, en: string, zh: string): ErrorRow => ({
	code,
	is: 'Invalid',
	field,
	do: { en, zh },
});

const tomorrow = (code: number | readonly number[], what: Text): ErrorRow => ({
	code,
	is: 'RateLimited',
	transient: false,
	do: {
		en: `The server takes no more ${what.en} today: wait until tomorrow, take a bigger plan, or run your own server.`,
		zh: `服务器今日不再接受更多${what.zh}：请等到明天、升级套餐，或自建服务器。`,
	},
});

/** By ntfy's own codes, whose first three digits are the HTTP status. */
const errors: readonly ErrorRow[] = [
	{
		code: [40_101, 401],
		is: 'Unauthorized',
		do: {
			en: 'The server does not know this token or password: create a token under Account → Access tokens.',
			zh: '服务器不认识该令牌或密码：请在“账户 → 访问令牌”中重新创建。',
		},
	},
	{
		code: [40_301, 403],
		is: 'Unauthorized',
		do: {
			en: 'This account may not write to the topic: fill in a token that may, or take another topic.',
			zh: '该账号无权写入此主题：请填写有权限的令牌，或更换主题。',
		},
	},
	invalid(
		[40_009, 40_010],
		'to',
		'Take another name for the topic: this one is not allowed.',
		'请更换主题名称：服务器不允许该名称。',
	),
	invalid(40_007, 'priority', 'Choose a priority from 1 to 5.', '请选择 1 到 5 的优先级。'),
	invalid(
		[40_004, 40_005, 40_006, 40_015],
		'delay',
		'Fill in a span such as 30min, or a time: 10 seconds to 3 days from now.',
		'请填写时长（如 30min）或时刻：10 秒至 3 天之内。',
	),
	invalid(
		[40_002, 40_003, 40_037],
		'delay',
		'What is delivered later must be kept on the server, and goes neither by e-mail nor by phone.',
		'延迟发送的消息必须启用服务器缓存，且不能同时发邮件或拨打电话。',
	),
	invalid(
		40_001,
		'email',
		'This server sends no e-mails: leave the address empty.',
		'该服务器未启用邮件：请清空邮箱地址。',
	),
	invalid(
		[40_032, 40_033, 40_034, 40_035],
		'call',
		'A call needs a server that makes calls, an account, and a number that is verified there.',
		'电话需要服务器支持、登录账户，且号码已在账户中验证。',
	),
	invalid(40_021, 'icon', 'The icon must be a web address.', '图标必须是网址。'),
	{
		code: 40_018,
		is: 'Rejected',
		because: 'buttons',
		do: {
			en: 'Check the actions: at most three, each with what it needs.',
			zh: '请检查操作按钮：最多三个，且各自填写完整。',
		},
	},
	{
		code: [40_013, 41_303],
		is: 'Rejected',
		because: 'image',
		do: {
			en: 'The server does not take the picture’s address, or too much stands beside the text.',
			zh: '服务器不接受该图片地址，或正文之外的内容过多。',
		},
	},
	{
		code: [40_014, 41_301, 413, 42_905, 50_003],
		is: 'Rejected',
		because: 'attachment',
		do: {
			en: 'The server takes no files, or not this one: 15 MB by default, 2 MB on ntfy.sh, and only for a while.',
			zh: '服务器不接受文件或该文件过大：默认 15 MB，ntfy.sh 为 2 MB，且每日总量有限。',
		},
	},
	tomorrow(42_908, { en: 'messages', zh: '消息' }),
	tomorrow(42_902, { en: 'e-mails', zh: '邮件' }),
	tomorrow(42_910, { en: 'calls', zh: '电话' }),
	{
		code: 42_909,
		is: 'RateLimited',
		transient: false,
		do: {
			en: 'Too many wrong logins came from here: correct token or password, and wait some minutes.',
			zh: '登录失败次数过多：请更正令牌或密码，几分钟后再试。',
		},
	},
	{
		code: [42_901, 42_903, 429],
		is: 'RateLimited',
		// The server refills one request in so long.
		retryAfter: 5,
		do: { en: 'The server asks to wait: send fewer messages.', zh: '服务器要求等待：请减少发送。' },
	},
	{
		code: [40_401, 404],
		is: 'Rejected',
		do: {
			en: 'Nothing is there: check the server’s URL. Replacing and clearing needs server 2.16.',
			zh: '地址不存在：请检查服务器地址。替换与清除需要 2.16 及以上版本的服务器。',
		},
	},
];

export const ntfyReplies: Replies = {
	ok: ({ id, username, healthy, error }) =>
		error === undefined &&
		((typeof id === 'string' && id.trim() !== '') ||
			typeof id === 'number' ||
			typeof username === 'string' ||
			healthy === true),
	code: (json) => json.code,
	says: (json) => json.error,
	errors,
};
