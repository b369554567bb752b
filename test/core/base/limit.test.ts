import { fc } from '../../property';
import { bytes, chars, fits, jsonBytes, measure, utf16, visible, weightOf } from '../../../src/core/base/limit';
import { roomFor } from '../../../src/services/bark/payload';

describe('measure', () => {
	test.each([
		['', 0, 0, 0],
		['abc', 3, 3, 3],
		['电影', 6, 2, 2],
		['👍', 4, 2, 1],
		['👨‍👩‍👧', 18, 8, 5],
		['é', 2, 1, 1],
		['e\u0301', 3, 2, 2],
	])('%s', (text, inBytes, inUtf16, inChars) => {
		expect([measure(text, 'bytes'), measure(text, 'utf16'), measure(text, 'chars')]).toEqual([
			inBytes,
			inUtf16,
			inChars,
		]);
	});

	test('adds up over whole characters', () => {
		fc.assert(
			fc.property(
				fc.string({ unit: 'binary' }),
				fc.string({ unit: 'binary' }),
				fc.constantFrom('bytes', 'utf16', 'chars'),
				(a, b, unit) => {
					expect(measure(a + b, unit as 'bytes')).toBe(
						measure(a, unit as 'bytes') + measure(b, unit as 'bytes'),
					);
				},
			),
		);
	});
});

test('limits say what they count', () => {
	expect(bytes(5)).toEqual({ max: 5, unit: 'bytes', counts: 'all' });
	expect(chars(5)).toEqual({ max: 5, unit: 'chars', counts: 'all' });
	expect(visible(utf16(5))).toEqual({ max: 5, unit: 'utf16', counts: 'visible' });
});

describe('whether a text fits', () => {
	const hostile = fc.string({
		unit: fc.constantFrom('a', '"', '\\', '\0', '<', '&', '\u2028', 'é', '影', '👍', '\ud800'),
	});
	test.each([
		['bytes', bytes],
		['chars', chars],
		['utf16', utf16],
		['bytes of JSON', jsonBytes],
		['bytes of JSON within JSON', (max: number) => jsonBytes(max, 2)],
		['Bark’s', (max: number) => roomFor(max, false)],
	])('is what weighing it says: %s', (_, limit) => {
		fc.assert(
			fc.property(hostile, fc.integer({ min: 0, max: 80 }), (text, max) => {
				expect(fits(text, limit(max))).toBe(weightOf(text, limit(max)) <= max);
			}),
			{ numRuns: 1000 },
		);
	});
});
