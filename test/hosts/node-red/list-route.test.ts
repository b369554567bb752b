import { channelSet } from '../../../src/hosts/node-red/channel-node';
import { service, type Answer, type Service } from '../../service';
import { belfry, bell } from './bell';
import { calls, listen, load, nextInput, nodeRed, type Listening } from './runtime';

let belfryService: Service;
let answer: (path: string) => Answer;
let http: Listening;

const kept = '__PWRD__';

beforeAll(() => nodeRed().startServer());
afterAll(() => nodeRed().stopServer());
beforeEach(async () => {
	answer = () => ({ body: { ok: true, items: [{ value: 'u1', name: 'Ann', description: 'tenor' }], next: '2' } });
	belfryService = await service(({ path }) => answer(path));
	const flow = [
		{ id: 'tab', type: 'tab' },
		{ id: 'acc', type: 'carillon-belfry-account', baseUrl: belfryService.url },
		{
			id: 'check',
			type: 'carillon-belfry',
			account: 'acc',
			operation: 'checkAccount',
			z: 'tab',
			x: 0,
			y: 0,
			wires: [['out']],
		},
		{
			...{
				id: 'ring',
				type: 'carillon-belfry',
				account: 'acc',
				to: 'u1',
				z: 'tab',
				x: 0,
				y: 0,
				wires: [['out']],
			},
			...{
				changes: '[{"bell":"tenor"},{"bell":"treble","times":"3"},{"times":"1"}]',
				changes_type: 'json',
				tower: 'n',
			},
		},
		{
			...{
				id: 'peal',
				type: 'carillon-belfry',
				account: 'acc',
				to: 'u1, u2',
				z: 'tab',
				x: 0,
				y: 0,
				wires: [['out']],
			},
			...{
				changes: '[{"bell":"tenor"},{"bell":"treble","times":"3","muffled":true}]',
				changes_type: 'json',
				tower: 'n',
			},
		},
		{ id: 'out', type: 'helper', z: 'tab', x: 0, y: 0 },
	];
	await load([channelSet(belfry), channelSet(bell)], flow, { acc: { token: 'T0ken' } });
	http = await listen(nodeRed()._httpAdmin);
});
afterEach(async () => {
	await http.close();
	await nodeRed().unload();
	await belfryService.close();
});

async function list(asked: object, headers: object = {}, id = 'belfry') {
	const reply = await fetch(`${http.url}/carillon-editor/${id}/list`, {
		method: 'POST',
		headers: { 'content-type': 'application/json', ...headers },
		body: JSON.stringify(asked),
	});
	return { status: reply.status, body: (await reply.json()) as Record<string, unknown> };
}

const form = () => ({ baseUrl: belfryService.url, token: kept, language: 'en' });
const asked = () => ({ account: 'acc', values: form(), of: 'node', field: 'to' });

test('lists what the service lists, with what is looked for, and the secrets from the server’s side', async () => {
	const { status, body } = await list({ ...asked(), search: 'an', cursor: '1' });
	expect([status, body]).toEqual([200, { items: [{ value: 'u1', name: 'Ann', description: 'tenor' }], next: '2' }]);
	expect(belfryService.requests.map(({ path, json }) => [path, json])).toEqual([
		['/ringers', { search: 'an', cursor: '1' }],
	]);
	expect((await list({ ...asked(), of: 'account' })).status).toBe(200);
	expect((await list({ ...asked(), field: 'tower' })).body).toEqual({ items: [{ value: 'n', name: 'North' }] });
	// Within a row.
	expect((await list({ ...asked(), field: 'changes.ringer', search: 'ann' })).body).toEqual({
		items: [{ value: 'r1', name: 'Ringer ann' }],
	});
});

test('what is wrong with the account is told there, without its secrets', async () => {
	answer = () => ({ body: { ok: false, code: 'bad-token' } });
	const { status, body } = await list(asked());
	expect([status, body]).toEqual([422, expect.objectContaining({ class: 'Unauthorized' })]);
	expect(body.message).toMatch(/Get a new token\./);
	expect(JSON.stringify(body)).not.toContain('T0ken');
});

test.each(['title', 'nothing', 'toString', '__proto__', 'changes', 'changes.bell', 'changes.__proto__', 7, undefined])(
	'a field without a list is none: %s',
	async (field) => {
		expect((await list({ ...asked(), field })).status).toBe(404);
		expect(belfryService.requests).toEqual([]);
	},
);

test('kept secrets go to no other address, and no other page may ask', async () => {
	const elsewhere = await list({ ...asked(), values: { ...form(), baseUrl: `${belfryService.url}/else` } });
	expect([elsewhere.status, elsewhere.body.message]).toEqual([422, expect.stringContaining('“Token” is kept')]);
	expect((await list(asked(), { origin: 'https://evil.example' })).status).toBe(403);
	expect((await list(asked(), {}, 'bell')).status).toBe(404);
	expect(belfryService.requests).toEqual([]);
});

test('an account is checked without sending anything', async () => {
	const out = nextInput('out');
	nodeRed().getNode('check').receive({ payload: 'untouched' });
	expect(await out).toMatchObject({ payload: 'untouched', result: { ok: true, channel: 'belfry' } });
	expect(belfryService.requests.map(({ path, json }) => [path, json])).toEqual([['/me', { token: 'T0ken' }]]);
});

test('an account that is refused is an error', async () => {
	answer = () => ({ body: { ok: false, code: 'bad-token' } });
	const failed = new Promise((done) =>
		nodeRed()
			.getNode('check')
			.on('call:error', done as () => void),
	);
	nodeRed().getNode('check').receive({ payload: 'x' });
	await failed;
	expect(calls<Error>('check', 'error').map(({ message }) => message)).toEqual([
		expect.stringMatching(/Get a new token/),
	]);
});

test('rows and what was picked reach the service', async () => {
	const out = nextInput('out');
	nodeRed().getNode('peal').receive({ payload: 'ding' });
	await out;
	expect(belfryService.requests[0]!.json).toEqual({
		to: ['u1', 'u2'],
		tower: 'n',
		changes: [
			{ bell: 'tenor', times: 1, muffled: false },
			{ bell: 'treble', times: 3, muffled: true },
		],
	});
});

test('a row that is wrong is named', async () => {
	const failed = new Promise((done) =>
		nodeRed()
			.getNode('ring')
			.on('call:error', done as () => void),
	);
	nodeRed().getNode('ring').receive({ payload: 'ding' });
	await failed;
	expect(calls<Error>('ring', 'error')[0]!.message).toMatch(/Changes, row 3: fill in “Bell”/);
	expect(belfryService.requests).toEqual([]);
});
