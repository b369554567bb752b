import { invalid, type Json, type Rendered } from '../../core/define/channel';
import { customJson } from './body';
import { multipart } from '../../core/http/multipart';
import { isRecord } from '../../core/define/fields/mustBeRecord';
import { asWords, fillDeep, fillTemplate, wellFormed, type Placeholders } from './template';
import type { WebhookOptions } from './options';

export const withScheme = (address: string) =>
	/^[a-z][a-z0-9+.-]*:\/\//i.test(address) ? address : `https://${address}`;

/** The account's URL with path and query put on, everything within it percent-encoded. `automatic`: the message went into the query by itself. */
export function addressOf(
	baseUrl: string,
	options: WebhookOptions,
	values: Placeholders,
): { href: string; automatic: boolean } {
	const template = withScheme(baseUrl);
	const [, front = '', query = '', fragment = ''] = /^([^?#]*)(\?[^#]*)?(#.*)?$/s.exec(template) ?? [];
	const [, path = '', more = ''] = /^([^?]*)(\?.*)?$/s.exec(options.path ?? '') ?? [];
	const joined = path && `${path.startsWith('/') ? '' : '/'}${path}`;
	const whole = [
		front.replace(joined ? /(?<!\/)\/+$/ : /$^/, '') + joined,
		[query.slice(1), more.slice(1)].filter(Boolean).join('&'),
	]
		.filter(Boolean)
		.join('?');
	const filled = fillTemplate(whole, 'url', values);
	if (/\/\.{1,2}(?=[/?]|$)/.test(filled) && !/\/\.{1,2}(?=[/?]|$)/.test(whole)) {
		throw invalid('baseUrl', {
			en: 'A value of “.” or “..” cannot stand in the path of a URL: put its placeholder into the query.',
			zh: '值“.”或“..”不能放在网址路径中：请把占位符放到查询参数里。',
		});
	}
	const address = new URL(filled + fragment);
	const automatic =
		(options.method === 'GET' || options.method === 'HEAD') && options.query.length === 0 && filled === whole;
	const query_ = automatic
		? flat(values)
		: options.query.map(({ name, value = '' }) => [name, asWords(fillDeep(value, 'text', values))] as const);
	for (const [name, value] of query_) address.searchParams.append(name, wellFormed(value));
	return { href: address.href, automatic };
}

/** What of a message fits into name–value pairs; title and body always, the rest where there is any. */
function flat(values: Placeholders): [string, string][] {
	const pairs = ['title', 'body', 'url', 'image', 'level', 'type', 'to', 'key', 'time'].map(
		(name) => [name, asWords(values[name])] as [string, string],
	);
	return pairs.filter(([name, value]) => name === 'body' || value !== '');
}

/** The body, and what kind it is of; nothing where the method has none. */
export async function bodyOf(
	{ bodyType, body: template = '', content, contentType, imageField, attachmentField }: WebhookOptions,
	message: Rendered,
	to: readonly string[],
	values: Placeholders,
): Promise<{ type: string; body: Uint8Array }> {
	const written = content === 'template' && template !== '';
	const json = () => customJson(content, template, message, to, values);
	if (bodyType === 'json')
		return { type: 'application/json; charset=utf-8', body: Buffer.from(JSON.stringify(json())) };
	if (bodyType === 'text') {
		const words = written
			? fillTemplate(template, 'text', values)
			: content === 'message' || content === 'template'
				? [values.title, values.body].filter(Boolean).join('\n\n')
				: JSON.stringify(json());
		return { type: contentType, body: Buffer.from(words) };
	}
	// A template of a form is a JSON object, or `name=value` pairs, joined by & or one a line.
	const pairs =
		written && !/^\s*\{\s*(["}])/.test(template)
			? [...new URLSearchParams(fillTemplate(oneLine(template), 'form', values))]
			: pairsOf(json());
	if (bodyType === 'form') {
		return {
			type: 'application/x-www-form-urlencoded',
			body: Buffer.from(new URLSearchParams(pairs).toString()),
		};
	}
	const files = [
		...(message.image ? [[imageField, message.image] as const] : []),
		...message.attachments.map((file, at) => [`${attachmentField}${at ? at + 1 : ''}`, file] as const),
	].flatMap(([field, { name, mime, data }]) => (data ? [[field, { name, mime, data }] as const] : []));
	// The files themselves stand for what would name them.
	const named = new Set(['attachments', ...files.map(([field]) => field)]);
	return await multipart([...pairs.filter(([name]) => !named.has(name)), ...files]);
}

const oneLine = (template: string) =>
	template
		.split('\n')
		.map((line) => line.trim())
		.filter(Boolean)
		.join('&');

function pairsOf(value: Json): [string, string][] {
	if (!isRecord(value))
		throw invalid('body', {
			en: 'A form needs a JSON object of names and values, or name=value pairs.',
			zh: '表单需要由名称和值组成的 JSON 对象，或 name=value 形式。',
		});
	return Object.entries(value as Record<string, Json>).map(([name, each]) => [name, wellFormed(asWords(each))]);
}
