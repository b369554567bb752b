import { lazySet, outlineOf } from '../../../src/hosts/node-red/lazy';
import { channelSet } from '../../../src/hosts/node-red/channel-node';
import { triggerSet } from '../../../src/hosts/node-red/trigger-node';
import { service, type Service } from '../../service';
import { bell, doorTrigger } from './bell';
import { listen, load, nextInput, nodeRed, type Listening } from './runtime';

const outline = outlineOf(channelSet(bell));
let loads: number;
const lazily = () =>
	lazySet({ bell: outline }, () => {
		loads++;
		return { bell: channelSet(bell) };
	});

let bellService: Service;
let http: Listening | undefined;

beforeAll(() => nodeRed().startServer());
afterAll(() => nodeRed().stopServer());
beforeEach(async () => {
	loads = 0;
	bellService = await service(() => ({ body: { ok: true } }));
});
afterEach(async () => {
	await nodeRed().unload();
	await http?.close();
	http = undefined;
	await bellService.close();
});

test('an outline tells types and credentials', () => {
	expect(outline).toEqual({
		'carillon-bell-account': {
			token: { type: 'password' },
			hook: { type: 'password' },
			spares: { type: 'password' },
			headers: { type: 'password' },
			proxy: { type: 'password' },
		},
		'carillon-bell': {},
	});
	expect(Object.keys(outlineOf(triggerSet(doorTrigger)))).toEqual([
		'carillon-doorTrigger-account',
		'carillon-doorTrigger',
	]);
	expect(Object.keys(outlineOf(triggerSet({ ...doorTrigger, accountOf: 'bell' })))).toEqual(['carillon-doorTrigger']);
});

test('the code is loaded with the first node, once, and the node works as ever', async () => {
	await load([lazily()], [{ id: 'tab', type: 'tab' }]);
	expect(loads).toBe(0);
	const flow = (name: string) => [
		{ id: 'tab', type: 'tab' },
		{ id: 'acc', type: 'carillon-bell-account', baseUrl: bellService.url },
		{ id: 'bell', type: 'carillon-bell', name, account: 'acc', z: 'tab', x: 0, y: 0, wires: [['out']] },
		{ id: 'out', type: 'helper', z: 'tab', x: 0, y: 0 },
	];
	await nodeRed().unload();
	await load([lazily()], flow('one'), { acc: { token: 'T0ken' } });
	expect(loads).toBe(1);
	const out = nextInput('out');
	nodeRed().getNode('bell').receive({ payload: 'ding' });
	expect(await out).toMatchObject({ payload: 'ding', receipt: { ok: true } });
	expect(bellService.requests[0]!.json).toMatchObject({ body: 'ding', token: 'T0ken' });
	await nodeRed().setFlows(flow('two'), 'full', { acc: { token: 'T0ken' } });
	expect(loads).toBe(1);
});

test('the code is loaded when its form asks', async () => {
	await load([lazily()], [{ id: 'tab', type: 'tab' }]);
	http = await listen(nodeRed()._httpAdmin);
	const ask = (id: string) =>
		fetch(`${http!.url}/carillon-editor/${id}/test`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ values: { baseUrl: bellService.url, token: 'typed' } }),
		});
	expect((await ask('gong')).status).toBe(404);
	expect(loads).toBe(0);
	expect((await ask('bell')).status).toBe(200);
	expect((await ask('bell')).status).toBe(200);
	expect(loads).toBe(1);
	expect(bellService.requests).toHaveLength(2);
});

test('code that cannot be loaded costs its own nodes alone', async () => {
	const broken = lazySet({ bell: outline }, () => {
		throw new Error('no such file');
	});
	await load(
		[broken, triggerSet(doorTrigger)],
		[
			{ id: 'tab', type: 'tab' },
			{ id: 'bell', type: 'carillon-bell', z: 'tab', x: 0, y: 0, wires: [[]] },
			{ id: 'door', type: 'carillon-doorTrigger', path: '/door', z: 'tab', x: 0, y: 0, wires: [[]] },
		],
	);
	expect(nodeRed().getNode('door')).toBeTruthy();
	expect(nodeRed().getNode('bell')).toBeFalsy();
});
