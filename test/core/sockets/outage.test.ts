import { getEventListeners } from 'node:events';
import { closeConnections } from '../../../src/core/http/http';
import { memoryStore } from '../../../src/core/state/memory';
import type { Trigger } from '../../../src/core/define/trigger';
import { dingtalkTrigger } from '../../../src/services/dingtalk/dingtalk.trigger';
import { onebotTrigger } from '../../../src/services/onebot/onebot.trigger';
import { listen } from '../../../src/services/onebot/socket';
import { slackTrigger } from '../../../src/services/slack/slack.trigger';
import { telegramTrigger } from '../../../src/services/telegram/telegram.trigger';
import { BotApi, botToken } from '../../services/telegram/botApi';
import { connected, type Connected } from './connected';
import { clientId, clientSecret, DingtalkGateway } from '../../services/dingtalk/gateway';
import { Gate, outages } from './gate';
import { OneBotServer } from '../../services/onebot/server';
import { appToken, SocketMode } from '../../services/slack/socketMode';
import { pass, soon, stopTime } from './virtualTime';

const minute = 60_000;
/** What is documented: between two tries, and how long one of them may wait for an answer; and how coarse the test's time is. ms */
const longest = { wait: minute, try: 30_000, step: 4_000 };

interface Service {
	url: string;
	up(): Promise<unknown>;
	down(): Promise<void>;
}

/** A service whose triggers connect: what becomes of them while it is away for more than an hour. */
interface Kind {
	trigger: Trigger;
	account: object;
	options?: object;
	service(): Service;
	/** Somebody writes. */
	say(service: Service, text: string): void;
	/** Before it goes: its own last word is lost. */
	before?(service: Service): void;
	/** Once it is back: what was said meanwhile comes by itself, is sent again, or was never kept. */
	back?(service: Service): void;
	keeps: boolean;
	/** Nodes of one account share a connection. */
	shares: boolean;
	ready(service: Service): boolean;
}

const ann = { id: 5_000_000_001, is_bot: false, first_name: 'Ann' };
let next = 0;

const kinds: Record<string, Kind> = {
	Telegram: {
		trigger: telegramTrigger,
		account: { botToken },
		service: () => new BotApi(),
		say: (api, text) =>
			(api as BotApi).tell({
				message: {
					message_id: ++next,
					date: 1_735_787_045,
					from: ann,
					chat: { id: ann.id, type: 'private' },
					text,
				},
			}),
		keeps: true,
		shares: true,
		ready: (api) => (api as BotApi).waiting === 1,
	},
	Slack: {
		trigger: slackTrigger,
		account: { botToken: 'xoxb-test-bot-token', appToken },
		service: () => new SocketMode(),
		say: (slack, text) => {
			const ts = `1735787045.${String(++next).padStart(6, '0')}`;
			const event = { type: 'message', channel: 'C111', channel_type: 'channel', user: 'U222', ts, text };
			(slack as SocketMode).send('events_api', { type: 'event_callback', event_time: 1_735_787_045, event });
		},
		before: (slack) => ((slack as SocketMode).isDeaf = true),
		back: (slack) => {
			(slack as SocketMode).isDeaf = false;
			(slack as SocketMode).sendAgain();
		},
		keeps: true,
		shares: true,
		ready: (slack) => (slack as SocketMode).open.length === 1,
	},
	DingTalk: {
		trigger: dingtalkTrigger,
		account: { robot: 'app', clientId, appSecret: clientSecret },
		options: { mode: 'stream' },
		service: () => new DingtalkGateway(),
		say: (gateway, content) =>
			(gateway as DingtalkGateway).say({
				...{ msgtype: 'text', text: { content }, msgId: `msg${++next}`, createAt: 1_735_787_045_000 },
				...{ conversationId: 'cid1', conversationType: '1', senderStaffId: 'user1', senderNick: 'Ann' },
			}),
		keeps: false,
		shares: true,
		ready: (gateway) => (gateway as DingtalkGateway).open.length === 1,
	},
	OneBot: {
		trigger: onebotTrigger,
		account: {},
		service: () => new OneBotServer(),
		say: (server, text) =>
			(server as OneBotServer).tell({
				...{ time: 1_735_787_045, self_id: 10, post_type: 'message', message_type: 'private' },
				...{ message_id: ++next, user_id: 20, raw_message: text, message: [{ type: 'text', data: { text } }] },
			}),
		keeps: false,
		shares: false,
		ready: (server) => (server as OneBotServer).open.length === 1,
	},
};

let gate: Gate;
let service: Service;
let nodes: Connected[];
// Once: undici keeps a timer of the clock that it met first.
beforeAll(stopTime);
afterAll(() => void jest.useRealTimers());
beforeEach(() => {
	// The longest wait each time.
	jest.spyOn(Math, 'random').mockReturnValue(0.999_999);
	nodes = [];
});
afterEach(async () => {
	await Promise.all(nodes.map((node) => node.close()));
	await closeConnections();
	await gate.down();
	await service.down();
	jest.restoreAllMocks();
});

const texts = ({ events }: Connected) => events.map(({ text }) => text);
const isUp = ({ states }: Connected) => states.at(-1)?.state === 'connected';

describe.each(Object.entries(kinds))('%s', (_, kind) => {
	const behindGate = async () => {
		service = kind.service();
		await service.up();
		gate = await new Gate(service.url).up();
	};
	const start = (store = memoryStore()) => {
		const baseUrl = gate.url.replace('http', kind.trigger === onebotTrigger ? 'ws' : 'http');
		const node = connected(kind.trigger, { ...kind.account, baseUrl }, { ...kind.options }, store);
		nodes.push(node);
		return node;
	};

	test.each(outages)(
		'is away for more than an hour: %s',
		async (outage) => {
			await behindGate();
			const listeners = kind.shares ? [start(), start()] : [start()];
			await soon(() => listeners.every(isUp) && kind.ready(service), minute);
			kind.before?.(service);
			kind.say(service, 'before');
			await soon(() => listeners.every(({ events }) => events.length === 1), minute);

			await gate.shut(outage);
			const shut = Date.now();
			const most = { timers: 0, listeners: 0 };
			const look = () => {
				most.timers = Math.max(most.timers, jest.getTimerCount());
				for (const { signal } of listeners)
					most.listeners = Math.max(most.listeners, getEventListeners(signal, 'abort').length);
			};
			await pass(5 * minute, look);
			const early = { ...most };
			for (let hour = 0; hour < 6; hour++) {
				kind.say(service, `during ${hour}`);
				await pass(10 * minute, look);
			}
			const tries = gate.tries.filter((at) => at > shut);
			expect(listeners.map(isUp)).toEqual(listeners.map(() => false));
			// What there is after five minutes is all there ever is.
			expect(most.timers).toBeLessThanOrEqual(early.timers + 1);
			expect(most.listeners).toBe(early.listeners);
			const gaps = tries.slice(1).map((at, each) => at - tries[each]!);
			expect(Math.max(...gaps)).toBeLessThanOrEqual(
				longest.wait + (outage === 'hanging' ? longest.try : 0) + longest.step,
			);
			expect(tries.length).toBeGreaterThan(35);
			// undici dials twice for a handshake that fails, and is silent there.
			expect(tries.length).toBeLessThan(kind.shares ? 80 : 150);
			// The next, while the last one ends.
			expect(gate.mostWhileShut).toBeLessThanOrEqual(2);

			await gate.reopen();
			await soon(() => listeners.every(isUp) && kind.ready(service), longest.wait + longest.try + longest.step);
			kind.back?.(service);
			kind.say(service, 'after');
			await soon(() => listeners.every((node) => texts(node).includes('after')), minute);
			await pass(2 * minute);
			const during = kind.keeps ? [0, 1, 2, 3, 4, 5].map((hour) => `during ${hour}`) : [];
			for (const node of listeners) expect(texts(node)).toEqual(['before', ...during, 'after']);

			await Promise.all(listeners.map((node) => node.close()));
			await closeConnections();
			await pass(minute);
			expect([gate.open.size, jest.getTimerCount()]).toEqual([0, 0]);
		},
		60_000,
	);
});

describe('Telegram', () => {
	const kind = kinds.Telegram!;
	const start = (store = memoryStore()) => {
		const node = connected(telegramTrigger, { ...kind.account, baseUrl: gate.url }, {}, store);
		nodes.push(node);
		return node;
	};
	beforeEach(async () => {
		service = kind.service();
		await service.up();
		gate = await new Gate(service.url).up();
	});

	test('a restart while it is away: what was heard before is not heard again, though it could not be confirmed', async () => {
		const store = memoryStore();
		const first = start(store);
		await soon(() => isUp(first) && kind.ready(service), minute);
		// Of the answer that would confirm it nothing is taken in any more.
		(service as BotApi).refusals.push({ method: 'getUpdates', status: 502, description: 'Bad Gateway' });
		kind.say(service, 'before');
		await soon(() => first.states.at(-1)?.state === 'failed', minute);
		await gate.shut('hanging');
		await pass(30 * minute);
		await first.close();
		expect([texts(first), (service as BotApi).pending]).toEqual([['before'], 1]);
		const second = start(store);
		await pass(30 * minute);
		// More than one answer holds.
		for (let each = 0; each < 250; each++) kind.say(service, String(each));
		await pass(5 * minute);
		await gate.reopen();
		await soon(() => second.events.length === 250, 3 * minute);
		await pass(minute);
		expect(texts(second)).toEqual(Array.from({ length: 250 }, (_, each) => String(each)));
		expect((service as BotApi).mostWaiting).toBe(1);
	}, 60_000);

	test('a proxy that asks for days is asked again within the hour', async () => {
		const node = start();
		await soon(() => isUp(node) && kind.ready(service), minute);
		(service as BotApi).refusals.push({
			...{ method: 'getUpdates', status: 429, description: 'Too Many Requests' },
			parameters: { retry_after: 864_000 },
		});
		kind.say(service, 'x');
		await soon(() => node.states.at(-1)?.state === 'failed', minute);
		await pass(59 * minute);
		expect(isUp(node)).toBe(false);
		await soon(() => isUp(node) && kind.ready(service), 2 * minute);
	}, 60_000);
});

describe('OneBot', () => {
	test('is read for longer than a timer can run', async () => {
		const server = await new OneBotServer().up();
		service = server;
		gate = await new Gate(server.url).up();
		const stop = new AbortController();
		const heard: string[] = [];
		const listening = listen(
			{ account: { baseUrl: server.url, language: 'en' }, status: () => undefined, signal: stop.signal },
			({ raw_message }) => (heard.push(String(raw_message)), { replyTo: '' }),
			2 ** 31 - 1,
		);
		await soon(() => server.open.length === 1, minute);
		jest.advanceTimersByTime(2 ** 31);
		await soon(() => server.peers.length === 2 && server.open.length === 1, 2 * minute);
		kinds.OneBot!.say(server, 'still here');
		await soon(() => heard.includes('still here'), minute);
		stop.abort();
		await listening;
	}, 60_000);
});
