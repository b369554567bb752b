import { attribute } from '../escape';
import { counterIn, frame, type Printer } from '../printer';
import { mailHtml } from './mailHtml';

/** Shown in a page of its own, so that it needs few styles: they count towards its limit. */
export const wxpusherHtml: Printer = {
	...mailHtml,
	counter: counterIn('<p>', '</p>'),
	code: () => ({ frame: frame('<code>', '</code>'), escape: mailHtml.escape }),
	image: (src, alt) =>
		/^https?:/i.test(src)
			? `<img src="${attribute(src)}" alt="${attribute(alt)}" style="max-width:100%">`
			: undefined,
	paragraph: frame('<p style="white-space:pre-wrap">', '</p>'),
	heading: (level) => frame(`<h${level}>`, `</h${level}>`),
	quote: frame('<blockquote>', '</blockquote>'),
	list: (ordered) => (ordered ? frame('<ol>', '</ol>') : frame('<ul>', '</ul>')),
	item: (ordered, number) => ({
		...frame(ordered ? `<li value="${number}">` : '<li>', '</li>'),
		again: { open: '<li style="list-style:none">', prefix: '' },
	}),
	codeBlock: () => ({ frame: frame('<pre>', '</pre>'), escape: mailHtml.escape }),
	tableFrame: frame('<table border="1" cellspacing="0" cellpadding="4">', '</table>'),
	cell: (head) => (head ? frame('<th>', '</th>') : frame('<td>', '</td>')),
	rule: ['<hr>', ''],
};
