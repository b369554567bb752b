import { definitions } from '../../scripts/definitions';
import { isChannelError } from '../../src/core/base/errors';
import type { Flow } from '../../src/core/define/flow';
import { commandIn, isPassing, valuesOf, type Passing } from '../../src/core/define/passing';
import { flowNode } from '../../src/hosts/n8n/flow-node';
import { fc, runs } from '../property';
import { workOf } from '../work';

/** What holds for every node in the middle of a flow that keeps nothing, whichever there are. */

const flows = definitions().flatMap(({ kind, definition }) => (kind === 'flow' ? [definition as Flow | Passing] : []));
const passing = flows.filter(isPassing);

const silent = () => undefined;
const usual = (flow: Passing) => valuesOf(flow, {});

test('in n8n those that keep something let it out by themselves, the others are ordinary steps', () => {
	expect(passing.length).toBeGreaterThan(0);
	for (const flow of flows)
		expect([flow.id, 'trigger' in new (flowNode(flow))()]).toEqual([flow.id, !isPassing(flow)]);
});

describe.each(passing.map((flow) => [flow.id, flow] as const))('%s', (_id, flow) => {
	test('whatever comes in goes out somewhere, or is refused with a sentence', () => {
		const message = fc.record(
			{
				body: fc.oneof(fc.string(), fc.anything()),
				...Object.fromEntries(
					['title', 'type', 'level', 'url', 'image', 'attachments', 'fields', 'buttons', 'to', 'silent'].map(
						(key) => [key, fc.anything()],
					),
				),
			},
			{ requiredKeys: [] },
		);
		fc.assert(
			fc.property(fc.oneof(message, fc.anything()), fc.anything(), (incoming, event) => {
				try {
					const { outputs } = flow.pass({ incoming, event }, usual(flow), silent);
					expect(outputs.length).toBeGreaterThan(0);
				} catch (error) {
					if (!isChannelError(error)) throw error;
					for (const text of [error.text.en, error.text.zh]) expect(text).toMatch(/\S/);
				}
			}),
			{ numRuns: runs(300) },
		);
	});

	test('a detail that is broken costs no text', () => {
		for (const key of ['level', 'image', 'buttons', 'fields', 'attachments', 'url', 'time'])
			for (const broken of [{}, [[]], 7, 'none', { nothing: { of: 'it' } }]) {
				const incoming = { body: 'The text', [key]: broken };
				const { message, outputs } = flow.pass({ incoming }, usual(flow), silent);
				expect(outputs).toHaveLength(1);
				// One that changes nothing leaves that to whoever sends it.
				if (message) expect([key, message.body]).toEqual([key, 'The text']);
			}
	});

	test.each(['word ', '*_`[', '\u202e\u0000', '<a@b> '])(
		'a long text of %j is looked at a few times, not over and over',
		(piece) => {
			const body = piece.repeat(200_000);
			const work = workOf(() => flow.pass({ incoming: { body } }, usual(flow), silent));
			expect(work / body.length).toBeLessThanOrEqual(30);
		},
	);
});

test('what is a command is told from what has the same name', () => {
	for (const name of ['flush', 'reset', 'ack']) {
		expect([true, 'key'].map((value) => commandIn({ [name]: value }))).toEqual([name, name]);
		for (const value of [false, null, undefined, '', ' ', 0, 1, {}])
			expect(commandIn({ [name]: value })).toBeUndefined();
	}
	expect(commandIn({ carillon: { command: 'flush' } })).toBe('carillon.command');
	for (const carillon of [null, 'flush', { batch: 'x' }, { command: '' }])
		expect(commandIn({ carillon })).toBeUndefined();
});
