import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../definitions';
import { freePort, installPackage, mailAccount, run, until, type Setting } from './host';
import type { Started } from './main';

interface Workflow {
	nodes: {
		type: string;
		name: string;
		webhookId?: string;
		parameters: Record<string, unknown>;
		credentials?: Record<string, { id: string; name: string }>;
	}[];
}

const example = 'examples/n8n/media-server.json';
/** The key that senders give. */
const key = 'try-out';
const login = { email: 'owner@example.com', password: 'Carillon1' };

/** An n8n of its own with an owner, the example workflow active, its credentials pointed at the inbox. */
export async function startN8n({
	folder,
	hostFolder,
	inbox,
	signal,
	port: wanted = 5678,
	only,
}: Setting): Promise<Started> {
	const isKept = existsSync(join(folder, '.n8n', 'database.sqlite'));
	installPackage(join(folder, '.n8n', 'nodes'));
	const [port, brokerPort] = [await freePort(wanted, only), await freePort(5679)];
	const url = `http://127.0.0.1:${port}`;
	const running = run(join(hostFolder, 'node_modules/n8n/bin/n8n'), ['start'], folder, {
		N8N_USER_FOLDER: folder,
		N8N_PORT: String(port),
		N8N_RUNNERS_BROKER_PORT: String(brokerPort),
		N8N_LISTEN_ADDRESS: '127.0.0.1',
		N8N_SECURE_COOKIE: 'false',
		N8N_DIAGNOSTICS_ENABLED: 'false',
		N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
		N8N_TEMPLATES_ENABLED: 'false',
		N8N_PERSONALIZATION_ENABLED: 'false',
		N8N_HIRING_BANNER_ENABLED: 'false',
		WEBHOOK_URL: url,
	});
	try {
		await until(async () => (await fetch(`${url}/healthz/readiness`)).ok, { running, signal });
		const webhook = isKept
			? webhookOf(readExample(), url)
			: await importExample((await session(url)).ask, url, inbox);
		// Activation answers a little before the webhooks are there.
		const isThere = async () => (await fetch(webhook, { method: 'POST', body: '' })).status !== 404;
		// In a kept one it may have been switched off.
		if (!isKept) await until(isThere, { running, signal });
		return {
			editor: url,
			say: [
				['n8n', url],
				['Login', `${login.email}  ${login.password}`],
			],
			webhook,
			ended: running.ended,
			stop: () => running.stop(),
		};
	} catch (error) {
		await running.stop();
		throw error;
	}
}

type Ask = (path: string, body: unknown) => Promise<Record<string, string>>;

/** Makes the owner and asks in their name. */
async function session(url: string): Promise<{ ask: Ask }> {
	let cookie = '';
	const ask: Ask = async (path, body) => {
		const reply = await fetch(`${url}/rest/${path}`, {
			method: 'POST',
			headers: { 'content-type': 'application/json', 'browser-id': 'carillon', cookie },
			body: JSON.stringify(body),
		});
		const text = await reply.text();
		if (!reply.ok) throw new Error(`n8n refused ${path} (${reply.status}): ${text.slice(0, 500)}`);
		cookie =
			reply.headers
				.getSetCookie()
				.map((each) => each.split(';', 1)[0])
				.join('; ') || cookie;
		return (JSON.parse(text) as { data: Record<string, string> }).data;
	};
	await ask('owner/setup', { ...login, firstName: 'Carillon', lastName: 'Guest' });
	await ask('login', { emailOrLdapLoginId: login.email, password: login.password });
	return { ask };
}

/** @returns the address of the example's trigger */
async function importExample(ask: Ask, url: string, inbox: Setting['inbox']): Promise<string> {
	const accounts: Record<string, object> = {
		carillonWebhookTriggerApi: { key },
		carillonWebhookApi: { baseUrl: `${inbox.url}/webhook` },
		carillonEmailApi: mailAccount(inbox),
		carillonBarkApi: { baseUrl: `${inbox.url}/bark`, deviceKeys: 'try-out' },
	};
	const workflow = readExample();
	for (const node of workflow.nodes) {
		for (const [type, reference] of Object.entries(node.credentials ?? {})) {
			const { id } = await ask('credentials', { name: reference.name, type, data: accounts[type] ?? {} });
			Object.assign(reference, { id });
		}
	}
	const trigger = triggerOf(workflow);
	// Who tries things out plays the same event again and again.
	trigger.parameters.settings = { repeatWindow: 0 };
	const { id, versionId } = await ask('workflows', workflow);
	await ask(`workflows/${id}/activate`, { versionId });
	return webhookOf(workflow, url);
}

const readExample = () => JSON.parse(readFileSync(join(root, example), 'utf8')) as Workflow;

function triggerOf({ nodes }: Workflow): Workflow['nodes'][number] {
	const trigger = nodes.find((node) => node.type.endsWith('.webhookTrigger'));
	if (!trigger) throw new Error(`${example} has no webhook trigger.`);
	return trigger;
}

const webhookOf = (workflow: Workflow, url: string) =>
	`${url}/webhook/${String(triggerOf(workflow).parameters.path)}?apiKey=${key}`;
