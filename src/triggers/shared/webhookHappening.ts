import type { DecodedBody } from '../../core/body';
import { isEventType, type EventType, type ItemKind, type MediaEvent } from '../../core/event';
import { composeEventMessage, keyOf, subjectOf } from '../../core/eventMessage';
import type { Happening } from '../../core/trigger';
import { filledIn, questionAbout } from '../senders/late';
import { trimSlashes } from '../senders/reading';
import type { Context, Mapped, Reading } from '../senders/sender';
import type { Here } from './webhookForm';

export function contextOf(
	{ files, form }: DecodedBody,
	{ request, account: { language, serverUrl, serverKey }, options: chosen, now }: Here,
): Context {
	const { timeZone, linkUrl, format = 'text' } = chosen;
	const mapping: Record<Mapped, string | undefined> = {
		title: chosen.customTitle,
		body: chosen.customBody,
		url: chosen.customUrl,
		image: chosen.customImage,
		to: chosen.customTo,
		level: chosen.customLevel,
		key: chosen.customKey,
		type: chosen.customType,
	};
	return {
		request,
		files,
		form,
		now: new Date(now).toISOString(),
		language,
		timeZone,
		serverUrl,
		serverKey,
		linkUrl,
		format,
		mapping,
	};
}

/** A filter judges what an event tells; what it does not tell is let through. */
export function passes(
	{ type, item, user }: MediaEvent,
	{ events, kinds, libraries, users }: Here['options'],
): boolean {
	const named = (list: readonly string[], ...values: readonly (string | undefined)[]) => {
		const told = values.filter((value) => value !== undefined).map((value) => value.toLowerCase());
		return !list.length || !told.length || list.some((one) => told.includes(one.toLowerCase()));
	};
	if (events.length && !events.includes(isEventType(type) ? (type satisfies EventType) : 'other')) return false;
	if (kinds.length && item && !kinds.includes(item.kind satisfies ItemKind)) return false;
	// On additions Plex names the owner of the web hook, who did nothing.
	if (!type.startsWith('library.') && !named(users, user?.name, user?.id)) return false;
	if (!libraries.length || !item || (item.library === undefined && item.path === undefined)) return true;
	return (
		(item.library !== undefined && named(libraries, item.library)) ||
		libraries.some((one) => isWithin(item.path, one))
	);
}

function isWithin(file: string | undefined, folder: string): boolean {
	const slashed = (name: string) => `${trimSlashes(name.replaceAll('\\', '/')).toLowerCase()}/`;
	return file !== undefined && slashed(file).includes(/[/\\]/.test(folder) ? slashed(folder) : `/${slashed(folder)}`);
}

/** What was read, on its way into the flow. */
export function happening(
	{ event, message }: Reading,
	{ account: { language }, options: { timeZone, titleTemplate, bodyTemplate, settle, askSeconds } }: Here,
	context: Context,
): Happening {
	const { item } = event;
	const isBare =
		event.type === 'library.added' &&
		item !== undefined &&
		item.overview === undefined &&
		Object.keys(item.ids).length === 0;
	const words = { language, timeZone, titleTemplate, bodyTemplate };
	const told = {
		event,
		message: composeEventMessage(event, words, message),
		raw: event.raw,
		key: keyOf(event, message),
		...(settle > 0 && event.type === 'library.added' && { subject: subjectOf(event) }),
		...(isBare && settle > 0 && { settle }),
	};
	const question = askSeconds > 0 ? questionAbout(event, context) : undefined;
	if (!question) return told;
	const fill = (answer: unknown) => {
		const { event: filled, whole } = filledIn(event, answer, context);
		// It stays the same happening, whatever is known of it.
		const said = { ...message, key: told.message.key };
		const known = { ...told, event: filled, message: composeEventMessage(filled, words, said) };
		return { happening: { ...known, knownAs: keyOf(filled, message) }, whole };
	};
	return { ...told, late: { ...question, within: askSeconds, fill } };
}
