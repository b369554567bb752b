import { isRecord } from '../../base/record';
import { mostInTurn, type Turns } from '../../base/turns';
import type { DecodedBody } from '../../http/incoming';
import type { BodyPart, IncomingRequest } from '../../define/trigger';
import { broken } from './broken';
import { decodeText } from './charset';
import { parseForm, unwrapForm, unwrapOnly } from './form';
import { isWhole, notJson, parseJson, tryJson } from './json';
import { parameter, parseMultipart } from './multipart';

const maxDepth = 100;

/**
 * Bytes and content type into a value. The content type is a hint: senders put JSON under `text/plain`, under none,
 * into a field `data` or `payload` of a form, and forms under a multipart type without a boundary.
 * Throws `Refusal` (400) with a reason for what cannot be read.
 */
export function* decodeBody({
	body,
	headers,
	parts,
}: Pick<IncomingRequest, 'body' | 'headers' | 'parts'>): Turns<DecodedBody> {
	const contentType = headers['content-type'] ?? '';
	if (parts) return yield* fromParts(parts);
	if (/^\s*multipart\//i.test(contentType)) {
		const boundary = parameter(contentType, 'boundary');
		if (boundary) return yield* fromParts(parseMultipart(body, boundary));
		if (startsWith(body, '--'))
			throw broken(
				'The multipart body has no boundary in its Content-Type.',
				'multipart 正文的 Content-Type 缺少 boundary。',
			);
	}
	const text = yield* decodeText(body, parameter(contentType, 'charset'));
	if (text.length > mostInTurn) yield;
	return yield* fromText(text, contentType);
}

function* fromParts(parts: readonly BodyPart[]): Turns<DecodedBody> {
	const files = parts.filter(({ filename }) => filename !== undefined);
	const fields: (readonly [string, string])[] = [];
	for (const { name, mime, data, filename } of parts)
		if (filename === undefined) fields.push([name, yield* decodeText(data, parameter(mime ?? '', 'charset'))]);
	// A sender may give its JSON a file name.
	const json = files.filter(({ mime, data }) => data.length > 0 && /json/i.test(mime ?? ''));
	for (const { name, data } of json) fields.push([name, yield* decodeText(data)]);
	if (!fields.length && !files.length)
		throw broken('The multipart body has no parts.', 'multipart 正文中没有任何字段。');
	const value = sound(yield* unwrapForm(fields));
	return { value, files: files.filter((file) => !json.includes(file)), form: 'multipart' };
}

function* fromText(text: string, contentType: string): Turns<DecodedBody> {
	const trimmed = text.trim();
	const decoded = (value: unknown, form: DecodedBody['form']): DecodedBody => ({
		value: sound(value),
		files: [],
		form,
	});
	if (trimmed === '') return decoded(undefined, 'empty');
	const saysJson = /\bjson\b/i.test(contentType);
	const saysForm = /x-www-form-urlencoded|^\s*multipart\//i.test(contentType);
	if (/^[{["]/.test(trimmed)) {
		const value = yield* tryJson(trimmed);
		if (value && trimmed.length > mostInTurn) yield;
		if (value) return decoded(isRecord(value.json) ? yield* unwrapOnly(value.json) : value.json, 'json');
		// Half an event is none. '[INFO] done', '"Done", he said', '{nas} is up' and a log of which some lines are JSON
		// are texts, whatever the type says: tools that post to any address call what they send JSON.
		if (trimmed.startsWith('{') && !(yield* isWhole(trimmed))) throw notJson(trimmed);
	} else if (
		(saysForm && trimmed.includes('=')) ||
		/^(?:data|payload|title|content|text|message|body|msg|desp)=/.test(trimmed) ||
		(!isPlain(contentType) && !saysJson && isForm.test(trimmed))
	) {
		return decoded(yield* unwrapForm(yield* parseForm(trimmed)), 'form');
	}
	if (!isPlain(contentType) && trimmed === 'null') return decoded(yield* parseJson(trimmed), 'json');
	if (isBinary(text))
		throw broken('The body is neither text, JSON nor a form.', '请求正文既不是文本、JSON，也不是表单。');
	// `curl -d` calls a mere text a form; `--data-urlencode` encodes it, too.
	const isEncoded = saysForm && /%[\da-f]{2}/i.test(text);
	if (!isEncoded) return decoded(text, 'text');
	const names = (yield* parseForm(trimmed)).map(([name]) => name);
	return decoded(names.join('&'), 'text');
}

const isForm = /^[\w.[\]%-]{1,100}=/;
const isPlain = (contentType: string) => /^\s*text\/plain/i.test(contentType);

const startsWith = (body: Uint8Array, prefix: string) =>
	Buffer.from(body.subarray(0, prefix.length)).toString('latin1') === prefix;

/** Control characters, or more than a twentieth of what could not be read. */
function isBinary(text: string): boolean {
	if (/[\x00-\x08\x0e-\x1a\x1c-\x1f]/.test(text)) return true;
	let unread = 0;
	for (let at = text.indexOf('\ufffd'); at >= 0; at = text.indexOf('\ufffd', at + 1))
		if (++unread > text.length / 20) return true;
	return false;
}

const isContainer = (value: unknown) => typeof value === 'object' && value !== null;

/** Refuses what is nested too deep for those who walk it later; removes keys that could change an object's prototype. */
function sound(value: unknown): unknown {
	let level: unknown[] = [value];
	for (let depth = 0; level.length; depth++) {
		if (depth > maxDepth)
			throw broken(`The body is nested deeper than ${maxDepth} levels.`, `请求正文嵌套超过 ${maxDepth} 层。`);
		const next: unknown[] = [];
		for (const container of level) {
			if (typeof container !== 'object' || container === null) continue;
			if (Array.isArray(container)) {
				for (const child of container as unknown[]) if (isContainer(child)) next.push(child);
				continue;
			}
			const object = container as Record<string, unknown>;
			for (const key in object)
				if (key === '__proto__') delete object[key];
				else if (isContainer(object[key])) next.push(object[key]);
		}
		level = next;
	}
	return value;
}
