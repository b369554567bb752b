import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../definitions';
import { freePort, installPackage, mailAccount, run, until, type Setting } from './host';
import type { Started } from './main';

interface FlowNode {
	id: string;
	type: string;
	credentials?: Record<string, string>;
	[field: string]: unknown;
}

/** What an account's node says, by its type. */
export type Accounts = Record<string, { fields: object; secrets: Record<string, string> }>;

/** The key that senders give, wherever one tries things out. */
const key = 'try-out';

/** A Node-RED of its own with the example flow, its accounts pointed at the inbox. */
export async function startNodeRed(
	{ folder, hostFolder, inbox, signal, port: wanted = 1880, only }: Setting,
	example = 'examples/node-red/media-server.json',
	more: Accounts = {},
): Promise<Started> {
	installPackage(folder);
	const port = await freePort(wanted, only);
	const settings = {
		uiHost: '127.0.0.1',
		uiPort: port,
		flowFile: 'flows.json',
		// Made for trying things out, and readable for its owner alone.
		credentialSecret: false,
		editorTheme: { tours: false, projects: { enabled: false } },
		telemetry: { enabled: false, updateNotification: false },
		logging: { console: { level: 'info', metrics: false, audit: false } },
	};
	writeFileSync(join(folder, 'settings.js'), `module.exports = ${JSON.stringify(settings, null, '\t')};\n`);

	const flow = JSON.parse(readFileSync(join(root, example), 'utf8')) as FlowNode[];
	// Who tries things out plays the same event again and again.
	for (const node of flow) if (node.type === 'carillon-webhookTrigger') node.repeatWindow = 0;
	const accounts: Accounts = {
		'carillon-webhookTrigger-account': { fields: {}, secrets: { key } },
		'carillon-webhook-account': { fields: {}, secrets: { baseUrl: `${inbox.url}/webhook` } },
		'carillon-email-account': { fields: mailAccount(inbox), secrets: {} },
		'carillon-bark-account': { fields: { baseUrl: `${inbox.url}/bark` }, secrets: { deviceKeys: 'try-out' } },
		...more,
	};
	const secrets: Record<string, object> = {};
	for (const node of flow) {
		const account = accounts[node.type];
		if (!account) continue;
		Object.assign(node, account.fields);
		secrets[node.id] = account.secrets;
	}
	if (!existsSync(join(folder, 'flows.json'))) {
		writeFileSync(join(folder, 'flows.json'), JSON.stringify(flow));
		writeFileSync(join(folder, 'flows_cred.json'), JSON.stringify(secrets));
	}

	const running = run(
		join(hostFolder, 'node_modules/node-red/red.js'),
		['--userDir', folder, '--settings', join(folder, 'settings.js')],
		folder,
		{},
	);
	const url = `http://127.0.0.1:${port}`;
	const started = async () => /Started flows/.test(running.log()) && (await fetch(url)).ok;
	try {
		await until(started, { running, signal });
	} catch (error) {
		await running.stop();
		throw error;
	}
	return {
		editor: url,
		say: [['Node-RED', url]],
		webhook: `${url}/api/v1/webhook/plex?apiKey=${key}`,
		ended: running.ended,
		stop: () => running.stop(),
	};
}
