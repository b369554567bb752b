import { mailgun } from '../../../src/services/mail/mailgun.channel';
import { deliver, verify } from '../../../src/core/deliver/deliver';
import { closeConnections } from '../../../src/core/http/http';
import { faked } from '../../faked';
import { refused } from '../../refused';
import type { Answer, Seen } from '../../service';
import { apiKey as key, mailgunApi, mailIn, type Received } from './mailgunApi';

const png = { name: 'poster.png', mime: 'image/png', data: Buffer.from('\x89PNG\r\n\x1a\nrest', 'latin1') };
let answers: Answer[];
let sent: Received;

async function api(request: Seen): Promise<Answer> {
	const prepared = answers.shift();
	if (prepared) return prepared;
	const answer = await mailgunApi(request);
	if (answer.status !== 401 && answer.status !== 404) sent = await mailIn(request);
	return answer;
}

const server = faked(api);
beforeEach(() => {
	answers = [];
});

const account = (more: object = {}) => ({
	baseUrl: server.url,
	apiKey: key,
	domain: 'mg.example.com',
	to: 'Ann <ann@example.com>',
	...more,
});
const send = (message: unknown, options: object = {}, more: object = {}) =>
	deliver(mailgun, account(more), options as never, message);

test('one Markdown body becomes HTML and text', async () => {
	const receipt = await send({
		title: 'Added 中',
		body: '**Film** & more',
		fields: [{ name: 'Year', value: '1999' }],
		buttons: [{ text: 'Open', url: 'https://e.com' }],
		level: 'failure',
	});
	const { fields } = sent;
	expect(Object.keys(fields).sort()).toEqual([
		'from',
		'h:Auto-Submitted',
		'h:Importance',
		'h:X-Priority',
		'html',
		'subject',
		'text',
		'to',
	]);
	expect([fields.from, fields.to, fields.subject]).toEqual([
		['carillon@mg.example.com'],
		['Ann <ann@example.com>'],
		['Added 中'],
	]);
	expect(fields.html![0]).toContain('href="https://e.com"');
	expect(fields.text![0]).toBe('Film & more\n\nYear: 1999\n\nOpen: https://e.com');
	expect(receipt).toMatchObject({
		ids: ['<20260101.1@mg.example.com>'],
		handle: { messageId: '<20260101.1@mg.example.com>' },
		degraded: [],
	});
});

test('pictures and files', async () => {
	await send({
		body: 'x',
		image: png,
		attachments: [{ name: '报告.pdf', mime: 'application/pdf', data: Buffer.from('%PDF') }],
	});
	expect(sent.files).toEqual([
		['inline', 'image@carillon', 'image/png'],
		['attachment', '报告.pdf', 'application/pdf'],
	]);
	expect(sent.fields.html![0]).toContain('cid:image@carillon');
	await send({ body: '<img src="cid:poster.png">', format: 'html', attachments: [png] });
	expect(sent.files).toEqual([['inline', 'poster.png', 'image/png']]);
	await send({ body: 'x', image: png }, { format: 'text' });
	expect([sent.files, sent.fields.html]).toEqual([[['attachment', 'poster.png', 'image/png']], undefined]);
});

test('every option in its place', async () => {
	await send('x', {
		cc: 'b@example.com',
		bcc: 'c@example.com',
		from: 'Bell <bell@mg.example.com>',
		replyTo: 'r@example.com',
		inReplyTo: 'a@example.com',
		unsubscribe: 'off@example.com',
		headers: { 'X-Source': '1' },
		tags: 'a, b',
		deliveryTime: '2026-01-31T08:00:00+08:00',
		tracking: 'yes',
		trackingOpens: 'no',
		trackingClicks: 'htmlonly',
		dkim: 'no',
		requireTls: true,
		skipVerification: true,
		testMode: true,
		sendingIp: '192.0.2.1',
		sendingIpPool: 'pool',
		ampHtml: '<html amp4email></html>',
		variables: '{"n": 1, "s": "t", "o": {"a": 1}}',
	});
	expect(sent.fields).toMatchObject({
		to: ['Ann <ann@example.com>'],
		cc: ['b@example.com'],
		bcc: ['c@example.com'],
		from: ['Bell <bell@mg.example.com>'],
		'h:Reply-To': ['r@example.com'],
		'h:In-Reply-To': ['<a@example.com>'],
		'h:References': ['<a@example.com>'],
		'h:List-Unsubscribe': ['<mailto:off@example.com>'],
		'h:X-Source': ['1'],
		'o:tag': ['a', 'b'],
		'o:deliverytime': ['Sat, 31 Jan 2026 00:00:00 +0000'],
		'o:tracking': ['yes'],
		'o:tracking-opens': ['no'],
		'o:tracking-clicks': ['htmlonly'],
		'o:dkim': ['no'],
		'o:require-tls': ['yes'],
		'o:skip-verification': ['yes'],
		'o:testmode': ['yes'],
		'o:sending-ip': ['192.0.2.1'],
		'o:sending-ip-pool': ['pool'],
		'amp-html': ['<html amp4email></html>'],
		'v:n': ['1'],
		'v:s': ['t'],
		'v:o': ['{"a":1}'],
	});
	expect(await refused(send('x', { deliveryTime: 'soon' }))).toMatchObject({
		class: 'Invalid',
		field: 'deliveryTime',
	});
	expect(await refused(send('x', { to: 'nobody' }))).toMatchObject({ class: 'Invalid', field: 'to' });
});

test('a template of Mailgun’s takes the place of the HTML', async () => {
	await send(
		{ title: 'T', body: 'x' },
		{ template: 'added', templateVersion: 'v2', templateText: true, templateVariables: { title: 'T' } },
	);
	expect(sent.fields).toMatchObject({
		template: ['added'],
		't:version': ['v2'],
		't:text': ['yes'],
		't:variables': ['{"title":"T"}'],
		text: ['x'],
	});
	expect(sent.fields.html).toBeUndefined();
});

test.each([
	[
		'rows',
		[
			{ name: 'title', value: 'T' },
			{ name: 'list', value: '[1, {"a": "b"}]' },
			{ name: '', value: '' },
		],
		'T',
	],
	['an object from upstream', { title: 7, list: [1, { a: 'b' }], on: false }, 7],
	['its JSON', '{"title": "007", "list": [1, {"a": "b"}]}', '007'],
])('the variables of a template keep their types (%s)', async (_, templateVariables, title) => {
	await send('x', { template: 'added', templateVariables });
	expect(JSON.parse(sent.fields['t:variables']![0]!)).toMatchObject({ title, list: [1, { a: 'b' }] });
});

test.each([
	['rows', [{ recipient: 'ann@example.com', variables: 'n = 1\nname=Ann = A.\n' }], { n: '1', name: 'Ann = A.' }],
	['an object', { 'ann@example.com': { n: 1, of: { a: true } } }, { n: 1, of: { a: true } }],
	['its JSON', '{"ann@example.com": {"n": 1}}', { n: 1 }],
])('each for himself (%s)', async (_, recipientVariables, ofAnn) => {
	await send('x', { to: 'Ann <ann@example.com>, bob@example.com', cc: 'cy@example.com', recipientVariables });
	expect([sent.fields.to, sent.fields.cc]).toEqual([
		['Ann <ann@example.com>', 'bob@example.com', 'cy@example.com'],
		undefined,
	]);
	expect(JSON.parse(sent.fields['recipient-variables']![0]!)).toEqual({
		'ann@example.com': ofAnn,
		'bob@example.com': {},
		'cy@example.com': {},
	});
	await send('x', { separately: true });
	expect(sent.fields['recipient-variables']).toEqual(['{"ann@example.com":{}}']);
});

test.each(['Ann', 'name: Ann', '{"name"', '["Ann"]', '5', 'name = Ann\nand more'])(
	'variables that are none are refused (%s)',
	async (variables) => {
		await expect(
			send('x', { recipientVariables: [{ recipient: 'ann@example.com', variables }] }),
		).rejects.toMatchObject({ class: 'Invalid', field: 'recipientVariables[0].variables' });
	},
);

test('an address without variables is refused as well', async () => {
	await expect(send('x', { recipientVariables: '{"ann@example.com": 5}' })).rejects.toMatchObject({
		class: 'Invalid',
	});
});

test('the region chooses the server, a base URL of one’s own comes first', async () => {
	const asked: string[] = [];
	const proxy = await import('node:http').then(({ createServer }) => createServer());
	proxy.on('connect', ({ url }, socket) => {
		asked.push(url!);
		socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
	});
	await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done));
	const through = { baseUrl: undefined, proxy: `http://127.0.0.1:${(proxy.address() as { port: number }).port}` };
	for (const region of ['us', 'eu']) await refused(send('x', { attempts: 1 }, { ...through, region }), key);
	expect(asked).toEqual(['api.mailgun.net:443', 'api.eu.mailgun.net:443']);
	await closeConnections();
	await new Promise((done) => proxy.close(done));
	await send('x', {}, { region: 'eu' });
});

test('is checked without sending', async () => {
	await verify(mailgun, account());
	expect(server.requests.at(-1)!.form).toEqual({});
	expect(await refused(verify(mailgun, account({ apiKey: 'key-wr0ng' })), 'key-wr0ng')).toMatchObject({
		class: 'Unauthorized',
		code: '401',
	});
	const error = await refused(verify(mailgun, account({ domain: 'other.example.com' })), key);
	expect(error).toMatchObject({ class: 'Invalid', field: 'domain' });
	expect(error.message).toContain('region');
	answers = [{ status: 500 }];
	expect(await refused(verify(mailgun, account()), key)).toMatchObject({ class: 'Unreachable' });
});

test.each([
	[400, "'to' parameter is not a valid address. please check documentation", 'Invalid', 'to'],
	[400, "'from' parameter is not a valid address. please check documentation", 'Invalid', 'from'],
	[400, 'template "x" not found', 'Invalid', 'template'],
	[400, 'something new', 'Rejected', undefined],
	[
		403,
		'Domain sandbox1.mailgun.org is not allowed to send: Sandbox subdomains are for test purposes only. Please add your own domain or add the address to authorized recipients in Account Settings.',
		'Rejected',
		undefined,
	],
	[402, 'Payment required', 'Rejected', undefined],
	[403, 'The domain is unverified and requires DNS configuration.', 'Rejected', undefined],
	[404, 'Domain not found: x', 'Invalid', 'domain'],
	[429, 'Too many requests', 'RateLimited', undefined],
	[500, 'Internal Server Error', 'Unreachable', undefined],
	[200, 'no id in it', 'Rejected', undefined],
] as const)('%i “%s” is %s', async (status, message, errorClass, field) => {
	answers = [
		{ status, body: { message } },
		{ status, body: { message } },
	];
	const error = await refused(send('x', { attempts: 1 }), key);
	expect(error).toMatchObject({ class: errorClass, code: String(status), field });
	expect(error.message).toContain(message.slice(0, 40));
	expect((await refused(send('x', { attempts: 1 }, { language: 'zh' }), key)).message).toMatch(/\p{Script=Han}/u);
});

test('too big goes without its attachments', async () => {
	answers = [{ status: 413, body: { message: 'Request Entity Too Large' } }];
	const receipt = await send({ body: 'x', attachments: [png] });
	expect([receipt.degraded, sent.files]).toEqual([['attachments'], []]);
	answers = [1, 2].map(() => ({ status: 413, body: { message: 'Request Entity Too Large' } }));
	expect((await send({ body: 'x', image: png, attachments: [png] })).degraded).toEqual(['attachments', 'image']);
});
