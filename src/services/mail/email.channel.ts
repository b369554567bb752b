import { randomUUID } from 'node:crypto';
import type { SendMailOptions } from 'nodemailer';
import { ChannelError, defineChannel, invalid, text, type File } from '../../core/define/channel';
import type { Text } from '../../core/base/language';
import { emailAccount, presetOf, senderOf, settingsOf } from './emailAccount';
import { composeMail, mailRenders, type Mail } from './compose';
import { mailOptions } from './options';
import { imageCid } from './content';
import { bareAddress, checkAddress, domainOf } from './headers';
import { closeSmtp, sendBySmtp, verifySmtp, type Taken } from './smtp';

const options = {
	...mailOptions,
	bounceTo: text('Bounces to', { zh: '退信地址', optional: true, placeholder: 'bounce@example.com' }),
};

/** Mail by SMTP. */
export const email = defineChannel({
	id: 'email',
	set: 'mail',
	name: 'Email (SMTP)',
	zh: 'SMTP 邮件',
	docs: 'https://nodemailer.com/smtp/',
	aliases: ['mail', 'smtp', 'gmail', 'outlook', 'QQ邮箱', '163', '邮箱', '电子邮件'],
	where: [
		{
			en: 'Host and port stand in the mailbox’s help under *SMTP*: for example `smtp.gmail.com` 465, `smtp.qq.com` 465, `smtp.163.com` 465.',
			zh: '服务器和端口见邮箱帮助中的 SMTP 说明，例如 `smtp.qq.com` 465、`smtp.163.com` 465、`smtp.gmail.com` 465。',
		},
		{
			en: 'Gmail: switch on two-step verification, then make one under *Google Account → Security → App passwords*.',
			zh: 'Gmail：先开启两步验证，再到“Google 账号 → 安全性 → 应用专用密码”生成密码。',
		},
		{
			en: 'QQ Mail: *Settings → Account → POP3/IMAP/SMTP service*: switch it on, and copy the authorisation code; 163: *Settings → POP3/SMTP/IMAP*.',
			zh: 'QQ 邮箱：设置 → 账号 → POP3/IMAP/SMTP 服务，开启后复制授权码；163 邮箱：设置 → POP3/SMTP/IMAP。',
		},
		{ en: '*Password* is that code, not the one you log in with.', zh: '“密码”填授权码，而不是登录密码。' },
	],
	transport: 'smtp',
	takesFiles: true,
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
	account: emailAccount,
	target: { label: 'To', zh: '收件人', placeholder: 'Ann <ann@example.com>, bob@example.com' },
	options,

	async token({ account: { provider, clientId, clientSecret, refreshToken, accessUrl, scope }, http }) {
		const preset = presetOf(provider);
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
		const mail = await composeMail(
			input.message,
			input.to,
			options,
			{ from: senderOf(account, options.from), replyTo: account.replyTo },
			input.language,
		);
		const accessToken = settings.oauth ? await token() : undefined;
		const hand = async (part: Mail) => {
			// The same for every try of this mail, so that a mailbox may notice the second of two.
			const id = await step(`id of ${part.to.join()}`, async () => `<${randomUUID()}@${domainOf(mail.from)}>`);
			const whole = smtpMail(part, id, new Date(input.now()), options.bounceTo);
			return await sendBySmtp(settings, whole, accessToken, signal);
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
