import {
	bytes,
	choice,
	multiline,
	type Json,
	type Rendered,
	type Renders,
	type Target,
} from '../../core/define/channel';
import type { Text } from '../../core/base/language';
import { asWords, fillJson, uses, type Placeholders } from './template';

export const placeholders: Text = {
	en: 'Placeholders: {title} {body} {url} {image} {imageBase64} {level} {type} {time} {timestamp} {to} {key} {fields} {buttons} {attachments} {mentions} {format} {edit} {silent}; also {t} for the title, {log} and {content} for the body, $title, $content',
	zh: '占位符：{title} {body} {url} {image} {imageBase64} {level} {type} {time} {timestamp} {to} {key} {fields} {buttons} {attachments} {mentions} {format} {edit} {silent}；另有 {t}（标题）、{log} 与 {content}（正文）、$title、$content',
};

export const textForm = choice(
	'Text form',
	{
		source: ['As written', '原文'],
		plain: ['Plain text', '纯文本'],
		markdown: ['Markdown', 'Markdown'],
		mailHtml: ['HTML', 'HTML'],
	},
	{ zh: '正文格式', default: 'source' },
);

type TextForm = 'source' | 'plain' | 'markdown' | 'mailHtml';

export const contents = {
	message: ['The message', '整条消息'],
	template: ['Template', '模板'],
	betterGi: ['As BetterGI sends it', 'BetterGI 格式'],
	mediaSaber: ['As MediaSaber takes it', 'MediaSaber 格式'],
} as const;

export type Content = keyof typeof contents;

export const bodyTemplate = {
	placeholder: '{"msgtype": "text", "text": {"content": "{title}\\n{body}"}}',
	help: { en: `Empty sends the whole message. ${placeholders.en}`, zh: `留空则发送整条消息。${placeholders.zh}` },
};

/** Whoever writes the body shows everything; bytes go only where they have a place of their own. */
export const customRenders = (options: { textForm: TextForm; content?: Content; body?: string }): Renders => ({
	markup: options.textForm === 'source' ? 'markdown' : options.textForm,
	limit: bytes(10_000_000),
	single: true,
	title: bytes(100_000),
	image: options.content === 'betterGi' || uses(options.body, 'imageBase64') ? 'bytes' : 'both',
	attachments: 'both',
	buttons: { most: 1_000, values: true },
	fields: 10_000,
	mentions: true,
	level: true,
	url: true,
});

export const recipient: Target = {
	label: 'Recipient',
	zh: '接收者',
	help: { en: 'What {to} stands for', zh: '占位符 {to} 的值' },
	optional: true,
	passedOn: true,
};

const label = multiline('Template', { zh: '模板' }).label;

/** What the placeholders stand for in this message. */
export function placeholdersOf(message: Rendered, to: readonly string[], form: TextForm, now: number): Placeholders {
	const { source, image, attachments, fields, buttons, mentions, level, url } = message;
	const { title = '', body } = form === 'source' ? source : message;
	const time = source.time ?? new Date(now).toISOString();
	return {
		title,
		t: title,
		body,
		content: body,
		log: body,
		format:
			form === 'source'
				? (source.format ?? 'markdown')
				: { plain: 'text', markdown: 'markdown', mailHtml: 'html' }[form],
		url: url ?? '',
		image: image?.url ?? '',
		imageBase64: image?.data ? base64(image.data) : '',
		level: level ?? 'info',
		edit: source.edit ?? false,
		silent: message.silent ?? false,
		type: source.type ?? '',
		key: source.key ?? '',
		to: to.join(','),
		time,
		timestamp: Math.floor((Date.parse(time) || now) / 1000),
		fields: fields.map(({ name, value, short }) => ({ name, value, ...(short && { short }) })),
		buttons: buttons.map((button) => ({ ...button }) as Json),
		mentions,
		attachments: attachments.map(fileJson),
	};
}

const base64 = (data: Uint8Array) => Buffer.from(data).toString('base64');

const fileJson = ({ name, mime, url, data }: { name: string; mime: string; url?: string; data?: Uint8Array }): Json =>
	url ? { name, mime, url } : { name, mime, data: base64(data ?? new Uint8Array()) };

/** The body as JSON: by a preset, or by a template of the user's own. */
export function customJson(
	content: Content,
	template: string | undefined,
	message: Rendered,
	to: readonly string[],
	values: Placeholders,
): Json {
	if (content === 'betterGi') return betterGi(message, values);
	if (content === 'mediaSaber') return mediaSaber(values);
	if (content === 'template' && template) return fillJson('body', label, template, values);
	return wholeMessage(message, to, values);
}

/** The message as another Carillon takes it; what it has not is absent. */
function wholeMessage(
	{ image, source, level, url, silent }: Rendered,
	to: readonly string[],
	values: Placeholders,
): Json {
	const all: Record<string, Json | undefined> = {
		title: values.title,
		body: values.body,
		format: values.format,
		type: source.type,
		level,
		url,
		image: image && fileJson(image),
		to: [...to],
		fields: values.fields,
		buttons: values.buttons,
		attachments: values.attachments,
		mentions: values.mentions,
		key: source.key,
		edit: source.edit || undefined,
		origin: source.origin,
		audience: source.audience,
		silent,
		time: values.time,
	};
	const isThere = (value: Json | undefined) =>
		value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0);
	return Object.fromEntries(Object.entries(all).filter(([name, value]) => name === 'body' || isThere(value))) as Json;
}

/** `result` is a number: 0 success, 1 failure, 2 partial success. */
function betterGi({ level = 'info', fields, url }: Rendered, values: Placeholders): Json {
	const data = { ...Object.fromEntries(fields.map(({ name, value }) => [name, value])), ...(url && { url }) };
	return {
		send_to: values.to!,
		event: values.type || 'notify',
		result: { info: 0, success: 0, failure: 1, warning: 2 }[level],
		timestamp: values.time!,
		screenshot: values.imageBase64 || null,
		message: [values.title, values.body].filter(Boolean).join('\n'),
		data: Object.keys(data).length > 0 ? data : null,
	};
}

function mediaSaber({ title, body, image }: Placeholders): Json {
	return { title: title || asWords(body).split('\n')[0]!, content: body!, ...(image && { imageUrl: image }) };
}
