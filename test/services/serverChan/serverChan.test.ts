import { fc } from '../../property';
import { serverChan } from '../../../src/services/serverChan/serverChan.channel';
import { act, deliver } from '../../../src/core/deliver/deliver';
import { faked } from '../../faked';
import { frozenClock, refused } from '../../refused';
import { pushApi, threeKey, turboKey } from './pushApi';

const clock = frozenClock();

const server = faked(pushApi);

const turbo = () => ({ baseUrl: server.url, sendKey: turboKey });
const three = () => ({ baseUrl: server.url, sendKey: threeKey });
const send = (account: Record<string, unknown>, options: Record<string, unknown>, message: unknown) =>
	deliver(serverChan, account, { attempts: 1, ...options }, message, { clock });

test('Turbo: every option in the request', async () => {
	const receipt = await send(
		turbo(),
		{ short: '卡片', channels: ['9', '66'], openids: 'alice,bob', noip: true, tags: 'a,b' },
		{ title: 'Film added', body: 'Hello', image: { url: 'https://pictures.example/a(1).jpg' } },
	);
	expect(server.requests[0]).toMatchObject({ method: 'POST', path: `/${turboKey}.send` });
	expect(server.requests[0]!.json).toEqual({
		title: 'Film added',
		desp: 'Hello\n\n![](https://pictures.example/a%281%29.jpg)',
		short: '卡片',
		channel: '9|66',
		openid: 'alice|bob',
		noip: '1',
	});
	expect(receipt).toMatchObject({ ids: ['7'], handle: { pushid: '7', readkey: 'RKabc' }, degraded: [] });
});

test('Turbo: openids of the test account are joined by commas', async () => {
	await send(turbo(), { channels: ['0'], openids: ['o1', 'o2'] }, { title: 'T', body: 'Hello' });
	expect(server.requests[0]!.json).toMatchObject({ channel: '0', openid: 'o1,o2' });
});

test('³ is known by its key, and has tags instead of channels', async () => {
	const receipt = await send(
		three(),
		{ tags: 'nas,film', channels: ['9'], noip: true, short: 's' },
		{ title: 'T', body: 'Hello' },
	);
	expect(server.requests[0]!.path).toBe(`/send/${threeKey}.send`);
	expect(server.requests[0]!.json).toEqual({ title: 'T', desp: 'Hello', short: 's', tags: 'nas|film' });
	expect(receipt.handle).toEqual({ pushid: '9' });
});

test('a message without a title gets the start of its text, a title’s line breaks go', async () => {
	await send(turbo(), {}, 'Hello there');
	await send(turbo(), {}, { title: 'one\r\ntwo\nthree', body: 'x' });
	await send(turbo(), {}, { image: { url: 'https://pictures.example/a.jpg' }, body: '' });
	expect(server.requests.map(({ json }) => json.title)).toEqual(['Hello there', 'one two three', 'Notification']);
});

test('a long title is cut to 32 characters, not refused', async () => {
	const receipt = await send(turbo(), {}, { title: '长'.repeat(50), body: 'x' });
	expect([...server.requests[0]!.json.title].length).toBeLessThanOrEqual(32);
	expect(receipt.degraded).toContain('title');
});

test('whatever a message holds, it has a title of one line and at most 32 characters', async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.string({ unit: 'binary' }),
			fc.string({ unit: 'binary', minLength: 1 }),
			async (title, body) => {
				const sent = await send(turbo(), {}, { title, body }).catch((error: unknown) => error);
				// The fake refuses other titles with a code of its own.
				if (sent instanceof Error) expect(sent).toMatchObject({ class: 'Invalid', field: 'message' });
			},
		),
	);
});

test('takes the whole URL, and stays at a chosen relay', async () => {
	await send({ sendKey: `${server.url}/${turboKey}.send` }, {}, 'Hello');
	await send(
		{ baseUrl: `${server.url}/relay`, sendKey: `https://4321.push.ft07.com/send/${threeKey}.send` },
		{},
		'Hello',
	).catch(() => undefined);
	expect(server.requests.map(({ path }) => path)).toEqual([`/${turboKey}.send`, `/relay/send/${threeKey}.send`]);
});

test('the older URL of ³, with the key for a host, is its key', async () => {
	const sendKey = `https://${threeKey}.push.ft07.com/send`;
	await send({ baseUrl: `${server.url}/`, sendKey }, {}, 'Hello');
	expect(server.requests.map(({ path }) => path)).toEqual([`/send/${threeKey}.send`]);
});

test('queries the status of a push', async () => {
	await expect(act(serverChan, 'queryStatus', turbo(), { pushid: '7', readkey: 'RKabc' })).resolves.toMatchObject({
		code: 0,
	});
	expect(server.requests[0]).toMatchObject({ method: 'GET', path: '/push', query: { id: '7', readkey: 'RKabc' } });
});

test.each([
	[{ status: 400, body: { code: 40001, message: 'bad pushtoken' } }, 'Unauthorized', '40001', /Copy the SendKey/],
	[{ body: { code: 40001, message: '超过当天的发送次数限制[5]，请稍后再试' } }, 'RateLimited', '40001', /quota/],
	[{ body: { errno: 1024, errmsg: '不要重复发送同样的内容' } }, 'Rejected', '1024', /wait a minute/],
	[{ body: { errno: 1024, errmsg: 'fail' } }, 'Rejected', '1024', /within the last minute/],
	[{ body: { code: 0, message: '', data: { errno: 1024, error: 'FAIL' } } }, 'Rejected', '1024', /SendKey is wrong/],
	[{ body: {} }, 'Rejected', '200', /documentation/],
	[{ status: 502, body: '<html><title>Bad Gateway</title></html>' }, 'Unreachable', '502', /later/],
])('a refusal: %j', async (reply, errorClass, code, sentence) => {
	server.next = reply;
	const error = await refused(send(turbo(), {}, 'Hello'), turboKey);
	expect(error).toMatchObject({ class: errorClass, code, message: expect.stringMatching(sentence) });
	expect(error.text.zh).toMatch(/\p{Script=Han}/u);
});

test('a used-up quota is not tried again', async () => {
	server.next = { body: { code: 40001, message: '超过当天的发送次数限制' } };
	await refused(send(turbo(), { attempts: 4 }, 'Hello'), turboKey);
	expect(server.requests).toHaveLength(1);
});

test('a legacy yes counts', async () => {
	server.next = { body: { errno: 0, errmsg: 'success', dataset: 'done' } };
	await expect(send(turbo(), {}, 'Hello')).resolves.toMatchObject({ ok: true });
});

test.each([
	[{ sendKey: 'SCU1234567890' }, 'sendKey', /stopped working/],
	[{ sendKey: 'nonsense' }, 'sendKey', /SCT/],
	[{ sendKey: '' }, 'sendKey', /SendKey/],
])('an unusable key %j is said before anything is sent', async (more, field, sentence) => {
	const error = await refused(send({ baseUrl: server.url, ...more }, {}, 'Hello'));
	expect(error).toMatchObject({ class: 'Invalid', field, message: expect.stringMatching(sentence) });
	expect(server.requests).toHaveLength(0);
});

test('options beyond the service’s limits are said', async () => {
	expect(await refused(send(turbo(), { short: 'x'.repeat(65) }, 'Hello'))).toMatchObject({
		class: 'Invalid',
		field: 'short',
	});
	expect(await refused(send(turbo(), { channels: ['0', '1', '2'] }, 'Hello'))).toMatchObject({
		class: 'Invalid',
		field: 'channels',
	});
});
