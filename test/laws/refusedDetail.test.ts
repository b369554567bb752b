import { definitions } from '../../scripts/definitions';
import type { Channel } from '../../src/core/define/channel';
import { deliver } from '../../src/core/deliver/deliver';
import { forgetTurns } from '../../src/core/deliver/send/pace';
import { forgetTokens } from '../../src/core/deliver/send/token';
import { closeConnections } from '../../src/core/http/http';
import { accepted, told } from '../accepting';
import { names as leadNowhere } from '../names';
import { frozenClock } from '../refused';
import { placeOf, sampleOf } from '../sample';
import { service, type Answer, type Seen, type Service } from '../service';
import { no } from './no';

const channels = definitions().flatMap(({ id, definition }) =>
	definition.type === 'channel' && (definition as Channel).transport === 'http'
		? [{ id, channel: definition as Channel }]
		: [],
);

const png = Buffer.from(
	'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
	'base64',
);

/** Each part that goes beside a text, and by which of these names a receipt may tell that it was left out. */
const parts: Readonly<Record<string, { message: object; names: readonly string[]; leadsTo?: string }>> = {
	image: { message: { image: { data: png, name: 'p.png' } }, names: ['image'] },
	'image by address': {
		message: { image: { url: 'https://example.com/p.png' } },
		names: ['image'],
		leadsTo: 'https://example.com/p.png',
	},
	'image that was fetched': {
		message: { image: { url: 'https://example.com/fetched.png' } },
		names: ['image'],
		leadsTo: 'https://example.com/fetched.png',
	},
	button: {
		message: { buttons: [{ text: 'Open', url: 'https://example.com/b' }] },
		names: ['buttons'],
		leadsTo: 'https://example.com/b',
	},
	'button with a value': { message: { buttons: [{ text: 'Yes', value: 'y' }] }, names: ['buttons'] },
	fields: { message: { fields: [{ name: 'Host', value: 'nas' }] }, names: ['fields'] },
	mention: { message: { mentions: ['10001'] }, names: ['mentions'] },
	'mention of all': { message: { mentions: ['@all'] }, names: ['mentions'] },
	attachment: { message: { attachments: [{ data: Buffer.from('x'), name: 'x.txt' }] }, names: ['attachments'] },
	level: { message: { level: 'failure' }, names: ['level'] },
	silence: { message: { silent: true }, names: ['silent'] },
	link: { message: { url: 'https://example.com/l' }, names: ['url'], leadsTo: 'https://example.com/l' },
	format: {
		message: { body: 'BBODY **bold** [a](https://example.com/a)', format: 'markdown' },
		names: ['markup', 'format'],
	},
};

/** What a request is made of, whatever it says. */
function shapeOf({ method, path, query, json, form, headers, body }: Seen): string {
	const type = (headers['content-type'] ?? '').split(';')[0];
	const keys = (value: unknown, at = ''): string[] =>
		typeof value === 'object' && value !== null
			? Object.entries(value).flatMap(([key, inner]) => keys(inner, `${at}.${key}`))
			: [at];
	const names = type?.startsWith('multipart/')
		? [...body.toString('latin1').matchAll(/name="([^"]*)"/g)].map(([, name]) => name!)
		: json !== undefined
			? keys(json)
			: type?.includes('urlencoded')
				? Object.entries(form).flatMap(([key, value]) => keys(parsed(value), key))
				: [];
	return JSON.stringify([method, path, type, Object.keys(query).sort(), names.sort()]);
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return text;
	}
}

leadNowhere({});
// Names lead nowhere here, so that what would be fetched from one is at hand.
jest.mock('../../src/core/deliver/obtain/fetching', (): object => {
	const actual = jest.requireActual<typeof import('../../src/core/deliver/obtain/fetching')>(
		'../../src/core/deliver/obtain/fetching',
	);
	const fetchFile: typeof actual.fetchFile = (url, ...rest) =>
		url.endsWith('fetched.png')
			? Promise.resolve({ url, mime: 'image/png', data: png })
			: actual.fetchFile(url, ...rest);
	return { ...actual, fetchFile };
});
let server: Service;
afterEach(async () => {
	await closeConnections();
	await server.close();
});

test.each(channels)(
	'$id sends the text once where its service refuses a detail',
	async ({ id, channel }) => {
		let judge: (seen: Seen) => Answer = () => ({ status: 500 });
		let taken: Seen[] = [];
		server = await service((seen) => {
			const answer = judge(seen);
			if (answer !== no[id]) taken.push(seen);
			return answer;
		});
		const place = placeOf(channel, '127.0.0.1', Number(new URL(server.url).port));
		const { account, options } = await sampleOf(channel, place);
		const send = (message: object) => {
			forgetTokens();
			forgetTurns();
			[taken, server.requests.length] = [[], 0];
			const given = { ...options, attempts: 1 };
			return deliver(channel, account, given, { body: 'BBODY', ...message }, { clock: frozenClock() });
		};
		judge = (seen) => accepted(id, server.url, seen);
		await send({ format: 'text' });
		const known = new Set(server.requests.map(shapeOf));
		const faults: unknown[] = [];
		let refused = 0;
		for (const [name, { message, names, leadsTo }] of Object.entries(parts)) {
			const fault = (...why: unknown[]) => faults.push([name, ...why]);
			// What nobody asks for who has only a text to send is what the service refuses.
			judge = (seen) => accepted(id, server.url, seen);
			await send(message);
			const asked = new Set(server.requests.map(shapeOf).filter((shape) => !known.has(shape)));
			judge = (seen) => (asked.has(shapeOf(seen)) ? no[id]! : accepted(id, server.url, seen));
			try {
				const receipt = await send(message);
				const texts = taken.filter((seen) => told(seen).includes('BBODY'));
				if (texts.length !== 1) fault('text taken', texts.length, 'times');
				if (taken.length === server.requests.length) continue;
				refused++;
				if (!receipt.degraded.some((each) => names.includes(each))) fault('not named', receipt.degraded);
				if (receipt.warnings.length === 0) fault('no sentence says why');
				// What a button or picture leads to stays within reach.
				if (leadsTo && !verbatim.has(id) && !taken.some((seen) => told(seen).includes(leadsTo)))
					fault('leads nowhere');
			} catch (error) {
				fault((error as Error).message);
			}
		}
		expect(faults).toEqual([]);
		// A service that takes no details at all has nothing to refuse.
		expect([id, refused > 0]).toEqual([id, !plain.has(id)]);

		// The reason is not a detail: the text is refused too, and asked for once more at most.
		judge = () => no[id]!;
		const error = await send(parts.button!.message).then(
			() => undefined,
			(thrown: Error) => thrown,
		);
		expect(error?.message).toMatch(/new.reason|99999|99_999/i);
		expect(server.requests.filter((seen) => told(seen).includes('BBODY')).length).toBeLessThanOrEqual(2);
	},
	60_000,
);

const page = { body: '<html><title>404 Not Found</title></html>', headers: { 'content-type': 'text/html' } };
/** What stands before a service says of a way that it does not pass, or that is broken. */
const closed: readonly Answer[] = [
	{ status: 404, ...page },
	{ status: 404, body: { detail: 'Not Found' } },
	...[403, 405, 413, 415, 500, 501, 502, 503].map((status) => ({ status, ...page })),
	...[405, 413, 500].map((status) => ({ status, body: '' })),
];
const media = {
	image: [parts.image!],
	attachments: [parts.attachment!],
	'image and attachments': [parts.image!, parts.attachment!],
};
/** The request's way, and what kind of body goes there. */
const wayOf = ({ method, path, headers }: Seen) => [method, path, headers['content-type']?.split(';')[0]].join(' ');

test.each(channels)(
	'$id sends the text once where pictures and files have no way',
	async ({ id, channel }) => {
		let judge: (seen: Seen) => Answer | undefined = () => ({ status: 500 });
		let taken: Seen[] = [];
		server = await service((seen) => {
			const answer = judge(seen);
			if (!answer) taken.push(seen);
			return answer ?? accepted(id, server.url, seen);
		});
		const place = placeOf(channel, '127.0.0.1', Number(new URL(server.url).port));
		const { account, options } = await sampleOf(channel, place);
		const send = (message: object, attempts = 1) => {
			forgetTokens();
			forgetTurns();
			[taken, server.requests.length] = [[], 0];
			const given = { ...options, attempts };
			return deliver(channel, account, given, { body: 'BBODY', ...message }, { clock: frozenClock() });
		};
		judge = () => undefined;
		await send({});
		const known = new Set(server.requests.map(wayOf));
		const faults: unknown[] = [];
		for (const [name, given] of Object.entries(media)) {
			const message = Object.assign({}, ...given.map((each) => each.message)) as object;
			judge = () => undefined;
			await send(message);
			const ways = new Set(server.requests.map(wayOf).filter((way) => !known.has(way)));
			if (ways.size === 0) continue;
			for (const answer of closed) {
				judge = (seen) => (ways.has(wayOf(seen)) ? answer : undefined);
				const fault = (...why: unknown[]) => faults.push([name, answer.status, ...why]);
				try {
					const receipt = await send(message, answer.status! % 2 === 0 ? 1 : 2);
					const texts = taken.filter((seen) => told(seen).includes('BBODY'));
					if (texts.length !== 1) fault('text taken', texts.length, 'times');
					if (!/image|attachments/.test(receipt.degraded.join())) fault('not named', receipt.degraded);
					if (receipt.warnings.length === 0) fault('no sentence says why');
				} catch (error) {
					fault((error as Error).message);
				}
			}
			// Where all of it is down that is what is told, and soon.
			judge = () => ({ status: 502, ...page });
			await expect(send(message)).rejects.toMatchObject({ class: 'Unreachable' });
			expect(server.requests.length).toBeLessThanOrEqual(2 + given.length);
		}
		expect(faults).toEqual([]);
	},
	60_000,
);

/** Sends the text as it was given. */
const verbatim: ReadonlySet<string> = new Set(['webhook']);
const plain: ReadonlySet<string> = new Set(['pushPlus', 'qmsg', 'serverChan', 'sre24', 'xxtui']);

test('every channel has a way to say no', () => {
	expect(channels.map(({ id }) => id).filter((id) => !(id in no))).toEqual([]);
});
