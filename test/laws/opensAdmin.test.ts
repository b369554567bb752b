import { createRequire } from 'node:module';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { definitions, runsIn } from '../../scripts/definitions';
import type { Channel } from '../../src/core/define/channel';
import { accountProperties, accountTypeOf, typeOf } from '../../src/hosts/node-red/properties';
import { startNodeRed, type NodeRed } from '../hosts/node-red/nodeRed';
import { hostFolder } from '../hosts/node-red/runtime';
import { service, type Service } from '../service';

/** No page but the editor’s own, and nobody without leave to write, moves anything through the routes that we add to Node-RED’s. */

const channels = definitions()
	.filter((found) => runsIn(found, 'node-red'))
	.map(({ definition }) => definition)
	.filter((definition): definition is Channel => definition.type === 'channel');

/** A set that tells which routes there are on the app that sets are given. */
const teller = `module.exports = (RED) => {
	const routesOf = (stack) => stack.flatMap(({ route, handle }) =>
		route
			? Object.keys(route.methods).flatMap((method) => [route.path].flat().map((path) => method.toUpperCase() + ' ' + path))
			: routesOf(handle.stack || (handle._router || handle.router || {}).stack || []));
	RED.httpAdmin.get('/routes-told', (request, response) => {
		response.json(routesOf((RED.httpAdmin._router || RED.httpAdmin.router).stack));
	});
};`;

const password = 'Ding-dong-1';
let folder: string;
let red: NodeRed;
let bare: NodeRed;
let loopback: Service;
let writer: string;
let reader: string;
/** Method and path, parameters filled in. */
let routes: [method: string, path: string][];

const inFolder = (name: string, text: string) => writeFileSync(join(folder, name), text);

const told = async ({ url }: NodeRed) => (await (await fetch(`${url}routes-told`)).json()) as string[];

async function signIn(username: string): Promise<string> {
	const reply = await fetch(`${red.url}auth/token`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ client_id: 'node-red-admin', grant_type: 'password', scope: '', username, password }),
	});
	// Of somebody whom nobody knows it would be refused anyhow.
	expect(reply.status).toBe(200);
	return `Bearer ${((await reply.json()) as { access_token: string }).access_token}`;
}

/** An account of every channel, all of whose addresses are the service on loopback. */
function accounts(): object[] {
	return channels.map((channel) => ({
		id: `${channel.id}-account`,
		type: accountTypeOf(channel.id),
		...valuesOf(channel),
	}));
}

function valuesOf(channel: Channel): Record<string, unknown> {
	return Object.fromEntries(
		accountProperties(channel.account).map(({ name, key, field }) => [
			name,
			key === 'proxy' || key === 'caCertificate'
				? ''
				: /url|host|hook/i.test(key)
					? loopback.url
					: (field.default ?? 'T0ken-of-the-test'),
		]),
	);
}

beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), 'carillon-admin-'));
	inFolder('routes.js', teller);
	inFolder('routes.html', '');
	loopback = await service(() => ({ body: { ok: true } }));
	const { hashSync } = createRequire(join(hostFolder, 'node_modules/node-red/package.json'))('bcryptjs') as {
		hashSync(password: string, rounds: number): string;
	};
	const user = (username: string, permissions: string) => ({
		username,
		permissions,
		password: hashSync(password, 4),
	});
	const adminAuth = { type: 'credentials', users: [user('ringer', '*'), user('listener', 'read')] };
	[red, bare] = [
		await startNodeRed({ settings: { adminAuth, nodesDir: folder } }),
		await startNodeRed({ settings: { adminAuth, nodesDir: folder }, bare: true }),
	];
	[writer, reader] = [await signIn('ringer'), await signIn('listener')];
	// A node of each, so that no code is still to be loaded that might add a route.
	const flow = [
		{ id: 'tab', type: 'tab' },
		...accounts(),
		...definitions()
			.filter((found) => runsIn(found, 'node-red'))
			.map(({ id, kind }) => ({
				...{ id, type: typeOf(id), z: 'tab', x: 0, y: 0, wires: [[]] },
				// What keeps something does so in a file of its host's.
				...(kind !== 'flow' && { account: `${id}-account` }),
			})),
	];
	const deployed = await fetch(`${red.url}flows`, {
		method: 'POST',
		headers: { 'content-type': 'application/json', authorization: writer },
		body: JSON.stringify(flow),
	});
	expect(deployed.status).toBe(204);

	const others = new Set(await told(bare));
	const ids = definitions().map(({ id }) => id);
	const patterns = [...new Set(await told(red))].filter((route) => !others.has(route));
	const whats = patterns.flatMap((route) => /\/(\w+)$/.exec(route)?.[1] ?? []);
	const filled = patterns.flatMap((route) =>
		(route.includes('/:id') ? ids : ['']).flatMap((id) =>
			(route.includes('/:what') ? [...whats, 'anything'] : ['']).map((what) =>
				route.replace('/:id', `/${id}`).replace('/:what', `/${what}`),
			),
		),
	);
	routes = [...new Set(filled)].map((route) => route.split(' ') as [string, string]);
}, 300_000);
afterAll(async () => {
	await Promise.all([red?.stop(), bare?.stop(), loopback?.close()]);
	rmSync(folder, { recursive: true, force: true });
}, 60_000);

test('what is ours is found', () => {
	expect(routes.length).toBeGreaterThan(channels.length);
	for (const [method, path] of routes) {
		expect([method, path]).toEqual(['POST', expect.stringMatching(/^\/carillon-editor\/\w+\/\w+$/)]);
	}
	expect(routes).toContainEqual(['POST', '/carillon-editor/telegram/test']);
	expect(routes).toContainEqual(['POST', '/carillon-editor/webhookTrigger/preview']);
	for (const what of ['keepers', 'kept', 'sendAgain', 'drop', 'seen'])
		expect(routes).toContainEqual(['POST', `/carillon-editor/outbox/${what}`]);
});

/** Changes nothing, sends nothing. */
const looks = (path: string) => /\/(keepers|kept)$/.test(path);

interface Attack {
	headers: Record<string, string>;
	/** Of the answer. */
	status: number;
	says: RegExp;
}

const json = 'application/json';
const isForeign = { status: 403, says: /editor’s own page/ };
const isNoJson = { status: 415, says: /application\/json/ };
const mayNot = { status: 401, says: /sign in / };

const attacks: [string, () => Attack][] = [
	['another origin', () => ({ ...isForeign, headers: { 'content-type': json, origin: 'https://evil.example' } })],
	[
		'no origin at all, from another site',
		() => ({ ...isForeign, headers: { 'content-type': json, 'sec-fetch-site': 'cross-site' } }),
	],
	['the null origin', () => ({ ...isForeign, headers: { 'content-type': json, origin: 'null' } })],
	[
		'another origin, through a proxy',
		() => ({
			...isForeign,
			headers: { 'content-type': json, origin: 'https://evil.example', 'x-forwarded-host': 'bells.example' },
		}),
	],
	['a form', () => ({ ...isNoJson, headers: { 'content-type': 'application/x-www-form-urlencoded' } })],
	['JSON that says it is a text', () => ({ ...isNoJson, headers: { 'content-type': 'text/plain' } })],
	['a multipart form', () => ({ ...isNoJson, headers: { 'content-type': 'multipart/form-data; boundary=bell' } })],
	['nobody', () => ({ ...mayNot, headers: { 'content-type': json, authorization: '' } })],
	['somebody made up', () => ({ ...mayNot, headers: { 'content-type': json, authorization: 'Bearer made-up' } })],
	['who may only read', () => ({ ...mayNot, headers: { 'content-type': json, authorization: reader } })],
];

/** What a form of that channel would send, in the encoding that the attack says. */
function bodyFor(path: string, type: string): string {
	const [, , id = ''] = path.split('/');
	const channel = channels.find((each) => each.id === id);
	const asked = {
		account: `${id}-account`,
		values: { ...(channel && valuesOf(channel)), token: '${HOME}' },
		options: { to: '42' },
		sample: 'library.added',
	};
	if (type.startsWith('application/x-www-form-urlencoded')) {
		const pairs = Object.entries(asked.values).map(([name, value]): [string, string] => [
			`values[${name}]`,
			String(value),
		]);
		return new URLSearchParams([['account', asked.account], ['options[to]', '42'], ...pairs]).toString();
	}
	if (type.startsWith('multipart/'))
		return `--bell\r\ncontent-disposition: form-data; name="account"\r\n\r\n${asked.account}\r\n--bell--\r\n`;
	return JSON.stringify(asked);
}

test.each(attacks)(
	'%s is refused on every route, in a sentence, and nothing goes out',
	async (_who, attack) => {
		const { headers, status, says } = attack();
		for (const [method, path] of routes) {
			// Who may read flows may look at what waits in them.
			if (headers.authorization === reader && looks(path)) continue;
			const reply = await fetch(`${red.url}${path.slice(1)}`, {
				method,
				headers: { authorization: writer, origin: new URL(red.url).origin, ...headers },
				body: bodyFor(path, headers['content-type'] ?? json),
			});
			const answered = (await reply.json()) as { ok: boolean; message: string };
			expect([path, reply.status, answered]).toEqual([
				path,
				status,
				{ ok: false, message: expect.stringMatching(says) },
			]);
		}
		expect(loopback.requests).toEqual([]);
	},
	60_000,
);

test('who may only read sees what waits, and moves nothing', async () => {
	const asked = async (path: string) => {
		const reply = await fetch(`${red.url}carillon-editor/outbox/${path}`, {
			method: 'POST',
			headers: { 'content-type': json, authorization: reader, origin: new URL(red.url).origin },
			body: JSON.stringify({ node: 'outbox', message: 'm', notice: 'n' }),
		});
		return [reply.status, await reply.json()];
	};
	expect(await asked('keepers')).toEqual([200, { keepers: [expect.objectContaining({ id: 'outbox' })] }]);
	expect(await asked('kept')).toEqual([200, { entries: [] }]);
	for (const path of ['sendAgain', 'drop', 'seen', 'KEPT/', 'anything'])
		expect([path, (await asked(path))[0]]).toEqual([path, 401]);
});

test('the editor itself comes through', async () => {
	const passed: string[] = [];
	for (const [method, path] of routes) {
		if (path.endsWith('/anything')) continue;
		const reply = await fetch(`${red.url}${path.slice(1)}`, {
			method,
			headers: { 'content-type': json, authorization: writer, origin: new URL(red.url).origin },
			body: JSON.stringify({ sample: 'library.added', options: {}, values: {} }),
		});
		expect([401, 403, 415]).not.toContain(reply.status);
		if (reply.status !== 404) passed.push(path);
	}
	expect(passed.length).toBeGreaterThan(channels.length);
	// What the attacks above asked for would have arrived.
	const bark = channels.find(({ id }) => id === 'bark')!;
	await fetch(`${red.url}carillon-editor/bark/test`, {
		method: 'POST',
		headers: { 'content-type': json, authorization: writer, origin: new URL(red.url).origin },
		body: JSON.stringify({ account: 'bark-account', values: valuesOf(bark) }),
	});
	expect(loopback.requests.length).toBeGreaterThan(0);
}, 60_000);
