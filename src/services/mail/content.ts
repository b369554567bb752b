import { bytes, type Rendered } from '../../core/define/channel';
import type { Language } from '../../core/base/language';
import { renderInTurns, safeHref } from '../../core/markup';

/** The content id, and the name, of the picture within the HTML. */
export const imageCid = 'image@carillon';

const words = { open: { en: 'Details', zh: '查看详情' } };

/** HTML page and text alternative from one body. */
export async function contentOf(
	{ body, markup, fields, buttons, url }: Rendered,
	language: Language,
	withPicture: boolean,
): Promise<{ html?: string; text: string }> {
	const links = buttons.flatMap(({ text: label, url: to, style }) => (to ? [{ label, to, style }] : []));
	if (url) links.push({ label: words.open[language], to: url, style: undefined });
	const colon = language === 'zh' ? '：' : ': ';
	const lines = [
		fields.map(({ name, value }) => `${name}${colon}${value}`),
		links.map(({ label, to }) => `${label}${colon}${to}`),
	];
	const plain = markup === 'mailHtml' ? await inText(body) : body;
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
	const keys = links
		.filter(({ to }) => safeHref(to) !== undefined)
		.map(
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

async function inText(html: string): Promise<string> {
	if (html === '') return '';
	const options = { format: 'html', dialect: 'plain', limit: bytes(10_000_000), overflow: 'cut' } as const;
	return (await renderInTurns(html, options)).parts[0] ?? '';
}

const escape = (raw: string) => raw.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
