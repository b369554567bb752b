import { isPrivateHost } from '../../core/base/addresses';
import { mustStayHere } from '../../core/base/shownLink';
import type { DecodedBody } from '../../core/http/incoming';
import { redactor, isChannelError } from '../../core/base/errors';
import { isEventType, type EventType, type ItemKind, type MediaEvent } from '../../core/message/event';
import { keyOf, subjectOf } from '../../core/message/eventKey';
import { composeEventMessage } from '../../core/message/eventMessage';
import { secretsOf } from '../../core/base/secrets';
import type { Message } from '../../core/message/message';
import { namedOrigins } from '../../core/receive/pictures';
import type { Happening } from '../../core/define/trigger';
import { senders } from '../senders';
import { trimSlashes } from '../../core/receive/reading';
import type { Context, Mapped, Reading, Sender } from '../../core/define/sender';
import { account as accountFields, options as optionFields, type Here } from './form';

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
export function happening({ event: told, message: said, key }: Reading, here: Here, context: Context): Happening {
	const { language } = here.account;
	const { timeZone, titleTemplate, bodyTemplate, settle, askSeconds } = here.options;
	const named = originsNamedIn(here);
	const event = withoutPrivate(told, named);
	const message = said && withoutPrivateLinks(said, named);
	const { item } = event;
	const isNew = event.type === 'library.added' && item !== undefined;
	const isBare = isNew && item.overview === undefined && Object.keys(item.ids).length === 0;
	const redact = redactorOf(here.account);
	const compose = (of: MediaEvent, words?: Partial<Message>) =>
		withoutSecrets(worded(of, { language, timeZone, titleTemplate, bodyTemplate }, words), redact);
	const heard = {
		event,
		message: compose(event, message),
		raw: event.raw,
		key: key ?? keyOf(event, message),
		...(isNew && settle > 0 && { subject: subjectOf(event) }),
		...(isBare && settle > 0 && { settle }),
	};
	const late = (senders as readonly Sender[]).find(({ id }) => id === event.source)?.late;
	const question = askSeconds > 0 ? late?.question(event, context) : undefined;
	if (!late || !question) return heard;
	const fill = (answer: unknown) => {
		const { event: filled, whole } = late.fill(event, answer, context);
		// It stays the same happening, whatever is known of it.
		const words = { ...message, key: heard.message.key };
		const known = { ...heard, event: filled, message: compose(filled, words) };
		return { happening: { ...known, knownAs: keyOf(filled, message) }, whole };
	};
	return { ...heard, late: { ...question, within: askSeconds, fill } };
}

/** A template that this one happening is too much for costs the template, not the message. */
function worded(...[event, words, said]: Parameters<typeof composeEventMessage>): Message {
	try {
		return composeEventMessage(event, words, said);
	} catch (error) {
		if (!isChannelError(error)) throw error;
		return composeEventMessage(event, { language: words.language }, said);
	}
}

/** Made once for what a node was set up with: thousands of requests bring the same. */
const redactorOf = once((account: Here['account']) => redactor(secretsOf(accountFields, account)));
const originsOfAccount = once((account: Here['account']) => namedOrigins(accountFields, account));
const originsOfOptions = once((options: Here['options']) => namedOrigins(optionFields, options));

function originsNamedIn({ account, options }: Here): ReadonlySet<string> {
	return new Set([...originsOfAccount(account), ...originsOfOptions(options)]);
}

function once<From extends object, To>(make: (from: From) => To): (from: From) => To {
	const made = new WeakMap<From, To>();
	return (from) => {
		if (!made.has(from)) made.set(from, make(from));
		return made.get(from)!;
	};
}

/** A picture that only this side could see goes no further, unless the user named where it lies: then it is fetched. */
const isSeen = (url: string, named: ReadonlySet<string>) =>
	URL.canParse(url) && (!isPrivateHost(new URL(url).hostname) || named.has(new URL(url).origin));

/** A link that leads nowhere outside, or with which its reader could do more than read, is none. */
function isLink(url: string, named: ReadonlySet<string>): boolean {
	if (!URL.canParse(url)) return false;
	const elsewhere = new URL(url);
	if (!named.has(elsewhere.origin)) return !mustStayHere(url);
	elsewhere.hostname = 'example.com';
	return !mustStayHere(elsewhere.href);
}

function withoutPrivate(event: MediaEvent, named: ReadonlySet<string>): MediaEvent {
	if (!event.item) return event;
	const { poster, url, ...item } = event.item;
	return {
		...event,
		item: {
			...item,
			...(poster && (!('url' in poster) || isSeen(poster.url, named)) && { poster }),
			...(url !== undefined && isLink(url, named) && { url }),
		},
	};
}

function withoutPrivateLinks(message: Partial<Message>, named: ReadonlySet<string>): Partial<Message> {
	const { url, image, buttons, ...rest } = message;
	const isShown = image && (!('url' in image) || image.url === undefined || isSeen(image.url, named));
	return {
		...rest,
		...(url !== undefined && isLink(url, named) && { url }),
		...(isShown && { image }),
		...(buttons && { buttons: buttons.filter((one) => one.url === undefined || isLink(one.url, named)) }),
	};
}

/** What this node is opened with is in no message, whoever writes it into one. */
function withoutSecrets(message: Message, redact: (text: string) => string): Message {
	const { title, body, fields } = message;
	return {
		...message,
		body: redact(body),
		...(title !== undefined && { title: redact(title) }),
		...(fields && { fields: fields.map((field) => ({ ...field, value: redact(field.value) })) }),
	};
}
