import { existsSync, rmSync } from 'node:fs';
import { tinyChannel, workshop } from './workshop';

let copy: ReturnType<typeof workshop>;

beforeAll(() => {
	copy = workshop();
});
afterAll(() => copy.remove());

const tinySender = `import { defineSender } from '../../core/define/sender';

export const tinySender = defineSender({ id: 'tinySender', name: 'Tiny', zh: '小来源', recognise: () => 0, read: () => [] });
`;

const tinyTrigger = (id: string, not: 'n8n' | 'node-red') => `import { defineTrigger } from '../../core/define/trigger';

export const ${id} = defineTrigger({
	id: '${id}',
	set: 'flow',
	name: 'Tiny Trigger',
	zh: '小触发器',
	docs: 'https://example.com/tiny',
	description: { en: 'Tiny things', zh: '小东西' },
	accountOf: 'bark',
	account: {},
	options: {},
	not: ['${not}'],
});
`;

/** What is new in the tree, one of each kind, and what has to be written for it. */
const definitions: Record<string, string> = {
	'src/services/tiny/tiny.channel.ts': tinyChannel('tiny'),
	'src/services/tiny/tinySender.sender.ts': tinySender,
	'src/services/tiny/red.trigger.ts': tinyTrigger('redTrigger', 'n8n'),
	'src/services/tiny/flow.trigger.ts': tinyTrigger('flowTrigger', 'node-red'),
};
const made = [
	...['nodes/Tiny/Tiny.node.ts', 'credentials/CarillonTinyApi.credentials.ts'],
	'nodes/FlowTrigger/FlowTrigger.node.ts',
];
const shown = ['examples/node-red/channels.json', 'examples/n8n/channels.json'];
const changed = [
	'src/services/senders.ts',
	...['nodes-red/flow.ts', 'nodes-red/push.ts'],
	'package.json',
	'README.md',
	'README.zh-CN.md',
	...shown,
];

/** Each run of a script is a process of some seconds: they follow each other, and are looked at afterwards. */
test('what is new is missed by --check, which writes nothing, and written by sync; so is its end', () => {
	for (const [file, source] of Object.entries(definitions)) copy.write(file, source);
	const { status, said } = copy.run('sync', '--check');
	expect(status).toBe(1);
	expect({ said, missed: [...made, ...changed].filter((file) => !said.includes(file)) }).toMatchObject({
		missed: [],
	});
	expect(made.filter((file) => existsSync(copy.path(file)))).toEqual([]);

	expect(copy.run('sync').status).toBe(0);
	expect(made.filter((file) => !existsSync(copy.path(file)))).toEqual([]);
	channelIsWritten();
	triggersAreWritten();
	senderIsWritten();
	// After a sync nothing is stale.
	expect(copy.run('sync', '--check')).toEqual({ status: 0, said: '' });

	const [sender, ...others] = Object.keys(definitions).sort((file) => (file.endsWith('.sender.ts') ? -1 : 1));
	for (const file of others) rmSync(copy.path(file));
	expect(copy.run('sync', '--check').said).toContain('nodes/Tiny/Tiny.node.ts (no definition wants it)');
	// Nothing can be loaded then, and it is said all the same.
	rmSync(copy.path(sender!));
	expect(copy.run('sync', '--check')).toEqual({
		status: 1,
		said: expect.stringMatching(/^Stale.*\n  src\/services\/senders\.ts\n$/),
	});
	expect(copy.run('sync').status).toBe(0);
	expect([...made, 'nodes/Tiny', 'nodes/FlowTrigger'].filter((file) => existsSync(copy.path(file)))).toEqual([]);
	expect(existsSync(copy.path('nodes-red/editor.ts'))).toBe(true);
	expect(changed.filter((file) => /\btiny|redTrigger/i.test(copy.read(file)))).toEqual([]);
});

function channelIsWritten(): void {
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
}

/** One that shares an account has no credential, and one that a host cannot run no node there. */
function triggersAreWritten(): void {
	expect(copy.read('nodes-red/flow.ts')).toMatch(
		/from '\.\.\/src\/hosts\/node-red\/trigger-node';\n[^]*export = \{[^]*redTrigger: triggerSet\(redTrigger\)/,
	);
	expect(copy.read('nodes-red/flow.ts')).not.toContain('flowTrigger');
	expect(copy.read('nodes/FlowTrigger/FlowTrigger.node.ts')).toContain(
		'class FlowTrigger extends triggerNode(flowTrigger)',
	);
	const absent = [
		...['nodes/RedTrigger', 'credentials/CarillonRedTriggerApi.credentials.ts'],
		'credentials/CarillonFlowTriggerApi.credentials.ts',
	];
	expect(absent.filter((file) => existsSync(copy.path(file)))).toEqual([]);
	expect(copy.read('README.md')).toMatch(/\[Tiny Trigger\].*Tiny things.*\| Node-RED +\|/);
}

function senderIsWritten(): void {
	const list = copy.read('src/services/senders.ts');
	expect(list).toContain(`import { tinySender } from './tiny/tinySender.sender';`);
	// Whoever none of the others is stands last.
	expect(list).toMatch(/tinySender,[^\]]*\bcustom,\s+\]/);
}

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
