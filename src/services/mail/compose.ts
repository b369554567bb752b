import { bytes, utf16, type File, type Rendered, type Renders } from '../../core/define/channel';
import type { Language, Text } from '../../core/base/language';
import { contentOf } from './content';
import { addressesIn, checkAddress, domainOf, headerLine, headersOf } from './headers';
import type { MailOptions } from './options';

export const mailRenders = ({ format }: Pick<MailOptions, 'format'>): Renders => ({
	markup: format === 'html' ? 'mailHtml' : 'plain',
	limit: bytes(2_000_000),
	single: true,
	title: utf16(500),
	image: 'bytes',
	attachments: 'bytes',
	buttons: { most: 20 },
	fields: 500,
	url: true,
	level: true,
});

/** A mail before it takes its carrier’s form: addresses and headers are checked. */
export interface Mail {
	from: string;
	to: string[];
	cc: string[];
	bcc: string[];
	replyTo?: string;
	subject: string;
	text: string;
	html?: string;
	/** The picture within the HTML, which names it by `imageCid`. */
	inline?: File;
	files: File[];
	headers: Record<string, string>;
}

const labels = {
	from: { en: 'From', zh: '发件人' },
	to: { en: 'To', zh: '收件人' },
	cc: { en: 'Cc', zh: '抄送' },
	bcc: { en: 'Bcc', zh: '密送' },
	replyTo: { en: 'Reply to', zh: '回复地址' },
} satisfies Record<string, Text>;

/** @throws ChannelError `Invalid` for what is no address or no header */
export async function composeMail(
	message: Rendered,
	recipients: readonly string[],
	options: MailOptions,
	account: { from: string; replyTo?: string },
	language: Language,
): Promise<Mail> {
	const addresses = (field: 'to' | 'cc' | 'bcc', values: readonly string[]) =>
		addressesIn(values).map((value) => checkAddress(field, labels[field], value));
	const from = checkAddress('from', labels.from, options.from ?? account.from);
	const replyTo = options.replyTo ?? account.replyTo;
	const inline = options.format === 'html' && options.image !== 'attachment' ? message.image : undefined;
	const content = await contentOf(message, language, inline !== undefined);
	return {
		from,
		to: addresses('to', recipients),
		cc: addresses('cc', options.cc),
		bcc: addresses('bcc', options.bcc),
		...(replyTo && { replyTo: checkAddress('replyTo', labels.replyTo, replyTo) }),
		subject: headerLine(message.title ?? content.text.trim().split('\n')[0]!.slice(0, 200)),
		...content,
		inline,
		files: [...(message.image && !inline ? [message.image] : []), ...message.attachments],
		headers: headersOf(message, options, domainOf(from)),
	};
}
