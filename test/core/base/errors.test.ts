import { fc } from '../../property';
import { ChannelError, invalid, redactor, seal } from '../../../src/core/base/errors';
import { quickly } from '../../work';

test('no form of a secret stays in a text', () => {
	fc.assert(
		fc.property(fc.string({ minLength: 4, unit: 'grapheme' }), fc.string(), (secret, around) => {
			const redact = redactor([secret]);
			for (const form of [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')]) {
				// What is left may only hold it where the surroundings or the stars form it anew.
				fc.pre(!around.includes(form) && !'***'.includes(form) && !`${around}***${around}`.includes(form));
				expect(redact(`${around}${form}${around}`)).not.toContain(form);
			}
		}),
	);
});

test('nor in what a request makes of it', () => {
	fc.assert(
		fc.property(fc.string({ minLength: 8, unit: 'binary-ascii' }), fc.string({ maxLength: 9 }), (secret, user) => {
			const basic = Buffer.from(`${user}:${secret}`);
			for (const form of [basic.toString('base64'), basic.toString('base64url')]) {
				const left = redactor([secret])(`Basic ${form}!`).replace(/^Basic |!$/g, '');
				expect(left).toContain('***');
				// A bit of its first and last character at the most.
				const known = Buffer.from(`${user}:`).toString('base64').replace(/=+$/, '').length;
				expect(left.replace('***', '').length).toBeLessThanOrEqual(known + 4);
			}
		}),
	);
	const redact = redactor(['p (w/\'&"1*!~']);
	for (const form of [
		new URLSearchParams({ k: 'p (w/\'&"1*!~' }).toString(),
		'k=p%20(w%2f%27%26%221*!~',
		'k=p (w/&#39;&amp;&quot;1*!~',
		"k=p (w/'&amp;&quot;1*!~",
	])
		expect(redact(form)).toBe('k=***');
});

test.each([
	['PHP', 'ab\\/cd+ef=='],
	['Go', 'ab/cd\\u002bef=='],
	['Go, for pages', 'ab/cd+ef\\u003d\\u003D'],
	['a picky printer', 'ab\\u002Fcd+ef=='],
	['twice', 'ab\\\\\\/cd+ef=='],
])('nor one in JSON as it is escaped by %s', (_, form) => {
	expect(redactor(['ab/cd+ef=='])(`{"inner":"{\\"key\\":\\"${form}\\"}"}`)).toBe('{"inner":"{\\"key\\":\\"***\\"}"}');
});

test('nor the beginning of one that was cut off', () => {
	const redact = redactor(['0123456789abcdef', 'https://example.com/hooks']);
	expect(redact('It says “no key 0123456789ab…” (400).')).toBe('It says “no key ***…” (400).');
	expect(redact('It says “no key 0123456789ab”. Check.')).toBe('It says “no key ***”. Check.');
	expect(redact('no key 0123456789ab')).toBe('no key ***');
	expect(redact('Look at “https://example.com”, “0123”.')).toBe('Look at “https://example.com”, “0123”.');
});

test('the longest secret goes first: none leaves a tail', () => {
	expect(redactor(['abcd', 'abcdefgh'])('x abcdefgh y')).toBe('x *** y');
});

test('short values are no secrets: they would blank half of any sentence', () => {
	expect(redactor(['a', 'key'])('a key')).toBe('a key');
});

test('a sealed error has no secret in message, stack, cause or JSON', () => {
	const redact = redactor(['s3cret-token']);
	const thrown = new ChannelError(
		'Rejected',
		{ en: 'said s3cret-token', zh: '说 s3cret-token' },
		{ code: 's3cret-token' },
	);
	const sealed = seal(thrown, 'zh', redact, 'chime');
	expect(sealed).toMatchObject({ message: '说 ***', channel: 'chime', class: 'Rejected', code: '***' });
	expect([sealed.message, sealed.stack, JSON.stringify(sealed), String(sealed.cause)].join()).not.toContain(
		's3cret-token',
	);
});

test('what was not foreseen becomes an error that asks to be reported', () => {
	const sealed = seal(new TypeError('x of s3cret-token'), 'en', redactor(['s3cret-token']));
	expect(sealed.class).toBe('Unexpected');
	expect(sealed.message).toBe('Carillon itself failed: x of ***. Please report this.');
	expect(seal('just text', 'en', (text) => text).message).toContain('just text');
});

test('a long word is read once', () => {
	const redact = redactor(['0123456789abcdef']);
	quickly(() => redact(`01234567 ${'x'.repeat(300_000)} 0123456789ab`));
});

test('JSON names what a flow branches on', () => {
	expect(JSON.parse(JSON.stringify(invalid('to', { en: 'Fill in “Chat”.', zh: '请填写“会话”。' })))).toEqual({
		name: 'ChannelError',
		class: 'Invalid',
		message: 'Fill in “Chat”.',
		field: 'to',
	});
});

test.each<[string, () => unknown]>([
	['nothing', () => undefined],
	['a symbol', () => Symbol('odd')],
	['an object without a prototype', () => Object.create(null)],
	['an error whose stack is a number', () => Object.assign(new Error('odd'), { stack: 5 })],
	['an error whose message is an object', () => Object.assign(new Error(), { message: Object.create(null) })],
	['an error whose message throws', () => Object.defineProperty(new Error(), 'message', { get: fail })],
	['a proxy that throws', () => new Proxy({}, { get: fail, getPrototypeOf: fail })],
	['a revoked proxy', () => (({ proxy, revoke }) => (revoke(), proxy))(Proxy.revocable({}, {}))],
])('whatever is thrown can be told: %s', (_what, thrown) => {
	expect(seal(thrown(), 'en', (text) => text)).toMatchObject({
		class: 'Unexpected',
		message: expect.stringMatching(/^Carillon itself failed: .+\. Please report this\.$/),
	});
});

function fail(): never {
	throw new Error('no');
}
