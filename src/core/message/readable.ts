import { printable } from '../base/printable';
import type { MediaEvent } from './event';
import type { Message } from './message';

/** A program's own name for something, as a person would write it: `MEDIA_BLOCKLISTED` → `Media blocklisted`. */
export function inWords(name: string): string {
	const words = name
		.slice(0, 200)
		.replace(/(\p{Ll}|\d)(\p{Lu})/gu, '$1 $2')
		.replace(/[\s._:/-]+/g, ' ')
		.trim()
		.toLowerCase();
	return words.charAt(0).toUpperCase() + words.slice(1);
}

/** A message without control characters and halves of characters, wherever they came from. */
export function cleaned(message: Message): Message {
	const { title, body, fields, buttons } = message;
	return {
		...message,
		body: printable(body),
		...(title !== undefined && { title: printable(title).replace(/\s+/g, ' ').trim() }),
		...(fields && {
			fields: fields.map((field) => ({ ...field, name: printable(field.name), value: printable(field.value) })),
		}),
		...(buttons && { buttons: buttons.map((button) => ({ ...button, text: printable(button.text) })) }),
	};
}

/** The values of a web address's parameters that open something, and the name and password before its host. */
const keysInAddresses =
	/([?&#](?:x-\w+-token|api_?key|access_?token|auth|token|key|secret|password|passwd|pwd|sig|signature)=)[^&#\s)\]"'<>]+/gi;
const loginsInAddresses = /(\bhttps?:\/\/)[^/\s@]{1,200}@/gi;

/** A text of a program's, which may quote an address with the key in it. */
export function withoutKeys(text: string): string {
	const keyless = text.includes('=') ? text.replace(keysInAddresses, '$1***') : text;
	return keyless.includes('@') ? keyless.replace(loginsInAddresses, '$1') : keyless;
}

/** Whether a program's name for something says nothing. */
export const isNothing = (name: string) => nobody.test(name.trim());

/** What templates and programs write where there is nothing to say. */
const nothing = /^(?:null|undefined|NaN|\[object Object\])$/;
/** Of who or what it was: nobody's name. A film may have it. */
const nobody = /^(?:null|undefined|NaN|\[object Object\]|unknown)$/i;

/** An event without the words that stand for nothing. */
export function tidied(event: MediaEvent): MediaEvent {
	const { server, user, device, item, facts, text } = event;
	return {
		...event,
		...(server && { server: without(nobody, server) }),
		...(user && { user: without(nobody, user) }),
		...(device && { device: without(nobody, device) }),
		...(facts && { facts: without(nobody, facts) }),
		...(item && {
			item: { ...({ title: '' } as object), ...without(nothing, item) },
		}),
		...(text !== undefined && { text: nothing.test(text) ? undefined : text }),
	};
}

/** Names may be addresses, too, and hold a key; a link has been looked at. */
function without<T extends object>(words: RegExp, given: T): T {
	const entries = Object.entries(given);
	const said = entries
		.filter(([, value]) => !(typeof value === 'string' && value.length < 100 && words.test(value.trim())))
		.map(([key, value]): [string, unknown] => [
			key,
			typeof value === 'string' && key !== 'url' ? withoutKeys(value) : value,
		]);
	const isSame = said.length === entries.length && said.every(([, value], at) => value === entries[at]![1]);
	return isSame ? given : (Object.fromEntries(said) as T);
}
