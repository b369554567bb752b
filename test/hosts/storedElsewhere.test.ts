import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IDataObject, IExecuteFunctions, ITriggerFunctions } from 'n8n-workflow';
import { definitions } from '../../scripts/definitions';
import { read, type Fields } from '../../src/core/base/field';
import type { Channel, SendInput } from '../../src/core/define/channel';
import type { Trigger } from '../../src/core/define/trigger';
import { deliver } from '../../src/core/deliver/deliver';
import { receptionOptions } from '../../src/core/receive/reception';
import { sending } from '../../src/hosts/n8n/sending';
import { standsOnForm } from '../../src/hosts/n8n/trigger/description';
import { optionsOf } from '../../src/hosts/n8n/trigger/receptions';
import { channelSet } from '../../src/hosts/node-red/channel-node';
import { triggerProperties, typeOf } from '../../src/hosts/node-red/properties';
import type { Msg } from '../../src/hosts/node-red/red';
import { steady } from '../asked';
import { sampleOf, placeOf } from '../sample';
import { load, nodeRed } from './node-red/runtime';
import { inN8n, inNodeRed, saidBy, shown, valueOf, type Stored } from './stored';

/**
 * The same as `stored.test.ts` of what asks no service by HTTP: triggers, mail, sockets and the desktop. What was stored
 * once is read as the same values for ever.
 */
const folder = join(__dirname, 'stored');
const isStoring = process.env.CARILLON_STORE !== undefined;
const fileOf = (id: string) => join(folder, `${id}.json`);
const all = definitions();

function keep<T>(id: string, made: T): void {
	if (!isStoring || existsSync(fileOf(id))) return;
	mkdirSync(folder, { recursive: true });
	writeFileSync(fileOf(id), `${JSON.stringify(made, null, '\t')}\n`);
}
const stored = <T>(id: string) => JSON.parse(readFileSync(fileOf(id), 'utf8')) as T;
const plain = (value: unknown): unknown => steady(JSON.parse(JSON.stringify(value)));

describe('triggers', () => {
	interface File {
		/** By what is filled in: the parameters and the node that say so, and what they are read as. */
		[name: string]: { n8n?: object; nodeRed?: object; read: unknown };
	}
	const triggers = all.flatMap(({ id, definition }) =>
		definition.type === 'trigger' ? [{ id, trigger: definition as Trigger }] : [],
	);
	const fieldsOf = ({ options }: Trigger): Fields => ({ ...options, ...(receptionOptions as unknown as Fields) });

	const readN8n = (trigger: Trigger, parameters: object): unknown => {
		const host = {
			getNodeParameter: (name: string, otherwise: unknown) => (parameters as IDataObject)[name] ?? otherwise,
		};
		return outcome(() => read(fieldsOf(trigger), optionsOf(host as unknown as ITriggerFunctions, trigger)));
	};
	const readNodeRed = (trigger: Trigger, config: object): unknown =>
		outcome(() =>
			read(
				fieldsOf(trigger),
				Object.fromEntries(
					triggerProperties(trigger).map(({ name, key }) => [key, (config as Record<string, unknown>)[name]]),
				),
			),
		);

	function made(trigger: Trigger): File {
		const fields = fieldsOf(trigger);
		const cases = Object.entries(fields).map(([key, field]) => [
			`option ${key}`,
			{ ...shown(fields, key), [key]: valueOf(field) },
		]);
		const said = Object.fromEntries([['plain', {}], ...cases]) as Record<string, Record<string, unknown>>;
		return Object.fromEntries(
			Object.entries(said).map(([name, values]) => {
				const entries = Object.entries(values);
				const onForm = entries.filter(([key]) => standsOnForm(fields, key));
				const settings = entries.filter(([key]) => !standsOnForm(fields, key));
				const n8n = { ...Object.fromEntries(onForm), settings: Object.fromEntries(settings) };
				const config = Object.fromEntries(
					triggerProperties(trigger).map(({ name: own, key, initial }) => [
						own,
						values[key] ?? initial.value,
					]),
				);
				const red = { type: typeOf(trigger.id), ...config };
				return [
					name,
					{
						...(!trigger.not?.includes('n8n') && { n8n }),
						...(!trigger.not?.includes('node-red') && { nodeRed: red }),
						read: readNodeRed(trigger, red),
					},
				];
			}),
		);
	}

	test.each(triggers)('$id means the same as when it was stored', ({ id, trigger }) => {
		if (isStoring && !existsSync(fileOf(id))) keep(id, made(trigger));
		const file = stored<File>(id);
		for (const [name, { n8n, nodeRed: red, read: meant }] of Object.entries(file)) {
			if (n8n) expect([name, readN8n(trigger, n8n)]).toEqual([name, meant]);
			if (red) expect([name, readNodeRed(trigger, red)]).toEqual([name, meant]);
		}
	});
});

describe('channels without HTTP', () => {
	interface File extends Stored {
		account: Record<string, unknown>;
	}
	let sent: unknown;
	const channels = all.flatMap(({ id, definition }) => {
		const channel = definition as Channel;
		if (definition.type !== 'channel' || channel.transport === 'http') return [];
		const send = ({ options, message, to }: SendInput) => {
			const { source: _, ...rest } = message;
			sent = plain({ options, message: rest, to });
			return Promise.resolve({ id: 1 });
		};
		return [{ id, channel, silent: { ...channel, verify: undefined, send } as Channel }];
	});

	beforeAll(async () => {
		await nodeRed().startServer();
	});
	afterEach(async () => {
		await nodeRed().unload();
	});
	afterAll(async () => {
		await nodeRed().stopServer();
	});

	async function cameInN8n(channel: Channel, { n8n, account }: File): Promise<File['came']> {
		const came: File['came'] = {};
		for (const { name, parameters } of n8n.nodes as { name: string; parameters: IDataObject }[]) {
			if (parameters.operation !== undefined) continue;
			const host = {
				getNodeParameter: (key: string, _index: number, otherwise: unknown) => parameters[key] ?? otherwise,
				getInputData: () => [{ json: {} }],
			} as unknown as IExecuteFunctions;
			sent = undefined;
			const failure = await failed(async () => deliver(channel, account, ...sending(host, channel, 0, 'en')));
			came[name] = { sent, failure };
		}
		return plain(came) as File['came'];
	}

	async function cameInNodeRed(channel: Channel, { nodeRed: flow, n8n }: File): Promise<File['came']> {
		const came: File['came'] = {};
		const [account, ...nodes] = flow as { id: string; name: string; operation: string; credentials?: object }[];
		const { credentials, ...config } = account!;
		await load(
			[channelSet(channel)],
			[{ id: 'tab', type: 'tab' }, config, ...nodes, { id: 'end', z: 'tab', type: 'helper' }],
			{ account: credentials },
		);
		expect(n8n.nodes).toHaveLength(nodes.length);
		for (const { id, name, operation } of nodes) {
			if (operation !== 'send') continue;
			sent = undefined;
			const end = new Promise<Msg>((done) => nodeRed().getNode('end').once('input', done));
			nodeRed().getNode(id).receive({ payload: {} });
			const { error } = (await end) as { error?: { class?: string; field?: string } };
			came[name] = { sent, failure: error && { class: error.class, field: error.field } };
		}
		return plain(came) as File['came'];
	}

	test.each(channels)(
		'$id sends the same as when it was stored',
		async ({ id, channel, silent }) => {
			if (isStoring && !existsSync(fileOf(id))) {
				const { account, options } = await sampleOf(silent, placeOf(channel, '127.0.0.1', 9));
				const said = saidBy(channel, { options });
				const file: File = {
					account,
					n8n: inN8n(channel, said),
					nodeRed: inNodeRed(channel, account, said),
					came: {},
				};
				file.came = await cameInN8n(silent, file);
				keep(id, file);
			}
			const file = stored<File>(id);
			expect(await cameInN8n(silent, file)).toEqual(file.came);
			expect(await cameInNodeRed(silent, file)).toEqual(file.came);
		},
		60_000,
	);
});

function outcome(run: () => unknown): unknown {
	try {
		return plain(run());
	} catch (error) {
		const { class: kind, field } = error as { class?: string; field?: string };
		return { refused: kind, field };
	}
}

async function failed(run: () => Promise<unknown>): Promise<unknown> {
	try {
		await run();
		return undefined;
	} catch (error) {
		const { class: kind, field } = error as { class?: string; field?: string };
		return { class: kind, field };
	}
}
