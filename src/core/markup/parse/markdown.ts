import type { MarkdownIt, Token } from 'markdown-it';
import type { Doc } from '../tree';
import { Builder, safeHref } from './builder';
import { HtmlReader } from './html';
import { parseText } from './text';

/** markdown-it drops what stands deeper than this. */
const maxNesting = 100;

let parser: MarkdownIt | undefined;

function markdownIt(): MarkdownIt {
	if (!parser) {
		const Constructor = require('markdown-it') as typeof import('markdown-it');
		parser = new Constructor({ html: true, maxNesting } as object);
	}
	return parser;
}

const marks = { strong: 'strong', em: 'em', s: 'del' } as const;

export function parseMarkdown(source: string): Doc {
	const tokens = markdownIt().parse(source, {});
	// A pathological nesting lost text: better raw than gone.
	if (tokens.some((token) => token.level >= maxNesting - 1)) return parseText(source);
	const builder = new Builder();
	const html = new HtmlReader(builder);
	const depths: number[] = [];
	for (const token of tokens) block(token, builder, html, depths);
	builder.leaveTo(1);
	return builder.doc;
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
		case 'code_block': {
			const language = /^[\w+#.-]{1,40}/.exec(token.info.trim())?.[0] ?? '';
			if (token.content.trim() !== '')
				builder.block({ type: 'codeBlock', language, text: token.content.replace(/\n$/, '') });
			return;
		}
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

function inline(tokens: readonly Token[], builder: Builder, html: HtmlReader): void {
	for (const token of tokens) {
		if (html.silent && token.type !== 'html_inline') continue;
		const [, name, edge] = /^(strong|em|s)_(open|close)$/.exec(token.type) ?? [];
		if (name) builder.mark(marks[name as keyof typeof marks], edge === 'open' ? 1 : -1);
		else if (token.type === 'text' || token.type === 'text_special') builder.text(token.content);
		else if (token.type === 'softbreak' || token.type === 'hardbreak') builder.break();
		else if (token.type === 'code_inline') builder.code(token.content);
		else if (token.type === 'link_open') builder.link(hrefOf(token, 'href'));
		else if (token.type === 'link_close') builder.endLink();
		else if (token.type === 'image') image(token, builder);
		else if (token.type === 'html_inline') html.read(token.content);
	}
}

/** References share their address, which may be long: it is looked at once. */
let last: { given: string; safe: string | undefined } = { given: '', safe: undefined };

function hrefOf(token: Token, name: 'href' | 'src'): string | undefined {
	const given = String(token.attrGet(name) ?? '');
	if (given !== last.given) last = { given, safe: safeHref(given) };
	return last.safe;
}

function image(token: Token, builder: Builder): void {
	const src = hrefOf(token, 'src');
	const alt = token.content === '' ? '' : plainAlt(token.children ?? []);
	if (src) builder.image(src, alt);
	else builder.text(alt);
}

const plainAlt = (tokens: readonly Token[]): string =>
	tokens
		.map((token) =>
			token.type === 'softbreak' || token.type === 'hardbreak'
				? ' '
				: token.type === 'image'
					? plainAlt(token.children ?? [])
					: token.type === 'html_inline'
						? ''
						: token.content,
		)
		.join('');
