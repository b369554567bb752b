import type { ChatEvent } from '../../../src/core/receive/chat';
import { receptionist, type Reception } from '../../../src/core/receive/reception';
import { memoryStore } from '../../../src/core/state/memory';
import type { KeyValues } from '../../../src/core/state/store';
import { act, deliver } from '../../../src/core/deliver/deliver';
import { vapidKeys } from '../../../src/services/webPush/keys';
import { placeOf } from '../../../src/services/webPush/subscribers';
import { webPush } from '../../../src/services/webPush/webPush.channel';
import { webPushTrigger } from '../../../src/services/webPush/webPush.trigger';
import { faked } from '../../faked';
import type { Answer, Seen } from '../../service';
import { pushService } from './pushService';
import { browser } from './receiver';

const pageKey = 'a page key of some length';
const phone = browser('phone');
let service = pushService([phone]);
const server = faked((request: Seen): Answer => service.answer(request));
let lasting: KeyValues;
let reception: Reception;

beforeEach(() => {
	service = pushService([phone]);
	lasting = memoryStore();
	open();
});

const account = (more = {}) => ({ pageKey, pushServers: server.url, ...more });

function open(options: Record<string, unknown> = {}, more: Record<string, unknown> = {}) {
	reception = receptionist(webPushTrigger, {
		...{ account: account(more), options, lasting, store: memoryStore() },
	});
}

interface Told {
	status: number;
	headers: Readonly<Record<string, string>>;
	body: string;
	events: ChatEvent[];
	failure?: string;
}

async function call(method: string, query: Record<string, string>, said?: unknown, headers = {}): Promise<Told> {
	const head = { method, path: '/', query, headers: { accept: 'text/html', ...headers } };
	const refused = reception.admit(head);
	if (refused) return { headers: {}, body: '', ...refused, events: [], failure: refused.failure?.message };
	const body = Buffer.from(said === undefined ? '' : typeof said === 'string' ? said : JSON.stringify(said));
	const outcome = reception.receive({ ...head, body });
	const answer = await outcome.answer;
	const failure = outcome.failure ?? (await outcome.afterwards);
	const events = (await outcome.happenings).map(({ event }) => event as ChatEvent);
	return { headers: {}, body: '', ...answer, events, failure: failure?.message };
}

const say = async (said: unknown, key = pageKey) => {
	const { body, ...rest } = await call('POST', { key }, said);
	return { ...rest, said: JSON.parse(body || '{}') as Record<string, unknown> };
};

const join = (more: Record<string, unknown> = {}) =>
	say({
		...{ do: 'subscribe', subscription: phone.subscription(server.url), name: 'Ann', tags: 'family, night' },
		...{ browser: 'Chrome · Android', ...more },
	});
const endpoint = () => phone.subscription(server.url).endpoint;

describe('the page', () => {
	test.each([
		['en-GB,en', 'en', 'Allow notifications'],
		['zh-CN,zh;q=0.9', 'zh', '允许通知'],
	])(
		'%s: it speaks %s, runs nothing but its own script, and tells nobody its address',
		async (accept, lang, words) => {
			const { status, headers, body } = await call('GET', { key: pageKey }, undefined, {
				'accept-language': accept,
			});
			expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
			expect(body).toContain(`<html lang="${lang}">`);
			expect(body).toContain(words);
			expect(body).not.toMatch(/\{\s*\{\s*\w+;?\s*\}\s*\}|\/\* \w+ \*\//);
			expect(body).toContain('pushManager.subscribe');
			expect(body).toContain('prefers-color-scheme: dark');
			const [, nonce] = /<script nonce="([^"]+)">/.exec(body)!;
			const policy = headers['content-security-policy']!.replaceAll('&#43;', '+');
			expect(policy).toContain(`script-src 'nonce-${nonce!.replaceAll('&#43;', '+')}'`);
			expect(policy).not.toMatch(/unsafe|sandbox/);
			expect(headers).toMatchObject({ 'referrer-policy': 'no-referrer', 'cache-control': 'no-store' });
			const { publicKey } = await vapidKeys({ pageKey }, placeOf({ pageKey }), lasting);
			expect(body).toContain(publicKey);
		},
	);

	test('a key with signs of HTML breaks out of nothing', async () => {
		const odd = '"></script><b>&key is long';
		open({}, { pageKey: odd });
		const { body } = await call('GET', { key: odd });
		expect(body).not.toContain('</script><b>');
		expect(body).not.toContain(odd);
	});

	test('worker, manifest and icon', async () => {
		const worker = await call('GET', { key: pageKey, get: 'worker' });
		expect(worker.headers).toMatchObject({
			'content-type': 'text/javascript; charset=utf-8',
			'service-worker-allowed': '/',
		});
		// It is a whole script.
		expect(() => new Function(worker.body)).not.toThrow();
		const manifest = JSON.parse((await call('GET', { key: pageKey, get: 'manifest' })).body) as {
			start_url: string;
			display: string;
			icons: { src: string }[];
		};
		const start = new URL(manifest.start_url, `https://n8n.example/webhook/push?key=x&get=manifest`);
		expect([start.pathname, start.searchParams.get('key'), manifest.display]).toEqual([
			...['/webhook/push', pageKey, 'standalone'],
		]);
		const icon = await call('GET', Object.fromEntries(new URLSearchParams(manifest.icons[0]!.src)));
		expect([icon.headers['content-type'], icon.body.slice(0, 4)]).toEqual(['image/svg+xml', '<svg']);
	});
});

describe('without the key', () => {
	test.each([{}, { key: '' }, { key: 'wrong' }, { key: `${pageKey}x` }])(
		'%j: a page asks for it, nothing else is given',
		async (query) => {
			for (const get of [undefined, 'worker', 'manifest', 'icon']) {
				const { status, body } = await call('GET', { ...(query as object), ...(get && { get }) });
				expect([status, body.includes('type="password"')]).toEqual([401, true]);
				expect(body).not.toContain(pageKey);
			}
			expect(await call('POST', query as Record<string, string>, { do: 'subscribe' })).toMatchObject({
				status: 401,
			});
		},
	);

	test('other programs get the sentence', async () => {
		const { status, body } = await call('GET', {}, undefined, { accept: '*/*' });
		expect([status, JSON.parse(body)]).toEqual([401, { ok: false, error: expect.stringMatching(/\?key=/) }]);
	});

	test.each([{ pageKey: '${UNSET_VARIABLE}' }])('an account without one is closed: %j', (more) => {
		open({}, more);
		expect(reception.access).toMatchObject({ class: 'Invalid', field: 'pageKey' });
	});
});

test('somebody subscribes, is rung, presses a button and is answered', async () => {
	open({ events: ['button', 'subscribe', 'unsubscribe'], answers: 'play = On its way' });
	const joined = await join();
	expect(joined).toMatchObject({ status: 200, said: { ok: true, name: 'Ann', tags: ['family', 'night'] } });
	expect(joined.events).toMatchObject([{ kind: 'subscribe', channel: 'webPush', user: { name: 'Ann' } }]);
	expect(JSON.stringify([joined.events, joined.said])).not.toContain('/push/');
	await deliver(
		webPush,
		account(),
		{ to: 'family' },
		{ body: 'New', buttons: [{ text: 'Play', value: '/play 7' }] },
		{ lasting },
	);
	const [{ payload }] = service.delivered as [(typeof service.delivered)[0]];
	const pressed = await say({ do: 'press', endpoint: endpoint(), value: '/play 7', message: payload.id });
	expect(pressed).toMatchObject({ status: 200, said: { ok: true, say: 'On its way' } });
	const [event] = pressed.events;
	expect(event).toMatchObject({
		...{ kind: 'button', text: '/play 7', command: 'play', args: ['7'], user: { name: 'Ann' } },
		button: { value: '/play 7', messageId: payload.id },
	});
	// An answer sent there lands in the same browser.
	await deliver(webPush, account(), { allowTo: true }, { body: 'Done', to: event!.replyTo }, { lasting });
	expect(service.delivered).toHaveLength(2);
});

test('by default pressed buttons alone come into the flow; the same press twice within a second is one', async () => {
	expect((await join()).events).toEqual([]);
	const press = { do: 'press', endpoint: endpoint(), value: 'yes', message: 'm1' };
	const [first, second] = [await say(press), await say(press)];
	expect(first.events).toHaveLength(1);
	expect([second.status, second.events.length]).toEqual([200, 0]);
	expect((await say({ do: 'unsubscribe', endpoint: endpoint() })).events).toEqual([]);
});

test('only those who are allowed', async () => {
	const { said } = await join();
	open({ users: 'somebody else', strangers: 'refuse' });
	const press = { do: 'press', endpoint: endpoint(), value: 'yes', message: 'm1' };
	expect(await say(press)).toMatchObject({ events: [], said: { say: expect.stringMatching(/people I know/) } });
	open({ users: String(said.id), admins: String(said.id) });
	expect((await say(press)).events).toMatchObject([{ admin: true }]);
});

test('whoever is not subscribed presses nothing, tests nothing', async () => {
	for (const what of ['press', 'test'])
		expect(await say({ do: what, endpoint: endpoint(), value: 'x' })).toMatchObject({
			status: 404,
			events: [],
			said: { error: expect.stringMatching(/not subscribed any more/) },
		});
});

test('a test reaches the browser that asks for it, and says what went wrong', async () => {
	await join();
	expect(await say({ do: 'test', endpoint: endpoint(), language: 'zh' })).toMatchObject({ status: 200 });
	expect(service.delivered[0]!.payload.body).toMatch(/测试/);
	service.gone.add('phone');
	expect(await say({ do: 'test', endpoint: endpoint() })).toMatchObject({
		...{ status: 409, said: { error: expect.stringMatching(/gave the subscription up/) } },
	});
});

test('a browser whose address has changed keeps its place, and another cannot take it', async () => {
	await join();
	const other = browser('other').subscription(server.url);
	await say({ do: 'subscribe', subscription: other, before: 'https://guessed.example/x', name: 'Eve' });
	await join({ subscription: browser('new').subscription(server.url), before: endpoint(), name: 'Ann 2' });
	const all = (await act(webPush, 'listSubscribers', account(), {}, { lasting })) as { name: string }[];
	expect(all.map(({ name }) => name)).toEqual(['Eve', 'Ann 2']);
});

test.each([
	[{ do: 'subscribe' }, 400, /endpoint/],
	[
		{ do: 'subscribe', subscription: { endpoint: 'https://127.0.0.1:9/x', keys: phone.subscription('').keys } },
		403,
		/none of the usual push services/,
	],
	[
		{ do: 'subscribe', subscription: { endpoint: 'https://169.254.169.254/x', keys: phone.subscription('').keys } },
		403,
		/More push services/,
	],
	[{ do: 'something' }, 400, /load it again/],
	['no JSON', 400, /not what/],
	['[]', 400, /not what/],
])('what is none: %j', async (said, status, why) => {
	const told = await say(said);
	expect(told).toMatchObject({ status, events: [], said: { error: expect.stringMatching(why) } });
	expect(await act(webPush, 'listSubscribers', account(), {}, { lasting })).toEqual([]);
});

test('a store that is away is a fault of this side, told to nobody but its log', async () => {
	const away = () => Promise.reject(new Error('the disk is full at /secret/place'));
	lasting = { ...lasting, get: away, update: away };
	open();
	const { status, body, failure } = await call('GET', { key: pageKey });
	expect(status).toBe(500);
	expect(body).not.toContain('/secret/place');
	expect(failure).toBeDefined();
});
