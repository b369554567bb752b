import { factsOf, fits, folded, matches, matching, type Facts, type Row } from '../../src/flow/route/matching';
import { moviePilotRows, qdRows, tautulliRows } from '../../src/flow/route/presets';
import { route } from '../../src/flow/route/route.flow';
import { valuesOf } from '../../src/core/define/passing';
import { fc, runs } from '../property';
import { workOf } from '../work';

const none: Facts = { types: [], levels: [], sources: [], libraries: [], users: [], tasks: [], events: [], text: '' };

/** `*` by its meaning, the slow way: nothing, or one more letter. */
function slowly(pattern: string, text: string): boolean {
	if (pattern === '') return text === '';
	if (pattern[0] === '*') return slowly(pattern.slice(1), text) || (text !== '' && slowly(pattern, text.slice(1)));
	return text !== '' && pattern[0] === text[0] && slowly(pattern.slice(1), text.slice(1));
}

const few = (alphabet: string, most: number) =>
	fc.array(fc.constantFrom(...alphabet), { maxLength: most }).map((letters) => letters.join(''));

test('a pattern fits what its stars may stand for', () => {
	fc.assert(
		fc.property(few('ab.*', 7), few('ab.', 9), (pattern, fact) => {
			expect(fits(pattern, fact)).toBe(slowly(pattern, fact));
		}),
		{ numRuns: runs(2_000) },
	);
});

test.each([
	['library.*', 'library.added', true],
	['library.*', 'library', false],
	['*.failed', 'task.failed', true],
	['*.failed', 'task.failed.twice', false],
	['LIBRARY.Added', 'library.added', true],
	[' emby ', 'Emby', true],
	['ＱＤ', 'qd', true],
	['*', '', true],
	['library.added', 'library.added.again', false],
])('%j and %j: %j', (pattern, fact, expected) => expect(fits(pattern, fact)).toBe(expected));

test('a long pattern over a long fact costs no more than both are long', () => {
	expect(workOf(() => fits(`${'*a'.repeat(5_000)}b*`, 'a'.repeat(100_000)))).toBeLessThan(1_000_000);
	expect(workOf(() => fits(`${'*ab'.repeat(5_000)}*`, 'a'.repeat(100_000)))).toBeLessThan(1_000_000);
});

const patterned = ['types', 'sources', 'libraries', 'users', 'tasks', 'events'] as const;
const words = fc.array(fc.constantFrom('a', 'b', 'c.d'), { maxLength: 3 });
const cells = fc.record(
	{
		...Object.fromEntries(patterned.map((key) => [key, words])),
		levels: fc.subarray(['info', 'failure']),
		origin: fc.constantFrom('manual', 'automatic'),
		audience: fc.constantFrom('admin', 'user'),
		text: fc.array(fc.constantFrom('x', 'Ｙ', ' '), { maxLength: 2 }),
		on: fc.boolean(),
	},
	{ requiredKeys: ['on'] },
) as fc.Arbitrary<Row>;
const known = fc.record(
	{
		...Object.fromEntries(patterned.map((key) => [key, words])),
		levels: fc.subarray(['info', 'failure'], { maxLength: 1 }),
		origin: fc.constantFrom('manual', 'automatic'),
		audience: fc.constantFrom('admin', 'user'),
		text: fc.constantFrom('x', 'y z', ''),
	},
	{ requiredKeys: [] },
) as fc.Arbitrary<Partial<Facts>>;

test('a fact that is not known matches an empty cell alone, and every cell that is filled in counts', () => {
	fc.assert(
		fc.property(cells, known, (asked, given) => {
			const facts = { ...none, ...given };
			const holds = (key: (typeof patterned)[number]) =>
				!asked[key]?.length || asked[key].some((one) => facts[key].includes(one));
			const expected =
				asked.on &&
				patterned.every(holds) &&
				(!asked.levels?.length || asked.levels.some((level) => facts.levels.includes(level))) &&
				(asked.origin === undefined || asked.origin === facts.origin) &&
				(asked.audience === undefined || asked.audience === facts.audience) &&
				(!asked.text?.length || asked.text.some((one) => facts.text.includes(folded(one))));
			expect(matches(asked, facts)).toBe(expected);
		}),
		{ numRuns: runs(1_000) },
	);
});

test('the first is the first of all, and both are in order', () => {
	fc.assert(
		fc.property(fc.array(cells, { maxLength: 16 }), known, (rows, given) => {
			const facts = { ...none, ...given };
			const all = matching(rows, facts, false);
			expect(all).toEqual(rows.flatMap((each, at) => (matches(each, facts) ? [at] : [])));
			expect(matching(rows, facts, true)).toEqual(all.slice(0, 1));
		}),
		{ numRuns: runs(500) },
	);
});

test('facts are read from a message of ours, its event, and whatever others mean for one', () => {
	const event = {
		source: 'qd',
		type: 'task.failed',
		rawType: 'Failure',
		user: { name: 'Ann', id: 7 },
		item: { library: 'Films' },
		facts: { task: 'check in' },
		origin: 'manual',
	};
	expect(
		factsOf({
			incoming: { event, message: { title: 'T', body: 'Ｂody', level: 'failure', audience: 'admin' } },
			event,
		}),
	).toEqual({
		types: ['task.failed', 'Failure'],
		levels: ['failure'],
		sources: ['qd'],
		libraries: ['Films'],
		users: ['Ann', '7'],
		tasks: ['check in'],
		events: ['Failure'],
		origin: 'manual',
		audience: 'admin',
		text: 't\nbody',
	});
	expect(factsOf({ incoming: 'Disk full' }).text).toBe('disk full');
	expect(factsOf({ incoming: { subject: 'Disk', text: 'full' } }).text).toBe('disk\nfull');
});

test('nothing that comes in makes it fall', () => {
	fc.assert(
		fc.property(fc.anything(), fc.anything(), (incoming, event) => {
			const { outputs } = route.pass(
				{ incoming, event },
				valuesOf(route, { rows: [{ types: 'a' }] }),
				() => undefined,
			);
			expect(outputs).toHaveLength(1);
		}),
		{ numRuns: runs(500) },
	);
	const trap = new Proxy(
		{},
		{
			get: () => {
				throw new Error('no');
			},
			has: () => {
				throw new Error('no');
			},
		},
	);
	expect(factsOf({ incoming: trap }).types).toEqual([]);
});

test('an empty row keeps its place, and takes what comes to it', () => {
	const values = valuesOf(route, { rows: [{ types: 'a' }, {}, { types: 'b' }] });
	const outputs = (incoming: unknown) => route.pass({ incoming }, values, () => undefined).outputs;
	expect(outputs({ body: '', type: 'a' })).toEqual([0]);
	expect(outputs({ body: '', type: 'b' })).toEqual([1]);
	const all = valuesOf(route, { mode: 'all', rows: [{ types: 'a' }, { on: false }, { types: 'b' }, null] });
	expect(route.pass({ incoming: { body: '', type: 'b' } }, all, () => undefined).outputs).toEqual([2, 3]);
});

test('what cannot be a row is said at its field', () => {
	expect(() => valuesOf(route, { rows: Array(17).fill({}) })).toThrow(/16/);
	expect(() => valuesOf(route, { rows: [{}, { levels: 'loud' }] })).toThrow(
		expect.objectContaining({ field: 'rows[1].levels' }),
	);
	expect(() => valuesOf(route, { rows: 'not JSON' })).toThrow(/JSON/);
	expect(() => valuesOf(route, { mode: 'some' })).toThrow(/first/);
});

describe('rows that are ready', () => {
	const out = (preset: string, message: object, event: object) =>
		route.pass({ incoming: { body: 'b', ...message }, event }, valuesOf(route, { preset }), () => undefined)
			.outputs;

	test('MoviePilot’s types, as notices and as events', () => {
		const at = (zh: string) => [moviePilotRows.findIndex(({ name }) => name.zh === zh)];
		for (const zh of ['资源下载', '整理入库', '订阅', '站点', '媒体服务器', '手动处理', '插件', '智能体'])
			expect(out('moviePilot', { type: 'system.notice' }, { source: 'moviePilot', rawType: zh })).toEqual(at(zh));
		expect(out('moviePilot', { type: 'library.added' }, { rawType: 'transfer.complete' })).toEqual(at('整理入库'));
		expect(out('moviePilot', { type: 'watch.completed' }, {})).toEqual(at('订阅'));
		expect(out('moviePilot', { type: 'message' }, { rawType: '其它' })).toEqual([moviePilotRows.length]);
	});

	test('QD’s four', () => {
		const told = (origin: string, level: string) => out('qd', { origin, level }, { source: 'qd' });
		expect([told('manual', 'success'), told('manual', 'failure'), told('automatic', 'success')]).toEqual([
			[0],
			[1],
			[2],
		]);
		expect(told('automatic', 'failure')).toEqual([3]);
		expect(out('qd', { level: 'failure' }, { source: 'qd' })).toEqual([qdRows.length]);
	});

	test('Tautulli’s', () => {
		const told = (type: string) => out('tautulli', { type }, { source: 'tautulli' });
		expect([told('library.added'), told('playback.started'), told('task.failed')]).toEqual([
			[0],
			[1],
			[tautulliRows.length],
		]);
	});
});
