import type { ErrorRow, Replies } from '../../core/define/channel';
import type { VendorJson } from '../../core/http/http';
import { codes } from './protocol';

const gone = {
	en: 'The webhook is gone: make a new one (Edit Channel → Integrations → Webhooks) and copy its URL.',
	zh: 'Webhook 已失效：请新建（编辑频道 → 整合 → Webhook）并复制其地址。',
};

const errors: readonly ErrorRow[] = [
	{ code: [10_015, 10_016, codes.invalidToken], is: 'Unauthorized', do: gone },
	{
		code: 10_008,
		is: 'Rejected',
		do: {
			en: 'This webhook sent no such message, or not in this thread: take id and thread from the receipt.',
			zh: '该 Webhook 没有发送过这条消息，或不在该子区中：请使用回执中的 ID 与子区。',
		},
	},
	{
		code: 10_003,
		is: 'Invalid',
		field: 'to',
		do: {
			en: 'The thread is not in the webhook’s channel, or is gone: check its id.',
			zh: '子区不在 Webhook 所属频道中，或已被删除：请检查其 ID。',
		},
	},
	{
		code: 220_001,
		is: 'Invalid',
		field: 'threadName',
		do: {
			en: 'A forum or media channel takes posts alone: fill in “New post”, or a thread to write to.',
			zh: '论坛或媒体频道只接受帖子：请填写“新帖子标题”，或指定要发到的子区。',
		},
	},
	{
		code: [220_002, 220_003],
		is: 'Invalid',
		field: 'threadName',
		do: {
			en: 'Leave “New post” empty: it is for forum and media channels, and for messages that go to no thread.',
			zh: '请清空“新帖子标题”：仅适用于论坛或媒体频道，且消息未指定子区时。',
		},
	},
	{
		code: 220_004,
		is: 'Rejected',
		do: {
			en: 'Discord does not let this webhook write to forum channels: take another channel.',
			zh: '该 Webhook 不能用于论坛频道：请更换频道。',
		},
	},
	{
		code: [50_083, 160_005],
		is: 'Rejected',
		do: {
			en: 'The thread is archived or locked: open it again, or write to another.',
			zh: '子区已归档或锁定：请重新打开，或更换子区。',
		},
	},
	{
		code: [160_006, 160_007],
		is: 'Rejected',
		do: {
			en: 'The server has all the active threads it may have: archive some.',
			zh: '服务器的活跃子区已达上限：请归档一些。',
		},
	},
	{
		code: [40_005, 413, 50_045, 50_046, 50_110, 50_123, 400_001],
		is: 'Rejected',
		because: 'attachment',
		do: {
			en: 'Discord does not take this file: 10 MiB each, unless the server is boosted, and 25 MiB in one message.',
			zh: 'Discord 不接受该文件：单个文件 10 MiB（服务器助力后更高），每条消息合计 25 MiB。',
		},
	},
	{
		code: codes.emptyMessage,
		is: 'Invalid',
		field: 'message',
		do: { en: 'The message is empty: fill in a text.', zh: '消息为空：请填写正文。' },
	},
	{
		code: [200_000, 200_001, 240_000, 20_009],
		is: 'Rejected',
		do: {
			en: 'The server’s moderation (AutoMod, link filter) blocked the text: change it, or exempt the channel.',
			zh: '服务器的自动审核或链接过滤拦截了内容：请修改内容，或将该频道设为例外。',
		},
	},
	{
		code: 30_046,
		is: 'RateLimited',
		transient: false,
		do: {
			en: 'This old message was edited too often: send a new one, or edit it later.',
			zh: '这条旧消息的编辑次数已达上限：请发送新消息，或稍后再编辑。',
		},
	},
	{
		code: [429, 40_062, 20_016, 20_028],
		is: 'RateLimited',
		do: {
			en: 'Discord asks to wait: send fewer messages through this webhook.',
			zh: 'Discord 要求等待：请减少该 Webhook 的消息。',
		},
	},
	{
		code: [130_000, 40_004, 40_006],
		is: 'Unreachable',
		do: { en: 'Discord is overloaded: try again later.', zh: 'Discord 过载：请稍后重试。' },
	},
	{
		says: /\b(?:username|avatar_url)\b/,
		is: 'Invalid',
		field: 'username',
		do: {
			en: 'Check name and avatar: a name may not hold “discord” or “clyde”, nor be longer than 80 characters.',
			zh: '请检查显示名称与头像：名称不能包含“discord”或“clyde”，且最多 80 个字符。',
		},
	},
	{
		says: /\b(?:thread_name|applied_tags)\b/,
		is: 'Invalid',
		field: 'appliedTags',
		do: {
			en: 'Check title and tags of the post: a tag is named by its id, and must exist in this forum.',
			zh: '请检查帖子标题与标签：标签须填写该论坛中已有标签的 ID。',
		},
	},
	{
		says: /\bthread_id\b/,
		is: 'Invalid',
		field: 'to',
		do: { en: 'Fill in the thread’s id, a number.', zh: '请填写子区的 ID（数字）。' },
	},
	{
		says: /\bembeds\.\d+\.(?:image|thumbnail)\b|\bitems\.\d+\.media\b/,
		is: 'Rejected',
		because: 'image',
		do: { en: 'Discord takes pictures from public web addresses alone.', zh: 'Discord 只接受公网图片地址。' },
	},
	{
		says: /\bcomponents(?:\.\d+){0,4}\.?(?:components|url|label|accessory)\b/,
		is: 'Rejected',
		because: 'buttons',
		do: {
			en: 'A button is refused: its link must be a web address of at most 512 characters, its text at most 80.',
			zh: '按钮被拒绝：链接须为网址且不超过 512 个字符，文字不超过 80 个字符。',
		},
	},
	{
		says: /\b(?:embeds|components)\b/,
		is: 'Rejected',
		because: 'markup',
		do: { en: 'Check what the options add to the embed or card.', zh: '请检查选项中添加到卡片的内容。' },
	},
	{
		code: [401, 403, 404, 50_001, 50_013, 40_001],
		is: 'Unauthorized',
		do: gone,
	},
];

export const discordReplies: Replies = {
	ok: (json) => typeof json.id === 'string' && json.id !== '',
	code: (json) => json.code || undefined,
	says: saysOf,
	retryAfter: ({ retry_after: seconds }) => (typeof seconds === 'number' ? seconds : undefined),
	errors,
};

/** With what is wrong where: `Invalid Form Body (embeds.0.title: Must be 256 or fewer in length.)` */
function saysOf({ message, errors: where }: VendorJson): string | undefined {
	const found = detailsIn(where);
	return found.length === 0 ? message : `${message} (${found.slice(0, 3).join('; ')})`;
}

function detailsIn(value: VendorJson, path: readonly string[] = []): string[] {
	if (typeof value !== 'object' || value === null || path.length > 8) return [];
	const own = Array.isArray(value._errors) ? value._errors.slice(0, 3) : [];
	return [
		...own.map(({ message }: VendorJson) => `${path.join('.')}: ${message}`),
		...Object.entries(value)
			.slice(0, 20)
			.flatMap(([key, inner]) => (key === '_errors' ? [] : detailsIn(inner, [...path, key]))),
	];
}
