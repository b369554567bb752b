import { attribute, escapeHtml, escapeTelegram } from '../escape';
import { counterInParagraph, frame, isAddress, type Printer } from '../printer';

/** Only the tags that Telegram takes: an unknown one is a 400. Line breaks are line breaks. */
export const telegramHtml: Printer = {
	plainText: true,
	gap: '\n\n',
	row: '\n',
	line: '\n',
	escape: escapeTelegram,
	counter: counterInParagraph,
	marks: {
		strong: ['<b>', '</b>'],
		em: ['<i>', '</i>'],
		del: ['<s>', '</s>'],
		underline: ['<u>', '</u>'],
		spoiler: ['<tg-spoiler>', '</tg-spoiler>'],
	},
	code: () => ({ frame: frame('<code>', '</code>'), escape: escapeHtml }),
	link: (href) =>
		isAddress(href)
			? { open: `<a href="${attribute(href)}">`, close: '</a>', whole: true, name: 'link' }
			: undefined,
	quote: frame('<blockquote>', '</blockquote>'),
	flatQuotes: true,
	codeBlock: (language) => ({
		frame: language
			? frame(`<pre><code class="language-${attribute(language)}">`, '</code></pre>')
			: frame('<pre>', '</pre>'),
		escape: escapeHtml,
	}),
	table: 'aligned',
	rule: ['———', '———'],
};
