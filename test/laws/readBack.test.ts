import { fc, runs as often } from '../property';
import type { Channel } from '../../src/core/define/channel';
import type { DialectSender, Sender } from '../../src/core/define/sender';
import { deliver } from '../../src/core/deliver/deliver';
import { forgetTurns } from '../../src/core/deliver/send/pace';
import { closeConnections } from '../../src/core/http/http';
import { isChannelError } from '../../src/core/base/errors';
import type { Attachment, Level, Message } from '../../src/core/message/message';
import { senders } from '../../src/services/senders';
import { webhookTrigger } from '../../src/services/webhook/webhook.trigger';
import { frozenClock } from '../refused';
import { placeOf, sampleOf } from '../sample';
import { service, type Answer, type Seen } from '../service';
import { receiving } from '../services/webhook/receiving';
import { png } from './fiftyMessages';
import { channels, forms } from './renderers';
import { firstMissing, meant, words } from './words';

/**
 * What a channel sends to its service, the trigger that stands in that service's place takes, answers as the service
 * does, and reads back. A channel and a dialect of the same id are a pair: whichever has both is held to this.
 */
const pairs = channels.flatMap(({ id, channel }) => {
	const sender = (senders as readonly Sender[]).find((one) => one.id === id);
	return sender?.dialect ? [{ id, channel, sender: sender as DialectSender }] : [];
});

const body = 'The *disk* is **full**: see [the list](https://example.com/a?b=1&c=2) and `df -h`';
const picture = { url: 'https://img.example.com/p_1.png?a=1&b=2' };
const bytes = { data: png, name: 'p.png', mime: 'image/png' };
const url = 'https://example.com/open?a=1&b=2';
const fields = [
	{ name: 'Host', value: 'nas', short: true },
	{ name: 'Free', value: '1 %', short: true },
];
const buttons = [
	{ text: 'Open', url: 'https://example.com/b' },
	{ text: 'Wiki & more', url: 'https://example.com/c?d=1&e=2' },
];
const signs = 'a_b * c <d> & [e] #f ~g~ `h` |i| > j *k* _l_ **m**';

const spread: readonly (readonly [string, Message])[] = [
	['a text', { body: 'The disk is full' }],
	['a text that begins with a link', { body: '[alpha](https://example.com/5) is **done**\n\nmore' }],
	['a long text', { body: `It is *done*: ${'line after line, '.repeat(12)}\n\nand an end` }],
	['Chinese', { title: '磁盘告警', body: '磁盘已满，请**立即**处理，*现在*' }],
	['Markdown', { title: 'Disk <nas> & more', body }],
	['signs', { title: 'a_b *c* [d] `e`', body: signs, format: 'text' }],
	// Lists look alike everywhere, written by hand or not.
	['signs at the start of lines', { title: 'T', body: '# a\n> b\n* c', format: 'text' }],
	['lists and a quotation', { title: 'T', body: '- one\n- two\n\n1. first\n2. second\n\n> quoted' }],
	['a table', { title: 'T', body: '| Host | Free |\n| --- | --- |\n| nas | 1 % |\n| pi | 2 % |' }],
	['code', { title: 'T', body: 'Log:\n\n```\na_b <c> & *d*\n  e\n```\n\nbehind it' }],
	['code with fences', { title: 'T', body: '````\n```\nx\n```\n````' }],
	['fields', { title: 'T', body: 'text', fields }],
	['fields of signs', { title: 'T', body: 'text', fields: [{ name: 'a_b: *c*', value: '<d> & _e_ [f](g)' }] }],
	['long fields', { title: 'T', body: 'text', fields: [{ name: 'Path', value: '/srv/media/films'.repeat(8) }] }],
	['a picture', { title: 'T', body: 'text', image: picture }],
	['a picture as bytes', { title: 'T', body: 'text', image: bytes }],
	['a link', { title: 'T', body: 'text', url }],
	['buttons', { title: 'T', body: 'text', url: 'https://example.com/b', buttons }],
	['everything', { title: 'Disk', body, url, fields, buttons, image: picture, level: 'failure' }],
];

const word = fc.constantFrom('alpha', 'Gamma', 'x1', '备份', 'naïve', 'done', 'a_b', 'C3');
const said = fc
	.array(
		fc.oneof(
			word,
			word.map((one) => `**${one}**`),
			word.map((one) => `*${one}*`),
			word.map((one) => `[${one}](https://example.com/${one.length})`),
			word.map((one) => `\`${one}\``),
			fc.constantFrom(String.raw`\*x\*`, String.raw`\_y\_`, '&', String.raw`\<z>`, '2 > 1', '#4', '@ann'),
		),
		{ minLength: 1, maxLength: 6 },
	)
	.map((parts) => parts.join(' '));
const messages: fc.Arbitrary<Message> = fc.record(
	{
		// A text that is but its title is told once.
		title: fc.constantFrom('Backup', '磁盘告警', 'R&D <nas>', 'a_b *c*'),
		body: fc.array(said, { minLength: 1, maxLength: 3 }).map((all) => all.join('\n\n')),
		url: fc.constant(url),
		image: fc.constant(picture),
		fields: fc.array(fc.record({ name: word, value: said.map((one) => one.replace(/[*`[\]()\\]/g, '')) }), {
			minLength: 1,
			maxLength: 3,
		}),
		buttons: fc.constantFrom(buttons, buttons.slice(1)),
	},
	{ requiredKeys: ['title', 'body'] },
);
const runs = often(10);

/** Every form of a message, and where links are written another way. */
const ways = (channel: Channel) =>
	[...forms(channel), ...('openIn' in channel.options ? [{ openIn: 'browser' }] : [])].map((form) => ({
		form,
		name: Object.values(form).join() || 'as it is',
	}));

/** Where the trigger is a server with topics of its own below it. */
const below: Readonly<Record<string, string>> = { ntfy: '/ntfy' };

const levels: readonly Level[] = ['info', 'success', 'warning', 'failure'];

/** The trigger where the service was. It holds the key that the first request has where the service wants it. */
async function standIn({ dialect }: DialectSender) {
	const read: Message[] = [];
	const refusals: unknown[] = [];
	let key: unknown;
	const server = await service(({ method, path, query, headers, body: data, json }): Answer => {
		const request = { method, path, query, headers: headers as Record<string, string>, body: data };
		key ??= [...dialect.keys(request), ...(dialect.keysInBody?.(json) ?? [])].find((one) => one && one !== 'push');
		const input = receiving(data, { account: { key }, contentType: '', request });
		try {
			webhookTrigger.authorize?.(input);
			const { events, reply } = webhookTrigger.receive!(input);
			read.push(...events.map(({ message }) => message!));
			return { status: reply?.status, headers: reply?.headers, body: reply?.body ?? '' };
		} catch (thrown) {
			refusals.push(thrown);
			return { status: 400 };
		}
	});
	return { ...server, read, refusals };
}

/** Of all that came of one sending: files and pictures may come in requests of their own. */
function joined(read: readonly Message[]): Message {
	const [first, ...more] = read;
	if (!first) throw new Error('Nothing came of it');
	const files = more.flatMap(({ image, attachments = [] }) => [...(image ? [image] : []), ...attachments]);
	const image = first.image ?? files.shift();
	return {
		...first,
		body: [first.body, ...more.map((one) => one.body)].filter(Boolean).join('\n\n'),
		...(image && { image }),
		attachments: [...(first.attachments ?? []), ...files],
	};
}

const addressOf = (file: Attachment | undefined) => (file && 'url' in file ? file.url : undefined);
const pairsOf = ({ fields: given = [] }: Message) => given.map(({ name, value }) => [name, value]);
const partsOf = ({ title, body: text, url: link, image, fields: given, buttons: some, level }: Message) => ({
	...{ title, text, link, image, given, some, level },
});

/** All that a reader sees of it. */
const shown = ({ title = '', body: text, fields: given = [], buttons: some = [] }: Message) =>
	[title, text, ...given.flatMap(({ name, value }) => [name, value]), ...some.map((one) => one.text)].join('\n');

/** What a request says, mark-up and addresses included; not how it is laid out, and nothing that is drawn for it. */
function saidIn({ path, json, body: data }: Seen): string {
	const said_: string[] = [path];
	const walk = (value: unknown, name = ''): void => {
		if (/^(?:tag|timestamp|sign|id|media_id|sequence_id)$/.test(name)) return;
		if (typeof value === 'object' && value !== null) for (const [key, one] of Object.entries(value)) walk(one, key);
		else said_.push(String(value));
	};
	walk(json ?? data.toString('latin1').replace(/-{2,}[-\w]+/g, '--'));
	return said_.join('').replace(/\s+/g, '');
}

describe.each(pairs)('$id', ({ channel, sender }) => {
	let server: Awaited<ReturnType<typeof standIn>>;
	let account: Record<string, unknown>;
	let options: Record<string, unknown>;

	beforeAll(async () => {
		server = await standIn(sender);
		const place = placeOf(channel, '127.0.0.1', Number(new URL(server.url).port));
		if (below[sender.id]) place.baseUrl = `${String(place.baseUrl)}${below[sender.id]}`;
		({ account, options } = await sampleOf(channel, place));
		// A whole address, as the form shows it: what it leaves out is the key.
		for (const [name, value] of Object.entries(account))
			if (typeof value === 'string' && value.endsWith('/…')) account[name] = value.replace('…', 'T0/B0/k3y');
	});
	afterAll(async () => {
		await closeConnections();
		await server.close();
	});

	/** What came of it; nothing where the form wants what the message has not. */
	async function through(message: Message, form: Record<string, string>) {
		forgetTurns();
		server.requests.length = server.read.length = server.refusals.length = 0;
		const given = { ...options, ...form, attempts: 1 };
		try {
			const receipt = await deliver(channel, account, given, message, { clock: frozenClock() });
			return { receipt, requests: server.requests.map(saidIn), read: joined(server.read) };
		} catch (error) {
			if (isChannelError(error) && error.class === 'Invalid') return undefined;
			throw server.refusals[0] ?? error;
		}
	}

	/** Every part that the channel says it shows is one again, every word is there, and sent on it is the same. */
	async function holds(message: Message, form: Record<string, string>): Promise<boolean> {
		const sent = await through(message, form);
		if (!sent) return false;
		const { read, receipt, requests } = sent;
		const native = channel.renders({
			options: { ...defaults(channel), ...options, ...form } as never,
			account: { language: 'en', ...account } as never,
			message,
		});
		const has = (part: keyof typeof native, kind: string) => native[part] && !receipt.degraded.includes(kind);
		// A message that is but a title has it for its text.
		if (message.title && has('title', 'title')) expect([read.title, read.body]).toContain(message.title);
		// What a service shows as a button is one.
		if (message.url && has('url', 'url'))
			expect([read.url, ...(read.buttons ?? []).map((one) => one.url)]).toContain(message.url);
		if (has('image', 'image') && native.image === 'url' && addressOf(message.image))
			expect(addressOf(read.image)).toBe(addressOf(message.image));
		if (has('image', 'image') && native.image === 'bytes' && message.image && 'data' in message.image)
			expect(read.image).toMatchObject({ data: new Uint8Array(message.image.data) });
		if (message.fields && has('fields', 'fields')) expect(pairsOf(read)).toEqual(pairsOf(message));
		for (const one of message.buttons ?? [])
			if (has('buttons', 'buttons')) expect(read.buttons).toContainEqual(expect.objectContaining(one));
		if (!receipt.degraded.some((kind) => kind === 'text' || kind === 'cut'))
			expect(
				firstMissing(
					[...words(message.title ?? ''), ...meant(message.body, message.format ?? 'markdown')],
					shown(read),
				),
			).toBeUndefined();
		const again = await through(read, form);
		expect(partsOf(again!.read)).toEqual(partsOf(read));
		// The title of a plain text is no Markdown, and what was read is.
		if (message.format !== 'text') expect(again!.requests).toEqual(requests);
		return true;
	}

	test.each(ways(channel))('$name', async ({ form }) => {
		for (const [name, message] of spread)
			await holds(message, form).catch((error: unknown) => {
				throw new Error(`${name}: ${(error as Error).message}`, { cause: error });
			});
		const property = fc.asyncProperty(messages, async (message) => void (await holds(message, form)));
		await fc.assert(property, { numRuns: runs });
	});

	test('there is a form that takes a plain message', async () => {
		expect(await holds({ title: 'T', body: 'text' }, {})).toBe(true);
	});

	test('levels, as far as the service tells them apart', async () => {
		const without = (await through({ title: 'T', body: 'text' }, {}))!.requests.join();
		const found = new Map<Level, { asked: string; read?: Level }>();
		for (const level of levels) {
			const { requests, read } = (await through({ title: 'T', body: 'text', level }, {}))!;
			found.set(level, { asked: requests.join(), read: read.level });
		}
		for (const [level, { asked, read }] of found) {
			const alike = [...found].filter(([, other]) => other.asked === asked);
			if (alike.length === 1 && asked !== without) expect([level, read]).toEqual([level, level]);
		}
	});
});

test('there are pairs', () => {
	expect(pairs.map(({ id }) => id)).toEqual(
		expect.arrayContaining(['bark', 'dingtalk', 'feishuRobot', 'serverChan', 'slackWebhook', 'wecomRobot']),
	);
});

function defaults({ options }: Channel) {
	return Object.fromEntries(
		Object.entries(options).map(([key, { default: value, kind }]) => [
			key,
			value ?? (/^(list|secrets|choices|rows)$/.test(kind) ? [] : undefined),
		]),
	);
}
