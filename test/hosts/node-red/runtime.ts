import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Config, Msg, Red, Status } from '../../../src/hosts/node-red/red';

const root = join(__dirname, '../../..');

/** The folder whose node_modules holds Node-RED. */
export const hostFolder = execFileSync(process.execPath, [join(root, 'scripts/setup.mjs'), 'node-red'], {
	encoding: 'utf8',
}).trim();

const ofHost = createRequire(join(hostFolder, 'package.json'));

type Set = (RED: Red) => void;

/** One for all nodes. */
interface Spy {
	args: unknown[][];
	thisValues: { id: string }[];
}

/** A node of a running flow, with the spies that the test helper puts on it. */
export interface TestNode {
	id: string;
	on(event: string, listener: (...values: never[]) => void): void;
	once(event: 'input', listener: (msg: Msg) => void): void;
	receive(msg: Msg): void;
	status: Spy;
	warn: Spy;
	error: Spy;
	close(removed?: boolean): Promise<void>;
}

interface Helper {
	init(path: string): void;
	load(sets: Set[], flow: Partial<Config>[], credentials?: object): Promise<void>;
	unload(): Promise<void>;
	startServer(): Promise<void>;
	stopServer(): Promise<void>;
	getNode(id: string): TestNode;
	setFlows(flow: Partial<Config>[], type: string, credentials?: object): Promise<void>;
	_httpAdmin: Parameters<typeof createServer>[1];
	_settings: Record<string, unknown>;
}

let helper: Helper | undefined;

/** Node-RED's runtime within the test. */
export function nodeRed(): Helper {
	if (helper) return helper;
	helper = ofHost('node-red-node-test-helper') as Helper;
	helper.init(ofHost.resolve('node-red'));
	return helper;
}

/** Loads sets and a flow; answers the `RED` that the sets were given. */
export async function load(sets: Set[], flow: Partial<Config>[], credentials?: object): Promise<Red> {
	let RED: Red | undefined;
	await nodeRed().load([(given) => void (RED = given), ...sets], flow, credentials);
	return RED!;
}

/** The next message that a node gets. */
export const nextInput = (id: string): Promise<Msg> => new Promise((done) => nodeRed().getNode(id).once('input', done));

/** What one node was called with. */
export function calls<T>(id: string, method: 'status' | 'warn' | 'error'): T[] {
	const { args, thisValues } = nodeRed().getNode(id)[method];
	return args.filter((_, at) => thisValues[at]!.id === id).map(([first]) => first as T);
}

export const statusOf = (id: string): Status[] => calls(id, 'status');

export async function until<T>(ask: () => T | undefined | false, ms = 5_000): Promise<T> {
	const end = Date.now() + ms;
	for (;;) {
		const answer = ask();
		if (answer) return answer;
		if (Date.now() > end) throw new Error(`It did not come true within ${ms} ms: ${String(ask)}`);
		await new Promise((done) => setTimeout(done, 10));
	}
}

export interface Listening {
	url: string;
	close(): Promise<void>;
}

/** One of Node-RED's two HTTP apps on a port of its own. */
export async function listen(app: unknown): Promise<Listening> {
	const server: Server = createServer(app as Parameters<typeof createServer>[1]);
	await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		close: () =>
			new Promise((done) => {
				server.close(() => done());
				server.closeAllConnections();
			}),
	};
}
