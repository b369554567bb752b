import { measure, type Limit } from '../base/limit';
import type { Format } from './format';
import { printable } from '../base/printable';
import { graphemeFloor } from './breaks';
import { fit } from './fit';
import { parseHtml } from './parse/html';
import { parseMarkdown } from './parse/markdown';
import { isPlainMarkdown, parseText } from './parse/text';
import { dingtalk } from './print/dingtalk';
import { discord } from './print/discord';
import { feishuPost } from './print/feishuPost';
import { larkMd } from './print/larkMd';
import { mailHtml } from './print/mailHtml';
import { markdown } from './print/markdown';
import { plain } from './print/plain';
import { serverChan } from './print/serverChan';
import { slack } from './print/slack';
import { synology } from './print/synology';
import { telegramHtml } from './print/telegramHtml';
import { wecom } from './print/wecom';
import { wecomV2 } from './print/wecomV2';
import { wxpusherHtml } from './print/wxpusherHtml';
import type { Printer } from './printer';
import { hasContent, type Doc } from './tree';
import { walk } from './walk';

export { escapeMarkdown } from './escape';
export { safeHref } from './parse/builder';
export { readBack } from './readBack';

/** The ways in which services write formatted text. */
export type Dialect =
	| 'plain'
	| 'markdown'
	| 'telegramHtml'
	| 'slack'
	| 'feishuPost'
	| 'larkMd'
	| 'dingtalk'
	| 'wecom'
	| 'wecomV2'
	| 'discord'
	| 'mailHtml'
	| 'wxpusherHtml'
	| 'serverChan'
	| 'synology';

const printers: Record<Dialect, Printer> = {
	plain,
	markdown,
	telegramHtml,
	slack,
	feishuPost,
	larkMd,
	dingtalk,
	wecom,
	wecomV2,
	discord,
	mailHtml,
	wxpusherHtml,
	serverChan,
	synology,
};

export const dialects = Object.keys(printers) as Dialect[];

export interface Fitted {
	parts: string[];
	/** Something was left out at the end. */
	cut: boolean;
	/** Something that the dialect cannot show was written another way: `table`, `image` … */
	lost: string[];
}

export function parse(source: string, format: Format): Doc {
	const text = printable(source);
	if (format === 'text' || (format === 'markdown' && isPlainMarkdown(text))) return parseText(text);
	const doc = format === 'html' ? parseHtml(text) : parseMarkdown(text);
	// What would be read as nothing at all is what was meant: `&nbsp;`, an empty comment. Not so white space that we wrote.
	return hasContent(doc) || /^(?:&#\d{1,5};|\s)*$/.test(text) ? doc : parseText(text);
}

/** Parses once, prints in the dialect, cuts or splits to the limit. */
export function render(
	source: string,
	options: { format: Format; dialect: Dialect; limit: Limit; first?: Limit; overflow: 'split' | 'cut' },
): Fitted {
	const printer = printers[options.dialect];
	if (options.format !== 'html' && printer.plainText && isPlainMarkdown(source) && printable(source) === source) {
		const { max, unit } = options.first ?? options.limit;
		const part = printer.line === '\n' ? source : source.replace(/(?<!\n)\n(?!\n)/g, printer.line);
		if (measure(part, unit) <= max) return { parts: [part], cut: false, lost: [] };
	}
	if (source.trim() === '') return { parts: [''], cut: false, lost: [] };
	const { pieces, lost } = walk(parse(source, options.format), printer);
	const fitted = fit(pieces, printer, options);
	return { parts: fitted.parts, cut: fitted.cut, lost: [...new Set([...lost, ...fitted.lost])] };
}

/** Lines as one, parted by a space. */
export const oneLine = (source: string): string =>
	source
		.split(/[\n\v\f\r\u0085\u2028\u2029]/)
		.map((line) => line.trim())
		.filter((line) => line !== '')
		.join(' ');

/** Cuts a single line of plain text to the limit, at a grapheme, with an ellipsis. */
export function cutLine(source: string, limit: Limit): string {
	const line = oneLine(printable(source));
	const { max, unit } = limit;
	if (measure(line, unit) <= max) return line;
	const ellipsis = measure('…', unit) < max ? '…' : '';
	const room = max - measure(ellipsis, unit);
	let low = 0;
	// No unit is smaller than a quarter of a character of UTF-16.
	for (let high = Math.min(line.length, Math.max(0, room) * 2 + 1); high - low > 1;) {
		const middle = (low + high) >> 1;
		if (measure(line.slice(0, middle), unit) <= room) low = middle;
		else high = middle;
	}
	const kept = line.slice(0, graphemeFloor(line, 0, low)).trimEnd();
	return kept + (kept !== '' || measure(ellipsis, unit) <= max ? ellipsis : '');
}
