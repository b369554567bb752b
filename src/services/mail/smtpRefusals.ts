import type { ErrorRow } from '../../core/define/channel';

type Breakdown = Pick<ErrorRow, 'is' | 'field' | 'do' | 'transient'> & { code?: RegExp; words?: RegExp };

/** 535 and its kin: the same code whatever is wrong, so the words are looked at first. */
export const refusals: readonly (ErrorRow & { during?: RegExp })[] = [
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
		code: [421, 454],
		during: /STARTTLS/,
		is: 'Unreachable',
		do: {
			en: 'The server has no STARTTLS just now, and nothing goes out unencrypted: it is tried again.',
			zh: '服务器暂时无法使用 STARTTLS，内容不会以明文发送：会再次尝试。',
		},
	},
	{
		during: /STARTTLS/,
		is: 'Invalid',
		field: 'security',
		do: {
			en: 'The server refused STARTTLS, and nothing goes out unencrypted: choose TLS (usually port 465), or “None” inside your own network.',
			zh: '服务器拒绝了 STARTTLS，内容不会以明文发送：请选择 TLS（通常为 465 端口），或在自己的内网中选择“不加密”。',
		},
	},
	{
		says: /frequen|too many|\brate([ -]?limit|\b)|throttl|login limit|DT:LIM|try again later.*login/i,
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
		says: /from (address )?must|same as auth|sender.{0,60}(denied|rejected|mismatch|not owned|not allowed)|not owned by user|SendAsDenied|from.{0,60}authoriz/i,
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

/** Where the server said nothing: by nodemailer’s code, or by its own words. */
export const breakdowns: readonly Breakdown[] = [
	{
		words: /wrong version number|packet length too long|unknown protocol/i,
		is: 'Invalid',
		field: 'security',
		do: {
			en: 'There is no TLS on this port: choose STARTTLS (usually port 587), or port 465 for TLS.',
			zh: '该端口不是 TLS 端口：请选择 STARTTLS（通常为 587 端口），TLS 请用 465 端口。',
		},
	},
	{
		code: /CERT|SELF_SIGNED|ALTNAME/,
		words: /certificate|self.signed|altnames|issuer/i,
		is: 'Unreachable',
		transient: false,
		do: {
			en: 'Its certificate is not trusted: add your CA certificate to the account, or allow insecure TLS inside your own network.',
			zh: '证书不受信任：请在账号中填写 CA 证书，或在自己的内网中允许不校验证书。',
		},
	},
	{
		code: /^ETLS$/,
		words: /STARTTLS/i,
		is: 'Invalid',
		field: 'security',
		do: {
			en: 'The server offers no STARTTLS, and the password does not go out unencrypted: choose TLS (usually port 465).',
			zh: '服务器不支持 STARTTLS，密码不会以明文发送：请选择 TLS（通常为 465 端口）。',
		},
	},
	{
		code: /^(EAUTH|ENOAUTH)$/,
		is: 'Unauthorized',
		do: {
			en: 'The server offers no way to sign in with what the account has: check user name, password and encryption.',
			zh: '服务器没有可用的登录方式：请检查用户名、密码与加密方式。',
		},
	},
	{
		code: /^EPROXY$/,
		is: 'Unreachable',
		do: {
			en: 'The proxy refused: check its address and password, and that it allows this port.',
			zh: '代理拒绝连接：请检查代理地址与密码，以及是否允许该端口。',
		},
	},
	{
		code: /^(EDNS|ENOTFOUND)$/,
		is: 'Unreachable',
		do: {
			en: 'Its name is not known: check the host and this machine’s DNS.',
			zh: '找不到该域名：请检查服务器地址与本机 DNS。',
		},
	},
	{
		code: /^ECONNREFUSED$/,
		is: 'Unreachable',
		do: { en: 'Nothing listens there: check host and port.', zh: '该地址没有服务在监听：请检查服务器与端口。' },
	},
	{
		code: /^ETIMEDOUT$/,
		words: /timeout|never received/i,
		is: 'Unreachable',
		do: {
			en: 'It did not answer in time: check host, port, firewall and proxy. Port 465 needs TLS, 587 and 25 usually STARTTLS.',
			zh: '等待超时：请检查服务器、端口、防火墙与代理。465 端口需要选择 TLS，587 或 25 端口通常需要选择 STARTTLS。',
		},
	},
	{
		code: /^/,
		is: 'Unreachable',
		do: {
			en: 'The connection broke: check the network and proxy, or try later.',
			zh: '连接中断：请检查网络与代理，或稍后再试。',
		},
	},
];
