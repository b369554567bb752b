/**
 * A process of its own in which n8n's engine (n8n-core, from the cached install) loads the built package with its own
 * loader and runs workflows. Started by workbench.ts; told what to do over IPC.
 */
const dns = require('node:dns');
const { createRequire } = require('node:module');
const { isIP } = require('node:net');
const core = require('n8n-core');

const { PackageDirectoryLoader, WorkflowExecute, ExecutionLifecycleHooks, BinaryDataService, WebhookContext } = core;
const { Container } = require('@n8n/di');
// The one that this n8n-core goes with, not the project's own.
const { Workflow } = createRequire(require.resolve('n8n-core'))('n8n-workflow');

// Names lead nowhere: no test leaves the machine.
const { lookup } = dns;
dns.lookup = (name, options, done = options) =>
	isIP(name) || name === 'localhost'
		? lookup(name, options, done)
		: done(Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}`), { code: 'ENOTFOUND' }));

const [packageFolder] = process.argv.slice(2);
const loader = new PackageDirectoryLoader(packageFolder);

/** Gives out what the test puts in, a list for each time that it runs. */
const source = {
	description: {
		name: 'source',
		displayName: 'Source',
		group: [],
		version: 1,
		defaults: {},
		inputs: [],
		outputs: ['main'],
		properties: [{ displayName: 'Items', name: 'items', type: 'json', default: [] }],
	},
	async execute() {
		return [this.getNodeParameter('items', 0)];
	},
};

const nodeTypes = {
	getByName: (type) => (type === 'source' ? source : loader.getNode(type.split('.').at(-1)).type),
	getByNameAndVersion: (type) => nodeTypes.getByName(type),
};

/** Credentials come in clear with the workflow, by their id or by their type. */
const credentialsHelper = (credentials) => ({
	getParentTypes: () => [],
	isCredentialUsableByNode: () => true,
	getDecrypted: async (_, nodeCredentials, type) => credentials[nodeCredentials?.id] ?? credentials[type] ?? {},
});

/** Executions that wait for somebody, by their ids. */
const waiting = new Map();

async function run({ nodes, connections, credentials = {}, cancelAfter, mode = 'trigger' }) {
	const workflow = new Workflow({
		id: 'w',
		name: 'w',
		nodes,
		connections,
		active: false,
		nodeTypes,
		settings: { executionOrder: 'v1' },
	});
	const executionId = String(Math.random());
	const hooks = new ExecutionLifecycleHooks(mode, executionId, { id: 'w', nodes, connections });
	const additionalData = {
		executionId,
		hooks,
		credentialsHelper: credentialsHelper(credentials),
		currentNodeExecutionIndex: 0,
		variables: {},
		restartExecutionId: undefined,
		webhookWaitingBaseUrl: 'http://localhost/waiting',
		formWaitingBaseUrl: 'http://localhost/form',
		instanceBaseUrl: '',
	};
	const execute = new WorkflowExecute(additionalData, mode);
	const startNode = workflow.getNode('Source');
	// n8n 2.0 takes them one by one.
	const execution = execute.run.length > 1 ? execute.run(workflow, startNode) : execute.run({ workflow, startNode });
	if (cancelAfter !== undefined) setTimeout(() => execution.cancel(), cancelAfter);
	return ended({ id: executionId, workflow, additionalData, mode }, await execution);
}

/** What has become of an execution, as far as it got; one that waits is kept as n8n's database would. */
function ended(held, { data, waitTill }) {
	if (waitTill) waiting.set(held.id, { ...held, stored: JSON.stringify(data) });
	const { runData, error } = data.resultData;
	return { runData, error, ...(waitTill && { waiting: { id: held.id, till: new Date(waitTill).getTime() } }) };
}

/**
 * Somebody calls the address of an execution that waits, past n8n's own look at the signature; or, without a request, its
 * time is up. What comes of it is what n8n would do.
 */
async function resume({ id, request }) {
	const held = waiting.get(id);
	const { workflow, mode } = held;
	const runExecutionData = JSON.parse(held.stored);
	const [entry] = runExecutionData.executionData.nodeExecutionStack;
	const node = workflow.getNode(entry.node.name);
	let page;
	if (request) {
		const httpResponse = {
			status: (status) => ((page = { status }), httpResponse),
			set: (headers) => ((page.headers = headers), httpResponse),
			send: (text) => ((page.text = text), httpResponse),
		};
		const additionalData = {
			...held.additionalData,
			httpRequest: { headers: {}, query: {}, ...request },
			httpResponse,
		};
		const webhookData = { webhookDescription: { name: 'default' } };
		// n8n has taken the run that waits away by then, and made the node one that lets through.
		runExecutionData.resultData.runData[node.name].pop();
		const context = new WebhookContext(workflow, node, additionalData, mode, webhookData, [], runExecutionData);
		const { workflowData } = await loader.getNode(node.type.split('.').at(-1)).type.webhook.call(context);
		if (!workflowData) return { page };
		entry.data.main = workflowData;
		runExecutionData.resultData.runData[node.name].push({});
	}
	waiting.delete(id);
	const execute = new WorkflowExecute(held.additionalData, mode, runExecutionData);
	entry.node = node;
	node.disabled = true;
	const result = await execute.processRunExecutionData(workflow);
	delete node.disabled;
	return { ...(page && { page }), ...ended(held, result) };
}

const jobs = {
	load: () => ({
		nodes: loader.types.nodes,
		credentials: loader.types.credentials,
		known: loader.known,
	}),
	testCredential: async ({ node, data }) => {
		const { methods, description } = loader.getNode(node).type;
		const [{ testedBy }] = description.credentials;
		return await methods.credentialTest[testedBy].call({ helpers: {} }, { id: '1', name: 'x', type: 'x', data });
	},
	run,
	resume,
};

process.on('message', async ({ id, job, given }) => {
	try {
		process.send({ id, result: await jobs[job](given) });
	} catch (error) {
		process.send({ id, error: error.stack });
	}
});

// Stays in memory, as in n8n's own default for tests.
Container.get(BinaryDataService).mode = 'default';
loader.loadAll().then(
	() => process.send({ id: 'ready' }),
	(error) => {
		process.send({ id: 'ready', error: error.stack });
		process.exitCode = 1;
	},
);
