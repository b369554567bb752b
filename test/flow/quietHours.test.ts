import { second } from '../../src/core/base/wallClock';
import { quietHours } from '../../src/flow/quietHours/quietHours.flow';
import { heldClock, quiet } from '../heldClock';
import { fc, runs } from '../property';
import { flowBench } from './flowBench';

const hour = 3_600 * second;
const day = 24 * hour;
const at = (text: string) => Date.parse(text);
const iso = (instant: number) => new Date(instant).toISOString().slice(0, 16);
const night = at('2026-11-27T23:00Z');
const said = (title: string, level = 'info', more: object = {}) => ({ message: { title, body: '', level, ...more } });

function bench(raw: object = {}, from = night) {
	const made = flowBench(quietHours, raw, heldClock(from));
	const running = made.start();
	const titles = (output = 0) => made.from(output).map(({ message }) => message!.title);
	return { ...made, running, titles };
}

test('what comes at night is released in the morning, as one; what is urgent passes, and so does the day', async () => {
	const { put, clock, out, titles, running } = bench();
	for (const title of ['a', 'b']) await put(said(title));
	await put(said('fire', 'failure'));
	expect(titles()).toEqual(['fire']);
	await clock.advance(day / 2);
	expect(titles()).toEqual(['fire', '2 notifications']);
	expect(iso(out[1]!.at)).toBe('2026-11-28T08:00');
	await put(said('day'));
	expect(titles()[2]).toBe('day');
	await running.close();
});

test('one by one they come as they were, in order, with their files; one alone, too', async () => {
	const { put, clock, out, titles, running } = bench({ release: 'each' });
	for (let n = 0; n < 4; n++) await put(said(`m${n}`), {}, { files: { poster: { data: new Uint8Array(n + 1) } } });
	await clock.advance(day / 2);
	expect([titles(), out.map(({ files }) => files.poster)]).toEqual([
		['m0', 'm1', 'm2', 'm3'],
		[1, 2, 3, 4],
	]);
	await running.close();
	const other = bench();
	await other.put(said('alone'));
	await other.clock.advance(day / 2);
	expect(other.titles()).toEqual(['alone']);
	await other.running.close();
});

test('without a sound, or not at all', async () => {
	const silent = bench({ during: 'silent' });
	await silent.put(said('a'));
	await silent.put({ message: 'plain' });
	expect(silent.from()).toMatchObject([
		{ message: { title: 'a', silent: true } },
		{ message: { body: 'plain', silent: true } },
	]);
	await silent.running.close();
	const dropped = bench({ during: 'drop' });
	await dropped.put(said('a'));
	expect([dropped.titles(), dropped.titles(1)]).toEqual([[], ['a']]);
	await dropped.running.close();
});

test('from a time to the same is the whole day: what is held comes at that time', async () => {
	const { put, clock, out, running } = bench({ from: '08:00', to: '08:00' });
	await put(said('a'));
	await clock.advance(12 * hour);
	await put(said('b'));
	await clock.advance(day);
	expect(out.map((each) => iso(each.at))).toEqual(['2026-11-28T08:00', '2026-11-29T08:00']);
	await running.close();
});

test('flush, reset, other settings, and a restart in the middle', async () => {
	const { put, clock, command, titles, running, start } = bench();
	await put(said('a'));
	await command('flush');
	await quiet();
	expect(titles()).toEqual(['a']);
	await put(said('b'));
	await command('reset');
	await put(said('c'));
	await running.close();
	await clock.advance(hour);
	const later = start({ to: '09:00' });
	await clock.advance(8.5 * hour);
	expect(titles()).toEqual(['a']);
	await clock.advance(hour);
	expect(titles()).toEqual(['a', 'c']);
	await clock.advance(14 * hour);
	await put(said('d'), { to: '09:00' });
	await later.close();
	// It is not quiet any more.
	const none = start({ from: '01:00', to: '02:00' });
	await clock.advance(second);
	expect(titles()).toEqual(['a', 'c', 'd']);
	await none.close();
});

test.each([
	['a time that does not exist', { from: '24:30' }, 'from'],
	['a zone that does not exist', { timeZone: 'Nowhere' }, 'timeZone'],
])('%s is told at the field', (_, raw, field) =>
	expect(() => flowBench(quietHours).valuesOf(raw)).toThrow(expect.objectContaining({ class: 'Invalid', field })),
);

test('whatever comes, and whatever is done to the clock: each is out once, or waits for its end', async () => {
	const doing = fc.oneof(
		{ weight: 5, arbitrary: fc.record({ do: fc.constant('put' as const) }) },
		{
			weight: 3,
			arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 20 * hour }) }),
		},
		{
			weight: 1,
			arbitrary: fc.record({ do: fc.constant('set' as const), ms: fc.integer({ min: -3 * day, max: 3 * day }) }),
		},
		{ weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
	);
	await fc.assert(
		fc.asyncProperty(
			fc.array(doing, { minLength: 1, maxLength: 30 }),
			fc.constantFrom('Europe/Berlin', 'America/New_York', 'Africa/Cairo', 'Australia/Lord_Howe', 'Pacific/Apia'),
			fc.constantFrom('02:30', '22:00', '00:00'),
			fc.constantFrom('02:30', '08:00', '23:30'),
			async (steps, timeZone, from, to) => {
				const made = flowBench(
					quietHours,
					{ timeZone, from, to, release: 'each' },
					heldClock(at('2026-10-24T12:00Z')),
				);
				const { clock, put, nextDue } = made;
				let running = made.start();
				let n = 0;
				for (const each of steps) {
					if (each.do === 'put') await put(said(`m${n++}`));
					else if (each.do === 'wait') await clock.advance(each.ms);
					else if (each.do === 'set') clock.set(clock.now() + each.ms);
					else {
						await running.close();
						running = made.start();
					}
					await quiet();
					if (made.out.length < n) expect(await nextDue()).toBeDefined();
				}
				await clock.advance(8 * day);
				await running.close();
				expect(
					made
						.from()
						.map(({ message }) => message!.title)
						.sort(),
				).toEqual(Array.from({ length: n }, (_, index) => `m${index}`).sort());
				await made.store.close();
			},
		),
		{ numRuns: runs(40) },
	);
}, 60_000);
