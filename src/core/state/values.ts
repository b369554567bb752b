import type { Text } from '../base/language';
import { bounds } from './bounds';
import type { BlobRow } from './engine';
import { mustBeName, notJson, tooLarge } from './failures';
import type { Blobs } from './store';

const what = {
	scope: { en: 'The scope', zh: '范围' },
	key: { en: 'The key', zh: '分组键' },
	lane: { en: 'The lane', zh: '队列' },
	holder: { en: 'The holder', zh: '持有者' },
	input: { en: 'The id of a message', zh: '消息标识' },
	item: { en: 'A message', zh: '一条消息' },
	body: { en: 'A message', zh: '一条消息' },
	state: { en: 'What is to be remembered', zh: '要记住的内容' },
	output: { en: 'What is to be remembered', zh: '要记住的内容' },
	blob: { en: 'A file', zh: '一个文件' },
} satisfies Record<string, Text>;

type What = keyof typeof what;

/** @throws ChannelError `Invalid` where JSON cannot hold it, or it is larger (bytes) than that */
export function encode(kind: What, value: unknown, most = bounds.stateBytes): string {
	let text: string | undefined;
	try {
		text = JSON.stringify(value);
	} catch {
		throw notJson(what[kind]);
	}
	// What JSON leaves out (a function, undefined) is nothing.
	text ??= 'null';
	if (text.length > most || (text.length > most / 3 && Buffer.byteLength(text) > most))
		throw tooLarge(what[kind], `${Math.round(most / 1024)} KB`);
	return text;
}

export const decode = (text: string | null): unknown => (text === null || text === '' ? undefined : JSON.parse(text));

/** @throws ChannelError `Invalid` */
export function name(kind: What, value: string): string {
	if (typeof value === 'string' && value.length > 0 && value.length <= bounds.name) return value;
	throw mustBeName(what[kind], bounds.name);
}

/** @throws ChannelError `Invalid` where one is too large */
export function blobRows(blobs: Blobs = {}): BlobRow[] {
	return Object.entries(blobs).map(([title, bytes]) => {
		if (bytes.byteLength > bounds.blobBytes) throw tooLarge(what.blob, `${bounds.blobBytes / 1024 / 1024} MB`);
		// A Buffer may be a small part of a large piece of memory.
		return [name('blob', title), new Uint8Array(bytes)];
	});
}
