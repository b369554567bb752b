import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import WebSocket from 'ws';
import { definitions } from '../../../scripts/definitions';
import { read, type Fields } from '../../../src/core/base/field';
import type { Config, Status } from '../../../src/hosts/node-red/red';
import { startNodeRed, type NodeRed } from './nodeRed';
import { until } from './runtime';

const folder = join(__dirname, '../../../examples/node-red');
const accounts = new Map(
	definitions().map(({ id, definition }) => [`carillon-${id}`, definition.account as Fields | undefined]),
);
const keeping = new Set(
	definitions()
		.filter(({ definition }) => definition.type === 'flow')
		.map(({ id }) => `carillon-${id}`),
);

let nodeRed: NodeRed;
let comms: WebSocket;
/** What stands below each node, as an editor is told. */
const statuses = new Map<string, Status>();

/** All that the debug sidebar shows, in one text. */
let debugged = '';

beforeAll(async () => {
	nodeRed = await startNodeRed();
	comms = new WebSocket(`${nodeRed.url.replace(/^http/, 'ws')}comms`);
	comms.on('message', (data: Buffer) => {
		for (const { topic, data: status } of [
			JSON.parse(data.toString()) as { topic?: string; data: Status },
		].flat()) {
			if (topic === 'debug') debugged += JSON.stringify(status);
			const [, id] = /^status\/(.+)$/.exec(topic ?? '') ?? [];
			if (id) statuses.set(id, status);
		}
	});
	await new Promise((opened, failed) => comms.once('open', opened).once('error', failed));
	for (const topic of ['status/#', 'debug']) comms.send(JSON.stringify({ subscribe: topic }));
}, 120_000);
afterAll(async () => {
	comms?.terminate();
	await nodeRed?.stop();
}, 30_000);

/** The sentence that asks for what an empty account lacks. */
function lacks(fields: Fields, account: Partial<Config>): string | undefined {
	try {
		read(fields, account);
		return undefined;
	} catch (error) {
		return (error as Error).message;
	}
}

/** Triggers speak up at once, channels when something is sent: those that nothing rings by itself are let be. */
function speaking(flow: Partial<Config>[]): Partial<Config>[] {
	const rung = new Set(
		flow.filter(({ type }) => type === 'inject').flatMap(({ wires }) => (wires as string[][]).flat()),
	);
	return flow.filter(({ id, type }) => accounts.has(type!) && (/Trigger$/.test(type!) || rung.has(id!)));
}

test.each(readdirSync(folder))(
	'%s, with its accounts empty as they come, says what is to be filled in',
	async (file) => {
		const flow = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Partial<Config>[];
		statuses.clear();
		await nodeRed.deploy(flow);
		for (const { id, type } of flow) if (type === 'inject') await nodeRed.inject(id!);
		const nodes = speaking(flow);
		await until(() => nodes.every(({ id }) => ['red', 'green'].includes(statuses.get(id!)?.fill ?? '')));
		for (const { id, type, account } of nodes) {
			const own = flow.find((node) => node.id === account);
			// The account of a node that keeps something is another store, if any is wanted.
			const isWanted = own !== undefined || !keeping.has(type!);
			const sentence = isWanted ? lacks(accounts.get(type!)!, own ?? {}) : undefined;
			expect({ type, ...statuses.get(id!) }).toMatchObject({
				type,
				...(sentence && { fill: 'red' }),
				text: expect.stringMatching(/^.{1,24}$/u),
			});
			// There is no room for it beside the dot: it is in the log, or with who catches it.
			if (sentence) await until(() => nodeRed.log().includes(sentence) || debugged.includes(sentence));
		}
		expect(nodeRed.isRunning()).toBe(true);
		expect(nodeRed.log()).not.toMatch(/uncaught|unhandled|not a function|undefined/i);
	},
	30_000,
);
