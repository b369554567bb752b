import type { Channel, Rendered } from '../../src/core/define/channel';
import { deliver, type Receipt } from '../../src/core/deliver/deliver';
import { forgetTurns } from '../../src/core/deliver/send/pace';
import { forgetTokens } from '../../src/core/deliver/send/token';
import { closeConnections } from '../../src/core/http/http';
import { describe as formInN8n } from '../../src/hosts/n8n/channel-form';
import { channelProperties } from '../../src/hosts/node-red/properties';
import { accepted, told } from '../accepting';
import { frozenClock } from '../refused';
import { placeOf, sampleOf } from '../sample';
import { service, type Seen, type Service } from '../service';
import { channels } from './renderers';

/** A silent message is sent so that it makes no sound, or its receipt says that it makes one; either way its text goes. */

const message = { body: 'BBODY', title: 'TTITLE', level: 'failure', time: '2026-01-02T03:04:05.000Z' };
const lost = { kind: 'silent', part: 1, count: 1 };

/** What was asked, without what is another each time: signatures, ids, boundaries. */
const asked = ({ method, path, query, headers, body }: Seen) =>
	JSON.stringify([method, path, query, body.toString('latin1')])
		.replaceAll(/boundary=(.*)/.exec(headers['content-type'] ?? '')?.[1] ?? '\0', '')
		.replace(/[\da-f]{8}-[\da-f]{4}-[\da-f-]{22}|(?:sign|timestamp|tag)\W+[\w%+/=-]+/gi, '');

test('some channels can be silent, and most cannot', () => {
	const can = channels.filter(({ channel }) => channel.silent).map(({ id }) => id);
	expect(can.length).toBeGreaterThan(3);
	expect(can.length).toBeLessThan(channels.length / 2);
});

describe.each(channels)('$id', ({ id, channel }) => {
	test('has a place for silence on its form where it can be silent, in both hosts', () => {
		const red = channelProperties(channel).map(({ name }) => name);
		const parts = formInN8n(channel, 'account').properties.find(({ name }) => name === 'parts')!.options!;
		expect(red.includes('messageSilent')).toBe(channel.silent === true);
		expect(parts.some(({ name }) => name === 'silent')).toBe(channel.silent === true);
		// One place alone.
		expect(Object.keys(channel.options)).not.toContain('silent');
	});

	test('is told of silence, or the receipt names it', async () => {
		const parts: Rendered[] = [];
		const server = await service(() => ({ status: 500 }));
		const { account, options } = await sampleOf(
			channel,
			placeOf(channel, '127.0.0.1', Number(new URL(server.url).port)),
		).finally(() => server.close());
		const quiet: Channel = {
			...channel,
			pace: undefined,
			send: async ({ message: part }) => {
				parts.push(part);
				return { id: 1 };
			},
		};
		const receipt = await deliver(quiet, account, options, { ...message, silent: true });
		expect(parts.map(({ silent }) => silent)).toEqual([channel.silent]);
		expect(receipt.losses.filter(({ kind }) => kind === 'silent')).toEqual(channel.silent ? [] : [lost]);
		expect((await deliver(quiet, account, options, { ...message, silent: false })).degraded).not.toContain(
			'silent',
		);
		expect(parts.at(-1)!.silent).toBeUndefined();
	});

	if (channel.transport !== 'http') return;

	let server: Service | undefined;
	afterEach(async () => {
		await closeConnections();
		await server?.close();
	});

	test('asks its service for it', async () => {
		let sampling = true;
		const own: Service = (server = await service((seen) =>
			sampling ? { status: 500 } : accepted(id, own.url, seen),
		));
		const place = placeOf(channel, '127.0.0.1', Number(new URL(own.url).port));
		const { account, options } = await sampleOf(channel, place);
		sampling = false;
		const send = async (silent: boolean): Promise<[Receipt, string[]]> => {
			forgetTokens();
			forgetTurns();
			own.requests.length = 0;
			const given = { ...message, ...(silent && { silent }) };
			const receipt = await deliver(channel, account, { ...options, attempts: 1 }, given, {
				clock: frozenClock(),
			});
			expect(own.requests.some((seen) => told(seen).includes('BBODY'))).toBe(true);
			return [receipt, own.requests.map(asked)];
		};
		const [, loud] = await send(false);
		const [receipt, quiet] = await send(true);
		if (channel.silent) expect(quiet).not.toEqual(loud);
		else expect(quiet).toEqual(loud);
		expect(receipt.degraded.includes('silent')).toBe(!channel.silent);
	});
});
