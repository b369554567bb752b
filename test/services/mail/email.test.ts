import { hostname } from 'node:os';
import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';
import { simpleParser, type ParsedMail } from 'mailparser';
import { generate } from 'selfsigned';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { settingsOf } from '../../../src/services/mail/emailAccount';
import { addressesIn, checkAddress } from '../../../src/services/mail/headers';
import { readForm } from '../../../src/core/define/forms';
import { email } from '../../../src/services/mail/email.channel';
import { deliver, verify } from '../../../src/core/deliver/deliver';
import { closeConnections } from '../../../src/core/http/http';
import { forgetTokens } from '../../../src/core/deliver/send/token';
import { frozenClock, refused } from '../../refused';
import { service } from '../../service';
import { until } from '../../core/sockets/connected';

interface Received {
	mail: ParsedMail;
	raw: string;
	from: string;
	to: string[];
	secure: boolean;
	user: string | undefined;
	session: string;
}

const password = 'authorisation-c0de';
const png = { name: 'poster.png', mime: 'image/png', data: Buffer.from('\x89PNG\r\n\x1a\nrest', 'latin1') };

let tls: { private: string; cert: string };
let received: Received[];
let closing: (() => Promise<unknown>)[];
let connections: number;

beforeAll(async () => {
	tls = await generate([{ name: 'commonName', value: 'localhost' }], {
		algorithm: 'sha256',
		extensions: [
			{ name: 'basicConstraints', cA: true },
			{
				name: 'subjectAltName',
				altNames: [
					{ type: 2, value: 'localhost' },
					{ type: 7, ip: '127.0.0.1' },
				],
			},
		],
	} as never);
});
beforeEach(() => {
	[received, closing, connections] = [[], [], 0];
	forgetTokens();
});
afterEach(async () => {
	await email.close?.();
	await closeConnections();
	await Promise.all(closing.map((close) => close()));
});

const smtpNo = (responseCode: number, message: string) => Object.assign(new Error(message), { responseCode });

/** A real SMTP server that keeps what it takes; `more` makes it refuse. Answers its port. */
async function smtp(more: SMTPServerOptions = {}): Promise<number> {
	const server = new SMTPServer({
		key: tls.private,
		cert: tls.cert,
		authMethods: ['PLAIN', 'LOGIN', 'CRAM-MD5', 'XOAUTH2'],
		allowInsecureAuth: true,
		closeTimeout: 100,
		disableReverseLookup: true,
		onConnect: (_, done) => {
			connections++;
			done();
		},
		onAuth: ({ method, username, password: given, accessToken, validatePassword }, _, done) => {
			const right =
				method === 'XOAUTH2'
					? accessToken === 'access-2'
					: method === 'CRAM-MD5'
						? validatePassword(password)
						: given === password;
			if (username === 'me@example.com' && right) return done(null, { user: `${username} by ${method}` });
			// The library turns this into the JSON challenge of XOAUTH2 where that is in use.
			return done(smtpNo(535, 'Error: authentication failed, please use an authorization code'));
		},
		onData: (stream, session, done) => {
			const chunks: Buffer[] = [];
			stream.on('data', (chunk: Buffer) => chunks.push(chunk));
			stream.on('end', async () => {
				const raw = Buffer.concat(chunks);
				const { envelope, secure, user, id } = session as never as {
					envelope: { mailFrom: { address: string }; rcptTo: { address: string }[] };
					secure: boolean;
					user?: string;
					id: string;
				};
				if (stream.sizeExceeded) return done(smtpNo(552, 'Message exceeds fixed maximum message size'));
				received.push({
					mail: await simpleParser(raw),
					raw: raw.toString(),
					from: envelope.mailFrom.address,
					to: envelope.rcptTo.map(({ address }) => address),
					secure,
					user,
					session: id,
				});
				done();
			});
		},
		...more,
	});
	server.on('error', () => undefined);
	closing.push(() => new Promise((done) => server.close(() => done(undefined))));
	await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
	return (server.server.address() as AddressInfo).port;
}

/** Something that is no mail server, or half of one. */
async function tcp(talk: (socket: Socket) => void): Promise<number> {
	const open = new Set<Socket>();
	const server: Server = createServer((socket) => {
		open.add(socket);
		socket.on('error', () => undefined);
		talk(socket);
	});
	closing.push(() => {
		for (const socket of open) socket.destroy();
		return new Promise((done) => server.close(done));
	});
	await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
	return (server.address() as AddressInfo).port;
}

const clock = frozenClock();
const account = (port: number, more = {}) => ({
	host: '127.0.0.1',
	port,
	security: 'starttls',
	caCertificate: tls.cert,
	user: 'me@example.com',
	password,
	to: 'Ann <ann@example.com>',
	...more,
});
const send = (port: number, message: unknown = 'Hello', options: object = {}, more: object = {}) =>
	deliver(email, account(port, more), options as never, message, { clock });
const addressesOf = (field: ParsedMail['to']) =>
	[field]
		.flat()
		.flatMap((each) => each?.value.map(({ address, name }) => (name ? `${name} <${address}>` : address)) ?? []);

describe('mail', () => {
	test('one Markdown body becomes HTML and text, with subject, sender and recipients', async () => {
		const port = await smtp();
		const receipt = await send(
			port,
			{
				title: '新片：“Film” <1> 🎬',
				body: '**bold** & [link](https://e.com/?a=1&b=2)\n\n- one\n- two',
				fields: [{ name: 'Year <y>', value: '1999 & on' }],
				url: 'https://e.com/1',
				buttons: [{ text: 'Play "it"', url: 'https://e.com/play?a=1&b="2"' }],
			},
			{ cc: 'Bob <bob@example.com>, cy@example.com', bcc: 'dan@example.com' },
		);
		const [{ mail, raw, from, to, secure, user }] = received as [Received];
		expect([from, to, secure, user]).toEqual([
			'me@example.com',
			['ann@example.com', 'bob@example.com', 'cy@example.com', 'dan@example.com'],
			true,
			'me@example.com by PLAIN',
		]);
		expect([
			mail.subject,
			addressesOf(mail.from as never),
			addressesOf(mail.to),
			addressesOf(mail.cc),
			mail.bcc,
		]).toEqual([
			'新片：“Film” <1> 🎬',
			['me@example.com'],
			['Ann <ann@example.com>'],
			['Bob <bob@example.com>', 'cy@example.com'],
			undefined,
		]);
		expect(raw).not.toMatch(/dan@example/);
		expect(mail.html).toMatch(/<(b|strong)[^>]*>bold<\/(b|strong)> &amp;/);
		expect(mail.html).toMatch(/href="https:\/\/e\.com\/\?a=1&(amp;|#38;)b=2"/);
		expect(mail.html).toContain('Year &#60;y&#62;');
		expect(mail.html).toContain('href="https://e.com/play?a=1&#38;b=&#34;2&#34;"');
		expect(mail.text).toContain('bold & link');
		expect(mail.text).not.toMatch(/<\/|<(p|b|strong|a|li|table)\b/);
		expect(mail.text).toContain('Year <y>: 1999 & on');
		expect(mail.text).toContain('Play "it": https://e.com/play?a=1&b="2"\nDetails: https://e.com/1');
		expect(mail.headers.get('auto-submitted')).toBe('auto-generated');
		expect(mail.date?.toISOString()).toBe('2026-01-01T00:00:00.000Z');
		expect(receipt).toMatchObject({
			ids: [mail.messageId],
			handle: { messageId: mail.messageId },
			warnings: [],
			degraded: [],
		});
		expect(receipt.raw).toMatchObject({
			accepted: ['ann@example.com', 'bob@example.com', 'cy@example.com', 'dan@example.com'],
		});
		for (const line of raw.split('\r\n')) expect(line.length).toBeLessThanOrEqual(998);
	});

	test('the picture stands in the text, attachments beside it', async () => {
		const port = await smtp();
		await send(port, {
			title: 'T',
			body: 'x',
			image: png,
			attachments: [{ name: '报告.txt', mime: 'text/plain', data: Buffer.from('hi\n.\nthere') }],
		});
		const [picture, file] = received[0]!.mail.attachments;
		expect([picture!.filename, picture!.contentType, picture!.contentDisposition, picture!.cid]).toEqual([
			'poster.png',
			'image/png',
			'inline',
			'image@carillon',
		]);
		expect(picture!.content).toEqual(png.data);
		expect([file!.filename, file!.contentType, file!.contentDisposition, file!.content.toString()]).toEqual([
			'报告.txt',
			'text/plain',
			'attachment',
			'hi\n.\nthere',
		]);
		expect(received[0]!.raw).toContain('cid:image@carillon');
		await send(port, { title: 'T', body: 'x', image: png }, { image: 'attachment' });
		expect(received[1]!.mail.attachments.map(({ contentDisposition }) => contentDisposition)).toEqual([
			'attachment',
		]);
		expect(received[1]!.raw).not.toContain('cid:');
		await send(port, { title: 'T', body: '<p><img src="cid:poster.png"></p>', format: 'html', attachments: [png] });
		expect(received[2]!.mail.attachments[0]!.cid).toBe('poster.png');
	});

	test('no button runs anything', async () => {
		const port = await smtp();
		await send(port, {
			body: 'x',
			url: 'java\nscript:alert(1)',
			buttons: [
				{ text: 'Bad', url: 'javascript:alert(1)' },
				{ text: 'Good', url: 'https://e.com/"><script>' },
			],
		});
		const html = String(received[0]!.mail.html);
		expect(html).not.toMatch(/script:|<script/);
		expect(html).toContain('>Good</a>');
	});

	test('text only', async () => {
		const port = await smtp();
		await send(
			port,
			{ body: '**First** line\n\nsecond', buttons: [{ text: 'Go', url: 'https://e.com' }], image: png },
			{ format: 'text' },
		);
		const { mail } = received[0]!;
		expect([mail.html, mail.subject]).toEqual([false, 'First line']);
		expect(mail.text).toContain('Go: https://e.com');
		expect(mail.attachments).toHaveLength(1);
	});

	test('priority by level or chosen', async () => {
		const port = await smtp();
		for (const [level, priority, expected] of [
			['failure', 'level', 'high'],
			['info', 'level', undefined],
			['failure', 'normal', undefined],
			[undefined, 'high', 'high'],
			[undefined, 'low', 'low'],
		] as const) {
			await send(port, { body: 'x', level }, { priority });
			const { raw } = received.at(-1)!;
			expect([/^Importance: (.*)$/m.exec(raw)?.[1], /^X-Priority: (.*)$/m.exec(raw)?.[1]]).toEqual(
				{ high: ['High', '1 (Highest)'], low: ['Low', '5 (Lowest)'] }[expected as string] ?? [
					undefined,
					undefined,
				],
			);
		}
	});

	test('threads, by id and by key', async () => {
		const port = await smtp();
		const { handle } = (await send(port, { body: 'x', key: 'film-1' }, { threadByKey: true })) as {
			handle: { messageId: string };
		};
		await send(port, { body: 'x', key: 'film-1' }, { threadByKey: true });
		await send(port, { body: 'x', key: 'film-2' }, { threadByKey: true });
		const roots = received.map(({ mail }) => mail.inReplyTo);
		expect(roots[0]).toMatch(/^<[0-9a-f]{32}\.carillon@example\.com>$/);
		expect([roots[1] === roots[0], roots[2] === roots[0]]).toEqual([true, false]);
		await send(port, 'x', { inReplyTo: handle.messageId, references: 'a@example.com, <b@example.com>' });
		expect([received[3]!.mail.inReplyTo, received[3]!.mail.references]).toEqual([
			handle.messageId,
			['<a@example.com>', '<b@example.com>', handle.messageId],
		]);
	});

	test('sender, reply address, bounces, unsubscribing, headers of one’s own', async () => {
		const port = await smtp();
		await send(
			port,
			'x',
			{
				replyTo: 'Team <team@example.com>',
				unsubscribe: 'https://example.com/off, off@example.com',
				headers: '{"X-Source": "中 carillon"}',
				autoSubmitted: false,
				bounceTo: 'bounce@example.com',
				bcc: 'b@example.com',
			},
			{ from: 'Bell Tower <bell@example.com>', replyTo: 'other@example.com' },
		);
		const { mail, raw, from, to } = received[0]!;
		expect([addressesOf(mail.from as never), addressesOf(mail.replyTo as never), from, to]).toEqual([
			['Bell Tower <bell@example.com>'],
			['Team <team@example.com>'],
			'bounce@example.com',
			['ann@example.com', 'b@example.com'],
		]);
		expect(raw.replace(/\r\n[ \t]+/g, ' ')).toContain(
			'List-Unsubscribe: <https://example.com/off>, <mailto:off@example.com>',
		);
		expect(raw).toContain('List-Unsubscribe-Post: List-Unsubscribe=One-Click');
		expect(mail.headers.get('auto-submitted')).toBeUndefined();
		expect(raw).toContain('X-Source: =?UTF-8?Q?=E4=B8=AD_carillon?=');
	});

	test('each for himself where that is wanted', async () => {
		const port = await smtp({
			onRcptTo: ({ address }, _, done) =>
				done(address === 'gone@example.com' ? smtpNo(550, 'No such user here') : null),
		});
		const receipt = await send(port, 'x', {
			separately: true,
			to: 'ann@example.com, gone@example.com',
			cc: 'bob@example.com',
		});
		expect(received.map(({ to, mail }) => [to, addressesOf(mail.to), mail.cc])).toEqual([
			[['ann@example.com'], ['ann@example.com'], undefined],
			[['bob@example.com'], ['bob@example.com'], undefined],
		]);
		expect(new Set(received.map(({ mail }) => mail.messageId)).size).toBe(2);
		expect(receipt.warnings).toEqual([expect.stringContaining('No such user here')]);
		expect(await refused(send(port, 'x', { separately: true, to: 'gone@example.com' }))).toMatchObject({
			class: 'Invalid',
			field: 'to',
			code: '550',
		});
	});

	test('some recipients refused is a warning, all of them an error', async () => {
		const port = await smtp({
			onRcptTo: ({ address }, _, done) =>
				done(address.startsWith('gone') ? smtpNo(550, 'No such user here') : null),
		});
		const receipt = await send(port, 'x', { to: 'ann@example.com, gone@example.com' });
		expect(receipt.warnings).toEqual(['gone@example.com did not get it: “550 No such user here”.']);
		expect(received[0]!.to).toEqual(['ann@example.com']);
		expect(await refused(send(port, 'x', { to: 'gone@example.com, gone2@example.com' }))).toMatchObject({
			class: 'Invalid',
			field: 'to',
			code: '550',
		});
	});

	test('no value makes a header of its own, nor an address of what is none', async () => {
		const port = await smtp();
		for (const [options, field] of [
			[{ cc: 'no address' }, 'cc'],
			[{ to: 'ann@' }, 'to'],
			[{ bcc: 'a@b@c' }, 'bcc'],
			[{ from: 'x@example.com\r\nBcc: evil@example.com' }, 'from'],
			[{ replyTo: 'x@example.com\nX: 1' }, 'replyTo'],
			[{ inReplyTo: 'a\r\nX-Evil: 1' }, 'inReplyTo'],
			[{ headers: { 'X-A': 'a\r\nX-Evil: 1' } }, 'headers'],
			[{ headers: { 'X A': '1' } }, 'headers'],
			[{ headers: { Bcc: 'evil@example.com' } }, 'headers'],
			[{ unsubscribe: 'javascript:x' }, 'unsubscribe'],
		] as const) {
			expect(await refused(send(port, 'x', options as object))).toMatchObject({ class: 'Invalid', field });
		}
		await send(port, { title: 'one\r\nBcc: evil@example.com', body: 'x' });
		expect([received.length, received[0]!.to, received[0]!.mail.subject]).toEqual([
			1,
			['ann@example.com'],
			'one Bcc: evil@example.com',
		]);
	});
});

describe('what people and programs write', () => {
	test('control characters cost neither title nor header', async () => {
		const port = await smtp();
		const title = '\x1b[31mFAIL\x1b[0m\x07 nightly\tbuild\u0085';
		await send(
			port,
			{ title, body: 'x' },
			{ headers: { 'X-A': 'a\x1b[0m\x07b\n', 'X-B': 7 }, from: 'B\x07ot <me@example.com>' },
		);
		const [{ mail, raw }] = received as [Received];
		expect([mail.subject, mail.from?.text]).toEqual(['FAIL nightly build', '"B ot" <me@example.com>']);
		expect(raw).toMatch(/^X-A: a b$/m);
	});

	test.each([
		['Alerts (prod) <me@example.com>', 'Alerts (prod)'],
		['Team, Ops: <me@example.com>', 'Team, Ops:'],
		['"Alerts (prod)" <me@example.com>', 'Alerts (prod)'],
		['O"Brien \\ Co. <me@example.com>', 'O"Brien \\ Co.'],
		['报警 [生产] <me@example.com>', '报警 [生产]'],
		['Alerts < me@example.com >', 'Alerts'],
	])('the sender %s is read', async (from, name) => {
		const port = await smtp();
		await send(port, 'x', { from, replyTo: from });
		const { from: sender, replyTo } = received[0]!.mail;
		expect([sender?.value, replyTo?.value]).toEqual([
			[{ address: 'me@example.com', name }],
			[{ address: 'me@example.com', name }],
		]);
	});

	test('recipients may be parted by semicolons, commas and line breaks', async () => {
		const port = await smtp();
		const to =
			'ann@example.com; Bob <bob@example.com>;"Doe; Jane" <jane@example.com>\ncy@example.com,di@example.com；';
		await send(port, 'x', { to, cc: 'ed@example.com;flo@example.com' });
		expect(received[0]!.to).toEqual(
			['ann', 'bob', 'jane', 'cy', 'di', 'ed', 'flo'].map((who) => `${who}@example.com`),
		);
		expect(addressesOf(received[0]!.mail.to)).toContain('Doe; Jane <jane@example.com>');
	});

	test.each<[string | string[], string[]]>([
		['Doe, Jane <jane@example.com>, bob@example.com', ['"Doe, Jane" <jane@example.com>', 'bob@example.com']],
		[['Doe', 'Jane <jane@example.com>'], ['"Doe, Jane" <jane@example.com>']],
		['Ops; Night <ops@example.com>', ['"Ops; Night" <ops@example.com>']],
		['a@example.com b@example.com', ['a@example.com', 'b@example.com']],
		['a@example.com，b@example.com、c@example.com', ['a@example.com', 'b@example.com', 'c@example.com']],
		['mailto:a@example.com;', ['a@example.com']],
		['a@example.com (Ann)', ['Ann <a@example.com>']],
		['"Doe, J" <a@example.com>;;b@example.com;', ['"Doe, J" <a@example.com>', 'b@example.com']],
	])('the recipients %j are read', (given, expected) => {
		const to = (readForm(email.account, { ...account(25), to: given } as never).values as { to: string[] }).to;
		const found = addressesIn(to).map((each) => checkAddress('to', { en: 'To', zh: '收件人' }, each));
		expect(found).toEqual(expected);
	});

	test('what is no address among them is said', () => {
		const names = addressesIn(['ann', 'bob@example.com']);
		expect(() => names.map((each) => checkAddress('to', { en: 'To', zh: '收件人' }, each))).toThrow(/ann, bob/);
	});

	test.each([
		['smtp.example.com:587', 'smtp.example.com', 587],
		['smtps://smtp.example.com', 'smtp.example.com', 465],
		['ssl://smtp.example.com:994/', 'smtp.example.com', 994],
		['[::1]:2525', '::1', 2525],
		['::1', '::1', 465],
		['smtp.例子.cn', 'smtp.例子.cn', 465],
	])('the server %s is read', (host, name, port) => {
		const { values } = readForm(email.account, { host, user: 'me@example.com', password } as never);
		expect(settingsOf(values as never)).toMatchObject({ host: name, port, security: 'tls' });
	});

	test.each(['https://smtp.example.com', 'smtp.example.com/x', 'two words'])('the server %s is none', (host) => {
		expect(() => readForm(email.account, { host, user: 'me@example.com', password } as never)).toThrow(/host name/);
	});

	test.each([
		['10.0.0.5', '[10.0.0.5]'],
		['[10.0.0.5]', '[10.0.0.5]'],
		['fe80::1', '[IPv6:fe80::1]'],
		['[IPv6:fe80::1]', '[IPv6:fe80::1]'],
		['nas.local', 'nas.local'],
	])('as %s this machine says EHLO %s', (helloName, expected) => {
		const { values } = readForm(email.account, { ...account(25), helloName } as never);
		expect(settingsOf(values as never)).toMatchObject({ helloName: expected });
	});

	test.each(['end', 'destroy', '421'] as const)(
		'a kept connection that the server ended (%s) costs no mail',
		async (how) => {
			const [taken, seen]: [string[], number[]] = [[], []];
			const port = await tcp((socket) => {
				let inMail = false;
				seen.push(taken.length);
				socket.write('220 brief ESMTP\r\n');
				socket.on('data', (chunk) => {
					const line = chunk.toString();
					if (inMail && !/\r\n\.\r\n$/.test(line)) return void taken.push(line);
					if (/^MAIL/.test(line) && seen.length === 1 && taken.length > 0) {
						// It has ended the connection as the mail was on its way to it.
						if (how === '421') return void socket.end('421 idle for too long\r\n');
						return void (how === 'end' ? socket.end() : socket.destroy());
					}
					if (/^DATA/.test(line)) return void ((inMail = true), socket.write('354 go on\r\n'));
					if (inMail) [inMail] = [false, taken.push(line)];
					socket.write('250 ok\r\n');
				});
			});
			const own = { security: 'none', auth: 'none', user: '', password: '', from: 'me@example.com' };
			for (const words of ['one', 'two']) {
				await send(port, words, { attempts: 1 }, own);
			}
			expect([taken.join('').includes('one'), taken.join('').includes('two'), seen.length]).toEqual([
				true,
				true,
				2,
			]);
		},
	);

	test('the server is greeted with a name of one’s own, or this machine’s', async () => {
		const names: string[] = [];
		const port = await smtp({
			onMailFrom: (_, session, done) => {
				names.push(session.hostNameAppearsAs as unknown as string);
				done();
			},
		});
		await send(port, 'x', {}, { helloName: 'notify.example.com' });
		await send(port);
		expect(names).toEqual(['notify.example.com', hostname()]);
		expect(await refused(send(port, 'x', {}, { helloName: 'a b' }))).toMatchObject({ field: 'helloName' });
	});

	test('a server that waits for TLS, or refuses STARTTLS, is told as such', async () => {
		const secure = await smtp({ secure: true });
		const silent = await refused(send(secure, 'x', { attempts: 1 }, { security: 'none' }), password);
		expect(silent).toMatchObject({ class: 'Invalid', field: 'security' });
		expect(silent.message).toMatch(/speaks TLS/);
		const without = await refused(
			send(await smtp({ disabledCommands: ['STARTTLS'] }), 'x', { attempts: 1 }, { security: 'starttls' }),
			password,
		);
		expect(without).toMatchObject({ class: 'Invalid', field: 'security' });
		expect(without.message).toMatch(/refused STARTTLS/);
	}, 30_000);
});

describe('connection', () => {
	test('TLS, STARTTLS and none', async () => {
		await send(await smtp({ secure: true }), 'x', {}, { security: 'tls' });
		await send(await smtp(), 'x');
		await send(await smtp({ disabledCommands: ['STARTTLS'] }), 'x', {}, { security: 'none' });
		await send(
			await smtp({ authOptional: true }),
			'x',
			{},
			{ auth: 'none', user: '', password: '', from: 'me@example.com' },
		);
		expect(received.map(({ secure, user }) => [secure, Boolean(user)])).toEqual([
			[true, true],
			[true, true],
			[false, true],
			[true, false],
		]);
	});

	test('every way to sign in with a password', async () => {
		for (const method of ['PLAIN', 'LOGIN', 'CRAM-MD5']) {
			await send(await smtp({ authMethods: [method] }), 'x');
			expect(received.at(-1)!.user).toBe(`me@example.com by ${method}`);
		}
	});

	test('the password never goes out where STARTTLS is missing', async () => {
		const seen: string[] = [];
		const port = await tcp((socket) => {
			socket.write('220 plain ESMTP\r\n');
			socket.on('data', (data) => {
				seen.push(data.toString());
				socket.write(
					/^EHLO/.test(data.toString()) ? '250-plain\r\n250 AUTH PLAIN LOGIN\r\n' : '502 not implemented\r\n',
				);
			});
		});
		const error = await refused(send(port, 'x', { attempts: 1 }), password);
		expect(error).toMatchObject({ class: 'Invalid', field: 'security' });
		expect(seen.join('')).not.toMatch(/AUTH/);
	});

	test('a certificate is checked, trusted by its CA, or allowed', async () => {
		const port = await smtp({ secure: true });
		const error = await refused(send(port, 'x', { attempts: 1 }, { security: 'tls', caCertificate: '' }), password);
		expect(error).toMatchObject({ class: 'Unreachable', transient: false });
		expect(error.message).toContain('CA certificate');
		await send(port, 'x', {}, { security: 'tls', caCertificate: '', allowInsecureTls: true });
		expect(received).toHaveLength(1);
	});

	test('connections are kept and used again', async () => {
		const port = await smtp();
		for (let index = 0; index < 5; index++) await send(port, `x${index}`);
		expect([connections, received.length]).toEqual([1, 5]);
		await Promise.all(Array.from({ length: 12 }, () => send(port, 'y')));
		expect(connections).toBeLessThanOrEqual(4);
		await email.close?.();
		await send(port, 'again');
		expect(received).toHaveLength(18);
	});

	test('by HTTP and SOCKS5 proxies, with their passwords', async () => {
		const port = await smtp();
		const asked: string[] = [];
		const http = await tcp((socket) =>
			socket.once('data', (data) => {
				asked.push(data.toString());
				const onward = connect(port, '127.0.0.1', () => {
					socket.write('HTTP/1.1 200 OK\r\n\r\n');
					socket.pipe(onward).pipe(socket);
				});
				onward.on('error', () => socket.destroy());
			}),
		);
		await send(port, 'x', {}, { proxy: `http://ann:pr0xy-pass@127.0.0.1:${http}` });
		expect(asked[0]).toMatch(new RegExp(`^CONNECT 127\\.0\\.0\\.1:${port} `));
		expect(asked[0]).toContain(Buffer.from('ann:pr0xy-pass').toString('base64'));
		const socks = await socks5(port);
		await send(port, 'x', {}, { proxy: `socks5://ann:pr0xy-pass@127.0.0.1:${socks.port}` });
		await send(port, 'x', {}, { proxy: `socks5h://ann:pr0xy-pass@127.0.0.1:${socks.port}`, host: 'localhost' });
		expect(socks.asked).toEqual([`1 127.0.0.1:${port}`, `3 localhost:${port}`]);
		expect(received).toHaveLength(3);
		const error = await refused(
			send(port, 'x', { attempts: 1 }, { proxy: `socks5://ann:wr0ng-pass@127.0.0.1:${socks.port}` }),
			'wr0ng-pass',
			password,
		);
		expect(error).toMatchObject({ class: 'Unreachable', code: 'EPROXY', unknown: false });
		// A percent sign that nobody has encoded.
		const bare = `socks5://ann:100%zz@127.0.0.1:${socks.port}`;
		expect(await refused(send(port, 'x', { attempts: 1 }, { proxy: bare }), '100%zz')).toMatchObject({
			code: 'EPROXY',
		});
		const dead = await tcp((socket) => socket.end());
		expect(await refused(send(port, 'x', { attempts: 1 }, { proxy: `socks5://127.0.0.1:${dead}` }))).toMatchObject({
			class: 'Unreachable',
			code: 'EPROXY',
		});
		expect(await refused(send(port, 'x', { attempts: 1 }, { proxy: `http://127.0.0.1:${dead}` }))).toMatchObject({
			class: 'Unreachable',
		});
	});

	test('is checked without sending', async () => {
		const port = await smtp();
		await verify(email, account(port));
		expect([connections, received.length]).toEqual([1, 0]);
		const error = await refused(verify(email, account(port, { password: 'wrong-passw0rd' })), 'wrong-passw0rd');
		expect(error).toMatchObject({ class: 'Unauthorized', code: '535' });
		expect(error.message).toContain('authorisation code');
		expect(
			(await refused(verify(email, account(port, { password: 'wrong-passw0rd', language: 'zh' })))).message,
		).toContain('授权码');
	});

	test('Microsoft’s mailboxes want OAuth2', async () => {
		for (const provider of ['outlook', 'microsoft365'])
			expect(await refused(send(1, 'x', {}, { provider }))).toMatchObject({ class: 'Invalid', field: 'auth' });
	});
});

describe('OAuth2', () => {
	const oauth = (accessUrl: string) => ({
		auth: 'oauth2',
		clientId: 'client-1',
		clientSecret: 'client-s3cret',
		refreshToken: 'refresh-t0ken',
		accessUrl,
		scope: 'mail',
	});

	test('gets a token, keeps it, and gets a new one when it is refused', async () => {
		const port = await smtp();
		let given = 0;
		const tokens = await service(() => ({ body: { access_token: `access-${++given}`, expires_in: 3600 } }));
		closing.push(tokens.close);
		await send(port, 'x', {}, oauth(`${tokens.url}/token`));
		expect(tokens.requests.map(({ form }) => form)).toEqual(
			Array(2).fill({
				client_id: 'client-1',
				client_secret: 'client-s3cret',
				scope: 'mail',
				grant_type: 'refresh_token',
				refresh_token: 'refresh-t0ken',
			}),
		);
		expect(received[0]!.user).toBe('me@example.com by XOAUTH2');
		await email.close?.();
		await send(port, 'x', {}, oauth(`${tokens.url}/token`));
		expect(tokens.requests).toHaveLength(2);
		await send(port, 'x', {}, { ...oauth(`${tokens.url}/token`), refreshToken: '' }).catch(() => undefined);
		expect(tokens.requests.at(-1)!.form).toMatchObject({ grant_type: 'client_credentials' });
	});

	test('says what is wrong with it', async () => {
		const port = await smtp();
		const tokens = await service(() => ({
			status: 400,
			body: { error: 'invalid_grant', error_description: 'Token has been expired or revoked: refresh-t0ken' },
		}));
		closing.push(tokens.close);
		const error = await refused(
			send(port, 'x', {}, oauth(`${tokens.url}/token`)),
			'refresh-t0ken',
			'client-s3cret',
		);
		expect(error).toMatchObject({ class: 'Unauthorized', code: 'invalid_grant' });
		expect(error.message).toContain('sign in again');
		expect(await refused(send(port, 'x', {}, { ...oauth(''), accessUrl: '' }))).toMatchObject({
			class: 'Invalid',
			field: 'accessUrl',
		});
	});
});

describe('refusals', () => {
	const refuse = (stage: 'from' | 'rcpt' | 'data', code: number, words: string): SMTPServerOptions => ({
		...(stage === 'from' && { onMailFrom: (_, __, done) => done(smtpNo(code, words)) }),
		...(stage === 'rcpt' && { onRcptTo: (_, __, done) => done(smtpNo(code, words)) }),
		...(stage === 'data' && {
			onData: (stream, _, done) => {
				stream.resume();
				stream.on('end', () => done(smtpNo(code, words)));
			},
		}),
	});

	test.each([
		['rcpt', 550, 'User unknown', 'Invalid', 'to', 'check the recipient'],
		['rcpt', 553, 'Mailbox name invalid', 'Invalid', 'to', 'check the recipient'],
		['from', 553, 'Mail from must equal authorized user', 'Invalid', 'from', 'own address'],
		['from', 501, 'mail from address must be same as authorization user', 'Invalid', 'from', 'own address'],
		['data', 554, 'DT:SPM spam', 'Rejected', undefined, 'spam'],
		['data', 550, 'High probability of spam', 'Rejected', undefined, 'spam'],
		['rcpt', 450, 'Greylisted', 'Unreachable', undefined, 'busy'],
		['rcpt', 451, 'Requested action aborted', 'Unreachable', undefined, 'busy'],
		['data', 452, 'Insufficient storage', 'Unreachable', undefined, 'busy'],
		['data', 421, 'Service closing', 'Unreachable', undefined, 'busy'],
		['rcpt', 550, 'Connection frequency limited', 'RateLimited', undefined, 'later'],
		['from', 451, '4.7.1 Ratelimit exceeded', 'RateLimited', undefined, 'later'],
		['data', 550, '5.7.1 Our corporate policy refuses it', 'Rejected', undefined, 'policy'],
		['rcpt', 550, 'User separated from the company', 'Invalid', 'to', 'check the recipient'],
	] as const)('%s %i “%s” is %s', async (stage, code, words, errorClass, field, advice) => {
		const port = await smtp(refuse(stage, code, words));
		const error = await refused(send(port, 'x', { attempts: 1 }), password);
		expect(error).toMatchObject({ class: errorClass, code: String(code), field, unknown: false });
		expect(error.message).toContain(words);
		expect(error.message).toContain(advice);
		expect((await refused(send(port, 'x', { attempts: 1 }, { language: 'zh' }), password)).message).toMatch(
			/\p{Script=Han}/u,
		);
	});

	test('a transient one is tried again', async () => {
		let tries = 0;
		const port = await smtp({
			onRcptTo: (_, __, done) => done(++tries < 3 ? smtpNo(451, 'Greylisted, try again') : null),
		});
		expect(await send(port, 'x')).toMatchObject({ attempts: 3 });
		expect(received).toHaveLength(1);
	});

	test('too big goes without its attachments', async () => {
		const port = await smtp({ size: 20_000 });
		const receipt = await send(port, {
			body: 'x',
			attachments: [{ name: 'big.bin', mime: 'application/octet-stream', data: Buffer.alloc(50_000, 7) }],
		});
		expect(receipt.degraded).toEqual(['attachments']);
		expect(received[0]!.mail.attachments).toHaveLength(0);
		expect(
			(
				await send(port, {
					body: 'x',
					image: { ...png, data: Buffer.concat([png.data, Buffer.alloc(50_000, 7)]) },
				})
			).degraded,
		).toEqual(['image']);
	});

	test('a wrong password in every provider’s words', async () => {
		for (const [words, advice] of [
			['5.7.139 Authentication unsuccessful, basic authentication is disabled', 'OAuth2'],
			['5.7.9 Application-specific password required', 'app password'],
			['Login Fail. Please enter your authorization code to login.', 'authorisation code'],
			['5.7.8 Bad credentials, generate a password of your own for each app', 'app password'],
		] as const) {
			const port = await smtp({ onAuth: (_, __, done) => done(smtpNo(535, words)) });
			const error = await refused(send(port, 'x', { attempts: 1 }), password);
			expect(error).toMatchObject({ class: 'Unauthorized', code: '535' });
			expect(error.message).toContain(advice);
		}
	});
});

describe('faults', () => {
	test('nobody there, no such name', async () => {
		const port = await tcp(() => undefined);
		await Promise.all(closing.splice(0).map((close) => close()));
		const error = await refused(send(port, 'x', { attempts: 1 }), password);
		expect(error).toMatchObject({ class: 'Unreachable', code: 'ECONNREFUSED', unknown: false });
		expect(await refused(send(port, 'x', { attempts: 1 }, { host: 'no-such-host.invalid' }))).toMatchObject({
			class: 'Unreachable',
			unknown: false,
		});
	});

	test('a server that hangs up before it spoke, or talks HTTP, or plain text where TLS was meant', async () => {
		expect(await refused(send(await tcp((socket) => socket.end()), 'x', { attempts: 1 }))).toMatchObject({
			class: 'Unreachable',
			unknown: false,
		});
		expect(
			await refused(
				send(await tcp((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')), 'x', { attempts: 1 }),
			),
		).toMatchObject({ class: 'Unreachable', unknown: false });
		const error = await refused(send(await smtp(), 'x', { attempts: 1 }, { security: 'tls' }));
		expect(error).toMatchObject({ class: 'Invalid', field: 'security' });
		expect(error.message).toContain('STARTTLS');
	});

	test('a connection that dies within the mail leaves it unknown, and it is not sent twice', async () => {
		let mails = 0;
		const port = await tcp((socket) => {
			socket.write('220 half ESMTP\r\n');
			let data = false;
			socket.on('data', (chunk) => {
				const line = chunk.toString();
				if (data) {
					mails++;
					return void socket.destroy();
				}
				if (/^EHLO/.test(line)) socket.write('250 half\r\n');
				else if (/^DATA/.test(line)) {
					data = true;
					socket.write('354 go on\r\n');
				} else socket.write('250 ok\r\n');
			});
		});
		const more = { security: 'none', auth: 'none', user: '', password: '', from: 'me@example.com' };
		const error = await refused(send(port, 'x', {}, more));
		expect([error.class, error.unknown, mails]).toEqual(['Unreachable', true, 1]);
		expect(await refused(send(port, 'x', { repeatUnknown: true, attempts: 3 }, more))).toMatchObject({
			unknown: true,
		});
		expect(mails).toBe(4);
	});

	test('one that dies before the mail is tried again', async () => {
		let talks = 0;
		const port = await tcp((socket) => {
			socket.write('220 half ESMTP\r\n');
			socket.on('data', (chunk) => {
				if (/^MAIL/.test(chunk.toString())) {
					talks++;
					socket.destroy();
				} else socket.write('250 ok\r\n');
			});
		});
		const error = await refused(
			send(
				port,
				'x',
				{ attempts: 3 },
				{ security: 'none', auth: 'none', user: '', password: '', from: 'me@example.com' },
			),
		);
		expect([error.unknown, talks]).toEqual([false, 3]);
	});

	test('a server that never answers ends with the time limit', async () => {
		const port = await tcp(() => undefined);
		const error = await refused(deliver(email, account(port), { deadline: 1 }, 'x'));
		expect(error).toMatchObject({ class: 'Unreachable', code: 'DEADLINE', unknown: false });
	});

	test('one that swallows the mail and says nothing leaves it unknown', async () => {
		const port = await tcp((socket) => {
			socket.write('220 half ESMTP\r\n');
			let data = false;
			socket.on('data', (chunk) => {
				if (data) return;
				data = /^DATA/.test(chunk.toString());
				socket.write(data ? '354 go on\r\n' : '250 ok\r\n');
			});
		});
		const more = { security: 'none', auth: 'none', user: '', password: '', from: 'me@example.com' };
		const error = await refused(deliver(email, account(port, more), { deadline: 1 }, 'x'));
		expect(error).toMatchObject({ class: 'Unreachable', code: 'DEADLINE', unknown: true });
	});

	test('nothing stays open', async () => {
		const port = await smtp();
		await send(port, 'x');
		await email.close?.();
		await until(() => !process.getActiveResourcesInfo().includes('TLSWrap'));
	});
});

/** A SOCKS5 proxy that wants ann’s password, and sends everything on to one port. */
async function socks5(onto: number): Promise<{ port: number; asked: string[] }> {
	const asked: string[] = [];
	const port = await tcp((socket) => {
		let stage = 0;
		socket.on('data', (data) => {
			if (stage === 0) {
				stage = 1;
				socket.write(Buffer.from([5, data.includes(2, 2) ? 2 : 0]));
			} else if (stage === 1) {
				const user = data.subarray(2, 2 + data[1]!).toString();
				const pass = data.subarray(3 + data[1]!).toString();
				stage = 2;
				socket.write(Buffer.from([1, user === 'ann' && pass === 'pr0xy-pass' ? 0 : 1]));
			} else if (stage === 2) {
				stage = 3;
				const type = data[3]!;
				const host =
					type === 1 ? [...data.subarray(4, 8)].join('.') : data.subarray(5, 5 + data[4]!).toString();
				asked.push(`${type} ${host}:${data.readUInt16BE(data.length - 2)}`);
				const onward = connect(onto, '127.0.0.1', () => {
					socket.write(Buffer.from([5, 0, 0, 1, 127, 0, 0, 1, 0, 0]));
					socket.removeAllListeners('data');
					socket.pipe(onward).pipe(socket);
				});
				onward.on('error', () => socket.destroy());
			}
		});
	});
	return { port, asked };
}
