import { shownLink } from '../../../src/core/base/shownLink';

test.each([
	'https://status.example.com/x?id=5#top',
	'http://web.example/',
	'https://web.example/hooks/',
	'https://web.example/docs/webhook/how-to',
	' https://web.example/a%20b ',
])('%s is shown', (url) => expect(shownLink(url)).toBe(url.trim()));

test('a blank in it is one of its path', () =>
	expect(shownLink('https://web.example/a b\n')).toBe('https://web.example/a%20b'));

test.each([
	...['http://192.168.1.5/', 'http://localhost:3000/', 'http://prometheus-0:9090/graph', 'http://nas.local/x'],
	...['http://[::1]/', 'http://10.0.0.1', 'http://nas.lan/', 'http://169.254.169.254/latest'],
	...['https://ann:pw@web.example/', 'https://ann@web.example/'],
	...['https://web.example/?apikey=k', 'https://web.example/?API_KEY=k', 'https://web.example/?access_token=k'],
	...['https://web.example/?sendkey=k', 'https://web.example/?x=1&password=k', 'https://web.example/#access_token=k'],
	'https://api.telegram.org/bot123456:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/getMe',
	'https://hooks.slack.com/services/T0/B0/xyz',
	'https://discord.com/api/webhooks/1/abc',
	...['https://outlook.office.com/webhook/a@b/IncomingWebhook/c/d', 'https://x.webhook.office.com/webhookb2/a@b/c'],
	...['https://maker.ifttt.com/trigger/x/with/key/abc', 'https://hooks.zapier.com/hooks/catch/1/abc/'],
	...[
		'https://hook.eu1.make.com/abc',
		'https://hc-ping.com/0a1b2c3d-0000',
		'https://api.day.app/AbCdEfGhIjKlMnOpQrStUv/',
	],
	...[
		'https://chat.example/hooks/abcdefghijklmnopqrstuvwxyz',
		'https://ha.example/api/webhook/0123456789abcdef01234567',
	],
	...[
		'https://up.example/api/push/abcdefghij0123456789ABCD',
		'https://hc.example/ping/0a1b2c3d-0000-1111-2222-333344445555',
	],
	...['ftp://web.example/', 'javascript:alert(1)', 'web.example', '', 'https://', undefined, null, 5, {}],
	`https://web.example/${'x'.repeat(3_000)}`,
])('%s is not', (url) => expect(shownLink(url)).toBeUndefined());

test('the first that may be', () =>
	expect(shownLink(undefined, 'http://localhost:3000/d', 'https://grafana.example/')).toBe(
		'https://grafana.example/',
	));
