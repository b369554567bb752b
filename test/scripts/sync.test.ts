import { existsSync, rmSync } from 'node:fs';
import { tinyChannel, workshop } from './workshop';

let copy: ReturnType<typeof workshop>;

beforeAll(() => {
	copy = workshop();
	copy.run('sync');
});
afterAll(() => copy.remove());

test('after a sync nothing is stale', () => {
	expect(copy.run('sync', '--check')).toEqual({ status: 0, said: '' });
});

test('a new channel is missed by --check, which writes nothing, and written by sync; so is its end', () => {
	copy.write('src/services/tiny/tiny.channel.ts', tinyChannel('tiny'));
	const made = ['nodes/Tiny/Tiny.node.ts', 'credentials/CarillonTinyApi.credentials.ts'];

	const { status, said } = copy.run('sync', '--check');
	expect(status).toBe(1);
	const shown = ['examples/node-red/channels.json', 'examples/n8n/channels.json'];
	for (const file of [...made, ...shown, 'nodes-red/push.ts', 'package.json', 'README.md', 'README.zh-CN.md'])
		expect(said).toContain(file);
	expect(made.filter((file) => existsSync(copy.path(file)))).toEqual([]);

	expect(copy.run('sync').status).toBe(0);
	expect(copy.read('nodes/Tiny/Tiny.node.ts')).toBe(
		[
			`import { tiny } from '../../src/services/tiny/tiny.channel';`,
			`import { channelNode } from '../../src/hosts/n8n/channel-node';`,
			``,
			`export class Tiny extends channelNode(tiny) {}`,
			``,
		].join('\n'),
	);
	const { n8n, 'node-red': nodeRed } = JSON.parse(copy.read('package.json')) as {
		n8n: { nodes: string[]; credentials: string[] };
		'node-red': { nodes: Record<string, string>; plugins: Record<string, string> };
	};
	expect(n8n.nodes).toContain('dist/nodes/Tiny/Tiny.node.js');
	expect(n8n.credentials).toContain('dist/credentials/CarillonTinyApi.credentials.js');
	expect(nodeRed.nodes.push).toBe('dist/nodes-red/push.js');
	expect(copy.read('nodes-red/push.ts')).toMatch(/tiny: channelSet\(tiny\)/);
	expect(nodeRed.plugins).toEqual({ 'carillon-editor': 'dist/nodes-red/editor.js' });
	expect(shown.filter((file) => !/[-.]tiny"/.test(copy.read(file)))).toEqual([]);
	expect(copy.read('README.md')).toMatch(/\[Tiny\]\(https:\/\/example\.com\/tiny\).*Tiny token.*1,234 bytes/);
	expect(copy.read('README.zh-CN.md')).toMatch(/\[小渠道\]\(https:\/\/example\.com\/tiny\).*小令牌.*1,234 字节/);
	expect(copy.run('sync', '--check').status).toBe(0);

	rmSync(copy.path('src/services/tiny/tiny.channel.ts'));
	expect(copy.run('sync', '--check').said).toContain('nodes/Tiny/Tiny.node.ts (no definition wants it)');
	expect(copy.run('sync').status).toBe(0);
	expect([...made, 'nodes/Tiny'].filter((file) => existsSync(copy.path(file)))).toEqual([]);
	expect(existsSync(copy.path('nodes-red/editor.ts'))).toBe(true);
	expect(copy.read('nodes-red/push.ts')).not.toContain('tiny');
	expect(copy.read('README.md')).not.toContain('Tiny');
});

test.each([
	[
		'a name other than the export',
		tinyChannel('tiny', 'other'),
		'src/services/tiny/tiny.channel.ts must export "tiny".',
	],
	['no set', tinyChannel('tiny').replace("set: 'push',", ''), 'tiny.channel.ts names no set'],
	[
		'an id other than the name',
		tinyChannel('other', 'tiny'),
		'src/services/tiny/tiny.channel.ts has the id "other"; it must be "tiny".',
	],
])('%s is refused', (_, source, says) => {
	copy.write('src/services/tiny/tiny.channel.ts', source);
	const { status, said } = copy.run('sync');
	rmSync(copy.path('src/services/tiny/tiny.channel.ts'));
	expect(status).toBe(1);
	expect(said).toContain(says);
});

test('a trigger that shares an account has no credential, and one that n8n cannot host no node there', () => {
	const trigger = `import { defineTrigger } from '../../core/define/trigger';

export const tinyTrigger = defineTrigger({
	id: 'tinyTrigger',
	set: 'flow',
	name: 'Tiny Trigger',
	zh: '小触发器',
	docs: 'https://example.com/tiny',
	description: { en: 'Tiny things', zh: '小东西' },
	accountOf: 'bark',
	account: {},
	options: {},
	not: ['n8n'],
});
`;
	copy.write('src/services/tiny/tiny.trigger.ts', trigger);
	expect(copy.run('sync').status).toBe(0);
	expect(existsSync(copy.path('nodes/TinyTrigger/TinyTrigger.node.ts'))).toBe(false);
	expect(existsSync(copy.path('credentials/CarillonTinyTriggerApi.credentials.ts'))).toBe(false);
	expect(copy.read('nodes-red/flow.ts')).toContain(
		`from '../src/hosts/node-red/trigger-node';\n\nexport = { tinyTrigger: triggerSet(tinyTrigger) };`,
	);
	expect(copy.read('README.md')).toMatch(/\[Tiny Trigger\].*Tiny things.*\| Node-RED +\|/);

	copy.write('src/services/tiny/tiny.trigger.ts', trigger.replace(`not: ['n8n']`, `not: ['node-red']`));
	expect(copy.run('sync').status).toBe(0);
	expect(copy.read('nodes/TinyTrigger/TinyTrigger.node.ts')).toContain(
		'class TinyTrigger extends triggerNode(tinyTrigger)',
	);
	expect(existsSync(copy.path('credentials/CarillonTinyTriggerApi.credentials.ts'))).toBe(false);
	expect(existsSync(copy.path('nodes-red/flow.ts'))).toBe(false);
	rmSync(copy.path('src/services/tiny/tiny.trigger.ts'));
	expect(copy.run('sync').status).toBe(0);
});

test('a new sender is in the list of senders, and out of it when its file is gone', () => {
	const sender = `import { defineSender } from '../../core/define/sender';

export const tinySender = defineSender({ id: 'tinySender', name: 'Tiny', zh: '小来源', recognise: () => 0, read: () => [] });
`;
	copy.write('src/services/tiny/tinySender.sender.ts', sender);
	expect(copy.run('sync', '--check').said).toContain('src/services/senders.ts');
	expect(copy.run('sync').status).toBe(0);
	const list = copy.read('src/services/senders.ts');
	expect(list).toContain(`import { tinySender } from './tiny/tinySender.sender';`);
	// Whoever none of the others is stands last.
	expect(list).toMatch(/tinySender,[^\]]*\bcustom,\s+\]/);

	rmSync(copy.path('src/services/tiny/tinySender.sender.ts'));
	expect(copy.run('sync').status).toBe(0);
	expect(copy.read('src/services/senders.ts')).not.toContain('tiny');
	expect(copy.run('sync', '--check')).toEqual({ status: 0, said: '' });
});
