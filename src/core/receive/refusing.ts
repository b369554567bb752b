import type { Language, Text } from '../base/language';
import type { OutgoingReply } from '../define/trigger';

/** The answer that says why nothing of a request goes on. */
export function refuse(
	language: Language,
	status: number,
	reason: Text,
	headers: Readonly<Record<string, string>> = {},
): OutgoingReply {
	return {
		status,
		headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
		body: JSON.stringify({ ok: false, error: reason[language] }),
	};
}

export const tooLarge = (language: Language, maxBytes: number) =>
	refuse(language, 413, {
		en: `The body is larger than ${maxBytes} bytes, the most that is taken here.`,
		zh: `请求体超过 ${maxBytes} 字节的上限。`,
	});

export const garbled = (language: Language) =>
	refuse(language, 400, {
		en: 'The body is not packed as its Content-Encoding says.',
		zh: '请求体的压缩方式与 Content-Encoding 不符。',
	});

export const wrongMethod = (language: Language, methods: readonly string[]) =>
	refuse(
		language,
		405,
		{ en: `This address takes ${methods.join(' and ')}.`, zh: `此地址只接受 ${methods.join('、')} 请求。` },
		{ allow: methods.join(', ') },
	);
