import { telegram } from '../../../src/services/telegram/telegram.channel';
import { closeConnections } from '../../../src/core/http/http';
import { channelSet } from '../../../src/hosts/node-red/channel-node';
import { triggerSet } from '../../../src/hosts/node-red/trigger-node';
import { telegramTrigger } from '../../../src/services/telegram/telegram.trigger';
import { BotApi, botToken } from '../../services/telegram/botApi';
import { calls, load, nextInput, nodeRed, statusOf, until } from './runtime';

const ann = { id: 5_000_000_001, is_bot: false, first_name: 'Ann' };
const said = (text: string) => ({
	message: { message_id: ++id, date: 1_700_000_000, from: ann, chat: { id: ann.id, type: 'private' }, text },
});
const place = { z: 'tab', x: 0, y: 0 };

let api: BotApi;
/** Ids go on from test to test: the process remembers what it has heard. */
let id = 1_000;
beforeAll(() => nodeRed().startServer());
afterAll(() => nodeRed().stopServer());
beforeEach(async () => void (api = await new BotApi(++id * 1_000).up()));
afterEach(async () => {
	await nodeRed().unload();
	await closeConnections();
	await api.down();
});

const flow = () => [
	{ id: 'tab', type: 'tab', label: 'tab' },
	{ id: 'acc', type: 'carillon-telegram-account', language: 'en', baseUrl: api.url },
	{
		id: 'one',
		type: 'carillon-telegramTrigger',
		account: 'acc',
		path: '/carillon/telegram',
		mode: 'polling',
		...place,
		wires: [['reply', 'out']],
	},
	{
		id: 'two',
		type: 'carillon-telegramTrigger',
		account: 'acc',
		path: '/carillon/telegram',
		mode: 'polling',
		...place,
		wires: [['other']],
	},
	{
		id: 'reply',
		type: 'carillon-telegram',
		account: 'acc',
		operation: 'send',
		message: 'payload',
		message_type: 'msg',
		allowTo: 'true',
		allowTo_type: 'bool',
		...place,
		wires: [[]],
	},
	{ id: 'out', type: 'helper', ...place },
	{ id: 'other', type: 'helper', ...place },
];
const secrets = { acc: { botToken } };
const online = (node: string, times = 1) =>
	until(() => statusOf(node).filter(({ fill }) => fill === 'green').length >= times);

test('two nodes share a poll, and what is said is answered in place', async () => {
	await load([channelSet(telegram), triggerSet(telegramTrigger)], flow(), secrets);
	await Promise.all([online('one'), online('two'), until(() => api.waiting === 1)]);
	const inputs = Promise.all([nextInput('out'), nextInput('other')]);
	api.tell(said('/last 5'));
	const [first, second] = await inputs;
	expect(first).toMatchObject({
		payload: { body: '/last 5', to: '5000000001' },
		event: { command: 'last', args: ['5'], replyTo: '5000000001' },
	});
	expect(second).toMatchObject({ event: { messageId: String(id) } });
	await until(() => api.called('sendMessage').length === 1);
	expect(api.called('sendMessage')).toMatchObject([{ chat_id: ann.id, text: '/last 5' }]);
	expect(api.mostWaiting).toBe(1);
});

test('deploys in a row leave one poll, without a conflict, and nothing is heard twice', async () => {
	await load([channelSet(telegram), triggerSet(telegramTrigger)], flow(), secrets);
	for (let deploy = 1; deploy <= 3; deploy++) {
		await Promise.all([online('one', deploy), online('two', deploy), until(() => api.waiting === 1)]);
		const input = nextInput('out');
		api.tell(said(`deploy ${deploy}`));
		expect(await input).toMatchObject({ event: { text: `deploy ${deploy}` } });
		await nodeRed().setFlows(flow(), 'full', secrets);
	}
	await Promise.all([online('one', 4), online('two', 4), until(() => api.waiting === 1)]);
	expect(api.pending).toBe(0);
	expect(api.mostWaiting).toBe(1);
	expect([...statusOf('one'), ...statusOf('two')].filter(({ fill }) => fill === 'red')).toEqual([]);
	expect(calls('one', 'error')).toEqual([]);
});

test('a poll ends with the flow', async () => {
	await load([triggerSet(telegramTrigger), channelSet(telegram)], flow(), secrets);
	await until(() => api.waiting === 1);
	await nodeRed().unload();
	await until(() => api.waiting === 0);
});
