import fc from 'fast-check';
import { memoryStore } from '../../src/core/state/memory';
import { receptionist } from '../../src/core/receive/reception';
import { Refusal, type Received } from '../../src/core/define/trigger';
import { webhookTrigger } from '../../src/services/webhook/webhook.trigger';
import { receiving } from '../services/webhook/receiving';

/** Whatever bytes come under whatever content type: the text is in the message, or a sentence says why not. */

const contentTypes = [
	...['application/json', 'application/json; charset=utf-8', 'text/plain', 'text/plain; charset=utf-8', ''],
	...[
		'application/octet-stream',
		'text/markdown',
		'application/xml',
		'application/x-ndjson',
		'application/problem+json',
	],
];

/** Runs of letters and digits, and each character of Chinese, as a reader sees them. */
const tokens = (text: string) => text.match(/\p{Script=Han}|(?:(?!\p{Script=Han})[\p{L}\p{N}])+/gu) ?? [];

/** They stand there in this order. */
function expectInOrder(text: string, shown: string) {
	let at = 0;
	for (const token of tokens(text)) {
		const found = shown.indexOf(token, at);
		expect([token, found >= 0]).toEqual([token, true]);
		at = found + token.length;
	}
}

const shownOf = ({ events }: Received) =>
	events.map(({ message }) => [message?.title, message?.body].filter(Boolean).join('\n')).join('\n');

function answer(body: Uint8Array | string, contentType: string): Received | Refusal {
	try {
		return webhookTrigger.receive!(receiving(body, { contentType }));
	} catch (error) {
		if (error instanceof Refusal) return error;
		throw error;
	}
}

const word = fc.oneof(
	fc.constantFrom(
		'disk',
		'nas',
		'91',
		'备份',
		'完成',
		'C:\\new\\report',
		'\\n',
		'192.168.1.5',
		'it’s',
		'naïve',
		'"quoted"',
	),
	fc.stringMatching(/^[a-z0-9]{1,8}$/),
);
const mark = fc.constantFrom(
	' ',
	'\n',
	', ',
	': ',
	' - ',
	' | ',
	' (',
	') ',
	' [',
	'] ',
	' {',
	'} ',
	'; ',
	' = ',
	' & ',
	' % ',
	'\r\n\r\n',
);
/** A line that a person or a tool writes; what it begins with is what decides how it is read. */
const texts = fc
	.tuple(
		fc.constantFrom(
			'',
			'[INFO] ',
			'"Done", ',
			'{nas} is up: ',
			'- ',
			'# ',
			'> ',
			'1. ',
			'✅ ',
			'{"a":1} and ',
			'* ',
		),
		fc.array(fc.tuple(word, mark), { minLength: 1, maxLength: 12 }),
	)
	.map(([start, pairs]) => `${start}${pairs.map(([one, next]) => `${one}${next}`).join('')}`)
	.filter((text) => /[\p{L}\p{N}]/u.test(text));

test('a text is the message, whatever its type says', () => {
	let shown = 0;
	fc.assert(
		fc.property(texts, fc.constantFrom(...contentTypes), (text, contentType) => {
			const found = answer(text, contentType);
			if (found instanceof Refusal) {
				expect(found.status).toBe(400);
				expect(found.reason.en.length).toBeGreaterThan(20);
				return;
			}
			shown++;
			expectInOrder(text, shownOf(found));
		}),
		{ seed: 20250103, numRuns: 2_000 },
	);
	expect(shown).toBeGreaterThan(1_700);
});

test.each([
	'Disk at 91 %',
	'Found new nginx:latest image (a1b2)\nStopping /web',
	'[INFO] done',
	'"Backup" is done',
	'{nas} is back',
	'{"title":"x"} and more',
	'{"title" "x" : }',
	'status=failed on nas',
	'C:\\new\\table',
	'42 containers updated',
])('%j is shown under application/json', (text) => {
	const found = answer(text, 'application/json') as Received;
	expect(found).not.toBeInstanceOf(Refusal);
	expect(found.events).toHaveLength(1);
	expectInOrder(text, shownOf(found));
});

test.each(['42', 'true', 'null'])('%s is a text where it is called one', (text) =>
	expect(shownOf(answer(text, 'text/plain') as Received)).toBe(text),
);

test('a value a line is as many messages', () => {
	const lines = '{"title":"A","text":"1"}\n{"title":"B","text":"2"}\n';
	for (const type of ['application/x-ndjson', 'application/json', 'text/plain', ''])
		expect((answer(lines, type) as Received).events.map(({ message }) => message?.title)).toEqual(['A', 'B']);
});

const gbk = Buffer.from([0xb1, 0xb8, 0xb7, 0xdd, 0xcd, 0xea, 0xb3, 0xc9]);
test.each<[string, Buffer, string]>([
	['a byte order mark', Buffer.from('\ufeff备份完成'), 'application/json'],
	['UTF-16 LE', Buffer.from('\ufeff备份完成', 'utf16le'), 'application/json'],
	['UTF-16 BE', Buffer.from('\ufeff备份完成', 'utf16le').swap16(), 'text/plain'],
	['UTF-16, declared', Buffer.from('备份完成', 'utf16le'), 'text/plain; charset=utf-16le'],
	['GBK, declared', gbk, 'application/json; charset=gbk'],
	['GBK, declared as text', gbk, 'text/plain; charset=GB2312'],
	['UTF-8 that is called Latin', Buffer.from('备份完成'), 'text/plain; charset=ISO-8859-1'],
])('%s is read', (_, bytes, contentType) => expect(shownOf(answer(bytes, contentType) as Received)).toBe('备份完成'));

test('any bytes are answered: with 200, or with a sentence', () => {
	const reception = receptionist(webhookTrigger, { account: {}, options: {}, store: memoryStore() });
	fc.assert(
		fc.property(
			fc.oneof(
				fc.uint8Array({ maxLength: 200 }),
				fc.string({ unit: 'binary', maxLength: 200 }).map((text) => Buffer.from(text)),
				fc.json().map((text) => Buffer.from(text)),
			),
			fc.oneof(
				fc.constantFrom(
					...contentTypes,
					'multipart/form-data; boundary=x',
					'application/x-www-form-urlencoded',
				),
				fc.string(),
			),
			(bytes, contentType) => {
				const { reply, failure } = reception.receive(receiving(Buffer.from(bytes), { contentType }).request);
				expect(failure).toBeUndefined();
				expect(reply.status === 200 || (reply.status >= 400 && reply.status < 500)).toBe(true);
				if (reply.status !== 200)
					expect((JSON.parse(reply.body!) as { error: string }).error).toMatch(/\w{3,}.*[.)]$/s);
			},
		),
		{ seed: 20250104, numRuns: 2_000 },
	);
	reception.close();
});

test('no secret of a body that nobody knows is shown, whatever becomes of it', () => {
	const names = [
		'token',
		'Password',
		'db_passwd',
		'apiKey',
		'API_KEY',
		'authorization',
		'cookie',
		'session',
		'private_key',
		'sendkey',
		'accessKey',
		'密码',
		'令牌',
	];
	const secret = 'S3CR3Tx9';
	const places: readonly ((name: string) => unknown)[] = [
		(name) => ({ [name]: secret }),
		(name) => ({ title: 'T', [name]: secret }),
		(name) => ({ title: 'T', content: { host: 'nas', [name]: secret } }),
		(name) => ({ event: 'x', data: { deep: [{ [name]: secret }] } }),
		(name) => ({ key: name, value: secret }),
		(name) => ({ type: 'config.updated', data: { key: name, value: secret } }),
		(name) => ({ settings: [{ name, value: secret }] }),
		(name) => `{"host": nas, "${name}": "${secret}"} oops`,
		(name) => ({ [name]: { inner: secret } }),
		(name) => ({ [name]: [secret] }),
		(name) => ({ message: `{"${name}":"${secret}"}` }),
		(name) => ({ msg: 'QD任务 成功', [name]: `${secret} is the longest text of all that there is in it` }),
	];
	for (const name of names)
		for (const place of places) {
			const body = place(name);
			const found = answer(typeof body === 'string' ? body : JSON.stringify(body), 'application/json');
			if (found instanceof Refusal) expect(JSON.stringify(found.reason)).not.toContain(secret);
			else expect(JSON.stringify(found.events.map(({ message }) => message))).not.toContain(secret);
		}
});
