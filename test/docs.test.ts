import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { accounts, definitions, root, senders } from '../scripts/definitions';
import { guides } from '../scripts/docs';
import { pageOf, pagePath, pages, type Kind } from '../src/core/define/page';
import { checkTemplate, renderTemplate } from '../src/core/message/template';
import { namedInVain } from '../src/core/message/templateNames';
import { receiveOne } from './services/webhook/receiving';

const folder = join(root, 'docs');
const found: { kind: Kind; id: string; name: string; zh: string }[] = [
	...definitions().map(({ kind, id, definition: { name, zh } }) => ({ kind, id, name, zh })),
	...accounts().map(({ id, definition: { name, zh } }) => ({ kind: 'account' as const, id, name, zh })),
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
	for (const [, link] of page.matchAll(/\]\(([^)\s]+)\)/g)) {
		if (/^https?:/.test(link!)) continue;
		const [path, anchor] = link!.split('#') as [string, string?];
		const target = join(folder, dirname(file), path);
		expect([link, existsSync(target)]).toEqual([link, true]);
		if (anchor !== undefined) expect([link, anchorsOf(target)]).toEqual([link, expect.arrayContaining([anchor])]);
	}
});

/** What GitHub makes of headings. */
const anchorsOf = (file: string) =>
	[...readFileSync(file, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, title]) =>
		title!
			.toLowerCase()
			.replace(/[^\p{L}\p{N} _-]/gu, '')
			.replaceAll(' ', '-'),
	);

test('the contents name every page', () => {
	for (const language of ['en', 'zh']) {
		const contents = read(`${language}/README.md`);
		for (const { kind, id } of found) expect(contents).toContain(`(${kind}/${id}.md)`);
	}
});

describe('where secrets are found', () => {
	const channels = definitions().flatMap(({ definition }) => (definition.type === 'channel' ? [definition] : []));
	const own = new Set(['desktop', 'webhook', 'webPush', 'websocket']);

	test.each(channels)('$id says it in both languages, step by step', ({ id, where }) => {
		// What is nobody's service has nothing to be looked for.
		expect(where === undefined).toBe(own.has(id));
		for (const { en, zh } of where ?? []) {
			expect(en).toMatch(/[.!]$/);
			expect(zh).toMatch(/\p{Script=Han}.*[。）]$/u);
			for (const language of ['en', 'zh'] as const)
				expect(read(pagePath('channel', id, language))).toContain(
					// As Prettier writes emphasis.
					`. ${(language === 'en' ? en : zh).replace(/\*([^*]+)\*/g, '_$1_')}\n`,
				);
		}
	});
});

describe('guides', () => {
	const names = [...new Set(written.flatMap((file) => /\/guide\/(.+)\.md$/.exec(file)?.[1] ?? []))];
	const both = ['en', 'zh'].flatMap((language) => names.map((name) => `${language}/guide/${name}.md`));
	const blocks = (page: string, kind: string) =>
		[...page.matchAll(/^```(\w+)\n(.*?)^```$/gms)].flatMap(([, written, text]) =>
			written === kind ? [text!] : [],
		);
	const commands = (file: string) => blocks(read(file), 'sh').flatMap((block) => block.trim().split('\n'));

	test('are those that the contents list, and the READMEs lead there', () => {
		expect([...names].sort()).toEqual([...guides].sort());
		for (const language of ['en', 'zh'])
			for (const name of guides) expect(read(`${language}/README.md`)).toContain(`](guide/${name}.md)`);
		for (const name of guides) {
			expect(readFileSync(join(root, 'README.md'), 'utf8')).toContain(`](docs/en/guide/${name}.md)`);
			expect(readFileSync(join(root, 'README.zh-CN.md'), 'utf8')).toContain(`](docs/zh/guide/${name}.md)`);
		}
	});

	test.each(names)('%s says the same in both languages', (name) => {
		const [english, chinese] = ['en', 'zh'].map((language) => read(`${language}/guide/${name}.md`)) as [
			string,
			string,
		];
		expect(headings(chinese)).toEqual(headings(english));
		for (const kind of ['sh', 'json', 'nginx']) expect(blocks(chinese, kind)).toEqual(blocks(english, kind));
		expect(blocks(chinese, 'liquid')).toHaveLength(blocks(english, 'liquid').length);
		const links = (page: string) =>
			[...page.matchAll(/\]\(\.\.\/((?:channel|flow|trigger|sender)\/\w+\.md)\)/g)].map(([, link]) => link!);
		expect(links(chinese)).toEqual(links(english));
	});

	test('their commands are ones that a shell can read, of scripts and variables that exist', () => {
		const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: object };
		const all = both.flatMap(commands);
		expect(all.length).toBeGreaterThan(10);
		const known = /^(?:npm|curl|docker|mkdir|cd|openssl)$/;
		for (const command of all) {
			execFileSync('bash', ['-n', '-c', command]);
			for (const one of command.split(' && '))
				expect([command, one.split(' ')[0]]).toEqual([command, expect.stringMatching(known)]);
			for (const [, script] of command.matchAll(/npm run (\S+)/g)) expect(Object.keys(scripts)).toContain(script);
			for (const [, tarball] of command.matchAll(/(carillon-\S+?\.tgz)/g)) expect(tarball).toBe(tarballName());
		}
		const config = n8nVariables();
		const named = both.flatMap(
			(file) => read(file).match(/\b(?:N8N|QUEUE|EXECUTIONS|OFFLOAD|WEBHOOK|GENERIC)_[A-Z_]+\b/g) ?? [],
		);
		expect(named.length).toBeGreaterThan(5);
		for (const name of named) expect([name, config.has(name)]).toEqual([name, true]);
	});

	test.each(both.filter((file) => commands(file).some((command) => command.startsWith('curl'))))(
		'%s: what it has sent rings',
		(file) => {
			for (const command of commands(file).filter((each) => each.startsWith('curl'))) {
				const [, body] = /-d '([^']+)'/.exec(command)!;
				const address = new URL(/https?:[^\s"]+/.exec(command)![0]);
				const header = /-H "(\w+): (\w+)"/.exec(command);
				const { message } = receiveOne(body, {
					account: { key: 'KEY' },
					request: {
						path: address.pathname,
						query: Object.fromEntries(address.searchParams),
						...(header && { headers: { [header[1]!.toLowerCase()]: header[2]! } }),
					},
					contentType: 'application/x-www-form-urlencoded',
				});
				const said = JSON.parse(body!) as { title: string; body?: string; content?: string };
				expect(message).toMatchObject({
					title: said.title,
					body: expect.stringContaining(said.body ?? said.content!),
				});
			}
		},
	);

	test('their templates are ones that can be used, and name what there is', () => {
		const templates = both.flatMap((file) => blocks(read(file), 'liquid'));
		expect(templates.length).toBeGreaterThan(5);
		for (const template of templates) {
			expect(() => checkTemplate(template)).not.toThrow();
			expect([template, namedInVain(template)]).toEqual([template, []]);
		}
		const item = { title: 'Film', series: 'Show', season: 1, episode: 12, year: 2024, overview: 'x'.repeat(500) };
		const event = { type: 'library.added' };
		const made = templates.map((template) =>
			renderTemplate(template, { item, event, raw: { host: 'nas' } }).trim(),
		);
		expect(made).toEqual(
			expect.arrayContaining(['🎬 Film (2024)', 'Show S01E12', '? free on NAS', 'NAS 剩余空间：?']),
		);
	});
});

const tarballName = () => {
	const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<string, string>;
	return `${name!.replace('@', '').replace('/', '-')}-${version}.tgz`;
};

/** Variables of n8n's own that the guides name, as n8n 2.41 has them; those of its engine are looked up there. */
function n8nVariables(): Set<string> {
	const engine = execFileSync(process.execPath, [join(root, 'scripts/setup.mjs'), 'n8n-core'], {
		encoding: 'utf8',
	}).trim();
	const config = join(engine, 'node_modules/@n8n/config/dist');
	const read = readdirSync(config, { recursive: true, encoding: 'utf8' })
		.filter((file) => file.endsWith('.js'))
		.flatMap((file) => readFileSync(join(config, file), 'utf8').match(/\b[A-Z][A-Z\d]*(?:_[A-Z\d]+)+\b/g) ?? []);
	return new Set([
		...read,
		// Its own name before 2.41, which still takes it.
		'WEBHOOK_URL',
		'N8N_COMMUNITY_PACKAGES_ENABLED',
		'N8N_UNVERIFIED_PACKAGES_ENABLED',
		'OFFLOAD_MANUAL_EXECUTIONS_TO_WORKERS',
	]);
}
