import { fc } from '../../property';
import {
	choice,
	choices,
	isShown,
	json,
	list,
	multiline,
	number,
	read,
	secret,
	secrets,
	text,
	toggle,
	url,
} from '../../../src/core/base/field';
import { secretsOf } from '../../../src/core/base/secrets';
import type { ChannelError } from '../../../src/core/base/errors';
import { readForm } from '../../../src/core/define/forms';
import { bark } from '../../../src/services/bark/bark.channel';
import { proxyAddress, withSoundLogin } from '../../../src/core/base/percent';

const fields = {
	name: text('Name', { zh: '名称' }),
	note: multiline('Note', { zh: '备注', optional: true }),
	key: secret('Key', { zh: '密钥', optional: true }),
	keys: secrets('Keys', { zh: '密钥', optional: true }),
	server: url('Server', { zh: '服务器', default: 'https://example.com' }),
	count: number('Count', { zh: '数量', default: 3, min: 0, max: 9, integer: true }),
	loud: toggle('Loud', { zh: '响亮' }),
	kind: choice('Kind', { text: ['Text', '文本'], card: ['Card', '卡片'] }, { zh: '类型', default: 'text' }),
	days: choices('Days', ['mo', 'tu'], { zh: '日子' }),
	tags: list('Tags', { zh: '标签', optional: true }),
	card: json('Card', { zh: '卡片', show: { kind: ['card'] } }),
};

const failure = (raw: Record<string, unknown>): ChannelError => {
	try {
		read(fields, raw);
	} catch (error) {
		return error as ChannelError;
	}
	throw new Error('it was taken');
};

test('values have the types of their fields', () => {
	const values = read(fields, {
		name: ' Ann ',
		count: '5',
		loud: 'true',
		kind: 'card',
		card: '{"a":1}',
		tags: 'a, b\nc，d',
		keys: 'k1\nk2',
		days: ['mo'],
	});
	// The compiler holds these to the fields' types.
	const name: string = values.name;
	const count: number = values.count;
	const key: string | undefined = values.key;
	const kind: 'text' | 'card' = values.kind;
	const days: ('mo' | 'tu')[] = values.days;
	expect({ name, count, key, kind, days }).toEqual({
		name: 'Ann',
		count: 5,
		key: undefined,
		kind: 'card',
		days: ['mo'],
	});
	expect(values).toMatchObject({
		server: 'https://example.com',
		loud: true,
		card: { a: 1 },
		tags: ['a', 'b', 'c', 'd'],
		keys: ['k1', 'k2'],
	});
});

test('0, false and absence are three things', () => {
	expect(read(fields, { name: 'x', count: 0, loud: false })).toMatchObject({ count: 0, loud: false });
	expect(read(fields, { name: 'x', count: '' })).toMatchObject({ count: 3, loud: false, tags: [], days: [] });
});

test.each([
	['name', {}, 'Fill in “Name”.'],
	['name', { name: '   ' }, 'Fill in “Name”.'],
	['count', { name: 'x', count: 'many' }, '“Count” must be a number.'],
	['count', { name: 'x', count: 1.5 }, '“Count” must be a whole number.'],
	['count', { name: 'x', count: 10 }, '“Count” must be at most 9.'],
	['count', { name: 'x', count: -1 }, '“Count” must be at least 0.'],
	['kind', { name: 'x', kind: 'video' }, '“Kind” must be one of text, card.'],
	['loud', { name: 'x', loud: 'maybe' }, '“Loud” must be true or false.'],
	['server', { name: 'x', server: 'ftp://x' }, '“Server” must be a web address such as https://example.com.'],
	['card', { name: 'x', kind: 'card' }, 'Fill in “Card”.'],
	['card', { name: 'x', kind: 'card', card: '{' }, /^“Card” is not valid JSON/],
	['name', { name: {} }, '“Name” must be a text.'],
])('says what is wrong with %s of %j', (field, raw, sentence) => {
	const error = failure(raw);
	expect(error).toMatchObject({
		class: 'Invalid',
		field,
		message: expect.stringMatching(
			sentence instanceof RegExp ? sentence : new RegExp(`^${sentence.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`),
		),
	});
	expect(error.text.zh).toMatch(/\p{Script=Han}/u);
});

test('a field that is hidden is absent, also behind another hidden one', () => {
	expect(read(fields, { name: 'x', card: 'not json' }).card).toBeUndefined();
	const nested = {
		a: toggle('A', { zh: '甲' }),
		b: choice('B', ['x', 'y'], { zh: '乙', default: 'x', show: { a: [true] } }),
		c: text('C', { zh: '丙', show: { b: ['x'] } }),
	};
	expect(isShown(nested, 'c', { a: false })).toBe(false);
	expect(isShown(nested, 'c', { a: true })).toBe(true);
	expect(isShown(nested, 'c', { a: true, b: 'y' })).toBe(false);
});

test.each([
	['tg.mydomain.com', 'https://tg.mydomain.com'],
	['http://10.0.0.1:8080/', 'http://10.0.0.1:8080'],
	['https://x.com/path//', 'https://x.com/path'],
])('%s is the address %s', (given, expected) => {
	expect(read(fields, { name: 'x', server: given }).server).toBe(expected);
});

test('a check is said after the field’s name', () => {
	const checked = {
		token: secret('Token', {
			zh: '令牌',
			check: (value) =>
				value.startsWith('AT_') ? undefined : { en: 'must start with AT_', zh: '必须以 AT_ 开头' },
		}),
	};
	expect(() => read(checked, { token: 'x' })).toThrow('“Token” must start with AT_.');
});

test('whatever a host stored, reading gives values or an Invalid', () => {
	fc.assert(
		fc.property(
			fc.record(Object.fromEntries(Object.keys(fields).map((key) => [key, fc.anything()])), { requiredKeys: [] }),
			(raw) => {
				try {
					read(fields, raw as Record<string, unknown>);
				} catch (error) {
					expect(error).toMatchObject({ name: 'ChannelError', class: 'Invalid' });
				}
			},
		),
	);
});

test.each([
	['a, b，c\nd,,', ['a', 'b', 'c', 'd']],
	['"Doe, Ann" <ann@example.com>, bob@example.com', ['"Doe, Ann" <ann@example.com>', 'bob@example.com']],
	['5" disk, 3" disk', ['5" disk', '3" disk']],
	['"a, b', ['"a', 'b']],
])('a list %j is taken apart where no quotes hold it together', (given, items) => {
	expect(read(fields, { name: 'Ann', tags: given }).tags).toEqual(items);
});

test('finds the secrets of values, also inside URLs, lists and JSON', () => {
	const all = {
		hook: url('Hook', { zh: '地址', secret: true }),
		keys: fields.keys,
		headers: json('Headers', { zh: '请求头', secret: true, optional: true }),
		name: fields.name,
	};
	const found = secretsOf(all, {
		hook: 'https://user:pa55word@hooks.example/services/T0000AAAA?key=query-key',
		keys: 'first-key, second-key',
		headers: '{"Authorization":"Bearer bearer-token"}',
		name: 'public',
	});
	expect(found).toEqual(
		expect.arrayContaining(['pa55word', 'T0000AAAA', 'query-key', 'first-key', 'second-key', 'bearer-token']),
	);
	expect(found).not.toContain('public');
	expect(secretsOf(all, { hook: 'https://user:100%zz@hooks.example' })).toContain('100%zz');
	// As people paste it.
	expect(secretsOf(all, { hook: ' hooks.example/services/T0000AAAA?key=query-key' })).toEqual(
		expect.arrayContaining(['T0000AAAA', 'query-key']),
	);
});

test('what a URL or JSON says without a secret is none', () => {
	const all = {
		hook: url('Hook', { zh: '地址', secret: true }),
		headers: json('Headers', { zh: '请求头', secret: true, optional: true }),
	};
	const found = secretsOf(all, {
		hook: 'http://admin:pa55word@nas/open-apis/hook?uid=10001&format=markdown&ok=true&access_token=abcd&sign=yes',
		headers: { 'Content-Type': 'application/json', 'X-Room': 'kitchen-light', 'X-Api-Key': 12345, Accept: '*/*' },
	});
	for (const common of [
		'admin',
		'open-apis',
		'10001',
		'markdown',
		'true',
		'yes',
		'application/json',
		'kitchen-light',
	])
		expect(found).not.toContain(common);
	expect(found).toEqual(
		expect.arrayContaining([
			'pa55word',
			'abcd',
			'12345',
			'open-apis/hook?uid=10001&format=markdown&ok=true&access_token=abcd&sign=yes',
		]),
	);
	// Where there is no password, the name is one.
	expect(secretsOf(all, { hook: 'https://t0ken@hooks.example' })).toContain('t0ken');
});

test.each([
	['127.0.0.1:7890', 'http://127.0.0.1:7890'],
	['user:pa#ss@proxy:3128', 'http://user:pa%23ss@proxy:3128'],
	['socks://proxy:1080', 'socks5://proxy:1080'],
	[' SOCKS5://proxy:1080 ', 'SOCKS5://proxy:1080'],
	['proxy', 'http://proxy'],
])('the proxy %j is read', (given, expected) => {
	expect(proxyAddress(given)).toBe(expected);
	const { values } = readForm(bark.account, { deviceKeys: 'abcdefgh', proxy: given });
	expect((values as { proxy: string }).proxy).toBe(given.trim());
});

test.each(['ftp://proxy', 'socks4://proxy:1080', 'http://', 'two words'])('the proxy %j is none', (proxy) => {
	expect(() => readForm(bark.account, { deviceKeys: 'abcdefgh', proxy })).toThrow(/http:\/\//);
});

test.each([
	['socks5://user:pa#ss@proxy:1080', 'user', 'pa#ss', 'proxy:1080'],
	['socks5://user:pa%23ss@proxy:1080', 'user', 'pa#ss', 'proxy:1080'],
	['http://user:p/a?s:s@x@proxy:3128', 'user', 'p/a?s:s@x', 'proxy:3128'],
	['http://user:100%@proxy:3128/', 'user', '100%', 'proxy:3128'],
	['socks5h://user@[::1]:1080', 'user', '', '[::1]:1080'],
	['http://proxy:3128', '', '', 'proxy:3128'],
])('the login of %s is read, and its password is a secret', (address, user, password, host) => {
	const url = new URL(withSoundLogin(address));
	expect([decodeURIComponent(url.username), decodeURIComponent(url.password), url.host]).toEqual([
		user,
		password,
		host,
	]);
	if (password.length >= 4)
		expect(secretsOf({ proxy: secret('Proxy', { zh: '代理' }) }, { proxy: address })).toContain(password);
});
