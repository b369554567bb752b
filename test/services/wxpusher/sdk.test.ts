/** WxPusher's SDK for Node in front of our fake, and beside our channel. */
import { act, deliver } from '../../../src/core/deliver/deliver';
import { forgetTurns } from '../../../src/core/deliver/send/pace';
import { wxpusher } from '../../../src/services/wxpusher/wxpusher.channel';
import { expectAgreement, factsOf } from '../../agreement';
import { faked } from '../../faked';
import { names } from '../../names';
import { frozenClock } from '../../refused';
import { appToken, pushApi } from './pushApi';

interface Result {
	code: number;
	msg: string;
	success?: boolean;
}

const { WxPusher, Message } = require('wxpusher') as {
	WxPusher: new (appToken: string) => Record<'send' | 'queryWxUserByV2', (given: object) => Promise<Result>>;
	Message: new () => object;
};
const place = require('wxpusher/wxpusher/client/HttpUtil') as { BASE_URL: string; PORT: number };

names({});
const server = faked(pushApi);
const host = place.BASE_URL;
beforeEach(() => {
	forgetTurns();
	// The SDK has no option for it.
	const { hostname, port } = new URL(server.url);
	[place.BASE_URL, place.PORT] = [hostname, Number(port)];
});

const sdk = (token = appToken) => new WxPusher(token);
const message = (more: object) => Object.assign(new Message(), { contentType: 1, content: 'Hello' }, more);
const send = (more: object, options: object, given: unknown) =>
	deliver(wxpusher, { baseUrl: server.url, appToken, ...more }, options as never, given, { clock: frozenClock() });

test('the host is the SDK’s', () => {
	expect(wxpusher.account.baseUrl!.default).toBe(`https://${host}`);
});

test('a message to people and topics', async () => {
	const given = { uids: ['UID_ann'], topicIds: [123], summary: 'Film', url: 'https://example.com/1', contentType: 3 };
	expect(await sdk().send(message(given))).toMatchObject({ code: 1000, success: true });
	await send(
		{ to: 'UID_ann, 123' },
		{ summary: 'Film', contentType: 'markdown' },
		{ body: 'Hello', url: 'https://example.com/1' },
	);
	expectAgreement(factsOf([server.requests[0]!]), factsOf([server.requests[1]!]));
});

test('who follows the app', async () => {
	await sdk().queryWxUserByV2({ page: 1, pageSize: 50 });
	await act(wxpusher, 'listUsers', { baseUrl: server.url, appToken }, {} as never);
	expectAgreement(factsOf([server.requests[0]!]), factsOf([server.requests[1]!]));
});

test.each([
	['a wrong token', 'AT_wrong', { uids: ['UID_ann'] }],
	['nobody', appToken, {}],
	['an unknown kind', appToken, { uids: ['UID_ann'], contentType: 9 }],
	['a long text', appToken, { uids: ['UID_ann'], content: 'x'.repeat(40_001) }],
	['a long summary', appToken, { uids: ['UID_ann'], summary: 'x'.repeat(101) }],
])('the fake refuses %s, and the SDK tells so', async (_, token, more) => {
	expect(await sdk(token).send(message(more))).toMatchObject({ code: 1001, success: false });
});
