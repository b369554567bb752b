import { message } from '../../../src/flow/message/message.flow';
import { route } from '../../../src/flow/route/route.flow';
import { channelSet } from '../../../src/hosts/node-red/channel-node';
import { flowSet } from '../../../src/hosts/node-red/flow-node';
import type { Config, Msg } from '../../../src/hosts/node-red/red';
import { service, type Service } from '../../service';
import { bell } from './bell';
import { calls, load, nextInput, nodeRed, statusOf, until } from './runtime';

let bellService: Service;

beforeAll(async () => {
	await nodeRed().startServer();
	bellService = await service(() => ({ body: { ok: true, id: 7 } }));
});
afterAll(async () => {
	await bellService.close();
	await nodeRed().stopServer();
});
beforeEach(() => void (bellService.requests.length = 0));
afterEach(() => nodeRed().unload());

const place = { z: 'tab', x: 0, y: 0 };
const account = () => ({ id: 'acc', type: 'carillon-bell-account', baseUrl: bellService.url, port: 443, plan: 'free' });
const sets = () => [channelSet(bell), flowSet(message), flowSet(route)];

/** message → bell → out, with a Catch. */
async function composing(config: Partial<Config> = {}) {
	await load(
		sets(),
		[
			{ id: 'tab', type: 'tab', label: 'tab' },
			account(),
			{ id: 'message', type: 'carillon-message', ...place, wires: [['bell']], ...config },
			{ id: 'bell', type: 'carillon-bell', ...place, account: 'acc', wires: [['out']] },
			{ id: 'out', type: 'helper', ...place },
			{ id: 'catch', type: 'catch', scope: null, ...place, wires: [['caught']] },
			{ id: 'caught', type: 'helper', ...place },
		],
		{ acc: { token: 'T0ken' } },
	);
	return (msg: Msg) => nodeRed().getNode('message').receive(msg);
}
const rung = async (count = 1) => {
	await until(() => bellService.requests.length >= count);
	return bellService.requests.map(({ json }) => json as Record<string, unknown>);
};

/** row outputs, then otherwise, each with a node behind. */
async function routing(rows: object[], config: Partial<Config> = {}) {
	const names = [...rows.map((_, at) => `row${at}`), 'otherwise'];
	await load(sets(), [
		{ id: 'tab', type: 'tab', label: 'tab' },
		{
			...{ id: 'route', type: 'carillon-route', ...place, preset: 'own', mode: 'first', outputs: names.length },
			...{ rows: JSON.stringify(rows), wires: names.map((name) => [name]), ...config },
		},
		...names.map((id) => ({ id, type: 'helper', ...place })),
		{ id: 'catch', type: 'catch', scope: null, ...place, wires: [['caught']] },
		{ id: 'caught', type: 'helper', ...place },
	]);
	const got: [string, Msg][] = [];
	for (const id of [...names, 'caught'])
		nodeRed()
			.getNode(id)
			.on('input', (msg: Msg) => got.push([id, msg]));
	return async (msg: Msg, count = 1) => {
		got.length = 0;
		nodeRed().getNode('route').receive(msg);
		await until(() => got.length >= count);
		return got;
	};
}

describe('Message', () => {
	const image = { data: Buffer.from([0xff, 0xd8, 0xff, 0xe0]) };
	const whole = {
		...{ title: 'T', body: '**b**', level: 'failure', type: 'task.failed', url: 'https://nas.example.com/' },
		...{ image, attachments: [{ name: 'a.bin', data: Buffer.from([1, 2]) }], key: 'k', silent: true },
		...{ buttons: [{ text: 'Open', url: 'https://x.example.com' }], fields: [{ name: 'n', value: 'v' }] },
	};

	test('a message as a trigger gives it goes on as it was', async () => {
		const ring = await composing();
		ring({ payload: structuredClone(whole), topic: 'ignored' });
		await rung(1);
		nodeRed()
			.getNode('bell')
			.receive({ payload: structuredClone(whole), topic: 'ignored' });
		const [through, straight] = await rung(2);
		expect(through).toEqual(straight);
	});

	test('what it says comes out in payload, with all parts, and rings the same as if it had come so', async () => {
		const ring = await composing({
			...{ title: 'Backup', title_type: 'str', body: 'data.text', body_type: 'msg', format: 'text' },
			...{ level: 'level', level_type: 'msg', messageType: '', type_type: 'str', url: 'https://a.example.com' },
			...{ image: 'data.picture', image_type: 'msg', key: '"k" & topic', key_type: 'jsonata' },
			...{ fields: '[{"name":"n","value":"v"}]', buttons: '[{"text":"Go","url":"https://b.example.com"}]' },
			...{ mentions: '@all', to: 'r1', silent: 'true', attachments: 'data.file', attachments_type: 'msg' },
		});
		const out = nextInput('out');
		ring({
			payload: 3,
			topic: 't',
			level: 'Error',
			data: { text: 'done', picture: image.data, file: Buffer.from([7]) },
		});
		const { payload, topic } = (await out) as { payload: Record<string, unknown>; topic: string };
		expect(topic).toBe('t');
		expect(payload).toMatchObject({
			...{ title: 'Backup', body: 'done', format: 'text', level: 'failure', url: 'https://a.example.com' },
			...{
				image,
				attachments: [{ data: Buffer.from([7]) }],
				key: 'kt',
				silent: true,
				mentions: ['@all'],
				to: 'r1',
			},
			...{ fields: [{ name: 'n', value: 'v' }], buttons: [{ text: 'Go', url: 'https://b.example.com' }] },
		});
		nodeRed()
			.getNode('bell')
			.receive({ payload: structuredClone(payload), topic });
		const [composed, straight] = await rung(2);
		expect(composed).toEqual(straight);
		expect(composed).toMatchObject({ title: 'Backup', pictures: [{ size: 4 }, { size: 1 }] });
	});

	test('an empty one has nothing of what came in', async () => {
		const ring = await composing({ start: 'empty', body: 'Only this' });
		const out = nextInput('out');
		ring({ payload: { ...whole } });
		expect((await out).payload).toEqual({ body: 'Only this' });
	});

	test('what a Catch node tells becomes the message, and words of its own stay the message behind it', async () => {
		const ring = await composing({ body: 'It broke', title: 'Oh' });
		ring({ payload: 'in', error: { message: 'why', source: { id: 'x', type: 'function', name: 'F' } } });
		expect(await rung()).toMatchObject([{ title: 'Oh', body: expect.stringContaining('It broke') }]);
		await nodeRed().unload();
		bellService.requests.length = 0;
		const again = await composing();
		const out = nextInput('out');
		again({ payload: 'in', error: { message: 'why', source: { id: 'x', type: 'function', name: 'F' } } });
		expect(await out).toMatchObject({ payload: { title: '“F” failed' }, _error: { message: 'why' } });
	});

	test('a picture that is named by its place in the msg is found, though the payload is another then', async () => {
		const ring = await composing();
		const out = nextInput('out');
		ring({ payload: { body: 'b', image: { binary: 'payload.bytes' }, bytes: image.data } });
		expect((await out).payload).toMatchObject({ image: { data: image.data, mime: 'image/jpeg' } });
	});

	test.each([
		['a level that is none', { level: 'loudest', level_type: 'str' }],
		['buttons that are no list', { buttons: 'not JSON' }],
		['an expression that fails', { url: '$error("no")', url_type: 'jsonata' }],
		['a picture that is nothing of the kind', { image: '{"a":1}', image_type: 'json' }],
		['a picture that is not there', { image: 'payload.nothing', image_type: 'str' }],
	])('%s costs itself alone, and is told', async (_, config) => {
		const ring = await composing({ body: 'The text', ...config });
		ring({ payload: '' });
		expect(await rung()).toMatchObject([{ body: expect.stringContaining('The text') }]);
		expect(calls<string>('message', 'warn').join()).toMatch(/\S/);
	});

	test('a text that cannot be had goes to Catch, with the msg, and the next one goes on', async () => {
		const ring = await composing({ body: '$x(', body_type: 'jsonata' });
		const caught = nextInput('caught');
		ring({ payload: 'kept', topic: 't' });
		expect(await caught).toMatchObject({ payload: 'kept', error: { message: expect.stringMatching(/evaluated/) } });
		expect(statusOf('message').at(-1)).toMatchObject({ fill: 'red' });
	});

	test('nothing at all is refused, not sent empty', async () => {
		const ring = await composing({ language: 'zh' });
		const caught = nextInput('caught');
		ring({ payload: '' });
		expect(await caught).toMatchObject({ error: { message: expect.stringMatching(/消息为空/) } });
	});
});

describe('Route', () => {
	const bytes = Buffer.from([1, 2, 3]);

	test('what comes out is what came in', async () => {
		const ring = await routing([{ types: 'library.*', name: 'Library' }, { levels: 'failure' }]);
		const msg = {
			payload: { body: 'b', type: 'library.added', image: { data: bytes } },
			deep: [{ bytes }],
			topic: 't',
		};
		const [[where, got]] = (await ring({ ...msg })) as [[string, Msg]];
		expect([where, got]).toEqual(['row0', expect.objectContaining(msg)]);
		expect((await ring({ payload: { body: 'b', level: 'failure' } }))[0]![0]).toBe('row1');
		// A foreign input, and one without a type.
		expect((await ring({ payload: 42 }))[0]![0]).toBe('otherwise');
		expect((await ring({ payload: { body: 'b' } }))[0]![0]).toBe('otherwise');
		expect((await ring({ other: 1 }))[0]![0]).toBe('otherwise');
	});

	test('each that matches, in one turn', async () => {
		const ring = await routing([{ sources: 'emby' }, { users: 'Ann' }, { on: false }], { mode: 'all' });
		const got = await ring({ payload: { body: 'b' }, event: { source: 'emby', user: { name: 'ann' } } }, 2);
		expect(got.map(([id]) => id)).toEqual(['row0', 'row1']);
		expect(got[0]![1].payload).toEqual(got[1]![1].payload);
	});

	test('rows that are ready have an output each', async () => {
		const ring = await routing([{}, {}, {}], { preset: 'tautulli', rows: '' });
		const told = (type: string) => ring({ payload: { body: 'b', type }, event: { source: 'tautulli' } });
		expect((await told('playback.started'))[0]![0]).toBe('row1');
		expect((await told('task.failed'))[0]![0]).toBe('otherwise');
	});

	test('rows that cannot be read are said when it starts, and messages go to Catch whole', async () => {
		const ring = await routing([{ levels: 'loud' }]);
		expect(statusOf('route').at(-1)).toMatchObject({ fill: 'red' });
		const [[where, got]] = (await ring({ payload: { body: 'b', bytes } })) as [[string, Msg]];
		expect([where, got.payload]).toEqual(['caught', { body: 'b', bytes }]);
		expect((got.error as { message: string }).message).toMatch(/row 1.*Levels/);
	});

	test.each(['flush', 'reset', 'ack'])('msg.%s leaves no output, and that is told', async (command) => {
		const ring = await routing([{}], { mode: 'all' });
		for (const value of [true, 'a key'])
			nodeRed()
				.getNode('route')
				.receive({ payload: 'x', [command]: value });
		// What is no command has the same name only.
		const got = await ring({ payload: 'after', [command]: false });
		expect(got.map(([, { payload }]) => payload)).toEqual(['after']);
		expect(calls<string>('route', 'warn').join()).toMatch(new RegExp(`msg.${command}`));
	});
});
