import type { Doc, MarkName } from '../tree';
import { Builder, safeHref } from './builder';
import { beginsPage, framed, isTextInHtml, Pairs, tokenize, unread, type Tag } from './tags';

const markOf: Record<string, MarkName | 'code'> = {
	b: 'strong', strong: 'strong',
	i: 'em', em: 'em', cite: 'em', dfn: 'em', var: 'em',
	s: 'del', strike: 'del', del: 'del',
	u: 'underline', ins: 'underline',
	code: 'code', kbd: 'code', samp: 'code', tt: 'code',
	'tg-spoiler': 'spoiler',
}; // prettier-ignore

const blocks = new Set(
	(
		'address article aside body center dd details dialog div dl dt fieldset figcaption figure footer form header html ' +
		'legend main nav option p section summary tbody tfoot thead'
	).split(' '),
);

/** Slack's way to write a link, and Markdown's. */
export const angledLink = /^<((?:https?|ftp|mailto|tel):[^\s<>|]+)(?:\|([^<>]*))?>$/i;

/** Of a style sheet in a tag. */
const colorIn = (style = ''): string | undefined => /(?:^|;)\s*color\s*:\s*([^;!]+)/i.exec(style)?.[1];

/** Reads HTML, whole or in fragments, into a builder. Linear in its input and without a stack of its own. */
export class HtmlReader {
	private skipping?: string;
	private pre?: { language: string; text: string };
	/** Of the open `<span>`s: whether they hide. */
	private readonly spans: boolean[] = [];
	/** Of the open elements that show what is elsewhere: whether they are text. */
	private readonly framed: boolean[] = [];
	/** Open drawings and formulas, in which every name is somebody's element. */
	private foreign = 0;

	constructor(
		private readonly builder: Builder,
		private readonly isText: (tag: Tag) => boolean,
		private readonly pairs?: Pairs,
	) {}

	read(html: string): void {
		let name = '';
		let begin = 0;
		let read = 0;
		let attribute = '';
		let attributes: Record<string, string> = {};
		const raw = (end: number) => html.slice(begin, end);
		const opened = (end: number) => {
			read = end + 1;
			this.tag({ name, closes: false, raw: raw(read), paired: this.pairs?.next() ?? true }, attributes);
		};
		tokenize(html, {
			ontext: (start, end) => {
				read = end;
				this.text(html.slice(start, end));
			},
			ontextentity: (codepoint, end) => {
				read = end;
				this.text(String.fromCodePoint(codepoint));
			},
			onopentagname: (start, end) => {
				begin = start - 1;
				name = html.slice(start, end).toLowerCase();
				attributes = {};
			},
			onattribname: (start, end) => {
				attribute = html.slice(start, end).toLowerCase();
				attributes[attribute] ??= '';
			},
			onattribdata: (start, end) => void (attributes[attribute] += html.slice(start, end)),
			onattribentity: (codepoint) => void (attributes[attribute] += String.fromCodePoint(codepoint)),
			onopentagend: opened,
			onselfclosingtag: opened,
			onclosetag: (start, end) => {
				read = end;
				name = html.slice(start, end).toLowerCase();
				const tag = {
					name,
					closes: true,
					raw: `</${html.slice(start, end)}>`,
					paired: this.pairs?.next() ?? true,
				};
				this.tag(tag, {});
			},
			oncomment: (_, end) => void (read = end),
			ondeclaration: (start, end) => {
				read = end;
				const text = html.slice(start, end);
				const isMarkup = /^doctype\b/i.test(text)
					? !this.pairs || beginsPage.test(html.slice(start - 2, end + 500))
					: text.startsWith('[');
				if (!isMarkup) this.text(`<!${text}>`);
			},
			onprocessinginstruction: (start, end) => {
				read = end;
				const text = html.slice(start, end);
				if (!/^(?:xml|mso|import)/i.test(text)) this.text(`<?${text}>`);
			},
		});
		// A tag that the text ends in the middle of is none.
		const rest = html.slice(read).replace(/^[^<]*/, '');
		if (/^<\/?[a-z]/i.test(rest)) this.text(rest);
	}

	/** What was left open ends here. */
	end(): void {
		this.skipping = undefined;
		this.endPre();
	}

	private tag(tag: Tag, attributes: Record<string, string>): void {
		const { name, closes, raw } = tag;
		const [, href, label] = angledLink.exec(raw) ?? [];
		if (href && !this.skipping) return this.link(href, label || href);
		const isText = framed.has(name) && closes ? this.framed.pop() : this.foreign === 0 && this.isText(tag);
		if (framed.has(name) && !closes) this.framed.push(isText === true);
		if (isText) return this.text(raw);
		if (name === 'svg' || name === 'math') this.foreign = Math.max(0, this.foreign + (closes ? -1 : 1));
		if (closes) this.close(name);
		else this.open(name, attributes);
	}

	private link(href: string, label: string): void {
		this.builder.link(href);
		this.text(label);
		this.builder.endLink();
	}

	private text(text: string): void {
		if (this.skipping) return;
		if (this.pre) this.pre.text += text;
		else this.builder.flowing(text);
	}

	private open(tag: string, attributes: Record<string, string>): void {
		const { builder } = this;
		if (this.skipping) return;
		if (unread.has(tag)) {
			this.skipping = tag;
			return;
		}
		if (this.pre) {
			if (tag === 'br') this.pre.text += '\n';
			if (tag === 'code') this.pre.language ||= languageOf(attributes);
			return;
		}
		if (builder.inCell && this.openInCell(tag)) return;
		if (tag === 'sup') return builder.raise(true);
		if (framed.has(tag)) return this.frame(attributes['src']);
		const mark = markOf[tag];
		if (mark) return builder.mark(mark, 1);
		switch (tag) {
			case 'a':
				return builder.link(attributes['href'] === undefined ? undefined : hrefOf(attributes['href']));
			case 'font':
				return builder.color(attributes['color'] ?? colorIn(attributes['style']));
			case 'span': {
				const hides = attributes['class'] === 'tg-spoiler';
				this.spans.push(hides);
				if (hides) builder.mark('spoiler', 1);
				return builder.color(colorIn(attributes['style']));
			}
			case 'q':
				return this.text('“');
			case 'input':
				if (attributes['type'] === 'checkbox') builder.text(attributes['checked'] === undefined ? '☐ ' : '☑ ');
				return;
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
				return builder.inTable ? builder.enter('row') : builder.endLeaf();
			case 'td':
			case 'th': {
				if (!builder.inTable) return builder.endLeaf();
				const align = attributes['align'];
				return builder.cell(align === 'center' || align === 'right' ? align : undefined);
			}
		}
		if (/^h[1-6]$/.test(tag)) builder.heading(Number(tag[1]));
		else if (blocks.has(tag)) builder.endLeaf();
	}

	/** What is played or shown from elsewhere is a link. */
	private frame(src = ''): void {
		if (/^https?:/i.test(src.trim())) this.link(src.trim(), src.trim());
	}

	/** A cell is one leaf: what would be a block in it starts a line. */
	private openInCell(tag: string): boolean {
		if (tag === 'tr' || tag === 'td' || tag === 'th') return false;
		if (!blocks.has(tag) && !/^(h[1-6]|hr|pre|blockquote|ul|ol|menu|li|table|caption)$/.test(tag)) return false;
		this.builder.flowing(' ');
		return true;
	}

	private image(attributes: Record<string, string>): void {
		const { src = '', alt = '' } = attributes;
		const safe = safeHref(src);
		if (safe !== undefined || src.trim() !== '') this.builder.image(safe ?? '', alt.replace(/\s+/g, ' ').trim());
		else if (alt !== '') this.builder.flowing(alt);
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
		const mark = markOf[tag];
		if (mark) return builder.mark(mark, -1);
		switch (tag) {
			case 'a':
				return builder.endLink();
			case 'font':
				return builder.endColor();
			case 'span':
				if (this.spans.pop()) builder.mark('spoiler', -1);
				return builder.endColor();
			case 'q':
				return this.text('”');
			case 'sup':
				return builder.raise(false);
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
				if (builder.inCell || !builder.inTable) builder.endLeaf();
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

/** A link's address, `''` where it must not be followed, nothing where there is none. */
const hrefOf = (given: string): string | undefined => safeHref(given) ?? (given.trim() === '' ? undefined : '');

/** HTML in which what was never finished (a comment, a title, `a<b`) is text, and no reason to lose what comes after it. */
export function mended(html: string): string {
	let out = html.replace(/<(?=\/?[a-z][^<>"']*<|\/[^a-z>])/gi, '&lt;');
	if (out.includes('<![CDATA[')) out = out.replaceAll('<![CDATA[', '').replaceAll(']]>', '');
	const ends = out.lastIndexOf('-->');
	if (out.includes('<!--', Math.max(0, ends))) {
		const from = ends < 0 ? 0 : ends;
		out = out.slice(0, from) + out.slice(from).replaceAll('<!--', '&lt;!--');
	}
	for (const name of unread) {
		const closes = [...out.matchAll(new RegExp(`</${name}(?=[\\s>])`, 'gi'))].at(-1)?.index ?? -1;
		out = out.replace(new RegExp(`<(?=${name}[\\s/>])`, 'gi'), (bracket, at: number) =>
			at > closes ? '&lt;' : bracket,
		);
	}
	return out;
}

export function parseHtml(source: string): Doc {
	const builder = new Builder();
	const reader = new HtmlReader(builder, isTextInHtml);
	reader.read(mended(source));
	reader.end();
	builder.leaveTo(1);
	return builder.doc;
}
