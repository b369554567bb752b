import { createHash } from 'node:crypto';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import type { ErrorClass } from '../../src/core/base/errors';

/** A fault of a protocol in which both sides talk, at one stage of the talk. */
export interface WireFault {
	name: string;
	ends: readonly ErrorClass[];
	/** The message was with the server when it happened: nobody knows what became of it. */
	unknown: boolean;
	/** The time limit of the send itself ends it. */
	hangs?: true;
	/** Another place than the server's. */
	place?: { host: string; port?: number; scheme?: string };
	account?: Record<string, unknown>;
	talk?(wire: Wire): Promise<void> | void;
}

/** The server's end of a connection. */
export class Wire {
	private heard = '';
	private waiting?: () => void;

	constructor(
		readonly socket: Socket,
		readonly state: { messages: number },
	) {
		socket.on('data', (chunk) => {
			this.heard += chunk.toString('latin1');
			this.waiting?.();
		});
	}

	/** Waits for it, and takes it with all that came before. Never ends where it never comes. */
	async read(pattern: RegExp): Promise<RegExpExecArray> {
		for (;;) {
			const found = pattern.exec(this.heard);
			if (found) {
				this.heard = this.heard.slice(found.index + found[0].length);
				return found;
			}
			await new Promise<void>((resolve) => (this.waiting = resolve));
		}
	}

	write(data: string | Buffer): void {
		this.socket.write(data);
	}
}

type Act = (wire: Wire) => void;
const junk = Buffer.from([0xff, 0xfe, 0x00, 0x0d, 0x0a, 0x7b, 0x0d, 0x0a, 0x0d, 0x0a]);
const acts: Readonly<Record<string, Act>> = {
	silence: () => undefined,
	'a reset': ({ socket }) => socket.resetAndDestroy(),
	'hanging up': ({ socket }) => socket.end(),
	garbage: (wire) => wire.write(junk),
};

/** At every stage: silence, a reset, hanging up, garbage. */
const everywhere = <S extends string>(
	stages: readonly S[],
	talk: (wire: Wire, until: S) => Promise<void>,
	last: S,
): WireFault[] =>
	stages.flatMap((stage) =>
		Object.entries(acts).map(([name, act]): WireFault => ({
			name: `${name} ${stage}`,
			ends: name === 'garbage' ? ['Unreachable', 'Unexpected'] : ['Unreachable'],
			unknown: stage === last,
			...(name === 'silence' && { hangs: true }),
			talk: async (wire) => {
				await talk(wire, stage);
				act(wire);
			},
		})),
	);

const nowhere: readonly WireFault[] = [
	{
		name: 'a name that nobody knows',
		ends: ['Unreachable'],
		unknown: false,
		place: { host: 'no-such-host.invalid', port: 9 },
	},
	{ name: 'nobody listening', ends: ['Unreachable'], unknown: false, place: { host: '127.0.0.1', port: 1 } },
];

const mailStages = [
	'instead of a greeting',
	'after EHLO',
	'after AUTH',
	'after MAIL FROM',
	'after RCPT TO',
	'after DATA',
	'after the mail',
] as const;

/** A mail server that is one until then. */
async function talkMail(wire: Wire, until: (typeof mailStages)[number]): Promise<void> {
	const turns: [say: string, hear: RegExp][] = [
		['220 mail.example ESMTP\r\n', /EHLO .*\r\n/],
		['250-mail.example\r\n250 AUTH PLAIN\r\n', /AUTH PLAIN .*\r\n/],
		['235 welcome\r\n', /MAIL FROM.*\r\n/],
		['250 ok\r\n', /RCPT TO.*\r\n/],
		['250 ok\r\n', /DATA\r\n/],
		['354 go on\r\n', /\r\n\.\r\n/],
	];
	for (const [say, hear] of turns.slice(0, mailStages.indexOf(until))) {
		wire.write(say);
		await wire.read(hear);
	}
	if (until === 'after the mail') wire.state.messages++;
}

export const mailFaults: readonly WireFault[] = [
	...nowhere,
	...everywhere(mailStages, talkMail, 'after the mail'),
	{
		name: 'plain text where TLS was meant',
		ends: ['Invalid', 'Unreachable'],
		unknown: false,
		account: { security: 'tls' },
		talk: (wire) => wire.write('220 mail.example ESMTP\r\n'),
	},
	{
		name: 'silence instead of TLS',
		ends: ['Unreachable'],
		unknown: false,
		hangs: true,
		account: { security: 'tls' },
		talk: () => undefined,
	},
	...Object.entries(acts).map(([name, act]): WireFault => ({
		name: `${name} after STARTTLS`,
		ends: name === 'garbage' ? ['Invalid', 'Unreachable', 'Unexpected'] : ['Unreachable'],
		unknown: false,
		...(name === 'silence' && { hangs: true }),
		account: { security: 'starttls' },
		talk: async (wire) => {
			wire.write('220 mail.example ESMTP\r\n');
			await wire.read(/EHLO .*\r\n/);
			wire.write('250-mail.example\r\n250 STARTTLS\r\n');
			await wire.read(/STARTTLS\r\n/);
			wire.write('220 go on\r\n');
			// What comes in one piece with that is another case.
			if (name === 'garbage') await wire.read(/\x16\x03/);
			act(wire);
		},
	})),
	{
		// Nobody may slip something in before the encryption: it is thrown away, and then there is silence.
		name: 'garbage in one piece with the answer to STARTTLS',
		ends: ['Unreachable'],
		unknown: false,
		hangs: true,
		account: { security: 'starttls' },
		talk: async (wire) => {
			wire.write('220 mail.example ESMTP\r\n');
			await wire.read(/EHLO .*\r\n/);
			wire.write('250-mail.example\r\n250 STARTTLS\r\n');
			await wire.read(/STARTTLS\r\n/);
			wire.write(Buffer.concat([Buffer.from('220 go on\r\n'), junk]));
		},
	},
	{
		name: 'a greeting without end',
		ends: ['Unreachable', 'Unexpected'],
		unknown: false,
		hangs: true,
		talk: ({ socket }) => {
			const timer = setInterval(() => socket.write('220-still here\r\n'), 20);
			socket.on('close', () => clearInterval(timer));
		},
	},
];

const socketStages = ['after connecting', 'after the handshake was asked for', 'after the message'] as const;

/** The one frame is text of a client, so masked; what is in it does not matter here. */
async function talkSocket(wire: Wire, until: (typeof socketStages)[number]): Promise<void> {
	if (until === 'after connecting') return;
	const [, key] = await wire.read(/sec-websocket-key: *(\S+)[\s\S]*?\r\n\r\n/i);
	if (until === 'after the handshake was asked for') return;
	wire.write(accepting(key!));
	await message(wire);
}

const accepting = (key: string) => {
	const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
	return `HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-accept: ${accept}\r\n\r\n`;
};

async function message(wire: Wire): Promise<void> {
	await wire.read(/\x81[\x80-\xff]/);
	wire.state.messages++;
}

const handshake = (
	name: string,
	ends: readonly ErrorClass[],
	answer: string | ((key: string) => string),
	hangs?: true,
): WireFault => ({
	name,
	ends,
	unknown: false,
	hangs,
	talk: async (wire) => {
		const [, key] = await wire.read(/sec-websocket-key: *(\S+)[\s\S]*?\r\n\r\n/i);
		wire.write(typeof answer === 'string' ? answer : answer(key!));
	},
});

const frame = (name: string, bytes: Buffer, then: 'hangs' | 'ends' | 'waits' = 'waits'): WireFault => ({
	name,
	ends: ['Unreachable', 'Unexpected', 'Rejected'],
	unknown: true,
	...(then === 'hangs' && { hangs: true }),
	talk: async (wire) => {
		await talkSocket(wire, 'after the message');
		wire.write(bytes);
		if (then === 'ends') wire.socket.end();
	},
});

export const socketFaults: readonly WireFault[] = [
	...nowhere,
	...everywhere(socketStages, talkSocket, 'after the message'),
	{
		name: 'TLS that is none',
		ends: ['Unreachable'],
		unknown: false,
		place: { host: '127.0.0.1', scheme: 'https' },
		talk: ({ socket }) => void socket.end('SSH-2.0-no\r\n'),
	},
	{
		name: 'silence instead of TLS',
		ends: ['Unreachable'],
		unknown: false,
		hangs: true,
		place: { host: '127.0.0.1', scheme: 'https' },
		talk: () => undefined,
	},
	handshake('a web page', ['Unexpected'], 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi'),
	handshake('502', ['Unreachable'], 'HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n'),
	handshake('401', ['Unauthorized'], 'HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n'),
	handshake(
		'a redirect',
		['Unexpected'],
		'HTTP/1.1 302 Found\r\nlocation: http://127.0.0.2:1/steal\r\ncontent-length: 0\r\n\r\n',
	),
	handshake('another’s handshake', ['Unreachable', 'Unexpected'], () => accepting('AAAAAAAAAAAAAAAAAAAAAA==')),
	handshake('a handshake cut short', ['Unreachable'], 'HTTP/1.1 101 Switching Protocols\r\nupgrade: webs', true),
	frame('half a frame', Buffer.from([0x81, 0x7e, 0x10]), 'hangs'),
	frame('a frame of an unknown kind', Buffer.from([0x8b, 0x01, 0x20])),
	frame('text that is none', Buffer.from([0x81, 0x02, 0xc3, 0x28])),
	frame('a frame of 2⁶² bytes', Buffer.from([0x82, 0x7f, 0x40, 0, 0, 0, 0, 0, 0, 0, 1])),
	frame('a goodbye that says no', Buffer.from([0x88, 0x02, 0x03, 0xf3]), 'ends'),
	frame('a goodbye without going', Buffer.from([0x88, 0x02, 0x03, 0xf3]), 'hangs'),
];

export interface WireServer {
	port: number;
	/** Messages that came whole. */
	readonly messages: number;
	close(): Promise<void>;
}

export async function wireServer({ talk }: WireFault): Promise<WireServer> {
	const sockets = new Set<Socket>();
	const state = { messages: 0 };
	const server = createServer((socket) => {
		sockets.add(socket);
		socket.on('close', () => sockets.delete(socket));
		socket.on('error', () => undefined);
		void talk?.(new Wire(socket, state));
	});
	await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
	return {
		port: (server.address() as AddressInfo).port,
		get messages() {
			return state.messages;
		},
		close: () =>
			new Promise((done) => {
				server.close(() => done());
				for (const socket of sockets) socket.destroy();
			}),
	};
}
