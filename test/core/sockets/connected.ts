import { read } from '../../../src/core/base/field';
import { triggerAccount } from '../../../src/core/receive/reception';
import { memoryStore } from '../../../src/core/state/memory';
import type { Store } from '../../../src/core/state/store';
import type { ChatEvent } from '../../../src/core/receive/chat';
import type { Connecting, Happening, Trigger } from '../../../src/core/define/trigger';

/** A node that is connected: what it gave out, and what it showed. */
export interface Connected {
	happenings: Happening[];
	events: ChatEvent[];
	states: { state: string; detail?: string }[];
	/** Aborted when it is closed. */
	signal: AbortSignal;
	/** Resolves with the error that it ended with; undefined where there was none. */
	ended: Promise<unknown>;
	close(): Promise<unknown>;
}

export function connected(
	trigger: Trigger,
	account: Record<string, unknown>,
	options: Record<string, unknown> = {},
	store: Store = memoryStore(),
	server?: Connecting['server'],
	take?: Connecting['take'],
	/** What it gives out is written down once this settles. */
	write?: () => Promise<void>,
): Connected {
	const abort = new AbortController();
	const node: Omit<Connected, 'signal' | 'ended' | 'close'> = { happenings: [], events: [], states: [] };
	const run = trigger.connect!({
		account: read(triggerAccount(trigger), account) as Connecting['account'],
		options: read(trigger.options, options),
		emit: (happening) => {
			node.happenings.push(happening);
			node.events.push(happening.event as ChatEvent);
			return write?.();
		},
		take,
		status: (state, detail) => void node.states.push({ state, ...(detail && { detail: detail.en }) }),
		store,
		server,
		signal: abort.signal,
	});
	const ended = run.then(
		() => undefined,
		(error: unknown) => error,
	);
	return {
		...node,
		signal: abort.signal,
		ended,
		close: () => {
			abort.abort();
			return ended;
		},
	};
}

/** Lets what is under way on loopback arrive where both ends live in this process: so many looks at the network. */
export async function turns(times = 16): Promise<void> {
	for (let each = 0; each < times; each++) await new Promise((done) => setImmediate(done));
}

/** Waits until it holds. @param ms after which it never will, however busy the machine is */
export async function until(holds: () => unknown, ms = 30_000): Promise<void> {
	const end = Date.now() + ms;
	while (!holds()) {
		if (Date.now() > end) throw new Error(`It did not come true: ${holds.toString()}`);
		await new Promise((done) => setTimeout(done, 5));
	}
}
