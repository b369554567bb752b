import { forgetTokens, tokenOf } from '../../../../src/core/deliver/send/token';

beforeEach(forgetTokens);

/** A request for a token that ends when it is told to, or stopped. */
function request() {
	const asked: { answer(token: string): void; signal: AbortSignal }[] = [];
	const fetch = (signal: AbortSignal) =>
		new Promise<{ value: string; seconds: number }>((done, failed) => {
			signal.addEventListener('abort', () => failed(signal.reason as Error));
			asked.push({ answer: (value) => done({ value, seconds: 7_200 }), signal });
		});
	return { asked, fetch };
}

const waiter = () => {
	const stop = new AbortController();
	return { stop: () => stop.abort(new Error('stopped')), signal: stop.signal };
};

test('one that waits no longer costs the others nothing', async () => {
	const { asked, fetch } = request();
	const [one, other] = [waiter(), waiter()];
	const first = tokenOf('k', 0, fetch, one.signal);
	const second = tokenOf('k', 0, fetch, other.signal);
	one.stop();
	await expect(first).rejects.toThrow('stopped');
	expect([asked.length, asked[0]!.signal.aborted]).toEqual([1, false]);
	asked[0]!.answer('t');
	expect(await second).toBe('t');
	expect(await tokenOf('k', 0, fetch)).toBe('t');
});

test('the request ends with the last who waits for it, and the next one asks anew', async () => {
	const { asked, fetch } = request();
	const all = [waiter(), waiter(), waiter()];
	const tokens = all.map(({ signal }) => tokenOf('k', 0, fetch, signal));
	const ended = Promise.allSettled(tokens);
	for (const { stop } of all) stop();
	expect((await ended).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
	expect([asked.length, asked[0]!.signal.aborted]).toEqual([1, true]);
	const next = tokenOf('k', 0, fetch, waiter().signal);
	asked[1]!.answer('fresh');
	expect(await next).toBe('fresh');
});

test('whoever was stopped before asks for nothing that goes on', async () => {
	const { asked, fetch } = request();
	const gone = waiter();
	gone.stop();
	await expect(tokenOf('k', 0, fetch, gone.signal)).rejects.toThrow('stopped');
	expect(asked.every(({ signal }) => signal.aborted)).toBe(true);
});
