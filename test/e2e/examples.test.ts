import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { recipes } from '../../scripts/examples/recipes';
import { startInbox, type Delivery, type Inbox } from '../../scripts/start/inbox';
import { startNodeRed } from '../../scripts/start/node-red';
import type { Started } from '../../scripts/start/main';
import { service, type Answer, type Service } from '../service';
import { BotApi, botToken } from '../services/telegram/botApi';
import { until } from '../core/sockets/connected';

const root = join(__dirname, '../..');
const examples = join(root, 'examples');
const hostFolder = execFileSync(process.execPath, [join(root, 'scripts/setup.mjs'), 'node-red'], {
	encoding: 'utf8',
}).trim();

/** Those that are talked with; the others ring. */
const chat = 'latest-additions.json';
const triggers = 'triggers.json';
/** Whose service is down for a while. */
const outage = 'outage.json';

const nodesOf = (file: string) =>
	JSON.parse(readFileSync(join(examples, 'node-red', file), 'utf8')) as { id: string; type: string }[];
const injects = (file: string) =>
	nodesOf(file)
		.filter(({ type }) => type === 'inject')
		.map(({ id }) => id);

/** Each example: what sets it off, and what has to arrive. */
const runs: Record<string, { fire(started: Started): Promise<unknown>; arrives: Delivery['channel'][]; says: string }> =
	{
		'media-server.json': {
			fire: ({ webhook }) => playPlex(webhook),
			arrives: ['bark', 'email', 'webhook'],
			says: 'The Bell Ringer',
		},
		'channels.json': {
			fire: async ({ editor }) => {
				for (const id of injects('channels.json')) await fetch(`${editor}/inject/${id}`, { method: 'POST' });
			},
			arrives: ['bark', 'email', 'webhook'],
			says: 'One message',
		},
		'watch-a-command.json': {
			fire: ({ editor }) => fetch(`${editor}/inject/c0a2000000000002`, { method: 'POST' }),
			arrives: ['bark'],
			says: 'The disk was checked',
		},
	};

async function playPlex(webhook: string): Promise<void> {
	const form = new FormData();
	form.append('payload', readFileSync(join(examples, 'events/plex-library-new.json'), 'utf8'));
	form.append(
		'thumb',
		new File([readFileSync(join(examples, 'events/poster.jpg'))], 'thumb.jpg', { type: 'image/jpeg' }),
	);
	const reply = await fetch(webhook, { method: 'POST', body: form });
	expect([reply.status, await reply.text()]).toEqual([200, expect.any(String)]);
}

test('every example is run', () => {
	// Those of flow nodes with a clock of the test's: test/scripts/recipes.test.ts.
	const ofFlowNodes = recipes.map(({ file }) => `${file}.json`);
	expect(readdirSync(join(examples, 'node-red')).sort()).toEqual(
		[...Object.keys(runs), ...ofFlowNodes, chat, outage, triggers].sort(),
	);
	// n8n's: the one that `npm start -- n8n` starts from in test/e2e/start.test.ts, the others in test/e2e/n8n/examples.test.ts.
	expect(readdirSync(join(examples, 'n8n')).sort()).toEqual(
		['channels.json', ...ofFlowNodes, chat, 'media-server.json', outage, triggers].sort(),
	);
});

/** Whether the host knows each node of an example. */
async function unknownTypes({ editor }: Started, file: string): Promise<string[]> {
	const sets = (await (await fetch(`${editor}/nodes`, { headers: { accept: 'application/json' } })).json()) as {
		types: string[];
	}[];
	const known = new Set(sets.flatMap(({ types }) => types));
	return nodesOf(file)
		.map(({ type }) => type)
		.filter((type) => !['tab', 'group'].includes(type) && !known.has(type));
}

describe.each(Object.entries(runs))('examples/node-red/%s', (file, { fire, arrives, says }) => {
	const folder = mkdtempSync(join(tmpdir(), 'carillon-example-'));
	let inbox: Inbox;
	let started: Started;

	beforeAll(async () => {
		inbox = await startInbox({ http: 0, smtp: 0 });
		const signal = new AbortController().signal;
		started = await startNodeRed({ folder, hostFolder, inbox, signal, port: 0 }, `examples/node-red/${file}`);
	}, 120_000);

	afterAll(async () => {
		await started?.stop();
		await inbox?.close();
		rmSync(folder, { recursive: true, force: true });
	}, 30_000);

	test('knows all of its nodes', async () => {
		expect(await unknownTypes(started, file)).toEqual([]);
	});

	test('delivers to each of its channels, once', async () => {
		await fire(started);
		const until = Date.now() + 20_000;
		while (inbox.deliveries.length < arrives.length && Date.now() < until) await sleep(50);
		// Whatever is there too often comes at once.
		await sleep(300);
		expect(inbox.deliveries.map(({ channel }) => channel).sort()).toEqual(arrives);
		for (const { title, text } of inbox.deliveries) expect(`${title}\n${text}`).toContain(says);
	}, 40_000);
});

describe.each([chat, triggers])('examples/node-red/%s', (file) => {
	const folder = mkdtempSync(join(tmpdir(), 'carillon-example-'));
	let inbox: Inbox;
	let api: BotApi;
	let started: Started;

	beforeAll(async () => {
		[inbox, api] = [await startInbox({ http: 0, smtp: 0 }), await new BotApi().up()];
		const signal = new AbortController().signal;
		started = await startNodeRed({ folder, hostFolder, inbox, signal, port: 0 }, `examples/node-red/${file}`, {
			'carillon-telegram-account': { fields: { baseUrl: api.url }, secrets: { botToken } },
		});
		await until(() => api.waiting === 1);
	}, 120_000);

	afterAll(async () => {
		await started?.stop();
		await api?.down();
		await inbox?.close();
		rmSync(folder, { recursive: true, force: true });
	}, 30_000);

	let messages = 0;
	function say(text: string, from: number): void {
		const who = { id: from, is_bot: false, first_name: 'Ann' };
		const date = Math.floor(Date.now() / 1000);
		api.tell({ message: { message_id: ++messages, date, from: who, chat: { id: from, type: 'private' }, text } });
	}
	/** @returns the answer */
	async function ask(text: string, from: number): Promise<{ chat_id: unknown; text: string }> {
		const before = api.called('sendMessage').length;
		say(text, from);
		await until(() => api.called('sendMessage').length > before);
		return api.called('sendMessage').at(-1);
	}
	const add = async (title: string) => {
		const body = JSON.stringify({ event: 'library.new', Metadata: { type: 'movie', title, ratingKey: title } });
		const form = new FormData();
		form.append('payload', body);
		const reply = await fetch(`${started.editor}/carillon/additions?apiKey=try-out`, {
			method: 'POST',
			body: form,
		});
		expect([reply.status, await reply.text()]).toEqual([200, '{"ok":true}']);
	};

	test('knows all of its nodes', async () => {
		expect(await unknownTypes(started, file)).toEqual([]);
	});

	if (file === triggers) {
		test('/ping is answered in the chat where it was written, other words are not', async () => {
			for (const words of ['hello', '/pong']) say(words, 42);
			const answer = await ask('/ping', 42);
			expect([String(answer.chat_id), answer.text]).toEqual(['42', 'pong']);
			expect(api.called('sendMessage')).toHaveLength(1);
		}, 20_000);
		return;
	}

	test('/last is answered with the latest additions, in the chat where it was asked', async () => {
		await until(() => api.called('setMyCommands').length > 0);
		expect(api.called('setMyCommands')[0]).toMatchObject({
			commands: [{ command: 'last', description: 'Latest additions' }],
		});
		expect(await ask('/last', 42)).toMatchObject({ text: expect.stringContaining('Nothing was added') });
		for (const title of ['Rope', 'Vertigo', 'Psycho', 'Marnie', 'Frenzy', 'The Birds']) await add(title);
		const latest = await ask('/last', 42);
		expect(String(latest.chat_id)).toBe('42');
		expect(latest.text.split('\n')).toEqual(
			['The Birds', 'Frenzy', 'Marnie', 'Psycho', 'Vertigo'].map((title, index) =>
				expect.stringMatching(new RegExp(`^${index + 1}\\. .*${title}$`)),
			),
		);
		const two = await ask('/last 2', -1001);
		expect([String(two.chat_id), two.text.split('\n').length]).toEqual(['-1001', 2]);
		expect((await ask('/last 99', 42)).text.split('\n')).toHaveLength(6);
	}, 40_000);

	test('other words go unanswered', async () => {
		const before = api.called('sendMessage').length;
		for (const words of ['hello', '/first']) say(words, 42);
		expect((await ask('/last 1', 42)).text).toContain('The Birds');
		expect(api.called('sendMessage')).toHaveLength(before + 1);
	}, 20_000);
});

describe(`examples/node-red/${outage}`, () => {
	const folder = mkdtempSync(join(tmpdir(), 'carillon-example-'));
	const taken: Answer = { body: { code: 200, message: 'success', timestamp: 1 } };
	const refused: Answer = { status: 400, body: { code: 400, message: 'bad sound' } };
	let answer: (body: string) => Answer;
	let receiver: Service;
	let inbox: Inbox;
	let started: Started;

	beforeAll(async () => {
		receiver = await service(({ json }) => answer((json as { body: string }).body));
		inbox = await startInbox({ http: 0, smtp: 0 });
		const signal = new AbortController().signal;
		started = await startNodeRed({ folder, hostFolder, inbox, signal, port: 0 }, `examples/node-red/${outage}`, {
			'carillon-bark-account': { fields: { baseUrl: receiver.url }, secrets: { deviceKeys: 'try-out' } },
		});
	}, 120_000);

	afterAll(async () => {
		await started?.stop();
		await inbox?.close();
		await receiver?.close();
		rmSync(folder, { recursive: true, force: true });
	}, 30_000);

	/** Until the sidebar says so of the Outbox. */
	async function counted(wanted: Record<string, number>): Promise<void> {
		const end = Date.now() + 120_000;
		for (;;) {
			const reply = await fetch(`${started.editor}/carillon-editor/outbox/keepers`, {
				method: 'POST',
				headers: { 'content-type': 'application/json' },
				body: '{}',
			});
			const { keepers } = (await reply.json()) as { keepers: { counts: Record<string, number> }[] };
			const { counts } = keepers[0]!;
			if (Object.entries(wanted).every(([which, count]) => counts[which] === count)) return;
			if (Date.now() > end) return expect(counts).toMatchObject(wanted);
			await sleep(200);
		}
	}
	const tell = async (text: string) => {
		const reply = await fetch(`${started.editor}/carillon/outage?apiKey=try-out`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ text }),
		});
		expect(reply.status).toBe(200);
	};

	test('knows all of its nodes', async () => {
		expect(await unknownTypes(started, outage)).toEqual([]);
	});

	test('what comes while the service is down is kept, and delivered once it is up: each once, in order', async () => {
		const sent = ['one', 'two', 'three', 'four'];
		const delivered: string[] = [];
		answer = () => ({ status: 503, body: 'closed' });
		for (const text of sent) await tell(text);
		// The channel's own tries are over: all of them wait for better times.
		await until(() => receiver.requests.length > 0, 30_000);
		await counted({ waiting: sent.length, held: 0 });
		// Nobody overtakes the first.
		expect(new Set(receiver.requests.map(({ json }) => (json as { body: string }).body))).toEqual(new Set(['one']));
		answer = (body) => {
			delivered.push(body);
			return taken;
		};
		await counted({ waiting: 0, held: 0, dead: 0, done: sent.length });
		expect(delivered).toEqual(sent);
		expect(inbox.deliveries).toEqual([]);
	}, 240_000);

	test('what the service refuses for good is told by mail, with the reason', async () => {
		answer = () => refused;
		await fetch(`${started.editor}/inject/c0a5000000000004`, { method: 'POST' });
		await until(() => inbox.deliveries.length > 0, 60_000);
		const [mail] = inbox.deliveries;
		expect([mail!.channel, mail!.title, mail!.text]).toEqual([
			'email',
			'Could not be delivered / 未能送达',
			expect.stringContaining('bad sound'),
		]);
	}, 90_000);
});
