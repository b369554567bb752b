import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { SendMailOptions, Transporter } from 'nodemailer';
import { ChannelError, type ErrorRow } from '../../core/channel';
import { fill, type Text } from '../../core/language';
import { untilAborted } from './keptSocket';
import { connectBySocks } from './socks5';

/** How an account reaches its mail server. */
export interface SmtpSettings {
	host: string;
	port: number;
	security: 'tls' | 'starttls' | 'none';
	user?: string;
	password?: string;
	/** XOAUTH2 instead of a password; the token comes with each send. */
	oauth: boolean;
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
const patience = { connect: 10_000, greeting: 10_000, socket: 60_000, check: 10_000, idle: 15_000 };

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
		secure: security === 'tls',
		requireTLS: security === 'starttls',
		ignoreTLS: security === 'none',
		auth: oauth ? { type: 'OAuth2', user } : user ? { user, pass: password ?? '' } : undefined,
		tls: { ...(caCertificate && { ca: caCertificate }), ...(allowInsecureTls && { rejectUnauthorized: false }) },
		proxy,
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
			connectBySocks(new URL(proxy!), host, port, patience.connect).then(
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
		throw smtpError(error as SmtpFailure, settings, signal, begun);
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
		throw smtpError(error as SmtpFailure, settings, signal, false);
	} finally {
		mailer.transporter.close();
	}
}

/** Ends every connection that is kept open. */
export function closeSmtp(): void {
	for (const { transporter } of mailers.values()) transporter.close();
	mailers.clear();
}

export type SmtpFailure = Error & {
	code?: string;
	originalCode?: string;
	command?: string;
	response?: string;
	responseCode?: number;
	recipient?: string;
};

/** 535 and its kin: the same code whatever is wrong, so the words are looked at first. */
const refusals: readonly (ErrorRow & { during?: RegExp })[] = [
	{
		says: /5\.7\.139|basic authentication is disabled|SmtpClientAuthentication is disabled/i,
		is: 'Unauthorized',
		do: {
			en: 'Microsoft takes no passwords here any more: choose OAuth2 as authentication, and let SMTP AUTH be enabled for the mailbox.',
			zh: '微软已停用密码登录：请将认证方式改为 OAuth2，并确认该邮箱已启用 SMTP AUTH。',
		},
	},
	{
		says: /application-specific password|InvalidSecondFactor/i,
		is: 'Unauthorized',
		do: {
			en: 'Google wants an app password instead of your own: make one at myaccount.google.com/apppasswords.',
			zh: 'Google 要求使用应用专用密码：请在 myaccount.google.com/apppasswords 生成。',
		},
	},
	{
		says: /must issue a STARTTLS|STARTTLS (is )?(required|first)|encryption (is )?required/i,
		is: 'Invalid',
		field: 'security',
		do: {
			en: 'The server wants an encrypted connection: choose STARTTLS or TLS.',
			zh: '服务器要求加密连接：请选择 STARTTLS 或 TLS。',
		},
	},
	{
		says: /frequen|too many|rate|throttl|login limit|DT:LIM|try again later.*login/i,
		code: [421, 450, 451, 452, 454, 535, 550, 554],
		during: /AUTH|RCPT|MAIL|DATA/,
		is: 'RateLimited',
		retryAfter: 60,
		do: {
			en: 'The mail server is asked too often: send fewer mails, or later.',
			zh: '邮件服务器认为发送过于频繁：请减少或稍后发送。',
		},
	},
	{
		code: [534, 535, 538, 530],
		is: 'Unauthorized',
		do: {
			en: 'The user name or password is wrong. QQ, 163, Tencent and most others want the authorisation code or app password that is made in the mailbox’s settings (SMTP switched on), not the password of the web page.',
			zh: '用户名或密码错误。QQ、163、腾讯等邮箱须开启 SMTP 并使用邮箱设置中生成的授权码（应用专用密码），而非网页登录密码。',
		},
	},
	{
		says: /from (address )?must|same as auth|sender.*(denied|rejected|mismatch|not owned|not allowed)|not owned by user|SendAsDenied|from.*authoriz/i,
		is: 'Invalid',
		field: 'from',
		do: {
			en: 'The server lets this account send only from its own address: set the sender to it.',
			zh: '服务器只允许用账号自己的地址发信：请将发件人改为该地址。',
		},
	},
	{
		code: [421, 450, 451, 452, 454],
		is: 'Unreachable',
		do: {
			en: 'The mail server is busy, full or wants the mail later (greylisting): it is tried again.',
			zh: '邮件服务器繁忙、已满或要求稍后再投（灰名单）：会再次尝试。',
		},
	},
	{
		code: [550, 551, 553, 501, 511, 513, 550],
		during: /RCPT/,
		is: 'Invalid',
		field: 'to',
		do: {
			en: 'The mailbox does not exist or does not take mail from here: check the recipient.',
			zh: '收件邮箱不存在或拒收：请检查收件人。',
		},
	},
	{
		code: [550, 551, 553, 501],
		during: /MAIL/,
		is: 'Invalid',
		field: 'from',
		do: {
			en: 'The server does not take this sender: use the account’s own address.',
			zh: '服务器不接受该发件人：请使用账号自己的地址。',
		},
	},
	{
		code: [552, 523],
		is: 'Rejected',
		because: 'attachment',
		do: {
			en: 'The mail is too big, or the mailbox is full: send smaller attachments.',
			zh: '邮件过大或邮箱已满：请减小附件。',
		},
	},
	{
		code: [554, 550, 571],
		is: 'Rejected',
		do: {
			en: 'The server refuses the mail by its policy (often as spam): change text or sender, or ask its administrator.',
			zh: '服务器按策略拒收（常被视为垃圾邮件）：请修改内容或发件人，或联系管理员。',
		},
	},
	{
		code: [502, 504, 503],
		during: /AUTH|EHLO|STARTTLS/,
		is: 'Invalid',
		field: 'security',
		do: {
			en: 'The server does not offer this way to sign in or to encrypt: check port, encryption and authentication.',
			zh: '服务器不支持该登录或加密方式：请检查端口、加密与认证方式。',
		},
	},
];

/** By nodemailer's code, where the server said nothing. */
function connectionAdvice(
	code: string,
	words: string,
	{ security }: SmtpSettings,
): { is: 'Unreachable' | 'Invalid' | 'Unauthorized'; field?: string; do: Text; transient?: boolean } {
	if (/wrong version number|packet length too long|unknown protocol/i.test(words)) {
		return {
			is: 'Invalid',
			field: 'security',
			do: {
				en: 'There is no TLS on this port: choose STARTTLS (usually port 587), or port 465 for TLS.',
				zh: '该端口不是 TLS 端口：请选择 STARTTLS（通常为 587 端口），TLS 请用 465 端口。',
			},
		};
	}
	if (/certificate|self.signed|altnames|issuer/i.test(words) || /CERT|SELF_SIGNED|ALTNAME/.test(code)) {
		return {
			is: 'Unreachable',
			transient: false,
			do: {
				en: 'Its certificate is not trusted: add your CA certificate to the account, or allow insecure TLS inside your own network.',
				zh: '证书不受信任：请在账号中填写 CA 证书，或在自己的内网中允许不校验证书。',
			},
		};
	}
	if (code === 'ETLS' || /STARTTLS/i.test(words))
		return {
			is: 'Invalid',
			field: 'security',
			do: {
				en: 'The server offers no STARTTLS, and the password does not go out unencrypted: choose TLS (usually port 465).',
				zh: '服务器不支持 STARTTLS，密码不会以明文发送：请选择 TLS（通常为 465 端口）。',
			},
		};
	if (code === 'EAUTH' || code === 'ENOAUTH')
		return {
			is: 'Unauthorized',
			do: {
				en: 'The server offers no way to sign in with what the account has: check user name, password and encryption.',
				zh: '服务器没有可用的登录方式：请检查用户名、密码与加密方式。',
			},
		};
	if (code === 'EPROXY')
		return {
			is: 'Unreachable',
			do: {
				en: 'The proxy refused: check its address and password, and that it allows this port.',
				zh: '代理拒绝连接：请检查代理地址与密码，以及是否允许该端口。',
			},
		};
	if (code === 'EDNS' || code === 'ENOTFOUND')
		return {
			is: 'Unreachable',
			do: {
				en: 'Its name is not known: check the host and this machine’s DNS.',
				zh: '找不到该域名：请检查服务器地址与本机 DNS。',
			},
		};
	if (code === 'ECONNREFUSED')
		return {
			is: 'Unreachable',
			do: { en: 'Nothing listens there: check host and port.', zh: '该地址没有服务在监听：请检查服务器与端口。' },
		};
	if (code === 'ETIMEDOUT' || /timeout|never received/i.test(words)) {
		const hint: Text =
			security === 'tls'
				? {
						en: 'A server that speaks first in plain text (port 587 or 25) needs STARTTLS.',
						zh: '587 或 25 端口通常需要选择 STARTTLS。',
					}
				: { en: 'A TLS port (465) needs TLS.', zh: '465 端口需要选择 TLS。' };
		return {
			is: 'Unreachable',
			do: {
				en: `It did not answer in time: check host, port, firewall and proxy. ${hint.en}`,
				zh: `等待超时：请检查服务器、端口、防火墙与代理。${hint.zh}`,
			},
		};
	}
	return {
		is: 'Unreachable',
		do: {
			en: 'The connection broke: check the network and proxy, or try later.',
			zh: '连接中断：请检查网络与代理，或稍后再试。',
		},
	};
}

function smtpError(thrown: SmtpFailure, settings: SmtpSettings, signal: AbortSignal, begun: boolean): ChannelError {
	if (thrown instanceof ChannelError) return thrown;
	if (signal.aborted && signal.reason instanceof ChannelError)
		return new ChannelError(signal.reason.class, signal.reason.text, { ...signal.reason, unknown: begun });
	const { responseCode, response, command = '', message, originalCode, cause } = thrown;
	const names = { host: `${settings.host}:${settings.port}` };
	if (responseCode) {
		const words = (response ?? '').replace(/\s+/g, ' ').trim().slice(0, 300);
		const row = refusals.find(
			({ code, says, during }) =>
				(!code || [code].flat().includes(responseCode)) &&
				(!says || says.test(words)) &&
				(!during || during.test(command)),
		);
		const is = row?.is ?? (responseCode < 500 ? 'Unreachable' : 'Rejected');
		const advice = row?.do ?? {
			en: 'Check the account and the mail against the server’s own rules.',
			zh: '请对照邮件服务器的规定检查账号与邮件。',
		};
		const text = fill({ en: 'The mail server {host} said no: “', zh: '邮件服务器 {host} 拒绝了请求：“' }, names);
		return new ChannelError(
			is,
			{ en: `${text.en}${words}”. ${advice.en}`, zh: `${text.zh}${words}”。${advice.zh}` },
			{
				code: String(responseCode),
				field: row?.field,
				because: row?.because,
				retryAfter: row?.retryAfter,
				// A stale access token is refused like a wrong one.
				refresh: settings.oauth && is === 'Unauthorized',
			},
		);
	}
	if (response && thrown.code === 'EAUTH') {
		const text = fill(
			{
				en: 'The mail server {host} answered with something that is not SMTP. Check host and port.',
				zh: '邮件服务器 {host} 的应答不是 SMTP 协议。请检查服务器与端口。',
			},
			names,
		);
		return new ChannelError('Unexpected', text, { code: 'EPROTOCOL', unknown: begun });
	}
	const code = originalCode ?? (cause as { code?: string } | undefined)?.code ?? thrown.code ?? thrown.name;
	const {
		is,
		field,
		transient,
		do: advice,
	} = connectionAdvice(code === 'ESOCKET' ? (thrown.code ?? code) : code, message, settings);
	const text = fill(
		{ en: 'The mail server {host} could not be used ({code}).', zh: '无法使用邮件服务器 {host}（{code}）。' },
		{ ...names, code },
	);
	return new ChannelError(
		is,
		{ en: `${text.en} ${advice.en}`, zh: `${text.zh}${advice.zh}` },
		{ code, field, transient, unknown: begun },
	);
}
