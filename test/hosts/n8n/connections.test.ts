import { memoryStore } from '../../../src/core/state/store';
import type { Connecting, Happening } from '../../../src/core/define/trigger';
import { connections } from '../../../src/hosts/n8n/connections';

/** A service that, as Telegram does, gives each event to one poll, and refuses a second one. */
function poll() {
	const polls: Connecting[] = [];
	const log: string[] = [];
	const connect = async (connecting: Connecting) => {
		polls.push(connecting);
		log.push(polls.length > 1 ? 'CONFLICT' : 'open');
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

test('a connection that fails by itself says so', async () => {
	const failed = jest.fn();
	const close = await connections().start(
		'a',
		() => Promise.reject(new Error('no')),
		connecting,
		() => undefined,
		failed,
	);
	await new Promise(setImmediate);
	expect(failed).toHaveBeenCalledWith(new Error('no'));
	await close();
});
