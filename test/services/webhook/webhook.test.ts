import { createHmac } from 'node:crypto';
import { createServer, type AddressInfo } from 'node:net';
import { webhook } from '../../../src/services/webhook/webhook.channel';
import { deliver } from '../../../src/core/deliver/deliver';
import { closeConnections } from '../../../src/core/http/http';
import { readMessage } from '../../../src/core/message/message';
import { frozenClock, refused } from '../../refused';
import { service, type Answer, type Service } from '../../service';

let server: Service;
let answer: Answer;
beforeEach(async () => {
	answer = { body: { code: 0, data: { id: 'm-7' } } };
	server = await service(() => answer);
});
afterEach(async () => {
	await closeConnections();
	await server.close();
});

const clock = frozenClock();
const key = 'k3y-in-the-path';
const account = (more = {}) => ({ baseUrl: `${server.url}/hooks/${key}/`, ...more });
const send = (options: object = {}, message: unknown = 'Hello', more: object = {}) =>
	deliver(webhook, account(more), options as never, message, { clock });
const last = () => server.requests.at(-1)!;
const png = { name: 'poster.png', mime: 'image/png', data: Buffer.from('\x89PNG\r\n\x1a\nrest', 'latin1') };
const evil = 'The "Film" \\ part\n2 & <b>#1</b> 100% 中文 🎬 {body}';

test('unconfigured, it posts the whole message as JSON', async () => {
	const receipt = await send(
		{ idPath: 'data.id' },
		{
			title: 'Added',
			body: '**One** of [two](https://e.com)',
			type: 'library.added',
			level: 'success',
			url: 'https://e.com/1',
			image: { url: 'https://e.com/p.jpg' },
			to: 'ignored',
			fields: [{ name: 'Year', value: '1999', short: true }],
			buttons: [
				{ text: 'Open', url: 'https://e.com' },
				{ text: 'Yes', value: 'y' },
			],
			attachments: [{ name: 'a.txt', mime: 'text/plain', data: Buffer.from('hi') }],
			mentions: ['@all'],
			key: 'item-1',
			edit: true,
			silent: true,
			time: '2026-01-02T03:04:05Z',
		},
	);
	const { method, path, headers, json } = last();
	expect([method, path, headers['content-type']]).toEqual([
		'POST',
		`/hooks/${key}/`,
		'application/json; charset=utf-8',
	]);
	expect(json).toEqual({
		title: 'Added',
		body: '**One** of [two](https://e.com)',
		format: 'markdown',
		type: 'library.added',
		level: 'success',
		url: 'https://e.com/1',
		image: { name: 'p.jpg', mime: 'image/jpeg', url: 'https://e.com/p.jpg' },
		fields: [{ name: 'Year', value: '1999', short: true }],
		buttons: [
			{ text: 'Open', url: 'https://e.com' },
			{ text: 'Yes', value: 'y' },
		],
		attachments: [{ name: 'a.txt', mime: 'text/plain', data: 'aGk=' }],
		mentions: ['@all'],
		key: 'item-1',
		edit: true,
		silent: true,
		time: '2026-01-02T03:04:05Z',
	});
	// Another Carillon reads it as the same message.
	expect(readMessage(json)).toMatchObject({
		title: 'Added',
		body: '**One** of [two](https://e.com)',
		image: { url: 'https://e.com/p.jpg' },
		attachments: [{ name: 'a.txt', data: Buffer.from('hi') }],
		silent: true,
	});
	expect(receipt).toMatchObject({ ids: ['m-7'], degraded: [], warnings: [], raw: { code: 0 } });
});

test('a text and a title alone go as they are, with the time of sending', async () => {
	await send({}, 'Hello');
	expect(last().json).toEqual({ body: 'Hello', format: 'markdown', time: '2026-01-01T00:00:00.000Z' });
	await send({}, { title: 'Only a title', body: '' });
	expect(last().json).toMatchObject({ title: 'Only a title', body: '' });
	await send({}, { body: 'plain', format: 'text' });
	expect(last().json.format).toBe('text');
});

test('the text goes in the form that is asked for', async () => {
	await send({ textForm: 'plain' }, '**bold** text');
	expect(last().json).toMatchObject({ body: 'bold text', format: 'text' });
	await send({ textForm: 'mailHtml' }, '**bold** text');
	expect(last().json.format).toBe('html');
	expect(last().json.body).toMatch(/<(b|strong)[^>]*>bold<\/(b|strong)> text/);
	const { parts } = await send({ textForm: 'plain', maxBytes: 40 }, { title: 'T', body: 'word '.repeat(30) });
	expect(parts).toBeGreaterThan(3);
	for (const { json } of server.requests.slice(-parts)) expect(Buffer.byteLength(json.body)).toBeLessThanOrEqual(40);
});

describe('templates', () => {
	const template = { content: 'template' };

	test('JSON', async () => {
		await send(
			{
				...template,
				body: '{"t": "{t}", "log": "{log}", "q": "$title/$content", "fields": {fields}, "at": {timestamp}, "{key}": "{to}"}',
				to: 'a, b',
			},
			{ title: evil, body: evil, key: 'k', fields: [{ name: 'N', value: 'V' }] },
		);
		expect(last().json).toEqual({
			t: evil,
			log: evil,
			q: `${evil}/${evil}`,
			fields: [{ name: 'N', value: 'V' }],
			at: 1767225600,
			k: 'a,b',
		});
	});

	test('form, as pairs, as lines and as JSON', async () => {
		for (const body of [
			'title={title}&desp={body}&fixed=1',
			'title={title}\n desp={body} \nfixed=1',
			'{"title": "{title}", "desp": "{body}", "fixed": 1}',
		]) {
			await send({ ...template, bodyType: 'form', body }, { title: evil, body: evil });
			expect(last().headers['content-type']).toBe('application/x-www-form-urlencoded');
			expect(last().form).toEqual({ title: evil, desp: evil, fixed: '1' });
		}
		await send({ bodyType: 'form' }, { title: 'T', body: 'B', fields: [{ name: 'N', value: 'V' }] });
		expect(last().form).toMatchObject({ title: 'T', body: 'B', fields: '[{"name":"N","value":"V"}]' });
	});

	test('text, with a content type of its own', async () => {
		await send(
			{ ...template, bodyType: 'text', contentType: 'application/xml', body: '<m>{title}: {body}</m>' },
			{ title: 'T', body: evil },
		);
		expect([last().headers['content-type'], last().body.toString()]).toEqual([
			'application/xml',
			`<m>T: ${evil}</m>`,
		]);
		await send({ bodyType: 'text' }, { title: 'T', body: 'B' });
		expect([last().headers['content-type'], last().body.toString()]).toEqual([
			'text/plain; charset=utf-8',
			'T\n\nB',
		]);
	});

	test('multipart, with the picture and files as parts', async () => {
		await send(
			{
				...template,
				bodyType: 'multipart',
				body: '{"caption": "{title}"}',
				imageField: 'photo',
				attachmentField: 'file',
			},
			{
				title: evil,
				body: 'B',
				image: png,
				attachments: [png, { name: '中 "x".txt', mime: 'text/plain', data: Buffer.from('two') }],
			},
		);
		const form = await new Response(new Uint8Array(last().body), {
			headers: { 'content-type': last().headers['content-type']! },
		}).formData();
		expect(form.get('caption')).toBe(evil.replace('\n', '\r\n'));
		const files = ['photo', 'file', 'file2'].map((name) => form.get(name) as unknown as File);
		expect(files.map(({ name, type }) => [name, type])).toEqual([
			['poster.png', 'image/png'],
			['poster.png', 'image/png'],
			['中 "x".txt', 'text/plain'],
		]);
		expect(Buffer.from(await files[0]!.arrayBuffer())).toEqual(png.data);
		await send({ bodyType: 'multipart' }, { title: 'T', body: 'B', image: png });
		const whole = await new Response(new Uint8Array(last().body), {
			headers: { 'content-type': last().headers['content-type']! },
		}).formData();
		expect([whole.get('title'), (whole.get('image') as unknown as File).name, whole.get('attachments')]).toEqual([
			'T',
			'poster.png',
			null,
		]);
	});

	test('the picture in base64, fetched only where the template wants it', async () => {
		await send({ ...template, body: '{"pic": "{imageBase64}", "url": "{image}"}' }, { body: 'B', image: png });
		expect(last().json).toEqual({ pic: png.data.toString('base64'), url: '' });
		await send({ ...template, body: '{"url": "{image}"}' }, { body: 'B', image: { url: 'https://e.com/p.jpg' } });
		expect(last().json).toEqual({ url: 'https://e.com/p.jpg' });
	});

	test('one that is no JSON is refused before anything is sent', async () => {
		const error = await refused(send({ ...template, body: '{"a": {title' }));
		expect(error).toMatchObject({ class: 'Invalid', field: 'body' });
		expect((await refused(send({ ...template, body: '{"a": {title' }, 'x', { language: 'zh' }))).message).toContain(
			'不是有效的 JSON',
		);
		expect(await refused(send({ ...template, bodyType: 'form', body: '{"a' }))).toMatchObject({
			class: 'Invalid',
			field: 'body',
		});
		expect(server.requests).toHaveLength(0);
	});
});

test('BetterGI’s body', async () => {
	await send(
		{ content: 'betterGi', to: 'group-1' },
		{
			title: 'Domain',
			body: 'done',
			type: 'domain.end',
			level: 'failure',
			image: png,
			fields: [{ name: 'resin', value: '20' }],
			time: '2026-01-02T03:04:05+08:00',
		},
	);
	expect(last().body.toString()).toBe(
		JSON.stringify({
			send_to: 'group-1',
			event: 'domain.end',
			result: 1,
			timestamp: '2026-01-02T03:04:05+08:00',
			screenshot: png.data.toString('base64'),
			message: 'Domain\ndone',
			data: { resin: '20' },
		}),
	);
	await send({ content: 'betterGi' }, 'Hello');
	expect(last().json).toEqual({
		send_to: '',
		event: 'notify',
		result: 0,
		timestamp: '2026-01-01T00:00:00.000Z',
		screenshot: null,
		message: 'Hello',
		data: null,
	});
});

test('MediaSaber’s body', async () => {
	await send(
		{ content: 'mediaSaber', path: '/api/v1/message/openSend' },
		{ title: 'T', body: 'B', image: { url: 'https://e.com/p.jpg' } },
	);
	expect([last().path, last().json]).toEqual([
		`/hooks/${key}/api/v1/message/openSend`,
		{ title: 'T', content: 'B', imageUrl: 'https://e.com/p.jpg' },
	]);
});

test('what has no place in a form of its own is listed', async () => {
	const full = {
		title: 'T',
		body: 'B',
		url: 'https://e.com/1',
		level: 'failure',
		image: { url: 'https://e.com/p.jpg' },
		fields: [{ name: 'N', value: 'V' }],
		buttons: [{ text: 'Open', url: 'https://e.com' }],
		attachments: [png],
		mentions: ['ann'],
		key: 'k',
		edit: true,
		silent: true,
	};
	const lost = async (options: object, message: object = full) => (await send(options, message)).degraded;
	const most = ['buttons', 'attachments', 'mentions', 'edit', 'silent'];
	expect(await lost({})).toEqual([]);
	expect(await lost({ content: 'template', body: '{"t": "{title}", "quiet": {silent}}' })).toEqual([]);
	expect(last().json).toEqual({ t: 'T', quiet: true });
	await send({ content: 'template', body: '{"quiet": {silent}}' }, 'x');
	expect(last().json).toEqual({ quiet: false });
	expect(await lost({ content: 'mediaSaber' })).toEqual(['url', 'level', 'fields', ...most]);
	expect(await lost({ content: 'mediaSaber' }, { ...full, image: png })).toContain('image');
	expect(await lost({ content: 'betterGi' }, { ...full, image: png })).toEqual(most);
	expect(await lost({ content: 'betterGi', bodyType: 'multipart' }, { ...full, image: png })).toEqual([
		'buttons',
		'mentions',
		'edit',
		'silent',
	]);
	expect(await lost({ bodyType: 'text' })).toEqual(['url', 'image', 'level', 'fields', ...most]);
	expect(await lost({ bodyType: 'text', content: 'template', body: '{title}' })).toEqual([]);
	expect(await lost({ method: 'GET' })).toEqual(['fields', ...most]);
	expect(await lost({ method: 'GET', query: '{"t": "{title}"}' })).toEqual([]);
	expect(await lost({ content: 'mediaSaber' }, { title: 'T', body: 'B', level: 'info' })).toEqual([]);
});

describe('address', () => {
	test('GET puts the message into the query, and sends no body', async () => {
		await send({ method: 'GET' }, { title: evil, body: evil, url: 'https://e.com/?a=1&b=2', type: 'x.y' });
		const { method, query, body, headers } = last();
		expect([method, body.length, headers['content-type']]).toEqual(['GET', 0, undefined]);
		expect(query).toEqual({
			title: evil,
			body: evil,
			url: 'https://e.com/?a=1&b=2',
			level: 'info',
			type: 'x.y',
			time: '2026-01-01T00:00:00.000Z',
		});
	});

	test('placeholders in URL, path and query are percent-encoded where they stand', async () => {
		await send(
			{ method: 'GET' },
			{ title: 'a/b?c', body: evil },
			{ baseUrl: `${server.url}/{title}/send?text={body}&n=1#x` },
		);
		expect(server.requests.at(-1)).toMatchObject({ path: '/a%2Fb%3Fc/send', query: { text: evil, n: '1' } });
		await send(
			{ method: 'GET', path: 'push/{level}?b={body}', query: '{"q": "{title}", "list": ["{title}"]}' },
			{ title: 'T&', body: 'B' },
			{ baseUrl: `${server.url}/x?key=1` },
		);
		expect(server.requests.at(-1)).toMatchObject({
			path: '/x/push/info',
			query: { key: '1', b: 'B', q: 'T&', list: '["T&"]' },
		});
	});

	test('no value climbs out of its path, or chooses the host', async () => {
		expect(
			await refused(send({}, { title: '..', body: 'B' }, { baseUrl: `${server.url}/a/{title}/b` })),
		).toMatchObject({ class: 'Invalid', field: 'baseUrl' });
		expect(await refused(send({}, 'B', { baseUrl: 'https://{title}.example.com/x' }))).toMatchObject({
			class: 'Invalid',
			field: 'baseUrl',
		});
		expect(await refused(send({}, 'B', { baseUrl: 'ftp://example.com/x' }))).toMatchObject({
			class: 'Invalid',
			field: 'baseUrl',
		});
		await send({ method: 'GET' }, { title: '..', body: 'B' }, { baseUrl: `${server.url}/a?t={title}` });
		expect(last().query.t).toBe('..');
	});

	test('any method', async () => {
		for (const [options, method] of [
			[{ method: 'PUT' }, 'PUT'],
			[{ method: 'PATCH' }, 'PATCH'],
			[{ method: 'DELETE' }, 'DELETE'],
			[{ method: 'HEAD' }, 'HEAD'],
			[{ method: 'other', otherMethod: 'REPORT' }, 'REPORT'],
		] as const) {
			await send(options, 'Hello');
			expect([last().method, last().body.length > 0]).toEqual([method, method !== 'HEAD']);
		}
		expect(await refused(send({ method: 'other', otherMethod: 'get it' }))).toMatchObject({
			class: 'Invalid',
			field: 'otherMethod',
		});
	});
});

describe('headers', () => {
	test('authentication and own ones, filled and safe', async () => {
		await send(
			{ headers: '{"X-Title": "{title}", "X-Level": "{level}"}' },
			{ title: 'A "B" C', body: 'x' },
			{ auth: 'basic', username: 'ann', password: 'päss:word', headers: { 'X-Api-Key': 'k3y-9999' } },
		);
		expect(last().headers).toMatchObject({
			authorization: `Basic ${Buffer.from('ann:päss:word').toString('base64')}`,
			'x-api-key': 'k3y-9999',
			'x-title': 'A "B" C',
			'x-level': 'info',
		});
		await send({ headers: { 'X-Title': '{body}' } }, '中\r\nX-Evil: 1', { auth: 'bearer', token: 'tok-12345' });
		expect(last().headers).toMatchObject({
			authorization: 'Bearer tok-12345',
			'x-title': '%E4%B8%AD%0AX-Evil%3A%201',
		});
		expect(last().headers['x-evil']).toBeUndefined();
		await send({ headers: { 'content-type': 'application/vnd.api+json' } });
		expect(last().headers['content-type']).toBe('application/vnd.api+json');
	});

	test('what no header may hold is refused', async () => {
		for (const headers of [
			{ 'X Y': '1' },
			{ 'X-Y': '中文' },
			{ 'X-Y': 'a\r\nb' },
			{ 'Content-Length': '3' },
			{ Host: 'e.com' },
		])
			expect(await refused(send({ headers }))).toMatchObject({ class: 'Invalid', field: 'headers' });
		expect(await refused(send({}, 'x', { headers: '["a"]' }))).toMatchObject({
			class: 'Invalid',
			field: 'headers',
		});
		expect(await refused(send({}, 'x', { headers: '{"a": ' }))).toMatchObject({
			class: 'Invalid',
			field: 'headers',
		});
		expect(server.requests).toHaveLength(0);
	});

	test('the body is signed as it goes out', async () => {
		const signing = { signingSecret: 'sign-secret' };
		const hmac = (text: string | Buffer) =>
			`sha256=${createHmac('sha256', 'sign-secret').update(text).digest('hex')}`;
		await send({}, { body: evil }, signing);
		expect(last().headers['x-signature-256']).toBe(hmac(last().body));
		expect(last().headers['x-timestamp']).toBeUndefined();
		await send(
			{ bodyType: 'multipart' },
			{ body: 'x', image: png },
			{ ...signing, signTimestamp: true, signatureHeader: 'X-Hub-Signature-256' },
		);
		expect(last().headers['x-timestamp']).toBe('1767225600');
		expect(last().headers['x-hub-signature-256']).toBe(
			hmac(Buffer.concat([Buffer.from('1767225600.'), last().body])),
		);
		await send({ method: 'GET' }, 'x', signing);
		expect(last().headers['x-signature-256']).toBe(hmac(''));
	});
});

describe('answers', () => {
	test.each([
		[401, 'Unauthorized'],
		[403, 'Unauthorized'],
		[404, 'Rejected'],
		[429, 'RateLimited'],
		[500, 'Unreachable'],
		[503, 'Unreachable'],
	] as const)('HTTP %i is %s, judged by the default and by a list', async (status, errorClass) => {
		answer = { status, body: { message: 'why not' }, headers: { 'retry-after': '7' } };
		for (const successStatus of ['200-299', '200, 204']) {
			const error = await refused(send({ successStatus, attempts: 1 }), key);
			expect(error).toMatchObject({ class: errorClass, code: String(status), retryAfter: 7, channel: 'webhook' });
		}
		expect((await refused(send({ successStatus: ['204'], attempts: 1 }), key)).message).toContain('why not');
	});

	test('a list may call another status a yes, and 200 a no', async () => {
		answer = { status: 409, body: 'already there' };
		expect((await send({ successStatus: '200, 400-409' })).raw).toBe('already there');
		answer = { status: 200, body: 'ok' };
		expect(await refused(send({ successStatus: '201' }))).toMatchObject({ class: 'Rejected', code: '200' });
		expect(await refused(send({ successStatus: '20x' }))).toMatchObject({
			class: 'Invalid',
			field: 'successStatus',
		});
	});

	test('a 200 that says no is a no', async () => {
		answer = { body: { code: 310000, msg: 'keywords not in content' } };
		const options = { successPath: 'code', successValues: '0, 200', errorPath: 'msg' };
		const error = await refused(send(options), key);
		expect(error).toMatchObject({ class: 'Rejected', code: '310000' });
		expect(error.message).toBe(
			'The webhook said no: “code” is “310000” in its answer instead of 0, 200. It says: “keywords not in content”. Check the URL, the keys and the body.',
		);
		expect((await refused(send(options, 'x', { language: 'zh' }), key)).message).toContain('Webhook 拒绝了请求');
		answer = { body: { code: 200 } };
		await send(options);
		answer = { body: { ok: false } };
		expect(await refused(send({ successPath: 'ok' }))).toMatchObject({ class: 'Rejected', code: 'false' });
		answer = { body: {} };
		expect(await refused(send({ successPath: 'ok' }))).toMatchObject({ class: 'Rejected' });
	});

	test('an HTML page where JSON was expected is no yes', async () => {
		answer = { body: '<html><body>Welcome</body></html>', headers: { 'content-type': 'text/html' } };
		await send();
		expect(await refused(send({ successPath: 'code' }), key)).toMatchObject({ class: 'Unexpected' });
	});

	test('a redirect is not followed with secrets', async () => {
		const other = await service(() => ({ body: 'got it' }));
		answer = { status: 302, headers: { location: `${other.url}/elsewhere` } };
		for (const method of ['POST', 'GET'])
			expect(
				await refused(
					send({ method, attempts: 1 }, 'x', { auth: 'bearer', token: 'tok-12345' }),
					key,
					'tok-12345',
				),
			).toMatchObject({ class: 'Unexpected' });
		expect(other.requests).toHaveLength(0);
		await other.close();
	});

	test('no secret stands in an error or a receipt', async () => {
		answer = { status: 400, body: { message: `bad key ${key} tok-12345 h3ader-key` } };
		await refused(
			send({}, 'x', {
				auth: 'bearer',
				token: 'tok-12345',
				headers: '{"X-Key": "h3ader-key"}',
				signingSecret: 'sign-secret',
			}),
			key,
			'tok-12345',
			'h3ader-key',
			'sign-secret',
		);
		answer = { status: 200, body: { echo: `tok-12345` } };
		expect(JSON.stringify(await send({}, 'x', { auth: 'bearer', token: 'tok-12345' }))).not.toContain('tok-12345');
	});

	test('busy once, taken then', async () => {
		const answers: Answer[] = [{ status: 503 }, { status: 200, body: 'ok' }];
		await server.close();
		server = await service(() => answers.shift()!);
		expect(await send()).toMatchObject({ attempts: 2, raw: 'ok' });
	});

	test('a GET of unknown outcome is not sent twice, unless that is allowed', async () => {
		let asked = 0;
		const rude = createServer((socket) =>
			socket
				.on('error', () => undefined)
				.once('data', () => {
					asked++;
					socket.destroy();
				}),
		);
		await new Promise<void>((done) => rude.listen(0, '127.0.0.1', done));
		const baseUrl = `http://127.0.0.1:${(rude.address() as AddressInfo).port}/${key}`;
		expect(await refused(send({ method: 'GET' }, 'x', { baseUrl }), key)).toMatchObject({
			class: 'Unreachable',
			unknown: true,
		});
		expect(asked).toBe(1);
		await refused(send({ method: 'GET', repeatUnknown: true, attempts: 3 }, 'x', { baseUrl }), key);
		expect(asked).toBe(4);
		await new Promise((done) => rude.close(done));
	});
});

describe('an answer that repeats what the address says', () => {
	const to = (query: string) => ({ baseUrl: `${server.url}/hook?${query}` });

	test('is a receipt as it came, where that is no secret', async () => {
		answer = { body: { ok: true, uid: 10001 } };
		expect((await send({}, 'Hello', to('uid=10001'))).raw).toEqual({ ok: true, uid: 10001 });
		answer = { body: { ok: true, uid: 1000100010001000, mode: 'true' } };
		expect((await send({}, 'Hello', to('uid=1000100010001000&mode=true'))).raw).toMatchObject({
			ok: true,
			mode: 'true',
		});
	});

	test('is told without it, where it is', async () => {
		answer = { body: { ok: true, pin: 10001, url: `${server.url}/hook?token=10001`, text: 'token 10001.' } };
		expect((await send({}, 'Hello', to('token=10001'))).raw).toEqual({
			ok: true,
			pin: '***',
			url: '***',
			text: 'token ***.',
		});
	});

	test('however deep it is', async () => {
		const deep = (leaf: string) => `${'[{"a":'.repeat(5_000)}"${leaf}"${'}]'.repeat(5_000)}`;
		answer = { body: deep('secret99token'), headers: { 'content-type': 'application/json' } };
		const receipt = await send({}, 'Hello', to('token=secret99token'));
		expect(receipt.ok).toBe(true);
		expect(JSON.stringify(receipt)).not.toContain('secret99token');
	});
});
