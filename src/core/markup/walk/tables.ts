import { row } from '../pieces';
import { frame, type Printer } from '../printer';
import { plainInline, type Block, type Inline } from '../tree';
import type { Emitter } from './emitter';
import { escapeBars, type InlineWriter } from './inline';

export type Table = Extract<Block, { type: 'table' }>;

/** Lines with bars between the cells, as Markdown has them. */
export function pipeTable({ head, align, rows }: Table, { escape }: Printer, out: Emitter, inline: InlineWriter): void {
	const write = (cells: Inline[][]) => {
		out.within({ open: '| ', shown: '| ', close: ' |', whole: true }, () => {
			cells.forEach((cell, index) => {
				if (index > 0) out.push({ kind: 'atom', raw: ' | ', shown: ' | ' });
				inline.write(oneLine(cell), false, true);
			});
		});
	};
	const rule = `| ${head.map((_, index) => ({ left: ':--', center: ':-:', right: '--:', none: '---' })[align[index] ?? 'none']).join(' | ')} |`;
	const names = head.map((cell) => plainInline(cell).replace(/\s+/g, ' ').trim());
	const again = `| ${names.map((name) => escapeBars(escape)(name, 0, name.length, false)).join(' | ')} |\n${rule}\n`;
	out.within({ open: '', close: '', again: { open: again, prefix: '' } }, () => {
		write(head);
		out.push(row);
		out.push({ kind: 'atom', raw: rule, shown: '', instead: '' });
		for (const cells of rows) {
			out.push(row);
			write(cells);
		}
	});
}

export function htmlTable({ head, align, rows }: Table, printer: Printer, out: Emitter, inline: InlineWriter): void {
	const cell = printer.cell ?? (() => frame('<td>', '</td>'));
	out.within(printer.tableFrame ?? frame('<table>', '</table>'), () => {
		[head, ...rows].forEach((row, index) => {
			out.within(frame('<tr>', '</tr>'), () => {
				row.forEach((children, column) =>
					out.within(cell(index === 0, align[column]), () => inline.write(children)),
				);
			});
		});
	});
}

/** Each row as a line of text. */
export function textRows({ head, rows }: Table): Inline[][] {
	return [head, ...rows].map((row) => {
		const filled = row.slice(0, row.findLastIndex((cell) => cell.length > 0) + 1);
		return filled.flatMap((cell, at): Inline[] =>
			at > 0 ? [{ type: 'text', text: ' | ', marks: {} }, ...oneLine(cell)] : oneLine(cell),
		);
	});
}

const oneLine = (cell: readonly Inline[]): Inline[] =>
	cell.map((child) =>
		child.type === 'break'
			? { type: 'text', text: ' ', marks: {} }
			: child.type === 'text' && child.marks.code && child.text.includes('|')
				? { ...child, marks: { ...child.marks, code: undefined } }
				: child,
	);
