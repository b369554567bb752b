import type { AddressInfo } from 'node:net';
import type { Config, Red } from '../../../src/hosts/node-red/red';
import { triggerSet } from '../../../src/hosts/node-red/trigger-node';
import { websocketTrigger } from '../../../src/services/webhook/websocket.trigger';
import { dial } from '../../core/sockets/sockets';
import { calls, load, nextInput, nodeRed, statusOf, until } from './runtime';

beforeAll(() => nodeRed().startServer());
afterAll(() => nodeRed().stopServer());
afterEach(() => nodeRed().unload());

const place = { z: 'tab', x: 0, y: 0 };

async function open(more: Partial<Config>[] = []): Promise<Red> {
	const node = { type: 'carillon-websocketTrigger', account: 'acc', socketPath: 'carillon/websocket', ...place };
	const flow = [
		{ id: 'tab', type: 'tab', label: 'tab' },
		{ id: 'acc', type: 'carillon-websocketTrigger-account', language: 'en' },
		{ id: 'ws', ...node, wires: [['out']] },
		{ id: 'out', type: 'helper', ...place },
		...more.map((one) => ({ ...node, ...one })),
	];
	return await load([triggerSet(websocketTrigger)], flow, { acc: { key: 's3cret' } });
}

const address = ({ server }: Red, query = '?token=s3cret') =>
	`ws://127.0.0.1:${(server!.address() as AddressInfo).port}/carillon/websocket${query}`;
const listening = () => until(() => statusOf('ws').some(({ text }) => text?.startsWith('listening on /carillon')));

test('BetterGI’s push comes in on Node-RED’s own server, with the key of the account', async () => {
	const RED = await open();
	await listening();
	const input = nextInput('out');
	const { socket, heard } = await dial(address(RED));
	socket.send(
		JSON.stringify({
			event: 'notify.test',
			result: 0,
			timestamp: '2025-06-01 08:00:00',
			screenshot: null,
			message: 'It works',
		}),
	);
	expect(await input).toMatchObject({
		event: { source: 'betterGI' },
		payload: { body: expect.stringContaining('It works') },
	});
	await until(() => heard.length === 1);
	await expect(dial(address(RED, ''))).rejects.toThrow('401');
	socket.close();
});

test('a deploy lets clients go, and takes the path again', async () => {
	const before = await open();
	await listening();
	const { code } = await dial(address(before));
	await nodeRed().unload();
	expect(await code).toBe(1001);
	const after = await open();
	await listening();
	const again = await dial(address(after));
	again.socket.close();
});

test('a second node on the same path says so', async () => {
	await open([{ id: 'second', wires: [[]] }]);
	await until(
		() =>
			statusOf('second').some(({ fill }) => fill === 'red') &&
			calls<string>('second', 'error').some((text) => text.includes('taken by another node')),
	);
});
