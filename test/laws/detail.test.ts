import { definitions } from '../../scripts/definitions';
import type { Channel } from '../../src/core/define/channel';
import { deliver, type Receipt } from '../../src/core/deliver/deliver';
import { closeConnections } from '../../src/core/http/http';
import { forgetTurns } from '../../src/core/deliver/send/pace';
import { forgetTokens } from '../../src/core/deliver/send/token';
import { yes } from '../answers';
import { frozenClock } from '../refused';
import { placeOf, sampleOf } from '../sample';
import { service, type Seen, type Service } from '../service';

const channels = definitions().flatMap(({ id, definition }) =>
	definition.type === 'channel' && (definition as Channel).transport === 'http'
		? [{ id, channel: definition as Channel }]
		: [],
);

const long = (size: number) => 'n'.repeat(size);
const nothing = [undefined, null, '', []];

/** Of each part of a message: what cannot be used of it, and what is only too much. */
const broken: Readonly<Record<string, { wrong: unknown[]; much?: unknown[] }>> = {
	title: { wrong: [{}, ['a'], { text: 'a' }], much: [long(20_000), 'a\n\x1b[31mb\x07c', 0, true] },
	type: { wrong: [{}] },
	level: { wrong: ['loud', 7, {}, true] },
	format: { wrong: ['rtf', 7, {}] },
	url: { wrong: [{}, { href: 1 }] },
	image: {
		wrong: [
			{},
			{ url: null },
			{ url: '' },
			7,
			true,
			{ url: 5 },
			{ data: '' },
			'no address',
			'ftp://e.com/a',
			'http://',
		],
		much: [
			{ url: 'http://127.0.0.1:1/private.png' },
			{ binary: 'missing' },
			{ data: 'AA==', name: `../${long(5_000)}\n.png` },
		],
	},
	fields: { wrong: ['no', 7, [{}]], much: [[null], { [long(3_000)]: long(3_000) }] },
	buttons: {
		wrong: ['no', 7, [{}], [7], [{ text: {} }], [{ text: 'a', url: {} }]],
		much: [
			[{ text: long(3_000), url: 'https://e.com' }],
			Array.from({ length: 300 }, (_, at) => ({ text: `b${at}`, value: long(300) })),
		],
	},
	attachments: {
		wrong: [7, [{}], [7], ['no address'], { url: 5 }],
		much: [
			[null],
			[{ data: 'AAAAAAAAAAA=', name: '..' }],
			[{ url: 'http://127.0.0.1:1/x' }],
			[{ binary: 'missing' }],
		],
	},
	mentions: { wrong: [{}, [{}]], much: [[null], long(500)] },
	key: { wrong: [{}], much: [long(5_000)] },
	time: { wrong: [{}, new Date(NaN)], much: ['not a time', 0] },
	to: { wrong: [{}] },
	edit: { wrong: ['perhaps', 2, {}], much: ['yes', 'off', 1] },
	silent: { wrong: ['loud', 2, {}], much: ['yes', 'off', 1] },
};

/** Beside a file the words may stand in headers. */
const told = ({ path, query, form, headers, body }: Seen): string =>
	[path, ...Object.values(query), ...Object.values(form), ...Object.values(headers), body.toString()].join('\n');

let server: Service;
let sampling = true;
let good: NonNullable<(typeof yes)[string]>['answer'];
afterEach(async () => {
	await closeConnections();
	await server.close();
});

test.each(channels)(
	'$id sends the text whatever a detail is',
	async ({ id, channel }) => {
		sampling = true;
		good = yes[id]?.answer ?? (() => ({ body: { ok: true } }));
		server = await service((seen) => (sampling ? { status: 500 } : good(seen)));
		const { port } = new URL(server.url);
		const { account, options } = await sampleOf(channel, placeOf(channel, '127.0.0.1', Number(port)));
		sampling = false;
		const faults: unknown[] = [];
		const send = async (part: string, value: unknown, mustTell: boolean) => {
			forgetTokens();
			forgetTurns();
			server.requests.length = 0;
			const message = { body: 'BBODY', title: 'TTITLE', [part]: value };
			const what = [part, typeof value === 'string' ? value.slice(0, 20) : value];
			let receipt: Receipt;
			try {
				receipt = await deliver(channel, account, { ...options, attempts: 1 }, message, {
					clock: frozenClock(),
				});
			} catch (error) {
				faults.push([...what, (error as Error).message]);
				return;
			}
			if (!server.requests.some((seen) => told(seen).includes('BBODY'))) faults.push([...what, 'no text']);
			const names = receipt.degraded.includes(part) || receipt.warnings.some((warning) => warning.includes(part));
			if (mustTell && !names) faults.push([...what, 'is not told', receipt.degraded, receipt.warnings]);
		};
		for (const [part, { wrong, much = [] }] of Object.entries(broken)) {
			for (const value of nothing) if (part !== 'title' || value !== undefined) await send(part, value, false);
			for (const value of wrong) await send(part, value, true);
			for (const value of much) await send(part, value, false);
		}
		expect(faults).toEqual([]);
	},
	120_000,
);
