import { second } from '../../src/core/base/wallClock';
import { digest } from '../../src/flow/digest/digest.flow';
import { heldClock, quiet } from '../heldClock';
import { fc, runs } from '../property';
import { flowBench, type Out } from './flowBench';

const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
const at = (text: string) => Date.parse(text);
const iso = (instant: number) => new Date(instant).toISOString().slice(0, 19);
const start = at('2026-11-27T10:00:00Z');

const message = (title: string, more: object = {}) => ({ message: { title, body: '', type: 'message', ...more } });
const episode = (number: number, series = 'Severance') => ({
	message: { title: `📺 ${series} ${number}`, body: '', image: { binary: 'poster' } },
	event: {
		...{ source: 'emby', type: 'library.added', rawType: 'x', time: '', raw: { long: 'raw' } },
		item: { kind: 'episode', series, title: `Part ${number}`, season: 1, episode: number, ids: {} },
	},
});
const poster = (bytes = 3) => ({
	files: { poster: { name: 'p.jpg', mime: 'image/jpeg', data: new Uint8Array(bytes).fill(1) } },
});

function bench(raw: object = {}, from = start) {
	const made = flowBench(digest, raw, heldClock(from));
	const running = made.start();
	return { ...made, running, outAt: () => made.out.map(({ at: instant }) => iso(instant)) };
}
const counts = (out: readonly Out[]) => out.map(({ content }) => content.carillon?.digest?.count ?? 1);

test('after a pause, all that came goes out as one; each new one begins the pause again, up to the longest wait', async () => {
	const { put, clock, out, running, outAt } = bench({ quiet: 60, maxWait: 150 });
	for (let n = 0; n < 3; n++) {
		await put(message(`m${n}`));
		await clock.advance(50 * second);
		expect(out.length).toBe(n < 2 ? 0 : 1);
	}
	// 50 s after the last one, and 150 after the first.
	expect([outAt(), counts(out)]).toEqual([['2026-11-27T10:02:30'], [3]]);
	expect(out[0]!.content.message).toMatchObject({ title: '3 notifications', key: expect.stringMatching(/^digest:/) });
	await clock.advance(day);
	expect(out.length).toBe(1);
	await running.close();
});

test('one that waited alone is as it was, with its picture; switched off it is a digest', async () => {
	const { put, clock, out, running } = bench();
	await put(episode(2), {}, poster());
	await clock.advance(hour);
	expect(out).toMatchObject([{ output: 0, content: episode(2), files: { poster: 3 } }]);
	await running.close();
	const other = bench({ single: false });
	await other.put(episode(2), {}, poster());
	await other.clock.advance(hour);
	expect(other.out).toMatchObject([
		{
			content: { message: { title: '📺 Severance S01E02 (1 new)', image: { binary: 'poster' } } },
			files: { poster: 3 },
		},
	]);
	await other.running.close();
});

test('twenty episodes are one message with the poster of the first that has one', async () => {
	const { put, clock, out, running } = bench();
	for (const number of [2, 3, 4, 5, 7]) await put(episode(number), {}, number > 2 ? poster(number) : {});
	await clock.advance(hour);
	expect(out).toMatchObject([
		{
			content: { message: { title: '📺 Severance S01E02–E05, E07 (5 new)', image: { binary: 'poster' } } },
			files: { poster: 3 },
		},
	]);
	expect(out[0]!.content).not.toHaveProperty('raw');
	await running.close();
});

test('in Node-RED the message is the payload, and a picture in it stays a Buffer of it', async () => {
	const { put, clock, out, running } = bench();
	const payload = (number: number) => {
		const { message: told, event } = episode(number);
		return { payload: { ...told, image: { data: null, name: 'p.jpg' } }, event, topic: 't' };
	};
	const path = '["payload","image","data"]';
	for (const number of [1, 2])
		await put(payload(number), {}, { place: 'payload', files: { [path]: { data: new Uint8Array(number) } } });
	await clock.advance(hour);
	expect(out).toMatchObject([
		{
			content: { payload: { title: '📺 Severance S01E01–E02 (2 new)', image: { data: null } } },
			files: { [path]: 1 },
		},
	]);
	await running.close();
});

test('what belongs together goes together: by series and season, album, else type and source', async () => {
	const { put, keys, running } = bench();
	await put(episode(1));
	await put(episode(2));
	await put(episode(1, 'Andor'));
	await put({ message: 'plain' });
	await put({ event: { source: 'qd', type: 'task.failed' }, message: { body: 'a' } });
	await put({ event: { source: 'qd', type: 'task.completed' }, message: { body: 'b' } });
	await put({ nothing: 'known' });
	expect((await keys()).sort()).toEqual(
		['all', 'library.added · Andor · S1', 'library.added · Severance · S1', 'task · qd'].sort(),
	);
	await running.close();
});

test('all of it, or what has the same key; what is for one is never put together with what is for another', async () => {
	const { put, keys, running } = bench();
	await put(message('a'), { group: 'all' });
	await put(episode(1), { group: 'all' });
	await put(message('a'), { group: 'key', key: 'mine' });
	await put(message('a', { to: 'ann' }), { group: 'all' });
	await put(message('a', { to: 'bob' }), { group: 'all' });
	await put(message('a', { audience: 'admin' }), { group: 'all' });
	await put(message('a'), { group: 'key', key: 'x'.repeat(5_000) });
	expect((await keys()).length).toBe(6);
	expect(await keys()).toEqual(expect.arrayContaining(['all', 'mine', 'all → ann', 'all → bob', 'all → admin']));
	await running.close();
});

test('at times of day in a zone, on the days that were chosen', async () => {
	const berlin = { when: 'at', times: '08:00, 20:00', timeZone: 'Europe/Berlin', weekdays: 'fri, sat', group: 'all' };
	const { put, clock, out, outAt, running } = bench(berlin);
	await put(message('a'));
	await clock.advance(hour);
	await put(message('b'));
	await clock.advance(day);
	expect([outAt(), counts(out)]).toEqual([['2026-11-27T19:00:00'], [2]]);
	// Saturday noon; then nothing is due before Friday.
	await clock.advance(9 * hour);
	await put(message('c'));
	await clock.advance(7 * day);
	expect(outAt().slice(1)).toEqual(['2026-12-04T07:00:00']);
	await running.close();
});

test('every day at noon, as QD does, over the change of the clock; nothing collected, nothing sent', async () => {
	const { put, clock, out, outAt, running } = bench(
		{ when: 'every', timeZone: 'Europe/Berlin', group: 'all' },
		at('2026-10-23T10:00:00Z'),
	);
	for (let n = 0; n < 4; n++) {
		await put(message(`${n}`));
		await clock.advance(day);
	}
	await clock.advance(3 * day);
	expect([outAt(), counts(out)]).toEqual([
		['2026-10-24T10:00:00', '2026-10-25T11:00:00', '2026-10-26T11:00:00'],
		[1, 2, 1],
	]);
	await running.close();
});

test('every N seconds from a first time on, and every N days', async () => {
	const seconds = bench({ when: 'every', every: 5 * 3_600, start: '12:00', group: 'all' });
	for (let n = 0; n < 8; n++) {
		await seconds.put(message(`${n}`));
		await seconds.clock.advance(2 * hour);
	}
	await seconds.clock.advance(day);
	// From yesterday’s noon on.
	expect(seconds.outAt()).toEqual([
		'2026-11-27T13:00:00',
		'2026-11-27T18:00:00',
		'2026-11-27T23:00:00',
		'2026-11-28T04:00:00',
	]);
	await seconds.running.close();
	const days = bench({ when: 'every', every: 3 * 86_400, start: '12:00', group: 'all' });
	for (let n = 0; n < 8; n++) {
		await days.put(message(`${n}`));
		await days.clock.advance(day);
	}
	await days.clock.advance(9 * day);
	expect([days.outAt(), counts(days.out)]).toEqual([
		['2026-11-27T12:00:00', '2026-11-30T12:00:00', '2026-12-03T12:00:00', '2026-12-06T12:00:00'],
		[1, 3, 3, 1],
	]);
	await days.running.close();
});

test('once so many wait, or after the longest wait', async () => {
	const { put, clock, out, outAt, running } = bench({ when: 'count', count: 3, maxWait: 600, group: 'all' });
	for (let n = 0; n < 7; n++) await put(message(`${n}`));
	await quiet();
	expect(counts(out)).toEqual([3, 3]);
	await clock.advance(hour);
	expect([outAt().slice(2), counts(out).slice(2)]).toEqual([['2026-11-27T10:10:00'], [1]]);
	await running.close();
});

test('only what exceeds a rate: the first pass at once, the others come together', async () => {
	const { put, clock, out, outAt, running } = bench({ when: 'rate', first: 2, per: 60, group: 'all' });
	for (let n = 0; n < 5; n++) await put(message(`${n}`));
	expect(out.map(({ content }) => content.message?.title)).toEqual(['0', '1']);
	await clock.advance(minute);
	expect([outAt().slice(2), counts(out).slice(2)]).toEqual([['2026-11-27T10:01:00'], [3]]);
	// The digest counts as one.
	for (let n = 5; n < 8; n++) await put(message(`${n}`));
	expect(out.slice(3).map(({ content }) => content.message?.title)).toEqual(['5']);
	await clock.advance(minute);
	expect(counts(out).slice(4)).toEqual([2]);
	await running.close();
});

test('flush lets out at once, of one key or of all; reset discards; neither comes out', async () => {
	const { put, command, out, status, clock, running } = bench({ group: 'key' });
	for (const key of ['a', 'b', 'c']) for (let n = 0; n < 2; n++) await put(message(`${key}${n}`), { key });
	await command('flush', 'a');
	await quiet();
	expect(counts(out)).toEqual([2]);
	await command('reset', 'b');
	await quiet();
	expect(out.length).toBe(1);
	await command('flush');
	await command('flush', 'nowhere');
	await clock.advance(hour);
	expect(counts(out)).toEqual([2, 2]);
	expect(await status()).toMatchObject({ keys: 0, waiting: 0, held: 0 });
	await running.close();
});

test('other settings move what is due, and drop nothing', async () => {
	const { put, running, start: again, out, outAt, clock } = bench({ when: 'at', times: '20:00', group: 'all' });
	for (let n = 0; n < 3; n++) await put(message(`${n}`));
	await running.close();
	const earlier = again({ times: '12:00' });
	await clock.advance(2 * hour);
	expect([outAt(), counts(out)]).toEqual([['2026-11-27T12:00:00'], [3]]);
	await put(message('3'), { times: '12:00' });
	await put(message('4'), { times: '12:00' });
	await earlier.close();
	// As many as are to go out together wait already.
	const full = again({ when: 'count', count: 2 });
	await clock.advance(second);
	expect(counts(out)).toEqual([3, 2]);
	await full.close();
});

test('while nothing runs it waits, and what is overdue comes once; a restart begins nothing anew', async () => {
	const { put, running, start: again, clock, out, outAt } = bench({ quiet: 600, group: 'all' });
	await put(message('a'));
	await put(message('b'));
	await running.close();
	await clock.advance(5 * minute);
	const second_ = again();
	await clock.advance(5 * minute);
	expect([outAt(), counts(out)]).toEqual([['2026-11-27T10:10:00'], [2]]);
	await put(message('c'));
	await second_.close();
	await clock.advance(3 * day);
	const third = again();
	await quiet();
	expect(counts(out)).toEqual([2, 1]);
	await third.close();
});

test('past a thousand of a key they are counted, and told', async () => {
	const { put, clock, out, running } = bench({ quiet: 3_600, maxWait: 7_200, group: 'all' });
	await Promise.all(Array.from({ length: 1_040 }, (_, n) => put(message(`m${n}`))));
	await clock.advance(2 * hour);
	expect(counts(out)).toEqual([1_040]);
	expect(out[0]!.content.message).toMatchObject({
		title: '1040 notifications',
		body: expect.stringMatching(/… and 1020 more$/),
	});
	await running.close();
});

test.each([
	['a time that does not exist', { when: 'at', times: '08:00, 25:00' }, 'times'],
	['no time at all', { when: 'at', times: ' , ' }, 'times'],
	['a first time that is none', { when: 'every', start: 'noon' }, 'start'],
	['a pause of 0', { quiet: 0 }, 'quiet'],
	['an interval of 0', { when: 'every', every: 0 }, 'every'],
	['a zone that does not exist', { timeZone: 'Mars/Olympus' }, 'timeZone'],
	['no key where one is meant', { group: 'key', key: '' }, 'key'],
])('%s is told at the field', (_, raw, field) => {
	const { valuesOf } = flowBench(digest);
	expect(() => valuesOf(raw)).toThrow(expect.objectContaining({ class: 'Invalid', field }));
});

test('a message of any shape is collected: without type, without message, with an event that is none', async () => {
	const { put, clock, out, running } = bench({ group: 'auto', quiet: 1 });
	const odd = [
		{},
		{ message: null, event: 7 },
		{ message: { body: 5 }, event: { type: 3 } },
		{ event: { source: 'a', type: 'b', item: { kind: 'episode', episode: 'x' }, facts: [1] } },
		{ message: ['a'], event: [] },
	];
	for (const content of odd) await put(content);
	for (const content of odd) await put(content);
	await clock.advance(minute);
	expect(counts(out).reduce((sum, count) => sum + count, 0)).toBe(10);
	await running.close();
});

// A model: whatever comes in whatever order, with whatever is done in between.

type Doing =
	| { do: 'put'; key: string }
	| { do: 'wait'; ms: number }
	| { do: 'set'; ms: number }
	| { do: 'restart' }
	| { do: 'change'; to: number }
	| { do: 'flush' | 'reset'; key?: string };

const settings = [
	{ quiet: 60, maxWait: 300 },
	{ when: 'count', count: 3, maxWait: 600 },
	{ when: 'rate', first: 2, per: 60 },
	{ when: 'every', every: 7_200, start: '02:30' },
	{ when: 'every', every: 2 * 86_400, start: '12:00' },
	{ when: 'at', times: '02:30, 08:00', weekdays: 'sat, mon' },
];

test('each message is in exactly one place: waiting, out once, or discarded by somebody', async () => {
	const keys = fc.constantFrom('a', 'b', 'c');
	const doing: fc.Arbitrary<Doing> = fc.oneof(
		{ weight: 6, arbitrary: fc.record({ do: fc.constant('put' as const), key: keys }) },
		{
			weight: 3,
			arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 30 * hour }) }),
		},
		{
			weight: 3,
			arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 2 * minute }) }),
		},
		// The machine’s clock is set, back as well as forward.
		{
			weight: 1,
			arbitrary: fc.record({ do: fc.constant('set' as const), ms: fc.integer({ min: -3 * day, max: 3 * day }) }),
		},
		{ weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
		{ weight: 1, arbitrary: fc.record({ do: fc.constant('change' as const), to: fc.nat(settings.length - 1) }) },
		{
			weight: 1,
			arbitrary: fc.record(
				{ do: fc.constantFrom('flush' as const, 'reset' as const), key: keys },
				{ requiredKeys: ['do'] },
			),
		},
	);
	const zone = fc.constantFrom(
		'Europe/Berlin',
		'America/New_York',
		'Africa/Cairo',
		'Australia/Lord_Howe',
		'Pacific/Apia',
	);
	await fc.assert(
		fc.asyncProperty(
			fc.array(doing, { minLength: 1, maxLength: 40 }),
			zone,
			fc.nat(settings.length - 1),
			fc.constantFrom(start, at('2026-03-29T00:00Z'), at('2026-10-25T00:00Z'), at('2026-04-04T14:00Z')),
			async (steps, timeZone, first, from) => {
				const common = { timeZone, group: 'key', single: false, shown: 200 };
				let now: object = { ...common, ...settings[first] };
				const made = flowBench(digest, {}, heldClock(from));
				const { clock, put, out, store, command } = made;
				let running = made.start({ ...now });
				const waiting = new Map<string, Set<string>>();
				const gone: string[] = [];
				let n = 0;
				const seenOut = () =>
					out.flatMap(({ content }) => {
						const { title, body } = content.message as { title: string; body: string };
						return content.carillon ? [...body.matchAll(/- (m\d+)/g)].map(([, name]) => name!) : [title];
					});
				for (const each of steps) {
					if (each.do === 'put') {
						const name = `m${n++}`;
						await put(message(name), { ...now, key: each.key });
						waiting.set(each.key, (waiting.get(each.key) ?? new Set()).add(name));
					} else if (each.do === 'wait') await clock.advance(each.ms);
					else if (each.do === 'set') clock.set(clock.now() + each.ms);
					else if (each.do === 'restart' || each.do === 'change') {
						await running.close();
						if (each.do === 'change') now = { ...common, ...settings[each.to] };
						running = made.start({ ...now });
					} else await command(each.do, each.key, { ...now });
					await quiet();
					const told = new Set(seenOut());
					for (const names of waiting.values()) for (const name of told) names.delete(name);
					if (each.do === 'reset')
						for (const [key, names] of waiting)
							if (each.key === undefined || each.key === key) {
								gone.push(...names);
								names.clear();
							}
					// What waits is woken.
					const still = [...waiting.values()].some((names) => names.size > 0);
					if (still) expect(await store.nextDue('w:n')).toBeDefined();
				}
				await clock.advance(20 * day);
				await running.close();
				const told = seenOut();
				expect([...told, ...gone].sort()).toEqual(Array.from({ length: n }, (_, index) => `m${index}`).sort());
				expect(await made.status()).toMatchObject({ waiting: 0, held: 0, dropped: 0 });
				await store.close();
			},
		),
		{ numRuns: runs(60) },
	);
}, 60_000);
