import type { ErrorRow } from '../../core/define/channel';

/** What the Bot API refuses, by its own words: its codes are but HTTP statuses. */
export const telegramErrors: readonly ErrorRow[] = [
	{
		code: 401,
		is: 'Unauthorized',
		do: {
			en: 'Telegram does not know this bot token: copy it again from @BotFather.',
			zh: 'Telegram 不认识该机器人令牌：请从 @BotFather 重新复制。',
		},
	},
	{
		code: 404,
		is: 'Unauthorized',
		do: {
			en: 'Check the bot token and the base URL: the token is not one of a bot, or the server (perhaps an old one) does not know what was asked.',
			zh: '请检查机器人令牌和服务地址：令牌不正确，或服务器（可能版本过旧）不支持该请求。',
		},
	},
	{
		says: /upgraded to a supergroup/i,
		is: 'Rejected',
		do: {
			en: 'The group became a supergroup with a new id: fill in the new one.',
			zh: '该群已升级为超级群，会话 ID 已变：请填写新的 ID。',
		},
	},
	{
		says: /chat not found|PEER_ID_INVALID|chat_id is empty/i,
		is: 'Invalid',
		field: 'to',
		do: {
			en: 'Check the chat id. A person must have written to the bot first; a group or channel must have the bot as a member.',
			zh: '请检查会话 ID。个人须先给机器人发过消息；群组或频道须已加入该机器人。',
		},
	},
	{
		says: /blocked by the user/i,
		is: 'Rejected',
		do: {
			en: 'This user has blocked the bot: ask them to unblock it, or remove the chat.',
			zh: '该用户已屏蔽机器人：请对方解除屏蔽，或移除该会话。',
		},
	},
	{
		says: /can't initiate conversation|can't send messages to bots/i,
		is: 'Rejected',
		do: {
			en: 'A bot cannot write first, nor to another bot: the person has to open the bot and press Start.',
			zh: '机器人不能主动发起会话，也不能给其他机器人发消息：请对方打开机器人并点击“开始”。',
		},
	},
	{
		says: /user is deactivated/i,
		is: 'Rejected',
		do: { en: 'This account was deleted: remove the chat.', zh: '该账号已注销：请移除该会话。' },
	},
	{
		says: /kicked|not a member|bot was removed/i,
		is: 'Rejected',
		do: {
			en: 'The bot is not in this group or channel: add it again.',
			zh: '机器人不在该群组或频道中：请重新添加。',
		},
	},
	{
		// A group may take texts and no media of a kind, or of any.
		says: /not enough rights to send (?:photos|videos|animations|documents|audios|music|voice|video|media|stickers)|CHAT_SEND_(?!PLAIN)[A-Z]{1,40}_FORBIDDEN/i,
		is: 'Rejected',
		because: 'image',
		do: {
			en: 'Give the bot the right to send this kind of media in the group or channel.',
			zh: '请在群组或频道中授予机器人发送此类媒体的权限。',
		},
	},
	{
		says: /not enough rights|no rights|administrator rights|CHAT_WRITE_FORBIDDEN|CHAT_ADMIN_REQUIRED|CHAT_SEND_[A-Z]{1,40}_FORBIDDEN/i,
		is: 'Rejected',
		do: {
			en: 'Give the bot the right to do this in the group or channel (in a channel: make it an administrator).',
			zh: '请在群组或频道中授予机器人相应权限（频道需设为管理员）。',
		},
	},
	{
		says: /message thread not found|TOPIC_(CLOSED|DELETED|ID_INVALID)/i,
		is: 'Invalid',
		field: 'topic',
		do: {
			en: 'The topic does not exist or is closed: check its id (the last number of its link).',
			zh: '话题不存在或已关闭：请检查话题 ID（话题链接的最后一个数字）。',
		},
	},
	{
		says: /parse entities|can't find end of|unsupported start tag|unclosed|reserved and must be escaped|ENTIT(?:Y|IES)_|RICH_MESSAGE|parse rich/i,
		is: 'Rejected',
		because: 'markup',
		do: {
			en: 'The formatting cannot be read: check the Markdown or HTML of the text.',
			zh: '无法解析文字格式：请检查文本的 Markdown 或 HTML。',
		},
	},
	{
		says: /BUTTON_|inline keyboard|reply markup|REPLY_MARKUP|keyboard button/i,
		is: 'Rejected',
		because: 'buttons',
		do: {
			en: 'A button is refused: its link must be a public web address, its value at most 64 bytes.',
			zh: '按钮被拒绝：链接须为公网网址，回传值不超过 64 字节。',
		},
	},
	{
		says: /caption is too long|message is too long|MEDIA_CAPTION_TOO_LONG|MESSAGE_TOO_LONG/i,
		is: 'Rejected',
		do: {
			en: 'The text is longer than Telegram takes (4096 characters, 1024 beside media): shorten it.',
			zh: '文字超过 Telegram 的上限（4096 个字符，媒体说明 1024 个）：请缩短。',
		},
	},
	{
		says: /text is empty|text must be non-empty/i,
		is: 'Invalid',
		field: 'message',
		do: { en: 'Fill in a text.', zh: '请填写文字。' },
	},
	{
		says: /failed to get HTTP URL content|wrong file identifier|HTTP URL specified|wrong type of the web page content|WEBPAGE_|\bPHOTO_|IMAGE_PROCESS_FAILED|MEDIA_(EMPTY|INVALID)|\b(?:FILE|VIDEO|DOCUMENT|AUDIO|ANIMATION)_[A-Z_]{1,40}|wrong remote file|file must be non-empty|is too big/i,
		is: 'Rejected',
		because: 'image',
		do: {
			en: 'Telegram could not take the picture or file: its address must be public, a photo at most 5 MB by address and 10 MB as upload.',
			zh: 'Telegram 无法获取该图片或文件：地址须为公网，照片通过网址最大 5 MB，上传最大 10 MB。',
		},
	},
	{
		says: /VOICE_MESSAGES_FORBIDDEN/i,
		is: 'Rejected',
		because: 'attachment',
		do: { en: 'This user does not take voice messages.', zh: '该用户不接收语音消息。' },
	},
	{
		code: 413,
		is: 'Rejected',
		because: 'attachment',
		do: {
			en: 'The file is too big: a bot uploads at most 50 MB (2 GB through a Bot API server of your own).',
			zh: '文件过大：机器人上传上限为 50 MB（自建 Bot API 服务器为 2 GB）。',
		},
	},
	{
		says: /replied (message )?not found|to be replied not found|REPLY_MESSAGE_ID_INVALID|QUOTE_TEXT_INVALID/i,
		is: 'Invalid',
		field: 'replyTo',
		do: {
			en: 'The message to reply to, or the quoted piece of it, is not there.',
			zh: '找不到要回复的消息或所引用的文字。',
		},
	},
	{
		says: /EFFECT_ID_INVALID|effect/i,
		is: 'Invalid',
		field: 'effect',
		do: { en: 'The effect does not exist, or the chat is no private one.', zh: '特效不存在，或该会话不是私聊。' },
	},
	{
		says: /message to (edit|delete|pin|react)|can't be (edited|deleted)|message identifier|MESSAGE_ID_INVALID|message_id/i,
		is: 'Rejected',
		do: {
			en: 'The message is not there, is not the bot’s own, or is too old (48 hours for deleting).',
			zh: '消息不存在、不是该机器人发送的，或已过期（删除限 48 小时内）。',
		},
	},
	{
		says: /query is too old|QUERY_ID_INVALID/i,
		is: 'Rejected',
		do: { en: 'The button was pressed too long ago to be answered.', zh: '按钮按下的时间过久，无法应答。' },
	},
	{
		code: 409,
		is: 'Rejected',
		do: {
			en: 'Another program uses this bot: stop the other poller, or remove its webhook.',
			zh: '另一个程序正在使用该机器人：请停止其轮询，或删除其 webhook。',
		},
	},
	{
		code: 429,
		is: 'RateLimited',
		do: {
			en: 'Telegram asks to wait {seconds} seconds: send fewer messages, above all to one group (20 a minute).',
			zh: 'Telegram 要求等待 {seconds} 秒：请减少消息，同一群组每分钟最多 20 条。',
		},
	},
	{
		code: 403,
		is: 'Rejected',
		do: {
			en: 'The bot may not write there: add it to the chat, or have the user press Start.',
			zh: '机器人无权在此发言：请将其加入会话，或让用户点击“开始”。',
		},
	},
	{
		code: 400,
		is: 'Rejected',
		do: { en: 'Check the chat, the options and the text.', zh: '请检查会话、选项和文字。' },
	},
];

/** What Telegram says of bytes that make no photo for it, and may be a file all the same. */
export const refusedAsPhoto = /\bPHOTO_\w{1,40}|IMAGE_PROCESS_FAILED|too big for a photo/i;
