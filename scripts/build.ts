/**
 * Builds `dist`, which is all that the package ships:
 *
 *   dist/n8n.js, dist/node-red.js    all of our own code for one host, in one file
 *   dist/nodes, dist/credentials     n8n's shims
 *   dist/node-red-start.js           what runs when Node-RED starts: its sets are loaded when first used
 *   dist/sets                        Node-RED's shims
 *   dist/nodes-red                   what Node-RED loads in place of them, with forms, texts and icons
 *   dist/web-push                   what browsers get of the page on which people allow notifications
 *   dist/store-worker.js             the thread that writes what is remembered, started on first use
 *   dist/vendor                      the small pure libraries, each loaded when first used
 *
 * One file a host: Node loaded twelve channels' sets in 28 ms from a hundred files, in 17 ms from one.
 * n8n-workflow exists in n8n alone, hence two bundles. They are not minified: stack traces stay readable.
 *
 *   npm run build
 *   npm run build -- --if-stale      does nothing where dist was made from just these files
 *   npm run build -- --unchecked     leaves out the type check
 */
import { createHash } from 'node:crypto';
import {
	cpSync,
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	statSync,
	writeFileSync,
} from 'node:fs';
import { builtinModules, createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { build as esbuild, type BuildOptions, type Plugin } from 'esbuild';
import ts from 'typescript';
import { outlineOf, type Member } from '../src/hosts/node-red/lazy';
import { accounts, definitions, root } from './definitions';
import { editorFiles } from './editor-files';

/** Libraries that are shipped inside dist. Whatever else our code requires must be a runtime dependency or the host's. */
const bundled = ['markdown-it', 'htmlparser2', 'liquidjs', 'fast-xml-parser', 'jsonrepair', 'http_ece'];

/** What hosts keep state in. */
const stores = ['src/core/state/sqlite.ts', 'src/core/state/redis.ts'];

const inputs = [
	'src',
	'nodes',
	'credentials',
	'nodes-red',
	'icons',
	'scripts',
	'package.json',
	'package-lock.json',
	'tsconfig.json',
];
const dist = join(root, 'dist');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
	name: string;
	dependencies: Record<string, string>;
	peerDependencies: Record<string, string>;
	engines: { node: string };
};

class BuildError extends Error {}

const filesUnder = (path: string): string[] =>
	!existsSync(join(root, path))
		? []
		: statSync(join(root, path)).isDirectory()
			? readdirSync(join(root, path)).flatMap((name) => filesUnder(`${path}/${name}`))
			: [path];

/** Changes when any file that dist is made from is added, removed or written. */
function stampOfInputs(): string {
	const hash = createHash('sha256');
	for (const file of inputs.flatMap(filesUnder).sort()) {
		const { mtimeMs, size } = statSync(join(root, file));
		hash.update(`${file} ${mtimeMs} ${size}\n`);
	}
	return hash.digest('hex');
}

const stampFile = (folder: string) => join(folder, '.made-from');
const isFresh = (stamp: string) => existsSync(stampFile(dist)) && readFileSync(stampFile(dist), 'utf8') === stamp;

function checkTypes(): void {
	const host = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => undefined };
	const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => ts.sys.readFile(path)) as {
		config: object;
	};
	const shipped = { ...config, include: ['src', 'nodes', 'credentials', 'nodes-red'] };
	const { options, fileNames } = ts.parseJsonConfigFileContent(shipped, host, root);
	const program = ts.createIncrementalProgram({
		rootNames: fileNames,
		options: {
			...options,
			incremental: true,
			tsBuildInfoFile: join(root, '.cache', 'types.tsbuildinfo'),
		},
	});
	const errors = [
		...program.getConfigFileParsingDiagnostics(),
		...program.getOptionsDiagnostics(),
		...program.getSyntacticDiagnostics(),
		...program.getGlobalDiagnostics(),
		...program.getSemanticDiagnostics(),
	];
	program.emit();
	if (errors.length === 0) return;
	const format = {
		getCanonicalFileName: (path: string) => path,
		getCurrentDirectory: () => root,
		getNewLine: () => '\n',
	};
	throw new BuildError(ts.formatDiagnosticsWithColorAndContext(errors, format));
}

const packageOf = (specifier: string) => specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
const vendorName = (specifier: string) => specifier.replace(/^@/, '').replaceAll('/', '-');

/** Leaves to Node what is there at run time, points bundled libraries to dist/vendor, refuses the rest. */
function requires(vendored: Set<string>): Plugin {
	return {
		name: 'requires',
		setup({ onResolve }) {
			onResolve({ filter: /^[^./]/ }, ({ path, kind, importer }) => {
				if (kind === 'entry-point') return undefined;
				const name = packageOf(path);
				const isNodes = path.startsWith('node:') || builtinModules.includes(path);
				if (isNodes || name in manifest.dependencies || name in manifest.peerDependencies)
					return { path, external: true };
				if (bundled.includes(name)) {
					vendored.add(path);
					return { path: `./vendor/${vendorName(path)}.js`, external: true };
				}
				const from = relative(root, importer);
				return {
					errors: [
						{
							text: `${from} requires "${path}", which is neither a runtime dependency nor one of the libraries that scripts/build.ts bundles.`,
						},
					],
				};
			});
		},
	};
}

const common = {
	bundle: true,
	platform: 'node',
	format: 'cjs',
	target: 'node22.9',
	absWorkingDir: root,
	logLevel: 'silent',
	legalComments: 'none',
	charset: 'utf8',
} satisfies BuildOptions;

interface HostFiles {
	/** Of the bundle in dist. */
	name: string;
	shims: string[];
	/** More modules that the bundle exports. */
	more?: string[];
	/** In dist, where the shims go that way; by default where they stand in the tree. */
	folder?: string;
}

/** All that the shims of a host import, in one file; then the shims, which take it from there. */
async function buildHost(
	{ name, shims, more = [], folder }: HostFiles,
	out: string,
	vendored: Set<string>,
): Promise<void> {
	await esbuild({
		...common,
		stdin: {
			contents: [...new Set(shims.flatMap(importsOf)), ...more.map((file) => `export * from './${file}';`)].join(
				'\n',
			),
			resolveDir: root,
			sourcefile: `${name}.ts`,
			loader: 'ts',
		},
		outfile: join(out, `${name}.js`),
		plugins: [requires(vendored)],
	});
	for (const shim of shims) writeShim(shim, name, out, folder);
}

/** `import { bark } from '../src/services/bark/bark.channel'` in a shim becomes an export of the bundle … */
function importsOf(shim: string): string[] {
	return [...readFileSync(join(root, shim), 'utf8').matchAll(importOfOurs)].map(([, names, path]) => {
		const file = relative(root, join(root, dirname(shim), path as string)).replaceAll('\\', '/');
		return `export ${names} from './${file}';`;
	});
}

/** … from which the shim that is shipped takes it. */
function writeShim(shim: string, bundle: string, out: string, folder = dirname(shim)): void {
	const file = join(out, folder, basename(shim).replace(/\.ts$/, '.js'));
	const up = '../'.repeat(folder.split('/').length);
	const source = readFileSync(join(root, shim), 'utf8').replace(importOfOurs, `import $1 from '${up}${bundle}.js';`);
	const { outputText } = ts.transpileModule(source, {
		compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2023 },
	});
	mkdirSync(dirname(file), { recursive: true });
	writeFileSync(file, outputText);
}

/** Node-RED loads every set when it starts: what it finds says what each registers, and loads the rest when it is used. */
function writeLazySets(shims: readonly string[], out: string): void {
	const ofBuilt = createRequire(join(out, 'index.js'));
	for (const shim of shims) {
		const set = basename(shim, '.ts');
		const members = ofBuilt(`./sets/${set}.js`) as Record<string, Member>;
		const outlines = Object.fromEntries(Object.entries(members).map(([id, member]) => [id, outlineOf(member)]));
		const source = `"use strict";\nconst { lazySet } = require("../node-red-start.js");\nmodule.exports = lazySet(${JSON.stringify(outlines)}, () => require("../sets/${set}.js"));\n`;
		writeFileSync(join(out, 'nodes-red', `${set}.js`), source);
	}
}

const importOfOurs = /^import (\{[^}]+\}) from '(\.[^']+)';$/gm;

/** A thread begins with a file: beside the bundles, where they look for it. */
async function buildWorker(out: string, vendored: Set<string>): Promise<void> {
	await esbuild({
		...common,
		entryPoints: ['src/core/state/sqlite/worker.ts'],
		outfile: join(out, 'store-worker.js'),
		plugins: [requires(vendored)],
	});
}

/** One file a library, for `require` just what Node would have given; and the licences of all that went into them. */
async function buildVendor(vendored: Set<string>, out: string): Promise<void> {
	const folders = new Set<string>();
	for (const path of vendored) {
		const { metafile } = await esbuild({
			...common,
			stdin: { contents: `module.exports = require('${path}');`, resolveDir: root },
			outfile: join(out, 'vendor', `${vendorName(path)}.js`),
			minify: true,
			metafile: true,
		});
		for (const input of Object.keys(metafile.inputs)) {
			const [folder] = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input) ?? [];
			if (folder) folders.add(folder);
		}
	}
	for (const folder of [...folders]) for (const one of hiddenIn(folder, folders)) folders.add(one);
	const licences = new Set([...folders].sort().map(licenceOf));
	writeFileSync(join(out, 'THIRD-PARTY-LICENSES'), [...licences].join(`\n\n${'-'.repeat(80)}\n\n`));
}

/**
 * The folders of libraries that went into a library's own bundle before it came here: none of those that it depends on
 * was seen. One that it needs for its command line alone is among them; better one too many.
 */
function hiddenIn(folder: string, seen: ReadonlySet<string>): string[] {
	const own = dependenciesOf(folder);
	const found = new Set<string>();
	const add = (one: string) => {
		if (found.has(one) || seen.has(one)) return;
		found.add(one);
		dependenciesOf(one).forEach(add);
	};
	if (!own.some((one) => seen.has(one))) own.forEach(add);
	return [...found];
}

function dependenciesOf(folder: string): string[] {
	const { dependencies = {} } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as {
		dependencies?: Record<string, string>;
	};
	return Object.keys(dependencies).map((name) => {
		for (let at = folder; ; at = dirname(at)) {
			const place = at === '.' ? `node_modules/${name}` : `${at}/node_modules/${name}`;
			if (existsSync(join(root, place, 'package.json'))) return place;
			if (at === '.') throw new BuildError(`${folder} depends on ${name}, which is not installed.`);
		}
	});
}

function licenceOf(folder: string): string {
	const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Record<
		string,
		string
	>;
	const file = readdirSync(join(root, folder)).find((entry) => /^licen[cs]e/i.test(entry));
	if (!license) throw new BuildError(`${folder} names no licence; it cannot be shipped.`);
	const text = file ? readFileSync(join(root, folder, file), 'utf8').trim() : `Licensed under ${license}.`;
	return `${name} ${version} (${license})\n\n${text}\n`;
}

function copyIcons(out: string): void {
	// Node-RED looks for icons beside its sets, n8n where the node's description points.
	for (const folder of ['icons', 'nodes-red/icons'])
		cpSync(join(root, 'icons'), join(out, folder), { recursive: true });
}

/** What all forms share in the browser. */
async function buildLibrary(): Promise<string> {
	const { outputFiles } = await esbuild({
		bundle: true,
		format: 'iife',
		globalName: 'carillon',
		platform: 'browser',
		target: 'es2022',
		charset: 'utf8',
		legalComments: 'none',
		// Every editor loads it; names stay, so that stack traces can be read.
		minifyWhitespace: true,
		minifySyntax: true,
		absWorkingDir: root,
		logLevel: 'silent',
		entryPoints: ['src/hosts/node-red/editor/main.ts'],
		write: false,
	});
	return outputFiles[0]!.text;
}

/** Forms, labels and help, made from the definitions; then what translators added, which wins. */
function writeEditorFiles(out: string, script: string): void {
	for (const [file, content] of editorFiles(manifest.name, [...definitions(), ...accounts()], script)) {
		mkdirSync(dirname(join(out, 'nodes-red', file)), { recursive: true });
		writeFileSync(join(out, 'nodes-red', file), content);
	}
	const translations = join(root, 'nodes-red', 'locales');
	if (existsSync(translations)) cpSync(translations, join(out, 'nodes-red', 'locales'), { recursive: true });
}

/** A package that names a file it lacks fails only in the host, and only there. */
function checkManifest(out: string): void {
	const { n8n, 'node-red': nodeRed } = createRequire(__filename)('../package.json') as {
		n8n: { nodes: string[]; credentials: string[] };
		'node-red': { nodes: Record<string, string>; plugins: Record<string, string> };
	};
	const named = [
		...n8n.nodes,
		...n8n.credentials,
		...Object.values(nodeRed.nodes),
		...Object.values(nodeRed.plugins),
	];
	const absent = named.filter((file) => !existsSync(join(out, relative('dist', file))));
	if (absent.length)
		throw new BuildError(
			`package.json names files that the build did not make; run "npm run sync":\n  ${absent.join('\n  ')}`,
		);
}

/** Puts the new dist in the place of the old in one step, for whoever reads it meanwhile. */
function replaceDist(out: string): void {
	const old = `${out}.old`;
	if (existsSync(dist)) renameSync(dist, old);
	renameSync(out, dist);
	rmSync(old, { recursive: true, force: true });
}

async function main(): Promise<void> {
	const flags = process.argv.slice(2);
	const stamp = stampOfInputs();
	const unchecked = flags.includes('--unchecked');
	if (flags.includes('--if-stale') && isFresh(stamp)) return;
	if (!unchecked) checkTypes();

	const out = join(root, '.cache', `dist.${process.pid}`);
	mkdirSync(out, { recursive: true });
	try {
		const vendored = new Set<string>();
		const isShim = /\.ts$/;
		await buildHost(
			{
				name: 'n8n',
				shims: [...filesUnder('nodes'), ...filesUnder('credentials')].filter((f) => isShim.test(f)),
				more: stores,
			},
			out,
			vendored,
		);
		const plugin = 'nodes-red/editor.ts';
		const sets = filesUnder('nodes-red').filter((f) => isShim.test(f) && f !== plugin);
		await buildHost({ name: 'node-red', shims: sets, folder: 'sets', more: stores }, out, vendored);
		await buildHost(
			{ name: 'node-red-start', shims: [plugin], more: ['src/hosts/node-red/lazy.ts'] },
			out,
			vendored,
		);
		await buildWorker(out, vendored);
		writeLazySets(sets, out);
		await buildVendor(vendored, out);
		copyIcons(out);
		cpSync(join(root, 'src', 'services', 'webPush', 'page'), join(out, 'web-push'), { recursive: true });
		writeEditorFiles(out, await buildLibrary());
		checkManifest(out);
		// Without the type check it is good enough to look at, and no reason to skip the next build.
		if (!unchecked) writeFileSync(stampFile(out), stamp);
		replaceDist(out);
	} finally {
		rmSync(out, { recursive: true, force: true });
	}
}

main().catch((error: unknown) => {
	const { errors, message } = error as {
		errors?: { text: string; location?: { file: string; line: number } }[];
		message: string;
	};
	const lines = errors?.map(({ text, location }) =>
		location ? `${location.file}:${location.line}: ${text}` : text,
	) ?? [message];
	console.error(`carillon: the build failed\n${lines.join('\n')}`);
	if (!(error instanceof BuildError) && !errors) console.error(error);
	process.exitCode = 1;
});
