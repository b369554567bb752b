import { fc } from '../../property';
import { redactor } from '../../../src/core/base/errors';
import { looksSecret } from '../../../src/core/base/secrets';
import { scrub } from '../../../src/core/base/scrub';

const secret = '0123456789abcdef';
const redact = redactor([secret, '20240917', '98765432109876543210', 'S3"cr\\et/é']);

test('an answer without a secret is the same one', () => {
	const answer = { ok: true, id: 7, list: [1, null, { when: new Date(0), bytes: Buffer.from(secret) }] };
	expect(scrub(answer, redact)).toBe(answer);
	expect([scrub(undefined, redact), scrub(0, redact), scrub(false, redact)]).toEqual([null, 0, false]);
});

test('a secret goes from every text, key and number, and the rest keeps its shape', () => {
	expect(
		scrub({ [secret]: 1, [`x-${secret}`]: [`Bearer ${secret}`], at: 20240917, year: 2024, ok: true }, redact),
	).toEqual({ '***': 1, 'x-***': ['Bearer ***'], at: '***', year: 2024, ok: true });
	expect(scrub({ id: 98765432109876543210, same: 98765432109876543210n }, redact)).toEqual({
		id: '***',
		same: '***',
	});
	expect(scrub(JSON.parse(`{"__proto__":{"a":"${secret}"}}`), redact)).toEqual(
		JSON.parse('{"__proto__":{"a":"***"}}'),
	);
	expect(scrub({ text: JSON.stringify({ key: 'S3"cr\\et/é' }) }, redact)).toEqual({ text: '{"key":"***"}' });
});

test('two keys that were secrets stay two', () => {
	expect(scrub({ [secret]: 1, '20240917': 2, '***': 3 }, redact)).toEqual({ '***': 2, '*** 2': 1, '*** 3': 3 });
});

test('no answer is too deep, too circular or too strange', () => {
	let deep: unknown = secret;
	for (let level = 0; level < 10_000; level++) deep = level % 2 ? [deep] : { deep };
	expect(JSON.stringify(scrub(deep, redact))).not.toContain(secret);
	const circular: Record<string, unknown> = { secret };
	circular.self = { circular };
	expect(scrub(circular, redact)).toEqual({ secret: '***', self: { circular: '…' } });
	const twice = { secret };
	expect(scrub([twice, twice], redact)).toEqual([{ secret: '***' }, { secret: '***' }]);
	const thrower = Object.defineProperty({}, 'x', { enumerable: true, get: () => fail() });
	expect(scrub({ thrower }, redact)).toBe('***');
	let wide: unknown = secret;
	for (let level = 0; level < 60; level++) wide = [wide, wide];
	expect((scrub(wide, redact) as unknown[]).length).toBe(2);
});

test('whatever JSON it is, no secret stays, and nothing but secrets goes', () => {
	fc.assert(
		fc.property(fc.jsonValue(), fc.constantFrom(secret, '20240917'), (value, found) => {
			const text = JSON.stringify(value);
			fc.pre(!text.includes(secret) && !text.includes('20240917') && !text.includes('***'));
			expect(scrub(value, redact)).toEqual(value);
			expect(JSON.stringify(scrub({ value, [found]: [found] }, redact))).not.toContain(found);
		}),
		{ seed: 7, numRuns: 300 },
	);
});

test.each([
	['10001', false],
	['markdown', false],
	['application/json', false],
	['open-apis', false],
	['services', false],
	['sendMessage', false],
	['home-assistant', false],
	['living_room_2', false],
	['iphone15', false],
	['13800138000', false],
	['{title}', false],
	['T0000AAAA', true],
	['0123456789abcdef', true],
	['693a91f6-7c7e-4bc4-97a0-0ec2sifa5aaa', true],
	['xoxb-17653672481-19874698323', true],
	['a8F3kd92', true],
	['aBcDeFgHiJkL', true],
	['-1001234567890:AAFx', true],
])('%s by itself is a secret: %p', (value, is) => {
	expect(looksSecret(value)).toBe(is);
});
