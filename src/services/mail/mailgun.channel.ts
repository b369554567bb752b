import { baseUrl, ChannelError, choice, defineChannel, secret, text, type Call } from '../../core/define/channel';
import { composeMail, mailRenders } from './compose';
import { mailgunOptions, partsOf } from './mailgunForm';
import { multipart } from '../../core/http/multipart';

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

/** Mail by Mailgun's API. */
export const mailgun = defineChannel({
	id: 'mailgun',
	set: 'mail',
	name: 'Mailgun',
	zh: 'Mailgun',
	docs: 'https://documentation.mailgun.com/docs/mailgun/api-reference/send/mailgun/messages',
	aliases: ['mail', 'email', '邮件', '邮箱'],
	where: [
		{
			en: 'On app.mailgun.com: *Send → Sending → Domains*: add your domain and set its DNS records until it is *Verified*.',
			zh: '在 app.mailgun.com：Send → Sending → Domains，添加域名并设置 DNS 记录，直到显示 Verified。',
		},
		{
			en: '*Domain settings → Sending keys → Add sending key*, or *API Security* in the account’s menu; copy the key at once, it is shown once.',
			zh: 'Domain settings → Sending keys → Add sending key，或账号菜单中的 API Security；密钥只显示一次，请立即复制。',
		},
		{
			en: 'Choose the *Region* that the domain was made in, as its page shows it (US or EU).',
			zh: '“区域”选择创建域名时所在的区（US 或 EU），域名页面上有显示。',
		},
	],
	takesFiles: true,
	renders: ({ options }) => mailRenders(options),
	replies: {
		ok: (answer, { status }) => status === 200 && typeof answer?.id === 'string' && answer.id.trim() !== '',
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
	options: mailgunOptions,

	async send({ message, to, account, options, http, language }) {
		const mail = await composeMail(
			message,
			to,
			options,
			{ from: account.from ?? `carillon@${account.domain}`, replyTo: account.replyTo },
			language,
		);
		const { type, body } = await multipart(partsOf(mail, options));
		const headers = { authorization: authorization(account), 'content-type': type };
		const raw = await http.post(addressOf(account), { headers, body });
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

function addressOf({ region, baseUrl: base, domain }: Account): string {
	return `${base === regions.us ? regions[region] : base}/v3/${domain}/messages`;
}

const authorization = ({ apiKey }: Account) => `Basic ${Buffer.from(`api:${apiKey}`).toString('base64')}`;
