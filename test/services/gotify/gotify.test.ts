import { Validator, type Schema } from 'jsonschema';
import { act, deliver, verify } from '../../../src/core/deliver/deliver';
import { gotify } from '../../../src/services/gotify/gotify.channel';
import spec from '../../data/specs/gotify.json';
import { faked } from '../../faked';
import { refused } from '../../refused';
import type { Answer, Seen } from '../../service';

const token = 'AbCdEfGhIjKlMnO';
const clientToken = 'CbCdEfGhIjKlMnO';

const no = (code: number, error: string, errorDescription: string): Answer => ({
	status: code,
	body: { error, errorCode: code, errorDescription },
});
const unauthorized = no(
	401,
	'Unauthorized',
	'you need to provide a valid access token or user credentials to access this api',
);

const validator = new Validator();
const sound = (value: unknown, name: 'CreateMessage' | 'Message') =>
	validator.validate(value, { ...spec.definitions[name], definitions: spec.definitions } as unknown as Schema).errors;

/** As Gotify 3 routes and refuses; what it takes and gives is held against its own specification. */
function answer({ method, path, headers, json }: Seen): Answer {
	const key = headers['x-gotify-key'];
	if (!path.startsWith('/g/message')) return { status: 404, body: '404 page not found' };
	if (method === 'DELETE') {
		if (key === token) return no(403, 'Forbidden', 'you are not allowed to access this api');
		if (key !== clientToken) return unauthorized;
		return path === '/g/message/25' ? {} : no(404, 'Not Found', 'message does not exist');
	}
	if (key !== token) return unauthorized;
	if (typeof json?.message !== 'string' || json.message === '')
		return no(400, 'Bad Request', "Field 'message' is required");
	const [fault] = sound(json, 'CreateMessage');
	if (fault) return no(400, 'Bad Request', fault.stack);
	const message = { id: 25, appid: 5, title: 'Backup', date: '2026-01-01T00:00:00Z', ...json };
	expect(sound(message, 'Message')).toEqual([]);
	return { body: message };
}

const server = faked(answer);
const account = (more = {}) => ({ baseUrl: `${server.url}/g`, token, ...more });
const send = (message: unknown, options: Record<string, unknown> = {}, more = {}) =>
	deliver(gotify, account(more), { attempts: 1, ...options } as never, message);
const last = () => server.requests.at(-1)!.json;

test('a text is Markdown, with sound', async () => {
	const receipt = await send('Hello **you**');
	expect(server.requests[0]).toMatchObject({
		method: 'POST',
		path: '/g/message',
		headers: { 'x-gotify-key': token },
	});
	expect(last()).toEqual({
		message: 'Hello **you**',
		priority: 5,
		extras: { 'client::display': { contentType: 'text/markdown' } },
	});
	expect(receipt).toMatchObject({ ids: ['25'], handle: { id: 25 }, degraded: [] });
});

test('title, link and picture; buttons become links', async () => {
	const receipt = await send({
		title: 'Film',
		body: 'is here',
		url: 'https://example.com/1',
		image: { url: 'https://example.com/p.jpg' },
		buttons: [{ text: 'Play', url: 'https://example.com/play' }],
	});
	expect(last()).toEqual({
		title: 'Film',
		message: 'is here\n\n[Play](https://example.com/play)\n\n![](https://example.com/p.jpg)',
		priority: 5,
		extras: {
			'client::display': { contentType: 'text/markdown' },
			'client::notification': {
				click: { url: 'https://example.com/1' },
				bigImageUrl: 'https://example.com/p.jpg',
			},
		},
	});
	expect(receipt.degraded).toEqual(['buttons']);
});

test('every option', async () => {
	await send('Hello **you**', {
		format: 'plain',
		priority: 0,
		click: 'geo:0,0',
		intentUrl: 'https://example.com/i',
		extras: '{"home::light": {"on": true}}',
	});
	expect(last()).toEqual({
		message: 'Hello you',
		priority: 0,
		extras: {
			'client::notification': { click: { url: 'geo:0,0' } },
			'android::action': { onReceive: { intentUrl: 'https://example.com/i' } },
			'home::light': { on: true },
		},
	});
	expect(await refused(send('x', { extras: '[1]' }))).toMatchObject({ class: 'Invalid', field: 'extras' });
});

test.each([
	[{ level: 'failure' }, {}, 10],
	[{ level: 'warning' }, {}, 8],
	[{ level: 'success' }, {}, 5],
	[{ level: 'failure' }, { priority: 4 }, 4],
	[{ level: 'failure', silent: true }, {}, 3],
	[{ silent: true }, { priority: 1 }, 1],
])('%j with %j has priority %i', async (message, options, priority) => {
	await send({ body: 'x', ...message }, options);
	expect(last().priority).toBe(priority);
});

test('a pasted address has the token', async () => {
	await send('x', {}, { token: `${server.url}/g/message?token=${token}` });
	expect(server.requests[0]!.headers['x-gotify-key']).toBe(token);
});

test('an account is checked by what sends nothing', async () => {
	await verify(gotify, account());
	expect(server.requests.map(({ json }) => json)).toEqual([{}]);
	expect(await refused(verify(gotify, account({ token: 'AwRoNg' })), 'AwRoNg')).toMatchObject({
		class: 'Unauthorized',
		code: '401',
	});
	server.next = { status: 200, body: '<html></html>' };
	expect(await refused(verify(gotify, account()))).toMatchObject({ class: 'Unexpected' });
});

test('a message is deleted with the client token', async () => {
	expect(await act(gotify, 'deleteMessage', account({ clientToken }), { id: '25' })).toEqual({ deleted: '25' });
	expect(await refused(act(gotify, 'deleteMessage', account(), { id: '25' }))).toMatchObject({
		field: 'clientToken',
	});
	expect(
		await refused(act(gotify, 'deleteMessage', account({ clientToken }), { id: '26' }), clientToken),
	).toMatchObject({ class: 'Rejected', code: '404' });
});

test.each([
	[unauthorized, 'Unauthorized', '401', /begins with A/],
	[no(403, 'Forbidden', 'you are not allowed to access this api'), 'Unauthorized', '403', /client’s cannot send/],
	[{ status: 404, body: '404 page not found' }, 'Rejected', '404', /URL/],
	[{ status: 413, body: '<html><title>413 Request Entity Too Large</title>' }, 'Rejected', '413', /shorten/],
	[no(500, 'Internal Server Error', 'database is locked'), 'Unreachable', '500', /later/],
	[{ body: { title: 'x' } }, 'Rejected', '200', /said no/],
] as [Answer, string, string, RegExp][])('a refusal: %j', async (reply, errorClass, code, sentence) => {
	server.next = reply;
	expect(await refused(send('Hello'), token)).toMatchObject({
		class: errorClass,
		code,
		message: expect.stringMatching(sentence),
	});
});
