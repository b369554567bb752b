import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import { definitions } from '../../scripts/definitions';
import type { Channel } from '../../src/core/define/channel';
import { deliver } from '../../src/core/deliver/deliver';
import { ChannelError } from '../../src/core/base/errors';
import { closeConnections } from '../../src/core/http/http';
import { forgetTurns } from '../../src/core/deliver/send/pace';
import { forgetTokens } from '../../src/core/deliver/send/token';
import { placeOf, sampleOf, secretMark } from '../sample';
import { service } from '../service';
import { anyNo, anyYes, faults, faultServer, type Fault } from './faults';

const channels = definitions().flatMap(({ id, definition }) =>
	definition.type === 'channel' && (definition as Channel).transport === 'http'
		? [{ id, channel: definition as Channel }]
		: [],
);

/** Its tokens are for asking what became of a message, and for taking it back: it is sent without. */
const sendsWithout: ReadonlySet<string> = new Set(['pushPlus']);
const asksForToken = ({ id, token }: Channel) => token !== undefined && !sendsWithout.has(id);

/** s: of a send that the other side lets hang */
const patience = 1;

const rejections: unknown[] = [];
const keep = (reason: unknown) => rejections.push(reason);
beforeAll(() => process.on('unhandledRejection', keep));
afterAll(() => process.off('unhandledRejection', keep));

describe.each(channels)('$id', ({ channel }) => {
	let sample: Awaited<ReturnType<typeof sampleOf>>;

	beforeAll(async () => {
		const server = await service(() => ({ status: 500 }));
		sample = await sampleOf(channel, placeOf(channel, '127.0.0.1', Number(new URL(server.url).port)));
		await closeConnections();
		await server.close();
	});
	beforeEach(async () => {
		await closeConnections();
		forgetTokens();
		forgetTurns();
		rejections.length = 0;
	});

	// The faults of a channel run side by side: most of their time is waiting for nothing to happen.
	test('ends every fault in the right class, in time, once, without a secret', async () => {
		const outcomes = await Promise.all(faults.map((fault) => outcomeOf(fault, channel, sample)));
		const complaints = outcomes.flatMap(({ fault, complaint }) =>
			complaint ? [`${fault.name}: ${complaint}`] : [],
		);
		expect(complaints).toEqual([]);
		await closeConnections();
		await sleep(50);
		expect(rejections).toEqual([]);
	}, 60_000);

	const stale = channel.replies?.errors?.find((row) => row.refresh);
	if (asksForToken(channel))
		test('gets a new token for an expired one, and sends again, once', async () => {
			const code = [stale?.code].flat()[0]!;
			const server = await service(({ query, headers, body }) =>
				`${JSON.stringify([query, headers])}${body.toString()}`.includes(anyYes.access_token)
					? { body: anyNo('expired', code) }
					: { body: anyYes },
			);
			try {
				const place = placeOf(channel, '127.0.0.1', Number(new URL(server.url).port));
				const error = await deliver(
					channel,
					{ ...sample.account, ...place },
					{ ...sample.options, attempts: 3, deadline: 10 },
					'Hello',
				).catch((thrown: unknown) => thrown);
				expect(error).toMatchObject({ class: stale!.is, code: String(code) });
				const asked = server.requests.map(({ query, headers }) =>
					JSON.stringify([query, headers]).includes(anyYes.access_token) ? 'send' : 'token',
				);
				expect(asked).toEqual(['token', 'send', 'token', 'send']);
			} finally {
				await closeConnections();
				await server.close();
			}
		});

	test('leaves no socket and no timer behind', async () => {
		await sleep(100);
		const before = countResources();
		for (const fault of faults.filter(({ hangs, place }) => hangs || !place))
			await outcomeOf(fault, channel, sample);
		await closeConnections();
		// What ends by itself in a moment is no leak; the deadlines and limits of a send take longer than that.
		for (let wait = 0; countResources() > before && wait < 800; wait += 50) await sleep(50);
		expect(countResources()).toBeLessThanOrEqual(before);
	}, 60_000);
});

const kinds = ['TCPSocketWrap', 'TLSWrap', 'Timeout', 'TCPServerWrap'];
const countResources = () => process.getActiveResourcesInfo().filter((kind) => kinds.includes(kind)).length;

async function outcomeOf(
	fault: Fault,
	channel: Channel,
	{ account, options }: Awaited<ReturnType<typeof sampleOf>>,
): Promise<{ fault: Fault; complaint?: string }> {
	// A token comes first: the fault then strikes the send itself.
	const server = await faultServer(fault, asksForToken(channel) && !fault.place ? 1 : 0);
	const started = Date.now();
	try {
		const { host = '127.0.0.1', port = server.port, scheme } = fault.place ?? {};
		const place = placeOf(channel, host, port, scheme);
		const sent = deliver(
			channel,
			{ ...account, ...place },
			{ ...options, attempts: fault.hangs || fault.inDoubt ? 3 : 1, deadline: fault.hangs ? patience : 20 },
			'**Hello** _there_',
		);
		const failure = await sent.then(
			() => undefined,
			(error: unknown) => error,
		);
		return {
			fault,
			complaint: complaintOf(
				fault,
				failure,
				server.requests - (asksForToken(channel) ? 1 : 0),
				Date.now() - started,
				channel,
			),
		};
	} finally {
		await server.close();
	}
}

function complaintOf(
	fault: Fault,
	failure: unknown,
	requests: number,
	ms: number,
	channel: Channel,
): string | undefined {
	// A custom request has no way of its own to say no: any 2xx is its yes, unless the user adds a check.
	if (
		failure === undefined &&
		fault.ends.includes('Unexpected') &&
		fault.name.match(/^200|truncated/) &&
		channel.replies?.as === 'any'
	)
		return undefined;
	if (failure === undefined) return 'it was taken for a success';
	if (!(failure instanceof ChannelError)) return `${String(failure)} is no ChannelError`;
	if (!fault.ends.includes(failure.class)) return `${failure.class} (${failure.message})`;
	if (fault.hangs && ms > patience * 1000 + 2_000) return `took ${ms} ms`;
	if (fault.inDoubt && failure.unknown && requests > 1)
		return `${requests} requests although the outcome was unknown`;
	const texts = [
		failure.message,
		failure.stack ?? '',
		JSON.stringify(failure),
		inspect(failure, { showHidden: true, depth: 9 }),
		String(failure.cause),
		...Object.values(failure).map((value) => JSON.stringify(value) ?? ''),
	];
	if (texts.some((text) => text.includes(secretMark)))
		return `a secret in ${texts.find((text) => text.includes(secretMark))}`;
	if (failure.channel !== channel.id) return 'does not name its channel';
	return undefined;
}
