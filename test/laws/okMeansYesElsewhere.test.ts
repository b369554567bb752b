import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocketServer } from 'ws';
import { isChannelError } from '../../src/core/base/errors';
import type { Channel } from '../../src/core/define/channel';
import { deliver, type Receipt } from '../../src/core/deliver/deliver';
import { desktop } from '../../src/services/desktop/desktop.channel';
import { email } from '../../src/services/mail/email.channel';
import { websocket } from '../../src/services/webhook/websocket.channel';
import { frozenClock } from '../refused';

/** The receipt, or the class of the error; anything that is not ours is a fault of the test’s own. */
async function outcome(channel: Channel, account: object, options: object): Promise<Receipt | string> {
	try {
		const given = { attempts: 1, deadline: 5, ...options };
		return await deliver(channel, account as never, given as never, 'Hello', { clock: frozenClock() });
	} catch (error) {
		if (!isChannelError(error) || /Carillon itself/.test(error.message)) throw error;
		return error.class;
	}
}

let closing: (() => unknown)[] = [];
afterEach(async () => {
	await email.close?.();
	await websocket.close?.();
	await Promise.all(closing.map((close) => close()));
	closing = [];
});

describe('mail', () => {
	type Stage = 'greeting' | 'EHLO' | 'MAIL' | 'RCPT' | 'DATA' | 'end';
	const good: Readonly<Record<Stage, string>> = {
		greeting: '220 mail.example.com ESMTP',
		EHLO: '250-mail.example.com\r\n250 SIZE 1000000',
		MAIL: '250 2.1.0 Ok',
		RCPT: '250 2.1.5 Ok',
		DATA: '354 End data with <CR><LF>.<CR><LF>',
		end: '250 2.0.0 Ok: queued as 4D5F',
	};
	type Says = Partial<Record<Stage, string | ((line: string) => string)>>;

	/** A mail server that says what it is told to; '' says nothing and hangs up. */
	async function server(says: Says): Promise<number> {
		const open = new Set<Socket>();
		const talking: Server = createServer((socket) => {
			open.add(socket.on('error', () => undefined));
			const say = (stage: Stage, line = '') => {
				const given = says[stage] ?? good[stage];
				const reply = typeof given === 'function' ? given(line) : given;
				if (reply === '') socket.destroy();
				else socket.write(`${reply}\r\n`);
			};
			let [text, isData] = ['', false];
			socket.on('data', (chunk) => {
				text += chunk.toString();
				for (;;) {
					const end = isData ? /(^|\r\n)\.\r\n/.exec(text) : /\r\n/.exec(text);
					if (!end) return;
					const line = text.slice(0, end.index);
					text = text.slice(end.index + end[0].length);
					const stage = isData ? 'end' : (/^(EHLO|MAIL|RCPT|DATA)/.exec(line)?.[1] as Stage | undefined);
					isData = stage === 'DATA' && (says.DATA ?? good.DATA) === good.DATA;
					if (stage) say(stage, line);
					else if (/^QUIT/.test(line)) socket.end('221 Bye\r\n');
					else socket.write('250 Ok\r\n');
				}
			});
			say('greeting');
		});
		closing.push(() => {
			open.forEach((socket) => socket.destroy());
			return new Promise((done) => talking.close(done));
		});
		await new Promise<void>((done) => talking.listen(0, '127.0.0.1', done));
		return (talking.address() as AddressInfo).port;
	}

	const send = async (says: Says, to = 'ann@example.com') =>
		await outcome(
			email,
			{ host: '127.0.0.1', port: await server(says), security: 'none', auth: 'none', from: 'me@example.com', to },
			{},
		);

	test.each([
		['as it is', {}],
		['in several lines', { end: '250-2.0.0 Ok\r\n250-queued as\r\n250 4D5F' }],
		['without words', { end: '250' }],
		['with another code of yes', { end: '251 2.0.0 will forward' }],
	] as [string, Says][])('a yes %s', async (_, says) => {
		expect(await send(says)).toMatchObject({ ok: true });
	});

	const noes = [
		...[
			'421 4.3.2 closing',
			'450 4.2.0 greylisted',
			'451 4.7.1 later',
			'452 4.2.2 full',
			'500 what',
			'535 5.7.8 no',
		],
		...[
			'550 5.7.1 spam',
			'552 5.2.3 too big',
			'554 5.7.1 rejected',
			'550-5.7.1 spam\r\n550 see https://example.com',
		],
		...['354 go on', '150 wait', '999 odd', '25', 'OK', 'HTTP/1.1 200 OK', '<html>ok</html>', '-250 Ok', ''],
	];
	test.each((['MAIL', 'RCPT', 'DATA', 'end'] as const).flatMap((stage) => noes.map((no) => [stage, no] as const)))(
		'%s: %j is no yes',
		async (stage, no) => {
			if (stage === 'DATA' && no.startsWith('354')) return;
			// What the server says of the mail in the end is what counts.
			if (stage !== 'end' && no === '25') return;
			expect(await send({ [stage]: no })).toEqual(expect.any(String));
		},
	);

	test.each(noes.filter((no) => /^[45]\d\d[ -]/.test(no)))(
		'one of two recipients refused with %j is named',
		async (no) => {
			const some = { RCPT: (line: string) => (line.includes('bob@') ? no : good.RCPT) };
			const receipt = await send(some, 'ann@example.com, bob@example.com');
			if (typeof receipt === 'string') return;
			expect(receipt.warnings.join()).toContain('bob@example.com');
			expect(receipt.warnings.join()).not.toContain('ann@example.com');
		},
	);
});

describe('WebSocket', () => {
	const wait = { waitForAnswer: true, successPath: 'code', successValues: '0', answerSeconds: 0.2 };
	async function send(answers: readonly (string | Buffer)[], code?: number) {
		const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
		server.on('connection', (socket) => {
			socket.on('error', () => undefined);
			socket.on('message', () => {
				for (const answer of answers) socket.send(answer);
				if (code !== undefined) socket.close(code);
			});
		});
		closing.push(() => {
			for (const socket of server.clients) socket.terminate();
			return new Promise((done) => server.close(done));
		});
		await new Promise((done) => server.once('listening', done));
		return await outcome(websocket, { url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}` }, wait);
	}

	test.each([['{"code":0}'], ['{"code":"0"}'], ['{"code":0,"data":null}']])('%s is a yes', async (answer) => {
		expect(await send([answer])).toMatchObject({ ok: true });
	});

	test.each([
		...['', 'null', '0', '"0"', '[]', '[0]', '{}', '{"code":1}', '{"code":-1}', '{"code":null}', '{"code":false}'],
		...[
			'{"code":[]}',
			'{"code":{}}',
			'{"code":[0]}',
			'{"code":""}',
			'{"code":"00"}',
			'{"data":{"code":0}}',
			'{"Code":0}',
		],
		...['{"code":0', '<html>0</html>', 'code=0', 'OK'],
	])('%j is none', async (answer) => {
		expect(await send([answer])).toEqual(expect.any(String));
	});

	test('neither are bytes, silence, nor a server that takes leave', async () => {
		expect(await send([Buffer.from('{"code":0}')])).toEqual(expect.any(String));
		expect(await send([])).toEqual(expect.any(String));
		for (const code of [1000, 1001, 1008, 1011, 4001]) expect(await send([], code)).toEqual(expect.any(String));
	});
});

describe('the desktop', () => {
	const ownPath = process.env.PATH;
	let folder: string;
	beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'carillon-yes-'))));
	afterEach(() => {
		process.env.PATH = ownPath;
		rmSync(folder, { recursive: true, force: true });
	});

	/** A notify-send that ends so; the bus knows nothing. */
	function program(script: string) {
		const bin = join(folder, 'bin');
		mkdirSync(bin);
		writeFileSync(join(bin, 'notify-send'), `#!${process.execPath}\n${script}\n`, { mode: 0o755 });
		process.env.PATH = bin;
		return outcome(desktop, { sessionBus: 'unix:path=/nowhere' }, {});
	}
	const onLinux = process.platform === 'linux' ? test : test.skip;

	onLinux.each([
		['an id', `console.log('7')`],
		['nothing, as older ones', ''],
		['a warning beside it', `console.error('Gtk-WARNING: theme'); console.log('7')`],
	])('says yes with %s', async (_, script) => {
		expect(await program(script)).toMatchObject({ ok: true });
	});

	onLinux.each([
		...[1, 2, 64, 127, 134, 255].map((code) => `process.exitCode = ${code};`),
		`console.log('7'); process.exitCode = 1;`,
		`console.error('The name org.freedesktop.Notifications was not provided'); process.exitCode = 1;`,
		`console.error('Unknown option -p'); process.exitCode = 1;`,
		...['SIGTERM', 'SIGKILL', 'SIGSEGV'].map(
			(signal) => `console.log('7'); process.kill(process.pid, '${signal}'); setTimeout(() => 0, 9999);`,
		),
	])('%s is none', async (script) => {
		expect(await program(script)).toEqual(expect.any(String));
	});
});
