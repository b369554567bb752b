import fc from 'fast-check';
import type { MediaEvent } from '../../src/core/message/event';
import { senders } from '../../src/services/senders';
import type { Sender } from '../../src/core/define/sender';
import { receive, receiveOne } from '../services/webhook/receiving';
import { knownBodies, sources } from './bodies';

/** A sender is recognised by what only it has: what a script writes under names that anybody uses is the script's. */

const common = [
	...[
		'event',
		'type',
		'eventType',
		'event_type',
		'title',
		'message',
		'msg',
		'text',
		'body',
		'subject',
		'Event',
		'Title',
	],
	...['Message', 'Server', 'User', 'user', 'server', 'notification_type', 'NotificationType', 'notificationType'],
	...[
		'status',
		'state',
		'result',
		'timestamp',
		'time',
		'date',
		'action',
		'name',
		'source',
		'host',
		'level',
		'severity',
	],
	...[
		'data',
		'payload',
		'item',
		'Item',
		'id',
		'url',
		'image',
		'screenshot',
		'alerts',
		'monitor',
		'heartbeat',
		'report',
	],
	...['instanceName', 'description', 'entries', 'key', 'value', 'tags', 'priority', 'version', 'metadata'],
];

const words = [
	...['backup.finished', 'user.login', 'download', 'Download', 'test', 'deploy', 'success', 'failed', 'ok', 'up'],
	...['down', 'firing', 'Backup done', 'nas', 'ann', 'camera.motion', 'task.error', 'alert', 'started', 'finished'],
	...[
		'job.completed',
		'order.created',
		'grab',
		'rename',
		'play',
		'watched',
		'info',
		'message',
		'notify',
		'message.new',
	],
];

const leaf = fc.oneof(
	{ weight: 6, arbitrary: fc.constantFrom<unknown>(...words) },
	{ weight: 1, arbitrary: fc.constantFrom<unknown>(null, 0, 1, true, 42, '2025-01-02T03:04:05Z') },
);
const value = fc.oneof({ weight: 8, arbitrary: leaf }, { weight: 1, arbitrary: fc.array(leaf, { maxLength: 3 }) });
/** Names under which scripts put objects of their own. */
const holders: ReadonlySet<string> = new Set(['data', 'payload', 'item', 'metadata', 'user', 'server', 'report']);
const held = fc.oneof(
	{ weight: 1, arbitrary: value },
	{ weight: 2, arbitrary: fc.dictionary(fc.constantFrom('id', 'name', 'title', 'text'), leaf, { maxKeys: 3 }) },
);

/** What is nobody's: a script's own word stands in it. */
const scripts = fc
	.uniqueArray(fc.constantFrom(...common), { minLength: 1, maxLength: 7 })
	.chain((keys) => fc.record(Object.fromEntries(keys.map((key) => [key, holders.has(key) ? held : value]))))
	.map((body): Record<string, unknown> => ({ message: 'Backup done', ...body }));

const sourceOf = (body: unknown) => receive(body).events.map(({ event }) => (event as MediaEvent).source);

test.each(
	(senders as readonly Sender[]).filter(({ id }) => id !== 'custom').map((sender) => [sender.id, sender] as const),
)('%s is taken for nobody’s script', (_, sender) => {
	const custom = senders.find(({ id }) => id === 'custom') as Sender;
	const request = { method: 'POST', path: '', query: {}, headers: {}, body: new Uint8Array() };
	fc.assert(
		fc.property(scripts, (body) => {
			// Less sure than what anybody may have sent.
			expect(sender.recognise(body, request)).toBeLessThan(custom.recognise(body, request));
		}),
		{ seed: 20250102, numRuns: 1_000 },
	);
});

test.each([
	{ event: 'backup.finished', result: 'success', timestamp: '2025-01-02T03:04:05Z', message: 'Backup done' },
	{ Event: 'user.login', Message: 'ann is in' },
	{ eventType: 'download', title: 'Download', message: 'Backup done' },
	{ eventType: 'Health', level: 'error', message: 'Disk full', service: 'nas' },
	{ eventType: 'Test', message: 'Backup done' },
	{ eventType: 'ApplicationUpdate', message: 'we are new' },
	{ event: 'camera.motion', timestamp: '2025-01-02T03:04:05Z', screenshot: '', message: 'Motion' },
	{ status: 'ok', alerts: ['disk'], message: 'm' },
	{ heartbeat: 'ok', monitor: 'disk', msg: 'alive' },
	{ type: 'user.message', data: { text: 'hi' }, title: 'T' },
	{ title: 'QD-fund report', message: 'up 3 %' },
	{ notification_type: 'deploy', message: 'm' },
	{ mtype: 'x', title: 'T', text: 'C' },
	{ ruleName: 'nightly', state: 'done', message: 'm' },
	{ eventType: 'Download', movie: 'Dune', message: 'm' },
	{ eventType: 'Grab', series: 'Show', episodes: 3, title: 'T', message: 'm' },
	{ notification_type: 'DISK_FULL', title: 'S', message: 'm' },
	{ heartbeat: { beats: 3 }, monitor: { name: 'x' }, msg: 'alive' },
	{ event: 'media.play', title: 'T', message: 'm' },
	{ type: 'deploy', data: { status: 'ok' }, message: 'm' },
	{ report: { ok: 3 }, title: 'T', message: 'm' },
	{ entries: [{ message: 'a' }], title: 'T', host: 'h' },
])('%j is a script’s, and its words are shown', (body) => {
	const { event, message } = receiveOne(body);
	expect(event.source).toBe('custom');
	const words: readonly unknown[] = Object.entries(body)
		.filter(([name]) => /^(?:title|message|msg|text)$/i.test(name))
		.map(([, word]) => word);
	for (const word of words) expect(`${message.title}\n${message.body}`).toContain(word);
});

/** These are whole by themselves in both: `{title, content}` is all that either writes. */
const alike: readonly (readonly string[])[] = [
	['mediaSaber', 'qinglong'],
	['custom', 'mediaSaber'],
	// Read as well as a script's, away from the addresses of those whom they are for.
	['apprise', 'custom'],
	['serverChan', 'custom'],
	['wecomRobot', 'custom'],
];
/** Tests and the like name neither the program nor anything that only it has. */
const servarr = ['sonarr', 'radarr', 'lidarr', 'readarr', 'prowlarr', 'whisparr'];
const isNameless = (value: unknown) => !/series|movie|artist|album|author|book|release/i.test(JSON.stringify(value));

const known = knownBodies(senders.map(({ id }) => id));
console.log(`Bodies: ${known.length}, of ${sources}`);

test.each(senders.map(({ id }) => id as string))('%s: its own bodies are its own, without a hint', (id) => {
	const own = known.filter(({ sender }) => sender === id);
	expect(own).not.toHaveLength(0);
	const wrong = own.flatMap(({ name, value }) => {
		const found = sourceOf(value)[0];
		if (found === undefined || found === id) return [];
		const isAlike = alike.some((pair) => pair.includes(id) && pair.includes(found));
		const isFamily = servarr.includes(id) && servarr.includes(found) && isNameless(value);
		return isAlike || isFamily ? [] : [[name, found]];
	});
	expect(wrong).toEqual([]);
});

test.each([
	{ Event: 'library.new', Title: 'Books', Description: 'a new shelf' },
	{ Event: 'task.completed', Title: 'Nightly', Text: 'all went well' },
	{ Event: 'user.created', Title: 'ann', Description: 'by the form' },
])('a script’s own event is not Emby’s: %j', (body) => {
	const { event, message } = receiveOne(body);
	expect(event.source).toBe('custom');
	expect(message.title).toBe(body.Title);
	expect(message.body).toContain(body.Description ?? body.Text);
});
