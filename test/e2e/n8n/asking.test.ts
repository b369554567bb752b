import { randomUUID } from 'node:crypto';
import type { IConnections, IDataObject, INodeTypeDescription } from 'n8n-workflow';
import { until } from '../../core/sockets/connected';
import { service, type Service } from '../../service';
import { startN8n, type N8n, type WorkflowNode } from './n8n';

const carillon = '@carillon/n8n-nodes-carillon';
const token = '110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw';
const patient = 180_000;

let n8n: N8n;
let telegram: Service;
let model: Service;
let account: { carillonTelegramApi: { id: string; name: string } };

beforeAll(async () => {
	telegram = await service(() => ({ body: { ok: true, result: { message_id: 7, chat: { id: 42 } } } }));
	// Speaks as OpenAI does: calls the first tool it is offered, then says what it was told of it.
	model = await service(({ json }) => {
		const result = json.messages.find(({ role }: { role: string }) => role === 'tool');
		const { name } = json.tools[0].function;
		const given = JSON.stringify({
			toolParameters: { title: 'Disk', message: 'It was wiped.' },
			hitlParameters: {},
		});
		const tool_calls = [{ id: 'call_1', type: 'function', function: { name, arguments: given } }];
		const message = result
			? { role: 'assistant', content: `Told: ${JSON.stringify(result.content)}` }
			: { role: 'assistant', content: null, tool_calls };
		return {
			body: {
				...{ id: 'chatcmpl-1', object: 'chat.completion', created: 1, model: json.model },
				choices: [{ index: 0, message, finish_reason: result ? 'stop' : 'tool_calls' }],
				usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
			},
		};
	});
	n8n = await startN8n();
	const carillonTelegramApi = await n8n.createCredential('carillonTelegramApi', {
		baseUrl: telegram.url,
		botToken: token,
		to: '42',
	});
	account = { carillonTelegramApi };
}, 300_000);
afterAll(async () => {
	await n8n?.close();
	await Promise.all([telegram?.close(), model?.close()]);
}, 60_000);
beforeEach(() => {
	telegram.requests.length = 0;
});

const asking = (parameters: object): WorkflowNode => ({
	name: 'Ask',
	type: `${carillon}.telegram`,
	parameters: { resource: 'message', operation: 'sendAndWait', ...parameters },
	credentials: account,
});

/** Starts a workflow that asks what a webhook is sent. @returns its id, and what the person got */
async function ask(parameters: object): Promise<{ id: string; links: Link[] }> {
	const path = randomUUID();
	const id = await n8n.createWorkflow('Asks', [
		{
			name: 'Webhook',
			type: 'n8n-nodes-base.webhook',
			parameters: { path, httpMethod: 'POST' },
			webhookId: randomUUID(),
		},
		asking(parameters),
		{ name: 'After', type: 'n8n-nodes-base.noOp' },
	]);
	await n8n.activate(id, path);
	await fetch(`${n8n.url}/webhook/${path}`, { method: 'POST' });
	return { id, links: await linksSent() };
}

interface Link {
	text: string;
	url: string;
}

async function linksSent(): Promise<Link[]> {
	await until(() => telegram.requests.some(({ json }) => json?.reply_markup));
	const { inline_keyboard } = telegram.requests.find(({ json }) => json?.reply_markup)!.json.reply_markup;
	return (inline_keyboard as Link[][])
		.flat()
		.map(({ text, url }) => ({ text, url: url.replace(/^https?:\/\/[^/]+/, n8n.url) }));
}

/** As a person does, or whatever looks at links. */
async function open(url: string, body?: Record<string, string>) {
	const response = await fetch(url, {
		method: body ? 'POST' : 'GET',
		...(body && { body: new URLSearchParams(body) }),
	});
	return { status: response.status, headers: response.headers, text: await response.text() };
}

async function statusOf(workflowId: string): Promise<string | undefined> {
	const filter = encodeURIComponent(JSON.stringify({ workflowId }));
	const { results } = await n8n.rest<{ results: { status: string }[] }>(`executions?filter=${filter}`);
	return results[0]?.status;
}

async function isWaiting(id: string): Promise<void> {
	for (let tries = 0; (await statusOf(id)) !== 'waiting'; tries++) {
		if (tries > 300) throw new Error(`The execution is ${await statusOf(id)}.`);
		await new Promise((done) => setTimeout(done, 100));
	}
}

/** What the node after the question got. */
async function after(id: string, node = 'After'): Promise<IDataObject | undefined> {
	const [execution] = await n8n.executions(id, 1);
	expect([execution?.status, execution?.data.resultData.error?.message]).toEqual(['success', undefined]);
	return execution?.data.resultData.runData[node]?.[0]?.data?.main?.[0]?.[0]?.json;
}

test(
	'an approval comes from the page of a link that is confirmed, once, and from nobody without the link',
	async () => {
		const { id, links } = await ask({
			title: 'Update?',
			message: 'Install **2.0** on `nas`',
			approvalOptions: { values: { approvalType: 'double', disapproveLabel: 'Not now' } },
		});
		expect(links.map(({ text }) => text)).toEqual(['Approve', 'Not now']);
		const [approve, decline] = links as [Link, Link];
		await isWaiting(id);

		// A mail scanner follows all links, time and again.
		for (const { url } of [approve, decline, approve]) {
			const { status, text, headers } = await open(url);
			expect([status, headers.get('referrer-policy'), headers.get('cache-control')]).toEqual([
				200,
				'no-referrer',
				'no-store',
			]);
			expect(text).toContain('<b>2.0</b>');
			expect(text).toContain('method="post"');
			await fetch(url, { method: 'HEAD' });
		}
		expect(await statusOf(id)).toBe('waiting');

		// Another answer under the same signature, none, and that of another question.
		const forged = [
			decline.url.replace('approved=false', 'approved=true'),
			approve.url.replace(/signature=[^&]+/, 'signature=00'),
			approve.url.replace(/\?.*/, ''),
		];
		for (const url of forged) expect((await open(url, {})).status).toBe(401);
		expect(await statusOf(id)).toBe('waiting');

		const taken = await open(decline.url, {});
		expect([taken.status, taken.text]).toEqual([200, expect.stringContaining('Your answer was passed on')]);
		expect(await after(id)).toMatchObject({
			receipt: { ok: true, channel: 'telegram' },
			data: { approved: false, timedOut: false, respondedAt: expect.stringMatching(/^\d{4}-/) },
		});

		// Twice, and too late.
		for (const { url } of links) {
			const late = await open(url, {});
			expect(late.text).toMatch(/no action required|answered already|no longer open/i);
		}
		expect(await after(id)).toMatchObject({ data: { approved: false } });
		expect(telegram.requests.filter(({ path }) => path.endsWith('/sendMessage'))).toHaveLength(1);
	},
	patient,
);

test(
	'free text is written on a page',
	async () => {
		const { id, links } = await ask({ message: 'What shall it be called?', responseType: 'freeText' });
		expect(links.map(({ text }) => text)).toEqual(['Respond']);
		const [{ url }] = links as [Link];
		await isWaiting(id);
		expect((await open(url)).text).toContain('<textarea name="text"');
		const empty = await open(url, { text: '  ' });
		expect([empty.status, empty.text]).toEqual([400, expect.stringContaining('Write an answer first')]);
		expect(await statusOf(id)).toBe('waiting');
		expect((await open(url, { text: '小明的 <b>NAS</b>\r\n& more' })).status).toBe(200);
		expect(await after(id)).toMatchObject({ data: { text: '小明的 <b>NAS</b>\n& more', timedOut: false } });
	},
	patient,
);

test(
	'once the time is up the workflow goes on, and says that nobody answered',
	async () => {
		const { id, links } = await ask({
			message: 'Still there?',
			options: {
				limitWaitTime: {
					values: { limitType: 'afterTimeInterval', resumeAmount: 0.05, resumeUnit: 'minutes' },
				},
			},
		});
		const json = await patiently(() => after(id));
		expect(json).toMatchObject({ receipt: { ok: true }, data: { approved: false, timedOut: true } });
		expect((await open(links[0]!.url, {})).text).toMatch(/no action required/i);
	},
	patient,
);

/** n8n looks once a minute for those whose time is up. */
async function patiently<T>(attempt: () => Promise<T>): Promise<T> {
	for (let tries = 0; ; tries++) {
		try {
			return await attempt();
		} catch (error) {
			if (tries > 1) throw error;
		}
	}
}

test('every channel stands under Human in the Loop among an agent’s tools', async () => {
	const reply = await fetch(`${n8n.url}/types/nodes.json`, { headers: { cookie: n8n.cookie() } });
	const nodes = ((await reply.json()) as INodeTypeDescription[]).filter(({ name }) => name.startsWith(carillon));
	const asks = nodes.filter(({ codex }) => codex?.categories?.includes('HITL'));
	expect(asks.length).toBeGreaterThan(20);
	for (const { name, codex } of asks) {
		expect([name, codex?.subcategories?.HITL]).toEqual([name, ['Human in the Loop']]);
		const tool = nodes.find((node) => node.name === `${name}HitlTool`);
		expect([name, tool?.codex?.subcategories?.Tools]).toEqual([name, ['Human in the Loop']]);
		const shown = tool!.properties.filter(({ type }) => type !== 'hidden').map((property) => property.name);
		expect([name, shown]).toEqual([
			name,
			expect.arrayContaining(['message', 'title', 'approvalOptions', 'options']),
		]);
	}
});

test(
	'an agent uses a tool once somebody has given leave, and not before',
	async () => {
		const openAiApi = await n8n.createCredential('openAiApi', { apiKey: 'sk-x', url: `${model.url}/v1` });
		const nodes = [
			{ name: 'Start', type: 'n8n-nodes-base.manualTrigger', typeVersion: 1, parameters: {} },
			{
				name: 'Agent',
				type: '@n8n/n8n-nodes-langchain.agent',
				typeVersion: 3,
				parameters: { promptType: 'define', text: 'Wipe the disk and tell me.', options: {} },
			},
			{
				name: 'Model',
				type: '@n8n/n8n-nodes-langchain.lmChatOpenAi',
				typeVersion: 1.2,
				parameters: { model: { __rl: true, mode: 'id', value: 'gpt-4o-mini' }, options: { maxRetries: 0 } },
				credentials: { openAiApi },
			},
			{
				name: 'Leave',
				type: `${carillon}.telegramHitlTool`,
				typeVersion: 1,
				parameters: {
					message: '=May I? {{ $tool.name }}: {{ $tool.parameters.message }}',
					approvalOptions: { values: { approvalType: 'double' } },
				},
				credentials: account,
			},
			{
				name: 'Tell',
				type: `${carillon}.telegramTool`,
				typeVersion: 1,
				parameters: {},
				credentials: account,
			},
		].map((node, index) => ({ id: randomUUID(), position: [index * 220, 0], ...node }));
		const into = (node: string, type: 'main' | 'ai_languageModel' | 'ai_tool') => ({
			[type]: [[{ node, type, index: 0 }]],
		});
		const connections: IConnections = {
			Start: into('Agent', 'main'),
			Model: into('Agent', 'ai_languageModel'),
			Leave: into('Agent', 'ai_tool'),
			Tell: into('Leave', 'ai_tool'),
		};
		const { id } = await n8n.rest<{ id: string }>('workflows', {
			...{ name: 'Agent with leave', nodes, connections, settings: { executionOrder: 'v1' } },
		});
		await n8n.rest(`workflows/${id}/run`, {
			workflowData: await n8n.rest<object>(`workflows/${id}`),
			triggerToStartFrom: { name: 'Start' },
			destinationNode: { nodeName: 'Agent', mode: 'inclusive' },
		});
		const [approve] = (await linksSent()) as [Link];
		await isWaiting(id);
		const texts = () => telegram.requests.map(({ json }) => json?.text as string);
		expect(texts()).toEqual([expect.stringContaining('May I? Tell: It was wiped.')]);
		await open(approve.url);
		expect(texts()).toHaveLength(1);
		expect((await open(approve.url, {})).status).toBe(200);
		const [execution] = await n8n.executions(id, 1);
		expect([execution?.status, execution?.data.resultData.error?.message]).toEqual(['success', undefined]);
		expect(texts()).toEqual([expect.any(String), expect.stringContaining('It was wiped.')]);
	},
	patient,
);
