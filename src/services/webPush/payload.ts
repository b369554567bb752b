import { createHash } from 'node:crypto';
import { jsonBytes, weightOf, type Rendered, type Renders } from '../../core/define/channel';
import type { Message } from '../../core/message/message';
import { mostPlain } from './encryption';
import type { Options } from './options';

/** What the worker of the page reads. Names are its own: what a notification shows is made by whoever receives the push. */
export interface Payload {
	/** Of this message: the same again is the same push, tried twice. */
	id: string;
	/** Notifications with the same tag take each other's place. */
	tag: string;
	title: string;
	body: string;
	url?: string;
	image?: string;
	icon?: string;
	badge?: string;
	/** ms since 1970 */
	time: number;
	level?: string;
	silent?: true;
	stays?: true;
	/** It takes the other's place without a sound. */
	edit?: true;
	buttons?: { text: string; url?: string; value?: string }[];
}

/** Bytes of what a message may hold beside its text. */
const room = { title: 300, url: 800, image: 600, buttons: 800, button: 60, value: 200, frame: 300 };
const mostButtons = 4;

const size = (text: string) => weightOf(text, jsonBytes(0));

/** What a push has room for: links and pictures with addresses that are too long for it go as text, or not at all. */
export function rendersOf({ options, message }: { options: Options; message: Message }): Renders {
	const { url, image, buttons = [] } = message;
	const picture = image && 'url' in image ? size(image.url) : 0;
	const pressed = buttons
		.slice(0, mostButtons)
		.reduce((sum, each) => sum + size(each.text) + size(each.url ?? '') + size(each.value ?? '') + 40, 0);
	const hasRoom = { url: size(url ?? '') <= room.url, buttons: pressed <= room.buttons };
	const given = [options.url, options.icon, options.badge].reduce((sum, each) => sum + size(each ?? ''), 0);
	const others =
		room.frame +
		room.title +
		given +
		(hasRoom.url ? size(url ?? '') : 0) +
		(hasRoom.buttons ? pressed : 0) +
		// An account's own picture is not known yet.
		Math.min(room.image, Math.max(picture, 200));
	return {
		markup: 'plain',
		limit: jsonBytes(Math.max(400, mostPlain - others)),
		title: jsonBytes(room.title),
		level: true,
		...(picture <= room.image && { image: 'url' }),
		...(hasRoom.url && { url: true }),
		...(hasRoom.buttons && {
			buttons: {
				most: mostButtons,
				values: true,
				text: jsonBytes(room.button),
				value: jsonBytes(room.value),
			},
		}),
	};
}

/** RFC 8030 wants at most 32 characters of base64url. */
export const topicOf = (text: string) => createHash('sha256').update(text).digest('base64url').slice(0, 32);

/** What is long still has to be the same for the same happening. */
const tagOf = (key: string) => (size(key) <= 100 ? key : topicOf(key));

/** @param id of this message */
export function payloadOf(message: Rendered, options: Options, id: string, now: number): Payload {
	const { source, index, body, image, buttons, level, silent } = message;
	const key = options.topic ?? source.key;
	return {
		id: index === 0 ? id : `${id}#${index + 1}`,
		tag: tagOf(index === 0 ? (key ?? id) : `${key ?? id}#${index + 1}`),
		title: message.title ?? '',
		body,
		url: options.url ?? message.url,
		image: image?.url,
		icon: options.icon,
		badge: options.badge,
		time: source.time === undefined ? now : Date.parse(source.time) || now,
		...(level && { level }),
		...(silent && { silent }),
		...(options.stays && { stays: true as const }),
		...(source.edit && { edit: true as const }),
		...(buttons.length > 0 && { buttons: buttons.map(({ text, url, value }) => ({ text, url, value })) }),
	};
}

export const written = (payload: Payload): Buffer => Buffer.from(JSON.stringify(payload));

/** What stands beside the text may be longer than was thought (the account's picture): then it goes first, and the end of the text with it. */
export function fitted(payload: Payload): { payload: Payload; cut: number; withoutImage: boolean } {
	let left = payload;
	if (written(left).length > mostPlain && left.image !== undefined) left = { ...left, image: undefined };
	const withoutImage = left !== payload;
	while (written(left).length > mostPlain && left.body !== '') {
		const over = written(left).length - mostPlain;
		const signs = [...left.body.replace(/…$/, '')];
		const kept = signs.slice(0, -Math.max(1, Math.ceil(over / 12)));
		left = { ...left, body: kept.length === 0 ? '' : `${kept.join('')}…` };
	}
	return { payload: left, cut: payload.body.length - left.body.length, withoutImage };
}
