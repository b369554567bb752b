import { ChannelError } from '../../../../src/core/base/errors';
import { memoryStore } from '../../../../src/core/state/memory';
import type { Connecting, Happening } from '../../../../src/core/define/trigger';
import { connections } from '../../../../src/hosts/n8n/trigger/connections';

/** A service that, as Telegram does, gives each event to one poll, and refuses a second one. */
function poll() {
	const polls: Connecting[] = [];
	const log: string[] = [];
	const connect = async (connecting: Connecting) => {
		polls.push(connecting);
		log.push(polls.length > 1 ? 'CONFLICT' : 'open');
		connecting.status('connected');
		await new Promise<void>((done) => connecting.signal.addEventListener('abort', () => setTimeout(done, 5)));
		polls.splice(polls.indexOf(connecting), 1);
		log.push('closed');
	};
	const happen = (event: string) => polls.forEach((each) => each.emit({ event, raw: event }));
	return { connect, happen, log };
}

const connecting = { account: { language: 'en' as const }, options: {}, status: () => undefined, store: memoryStore() };

const ear = () => {
	const heard: unknown[] = [];
	return { heard, listen: ({ event }: Happening) => void heard.push(event) };
};
const noFailure = (error: Error) => {
	throw error;
};

test('an active workflow connects, and closing awaits the end', async () => {
	const { connect, happen, log } = poll();
	const { heard, listen } = ear();
	const close = await connections().start('a', connect, connecting, listen, noFailure);
	happen('one');
	await close();
	happen('two');
	expect(heard).toEqual(['one']);
	expect(log).toEqual(['open', 'closed']);
});

test('a test run listens in on the active connection and leaves it open', async () => {
	const live = connections();
	const { connect, happen, log } = poll();
	const [active, tested] = [ear(), ear()];
	const close = await live.start('a', connect, connecting, active.listen, noFailure);
	const closeTest = await live.listen('a', connect, connecting, tested.listen, noFailure);
	happen('one');
	await closeTest();
	happen('two');
	expect([active.heard, tested.heard]).toEqual([['one', 'two'], ['one']]);
	expect(log).toEqual(['open']);
	await close();
});

test('a test run alone connects by itself and closes again', async () => {
	const live = connections();
	const { connect, happen, log } = poll();
	const { heard, listen } = ear();
	const close = await live.listen('a', connect, connecting, listen, noFailure);
	happen('one');
	await close();
	expect(heard).toEqual(['one']);
	expect(log).toEqual(['open', 'closed']);
});

test('a workflow that is activated takes the place of a test’s connection, which goes on listening', async () => {
	const live = connections();
	const { connect, happen, log } = poll();
	const [active, tested] = [ear(), ear()];
	const closeTest = await live.listen('a', connect, connecting, tested.listen, noFailure);
	const close = await live.start('a', connect, connecting, active.listen, noFailure);
	happen('one');
	await closeTest();
	happen('two');
	await close();
	expect([active.heard, tested.heard]).toEqual([['one', 'two'], ['one']]);
	expect(log).toEqual(['open', 'closed', 'open', 'closed']);
});

const refusal = new ChannelError('Unauthorized', { en: 'no', zh: '不' });

test('what refuses from the start is told to whoever starts it, and leaves nothing behind', async () => {
	const live = connections();
	const failed = jest.fn();
	const refusing = jest.fn(() => Promise.reject(refusal));
	const { listen } = ear();
	await expect(live.start('a', refusing, connecting, listen, failed)).rejects.toBe(refusal);
	expect(failed).not.toHaveBeenCalled();
	// The next one finds nothing that is dead.
	const { connect, happen, log } = poll();
	const { heard, listen: test } = ear();
	const close = await live.listen('a', connect, connecting, test, noFailure);
	happen('one');
	expect([heard, log, refusing.mock.calls.length]).toEqual([['one'], ['open'], 1]);
	await close();
});

test('a test run that listened in on what is then refused hears of it', async () => {
	const live = connections();
	const failed = jest.fn();
	let refuse!: (error: Error) => void;
	const starting = live.start(
		'a',
		() => new Promise((_, reject) => (refuse = reject)),
		connecting,
		ear().listen,
		noFailure,
	);
	const close = await live.listen('a', () => Promise.reject(new Error('twice')), connecting, ear().listen, failed);
	refuse(refusal);
	await expect(starting).rejects.toBe(refusal);
	expect(failed).toHaveBeenCalledWith(refusal);
	await close();
});

test('a test run whose connection failed is no longer there for the next one', async () => {
	const live = connections();
	const failed = jest.fn();
	await live.listen('a', () => Promise.reject(refusal), connecting, ear().listen, failed);
	await new Promise(setImmediate);
	expect(failed).toHaveBeenCalledWith(refusal);
	const { connect, happen } = poll();
	const { heard, listen } = ear();
	await live.listen('a', connect, connecting, listen, noFailure);
	happen('one');
	expect(heard).toEqual(['one']);
});

describe('once it runs', () => {
	beforeEach(() => void jest.useFakeTimers());
	afterEach(() => void jest.useRealTimers());

	test('what fails is tried again at growing intervals, and no more once it is closed', async () => {
		const failed = jest.fn();
		const tries: number[] = [];
		const starting = connections().start(
			'a',
			async ({ status }) => {
				tries.push(Date.now());
				if (tries.length === 1) status('failed', refusal.text);
				throw refusal;
			},
			connecting,
			ear().listen,
			failed,
		);
		await jest.advanceTimersByTimeAsync(0);
		const close = await starting;
		await jest.advanceTimersByTimeAsync(3_600_000);
		const gaps = tries.slice(1).map((at, index) => (at - tries[index]!) / 1_000);
		expect(gaps.slice(0, 7)).toEqual([5, 10, 20, 40, 80, 160, 300]);
		expect([Math.max(...gaps), failed.mock.calls.length]).toEqual([300, tries.length]);
		await close();
		await jest.advanceTimersByTimeAsync(3_600_000);
		expect([tries.length, jest.getTimerCount()]).toEqual([gaps.length + 1, 0]);
	});

	test('what says nothing does not keep n8n waiting, neither when it starts nor when it ends', async () => {
		const starting = connections().start(
			'a',
			() => new Promise(() => undefined),
			connecting,
			ear().listen,
			noFailure,
		);
		await jest.advanceTimersByTimeAsync(3_000);
		const closing = (await starting)();
		await jest.advanceTimersByTimeAsync(10_000);
		await closing;
		expect(jest.getTimerCount()).toBe(0);
	});
});
