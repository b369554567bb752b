import { plainInline, type Block } from './tree';

/** Wider columns are not padded: a table must not outgrow its text. */
const widest = 40;

/** How many columns of a fixed-width font a text takes: CJK and emoji take two, what combines takes none. */
export function displayWidth(text: string): number {
	let width = 0;
	for (const char of text) {
		const code = char.codePointAt(0) as number;
		if (code < 0x300) width++;
		else if (/\p{M}|\p{Cf}/u.test(char)) continue;
		else
			width +=
				/[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}|[\u{20000}-\u{3fffd}]/u.test(
					char,
				)
					? 2
					: 1;
	}
	return width;
}

/** A table as lines of aligned plain text. */
export function alignTable({ head, rows, align }: Extract<Block, { type: 'table' }>): string {
	const cells = [head, ...rows].map((row) => row.map((cell) => plainInline(cell).replace(/\s+/g, ' ').trim()));
	const columns = cells.reduce((most, row) => Math.max(most, row.length), 0);
	const widths = Array.from({ length: columns }, () => 1);
	for (const row of cells)
		row.forEach(
			(cell, index) => (widths[index] = Math.min(widest, Math.max(widths[index] as number, displayWidth(cell)))),
		);
	const lines = cells.map((row) =>
		row
			.map((cell, index) => {
				const space = Math.max(0, (widths[index] as number) - displayWidth(cell));
				const left = align[index] === 'right' ? space : align[index] === 'center' ? space >> 1 : 0;
				return ' '.repeat(left) + cell + ' '.repeat(space - left);
			})
			.join('  ')
			.trimEnd(),
	);
	const rule = widths.map((width) => '-'.repeat(width)).join('  ');
	return [lines[0], rule, ...lines.slice(1)].join('\n');
}
