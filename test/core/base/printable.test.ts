import { printable } from '../../../src/core/base/printable';

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
