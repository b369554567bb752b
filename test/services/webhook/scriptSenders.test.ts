import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { multipart, receive, receiveOne } from './receiving';

const places = {
	'uptimeKuma.down': ['uptimeKuma', 'down, with an address'],
	'grafana.noData': ['grafana', 'no data'],
	alertmanager: ['grafana', 'alertmanager'],
	'moviePilot.webhookMessage': ['moviePilot', 'webhook.message'],
	'moviePilot.config': ['moviePilot', 'config.updated'],
	'betterGI.first': ['betterGI', 'the first build'],
	'betterGI.domainEnd': ['betterGI', 'domain.end'],
	'watchtower.json.v1': ['watchtower', 'json.v1'],
	apprise: ['custom', 'apprise'],
} as const;

function bodyOf(name: keyof typeof places): Record<string, unknown> {
	const [sender, which] = places[name];
	const { bodies } = JSON.parse(readFileSync(join(__dirname, `../../data/bodies/${sender}.json`), 'utf8')) as {
		bodies: Record<string, Record<string, unknown>>;
	};
	return bodies[which]!;
}

/** The keys of a body told several times, with changes. */
const keysOf = (...bodies: readonly unknown[]) => bodies.map((body) => receiveOne(body).key);
const expectAllDifferent = (keys: readonly unknown[]) => expect(new Set(keys).size).toBe(keys.length);

const png = (bodyOf('apprise').attachments as unknown as { base64: string }[])[0]!.base64;

describe('Uptime Kuma', () => {
	const down = bodyOf('uptimeKuma.down');
	const beat = (change: object) => ({ ...down, heartbeat: { ...(down.heartbeat as object), ...change } });

	test.each([
		['GET https://u:pw@nas.local/x?token=abc 500', 'GET https://nas.local/x?token=*** 500'],
		['see http://nas/push?id=1&api_key=S3cret#top', 'see http://nas/push?id=1&api_key=***#top'],
		['192.168.1.5 is down', '192.168.1.5 is down'],
	])('%s: the keys of addresses are no reader’s', (msg, body) => {
		expect(receiveOne(beat({ msg })).message!.body).toContain(body);
	});

	test('down, up and down again ring each time; the same beat told twice is one', () => {
		expectAllDifferent(
			keysOf(down, beat({ status: 1, time: '2025-01-02 03:04:20' }), beat({ time: '2025-01-02 03:04:35' })),
		);
		expect(receiveOne(down).key).toBe(receiveOne(structuredClone(down)).key);
		const again = receiveOne(beat({ time: '2025-01-02 03:04:35' })).message.key;
		expect(again).not.toBe(receiveOne(down).message.key);
	});

	test('by GET', () => {
		const query = Object.fromEntries(
			Object.entries(down).map(([name, value]) => [
				name,
				typeof value === 'string' ? value : JSON.stringify(value),
			]),
		);
		const given = { request: { method: 'GET', query }, options: { allowGet: true }, contentType: '' };
		expect(receiveOne('', given)).toMatchObject({ event: { source: 'uptimeKuma', type: 'monitor.down' } });
	});

	test.each(['http://192.168.1.5:8080/', 'https://ann:pw@web.example/', 'https://web.example/?apikey=k', 'https://'])(
		'%s is no link',
		(url) => {
			const { message } = receiveOne({ ...down, monitor: { ...(down.monitor as object), url } });
			expect(message.url).toBeUndefined();
			expect(message.body).toContain('ECONNREFUSED');
		},
	);
});

describe('Grafana and Alertmanager', () => {
	const noData = bodyOf('grafana.noData');
	const prometheus = bodyOf('alertmanager');

	test('a rule without data bears the rule’s name', () => {
		expect(receiveOne(noData).message).toMatchObject({
			title: '⚠️ No data: Disk',
			level: 'warning',
			body: '⚠️ Disk',
		});
		expect(receiveOne(noData, { language: 'zh' }).message.title).toBe('⚠️ 没有数据：Disk');
		const fault = JSON.parse(JSON.stringify(noData).replaceAll('DatasourceNoData', 'DatasourceError')) as object;
		expect(receiveOne(fault).message).toMatchObject({ title: '⚠️ Cannot be evaluated: Disk', level: 'warning' });
		const over = JSON.parse(JSON.stringify(noData).replaceAll('"firing"', '"resolved"')) as object;
		expect(receiveOne(over).message).toMatchObject({ title: '✅ Resolved: Disk', level: 'success' });
	});

	test.each([
		['DatasourceNoData', 'No data', '没有数据'],
		['DatasourceError', 'Cannot be evaluated', '无法评估'],
	])('%s of a rule without a name is said in words', (alertname, en, zh) => {
		const alert = (status: string) => ({
			status,
			title: `[FIRING:1] ${alertname}`,
			commonLabels: { alertname },
			alerts: [{ status, labels: { alertname }, startsAt: '2025-01-02T00:00:00Z' }],
		});
		expect(receiveOne(alert('firing')).message).toMatchObject({ title: `⚠️ ${en}`, body: `⚠️ ${en}` });
		expect(receiveOne(alert('firing'), { language: 'zh' }).message.title).toBe(`⚠️ ${zh}`);
		expect(receiveOne(alert('resolved')).message.title).toBe(`✅ Resolved: ${en}`);
	});

	test('links into the network are none', () => {
		expect(receiveOne(noData).message.url).toBeUndefined();
		expect(receiveOne(prometheus).message.url).toBeUndefined();
		expect(receiveOne({ ...prometheus, externalURL: 'https://alerts.example/' }).message.url).toBe(
			'https://alerts.example/',
		);
	});

	test('another alert of the group rings; the same ones told again do not', () => {
		const [first] = prometheus.alerts as unknown as object[];
		const second = { ...first, fingerprint: 'c2', labels: { alertname: 'HostDown', instance: 'pi:9100' } };
		expectAllDifferent(
			keysOf(
				prometheus,
				{ ...prometheus, alerts: [first, second] },
				{ ...prometheus, alerts: [{ ...first, startsAt: '2025-01-02T01:00:00Z' }] },
				{ ...prometheus, status: 'resolved', alerts: [{ ...first, status: 'resolved' }] },
			),
		);
		expect(keysOf({ ...prometheus, truncatedAlerts: 1 })[0]).toBe(keysOf(prometheus)[0]);
	});

	test('several rules are named', () => {
		const [first] = prometheus.alerts as unknown as object[];
		const alerts = [first, { ...first, labels: { alertname: 'DiskFull' } }];
		expect(receiveOne({ ...prometheus, alerts, commonLabels: {} }).message.title).toBe(
			'🚨 Firing: HostDown, DiskFull (2)',
		);
	});
});

describe('MoviePilot’s plugin', () => {
	test('tells on what a media server said', () => {
		const { event, message } = receiveOne(bodyOf('moviePilot.webhookMessage'));
		expect(event).toMatchObject({
			source: 'moviePilot',
			type: 'playback.started',
			user: { name: 'ann' },
			server: { name: 'Emby' },
			item: { kind: 'movie', title: 'Dune', year: 2021, ids: { tmdb: '438631' } },
		});
		expect(message.title).toBe('▶ ann is watching Dune (2021) on TV');
	});

	test('changed settings are told, what they are is not', () => {
		const { message } = receiveOne(bodyOf('moviePilot.config'), { language: 'zh' });
		expect(message.body).toBe('MoviePilot：配置已更新');
		expect(JSON.stringify(message)).not.toContain('SECRETVALUE');
	});

	test.each(['plugin.action', 'workflow.execute', 'site.refreshed', 'agent.tokens.usage', 'module.reload'])(
		'%s is between its parts',
		(type) => expect(receive({ type, data: { token: 'x' } })).toEqual({ events: [] }),
	);
});

describe('BetterGI', () => {
	test.each([
		['failure', 'task.failed', 'failure'],
		['Failure', 'task.failed', 'failure'],
		['cancelled', 'task.cancelled', 'warning'],
		['success', 'task.completed', 'success'],
	])('the first build’s conclusion %s', (conclusion, type, level) => {
		const { event, message } = receiveOne({ ...bodyOf('betterGI.first'), conclusion });
		expect(event).toMatchObject({ source: 'betterGI', type });
		expect(message.level).toBe(level);
	});
	test('what only began', () =>
		expect(
			receiveOne({ event: 'domain', action: 'started', conclusion: null, screenshot: null }, { language: 'zh' }),
		).toMatchObject({
			event: { type: 'task.started' },
			message: { title: 'BetterGI · 自动秘境', body: '已开始' },
		}));
	test('the same task an hour later is another', () => {
		const body = bodyOf('betterGI.domainEnd');
		expectAllDifferent(keysOf(body, { ...body, timestamp: '2025-03-01T11:00:00+08:00' }));
	});
});

test('Watchtower’s report', () => {
	const { event, message } = receiveOne(bodyOf('watchtower.json.v1'));
	expect(event).toMatchObject({ source: 'watchtower', type: 'task.failed', time: '2025-01-02T03:04:05.000Z' });
	expect(message).toMatchObject({ title: 'Watchtower updates on nas', level: 'failure' });
	expect(message.body).toBe(
		'🔄 web (nginx:latest): a1 → b2\n❌ db (postgres:16): pull access denied\n2 scanned · 1 updated · 1 failed\n\nFound new nginx:latest image',
	);
	const log = { report: null, title: '', host: 'nas', entries: [{ level: 'warning', message: 'm' }] };
	expect(receiveOne(log).message).toMatchObject({ title: 'Watchtower · nas', level: 'warning', body: 'm' });
});

describe('what nobody is known by', () => {
	test('Apprise: how grave it is, its picture and its files', () => {
		const { event, message } = receiveOne(bodyOf('apprise'));
		expect(event).toMatchObject({ source: 'custom', type: 'message' });
		expect(message).toMatchObject({
			title: 'Backup',
			body: 'Disk is full',
			level: 'failure',
			image: { name: 'shot.png', mime: 'image/png' },
			attachments: [{ name: 'log.txt', mime: 'text/plain' }],
		});
		const { data } = message.attachments![0] as { data: Uint8Array };
		expect(Buffer.from(data).toString()).toBe('log line one');
		for (const [type, level] of Object.entries({ info: 'info', success: 'success', warning: 'warning' }))
			expect(receiveOne({ ...bodyOf('apprise'), type }).message.level).toBe(level);
	});

	test('a file of a few bytes is a file, one by its address too, and words are none', () => {
		const file = (attachment: unknown, name = 'attachments') =>
			receiveOne({ message: 'm', [name]: attachment }).message;
		expect(file([{ filename: 'exit.txt', base64: 'MQ==', mimetype: 'text/plain' }]).attachments).toMatchObject([
			{ name: 'exit.txt', mime: 'text/plain' },
		]);
		expect(file('https://a.example/x.png', 'attach').image).toEqual({ url: 'https://a.example/x.png' });
		expect(file(['https://a.example/x.png', 'https://a.example/y.png'], 'attach')).toMatchObject({
			image: { url: 'https://a.example/x.png' },
			attachments: [{ url: 'https://a.example/y.png' }],
		});
		expect(file([{ content: 'word' }, 'word', null, 7])).not.toHaveProperty('attachments');
	});

	test('a title without an end is the beginning of the text', () => {
		const title = 'a title '.repeat(2_000).trim();
		const { message } = receiveOne({ title, message: 'm' });
		expect(message.title).toBeUndefined();
		expect(message.body).toBe(`${title}\n\nm`);
	});

	test('what stands under a title is told, and what PushPlus is told to show it as', () => {
		expect(receiveOne({ title: 'T', subtitle: 'S', body: 'B' }).message).toMatchObject({
			title: 'T',
			body: 'B\n\nS',
		});
		expect(receiveOne({ title: 'T', content: '<b>x</b>', template: 'html' }).message.format).toBe('html');
	});

	test('Watchtower’s log without its report', () => {
		const entry = { level: 'warning', message: 'Could not pull', data: {}, time: '2025-01-01T00:00:00Z' };
		const { event, message } = receiveOne({ title: 'W', host: 'nas', entries: [entry] });
		expect([event.source, message.title, message.body, message.level]).toEqual([
			'watchtower',
			'W',
			'Could not pull',
			'warning',
		]);
	});

	test.each([
		['html', 'html'],
		['markdown', 'markdown'],
		['text', 'text'],
		['mp4', 'text'],
	])('what says that it is %s is read as %s', (format, expected) => {
		expect(receiveOne({ title: 'T', message: 'a_b *c*', format }).message.format).toBe(expected);
	});

	test.each(['42', '-1.5', 'true', 'done', '"done"', '[INFO] done'])(
		'%s under the name of JSON is a text',
		(body) => {
			expect(receiveOne(body).message.body).toBe(body.replaceAll('"', ''));
		},
	);

	test('pictures in a list, bare or as addresses, and in a form', () => {
		expect(receiveOne({ message: 'm', attachments: [png] }).message.image).toMatchObject({ mime: 'image/png' });
		expect(receiveOne({ message: 'm', attachments: [{ url: 'https://a.example/x.jpg' }] }).message.image).toEqual({
			url: 'https://a.example/x.jpg',
		});
		const form = multipart('b', [
			{ disposition: 'name="title"', data: 'T' },
			{ disposition: 'name="message"', data: 'M' },
			{ disposition: 'name="file0"; filename="a.png"', type: 'image/png', data: Buffer.from(png, 'base64') },
			{ disposition: 'name="file1"; filename="a.log"', type: 'text/plain', data: 'x' },
		]);
		expect(receiveOne(form, { contentType: 'multipart/form-data; boundary=b' }).message).toMatchObject({
			title: 'T',
			body: 'M',
			image: { name: 'a.png', mime: 'image/png' },
			attachments: [{ name: 'a.log', mime: 'text/plain' }],
		});
	});

	test.each<[unknown, string | undefined, string]>([
		[{ title: 'Disk', content: { used: '91%' } }, 'Disk', 'used: 91%'],
		[{ text: 'Title', desp: 'Content' }, 'Title', 'Content'],
		[{ title: 'Disk', host: 'nas', free: { sda: 3 } }, 'Disk', 'host: nas\nfree.sda: 3'],
		[{ title: 'T', message: 'M', description: 'D' }, 'T', 'M\n\nD'],
		[{ title: 'T', summary: 'S', message: 'M' }, 'T', 'M\n\nS'],
		[{ title: 'T', text: 'M', html: '<b>M</b>' }, 'T', 'M'],
		[
			{ event: 'deploy', data: { env: 'prod', ok: true } },
			undefined,
			'event: deploy\ndata.env: prod\ndata.ok: true',
		],
		[{ message: 'M', status: 'failed' }, undefined, 'M'],
		[{ title: 'Saved', path: 'C:\\new\\table' }, 'Saved', 'path: C:\\new\\table'],
		[{ message: 'Saved to C:\\new\\table' }, undefined, 'Saved to C:\\new\\table'],
	])('%j', (body, title, text) => {
		const { message } = receiveOne(body);
		expect([message.title, message.body]).toEqual([title, text]);
	});

	test('a form of ServerChan’s', () =>
		expect(
			receiveOne('text=Title&desp=Content', { contentType: 'application/x-www-form-urlencoded' }).message,
		).toMatchObject({
			title: 'Title',
			body: 'Content',
		}));

	test.each([
		['failed', 'failure'],
		['down', 'failure'],
		['warning', 'warning'],
		['success', 'success'],
		['ok', 'success'],
		['download', undefined],
		['updated', undefined],
		['highlight', undefined],
	])('a status %s', (status, level) => {
		expect(receiveOne({ message: 'M', status }).message.level).toBe(level ?? 'info');
	});

	test('whatever differs rings again, also under a key of the sender’s', () => {
		const body = { key: 'job', message: 'a', at: 1 };
		expectAllDifferent(keysOf(body, { ...body, message: 'b' }, { ...body, at: 2 }));
		expect(keysOf(body)).toEqual(keysOf(structuredClone(body)));
		expect(receiveOne(body).message.key).toBe('job');
	});

	test('a link into the network is none', () =>
		expect(receiveOne({ message: 'm', url: 'http://192.168.1.5/' }).message).not.toHaveProperty('url'));
});

test('a template that one body is too much for costs the template alone', () => {
	const { message } = receiveOne(
		{ title: 'T', message: 'M', many: 1_000_000_000 },
		{ options: { bodyTemplate: '{% for one in (1..raw.many) %}x{% endfor %}' } },
	);
	expect(message).toMatchObject({ title: 'T', body: 'M' });
});

test('in a list each is whoever’s it looks like', () => {
	const { events } = receive([{ title: 'A', text: '1' }, bodyOf('uptimeKuma.down'), 'and a text']);
	expect(events.map(({ event }) => (event as { source: string }).source)).toEqual(['custom', 'uptimeKuma', 'custom']);
});

test.each([
	[{ title: 'Backup', body: 'b', notify_type: 'failure' }, 'failure'],
	[{ subject: 'Backup', text: 'b', Notification_Type: 'warning' }, 'warning'],
	[{ message: 'b', levelname: 'ERROR', logger: 'root' }, 'failure'],
	[{ message: 'b', log_level: 'WARN' }, 'warning'],
	[{ 标题: '备份', 内容: '完成', 级别: '成功' }, 'success'],
])('%j says how grave it is in a name of its own, which is no word of the message', (body, level) => {
	const { message } = receiveOne(body);
	expect(message).toMatchObject({ level });
	expect(message!.body).not.toMatch(/failure|warning|ERROR|WARN|成功/);
});
