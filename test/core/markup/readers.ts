import { Parser } from 'htmlparser2';
import MarkdownIt from 'markdown-it';
import type { Dialect } from '../../../src/core/markup';

/** What a reader of a dialect sees: small reference decoders, written apart from the printers. */

const breaks = /^(p|h[1-6]|li|blockquote|pre|tr|table|ul|ol|hr|br|div|td|th)$/;

/** Of HTML as it is shown in a page; `strict` refuses any tag that is not in the list. */
export function readHtml(html: string, allowed?: readonly string[]): string {
	let text = '';
	const open: string[] = [];
	const parser = new Parser(
		{
			onopentag(name, attributes) {
				if (allowed && !allowed.includes(name)) throw new Error(`<${name}> is not allowed`);
				if (name === 'img') text += attributes['alt'] ?? '';
				else if (!allowed && breaks.test(name)) text += '\n';
				if (!/^(br|hr|img)$/.test(name)) open.push(name);
			},
			ontext: (chunk) => void (text += chunk),
			onclosetag(name, implied) {
				if (/^(br|hr|img)$/.test(name)) return;
				if (implied) throw new Error(`<${name}> was not closed`);
				if (open.pop() !== name) throw new Error(`</${name}> closes something else`);
				if (!allowed && breaks.test(name)) text += '\n';
			},
		},
		{ decodeEntities: true },
	);
	parser.end(html);
	if (open.length > 0) throw new Error(`${open.join()} left open`);
	return text;
}

const telegramTags = ['b', 'i', 'u', 's', 'a', 'code', 'pre', 'blockquote', 'tg-spoiler'];

const commonMark = new MarkdownIt({ html: true });

export function readMarkdown(source: string): string {
	let text = '';
	for (const token of commonMark.parse(source, {})) {
		if (token.type === 'html_block') throw new Error('raw HTML');
		if (token.type === 'fence' || token.type === 'code_block') text += token.content;
		if (token.type !== 'inline') continue;
		for (const child of token.children ?? []) {
			if (child.type === 'html_inline') throw new Error('raw HTML');
			text += child.type === 'softbreak' || child.type === 'hardbreak' ? '\n' : child.content;
		}
		text += '\n';
	}
	return text;
}

const decode = (text: string) => text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

const hide = (text: string) => text.replace(/[*_~]/g, (char) => String.fromCharCode(0xe000 + char.charCodeAt(0)));
const show = (text: string) =>
	text.replace(/[\ue000-\ue07f]/g, (char) => String.fromCharCode(char.charCodeAt(0) - 0xe000));

/** Slack: links by label, delimiters at word edges off, entities decoded last. */
export function readSlack(source: string): string {
	return source
		.split('\n')
		.map((line) => {
			if (/^&gt;/.test(line)) throw new Error('read as a quote');
			const text = line.replace(/^(> )*/, '').replace(/<([^|>]*)\|([^>]*)>/g, '$2');
			// An address in its own brackets is what it is: nothing in it is read as a style.
			const bare = text.replace(/<(https?:[^<>|\s]*)>/g, (_, address: string) => hide(address));
			if (/[<>]/.test(bare)) throw new Error('a stray bracket');
			return decode(show(withoutDelimiters(bare)));
		})
		.join('\n')
		.replace(/[\u200b\u0001]/g, '');
}

/** Synology Chat: as Slack, but nothing is decoded, so that any bracket may stand. */
const readSynology = (source: string): string =>
	source
		.split('\n')
		.map((line) => withoutDelimiters(line.replace(/^(> )*/, '').replace(/<([^|>\u200b][^|>]*)\|([^>]*)>/g, '$2')))
		.join('\n')
		.replace(/[\u200b\u0001]/g, '');

function withoutDelimiters(line: string): string {
	// Nothing in code is read again.
	let text = line.replace(
		/(?<![\p{L}\p{N}])`([^`\s\u200b](?:[^`]*[^`\s\u200b])?)`(?![\p{L}\p{N}])/gu,
		(_, code: string) => '\u0001' + hide(code) + '\u0001',
	);
	for (const mark of ['\\*', '_', '~']) {
		text = text.replace(
			new RegExp(`(?<![\\p{L}\\p{N}])${mark}(?=[^\\s\u200b])(.*?[^\\s\u200b])${mark}(?![\\p{L}\\p{N}])`, 'gu'),
			'\u0001$1\u0001',
		);
	}
	return show(text);
}

/** Discord: the first of its patterns that matches counts, and what is inside is read again. */
const discordMarks = [
	/^\*\*((?:\\[\s\S]|[^\\])+?)\*\*(?!\*)/,
	/^__((?:\\[\s\S]|[^\\])+?)__(?!_)/,
	/^\*(?=\S)((?:\\[\s\S]|\*\*|[^\\*])+?)\*(?!\*)/,
	/^_((?:__|\\[\s\S]|[^\\_])+?)_(?!\w)/,
	/^~~((?:\\[\s\S]|[^\\])+?)~~/,
	/^\|\|((?:\\[\s\S]|[^\\])+?)\|\|/,
	/^\[((?:\\[\s\S]|[^\\\]])*)\]\([^)]*\)/,
];

export function readDiscord(source: string, inside = false): string {
	let text = '';
	let rest = inside ? source : source.replace(/^(> |#{1,3} |- |\d+\. )+/gm, '');
	while (rest !== '') {
		const escaped = /^\\([^A-Za-z0-9\s])/.exec(rest);
		const url = /^https?:\/\/[^\s<]+/.exec(rest);
		const mark = discordMarks.map((pattern) => pattern.exec(rest)).find((match) => match !== null);
		const code = /^(`+)([\s\S]*?[^`])\1(?!`)/.exec(rest);
		if (escaped) text += escaped[1];
		else if (code) text += code[2]?.replace(/^ (.*) $/s, '$1');
		else if (url) text += url[0];
		else if (mark) text += readDiscord(mark[1] as string, true);
		else text += rest[0];
		rest = rest.slice((escaped ?? code ?? url ?? mark)?.[0].length ?? 1);
	}
	return text;
}

/** WeCom, with no escape: what its patterns match is markup. */
function readWecom(source: string): string {
	return source
		.split('\n')
		.map((line) =>
			line
				.replace(/^(> )*(#{1,6} )?/, '')
				.replace(/\[([^\]]*)\]\(https:[^)]*\)/g, '$1')
				.replace(/<\/?(font|@)[^>]*>/g, '')
				.replace(/`([^`\u200b](?:[^`]*[^`\u200b])?)`/g, '$1')
				.replace(/\*\*([^*\s\u200b](?:.*?[^*\s\u200b])??)\*\*/g, '$1'),
		)
		.join('\n');
}

export function readFeishu(source: string): string {
	const paragraphs = JSON.parse(source) as { tag: string; text: string; href?: string; style?: string[] }[][];
	return paragraphs
		.map((runs) => {
			if (!Array.isArray(runs)) throw new Error('a paragraph is an array');
			return runs
				.map(({ tag, text, href }) => {
					if (tag !== 'text' && !(tag === 'a' && href)) throw new Error(`${tag} is no tag`);
					if (typeof text !== 'string') throw new Error('a run has text');
					return text;
				})
				.join('');
		})
		.join('\n');
}

const readLark = (source: string): string =>
	source
		.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
		.replace(/[*]{1,3}|~~/g, '')
		.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));

export const readers: Partial<Record<Dialect, (part: string) => string>> = {
	plain: (part) => part,
	telegramHtml: (part) => readHtml(part, telegramTags),
	mailHtml: (part) => readHtml(part),
	wxpusherHtml: (part) => readHtml(part),
	markdown: readMarkdown,
	serverChan: readMarkdown,
	dingtalk: readMarkdown,
	wecomV2: readMarkdown,
	slack: readSlack,
	synology: readSynology,
	discord: readDiscord,
	feishuPost: readFeishu,
	larkMd: readLark,
	feishuCard: readMarkdown,
	wecom: readWecom,
};
