/** A real n8n, the package in it as it is published: our nodes beside its own that do the same. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { startN8n, type N8n, type WorkflowNode } from '../test/e2e/n8n/n8n';
import { load, median, paired, type Figure } from './paired';
import { startTarget } from './server';

const carillon = '@carillon/n8n-nodes-carillon';
const token = 'k0123456789';
const items = 1_000;

/** One execution: a webhook, so many items of it, one node that sends each. */
const sending = (path: string, node: WorkflowNode): WorkflowNode[] => [
	{
		name: 'Start',
		type: 'n8n-nodes-base.webhook',
		typeVersion: 2,
		webhookId: path,
		parameters: { path, httpMethod: 'POST', responseMode: 'lastNode', responseData: 'noData' },
	},
	{ name: 'Items', type: 'n8n-nodes-base.splitOut', parameters: { fieldToSplitOut: 'body.items', options: {} } },
	node,
];

/** n8n turns away what comes while its database is slow to answer. */
async function whileReady(post: () => Promise<number>): Promise<void> {
	let status = await post();
	for (let again = 0; status === 503 && again < 50; again++) {
		await sleep(200);
		status = await post();
	}
	if (status !== 200) throw new Error(`HTTP ${status}`);
}

async function executions(n8n: N8n, url: string, pairs: number): Promise<Figure[]> {
	const account = await n8n.createCredential('carillonSre24Api', { baseUrl: url, token });
	const ours: WorkflowNode = {
		name: 'sre24',
		type: `${carillon}.sre24`,
		parameters: { message: '={{ $json.text }}' },
		credentials: { carillonSre24Api: account },
	};
	// Its secret where a secret belongs, as ours.
	const custom = await n8n.createCredential('httpCustomAuth', { json: JSON.stringify({ body: { token } }) });
	const theirs: WorkflowNode = {
		name: 'HTTP Request',
		type: 'n8n-nodes-base.httpRequest',
		typeVersion: 4.2,
		parameters: {
			method: 'POST',
			url: `${url}/api/v1/push`,
			authentication: 'genericCredentialType',
			genericAuthType: 'httpCustomAuth',
			sendBody: true,
			bodyParameters: { parameters: [{ name: 'msg', value: '={{ $json.text }}' }] },
			options: {},
		},
		credentials: { httpCustomAuth: custom },
	};
	for (const [path, node] of Object.entries({ ours, theirs }))
		await n8n.activate(await n8n.createWorkflow(path, sending(path, node)), path);
	const body = JSON.stringify({ items: Array.from({ length: items }, (_, each) => ({ text: `Episode ${each}` })) });
	const run = (path: string) => async () => {
		let ms = 0;
		await whileReady(async () => {
			const started = performance.now();
			const response = await fetch(`${n8n.url}/webhook/${path}`, {
				method: 'POST',
				headers: { 'content-type': 'application/json' },
				body,
			});
			await response.text();
			ms = performance.now() - started;
			return response.status;
		});
		return ms;
	};
	const runs = await paired(pairs, run('theirs'), run('ours'));
	return [
		{
			name: 'n8n: 1,000 items through one channel node ÷ its HTTP Request node',
			value: median(runs.map(({ baseline, subject }) => baseline / subject)),
			unit: '×',
			target: 1,
			better: 'higher',
		},
		{
			name: 'n8n: 1,000 items through one channel node',
			value: median(runs.map(({ subject }) => (items / subject) * 1000)),
			unit: 'messages/s',
			better: 'higher',
		},
	];
}

async function triggers(n8n: N8n, pairs: number, count: number): Promise<Figure[]> {
	const gate = await n8n.createCredential('carillonWebhookTriggerApi', { key: token });
	const rows: Record<string, WorkflowNode> = {
		'trigger-ours': {
			name: 'Webhook Trigger',
			type: `${carillon}.webhookTrigger`,
			parameters: { path: 'trigger-ours', settings: { repeatWindow: 0 } },
			credentials: { carillonWebhookTriggerApi: gate },
		},
		'trigger-theirs': {
			name: 'Webhook',
			type: 'n8n-nodes-base.webhook',
			typeVersion: 2,
			webhookId: 'trigger-theirs',
			parameters: { path: 'trigger-theirs', httpMethod: 'POST', responseMode: 'onReceived' },
		},
	};
	for (const [path, node] of Object.entries(rows)) {
		const end: WorkflowNode = { name: 'End', type: 'n8n-nodes-base.noOp' };
		await n8n.activate(await n8n.createWorkflow(path, [node, end]), path);
	}
	const agent = new Agent({ connections: 10, pipelining: 1 });
	const body = JSON.stringify({ title: 'Backup', text: 'Done.' });
	const once = async (path: string): Promise<number> => {
		const response = await request(`${n8n.url}/webhook/${path}?apiKey=${token}`, {
			method: 'POST',
			dispatcher: agent,
			headers: { 'content-type': 'application/json' },
			body,
		});
		await response.body.dump();
		return response.statusCode;
	};
	const post = (path: string) => () => load(count, 5, () => whileReady(() => once(path)));
	try {
		const runs = await paired(pairs, post('trigger-theirs'), post('trigger-ours'));
		return [
			{
				name: 'n8n: Webhook Trigger ÷ its Webhook node',
				value: median(runs.map(({ baseline, subject }) => subject.rate / baseline.rate)),
				unit: '×',
				better: 'higher',
			},
		];
	} finally {
		await agent.destroy();
	}
}

export async function n8nBench({ pairs, count }: { pairs: number; count: number }): Promise<Figure[]> {
	const target = await startTarget();
	let n8n: N8n | undefined;
	try {
		n8n = await startN8n();
		return [...(await executions(n8n, target.url, pairs)), ...(await triggers(n8n, pairs, count))];
	} finally {
		await n8n?.close();
		target.stop();
	}
}
