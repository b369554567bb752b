import { text } from '../../base/field';

const help = {
	en: 'For a robot that lets only messages with this word in: added where a message lacks it',
	zh: '机器人设置了“自定义关键词”时填写：消息中没有该词时自动补上',
};

/** A robot behind a keyword refuses everything without it. The account holds the robot's word, a node may use another. */
export const keyword = () => text('Keyword', { zh: '关键词', optional: true, help });

/** The body with the keyword at its end, unless it or one of the other visible texts has the word already. */
export function withKeyword(body: string, word: string | undefined, ...others: (string | undefined)[]): string {
	if (word === undefined || [body, ...others].some((each) => each?.includes(word))) return body;
	return body === '' ? word : `${body}\n\n${word}`;
}

/** How such a robot's refusal is read. */
export const keywordMissing = {
	is: 'Rejected',
	do: {
		en: 'The robot wants a keyword in every message: fill in “Keyword”.',
		zh: '机器人要求消息包含关键词：请填写“关键词”。',
	},
} as const;
