import { choice, invalid, number, rows, text, type Json, type Lost, type Values } from '../../core/define/channel';
import type { Text } from '../../core/base/language';
import type { Button } from '../../core/message/message';

/** Also of messages that are edited. */
export const keyboard = rows(
	'Keyboard',
	{
		text: text('Text', { zh: '文字' }),
		does: choice(
			'When pressed',
			{
				callback: ['Tells the trigger', '通知触发器'],
				url: ['Opens a link', '打开链接'],
				webApp: ['Opens a Web App', '打开 Web App'],
				copy: ['Copies a text', '复制文本'],
			},
			{ zh: '按下时', default: 'callback' },
		),
		data: text('With', { zh: '内容', help: { en: 'The value, link or text', zh: '回传值、链接或文本' } }),
		row: number('Row', { zh: '第几行', default: 1, min: 1, max: 50, integer: true }),
	},
	{
		zh: '键盘',
		row: { en: 'Button', zh: '按钮' },
		optional: true,
		help: { en: 'In place of the message’s buttons', zh: '替代消息的按钮' },
	},
);

/** The buttons of the node's own keyboard, row by row. @throws ChannelError `Invalid` */
export function ownKeyboard(keys: Values<{ keyboard: typeof keyboard }>['keyboard']): Json | undefined {
	if (keys.length === 0) return undefined;
	const rows = [...new Set(keys.map(({ row }) => row))].sort((one, other) => one - other);
	return {
		inline_keyboard: rows.map((row) =>
			keys.filter((key) => key.row === row).map(({ text, does, data }) => ({ text, ...deed(does, data) })),
		),
	};
}

function deed(does: 'callback' | 'url' | 'webApp' | 'copy', data: string): { [key: string]: Json } {
	switch (does) {
		case 'url':
			return { url: data };
		case 'webApp':
			return { web_app: { url: data } };
		case 'copy':
			return { copy_text: { text: data } };
		default:
			if (Buffer.byteLength(data) <= 64) return { callback_data: data };
			throw invalid('keyboard', {
				en: 'What a button of the keyboard sends back may have 64 bytes.',
				zh: '键盘按钮的回传内容最多 64 字节。',
			});
	}
}

/** Rows of buttons. Telegram takes 64 bytes back from one that is no link. */
export function keyboardOf(
	buttons: readonly Button[],
	perRow: number,
	warnings: Text[],
	degraded: Lost[],
): Json | undefined {
	const keys = buttons.flatMap(({ text: label, url, value, style }): Json[] => {
		const key = { text: label, ...(style && { style }) };
		if (url) return [{ ...key, url }];
		const data = value ?? label;
		if (Buffer.byteLength(data) <= 64) return [{ ...key, callback_data: data }];
		degraded.push('buttons');
		warnings.push({
			en: `The button “${label}” was left out: what it sends back has more than 64 bytes.`,
			zh: `按钮“${label}”未发送：其回传内容超过 64 字节。`,
		});
		return [];
	});
	if (keys.length === 0) return undefined;
	return {
		inline_keyboard: Array.from({ length: Math.ceil(keys.length / perRow) }, (_, row) =>
			keys.slice(row * perRow, row * perRow + perRow),
		),
	};
}
