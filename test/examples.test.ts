import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startInbox, type Delivery, type Inbox } from '../scripts/start/inbox';
import { startNodeRed } from '../scripts/start/node-red';
import type { Started } from '../scripts/start/main';

const root = join(__dirname, '..');
const examples = join(root, 'examples');
const hostFolder = execFileSync(process.execPath, [join(root, 'scripts/setup.mjs'), 'node-red'], {
	encoding: 'utf8',
}).trim();

/** Each example: what sets it off, and what has to arrive. */
const runs: Record<string, { fire(started: Started): Promise<unknown>; arrives: Delivery['channel'][]; says: string }> =
	{
		'media-server.json': {
			fire: ({ webhook }) => playPlex(webhook),
			arrives: ['bark', 'email', 'webhook'],
			says: 'The Bell Ringer',
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
	expect(readdirSync(join(examples, 'node-red')).sort()).toEqual(Object.keys(runs).sort());
	// n8n's is the one that `npm start -- n8n` starts from: test/e2e/start.test.ts.
	expect(readdirSync(join(examples, 'n8n'))).toEqual(['media-server.json']);
});

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
		const nodes = JSON.parse(readFileSync(join(examples, 'node-red', file), 'utf8')) as { type: string }[];
		const sets = (await (
			await fetch(`${started.editor}/nodes`, { headers: { accept: 'application/json' } })
		).json()) as { types: string[] }[];
		const known = new Set(sets.flatMap(({ types }) => types));
		expect(nodes.map(({ type }) => type).filter((type) => type !== 'tab' && !known.has(type))).toEqual([]);
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
