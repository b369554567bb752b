import { gap, line, newline, row, type Frame, type Piece } from '../pieces';
import { prefixQuote, textItem, type Printer } from '../printer';
import { plainInline, type Block, type Doc, type Inline, type Marks } from '../tree';
import { alignTable } from '../width';
import { Emitter } from './emitter';
import { InlineWriter } from './inline';
import type { Spent } from './runs';
import { htmlTable, pipeTable, textRows, type Table } from './tables';

/** Turns the tree into pieces of a dialect; what it cannot show is a `loss` among them. */
export function walk(doc: Doc, printer: Printer, spent: Spent = { addresses: 0 }): Piece[] {
	const out = new Emitter();
	new Walker(printer, out, new InlineWriter(printer, out, spent)).blocks(doc, 'gap');
	return out.pieces;
}

class Walker {
	private quotes = 0;
	/** Items whose lines are indented as text, since the last quote began. */
	private items = 0;
	/** In a flat dialect: what the next run begins with, and every line of a quote. */
	private lead = '';
	private linePrefix = '';

	constructor(
		private readonly printer: Printer,
		private readonly out: Emitter,
		private readonly inline: InlineWriter,
	) {}

	blocks(blocks: readonly Block[], between: 'gap' | 'row', inItem = false): void {
		blocks.forEach((block, index) => {
			// A numbered list that does not begin at 1 must not follow a paragraph's line.
			const tight = inItem && block.type === 'list' && !(block.ordered && block.start !== 1);
			if (index > 0) this.out.push(tight || between === 'row' ? row : gap);
			this.block(block, inItem && index === 0);
		});
	}

	private block(block: Block, leading: boolean): void {
		const { printer } = this;
		switch (block.type) {
			case 'paragraph':
				return this.out.within(leading || printer.run ? undefined : printer.paragraph, () =>
					this.leaf(block.children),
				);
			case 'heading': {
				const heading = printer.heading?.(block.level);
				return this.out.within(heading ?? (printer.run ? undefined : printer.paragraph), () =>
					this.leaf(block.children, !heading),
				);
			}
			case 'quote':
				return this.quote(block.children);
			case 'list':
				return this.list(block);
			case 'codeBlock':
				return this.code(block.language, block.text, leading);
			case 'table':
				return this.table(block, leading);
			case 'rule':
				if (printer.run) return this.leaf([{ type: 'text', text: printer.rule[1], marks: {} }]);
				this.out.push({ kind: 'atom', raw: printer.rule[0], shown: printer.rule[1], name: 'rule' });
		}
	}

	private quote(children: readonly Block[]): void {
		const { printer } = this;
		const { linePrefix, items } = this;
		if (printer.run) this.linePrefix += '> ';
		const frame = printer.flatQuotes && this.quotes > 0 ? innerQuote : printer.quote;
		this.quotes++;
		this.items = 0;
		this.out.within(printer.run ? undefined : frame, () => this.blocks(children, 'gap'));
		this.quotes--;
		this.items = items;
		this.linePrefix = linePrefix;
	}

	private list({ ordered, start, items }: Extract<Block, { type: 'list' }>): void {
		const { printer } = this;
		this.out.within(printer.list?.(ordered, start), () => {
			items.forEach((item, index) => {
				if (index > 0) this.out.push(row);
				const marker = (printer.item ?? textItem)(ordered, start + index);
				const outer = this.linePrefix;
				if (printer.run) {
					this.lead += outer.slice(this.lead.length) + marker.open;
					this.linePrefix += '  ';
				}
				const isText = !printer.run && !printer.item;
				if (isText) this.items++;
				this.out.within(printer.run ? undefined : marker, () => this.blocks(item, 'gap', true));
				if (isText) this.items--;
				this.linePrefix = outer;
				this.lead = '';
			});
		});
	}

	private code(language: string, text: string, leading = false): void {
		const { printer } = this;
		if (printer.codeBlock && this.items > 0) return this.outside(leading, () => this.code(language, text));
		if (!printer.codeBlock) {
			this.out.lose('code');
			const lines: Inline[] = text
				.split('\n')
				.flatMap((line) => [{ type: 'break' }, { type: 'text', text: line, marks: {} }] as Inline[]);
			return this.quote([{ type: 'paragraph', children: lines.slice(1) }]);
		}
		const { frame, escape } = printer.codeBlock(language, text);
		this.out.within(frame, () => {
			text.split('\n').forEach((line, index) => {
				if (index > 0) this.out.push(newline);
				if (line !== '') this.out.push({ kind: 'text', text: line, escape, verbatim: true });
			});
		});
	}

	/** What stands in an item, and would not be what it was were its lines indented. */
	private outside(leading: boolean, write: () => void): void {
		const { items } = this;
		// The item's marker is written with its first text.
		if (leading) {
			this.out.push({ kind: 'atom', raw: '', shown: '' });
			this.out.push(row);
		}
		for (let item = 0; item < items; item++) this.out.end();
		this.items = 0;
		write();
		this.items = items;
		for (let item = 0; item < items; item++) this.out.open(indent);
	}

	private table(table: Table, leading: boolean): void {
		const { printer, out, inline } = this;
		if (printer.table === 'pipes') return pipeTable(table, printer, out, inline);
		if (printer.table === 'html') return htmlTable(table, printer, out, inline);
		out.lose('table');
		if (printer.table === 'aligned') return this.code('', alignTable(table), leading);
		textRows(table).forEach((children, index) => {
			if (index > 0) out.push(line);
			this.leaf(children, index === 0);
		});
	}

	/** The inline content of a block. */
	private leaf(children: readonly Inline[], bold = false): void {
		const { printer, inline } = this;
		if (printer.run) this.flat(inline.runsOf(children, bold), printer.run.bind(printer));
		else inline.write(children, bold);
	}

	/** A paragraph as a row of runs; markers and quotes are text in it. */
	private flat(runs: readonly Inline[], run: (marks: Marks) => Frame): void {
		const { escape } = this.printer;
		if (plainInline(runs).trim() === '') return;
		const write = (text: string, marks: Marks) =>
			this.out.within(run(marks), () => this.out.push({ kind: 'text', text, escape, verbatim: true }));
		let before = this.lead || this.linePrefix;
		this.lead = '';
		this.out.within(this.printer.paragraph, () => {
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

/** Of a quote in one that may not hold another. */
const innerQuote = prefixQuote('│ ');

/** Of an item that goes on after what stood outside it. */
const indent: Frame = { open: '  ', shown: '  ', close: '', prefix: '  ', again: { open: '', prefix: '' } };
