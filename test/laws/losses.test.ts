import { deliver } from '../../src/core/deliver/deliver';
import { isChannelError } from '../../src/core/base/errors';
import type { Receipt } from '../../src/core/deliver/send/receipt';
import type { Message } from '../../src/core/message/message';
import { accepted } from '../accepting';
import { placeOf, sampleOf } from '../sample';
import { service, type Service } from '../service';
import { channels, forms } from './renderers';

/** The receipt counts: of each kind how many were lost, in the part where they would have stood. */

const many = <T>(count: number, one: (at: number) => T): T[] => Array.from({ length: count }, (_, at) => one(at));

const parts: Record<string, (count: number) => Partial<Message>> = {
	fields: (count) => ({ fields: many(count, (at) => ({ name: `Name${at}`, value: `value ${at}` })) }),
	buttons: (count) => ({ buttons: many(count, (at) => ({ text: `Press ${at}`, value: `v${at}` })) }),
	attachments: (count) => ({
		attachments: many(count, (at) => ({ name: `f${at}.bin`, data: Buffer.from(`bytes \0 ${at}`) })),
	}),
	mentions: (count) => ({ mentions: many(count, (at) => `1000${at}`) }),
};

let id: string;
let server: Service;
beforeAll(async () => (server = await service((request) => accepted(id, server.url, request))));
afterAll(() => server.close());

const reachable = channels.filter(({ channel }) => channel.transport === 'http');

test('they are found', () => expect(reachable.length).toBeGreaterThan(15));

describe.each(reachable.map(({ id: name, channel }) => [name, channel] as const))('%s', (name, channel) => {
	let sample: Awaited<ReturnType<typeof sampleOf>>;
	beforeAll(async () => {
		id = name;
		sample = await sampleOf(channel, placeOf(channel, '127.0.0.1', Number(new URL(server.url).port)));
	});

	/** `undefined`: this form needs what this message does not have. */
	async function sent(message: Message, options: object): Promise<Receipt | undefined> {
		id = name;
		try {
			const given = { ...sample.options, ...options, attempts: 1, deadline: 20 };
			// Nobody waits for the turn of a test.
			return await deliver({ ...channel, pace: undefined }, sample.account, given, message);
		} catch (error) {
			if (isChannelError(error)) return undefined;
			throw error;
		}
	}

	test.each(Object.keys(parts))('%s', async (kind) => {
		for (const options of forms(channel)) {
			const counts: number[] = [];
			for (const count of [1, 2, 4]) {
				const receipt = await sent({ body: 'A text', ...parts[kind]!(count) }, options);
				if (!receipt) break;
				const own = receipt.losses.filter((loss) => loss.kind === kind);
				expect(own.every(({ part, count: lost }) => part === 1 && Number.isInteger(lost) && lost > 0)).toBe(
					true,
				);
				counts.push(own.reduce((sum, loss) => sum + loss.count, 0));
			}
			if (counts.length < 3) continue;
			const [one, two, four] = counts as [number, number, number];
			// There is room for so many, or for none: each beyond that is one that is lost.
			const room = 1 - one;
			const told = JSON.stringify({ options, counts });
			expect([told, one <= 1]).toEqual([told, true]);
			if (one === 1) expect([told, two, four]).toEqual([told, 2 - room, 4 - room]);
			else expect([told, four - two <= 2 && two <= 2 && four <= 4]).toEqual([told, true]);
		}
	});
});
