import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const root = join(__dirname, '../../..');

/** A copy of the project to break things in. */
export function workshop() {
	const folder = mkdtempSync(join(tmpdir(), 'carillon-workshop-'));
	const copied = [
		'src',
		'nodes',
		'credentials',
		'nodes-red',
		'icons',
		'docs',
		'examples',
		'scripts',
		'package.json',
		'package-lock.json',
		'tsconfig.json',
	];
	for (const name of [...copied, '.prettierrc.json', 'README.md', 'README.zh-CN.md']) {
		cpSync(join(root, name), join(folder, name), { recursive: true });
	}
	symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
	return {
		folder,
		path: (...parts: string[]) => join(folder, ...parts),
		read: (file: string) => readFileSync(join(folder, file), 'utf8'),
		write(file: string, content: string) {
			mkdirSync(dirname(join(folder, file)), { recursive: true });
			writeFileSync(join(folder, file), content);
		},
		/** Runs `scripts/<name>.ts` of the copy. */
		run(name: string, ...args: string[]) {
			const { status, stdout, stderr } = spawnSync(
				process.execPath,
				['--import', 'tsx', join(folder, 'scripts', `${name}.ts`), ...args],
				{
					cwd: folder,
					encoding: 'utf8',
				},
			);
			return { status, said: stdout + stderr };
		},
		remove: () => rmSync(folder, { recursive: true, force: true }),
	};
}

/** The smallest channel there can be. */
export const tinyChannel = (
	id: string,
	name = id,
) => `import { defineChannel, bytes, secret } from '../../core/define/channel';

export const ${name} = defineChannel({
	id: '${id}',
	set: 'push',
	name: 'Tiny',
	zh: '小渠道',
	docs: 'https://example.com/tiny',
	renders: { markup: 'plain', limit: bytes(1_234) },
	account: { token: secret('Tiny token', { zh: '小令牌' }) },
	options: {},
	send: async () => ({}),
});
`;
