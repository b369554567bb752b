import { isIP } from 'node:net';
import { choice, invalid, number, secret, text, url, type CommonAccount, type Values } from '../../core/define/channel';
import type { SmtpSettings } from './smtp';

const microsoft = {
	accessUrl: 'https://login.microsoftonline.com/common/oauth2/v2.0/token',
	scope: 'https://outlook.office.com/SMTP.Send offline_access',
	/** It takes no passwords any more. */
	oauthOnly: true,
};
const google = { accessUrl: 'https://oauth2.googleapis.com/token', scope: 'https://mail.google.com/' };

interface Provider {
	name: readonly [en: string, zh: string];
	host: string;
	security: 'tls' | 'starttls';
	accessUrl?: string;
	scope?: string;
	oauthOnly?: boolean;
}

const providers = {
	qq: { name: ['QQ Mail', 'QQ 邮箱'], host: 'smtp.qq.com', security: 'tls' },
	netease163: { name: ['163 Mail', '163 邮箱'], host: 'smtp.163.com', security: 'tls' },
	netease126: { name: ['126 Mail', '126 邮箱'], host: 'smtp.126.com', security: 'tls' },
	neteaseEnterprise: {
		name: ['NetEase Enterprise Mail', '网易企业邮箱'],
		host: 'smtp.qiye.163.com',
		security: 'tls',
	},
	tencentExmail: { name: ['Tencent Exmail', '腾讯企业邮箱'], host: 'smtp.exmail.qq.com', security: 'tls' },
	aliyun: { name: ['Aliyun Mail', '阿里云邮箱'], host: 'smtp.aliyun.com', security: 'tls' },
	gmail: { name: ['Gmail', 'Gmail'], host: 'smtp.gmail.com', security: 'tls', ...google },
	outlook: {
		name: ['Outlook.com', 'Outlook.com'],
		host: 'smtp-mail.outlook.com',
		security: 'starttls',
		...microsoft,
	},
	microsoft365: {
		name: ['Microsoft 365', 'Microsoft 365'],
		host: 'smtp.office365.com',
		security: 'starttls',
		...microsoft,
	},
	icloud: { name: ['iCloud Mail', 'iCloud 邮箱'], host: 'smtp.mail.me.com', security: 'starttls' },
	yahoo: { name: ['Yahoo Mail', '雅虎邮箱'], host: 'smtp.mail.yahoo.com', security: 'tls' },
} satisfies Record<string, Provider>;

type Known = keyof typeof providers;

/** Undefined where the user names a server of his own. */
export const presetOf = (provider: Known | 'custom'): Provider | undefined =>
	provider === 'custom' ? undefined : providers[provider];

const names = Object.fromEntries(Object.entries(providers).map(([key, { name }]) => [key, name])) as unknown as Record<
	Known,
	Provider['name']
>;

/** A server as people write it: its name, `smtp.example.com:587`, `smtps://smtp.example.com`, `[::1]:25`, `::1`. */
function serverIn(given: string): { host: string; port?: number } | undefined {
	if (isIP(given)) return { host: given };
	const [, name = '', port] =
		/^(?:(?:smtps?|tls|ssl):\/\/)?([\p{L}\p{N}_.-]+|\[[\da-f:.]+\])(?::(\d{1,5}))?\/?$/iu.exec(given) ?? [];
	if (name === '') return undefined;
	return { host: name.replace(/^\[|\]$/g, ''), ...(port !== undefined && { port: Number(port) }) };
}

const authorisationCode = {
	en: 'Wants the authorisation code that you make in the mailbox’s own settings (SMTP service), not your password.',
	zh: '需填写在邮箱设置（SMTP 服务）中生成的授权码，不是登录密码。',
};
const appPassword = {
	en: 'Wants an app password that you make in your account’s security settings, not your own password.',
	zh: '需填写在账号安全设置中生成的应用专用密码，不是登录密码。',
};
const byOAuth2 = {
	en: 'Takes no password any more: choose OAuth2.',
	zh: '已不支持密码登录，请选择 OAuth2。',
};
/** What providers want in place of the password that people know. */
const catches = {
	qq: authorisationCode,
	netease163: authorisationCode,
	netease126: authorisationCode,
	gmail: appPassword,
	icloud: appPassword,
	yahoo: appPassword,
	outlook: byOAuth2,
	microsoft365: byOAuth2,
};

const custom = { provider: ['custom'] };
const oauth2 = { auth: ['oauth2'] };
export const emailAccount = {
	provider: choice(
		'Provider',
		{
			custom: ['Another server', '其他服务器'],
			...names,
		},
		{ zh: '邮箱服务商', default: 'custom', catches },
	),
	host: text('Host', {
		zh: 'SMTP 服务器',
		placeholder: 'smtp.example.com',
		show: custom,
		check: (value) =>
			serverIn(value) !== undefined
				? undefined
				: { en: 'must be a host name or address alone', zh: '只能填写主机名或地址' },
	}),
	port: number('Port', {
		zh: '端口',
		optional: true,
		integer: true,
		min: 1,
		max: 65_535,
		placeholder: '465',
		help: {
			en: '465 with TLS, 587 with STARTTLS, 25 without, unless filled in',
			zh: '默认：TLS 为 465，STARTTLS 为 587，不加密为 25',
		},
		show: custom,
	}),
	security: choice(
		'Encryption',
		{ tls: ['TLS', 'TLS'], starttls: ['STARTTLS (required)', 'STARTTLS（强制）'], none: ['None', '不加密'] },
		{
			zh: '加密方式',
			default: 'tls',
			show: custom,
			catches: {
				none: {
					en: 'Password and mails can then be read by everybody on the way: only inside your own network.',
					zh: '密码与邮件内容在途中人人可读，仅限自己的内网使用。',
				},
			},
		},
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
	helloName: text('Name in EHLO', {
		zh: 'EHLO 主机名',
		optional: true,
		placeholder: 'notify.example.com',
		help: {
			en: 'What this machine calls itself to the mail server; empty: its own name',
			zh: '本机向邮件服务器自报的名称；留空则使用本机名',
		},
		check: (value) =>
			isIP(value) !== 0 || /^[\p{L}\p{N}_.-]+$|^\[(?:IPv6:)?[\da-f:.]+\]$/iu.test(value)
				? undefined
				: { en: 'must be a host name, or an address in brackets', zh: '必须是主机名，或方括号中的地址' },
	}),
	from: text('From', {
		zh: '发件人',
		optional: true,
		placeholder: 'Carillon <me@example.com>',
		help: { en: 'Empty: the user name', zh: '留空则使用用户名' },
	}),
	replyTo: text('Reply to', { zh: '回复地址', optional: true, placeholder: 'team@example.com' }),
};

type Account = Values<typeof emailAccount>;

export function settingsOf(account: Account & CommonAccount): SmtpSettings {
	const { provider, auth, user, password, helloName, proxy, caCertificate, allowInsecureTls } = account;
	const preset = presetOf(provider);
	if (preset?.oauthOnly && auth === 'password') {
		throw invalid('auth', {
			en: 'Microsoft takes no passwords for SMTP any more: choose OAuth2 and fill in client ID and refresh token.',
			zh: '微软的 SMTP 已不支持密码登录：请选择 OAuth2 并填写客户端 ID 与刷新令牌。',
		});
	}
	const own = preset ? undefined : serverIn(account.host!);
	const security = preset?.security ?? account.security ?? 'tls';
	return {
		host: preset?.host ?? own!.host,
		port: (preset ? undefined : (account.port ?? own!.port)) ?? { tls: 465, starttls: 587, none: 25 }[security],
		security,
		...(auth !== 'none' && { user }),
		...(auth === 'password' && { password }),
		oauth: auth === 'oauth2',
		helloName: helloName && greetingOf(helloName),
		proxy,
		caCertificate,
		allowInsecureTls,
	};
}

/** An address stands in brackets there. */
const greetingOf = (name: string) => (isIP(name) === 4 ? `[${name}]` : isIP(name) === 6 ? `[IPv6:${name}]` : name);

export function senderOf({ from, user }: Account, own: string | undefined): string {
	const sender = own ?? from ?? user;
	if (sender) return sender;
	throw invalid('from', {
		en: 'Fill in “From”: an account without a user name has no address of its own.',
		zh: '请填写“发件人”：没有用户名的账号没有自己的地址。',
	});
}
