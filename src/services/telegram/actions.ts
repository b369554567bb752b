import { action, choice, invalid, json, multiline, number, text, toggle } from '../../core/define/channel';
import { render } from '../../core/markup';
import { at, call, captionMost, textMost, type Fields, type telegramAccount } from './api';
import { keyboard, ownKeyboard } from './keyboard';
import { setMyCommands } from './commands';
import { change } from './edit';

const chatField = {
	chat: text('Chat', {
		zh: '会话',
		optional: true,
		placeholder: '-1001234567890, @channel',
		help: { en: 'Empty: the account’s default', zh: '留空则使用账号的默认会话' },
	}),
};
const messageField = { messageId: number('Message id', { zh: '消息 ID', integer: true, min: 1 }) };

const act = action<typeof telegramAccount>();

/** What only Telegram can do. */
export const telegramActions = {
	editMessage: act({
		name: 'Edit Message',
		zh: '编辑消息',
		fields: {
			...chatField,
			...messageField,
			part: choice(
				'Change',
				{ text: ['Text', '文字'], caption: ['Caption', '媒体说明'], buttons: ['Buttons only', '仅按钮'] },
				{ zh: '修改内容', default: 'text' },
			),
			text: multiline('Text', { zh: '文字', show: { part: ['text', 'caption'] } }),
			format: choice(
				'Text is',
				{ markdown: ['Markdown', 'Markdown'], html: ['HTML', 'HTML'], text: ['Plain text', '纯文本'] },
				{ zh: '文字格式', default: 'markdown', show: { part: ['text', 'caption'] } },
			),
			keyboard,
			replyMarkup: json('Other keyboard', {
				zh: '其他键盘',
				optional: true,
				placeholder: '{"inline_keyboard": []}',
				help: {
					en: 'reply_markup as Telegram has it; an empty one takes the buttons away',
					zh: 'Telegram 的 reply_markup；空键盘可移除按钮',
				},
			}),
		},
		run: (input) => {
			const { chat, messageId, part, text: source = '', format = 'markdown' } = input.input;
			const replyMarkup = input.input.replyMarkup ?? ownKeyboard(input.input.keyboard);
			const limit = part === 'caption' ? { ...textMost, max: captionMost } : textMost;
			const words =
				part === 'buttons'
					? undefined
					: render(source, { format, dialect: 'telegramHtml', limit, overflow: 'cut' }).parts[0];
			const place = { ...at(input, chat), message_id: messageId };
			return change(input, part, place, {
				...(words !== undefined && { [part]: words, parse_mode: 'HTML' }),
				...(replyMarkup !== undefined && { reply_markup: replyMarkup }),
			});
		},
	}),
	editMedia: act({
		name: 'Replace Media',
		zh: '替换媒体',
		fields: {
			...chatField,
			...messageField,
			kind: choice(
				'Kind',
				{
					photo: ['Photo', '照片'],
					video: ['Video', '视频'],
					animation: ['Animation', '动图'],
					audio: ['Audio', '音频'],
					document: ['File', '文件'],
				},
				{ zh: '类型', default: 'photo' },
			),
			media: text('URL or file id', { zh: '网址或 file_id' }),
			caption: text('Caption', { zh: '说明', optional: true }),
		},
		run: (input) => {
			const { chat, messageId, kind, media, caption } = input.input;
			const place = { ...at(input, chat), message_id: messageId };
			return change(input, 'media', place, { media: { type: kind, media, ...(caption && { caption }) } });
		},
	}),
	deleteMessages: act({
		name: 'Delete Messages',
		zh: '删除消息',
		fields: {
			...chatField,
			messageIds: text('Message ids', {
				zh: '消息 ID',
				placeholder: '41, 42',
				help: { en: '1 to 100, comma-separated', zh: '1 到 100 个，以逗号分隔' },
			}),
		},
		run: (input) => {
			const ids = input.input.messageIds
				.split(/[\s,，]+/)
				.filter(Boolean)
				.map(Number);
			if (ids.length === 0 || ids.length > 100 || !ids.every((id) => Number.isInteger(id) && id > 0))
				throw invalid('messageIds', {
					en: 'Fill in 1 to 100 message ids, separated by commas.',
					zh: '请填写 1 到 100 个以逗号分隔的消息 ID。',
				});
			const chat = at(input, input.input.chat);
			return ids.length === 1
				? call(input, 'deleteMessage', { ...chat, message_id: ids[0]! })
				: call(input, 'deleteMessages', { ...chat, message_ids: ids });
		},
	}),
	pinMessage: act({
		name: 'Pin Message',
		zh: '置顶消息',
		fields: { ...chatField, ...messageField, silent: toggle('Silent', { zh: '不通知成员', default: true }) },
		run: (input) =>
			call(input, 'pinChatMessage', {
				...at(input, input.input.chat),
				message_id: input.input.messageId,
				disable_notification: input.input.silent,
			}),
	}),
	unpinMessage: act({
		name: 'Unpin Message',
		zh: '取消置顶',
		fields: {
			...chatField,
			messageId: number('Message id', {
				zh: '消息 ID',
				optional: true,
				integer: true,
				min: 1,
				help: { en: 'Empty: the newest pinned one', zh: '留空则取消最近置顶的消息' },
			}),
			all: toggle('All of the chat', { zh: '取消全部置顶' }),
		},
		run: (input) => {
			const { chat, messageId, all } = input.input;
			return all
				? call(input, 'unpinAllChatMessages', at(input, chat))
				: call(input, 'unpinChatMessage', {
						...at(input, chat),
						...(messageId && { message_id: messageId }),
					});
		},
	}),
	sendLocation: act({
		name: 'Send Location',
		zh: '发送位置',
		fields: {
			...chatField,
			latitude: number('Latitude', { zh: '纬度', min: -90, max: 90 }),
			longitude: number('Longitude', { zh: '经度', min: -180, max: 180 }),
			title: text('Venue', {
				zh: '地点名称',
				optional: true,
				help: { en: 'With an address, it is sent as a venue', zh: '与地址一起填写时，以地点形式发送' },
			}),
			address: text('Address', { zh: '地址', optional: true }),
			livePeriod: number('Live for (seconds)', {
				zh: '实时共享（秒）',
				optional: true,
				integer: true,
				min: 60,
			}),
			silent: toggle('Silent', { zh: '静音发送' }),
		},
		run: (input) => {
			const { chat, latitude, longitude, title, address, livePeriod, silent } = input.input;
			const fields = { ...at(input, chat), latitude, longitude, disable_notification: silent };
			return title && address
				? call(input, 'sendVenue', { ...fields, title, address })
				: call(input, 'sendLocation', { ...fields, ...(livePeriod && { live_period: livePeriod }) });
		},
	}),
	setMyCommands,
	answerCallback: act({
		name: 'Answer Button',
		zh: '应答按钮',
		description: {
			en: 'Ends the waiting of a pressed button, with a short notice where wanted',
			zh: '结束按钮的等待状态，可附简短提示',
		},
		fields: {
			callbackQueryId: text('Callback query id', { zh: '回调查询 ID' }),
			text: text('Notice', {
				zh: '提示',
				optional: true,
				check: (value) =>
					value.length <= 200
						? undefined
						: { en: 'must have at most 200 characters', zh: '不能超过 200 个字符' },
			}),
			alert: toggle('As an alert', { zh: '以弹窗显示' }),
			url: text('URL', { zh: '网址', optional: true }),
			cacheTime: number('Cache (seconds)', { zh: '缓存（秒）', optional: true, integer: true, min: 0 }),
		},
		run: (input) => {
			const { callbackQueryId, text: notice, alert, url, cacheTime } = input.input;
			return call(input, 'answerCallbackQuery', {
				callback_query_id: callbackQueryId,
				show_alert: alert,
				...(notice && { text: notice }),
				...(url && { url }),
				...(cacheTime !== undefined && { cache_time: cacheTime }),
			});
		},
	}),
	raw: act({
		name: 'Call API Method',
		zh: '调用 API 方法',
		resource: 'api',
		fields: {
			method: text('Method', {
				zh: '方法',
				placeholder: 'sendPoll',
				check: (value) =>
					/^[A-Za-z]+$/.test(value) ? undefined : { en: 'must be a method’s name', zh: '必须是方法名称' },
			}),
			parameters: json('Parameters', { zh: '参数', optional: true, placeholder: '{"chat_id": 123}' }),
		},
		run: (input) => call(input, input.input.method, (input.input.parameters ?? {}) as Fields),
	}),
};
