import { printable } from '../../../src/core/base/printable';
import { fc, runs } from '../../property';
import { workOf } from '../../work';

test.each([
	['colours', '\x1b[31mred\x1b[0m \x1b[1;38;5;208mbold\x1b[m', 'red bold'],
	['colours of eight bits', '\x9b31mred\x9b0m', 'red'],
	['a cursor', 'a\x1b[2K\x1b[1Gb\x1b[?25lc', 'abc'],
	['a link', '\x1b]8;;https://e.com\x07name\x1b]8;;\x07', 'name'],
	['a link of another end', '\x1b]8;;https://e.com\x1b\\name\x1b]8;;\x1b\\', 'name'],
	['a title of the window', '\x1b]0;user@host: ~\x07$ ls', '$ ls'],
	['a character set', '\x1b(Ba\x1b=b\x1b>c\x1b7d', 'abcd'],
	['a sequence that is cut off', 'a\x1b[31', 'a[31'],
	['a command without an end', 'a\x1b]0;title\nb', 'a]0;title\nb'],
	['one that is too long', `\x1b]0;${'x'.repeat(5_000)}\x07`, `]0;${'x'.repeat(5_000)}`],
	['line ends', 'a\r\nb\rc\vd\fe\x85f\u2028g', 'a\nb\nc\nd\ne\nf\u2028g'],
	['an empty line of other systems', 'a\r\n\r\nb\r\rc', 'a\n\nb\n\nc'],
	['controls', 'a\0b\x08c\x7fd\x9fe\tf\ng', 'abcde\tf\ng'],
	['an escape by itself', '\x1b', ''],
	['halves of characters', 'a\ud83d b\udc4d 👍', 'a\ufffd b\ufffd 👍'],
	['nothing of it', '电影 naïve\u00a0👨‍👩‍👧', '电影 naïve\u00a0👨‍👩‍👧'],
])('%s', (_, given, shown) => expect(printable(given)).toBe(shown));

test.each([
	['bold as a printer strikes it', 'N\bNA\bAM\bME\bE', 'NAME'],
	['struck three times', 'a\ba\bab', 'ab'],
	['underlined', '_\bf_\bi_\bl_\be', 'file'],
	['both', '_\bx\bx', 'x'],
	['Chinese', '名\b名', '名'],
	['what was written over stays, for nobody knows which was meant', 'ab\bc', 'abc'],
	['a name with a line before its end', 'a_\b b', 'a_ b'],
	['no more work for many', '_\b'.repeat(100_000), '_'],
])('%s', (_, given, shown) => expect(printable(given)).toBe(shown));

test.each([
	['colours of one byte', '\x9b31mRED\x9b0m', 'RED'],
	['colours with colons', '\x1b[38:2::1:2:3mx\x1b[m', 'x'],
	['a link', '\x1b]8;;https://e.com\x1b\\here\x1b]8;;\x07', 'here'],
	['a title', '\x1b]0;bash\x07$ ls', '$ ls'],
	['device and application commands', '\x1bP1|x\x1b\\a\x1b_y\x1b\\b\x1b^z\x1b\\c', 'abc'],
	['character sets and the cursor', '\x1b(B\x1b7\x1b[?25lx\x1b8', 'x'],
	['one without an end', 'x \x1b]0;title\nnext', 'x ]0;title\nnext'],
	['progress', '1%\r2%\r\n', '1%\n2%\n'],
])('of terminals, %s', (_, given, shown) => expect(printable(given)).toBe(shown));

/** The same in the words of the standards, one rule after the other. */
const byRules = (text: string) =>
	text
		.toWellFormed()
		.replace(/\r\n?|[\v\f\x85]/g, '\n')
		.replace(/(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|\x1b[\]PX^_][^\n\x07\x1b]{0,4000}(?:\x07|\x1b\\)|\x1b(?:[ -/]{1,4}[0-~]|[=>78cDEM])/g, '')
		.replace(/[\0-\x07\x0e-\x1f\x7f-\x9f]/g, '')
		.replace(/(.)(?:\x08\1)+|_\x08(?=[^\s\x08])/gsu, '$1')
		.replace(/[\b]/g, ''); // prettier-ignore

test('whatever stands in it', () => {
	const bit = fc.constantFrom(
		...['\x1b', '\x1b[', '\x1b]', '\x9b', '[', ']', '\\', '\x07', '0', ';', 'm', ' ', '(', 'B', '=', 'c', '~', '?'],
		...['\r', '\n', '\v', '\x85', '\t', '\0', '\x7f', '电', '👍', '\ud83d', 'x', 'P', '^', '_', '\b'],
	);
	const text = fc.array(bit, { maxLength: 24 }).map((bits) => bits.join(''));
	fc.assert(
		fc.property(text, (given) => {
			expect(printable(given)).toBe(byRules(given));
			expect(printable(printable(given))).toBe(printable(given));
		}),
		{ numRuns: runs(3_000) },
	);
});

test.each([
	'\x1b[31mA\x1b[0m ',
	'\x1b]',
	'\x1b]8;;',
	'\x9b',
	'\x1b[3',
	'\x1b ',
	'a\r\n',
	'\0',
	'\x1b]x\x1b',
	'a\ba',
	'_\b',
])('a megabyte of %j is looked at once', (unit) => {
	const text = unit.repeat(1_000_000 / unit.length);
	expect(workOf(() => printable(text))).toBeLessThan(10 * text.length);
});
