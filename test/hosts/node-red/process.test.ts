import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { service, type Service } from '../../service';
import { startNodeRed, type NodeRed } from './nodeRed';
import { until } from './runtime';

const root = join(__dirname, '../../..');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
	name: string;
	'node-red': { nodes: Record<string, string> };
};

let receiver: Service;
let nodeRed: NodeRed;

/** Bark's own answers: 400 for a device it does not know. */
const bark = (json: { device_key?: string } | undefined) =>
	json?.device_key === 'known'
		? { body: { code: 200, message: 'success', timestamp: 1 } }
		: { status: 400, body: { code: 400, message: 'failed to get device token' } };

beforeAll(async () => {
	receiver = await service(({ json }) => bark(json as { device_key?: string }));
});
afterAll(() => receiver.close());
beforeEach(() => void (receiver.requests.length = 0));

const place = { z: 'tab', x: 0, y: 0 };
const key = 'Key-of-the-hook';

const flows = () => [
	{ id: 'tab', type: 'tab', label: 'tab' },
	{ id: 'hookAccount', type: 'carillon-webhookTrigger-account', language: 'en', credentials: { key } },
	{
		id: 'barkAccount',
		type: 'carillon-bark-account',
		baseUrl: receiver.url,
		language: 'en',
		credentials: { deviceKeys: 'known' },
	},
	{
		id: 'lostAccount',
		type: 'carillon-bark-account',
		baseUrl: receiver.url,
		language: 'zh',
		credentials: { deviceKeys: 'unknown' },
	},
	{
		id: 'hook',
		type: 'carillon-webhookTrigger',
		account: 'hookAccount',
		path: '/carillon/webhook',
		...place,
		wires: [['bark', 'lost']],
	},
	{ id: 'bark', type: 'carillon-bark', account: 'barkAccount', ...place, wires: [[]] },
	{ id: 'lost', type: 'carillon-bark', account: 'lostAccount', attempts: 1, ...place, wires: [[]] },
	{ id: 'catch', type: 'catch', scope: ['lost'], ...place, wires: [['fallback']] },
	{
		id: 'fallback',
		type: 'carillon-bark',
		account: 'barkAccount',
		message: 'error.message',
		message_type: 'msg',
		title: 'Failed',
		...place,
		wires: [[]],
	},
	{ id: 'echo', type: 'http in', url: '/echo', method: 'post', ...place, wires: [['answer']] },
	{ id: 'answer', type: 'http response', ...place, wires: [] },
];

const plex = {
	event: 'library.new',
	Account: { title: 'Ann' },
	Server: { title: 'Home', uuid: 'u' },
	Metadata: { type: 'movie', title: 'The Bell Ringer', year: 2024, ratingKey: '1', summary: 'Ding.' },
};

function plexForm(boundary = 'x') {
	return {
		headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
		body: `--${boundary}\r\ncontent-disposition: form-data; name="payload"\r\ncontent-type: application/json\r\n\r\n${JSON.stringify(plex)}\r\n--${boundary}--\r\n`,
	};
}

describe.each([
	['both roots at /', {}],
	[
		'roots of their own, behind a user name',
		{
			httpAdminRoot: '/admin',
			httpNodeRoot: '/red',
			httpNodeAuth: { user: 'u', pass: '$2a$08$zZWtXTja0fB1pzD4sHCMyOCMYz2Z6dNbM6tl8sJogENOMcxWV9DN.' },
		},
	],
])('%s', (_what, settings) => {
	const login =
		'httpNodeAuth' in settings
			? { authorization: `Basic ${Buffer.from('u:password').toString('base64')}` }
			: undefined;
	const post = (path: string, init: RequestInit) =>
		fetch(`${nodeRed.nodes}${path}`, { method: 'POST', ...init, headers: { ...init.headers, ...login } });

	beforeAll(async () => {
		nodeRed = await startNodeRed({ settings });
		await nodeRed.deploy(flows());
	}, 120_000);
	afterAll(() => nodeRed.stop());

	test('all sets load', async () => {
		const reply = await fetch(`${nodeRed.url}nodes`, { headers: { accept: 'application/json' } });
		const sets = (await reply.json()) as { module: string; name: string; enabled: boolean; err?: string }[];
		const own = sets.filter(({ module }) => module === manifest.name);
		expect(own.filter(({ err, enabled }) => err !== undefined || !enabled)).toEqual([]);
		expect(own.map(({ name }) => name).sort()).toEqual(Object.keys(manifest['node-red'].nodes).sort());
	});

	test('a Plex event rings; the channel that is refused is caught and told by another', async () => {
		const reply = await post(`/api/v1/webhook/plex?apiKey=${key}`, plexForm());
		expect([reply.status, await reply.text()]).toEqual([200, expect.any(String)]);
		const sent = await until(
			() => receiver.requests.length >= 3 && receiver.requests.map(({ json }) => json as Record<string, string>),
		);
		expect(sent).toContainEqual(
			expect.objectContaining({ device_key: 'known', body: expect.stringContaining('Ding.') }),
		);
		expect(sent).toContainEqual(expect.objectContaining({ device_key: 'unknown' }));
		expect(sent).toContainEqual(
			expect.objectContaining({ device_key: 'known', title: 'Failed', body: expect.stringContaining('Bark') }),
		);
		expect(nodeRed.isRunning()).toBe(true);
	});

	test.each([
		['without the key', '/carillon/webhook', plexForm(), 401],
		[
			'that is not understood',
			`/carillon/webhook?token=${key}`,
			{ body: '[1]', headers: { 'content-type': 'application/json' } },
			400,
		],
		[
			'broken',
			`/carillon/webhook?token=${key}`,
			{ body: '{"event":', headers: { 'content-type': 'application/json' } },
			400,
		],
	])('a request %s is refused with a reason', async (_how, path, init, status) => {
		const reply = await post(path, init);
		const said = (await reply.json()) as { ok: boolean; error: string };
		expect([reply.status, said]).toEqual([status, { ok: false, error: expect.any(String) }]);
		expect(said.error).not.toContain(key);
		expect(receiver.requests).toEqual([]);
	});

	test('other HTTP nodes and the editor get their bodies as ever', async () => {
		const reply = await post('/echo', { body: '{"a":1}', headers: { 'content-type': 'application/json' } });
		expect(await reply.json()).toEqual({ a: 1 });
		expect((await fetch(`${nodeRed.url}flows`)).status).toBe(200);
	});

	if (login) {
		test('the server’s own login comes first', async () => {
			const reply = await fetch(`${nodeRed.nodes}/carillon/webhook?apiKey=${key}`, {
				method: 'POST',
				...plexForm(),
			});
			expect(reply.status).toBe(401);
			expect(reply.headers.get('www-authenticate')).toMatch(/^Basic/);
		});
	}

	test('secrets do not come back, and stand encrypted on the disk', async () => {
		const shown = await (await fetch(`${nodeRed.url}credentials/carillon-bark-account/barkAccount`)).json();
		expect(shown).toMatchObject({ has_deviceKeys: true });
		expect(JSON.stringify(shown)).not.toContain('known');
		expect(await (await fetch(`${nodeRed.url}flows`)).text()).not.toContain(key);
	});

	test('a test can be sent, and a changed address does not get the kept key', async () => {
		const ask = (values: object) =>
			fetch(`${nodeRed.url}carillon-editor/bark/test`, {
				method: 'POST',
				headers: { 'content-type': 'application/json' },
				body: JSON.stringify({
					account: 'barkAccount',
					values: { deviceKeys: '__PWRD__', language: 'en', ...values },
				}),
			});
		expect((await ask({ baseUrl: receiver.url })).status).toBe(200);
		expect((await ask({ baseUrl: `${receiver.url}/elsewhere` })).status).toBe(422);
		expect(receiver.requests).toHaveLength(1);
	});

	test('a redeploy under load loses its grip on nothing', async () => {
		const posts = Array.from({ length: 20 }, () =>
			post(`/carillon/webhook?apiKey=${key}`, plexForm()).then(
				({ status }) => status,
				() => 0,
			),
		);
		await nodeRed.deploy([...flows(), { id: `n${Date.now()}`, type: 'comment', ...place }]);
		await Promise.all(posts);
		const reply = await post(`/carillon/webhook?apiKey=${key}`, plexForm());
		expect(reply.status).toBe(200);
		expect(nodeRed.isRunning()).toBe(true);
		expect(nodeRed.log()).not.toMatch(/Uncaught|unhandled/i);
	});
});
