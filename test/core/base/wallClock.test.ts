import {
	dayOf,
	everyDays,
	hour,
	instantOf,
	isZone,
	latestTime,
	minute,
	mustBeTime,
	nextTime,
	timeOfDay,
	weekdayOf,
	weekdays,
	windowEnd,
	type Weekday,
} from '../../../src/core/base/wallClock';
import { fc, runs } from '../../property';

const at = (text: string) => Date.parse(text);
const time = (text: string) => timeOfDay(text)!;
const iso = (instant: number | undefined) =>
	instant === undefined ? undefined : new Date(instant).toISOString().replace(':00.000', '');
const berlin = 'Europe/Berlin';

test.each([
	['08:00', 28_800],
	['8:00', 28_800],
	['22:30:15', 81_015],
	['００:00', undefined],
	['8：05', 29_100],
	['24:00', undefined],
	['12:60', undefined],
	['noon', undefined],
	['', undefined],
	['-1:00', undefined],
	['08:00 ', 28_800],
])('%s is so many seconds since midnight', (text, seconds) => expect(timeOfDay(text)).toBe(seconds));

test('says what is no time, and what is no zone', () => {
	expect(mustBeTime('25:00')).toMatchObject({
		en: expect.stringMatching(/08:00/),
		zh: expect.stringMatching(/时刻/),
	});
	expect(mustBeTime('08:00')).toBeUndefined();
	expect([isZone('Asia/Shanghai'), isZone('UTC'), isZone('Mars/Olympus'), isZone('')]).toEqual([
		true,
		true,
		false,
		false,
	]);
});

test.each([
	['in a gap it comes as much later as the clock jumped', berlin, '2026-03-28T12:00Z', '02:30', '2026-03-29T01:30Z'],
	['in an overlap it is the first', berlin, '2026-10-24T12:00Z', '02:30', '2026-10-25T00:30Z'],
	['after the first the second is none', berlin, '2026-10-25T00:45Z', '02:30', '2026-10-26T01:30Z'],
	['half an hour is a jump as well', 'Australia/Lord_Howe', '2026-10-03T00:00Z', '02:10', '2026-10-03T15:40Z'],
	['where midnight is skipped', 'Africa/Cairo', '2024-04-25T12:00Z', '00:00', '2024-04-25T22:00Z'],
	['where a whole day is skipped', 'Pacific/Apia', '2011-12-29T23:00Z', '12:00', '2011-12-30T22:00Z'],
	['across a new year', 'America/New_York', '2026-12-31T23:00Z', '08:00', '2027-01-01T13:00Z'],
])('the next time: %s', (_, zone, now, text, next) =>
	expect(iso(nextTime(at(now), [time(text)], [], zone))).toBe(next),
);

test('the earliest of several times, on the days that hold', () => {
	const times = ['20:00', '08:00'].map(time);
	// A Friday.
	expect(iso(nextTime(at('2026-11-27T12:00Z'), times, [], 'UTC'))).toBe('2026-11-27T20:00Z');
	expect(iso(nextTime(at('2026-11-27T20:00Z'), times, [], 'UTC'))).toBe('2026-11-28T08:00Z');
	expect(iso(nextTime(at('2026-11-27T20:00Z'), times, ['mon'], 'UTC'))).toBe('2026-11-30T08:00Z');
	expect(iso(nextTime(at('2026-11-27T20:00Z'), times, ['fri'], 'UTC'))).toBe('2026-12-04T08:00Z');
});

test.each([
	['inside', '2026-11-27T23:00Z', '2026-11-28T08:00Z'],
	['after midnight', '2026-11-28T07:59Z', '2026-11-28T08:00Z'],
	['at its end', '2026-11-28T08:00Z', undefined],
	['at its beginning', '2026-11-27T22:30Z', '2026-11-28T08:00Z'],
	['before', '2026-11-27T22:29Z', undefined],
])('a window over midnight: %s', (_, now, end) =>
	expect(iso(windowEnd(at(now), { from: time('22:30'), to: time('08:00'), days: [], zone: 'UTC' }))).toBe(end),
);

test('the day of a window is that on which it begins', () => {
	const window = { from: time('22:00'), to: time('06:00'), days: ['fri'] as const, zone: 'UTC' };
	expect(iso(windowEnd(at('2026-11-28T05:00Z'), window))).toBe('2026-11-28T06:00Z');
	expect(windowEnd(at('2026-11-28T23:00Z'), window)).toBeUndefined();
	expect(windowEnd(at('2026-11-27T05:00Z'), window)).toBeUndefined();
});

test('from a time to the same is a whole day, also one of 23 or 25 hours', () => {
	const window = { from: time('08:00'), to: time('08:00'), days: [], zone: berlin };
	expect(iso(windowEnd(at('2026-10-24T06:00Z'), window))).toBe('2026-10-25T07:00Z');
	expect(iso(windowEnd(at('2026-10-25T06:59Z'), window))).toBe('2026-10-25T07:00Z');
	expect(iso(windowEnd(at('2026-10-25T07:00Z'), window))).toBe('2026-10-26T07:00Z');
	const sundays = { ...window, days: ['sun'] as const };
	expect(windowEnd(at('2026-10-26T08:00Z'), sundays)).toBeUndefined();
});

test('an end that comes twice is the last of both', () => {
	const window = { from: time('22:00'), to: time('02:30'), days: [], zone: berlin };
	expect(iso(windowEnd(at('2026-10-25T00:45Z'), window))).toBe('2026-10-25T01:30Z');
});

test('every so many days at a time, whatever the clock did in between', () => {
	const noon = time('12:00');
	const anchor = at('2026-03-27T11:00Z');
	expect(iso(everyDays(at('2026-03-28T00:00Z'), anchor, 1, noon, berlin))).toBe('2026-03-28T11:00Z');
	expect(iso(everyDays(at('2026-03-29T00:00Z'), anchor, 1, noon, berlin))).toBe('2026-03-29T10:00Z');
	expect(iso(everyDays(at('2026-03-28T00:00Z'), anchor, 7, noon, berlin))).toBe('2026-04-03T10:00Z');
	expect(iso(everyDays(at('2027-03-28T00:00Z'), anchor, 7, noon, berlin))).toBe('2027-04-02T10:00Z');
});

// A judge who looks at the clock on the wall every quarter of an hour, and knows nothing of offsets.

const step = 15 * minute;
const walls = new Map<string, Intl.DateTimeFormat>();
const wallOf = (instant: number, zone: string): number => {
	const format =
		walls.get(zone) ??
		new Intl.DateTimeFormat('sv-SE', {
			...{ timeZone: zone, dateStyle: 'short', timeStyle: 'medium' },
		});
	walls.set(zone, format);
	return Date.parse(`${format.format(instant).replace(' ', 'T')}Z`);
};

/** When it was each time of each date, seen from so long before to so long after: [nominal ms, first, last]. */
function seen(
	zone: string,
	from: number,
	to: number,
	seconds: number,
): [nominal: number, first: number, last: number][] {
	const found = new Map<number, [number, number]>();
	const dayMs = 24 * hour;
	let before = wallOf(from - step, zone);
	for (let t = from; t <= to; t += step) {
		const wall = wallOf(t, zone);
		// All that it showed since the look before, and now.
		const first = Math.floor(before / dayMs) * dayMs;
		for (let date = first; date <= wall; date += dayMs) {
			const nominal = date + seconds * 1_000;
			const known = found.get(nominal);
			if (nominal === wall) found.set(nominal, [known?.[0] ?? t, t]);
			else if (nominal > before && nominal < wall && !known) {
				const later = t + (nominal - before - step);
				found.set(nominal, [later, later]);
			}
		}
		before = wall;
	}
	return [...found].map(([nominal, [one, two]]) => [nominal, one, two]);
}

const jumps: Record<string, string[]> = {
	'Europe/Berlin': ['2026-03-29T01:00Z', '2026-10-25T01:00Z'],
	'America/New_York': ['2026-03-08T07:00Z', '2026-11-01T06:00Z'],
	'Africa/Cairo': ['2024-04-25T22:00Z', '2024-10-31T21:00Z'],
	'Australia/Lord_Howe': ['2026-04-04T15:00Z', '2026-10-03T15:30Z'],
	'Pacific/Apia': ['2011-12-30T10:00Z', '2020-04-04T14:00Z', '2020-09-26T14:00Z'],
};
const place = fc.constantFrom(...Object.keys(jumps)).chain((zone) =>
	fc.record({
		zone: fc.constant(zone),
		now: fc
			.tuple(fc.constantFrom(...jumps[zone]!), fc.integer({ min: -4 * 96, max: 3 * 96 }))
			.map(([jump, quarters]) => at(jump) + quarters * step),
	}),
);
const quarter = fc.integer({ min: 0, max: 95 }).map((count) => count * 900);
const days = fc.subarray([...weekdays]);
const holds = (nominal: number, given: readonly Weekday[]) =>
	given.length === 0 || given.includes(weekdayOf(Math.floor(nominal / (24 * hour))));

test('the next time is the one that whoever looks at the clock sees first', () => {
	fc.assert(
		fc.property(place, fc.array(quarter, { minLength: 1, maxLength: 3 }), days, ({ zone, now }, times, given) => {
			const all = times.flatMap((each) => seen(zone, now - 30 * hour, now + 9 * 24 * hour, each));
			const expected = Math.min(
				...all.filter(([nominal, first]) => first > now && holds(nominal, given)).map(([, first]) => first),
			);
			expect(iso(nextTime(now, times, given, zone))).toBe(iso(expected));
		}),
		{ numRuns: runs(60) },
	);
});

test('the latest time, likewise', () => {
	fc.assert(
		fc.property(place, quarter, ({ zone, now }, each) => {
			const all = seen(zone, now - 60 * hour, now + 2 * hour, each);
			const expected = Math.max(...all.map(([, first]) => first).filter((first) => first <= now));
			expect(iso(latestTime(now, each, zone))).toBe(iso(expected));
		}),
		{ numRuns: runs(60) },
	);
});

test('whether it is within a window, and until when, as whoever looks at the clock says', () => {
	fc.assert(
		fc.property(place, quarter, quarter, days, ({ zone, now }, from, to, given) => {
			const look = (each: number) => seen(zone, now - 80 * hour, now + 60 * hour, each);
			const [starts, ends] = [look(from), look(to)];
			const endings = starts
				.filter(([nominal, first]) => first <= now && holds(nominal, given))
				.flatMap(([nominal]) => {
					const midnight = nominal - from * 1_000;
					const until = (to > from ? midnight : midnight + 24 * hour) + to * 1_000;
					return ends.filter(([other]) => other === until).map(([, , last]) => last);
				})
				.filter((last) => last > now);
			expect(iso(windowEnd(now, { from, to, days: given, zone }))).toBe(
				iso(endings.length > 0 ? Math.max(...endings) : undefined),
			);
		}),
		{ numRuns: runs(80) },
	);
});

test('a day and a time of it are that day and time on the wall, where the clock shows them', () => {
	fc.assert(
		fc.property(place, quarter, ({ zone, now }, each) => {
			const date = dayOf(now, zone);
			const found = seen(zone, now - 60 * hour, now + 60 * hour, each).find(
				([nominal]) => nominal === date * 24 * hour + each * 1_000,
			)!;
			expect([instantOf(date, each, zone), instantOf(date, each, zone, 'last')].map(iso)).toEqual(
				found.slice(1).map(iso),
			);
		}),
		{ numRuns: runs(60) },
	);
});
