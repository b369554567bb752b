import { randomUUID } from 'node:crypto';
import type { IConnections, INodeTypeDescription } from 'n8n-workflow';
import { service, type Service } from '../../service';
import { startN8n, type N8n } from './n8n';

/** What an agent offers its model. */
interface Tool {
	name: string;
	description: string;
	parameters: { properties: Record<string, { type: string; description: string }>; required: string[] };
}

/** A node that an agent has for a tool. */
interface Held {
	name: string;
	type: string;
	parameters: object;
	credentials?: object;
}

let n8n: N8n;
/** Speaks as OpenAI does: calls the tool that it is told to with what it is given, then says that it is done. */
let model: Service;
let bark: Service;
let call: { name: string; given: object } | undefined;

beforeAll(async () => {
	model = await service(({ json }) => {
		const isDone = !call || json.messages.some(({ role }: { role: string }) => role === 'tool');
		const tool_calls = [
			{ id: 'call_1', type: 'function', function: { name: call?.name, arguments: JSON.stringify(call?.given) } },
		];
		const message = isDone
			? { role: 'assistant', content: 'Done.' }
			: { role: 'assistant', content: null, tool_calls };
		return {
			body: {
				...{ id: 'chatcmpl-1', object: 'chat.completion', created: 1, model: json.model },
				choices: [{ index: 0, message, finish_reason: isDone ? 'stop' : 'tool_calls' }],
				usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
			},
		};
	});
	bark = await service(() => ({ body: { code: 200, message: 'success', timestamp: 1 } }));
	n8n = await startN8n();
}, 300_000);
afterAll(async () => {
	await n8n?.close();
	await Promise.all([model?.close(), bark?.close()]);
}, 60_000);

/** Runs an agent that has these tools. @returns what it offered its model */
async function ask(tools: Held[]): Promise<Tool[]> {
	model.requests.length = 0;
	const openAiApi = await n8n.createCredential('openAiApi', { apiKey: 'sk-x', url: `${model.url}/v1` });
	const nodes = [
		{ name: 'Start', type: 'n8n-nodes-base.manualTrigger', typeVersion: 1, parameters: {} },
		{
			name: 'Agent',
			type: '@n8n/n8n-nodes-langchain.agent',
			typeVersion: 2.2,
			parameters: { promptType: 'define', text: 'Tell me that the disk is full.', options: {} },
		},
		{
			name: 'Model',
			type: '@n8n/n8n-nodes-langchain.lmChatOpenAi',
			typeVersion: 1.2,
			parameters: { model: { __rl: true, mode: 'id', value: 'gpt-4o-mini' }, options: { maxRetries: 0 } },
			credentials: { openAiApi },
		},
		...tools.map((tool) => ({ typeVersion: 1, ...tool })),
	].map((node, index) => ({ id: randomUUID(), position: [index * 220, 0], ...node }));
	const into = (type: 'main' | 'ai_languageModel' | 'ai_tool') => ({ [type]: [[{ node: 'Agent', type, index: 0 }]] });
	const connections: IConnections = {
		Start: into('main'),
		Model: into('ai_languageModel'),
		...Object.fromEntries(tools.map(({ name }) => [name, into('ai_tool')])),
	};
	const settings = { executionOrder: 'v1' };
	const { id } = await n8n.rest<{ id: string }>('workflows', { name: 'Agent', nodes, connections, settings });
	await n8n.rest(`workflows/${id}/run`, {
		workflowData: await n8n.rest<object>(`workflows/${id}`),
		triggerToStartFrom: { name: 'Start' },
		destinationNode: { nodeName: 'Agent', mode: 'inclusive' },
	});
	const [execution] = await n8n.executions(id, 1);
	expect([execution?.status, execution?.data.resultData.error?.message]).toEqual(['success', undefined]);
	const offered = model.requests[0]!.json.tools as { function: Tool }[];
	return offered.map((each) => each.function);
}

test('a channel that an agent has for a tool sends the title and message that the model fills in', async () => {
	const account = { baseUrl: bark.url, deviceKeys: 'k3y-of-the-phone' };
	const carillonBarkApi = await n8n.createCredential('carillonBarkApi', account);
	call = { name: 'Bark', given: { title: 'Disk', message: 'The disk is **full**.' } };
	const tools = await ask([
		{
			name: 'Bark',
			type: '@carillon/n8n-nodes-carillon.barkTool',
			parameters: {},
			credentials: { carillonBarkApi },
		},
	]);
	expect(tools).toEqual([
		expect.objectContaining({ name: 'Bark', description: expect.stringMatching(/send.*bark/is) }),
	]);
	const { properties, required } = tools[0]!.parameters;
	expect(Object.keys(properties).sort()).toEqual(['message', 'title']);
	expect([...required].sort()).toEqual(['message', 'title']);
	for (const { type, description } of Object.values(properties))
		expect([type, description]).toEqual(['string', expect.stringMatching(/\w+ \w+/)]);
	expect(bark.requests.map(({ json }) => json)).toEqual([
		expect.objectContaining({ device_key: 'k3y-of-the-phone', title: 'Disk', body: 'The disk is full.' }),
	]);
	// The receipt is what the model reads of it.
	expect(JSON.stringify(model.requests[1]!.json.messages)).toContain('receipt');
}, 120_000);

test('each operation of each channel tells a model what it does, in words that no other has', async () => {
	call = undefined;
	const reply = await fetch(`${n8n.url}/types/nodes.json`, { headers: { cookie: n8n.cookie() } });
	const channels = ((await reply.json()) as INodeTypeDescription[]).filter(({ name }) =>
		/^@carillon\/.*Tool$/.test(name),
	);
	expect(channels.length).toBeGreaterThan(20);
	const held = channels.flatMap(({ name: type, properties }) =>
		properties
			.filter(({ name }) => name === 'operation')
			.flatMap(({ options = [], displayOptions }) =>
				options.flatMap((option) =>
					'value' in option
						? [
								{
									name: `${type.split('.')[1]}_${String(option.value)}`,
									type,
									parameters: {
										...(displayOptions?.show?.resource && {
											resource: displayOptions.show.resource[0],
										}),
										operation: option.value,
									},
								},
							]
						: [],
				),
			),
	);
	expect(held.length).toBeGreaterThan(80);
	const tools = await ask(held);
	expect(tools.map(({ name }) => name).sort()).toEqual(held.map(({ name }) => name).sort());
	const told = tools.map(({ description }) => description);
	expect(told.filter((text, at) => told.indexOf(text) !== at)).toEqual([]);
	for (const { name, parameters } of tools)
		if (name.endsWith('_send'))
			expect([name, Object.keys(parameters.properties)]).toEqual([
				name,
				expect.arrayContaining(['title', 'message']),
			]);
}, 120_000);
