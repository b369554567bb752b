import { fill, type Text } from '../base/language';

/** What the template library says, and how a person would. What is not listed stays in its own words. */
const faults: readonly (readonly [RegExp, Text])[] = [
	[/^undefined filter: (.+)$/, { en: 'there is no filter “{what}”', zh: '没有名为“{what}”的过滤器' }],
	[
		/^tag "(end\w+|else|elsif|when)" not found$/,
		{ en: '“{what}” has no beginning', zh: '“{what}”缺少对应的开始标签' },
	],
	[/^tag "(\w+)" not found$/, { en: 'there is no tag “{what}”', zh: '没有名为“{what}”的标签' }],
	[/^(?:tag|output) "?(.+?)"? not closed$/, { en: '“{what}” is not closed', zh: '“{what}”没有闭合' }],
	[/^raw .* not closed$/s, { en: '“{% raw %}” is not closed', zh: '“{% raw %}”没有闭合' }],
	[/^(.+) not closed$/, { en: '“{what}” is not closed', zh: '“{what}”没有闭合' }],
	[/^invalid value expression: ""$/, { en: 'a value is missing', zh: '缺少取值' }],
	[/^invalid value expression: (.+)$/, { en: '{what} is no value', zh: '{what} 不是有效的取值' }],
	[/^expected filter name$/, { en: 'the name of a filter is missing', zh: '缺少过滤器名称' }],
	[
		/^expected "\|" before filter$/,
		{
			en: 'something does not belong there; compare with “==”, filter with “|”',
			zh: '此处有多余内容；比较请用“==”，过滤请用“|”',
		},
	],
	[/^expected (?:variable|tag) name.*$/, { en: 'a name is missing', zh: '缺少名称' }],
	[/^invalid range syntax$/, { en: 'a bracket stands where none belongs', zh: '括号位置有误' }],
	[/^expected (".+?")/, { en: '{what} is missing', zh: '缺少 {what}' }],
	[/^illegal tag: (.+)$/, { en: '“{what}” is incomplete or wrong', zh: '“{what}”不完整或有误' }],
	[/^ENOENT\b[^"]*"(.+?)"/, { en: 'there is no other template “{what}” to take in', zh: '没有可引用的模板“{what}”' }],
	[/^parse length limit exceeded$/, { en: 'it is too long', zh: '模板过长' }],
	[/limit exceeded$/, { en: 'it takes too long or becomes too large', zh: '执行时间过长或输出过大' }],
];

/** Why a template cannot be used, and where, to stand within a sentence. */
export function faultOf(error: Error): Text {
	const [line = ''] = error.message.split('\n');
	const [, said = line, row, column] = /^(.*?)(?:, line:(\d+), col:(\d+))?$/.exec(line) ?? [];
	const why = told(said);
	if (row === undefined || column === undefined) return why;
	return { en: `${why.en} (line ${row}, column ${column})`, zh: `${why.zh}（第 ${row} 行第 ${column} 列）` };
}

function told(said: string): Text {
	for (const [pattern, text] of faults) {
		const found = pattern.exec(said);
		if (found) return fill(text, { what: found[1] ?? '' });
	}
	return { en: said, zh: said };
}
