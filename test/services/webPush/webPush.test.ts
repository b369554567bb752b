import { createECDH } from 'node:crypto';
import { act, deliver, lookUp, verify } from '../../../src/core/deliver/deliver';
import { memoryStore } from '../../../src/core/state/memory';
import type { KeyValues } from '../../../src/core/state/store';
import { isPushService, type Account } from '../../../src/services/webPush/account';
import { vapidHeader, vapidKeys } from '../../../src/services/webPush/keys';
import { subscribe, subscribersOf } from '../../../src/services/webPush/subscribers';
import { subscriptionIn, type Subscription } from '../../../src/services/webPush/subscription';
import { webPush } from '../../../src/services/webPush/webPush.channel';
import { fc, runs } from '../../property';
import { faked } from '../../faked';
import { refused } from '../../refused';
import type { Answer, Seen } from '../../service';
import { claimsIn, pushService } from './pushService';
import { browser, opened, receiverOfRfc as receiver } from './receiver';

const pageKey = 'a page key of some length';
const people = [browser('phone'), browser('laptop'), browser('tablet')];
let service = pushService(people);
const server = faked((request: Seen): Answer => service.answer(request));
let lasting: KeyValues;

beforeEach(async () => {
	service = pushService(people);
	lasting = memoryStore();
	await join('phone', 'Ann', ['family']);
	await join('laptop', 'Bob', ['family', 'admins']);
});

const account = (more: Record<string, unknown> = {}) => ({ pageKey, pushServers: server.url, ...more });

async function join(id: string, name: string, tags: string[]) {
	const { subscription } = people.find((each) => each.id === id)!;
	const one = subscriptionIn({ ...subscription(server.url), name, tags }) as Subscription;
	await subscribe({ pageKey } as Account, lasting, { ...one, browser: 'Chrome', since: '2026-01-01T00:00:00.000Z' });
}

const send = (message: unknown, options: Record<string, unknown> = {}, more: Record<string, unknown> = {}) =>
	deliver(webPush, account(more), { attempts: 1, ...options }, message, { lasting });

describe('published vectors', () => {
	const plain = 'When I grow up, I want to be a watermelon';
	const body =
		'DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN';

	test('RFC 8291, appendix A: the body to the byte, and what it holds', () => {
		const sender = createECDH('prime256v1');
		sender.setPrivateKey(Buffer.from('yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw', 'base64url'));
		const { encrypt } = require('http_ece') as { encrypt(plain: Buffer, given: object): Buffer };
		const made = encrypt(Buffer.from(plain), {
			version: 'aes128gcm',
			dh: receiver.subscription('').keys.p256dh,
			authSecret: receiver.subscription('').keys.auth,
			privateKey: sender,
			salt: 'DGv6ra1nlYgDCS1FRnbzlw',
			rs: 4_096,
		});
		expect(made.toString('base64url')).toBe(body);
		expect(opened(Buffer.from(body, 'base64url'), receiver)).toBe(plain);
	});

	test('RFC 8292, 2.4: its token verifies, a changed one does not, and ours does', async () => {
		const token =
			'eyJ0eXAiOiJKV1QiLCJhbGciOiJFUzI1NiJ9.eyJhdWQiOiJodHRwczovL3B1c2guZXhhbXBsZS5uZXQiLCJleHAiOjE0NTM1MjM3NjgsInN1YiI6Im1haWx0bzpwdXNoQGV4YW1wbGUuY29tIn0.i3CYb7t4xfxCDquptFOepC9GAu_HLGkMlMuCGSK2rpiUfnK9ojFwDXb1JrErtmysazNjjvW2L9OkSSHzvoD1oA';
		const key = 'BA1Hxzyi1RUM1b5wjxsn7nGxAszw2u61m164i3MrAIxHF6YK5h4SDYic-dRuU_RCPCfA5aq9ojSwk5Y2EmClBPs';
		expect(claimsIn(`vapid t=${token}, k=${key}`)).toEqual({
			...{ aud: 'https://push.example.net', exp: 1_453_523_768, sub: 'mailto:push@example.com', key },
		});
		expect(() => claimsIn(`vapid t=${token.replace('i3CY', 'i3CZ')}, k=${key}`)).toThrow(/signature/);
		const keys = await vapidKeys({ pageKey }, 'somewhere', memoryStore());
		const now = Date.UTC(2026, 0, 1);
		expect(claimsIn(vapidHeader(keys, 'https://push.example.net/p/1?x', 'mailto:push@example.com', now))).toEqual({
			aud: 'https://push.example.net',
			exp: now / 1000 + 43_200,
			sub: 'mailto:push@example.com',
			key: keys.publicKey,
		});
	});
});

test('keys are made once, hang on page key and store, and give way to those of one’s own', async () => {
	const store = memoryStore();
	const first = await vapidKeys({ pageKey }, 'p', store);
	expect((await vapidKeys({ pageKey }, 'p', store)).publicKey).toBe(first.publicKey);
	expect((await vapidKeys({ pageKey: `${pageKey}!` }, 'p', store)).publicKey).not.toBe(first.publicKey);
	expect((await vapidKeys({ pageKey }, 'p', memoryStore())).publicKey).not.toBe(first.publicKey);
	// The pair of RFC 8291's sender.
	const own = { pageKey, vapidPrivateKey: 'yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw' };
	expect((await vapidKeys(own, 'p', store)).publicKey).toBe(
		'BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8',
	);
});

test('a message is one push to each browser, which it alone can read', async () => {
	const receipt = await send({
		title: 'Film added',
		body: '**Blade Runner** is there',
		level: 'failure',
		url: 'https://example.com/film',
		image: { url: 'https://example.com/poster.jpg' },
		buttons: [
			{ text: 'Play', value: 'play 7' },
			{ text: 'Open', url: 'https://example.com/open' },
		],
		time: '2026-01-01T00:00:00Z',
	});
	expect(service.delivered.map(({ to }) => to)).toEqual(['phone', 'laptop']);
	const [{ payload, headers }] = service.delivered as [(typeof service.delivered)[0]];
	expect(payload).toEqual({
		id: receipt.ids[0],
		tag: receipt.ids[0],
		title: 'Film added',
		body: 'Blade Runner is there',
		url: 'https://example.com/film',
		image: 'https://example.com/poster.jpg',
		time: Date.UTC(2026, 0, 1),
		level: 'failure',
		buttons: [
			{ text: 'Play', value: 'play 7' },
			{ text: 'Open', url: 'https://example.com/open' },
		],
	});
	expect(headers).toMatchObject({ ttl: '86400', urgency: 'high', 'content-encoding': 'aes128gcm' });
	expect(claimsIn(headers.authorization!)).toMatchObject({
		aud: server.url,
		sub: 'https://github.com/carillon-notify/n8n-nodes-carillon',
	});
	expect(receipt).toMatchObject({ ok: true, degraded: [], warnings: [], attempts: 1 });
	expect(JSON.stringify(receipt)).not.toContain('/push/');
});

test.each([
	['Ann', ['phone']],
	['ann', ['phone']],
	['family', ['phone', 'laptop']],
	['#admins', ['laptop']],
	['Ann, admins', ['phone', 'laptop']],
	['Ann, family', ['phone', 'laptop']],
])('to %j', async (to, whom) => {
	await send('Hello', { to });
	expect(service.delivered.map((each) => each.to)).toEqual(whom);
});

test('a name that nobody has is a warning, and alone an error; the message’s own “to” counts where it may', async () => {
	const receipt = await send('Hello', { to: 'Ann, Carl' });
	expect(receipt.warnings).toEqual([expect.stringMatching(/No subscriber .* “Carl”/)]);
	expect(await refused(send('Hello', { to: 'Carl' }), pageKey)).toMatchObject({ class: 'Invalid', field: 'to' });
	service.delivered.length = 0;
	await send({ body: 'Hello', to: 'Bob' }, { to: 'Ann', allowTo: true });
	expect(service.delivered.map((each) => each.to)).toEqual(['laptop']);
});

test('nobody has subscribed: what to do is said', async () => {
	lasting = memoryStore();
	expect(await refused(send('Hello'), pageKey)).toMatchObject({
		class: 'Invalid',
		message: expect.stringMatching(/open the page/),
	});
	expect(server.requests).toHaveLength(0);
});

test('the same key, or topic, takes the same place; an edit does so without a sound', async () => {
	await send({ body: 'one', key: 'k' }, { to: 'Ann' });
	await send({ body: 'two', key: 'k', edit: true }, { to: 'Ann' });
	await send({ body: 'three' }, { to: 'Ann', topic: 'k' });
	await send({ body: 'four' }, { to: 'Ann' });
	await send({ body: 'five', key: 'k'.repeat(500) }, { to: 'Ann' });
	const topics = service.delivered.map(({ headers }) => headers.topic);
	expect(topics[0]).toBeDefined();
	expect(new Set(topics.slice(0, 3)).size).toBe(1);
	expect(topics[3]).toBeUndefined();
	expect(topics[4]).toMatch(/^[\w-]{32}$/);
	const [one, two, three, four] = service.delivered.map(({ payload }) => payload);
	expect(two).toMatchObject({ tag: one!.tag, edit: true });
	expect(three!.tag).toBe(one!.tag);
	expect(four!.tag).not.toBe(one!.tag);
	expect(one).not.toHaveProperty('edit');
});

test('urgency by level, or as chosen; silence; how long it is kept; what it looks like', async () => {
	await send({ body: 'a', level: 'success' }, { to: 'Ann' });
	await send({ body: 'b', level: 'info', silent: true }, { to: 'Ann', urgency: 'very-low', ttl: 0 });
	await send('c', {
		...{ to: 'Ann', stays: true, icon: 'https://example.com/i.png', badge: 'https://example.com/b.png' },
		url: 'https://example.com/own',
	});
	expect(service.delivered.map(({ headers }) => [headers.urgency, headers.ttl])).toEqual([
		['low', '86400'],
		['very-low', '0'],
		['normal', '86400'],
	]);
	expect(service.delivered[1]!.payload).toMatchObject({ silent: true });
	expect(service.delivered[2]!.payload).toMatchObject({
		...{ stays: true, icon: 'https://example.com/i.png', badge: 'https://example.com/b.png' },
		url: 'https://example.com/own',
	});
});

describe('4096 bytes are the most', () => {
	test('what is longer goes in parts, or is cut with a sentence that says so', async () => {
		const body = 'many words 很多字 '.repeat(700);
		const split = await send(body, { to: 'Ann' });
		expect(split.parts).toBeGreaterThan(2);
		expect(new Set(service.delivered.map(({ payload }) => payload.tag)).size).toBe(split.parts);
		service.delivered.length = 0;
		const cut = await send(body, { to: 'Ann', overflow: 'cut' });
		expect(cut).toMatchObject({ parts: 1, losses: [{ kind: 'cut', part: 1 }] });
		expect(service.delivered[0]!.payload.body).toMatch(/…|more/);
	});

	test('whatever stands beside the text', async () => {
		const long = (most: number) => fc.string({ maxLength: most, unit: 'binary' });
		const link = fc.nat(3_000).map((length) => `https://example.com/${'x'.repeat(length)}`);
		await fc.assert(
			fc.asyncProperty(
				long(6_000),
				long(800),
				link,
				link,
				fc.array(fc.tuple(long(200), link), { maxLength: 6 }),
				async (body, title, url, picture, buttons) => {
					service.delivered.length = 0;
					const message = {
						...{ body: `x${body}`, title, url, image: { url: picture }, format: 'text' },
						buttons: buttons.map(([text, value]) => ({ text: `b${text}`, value })),
					};
					const receipt = await send(message, { to: 'Ann', maxParts: 3 });
					expect(service.delivered).toHaveLength(receipt.parts);
				},
			),
			{ numRuns: runs(40) },
		);
	});
});

describe('a browser that has given its subscription up', () => {
	test.each([404, 410])('%s: it is dropped, and the receipt says so', async (status) => {
		if (status === 410) service.gone.add('phone');
		else
			service.answer = ((answer) => (seen) =>
				seen.path.endsWith('phone') ? { status, body: '' } : answer(seen))(service.answer);
		const receipt = await send('Hello');
		expect(receipt.warnings).toEqual([expect.stringMatching(/“Ann” has given its subscription up/)]);
		expect(receipt.raw).toMatchObject([
			{ name: 'Ann', outcome: 'gone' },
			{ name: 'Bob', outcome: 'accepted' },
		]);
		expect((await subscribersOf({ pageKey } as Account, lasting)).map(({ name }) => name)).toEqual(['Bob']);
		server.requests.length = 0;
		await send('Again');
		expect(server.requests).toHaveLength(1);
	});

	test('the last one: it is an error', async () => {
		service.gone.add('phone').add('laptop');
		expect(await refused(send('Hello'), pageKey)).toMatchObject({ class: 'Rejected', code: '410' });
		expect(await subscribersOf({ pageKey } as Account, lasting)).toEqual([]);
	});
});

test.each([
	[{ status: 413, body: { reason: 'PayloadTooLarge' } }, 'Rejected', /less than the usual 4 KB/],
	[{ status: 429, headers: { 'retry-after': '7' }, body: '' }, 'RateLimited', /slows this sender down/],
	[{ status: 403, body: { reason: 'BadJwtToken' } }, 'Unauthorized', /“Contact”/],
	[
		{ status: 401, body: { code: 401, errno: 109, error: 'Unauthorized', message: 'Request did not validate' } },
		'Unauthorized',
		/other keys/,
	],
	[{ status: 400, body: 'UnauthorizedRegistration' }, 'Unauthorized', /refused the keys/],
	[{ status: 400, body: { reason: 'BadWebPushTopic' } }, 'Rejected', /BadWebPushTopic/],
	[{ status: 500, body: '' }, 'Unreachable', /fault of its own/],
	[{ status: 200, body: '<html>Welcome to the hotel</html>' }, 'Rejected', /said no/],
	[{ status: 200, body: '' }, 'Rejected', /said no/],
	[{ status: 201, body: '<html>' }, 'Rejected', /said no/],
] as [Answer, string, RegExp][])('a refusal: %j', async (answer, kind, sentence) => {
	server.next = answer;
	const error = await refused(send('Hello', { to: 'Ann' }), pageKey);
	expect(error).toMatchObject({ class: kind, message: expect.stringMatching(sentence) });
	expect(JSON.stringify(error)).not.toContain('/push/');
	expect(await subscribersOf({ pageKey } as Account, lasting)).toHaveLength(2);
});

test('a browser of other keys costs the others nothing', async () => {
	service.keys.set('phone', 'another');
	const receipt = await send('Hello');
	expect(receipt.warnings).toEqual([expect.stringMatching(/“Ann” did not get it.*VapidPkHashMismatch.*allow/)]);
	expect(service.delivered.map(({ to }) => to)).toEqual(['laptop']);
});

test('who has it is not asked again at the next try', async () => {
	const { answer } = service;
	let tries = 0;
	service.answer = (seen) =>
		seen.path.endsWith('laptop') && tries++ === 0 ? { status: 503, body: '' } : answer(seen);
	const receipt = await send('Hello', { attempts: 2 });
	expect(receipt).toMatchObject({ attempts: 2, ok: true });
	expect(service.delivered.map(({ to }) => to)).toEqual(['phone', 'laptop']);
});

test('by a relay, which reads in the path where to pass it on; the keys speak to the push service itself', async () => {
	const given = people[2]!.subscription('https://fcm.googleapis.com');
	const subscriptions = JSON.stringify([{ ...given, name: 'Carl' }]);
	await send('Hello', { to: 'Carl' }, { subscriptions, baseUrl: `${server.url}/relay`, pushServers: '' });
	expect(server.requests[0]!.path).toBe('/relay/fcm.googleapis.com/push/tablet');
	expect(claimsIn(service.delivered[0]!.headers.authorization!).aud).toBe('https://fcm.googleapis.com');
});

test('a place that nobody named is not asked', async () => {
	expect(await refused(send('Hello', {}, { pushServers: '' }), pageKey)).toMatchObject({ field: 'pushServers' });
	expect(server.requests).toHaveLength(0);
});

test.each([
	['https://fcm.googleapis.com/fcm/send/x', true],
	['https://updates.push.services.mozilla.com/wpush/v2/x', true],
	['https://web.push.apple.com/x', true],
	['https://wns2-par02p.notify.windows.com/w/?token=x', true],
	['http://fcm.googleapis.com/x', false],
	['https://fcm.googleapis.com:8443/x', false],
	['https://fcm.googleapis.com.evil.example/x', false],
	['https://evilpush.services.mozilla.com.example/x', false],
	['https://127.0.0.1/x', false],
	['https://push.own.example/x', true],
	['https://push.own.example:444/x', false],
])('%s is a push service: %s', (endpoint, is) => {
	expect(isPushService(endpoint, { pushServers: ['https://push.own.example'] } as Account)).toBe(is);
});

test.each([
	[{}, /endpoint/],
	[{ endpoint: 'javascript:alert(1)', keys: {} }, /endpoint/],
	[{ ...people[0]!.subscription('https://a.example'), keys: {} }, /p256dh/],
	[
		{
			endpoint: 'https://a.example',
			keys: { p256dh: Buffer.alloc(65, 4).toString('base64url'), auth: 'BTBZMqHH6r4Tts7J_aSIgg' },
		},
		/p256dh/,
	],
	[{ endpoint: 'https://a.example', keys: { ...people[0]!.subscription('').keys, auth: 'short' } }, /auth/],
	[null, /endpoint/],
	['text', /endpoint/],
])('no subscription: %j', (given, why) => {
	expect(subscriptionIn(given)).toMatchObject({ en: expect.stringMatching(why), zh: expect.anything() });
});

test('names and tags are short and in one line', () => {
	const one = subscriptionIn({
		...people[0]!.subscription('https://a.example'),
		name: ` Ann\n\u0000 ${'n'.repeat(500)}`,
		tags: ['#a', 'a', '', 7, ' b ', ...Array.from({ length: 50 }, (_, at) => `t${at}`)],
	}) as Subscription;
	expect(one.name).toMatch(/^Ann n{96}$/);
	expect(one.tags).toHaveLength(20);
	expect(one.tags.slice(0, 3)).toEqual(['a', 'b', 't0']);
});

describe('subscribers', () => {
	const call = (name: string, input: Record<string, unknown> = {}) =>
		act(webPush, name, account(), input, { lasting });

	test('are listed without their addresses, tested, changed and removed', async () => {
		const [ann] = (await call('listSubscribers')) as { id: string }[];
		expect(await call('listSubscribers')).toEqual([
			{
				...{ id: expect.any(String), name: 'Ann', tags: ['family'], browser: 'Chrome' },
				...{ since: '2026-01-01T00:00:00.000Z', service: new URL(server.url).host },
			},
			expect.objectContaining({ name: 'Bob' }),
		]);
		expect(await call('sendTest', { subscriber: ann!.id })).toMatchObject({ name: 'Ann', outcome: 'accepted' });
		expect(service.delivered).toMatchObject([{ to: 'phone', payload: { title: 'Carillon' } }]);
		expect(await call('renameSubscriber', { subscriber: ann!.id, tags: 'night, #day' })).toMatchObject({
			...{ name: 'Ann', tags: ['night', 'day'] },
		});
		expect(await call('removeSubscriber', { subscriber: ann!.id })).toEqual({ removed: true, name: 'Ann' });
		expect(await call('listSubscribers')).toHaveLength(1);
		expect(await refused(call('removeSubscriber', { subscriber: ann!.id }), pageKey)).toMatchObject({
			class: 'Invalid',
		});
	});

	test('one whose subscription is gone: the test says so and drops it', async () => {
		const [ann] = (await call('listSubscribers')) as { id: string }[];
		service.gone.add('phone');
		expect(await refused(call('sendTest', { subscriber: ann!.id }), pageKey)).toMatchObject({ code: '410' });
		expect(await call('listSubscribers')).toHaveLength(1);
	});

	test('are to be picked: people, tags, browsers', async () => {
		const found = await lookUp(webPush, account(), webPush.to!, { search: 'fam' }, { lasting });
		expect(found.items.map(({ name }) => name)).toEqual(['#family', 'Ann', 'Bob']);
	});

	test('a browser that comes again keeps its place, and of other page keys nobody is known', async () => {
		await join('phone', 'Ann', ['new']);
		const all = (await call('listSubscribers')) as { name: string; tags: string[] }[];
		expect(all.map(({ name, tags }) => [name, tags])).toEqual([
			['Bob', ['family', 'admins']],
			['Ann', ['new']],
		]);
		expect(
			await act(webPush, 'listSubscribers', account({ pageKey: 'another page key' }), {}, { lasting }),
		).toEqual([]);
	});
});

test('the account is checked without sending', async () => {
	await verify(webPush, account(), { lasting });
	expect(server.requests).toHaveLength(0);
	for (const [more, field] of [
		[{ pageKey: 'short' }, 'pageKey'],
		[{ contact: 'nonsense' }, 'contact'],
		[{ vapidPrivateKey: 'AAAA' }, 'vapidPrivateKey'],
		[{ subscriptions: '{"endpoint":"https://x.example"}' }, 'subscriptions'],
		[{ pushServers: 'ftp://x' }, 'pushServers'],
	] as const)
		expect(await refused(verify(webPush, account(more), { lasting }))).toMatchObject({ class: 'Invalid', field });
});
