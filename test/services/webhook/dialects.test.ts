import { IncomingWebhook } from '@slack/webhook';
import type { DialectSender, Sender } from '../../../src/core/define/sender';
import { senders } from '../../../src/services/senders';
import { knownBodies } from '../../laws/bodies';
import { receive, receiveOne, refusalOf, type Given } from './receiving';

const key = 'k3y-of-this-door';
const dialects = (senders as readonly Sender[]).filter((one): one is DialectSender => one.dialect !== undefined);
const own = knownBodies(dialects.map(({ id }) => id)).filter(({ name }) => !name.includes('.'));

/** As the address in the form has it. */
function to(id: string, secret: string, more: Given = {}): Given {
	const { dialect } = dialects.find((one) => one.id === id)!;
	const { pathname, searchParams } = new URL(`http://x${dialect.address.replace('KEY', secret)}`);
	const headers = { ...(id === 'ntfy' && { authorization: `Bearer ${secret}` }), ...more.request?.headers };
	return {
		...more,
		account: { key },
		request: { path: pathname, query: Object.fromEntries(searchParams), ...more.request, headers },
	};
}

/** What each answers with in its own documentation. */
const yes: Readonly<Record<string, unknown>> = {
	discord: { status: 204 },
	slackWebhook: { status: 200, body: 'ok' },
	wecomRobot: { status: 200, body: '{"errcode":0,"errmsg":"ok"}' },
	dingtalk: { status: 200, body: '{"errcode":0,"errmsg":"ok"}' },
	feishuRobot: { status: 200, body: expect.stringContaining('"code":0') },
	serverChan: { status: 200, body: expect.stringMatching(/"code":0.*"errno":0/) },
	bark: { status: 200, body: expect.stringContaining('"code":200,"message":"success"') },
	pushPlus: { status: 200, body: expect.stringContaining('"code":200') },
	ntfy: { status: 200, body: expect.stringMatching(/"event":"message".*"topic"/) },
	gotify: { status: 200, body: expect.stringMatching(/"id":\d+,"appid":1/) },
	apprise: { status: 200, body: 'Notification(s) sent.' },
};
const no: Readonly<Record<string, unknown>> = {
	discord: { status: 401, body: expect.stringContaining('"code":50027') },
	slackWebhook: { status: 403, body: expect.stringContaining('invalid_token') },
	wecomRobot: { status: 200, body: expect.stringContaining('"errcode":93000') },
	dingtalk: { status: 200, body: expect.stringContaining('"errcode":300001') },
	feishuRobot: { status: 400, body: expect.stringContaining('"code":19001') },
	serverChan: { status: 400, body: expect.stringContaining('"code":40001') },
	pushPlus: { status: 200, body: expect.stringContaining('"code":903') },
	ntfy: { status: 401, body: expect.stringContaining('"code":40101') },
	gotify: { status: 401, body: expect.stringContaining('"errorCode":401') },
	apprise: { status: 401, body: expect.stringContaining('"error"') },
};

describe.each(dialects.map(({ id }) => id))('%s', (id) => {
	const bodies = own.filter(({ sender }) => sender === id);
	test.each(bodies.map(({ name, value }) => [name, value] as const))(
		'%s is taken at its address, and answered as there',
		(_, body) => {
			const { events, reply } = receive(body, to(id, key));
			expect(events).toHaveLength(1);
			expect(events[0]!.event).toMatchObject({ source: id });
			expect(reply).toMatchObject(yes[id] as object);
		},
	);

	test('with a wrong key, or none, nothing is taken', () => {
		for (const secret of ['wrong', '']) {
			const refusal = refusalOf(() => receive(bodies[0]!.value, to(id, secret)));
			// A path that holds no key that is known is no address of Bark's.
			if (id !== 'bark') expect(refusal.reply ?? refusal).toMatchObject(secret ? (no[id] as object) : {});
			expect(JSON.stringify(refusal.reply ?? '')).not.toContain(key);
		}
	});

	test('what says nothing is refused in its own words', () => {
		// The address itself says something, and a text of two brackets is a text.
		if (id === 'bark' || id === 'ntfy') return;
		expect(refusalOf(() => receive({}, to(id, key))).reply).toBeDefined();
	});
});

describe('Discord', () => {
	const at = (body: unknown, more?: Given) => receiveOne(body, to('discord', key, more));

	test('an embed: title, text, fields, picture, link, level, time', () => {
		const { message } = at({
			username: 'Sonarr',
			content: 'New **episode**',
			embeds: [
				{
					title: 'Severance S02E03',
					url: 'https://tv.example.com/1',
					description: 'Mark & Helly',
					color: 0xff0000,
					timestamp: '2026-01-02T19:30:00Z',
					image: { url: 'https://img.example.com/1.png' },
					thumbnail: { url: 'https://img.example.com/2.png' },
					author: { name: 'nas' },
					footer: { text: 'v4' },
					fields: [
						{ name: 'Quality', value: '1080p', inline: true },
						{ name: 'Size', value: '2 GB' },
					],
				},
			],
			components: [
				{ type: 1, components: [{ type: 2, style: 5, label: 'Open', url: 'https://tv.example.com/1' }] },
			],
		});
		expect(message).toMatchObject({
			title: 'Severance S02E03',
			body: 'New **episode**\n\nnas\n\nMark & Helly\n\nv4',
			format: 'markdown',
			level: 'failure',
			url: 'https://tv.example.com/1',
			time: '2026-01-02T19:30:00.000Z',
			image: { url: 'https://img.example.com/1.png' },
			attachments: [{ url: 'https://img.example.com/2.png' }],
			fields: [
				{ name: 'Quality', value: '1080p', short: true },
				{ name: 'Size', value: '2 GB' },
			],
			buttons: [{ text: 'Open', url: 'https://tv.example.com/1' }],
		});
	});

	test('ten embeds, some without a title: nothing of them is lost', () => {
		const embeds = Array.from({ length: 10 }, (_, at_) => ({
			...(at_ % 3 && { title: `Title ${at_}` }),
			description: `Text ${at_}`,
			fields: [{ name: `Name ${at_}`, value: `Value ${at_}` }],
			image: { url: `https://img.example.com/${at_}.png` },
		}));
		const { message } = at({ embeds });
		for (let at_ = 0; at_ < 10; at_++) {
			expect(message.body).toContain(`Text ${at_}`);
			if (at_ % 3) expect(message.body).toContain(`Title ${at_}`);
		}
		expect(message.fields).toHaveLength(10);
		expect([message.image, ...message.attachments!]).toHaveLength(10);
	});

	test('files of a form, and pictures that name them', () => {
		const payload = { content: 'Look', embeds: [{ title: 'T', image: { url: 'attachment://a.png' } }] };
		const png = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
		const parts = [
			{ name: 'payload_json', data: Buffer.from(JSON.stringify(payload)) },
			{ name: 'files[0]', filename: 'a.png', mime: 'image/png', data: png },
			{ name: 'files[1]', filename: 'log.txt', mime: 'text/plain', data: Buffer.from('log') },
		];
		const { message } = receiveOne(
			'',
			to('discord', key, { request: { parts }, contentType: 'multipart/form-data' }),
		);
		expect(message).toMatchObject({
			title: 'T',
			body: 'Look',
			image: { name: 'a.png', mime: 'image/png' },
			attachments: [{ name: 'log.txt', mime: 'text/plain' }],
		});
	});

	test('whoever waits gets the message', () => {
		const { reply } = receive({ content: 'hi' }, to('discord', key, { request: { query: { wait: 'true' } } }));
		expect(JSON.parse(reply!.body!)).toMatchObject({ content: 'hi', id: expect.stringMatching(/^\d+$/) as string });
	});

	test('components alone (version 2)', () => {
		const { message } = at({
			flags: 32_768,
			components: [
				{
					type: 17,
					components: [
						{ type: 10, content: '# Done' },
						{
							type: 9,
							components: [{ type: 10, content: 'in 8 min' }],
							accessory: { type: 11, media: { url: 'https://img.example.com/a.png' } },
						},
					],
				},
			],
		});
		expect(message).toMatchObject({ body: '# Done\n\nin 8 min', image: { url: 'https://img.example.com/a.png' } });
	});

	test('what other programs send to that address is theirs', () => {
		const { events } = receive(
			{ heartbeat: null, monitor: null, msg: 'My Notification Testing' },
			to('discord', key),
		);
		expect(events[0]!.event).toMatchObject({ source: 'uptimeKuma' });
	});
});

describe('Slack', () => {
	const at = (body: unknown) => receiveOne(body, to('slackWebhook', key)).message;

	test.each([
		['*bold* _italic_ ~gone~ `a*b*`', '**bold** _italic_ ~~gone~~ `a*b*`'],
		['<https://a.example/x?a=1&amp;b=2|the page>', '[the page](https://a.example/x?a=1&b=2)'],
		['<https://a.example>', '<https://a.example>'],
		['<!channel> <@U123> <#C1|general>', '@channel @U123 #general'],
		['2 &lt; 3 &amp;&amp; 5 &gt; 4', String.raw`2 \< 3 && 5 > 4`],
		['```\n*raw* <b>\n```', '```\n*raw* <b>\n```'],
		['a * b * c', String.raw`a \* b \* c`],
	])('%s', (text, body) => expect(at({ text }).body).toBe(body));

	test('an attachment', () => {
		const { value } = own.find(({ sender, name }) => sender === 'slackWebhook' && name === 'attachments')!;
		expect(at(value)).toMatchObject({
			title: '[FIRING:1] DiskFull (nas)',
			body: '**Description:** 91 % of \\</data> is used\n\nPrometheus',
			level: 'failure',
			url: 'https://alerts.example.com/#/alerts',
			fields: [{ name: 'Severity', value: 'page', short: true }],
			buttons: [{ text: 'Runbook', url: 'https://wiki.example.com/disk', style: 'primary' }],
		});
	});

	test('blocks, and those of a kind that is not known', () => {
		const of = (kind: string) => own.find(({ sender, name }) => sender === 'slackWebhook' && name === kind)!.value;
		expect(at(of('blocks'))).toMatchObject({
			title: 'New review',
			body: expect.stringContaining('[your property](https://example.com)') as string,
			image: { url: 'https://example.com/hotel.png' },
			fields: [{ name: 'Average rating', value: '1.0' }],
			buttons: [{ text: 'Open', url: 'https://example.com/open' }],
		});
		expect(at(of('rich text')).body).toBe('Deploy of **web** done: [log](https://ci.example.com/1)\n\n- api\n- ui');
		const body = at(of('a kind of tomorrow')).body;
		for (const words of ['Seen *from* all sides', 'left']) expect(body.replaceAll('**', '*')).toContain(words);
	});

	test('its own client is answered as it wants it', async () => {
		const seen: unknown[] = [];
		const server = await import('node:http').then(({ createServer }) =>
			createServer((request, response) => {
				const chunks: Buffer[] = [];
				request
					.on('data', (chunk: Buffer) => chunks.push(chunk))
					.on('end', () => {
						const { reply, events } = receive(Buffer.concat(chunks), {
							account: { key },
							request: { path: request.url!, headers: request.headers as Record<string, string> },
						});
						seen.push(events[0]!.message);
						response.writeHead(reply?.status ?? 500, reply?.headers).end(reply?.body);
					});
			}),
		);
		await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
		const { port } = server.address() as { port: number };
		try {
			const hook = new IncomingWebhook(`http://127.0.0.1:${port}/services/T0/B0/${key}`);
			expect(await hook.send({ text: 'Backup *done*' })).toEqual({ text: 'ok' });
		} finally {
			await new Promise((done) => server.close(done));
		}
		expect(seen).toEqual([expect.objectContaining({ body: 'Backup **done**' })]);
	});
});

describe('ntfy', () => {
	const publish = (body: string | Uint8Array, headers: Record<string, string>, more: object = {}) =>
		receiveOne(
			body,
			to('ntfy', key, {
				contentType: '',
				request: { headers: { ...headers, authorization: `Bearer ${key}` }, ...more },
			}),
		).message;

	test('a text with headers', () => {
		const headers = {
			title: Buffer.from('磁盘').toString('latin1'),
			priority: 'urgent',
			tags: 'skull,nas',
			click: 'https://nas.example.com',
			actions: 'view, Open, https://nas.example.com/a; http, Reboot, https://nas.example.com/b',
		};
		expect(publish('91 % full', headers)).toMatchObject({
			title: '💀 磁盘',
			body: '91 % full\n\n#nas',
			level: 'failure',
			url: 'https://nas.example.com',
			buttons: [{ text: 'Open', url: 'https://nas.example.com/a' }, { text: 'Reboot' }],
		});
	});

	test('a text alone, a file, a GET', () => {
		expect(publish('hi', {})).toMatchObject({ body: 'hi' });
		const png = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
		expect(publish(png, { filename: 'a.png', message: 'look' }, { method: 'PUT' })).toMatchObject({
			body: 'look',
			image: { name: 'a.png', mime: 'image/png' },
		});
		expect(
			receiveOne('', {
				account: { key },
				contentType: '',
				request: {
					method: 'GET',
					path: '/ntfy/nas/publish',
					query: { message: 'hello', auth: Buffer.from(`Bearer ${key}`).toString('base64') },
				},
			}).message,
		).toMatchObject({ body: 'hello' });
	});
});

describe('Bark', () => {
	const get = (path: string, query = {}) =>
		receiveOne('', { account: { key }, contentType: '', request: { method: 'GET', path, query } }).message;

	test.each([
		[`/${key}/Done`, { body: 'Done' }],
		[`/${key}/Backup/${encodeURIComponent('12 GB / 8 min')}`, { title: 'Backup', body: '12 GB / 8 min' }],
		[`/${key}/Backup/nas/Done`, { title: 'Backup', body: 'nas\n\nDone' }],
	])('%s', (path, message) =>
		expect(get(path, { url: 'https://nas.example.com', level: 'timeSensitive' })).toMatchObject({
			...message,
			url: 'https://nas.example.com',
			level: 'warning',
		}),
	);

	test('the key in the body', () => {
		const request = { path: '/push' };
		expect(
			receiveOne({ device_key: key, title: 'T', body: 'B' }, { account: { key }, request }).message,
		).toMatchObject({ title: 'T', body: 'B' });
		const refusal = refusalOf(() =>
			receive({ device_key: 'other', title: 'T', body: 'B' }, { account: { key }, request }),
		);
		expect(refusal.reply).toMatchObject({
			status: 400,
			body: expect.stringContaining('failed to get device token') as string,
		});
	});

	test('what only a phone can read is refused', () => {
		expect(refusalOf(() => receive({ ciphertext: 'x' }, to('bark', key))).reply?.body).toContain('encrypted');
	});
});

test('the others, part by part', () => {
	const of = (id: string, name: string) =>
		receiveOne(own.find((one) => one.sender === id && one.name === name)!.value, to(id, key)).message;
	expect(of('feishuRobot', 'card')).toMatchObject({
		title: '磁盘告警',
		level: 'failure',
		body: '**/data** 已用 91%',
		fields: [{ name: '主机', value: 'nas', short: true }],
		buttons: [{ text: '查看', url: 'https://www.example.com/alert', style: 'primary' }],
	});
	expect(of('feishuRobot', 'post')).toMatchObject({
		title: '项目更新通知',
		body: expect.stringContaining('[请查看](https://www.example.com/)') as string,
	});
	expect(of('wecomRobot', 'news')).toMatchObject({
		title: '中秋节礼品领取',
		body: '今年中秋节公司有豪礼相送',
		url: 'https://www.example.com/gift',
		image: { url: 'https://res.example.com/gift.png' },
	});
	expect(of('dingtalk', 'markdown')).toMatchObject({
		title: '杭州天气',
		image: { url: 'https://img.example.com/weather.jpg' },
	});
	expect(of('dingtalk', 'link')).toMatchObject({ title: '时代的火车向前开', url: 'https://www.example.com/train' });
	expect(of('dingtalk', 'actionCard').buttons).toHaveLength(2);
	expect(of('gotify', 'markdown')).toMatchObject({
		title: 'Backup finished',
		body: '**12 GB** in 8 minutes',
		format: 'markdown',
		level: 'warning',
		url: 'https://nas.example.com',
	});
	expect(of('apprise', 'failure')).toMatchObject({
		title: 'Disk',
		body: '91 % full',
		level: 'failure',
		image: { name: 'graph.png' },
	});
	expect(of('serverChan', 'markdown')).toMatchObject({
		title: '备份完成',
		body: '**12 GB**，用时 8 分钟',
		image: { url: 'https://img.example.com/a.png' },
	});
	expect(of('pushPlus', 'html')).toMatchObject({ title: '备份完成', format: 'html' });
});

test('without an account’s key nobody is let in', () => {
	for (const { id } of dialects) {
		const given = to(id, key);
		expect(refusalOf(() => receive({ content: 'x' }, { ...given, account: { access: 'checked' } })).status).toBe(
			403,
		);
	}
});
