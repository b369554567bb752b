/** Slack's own SDK in front of our fakes, and beside our channels and trigger. */
import { SocketModeClient } from '@slack/socket-mode';
import { ErrorCode, LogLevel, WebClient, type WebAPICallResult } from '@slack/web-api';
import { IncomingWebhook } from '@slack/webhook';
import { act, deliver, verify } from '../../../src/core/deliver/deliver';
import { closeConnections } from '../../../src/core/http/http';
import { forgetTurns } from '../../../src/core/deliver/send/pace';
import { slack } from '../../../src/services/slack/slack.channel';
import { slackTrigger } from '../../../src/services/slack/slack.trigger';
import { slackWebhook } from '../../../src/services/slack/slackWebhook.channel';
import { because, expectAgreement, factsOf, type Difference } from '../../agreement';
import { connected, until } from '../../core/sockets/connected';
import { faked } from '../../faked';
import { formOf } from '../../multipart';
import { names } from '../../names';
import { frozenClock } from '../../refused';
import { hookPath, incomingWebhook } from './incomingWebhook';
import { appToken, botToken, SocketMode } from './socketMode';
import { argumentsOf, webApi, webApiToken } from './webApi';

// Nothing of theirs gets beyond this machine, whatever address it knows.
names({});
beforeEach(() => forgetTurns());

const silent = { logLevel: LogLevel.ERROR, retryConfig: { retries: 0 } };

describe('the Web API', () => {
	const server = faked(webApi);
	const client = (token = webApiToken) => new WebClient(token, { slackApiUrl: `${server.url}/api/`, ...silent });
	const account = () => ({ baseUrl: `${server.url}/api`, botToken: webApiToken, to: channel });
	const channel = 'C0123456789';
	const place = { channel, ts: '1700000000.000100' };
	const section = { type: 'section', text: { type: 'mrkdwn', text: 'Hello *you*' } } as const;
	const wrapping = because('Slack takes arguments as JSON too, which needs no JSON within a form.', 'type');
	const previews = because(
		'Switched off and on for a message that is no conversation: links are not unfolded, pictures are.',
		'body.unfurl_links',
		'body.unfurl_media',
	);
	const text = { text: 'Hello *you*' };
	const send = (options: object = {}) =>
		deliver(slack, account(), { attempts: 1, ...options } as never, 'Hello **you**', { clock: frozenClock(0) });
	const sendText = (options: object = {}) => send({ kind: 'text', ...options });
	const run = (name: string, input: object) => act(slack, name, account(), input as never);

	const calls: [
		name: string,
		theirs: (slack: WebClient) => Promise<WebAPICallResult>,
		ours: () => Promise<unknown>,
		differences?: Difference[],
	][] = [
		['a message', (sdk) => sdk.chat.postMessage({ channel, ...text }), sendText, previews],
		['blocks', (sdk) => sdk.chat.postMessage({ channel, ...text, blocks: [section] }), send, previews],
		[
			'Markdown',
			(sdk) => sdk.chat.postMessage({ channel, markdown_text: 'Hello **you**' }),
			() => send({ kind: 'markdown' }),
			previews,
		],
		[
			'every option',
			(sdk) =>
				sdk.chat.postMessage({
					channel,
					...text,
					...{ thread_ts: '1699999999.000001', reply_broadcast: true, link_names: true },
					...{ unfurl_links: true, unfurl_media: false },
					...{ username: 'Emby', icon_url: 'https://example.com/i.png' },
					metadata: { event_type: 'film', event_payload: { id: 1 } },
				}),
			() =>
				sendText({
					...{ threadTs: '1699999999.000001', replyBroadcast: true, linkNames: true },
					...{ unfurlLinks: true, unfurlMedia: false },
					...{ username: 'Emby', iconUrl: 'https://example.com/i.png' },
					metadata: { event_type: 'film', event_payload: { id: 1 } },
				}),
		],
		[
			'seen by one',
			(sdk) => sdk.chat.postEphemeral({ channel, user: 'U0AAAAAAAA', ...text, thread_ts: '1.2' }),
			() => sendText({ delivery: 'ephemeral', user: 'U0AAAAAAAA', threadTs: '1.2' }),
		],
		[
			'later',
			(sdk) => sdk.chat.scheduleMessage({ channel, ...text, post_at: 1_800_000_000 }),
			() => sendText({ delivery: 'schedule', postAt: '1800000000' }),
			previews,
		],
		[
			'an edit',
			(sdk) => sdk.chat.update({ ...place, ...text, blocks: [section] }),
			() => run('editMessage', { ...place, text: 'Hello **you**', blocks: JSON.stringify([section]) }),
		],
		['a deletion', (sdk) => sdk.chat.delete(place), () => run('deleteMessage', place)],
		[
			'a deletion before its time',
			(sdk) => sdk.chat.deleteScheduledMessage({ channel, scheduled_message_id: 'Q1' }),
			() => run('deleteScheduledMessage', { channel, scheduledMessageId: 'Q1' }),
		],
		[
			'a reaction',
			(sdk) => sdk.reactions.add({ channel, timestamp: place.ts, name: 'thumbsup' }),
			() => run('addReaction', { ...place, emoji: ':thumbsup:' }),
		],
		[
			'a reaction less',
			(sdk) => sdk.reactions.remove({ channel, timestamp: place.ts, name: 'thumbsup' }),
			() => run('removeReaction', { ...place, emoji: 'thumbsup' }),
		],
		[
			'a conversation',
			(sdk) => sdk.conversations.open({ users: 'U0AAAAAAAA,U0BBBBBBBB' }),
			() => run('openConversation', { users: 'U0AAAAAAAA,U0BBBBBBBB' }),
		],
	];
	test.each(calls)('%s: both are taken, and say the same', async (_, theirs, ours, differences = []) => {
		expect(await theirs(client())).toMatchObject({ ok: true });
		expect(await ours()).toMatchObject({ ok: true });
		const [their, our] = server.requests;
		expect(server.requests).toHaveLength(2);
		expectAgreement(factsOf([their!], argumentsOf), factsOf([our!], argumentsOf), [...wrapping, ...differences]);
	});

	test('any other method goes as the SDK sends it', async () => {
		const given = { types: 'public_channel', exclude_archived: true, limit: 5 };
		await client().conversations.list(given);
		await run('callMethod', { method: 'conversations.list', arguments: JSON.stringify(given) });
		expectAgreement(factsOf([server.requests[0]!], argumentsOf), factsOf([server.requests[1]!], argumentsOf));
	});

	test('who the token is', async () => {
		await client().auth.test();
		await verify(slack, account());
		expectAgreement(factsOf([server.requests[0]!], argumentsOf), factsOf([server.requests[1]!], argumentsOf), [
			...because('An empty object is a body too, and JSON as everywhere else.', 'type', 'body'),
		]);
	});

	test('a file goes up in the same three steps', async () => {
		const data = Buffer.from('%PDF');
		const comment = { initial_comment: 'see', thread_ts: '1.2' };
		await client().filesUploadV2({
			channel_id: channel,
			file: data,
			filename: 'a.pdf',
			title: 'A',
			alt_text: 'alt',
			...comment,
		});
		const theirs = server.requests.splice(0);
		const input = { file: 'data', channel, title: 'A', altText: 'alt', comment: 'see', threadTs: '1.2' };
		const binary = async () => ({ name: 'a.pdf', mime: 'application/pdf', data });
		await act(slack, 'uploadFile', account(), input, { binary });
		const contentOf = (request: (typeof theirs)[0]) => {
			if (!request.path.startsWith('/upload/')) return argumentsOf(request);
			const [part] = Object.values(formOf(request));
			return { file: (part?.data ?? request.body).toString() };
		};
		expectAgreement(factsOf(theirs, contentOf), factsOf(server.requests, contentOf), [
			...because(
				'Slack’s reference and its Python SDK name it “alt_txt”; this SDK’s “alt_text” is of blocks.',
				'1.body.alt_text',
				'1.body.alt_txt',
			),
			...because('Slack takes the bytes raw as well as in a form.', '2.type'),
			...because('The address holds its own ticket: the token has no business there.', '2.authorization'),
			...because('Slack takes arguments as JSON too, which needs no JSON within a form.', '3.type'),
		]);
	});

	test.each<[string, (sdk: WebClient) => Promise<unknown>, string, string?]>([
		['a wrong token', (sdk) => sdk.auth.test(), 'invalid_auth', 'xoxb-wrong'],
		['an unknown method', (sdk) => sdk.apiCall('chat.shout', { channel }), 'unknown_method'],
		['no channel', (sdk) => sdk.apiCall('chat.postMessage', text), 'channel_not_found'],
		['no text', (sdk) => sdk.apiCall('chat.postMessage', { channel }), 'no_text'],
		['no reader', (sdk) => sdk.apiCall('chat.postEphemeral', { channel, ...text }), 'invalid_arguments'],
		['no time', (sdk) => sdk.apiCall('chat.scheduleMessage', { channel, ...text }), 'invalid_arguments'],
		['no message', (sdk) => sdk.apiCall('chat.update', { channel, ...text }), 'invalid_arguments'],
		['a long text', (sdk) => sdk.chat.postMessage({ channel, text: 'x'.repeat(40_001) }), 'msg_too_long'],
		[
			'a long section',
			(sdk) =>
				sdk.chat.postMessage({
					channel,
					...text,
					blocks: [{ type: 'section', text: { type: 'mrkdwn', text: 'x'.repeat(3_001) } }],
				}),
			'invalid_blocks',
		],
		['no size', (sdk) => sdk.apiCall('files.getUploadURLExternal', { filename: 'a' }), 'invalid_arguments'],
	])('the fake refuses %s, and the SDK knows it as a refusal', async (_, ask, error, ...[token]) => {
		jest.spyOn(console, 'error').mockReturnValue();
		await expect(ask(client(token))).rejects.toMatchObject({ code: ErrorCode.PlatformError, data: { error } });
	});
});

describe('an incoming webhook', () => {
	const server = faked(incomingWebhook);

	test('gets the same from both', async () => {
		const options = { threadTs: '1.2', unfurlLinks: true, unfurlMedia: false };
		await new IncomingWebhook(server.url + hookPath).send({
			text: 'Hello *you*',
			blocks: [{ type: 'section', text: { type: 'mrkdwn', text: 'Hello *you*' } }],
			...{ thread_ts: '1.2', unfurl_links: true, unfurl_media: false },
		});
		await deliver(slackWebhook, { webhookUrl: server.url + hookPath }, options, 'Hello **you**');
		expectAgreement(factsOf([server.requests[0]!]), factsOf([server.requests[1]!]));
	});

	test.each([
		[`${hookPath}x`, { text: 'Hello' }, 403, 'invalid_token'],
		[hookPath, {}, 400, 'no_text'],
	])('%s %j is refused', async (path, message, status, body) => {
		await expect(new IncomingWebhook(server.url + path).send(message)).rejects.toMatchObject({
			statusCode: status,
			body,
		});
	});
});

describe('Socket Mode', () => {
	let service: SocketMode;
	beforeEach(async () => {
		service = await new SocketMode().up();
	});
	afterEach(async () => {
		await closeConnections();
		await service.down();
	});

	const said = {
		...{ token: 'v', team_id: 'T111', type: 'event_callback', event_id: 'Ev111', event_time: 1_700_000_000 },
		event: {
			...{ type: 'message', text: 'hello', channel: 'D111', user: 'U222', channel_type: 'im' },
			...{ ts: '1700000000.000200', event_ts: '1700000000.000200' },
		},
	};
	const command = {
		...{ token: 'v', channel_id: 'C111', channel_name: 'random', user_id: 'U222', user_name: 'ann' },
		...{ command: '/last', text: '5', response_url: 'https://hooks.slack.com/commands/x', trigger_id: '1.2.x' },
	};

	test('the SDK connects, hears and acknowledges; so does the trigger, in the same words', async () => {
		const sdk = new SocketModeClient({
			appToken,
			autoReconnectEnabled: false,
			logLevel: LogLevel.ERROR,
			clientOptions: { slackApiUrl: `${service.url}/`, ...silent },
		});
		const heard: unknown[] = [];
		sdk.on('message', ({ event, ack }) => {
			heard.push(event);
			void ack();
		});
		sdk.on('slash_commands', ({ body, ack }) => {
			heard.push(body);
			void ack({ response_type: 'ephemeral', text: 'One moment.' });
		});
		await sdk.start();
		service.send('events_api', said);
		service.send('slash_commands', command);
		await until(() => service.acks.length === 2);
		await sdk.disconnect();
		const theirs = service.acks.splice(0).map(({ payload }) => payload);
		expect(heard).toEqual([said.event, command]);

		const node = connected(
			slackTrigger,
			{ baseUrl: service.url, botToken, appToken },
			{ answers: 'last = One moment.' },
		);
		await until(() => node.states.at(-1)?.state === 'connected');
		service.send('events_api', said);
		service.send('slash_commands', command);
		await until(() => service.acks.length === 2 && node.events.length === 2);
		await node.close();
		const ours = service.acks.map(({ payload }) => payload);
		expect(node.events).toMatchObject([
			{ text: 'hello', conversation: { id: 'D111' }, user: { id: 'U222' } },
			{ command: 'last', args: ['5'], conversation: { id: 'C111' }, user: { id: 'U222' } },
		]);
		// Theirs has an empty payload where there is nothing to say; Slack’s own example of an acknowledgement has none.
		expect([theirs, ours]).toEqual([
			[{}, { response_type: 'ephemeral', text: 'One moment.' }],
			[undefined, { response_type: 'ephemeral', text: 'One moment.' }],
		]);
		expect(service.opened).toBe(2);
	});

	test('a wrong app-level token gets no address', async () => {
		jest.spyOn(console, 'error').mockReturnValue();
		const sdk = new SocketModeClient({
			appToken: 'xapp-wrong',
			autoReconnectEnabled: false,
			logLevel: LogLevel.ERROR,
			clientOptions: { slackApiUrl: `${service.url}/`, ...silent },
		});
		await expect(sdk.start()).rejects.toMatchObject({ data: { error: 'invalid_auth' } });
		expect(service.opened).toBe(0);
	});
});
