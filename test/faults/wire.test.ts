import { setTimeout as sleep } from 'node:timers/promises';
import { definitions } from '../../scripts/definitions';
import type { Channel } from '../../src/core/define/channel';
import { deliver, verify } from '../../src/core/deliver/deliver';
import { ChannelError } from '../../src/core/base/errors';
import { closeConnections } from '../../src/core/http/http';
import { forgetTurns } from '../../src/core/deliver/send/pace';
import { placeOf, sampleOf, secretMark } from '../sample';
import { mailFaults, socketFaults, wireServer, type WireFault } from './wire';

interface Subject {
	name: string;
	channel: Channel;
	faults: readonly WireFault[];
	/** Where it looks for its server. */
	place(host: string, port: number, scheme?: string): Record<string, unknown>;
	account?: Record<string, unknown>;
	options?: Record<string, unknown>;
}

/** s: of a send that the other side lets hang */
const patience = 1;

const subjects: readonly Subject[] = definitions().flatMap(({ id, definition }): Subject[] => {
	if (definition.type !== 'channel') return [];
	const channel = definition as Channel;
	const { transport, account, options } = channel;
	const place: Subject['place'] = (host, port, scheme) => placeOf(channel, host, port, scheme);
	if (transport === 'smtp') return [{ name: id, channel, faults: mailFaults, place }];
	if (transport === 'websocket') {
		// Where a channel can do without an answer, it is asked to wait for one.
		const waits = options.waitForAnswer && { waitForAnswer: true };
		return Object.keys(account.connection?.options ?? { '': 0 }).map((connection) => ({
			name: `${id} ${connection}`.trim(),
			channel,
			faults: socketFaults,
			place,
			account: connection ? { connection } : {},
			options: waits,
		}));
	}
	const speaksBoth =
		transport === 'http' &&
		account.baseUrl?.check?.('ws://127.0.0.1:1' as never) === undefined &&
		/ws:/.test(JSON.stringify(account.baseUrl ?? ''));
	if (!speaksBoth) return [];
	const socketPlace: Subject['place'] = (host, port, scheme) => ({
		baseUrl: `${scheme ? 'wss' : 'ws'}://${host}:${port}`,
	});
	return [{ name: `${id} by WebSocket`, channel, faults: socketFaults, place: socketPlace }];
});

const rejections: unknown[] = [];
const keep = (reason: unknown) => rejections.push(reason);
beforeAll(() => process.on('unhandledRejection', keep));
afterAll(() => process.off('unhandledRejection', keep));

test('there is something to test', () => {
	expect(subjects.map(({ name }) => name)).toEqual([
		'email',
		'onebot by WebSocket',
		'websocket once',
		'websocket kept',
	]);
});

describe.each(subjects)('$name', (subject) => {
	const { channel } = subject;
	let sample: Awaited<ReturnType<typeof sampleOf>>;

	beforeAll(async () => {
		sample = await sampleOf(channel, subject.place('127.0.0.1', 1));
		await channel.close?.();
		await sleep(100);
	});
	beforeEach(() => {
		forgetTurns();
		rejections.length = 0;
	});

	test('ends every fault in the right class, in time, once, without a secret; leaves nothing behind', async () => {
		const before = openResources();
		const complaints = await Promise.all(subject.faults.map((fault) => complaintAbout(fault, subject, sample)));
		expect(complaints.filter((complaint) => complaint !== undefined)).toEqual([]);
		await channel.close?.();
		await closeConnections();
		// Whatever takes leave of the other side may take a moment for it.
		for (let waited = 0; waited < 3_000 && surplus(before).length > 0; waited += 50) await sleep(50);
		expect(surplus(before)).toEqual([]);
		expect(rejections).toEqual([]);
	}, 60_000);

	test('the check of an account ends in the right class too, and at once when it is cancelled', async () => {
		const before = openResources();
		const faults = subject.faults.filter(({ unknown, name }) => !unknown && !/MAIL|RCPT|DATA/.test(name));
		const complaints = await Promise.all(faults.map((fault) => complaintAboutCheck(fault, subject, sample)));
		expect(complaints.filter((complaint) => complaint !== undefined)).toEqual([]);
		await channel.close?.();
		await closeConnections();
		for (let waited = 0; waited < 3_000 && surplus(before).length > 0; waited += 50) await sleep(50);
		expect(surplus(before)).toEqual([]);
		expect(rejections).toEqual([]);
	}, 60_000);
});

const kinds = ['TCPSocketWrap', 'TLSWrap', 'TCPServerWrap', 'TCPConnectWrap', 'GetAddrInfoReqWrap', 'Timeout'];
const openResources = () => process.getActiveResourcesInfo().filter((kind) => kinds.includes(kind));

/** What is open now and was not before. */
function surplus(before: readonly string[]): string[] {
	const left = [...before];
	return openResources().filter((kind) => {
		const at = left.indexOf(kind);
		if (at >= 0) left.splice(at, 1);
		return at < 0;
	});
}

async function complaintAbout(
	fault: WireFault,
	{ channel, place, ...own }: Subject,
	sample: Awaited<ReturnType<typeof sampleOf>>,
): Promise<string | undefined> {
	const server = await wireServer(fault);
	const started = Date.now();
	try {
		const { host = '127.0.0.1', port = server.port, scheme } = fault.place ?? {};
		const account = { ...sample.account, ...own.account, ...place(host, port, scheme), ...fault.account };
		const deadline = fault.hangs ? patience : 20;
		const options = { ...sample.options, ...own.options, attempts: fault.hangs || fault.unknown ? 3 : 1, deadline };
		const failure = await deliver(channel, account, options, '**Hello** _there_').then(
			() => undefined,
			(error: unknown) => error,
		);
		const complaint = complaintOf(fault, failure, server.messages, Date.now() - started, channel);
		return complaint && `${fault.name}: ${complaint}`;
	} finally {
		await server.close();
	}
}

async function complaintAboutCheck(
	fault: WireFault,
	{ channel, place, ...own }: Subject,
	sample: Awaited<ReturnType<typeof sampleOf>>,
): Promise<string | undefined> {
	const server = await wireServer(fault);
	const started = Date.now();
	const { host = '127.0.0.1', port = server.port, scheme } = fault.place ?? {};
	const account = { ...sample.account, ...own.account, ...place(host, port, scheme), ...fault.account };
	const stop = new AbortController();
	const timer = fault.hangs && setTimeout(() => stop.abort(), patience * 1000);
	try {
		const failure = await verify(channel, account, { signal: stop.signal }).then(
			() => undefined,
			(error: unknown) => error,
		);
		const complaint = complaintOf(fault, failure, server.messages, Date.now() - started, channel);
		return complaint && `${fault.name}: ${complaint}`;
	} finally {
		clearTimeout(timer);
		await server.close();
	}
}

function complaintOf(
	fault: WireFault,
	failure: unknown,
	messages: number,
	ms: number,
	channel: Channel,
): string | undefined {
	if (failure === undefined) return 'it was taken for a success';
	if (!(failure instanceof ChannelError)) return `${String(failure)} is no ChannelError`;
	if (!fault.ends.includes(failure.class)) return `${failure.class} (${failure.message})`;
	if (messages !== (fault.unknown ? 1 : 0)) return `${messages} messages came (${failure.message})`;
	if ((failure.unknown ?? false) !== (fault.unknown && failure.class !== 'Rejected'))
		return `unknown: ${failure.unknown} (${failure.class}, ${failure.message})`;
	// Whatever is no matter of waiting ends at once.
	if (ms > (fault.hangs ? patience * 1000 + 2_000 : 5_000)) return `took ${ms} ms`;
	const texts = [
		failure.message,
		failure.stack ?? '',
		JSON.stringify(failure),
		String(failure.cause),
		...Object.values(failure).map((value) => JSON.stringify(value) ?? ''),
	];
	if (texts.some((text) => text.includes(secretMark)))
		return `a secret in ${texts.find((text) => text.includes(secretMark))}`;
	if (failure.channel !== channel.id) return 'does not name its channel';
	return undefined;
}
