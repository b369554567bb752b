import type { TokenizerCallbacks } from 'htmlparser2';
import type { Doc, MarkName } from '../tree';
import { Builder, safeHref } from './builder';

const markOf: Record<string, MarkName | 'code'> = {
	b: 'strong', strong: 'strong',
	i: 'em', em: 'em', cite: 'em', dfn: 'em', var: 'em',
	s: 'del', strike: 'del', del: 'del',
	u: 'underline', ins: 'underline',
	code: 'code', kbd: 'code', samp: 'code', tt: 'code',
	'tg-spoiler': 'spoiler',
}; // prettier-ignore

/** Nothing in them is text for a reader. */
const dropped = new Set(['script', 'style', 'title', 'template']);

const blocks = new Set(
	(
		'address article aside body center dd details dialog div dl dt fieldset figcaption figure footer form header html ' +
		'legend main nav p section summary tbody tfoot thead'
	).split(' '),
);

/** Reads HTML, whole or in fragments, into a builder. Linear in its input and without a stack of its own. */
export class HtmlReader {
	private skipping?: string;
	private pre?: { language: string; text: string };

	constructor(private readonly builder: Builder) {}

	read(html: string): void {
		const { Tokenizer } = require('htmlparser2') as typeof import('htmlparser2');
		let tag = '';
		let attribute = '';
		let attributes: Record<string, string> = {};
		const callbacks: TokenizerCallbacks = {
			ontext: (start, end) => this.text(html.slice(start, end)),
			ontextentity: (codepoint) => this.text(String.fromCodePoint(codepoint)),
			onopentagname: (start, end) => {
				tag = html.slice(start, end).toLowerCase();
				attributes = {};
			},
			onattribname: (start, end) => {
				attribute = html.slice(start, end).toLowerCase();
				attributes[attribute] ??= '';
			},
			onattribdata: (start, end) => void (attributes[attribute] += html.slice(start, end)),
			onattribentity: (codepoint) => void (attributes[attribute] += String.fromCodePoint(codepoint)),
			onattribend: () => {},
			onopentagend: () => this.open(tag, attributes),
			onselfclosingtag: () => this.open(tag, attributes),
			onclosetag: (start, end) => this.close(html.slice(start, end).toLowerCase()),
			oncomment: () => {},
			oncdata: () => {},
			ondeclaration: () => {},
			onprocessinginstruction: () => {},
			onend: () => {},
		};
		const tokenizer = new Tokenizer({ decodeEntities: true }, callbacks);
		tokenizer.write(html);
		tokenizer.end();
	}

	/** Inside a script or style, whose text is for no reader. */
	get silent(): boolean {
		return this.skipping !== undefined;
	}

	/** What was left open ends here. */
	end(): void {
		this.skipping = undefined;
		this.endPre();
	}

	private text(text: string): void {
		if (this.skipping) return;
		if (this.pre) this.pre.text += text;
		else this.builder.flowing(text);
	}

	private open(tag: string, attributes: Record<string, string>): void {
		const { builder } = this;
		if (this.skipping) return;
		if (dropped.has(tag)) {
			this.skipping = tag;
			return;
		}
		if (this.pre) {
			if (tag === 'br') this.pre.text += '\n';
			if (tag === 'code') this.pre.language ||= languageOf(attributes);
			return;
		}
		if (builder.inCell && this.openInCell(tag)) return;
		const mark = tag === 'span' && attributes['class'] === 'tg-spoiler' ? 'spoiler' : markOf[tag];
		if (mark) return builder.mark(mark, 1);
		switch (tag) {
			case 'a':
				return builder.link(safeHref(attributes['href'] ?? ''));
			case 'br':
				return builder.break();
			case 'img':
				return this.image(attributes);
			case 'hr':
				return builder.block({ type: 'rule' });
			case 'pre':
				builder.endLeaf();
				this.pre = { language: languageOf(attributes), text: '' };
				return;
			case 'blockquote':
				return builder.enter('quote');
			case 'ul':
			case 'menu':
				return builder.enter('list', {});
			case 'ol': {
				const start = Number.parseInt(attributes['start'] ?? '1', 10);
				return builder.enter('list', { ordered: true, start: start >= 0 && start < 1e9 ? start : 1 });
			}
			case 'li':
				return builder.enter('item');
			case 'table':
				return builder.enter('table');
			case 'tr':
				return builder.enter('row');
			case 'td':
			case 'th': {
				const align = attributes['align'];
				return builder.cell(align === 'center' || align === 'right' ? align : undefined);
			}
		}
		if (/^h[1-6]$/.test(tag)) builder.heading(Number(tag[1]));
		else if (blocks.has(tag)) builder.endLeaf();
	}

	/** A cell is one leaf: what would be a block in it starts a line. */
	private openInCell(tag: string): boolean {
		if (tag === 'tr' || tag === 'td' || tag === 'th') return false;
		if (!blocks.has(tag) && !/^(h[1-6]|hr|pre|blockquote|ul|ol|menu|li|table|caption)$/.test(tag)) return false;
		this.builder.flowing(' ');
		return true;
	}

	private image(attributes: Record<string, string>): void {
		const src = safeHref(attributes['src'] ?? '');
		if (src) this.builder.image(src, (attributes['alt'] ?? '').replace(/\s+/g, ' ').trim());
		else if (attributes['alt']) this.builder.flowing(attributes['alt']);
	}

	private close(tag: string): void {
		const { builder } = this;
		if (this.skipping) {
			if (tag === this.skipping) this.skipping = undefined;
			return;
		}
		if (this.pre) {
			if (tag === 'pre') this.endPre();
			return;
		}
		const mark = tag === 'span' ? 'spoiler' : markOf[tag];
		if (mark) return builder.mark(mark, -1);
		switch (tag) {
			case 'a':
				return builder.endLink();
			case 'blockquote':
				return builder.leave('quote');
			case 'ul':
			case 'ol':
			case 'menu':
				return builder.leave('list');
			case 'li':
				return builder.leave('item');
			case 'table':
				return builder.leave('table');
			case 'tr':
				return builder.leave('row');
			case 'td':
			case 'th':
				if (builder.inCell) builder.endLeaf();
				return;
		}
		if (!builder.inCell && (/^h[1-6]$/.test(tag) || blocks.has(tag))) builder.endLeaf();
	}

	private endPre(): void {
		if (!this.pre) return;
		const { language, text } = this.pre;
		this.pre = undefined;
		const code = text.replace(/^\n/, '').replace(/\n$/, '');
		if (code.trim() !== '') this.builder.block({ type: 'codeBlock', language, text: code });
	}
}

const languageOf = (attributes: Record<string, string>): string =>
	/(?:^|\s)language-([\w+#.-]{1,40})/.exec(attributes['class'] ?? '')?.[1] ?? '';

export function parseHtml(source: string): Doc {
	const builder = new Builder();
	const reader = new HtmlReader(builder);
	reader.read(source);
	reader.end();
	builder.leaveTo(1);
	return builder.doc;
}
