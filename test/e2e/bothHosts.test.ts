import type { IDataObject } from 'n8n-workflow';
import { definitions } from '../../scripts/definitions';
import type { Field } from '../../src/core/base/field';
import { allowToOption, deliveryOptions, type Channel } from '../../src/core/define/channel';
import { forgetEarlier } from '../../src/core/deliver/send/earlier';
import { credentialType } from '../../src/hosts/n8n/names';
import { channelSet } from '../../src/hosts/node-red/channel-node';
import type { Msg } from '../../src/hosts/node-red/red';
import { accepted } from '../accepting';
import { parametersOf, type Filled } from '../hosts/n8n/parameters';
import { workbench, type Workbench } from '../hosts/n8n/workbench';
import { FromMessage, nodesOf } from '../hosts/node-red/filled';
import { load, nodeRed } from '../hosts/node-red/runtime';
import { leaves } from '../agreement';
import { asked, outcomeOf } from '../asked';
import { names } from '../names';
import { placeOf, sampleOf } from '../sample';
import { service, type Service } from '../service';
import { fiftyMessages, png, type Case } from '../laws/fiftyMessages';

// This Node-RED has no folder to keep anything in.
jest.mock('../../src/hosts/node-red/stores', () =>
	jest.requireActual<typeof import('../hosts/node-red/lasting')>('../hosts/node-red/lasting').storesInMemory(),
);

/** One message with its options, its account apart from all others by its path: no pace is shared, and each request tells whose it is. */
interface Run extends Case {
	mark: string;
	account: Record<string, unknown>;
	options: Record<string, unknown>;
}

/** What a run came to: what was asked of the service, and what the flow was told. */
interface Came {
	requests: unknown[];
	told: unknown;
}

const channels = definitions().flatMap(({ id, definition }) =>
	definition.type === 'channel' && (definition as Channel).transport === 'http'
		? [{ id, channel: definition as Channel }]
		: [],
);

let bench: Workbench;
let server: Service;
names({});
beforeAll(async () => {
	bench = await workbench();
	await nodeRed().startServer();
}, 300_000);
afterEach(async () => {
	await nodeRed().unload();
	await server.close();
});
afterAll(async () => {
	await bench.close();
	await nodeRed().stopServer();
});

test.each(channels)(
	'$id asks the same of its service from both hosts',
	async ({ id, channel }) => {
		let sampling = true;
		server = await service((seen) => {
			if (sampling) return { status: 500 };
			return seen.path.endsWith('/picture.png')
				? { headers: { 'content-type': 'image/png' }, body: png }
				: accepted(id, server.url, seen);
		});
		const place = placeOf(channel, '127.0.0.1', Number(new URL(server.url).port));
		const sample = await sampleOf(channel, place);
		sampling = false;
		const runs = runsOf(channel, sample, place);
		const ours = { n8n: await inN8n(channel, runs), nodeRed: await inNodeRed(channel, runs) };
		const differing = runs.flatMap(({ name, options }, at) => {
			const [n8n, red] = [ours.n8n[at]!, ours.nodeRed[at]!];
			const [one, other] = [Object.fromEntries(leaves('', n8n)), Object.fromEntries(leaves('', red))];
			const where = [...new Set([...Object.keys(one), ...Object.keys(other)])];
			const apart = where.filter((each) => JSON.stringify(one[each]) !== JSON.stringify(other[each]));
			return apart.length === 0
				? []
				: [{ name, options, apart: apart.map((each) => [each, { n8n: one[each], nodeRed: other[each] }]) }];
		});
		expect(differing).toEqual([]);
		// Neither host is alike by refusing everything.
		const sent = ours.n8n.filter(({ requests }) => requests.length > 0).length;
		expect(sent).toBeGreaterThan(runs.length * 0.5);
	},
	300_000,
);

function runsOf(
	channel: Channel,
	{ account, options }: { account: Record<string, unknown>; options: Record<string, unknown> },
	place: Record<string, unknown>,
): Run[] {
	const own = Object.entries(channel.options).filter(([key]) => !(key in deliveryOptions) && !(key in allowToOption));
	const [at, url] = Object.entries(place)[0] as [string, string];
	return fiftyMessages(`${server.url}/picture.png`).flatMap((each, number) => {
		const mark = `m${number}-`;
		if (!channel.target && (each.options?.allowTo !== undefined || each.form?.to !== undefined)) return [];
		// No form has a place for what its channel cannot do.
		const parts = Object.keys(each.form?.more ?? each.taken?.more ?? {});
		if (!parts.every((part) => part in channel.parts)) return [];
		// Each in turn, then each with its next value.
		const chosen = own.length === 0 ? [] : [own[number % own.length]!, own[(number * 7 + 3) % own.length]!];
		const values = chosen.map(([key, field]) => [key, valueOf(field, Math.floor(number / own.length))]);
		return [
			{
				...each,
				mark,
				account: {
					...account,
					language: number % 3 === 2 ? 'zh' : 'en',
					[at]: url.replace(server.url, `${server.url}/${mark}`),
					...('pictureOrigins' in channel.account && { pictureOrigins: server.url }),
				},
				options: { ...options, attempts: 1, ...Object.fromEntries(values), ...each.options },
			},
		];
	});
}

/** As a person fills it in. */
function valueOf(field: Field, round: number): unknown {
	switch (field.kind) {
		case 'toggle':
			return round % 2 === 0;
		case 'choice': {
			const all = Object.keys(field.options ?? {});
			return all[(round + 1) % all.length];
		}
		case 'choices':
			return Object.keys(field.options ?? {}).slice(0, round + 1);
		case 'number':
			return [field.max, field.min, 2].filter((each) => each !== undefined)[round % 2];
		case 'json':
			return field.placeholder ?? '{"a":1}';
		case 'rows':
			return JSON.stringify([mapped(field.fields!, (key) => valueOf(field.fields![key]!, round) ?? '')]);
		case 'url':
			return field.placeholder ?? 'https://example.com/x';
		default:
			return field.placeholder ?? ['sample', '1, 2'][round % 2];
	}
}

async function inN8n(channel: Channel, runs: readonly Run[]): Promise<Came[]> {
	server.requests.length = 0;
	forgetEarlier();
	const type = credentialType(channel.id);
	const told = await Promise.all(
		runs.map(async ({ incoming, bare, form, taken, account, options }) => {
			const { title, message, more } = taken ?? {};
			const filled: Filled = {
				...form,
				options,
				...(title !== undefined && { title: '={{ $json.t.title }}' }),
				...(message !== undefined && { message: '={{ $json.t.message }}' }),
				...(taken?.format !== undefined && { format: taken.format }),
				...(more && { more: mapped(more, (key) => `={{ $json.t.more.${key} }}`) }),
			};
			const ran = await bench.run({
				items: [
					{
						json: (bare ? incoming : { message: incoming, t: taken }) as IDataObject,
						binary: { shot: { data: png.toString('base64'), mimeType: 'image/png' } },
					},
				],
				credentials: { [type]: account },
				nodes: [
					{
						name: 'it',
						type: `@carillon/n8n-nodes-carillon.${channel.id}`,
						credentials: { [type]: { id: 'a', name: 'a' } },
						parameters: parametersOf(channel, filled),
					},
				],
			});
			const item = ran.runData.it?.[0]?.data?.main?.[0]?.[0]?.json;
			return outcomeOf(item ?? { error: ran.error });
		}),
	);
	return gathered(runs, told);
}

async function inNodeRed(channel: Channel, runs: readonly Run[]): Promise<Came[]> {
	server.requests.length = 0;
	forgetEarlier();
	const nodes = runs.map(({ mark, form, taken, account, options }) => {
		const { title, message, more } = taken ?? {};
		const filled: Filled = {
			...form,
			options,
			...(title !== undefined && { title: new FromMessage('t.title') }),
			...(message !== undefined && { message: new FromMessage('t.message') }),
			...(taken?.format !== undefined && { format: taken.format }),
			...(more && { more: mapped(more, (key) => new FromMessage(`t.more.${key}`)) }),
		};
		return nodesOf(channel, mark, account, filled);
	});
	const ends = runs.map(({ mark }) => ({ id: `${mark}end`, z: 'tab', type: 'helper' }));
	await load(
		[channelSet(channel)],
		[
			{ id: 'tab', type: 'tab', label: 'tab' },
			...nodes.flatMap(({ flow }) =>
				flow.map((node) => ('z' in node ? { ...node, wires: [[`${node.id}end`], [`${node.id}end`]] } : node)),
			),
			...ends,
		],
		Object.assign({}, ...nodes.map(({ credentials }) => credentials)) as object,
	);
	const told = await Promise.all(
		runs.map(({ mark, incoming, taken }) => {
			const end = new Promise<Msg>((done) => nodeRed().getNode(`${mark}end`).once('input', done));
			nodeRed().getNode(mark).receive({ payload: incoming, t: taken, shot: png });
			return end.then(outcomeOf);
		}),
	);
	return gathered(runs, told);
}

const gathered = (runs: readonly Run[], told: readonly unknown[]): Came[] =>
	runs.map(({ mark }, at) => ({
		requests: server.requests.filter(({ path }) => path.startsWith(`/${mark}/`) || path.includes(mark)).map(asked),
		told: told[at],
	}));

const mapped = (values: Readonly<Record<string, unknown>>, made: (key: string) => unknown) =>
	Object.fromEntries(Object.keys(values).map((key) => [key, made(key)]));
