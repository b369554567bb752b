import { Parser } from 'htmlparser2';
import { fc, runs } from '../../property';
import { bytes } from '../../../src/core/base/limit';
import { render, type Dialect } from '../../../src/core/markup';

/** The cells of the tables in a page, as a browser has them: row by row. */
function tablesOf(html: string): string[][][] {
	const tables: string[][][] = [];
	let isCell = false;
	const parser = new Parser({
		onopentag(name) {
			if (name === 'table') tables.push([]);
			if (name === 'tr') tables.at(-1)!.push([]);
			if (name === 'td' || name === 'th') tables.at(-1)!.at(-1)!.push('');
			isCell ||= name === 'td' || name === 'th';
		},
		ontext(text) {
			const row = tables.at(-1)?.at(-1);
			if (isCell && row) row[row.length - 1] += text;
		},
		onclosetag: (name) => void (isCell &&= name !== 'td' && name !== 'th'),
	});
	parser.end(html);
	return tables;
}

const words = (text: string) => text.split(/\s+/).filter((word) => word !== '');
const split = (source: string, dialect: Dialect, max: number) =>
	render(source, { format: 'markdown', dialect, limit: bytes(max), overflow: 'split' });

describe.each(['mailHtml', 'wxpusherHtml'] as const)('%s: tables', (dialect) => {
	test('an empty cell stands where it stood', () => {
		const { parts } = split('| a | b | c |\n|---|---|---|\n| 1 |  | 3 |\n|  | 2 |  |', dialect, 10_000);
		expect(tablesOf(parts[0]!)).toEqual([
			[
				['a', 'b', 'c'],
				['1', '', '3'],
				['', '2', ''],
			],
		]);
	});

	test('rows and heads that hold nothing are none', () => {
		const { parts } = split('|  |  |\n|---|---|\n| 1 | 2 |\n|  |  |\n| 3 | 4 |', dialect, 10_000);
		expect(tablesOf(parts[0]!)).toEqual([
			[
				['1', '2'],
				['3', '4'],
			],
		]);
		expect(split('|  |  |\n|---|---|\n|  |  |', dialect, 10_000).visible).toBe(true);
	});

	test('cut into parts, each cell is in its column, below the head, and there once', () => {
		// Of each cell some words of its own, so that it is known again wherever a cut falls.
		const sizes = fc.array(fc.tuple(...[0, 1, 2].map(() => fc.nat(12))), { minLength: 1, maxLength: 30 });
		fc.assert(
			fc.property(sizes, fc.integer({ min: 900, max: 2000 }), (rows, max) => {
				const cells = rows.map((row, at) =>
					row.map((size, column) =>
						Array.from({ length: size }, (_, n) => `r${at}c${column}w${n}`).join(' '),
					),
				);
				const table = [
					'| **Name** | Size \\| B | c |\n|---|--:|---|',
					...cells.map((row) => `| ${row.join(' | ')} |`),
				];
				const { parts, losses } = split(`Before\n\n${table.join('\n')}\n\nAfter`, dialect, max);
				const tables = parts.flatMap(tablesOf);
				for (const [head, ...below] of tables) {
					expect(head).toEqual(['Name', 'Size | B', 'c']);
					for (const row of below) {
						expect(row.length).toBeLessThanOrEqual(3);
						row.forEach((cell, column) => {
							for (const word of words(cell)) expect(word).toContain(`c${column}w`);
						});
					}
				}
				const shown = tables.flatMap(([, ...below]) => below.flat().flatMap(words));
				expect(shown).toEqual(cells.flat().flatMap(words));
				expect(losses).toEqual([]);
			}),
			{ numRuns: runs(60) },
		);
	});

	test('a row is cut where it has no part of its own alone', () => {
		const row = (n: number) => `| a${n} | ${'word '.repeat(60)} | z${n} |`;
		const { parts } = split(`| 1 | 2 | 3 |\n|---|---|---|\n${[1, 2, 3, 4, 5].map(row).join('\n')}`, dialect, 1200);
		for (const [, ...rows] of parts.flatMap(tablesOf))
			for (const cells of rows) expect(cells.map((cell) => cell !== '')).toEqual([true, true, true]);
	});

	test('a head that would fill each part stands in the first alone', () => {
		const head = 'long '.repeat(150);
		const { parts, losses } = split(
			`| ${head} | b |\n|---|---|\n${'| some words | 2 |\n'.repeat(60)}`,
			dialect,
			2000,
		);
		expect(parts.filter((part) => part.includes('long'))).toHaveLength(1);
		expect(losses).toEqual([]);
	});
});
