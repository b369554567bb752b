import type { MarkdownIt, Token } from 'markdown-it';
import type { Doc } from '../tree';
import { Builder, safeHref } from './builder';
import { HtmlReader, mended } from './html';
import { Env, lenient } from './rules';
import { isTextInMarkdown, Pairs } from './tags';
import { parseText } from './text';

/** markdown-it drops what stands deeper than this. */
const maxNesting = 100;

let parser: MarkdownIt | undefined;

function markdownIt(): MarkdownIt {
	if (!parser) {
		const Constructor = require('markdown-it') as typeof import('markdown-it');
		parser = new Constructor({ html: true, maxNesting } as object);
		lenient(parser);
	}
	return parser;
}

const marks = { strong: 'strong', em: 'em', s: 'del' } as const;

export function parseMarkdown(source: string): Doc {
	const first = new Env(source);
	let tokens = markdownIt().parse(source, first);
	const { unused } = first;
	if (unused.size > 0) tokens = markdownIt().parse(source, new Env(source, unused));
	// A pathological nesting lost text: better raw than gone.
	if (tokens.some((token) => token.level >= maxNesting - 1)) return parseText(source);
	const builder = new Builder();
	const html = new HtmlReader(builder, isTextInMarkdown, pairsIn(tokens));
	const depths: number[] = [];
	const empty = emptyItems(tokens);
	tokens.forEach((token, index) => {
		if (token.type === 'inline' && tokens[index - 2]?.type === 'list_item_open') checkbox(token);
		if (!empty.has(index)) return block(token, builder, html, depths);
		builder.endLeaf();
		depths.push(builder.depth);
		builder.marker(token.info + token.markup, Number(token.info) + 1);
	});
	builder.leaveTo(1);
	return builder.doc;
}

/** Which of the HTML's tags belong together, whatever Markdown stands between them. */
function pairsIn(tokens: readonly Token[]): Pairs {
	const pairs = new Pairs();
	for (const token of tokens) {
		if (token.type === 'html_block') pairs.add((token.content = mended(token.content)));
		for (const child of token.children ?? []) if (child.type === 'html_inline') pairs.add(child.content);
	}
	return pairs;
}

/**
 * Items without content whose marker is text: `3.`, `2026.`, a lone `-`. A bullet beside items that have some is only
 * the rest of a template.
 */
function emptyItems(tokens: readonly Token[]): Set<number> {
	const found = new Set<number>();
	const lists: { empty: number[]; full: boolean }[] = [];
	tokens.forEach(({ type, info }, index) => {
		const list = lists.at(-1);
		if (/^(?:bullet|ordered)_list_open$/.test(type)) lists.push({ empty: [], full: false });
		if (type === 'list_item_open' && list) {
			if (tokens[index + 1]?.type !== 'list_item_close') list.full = true;
			else if (info === '') list.empty.push(index);
			else found.add(index);
		}
		if (/^(?:bullet|ordered)_list_close$/.test(type) && list) {
			lists.pop();
			if (!list.full) for (const each of list.empty) found.add(each);
		}
	});
	return found;
}

function block(token: Token, builder: Builder, html: HtmlReader, depths: number[]): void {
	const enter = (
		kind: 'quote' | 'list' | 'item' | 'table' | 'row',
		options?: { ordered?: boolean; start?: number },
	) => {
		builder.endLeaf();
		depths.push(builder.depth);
		builder.enter(kind, options);
	};
	switch (token.type) {
		case 'paragraph_open':
			return builder.paragraph();
		case 'heading_open':
			return builder.heading(Number(token.tag[1]));
		case 'bullet_list_open':
			return enter('list');
		case 'ordered_list_open':
			return enter('list', { ordered: true, start: Number(token.attrGet('start') ?? 1) });
		case 'list_item_open':
			return enter('item');
		case 'blockquote_open':
			return enter('quote');
		case 'table_open':
			return enter('table');
		case 'tr_open':
			return enter('row');
		case 'th_open':
		case 'td_open': {
			const align = /left|center|right/.exec(String(token.attrGet('style') ?? ''))?.[0];
			return builder.cell(align as 'left' | 'center' | 'right' | undefined);
		}
		case 'bullet_list_close':
		case 'ordered_list_close':
		case 'list_item_close':
		case 'blockquote_close':
		case 'table_close':
		case 'tr_close':
			return builder.leaveTo(depths.pop() ?? 1);
		case 'paragraph_close':
		case 'heading_close':
		case 'th_close':
		case 'td_close':
			return builder.endLeaf();
		case 'fence':
		case 'code_block':
			return code(token, builder);
		case 'hr':
			return builder.block({ type: 'rule' });
		case 'html_block':
			html.read(token.content);
			break;
		case 'inline':
			inline(token.children ?? [], builder, html);
			break;
		default:
			return;
	}
	html.end();
	builder.clearMarks();
	if (token.type === 'html_block') builder.endLeaf();
}

/** `- [x] done` */
function checkbox({ children }: Token): void {
	const [first] = children ?? [];
	if (first?.type === 'text')
		first.content = first.content.replace(/^\[([ xX])\](?=\s|$)/, (_, mark: string) => (mark === ' ' ? '☐' : '☑'));
}

/** Words after a fence that name no language are the first line of what follows. */
function code({ info, content }: Token, builder: Builder): void {
	const [, language = '', rest = ''] = /^([\w+#.-]{1,40}(?=\s|$))?(.*)$/s.exec(info.trim()) ?? [];
	const isNamed = language !== '' && (rest === '' || /^\s+(?:\{.*\}$|[\w-]+=\S)/s.test(rest));
	const text = content.replace(/\n$/, '');
	if (isNamed && text.trim() !== '') return builder.block({ type: 'codeBlock', language, text });
	const whole = [info.trim(), text].filter((part) => part.trim() !== '').join('\n');
	if (whole !== '') builder.block({ type: 'codeBlock', language: '', text: whole });
}

function inline(tokens: readonly Token[], builder: Builder, html: HtmlReader): void {
	for (const [index, token] of tokens.entries()) {
		const [, name, edge] = /^(strong|em|s)_(open|close)$/.exec(token.type) ?? [];
		if (name) builder.mark(marks[name as keyof typeof marks], edge === 'open' ? 1 : -1);
		else if (token.type === 'text' || token.type === 'text_special') builder.text(token.content);
		else if (token.type === 'softbreak' || token.type === 'hardbreak') builder.break();
		else if (token.type === 'code_inline') builder.code(token.content);
		else if (token.type === 'link_open') {
			builder.link(hrefOf(token, 'href'));
			// A link without a label is its address.
			if (tokens[index + 1]?.type === 'link_close') builder.text(hrefOf(token, 'href'));
		} else if (token.type === 'link_close') builder.endLink();
		else if (token.type === 'image') image(token, builder);
		else if (token.type === 'html_inline') {
			if (/^<(?:\?|!(?!--))/.test(token.content)) builder.text(token.content);
			else html.read(token.content);
		}
	}
}

/** References share their address, which may be long: it is looked at once. */
let last: { given: string; safe: string } = { given: '', safe: '' };

/** `''` where it must not be followed. */
function hrefOf(token: Token, name: 'href' | 'src'): string {
	const given = String(token.attrGet(name) ?? '');
	if (given !== last.given) last = { given, safe: safeHref(given) ?? '' };
	return last.safe;
}

function image(token: Token, builder: Builder): void {
	const alt = token.content === '' ? '' : plainAlt(token.children ?? []);
	builder.image(hrefOf(token, 'src'), alt);
}

const plainAlt = (tokens: readonly Token[]): string =>
	tokens
		.map((token) =>
			token.type === 'softbreak' || token.type === 'hardbreak'
				? ' '
				: token.type === 'image'
					? plainAlt(token.children ?? [])
					: token.type === 'html_inline' && token.content.startsWith('<!--')
						? ''
						: token.content,
		)
		.join('');
