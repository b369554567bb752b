import { ChannelError, list, text, type Json, type Show } from '../../core/define/channel';
import type { Reply } from '../../core/http/http';
import type { Text } from '../../core/base/language';
import { asWords, atPath, isExpected } from './template';

/** Where a JSON answer says yes or no. */
export const answerFields = (successHelp: Text, errorHelp?: Text, show?: Show) => ({
	successPath: text('Success JSON path', {
		zh: '成功判断路径',
		optional: true,
		placeholder: 'data.code',
		help: successHelp,
		show,
	}),
	successValues: list('Success values', {
		zh: '成功值',
		optional: true,
		placeholder: '0, ok',
		help: {
			en: 'Empty: anything but false, 0, null and an empty text',
			zh: '留空：除 false、0、null 和空文本外皆可',
		},
		show,
	}),
	errorPath: text('Error JSON path', {
		zh: '错误信息路径',
		optional: true,
		placeholder: 'message',
		help: errorHelp,
		show,
	}),
});

export interface AnswerOptions {
	successPath?: string;
	successValues: string[];
	errorPath?: string;
}

export const saysYes = ({ successPath, successValues }: AnswerOptions, answer: unknown) =>
	!successPath || isExpected(atPath(answer, successPath), successValues);

/** What the answer says is wrong, in a sentence of its own; where it does not, the whole of it unless it is a web page. */
export function quoted({ errorPath }: AnswerOptions, answer: unknown, whole = ''): Text {
	const otherwise = /^\s*</.test(whole) ? '' : whole.trim();
	const said = (asWords(atPath(answer, errorPath ?? 'message') as Json) || otherwise).slice(0, 300);
	return said ? { en: ` It says: “${said}”.`, zh: `对方说明：“${said}”。` } : { en: '', zh: '' };
}

/** An answer that holds something else than yes. */
export function saidNo(who: Text, options: AnswerOptions, answer: unknown, reply?: Reply): ChannelError {
	const { successPath, successValues } = options;
	const found = asWords(atPath(answer, successPath!) as Json).slice(0, 100);
	const quote = quoted(options, answer, reply?.text);
	const instead = successValues.length
		? { en: ` instead of ${successValues.join(', ')}`, zh: `，应为 ${successValues.join('、')}` }
		: { en: '', zh: '' };
	return new ChannelError(
		'Rejected',
		{
			en: `${who.en} said no: “${successPath}” is “${found}” in its answer${instead.en}.${quote.en} Check the URL, the keys and the body.`,
			zh: `${who.zh}拒绝了请求：应答中“${successPath}”为“${found}”${instead.zh}。${quote.zh}请检查网址、密钥和内容。`,
		},
		{ code: found || reply?.status.toString(), status: reply?.status },
	);
}
