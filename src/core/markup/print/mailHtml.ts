import { attribute, escapeHtml } from '../escape';
import { counterIn, frame, type Printer } from '../printer';

const reader = /^(https?|mailto|cid):/i;
const styled = (tag: string, style: string, rest = '') => frame(`<${tag} style="${style}"${rest}>`, `</${tag}>`);
const block = 'margin:0 0 12px;white-space:pre-wrap';
const mono = 'font-family:Menlo,Consolas,monospace;font-size:90%;background:#f2f3f5';

/** WeCom's names for colours. */
const meanings: Readonly<Record<string, string>> = { info: '#2da44e', comment: '#8a8f98', warning: '#d4762c' };

/** A fragment that mail clients show alike: styles on the elements, no classes, no scripts. */
export const mailHtml: Printer = {
	plainText: false,
	gap: '',
	row: '',
	line: '<br>',
	escape: escapeHtml,
	counter: counterIn(`<p style="${block};color:#8a8f98">`, '</p>'),
	marks: { strong: ['<b>', '</b>'], em: ['<i>', '</i>'], del: ['<s>', '</s>'], underline: ['<u>', '</u>'] },
	code: () => ({
		frame: styled('code', `${mono};padding:1px 4px;border-radius:3px;white-space:pre-wrap`),
		escape: escapeHtml,
	}),
	color: (color) => {
		const css = meanings[color] ?? color;
		return /^(?:#[0-9a-f]{3,8}|[a-z]{3,20})$/.test(css) ? styled('span', `color:${css}`) : undefined;
	},
	link: (href) =>
		reader.test(href)
			? { open: `<a href="${attribute(href)}">`, close: '</a>', whole: true, name: 'link' }
			: undefined,
	image: (src, alt) =>
		reader.test(src) && !/^mailto:/i.test(src)
			? `<img src="${attribute(src)}" alt="${attribute(alt)}" style="max-width:100%;height:auto">`
			: undefined,
	paragraph: styled('p', block),
	heading: (level) =>
		styled(
			`h${level}`,
			`margin:16px 0 8px;line-height:1.3;font-size:${[0, 22, 19, 17, 16, 15, 14][level] ?? 14}px`,
		),
	quote: styled('blockquote', 'margin:0 0 12px;padding:0 0 0 12px;border-left:3px solid #d0d4da;color:#57606a'),
	list: (ordered, start) =>
		ordered
			? styled('ol', 'margin:0 0 12px;padding-left:24px', start === 1 ? '' : ` start="${start}"`)
			: styled('ul', 'margin:0 0 12px;padding-left:24px'),
	// Numbered one by one: a list that goes on in the next part would begin anew.
	item: (ordered, number) => ({
		...styled('li', 'white-space:pre-wrap', ordered ? ` value="${number}"` : ''),
		again: { open: '<li style="white-space:pre-wrap;list-style:none">', prefix: '' },
	}),
	codeBlock: () => ({
		frame: styled('pre', `${mono};margin:0 0 12px;padding:10px;border-radius:4px;white-space:pre-wrap`),
		escape: escapeHtml,
	}),
	table: 'html',
	tableFrame: styled('table', 'margin:0 0 12px;border-collapse:collapse'),
	cell: (head, align) =>
		styled(
			head ? 'th' : 'td',
			`border:1px solid #d0d4da;padding:4px 8px;text-align:${align ?? 'left'};white-space:pre-wrap`,
		),
	rule: ['<hr style="border:0;border-top:1px solid #d0d4da;margin:16px 0">', ''],
};
