import { once, type EventEmitter } from 'node:events';
import { bark } from '../../../src/services/bark/bark.channel';
import { email } from '../../../src/services/mail/email.channel';
import { onebot } from '../../../src/services/onebot/onebot.channel';
import { telegram } from '../../../src/services/telegram/telegram.channel';
import { websocket } from '../../../src/services/webhook/websocket.channel';
import { channelSet } from '../../../src/hosts/node-red/channel-node';
import type { App, Config } from '../../../src/hosts/node-red/red';
import { triggerSet } from '../../../src/hosts/node-red/trigger-node';
import { onebotReverseTrigger } from '../../../src/services/onebot/onebotReverse.trigger';
import { telegramTrigger } from '../../../src/services/telegram/telegram.trigger';
import { webhookTrigger } from '../../../src/services/webhook/webhook.trigger';
import { websocketTrigger } from '../../../src/services/webhook/websocket.trigger';
import { silence } from '../../core/sockets/silence';
import { load, nodeRed, until } from './runtime';

const sets = [
	...[webhookTrigger, websocketTrigger, onebotReverseTrigger, telegramTrigger].map(triggerSet),
	...[bark, telegram, email, websocket, onebot].map(channelSet),
];
const secrets = { telegram: { botToken: '1:abcdefgh' }, bark: { deviceKeys: 'dev1234' } };
const senders = ['toBark', 'toTelegram', 'toMail', 'toSocket', 'toBot'];

function flow(port: number, path: string): Partial<Config>[] {
	const url = `http://127.0.0.1:${port}`;
	const account = (id: string, more: object) => ({ id, type: `carillon-${id}-account`, language: 'en', ...more });
	const node = (id: string, type: string, account: string, more: object = {}) => ({
		...{ id, type: `carillon-${type}`, account, z: 'tab', x: 0, y: 0, wires: [[]] },
		...more,
	});
	const mailServer = { host: '127.0.0.1', port, security: 'none', auth: 'none' };
	return [
		{ id: 'tab', type: 'tab', label: 'tab' },
		account('webhookTrigger', { access: 'open' }),
		account('websocketTrigger', { access: 'open' }),
		account('onebot', { baseUrl: 'reverse', access: 'open' }),
		account('telegram', { baseUrl: url, to: '1' }),
		account('bark', { baseUrl: url }),
		account('email', { ...mailServer, from: 'a@example.com', to: 'b@example.com' }),
		account('websocket', { url: `ws://127.0.0.1:${port}` }),
		node('hook', 'webhookTrigger', 'webhookTrigger', { path }),
		node('sockets', 'websocketTrigger', 'websocketTrigger', { socketPath: 'sockets' }),
		node('bots', 'onebotReverseTrigger', 'onebot', { socketPath: 'bots' }),
		node('poll', 'telegramTrigger', 'telegram'),
		node('toBark', 'bark', 'bark'),
		node('toTelegram', 'telegram', 'telegram'),
		node('toMail', 'email', 'email'),
		node('toSocket', 'websocket', 'websocket'),
		node('toBot', 'onebot', 'onebot', { to: 'group:1' }),
	];
}

interface Inside {
	_events: EventEmitter;
	_redNodes: { setFlows(flow: Partial<Config>[], credentials: object, type: string): Promise<void> };
}

test('deploys in a row, with sends to a silent service under way, leave nothing behind', async () => {
	await nodeRed().startServer();
	const quiet = await silence();
	const RED = await load(sets, flow(quiet.port, '/hook'), secrets);
	const layers = (app: App) => (app._router ?? app.router)!.stack.length;
	const kept = () => [layers(RED.httpNode), layers(RED.httpAdmin), RED.server!.listenerCount('upgrade')];
	const first = kept();
	const { _events: events, _redNodes: nodes } = nodeRed() as unknown as Inside;
	for (let time = 0; time < 40; time++) {
		for (const id of senders) for (const payload of ['a', 'b', 'c']) nodeRed().getNode(id).receive({ payload });
		await new Promise((done) => setTimeout(done, 20));
		const started = once(events, 'flows:started');
		await nodes.setFlows(flow(quiet.port, `/hook${time % 3}`), secrets, 'full');
		await started;
	}
	expect(kept()).toEqual(first);
	expect(quiet.tries).toBeGreaterThan(40);
	await nodeRed().unload();
	await until(() => quiet.waiting === 0);
	expect(RED.server!.listenerCount('upgrade')).toBe(first[2]! - 2);
	await nodeRed().stopServer();
	await quiet.down();
	// Node-RED itself gives a node 15 s: four of those that hang are more than the test has.
}, 60_000);
