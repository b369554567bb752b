import { slackWebhook } from '../../../src/services/slack/slackWebhook.channel';
import { deliver, verify } from '../../../src/core/deliver/deliver';
import { closeConnections } from '../../../src/core/http/http';
import { forgetTurns } from '../../../src/core/deliver/send/pace';
import { frozenClock, refused } from '../../refused';
import { service, type Answer, type Service } from '../../service';
import { hookPath as path, incomingWebhook } from './incomingWebhook';

let server: Service;
let next: Answer | undefined;

beforeEach(async () => {
	next = undefined;
	forgetTurns();
	server = await service((request) => next ?? incomingWebhook(request));
});
afterEach(async () => {
	await closeConnections();
	await server.close();
});

const send = (options: Record<string, unknown>, message: unknown, webhookUrl = server.url + path) =>
	deliver(slackWebhook, { webhookUrl }, { attempts: 1, ...options }, message, { clock: frozenClock() });

test('the whole URL is all that is needed', async () => {
	const receipt = await send({}, 'Hello');
	expect(server.requests[0]).toMatchObject({ method: 'POST', path });
	expect(server.requests[0]!.json).toEqual({
		text: 'Hello',
		blocks: [{ type: 'section', text: { type: 'mrkdwn', text: 'Hello' } }],
		unfurl_links: false,
		unfurl_media: true,
	});
	expect(receipt.raw).toBe('ok');
});

test('a relay in the base URL gets it instead', async () => {
	await deliver(
		slackWebhook,
		{ baseUrl: server.url, webhookUrl: `https://hooks.slack.com${path}` },
		{ attempts: 1 },
		'Hello',
		{ clock: frozenClock() },
	);
	expect(server.requests[0]!.path).toBe(path);
});

test('blocks have links for buttons, and no buttons that would need an app', async () => {
	const receipt = await send(
		{ threadTs: '1.2', unfurlLinks: true, unfurlMedia: false },
		{
			title: 'T',
			body: 'Hello',
			buttons: [
				{ text: 'Watch', url: 'https://example.com' },
				{ text: 'Skip', value: 'skip' },
			],
			image: { url: 'https://pictures.example/a.jpg' },
			fields: [{ name: 'a', value: 'b' }],
			mentions: ['@all'],
		},
	);
	const { json } = server.requests[0]!;
	expect(json).toMatchObject({ thread_ts: '1.2', unfurl_links: true, unfurl_media: false });
	expect(json.blocks.map(({ type }: { type: string }) => type)).toEqual([
		'header',
		'section',
		'section',
		'section',
		'image',
		'actions',
	]);
	expect(json.blocks[5].elements).toHaveLength(1);
	expect(receipt.degraded).toEqual(['buttons']);
});

test('text, and own blocks', async () => {
	await send({ kind: 'text' }, 'Hello');
	await send({ kind: 'custom', blocks: [{ type: 'divider' }] }, 'Hello');
	expect(server.requests.map(({ json }) => [json.text, json.blocks])).toEqual([
		['Hello', undefined],
		['Hello', [{ type: 'divider' }]],
	]);
});

test.each([
	'/triggers/T00000000/1234567890/abcdef0123456789',
	'/workflows/T00000000/A00000000/1234567890/abcdef0123456789',
])('a workflow gets flat texts: %s', async (flow) => {
	await send(
		{ variables: ['text', 'title', 'url', 'image', 'level', 'type'], extraVariables: '{"room":"den","count":3}' },
		{ title: 'T', body: 'Hello', url: 'https://example.com', level: 'warning', type: 'task.failed' },
		server.url + flow,
	);
	expect(server.requests[0]!.json).toEqual({
		text: 'Hello',
		title: 'T',
		url: 'https://example.com',
		image: '',
		level: 'warning',
		type: 'task.failed',
		room: 'den',
		count: '3',
	});
	await send({}, 'Hello', server.url + flow);
	expect(server.requests[1]!.json).toEqual({ text: 'Hello' });
});

test('refused blocks become text', async () => {
	await server.close();
	server = await service((request) =>
		request.json.blocks ? { status: 400, body: 'invalid_blocks' } : incomingWebhook(request),
	);
	const receipt = await send({}, { title: 'T', body: 'Hello' });
	expect(server.requests[1]!.json).toMatchObject({ text: 'T\nHello', mrkdwn: false });
	expect(receipt.degraded).toEqual(['markup']);
});

test.each([
	[{ status: 400, body: 'invalid_payload' }, 'Rejected', '400', /cannot read/],
	[{ status: 400, body: 'no_text' }, 'Rejected', '400', /empty/],
	[{ status: 400, body: 'user_not_found' }, 'Rejected', '400', /gone/],
	[{ status: 403, body: 'action_prohibited' }, 'Rejected', '403', /administrator/],
	[{ status: 403, body: 'invalid_token' }, 'Unauthorized', '403', /new one/],
	[{ status: 404, body: 'channel_not_found' }, 'Rejected', '404', /new webhook/],
	[{ status: 404, body: 'no_service' }, 'Unauthorized', '404', /new one/],
	[{ status: 404, body: 'no_active_hooks' }, 'Unauthorized', '404', /new one/],
	[{ status: 404, body: 'what is this' }, 'Unauthorized', '404', /gone/],
	[{ status: 410, body: 'channel_is_archived' }, 'Rejected', '410', /archived/],
	[{ status: 500, body: 'rollup_error' }, 'Unreachable', '500', /later/],
	[
		{ status: 429, headers: { 'retry-after': '3' }, body: 'ratelimited' },
		'RateLimited',
		'429',
		/one message a second/,
	],
	[{ body: { ok: false, error: 'invalid_workflow_input' } }, 'Rejected', 'invalid_workflow_input', /variables/],
	[{ body: 'okay' }, 'Unexpected', '200', /okay/],
	[{ body: '' }, 'Unexpected', '200', /said no/],
	[{ body: '<html><title>Proxy</title></html>' }, 'Unexpected', '200', /Proxy/],
] as [Answer, string, string, RegExp][])('a refusal: %j', async (reply, errorClass, code, sentence) => {
	next = reply;
	const error = await refused(send({}, 'Hello'), 'AbCdEfGhIjKlMnOpQrStUvWx', 'B00000000');
	expect(error).toMatchObject({ class: errorClass, code, message: expect.stringMatching(sentence) });
});

test('a message without anything in it tells whether the webhook is still there', async () => {
	await verify(slackWebhook, { webhookUrl: server.url + path });
	expect(server.requests.map(({ method, path, json }) => [method, path, json])).toEqual([
		['POST', path, { text: '' }],
	]);
	// What it was called before.
	next = { status: 400, body: 'missing_text_or_fallback_or_attachments\n' };
	await verify(slackWebhook, { webhookUrl: server.url + path });
});

test.each([
	[{ status: 403, body: 'invalid_token' }, 'Unauthorized'],
	[{ status: 404, body: 'no_service' }, 'Unauthorized'],
	[{ status: 410, body: 'channel_is_archived' }, 'Rejected'],
	[{ status: 400, body: 'user_not_found' }, 'Rejected'],
	[{ status: 403, body: 'no_text' }, 'Rejected'],
	[{ status: 400, body: '<html>no_text</html>' }, 'Rejected'],
	[{ status: 500, body: 'rollup_error' }, 'Unreachable'],
	[{ body: 'okay' }, 'Unexpected'],
] as [Answer, string][])('verify tells of a webhook that is not: %j', async (reply, errorClass) => {
	next = reply;
	const error = await refused(verify(slackWebhook, { webhookUrl: server.url + path }), 'AbCdEfGhIjKlMnOpQrStUvWx');
	expect(error).toMatchObject({ class: errorClass });
});

test.each(['/triggers/T1/2/abc', '/workflows/T1/2/abc'])(
	'a workflow would be started, so nothing is asked of it (%s)',
	async (flow) => {
		await verify(slackWebhook, { webhookUrl: server.url + flow });
		expect(server.requests).toEqual([]);
	},
);

test('another URL is no webhook', async () => {
	expect(await refused(send({}, 'Hello', 'https://example.com/somewhere'))).toMatchObject({
		class: 'Invalid',
		field: 'webhookUrl',
	});
});
