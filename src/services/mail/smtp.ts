import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import type { Readable } from 'node:stream';
import { connect } from 'node:tls';
import type { SendMailOptions, Transporter } from 'nodemailer';
import { proxyAddress } from '../../core/base/percent';
import { connectBySocks } from '../../core/http/socks5';
import { untilAborted } from '../../core/sockets/kept';
import { notSmtp, smtpError, wantsTls, type SmtpFailure } from './smtpErrors';

/** How an account reaches its mail server. */
export interface SmtpSettings {
	host: string;
	port: number;
	security: 'tls' | 'starttls' | 'none';
	user?: string;
	password?: string;
	/** XOAUTH2 instead of a password; the token comes with each send. */
	oauth: boolean;
	/** By default the name of this machine. */
	helloName?: string;
	proxy?: string;
	caCertificate?: string;
	allowInsecureTls?: boolean;
}

export interface Taken {
	messageId: string;
	accepted: string[];
	rejected: { address: string; response: string }[];
	response: string;
}

interface Mailer {
	transporter: Transporter;
	accessToken?: string;
}

/** Accounts with open connections, least recently used first. */
const mailers = new Map<string, Mailer>();
const mostMailers = 50;
/** ms */
const patience = { connect: 10_000, greeting: 10_000, socket: 60_000, check: 10_000, idle: 15_000, probe: 3_000 };

function mailerFor(settings: SmtpSettings): Mailer {
	const key = createHash('sha256').update(JSON.stringify(settings)).digest('base64');
	const known = mailers.get(key);
	if (known) {
		mailers.delete(key);
		mailers.set(key, known);
		return known;
	}
	const mailer = makeMailer(settings, true);
	mailers.set(key, mailer);
	if (mailers.size > mostMailers) {
		const [oldest, { transporter }] = mailers.entries().next().value as [string, Mailer];
		mailers.delete(oldest);
		transporter.close();
	}
	return mailer;
}

function makeMailer(settings: SmtpSettings, pool: boolean): Mailer {
	const { createTransport } = require('nodemailer') as typeof import('nodemailer');
	const { host, port, security, user, password, oauth, proxy, caCertificate, allowInsecureTls } = settings;
	const mailer = {} as Mailer;
	const transporter = createTransport({
		pool,
		host,
		port,
		name: settings.helloName ?? ownName(),
		secure: security === 'tls',
		requireTLS: security === 'starttls',
		ignoreTLS: security === 'none',
		auth: oauth ? { type: 'OAuth2', user } : user ? { user, pass: password ?? '' } : undefined,
		tls: { ...(caCertificate && { ca: caCertificate }), ...(allowInsecureTls && { rejectUnauthorized: false }) },
		proxy: proxy && proxyAddress(proxy),
		connectionTimeout: patience.connect,
		greetingTimeout: patience.greeting,
		socketTimeout: pool ? patience.socket : patience.check,
		dnsTimeout: patience.connect,
		idleTimeout: patience.idle,
		maxConnections: 4,
		// One more where an idle connection turns out dead; `deliver` decides about everything else.
		maxRequeues: 1,
		disableFileAccess: true,
		disableUrlAccess: true,
	} as never) as Transporter;
	for (const scheme of ['socks5', 'socks5h']) {
		transporter.set(`proxy_handler_${scheme}`, (_, __, done) => {
			connectBySocks(new URL(proxyAddress(proxy!)), host, port, patience.connect).then(
				(connection) => done(null, { connection }),
				done,
			);
		});
	}
	transporter.set('oauth2_provision_cb', (_: string, __: boolean, done: (error: null, token: string) => void) =>
		done(null, mailer.accessToken!),
	);
	// What goes wrong with an idle connection; a send has its own error.
	transporter.on('error', () => undefined);
	transporter.use('stream', (mail, done) => {
		const { message, data } = mail as unknown as {
			message: { createReadStream(options?: object): Readable };
			data: { watch?(stream: Readable): void };
		};
		const create = message.createReadStream.bind(message);
		message.createReadStream = (options) => {
			const stream = create(options);
			data.watch?.(stream);
			return stream;
		};
		done();
	});
	return Object.assign(mailer, { transporter });
}

/** nodemailer's own choice for a machine without a domain, `[127.0.0.1]`, is refused by servers that look at it. */
const ownName = () => (/^[\w.-]+$/.test(hostname()) ? hostname() : 'localhost');

/** Hands a mail over. @throws ChannelError; `unknown` where the mail was on its way when the connection died */
export async function sendBySmtp(
	settings: SmtpSettings,
	mail: SendMailOptions,
	accessToken: string | undefined,
	signal: AbortSignal,
): Promise<Taken> {
	const mailer = mailerFor(settings);
	mailer.accessToken = accessToken;
	let stream: Readable | undefined;
	try {
		const watched = { ...mail, signal, watch: (started: Readable) => (stream = started) };
		const {
			messageId,
			accepted = [],
			rejectedErrors = [],
			response,
		} = (await mailer.transporter.sendMail(watched as SendMailOptions)) as {
			messageId: string;
			accepted?: string[];
			rejectedErrors?: SmtpFailure[];
			response: string;
		};
		// nodemailer looks at the first digit alone.
		if (!/^2\d\d(?!\d)/.test(response)) throw notSmtp(settings, true);
		return {
			messageId,
			accepted,
			rejected: rejectedErrors.map(({ recipient = '', response: said = '' }) => ({
				address: recipient,
				response: said,
			})),
			response,
		};
	} catch (error) {
		const begun = stream?.readableDidRead ?? false;
		throw (
			(await tlsInstead(error as SmtpFailure, settings)) ??
			smtpError(error as SmtpFailure, settings, signal, begun)
		);
	}
}

/** Connects and signs in, and sends nothing. */
export async function verifySmtp(
	settings: SmtpSettings,
	accessToken: string | undefined,
	signal: AbortSignal,
): Promise<void> {
	const mailer = makeMailer(settings, false);
	mailer.accessToken = accessToken;
	try {
		// It cannot be stopped, but need not be waited for: its connection ends with the server's silence.
		await untilAborted(mailer.transporter.verify(), signal);
	} catch (error) {
		throw (
			(await tlsInstead(error as SmtpFailure, settings)) ??
			smtpError(error as SmtpFailure, settings, signal, false)
		);
	} finally {
		mailer.transporter.close();
	}
}

/** A server that waited for TLS said nothing at all: whether it does is asked, where it is asked directly. */
async function tlsInstead({ code, message }: SmtpFailure, settings: SmtpSettings) {
	const { host, port, security, proxy } = settings;
	const wasSilent =
		security !== 'tls' &&
		/TIMEDOUT|ECONNECTION|ESOCKET|ECONNRESET/.test(code ?? '') &&
		/greeting|clos|reset/i.test(message);
	return wasSilent && !proxy && (await speaksTls(host, port)) ? wantsTls(settings) : undefined;
}

function speaksTls(host: string, port: number): Promise<boolean> {
	return new Promise((resolve) => {
		const socket = connect({ host, port, rejectUnauthorized: false, timeout: patience.probe });
		const end = (speaks: boolean) => {
			resolve(speaks);
			socket.destroy();
		};
		socket.once('secureConnect', () => end(true)).on('error', () => end(false));
		socket.once('timeout', () => end(false)).once('close', () => end(false));
	});
}

/** Ends every connection that is kept open. */
export function closeSmtp(): void {
	for (const { transporter } of mailers.values()) transporter.close();
	mailers.clear();
}
