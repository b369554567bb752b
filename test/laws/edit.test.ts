import type { Channel } from '../../src/core/define/channel';
import { deliver, type Receipt } from '../../src/core/deliver/deliver';
import { forgetTurns } from '../../src/core/deliver/send/pace';
import { forgetTokens } from '../../src/core/deliver/send/token';
import { memoryStore } from '../../src/core/state/memory';
import { closeConnections } from '../../src/core/http/http';
import { describe as formInN8n } from '../../src/hosts/n8n/channel-form';
import { channelProperties } from '../../src/hosts/node-red/properties';
import { accepted, told } from '../accepting';
import { frozenClock } from '../refused';
import { placeOf, sampleOf } from '../sample';
import { service, type Seen, type Service } from '../service';
import { channels } from './renderers';

/** A message takes the place of the earlier one of its key where its channel can change what was sent; elsewhere it goes anew, and the receipt says so. */

const given = { title: 'TTITLE', format: 'text', level: 'failure', key: 'k-1' };
const reachable = channels.filter(({ channel }) => channel.transport === 'http');
const editing = reachable.filter(({ channel }) => typeof channel.edit === 'function');

test('some change what was sent, some replace it by its key, and most can do neither', () => {
	const kinds = channels.map(({ channel }) => typeof channel.edit);
	expect(kinds.filter((kind) => kind === 'function').length).toBeGreaterThan(2);
	expect(kinds.filter((kind) => kind === 'string').length).toBeGreaterThan(2);
	expect(kinds.filter((kind) => kind === 'undefined').length).toBeGreaterThan(channels.length / 2);
});

test.each(channels)('$id has a place for it on its form where it can, in both hosts', ({ channel }) => {
	const can = channel.edit !== undefined;
	expect(channelProperties(channel).some(({ name }) => name === 'messageEdit')).toBe(can);
	const parts = formInN8n(channel, 'account').properties.find(({ name }) => name === 'parts')!.options!;
	expect(parts.some(({ name }) => name === 'edit')).toBe(can);
});

let server: Service | undefined;
afterEach(async () => {
	await closeConnections();
	await server?.close();
});

/** Sends through a service that takes everything. */
async function sender(id: string, channel: Channel) {
	let sampling = true;
	const own: Service = (server = await service((seen) => (sampling ? { status: 500 } : accepted(id, own.url, seen))));
	const { account, options } = await sampleOf(channel, placeOf(channel, '127.0.0.1', Number(new URL(own.url).port)));
	sampling = false;
	const earlier = memoryStore();
	return async (message: object): Promise<[Receipt, Seen[]]> => {
		forgetTokens();
		forgetTurns();
		own.requests.length = 0;
		const receipt = await deliver(
			channel,
			account,
			{ ...options, attempts: 1 },
			{ ...given, ...message },
			{
				clock: frozenClock(),
				earlier,
			},
		);
		return [receipt, [...own.requests]];
	};
}

const saying = (words: string, requests: readonly Seen[]) => requests.filter((seen) => told(seen).includes(words));
const place = ({ method, path }: Seen) => `${method} ${path}`;

test.each(editing)('$id changes what it sent', async ({ id, channel }) => {
	const send = await sender(id, channel);
	const [first, asked] = await send({ body: 'FFIRST' });
	expect(first.edited).toBeUndefined();
	const [then, changed] = await send({ body: 'SSECOND', edit: true });
	expect(then).toMatchObject({ edited: true, degraded: first.degraded, ids: first.ids, warnings: first.warnings });
	expect(then.handle).toEqual(first.handle);
	expect(saying('SSECOND', changed)).toHaveLength(1);
	// By another request than that which sends.
	expect(saying('SSECOND', changed).map(place)).not.toEqual(saying('FFIRST', asked).map(place));
	// Another key is another message, sent as ever.
	const [anew, sent] = await send({ body: 'TTHIRD', edit: true, key: 'k-2' });
	expect(anew.degraded).toContain('edit');
	expect(anew.warnings.length).toBe(first.warnings.length + 1);
	expect(saying('TTHIRD', sent).map(place)).toEqual(saying('FFIRST', asked).map(place));
});

test.each(editing)('$id sends anew where its service changes nothing', async ({ id, channel }) => {
	const unable: Channel = { ...channel, edit: async () => undefined };
	const other = await sender(id, unable);
	await other({ body: 'FFIRST' });
	const [receipt, requests] = await other({ body: 'SSECOND', edit: true });
	expect(receipt.degraded).toContain('edit');
	expect(saying('SSECOND', requests)).toHaveLength(1);
});

test.each(reachable.filter(({ channel }) => channel.edit === undefined))(
	'$id sends anew, and says so',
	async ({ id, channel }) => {
		const send = await sender(id, channel);
		const [first] = await send({ body: 'FFIRST' });
		expect(first.degraded).not.toContain('edit');
		const [receipt, requests] = await send({ body: 'SSECOND', edit: true });
		expect(saying('SSECOND', requests)).toHaveLength(1);
		expect(receipt.losses).toContainEqual({ kind: 'edit', part: 1, count: 1 });
		expect(receipt.warnings).toContainEqual(expect.stringContaining('cannot change what was sent'));
		expect(receipt.edited).toBeUndefined();
	},
);

test.each(reachable.filter(({ channel }) => channel.edit === 'byKey'))(
	'$id hands the key on, and needs one',
	async ({ id, channel }) => {
		const send = await sender(id, channel);
		const [receipt, requests] = await send({ body: 'SSECOND', edit: true });
		expect(receipt.degraded).not.toContain('edit');
		expect(saying('k-1', requests)).toHaveLength(1);
		expect((await send({ body: 'SSECOND', edit: true, key: undefined }))[0].degraded).toContain('edit');
	},
);
