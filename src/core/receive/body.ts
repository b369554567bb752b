import type { DecodedBody } from '../http/incoming';
import type { Text } from '../base/language';
import { repairJson } from './repairJson';
import { Refusal, type BodyPart, type IncomingRequest } from '../define/trigger';

const maxDepth = 100;
const maxParts = 1_000;
/** Characters: what templates write is small; a larger text is broken, not sloppy. */
const maxRepaired = 1_000_000;

/**
 * Bytes and content type into a value. The content type is a hint: senders put JSON under `text/plain`, under none,
 * into a field `data` or `payload` of a form, and forms under a multipart type without a boundary.
 * Throws `Refusal` (400) with a reason for what cannot be read.
 */
export function decodeBody({ body, headers, parts }: Pick<IncomingRequest, 'body' | 'headers' | 'parts'>): DecodedBody {
	const contentType = headers['content-type'] ?? '';
	if (parts) return fromParts(parts);
	if (/^\s*multipart\//i.test(contentType)) {
		const boundary = parameter(contentType, 'boundary');
		if (boundary) return fromParts(parseMultipart(body, boundary));
		if (startsWith(body, '--'))
			throw broken(
				'The multipart body has no boundary in its Content-Type.',
				'multipart 正文的 Content-Type 缺少 boundary。',
			);
	}
	return fromText(decodeText(body, parameter(contentType, 'charset')), contentType);
}

function fromParts(parts: readonly BodyPart[]): DecodedBody {
	const files = parts.filter(({ filename }) => filename !== undefined);
	const fields = parts
		.filter(({ filename }) => filename === undefined)
		.map(({ name, mime, data }) => [name, decodeText(data, parameter(mime ?? '', 'charset'))] as const);
	// A sender may give its JSON a file name.
	const json = files.filter(({ mime, data }) => data.length > 0 && /json/i.test(mime ?? ''));
	for (const { name, data } of json) fields.push([name, decodeText(data)]);
	if (!fields.length && !files.length)
		throw broken('The multipart body has no parts.', 'multipart 正文中没有任何字段。');
	return { value: sound(unwrapForm(fields)), files: files.filter((file) => !json.includes(file)), form: 'multipart' };
}

function fromText(text: string, contentType: string): DecodedBody {
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
		const value = tryJson(trimmed);
		if (value) return decoded(isRecord(value.json) ? unwrapOnly(value.json) : value.json, 'json');
		const lines = tryLines(trimmed);
		if (lines) return decoded(lines, 'json');
		// Half an event is none, and two in one are nobody's. '[INFO] done', '"Done", he said' and '{nas} is up' are
		// texts, whatever the type says: tools that post to any address call what they send JSON.
		if (trimmed.startsWith('{') && (trimmed.length > maxRepaired || !isWhole(trimmed))) throw notJson(trimmed);
	} else if (
		(saysForm && trimmed.includes('=')) ||
		/^(?:data|payload|title|content|text|message|body|msg|desp)=/.test(trimmed) ||
		(!isPlain(contentType) && !saysJson && isForm.test(trimmed))
	) {
		return decoded(unwrapForm(parseForm(trimmed)), 'form');
	}
	if (!isPlain(contentType) && /^(?:null|true|false|-?\d+(?:\.\d+)?)$/.test(trimmed))
		return decoded(parseJson(trimmed), 'json');
	if (isBinary(text))
		throw broken('The body is neither text, JSON nor a form.', '请求正文既不是文本、JSON，也不是表单。');
	// `curl -d` calls a mere text a form; `--data-urlencode` encodes it, too.
	const isEncoded = saysForm && /%[\da-f]{2}/i.test(text);
	return decoded(
		isEncoded
			? parseForm(trimmed)
					.map(([key]) => key)
					.join('&')
			: text,
		'text',
	);
}

const isForm = /^[\w.[\]%-]{1,100}=/;
const isPlain = (contentType: string) => /^\s*text\/plain/i.test(contentType);

/** JSON, JSON within a JSON text, or the almost-JSON of templates. */
function tryJson(text: string, again = 3): { json: unknown } | undefined {
	const value =
		strictly(text) ?? (text.length <= maxRepaired && /^[{[]/.test(text) ? strictly(repairJson(text)) : undefined);
	const inner = value?.json;
	return again > 0 && typeof inner === 'string' ? (tryInner(inner.trim(), again - 1) ?? value) : value;
}

const tryInner = (text: string, again: number) => (/^[{["]/.test(text) ? tryJson(text, again) : undefined);

/** A JSON value a line (NDJSON), at least two. */
function tryLines(text: string): unknown[] | undefined {
	if (!text.includes('\n')) return undefined;
	const values: unknown[] = [];
	for (const line of text.split('\n')) {
		if (line.trim() === '') continue;
		const value = /^\s*\{/.test(line) ? strictly(line) : undefined;
		if (!value) return undefined;
		values.push(value.json);
	}
	return values.length > 1 ? values : undefined;
}

/** Whether all that was opened is closed at its end, and nothing was opened right behind the first whole. */
function isWhole(text: string): boolean {
	let depth = 0;
	let closedAt = -1;
	// Strings whole, and what opens and closes outside of them; a quote alone is a string that never ends.
	for (const { 0: token, index } of text.matchAll(/"(?:[^"\\]|\\[^])*"?|[{}[\]]/g)) {
		if (token === '{' || token === '[') {
			if (depth === 0 && closedAt >= 0 && text.slice(closedAt, index).trim() === '') return false;
			depth++;
		} else if (token === '}' || token === ']') {
			depth = Math.max(0, depth - 1);
			if (depth === 0) closedAt = index + 1;
		} else if (token.length < 2 || !token.endsWith('"')) return false;
	}
	return depth === 0;
}

function parseJson(text: string): unknown {
	const value = tryJson(text);
	if (!value) throw notJson(text);
	return value.json;
}

function notJson(text: string): Refusal {
	const start = text.slice(0, 40).replace(/\s+/g, ' ');
	return broken(
		`The body is not valid JSON (it begins with: ${start}).`,
		`请求正文不是有效的 JSON（开头为：${start}）。`,
	);
}

function strictly(text: string): { json: unknown } | undefined {
	try {
		return { json: JSON.parse(text) };
	} catch {
		return undefined; // said by the caller, once the repaired text has failed too
	}
}

/** The fields where Emby, Plex and their imitators put their JSON. */
const envelopes = ['data', 'payload'];

function unwrapForm(fields: readonly (readonly [string, string])[]): unknown {
	for (const envelope of envelopes) {
		const [, content] = fields.find(([name]) => name === envelope) ?? [];
		if (content !== undefined && /^\s*[{["]/.test(content)) return parseJson(content.trim());
	}
	return Object.fromEntries(fields.filter(([name]) => name !== '__proto__'));
}

/** `{"data":"{…}"}`: a form that something on the way turned into JSON. */
function unwrapOnly(value: Record<string, unknown>): unknown {
	const [key, ...more] = Object.keys(value);
	const content = key !== undefined && !more.length && envelopes.includes(key) ? value[key] : undefined;
	return typeof content === 'string' && /^\s*[{[]/.test(content) ? parseJson(content) : value;
}

/**
 * `a=1&b=2`, also from senders that do not percent-encode: then `+` is a plus, and an `&` whose right side is no
 * `key=` belongs to the text on its left.
 */
function parseForm(text: string): [string, string][] {
	const isEncoded = !/[^\x21-\x7e]|["{}<>]/.test(text);
	const envelope = /^(data|payload)=\s*(?=[{["])/.exec(text);
	if (envelope && !isEncoded) return [[envelope[1] as string, text.slice(envelope[0].length)]];
	const decode = (part: string) => {
		const spaced = isEncoded ? part.replaceAll('+', ' ') : part;
		try {
			return decodeURIComponent(spaced);
		} catch {
			return isEncoded ? decodeBytes(spaced) : spaced;
		}
	};
	const fields: [string, string][] = [];
	for (const piece of text.split('&')) {
		const [, key, value] = /^([^=]*)=([\s\S]*)$/.exec(piece) ?? [];
		const previous = fields.at(-1);
		if (!isEncoded && previous && (key === undefined || /[^\w.[\]%-]/.test(key)))
			previous[1] += `&${decode(piece)}`;
		else if (piece !== '') fields.push([decode(key ?? piece), decode(value ?? '')]);
	}
	return fields;
}

/** Percent-encoded bytes that are not UTF-8 (GBK), or a stray percent sign. */
function decodeBytes(text: string): string {
	const latin1 = text.replace(/%([\da-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
	return decodeText(Buffer.from(latin1, 'latin1'));
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

const startsWith = (body: Uint8Array, prefix: string) =>
	Buffer.from(body.subarray(0, prefix.length)).toString('latin1') === prefix;

/** One parameter of a header such as Content-Type, quoted or not. */
function parameter(header: string, name: string): string | undefined {
	const match = new RegExp(`;\\s*${name}\\s*=\\s*(?:"([^"]*)"|([^\\s;]+))`, 'i').exec(header);
	return match?.[1] ?? match?.[2];
}

/** By its byte order mark, the charset that was declared, UTF-8, UTF-16 without a mark, or GB 18030 (which GBK is part of). */
export function decodeText(bytes: Uint8Array, charset?: string): string {
	const [first, second] = bytes;
	if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
	if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes);
	if (charset && !/^utf-?8$/i.test(charset)) {
		// Latin letters are what programs declare without a thought: any bytes are some. UTF-16 may come either way round.
		const isLoose = /^(?:us-ascii|ascii|iso-?8859-?1|latin-?1|windows-1252|cp1252)$/i.test(charset);
		const declared =
			(isLoose ? decodeStrictly(bytes, 'utf-8') : undefined) ??
			decodeStrictly(bytes, /^utf-?16$/i.test(charset) && first === 0 ? 'utf-16be' : charset);
		if (declared !== undefined) return declared;
	}
	if (bytes.length % 2 === 0 && second === 0 && first) return new TextDecoder('utf-16le').decode(bytes);
	if (bytes.length % 2 === 0 && first === 0 && second) return new TextDecoder('utf-16be').decode(bytes);
	const utf8 = decodeStrictly(bytes, 'utf-8');
	if (utf8 !== undefined) return utf8;
	// Some bytes of an otherwise sound UTF-8 text were broken, or it never was UTF-8.
	const lossy = new TextDecoder('utf-8').decode(bytes);
	const lost = lossy.match(/\ufffd/g)?.length ?? 0;
	const kept = lossy.match(/[^\x00-\x7f\ufffd]/g)?.length ?? 0;
	return kept >= lost ? lossy : (decodeStrictly(bytes, 'gb18030') ?? lossy);
}

function decodeStrictly(bytes: Uint8Array, charset: string): string | undefined {
	try {
		return new TextDecoder(charset, { fatal: true }).decode(bytes);
	} catch {
		return undefined; // an unknown charset or bytes that are not of it: the next one is tried
	}
}

const isBinary = (text: string) =>
	/[\x00-\x08\x0e-\x1a\x1c-\x1f]/.test(text) || (text.match(/\ufffd/g)?.length ?? 0) > text.length / 20;

/**
 * The parts of a multipart body, as views into it. Strict about its framing (CRLF, boundaries, the end),
 * lenient about what senders differ in: quotes around names, a part's content type, a preamble.
 * (The platform's own parser gives files only asynchronously, and refuses without a reason.)
 */
export function parseMultipart(body: Uint8Array, boundary: string): BodyPart[] {
	const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
	const parts: BodyPart[] = [];
	const delimiter = Buffer.from(`\r\n--${boundary}`);
	let at = bytes.indexOf(delimiter.subarray(2));
	if (at < 0) throw broken('The multipart body does not contain its boundary.', 'multipart 正文中找不到 boundary。');
	at += delimiter.length - 2;
	for (;;) {
		if (bytes.toString('latin1', at, at + 2) === '--') return parts;
		const headersFrom = bytes.toString('latin1', at, at + 2) === '\r\n' ? at + 2 : -1;
		// `at` on purpose: a part without headers has its empty line right behind the boundary.
		const headersTo = headersFrom < 0 ? -1 : bytes.indexOf('\r\n\r\n', at);
		const end = headersTo < 0 ? -1 : bytes.indexOf(delimiter, headersTo + 2);
		if (headersFrom < 0 || headersTo < 0)
			throw broken(
				'The multipart body is broken: lines must end in CRLF.',
				'multipart 正文格式有误：行尾必须是 CRLF。',
			);
		if (end < 0) throw broken('The multipart body ends too early.', 'multipart 正文不完整。');
		if (parts.length >= maxParts)
			throw broken('The multipart body has too many parts.', 'multipart 正文的字段过多。');
		const headers = decodeText(bytes.subarray(Math.min(headersFrom, headersTo), headersTo));
		const disposition = /^content-disposition:(.*)$/im.exec(headers)?.[1] ?? '';
		const filename = parameter(disposition, 'filename');
		const mime = /^content-type:(.*)$/im.exec(headers)?.[1]?.trim();
		parts.push({
			name: parameter(disposition, 'name') ?? '',
			...(filename !== undefined && { filename }),
			...(mime !== undefined && { mime }),
			data: bytes.subarray(Math.min(headersTo + 4, end), end),
		});
		at = end + delimiter.length;
	}
}

/** Refuses what is nested too deep for those who walk it later; removes keys that could change an object's prototype. */
function sound(value: unknown): unknown {
	let level: unknown[] = [value];
	for (let depth = 0; level.length; depth++) {
		if (depth > maxDepth)
			throw broken(`The body is nested deeper than ${maxDepth} levels.`, `请求正文嵌套超过 ${maxDepth} 层。`);
		const next: unknown[] = [];
		for (const container of level) {
			if (typeof container !== 'object' || container === null) continue;
			if (Object.hasOwn(container, '__proto__')) delete (container as Record<string, unknown>)['__proto__'];
			for (const child of Object.values(container))
				if (typeof child === 'object' && child !== null) next.push(child);
		}
		level = next;
	}
	return value;
}

const broken = (en: string, zh: string) => new Refusal(400, { en, zh } satisfies Text);
