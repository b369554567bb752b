import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { root } from '../../../scripts/definitions';
import { workshop } from './workshop';

let copy: ReturnType<typeof workshop>;

beforeAll(() => {
	copy = workshop();
	// What every run of the tests begins with has checked the same files.
	const types = '.cache/types.tsbuildinfo';
	if (existsSync(join(root, types))) {
		mkdirSync(copy.path('.cache'));
		copyFileSync(join(root, types), copy.path(types));
	}
	const { status, said } = copy.run('build');
	if (status !== 0) throw new Error(said);
}, 180_000);
afterAll(() => copy.remove());

const made = () => statSync(copy.path('dist/.made-from')).mtimeMs;

/** Builds with one file written otherwise, then puts it back. */
function buildWith(file: string, change: (source: string) => string, ...flags: string[]) {
	const source = copy.read(file);
	copy.write(file, change(source));
	const outcome = copy.run('build', ...flags);
	copy.write(file, source);
	return outcome;
}

test('--if-stale builds again only where a file was written, added or removed', () => {
	const first = made();
	expect(copy.run('build', '--if-stale').status).toBe(0);
	expect(made()).toBe(first);

	copy.write('icons/new.svg', '<svg xmlns="http://www.w3.org/2000/svg"/>');
	expect(copy.run('build', '--if-stale').status).toBe(0);
	expect(made()).toBeGreaterThan(first);
	expect(existsSync(copy.path('dist/icons/new.svg'))).toBe(true);

	rmSync(copy.path('icons/new.svg'));
	expect(copy.run('build', '--if-stale').status).toBe(0);
	expect(existsSync(copy.path('dist/icons/new.svg'))).toBe(false);
}, 180_000);

test('every file that package.json names is there', () => {
	const { n8n, 'node-red': nodeRed } = JSON.parse(copy.read('package.json')) as {
		n8n: { nodes: string[]; credentials: string[] };
		'node-red': { nodes: Record<string, string>; plugins: Record<string, string> };
	};
	const named = [
		...n8n.nodes,
		...n8n.credentials,
		...Object.values(nodeRed.nodes),
		...Object.values(nodeRed.plugins),
	];
	expect(named.length).toBeGreaterThan(10);
	expect(named.filter((file) => !existsSync(copy.path(file)))).toEqual([]);
});

test('each Node-RED set has its forms, and texts in both languages', () => {
	const sets = readdirSync(copy.path('dist/nodes-red')).filter(
		(name) => name.endsWith('.js') && name !== 'editor.js',
	);
	expect(sets.length).toBeGreaterThan(4);
	const wanted = sets.flatMap((set) => {
		const id = basename(set, '.js');
		return [`${id}.html`, ...['en-US', 'zh-CN'].map((locale) => `locales/${locale}/${id}.json`)];
	});
	expect(wanted.filter((file) => !existsSync(copy.path('dist/nodes-red', file)))).toEqual([]);
	expect(existsSync(copy.path('dist/nodes-red/editor.html'))).toBe(true);
});

test('a bundled library is what require would have given, and its licence is kept', () => {
	const vendored = readdirSync(copy.path('dist/vendor'));
	expect(vendored).toContain('markdown-it.js');
	for (const file of vendored) {
		const name = basename(file, '.js');
		const [ours, theirs] = [require(copy.path('dist/vendor', file)) as object, require(name) as object];
		expect([name, typeof ours, Object.keys(ours).sort()]).toEqual([
			name,
			typeof theirs,
			Object.keys(theirs).sort(),
		]);
		expect(copy.read('dist/THIRD-PARTY-LICENSES')).toMatch(
			new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\(\\S+\\)$`, 'm'),
		);
	}
});

test('libraries that hide in the bundle of a bundled one are named too', () => {
	const named = copy.read('dist/THIRD-PARTY-LICENSES');
	const isNamed = (name: string) =>
		named.split('\n').some((line) => line.startsWith(`${name} `) && line.endsWith(')'));
	const { dependencies } = require('../../../node_modules/fast-xml-parser/package.json') as {
		dependencies: Record<string, string>;
	};
	expect(Object.keys(dependencies).length).toBeGreaterThan(0);
	expect(Object.keys(dependencies).filter((name) => !isNamed(name))).toEqual([]);
});

test('what is shipped loads no library and no host until it is used', () => {
	const loaded = execFileSync(
		process.execPath,
		[
			'-e',
			`for (const file of process.argv.slice(1)) require(file); console.log(JSON.stringify(Object.keys(require.cache)))`,
		].concat(
			readdirSync(copy.path('dist/nodes-red'))
				.filter((name) => name.endsWith('.js'))
				.map((name) => copy.path('dist/nodes-red', name)),
		),
		{ encoding: 'utf8' },
	);
	const foreign = (JSON.parse(loaded) as string[]).filter((file) => /node_modules|dist\/vendor/.test(file));
	expect(foreign).toEqual([]);
});

test('the store that is shipped finds the file of its thread, for both hosts and on the oldest Node', () => {
	const oldest = join(homedir(), '.cache/carillon/node-22.9.0/node_modules/node/bin/node');
	const code = `
		const [bundle, file] = process.argv.slice(1);
		const store = require(bundle).sqliteStore({ file });
		store.set('v', 'kept').then(() => store.get('v')).then((v) => store.close().then(() => console.log(v)));`;
	for (const node of [process.execPath, ...(existsSync(oldest) ? [oldest] : [])])
		for (const bundle of ['n8n', 'node-red']) {
			const file = copy.path('store', `${basename(node)}.${bundle}`, 'carillon.db');
			const said = execFileSync(node, ['-e', code, copy.path('dist', `${bundle}.js`), file], {
				encoding: 'utf8',
			});
			expect([bundle, said]).toEqual([bundle, 'kept\n']);
		}
});

test('a type error fails the build and leaves the old dist', () => {
	const before = made();
	const { status, said } = buildWith(
		'src/core/base/language.ts',
		(source) => `${source}\nexport const wrong: number = 'text';\n`,
	);
	expect(status).toBe(1);
	expect(said).toContain('src/core/base/language.ts');
	expect(said).toContain('TS2322');
	expect(made()).toBe(before);
}, 120_000);

test('a package that is neither a dependency nor bundled fails the build, by name', () => {
	const { status, said } = buildWith(
		'src/services/bark/bark.channel.ts',
		(source) => `${source}\nexport const wrong = () => require('jest') as unknown;\n`,
		'--unchecked',
	);
	expect(status).toBe(1);
	expect(said).toContain('src/services/bark/bark.channel.ts requires "jest"');
}, 120_000);

test('a manifest that names a file which is not made fails the build', () => {
	const { status, said } = buildWith(
		'package.json',
		(source) => source.replace('dist/nodes-red/push.js', 'dist/nodes-red/pull.js'),
		'--unchecked',
	);
	expect(status).toBe(1);
	expect(said).toContain('dist/nodes-red/pull.js');
}, 120_000);

test('the package holds what the hosts need and nothing else', () => {
	const packed = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
		cwd: copy.folder,
		encoding: 'utf8',
		shell: process.platform === 'win32',
	});
	const [{ files }] = JSON.parse(packed) as [{ files: { path: string }[] }];
	const places = new Set(files.map(({ path }) => path.split('/')[0]));
	expect([...places].sort()).toEqual(['README.md', 'README.zh-CN.md', 'dist', 'examples', 'package.json']);
	// Node-RED's import menu lists whatever lies there.
	const examples = files.filter(({ path }) => path.startsWith('examples'));
	expect(examples.filter(({ path }) => !path.startsWith(join('examples', 'node-red')))).toEqual([]);
	expect(files.some(({ path }) => path === join('dist', 'node-red.js'))).toBe(true);
	expect(files.filter(({ path }) => /\.ts$|\.map$/.test(path))).toEqual([]);
});
