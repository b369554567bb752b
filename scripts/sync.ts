/**
 * Writes everything that follows from the definitions: the hosts' shims, package.json's sections,
 * the examples that show all of them, and the tables of both READMEs.
 *
 *   npm run sync
 *   npm run sync -- --check      writes nothing; lists what is stale and exits with 1
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import type { Account } from '../src/core/define/account';
import {
	accounts,
	capital,
	definitions,
	hasCredential,
	kinds,
	root,
	runsIn,
	senders,
	setsOf,
	type Definition,
	type Found,
	type Host,
} from './definitions';
import { docs } from './docs';
import { examples } from './examples';
import { tables } from './tables';

const isCheck = process.argv.includes('--check');
// The webhook trigger reads the list of senders while it is loaded: one that is gone must be gone from there.
if (!isCheck) writeFileSync(join(root, 'src/services/senders.ts'), sendersList());
else if (namesWhatIsGone()) isStale(['src/services/senders.ts']);

const found = definitions();
const inN8n = found.filter((one) => runsIn(one, 'n8n'));
const shared = accounts();
const sets = setsOf<Definition | Account>([...found, ...shared]);
const credentials = [...inN8n.filter(hasCredential), ...shared];

function nodeShim({ id, kind, file }: Found): string {
	const { maker, n8n } = kinds[kind];
	return [
		`import { ${id} } from '../../${file}';`,
		`import { ${n8n} } from '../../src/hosts/n8n/${maker}';`,
		``,
		`export class ${capital(id)} extends ${n8n}(${id}) {}`,
	].join('\n');
}

function credentialShim({ id, file }: Pick<Found, 'id' | 'file'>): string {
	return [
		`import { ${id} } from '../${file}';`,
		`import { credential } from '../src/hosts/n8n/credential';`,
		``,
		`export class Carillon${capital(id)}Api extends credential(${id}) {}`,
	].join('\n');
}

/** Each definition by itself: its code is loaded when it is used. */
function setShim(members: readonly Omit<Found<Definition | Account>, 'definition'>[]): string {
	const makers = [...new Set(members.map(({ kind }) => kinds[kind]))];
	const made = members.map(({ id, kind }) => `${id}: ${kinds[kind]['node-red']}(${id})`);
	return [
		...members.map(({ id, file }) => `import { ${id} } from '../${file}';`),
		...makers.map(({ maker, 'node-red': set }) => `import { ${set} } from '../src/hosts/node-red/${maker}';`),
		``,
		`export = { ${made.join(', ')} };`,
	].join('\n');
}

/** The one place where services meet: whom the webhook trigger knows. */
function sendersList(): string {
	const list = senders();
	const imports = list
		.map(({ id, file }) => `import { ${id} } from '${file.replace('src/services/', './')}';`)
		.sort();
	return [
		`import type { Sender } from '../core/define/sender';`,
		...imports,
		``,
		`/** Every sender there is, as \`npm run sync\` found them. */`,
		`export const senders = [${list.map(({ id }) => id).join(', ')}] as const satisfies readonly Sender[];`,
	].join('\n');
}

function namesWhatIsGone(): boolean {
	const folder = join(root, 'src/services');
	const named = readFileSync(join(folder, 'senders.ts'), 'utf8').matchAll(/from '(\.\/[^']+)'/g);
	return [...named].some(([, file]) => !existsSync(join(folder, `${file}.ts`)));
}

function isStale(files: string[]): never {
	console.error(`Stale; run "npm run sync" and commit:\n${files.map((file) => `  ${file}`).join('\n')}`);
	process.exit(1);
}

const nodeFile = (id: string) => `nodes/${capital(id)}/${capital(id)}.node`;
const credentialFile = (id: string) => `credentials/Carillon${capital(id)}Api.credentials`;
const setFile = (set: string) => `nodes-red/${set}`;

/** package.json with both hosts' sections, everything else as it stands. */
function manifest(): string {
	const current = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<Host, object>;
	const built = (file: string) => `dist/${file}.js`;
	current.n8n = {
		...current.n8n,
		nodes: inN8n.map(({ id }) => built(nodeFile(id))),
		credentials: credentials.map(({ id }) => built(credentialFile(id))),
	};
	current['node-red'] = {
		...current['node-red'],
		nodes: Object.fromEntries([...sets.keys()].map((set) => [set, built(setFile(set))])),
		plugins: { 'carillon-editor': built('nodes-red/editor') },
	};
	return JSON.stringify(current);
}

/** Puts each table between its markers, `<!-- channels -->` and `<!-- /channels -->`. */
function readme(file: string, language: 'en' | 'zh'): string {
	let page = readFileSync(join(root, file), 'utf8');
	for (const [name, table] of Object.entries(tables(found, language))) {
		const between = new RegExp(`(<!-- ${name} -->)[^]*?(<!-- /${name} -->)`);
		if (!between.test(page)) throw new Error(`${file} has no markers <!-- ${name} --> … <!-- /${name} -->.`);
		page = page.replace(between, (_, open: string, close: string) => `${open}\n\n${table}\n\n${close}`);
	}
	return page;
}

/** Path → content of every file that follows from the definitions. */
async function wanted(): Promise<Map<string, string>> {
	const files = new Map<string, string>([
		...inN8n.map((one) => [`${nodeFile(one.id)}.ts`, nodeShim(one)] as const),
		...credentials.map((one) => [`${credentialFile(one.id)}.ts`, credentialShim(one)] as const),
		...[...sets].map(([set, members]) => [`${setFile(set)}.ts`, setShim(members)] as const),
		['src/services/senders.ts', sendersList()],
		...examples(found),
		...docs(
			found,
			senders().map(({ sender }) => sender),
			shared.map(({ definition }) => definition),
		),
		['package.json', manifest()],
		['README.md', readme('README.md', 'en')],
		['README.zh-CN.md', readme('README.zh-CN.md', 'zh')],
	]);
	for (const [file, content] of files) {
		const filepath = join(root, file);
		files.set(file, await format(content, { ...(await resolveConfig(filepath)), filepath }));
	}
	return files;
}

/** Shims that stand in the tree, whether a definition still wants them or not. */
function standing(): string[] {
	const own = (folder: string, matches: RegExp) =>
		(existsSync(join(root, folder)) ? readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }) : [])
			.map((file) => `${folder}/${file.replaceAll('\\', '/')}`)
			.filter((file) => matches.test(file));
	return [
		...own('nodes', /\.node\.ts$/),
		...own('credentials', /\.credentials\.ts$/),
		...own('docs', /^docs\/\w+\/(channel|trigger|flow|sender)\//),
		...own('nodes-red', /^nodes-red\/[^/]+\.ts$/).filter((file) => file !== 'nodes-red/editor.ts'),
	];
}

const current = (file: string) => (existsSync(join(root, file)) ? readFileSync(join(root, file), 'utf8') : undefined);

async function main(): Promise<void> {
	const files = await wanted();
	const changed = [...files].filter(([file, content]) => current(file) !== content);
	const surplus = standing().filter((file) => !files.has(file));
	if (isCheck) {
		const stale = [...changed.map(([file]) => file), ...surplus.map((file) => `${file} (no definition wants it)`)];
		if (stale.length > 0) isStale(stale);
		return;
	}
	for (const [file, content] of changed) {
		mkdirSync(dirname(join(root, file)), { recursive: true });
		writeFileSync(join(root, file), content);
		console.log(`wrote ${file}`);
	}
	for (const file of surplus) {
		rmSync(join(root, file));
		const folder = dirname(join(root, file));
		if (file.startsWith('nodes/') && readdirSync(folder).length === 0) rmSync(folder, { recursive: true });
		console.log(`removed ${file}`);
	}
}

main().catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
