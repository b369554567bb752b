import { isRecord } from '../base/record';
import { incomingMessage } from './incoming';
import { itemKinds, type ItemKind, type MediaEvent, type MediaItem } from './event';
import type { Message } from './message';

type Item = Readonly<Record<string, unknown>>;

/** Under which name a host's message holds ours: n8n's items, and Node-RED's `msg`. */
export type Place = 'message' | 'payload';

/** What a host's message tells, as far as it can be understood. */
export interface Carried {
	message: Message;
	/** Of our triggers, or in their shape. */
	event?: MediaEvent;
}

/** Pure, whatever shape it has; what says nothing has an empty body. */
export function carriedIn(content: Item, place: Place): Carried {
	const event = eventIn(content.event);
	return { message: place === 'payload' ? inPayload(content) : messageIn(content), ...(event && { event }) };
}

const messageIn = (content: Item): Message =>
	typeof content.message === 'string'
		? (incomingMessage(content) ?? { body: content.message })
		: (incomingMessage(content) ?? { body: inJson(content), format: 'text' });

function inPayload({ payload, topic }: Item): Message {
	const title = typeof topic === 'string' && topic.trim() !== '' ? { title: topic } : {};
	if (payload === undefined || payload === null) return { ...title, body: '' };
	if (typeof payload !== 'object') return { ...title, body: String(payload as string) };
	const message = Array.isArray(payload) ? undefined : incomingMessage({ message: payload, ...(payload as Item) });
	return { ...title, ...(message ?? { body: inJson(payload), format: 'text' }) };
}

const inJson = (value: unknown) => JSON.stringify(value, null, 2) ?? '';

const isText = (value: unknown): value is string => typeof value === 'string';
const isCount = (value: unknown): value is number => typeof value === 'number' && Number.isInteger(value) && value >= 0;

/** One that another node made under that name is none, unless it has the shape. */
function eventIn(value: unknown): MediaEvent | undefined {
	if (!isRecord(value) || !isText(value.source) || !isText(value.type)) return undefined;
	const item = itemIn(value.item);
	return {
		...(value as unknown as MediaEvent),
		rawType: isText(value.rawType) ? value.rawType : value.type,
		time: isText(value.time) ? value.time : '',
		facts: textsIn(value.facts),
		item,
		user: isRecord(value.user) ? textsIn(value.user) : undefined,
		server: isRecord(value.server) ? textsIn(value.server) : undefined,
		device: isRecord(value.device) ? textsIn(value.device) : undefined,
		raw: undefined,
	};
}

const textsIn = (value: unknown): Record<string, string> =>
	isRecord(value)
		? (Object.fromEntries(Object.entries(value).filter(([, each]) => isText(each))) as Record<string, string>)
		: {};

function itemIn(value: unknown): MediaItem | undefined {
	if (!isRecord(value)) return undefined;
	const kind = (isText(value.kind) && Object.hasOwn(itemKinds, value.kind) ? value.kind : 'other') as ItemKind;
	const texts = textsIn(value);
	const { id, series, overview, path, library, album, artist, url } = texts;
	const [season, episode, episodeEnd, year] = ['season', 'episode', 'episodeEnd', 'year'].map((name) =>
		isCount(value[name]) ? value[name] : undefined,
	);
	const episodes = Array.isArray(value.episodes) ? value.episodes.filter(isCount) : undefined;
	return {
		kind,
		title: texts.title ?? '',
		...{ id, series, overview, path, library, album, artist, url, season, episode, episodeEnd, episodes, year },
		...(Array.isArray(value.furtherSeasons) && {
			furtherSeasons: value.furtherSeasons.filter(isRecord) as MediaItem['furtherSeasons'],
		}),
		ids: textsIn(value.ids),
		...(value.idsOf === 'series' && { idsOf: value.idsOf }),
		...(isRecord(value.poster) && { poster: value.poster as MediaItem['poster'] }),
	};
}
