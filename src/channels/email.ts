import { randomUUID } from 'node:crypto';
import type { SendMailOptions } from 'nodemailer';
import {
	ChannelError,
	choice,
	defineChannel,
	invalid,
	number,
	secret,
	text,
	url,
	type File,
	type SendInput,
	type Values,
} from '../core/channel';
import type { Text } from '../core/language';
import {
	bareAddress,
	checkAddress,
	composeMail,
	domainOf,
	imageCid,
	mailOptions,
	mailRenders,
	tooBig,
	type Mail,
} from './shared/mail';
import { closeSmtp, sendBySmtp, verifySmtp, type SmtpSettings, type Taken } from './shared/smtp';

const microsoft = {
	accessUrl: 'https://login.microsoftonline.com/common/oauth2/v2.0/token',
	scope: 'https://outlook.office.com/SMTP.Send offline_access',
};
const google = { accessUrl: 'https://oauth2.googleapis.com/token', scope: 'https://mail.google.com/' };

interface Provider {
	host: string;
	security: 'tls' | 'starttls';
	accessUrl?: string;
	scope?: string;
	/** Takes no passwords any more. */
	oauthOnly?: true;
}

const providers: Readonly<Record<string, Provider>> = {
	qq: { host: 'smtp.qq.com', security: 'tls' },
	netease163: { host: 'smtp.163.com', security: 'tls' },
	netease126: { host: 'smtp.126.com', security: 'tls' },
	neteaseEnterprise: { host: 'smtp.qiye.163.com', security: 'tls' },
	tencentExmail: { host: 'smtp.exmail.qq.com', security: 'tls' },
	aliyun: { host: 'smtp.aliyun.com', security: 'tls' },
	gmail: { host: 'smtp.gmail.com', security: 'tls', ...google },
	outlook: { host: 'smtp-mail.outlook.com', security: 'starttls', ...microsoft, oauthOnly: true },
	microsoft365: { host: 'smtp.office365.com', security: 'starttls', ...microsoft, oauthOnly: true },
	icloud: { host: 'smtp.mail.me.com', security: 'starttls' },
	yahoo: { host: 'smtp.mail.yahoo.com', security: 'tls' },
};

const custom = { provider: ['custom'] };
const oauth2 = { auth: ['oauth2'] };
const account = {
	provider: choice(
		'Provider',
		{
			custom: ['Another server', '其他服务器'],
			qq: ['QQ Mail', 'QQ 邮箱'],
			netease163: ['163 Mail', '163 邮箱'],
			netease126: ['126 Mail', '126 邮箱'],
			neteaseEnterprise: ['NetEase Enterprise Mail', '网易企业邮箱'],
			tencentExmail: ['Tencent Exmail', '腾讯企业邮箱'],
			aliyun: ['Aliyun Mail', '阿里云邮箱'],
			gmail: ['Gmail', 'Gmail'],
			outlook: ['Outlook.com', 'Outlook.com'],
			microsoft365: ['Microsoft 365', 'Microsoft 365'],
			icloud: ['iCloud Mail', 'iCloud 邮箱'],
			yahoo: ['Yahoo Mail', '雅虎邮箱'],
		},
		{ zh: '邮箱服务商', default: 'custom' },
	),
	host: text('Host', {
		zh: 'SMTP 服务器',
		placeholder: 'smtp.example.com',
		show: custom,
		check: (value) =>
			/^[\w.:-]+$|^\[[\da-f:.]+\]$/i.test(value)
				? undefined
				: { en: 'must be a host name or address alone', zh: '只能填写主机名或地址' },
	}),
	port: number('Port', {
		zh: '端口',
		optional: true,
		integer: true,
		min: 1,
		max: 65_535,
		help: {
			en: '465 with TLS, 587 with STARTTLS, 25 without, unless filled in',
			zh: '默认：TLS 为 465，STARTTLS 为 587，不加密为 25',
		},
		show: custom,
	}),
	security: choice(
		'Encryption',
		{ tls: ['TLS', 'TLS'], starttls: ['STARTTLS (required)', 'STARTTLS（强制）'], none: ['None', '不加密'] },
		{ zh: '加密方式', default: 'tls', show: custom },
	),
	auth: choice(
		'Authentication',
		{ password: ['Password or app password', '密码或授权码'], oauth2: ['OAuth2', 'OAuth2'], none: ['None', '无'] },
		{
			zh: '认证方式',
			default: 'password',
			help: {
				en: 'Outlook.com and Microsoft 365 take OAuth2 alone',
				zh: 'Outlook.com 与 Microsoft 365 仅支持 OAuth2',
			},
		},
	),
	user: text('User name', {
		zh: '用户名',
		placeholder: 'me@example.com',
		help: { en: 'Usually the whole address', zh: '通常为完整的邮箱地址' },
		show: { auth: ['password', 'oauth2'] },
	}),
	password: secret('Password', {
		zh: '密码',
		help: {
			en: 'QQ, 163, Gmail and others: the authorisation code or app password from the mailbox’s settings',
			zh: 'QQ、163、Gmail 等：请填写邮箱设置中生成的授权码或应用专用密码',
		},
		show: { auth: ['password'] },
	}),
	clientId: text('Client ID', { zh: '客户端 ID', show: oauth2 }),
	clientSecret: secret('Client secret', { zh: '客户端密钥', optional: true, show: oauth2 }),
	refreshToken: secret('Refresh token', {
		zh: '刷新令牌',
		optional: true,
		help: {
			en: 'Empty: the application signs in as itself (client credentials)',
			zh: '留空则以应用身份登录（客户端凭据）',
		},
		show: oauth2,
	}),
	accessUrl: url('Token URL', {
		zh: '令牌地址',
		optional: true,
		placeholder: microsoft.accessUrl,
		help: { en: 'Known for Gmail and Microsoft', zh: 'Gmail 与微软无需填写' },
		show: oauth2,
	}),
	scope: text('Scope', { zh: '权限范围', optional: true, show: oauth2 }),
	from: text('From', {
		zh: '发件人',
		optional: true,
		placeholder: 'Carillon <me@example.com>',
		help: { en: 'Empty: the user name', zh: '留空则使用用户名' },
	}),
	replyTo: text('Reply to', { zh: '回复地址', optional: true, placeholder: 'team@example.com' }),
};

const options = {
	...mailOptions,
	bounceTo: text('Bounces to', { zh: '退信地址', optional: true, placeholder: 'bounce@example.com' }),
};

type Account = Values<typeof account>;
type Input = SendInput<typeof account, typeof options>;

/** Mail by SMTP. */
export const email = defineChannel({
	id: 'email',
	name: 'Email (SMTP)',
	zh: '邮件（SMTP）',
	docs: 'https://nodemailer.com/smtp/',
	aliases: ['mail', 'smtp', 'gmail', 'outlook', 'QQ邮箱', '163', '邮箱', '电子邮件'],
	transport: 'smtp',
	renders: ({ options }) => mailRenders(options),
	// Of the token request; the mail server has a language of its own.
	replies: {
		ok: (answer) => typeof answer?.access_token === 'string',
		code: (answer) => answer?.error,
		says: (answer) => answer?.error_description ?? answer?.error,
		errors: [
			{
				code: 'invalid_grant',
				is: 'Unauthorized',
				do: {
					en: 'The refresh token has expired or was revoked: sign in again and fill in the new one.',
					zh: '刷新令牌已过期或被撤销：请重新授权并填写新的令牌。',
				},
			},
			{
				code: ['invalid_client', 'unauthorized_client'],
				is: 'Unauthorized',
				do: {
					en: 'Check the client ID and secret, and that the application may send mail.',
					zh: '请检查客户端 ID 与密钥，以及该应用是否有发信权限。',
				},
			},
			{
				code: 'invalid_scope',
				is: 'Invalid',
				field: 'scope',
				do: { en: 'Check the scope.', zh: '请检查权限范围。' },
			},
		],
	},
	account,
	target: { label: 'To', zh: '收件人', placeholder: 'Ann <ann@example.com>, bob@example.com' },
	options,

	async token({ account: { provider, clientId, clientSecret, refreshToken, accessUrl, scope }, http }) {
		const preset = providers[provider];
		const address = accessUrl ?? preset?.accessUrl;
		if (!address)
			throw invalid('accessUrl', {
				en: 'Fill in “Token URL”: where this provider gives access tokens.',
				zh: '请填写“令牌地址”：该服务商颁发访问令牌的地址。',
			});
		const form = {
			client_id: clientId,
			client_secret: clientSecret,
			scope: scope ?? preset?.scope,
			...(refreshToken
				? { grant_type: 'refresh_token', refresh_token: refreshToken }
				: { grant_type: 'client_credentials' }),
		};
		const { access_token: value, expires_in: seconds = 3600 } = await http.post(address, {
			form,
			idempotent: true,
		});
		return { value, seconds: Number(seconds) };
	},

	async send(input) {
		const { account, options, token, signal, step } = input;
		const settings = settingsOf(account);
		const mail = composeMail(
			input.message,
			input.to,
			options,
			{ from: senderOf(account, options), replyTo: account.replyTo },
			input.language,
		);
		const accessToken = settings.oauth ? await token() : undefined;
		const hand = async (part: Mail) => {
			// The same for every try of this mail, so that a mailbox may notice the second of two.
			const id = await step(`id of ${part.to.join()}`, async () => `<${randomUUID()}@${domainOf(mail.from)}>`);
			const whole = smtpMail(part, id, new Date(input.now()), options.bounceTo);
			return await sendBySmtp(settings, whole, accessToken, signal).catch((error: unknown) =>
				Promise.reject(tooBig(error, input.message)),
			);
		};
		if (!options.separately) return sentOf([await hand(mail)], []);
		const taken: Taken[] = [];
		const refused: ChannelError[] = [];
		for (const address of new Set([...mail.to, ...mail.cc, ...mail.bcc])) {
			try {
				taken.push(await step(`to ${address}`, () => hand({ ...mail, to: [address], cc: [], bcc: [] })));
			} catch (error) {
				// A mailbox that does not exist keeps nobody else from the mail; whatever else goes wrong is tried again as a whole.
				if (!(error instanceof ChannelError) || error.field !== 'to') throw error;
				refused.push(error);
			}
		}
		if (taken.length === 0) throw refused[0]!;
		return sentOf(taken, refused);
	},

	async verify({ account, token, signal }) {
		const settings = settingsOf(account);
		await verifySmtp(settings, settings.oauth ? await token() : undefined, signal);
	},

	close: closeSmtp,
});

function settingsOf(
	account: Account & { proxy?: string; caCertificate?: string; allowInsecureTls?: boolean },
): SmtpSettings {
	const { provider, auth, user, password, proxy, caCertificate, allowInsecureTls } = account;
	const preset = providers[provider];
	if (preset?.oauthOnly && auth === 'password') {
		throw invalid('auth', {
			en: 'Microsoft takes no passwords for SMTP any more: choose OAuth2 and fill in client ID and refresh token.',
			zh: '微软的 SMTP 已不支持密码登录：请选择 OAuth2 并填写客户端 ID 与刷新令牌。',
		});
	}
	const security = preset?.security ?? account.security ?? 'tls';
	return {
		host: preset?.host ?? account.host!.replace(/^\[|\]$/g, ''),
		port: (preset ? undefined : account.port) ?? { tls: 465, starttls: 587, none: 25 }[security],
		security,
		...(auth !== 'none' && { user }),
		...(auth === 'password' && { password }),
		oauth: auth === 'oauth2',
		proxy,
		caCertificate,
		allowInsecureTls,
	};
}

function senderOf({ from, user }: Account, options: Input['options']): string {
	const sender = options.from ?? from ?? user;
	if (sender) return sender;
	throw invalid('from', {
		en: 'Fill in “From”: an account without a user name has no address of its own.',
		zh: '请填写“发件人”：没有用户名的账号没有自己的地址。',
	});
}

/** As nodemailer takes it. Bounces go to the envelope’s sender. */
function smtpMail(mail: Mail, messageId: string, date: Date, bounceTo: string | undefined): SendMailOptions {
	const { inline, files, ...rest } = mail;
	const part = ({ name, mime, data }: File) => ({ filename: name, contentType: mime, content: Buffer.from(data!) });
	const attachments = files.map((file) => ({
		...part(file),
		...(mail.html?.includes(`cid:${file.name}"`) && { cid: file.name }),
	}));
	const sender = bounceTo && bareAddress(checkAddress('bounceTo', { en: 'Bounces to', zh: '退信地址' }, bounceTo));
	return {
		...rest,
		messageId,
		date,
		attachments: inline
			? [{ ...part(inline), cid: imageCid, contentDisposition: 'inline' }, ...attachments]
			: attachments,
		...(sender && { envelope: { from: sender, to: [...mail.to, ...mail.cc, ...mail.bcc].map(bareAddress) } }),
	};
}

function sentOf(taken: readonly Taken[], refused: readonly ChannelError[]) {
	const ids = taken.map(({ messageId }) => messageId);
	const rejected = taken.flatMap((each) =>
		each.rejected.map(({ address, response }): Text => ({
			en: `${address} did not get it: “${response}”.`,
			zh: `${address} 未收到：“${response}”。`,
		})),
	);
	return {
		id: ids[0],
		handle: { messageId: ids[0] ?? null, messageIds: ids },
		raw: taken.length === 1 ? taken[0] : taken,
		warnings: [...rejected, ...refused.map(({ text: said }) => said)],
	};
}
