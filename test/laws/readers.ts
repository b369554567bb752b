import { Parser } from 'htmlparser2';
import MarkdownIt from 'markdown-it';
import type { Dialect } from '../../src/core/markup';

export function textOfHtml(html: string): string {
	let text = '';
	const parser = new Parser({
		onopentag: (name, { alt, value }) => {
			if (name === 'img') text += ` ${alt ?? ''} `;
			// A browser numbers them.
			if (name === 'li' && value !== undefined) text += ` ${value}. `;
		},
		ontext: (chunk) => void (text += chunk),
	});
	parser.end(html);
	return text;
}

const commonMark = new MarkdownIt({ html: true });
/** Shows addresses as they are written. */
commonMark.normalizeLinkText = (address) => address;
function textOfMarkdown(source: string): string {
	return commonMark
		.parse(source, {})
		.map(({ type, info, content, children }) => {
			if (type === 'list_item_open') return info;
			if (type !== 'inline') return content;
			return (children ?? []).map((child) => (/break$/.test(child.type) ? '\n' : child.content)).join('');
		})
		.join(' ');
}

const entities: Record<string, string> = { lt: '<', gt: '>', amp: '&' };
const decoded = (text: string) => text.replace(/&(lt|gt|amp);/g, (_, name: string) => entities[name]!);
const byNumber = (text: string) => text.replace(/&#(\d\d);/g, (_, code: string) => String.fromCharCode(Number(code)));
/** Of `<address|label>` and `[label](address)` the label. */
const angled = (text: string) => text.replace(/<https?:[^<>|]*\|([^<>]*)>/g, '$1');
/** Nothing is read within code. */
const bracketed = (text: string) =>
	text.replace(/(`+)[\s\S]*?(?<!`)\1(?!`)|(?<=(?<!\\)\])\(https?:[^()\s]*\)/g, (found, ticks?: string) =>
		ticks === undefined ? '' : found,
	);
const ofPost = (body: string) =>
	body === ''
		? ''
		: (JSON.parse(body) as { text: string }[][]).map((runs) => runs.map(({ text }) => text).join('')).join('\n');

/** What a reader of each dialect sees, in a few lines that are none of ours. */
export const readers: Record<Dialect, (body: string) => string> = {
	plain: (body) => body,
	telegramHtml: textOfHtml,
	mailHtml: textOfHtml,
	wxpusherHtml: textOfHtml,
	markdown: textOfMarkdown,
	serverChan: textOfMarkdown,
	dingtalk: textOfMarkdown,
	wecomV2: textOfMarkdown,
	slack: (body) => decoded(angled(body)),
	synology: angled,
	discord: bracketed,
	wecom: (body) => bracketed(body.replace(/<\/?font[^<>]*>/g, '')),
	larkMd: (body) => byNumber(bracketed(body.replace(/<\/?font[^<>]*>/g, ''))),
	feishuCard: (body) => textOfMarkdown(body.replace(/<\/?font[^<>]*>/g, '')),
	feishuPost: ofPost,
};
