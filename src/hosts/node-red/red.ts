import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Node as AnyNode, NodeAPI, NodeStatus } from 'node-red';

/**
 * What is used of Node-RED's runtime. Its published types are taken where they tell what it does; they know of no node that
 * is not there, of no topic but a text, of no server but one with TLS, and of no closing without a flag.
 */
export interface Red {
	nodes: {
		createNode(node: Node, config: Config): void;
		registerType(
			type: string,
			constructor: (this: Node, config: Config) => void,
			options?: { credentials?: Credentials },
		): void;
		getNode(id: string): Node | null | undefined;
		/** Every node of the flows as it is deployed, variables not put in. */
		eachNode(see: (config: Config) => void): void;
		/** As they are deployed, variables not put in. */
		getCredentials(id: string): Readonly<Record<string, unknown>> | undefined;
	};
	plugins: { registerPlugin(id: string, definition: object): void };
	settings: {
		/** Where it keeps its flows; absent where it is embedded without. */
		userDir?: string;
		httpNodeRoot?: string | false;
		httpNodeMiddleware?: Handler | Handler[];
		httpAdminMiddleware?: unknown;
		httpAdminCors?: unknown;
		requireHttps?: unknown;
	};
	auth: { needsPermission(permission: string): Handler };
	util: {
		evaluateNodeProperty(
			value: unknown,
			type: string,
			node: Node,
			msg: Msg,
			done: (error: Error | null | undefined, value?: unknown) => void,
		): unknown;
		getMessageProperty(msg: Msg, path: string): unknown;
	};
	httpAdmin: App;
	httpNode: App;
	/** Absent where Node-RED is embedded without one. */
	server?: Server;
}

/** Whatever is used stands there under the same name; else this does not compile. */
export type Published = Nothing<
	| Exclude<keyof Red, keyof NodeAPI>
	| { [Part in 'auth' | 'nodes' | 'plugins' | 'util']: Exclude<keyof Red[Part], keyof NodeAPI[Part]> }[
			'auth' | 'nodes' | 'plugins' | 'util']
>;
type Nothing<Name extends never> = Name;

export type Credentials = Record<string, { type: 'password' | 'text' }>;

/** A node as it stands in the flow file. */
export interface Config {
	id: string;
	type: string;
	name?: string;
	[property: string]: unknown;
}

export interface Msg {
	_msgid?: string;
	payload?: unknown;
	topic?: unknown;
	[property: string]: unknown;
}

export type Status = NodeStatus;

export type Send = (msg: Msg | (Msg | null)[]) => void;
export type Done = (error?: Error) => void;

export interface Node extends Pick<AnyNode, 'id' | 'type' | 'name' | 'log' | 'warn'> {
	credentials?: Record<string, unknown>;
	on(event: 'input', listener: (msg: Msg, send: Send, done: Done) => void): void;
	on(event: 'close', listener: (removed: boolean, done: () => void) => void): void;
	send: Send;
	status(status: Status): void;
	error(problem: string | Error, msg?: Msg): void;
}

/** What is used of Express 4 and 5. */
export interface Request extends IncomingMessage {
	body?: unknown;
	originalUrl?: string;
	ip?: string;
}
export type Response = ServerResponse;
export type Next = (error?: unknown) => void;
export type Handler = (request: Request, response: Response, next: Next) => void;

export interface App {
	use(handler: Handler): unknown;
	post(path: string, ...handlers: Handler[]): unknown;
	/** The app that this one is mounted in. */
	parent?: App;
	path?(): string;
	_router?: { stack: { handle: unknown }[] };
	router?: { stack: { handle: unknown }[] };
}
