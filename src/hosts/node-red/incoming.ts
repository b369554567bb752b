/** What a msg brings, which may be anything, and may throw when it is looked at. */
import type { File } from '../../core/define/channel';
import { fill, type Language, type Text } from '../../core/base/language';
import { Unobtainable } from '../../core/deliver/obtain/fetching';
import { sniff } from '../../core/message/bytes';
import { incomingMessage } from '../../core/message/incoming';
import { bytesOf, type Message } from '../../core/message/message';
import type { Msg, Red } from './red';
import { wordsOf } from './typed';

export function lookedAt(msg: Msg, key: string): unknown {
	try {
		return msg[key];
	} catch {
		return undefined;
	}
}

/** A message without those of its properties that throw when they are looked at. */
export function legible(value: unknown, warn: (text: Text) => void): unknown {
	if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
	const copy: Record<string, unknown> = {};
	let isWhole = true;
	for (const key of Object.keys(value)) {
		try {
			copy[key] = (value as Record<string, unknown>)[key];
		} catch (thrown) {
			isWhole = false;
			warn(fill(illegible, { key, why: wordsOf(thrown) }));
		}
	}
	return isWhole ? value : copy;
}

/** What Catch and Status nodes tell stands beside the payload. */
export function toldIn(msg: Msg, language: Language): Message | undefined {
	const beside = (key: string) => legible(lookedAt(msg, key), () => undefined);
	return incomingMessage({ error: beside('error'), status: beside('status'), payload: beside('payload') }, language);
}

/** What a message names as `{ binary: 'payload.picture' }` is a property of the msg that came in. Without it the text goes alone. */
export async function bytesAt(
	RED: Red,
	msg: Msg,
	path: string,
): Promise<Required<Pick<File, 'name' | 'mime'>> & { data: Uint8Array }> {
	const data = bytesOf(propertyOf(RED, msg, path));
	if (!data) {
		throw new Unobtainable({
			en: `msg.${path} is not a Buffer, so this went without it.`,
			zh: `msg.${path} 不是 Buffer，因此未附带。`,
		});
	}
	return { name: path.split('.').pop()!, mime: sniff(data) ?? 'application/octet-stream', data };
}

/** What stands on the way there may be missing, or throw when it is looked at. */
function propertyOf(RED: Red, msg: Msg, path: string): unknown {
	try {
		return RED.util.getMessageProperty(msg, path);
	} catch {
		return undefined;
	}
}

const illegible: Text = {
	en: '“{key}” of the message cannot be read, and was left out: {why}',
	zh: '消息的“{key}”无法读取，已略去：{why}',
};
