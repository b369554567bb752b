import { createHash } from 'node:crypto';
import {
	bytes,
	ChannelError,
	choice,
	invalid,
	json,
	list,
	text,
	toggle,
	utf16,
	type File,
	type Json,
	type Rendered,
	type Renders,
	type Values,
} from '../../core/channel';
import type { Language, Text } from '../../core/language';
import { render } from '../../core/markup';
import { mustBeRecord } from './mustBeRecord';

/** What a mail may have whoever carries it. */
export const mailOptions = {
	cc: list('Cc', { zh: '抄送', optional: true, placeholder: 'ann@example.com' }),
	bcc: list('Bcc', { zh: '密送', optional: true, placeholder: 'ann@example.com' }),
	separately: toggle('One mail for each recipient', {
		zh: '逐个收件人单独发送',
		help: { en: 'Nobody sees who else got it', zh: '收件人之间互不可见' },
	}),
	from: text('From', { zh: '发件人', optional: true, placeholder: 'Carillon <me@example.com>' }),
	replyTo: text('Reply to', { zh: '回复地址', optional: true, placeholder: 'team@example.com' }),
	format: choice(
		'Format',
		{ html: ['HTML with text alternative', 'HTML（附纯文本）'], text: ['Text only', '仅纯文本'] },
		{ zh: '格式', default: 'html' },
	),
	image: choice(
		'Picture',
		{ inline: ['In the text', '嵌入正文'], attachment: ['As an attachment', '作为附件'] },
		{ zh: '图片', default: 'inline', show: { format: ['html'] } },
	),
	priority: choice(
		'Priority',
		{
			level: ['By level: a failure is high', '按级别：失败为高'],
			high: ['High', '高'],
			normal: ['Normal', '普通'],
			low: ['Low', '低'],
		},
		{ zh: '优先级', default: 'level' },
	),
	threadByKey: toggle('Thread by key', {
		zh: '按 key 归为同一会话',
		help: { en: 'Mails with the same key stand in one conversation', zh: 'key 相同的邮件归入同一会话' },
	}),
	inReplyTo: text('In reply to', {
		zh: '回复的邮件',
		optional: true,
		placeholder: '<id@example.com>',
		help: { en: 'Message-ID, as in an earlier receipt’s handle', zh: 'Message-ID，可取自之前回执的 handle' },
	}),
	references: list('References', { zh: '引用的邮件', optional: true, placeholder: '<id@example.com>' }),
	unsubscribe: text('Unsubscribe', {
		zh: '退订',
		optional: true,
		placeholder: 'https://example.com/off, off@example.com',
		help: { en: 'Becomes List-Unsubscribe', zh: '写入 List-Unsubscribe' },
	}),
	autoSubmitted: toggle('Mark as automatic', {
		zh: '标记为自动发送',
		default: true,
		help: {
			en: 'Auto-Submitted, so that no out-of-office answers come',
			zh: '写入 Auto-Submitted，避免触发自动回复',
		},
	}),
	headers: json('More headers', {
		zh: '更多邮件头',
		optional: true,
		placeholder: '{"X-Source": "carillon"}',
		check: mustBeRecord,
	}),
};

export type MailOptions = Values<typeof mailOptions>;

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

/** The content id, and the name, of the picture within the HTML. */
export const imageCid = 'image@carillon';

const labels = {
	from: { en: 'From', zh: '发件人' },
	to: { en: 'To', zh: '收件人' },
	cc: { en: 'Cc', zh: '抄送' },
	bcc: { en: 'Bcc', zh: '密送' },
	replyTo: { en: 'Reply to', zh: '回复地址' },
} satisfies Record<string, Text>;

/** @throws ChannelError `Invalid` for what is no address or no header */
export function composeMail(
	message: Rendered,
	recipients: readonly string[],
	options: MailOptions,
	account: { from: string; replyTo?: string },
	language: Language,
): Mail {
	const addresses = (field: 'to' | 'cc' | 'bcc', values: readonly string[]) =>
		values.map((value) => checkAddress(field, labels[field], value));
	const from = checkAddress('from', labels.from, options.from ?? account.from);
	const replyTo = options.replyTo ?? account.replyTo;
	const inline = options.format === 'html' && options.image !== 'attachment' ? message.image : undefined;
	const content = contentOf(message, language, inline !== undefined);
	return {
		from,
		to: addresses('to', recipients),
		cc: addresses('cc', options.cc),
		bcc: addresses('bcc', options.bcc),
		...(replyTo && { replyTo: checkAddress('replyTo', labels.replyTo, replyTo) }),
		subject: headerLine(
			'title',
			{ en: 'Title', zh: '标题' },
			message.title ?? content.text.trim().split('\n')[0]!.slice(0, 200),
		),
		...content,
		inline,
		files: [...(message.image && !inline ? [message.image] : []), ...message.attachments],
		headers: headersOf(message, options, domainOf(from)),
	};
}

const words = { open: { en: 'Details', zh: '查看详情' } };

/** HTML page and text alternative from one body. */
function contentOf(
	{ body, markup, fields, buttons, url }: Rendered,
	language: Language,
	withPicture: boolean,
): { html?: string; text: string } {
	const links = buttons.flatMap(({ text: label, url: to, style }) => (to ? [{ label, to, style }] : []));
	if (url) links.push({ label: words.open[language], to: url, style: undefined });
	const colon = language === 'zh' ? '：' : ': ';
	const lines = [
		fields.map(({ name, value }) => `${name}${colon}${value}`),
		links.map(({ label, to }) => `${label}${colon}${to}`),
	];
	const plain = markup === 'mailHtml' ? inText(body) : body;
	const alternative = [plain, ...lines.map((each) => each.join('\n'))]
		.filter((each) => each.trim() !== '')
		.join('\n\n');
	if (markup !== 'mailHtml') return { text: alternative };
	const picture = withPicture ? `<p><img src="cid:${imageCid}" alt="" style="max-width:100%;height:auto"></p>` : '';
	const rows = fields.map(
		({ name, value }) =>
			`<tr><th style="text-align:left;vertical-align:top;padding:2px 12px 2px 0">${escape(name)}</th><td style="padding:2px 0">${escape(value)}</td></tr>`,
	);
	const table =
		rows.length > 0 ? `<table style="border-collapse:collapse;margin:1em 0">${rows.join('')}</table>` : '';
	const keys = links.map(
		({ label, to, style }) =>
			`<a href="${escape(to)}" style="display:inline-block;margin:0 8px 8px 0;padding:8px 16px;border-radius:6px;text-decoration:none;color:#fff;background:${style === 'danger' ? '#c92a2a' : '#1c7ed6'}">${escape(label)}</a>`,
	);
	return {
		html: page(`${picture}${body}${table}${keys.length > 0 ? `<p>${keys.join('')}</p>` : ''}`),
		text: alternative,
	};
}

const page = (inner: string) =>
	`<!DOCTYPE html><html><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"></head><body style="font-family:-apple-system,'Segoe UI','PingFang SC','Microsoft YaHei',sans-serif;font-size:15px;line-height:1.5">${inner}</body></html>`;

const inText = (html: string) =>
	html === ''
		? ''
		: (render(html, { format: 'html', dialect: 'plain', limit: bytes(10_000_000), overflow: 'cut' }).parts[0] ??
			'');

const escape = (raw: string) => raw.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

/** A line break in a header would start a header of the sender's own choosing. */
function headerLine(field: string, label: Text, value: string): string {
	if (!/[\x00-\x08\x0a-\x1f\x7f]/.test(value)) return value;
	throw invalid(field, {
		en: `“${label.en}” holds a line break or control character, which no mail header may.`,
		zh: `“${label.zh}”含有换行或控制字符，邮件头不允许。`,
	});
}

/** `ann@example.com` or `Ann <ann@example.com>` */
export function checkAddress(field: string, label: Text, value: string): string {
	if (/^[^\s@<>,;]+@[^\s@<>,;]+$/.test(bareAddress(value))) return headerLine(field, label, value);
	throw invalid(field, {
		en: `“${value}” in “${label.en}” is no mail address: write ann@example.com or Ann <ann@example.com>.`,
		zh: `“${label.zh}”中的“${value}”不是邮件地址：请写成 ann@example.com 或 Ann <ann@example.com>。`,
	});
}

/** `Ann <ann@example.com>` → `ann@example.com` */
export const bareAddress = (value: string) => /^[^<>]*<([^<>]+)>$/s.exec(value)?.[1] ?? value;
export const domainOf = (address: string) => bareAddress(address).split('@').at(-1)!;
const bracketed = (id: string) => (/^<.*>$/s.test(id.trim()) ? id.trim() : `<${id.trim()}>`);

/** These are written from the other fields. */
const own =
	/^(from|to|cc|bcc|subject|date|message-id|mime-version|content-.*|in-reply-to|references|reply-to|return-path|sender)$/i;

function headersOf(message: Rendered, options: MailOptions, domain: string): Record<string, string> {
	const { priority, threadByKey, autoSubmitted, unsubscribe } = options;
	const all: Record<string, string> = {};
	const urgency = priority === 'level' ? (message.level === 'failure' ? 'high' : 'normal') : priority;
	if (urgency !== 'normal')
		Object.assign(all, {
			'X-Priority': urgency === 'high' ? '1 (Highest)' : '5 (Lowest)',
			Importance: urgency === 'high' ? 'High' : 'Low',
		});
	// Nothing has this id; mailboxes put what refers to the same one into one conversation.
	const root =
		threadByKey && message.source.key
			? `<${createHash('sha256').update(message.source.key).digest('hex').slice(0, 32)}.carillon@${domain}>`
			: undefined;
	const parent = options.inReplyTo
		? headerLine('inReplyTo', { en: 'In reply to', zh: '回复的邮件' }, bracketed(options.inReplyTo))
		: root;
	if (parent) all['In-Reply-To'] = parent;
	const references = [
		...options.references.map((id) =>
			headerLine('references', { en: 'References', zh: '引用的邮件' }, bracketed(id)),
		),
		...(root ? [root] : []),
		...(parent && parent !== root ? [parent] : []),
	];
	if (references.length > 0) all.References = references.join(' ');
	if (autoSubmitted) all['Auto-Submitted'] = 'auto-generated';
	if (unsubscribe) Object.assign(all, unsubscribing(unsubscribe));
	for (const [name, value] of Object.entries((options.headers ?? {}) as Record<string, Json>)) {
		if (!/^[!-9;-~]+$/.test(name) || own.test(name))
			throw invalid('headers', {
				en: `The header “${name}” cannot be set here.`,
				zh: `邮件头“${name}”不能在此设置。`,
			});
		all[name] = headerLine(
			'headers',
			{ en: name, zh: name },
			typeof value === 'string' ? value : JSON.stringify(value),
		);
	}
	return all;
}

function unsubscribing(given: string): Record<string, string> {
	const targets = given
		.split(',')
		.map((each) => each.trim())
		.filter(Boolean)
		.map((each) => (/^[^\s@:]+@[^\s@:]+$/.test(each) ? `mailto:${each}` : each));
	if (!targets.every((target) => /^(https?:\/\/|mailto:)[^\s<>]+$/i.test(target)))
		throw invalid('unsubscribe', {
			en: 'Fill “Unsubscribe” with a web or mail address.',
			zh: '“退订”请填写网址或邮件地址。',
		});
	const oneClick = targets.some((target) => /^https:/i.test(target));
	return {
		'List-Unsubscribe': targets.map((target) => `<${target}>`).join(', '),
		...(oneClick && { 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' }),
	};
}

/** Too big: where no attachment is left to leave out, the picture is. */
export function tooBig(error: unknown, { attachments, image }: Rendered): unknown {
	if (!(error instanceof ChannelError) || error.because !== 'attachment' || attachments.length > 0 || !image)
		return error;
	return new ChannelError(error.class, error.text, { ...error, because: 'image' });
}
