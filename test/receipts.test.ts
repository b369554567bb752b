import { definitions } from '../scripts/definitions';
import type { Channel } from '../src/core/define/channel';
import { deliver, type Receipt } from '../src/core/deliver/deliver';
import { isChannelError } from '../src/core/base/errors';
import { closeConnections } from '../src/core/http/http';
import { forgetTurns } from '../src/core/deliver/send/pace';
import { forgetTokens } from '../src/core/deliver/send/token';
import { accepted, told } from './accepting';
import { frozenClock } from './refused';
import { placeOf, sampleOf } from './sample';
import { service, type Seen } from './service';

const channels = definitions().flatMap(({ id, definition }) =>
	definition.type === 'channel' && (definition as Channel).transport === 'http'
		? [{ id, channel: definition as Channel }]
		: [],
);

/** What each mark in the message below is called in a receipt where it did not get across. */
const losses: Readonly<Record<string, readonly string[]>> = {
	TTITLE: ['title', 'text'],
	BBODY: ['text'],
	UURL: ['url'],
	IIMAGE: ['image'],
	FNAME: ['fields'],
	FVALUE: ['fields'],
	LBUTTON: ['buttons'],
	LADDRESS: ['buttons'],
	VBUTTON: ['buttons'],
	VVALUE: ['buttons'],
	ATTACHED: ['attachments'],
	MENTIONED: ['mentions'],
};

const message = {
	title: 'TTITLE',
	body: 'BBODY **bold**',
	level: 'failure',
	url: 'https://example.com/UURL',
	image: { name: 'poster.png', mime: 'image/png', data: Buffer.from('\x89PNG\r\n\x1a\nIIMAGE', 'latin1') },
	fields: [{ name: 'FNAME', value: 'FVALUE' }],
	buttons: [
		{ text: 'LBUTTON', url: 'https://example.com/LADDRESS' },
		{ text: 'VBUTTON', value: 'VVALUE' },
	],
	attachments: [{ name: 'notes.txt', mime: 'text/plain', data: Buffer.from('ATTACHED') }],
	mentions: ['MENTIONED', '@all'],
};

/** Of each choice that makes another message of it: every value. */
const forms = ({ options }: Channel): Record<string, string>[] => [
	{},
	...Object.entries(options)
		.filter(([key, { kind }]) => kind === 'choice' && /^(kind|content|contentType|format|bodyType)$/.test(key))
		.flatMap(([key, { options: values }]) => Object.keys(values ?? {}).map((value) => ({ [key]: value }))),
];

describe.each(channels)('$id', ({ id, channel }) => {
	test('names in its receipt whatever did not get across', async () => {
		let sampling = true;
		const server = await service((seen) => (sampling ? { status: 500 } : accepted(id, server.url, seen)));
		try {
			const { port } = new URL(server.url);
			const { account, options } = await sampleOf(channel, placeOf(channel, '127.0.0.1', Number(port)));
			sampling = false;
			let sent = 0;
			for (const form of forms(channel)) {
				forgetTokens();
				forgetTurns();
				server.requests.length = 0;
				const receipt = await deliver(channel, account, { ...options, ...form, attempts: 1 }, message, {
					clock: frozenClock(),
				}).catch((error: unknown) => {
					// Some forms want what this message has not.
					if (isChannelError(error) && error.class === 'Invalid') return undefined;
					throw error;
				});
				if (!receipt) continue;
				sent++;
				expect([form, silent(receipt, server.requests)]).toEqual([form, []]);
			}
			expect(sent).toBeGreaterThan(0);
			const elsewhere = { body: 'x', to: 'somebody-else' };
			const { warnings } = await deliver(channel, account, options, elsewhere, { clock: frozenClock() });
			const isPassedOn = channel.target?.passedOn === true;
			expect(warnings.filter((each) => each.includes('“to”'))).toHaveLength(isPassedOn ? 0 : 1);
		} finally {
			await closeConnections();
			await server.close();
		}
	});
});

function silent({ degraded }: Receipt, requests: readonly Seen[]): string[] {
	const all = requests.map(told).join('\n');
	return Object.entries(losses).flatMap(([mark, names]) =>
		all.includes(mark) || names.some((name) => degraded.includes(name)) ? [] : [mark],
	);
}
