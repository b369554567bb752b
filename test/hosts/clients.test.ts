import { execFile, execFileSync } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { IncomingWebhook } from '@slack/webhook';
import type { INodeExecutionData, IWebhookFunctions } from 'n8n-workflow';
import type { Message } from '../../src/core/message/message';
import { triggerNode } from '../../src/hosts/n8n/trigger-node';
import { triggerSet } from '../../src/hosts/node-red/trigger-node';
import { webhookTrigger } from '../../src/services/webhook/webhook.trigger';
import { listen, load, nodeRed, until, type Listening } from './node-red/runtime';

/** Tools' own clients, pointed at the trigger in either host: they are answered as by the service that they know. */

const isInstalled = (() => {
	try {
		execFileSync('apprise', ['--version'], { stdio: 'ignore' });
		return true;
	} catch {
		return false;
	}
})();
if (!isInstalled) console.warn('Skipped: Apprise’s own client is needed (on Debian: apt-get install apprise)');

const key = 'k3y-of-this-door';

interface Host {
	name: string;
	/** Where the trigger is: `http://127.0.0.1:PORT/PATH`. */
	start(): Promise<string>;
	read: Message[];
	stop(): Promise<void>;
}

function nodeRedHost(): Host {
	let http: Listening;
	const read: Message[] = [];
	return {
		name: 'Node-RED',
		read,
		async start() {
			await nodeRed().startServer();
			const flow = [
				{ id: 'tab', type: 'tab', label: 'tab' },
				{ id: 'acc', type: 'carillon-webhookTrigger-account', language: 'en' },
				{
					id: 'in',
					type: 'carillon-webhookTrigger',
					account: 'acc',
					path: '/hook',
					z: 'tab',
					x: 0,
					y: 0,
					wires: [['out']],
				},
				{ id: 'out', type: 'helper', z: 'tab', x: 0, y: 0 },
			];
			const RED = await load([triggerSet(webhookTrigger)], flow, { acc: { key } });
			nodeRed()
				.getNode('out')
				.on('input', (msg: { payload: Message }) => void read.push(msg.payload));
			http = await listen(RED.httpNode);
			return `${http.url}/hook`;
		},
		async stop() {
			await nodeRed().unload();
			await http.close();
			await nodeRed().stopServer();
		},
	};
}

/** n8n's web server finds a webhook by its whole path, which therefore is the node's: each address has a trigger of its own. */
function n8nHost(): Host {
	let server: Server;
	const read: Message[] = [];
	return {
		name: 'n8n',
		read,
		async start() {
			const node = new (triggerNode(webhookTrigger))();
			server = createServer((request, response) => {
				const chunks: Buffer[] = [];
				const { pathname, searchParams } = new URL(request.url!, 'http://n8n');
				const raw = Object.assign(request, {
					query: Object.fromEntries(searchParams),
					path: pathname,
					readRawBody: async () => {
						for await (const chunk of request) chunks.push(chunk as Buffer);
						Object.assign(request, { rawBody: Buffer.concat(chunks) });
					},
				});
				const host = {
					getRequestObject: () => raw,
					getResponseObject: () => response,
					getMode: () => 'trigger',
					getWorkflow: () => ({ id: 'w1' }),
					getNode: () => ({
						id: 'n1',
						name: 'In',
						credentials: { carillonWebhookTriggerApi: { id: '1', name: 'x' } },
					}),
					getCredentials: () => Promise.resolve({ key, language: 'en' }),
					getNodeParameter: (name: string, fallback: unknown) =>
						({ path: pathname.replace(/^\/webhook\//, ''), sender: 'auto' })[name] ?? fallback,
					logger: { error: () => undefined, warn: () => undefined },
					helpers: {
						prepareBinaryData: (data: Buffer, fileName: string, mimeType: string) =>
							Promise.resolve({ data: data.toString('base64'), fileName, mimeType }),
					},
				};
				void node.webhook!.call(host as unknown as IWebhookFunctions).then(({ workflowData }) => {
					for (const { json } of (workflowData?.[0] ?? []) as INodeExecutionData[])
						read.push(json.message as unknown as Message);
				});
			});
			await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
			return `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhook/hook`;
		},
		stop: () =>
			new Promise((done) => {
				server.close(() => done());
				server.closeAllConnections();
			}),
	};
}

const apprise = (url: string, ...more: string[]) =>
	new Promise<number>((done) =>
		execFile('apprise', ['-t', 'Backup', '-b', '12 GB in 8 minutes', '-n', 'failure', ...more, url], (error) =>
			done(typeof error?.code === 'number' ? error.code : error ? 1 : 0),
		),
	);

describe.each([nodeRedHost(), n8nHost()])('$name', (host) => {
	let at: string;
	beforeAll(async () => {
		at = await host.start();
	});
	afterAll(() => host.stop());
	beforeEach(() => void (host.read.length = 0));

	const one = () => until(() => host.read[0]);
	const bare = () => at.replace('http://', '');

	test('@slack/webhook', async () => {
		const hook = (secret: string) => new IncomingWebhook(`${at}/services/T0/B0/${secret}`);
		expect(await hook(key).send({ text: 'Backup *done*' })).toEqual({ text: 'ok' });
		expect(await one()).toMatchObject({ body: 'Backup **done**' });
		await expect(hook('wrong').send({ text: 'x' })).rejects.toThrow('403');
		expect(host.read).toHaveLength(1);
	});

	/** Apprise's address of each service that may stand behind a path, with the key where it has it. */
	const addresses: readonly (readonly [string, (secret: string) => string])[] = [
		['JSON', (secret) => `json://${bare()}?-apiKey=${secret}`],
		['a form', (secret) => `form://${bare()}?-apiKey=${secret}`],
		['its API', (secret) => `apprise://${bare()}/${secret}`],
		['Gotify', (secret) => `gotify://${bare()}/${secret}`],
		['Mattermost', (secret) => `mmost://${bare()}/${secret}`],
	];
	(isInstalled ? test.each(addresses) : test.skip.each(addresses))(
		'Apprise: %s',
		async (_, address) => {
			expect(await apprise(address(key))).toBe(0);
			const { title = '', body } = await one();
			expect(`${title}\n${body}`).toContain('Backup');
			expect(body).toContain('12 GB in 8 minutes');
			expect(await apprise(address('wrong'))).not.toBe(0);
			expect(host.read).toHaveLength(1);
		},
		60_000,
	);
});
