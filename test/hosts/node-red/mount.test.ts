import { createRequire } from 'node:module';
import { join } from 'node:path';
import { lazySet } from '../../../src/hosts/node-red/lazy';
import { mount } from '../../../src/hosts/node-red/mount';
import type { App, Handler, Red } from '../../../src/hosts/node-red/red';
import type { Reception } from '../../../src/core/receive/reception';
import { hostFolder, listen, type Listening } from './runtime';

interface Express extends App {
	use(...handlers: (Handler | App)[]): unknown;
	json(): Handler;
}
const express = createRequire(join(hostFolder, 'package.json'))('express') as (() => Express) & { json(): Handler };

const answering = {
	maxBytes: 1_000,
	admit: () => undefined,
	unpack: (body: Uint8Array) => Promise.resolve(body),
	receiveInTurns: ({ body }: { body: Uint8Array }) => {
		const reply = { status: 200, body: `trigger: ${Buffer.from(body).toString()}` };
		return { reply, answer: Promise.resolve(reply), happenings: Promise.resolve([]) };
	},
} as unknown as Reception;

let http: Listening | undefined;
afterEach(() => http?.close());

/** Both roots at `/`, one above the other, as Node-RED builds them; counts what the editor's app gets to see. */
async function serve(settings: Red['settings'] = {}) {
	const [root, editor, httpAdmin, httpNode] = [express(), express(), express(), express()] as const;
	const seen: string[] = [];
	editor.use((request, _response, next) => {
		seen.push(`${request.method} ${request.originalUrl}`);
		next();
	}, express.json());
	const login: Handler = (_request, response) => void response.writeHead(401).end('editor: sign in');
	const nodes = { registerType: () => {} };
	lazySet({ webhook: {} }, () => ({ webhook: () => {} }))({
		httpAdmin,
		nodes,
		auth: { needsPermission: () => login },
	} as never);
	for (const path of ['/flows', '/shop'])
		editor.post(path, (request, response) => void response.end(`editor: ${JSON.stringify(request.body)}`));
	editor.use(httpAdmin);
	root.use(editor);
	root.use(httpNode);
	http = await listen(root);
	const RED = { httpNode, httpAdmin, settings } as unknown as Red;
	const at = (path: string) =>
		mount(RED, path, { owner: path, reception: answering, emit: () => {}, failed: () => {}, refused: () => {} });
	const post = async (path: string) => {
		const init = { method: 'POST', body: '{"a": 1}', headers: { 'content-type': 'application/json' } };
		return await (await fetch(`${http!.url}${path}`, init)).text();
	};
	return { at, post, seen };
}

test('a request of a kind that the editor has left alone once goes round it from then on', async () => {
	const { at, post, seen } = await serve();
	expect(at('/hook')).toBeUndefined();
	for (let time = 0; time < 3; time++) expect(await post('/hook/plex?key=1')).toBe('trigger: {"a": 1}');
	expect(seen).toEqual(['POST /hook/plex?key=1']);
	await post('/hook/emby');
	expect(seen).toHaveLength(2);
});

test('what the editor answers stays the editor’s, however often it is asked', async () => {
	const { at, post } = await serve();
	at('/shop');
	for (let time = 0; time < 3; time++) expect(await post('/shop')).toMatch(/^editor: /);
});

test('the paths that the editor deploys and signs in by cannot be taken', async () => {
	const { at, post } = await serve();
	for (const path of ['/flows', '//Flows/', 'auth/token']) expect(at(path)).toBe('Node-RED');
	expect(await post('/flows')).toBe('editor: {"a":1}');
	expect(at('/flowers')).toBeUndefined();
});

test.each<Red['settings']>([
	{ httpAdminMiddleware: () => {} },
	{ httpAdminCors: { origin: '*' } },
	{ requireHttps: true },
])('where the user put something in front of the editor, everything passes through it: %j', async (settings) => {
	const { at, post, seen } = await serve(settings);
	at('/hook');
	for (let time = 0; time < 3; time++) expect(await post('/hook')).toBe('trigger: {"a": 1}');
	expect(seen).toHaveLength(3);
});

test('no request of the forms stands in a trigger’s way, or the other way round', async () => {
	const { at, post } = await serve();
	// As the default path of a trigger is: the channel of the same name has its test.
	at('/carillon/webhook');
	for (const what of ['plex', 'test']) expect(await post(`/carillon/webhook/${what}`)).toBe('trigger: {"a": 1}');
	expect(await post('/carillon-editor/webhook/test')).toBe('editor: sign in');
});

test('what stands in front of HTTP nodes may pass on with null', async () => {
	const { at, post } = await serve({ httpNodeMiddleware: (_request, _response, next) => next(null) });
	at('/hook');
	expect(await post('/hook')).toBe('trigger: {"a": 1}');
});

test('a path that another node has is told', async () => {
	const { at } = await serve();
	expect([at('/hook'), at('/HOOK/')]).toEqual([undefined, '/hook']);
});
