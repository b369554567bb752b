import { createDecipheriv } from 'node:crypto';
import { fc } from '../../property';
import { bark } from '../../../src/services/bark/bark.channel';
import { encrypt } from '../../../src/services/bark/payload';
import { act, deliver, verify } from '../../../src/core/deliver/deliver';
import { forgetTurns } from '../../../src/core/deliver/send/pace';
import { faked } from '../../faked';
import { refused } from '../../refused';
import { service, type Answer, type Seen } from '../../service';

const phone = 'aaaaaaaaaaaaaaaaaaaaaa';
const tablet = 'bbbbbbbbbbbbbbbbbbbbbb';
const stranger = 'zzzzzzzzzzzzzzzzzzzzzz';
const known = [phone, tablet];

/** What Apple says of a device; and how the server is set up. */
let setup: {
	batch: boolean;
	most: number;
	password?: string;
	prefix: string;
	apple: Record<string, string[]>;
	registers: boolean;
};

const no = (code: number, message: string): Answer => ({
	status: code,
	body: { code, message, timestamp: 1700000000 },
});
const yes = (more = {}): Answer => ({ body: { code: 200, message: 'success', timestamp: 1700000000, ...more } });

function pushOne(params: Record<string, unknown>): { code: number; message?: string } {
	const { device_key: key } = params;
	if (typeof key !== 'string' || key === '') return { code: 400, message: 'device key is empty' };
	if (!known.includes(key))
		return { code: 400, message: `failed to get device token: failed to get [${key}] device token from database` };
	const reason = setup.apple[key]?.shift();
	if (reason) return { code: 500, message: `push failed: ${reason}` };
	// Go writes these with six bytes each, around it stands the server's frame.
	const payload = JSON.stringify({ ...params, device_key: undefined }).replace(/[<>&]/g, '\\u0000');
	if (Buffer.byteLength(payload) + 250 > 4096) return { code: 500, message: 'push failed: PayloadTooLarge' };
	return { code: 200 };
}

/** As bark-server routes and refuses. */
function answer({ method, path: whole, headers, json }: Seen): Answer {
	if (!whole.startsWith(setup.prefix)) return { status: 404, body: 'Not Found' };
	const path = whole.slice(setup.prefix.length);
	const open = path.startsWith('/ping') || path.startsWith('/register');
	if (
		setup.password &&
		!open &&
		headers.authorization !== `Basic ${Buffer.from(`me:${setup.password}`).toString('base64')}`
	)
		return { status: 418, body: "I'm a teapot" };
	if (path === '/ping') return yes({ message: 'pong' });
	if (path === '/info')
		return { body: { version: 'v2.2.6', build: '', arch: 'linux/amd64', commit: '', devices: 2 } };
	if (method === 'GET' && path.startsWith('/register/')) {
		const key = path.slice('/register/'.length);
		if (!setup.registers)
			return no(400, 'failed to get device token: failed to get [register] device token from database');
		return known.includes(key) ? yes() : no(400, `failed to get [${key}] device token from database`);
	}
	if (method !== 'POST' || path !== '/push' || !String(headers['content-type']).startsWith('application/json'))
		return { status: 404, body: 'Not Found' };
	const { device_keys: keys, ...params } = json as { device_keys?: string[] };
	if (!setup.batch || keys === undefined) {
		const { code, message } = pushOne(params);
		return code === 200 ? yes() : no(code, message!);
	}
	if (setup.most >= 0 && keys.length > setup.most)
		return no(400, `batch push count exceeds the maximum limit: ${setup.most}`);
	return yes({ data: keys.map((key) => ({ device_key: key, ...pushOne({ ...params, device_key: key }) })) });
}

const server = faked(answer);
beforeEach(() => {
	forgetTurns();
	setup = { batch: true, most: -1, prefix: '', apple: {}, registers: true };
});

const clock = { now: () => 1_700_000_000_000, sleep: () => Promise.resolve(), random: () => 0 };
const account = (more = {}) => ({ baseUrl: server.url, deviceKeys: phone, ...more });
const send = (message: unknown, options = {}, more = {}) => deliver(bark, account(more), options, message, { clock });
const last = () => server.requests.at(-1)!.json;

test('a message with nothing set', async () => {
	const receipt = await send({
		title: 'Film',
		body: 'is **here**',
		url: 'https://example.com/1',
		image: { url: 'https://example.com/p.jpg' },
	});
	expect(server.requests).toHaveLength(1);
	expect(server.requests[0]).toMatchObject({ method: 'POST', path: '/push' });
	expect(last()).toEqual({
		device_key: phone,
		title: 'Film',
		body: 'is here',
		url: 'https://example.com/1',
		image: 'https://example.com/p.jpg',
	});
	expect(receipt).toMatchObject({ ok: true, channel: 'bark', parts: 1, degraded: [], warnings: [] });
});

test('every option, all as text', async () => {
	const options = {
		subtitle: 'sub',
		level: 'critical',
		volume: 0,
		sound: 'minuet',
		call: true,
		badge: 1_000_000,
		group: 'g',
		icon: 'https://example.com/i.png',
		url: 'weixin://x',
		action: 'none',
		copy: 'c',
		autoCopy: true,
		archive: 'drop',
		ttl: 60,
		id: 'n1',
	};
	const receipt = await send({ body: 'x', url: 'https://example.com' }, options);
	expect(last()).toEqual({
		device_key: phone,
		body: 'x',
		subtitle: 'sub',
		level: 'critical',
		volume: '0',
		sound: 'minuet',
		call: '1',
		badge: '1000000',
		group: 'g',
		icon: 'https://example.com/i.png',
		url: 'weixin://x',
		action: 'none',
		copy: 'c',
		autoCopy: '1',
		isArchive: '0',
		ttl: '60',
		id: 'n1',
	});
	expect(receipt).toMatchObject({ ids: ['n1'], handle: { id: 'n1' } });
});

test('Markdown where chosen', async () => {
	await send('**x**', { format: 'markdown', archive: 'keep' });
	expect(last()).toEqual({ device_key: phone, markdown: '**x**', isArchive: '1' });
});

test.each([
	['failure', 'timeSensitive'],
	['warning', 'timeSensitive'],
	['success', undefined],
	['info', undefined],
])('level %s is %s', async (level, expected) => {
	await send({ body: 'x', level });
	expect(last().level).toBe(expected);
	await send({ body: 'x', level }, { level: 'passive' });
	expect(last().level).toBe('passive');
});

test('a silent message goes into the list alone, whatever its options ring', async () => {
	const loud = { level: 'critical', volume: 10, sound: 'minuet', call: true };
	const { degraded } = await send({ body: 'x', level: 'failure', silent: true }, loud);
	expect(last()).toEqual({ device_key: phone, body: 'x', level: 'passive' });
	expect(degraded).toEqual([]);
	await send({ body: 'x', silent: false }, loud);
	expect(last()).toMatchObject({ level: 'critical', volume: '10', sound: 'minuet', call: '1' });
});

test('the key of a message replaces its notification, shortened to what Apple takes', async () => {
	await send({ body: 'x', key: 'film-1' });
	expect(last().id).toBe('film-1');
	await send({ body: 'x', key: 'é'.repeat(40) });
	expect(last().id).toMatch(/^[0-9a-f]{64}$/);
});

test('each part of a long message is a notification of its own', async () => {
	const receipt = await send({ body: 'word '.repeat(1200), format: 'text', key: 'k' });
	expect(receipt.parts).toBeGreaterThan(1);
	expect(new Set(server.requests.map(({ json }) => json.id)).size).toBe(receipt.parts);
});

test('whatever the text, it fits into what Apple takes', async () => {
	const texts = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6_000 }).filter((text) => text.trim() !== '');
	await fc.assert(
		fc.asyncProperty(texts, async (body) => {
			await send({ body, format: 'text', title: body.slice(0, 300) });
		}),
		{ numRuns: 20 },
	);
});

const tokens = (text: string) => text.match(/line\d+/g) ?? [];
const xml = Array.from({ length: 120 }, (_, at) => `<item id="line${at}">"a & b"\\</item>`);

test('signs that take more room in JSON are counted as they are sent: no part loses its end', async () => {
	const receipt = await send({ body: xml.join('\n'), format: 'text', title: '<"&>'.repeat(80) });
	expect(receipt.losses).toEqual([{ kind: 'title', part: 1, count: expect.any(Number) }]);
	const bodies = server.requests.map(({ json }) => json.body as string);
	expect(bodies.flatMap(tokens)).toEqual(tokens(xml.join()));
	expect(bodies.map((body) => /\(\d+\/\d+\)$/.exec(body)?.[0])).toEqual(
		bodies.map((_, at) => `(${at + 1}/${receipt.parts})`),
	);
	for (const { json } of server.requests) {
		// The server writes these with six bytes, in a frame of its own.
		const payload = JSON.stringify(json).replace(/[<>&]/g, '\\u0000');
		expect(Buffer.byteLength(payload) + 250).toBeLessThanOrEqual(4096);
	}
});

test('encrypted parts are within the limit, too', async () => {
	const receipt = await send(
		{ body: xml.join('\n'), format: 'text' },
		{},
		{ encryption: 'gcm', encryptionKey: '1234567890123456' },
	);
	expect(receipt.losses).toEqual([]);
	expect(receipt.parts).toBeGreaterThan(1);
	for (const { json } of server.requests) expect(JSON.stringify(json).length + 250).toBeLessThanOrEqual(4096);
});

describe('several devices', () => {
	test('in one request', async () => {
		await send('x', {}, { deviceKeys: `${phone}, ${tablet}` });
		expect(server.requests).toHaveLength(1);
		expect(last()).toEqual({ device_keys: [phone, tablet], body: 'x' });
	});

	test.each([{ batch: false }, { most: 1 }])('one by one where the server is %p', async (more) => {
		Object.assign(setup, more);
		await send('x', {}, { deviceKeys: [phone, tablet] });
		expect(server.requests.slice(1).map(({ json }) => json.device_key)).toEqual([phone, tablet]);
	});

	test('one that is unknown is a warning without its key', async () => {
		const receipt = await send('x', {}, { deviceKeys: `${phone}\n${stranger}` });
		expect(receipt.warnings).toEqual([expect.stringMatching(/^Device 2 did not get it\..*copy it from the app/)]);
		expect(JSON.stringify(receipt)).not.toContain(stranger);
		expect(server.requests.filter(({ json }) => json.device_key === phone)).toEqual([]);
	});

	test('what failed for a while is tried again for that device alone', async () => {
		setup.apple[tablet] = ['InternalServerError', 'ServiceUnavailable'];
		const receipt = await send('x', {}, { deviceKeys: `${phone},${tablet}` });
		expect(receipt).toMatchObject({ attempts: 2, warnings: [] });
		expect(server.requests.map(({ json }) => json.device_key ?? json.device_keys)).toEqual([
			[phone, tablet],
			tablet,
			tablet,
		]);
	});

	test('none reached is an error', async () => {
		expect(await refused(send('x', {}, { deviceKeys: [stranger, stranger + '1'] }))).toMatchObject({
			class: 'Unauthorized',
			code: '400',
		});
	});

	test('on different servers', async () => {
		const other = await service(answer);
		try {
			await send(
				'x',
				{},
				{
					baseUrl: undefined,
					deviceKeys: `${server.url}/${phone}/, ${other.url}/${tablet}/Body%20text?sound=x`,
				},
			);
			expect(server.requests.map(({ path, json }) => [path, json.device_key])).toEqual([['/push', phone]]);
			expect(other.requests.map(({ path, json }) => [path, json.device_key])).toEqual([['/push', tablet]]);
		} finally {
			await other.close();
		}
	});
});

test('a URL prefix and Basic auth', async () => {
	setup.prefix = '/bark';
	setup.password = 'p4ssw0rd';
	await send('x', {}, { baseUrl: `${server.url}/bark/`, user: 'me', password: 'p4ssw0rd' });
	await send(
		'x',
		{},
		{ baseUrl: undefined, deviceKeys: `${server.url}/bark/${phone}/`, user: 'me', password: 'p4ssw0rd' },
	);
	await send(
		'x',
		{},
		{ baseUrl: `${server.url}/bark`, deviceKeys: `${server.url}/bark/${phone}`, user: 'me', password: 'p4ssw0rd' },
	);
	expect(server.requests.map(({ path }) => path)).toEqual(['/bark/push', '/bark/push', '/bark/push']);
	const error = await refused(
		send('x', {}, { baseUrl: `${server.url}/bark`, user: 'me', password: 'wr0ngpass' }),
		'wr0ngpass',
		phone,
	);
	expect(error).toMatchObject({ class: 'Unauthorized', code: '418' });
	expect(error.message).toContain('user name and password');
});

test('a chosen server stays chosen though a URL of another was pasted', async () => {
	await send('x', {}, { deviceKeys: `https://api.day.app/${phone}/` });
	expect(server.requests[0]!.json.device_key).toBe(phone);
});

describe('encryption', () => {
	const plain = '{"body": "test", "sound": "birdsong"}';
	const key = '1234567890123456';

	test.each([
		['cbc', '1234567890123456', '+aPt5cwN9GbTLLSFri60l3h1X00u/9j1FENfWiTxhNHVLGU+XoJ15JJG5W/d/yf0'],
		['ecb', undefined, 'nyEyuyYwoV+3IkEm9QUUzAOy8Je44anatLeIjsP2cnKV7j1c3K4CXoWCF2gES5SK'],
		['gcm', '123456789012', 'ylMMx7zodjKH02/QJUV4aNZcC2sKrciqU4q3r1FM6655WhRlI5PKiuVZMv6NWrMAZf1N/2M='],
	] as const)('%s as the app decrypts it', (mode, iv, ciphertext) => {
		expect(encrypt(plain, mode, key, iv)).toEqual({ ciphertext, ...(iv && { iv }) });
	});

	test.each([16, 24, 32])('AES with a key of %i', async (length) => {
		const longKey = 'k'.repeat(length);
		await send({ body: 'secret', key: 'n1' }, { sound: 'bell' }, { encryption: 'cbc', encryptionKey: longKey });
		const { ciphertext, iv, ...clear } = last();
		expect(clear).toEqual({ device_key: phone, id: 'n1' });
		const decipher = createDecipheriv(`aes-${length * 8}-cbc`, longKey, iv);
		expect(JSON.parse(decipher.update(ciphertext, 'base64', 'utf8') + decipher.final('utf8'))).toEqual({
			body: 'secret',
			sound: 'bell',
		});
	});

	test('a new vector for every message, unless one is fixed', async () => {
		for (let i = 0; i < 2; i++) await send('x', {}, { encryption: 'gcm', encryptionKey: key });
		expect(server.requests[0]!.json.iv).toMatch(/^[0-9a-f]{12}$/);
		expect(server.requests[0]!.json.iv).not.toBe(server.requests[1]!.json.iv);
		await send('x', {}, { encryption: 'gcm', encryptionKey: key, encryptionIv: '123456789012' });
		expect(last().iv).toBe('123456789012');
	});

	test('fits as well', async () => {
		await send({ body: 'é'.repeat(4_000), format: 'text' }, {}, { encryption: 'cbc', encryptionKey: key });
	});

	test.each([
		[{ encryptionKey: 'short' }, 'encryptionKey', '16, 24 or 32'],
		[{ encryptionKey: '密'.repeat(16) }, 'encryptionKey', 'ASCII'],
		[{}, 'encryptionKey', 'Fill in'],
		[{ encryptionKey: key, encryptionIv: '1234567' }, 'encryptionIv', '16 ASCII'],
	])('%p is not enough', async (more, field, words) => {
		const error = await refused(send('x', {}, { encryption: 'cbc', ...more }));
		expect(error).toMatchObject({ class: 'Invalid', field });
		expect(error.message).toContain(words);
		expect(server.requests).toEqual([]);
	});
});

describe('refusals', () => {
	test.each([
		['BadDeviceToken', 'Unauthorized', 'open the app'],
		['PayloadTooLarge', 'Rejected', '4 KB'],
		['TooManyRequests', 'RateLimited', 'slows this device down'],
		['InternalServerError', 'Unreachable', 'try again later'],
	])('Apple says %s', async (reason, kind, words) => {
		setup.apple[phone] = [reason];
		const error = await refused(send('x', { attempts: 1 }), phone);
		expect(error).toMatchObject({ class: kind, code: '500', channel: 'bark' });
		expect(error.message).toContain(reason);
		expect(error.message).toContain(words);
	});

	test('an unknown key, in Chinese', async () => {
		const error = await refused(send('x', {}, { deviceKeys: stranger, language: 'zh' }), stranger);
		expect(error).toMatchObject({ class: 'Unauthorized', code: '400' });
		expect(error.message).toContain('请从 App 重新复制');
	});

	test('a 200 that says no', async () => {
		const liar = await service(() => ({ body: { code: 500, message: 'push failed: x' } }));
		expect(await refused(send('x', { attempts: 1 }, { baseUrl: liar.url }))).toMatchObject({ code: '500' });
		await liar.close();
	});
});

describe('verify', () => {
	const check = (more = {}) => verify(bark, account(more));

	test('sends nothing', async () => {
		await check({ deviceKeys: `${phone},${tablet}` });
		expect(server.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
			'GET /ping',
			`GET /register/${phone}`,
			`GET /register/${tablet}`,
		]);
	});

	test('finds a wrong key and a wrong password', async () => {
		expect(await refused(check({ deviceKeys: stranger }), stranger)).toMatchObject({ class: 'Unauthorized' });
		setup.password = 'p4ssw0rd';
		expect(await refused(check({ user: 'me', password: 'wr0ngpass' }), 'wr0ngpass')).toMatchObject({
			class: 'Unauthorized',
			code: '418',
		});
		await check({ user: 'me', password: 'p4ssw0rd' });
	});

	test('does not blame the key on a server that cannot tell', async () => {
		setup.registers = false;
		await check();
	});
});

test('takes a notification back', async () => {
	await act(bark, 'deleteNotification', account({ deviceKeys: [phone, tablet] }), { id: 'n1' });
	expect(server.requests.map(({ json }) => json)).toEqual([
		{ device_key: phone, id: 'n1', delete: '1' },
		{ device_key: tablet, id: 'n1', delete: '1' },
	]);
});
