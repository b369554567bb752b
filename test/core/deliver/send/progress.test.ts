import { ChannelError } from '../../../../src/core/base/errors';
import { baseUrl, chars, defineChannel, secret, toggle } from '../../../../src/core/define/channel';
import { deliver, storedProgress, type Progress } from '../../../../src/core/deliver/deliver';
import { closeConnections } from '../../../../src/core/http/http';
import { memoryStore } from '../../../../src/core/state/memory';
import type { Store } from '../../../../src/core/state/store';
import { service, type Answer, type Service } from '../../../service';

/** The same, but for what it says of how it sends. */
const bellBy = (transport?: 'smtp') =>
	defineChannel({
		id: 'bell',
		name: 'Bell',
		zh: '铃',
		docs: 'https://example.com',
		transport,
		renders: { markup: 'plain', limit: chars(60) },
		account: { baseUrl: baseUrl('https://bell.example'), key: secret('Key', { zh: '密钥' }) },
		options: {
			knows: toggle('Knows repeats', { zh: '识别重复' }),
			draft: toggle('Draft first', { zh: '先存草稿' }),
		},
		async send({ message, http, options, step }) {
			if (options.draft) await step('draft', () => http.post('/draft', { json: {}, idempotent: true }));
			const json = { text: message.body };
			const raw = await http.post('/ring', { json, idempotent: options.knows ? true : undefined });
			return { id: raw?.id, raw };
		},
	});
const bell = bellBy();

let server: Service;
let store: Store;
let batch: string;
let answers: Answer[];
/** What was noted when a request came. */
let noted: (Progress | undefined)[];

const clock = { now: () => 1_000, sleep: () => Promise.resolve(), random: () => 0 };
const read = () => store.progress<Progress>('s', batch, 'bell');
const kept = (of: Pick<Store, 'progress'> = store) => storedProgress(of, 's', batch, 'bell');
const two = `${'a'.repeat(40)}\n\n${'b'.repeat(40)}`;
const ok = { body: { id: 7 } };

async function send(options = {}, of: Pick<Store, 'progress'> = store, body = two, channel = bell) {
	const account = { baseUrl: server.url, key: 's3cret-key' };
	return await deliver(channel, account, options, body, { clock, progress: await kept(of) });
}
const failure = (sending: Promise<unknown>) =>
	sending.then(
		() => fail('It went'),
		(error: ChannelError) => error,
	);
const fail = (why: string): never => {
	throw new Error(why);
};
/** The store, of which some writes of a progress fail: those that `when` is true of, counted from 1. */
function failing(when: (write: number) => boolean): Pick<Store, 'progress'> {
	let writes = 0;
	return {
		progress: (scope, id, node, change) => {
			if (change && when(++writes))
				return Promise.reject(
					new ChannelError('Unreachable', { en: 'Away.', zh: '不可用。' }, { unknown: true }),
				);
			return store.progress(scope, id, node, change);
		},
	};
}

beforeAll(async () => {
	server = await service(async () => {
		noted.push(structuredClone(await read()));
		return answers.shift() ?? ok;
	});
});
beforeEach(async () => {
	store = memoryStore();
	[batch = ''] = (await store.transact('s', 'k', [], () => ({ batches: [{}] }))).batches;
	[answers, noted] = [[], []];
	server.requests.length = 0;
});
afterAll(async () => {
	await closeConnections();
	await server.close();
});

test('a part is noted before it is sent, and again when it was taken', async () => {
	await send();
	expect(noted).toEqual([
		{ sent: {}, underWay: { '#0': true } },
		{ sent: { '#0': expect.objectContaining({ id: 7 }) }, underWay: { '#1': true } },
	]);
	expect(await read()).toMatchObject({ sent: { '#0': { id: 7 }, '#1': { id: 7 } }, underWay: {} });
});

test('a channel that sends by other ways has it noted before its first step', async () => {
	await send({ draft: true }, store, 'Hello', bellBy('smtp'));
	expect(noted[0]).toEqual({ sent: {}, underWay: { '#0': true } });
});

test('what its service knows again is never in doubt', async () => {
	await send({ knows: true });
	expect(noted.map((progress) => progress?.underWay ?? {})).toEqual([{}, {}]);
});

describe('after a death in the middle of a part', () => {
	beforeEach(async () => {
		await store.progress<Progress>('s', batch, 'bell', () => ({
			sent: { '#0': { id: 1 } },
			underWay: { '#1': true },
		}));
	});

	test('it is in doubt, and not sent again', async () => {
		const error = await failure(send());
		expect(error).toMatchObject({ class: 'Unreachable', code: 'CUT_OFF', unknown: true, transient: false });
		expect(server.requests).toHaveLength(0);
		expect((await read())?.underWay).toEqual({ '#1': true });
		expect((await failure(send())).code).toBe('CUT_OFF');
	});

	test('it is sent again where the user allows it, what was delivered is not', async () => {
		const { ids, parts } = await send({ repeatUnknown: true });
		expect([ids, parts]).toEqual([['1', '7'], 2]);
		expect(server.requests.map(({ json }) => json.text)).toEqual([expect.stringContaining('bbb')]);
	});
});

test('one that was refused is under way no more, and neither is one that waits for its next try', async () => {
	answers = [
		{ status: 429, headers: { 'retry-after': '1' } },
		{ status: 403, body: 'no' },
	];
	const waiting: unknown[] = [];
	const sleep = async () => void waiting.push((await read())?.underWay);
	const account = { baseUrl: server.url, key: 'k' };
	await failure(deliver(bell, account, {}, 'Hello', { clock: { ...clock, sleep }, progress: await kept() }));
	expect(waiting).toEqual([{}]);
	expect(await read()).toEqual({ sent: {}, underWay: {} });
});

test('one of which the outcome is not known stays in doubt, in the words of that', async () => {
	answers = [{ body: '<html>s3cret-key' }];
	const first = await failure(send({}, store, 'Hello'));
	expect((await read())?.doubts).toEqual({ '#0': expect.objectContaining({ class: 'Unexpected' }) });
	expect(JSON.stringify(await read())).not.toContain('s3cret-key');
	const second = await failure(send({}, store, 'Hello'));
	expect(second.toJSON()).toEqual(first.toJSON());
	expect(server.requests).toHaveLength(1);
});

test('nothing is sent where it cannot be noted first, and that is no doubt', async () => {
	const error = await failure(
		send(
			{},
			failing(() => true),
		),
	);
	expect(error).toMatchObject({ class: 'Unreachable', unknown: false, transient: true });
	expect(server.requests).toHaveLength(0);
});

test('what was taken and could not be noted at once is noted with the next part', async () => {
	// Under way, taken, under way.
	await send(
		{},
		failing((write) => write === 2),
	);
	expect(noted[1]).toMatchObject({ sent: { '#0': { id: 7 } }, underWay: { '#1': true } });
	expect(server.requests).toHaveLength(2);
});

test('one that is dropped meanwhile goes no further', async () => {
	const dropping: Pick<Store, 'progress'> = {
		progress: async (...given) => {
			if (server.requests.length === 1) await store.drop('s', batch);
			return await store.progress(...given);
		},
	};
	expect(await failure(send({}, dropping))).toMatchObject({ code: 'BATCH_GONE', transient: false });
	expect(server.requests).toHaveLength(1);
});

test('a long answer is the flow’s, not the store’s; no secret is either', async () => {
	answers = [{ body: { id: 1, echo: 'x'.repeat(9_000) } }, { body: { id: 2, echo: 'by s3cret-key' } }];
	const { raw } = await send();
	expect(raw).toMatchObject([{ echo: expect.stringMatching(/^x{9000}$/) }, { echo: 'by ***' }]);
	expect((await read())?.sent).toEqual({ '#0': { id: 1 }, '#1': { id: 2, raw: { id: 2, echo: 'by ***' } } });
});

test('half a part that was done is not done again', async () => {
	answers = [{ body: { id: 5 } }, { status: 403 }];
	await failure(send({ draft: true }, store, 'Hello'));
	await send({ draft: true }, store, 'Hello');
	expect(server.requests.map(({ path }) => path)).toEqual(['/draft', '/ring', '/ring']);
});
