import type { ErrorRow } from '../../core/define/channel';

const forbidden = {
	is: 'Rejected',
	do: {
		en: 'A rule of the workspace forbids this: ask its administrator.',
		zh: '工作区规则不允许此操作：请联系管理员。',
	},
} as const;
const empty = {
	is: 'Rejected',
	do: { en: 'The message is empty: fill in a text.', zh: '消息为空：请填写正文。' },
} as const;
const broken = {
	is: 'Unreachable',
	do: { en: 'Slack has a fault of its own: try again later.', zh: 'Slack 服务端故障：请稍后重试。' },
} as const;

/** Of the Web API, where the words begin with the code and say more behind it. */
export const slackErrors: readonly ErrorRow[] = [
	{
		code: ['ratelimited', 'rate_limited', 'message_limit_exceeded'],
		is: 'RateLimited',
		retryAfter: 1,
		do: {
			en: 'Slack takes about one message a second in a channel: send fewer.',
			zh: 'Slack 每个频道每秒约接受一条消息：请减少发送。',
		},
	},
	{
		code: ['missing_scope', 'no_permission'],
		is: 'Unauthorized',
		do: {
			en: 'Add the scope that is named here under “OAuth & Permissions” and install the app again.',
			zh: '请在 OAuth & Permissions 中添加此处所列的权限，并重新安装应用。',
		},
	},
	{
		code: [
			'invalid_auth',
			'not_authed',
			'token_revoked',
			'token_expired',
			'account_inactive',
			'not_allowed_token_type',
			'access_denied',
			'org_login_required',
		],
		is: 'Unauthorized',
		do: {
			en: 'Install the app to the workspace again and copy its bot token (xoxb-…).',
			zh: '请把应用重新安装到工作区，并复制机器人令牌（xoxb-…）。',
		},
	},
	{
		code: ['not_in_channel', 'user_not_in_channel'],
		is: 'Rejected',
		do: {
			en: 'Invite the app to the channel (/invite @app), or add the scope chat:write.public.',
			zh: '请把应用邀请进频道（/invite @应用），或添加 chat:write.public 权限。',
		},
	},
	{
		code: ['channel_not_found', 'invalid_channel', 'user_not_found', 'invalid_users'],
		is: 'Rejected',
		do: {
			en: 'Use the channel’s or user’s id, and invite the app where the channel is private.',
			zh: '请使用频道或用户的 ID；私有频道需先邀请应用加入。',
		},
	},
	{
		code: ['is_archived', 'channel_is_archived'],
		is: 'Rejected',
		do: { en: 'The channel is archived: choose another, or restore it.', zh: '频道已归档：请更换频道或恢复它。' },
	},
	{
		code: [
			'restricted_action',
			'restricted_action_read_only_channel',
			'restricted_action_thread_only_channel',
			'action_prohibited',
			'team_access_not_granted',
		],
		...forbidden,
	},
	{
		code: ['invalid_blocks', 'invalid_blocks_format'],
		says: /image|download/i,
		is: 'Rejected',
		because: 'image',
		do: {
			en: 'Slack could not load the picture: its address must be public.',
			zh: 'Slack 无法加载图片：其地址必须可公开访问。',
		},
	},
	{
		code: ['invalid_blocks', 'invalid_blocks_format', 'msg_blocks_too_long', 'markdown_text_conflict'],
		is: 'Rejected',
		because: 'markup',
		do: { en: 'Check the blocks in the Block Kit Builder.', zh: '请在 Block Kit Builder 中检查区块。' },
	},
	{
		code: ['msg_too_long', 'too_many_attachments'],
		is: 'Rejected',
		do: { en: 'Shorten the message.', zh: '请缩短消息。' },
	},
	{ code: 'no_text', ...empty },
	{
		code: ['invalid_thread_ts', 'thread_not_found', 'message_not_found', 'bad_timestamp', 'no_item_specified'],
		is: 'Rejected',
		do: {
			en: 'There is no such message in this channel: take “channel” and “ts” from the receipt.',
			zh: '该频道中没有这条消息：请使用回执中的 channel 与 ts。',
		},
	},
	{
		code: ['cant_update_message', 'cant_delete_message', 'edit_window_closed'],
		is: 'Rejected',
		do: {
			en: 'An app can change only its own messages, and only as long as the workspace allows it.',
			zh: '应用只能修改自己发送的消息，且须在工作区允许的时间内。',
		},
	},
	{
		code: ['invalid_name', 'already_reacted', 'no_reaction', 'too_many_emoji', 'too_many_reactions'],
		is: 'Rejected',
		do: {
			en: 'Check the emoji’s name and which reactions the message has already.',
			zh: '请检查表情名称以及该消息已有的回应。',
		},
	},
	{
		code: ['time_in_past', 'time_too_far', 'invalid_time', 'invalid_scheduled_message_id'],
		is: 'Rejected',
		do: {
			en: 'A message can be scheduled for up to 120 days from now, and dropped until shortly before.',
			zh: '消息最多可预定在 120 天之内，且只能在发送前取消。',
		},
	},
	{
		code: ['file_upload_size_restricted', 'file_uploads_disabled', 'storage_limit_reached', 'file_not_found'],
		is: 'Rejected',
		do: { en: 'The workspace takes no such file: see its limits.', zh: '工作区不接受该文件：请查看其限制。' },
	},
	{
		code: [
			'metadata_must_be_sent_from_app',
			'metadata_too_large',
			'invalid_metadata_format',
			'invalid_metadata_schema',
		],
		is: 'Rejected',
		do: {
			en: 'Check “Metadata”: an object with event_type and event_payload.',
			zh: '请检查“元数据”：应为包含 event_type 与 event_payload 的对象。',
		},
	},
	{
		code: ['fatal_error', 'internal_error', 'service_unavailable', 'request_timeout', 'team_added_to_org'],
		...broken,
	},
];

/** Of webhooks, which answer with a word in plain text. */
export const slackWebhookErrors: readonly ErrorRow[] = [
	{
		says: /channel_is_archived/,
		is: 'Rejected',
		do: {
			en: 'The webhook’s channel is archived: make a webhook for another.',
			zh: 'Webhook 所属频道已归档：请为其他频道新建 Webhook。',
		},
	},
	{
		says: /invalid_token|no_service|no_active_hooks|no_team|team_disabled/,
		is: 'Unauthorized',
		do: {
			en: 'The webhook is gone or switched off: make a new one and copy its URL.',
			zh: 'Webhook 已失效或被停用：请新建并复制其地址。',
		},
	},
	{ says: /action_prohibited|posting_to_general/, ...forbidden },
	{
		says: /channel_not_found|user_not_found/,
		is: 'Rejected',
		do: {
			en: 'The webhook’s channel or user is gone: make a new webhook.',
			zh: 'Webhook 所属频道或用户已不存在：请新建 Webhook。',
		},
	},
	{
		says: /invalid_blocks|download.{0,60}image/,
		is: 'Rejected',
		because: 'markup',
		do: {
			en: 'Check the blocks, and that pictures have public addresses.',
			zh: '请检查区块，并确认图片地址可公开访问。',
		},
	},
	{ says: /no_text/, ...empty },
	{
		says: /invalid_payload|invalid_workflow_input|parameter/,
		is: 'Rejected',
		do: {
			en: 'Slack cannot read this: check own blocks, or which variables the workflow declares.',
			zh: 'Slack 无法识别该内容：请检查自定义区块，或工作流声明的变量。',
		},
	},
	{ says: /rollup_error|internal_error|service_unavailable/, ...broken },
	{
		code: [404, 410],
		is: 'Unauthorized',
		do: {
			en: 'The webhook is gone: make a new one and copy its URL.',
			zh: 'Webhook 已失效：请新建并复制其地址。',
		},
	},
	{
		code: [429, 'ratelimited', 'rate_limited'],
		is: 'RateLimited',
		retryAfter: 1,
		do: {
			en: 'Slack takes one message a second from a webhook: send fewer.',
			zh: 'Slack 每个 Webhook 每秒接受一条消息：请减少发送。',
		},
	},
	// Slack's own yes is `ok`, and its own no is never a bare 200.
	{
		code: 200,
		is: 'Unexpected',
		do: {
			en: 'This is no answer of Slack’s: check the webhook URL, the base URL and the proxy.',
			zh: '这不是 Slack 的应答：请检查 Webhook 地址、服务地址与代理。',
		},
	},
];
