import { Refusal } from '../../define/trigger';

/** What cannot be read, and why. */
export const broken = (en: string, zh: string) => new Refusal(400, { en, zh });

/** More than any sender tells of; a program that put its whole database into a body would hold everybody else up. */
export const mostValues = 100_000;

export const tooManyValues = () =>
	new Refusal(413, {
		en: `The body holds more than ${mostValues} values, which no notification does. Send less of it, or send it as a text.`,
		zh: `请求正文包含超过 ${mostValues} 个值，不像是通知。请减少内容，或以纯文本发送。`,
	});
