import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { INodeTypeDescription } from 'n8n-workflow';
import { root } from '../../hosts/n8n/workbench';
import { service } from '../../service';
import { BotApi, botToken } from '../../services/telegram/botApi';
import { until } from '../../core/sockets/connected';
import { startN8n, type N8n, type WorkflowNode } from './n8n';

interface Example {
	nodes: (WorkflowNode & { credentials?: Record<string, { id: string; name: string }> })[];
	connections: object;
}

const folderOfExamples = join(root, 'examples/n8n');
const readExample = (file: string) => JSON.parse(readFileSync(join(folderOfExamples, file), 'utf8')) as Example;

let n8n: N8n;
let api: BotApi;

beforeAll(async () => {
	api = await new BotApi().up();
	n8n = await startN8n();
}, 300_000);
afterAll(async () => {
	await n8n?.close();
	await api?.down();
}, 30_000);

/** As a user does it: imports the file, fills in the credentials, publishes. */
async function publish(file: string, path: string, accounts: Record<string, object>): Promise<string> {
	const workflow = readExample(file);
	const made = new Map<string, { id: string; name: string }>();
	for (const { credentials = {} } of workflow.nodes) {
		for (const [type, { name }] of Object.entries(credentials)) {
			const known = made.get(type) ?? (await n8n.createCredential(type, accounts[type] ?? {}, name));
			made.set(type, known);
			credentials[type] = { id: known.id, name };
		}
	}
	const { id } = await n8n.rest<{ id: string }>('workflows', workflow);
	await n8n.activate(id, path);
	return id;
}

test.each(readdirSync(folderOfExamples))('%s is imported as it is, and n8n knows all of its nodes', async (file) => {
	const example = readExample(file);
	const { id } = await n8n.rest<{ id: string }>('workflows', example);
	expect(await n8n.rest<Example>(`workflows/${id}`)).toMatchObject({
		nodes: example.nodes,
		connections: example.connections,
	});
	const reply = await fetch(`${n8n.url}/types/nodes.json`, { headers: { cookie: n8n.cookie() } });
	const types = (await reply.json()) as INodeTypeDescription[];
	const knows = ({ type, typeVersion }: WorkflowNode) =>
		types.some(({ name, version }) => name === type && [version].flat().includes(typeVersion!));
	expect(example.nodes.filter((node) => !knows(node)).map(({ name }) => name)).toEqual([]);
});

test('channels: with one credential filled in, that channel’s step sends', async () => {
	const receiver = await service(() => ({ body: { code: 200, message: 'success', timestamp: 1 } }));
	try {
		const example = readExample('channels.json');
		const account = { baseUrl: receiver.url, deviceKeys: 'k3y-of-the-phone' };
		const { id: credential, name } = await n8n.createCredential('carillonBarkApi', account);
		const bark = example.nodes.find(({ type }) => type.endsWith('.bark'))!;
		bark.credentials = { carillonBarkApi: { id: credential, name } };
		const { id } = await n8n.rest<{ id: string }>('workflows', example);
		await n8n.rest(`workflows/${id}/run`, {
			workflowData: await n8n.rest<object>(`workflows/${id}`),
			triggerToStartFrom: { name: 'Start' },
			destinationNode: { nodeName: bark.name, mode: 'inclusive' },
		});
		const [execution] = await n8n.executions(id, 1);
		expect(execution?.status).toBe('success');
		const sent = receiver.requests.map(({ json }) => json);
		expect(sent).toEqual([
			expect.objectContaining({ title: 'Carillon', body: expect.stringContaining('One message') }),
		]);
	} finally {
		await receiver.close();
	}
}, 60_000);

test('triggers: a row that is copied answers /ping in the chat where it was written', async () => {
	const bot = await new BotApi().up();
	try {
		const { nodes, connections } = readExample('triggers.json');
		const { id: credential, name } = await n8n.createCredential('carillonTelegramApi', {
			baseUrl: bot.url,
			botToken,
		});
		const row = nodes.filter((node) => /Telegram/.test(node.name));
		expect(row).toHaveLength(3);
		for (const node of row)
			if (/carillon/.test(node.type)) node.credentials = { carillonTelegramApi: { id: credential, name } };
		const own = Object.entries(connections).filter(([from]) => row.some((node) => node.name === from));
		const { id, versionId } = await n8n.rest<{ id: string; versionId: string }>('workflows', {
			name: 'A row',
			nodes: row,
			connections: Object.fromEntries(own),
			settings: { executionOrder: 'v1' },
		});
		await n8n.rest(`workflows/${id}/activate`, { versionId });
		await until(() => bot.waiting === 1, 20_000);
		for (const [index, text] of ['hello', '/ping'].entries())
			bot.tell({
				message: {
					message_id: index + 1,
					date: Math.floor(Date.now() / 1000),
					from: { id: 42, is_bot: false, first_name: 'Ann' },
					chat: { id: -1001, type: 'supergroup' },
					text,
				},
			});
		await until(() => bot.called('sendMessage').length > 0, 20_000);
		expect(bot.called('sendMessage').map(({ chat_id, text }) => [String(chat_id), text])).toEqual([
			['-1001', 'pong'],
		]);
		await n8n.deactivate(id);
	} finally {
		await bot.down();
	}
}, 60_000);

let messages = 0;
const say = (text: string, chat: number) =>
	api.tell({
		message: {
			message_id: ++messages,
			date: Math.floor(Date.now() / 1000),
			from: { id: 42, is_bot: false, first_name: 'Ann' },
			chat: { id: chat, type: 'private' },
			text,
		},
	});

/** @returns the answer */
async function ask(text: string, chat: number): Promise<{ chat_id: unknown; text: string }> {
	const before = api.called('sendMessage').length;
	say(text, chat);
	await until(() => api.called('sendMessage').length > before, 20_000);
	return api.called('sendMessage').at(-1);
}

test('latest-additions: /last is answered with the latest additions, in the chat where it was asked', async () => {
	const id = await publish('latest-additions.json', 'carillon/additions', {
		carillonWebhookTriggerApi: { key: 'open-sesame' },
		carillonTelegramApi: { baseUrl: api.url, botToken },
	});
	await until(() => api.waiting === 1, 20_000);
	await until(() => api.called('setMyCommands').length > 0, 20_000);
	expect(await ask('/last', 42)).toMatchObject({ text: expect.stringContaining('Nothing was added') });

	const titles = ['Rope', 'Vertigo', 'Psycho', 'Marnie', 'Frenzy', 'The Birds'];
	for (const [index, title] of titles.entries()) {
		const form = new FormData();
		const movie = { type: 'movie', title, ratingKey: title };
		form.append('payload', JSON.stringify({ event: 'library.new', Metadata: movie }));
		const reply = await fetch(`${n8n.url}/webhook/carillon/additions?apiKey=open-sesame`, {
			method: 'POST',
			body: form,
		});
		expect([reply.status, await reply.text()]).toEqual([200, '{"ok":true}']);
		// One run after the other: the note says why.
		const runs = await n8n.executions(id, index + 2);
		expect(runs.map(({ status }) => status)).toEqual(runs.map(() => 'success'));
	}
	const latest = await ask('/last', 42);
	expect(String(latest.chat_id)).toBe('42');
	expect(latest.text.split('\n')).toEqual(
		['The Birds', 'Frenzy', 'Marnie', 'Psycho', 'Vertigo'].map((title, index) =>
			expect.stringMatching(new RegExp(`^${index + 1}\\. .*${title}$`)),
		),
	);
	const two = await ask('/last 2', -1001);
	expect([String(two.chat_id), two.text.split('\n').length]).toEqual(['-1001', 2]);
	expect((await ask('/last 99', 42)).text.split('\n')).toHaveLength(6);

	const before = api.called('sendMessage').length;
	for (const text of ['hello', '/first']) say(text, 42);
	expect((await ask('/last 1', 42)).text).toContain('The Birds');
	const runs = await n8n.executions(id, 1 + titles.length + 6);
	expect(runs.map(({ status }) => status)).toEqual(runs.map(() => 'success'));
	expect(api.called('sendMessage')).toHaveLength(before + 1);
}, 180_000);

test('outage: what comes while the service is down is kept, and delivered once it is up: each once, in order', async () => {
	let isUp = false;
	const sent = ['one', 'two', 'three'];
	const delivered: string[] = [];
	const receiver = await service(({ json }) => {
		if (!isUp) return { status: 503, body: 'closed' };
		delivered.push((json as { body: string }).body);
		return { body: { code: 200, message: 'success', timestamp: 1 } };
	});
	try {
		const id = await publish('outage.json', 'carillon/outage', {
			carillonWebhookTriggerApi: { key: 'open-sesame' },
			carillonBarkApi: { baseUrl: receiver.url, deviceKeys: 'k3y-of-the-phone' },
			carillonEmailApi: {
				host: '127.0.0.1',
				security: 'none',
				auth: 'none',
				from: 'c@example.com',
				to: 'me@example.com',
			},
		});
		for (const [index, text] of sent.entries()) {
			const reply = await fetch(`${n8n.url}/webhook/carillon/outage?apiKey=open-sesame`, {
				method: 'POST',
				headers: { 'content-type': 'application/json' },
				body: JSON.stringify({ text }),
			});
			expect(reply.status).toBe(200);
			// One after the other: in which order n8n begins what comes together is its own affair.
			if (index === 0) await until(() => receiver.requests.length > 0, 60_000);
			else await n8n.executions(id, index + 2);
		}
		expect(new Set(receiver.requests.map(({ json }) => (json as { body: string }).body))).toEqual(new Set(['one']));
		isUp = true;
		await until(() => delivered.length >= sent.length, 180_000);
		await n8n.deactivate(id);
		expect(delivered).toEqual(sent);
	} finally {
		await receiver.close();
	}
}, 300_000);
