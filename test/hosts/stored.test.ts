import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { definitions } from '../../scripts/definitions';
import type { Channel } from '../../src/core/define/channel';
import { credentialType } from '../../src/hosts/n8n/names';
import { channelSet } from '../../src/hosts/node-red/channel-node';
import type { Msg } from '../../src/hosts/node-red/red';
import { accepted } from '../accepting';
import { asked, outcomeOf } from '../asked';
import { png } from '../laws/fiftyMessages';
import { names } from '../names';
import { placeOf, sampleOf } from '../sample';
import { service, type Service } from '../service';
import { workbench, type Workbench, type WorkflowNode } from './n8n/workbench';
import { load, nodeRed } from './node-red/runtime';
import { inN8n, inNodeRed, saidBy, type Stored } from './stored';

/**
 * Workflows and flows as they were stored once: they open, and send what they sent then. A file is never written anew;
 * what is new gets one by `CARILLON_STORE=1 npm test -- test/hosts/stored`.
 * Until the first release what is changed on purpose is stored anew: delete its file, and run that.
 */
const folder = join(__dirname, 'stored');
const isStoring = process.env.CARILLON_STORE !== undefined;
/** In place of where the fake service happens to listen. */
const somewhere = 'http://service.example';

const channels = definitions().flatMap(({ id, definition }) =>
	definition.type === 'channel' && (definition as Channel).transport === 'http'
		? [{ id, channel: definition as Channel }]
		: [],
);

interface File extends Stored {
	account: Record<string, unknown>;
}

let bench: Workbench;
let server: Service;
names({});
beforeAll(async () => {
	bench = await workbench();
	await nodeRed().startServer();
}, 300_000);
beforeEach(async () => {
	server = await service((seen) => accepted(running, server.url, seen));
});
afterEach(async () => {
	await nodeRed().unload();
	await server.close();
});
afterAll(async () => {
	await bench.close();
	await nodeRed().stopServer();
});

// This Node-RED has no folder to keep anything in.
jest.mock('../../src/hosts/node-red/stores', () =>
	jest.requireActual<typeof import('./node-red/lasting')>('./node-red/lasting').storesInMemory(),
);

/** The channel whose service is asked. */
let running = '';

const fileOf = (id: string) => join(folder, `${id}.json`);

/** Where this run's service listens, apart from all other nodes' by its path: no pace is shared. */
const placed = <T>(value: T, mark: string): T =>
	JSON.parse(JSON.stringify(value).replaceAll(somewhere, `${server.url}/${mark}`)) as T;
const unplaced = <T>(value: T, mark: string): T =>
	JSON.parse(
		JSON.stringify(value)
			.replaceAll(`${server.url}/${mark}`, somewhere)
			.replaceAll(server.url, somewhere)
			.replaceAll(server.url.slice(7), 'service.example')
			.replaceAll(`/${mark}`, ''),
	) as T;

async function made({ id, channel }: (typeof channels)[number]): Promise<File> {
	const elsewhere = await service(() => ({ status: 500 }));
	const place = placeOf(channel, '127.0.0.1', Number(new URL(elsewhere.url).port));
	const { account, options } = await sampleOf(channel, place);
	await elsewhere.close();
	const said = saidBy(channel, { options });
	const there = JSON.parse(JSON.stringify(account).replaceAll(elsewhere.url, somewhere)) as typeof account;
	const file: File = {
		account: there,
		n8n: inN8n(channel, said),
		nodeRed: inNodeRed(channel, there, said),
		came: {},
	};
	running = id;
	file.came = await cameInN8n(id, file);
	return file;
}

const told = (item: Readonly<Record<string, unknown>>): unknown =>
	'receipt' in item || 'error' in item ? outcomeOf(item) : { result: item.result };

async function cameInN8n(id: string, { n8n, account }: File): Promise<File['came']> {
	const type = credentialType(id);
	const came: File['came'] = {};
	for (const [at, node] of (n8n.nodes as WorkflowNode[]).entries()) {
		const mark = `m${at}-`;
		server.requests.length = 0;
		const ran = await bench.run({
			items: [{ json: {}, binary: { shot: { data: png.toString('base64'), mimeType: 'image/png' } } }],
			credentials: { a: placed(account, mark), [type]: placed(account, mark) },
			nodes: [placed(node, mark)],
		});
		const item = ran.runData[node.name]?.[0]?.data?.main?.[0]?.[0]?.json;
		const outcome = told((item ?? { error: ran.error ?? {} }) as Record<string, unknown>);
		came[node.name] = unplaced({ requests: server.requests.map(asked), told: outcome }, mark);
	}
	return came;
}

async function cameInNodeRed(channel: Channel, { nodeRed: flow }: File): Promise<File['came']> {
	const came: File['came'] = {};
	const [account, ...nodes] = flow as { id: string; name: string; credentials?: object }[];
	const apart = nodes.map((node, at) => {
		const mark = `m${at}-`;
		const { credentials, ...config } = placed(account!, mark);
		return {
			mark,
			name: node.name,
			flow: [
				{ ...config, id: `${mark}account` },
				{
					...placed(node, mark),
					id: mark,
					account: `${mark}account`,
					wires: [[`${mark}end`], [`${mark}end`]],
				},
				{ id: `${mark}end`, z: 'tab', type: 'helper' },
			],
			credentials: { [`${mark}account`]: credentials },
		};
	});
	await load(
		[channelSet(channel)],
		[{ id: 'tab', type: 'tab', label: 'tab' }, ...apart.flatMap(({ flow }) => flow)],
		Object.assign({}, ...apart.map(({ credentials }) => credentials)) as object,
	);
	for (const { mark, name } of apart) {
		server.requests.length = 0;
		const end = new Promise<Msg>((done) => nodeRed().getNode(`${mark}end`).once('input', done));
		nodeRed().getNode(mark).receive({ payload: {}, shot: png });
		const outcome = told(await end);
		came[name] = unplaced({ requests: server.requests.map(asked), told: outcome }, mark);
	}
	return came;
}

describe.each(channels)('$id', (one) => {
	const { id, channel } = one;

	beforeAll(async () => {
		if (!isStoring || existsSync(fileOf(id))) return;
		server = await service((seen) => accepted(id, server.url, seen));
		mkdirSync(folder, { recursive: true });
		writeFileSync(fileOf(id), `${JSON.stringify(await made(one), null, '\t')}\n`);
		await server.close();
	}, 300_000);

	const stored = () => JSON.parse(readFileSync(fileOf(id), 'utf8')) as File;

	test('has a stored flow', () => {
		expect(existsSync(fileOf(id))).toBe(true);
	});

	test('what was stored in n8n opens and sends the same', async () => {
		running = id;
		const file = stored();
		expect(await cameInN8n(id, file)).toEqual(file.came);
	}, 300_000);

	test('what was stored in Node-RED opens and sends the same', async () => {
		running = id;
		const file = stored();
		expect(await cameInNodeRed(channel, file)).toEqual(file.came);
	}, 300_000);
});
