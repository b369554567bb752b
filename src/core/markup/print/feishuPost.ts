import { escapeJson } from '../escape';
import { frame, isAddress, numbered, type Printer } from '../printer';
import type { Marks } from '../tree';

const styles = { strong: 'bold', em: 'italic', underline: 'underline', del: 'lineThrough' } as const;

function style(marks: Marks): string {
	const names = (Object.keys(styles) as (keyof typeof styles)[])
		.filter((name) => marks[name])
		.map((name) => styles[name]);
	return names.length > 0 ? `,"style":${JSON.stringify(names)}` : '';
}

/** The `content` of a post: a JSON array of paragraphs, each an array of runs. The whole JSON counts. */
export const feishuPost: Printer = {
	plainText: false,
	gap: '',
	row: '',
	line: '',
	root: ['[', ']'],
	stray: [',[{"tag":"text","text":"', '"}]'],
	escape: escapeJson,
	counter: (index, count, note) => `,[{"tag":"text","text":"${numbered(index, count, note)}"}]`,
	marks: {},
	paragraph: { open: '[', close: ']', join: ',', needed: true, stray: [',{"tag":"text","text":"', '"}'] },
	run: (marks) => {
		if (marks.href && isAddress(marks.href)) {
			const close = `","href":${JSON.stringify(marks.href)}${style(marks)}}`;
			return { open: '{"tag":"a","text":"', close, join: ',', needed: true, whole: true, name: 'link' };
		}
		return { open: '{"tag":"text","text":"', close: `"${style(marks)}}`, join: ',', needed: true };
	},
	link: (href) => (isAddress(href) ? frame('', '') : undefined),
	quote: frame('', ''),
	table: 'rows',
	rule: ['', '———'],
};
