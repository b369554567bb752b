import { invalid, type File, type Rendered } from '../../core/channel';
import type { Language, Text } from '../../core/language';
import { render } from '../../core/markup';

/** What a mail is made of, from one body. */
export interface MailContent {
	/** Absent where only text was asked for. */
	html?: string;
	text: string;
}

/** The content id of the picture within the HTML. */
export const imageCid = 'image@carillon';

const words = { open: { en: 'Details', zh: '查看详情' } };

/** The HTML page and its text alternative. A channel that takes these renders `mailHtml` or `plain`. */
export function mailContent(
	{ body, markup, fields, buttons, url, image }: Rendered,
	language: Language,
	inlineImage: boolean,
): MailContent {
	const links = [
		...buttons.flatMap(({ text, url: to, style }) => (to ? [{ text, url: to, style }] : [])),
		...(url ? [{ text: words.open[language], url, style: undefined }] : []),
	];
	const colon = language === 'zh' ? '：' : ': ';
	const lines = [
		fields.map(({ name, value }) => `${name}${colon}${value}`),
		links.map(({ text, url: to }) => `${text}${colon}${to}`),
	];
	const plain = markup === 'mailHtml' ? inText(body) : body;
	const text = [plain, ...lines.map((each) => each.join('\n'))].filter((each) => each.trim() !== '').join('\n\n');
	if (markup !== 'mailHtml') return { text };
	const picture =
		image && inlineImage ? `<p><img src="cid:${imageCid}" alt="" style="max-width:100%;height:auto"></p>` : '';
	const table =
		fields.length > 0
			? `<table style="border-collapse:collapse;margin:1em 0">${fields.map(({ name, value }) => `<tr><th style="text-align:left;vertical-align:top;padding:2px 12px 2px 0">${escape(name)}</th><td style="padding:2px 0">${escape(value)}</td></tr>`).join('')}</table>`
			: '';
	const keys =
		links.length > 0
			? `<p>${links.map(({ text: label, url: to, style }) => `<a href="${escape(to)}" style="display:inline-block;margin:0 8px 8px 0;padding:8px 16px;border-radius:6px;text-decoration:none;color:#fff;background:${style === 'danger' ? '#c92a2a' : '#1c7ed6'}">${escape(label)}</a>`).join('')}</p>`
			: '';
	return { html: page(`${picture}${body}${table}${keys}`), text };
}

const page = (inner: string) =>
	`<!DOCTYPE html><html><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"></head><body style="font-family:-apple-system,'Segoe UI','PingFang SC','Microsoft YaHei',sans-serif;font-size:15px;line-height:1.5">${inner}</body></html>`;

const inText = (html: string) =>
	html === ''
		? ''
		: (render(html, {
				format: 'html',
				dialect: 'plain',
				limit: { max: 10_000_000, unit: 'bytes', counts: 'all' },
				overflow: 'cut',
			}).parts[0] ?? '');

const escape = (text: string) => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

/** A line break in a header would start a header of the sender's own choosing. */
export function headerLine(field: string, label: Text, value: string): string {
	// eslint-disable-next-line no-control-regex -- control characters are what is looked for
	if (!/[\x00-\x08\x0a-\x1f\x7f]/.test(value)) return value;
	throw invalid(field, {
		en: `“${label.en}” holds a line break or control character, which no mail header may.`,
		zh: `“${label.zh}”含有换行或控制字符，邮件头不允许。`,
	});
}

/** `ann@example.com` or `Ann <ann@example.com>` */
export function checkAddress(field: string, label: Text, value: string): string {
	const bare = /^[^<>]*<([^<>]+)>$/.exec(value)?.[1] ?? value;
	if (/^[^\s@<>,;]+@[^\s@<>,;]+$/.test(bare)) return headerLine(field, label, value);
	throw invalid(field, {
		en: `“${value}” in “${label.en}” is no mail address: write ann@example.com or Ann <ann@example.com>.`,
		zh: `“${label.zh}”中的“${value}”不是邮件地址：请写成 ann@example.com 或 Ann <ann@example.com>。`,
	});
}

/** `Ann <ann@example.com>` → `ann@example.com` */
export const bareAddress = (value: string) => /<([^<>]+)>\s*$/.exec(value)?.[1] ?? value;

/** The content id by which HTML names an attachment: its file name. */
export const cidOf = ({ name }: File, html: string | undefined) => (html?.includes(`cid:${name}"`) ? name : undefined);
