import { mediaSaber } from '../../../src/services/mediaSaber/mediaSaber.channel';
import { deliver } from '../../../src/core/deliver/deliver';
import { faked } from '../../faked';
import { refused } from '../../refused';
import type { Answer } from '../../service';

const key = 'ms-api-k3y';
let answer: Answer;
const server = faked(({ method, path, headers, query, json }) => {
	if (method !== 'POST' || path !== '/api/v1/message/openSend') return { status: 404, body: 'Not Found' };
	if ((headers.apikey ?? query.apiKey) !== key)
		return { status: 401, body: { code: 40101, message: 'unauthorized' } };
	if (!json?.title || !json?.content) return { body: { code: 40000, message: 'title and content are required' } };
	return answer;
});
beforeEach(() => {
	answer = { body: { code: 20000, message: 'SUCCESS' } };
});

const send = (message: unknown, options: object = {}, account: object = {}) =>
	deliver(mediaSaber, { baseUrl: server.url, apiKey: key, ...account }, options as never, message);
const last = () => server.requests.at(-1)!;

test('title and plain content', async () => {
	const receipt = await send({ title: 'Added', body: '**Film** [link](https://e.com)' });
	expect(last().headers.apikey).toBe(key);
	expect(last().json).toEqual({ title: 'Added', content: 'Film link (https://e.com)' });
	expect(receipt.degraded).toEqual([]);
	await send('**Only** a text\nof two lines');
	expect(last().json.title).toMatch(/^Only a text/);
});

test('a picture by its address, through MediaSaber where that is wanted', async () => {
	await send({ title: 'T', body: 'x', image: { url: 'https://e.com/p.jpg' } });
	expect(last().json).toEqual({ title: 'T', content: 'x', imageUrl: 'https://e.com/p.jpg' });
	await send({ title: 'T', body: 'x', image: { url: 'https://e.com/p.jpg' } }, { proxyImage: true });
	expect(last().json.proxy).toBe(true);
	await send({ title: 'T', body: 'x' }, { proxyImage: true });
	expect(last().json).toEqual({ title: 'T', content: 'x' });
	const receipt = await send({ title: 'T', body: 'x', image: { url: 'http://192.168.1.2/p.jpg' } });
	expect([last().json.imageUrl, receipt.degraded]).toEqual([undefined, ['image']]);
});

test('the whole address is taken for the key, and for the base URL', async () => {
	await send('x', {}, { apiKey: `${server.url}/api/v1/message/openSend?apiKey=${key}` });
	await send('x', {}, { baseUrl: `${server.url}/api/v1/message/openSend` });
	await send('x', {}, { baseUrl: `${server.url}/api/v1/message/openSend?apiKey=${key}` });
	expect(server.requests).toHaveLength(3);
});

test.each([{ code: 20000 }, { code: '20000', data: null }, 'SUCCESS', '"success"\n', { message: 'SUCCESS' }])(
	'%j is a yes',
	async (body) => {
		answer = { body };
		await send('x');
	},
);

test.each([
	[{ body: { code: 50000, message: 'send failed' } }, 'Rejected', '50000', 'send failed'],
	[{ body: { code: 40003, message: 'api key error' } }, 'Unauthorized', '40003', 'API key'],
	[{ body: 'FAILED: NO SUCCESS' }, 'Unexpected', '200', 'base URL'],
	[{ body: '<html>SUCCESS</html>' }, 'Unexpected', '200', 'base URL'],
	[{ status: 500, body: '' }, 'Unreachable', '500', ''],
] as const)('%j is a no', async (given, errorClass, code, words) => {
	answer = given as Answer;
	const error = await refused(send('x', { attempts: 1 }), key);
	expect(error).toMatchObject({ class: errorClass, code });
	expect(error.message).toContain(words);
	expect((await refused(send('x', { attempts: 1 }, { language: 'zh' }), key)).message).toMatch(/\p{Script=Han}/u);
});

test('a wrong key, a wrong address', async () => {
	expect(await refused(send('x', {}, { apiKey: 'wr0ng-key' }), 'wr0ng-key')).toMatchObject({ class: 'Unauthorized' });
	expect(await refused(send('x', {}, { baseUrl: `${server.url}/elsewhere` }), key)).toMatchObject({
		class: 'Invalid',
		field: 'baseUrl',
	});
});
