import { createHmac } from 'node:crypto';
import type { MediaEvent } from '../../../src/core/message/event';
import { read } from '../../../src/core/base/field';
import { secretsOf } from '../../../src/core/base/secrets';
import { webhookTrigger } from '../../../src/services/webhook/webhook.trigger';
import { receive, receiveOne, receiving, refusalOf, type Given } from './receiving';

const plex = (more: object = {}) => ({
	event: 'media.play',
	Account: { id: 1, title: 'Alice' },
	Server: { title: 'Home' },
	Metadata: { type: 'movie', title: 'Film', librarySectionTitle: 'Films' },
	...more,
});
const refused = (body: unknown, given?: Given) => refusalOf(() => receive(body, given));
const authorize = (given: Given) => webhookTrigger.authorize!(receiving('', given));

describe('the key', () => {
	const account = { key: 'k3y-secret' };
	test.each([
		[{ query: { apiKey: 'k3y-secret' } }],
		[{ query: { apikey: 'k3y-secret' } }],
		[{ query: { token: 'k3y-secret' } }],
		[{ query: { key: 'k3y-secret' } }],
		[{ query: { token: 'other', apiKey: 'k3y-secret' } }],
		[{ headers: { apikey: 'k3y-secret' } }],
		[{ headers: { 'x-api-key': 'k3y-secret' } }],
		[{ headers: { token: 'k3y-secret' } }],
		[{ headers: { authorization: 'Bearer k3y-secret' } }],
		[{ headers: { authorization: 'k3y-secret' } }],
	])('is taken from %j', (request) => expect(() => authorize({ account, request })).not.toThrow());

	test.each([
		[{}],
		[{ query: { apiKey: '' } }],
		[{ query: { apiKey: 'k3y-secre' } }],
		[{ query: { apiKey: 'K3Y-SECRET' } }],
		[{ query: { other: 'k3y-secret' } }],
		[{ headers: { authorization: 'Basic k3y-secret' } }],
	])('is missing or wrong in %j', (request) => {
		const refusal = refusalOf(() => authorize({ account, request }));
		expect(refusal.status).toBe(401);
		expect(JSON.stringify(refusal.reason)).not.toContain('k3y-secret');
	});

	test('without any everybody may send', () => expect(() => authorize({})).not.toThrow());
});

describe('user name and password', () => {
	const account = { username: 'me', password: 'pä:ss' };
	const basic = (text: string) => ({ headers: { authorization: `Basic ${Buffer.from(text).toString('base64')}` } });
	test('are taken', () => expect(() => authorize({ account, request: basic('me:pä:ss') })).not.toThrow());
	test.each([
		[{}],
		[basic('me:')],
		[basic('you:pä:ss')],
		[basic('')],
		[{ headers: { authorization: 'Basic %%%' } }],
		[{ headers: { authorization: 'Bearer x' } }],
	])('are refused: %j', (request) => {
		const refusal = refusalOf(() => authorize({ account, request }));
		expect(refusal.status).toBe(401);
		expect(refusal.headers['www-authenticate']).toMatch(/^Basic /);
	});
	test('are asked for beside a key', () => {
		const both = { ...account, key: 'k' };
		expect(() =>
			authorize({ account: both, request: { ...basic('me:pä:ss'), query: { key: 'k' } } }),
		).not.toThrow();
		expect(refusalOf(() => authorize({ account: both, request: { query: { key: 'k' } } })).status).toBe(401);
		expect(refusalOf(() => authorize({ account: both, request: basic('me:pä:ss') })).status).toBe(401);
	});
});

describe('signatures', () => {
	const body = JSON.stringify({ title: 'T', text: 'Ü' });
	const mac = (algorithm: string, encoding: 'hex' | 'base64', key = 's3cret') =>
		createHmac(algorithm, key).update(body).digest(encoding);
	const account = { hmacSecret: 's3cret' };
	const signed = (value: string, name = 'x-hub-signature-256') => ({ request: { headers: { [name]: value } } });

	test.each([
		[`sha256=${mac('sha256', 'hex')}`],
		[`SHA256=${mac('sha256', 'hex').toUpperCase()}`],
		[mac('sha256', 'hex')],
		[mac('sha256', 'base64')],
		[`sha1=${mac('sha1', 'hex')}`],
		[mac('sha1', 'base64')],
		[`sha512=${mac('sha512', 'hex')}`],
	])('%s is taken', (value) => expect(receiveOne(body, { account, ...signed(value) }).message.title).toBe('T'));

	test('another header, named in any case', () => {
		expect(
			receiveOne(body, {
				account: { ...account, hmacHeader: 'X-Signature' },
				...signed(mac('sha1', 'hex'), 'x-signature'),
			}).message.title,
		).toBe('T');
	});

	test.each([
		['sha256='],
		[''],
		[`sha256=${mac('sha256', 'hex', 'other')}`],
		[`sha1=${mac('sha256', 'hex')}`],
		[mac('sha256', 'hex').slice(0, -1)],
		[`md5=${createHmac('md5', 's3cret').update(body).digest('hex')}`],
	])('%s is refused', (value) => {
		const refusal = refused(body, { account, ...signed(value) });
		expect(refusal.status).toBe(401);
		expect(JSON.stringify(refusal.reason)).not.toContain('s3cret');
	});

	test('none at all, a body that changed, and a multipart body that the host has parsed are refused', () => {
		expect(refused(body, { account }).status).toBe(401);
		expect(refused(`${body} `, { account, ...signed(mac('sha256', 'hex')) }).status).toBe(401);
		expect(
			refused('', { account, request: { parts: [{ name: 'payload', data: Buffer.from('{}') }] } }).reason.en,
		).toMatch(/multipart/);
	});
});

test('secrets are stored as such', () => {
	expect(
		secretsOf(webhookTrigger.account, {
			key: 'k',
			password: 'p',
			hmacSecret: 'h',
			serverKey: 's',
			username: 'u',
		}).sort(),
	).toEqual(['h', 'k', 'p', 's']);
});

test('the size cap follows the option', () => {
	const cap = (given: object) =>
		webhookTrigger.maxBytes!(read(webhookTrigger.options, given as Record<string, unknown>));
	expect(cap({})).toBe(10 * 1024 * 1024);
	expect(cap({ maxSize: 0.5 })).toBe(512 * 1024);
});

describe('recognition', () => {
	test('the body decides, whatever the path says', () => {
		expect(receiveOne(plex(), { request: { path: '/api/v1/webhook/emby' } }).event.source).toBe('plex');
		expect(
			receiveOne({ NotificationType: 'Generic', ServerId: 'x' }, { request: { path: '/emby' } }).event.source,
		).toBe('jellyfin');
	});
	test('the path decides between bodies that look alike', () => {
		const body = { title: 'T', content: 'C' };
		expect(receiveOne(body).event.source).toBe('mediaSaber');
		expect(receiveOne(body, { request: { path: '/webhook/qinglong' } }).event.source).toBe('qinglong');
	});
	test('a sender chosen by name refuses what is another’s, and names what it saw', () => {
		const refusal = refused(plex(), { options: { sender: 'emby' } });
		expect(refusal.status).toBe(400);
		expect(refusal.reason).toEqual({
			en: 'This is not what Emby sends: it is an object with event, Account, Server, Metadata.',
			zh: expect.stringContaining('event、Account'),
		});
	});
	test('a script’s sender chosen by name takes any body', () => {
		const { event, message } = receiveOne({ subject: 'S', text: 'B' }, { options: { sender: 'qinglong' } });
		expect(event.source).toBe('custom');
		expect(message).toMatchObject({ title: 'S', body: 'B' });
		expect(receiveOne(plex(), { options: { sender: 'custom' } }).event.source).toBe('custom');
	});
	test.each([
		['null', /null/],
		['[]', /empty list/],
		['[[]]', /list/],
		['{}', /empty object/],
		['', /empty/],
		['  ', /empty/],
		['{"a":', /not valid JSON/],
	])('%j is refused with a reason', (body, reason) => {
		const refusal = refused(body);
		expect(refusal.status).toBe(400);
		expect(refusal.reason.en).toMatch(reason);
		expect(refusal.reason.zh).toMatch(/[\u4e00-\u9fff]/);
	});
});

describe('GET', () => {
	const get = (query: Record<string, string>) => ({ method: 'GET', query });
	test('is refused unless it is allowed', () => {
		const refusal = refused('', { request: get({ title: 'T' }), contentType: '' });
		expect(refusal.status).toBe(405);
		expect(refusal.headers.allow).toBe('POST, PUT');
	});
	test('the query is the message, without the key', () => {
		const { message, event } = receiveOne('', {
			request: get({ title: '签到', content: '一\n二', apiKey: 'k', token: 't' }),
			options: { allowGet: true },
			contentType: '',
		});
		expect(message).toMatchObject({ title: '签到', body: '一\n二' });
		expect(event.raw).toEqual({ title: '签到', content: '一\n二' });
		expect(receiveOne('', { request: get({ t: 'T', c: 'C' }), options: { allowGet: true } }).message).toMatchObject(
			{ title: 'T', body: 'C' },
		);
	});
	test('an empty one is refused', () =>
		expect(refused('', { request: get({ key: 'x' }), options: { allowGet: true } }).status).toBe(400));
});

describe('filters', () => {
	const passes = (options: Record<string, unknown>, body: unknown = plex()) =>
		receive(body, { options }).events.length === 1;
	const emby = (Path: string, Event = 'library.new') => ({
		Event,
		Server: {},
		Item: { Type: 'Movie', Name: 'F', Path },
	});

	test('events', () => {
		expect(passes({ events: 'playback.started' })).toBe(true);
		expect(passes({ events: 'playback.stopped,library.added' })).toBe(false);
		expect(passes({ events: 'other' })).toBe(false);
		expect(passes({ events: 'other' }, plex({ event: 'media.novel' }))).toBe(true);
		expect(passes({ events: 'playback.started' }, plex({ event: 'media.novel' }))).toBe(false);
	});
	test('what is filtered out is answered well all the same', () => {
		expect(receive(plex(), { options: { events: 'system.test' } })).toEqual({ events: [] });
		expect(
			receive({ title: 'T', content: 'C', proxy: false }, { options: { events: 'system.test' } }),
		).toMatchObject({ events: [], reply: { status: 200 } });
	});
	test('kinds', () => {
		expect(passes({ kinds: 'movie' })).toBe(true);
		expect(passes({ kinds: 'episode,track' })).toBe(false);
		expect(passes({ kinds: 'episode' }, { Event: 'system.webhooktest', Server: {} })).toBe(true);
	});
	test('users', () => {
		expect(passes({ users: 'alice' })).toBe(true);
		expect(passes({ users: 'Bob\n1' })).toBe(true);
		expect(passes({ users: 'Bob' })).toBe(false);
		// Plex names the owner of the web hook on additions.
		expect(passes({ users: 'Bob' }, plex({ event: 'library.new' }))).toBe(true);
		expect(passes({ users: 'Bob' }, { Event: 'playback.stop', Server: {} })).toBe(true);
	});
	test('libraries by name or folder', () => {
		expect(passes({ libraries: 'films' })).toBe(true);
		expect(passes({ libraries: 'Series' })).toBe(false);
		expect(passes({ libraries: '/mnt/films' }, emby('/mnt/films/F/F.mkv'))).toBe(true);
		expect(passes({ libraries: 'D:\\Films' }, emby('d:\\films\\F.mkv'))).toBe(true);
		expect(passes({ libraries: 'films' }, emby('/mnt/films/F.mkv'))).toBe(true);
		expect(passes({ libraries: 'film' }, emby('/mnt/films/F.mkv'))).toBe(false);
		expect(
			passes(
				{ libraries: 'films' },
				{ NotificationType: 'ItemAdded', ServerId: 'x', ItemType: 'Movie', Name: 'F' },
			),
		).toBe(true);
	});
});

describe('what goes into the flow', () => {
	test('event, message, raw and a key that repeats share', () => {
		const body = plex();
		const { events } = receive(body);
		expect(events).toEqual([
			{
				event: expect.objectContaining({ source: 'plex', raw: body }),
				message: expect.objectContaining({ title: '▶ Alice is watching Film' }),
				raw: body,
				key: expect.stringMatching(/^plex:playback\.started:/),
			},
		]);
		expect(receive(body).events[0]!.key).toBe(events[0]!.key);
		expect(receive(plex({ event: 'media.stop' })).events[0]!.key).not.toBe(events[0]!.key);
	});
	test('the account’s language', () =>
		expect(receiveOne(plex(), { language: 'zh' }).message.title).toBe('▶ Alice 开始播放 Film'));
	test('templates of the user’s own', () => {
		const { message } = receiveOne(plex(), {
			options: { titleTemplate: '{{ user.name }}!', bodyTemplate: '{{ event.type }} {{ item.library }}' },
		});
		expect(message).toMatchObject({ title: 'Alice!', format: 'markdown' });
		expect(message.body).toMatch(/^playback.+started Films$/);
	});
	test('events hold nothing that JSON cannot carry, bytes aside', () => {
		const { event } = receiveOne(plex());
		expect(JSON.parse(JSON.stringify(event))).toEqual(event);
		expect(Object.values(event as MediaEvent)).not.toContain(undefined);
	});
});

test.each([
	['a line each', '{"message":"one"}\n{"message":"two"}\n'],
	['one behind the other', '{"message":"one"}{"message":"two"}'],
])('of several objects, %s, each is a happening', (_, body) => {
	const { events } = receive(body, { contentType: 'application/x-ndjson' });
	expect(events.map(({ message }) => message?.body)).toEqual(['one', 'two']);
	expect(new Set(events.map(({ key }) => key)).size).toBe(2);
});

describe('the form', () => {
	test.each([
		[{ bodyTemplate: '{{ item.title' }, 'bodyTemplate'],
		[{ titleTemplate: '{% nonsense %}' }, 'titleTemplate'],
		[{ timeZone: 'Mars/Olympus' }, 'timeZone'],
		[{ sender: 'nobody' }, 'sender'],
		[{ sender: 'custom', customBody: '{{ a | nonsense }}' }, 'customBody'],
	])('%j is refused by name', (options, field) => {
		expect(() => read(webhookTrigger.options, options)).toThrow(
			expect.objectContaining({ class: 'Invalid', field }),
		);
	});
	test('everything is told in both languages', () => {
		for (const field of Object.values({ ...webhookTrigger.account, ...webhookTrigger.options })) {
			expect(field.label.zh).toMatch(/\S/);
			if (field.help) expect(field.help.zh).toMatch(/[\u4e00-\u9fff]/);
			for (const option of Object.values(field.options ?? {})) expect(option.zh).toMatch(/\S/);
		}
	});
});
