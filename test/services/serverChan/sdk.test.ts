/** ServerChan's own SDK in front of our fake, and beside our channel. */
import http from 'node:http';
import https from 'node:https';
import { scSend } from 'serverchan-sdk';
import { deliver } from '../../../src/core/deliver/deliver';
import { serverChan } from '../../../src/services/serverChan/serverChan.channel';
import { because, expectAgreement, factsOf } from '../../agreement';
import { faked } from '../../faked';
import { names } from '../../names';
import { pushApi, threeKey, turboKey } from './pushApi';

const server = faked(pushApi);
names({});

beforeEach(() => {
	// The SDK has no option for it: whatever it asks for, it asks this machine.
	jest.spyOn(https, 'request').mockImplementation(((options: https.RequestOptions, done?: () => void) => {
		const { hostname, port } = new URL(server.url);
		const headers = { ...options.headers, host: options.hostname! };
		return http.request(
			{ ...options, headers, protocol: 'http:', host: hostname, hostname, port, agent: undefined },
			done,
		);
	}) as typeof https.request);
});

const send = (sendKey: string, options: object, message: object) =>
	deliver(serverChan, { baseUrl: server.url, sendKey }, { attempts: 1, ...options }, message);

test('Turbo', async () => {
	const options = { short: '卡片', channel: '9|66', openid: 'alice|bob', noip: 1 } as const;
	expect(await scSend(turboKey, 'Film added', 'Hello', options)).toMatchObject({ code: 0 });
	await send(
		turboKey,
		{ short: '卡片', channels: ['9', '66'], openids: 'alice,bob', noip: true },
		{ title: 'Film added', body: 'Hello' },
	);
	const [their, our] = server.requests;
	expect(their!.headers.host).toBe('sctapi.ftqq.com');
	expectAgreement(factsOf([their!]), factsOf([our!]), [
		...because('A form has texts alone, and the service reads both.', 'body.noip'),
	]);
});

test('³', async () => {
	const options = { tags: 'film|new', short: '卡片' };
	expect(await scSend(threeKey, 'Film added', 'Hello', options)).toMatchObject({ code: 0 });
	await send(threeKey, { tags: 'film,new', short: '卡片' }, { title: 'Film added', body: 'Hello' });
	const [their, our] = server.requests;
	expect(their!.headers.host).toBe(`${threeKey}.push.ft07.com`);
	expectAgreement(factsOf([their!]), factsOf([our!]), [
		...because(
			'The packed SDK still has the key for a host; its source, and what the service shows its users, have it in the path.',
			'path',
		),
	]);
});

test.each([
	['a wrong key', 'SCT000000Twrong', 'T', 'x', 40001],
	['no title', turboKey, '', 'x', 20001],
	['a long title', turboKey, 'T'.repeat(33), 'x', 20001],
	['a long text', threeKey, 'T', 'x'.repeat(32_769), 20002],
])('the fake refuses %s, and the SDK tells so', async (_, key, title, body, code) => {
	expect(await scSend(key, title, body)).toMatchObject({ code });
});
