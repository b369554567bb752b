/**
 * Puts everything that the project needs on this machine, once: its own packages, Node 24 for them,
 * and the two hosts in a cache folder. Runs on any Node >= 20, before anything is installed.
 *
 *   node scripts/setup.mjs [node-red] [n8n] [n8n-core]
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const cache = process.env.CARILLON_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'carillon');

/** n8n names a linkedom that the registry does not have. */
const overrides = { linkedom: '0.18.12' };

/**
 * What the tests and examples run in, none of it a dependency of the package. `CARILLON_NODE_RED`,
 * `CARILLON_N8N_CORE` and `CARILLON_NODE` name other versions: the oldest that are promised.
 */
const hosts = {
	'node-red': {
		packages: { 'node-red': process.env.CARILLON_NODE_RED || '5.0.7', 'node-red-node-test-helper': '0.3.6' },
	},
	n8n: {
		packages: { n8n: '2.41.1' },
		overrides,
		// Its other native parts (Kafka) are not needed and do not build everywhere.
		rebuild: ['sqlite3', 'isolated-vm'],
	},
	/** n8n's engine alone, a ninth of the whole: what loads nodes and runs workflows. */
	'n8n-core': {
		packages: { 'n8n-core': process.env.CARILLON_N8N_CORE || '2.41.1' },
		// A quarter of it is Azure's storage, which no test uses: a package of nothing much stands in.
		overrides: { ...overrides, '@azure/identity': 'npm:ms@2.1.3', '@azure/storage-blob': 'npm:ms@2.1.3' },
	},
	/** Another Node to run the tests in: the oldest that is promised. */
	node: { packages: { node: process.env.CARILLON_NODE || '22.9.0' }, rebuild: ['node'] },
};

/** The Node that every script runs in: the `node` package's, whatever the machine's own is. */
export const node24 = join(root, 'node_modules', 'node', 'bin', 'node');

/** Into an empty cache npm now and then writes the same file twice, and fails: once more. */
function npm(...given) {
	try {
		npmOnce(...given);
	} catch {
		npmOnce(...given);
	}
}

function npmOnce(args, cwd, env = {}) {
	// On Windows npm is a .cmd, which only a shell can start.
	execFileSync('npm', args, {
		cwd,
		stdio: ['ignore', 'ignore', 'inherit'],
		shell: process.platform === 'win32',
		env: {
			...process.env,
			npm_config_loglevel: 'error',
			npm_config_audit: 'false',
			npm_config_fund: 'false',
			...env,
		},
	});
}

function say(text) {
	process.stderr.write(`carillon: ${text}\n`);
}

/** Installs the project's own packages where they are missing or other than the lock file's. */
export function ensurePackages() {
	const there = existsSync(join(root, 'node_modules', '.package-lock.json'));
	if (!there || !isInstalled()) {
		say('installing packages …');
		// `ci` empties node_modules first, under the feet of whatever runs from it.
		npm([there ? 'install' : 'ci', '--ignore-scripts'], root);
	}
	if (existsSync(node24)) return;
	fetchNode();
	// A third of it, and only n8n's native parts are built with them.
	rmSync(join(nodePackage(), 'include'), { recursive: true, force: true });
}

function fetchNode() {
	say('fetching Node 24 …');
	npm(['rebuild', 'node', '--ignore-scripts=false'], root);
}

/** Where the platform package of `node` lies. */
function nodePackage() {
	const { resolve } = createRequire(join(root, 'node_modules', 'node', 'package.json'));
	return dirname(resolve(`node-${process.platform}-${process.arch}/package.json`));
}

/** Whether node_modules holds the versions of the lock file; optional packages depend on the machine. */
function isInstalled() {
	const packages = (...path) => JSON.parse(readFileSync(join(root, ...path), 'utf8')).packages;
	const installed = packages('node_modules', '.package-lock.json');
	return Object.entries(packages('package-lock.json')).every(
		([path, { version, optional }]) => path === '' || optional || installed[path]?.version === version,
	);
}

/** Node's own headers come inside the platform package of `node`; a machine's own are another version's. */
function nodeHeaders() {
	try {
		if (existsSync(join(nodePackage(), 'include'))) return nodePackage();
	} catch {
		// `npm install` of anything else takes the platform's package away, and leaves the program.
	}
	fetchNode();
	return nodePackage();
}

/**
 * @param {keyof typeof hosts} name
 * @returns {string} the folder whose node_modules holds the host
 */
export function ensureHost(name) {
	const { packages, overrides, rebuild } = hosts[name];
	const isNative = rebuild?.some((one) => one !== 'node');
	const version = packages[name];
	const folder = join(cache, `${name}-${version}`);
	if (existsSync(join(folder, 'node_modules'))) return folder;
	say(`installing ${name} ${version} into ${folder}, once …`);
	const building = `${folder}.${process.pid}`;
	rmSync(building, { recursive: true, force: true });
	mkdirSync(building, { recursive: true });
	const manifest = {
		name: `carillon-${name}`,
		private: true,
		dependencies: packages,
		overrides,
	};
	writeFileSync(join(building, 'package.json'), JSON.stringify(manifest));
	const env = {
		...(isNative && { npm_config_nodedir: nodeHeaders() }),
		PATH: `${dirname(node24)}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH}`,
	};
	npm(['install', '--ignore-scripts'], building, env);
	if (rebuild) npm(['rebuild', ...rebuild, '--ignore-scripts=false'], building, env);
	try {
		renameSync(building, folder);
	} catch (error) {
		// Another process was faster: its folder is as good as ours.
		if (!existsSync(join(folder, 'node_modules'))) throw error;
		rmSync(building, { recursive: true, force: true });
	}
	return folder;
}

/** The Node that the tests run in. */
export function ensureTestNode() {
	return process.env.CARILLON_NODE ? join(ensureHost('node'), 'node_modules', 'node', 'bin', 'node') : node24;
}

/** Builds `dist` where it is missing or was made from other files than stand here now. */
export function ensureBuild() {
	const script = [join(root, 'scripts', 'run.mjs'), 'scripts/build.ts', '--if-stale'];
	const { status } = spawnSync(node24, script, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
	if (status !== 0) throw new Error('the build failed; the reasons stand above');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	ensurePackages();
	for (const name of process.argv.slice(2)) {
		if (!(name in hosts)) throw new Error(`setup knows ${Object.keys(hosts).join(' and ')}, not ${name}`);
		console.log(ensureHost(name));
	}
}
