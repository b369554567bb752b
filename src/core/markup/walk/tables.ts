import { row, type Frame, type Piece } from '../pieces';
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
	const again = `| ${namesOf(head)
		.map((name) => escapeBars(escape)(name, 0, name.length, false))
		.join(' | ')} |\n${rule}\n`;
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

/** What stands in the cells stays in its column, wherever a part ends. */
export function htmlTable({ head, align, rows }: Table, printer: Printer, out: Emitter, inline: InlineWriter): void {
	const cellOf = (isHead: boolean, column: number) => printer.cell?.(isHead, align[column]) ?? frame('<td>', '</td>');
	const [named, filled] = [true, false].map((isHead) => head.map((_, column) => cellOf(isHead, column))) as [
		Frame[],
		Frame[],
	];
	let passed = '';
	// Stands around a cell, and in a row that goes on in the next part for those before it.
	const places = filled.map(({ open, close }) => {
		const place: Frame = { open: '', close: '', again: { open: passed, prefix: '' } };
		passed += open + close;
		return place;
	});
	const write = (cells: readonly Inline[][], frames: readonly Frame[]) =>
		out.within({ ...frame('<tr>', '</tr>'), whole: true }, () =>
			cells.forEach((cell, column) =>
				out.within(places[column], () => {
					out.push(nothing);
					out.within(frames[column], () => {
						out.push(nothing);
						inline.write(cell);
					});
				}),
			),
		);
	out.within({ ...(printer.tableFrame ?? frame('<table>', '</table>')), ...headAgain(head, named, printer) }, () =>
		[head, ...rows].filter(isFilled).forEach((cells, index) => {
			if (index > 0) out.push(row);
			write(cells, cells === head ? named : filled);
		}),
	);
}

/** Opens what stands around it. */
const nothing: Piece = { kind: 'atom', raw: '', shown: '' };

const isFilled = (cells: readonly Inline[][]): boolean => cells.some((cell) => cell.length > 0);

/** A head of more characters would leave too little room in each part. */
const mostAgain = 400;

function headAgain(head: readonly Inline[][], cells: readonly Frame[], printer: Printer): Pick<Frame, 'again'> {
	const names = namesOf(head);
	if (!isFilled(head) || names.join('').length > mostAgain) return {};
	const written = names.map((name, column) => {
		const { open, close } = cells[column]!;
		return `${open}${printer.escape(name, 0, name.length, false)}${close}`;
	});
	const table = printer.tableFrame?.open ?? '<table>';
	return { again: { open: `${table}<tr>${written.join('')}</tr>`, prefix: '' } };
}

/** Of the columns, without styles. */
const namesOf = (head: readonly Inline[][]): string[] =>
	head.map((cell) => plainInline(cell).replace(/\s+/g, ' ').trim());

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
