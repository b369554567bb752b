/** DingTalk's own Stream SDK in front of our gateway, and beside our trigger. */
import { DWClient, EventAck, GATEWAY_URL, TOPIC_ROBOT, type DWClientDownStream } from 'dingtalk-stream';
import { closeConnections } from '../../../src/core/http/http';
import { forgetTurns } from '../../../src/core/deliver/send/pace';
import { dingtalkTrigger } from '../../../src/services/dingtalk/dingtalk.trigger';
import { because, expectAgreement, known, leaves } from '../../agreement';
import { connected, until } from '../../core/sockets/connected';
import { names } from '../../names';
import { clientId, clientSecret, DingtalkGateway, robotTopic } from './gateway';

// Nothing of theirs gets beyond this machine, whatever address it knows.
names({});

let gateway: DingtalkGateway;
beforeEach(async () => {
	forgetTurns();
	gateway = await new DingtalkGateway().up();
	// The SDK has no option for it.
	const constants = require('dingtalk-stream/constants') as { GATEWAY_URL: string };
	constants.GATEWAY_URL = gateway.url + new URL(home).pathname;
	for (const name of ['info', 'warn'] as const) jest.spyOn(console, name).mockReturnValue();
});
afterEach(async () => {
	await closeConnections();
	await gateway.down();
	expect(gateway.faults).toEqual([]);
});

const home = GATEWAY_URL;
const said = {
	...{ msgtype: 'text', text: { content: ' /last 5' }, msgId: 'msg1', createAt: 1_699_999_999_000 },
	...{ conversationId: 'cid1', conversationType: '2', conversationTitle: 'House', isInAtList: true },
	...{ senderId: '$:LWCP_v1:$x', senderStaffId: 'user123', senderNick: 'Ann', robotCode: clientId },
};
const joined = { timeStamp: '1700000000001', userId: ['staff9'] };

/** A message, an event and a ping, in this order; what was said to them, by what it was said to. */
async function tell(): Promise<Record<string, unknown>> {
	const ids = [
		gateway.say(said),
		gateway.happen('user_add_org', joined, { eventId: 'e1' }),
		gateway.ping('still there?'),
	];
	await until(() => gateway.acks.length === 3);
	const kinds = ['message', 'event', 'ping'];
	return Object.fromEntries(
		gateway.acks.splice(0).map(({ headers: { messageId, ...headers }, ...ack }) => {
			expect(ids).toContain(messageId);
			return [kinds[ids.indexOf(messageId)], { ...ack, headers }];
		}),
	);
}

test('the address and the topic are the SDK’s', () => {
	expect(home).toBe('https://api.dingtalk.com/v1.0/gateway/connections/open');
	expect(robotTopic).toBe(TOPIC_ROBOT);
});

test('the SDK registers, hears and acknowledges; so does the trigger, in the same words', async () => {
	const heard: DWClientDownStream[] = [];
	const sdk = new DWClient({ clientId, clientSecret });
	sdk.registerCallbackListener(TOPIC_ROBOT, (frame) => {
		heard.push(frame);
		sdk.socketCallBackResponse(frame.headers.messageId, null);
	});
	sdk.registerAllEventListener((frame) => {
		heard.push(frame);
		return { status: EventAck.SUCCESS };
	});
	await sdk.connect();
	await until(() => gateway.open.length === 1);
	const theirs = await tell();
	expect(heard.map(({ type, data }) => [type, JSON.parse(data)])).toEqual([
		['CALLBACK', said],
		['EVENT', joined],
	]);
	sdk.disconnect();
	await until(() => gateway.open.length === 0);

	const node = connected(
		dingtalkTrigger,
		{ robot: 'app', baseUrl: gateway.url, clientId, appSecret: clientSecret },
		{ mode: 'stream', topics: ['event', 'message'] },
	);
	await until(() => node.states.at(-1)?.state === 'connected');
	const ours = await tell();
	await until(() => node.events.length === 2);
	await node.close();
	expect(node.events).toMatchObject([
		{ command: 'last', args: ['5'], conversation: { id: 'cid1' }, user: { id: 'user123' } },
		{ kind: 'user_add_org' },
	]);

	const [their, our] = gateway.registered.map((body) => known(leaves('body', body)));
	expectAgreement(their!, our!, because('Each says who it is.', 'body.ua'));
	expectAgreement(known(leaves('ack', theirs)), known(leaves('ack', ours)), [
		...because(
			'The SDK sends the headers of the ping back as they came; the protocol wants these two.',
			'ack.ping.headers.topic',
			'ack.ping.headers.time',
		),
	]);
});

test('a wrong secret, or no subscription, gets no address', async () => {
	const wrong = new DWClient({ clientId, clientSecret: 'wrong' });
	await expect(wrong.getEndpoint()).rejects.toMatchObject({ response: { status: 401 } });
	const idle = new DWClient({ clientId, clientSecret, ...({ subscriptions: [] } as object) });
	await expect(idle.getEndpoint()).rejects.toMatchObject({ response: { status: 400 } });
	expect(gateway.opened).toBe(0);
});
