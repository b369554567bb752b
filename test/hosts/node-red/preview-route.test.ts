import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fc } from '../../property';
import { triggerSet } from '../../../src/hosts/node-red/trigger-node';
import { webhookTrigger } from '../../../src/services/webhook/webhook.trigger';
import { startNodeRed, type NodeRed } from './nodeRed';
import { hostFolder, listen, load, nextInput, nodeRed, type Listening } from './runtime';

const post = (url: string, body: string, headers: Record<string, string> = {}) =>
	fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body });

describe('in a Node-RED', () => {
	let http: Listening;

	beforeAll(() => nodeRed().startServer());
	afterAll(() => nodeRed().stopServer());
	beforeEach(async () => {
		await load([triggerSet(webhookTrigger)], []);
		http = await listen(nodeRed()._httpAdmin);
	});
	afterEach(async () => {
		await http.close();
		await nodeRed().unload();
	});

	async function preview(options: object, sample: unknown = 'jellyfin/playback.started', language = 'en') {
		const reply = await post(
			`${http.url}/carillon-editor/webhookTrigger/preview`,
			JSON.stringify({ sample, options, language }),
		);
		return { status: reply.status, body: (await reply.json()) as Record<string, unknown> };
	}

	test('shows the ready texts where there are no templates', async () => {
		const { status, body } = await preview({ titleTemplate: '', bodyTemplate: '', timeZone: '' });
		expect([status, body]).toEqual([
			200,
			{
				title: '▶ Alice is watching Severance S02E03 · Who Is Alive? on Apple TV',
				html: expect.stringContaining('<a href="https://www.imdb.com/title/tt14671678/">IMDb</a>'),
				fields: [],
			},
		]);
	});

	test('fills the templates, in the account’s language', async () => {
		const options = { titleTemplate: '{{ user.name }}', bodyTemplate: '**{{ item.title }}** {{ title }}' };
		// The first one loads the template engine, on a busy machine for longer than a template may take.
		await preview(options, 'plex/library.added', 'zh');
		expect((await preview(options, 'plex/library.added', 'zh')).body).toMatchObject({
			title: 'Alice',
			html: expect.stringContaining('<b>Metropolis</b> 🎬 新电影入库：Metropolis (1927)'),
		});
	});

	test.each([
		['bodyTemplate', '{{ item.title | shout }}', /^“Message template” cannot be used: .*shout.*\.$/],
		['titleTemplate', '{% if %}', /^“Title template” cannot be used: .*\.$/],
		['timeZone', 'Mars/Base', /^“Time zone” is not a time zone/],
	])('a wrong %s is told in a sentence', async (field, value, sentence) => {
		const { status, body } = await preview({ [field]: value });
		expect([status, body]).toEqual([
			422,
			{
				field,
				problem: { en: expect.stringMatching(sentence), zh: expect.stringMatching(/^“.+模板|时区”.+。$/) },
			},
		]);
	});

	test('a name that no event has is told beside the message', async () => {
		const { status, body } = await preview({ titleTemplate: '{{ user.nam }}', bodyTemplate: '{{ item.title }}' });
		expect([status, body.warnings]).toEqual([200, ['“user.nam” is always empty: “user” has id, name.']]);
	});

	test('a sample is played into the flow as it is deployed', async () => {
		const play = async (node: unknown, sample: unknown) => {
			const reply = await post(
				`${http.url}/carillon-editor/webhookTrigger/play`,
				JSON.stringify({ node, sample }),
			);
			return { status: reply.status, body: (await reply.json()) as Record<string, unknown> };
		};
		await nodeRed().unload();
		const flow = [
			{ id: 'tab', type: 'tab' },
			{ id: 'acc', type: 'carillon-webhookTrigger-account', language: 'en' },
			{
				...{ id: 'hook', type: 'carillon-webhookTrigger', account: 'acc', path: '/x', usual: false, z: 'tab' },
				...{ x: 0, y: 0, titleTemplate: '{{ user.name }} plays', wires: [['out']] },
			},
			{ id: 'out', type: 'helper', z: 'tab', x: 0, y: 0 },
		];
		await load([triggerSet(webhookTrigger)], flow, { acc: { key: 'k' } });
		await http.close();
		http = await listen(nodeRed()._httpAdmin);
		const out = nextInput('out');
		expect(await play('hook', 'emby/playback.started')).toEqual({ status: 200, body: { ok: true } });
		expect(await out).toMatchObject({
			payload: { title: 'Alice plays' },
			event: {
				type: 'playback.started',
				user: { name: 'Alice' },
				item: { poster: { data: expect.any(Buffer) } },
			},
		});
		for (const [node, sample, says] of [
			['nowhere', 'emby/playback.started', /Deploy this node first/],
			['hook', 'no.such', /no sample/],
			[undefined, undefined, /Deploy this node first/],
		] as const)
			expect(await play(node, sample)).toEqual({
				status: 422,
				body: { ok: false, message: expect.stringMatching(says) },
			});
		await nodeRed().unload();
		expect((await play('hook', 'emby/playback.started')).status).not.toBe(200);
		await load([triggerSet(webhookTrigger)], []);
	});

	test('what a template says can be put into the page', async () => {
		const hostile = '<img src=x onerror=alert(1)><script>alert(1)</script>[a](javascript:alert(1)) {{ raw }}';
		const { html } = (await preview({ bodyTemplate: hostile })).body as { html: string };
		expect(html).not.toMatch(/<(?:img|script)|href="javascript/i);
		const markup = fc.constantFrom(
			'<',
			'>',
			'"',
			"'",
			'&',
			'`',
			'[a](',
			')',
			'![',
			'](',
			'javascript:',
			'data:',
			'\n',
		);
		await fc.assert(
			fc.asyncProperty(
				fc.array(fc.oneof(markup, fc.string()), { minLength: 1, maxLength: 15 }),
				async (pieces) => {
					const { html = '' } = (await preview({ bodyTemplate: pieces.join('') })).body as { html?: string };
					for (const [tag, name] of html.matchAll(/<\/?([a-z0-9]*)[^>]*>/gi)) {
						expect(name).toMatch(
							/^(?:a|b|i|s|u|p|br|hr|ul|ol|li|h[1-6]|pre|code|blockquote|img|table|t[rdh]|thead|tbody|span|div)$/,
						);
						expect(tag).not.toMatch(/\son\w+=|(?:href|src)="(?!https?:|mailto:|cid:)/i);
					}
				},
			),
			{ numRuns: 200 },
		);
	});

	test.each([
		['nothing', ''],
		['not an object', '"x"'],
		['no sample', '{}'],
		['odd values', '{"sample":{"a":1},"options":{"titleTemplate":{"a":1}}}'],
		['an unknown sample', '{"sample":"__proto__","options":{}}'],
	])('%s in the body harms nothing', async (_what, body) => {
		const reply = await post(`${http.url}/carillon-editor/webhookTrigger/preview`, body);
		expect([400, 422]).toContain(reply.status);
		expect((await preview({})).status).toBe(200);
	});
});

describe('where one must sign in', () => {
	const password = 'Ding-dong-1';
	let red: NodeRed;

	beforeAll(async () => {
		const { hashSync } = createRequire(join(hostFolder, 'node_modules/node-red/package.json'))('bcryptjs') as {
			hashSync(password: string, rounds: number): string;
		};
		const user = (username: string, permissions: string) => ({
			username,
			permissions,
			password: hashSync(password, 4),
		});
		const users = [user('ringer', '*'), user('listener', 'read')];
		red = await startNodeRed({ settings: { adminAuth: { type: 'credentials', users } } });
	}, 120_000);
	afterAll(() => red?.stop(), 30_000);

	async function statusFor(username?: string): Promise<number> {
		const headers: Record<string, string> = {};
		if (username) {
			const form = { client_id: 'node-red-admin', grant_type: 'password', scope: '*', username, password };
			const reply = await post(`${red.url}auth/token`, JSON.stringify(form));
			headers.authorization = `Bearer ${((await reply.json()) as { access_token: string }).access_token}`;
		}
		const asked = JSON.stringify({ sample: 'emby/library.added', options: {} });
		return (await post(`${red.url}carillon-editor/webhookTrigger/preview`, asked, headers)).status;
	}

	test.each([
		['somebody who has not', undefined, 401],
		['who may only read', 'listener', 401],
		['who may write', 'ringer', 200],
	])('%s: %s → %d', async (_who, username, status) => {
		expect(await statusFor(username)).toBe(status);
	});
});
