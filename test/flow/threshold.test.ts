import { second } from '../../src/core/base/wallClock';
import { threshold } from '../../src/flow/threshold/threshold.flow';
import { quiet } from '../heldClock';
import { fc, runs } from '../property';
import { flowBench } from './flowBench';

const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

const task = (outcome: 'failed' | 'completed', name = 'Backup', more: object = {}) => ({
	message: { title: `${name} ${outcome}`, body: 'why', level: outcome === 'failed' ? 'failure' : 'success' },
	event: {
		source: 'jellyfin',
		type: `task.${outcome}`,
		rawType: 'x',
		time: '',
		facts: { task: name },
		raw: 1,
		...more,
	},
});
const qd = (outcome: '成功' | '失败', kind = '定时任务') => ({
	message: {
		title: `QD${kind} Nest-alice ${outcome}`,
		body: '日志',
		level: outcome === '失败' ? 'failure' : 'success',
	},
	event: {
		...{
			source: 'qd',
			type: outcome === '失败' ? 'task.failed' : 'task.completed',
			rawType: 'push',
			time: '',
			raw: 1,
		},
		origin: kind === '定时任务' ? 'automatic' : 'manual',
	},
});

function bench(raw: object = {}) {
	const made = flowBench(threshold, raw);
	const running = made.start();
	const told = () => made.from(0).map(({ carillon }) => (carillon?.threshold as { what?: string } | undefined)?.what);
	return { ...made, running, told };
}

test('the third failure in a row is told, with how many there were since when; the others are held back', async () => {
	const { put, out, clock, running, from } = bench();
	for (let n = 0; n < 5; n++) {
		await put(task('failed'));
		await clock.advance(minute);
	}
	expect(out.map(({ output }) => output)).toEqual([1, 1, 0, 1, 1]);
	expect(from(0)).toMatchObject([
		{
			message: {
				...{ title: 'Backup failed', body: 'why' },
				fields: [
					{ name: 'Failures in a row', value: '3' },
					{ name: 'Since', value: '2027-01-15 08:00' },
				],
			},
			carillon: { threshold: { what: 'alert', failures: 3, since: '2027-01-15T08:00:00.000Z' } },
		},
	]);
	// What is held back is as it came.
	expect(from(1)[0]).toEqual(task('failed'));
	await running.close();
});

test('it has recovered, once, after an alert alone; then all begins anew', async () => {
	const { put, told, from, clock, running } = bench({ language: 'zh' });
	await put(task('failed'));
	await put(task('completed'));
	expect(told()).toEqual([]);
	for (let n = 0; n < 3; n++) await put(task('failed'));
	await clock.advance(26 * hour + 10 * minute);
	for (let n = 0; n < 3; n++) await put(task('completed'));
	expect(told()).toEqual(['alert', 'recovered']);
	expect(from(0)[1]!.message).toMatchObject({
		fields: [
			{ name: '此前失败', value: '3' },
			{ name: '持续', value: '1 天 2 小时' },
		],
	});
	for (let n = 0; n < 2; n++) await put(task('failed'));
	expect(told().length).toBe(2);
	await running.close();
});

test('each task is counted by itself, also one that only its title names', async () => {
	const { put, told, keys, running } = bench({ failures: 2 });
	await put(task('failed', 'Backup'));
	await put(task('failed', 'Scan'));
	await put(qd('失败'));
	expect(told()).toEqual([]);
	await put(qd('失败'));
	expect(told()).toEqual(['alert']);
	await put(qd('成功'));
	expect(told()).toEqual(['alert', 'recovered']);
	expect((await keys()).sort()).toEqual(['jellyfin · Backup', 'jellyfin · Scan']);
	await running.close();
});

test.each([
	['Backup failed', 'Backup succeeded'],
	['❌ Backup: error', '✅ Backup: ok'],
	['[备份] 执行失败', '[备份] 执行成功'],
	['nas is down', 'nas is up'],
])('of scripts, “%s” and “%s” are about the same', async (bad, good) => {
	const { put, told, running } = bench({ failures: 2 });
	for (let n = 0; n < 2; n++) await put({ message: { title: bad, body: `try ${n}`, level: 'failure' } });
	await put({ message: { title: good, body: 'fine', level: 'success' } });
	expect(told()).toEqual(['alert', 'recovered']);
	await running.close();
});

test.each([
	['monitor.down', 'monitor.up'],
	['alert.firing', 'alert.resolved'],
	['system.unhealthy', 'system.healthy'],
])('%s is a failure, %s its recovery, whatever level they have', async (bad, good) => {
	const { put, told, running } = bench({ failures: 1 });
	const event = (type: string) => ({
		message: { body: 'x' },
		event: { source: 'a', type, facts: { monitor: 'nas' } },
	});
	await put(event(bad));
	await put(event(good));
	expect(told()).toEqual(['alert', 'recovered']);
	await running.close();
});

test('what tells of neither passes unchanged, and costs no key', async () => {
	const { put, out, keys, running } = bench();
	const added = { message: { body: 'x', level: 'success' }, event: { source: 'emby', type: 'library.added' } };
	for (const content of [
		added,
		{ message: 'plain' },
		{},
		{ message: { body: 'x', level: 'warning' } },
		{ event: 3 },
	]) {
		await put(content);
		expect(out.pop()).toMatchObject({ output: 0, content });
	}
	expect(await keys()).toEqual([]);
	await running.close();
});

test.each([
	[{}, [0, 1, 1]],
	[{ manualFailure: false, manualSuccess: true, autoSuccess: true }, [1, 0, 0]],
])('by hand and by itself, success and failure, as %j says', async (raw, outputs) => {
	const { put, out, running } = bench(raw);
	await put(qd('失败', '任务'));
	await put(qd('成功', '任务'));
	await put(qd('成功'));
	expect(out.map(({ output }) => output)).toEqual(outputs);
	// By hand does not count.
	for (let n = 0; n < 4; n++) await put(qd('失败', '任务'));
	await put(qd('失败'));
	expect(out.at(-1)!.output).toBe(1);
	await running.close();
});

test('reminds at every Nth further failure', async () => {
	const { put, told, out, running } = bench({ failures: 2, remindEvery: 3 });
	for (let n = 0; n < 9; n++) await put(task('failed'));
	expect(told()).toEqual(['alert', 'reminder', 'reminder']);
	expect(out.map(({ output }) => output)).toEqual([1, 0, 1, 1, 0, 1, 1, 0, 1]);
	await running.close();
});

test('reminds again and again by the clock, through restarts, until it has recovered', async () => {
	const { put, told, from, clock, running, start } = bench({ failures: 1, remindAfter: 3_600 });
	await put(task('failed'), {}, { files: { poster: { data: new Uint8Array(3) } } });
	await clock.advance(2.5 * hour);
	await running.close();
	await clock.advance(10 * hour);
	const again = start();
	await quiet();
	// What is overdue comes once.
	expect(told()).toEqual(['alert', 'reminder', 'reminder', 'reminder']);
	expect(from(0)[1]).toMatchObject({ message: { title: 'Backup failed' }, event: { type: 'task.failed' } });
	expect(from(0)[1]!.event).not.toHaveProperty('raw');
	await put(task('completed'));
	await clock.advance(day);
	expect(told().slice(4)).toEqual(['recovered']);
	await again.close();
});

test('once somebody has acknowledged it nobody is reminded until it has recovered, through a restart, too', async () => {
	const { put, told, command, clock, running, start } = bench({ failures: 1, remindAfter: 60, remindEvery: 1 });
	for (const name of ['Backup', 'Scan']) await put(task('failed', name));
	await command('ack', 'jellyfin · Backup');
	await running.close();
	const again = start();
	await clock.advance(90 * second);
	await put(task('failed', 'Backup'));
	expect(told()).toEqual(['alert', 'alert', 'reminder']);
	await command('ack');
	await clock.advance(day);
	expect(told().length).toBe(3);
	for (const name of ['Backup', 'Scan']) await put(task('completed', name));
	await put(task('failed', 'Backup'));
	await clock.advance(90 * second);
	expect(told().slice(3)).toEqual(['recovered', 'recovered', 'alert', 'reminder']);
	await again.close();
});

test('reset forgets; other settings hold for what is remembered', async () => {
	const { put, told, command, clock, running, start, keys } = bench({ failures: 3 });
	await put(task('failed'));
	await put(task('failed'));
	await command('reset', 'jellyfin · Backup');
	expect(await keys()).toEqual([]);
	for (let n = 0; n < 2; n++) await put(task('failed'));
	await running.close();
	const again = start({ failures: 2, remindAfter: 60 });
	await put(task('failed'), { failures: 2, remindAfter: 60 });
	await clock.advance(70 * second);
	expect(told()).toEqual(['alert', 'reminder']);
	await again.close();
	const never = start({ failures: 2 });
	await clock.advance(day);
	expect(told().length).toBe(2);
	await never.close();
});

test.each([
	['a threshold of 0', { failures: 0 }, 'failures'],
	['half a failure', { failures: 1.5 }, 'failures'],
	['a time before now', { remindAfter: -1 }, 'remindAfter'],
])('%s is told at the field', (_, raw, field) => {
	const { valuesOf } = flowBench(threshold);
	expect(() => valuesOf(raw)).toThrow(expect.objectContaining({ class: 'Invalid', field }));
});

// A model: a list of what came since the last success, looked through each time.

test('what is told is what a list of all that came says', async () => {
	const doing = fc.oneof(
		{
			weight: 8,
			arbitrary: fc.record({
				do: fc.constant('put' as const),
				name: fc.constantFrom('a', 'b'),
				isGood: fc.boolean(),
				isManual: fc.boolean(),
			}),
		},
		{ weight: 4, arbitrary: fc.record({ do: fc.constant('bad' as const), name: fc.constantFrom('a', 'b') }) },
		{ weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
		{
			weight: 1,
			arbitrary: fc.record({ do: fc.constant('set' as const), ms: fc.integer({ min: -3 * day, max: 3 * day }) }),
		},
		{
			weight: 1,
			arbitrary: fc.record({
				do: fc.constantFrom('ack' as const, 'reset' as const),
				name: fc.constantFrom('a', 'b'),
			}),
		},
	);
	await fc.assert(
		fc.asyncProperty(
			fc.array(doing, { minLength: 1, maxLength: 40 }),
			fc.record({
				...{ failures: fc.integer({ min: 1, max: 4 }), remindEvery: fc.integer({ min: 0, max: 3 }) },
				...{ recovered: fc.boolean(), manualFailure: fc.boolean() },
				...{ manualSuccess: fc.boolean(), autoSuccess: fc.boolean() },
			}),
			async (steps, raw) => {
				const made = flowBench(threshold, raw);
				const { put, out, clock, command, nextDue } = made;
				let running = made.start();
				const since = new Map<string, { failures: number; isAcked: boolean; told: number }>();
				const expected: number[] = [];
				for (const each of steps) {
					if (each.do === 'set') clock.set(clock.now() + each.ms);
					else if (each.do === 'restart') {
						await running.close();
						running = made.start();
					} else if (each.do === 'reset') {
						await command('reset', `jellyfin · ${each.name}`);
						since.delete(each.name);
					} else if (each.do === 'ack') {
						await command('ack', `jellyfin · ${each.name}`);
						const known = since.get(each.name);
						if (known && known.failures >= raw.failures) known.isAcked = true;
					} else {
						const { name } = each;
						const { isGood, isManual } = each.do === 'put' ? each : { isGood: false, isManual: false };
						const origin = isManual ? 'manual' : 'automatic';
						await put(task(isGood ? 'completed' : 'failed', name, { origin }));
						const known = since.get(name) ?? { failures: 0, isAcked: false, told: 0 };
						const isAlerting = known.failures >= raw.failures;
						if (isManual) expected.push((isGood ? raw.manualSuccess : raw.manualFailure) ? 0 : 1);
						else if (isGood) {
							expected.push((isAlerting && raw.recovered) || raw.autoSuccess ? 0 : 1);
							since.delete(name);
						} else {
							known.failures++;
							since.set(name, known);
							const isFirst = known.failures === raw.failures;
							const further = known.failures - known.told;
							const isAgain =
								isAlerting && raw.remindEvery > 0 && further >= raw.remindEvery && !known.isAcked;
							if (isFirst || isAgain) known.told = known.failures;
							expected.push(isFirst || isAgain ? 0 : 1);
						}
					}
					await quiet();
					if ([...since.values()].some(({ failures }) => failures >= raw.failures))
						expect(await nextDue()).toBeDefined();
				}
				expect(out.map(({ output }) => output)).toEqual(expected);
				await running.close();
				await made.store.close();
			},
		),
		{ numRuns: runs(60) },
	);
}, 60_000);
