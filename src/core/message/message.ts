import { invalid } from '../base/errors';
import { printable } from '../base/printable';

export type Attachment = { name?: string; mime?: string } &
	/** `fetch`: goes out as bytes that we fetch, public as the address may be. */
	(
		| { url: string; fetch?: boolean }
		| { data: Uint8Array }
		/** The name of an n8n binary property. */
		| { binary: string }
	);

export interface Button {
	text: string;
	url?: string;
	/** What comes back to a chat trigger when it is pressed. */
	value?: string;
	style?: 'primary' | 'danger';
}

export type Level = 'info' | 'success' | 'warning' | 'failure';
export type Format = 'markdown' | 'text' | 'html';

/** What goes to every channel. */
export interface Message {
	/** Markdown unless `format` says otherwise. */
	body: string;
	format?: Format;
	title?: string;
	/** 'library.added', 'playback.started', 'task.failed' … */
	type?: string;
	level?: Level;
	url?: string;
	image?: Attachment;
	/** Overrides the node's target where the node allows that. */
	to?: string | string[];
	fields?: { name: string; value: string; short?: boolean }[];
	buttons?: Button[];
	attachments?: Attachment[];
	/** Ids in the service's own form; '@all' for everyone. */
	mentions?: string[];
	/** The same key is the same happening: idempotency, de-duplication, edit in place. */
	key?: string;
	/** ISO 8601. */
	time?: string;
}

const levels: readonly string[] = ['info', 'success', 'warning', 'failure'];
const formats: readonly string[] = ['markdown', 'text', 'html'];

/** Holds a message from outside to its shape. @throws ChannelError `Invalid` that names the part which is wrong. */
export function readMessage(given: unknown): Message {
	if (typeof given === 'string') return { body: printable(given) };
	if (typeof given !== 'object' || given === null || Array.isArray(given))
		throw invalid('message', {
			en: 'The message must be a text or a message object.',
			zh: '消息必须是文本或消息对象。',
		});
	const raw = given as Record<string, unknown>;
	const message: Message = { body: optionalText(raw, 'body') ?? '' };
	for (const key of ['title', 'type', 'url', 'key', 'time'] as const) {
		const value = optionalText(raw, key);
		if (value !== undefined && value !== '') message[key] = value;
	}
	if (isGiven(raw.format)) message.format = oneOf('format', raw.format, formats) as Format;
	if (isGiven(raw.level)) message.level = oneOf('level', raw.level, levels) as Level;
	if (isGiven(raw.to))
		message.to = Array.isArray(raw.to) ? raw.to.map((each) => asText('to', each)) : asText('to', raw.to);
	if (isGiven(raw.image)) message.image = readAttachment('image', raw.image);
	if (isGiven(raw.fields)) message.fields = asArray('fields', raw.fields).map(readField);
	if (isGiven(raw.buttons)) message.buttons = asArray('buttons', raw.buttons).map(readButton);
	if (isGiven(raw.attachments))
		message.attachments = asArray('attachments', raw.attachments).map((each) =>
			readAttachment('attachments', each),
		);
	if (isGiven(raw.mentions))
		message.mentions = (Array.isArray(raw.mentions) ? raw.mentions : [raw.mentions]).map((each) =>
			asText('mentions', each),
		);
	return message;
}

const isGiven = (value: unknown) => value !== undefined && value !== null && value !== '';

const wrong = (part: string, en: string, zh: string) =>
	invalid(`message.${part}`, {
		en: `The message’s ${part} ${en}.`,
		zh: `消息的 ${part} ${zh}。`,
	});

function asText(part: string, value: unknown): string {
	if (typeof value === 'string') return printable(value);
	if (typeof value === 'number' || typeof value === 'boolean') return String(value);
	throw wrong(part, 'must be a text', '必须是文本');
}

const optionalText = (raw: Record<string, unknown>, part: string) =>
	isGiven(raw[part]) ? asText(part, raw[part]) : undefined;

function asArray(part: string, value: unknown): unknown[] {
	if (Array.isArray(value)) return value;
	throw wrong(part, 'must be a list', '必须是列表');
}

function oneOf(part: string, value: unknown, allowed: readonly string[]): string {
	if (typeof value === 'string' && allowed.includes(value)) return value;
	throw wrong(part, `must be one of ${allowed.join(', ')}`, `只能是 ${allowed.join('、')} 之一`);
}

function asRecord(part: string, value: unknown): Record<string, unknown> {
	if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
	throw wrong(part, 'holds something that is not an object', '中有一项不是对象');
}

function readAttachment(part: string, value: unknown): Attachment {
	if (typeof value === 'string') return { url: value };
	// A buffer by itself is the file.
	if (value instanceof Uint8Array) return { data: value };
	const raw = asRecord(part, value);
	const about = {
		...(isGiven(raw.name) && { name: asText(part, raw.name) }),
		...(isGiven(raw.mime) && { mime: asText(part, raw.mime) }),
	};
	if (isGiven(raw.url)) return { ...about, url: asText(part, raw.url), ...(raw.fetch === true && { fetch: true }) };
	if (isGiven(raw.binary)) return { ...about, binary: asText(part, raw.binary) };
	const data = readBytes(raw.data);
	if (data) return { ...about, data };
	throw wrong(part, 'needs a url, data or binary', '需要 url、data 或 binary 之一');
}

/** Bytes, or what JSON makes of a Buffer, or base64. */
function readBytes(data: unknown): Uint8Array | undefined {
	if (data instanceof Uint8Array) return data;
	if (typeof data === 'string' && data !== '') return Buffer.from(data, 'base64');
	const list = (data as { type?: string; data?: unknown } | undefined)?.data;
	return Array.isArray(list) ? Uint8Array.from(list as number[]) : undefined;
}

function readField(value: unknown): { name: string; value: string; short?: boolean } {
	const raw = asRecord('fields', value);
	return {
		name: asText('fields', raw.name ?? ''),
		value: asText('fields', raw.value ?? ''),
		...(raw.short === true && { short: true }),
	};
}

function readButton(value: unknown): Button {
	const raw = asRecord('buttons', value);
	// Nothing may be left of a text but its control characters: what it opens or sends still names it.
	const named = isGiven(raw.text) ? [raw.text, raw.url, raw.value] : [];
	const button: Button = {
		text:
			named
				.filter(isGiven)
				.map((name) => asText('buttons', name))
				.find(Boolean) ?? '',
	};
	if (button.text === '') throw wrong('buttons', 'need a text each', '每个都需要文字');
	if (isGiven(raw.url)) button.url = asText('buttons', raw.url);
	if (isGiven(raw.value)) button.value = asText('buttons', raw.value);
	if (isGiven(raw.style)) button.style = oneOf('buttons', raw.style, ['primary', 'danger']) as 'primary' | 'danger';
	return button;
}
