/** NapCat's SDK for Node in front of our OneBot server, and beside our channel and trigger. */
import { NCWebsocket } from 'node-napcat-ts';
import { act, deliver, verify } from '../../../src/core/deliver/deliver';
import { closeConnections } from '../../../src/core/http/http';
import { onebot } from '../../../src/services/onebot/onebot.channel';
import { onebotTrigger } from '../../../src/services/onebot/onebot.trigger';
import { because, expectAgreement, known, leaves, type Difference } from '../../agreement';
import { connected, until } from '../../core/sockets/connected';
import { names } from '../../names';
import { frozenClock } from '../../refused';
import { perform } from './implementation';
import { OneBotServer } from './server';

// Nothing of theirs gets beyond this machine, whatever address it knows.
names({});

let server: OneBotServer;
let sdk: NCWebsocket;
beforeEach(async () => {
	server = await new OneBotServer().up();
	server.refusal = 'handshake';
	server.perform = perform;
	sdk = new NCWebsocket({ baseUrl: server.url, accessToken: 'tok', reconnection: { enable: false } });
	await sdk.connect();
});
afterEach(async () => {
	await sdk.disconnect();
	await closeConnections();
	await server.down();
});

const account = (more: object = {}) => ({ baseUrl: server.url, accessToken: 'tok', to: 'group:20001', ...more });
const send = (message: unknown, more: object = {}) =>
	deliver(onebot, account(more), {}, message, { clock: frozenClock() });
const run = (name: string, input: object) => act(onebot, name, account(), input as never, { binary });
const binary = async () => ({ name: 'a.txt', mime: 'text/plain', data: Buffer.from('log') });
const text = [{ type: 'text' as const, data: { text: 'Hello' } }];
const kind = because(
	'The standard takes the kind of the chat from the id too; said outright, no implementation has to guess.',
	'params.message_type',
);

const calls: [
	name: string,
	theirs: (api: NCWebsocket) => Promise<unknown>,
	ours: () => Promise<unknown>,
	differences?: Difference[],
][] = [
	['to a group', (api) => api.send_msg({ group_id: 20001, message: text }), () => send('Hello'), kind],
	[
		'to a person',
		(api) => api.send_msg({ user_id: 10001, message: text }),
		() => send('Hello', { to: 'private:10001' }),
		kind,
	],
	['a recall', (api) => api.delete_msg({ message_id: 5 }), () => run('recallMessage', { messageId: '5' })],
	['a message', (api) => api.get_msg({ message_id: 5 }), () => run('getMessage', { messageId: '5' })],
	['who the bot is', (api) => api.get_login_info(), () => verify(onebot, account())],
	['how it is', (api) => api.get_status(), () => run('getStatus', {})],
	[
		'a file',
		(api) => api.upload_group_file({ group_id: 20001, file: 'base64://bG9n', name: 'a.txt' }),
		() => run('uploadFile', { chat: 'group:20001', file: 'data' }),
	],
];
test.each(calls)('%s: both are taken, and say the same', async (_, theirs, ours, ...[differences]) => {
	await theirs(sdk);
	await ours();
	expect(server.calls).toHaveLength(2);
	const [their, our] = server.calls.map(({ action, params }) =>
		known([['action', action], ['protocol', 'OneBot 11'], ...leaves('params', params)]),
	);
	expectAgreement(their!, our!, Array.isArray(differences) ? differences : []);
});

test.each<[string, () => Promise<unknown>, number]>([
	['an unknown group', () => sdk.send_msg({ group_id: 666, message: text }), 100],
	['nobody', () => sdk.send('send_msg', { message: text } as never), 100],
	[
		'an unknown segment',
		() => sdk.send('send_msg', { group_id: 20001, message: [{ type: 'x', data: {} }] } as never),
		1400,
	],
	['an unknown action', () => sdk.send('shout' as never, {} as never), 1404],
])('the server refuses %s, and the SDK knows it as a refusal', async (_, ask, retcode) => {
	await expect(ask()).rejects.toMatchObject({ status: 'failed', retcode });
});

test('without the token nobody gets in', async () => {
	const stranger = new NCWebsocket({ baseUrl: server.url, accessToken: 'x', reconnection: { enable: false } });
	const refused = new Promise((done) => stranger.on('socket.close', done));
	void stranger.connect();
	await refused;
	expect(server.open).toHaveLength(1);
});

test('an event reaches both', async () => {
	const heard: unknown[] = [];
	sdk.on('message.private', ({ user_id, message }) => void heard.push([user_id, message]));
	const node = connected(onebotTrigger, account(), { mode: 'websocket' });
	await until(() => node.states.at(-1)?.state === 'connected');
	server.tell({
		...{ time: 1_700_000_000, self_id: 10, post_type: 'message', message_type: 'private', sub_type: 'friend' },
		...{
			message_id: 5,
			user_id: 20,
			message: [{ type: 'text', data: { text: '/last 5' } }],
			message_format: 'array',
		},
		...{ raw_message: '/last 5', font: 0, sender: { user_id: 20, nickname: 'Ann', card: '' } },
	});
	await until(() => heard.length === 1 && node.events.length === 1);
	await node.close();
	expect(heard).toEqual([[20, [{ type: 'text', data: { text: '/last 5' } }]]]);
	expect(node.events).toMatchObject([{ command: 'last', args: ['5'], user: { id: '20' }, replyTo: 'private:20' }]);
});
