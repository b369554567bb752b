import { workOf } from '../../work';
import { hidden, namesSecret, secretFields, withoutSecrets } from '../../../src/core/base/secretNames';

test.each([
	...[
		'token',
		'TOKEN',
		'access_token',
		'accessToken',
		'TELEGRAM_TOKEN',
		'x-auth-token',
		'authtoken',
		'token2',
		'botToken',
	],
	...[
		'password',
		'Passwd',
		'db_password',
		'dbPassword',
		'pwd',
		'passphrase',
		'Passwort',
		'contraseña',
		'mot de passe',
	],
	...['secret', 'client_secret', 'clientSecret', 'SECRET', 'apikey', 'apiKey', 'API_KEY', 'X-Api-Key', 'api key'],
	...['authorization', 'Authorization', 'cookie', 'Set-Cookie', 'session', 'session_id', 'sessionId', 'private_key'],
	...[
		'privateKey',
		'PRIVATE-KEY',
		'sendkey',
		'SENDKEY',
		'access_key',
		'accessKey',
		'AWS_ACCESS_KEY_ID',
		'credentials',
	],
	...['smtp_pass', 'dbPass', 'MYSQL_PASS', 'webhook_url', 'webhookUrl', 'user_pass'],
	...['密码', '登录密码', '密钥', '令牌', '访问令牌', '口令', 'パスワード', '비밀번호', 'пароль', 'senha', 'jwt'],
])('%s names a secret', (name) => expect(namesSecret(name)).toBe(true));

test.each([
	...['title', 'message', 'key', 'keyboard', 'monkey', 'tokenizer', 'secretary', 'passed', 'compass', 'passenger'],
	...[
		'author',
		'authorName',
		'tokens_used',
		'cookiecutter',
		'sessions',
		'keyword',
		'hotkey',
		'关键词',
		'键',
		'spinner',
	],
	...['x'.repeat(200), 'pass', 'bypass', 'season_pass', 'url', 'hook'],
])('%s names none', (name) => expect(namesSecret(name)).toBe(false));

test('what is beside the name of a secret is one', () => {
	const isSecret = secretFields({ key: 'TELEGRAM_TOKEN', value: 'x', changed: 'today' });
	expect(isSecret('value', 'x')).toBe(true);
	expect(isSecret('changed', 'today')).toBe(false);
	expect(secretFields({ key: 'COLOUR', value: 'x' })('value', 'x')).toBe(false);
	expect(secretFields({})('auth', true)).toBe(false);
	expect(secretFields({})('password', 123)).toBe(true);
	const changed = secretFields({ setting: 'api_key', from: 'a', to: 'b' });
	expect([changed('from', 'a'), changed('to', 'b'), changed('setting', 'api_key')]).toEqual([true, true, false]);
	expect(secretFields({ user: 'ann', pass: 'x' })('pass', 'x')).toBe(true);
	expect(secretFields({ pass: '12/12' })('pass', '12/12')).toBe(false);
});

test.each([
	['{"title":"x","password":"hun\\"ter2" broken', 'hun', '"title":"x"'],
	["{'token': 'abc123', 'host': 'nas'", 'abc123', "'host': 'nas'"],
	['{apiKey=abc123&host=nas}', 'abc123', 'host=nas'],
	['{"access_token":"abc', 'abc', 'access_token'],
])('of %j the secret is taken out', (text, secret, kept) => {
	const shown = withoutSecrets(text);
	expect(shown).not.toContain(secret);
	expect(shown).toContain(hidden);
	expect(shown).toContain(kept);
});

test('a text without any stays as it is', () => {
	const text = '{"host":"nas","monkey":"business","n":[1,2]}';
	expect(withoutSecrets(text)).toBe(text);
});

test('a long text that names no secret is looked at once', () => {
	const plain = '[a link](https://example.com/a) '.repeat(10_000);
	expect(workOf(() => expect(withoutSecrets(plain)).toBe(plain))).toBeLessThan(4 * plain.length);
	for (const name of ['token', 'API key', 'Session ID', 'smtp_pass', '密码', 'mot de passe'])
		expect(withoutSecrets(`${plain}{"${name}": "hunter22"`)).not.toContain('hunter22');
});
