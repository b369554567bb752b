import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { service, type Answer, type Service } from '../../service';
import { startNodeRed, type NodeRed } from './nodeRed';
import { until } from './runtime';

/** The built package in a Node-RED of its own, which is killed and comes again over the same user folder. */

let userDir: string;
let receiver: Service;
let nodeRed: NodeRed;
/** By the text of the message. */
let answer: (body: string) => Answer;

const taken: Answer = { body: { code: 200, message: 'success', timestamp: 1 } };
const down: Answer = { status: 429, headers: { 'retry-after': '1' }, body: { code: 429, message: 'too many' } };
const refused: Answer = { status: 400, body: { code: 400, message: 'bad sound' } };

beforeAll(async () => {
	userDir = mkdtempSync(join(tmpdir(), 'carillon-outbox-'));
	receiver = await service(({ json }) => answer((json as { body: string }).body));
	nodeRed = await startNodeRed({ userDir });
	await nodeRed.deploy(flow());
}, 120_000);
afterAll(async () => {
	await nodeRed?.stop();
	await receiver?.close();
	rmSync(userDir, { recursive: true, force: true });
}, 30_000);
beforeEach(() => void (receiver.requests.length = 0));

/** A request is answered once its message is kept. */
const flow = () => {
	const place = { z: 'tab', x: 0, y: 0 };
	return [
		{ id: 'tab', type: 'tab', label: 'tab' },
		{
			...{ id: 'account', type: 'carillon-bark-account', baseUrl: receiver.url, language: 'en' },
			credentials: { deviceKeys: 'known' },
		},
		{ id: 'in', type: 'http in', url: '/ring', method: 'post', ...place, wires: [['box']] },
		{ id: 'kept', type: 'complete', scope: ['box'], uncaught: false, ...place, wires: [['answer']] },
		{ id: 'answer', type: 'http response', statusCode: '200', ...place, wires: [] },
		{
			...{ id: 'box', type: 'carillon-outbox', keepFor: 3, lane: '', lane_type: 'str', ordered: true },
			...{ pace: '', repeatUnknown: true, language: 'en', ...place, wires: [['bark'], ['tell']] },
		},
		{ id: 'bark', type: 'carillon-bark', account: 'account', attempts: 1, ...place, wires: [[]] },
		{
			...{ id: 'tell', type: 'carillon-bark', account: 'account', title: 'Given up', ...place, wires: [[]] },
			...{ message: 'carillon.givenUp.reason', message_type: 'msg' },
		},
	];
};

async function ring(body: string): Promise<void> {
	const reply = await fetch(`${nodeRed.nodes}/ring`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ body }),
	});
	expect(reply.status).toBe(200);
}

const sent = () => receiver.requests.map(({ json }) => json as { body: string; title?: string });

test('what was kept is delivered once, in order, by the process after the one that was killed', async () => {
	answer = () => down;
	for (const body of ['one', 'two', 'three']) await ring(body);
	await until(() => sent().length > 0 && /\[error\] \[carillon-bark:/.test(nodeRed.log()), 15_000);
	await nodeRed.kill();
	// Nobody overtook the first.
	expect(new Set(sent().map(({ body }) => body))).toEqual(new Set(['one']));
	expect(statSync(join(userDir, 'carillon', 'carillon.db')).mode & 0o777).toBe(0o600);

	receiver.requests.length = 0;
	answer = () => taken;
	nodeRed = await startNodeRed({ userDir });
	// Were it killed in the middle of a delivery, that one would be free again after a minute.
	await until(() => sent().length >= 3, 90_000);
	expect(sent().map(({ body }) => body)).toEqual(['one', 'two', 'three']);
	expect(nodeRed.log()).not.toMatch(/Uncaught|unhandled/i);
}, 240_000);

test('what the service refuses comes out of the second output, with the reason', async () => {
	answer = (body) => (body === 'bad' ? refused : taken);
	await ring('bad');
	await ring('good');
	await until(() => sent().length >= 3, 15_000);
	expect(sent()).toEqual(
		expect.arrayContaining([
			expect.objectContaining({ body: 'bad' }),
			expect.objectContaining({ title: 'Given up', body: expect.stringContaining('bad sound') }),
			expect.objectContaining({ body: 'good' }),
		]),
	);
});
