import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { definitions, root, senders } from '../scripts/definitions';
import { pageOf, pagePath, pages, type Kind } from '../src/core/define/page';

const folder = join(root, 'docs');
const found: { kind: Kind; id: string; name: string; zh: string }[] = [
	...definitions().map(({ kind, id, definition: { name, zh } }) => ({ kind, id, name, zh })),
	...senders().map(({ id, sender: { name, zh } }) => ({ kind: 'sender' as const, id, name, zh })),
];
const written = readdirSync(folder, { recursive: true, encoding: 'utf8' })
	.filter((file) => file.endsWith('.md'))
	.map((file) => file.replaceAll('\\', '/'));
const read = (file: string) => readFileSync(join(folder, file), 'utf8');
const headings = (page: string) => page.match(/^#+ /gm) ?? [];

test.each(found)('$kind $id has a page in both languages, of the same make', ({ kind, id, name, zh }) => {
	const [english, chinese] = [read(pagePath(kind, id, 'en')), read(pagePath(kind, id, 'zh'))];
	expect(english).toContain(`# ${name}\n`);
	expect(chinese).toContain(`# ${zh}\n`);
	expect(headings(english)).toEqual(headings(chinese));
	expect(english.split('\n').filter((line) => line.startsWith('| **'))).toHaveLength(
		chinese.split('\n').filter((line) => line.startsWith('| **')).length,
	);
	expect(existsSync(join(folder, pageOf({ type: kind, id }).slice(pages.length + 1)))).toBe(true);
});

test.each(written)('%s: every link leads somewhere, and nothing is left to be filled in', (file) => {
	const page = read(file);
	expect(page).not.toMatch(
		/\bundefined\b|\[object |\{(?:name|value|field|values|limit|dialect|count|channel|page)\}/,
	);
	for (const [, link] of page.matchAll(/\]\(([^)\s]+)\)/g))
		if (!/^https?:/.test(link!))
			expect([link, existsSync(join(folder, dirname(file), link!))]).toEqual([link, true]);
});

test('the contents name every page', () => {
	for (const language of ['en', 'zh']) {
		const contents = read(`${language}/README.md`);
		for (const { kind, id } of found) expect(contents).toContain(`(${kind}/${id}.md)`);
	}
});
