import fc from 'fast-check';
import { outline } from '../../../src/core/base/outline';

test.each<[unknown, string]>([
	[{ used: '91%' }, 'used: 91%'],
	[{ a: 1, b: { c: true, d: { e: 'x' } } }, 'a: 1\nb.c: true\nb.d.e: x'],
	[{ tags: ['a', 'b'], none: null, empty: '' }, 'tags: a, b'],
	[{ disks: [{ name: 'sda', free: 3 }, { name: 'sdb' }] }, 'disks:\n- name: sda\n  free: 3\n- name: sdb'],
	[['x', 'y'], 'x, y'],
	[{ key: 'TELEGRAM_TOKEN', value: '123:abc' }, 'key: TELEGRAM_TOKEN\nvalue: •••'],
	[
		{ user: { name: 'ann', password: 'hunter2' }, session: { id: 's' } },
		'user.name: ann\nuser.password: •••\nsession: •••',
	],
	[{ settings: [{ name: 'api_key', value: 'k' }] }, 'settings:\n- name: api_key\n  value: •••'],
])('%j', (value, lines) => expect(outline(value)).toBe(lines));

test('holds every leaf of what is small', () => {
	fc.assert(
		fc.property(
			fc.dictionary(
				fc.stringMatching(/^[a-d]{1,6}$/),
				fc.oneof(
					fc.stringMatching(/^\w{1,9}$/),
					fc.integer(),
					fc.array(fc.stringMatching(/^\w{1,5}$/), { maxLength: 3 }),
				),
			),
			(value) => {
				const lines = outline(value);
				for (const one of Object.values(value).flat()) expect(lines).toContain(String(one));
			},
		),
		{ seed: 7 },
	);
});

test('tells how much it leaves out', () => {
	const many = Object.fromEntries(Array.from({ length: 2_000 }, (_, at) => [`k${at}`, at]));
	const lines = outline(many).split('\n');
	expect(lines).toHaveLength(501);
	expect(lines.at(-1)).toBe('… +1500');
	expect(outline({ a: 'x'.repeat(1_000_000), b: 1 }).length).toBeLessThan(21_000);
});

test.each([
	[{ env: ['API_KEY=hunter2', 'PATH=/bin'] }, 'env: API_KEY=•••, PATH=/bin'],
	[{ log: 'password=hunter2 user=ann' }, 'log: password=••• user=ann'],
	[{ headers: ['X-Api-Key: hunter2', 'Accept: text'] }, 'headers: X-Api-Key: •••, Accept: text'],
	[{ header: 'Authorization: Bearer hunter2' }, 'header: Authorization: •••'],
	[
		{
			headers: [
				['Authorization', 'Basic hunter2'],
				['Accept', 'text'],
			],
		},
		'headers:\n- Authorization: •••\n- Accept, text',
	],
	[{ rawHeaders: ['Authorization', 'Bearer hunter2abc'] }, 'rawHeaders: Authorization, Bearer •••'],
	[{ text: 'Basic training for ann' }, 'text: Basic training for ann'],
	[
		{ cmd: 'curl -H "Authorization: Bearer hunter2" https://e.com' },
		'cmd: curl -H "Authorization: Bearer •••" https://e.com',
	],
	[{ dsn: 'postgres://ann:hunter2@db:5432/x' }, 'dsn: postgres://ann:•••@db:5432/x'],
	[{ broker: 'at redis://:hunter2@cache/0 now' }, 'broker: at redis://:•••@cache/0 now'],
	[
		{ link: 'https://e.com:8080/@ann', mail: 'mailto:a@e.com' },
		'link: https://e.com:8080/@ann\nmail: mailto:a@e.com',
	],
	[{ json: '{"password":"hunter2","a":1}' }, 'json: {"password":•••,"a":1}'],
	[{ link: 'https://e.com/?token=hunter2&a=1' }, 'link: https://e.com/?token=•••&a=1'],
	[{ json: '{\\"password\\":\\"hun\\\\\\"ter2\\",\\"a\\":1}' }, 'json: {\\"password\\":•••,\\"a\\":1}'],
	[{ json: '{\\"a\\":1,\\"password\\":\\"hunter2 and mo' }, 'json: {\\"a\\":1,\\"password\\":•••'],
	[{ cmd: 'curl -u me:hunter2 https://e.com' }, 'cmd: curl -u me:••• https://e.com'],
	[{ cmd: 'curl --user "me:hunter2" x; curl -ume:hunter2' }, 'cmd: curl --user "me:•••" x; curl -ume:•••'],
	[{ cmd: 'docker run -u 1000:1000 --token-file a' }, 'cmd: docker run -u 1000:1000 --token-file a'],
	[{ cmd: "docker login -u me -p 'hunter2' r" }, "cmd: docker login -u me -p '•••' r"],
	[{ cmd: 'mysql -u root -phunter2 db -P 3306' }, 'cmd: mysql -u root -p••• db -P 3306'],
	[{ cmd: 'tool --api-key hunter2 --password "hunter2" -v' }, 'cmd: tool --api-key ••• --password "•••" -v'],
	[
		{ file: '[x]\naws_secret_access_key = hunter2\nregion = eu' },
		'file: [x]\naws_secret_access_key = •••\nregion = eu',
	],
	[{ key: 'AKIAIOSFODNN7EXAMPLE' }, 'key: AKIA•••'],
	[{ said: 'by AKIAIOSFODNN7EXAMPLE, no AKIA' }, 'said: by AKIA•••, no AKIA'],
	[{ said: `pushed with ghp_${'a1B2'.repeat(9)}.` }, 'said: pushed with ghp_•••.'],
	[{ said: 'xoxb-123456789012-abcdefghij' }, 'said: xoxb•••'],
	[{ said: ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln', 'eyJ'] }, 'said: eyJ•••, eyJ'],
	[{ said: 'bot 123456789:AAhunter2hunter2hunter2hunter2hunt at 12:30' }, 'said: bot 123456789:••• at 12:30'],
	[
		{ said: 'https://hooks.slack.com/services/T0/B0/hunter2 is it' },
		'said: https://hooks.slack.com/services/••• is it',
	],
	[
		{ said: '-----BEGIN RSA PRIVATE KEY-----\nMIIEhunter2\n-----END RSA PRIVATE KEY-----' },
		'said: -----BEGIN RSA PRIVATE KEY-----•••-----END RSA PRIVATE KEY-----',
	],
	[{ said: 'task-1 sk-ip, disk-usage-of-the-large-one: 5' }, 'said: task-1 sk-ip, disk-usage-of-the-large-one: 5'],
	[{ user: 'ann', pass: 'hunter2' }, 'user: ann\npass: •••'],
	[{ note: 'Password: changed by ann', pass: '3/4' }, 'note: Password: changed by ann\npass: 3/4'],
])('%j is told without its secrets', (value, shown) => {
	expect(outline(value)).toBe(shown);
});
