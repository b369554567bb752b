import type { Answer, Seen } from '../../service';

export const sendingToken = '123456789:AAtest-token_0123456789abcdefghij';

export interface Call {
	method: string;
	params: any; // eslint-disable-line @typescript-eslint/no-explicit-any -- a test says what it expects
	files: Record<string, { name: string; type: string; size: number }>;
}

export const no = (error_code: number, description: string, parameters?: object): Answer => ({
	status: error_code,
	body: { ok: false, error_code, description, parameters },
});

/** Reads a call as the real server does. @returns a refusal where its address is none of a bot */
export async function callOf(request: Seen): Promise<Call | Answer> {
	const [, given, method = ''] = /^\/bot([^/]+)\/(\w+)$/.exec(request.path) ?? [];
	if (!given || !/^\d+:[\w-]+$/.test(given)) return no(404, 'Not Found');
	if (given !== sendingToken) return no(401, 'Unauthorized');
	return await read(method, request);
}

async function read(method: string, { headers, body, json }: Seen): Promise<Call> {
	const type = headers['content-type'] ?? '';
	if (!type.startsWith('multipart/')) return { method, params: json ?? {}, files: {} };
	const params: Record<string, unknown> = {};
	const files: Call['files'] = {};
	for (const [name, value] of await new Response(new Uint8Array(body), {
		headers: { 'content-type': type },
	}).formData()) {
		if (typeof value !== 'string') files[name] = { name: value.name, type: value.type, size: value.size };
		else params[name] = /^[[{]|^-?\d+$|^(true|false)$/.test(value) ? JSON.parse(value) : value;
	}
	return { method, params, files };
}

export const known = [
	'getMe',
	'sendMessage',
	'sendPhoto',
	'sendVideo',
	'sendAnimation',
	'sendAudio',
	'sendVoice',
	'sendDocument',
	'sendMediaGroup',
	'sendLocation',
	'sendVenue',
	'editMessageText',
	'editMessageCaption',
	'editMessageReplyMarkup',
	'editMessageMedia',
	'deleteMessage',
	'deleteMessages',
	'pinChatMessage',
	'unpinChatMessage',
	'unpinAllChatMessages',
	'setMyCommands',
	'deleteMyCommands',
	'answerCallbackQuery',
	'sendPoll',
];

/** Where Telegram's own servers do not get through to. */
const unreachable = /^http:\/\/pictures\.example\.com/;

/** What is said to a call. @param count how many there were; makes the ids */
export function judge({ method, params, files }: Call, count: number): Answer {
	if (!known.includes(method)) return no(404, 'Not Found');
	const yes = (result: unknown): Answer => ({ body: { ok: true, result } });
	if (method === 'getMe') return yes({ id: 123456789, is_bot: true, username: 'test_bot' });
	if (!/^send/.test(method)) return yes(true);
	if (params.chat_id === undefined || params.chat_id === 404) return no(400, 'Bad Request: chat not found');
	const words = params.text ?? params.caption ?? '';
	const shown = params.parse_mode === 'HTML' ? words.replace(/<[^>]*>/g, '').replace(/&[#\w]+;/g, '.') : words;
	if (method === 'sendMessage' && words === '') return no(400, 'Bad Request: message text is empty');
	if (method === 'sendMessage' && shown.length > 4096) return no(400, 'Bad Request: message is too long');
	if (params.caption && shown.length > 1024) return no(400, 'Bad Request: message caption is too long');
	const tag =
		params.parse_mode === 'HTML' &&
		/<(?!\/?(?:b|strong|i|em|u|ins|s|strike|del|a|code|pre|blockquote|span|tg-spoiler)\b)/.exec(words);
	if (tag) return no(400, "Bad Request: can't parse entities: Unsupported start tag at byte offset 0");
	if (params.parse_mode === 'MarkdownV2' && /(?<!\\)[.!]/.test(words))
		return no(
			400,
			"Bad Request: can't parse entities: Character '.' is reserved and must be escaped with the preceding '\\'",
		);
	for (const row of params.reply_markup?.inline_keyboard ?? []) {
		for (const { callback_data: data } of row)
			if (data !== undefined && Buffer.byteLength(data) > 64) return no(400, 'Bad Request: BUTTON_DATA_INVALID');
	}
	const media = /^send(Photo|Video|Animation|Audio|Voice|Document)$/.exec(method)?.[1]?.toLowerCase();
	const attached = /^attach:\/\/(.*)$/.exec(params[media ?? ''])?.[1];
	if (media && (attached === undefined ? !params[media] && !files[media] : !files[attached]))
		return no(400, `Bad Request: there is no ${media} in the request`);
	const chat = { id: params.chat_id };
	if (media && unreachable.test(params[media])) return no(400, 'Bad Request: failed to get HTTP URL content');
	if (method === 'sendMediaGroup') {
		if (params.media.length < 2 || params.media.length > 10) return no(400, 'Bad Request: wrong number of media');
		for (const each of params.media)
			if (each.media.startsWith('attach://') && !files[each.media.slice(9)])
				return no(400, 'Bad Request: file not found');
		const lost = params.media.findIndex(({ media }: { media: string }) => unreachable.test(media));
		if (lost >= 0)
			return no(
				400,
				`Bad Request: failed to send message #${lost + 1} with the error message "WEBPAGE_CURL_FAILED"`,
			);
		return yes(params.media.map((_: unknown, index: number) => ({ message_id: count * 100 + index, chat })));
	}
	return yes({ message_id: count * 100, chat });
}
