import { Refusal } from '../../define/trigger';

/** What cannot be read, and why. */
export const broken = (en: string, zh: string) => new Refusal(400, { en, zh });

/** More than any sender tells of; a program that put its whole database into a body would hold everybody else up. */
export const mostValues = 100_000;
/** Of one object: each has a name of its own, which costs many times as much as another value of a list. */
export const mostNames = 10_000;

const tooMany = (en: string, zh: string) =>
	new Refusal(413, {
		en: `${en}, which no notification does. Send less of it, or send it as a text.`,
		zh: `${zh}，不像是通知。请减少内容，或以纯文本发送。`,
	});

export const tooManyValues = () =>
	tooMany(`The body holds more than ${mostValues} values`, `请求正文包含超过 ${mostValues} 个值`);
export const tooManyNames = () =>
	tooMany(`An object of the body has more than ${mostNames} names`, `请求正文中某个对象的字段超过 ${mostNames} 个`);
