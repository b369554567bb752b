import { asIs, zeroWidth } from './escape';
import type { Escape, Frame, Piece } from './pieces';
import { frame, textItem, type Code, type Printer } from './printer';
import { markNames, plainInline, sameMarks, type Block, type Doc, type Inline, type Marks } from './tree';
import { alignTable } from './width';

type Run = Extract<Inline, { type: 'text' }>;
type Table = Extract<Block, { type: 'table' }>;

const delimiters = ['strong', 'em', 'del'] as const;
const url = /https?:\/\/[\w\-.~:/?#@!$&'+,;=%]+/g;

/** Turns the tree into pieces of a dialect, and notes what it cannot show. */
export function walk(doc: Doc, printer: Printer): { pieces: Piece[]; lost: Set<string> } {
	const walker = new Walker(printer);
	walker.blocks(doc, 'gap');
	return walker;
}

class Walker {
	readonly pieces: Piece[] = [];
	readonly lost = new Set<string>();
	private quotes = 0;
	/** In a flat dialect: what the next run begins with, and every line of a quote. */
	private lead = '';
	private linePrefix = '';

	constructor(private readonly printer: Printer) {}

	private open(frame: Frame): void {
		this.pieces.push({ kind: 'open', frame });
	}

	private end(): void {
		this.pieces.push({ kind: 'close' });
	}

	private within(frame: Frame | undefined, write: () => void): void {
		if (frame) this.open(frame);
		write();
		if (frame) this.end();
	}

	blocks(blocks: readonly Block[], between: 'gap' | 'row', inItem = false): void {
		blocks.forEach((block, index) => {
			// A numbered list that does not begin at 1 must not follow a paragraph's line.
			const tight = inItem && block.type === 'list' && !(block.ordered && block.start !== 1);
			if (index > 0) this.pieces.push({ kind: tight ? 'row' : between });
			this.block(block, inItem && index === 0);
		});
	}

	private block(block: Block, leading: boolean): void {
		const { printer } = this;
		switch (block.type) {
			case 'paragraph':
				return this.within(leading || printer.run ? undefined : printer.paragraph, () => this.leaf(block.children));
			case 'heading': {
				const heading = printer.heading?.(block.level);
				return this.within(heading ?? (printer.run ? undefined : printer.paragraph), () => this.leaf(block.children, !heading));
			}
			case 'quote':
				return this.quote(block.children);
			case 'list':
				return this.list(block);
			case 'codeBlock':
				return this.code(block.language, block.text);
			case 'table':
				return this.table(block);
			case 'rule':
				if (printer.run) return this.leaf([{ type: 'text', text: printer.rule[1], marks: {} }]);
				this.pieces.push({ kind: 'atom', raw: printer.rule[0], shown: printer.rule[1], name: 'rule' });
		}
	}

	private quote(children: readonly Block[]): void {
		const { printer } = this;
		if (printer.flatQuotes && this.quotes > 0) return this.blocks(children, 'gap');
		const outer = this.linePrefix;
		if (printer.run) this.linePrefix += '> ';
		this.quotes++;
		this.within(printer.run ? undefined : printer.quote, () => this.blocks(children, 'gap'));
		this.quotes--;
		this.linePrefix = outer;
	}

	private list({ ordered, start, items }: Extract<Block, { type: 'list' }>): void {
		const { printer } = this;
		this.within(printer.list?.(ordered, start), () => {
			items.forEach((item, index) => {
				if (index > 0) this.pieces.push({ kind: 'row' });
				const marker = (printer.item ?? textItem)(ordered, start + index);
				const outer = this.linePrefix;
				if (printer.run) {
					this.lead += outer.slice(this.lead.length) + marker.open;
					this.linePrefix += '  ';
				}
				this.within(printer.run ? undefined : marker, () => this.blocks(item, 'gap', true));
				this.linePrefix = outer;
				this.lead = '';
			});
		});
	}

	private code(language: string, text: string): void {
		const { printer } = this;
		if (!printer.codeBlock) {
			this.lost.add('code');
			const lines: Inline[] = text.split('\n').flatMap((line) => [{ type: 'break' }, { type: 'text', text: line, marks: {} }] as Inline[]);
			return this.quote([{ type: 'paragraph', children: lines.slice(1) }]);
		}
		const { frame, escape } = printer.codeBlock(language, text);
		this.within(frame, () => {
			text.split('\n').forEach((line, index) => {
				if (index > 0) this.pieces.push({ kind: 'newline' });
				if (line !== '') this.pieces.push({ kind: 'text', text: line, escape, verbatim: true });
			});
		});
	}

	private table(table: Table): void {
		const { printer } = this;
		if (printer.table === 'pipes') return this.pipes(table);
		if (printer.table === 'html') return this.htmlTable(table);
		this.lost.add('table');
		if (printer.table === 'aligned') return this.code('', alignTable(table));
		[table.head, ...table.rows].forEach((row, index) => {
			if (index > 0) this.pieces.push({ kind: 'line' });
			const children = row.flatMap((cell, at): Inline[] => (at > 0 ? [{ type: 'text', text: ' | ', marks: {} }, ...oneLine(cell)] : oneLine(cell)));
			this.leaf(children, index === 0);
		});
	}

	private pipes({ head, align, rows }: Table): void {
		const row = (cells: Inline[][]) => {
			this.within({ open: '| ', shown: '| ', close: ' |', whole: true }, () => {
				head.forEach((_, index) => {
					if (index > 0) this.pieces.push({ kind: 'atom', raw: ' | ', shown: ' | ' });
					this.leaf(oneLine(cells[index] ?? []), false, true);
				});
			});
		};
		const rule = head.map((_, index) => ({ left: ':--', center: ':-:', right: '--:', none: '---' })[align[index] ?? 'none']);
		row(head);
		this.pieces.push({ kind: 'row' }, { kind: 'atom', raw: `| ${rule.join(' | ')} |`, shown: '', instead: '' });
		for (const cells of rows) {
			this.pieces.push({ kind: 'row' });
			row(cells);
		}
	}

	private htmlTable({ head, align, rows }: Table): void {
		const { printer } = this;
		const cell = printer.cell ?? (() => frame('<td>', '</td>'));
		this.within(printer.tableFrame ?? frame('<table>', '</table>'), () => {
			[head, ...rows].forEach((row, index) => {
				this.within(frame('<tr>', '</tr>'), () => {
					row.forEach((children, column) => this.within(cell(index === 0, align[column]), () => this.leaf(children)));
				});
			});
		});
	}

	/** The inline content of a block. */
	private leaf(children: readonly Inline[], bold = false, inTable = false): void {
		const { printer } = this;
		const runs = this.shown(children, bold);
		if (printer.run) return this.flat(runs, printer.run.bind(printer));
		if (printer.inWord === 'drop') dropUnreadable(runs);
		const open: (keyof Marks)[] = [];
		let current: Marks = {};
		runs.forEach((run, index) => {
			const wanted = run.type === 'break' ? {} : run.type === 'image' ? (run.href ? { href: run.href } : {}) : run.marks;
			const order = (['href', ...markNames, 'code'] as const).filter((name) => wanted[name]);
			let keep = 0;
			while (keep < open.length && open[keep] === order[keep] && current[open[keep] as 'href'] === wanted[open[keep] as 'href']) keep++;
			const closing = open.length - keep;
			for (let left = closing; left > 0; left--) this.end();
			open.length = keep;
			current = wanted;
			if (run.type === 'break') return void this.pieces.push({ kind: 'line' });
			const edge = this.edge(runs, index, closing, order.slice(keep));
			if (edge === 'before') this.detachLast();
			let code: Code | undefined;
			for (const name of order.slice(keep)) {
				open.push(name);
				const opened = this.frameOf(name, run, runs, index);
				if (name === 'code') code = opened.code;
				this.pieces.push({ kind: 'open', frame: opened.frame, inline: true });
			}
			if (run.type === 'image') this.image(run);
			else this.text(run.text, code?.escape, edge === 'after', inTable);
		});
		for (let left = open.length; left > 0; left--) this.end();
	}

	/** Images as links, marks that the dialect has, equal neighbours as one. */
	private shown(children: readonly Inline[], bold: boolean): Inline[] {
		const { printer } = this;
		const out: Inline[] = [];
		const add = (text: string, marks: Marks) => {
			const last = out.at(-1);
			if (last?.type === 'text' && sameMarks(last.marks, marks)) last.text += text;
			else out.push({ type: 'text', text, marks });
		};
		children.forEach((child) => {
			if (child.type === 'break') return void out.push(child);
			if (child.type === 'image') {
				if (printer.image?.(child.src, child.alt) !== undefined) return void out.push(printer.link ? child : { ...child, href: undefined });
				this.lost.add('image');
				return add(child.alt || child.src, this.kept({ href: child.href ?? child.src, ...(bold && { strong: true }) }, child.alt || child.src));
			}
			if (child.text !== '') add(child.text, this.kept(bold ? { ...child.marks, strong: true } : child.marks, child.text));
		});
		return this.linksAsText(out);
	}

	private kept(marks: Marks, text: string): Marks {
		const { printer } = this;
		const kept: Marks = { ...(marks.href && { href: marks.href }) };
		// A literal delimiter beside a real one could not be told from it.
		const touching = printer.inWord === 'zeroWidth' && /^\s*[*_~`]|[*_~`]\s*$/.test(text);
		for (const name of markNames) if (marks[name] && !touching && (printer.run || printer.marks[name])) kept[name] = true;
		if (marks.code && printer.code?.(text)) kept.code = true;
		return kept;
	}

	/** A link that the dialect cannot write is its label, then its address. */
	private linksAsText(runs: Inline[]): Inline[] {
		const out: Inline[] = [];
		runs.forEach((run, index) => {
			if (run.type !== 'text' || !run.marks.href) return void out.push(run);
			const { href, ...marks } = run.marks;
			const label = labelAt(runs, index);
			if (this.printer.link?.(href, label)) return void out.push(run);
			out.push({ ...run, marks });
			const next = runs[index + 1];
			if (next?.type === 'text' && next.marks.href === href) return;
			if (label.trim() !== href && 'mailto:' + label.trim() !== href) out.push({ type: 'text', text: ` (${href})`, marks: {} });
		});
		return out;
	}

	private frameOf(name: keyof Marks, run: Inline, runs: readonly Inline[], index: number): { frame: Frame; code?: Code } {
		const { printer } = this;
		if (name === 'href') {
			const href = (run.type === 'text' ? run.marks.href : run.type === 'image' ? run.href : '') ?? '';
			return { frame: printer.link?.(href, run.type === 'image' ? run.alt : labelAt(runs, index)) ?? frame('', '') };
		}
		if (name === 'code') {
			const code = printer.code?.(run.type === 'text' ? run.text : '');
			return { frame: code?.frame ?? frame('', ''), code };
		}
		if (name === 'em' && printer.inWord === 'reference' && !besideStrong(runs, index)) return { frame: frame('*', '*') };
		const [open, close] = printer.marks[name] ?? ['', ''];
		return { frame: frame(open, close) };
	}

	private image({ src, alt }: Extract<Inline, { type: 'image' }>): void {
		const raw = this.printer.image?.(src, alt) ?? '';
		this.pieces.push({ kind: 'atom', raw, shown: alt, instead: alt || src, name: 'image' });
	}

	/** Whether a delimiter between two runs touches a word that would hide it: which side of it to set apart. */
	private edge(runs: readonly Inline[], index: number, closing: number, opening: readonly (keyof Marks)[]): 'before' | 'after' | undefined {
		const { inWord } = this.printer;
		const previous = runs[index - 1];
		const run = runs[index];
		if (!inWord || inWord === 'drop' || previous?.type !== 'text' || run?.type !== 'text') return undefined;
		const side = unreadable(previous, run, closing > 0, opening.length > 0);
		if (!side || (side === 'before' && opening[0] === 'href') || (side === 'after' && previous.marks.href && !run.marks.href)) return undefined;
		if (inWord === 'reference') return side;
		this.pieces.push({ kind: 'atom', raw: zeroWidth, shown: '' });
		return undefined;
	}

	/** Writes the last character before a delimiter as a reference, which counts as punctuation. */
	private detachLast(): void {
		const last = this.pieces.pop();
		if (last?.kind !== 'text') return void (last && this.pieces.push(last));
		const char = [...last.text.slice(-2)].at(-1) as string;
		if (last.text.length > char.length) this.pieces.push({ ...last, text: last.text.slice(0, -char.length) });
		this.pieces.push({ kind: 'text', text: char, escape: referenceTo });
	}

	private text(text: string, code: Escape | undefined, detachFirst: boolean, inTable: boolean): void {
		const { printer } = this;
		if (code) return void this.pieces.push({ kind: 'text', text, escape: code, verbatim: true });
		const escape = inTable ? escapeBars(printer.escape) : printer.escape;
		if (detachFirst) {
			const char = String.fromCodePoint(text.codePointAt(0) as number);
			this.pieces.push({ kind: 'text', text: char, escape: referenceTo });
			text = text.slice(char.length);
		}
		if (text === '') return;
		if (!printer.rawUrls) return void this.pieces.push({ kind: 'text', text, escape });
		let from = 0;
		for (const { 0: address, index } of text.matchAll(url)) {
			if (index > from) this.pieces.push({ kind: 'text', text: text.slice(from, index), escape });
			this.within({ open: '', close: '', whole: true }, () => this.pieces.push({ kind: 'text', text: address, escape: asIs }));
			from = index + address.length;
		}
		if (from < text.length) this.pieces.push({ kind: 'text', text: text.slice(from), escape });
	}

	/** A paragraph as a row of runs; markers and quotes are text in it. */
	private flat(runs: readonly Inline[], run: (marks: Marks) => Frame): void {
		const { escape } = this.printer;
		if (plainInline(runs).trim() === '') return;
		const write = (text: string, marks: Marks) =>
			this.within(run(marks), () => this.pieces.push({ kind: 'text', text, escape, verbatim: true }));
		let before = this.lead || this.linePrefix;
		this.lead = '';
		this.within(this.printer.paragraph, () => {
			for (const child of runs) {
				if (child.type === 'break') before += '\n' + this.linePrefix;
				if (child.type !== 'text') continue;
				if (before !== '' && child.marks.href) write(before, {});
				write(before === '' || child.marks.href ? child.text : before + child.text, child.marks);
				before = '';
			}
		});
	}
}

const referenceTo: Escape = (text, from, to) => [...text.slice(from, to)].map((char) => `&#${char.codePointAt(0)};`).join('');

const escapeBars =
	(escape: Escape): Escape =>
	(text, from, to, lineStart) =>
		escape(text, from, to, lineStart).replace(/\\?\|/g, '\\|');

const oneLine = (cell: readonly Inline[]): Inline[] =>
	cell.map((child) => (child.type === 'break' ? { type: 'text', text: ' ', marks: {} } : child.type === 'text' && child.marks.code && child.text.includes('|') ? { ...child, marks: { ...child.marks, code: undefined } } : child));

function labelAt(runs: readonly Inline[], index: number): string {
	const linked = (run: Inline | undefined) => run?.type === 'text' && run.marks.href !== undefined && run.marks.href === (runs[index] as Run).marks.href;
	let first = index;
	let last = index;
	while (linked(runs[first - 1])) first--;
	while (linked(runs[last + 1])) last++;
	return plainInline(runs.slice(first, last + 1));
}

/** `*` beside or around `**` would be read with it, so that such italics are written with `_`. */
function besideStrong(runs: readonly Inline[], index: number): boolean {
	const marked = (run: Inline | undefined, name: 'em' | 'strong') => run?.type === 'text' && run.marks[name] === true;
	let first = index;
	let last = index;
	while (marked(runs[first - 1], 'em')) first--;
	while (marked(runs[last + 1], 'em')) last++;
	return runs.slice(Math.max(0, first - 1), last + 2).some((run) => marked(run, 'strong'));
}

const isOpenSide = (char: string | undefined): boolean => char === undefined || /^[\s!-/:-@[-`{-~]/.test(char) || /^\p{P}/u.test(char);
const isLetter = (char: string | undefined): boolean => char !== undefined && /^[\p{L}\p{N}]/u.test(char);

/** Which side of the delimiters between two runs must be set apart for them to count: none, mostly. */
function unreadable(previous: Run, run: Run, closes: boolean, opens: boolean): 'before' | 'after' | undefined {
	if (closes === opens) return undefined;
	const styles = delimiters.filter((name) => Boolean(previous.marks[name]) !== Boolean(run.marks[name]));
	if (styles.length === 0) return undefined;
	const before = [...previous.text.slice(-2)].at(-1);
	const after = String.fromCodePoint(run.text.codePointAt(0) ?? 32);
	const [outer, inner] = opens ? [before, after] : [after, before];
	const simple = styles.length === 1 && isLetter(inner) && !(opens ? run : previous).marks.code && !(styles[0] === 'em' && (run.marks.strong || previous.marks.strong));
	return isOpenSide(outer) || simple ? undefined : opens ? 'before' : 'after';
}

/** In dialects without a way to set them apart, text goes before style. */
function dropUnreadable(runs: Inline[]): void {
	const clear = (from: number, step: 1 | -1) => {
		for (let index = from; ; index += step) {
			const run = runs[index];
			if (run?.type !== 'text' || !delimiters.some((name) => run.marks[name])) return;
			runs[index] = { ...run, marks: { ...run.marks, strong: undefined, em: undefined, del: undefined } };
		}
	};
	for (let index = 1; index < runs.length; index++) {
		const previous = runs[index - 1];
		const run = runs[index];
		if (previous?.type !== 'text' || run?.type !== 'text') continue;
		const styled = (marks: Marks) => delimiters.some((name) => marks[name]);
		if (!unreadable(previous, run, styled(previous.marks) && !styled(run.marks), !styled(previous.marks) && styled(run.marks))) continue;
		clear(index, 1);
		clear(index - 1, -1);
	}
}
