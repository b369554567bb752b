import { cpSync, existsSync, rmSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../../../scripts/definitions';
import { workshop } from './workshop';

let copy: ReturnType<typeof workshop>;

beforeAll(() => {
	copy = workshop();
});
afterAll(() => copy.remove());

const made = [
	'src/services/tinyBell/tinyBell.channel.ts',
	'icons/tinyBell.svg',
	'test/services/tinyBell/tinyBell.test.ts',
];

test('three files, after which sync is content and their test says what is left to do, and nothing else', () => {
	expect(copy.run('new', 'tinyBell').said).toContain('npm run sync');
	expect(made.filter((file) => !existsSync(copy.path(file)))).toEqual([]);
	expect(copy.run('sync').status).toBe(0);
	expect(existsSync(copy.path('nodes/TinyBell/TinyBell.node.ts'))).toBe(true);

	for (const file of ['faked.ts', 'refused.ts', 'service.ts', 'services/webPush/receiver.ts'])
		cpSync(join(root, 'test', file), copy.path('test', file));
	cpSync(join(root, 'jest.config.js'), copy.path('jest.config.js'));
	const { stdout } = spawnSync(
		process.execPath,
		[join(root, 'node_modules/jest/bin/jest.js'), '--json', '--runInBand'],
		{ cwd: copy.folder, encoding: 'utf8' },
	);
	const { numPassedTests, numFailedTests, testResults } = JSON.parse(stdout) as {
		numPassedTests: number;
		numFailedTests: number;
		testResults: { message: string }[];
	};
	expect([numPassedTests, numFailedTests]).toEqual([3, 1]);
	expect(testResults[0]?.message).toContain('what is left to do');
	expect(testResults[0]?.message).toContain('icons/tinyBell.svg: an icon of its own');
});

test('what stands there is left alone, and a name that cannot be one is refused', () => {
	expect(copy.run('new', 'tinyBell')).toMatchObject({
		status: 1,
		said: expect.stringContaining('stands there already'),
	});
	for (const name of ['Bell', '9x', '../x', '']) {
		expect(copy.run('new', name)).toMatchObject({ status: 1, said: expect.stringContaining('npm run new --') });
	}
	for (const file of made) rmSync(copy.path(file));
});
