import { sre24 } from '../../../src/services/sre24/sre24.channel';
import { deliver } from '../../../src/core/deliver/deliver';
import { faked } from '../../faked';
import { refused } from '../../refused';
import type { Answer, Seen } from '../../service';

const token = 'tk0123456789abcdef';

function answer({ path, json }: Seen): Answer {
	if (path !== '/api/v1/push' && path !== '/to/') return { status: 404, body: 'not found' };
	if (json?.token !== token) return { body: { code: 401, msg: 'token invalid' } };
	return { body: { code: 202, msg: 'accepted' } };
}

const server = faked(answer);

const send = (more: Record<string, unknown>, options: Record<string, unknown>, message: unknown) =>
	deliver(sre24, { baseUrl: server.url, token, ...more }, { attempts: 1, ...options }, message);

test('sre24.com', async () => {
	await send({}, { topic: 'nas' }, 'Hello');
	expect(server.requests[0]).toMatchObject({ method: 'POST', path: '/api/v1/push' });
	expect(server.requests[0]!.json).toEqual({ token, msg: 'Hello', topic: 'nas' });
});

test('its successor knows no topics', async () => {
	await send({ api: 'jwks123' }, { topic: 'nas' }, 'Hello');
	expect(server.requests[0]).toMatchObject({ method: 'POST', path: '/to/' });
	expect(server.requests[0]!.json).toEqual({ token, msg: 'Hello' });
});

test.each([
	[{ body: { code: 401, msg: 'token invalid' } }, 'Unauthorized', '401', /Copy the token/],
	[{ body: { code: 400, msg: 'no token' } }, 'Unauthorized', '400', /Copy the token/],
	[{ body: { code: 429, msg: 'slow down' } }, 'RateLimited', '429', /fewer/],
	// HTTP's own 202 says nothing.
	[{ status: 202, body: { code: 400, msg: 'bad' } }, 'Rejected', '400', /bad/],
	[{ body: { code: 200, msg: 'ok' } }, 'Rejected', '200', /said no/],
	[{ status: 503, body: 'gone' }, 'Unreachable', '503', /gone for good/],
	[{ body: '<html><title>Domain for sale</title></html>' }, 'Unexpected', '200', /web page/],
])('a refusal: %j', async (reply, errorClass, code, sentence) => {
	server.next = reply;
	expect(await refused(send({}, {}, 'Hello'), token)).toMatchObject({
		class: errorClass,
		code,
		message: expect.stringMatching(sentence),
	});
});
