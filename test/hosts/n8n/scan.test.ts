import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from './workbench';

/** What n8n's scan of community packages does not like, and stays: a verified package may use nothing of Node's. */
const onPurpose: Readonly<Record<string, string>> = {
	'@n8n/community-nodes/no-runtime-dependencies': 'undici, nodemailer and ws do what n8n’s own helpers do not',
	'@n8n/community-nodes/no-restricted-imports': 'the same, and sockets, files and programs of desktop notifications',
	'@n8n/community-nodes/no-restricted-globals': 'time limits and pauses that end when nobody needs them any more',
	'no-console': 'bundled libraries warn those who call them wrongly',
};

function scanned(...files: string[]): string[] {
	const said = execFileSync(process.execPath, [join(root, 'scripts/scan.mjs'), ...files], { encoding: 'utf8' });
	const { files: looked, broken } = JSON.parse(said) as { files: number; broken: string[] };
	expect(looked).toBeGreaterThan(1);
	return broken;
}

test('n8n’s scan finds nothing in the sources, nor in what is shipped, but what is so on purpose', () => {
	expect(Object.keys(onPurpose)).toEqual(
		expect.arrayContaining(scanned('package.json', 'nodes/**/*.ts', 'credentials/**/*.ts')),
	);
	expect(scanned('package.json', 'dist/**/*.js').sort()).toEqual(Object.keys(onPurpose).sort());
}, 120_000);
