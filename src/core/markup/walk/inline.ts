import { asIs, reference, zeroWidth } from '../escape';
import {
	besideStrong,
	dropTouching,
	dropUnreadable,
	firstChar,
	lastChar,
	labelAt,
	merged,
	nesting,
	setApart,
	unreadable,
	type Apart,
} from '../marks';
import { line, type Escape, type Frame, type Piece } from '../pieces';
import { frame, type Code, type Printer } from '../printer';
import type { Inline, Marks } from '../tree';
import type { Emitter } from './emitter';
import { isTouched, runsOf, url, type Spent } from './runs';

/** Writes what stands on a line: text, links, styles, images. */
export class InlineWriter {
	constructor(
		private readonly printer: Printer,
		private readonly out: Emitter,
		private readonly spent: Spent,
	) {}

	/** The inline content of a block, as nested frames. */
	write(children: readonly Inline[], bold = false, inTable = false): void {
		const { printer } = this;
		let runs = this.runsOf(children, bold);
		const beside = printer.inWord ? besideStrong(runs) : [];
		if (printer.inWord === 'touching') dropTouching(runs);
		if (printer.inWord === 'drop') dropUnreadable(runs, beside);
		if (printer.inWord === 'drop' || printer.inWord === 'touching') runs = merged(runs);
		const apart = printer.inWord === 'reference' ? setApart(runs, beside) : undefined;
		const open: (keyof Marks)[] = [];
		let current: Marks = {};
		runs.forEach((run, index) => {
			const bare = this.bareOf(run);
			const wanted =
				run.type === 'break' || bare
					? {}
					: run.type === 'image'
						? run.href
							? { href: run.href }
							: {}
						: run.marks;
			const order = nesting(wanted);
			let keep = 0;
			while (
				keep < open.length &&
				open[keep] === order[keep] &&
				current[open[keep] as 'href' | 'color'] === wanted[open[keep] as 'href' | 'color']
			)
				keep++;
			const closing = open.length - keep;
			for (let left = closing; left > 0; left--) this.out.end();
			open.length = keep;
			current = wanted;
			if (run.type === 'break') return void this.out.push(line);
			if (printer.inWord === 'zeroWidth' && unreadable(runs, index, 'never'))
				this.out.push({ kind: 'atom', raw: zeroWidth, shown: '' });
			if (bare) return void this.out.push(bare);
			if (printer.bang && order[keep] === 'href') this.escapeBang();
			let code: Code | undefined;
			for (const name of order.slice(keep)) {
				open.push(name);
				const opened = this.frameOf(name, run, runs, index, beside);
				if (name === 'code') code = opened.code;
				this.out.push({ kind: 'open', frame: opened.frame, inline: true });
			}
			if (run.type === 'image') this.image(run);
			else this.text(run.text, code?.escape, inTable, apart?.[index]);
		});
		for (let left = open.length; left > 0; left--) this.out.end();
	}

	/** What the dialect can show of it. */
	runsOf(children: readonly Inline[], bold: boolean): Inline[] {
		const { printer, spent, out } = this;
		return runsOf(children, bold, { printer, spent, lose: (name) => out.lose(name) });
	}

	/** An address that is its own label, where the dialect has a form for it and another would touch it. */
	private bareOf(run: Inline): Piece | undefined {
		const { printer } = this;
		if (!printer.bareLink || run.type !== 'text' || run.text !== run.marks.href) return undefined;
		const raw = isTouched(run.text, printer) ? printer.bareLink(run.text) : undefined;
		return raw === undefined ? undefined : { kind: 'atom', raw, shown: run.text, name: 'link' };
	}

	private frameOf(
		name: keyof Marks,
		run: Inline,
		runs: readonly Inline[],
		index: number,
		beside: readonly boolean[],
	): { frame: Frame; code?: Code } {
		const { printer } = this;
		if (name === 'href') {
			const href = (run.type === 'text' ? run.marks.href : run.type === 'image' ? run.href : '') ?? '';
			return {
				frame: printer.link?.(href, run.type === 'image' ? run.alt : labelAt(runs, index)) ?? frame('', ''),
			};
		}
		if (name === 'code') {
			const code = printer.code?.(run.type === 'text' ? run.text : '');
			return { frame: code?.frame ?? frame('', ''), code };
		}
		if (name === 'em' && printer.inWord === 'reference' && !beside[index]) return { frame: frame('*', '*') };
		if (name === 'color') {
			const color = run.type === 'text' ? (run.marks.color ?? '') : '';
			return { frame: printer.color?.(color) ?? frame('', '') };
		}
		const [open, close] = printer.marks[name] ?? ['', ''];
		return { frame: frame(open, close) };
	}

	private image({ src, alt }: Extract<Inline, { type: 'image' }>): void {
		const raw = this.printer.image?.(src, alt) ?? '';
		this.out.push({ kind: 'atom', raw, shown: alt, instead: alt || src, name: 'image' });
	}

	/** `!` before a link would make it an image. */
	private escapeBang(): void {
		const { pieces } = this.out;
		const last = pieces.at(-1);
		if (last?.kind !== 'text' || last.verbatim || !last.text.endsWith('!')) return;
		pieces.pop();
		if (last.text.length > 1) pieces.push({ ...last, text: last.text.slice(0, -1) });
		pieces.push({ kind: 'atom', raw: '\\!', shown: '!' });
	}

	private text(text: string, code: Escape | undefined, inTable: boolean, apart?: Apart): void {
		const { printer } = this;
		if (code) return void this.out.push({ kind: 'text', text, escape: code, verbatim: true });
		const escape = inTable ? escapeBars(printer.escape) : printer.escape;
		const from = apart?.first ? firstChar(text).length : 0;
		const to = Math.max(from, text.length - (apart?.last ? lastChar(text).length : 0));
		if (from > 0) this.out.push({ kind: 'text', text: text.slice(0, from), escape: asReference });
		if (to > from) this.addressed(text.slice(from, to), escape);
		if (to < text.length) this.out.push({ kind: 'text', text: text.slice(to), escape: asReference });
	}

	/** Text in which the service may find addresses by itself. */
	private addressed(text: string, escape: Escape): void {
		if (!this.printer.rawUrls) return void this.out.push({ kind: 'text', text, escape });
		let from = 0;
		for (const { 0: address, index } of text.matchAll(url)) {
			if (index > from) this.out.push({ kind: 'text', text: text.slice(from, index), escape });
			this.out.within({ open: '', close: '', whole: true }, () =>
				this.out.push({ kind: 'text', text: address, escape: asIs }),
			);
			from = index + address.length;
			// What follows would count to the address: a closing delimiter, a backslash.
			if (/[\\*_~|]$/.test(address)) this.out.push({ kind: 'atom', raw: zeroWidth, shown: '' });
			if (text[from] === '<') {
				this.out.push({ kind: 'atom', raw: '<' + zeroWidth, shown: '<' });
				from++;
			}
		}
		if (from < text.length) this.out.push({ kind: 'text', text: text.slice(from), escape });
	}
}

const asReference: Escape = (text, from, to) => reference(text.slice(from, to));

export const escapeBars =
	(escape: Escape): Escape =>
	(text, from, to, lineStart) =>
		escape(text, from, to, lineStart).replace(/\\?\|/g, '\\|');
