import { isRecord } from '../base/record';
import { types } from 'node:util';
import { invalid } from '../base/errors';
import type { Text } from '../base/language';
import { printable } from '../base/printable';
import { webAddress } from '../base/webAddress';
import type { Format } from '../markup/format';
import { isHappeningId } from './happening';
import { audienceOf, formatOf, levelOf, originOf, truthOf, type Audience, type Level, type Origin } from './synonyms';

export type { Format } from '../markup/format';
export type { Level } from './synonyms';

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
	/** The id of the happening that it tells of, as our triggers give it; all messages made of one share it. Not for readers. */
	happening?: string;
	/** In place of the message that was sent under this key, where the channel can and it is known. */
	edit?: boolean;
	/** Delivered without a sound, where the channel can. */
	silent?: boolean;
	/** Who started what this tells of. */
	origin?: Origin;
	/** Whom it is for. */
	audience?: Audience;
	/** ISO 8601. */
	time?: string;
}

/** Told of each part of a message that cannot be used; the message goes on without it. */
export type LeaveOut = (part: keyof Message, why: Text) => void;

/**
 * Holds a message from outside to its shape. What a person would understand is understood (`level: 'Error'`, fields as
 * an object); what is left of it is left out and told.
 * @param leaveOut by default it refuses the message
 * @throws ChannelError `Invalid` where there is no message
 */
export function readMessage(given: unknown, leaveOut: LeaveOut = refuse): Message {
	if (typeof given === 'string') return { body: printable(given) };
	if (typeof given !== 'object' || given === null || Array.isArray(given))
		throw invalid('message', {
			en: 'The message must be a text or a message object.',
			zh: '消息必须是文本或消息对象。',
		});
	const raw = given as Record<string, unknown>;
	const read = <T>(part: keyof Message, reader: (value: unknown) => T | undefined): T | undefined => {
		try {
			return isGiven(raw[part]) ? reader(raw[part]) : undefined;
		} catch (error) {
			if (!(error instanceof Unreadable)) throw error;
			leaveOut(part, error.why);
			return undefined;
		}
	};
	/** Of a list that holds one which cannot be used, the others stay. */
	const readEach = <T>(part: keyof Message, list: (value: unknown) => unknown[], reader: (value: unknown) => T) =>
		read(part, (value) =>
			list(value).flatMap((each) => {
				if (!isGiven(each)) return [];
				try {
					return [reader(each)];
				} catch (error) {
					if (!(error instanceof Unreadable)) throw error;
					leaveOut(part, error.why);
					return [];
				}
			}),
		);

	const message: Message = { body: '' };
	const written = raw.body;
	if (isWord(written)) message.body = printable(String(written));
	else if (isGiven(written)) {
		leaveOut('body', wrong('body', 'is no text, so it went as JSON', '不是文本，已按 JSON 发送'));
		[message.body, message.format] = [inJson(written), 'text'];
	}
	for (const key of ['title', 'type', 'url', 'key', 'time'] as const) {
		const value = read(key, (word) => asText(key, word));
		if (value !== undefined && value !== '') message[key] = key === 'url' ? webAddress(value) : value;
	}
	const format = read('format', (word) => formatOf(word) ?? fail('format', ...oneOf('markdown, text, html')));
	if (format && !message.format) message.format = format;
	const level = read('level', (word) => levelOf(word) ?? fail('level', ...oneOf('info, success, warning, failure')));
	if (level) message.level = level;
	for (const key of ['edit', 'silent'] as const) {
		const value = read(key, (word) => truthOf(word) ?? fail(key, ...oneOf('true, false')));
		if (value !== undefined) message[key] = value;
	}
	const origin = read('origin', (word) => originOf(word) ?? fail('origin', ...oneOf('manual, automatic')));
	if (origin) message.origin = origin;
	const audience = read('audience', (word) => audienceOf(word) ?? fail('audience', ...oneOf('admin, user')));
	if (audience) message.audience = audience;
	if (isHappeningId(raw.happening)) message.happening = raw.happening;
	const to = read('to', (value) =>
		Array.isArray(value) ? value.filter(isGiven).map((each) => asText('to', each)) : asText('to', value),
	);
	if (to !== undefined && to.length > 0) message.to = to;
	// A list of pictures is one, and files.
	const [image, ...more] = readEach('image', listed, (each) => readAttachment('image', each)) ?? [];
	if (image) message.image = image;
	const files = readEach('attachments', listed, (each) => readAttachment('attachments', each));
	if (files || more.length > 0) message.attachments = [...(files ?? []), ...more];
	const fields = readEach('fields', pairsOf, readField);
	if (fields) message.fields = fields;
	const buttons = readEach('buttons', buttonsOf, (each) =>
		readButton(each, () =>
			leaveOut(
				'buttons',
				wrong(
					'buttons',
					'have a style that is neither primary nor danger',
					'的 style 只能是 primary 或 danger',
				),
			),
		),
	);
	if (buttons) message.buttons = buttons;
	const mentions = readEach('mentions', listed, (each) => asText('mentions', each));
	if (mentions) message.mentions = mentions;
	return message;
}

/** Of one part: why it cannot be used. */
class Unreadable extends Error {
	constructor(readonly why: Text) {
		super(why.en);
	}
}

const refuse: LeaveOut = (part, why) => {
	throw invalid(`message.${part}`, why);
};

const isGiven = (value: unknown) => value !== undefined && value !== null && value !== '';
const isWord = (value: unknown) =>
	typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint';

const wrong = (part: string, en: string, zh: string): Text => ({
	en: `The message’s ${part} ${en}.`,
	zh: `消息的 ${part} ${zh}。`,
});

const fail = (part: string, en: string, zh: string): never => {
	throw new Unreadable(wrong(part, en, zh));
};

const oneOf = (values: string) => [`must be one of ${values}`, `只能是 ${values.replaceAll(', ', '、')} 之一`] as const;

function asText(part: string, value: unknown): string {
	if (isWord(value)) return printable(String(value));
	if (types.isDate(value) && !Number.isNaN(value.getTime())) return value.toISOString();
	return fail(part, 'must be a text', '必须是文本');
}

function inJson(value: unknown): string {
	try {
		return JSON.stringify(value, null, 2) ?? '';
	} catch {
		return '';
	}
}

const listed = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);

/** What stands under the first of several names that tools have for the same thing. */
const under = (raw: Record<string, unknown>, ...names: string[]): unknown =>
	names.map((name) => raw[name]).find(isGiven);

function readAttachment(part: string, value: unknown): Attachment {
	if (typeof value === 'string') return { url: webAddress(value) };
	const itself = bytesOf(value);
	if (itself) return { data: itself };
	if (!isRecord(value))
		return fail(
			part,
			'must be an address, bytes, or an object with one of them',
			'必须是网址、字节内容，或包含其一的对象',
		);
	const [name, mime] = [
		under(value, 'name', 'filename', 'fileName'),
		under(value, 'mime', 'mimeType', 'contentType'),
	];
	const about = {
		...(isWord(name) && { name: printable(String(name)) }),
		...(isWord(mime) && { mime: printable(String(mime)) }),
	};
	const url = under(value, 'url', 'href', 'src', 'link');
	if (typeof url === 'string')
		return { ...about, url: webAddress(url), ...(value.fetch === true && { fetch: true }) };
	if (typeof value.binary === 'string' && value.binary !== '') return { ...about, binary: value.binary };
	const content = under(value, 'data', 'content');
	const data =
		typeof content === 'string'
			? Buffer.from(content, 'base64')
			: bytesOf(Array.isArray(content) ? { type: 'Buffer', data: content } : content);
	if (data && data.byteLength > 0) return { ...about, data };
	return fail(part, 'needs a url, data or binary', '需要 url、data 或 binary 之一');
}

/** Bytes as flows hold them: a Buffer, or what JSON makes of one. */
export function bytesOf(value: unknown): Uint8Array | undefined {
	if (value instanceof Uint8Array) return value;
	// A function node makes its own in a world of its own, where they are instances of other classes.
	if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
	if (types.isAnyArrayBuffer(value)) return new Uint8Array(value);
	return isRecord(value) && value.type === 'Buffer' && Array.isArray(value.data)
		? Uint8Array.from(value.data as number[])
		: undefined;
}

/** A list of fields; or an object whose keys are their names. */
function pairsOf(value: unknown): unknown[] {
	if (Array.isArray(value)) return value;
	if (!isRecord(value)) return fail('fields', 'must be a list', '必须是列表');
	return 'name' in value && 'value' in value
		? [value]
		: Object.entries(value).map(([name, each]) => ({ name, value: each }));
}

function readField(given: unknown): { name: string; value: string; short?: boolean } {
	if (Array.isArray(given) && given.length === 2)
		return readField({ name: given[0] as unknown, value: given[1] as unknown });
	if (isWord(given)) return { name: '', value: printable(String(given)) };
	if (!isRecord(given)) return fail('fields', 'holds something that is not an object', '中有一项不是对象');
	const name = under(given, 'name', 'title', 'key', 'label');
	const value = under(given, 'value', 'text', 'content');
	if (!isGiven(name) && !isGiven(value))
		return fail('fields', 'holds one with neither name nor value', '中有一项没有 name 和 value');
	return { name: asWords(name), value: asWords(value), ...(given.short === true && { short: true }) };
}

/** What is not a text is still worth reading. */
const asWords = (value: unknown): string =>
	!isGiven(value)
		? ''
		: isWord(value)
			? printable(String(value))
			: types.isDate(value)
				? value.toISOString()
				: inJson(value);

/** A list of buttons, one of them, or an object of labels and links. */
function buttonsOf(value: unknown): unknown[] {
	if (Array.isArray(value)) return value;
	if (!isRecord(value)) return fail('buttons', 'must be a list', '必须是列表');
	return ['text', 'url', 'value'].some((name) => name in value)
		? [value]
		: Object.entries(value).map(([text, url]) => ({ text, url }));
}

function readButton(given: unknown, dropStyle: () => void): Button {
	const raw =
		typeof given === 'string' && URL.canParse(given)
			? { url: given }
			: Array.isArray(given) && given.length === 2
				? { text: given[0] as unknown, url: given[1] as unknown }
				: given;
	if (!isRecord(raw)) return fail('buttons', 'holds something that is not an object', '中有一项不是对象');
	const [label, url, value] = [
		under(raw, 'text', 'label', 'title', 'name'),
		under(raw, 'url', 'href', 'link'),
		under(raw, 'value', 'callback_data', 'data'),
	].map((each) => (isGiven(each) ? asText('buttons', each) : undefined));
	// Nothing may be left of a label but its control characters: what it opens or sends still names it.
	const text = label || (url === undefined ? value : hostOf(url));
	if (!text) return fail('buttons', 'need a text each', '每个都需要文字');
	const button: Button = { text };
	if (url !== undefined) button.url = webAddress(url);
	if (value !== undefined) button.value = value;
	const style = styles[typeof raw.style === 'string' ? raw.style.toLowerCase() : ''];
	if (style) button.style = style;
	else if (isGiven(raw.style) && raw.style !== 'default') dropStyle();
	return button;
}

const hostOf = (url: string) => (URL.canParse(url) && new URL(url).host) || url;

const styles: Readonly<Record<string, Button['style']>> = {
	primary: 'primary',
	success: 'primary',
	danger: 'danger',
	destructive: 'danger',
	warning: 'danger',
};
