import {
	baseUrl,
	ChannelError,
	choice,
	defineChannel,
	json,
	list,
	multiline,
	secret,
	text,
	toggle,
	type Call,
	type File,
	type Json,
	type Values,
} from '../core/channel';
import { bareAddress, composeMail, imageCid, mailOptions, mailRenders, tooBig, type Mail } from './shared/mail';
import { multipart } from './shared/multipart';
import { mustBeRecord } from './shared/mustBeRecord';

const regions = { us: 'https://api.mailgun.net', eu: 'https://api.eu.mailgun.net' };

const account = {
	region: choice(
		'Region',
		{ us: ['US', '美国'], eu: ['EU', '欧洲'] },
		{ zh: '区域', default: 'us', help: { en: 'Where the domain was made', zh: '域名创建时选择的区域' } },
	),
	baseUrl: baseUrl(regions.us),
	apiKey: secret('API key', {
		zh: 'API 密钥',
		help: { en: 'The account’s, or a sending key of the domain', zh: '账号的密钥，或域名的发信密钥' },
	}),
	domain: text('Domain', {
		zh: '域名',
		placeholder: 'mg.example.com',
		check: (value) =>
			/^[a-z0-9.-]+\.[a-z0-9-]+$/i.test(value)
				? undefined
				: { en: 'must be a domain such as mg.example.com', zh: '必须是域名，例如 mg.example.com' },
	}),
	from: text('From', {
		zh: '发件人',
		optional: true,
		placeholder: 'Carillon <bell@mg.example.com>',
		help: { en: 'Empty: carillon@ the domain', zh: '留空则为 carillon@该域名' },
	}),
	replyTo: text('Reply to', { zh: '回复地址', optional: true, placeholder: 'team@example.com' }),
};

const yesNo = { default: ['As the domain', '按域名设置'], yes: ['Yes', '是'], no: ['No', '否'] } as const;

const options = {
	...mailOptions,
	tags: list('Tags', {
		zh: '标签',
		optional: true,
		help: { en: 'For Mailgun’s statistics', zh: '用于 Mailgun 统计' },
	}),
	deliveryTime: text('Deliver at', {
		zh: '投递时间',
		optional: true,
		placeholder: '2026-01-31T08:00:00Z',
		help: { en: 'Up to three days ahead, more on some plans', zh: '最多提前三天，部分套餐更长' },
		check: (value) => (Number.isNaN(Date.parse(value)) ? { en: 'must be a time', zh: '必须是时间' } : undefined),
	}),
	tracking: choice('Tracking', yesNo, { zh: '跟踪', default: 'default' }),
	trackingOpens: choice('Track opens', yesNo, { zh: '跟踪打开', default: 'default' }),
	trackingClicks: choice(
		'Track clicks',
		{ ...yesNo, htmlonly: ['In HTML only', '仅 HTML'] },
		{ zh: '跟踪点击', default: 'default' },
	),
	dkim: choice('DKIM signature', yesNo, { zh: 'DKIM 签名', default: 'default' }),
	requireTls: toggle('Require TLS', { zh: '强制 TLS 投递' }),
	skipVerification: toggle('Skip verification of certificates', { zh: '投递时不校验证书' }),
	testMode: toggle('Test mode', {
		zh: '测试模式',
		help: { en: 'Mailgun takes it and delivers nothing', zh: 'Mailgun 接收但不投递' },
	}),
	sendingIp: text('Sending IP', { zh: '发信 IP', optional: true }),
	sendingIpPool: text('IP pool', { zh: 'IP 池', optional: true }),
	ampHtml: multiline('AMP', { zh: 'AMP 内容', optional: true }),
	template: text('Template', {
		zh: '模板',
		optional: true,
		help: { en: 'Of Mailgun; takes the place of the HTML', zh: 'Mailgun 中的模板，替代 HTML 正文' },
	}),
	templateVersion: text('Template version', { zh: '模板版本', optional: true }),
	templateText: toggle('Text from the template', { zh: '由模板生成纯文本' }),
	templateVariables: json('Template variables', {
		zh: '模板变量',
		optional: true,
		help: { en: 'A JSON object', zh: 'JSON 对象' },
		check: mustBeRecord,
	}),
	variables: json('Variables', {
		zh: '自定义变量',
		optional: true,
		help: { en: 'A JSON object that comes back with Mailgun’s events', zh: '随 Mailgun 事件返回的 JSON 对象' },
		check: mustBeRecord,
	}),
	recipientVariables: json('Recipient variables', {
		zh: '收件人变量',
		optional: true,
		placeholder: '{"ann@example.com": {"name": "Ann"}}',
		help: {
			en: 'What %recipient.name% stands for; each gets a mail of his own',
			zh: '%recipient.name% 对应的值；每人收到单独的邮件',
		},
		check: mustBeRecord,
	}),
};

/** Mail by Mailgun's API. */
export const mailgun = defineChannel({
	id: 'mailgun',
	name: 'Mailgun',
	zh: 'Mailgun',
	docs: 'https://documentation.mailgun.com/docs/mailgun/api-reference/send/mailgun/messages',
	aliases: ['mail', 'email', '邮件', '邮箱'],
	renders: ({ options }) => mailRenders(options),
	replies: {
		ok: (answer, { status }) => status === 200 && typeof answer?.id === 'string',
		says: (answer) => answer?.message,
		errors: [
			{
				code: 401,
				is: 'Unauthorized',
				do: {
					en: 'Check the API key, and the region: keys of the EU work there alone.',
					zh: '请检查 API 密钥与区域：欧洲区的密钥只能在欧洲区使用。',
				},
			},
			{
				says: /sandbox|authorized recipients/i,
				is: 'Rejected',
				do: {
					en: 'A sandbox domain sends to authorized recipients alone: add this one in Mailgun, or use a domain of your own.',
					zh: '沙盒域名只能发给已授权的收件人：请在 Mailgun 中添加，或使用自己的域名。',
				},
			},
			{
				says: /'?to'? parameter|(cc|bcc)'? parameter/i,
				is: 'Invalid',
				field: 'to',
				do: { en: 'Check the addresses of the recipients.', zh: '请检查收件人地址。' },
			},
			{
				says: /'?from'? parameter/i,
				is: 'Invalid',
				field: 'from',
				do: { en: 'Check the sender’s address.', zh: '请检查发件人地址。' },
			},
			{
				says: /template/i,
				is: 'Invalid',
				field: 'template',
				do: { en: 'Check the template’s name and version.', zh: '请检查模板名称与版本。' },
			},
			{
				code: 404,
				is: 'Invalid',
				field: 'domain',
				do: {
					en: 'Mailgun does not know this domain here: check it, and the region (US or EU).',
					zh: 'Mailgun 在该区域没有此域名：请检查域名与区域（美国或欧洲）。',
				},
			},
			{
				code: [402, 403],
				is: 'Rejected',
				do: {
					en: 'The account or domain may not send: activate it, verify its DNS, or look at its plan in Mailgun.',
					zh: '该账号或域名无法发信：请在 Mailgun 中激活、验证 DNS 或检查套餐。',
				},
			},
			{
				code: 413,
				is: 'Rejected',
				because: 'attachment',
				do: {
					en: 'The mail is larger than 25 MB: send smaller attachments.',
					zh: '邮件超过 25 MB：请减小附件。',
				},
			},
			{
				code: 429,
				is: 'RateLimited',
				do: {
					en: 'Too many mails in a short time: send fewer, or later.',
					zh: '短时间内邮件过多：请减少或稍后发送。',
				},
			},
			{
				code: 400,
				is: 'Rejected',
				do: { en: 'Check sender, recipients and options.', zh: '请检查发件人、收件人与选项。' },
			},
		],
	},
	account,
	target: { label: 'To', zh: '收件人', placeholder: 'Ann <ann@example.com>, bob@example.com' },
	options,

	async send({ message, to, account, options, http, language }) {
		const mail = composeMail(
			message,
			to,
			options,
			{ from: account.from ?? `carillon@${account.domain}`, replyTo: account.replyTo },
			language,
		);
		const { type, body } = await multipart(partsOf(mail, options));
		const headers = { authorization: authorization(account), 'content-type': type };
		const { json: raw } = await http
			.call('POST', addressOf(account), { headers, body })
			.catch((error: unknown) => Promise.reject(tooBig(error, message)));
		return { id: raw.id, handle: { messageId: raw.id }, raw };
	},

	/** A message without anything in it: who is not let in hears that first. */
	async verify({ account, http }) {
		try {
			await http.post(addressOf(account), { headers: { authorization: authorization(account) }, form: {} });
		} catch (error) {
			if (!(error instanceof ChannelError) || error.status !== 400) throw error;
		}
	},
});

type Account = Call<typeof account>['account'];
type Options = Values<typeof options>;

function addressOf({ region, baseUrl: base, domain }: Account): string {
	return `${base === regions.us ? regions[region] : base}/v3/${domain}/messages`;
}

const authorization = ({ apiKey }: Account) => `Basic ${Buffer.from(`api:${apiKey}`).toString('base64')}`;

type Part = readonly [name: string, value: string | { name: string; mime: string; data: Uint8Array }];

function partsOf(mail: Mail, options: Options): Part[] {
	const everyone = [...mail.to, ...mail.cc, ...mail.bcc];
	// With variables for each, Mailgun makes a mail of his own for each.
	const apart = options.separately || options.recipientVariables !== undefined;
	const variables = {
		...Object.fromEntries(everyone.map((address) => [bareAddress(address), {}])),
		...(options.recipientVariables as Record<string, Json> | undefined),
	};
	const texts: [string, string | undefined][] = [
		['from', mail.from],
		...(apart ? everyone : mail.to).map((address): [string, string] => ['to', address]),
		...(apart ? [] : mail.cc).map((address): [string, string] => ['cc', address]),
		...(apart ? [] : mail.bcc).map((address): [string, string] => ['bcc', address]),
		['subject', mail.subject],
		['text', mail.text],
		['html', options.template ? undefined : mail.html],
		['amp-html', options.ampHtml],
		['h:Reply-To', mail.replyTo],
		...Object.entries(mail.headers).map(([name, value]): [string, string] => [`h:${name}`, value]),
		['recipient-variables', apart ? JSON.stringify(variables) : undefined],
		['template', options.template],
		['t:version', options.template && options.templateVersion],
		['t:text', options.template && options.templateText ? 'yes' : undefined],
		[
			't:variables',
			options.template && options.templateVariables ? JSON.stringify(options.templateVariables) : undefined,
		],
		...options.tags.map((tag): [string, string] => ['o:tag', tag]),
		[
			'o:deliverytime',
			options.deliveryTime && new Date(options.deliveryTime).toUTCString().replace('GMT', '+0000'),
		],
		['o:tracking', chosen(options.tracking)],
		['o:tracking-opens', chosen(options.trackingOpens)],
		['o:tracking-clicks', chosen(options.trackingClicks)],
		['o:dkim', chosen(options.dkim)],
		['o:require-tls', options.requireTls ? 'yes' : undefined],
		['o:skip-verification', options.skipVerification ? 'yes' : undefined],
		['o:testmode', options.testMode ? 'yes' : undefined],
		['o:sending-ip', options.sendingIp],
		['o:sending-ip-pool', options.sendingIpPool],
		...Object.entries((options.variables ?? {}) as Record<string, Json>).map(([name, value]): [string, string] => [
			`v:${name}`,
			typeof value === 'string' ? value : JSON.stringify(value),
		]),
	];
	const file = ({ name, mime, data }: File) => ({ name, mime, data: data! });
	return [
		...texts.filter((pair): pair is [string, string] => pair[1] !== undefined),
		// Mailgun makes the content id of a picture from its file name.
		...(mail.inline ? [['inline', { ...file(mail.inline), name: imageCid }] as const] : []),
		...mail.files.map(
			(each) => [mail.html?.includes(`cid:${each.name}"`) ? 'inline' : 'attachment', file(each)] as const,
		),
	];
}

const chosen = (value: string) => (value === 'default' ? undefined : value);
