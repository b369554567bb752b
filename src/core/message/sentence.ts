import type { Language } from '../base/language';
import { isEventType, type FactName, type MediaEvent, type MediaItem } from './event';
import { labelOf } from './label';
import type { Writing } from './names';
import { inWords, isNothing } from './readable';
import { fallbacks, kindWords, sentences, unknownSentence, verbs, type Sentence } from './sentences';

export function sentenceOf({ type, rawType }: MediaEvent): Sentence {
	if (isEventType(type)) return sentences[type];
	return isNothing(rawType || type) ? sentences['system.notice'] : unknownSentence;
}

/** The sentence of an event, with what is known of it put in. */
export function tell(event: MediaEvent, language: Language, writing: Writing): string {
	const { item, facts = {} } = event;
	const at = language === 'zh' ? 1 : 0;
	const [icon, ...kind] = kindWords[item?.kind ?? 'other'] ?? ['', '', ''];
	const verb = verbs[item?.kind === 'track' || item?.kind === 'album' || item?.kind === 'artist' ? 'ears' : 'eyes'];
	const valueOf = (name: string): string | undefined => {
		switch (name) {
			case 'user':
				return event.user?.name && writing.text(event.user.name);
			case 'device':
				return deviceOf(event) && writing.text(deviceOf(event) as string);
			case 'server':
				return writing.text(event.server?.name ?? nameOf(event.source));
			case 'item':
				if (item) return labelled(item, language, writing);
				return isInTitle(event) ? writing.text(facts.release ?? '') : undefined;
			case 'count':
				return event.count && event.count > 1 ? String(event.count) : undefined;
			case 'type':
				return writing.text(inWords(event.rawType || event.type));
			case 'kind':
				return kind[at];
			case 'icon':
				return icon;
			case 'watching':
			case 'watched':
				return verb[name][at];
			default:
				return Object.hasOwn(facts, name) ? writing.text(facts[name as FactName] ?? '') : undefined;
		}
	};
	const template = sentenceOf(event)[language];
	const standIn = (word?: string) => word && (language === 'zh' ? apart(word) : word);
	const put = ({ isOptional, pieces }: Part): string => {
		let filled = '';
		for (let index = 0; index < pieces.length; index++) {
			const piece = pieces[index]!;
			const value =
				index % 2 === 0 ? piece : valueOf(piece) || (isOptional ? '' : standIn(fallbacks[piece]?.[at]));
			if (!value && index % 2 === 1 && isOptional) return '';
			filled += value ?? '';
		}
		return filled;
	};
	return partsOf(template)
		.map(put)
		.join('')
		.replace(/(?<=\p{Script=Han}) \u0001|\u0001(?: (?=\p{Script=Han}))?/gu, '')
		.replace(/\s+/g, ' ')
		.trim();
}

/** Chinese words stand side by side; names stand apart from them. */
const apart = (word: string) => `\u0001${word}\u0001`;

const labelled = (item: MediaItem, language: Language, writing: Writing) =>
	language === 'zh' && !item.title && !item.series
		? apart(labelOf(item, language, writing))
		: labelOf(item, language, writing);

/** Of a sender that names no server; one that anybody may be has none. */
const nameOf = (source: string) => (source === 'custom' ? '' : source.charAt(0).toUpperCase() + source.slice(1));

/** A download that names nothing but its release. */
export const isInTitle = ({ type, item, facts }: MediaEvent) =>
	item === undefined && facts?.release !== undefined && type.startsWith('download.');

interface Part {
	/** In brackets. */
	isOptional: boolean;
	/** Text and the names of values in turn. */
	pieces: readonly string[];
}

const parts = new Map<string, readonly Part[]>();

/** A sentence taken apart, once. */
function partsOf(sentence: string): readonly Part[] {
	const known = parts.get(sentence);
	if (known) return known;
	const taken = sentence.split(/\[([^[\]]*)\]/).map((part, index) => ({
		isOptional: index % 2 === 1,
		pieces: part.split(/\{(\w+)\}/),
	}));
	parts.set(sentence, taken);
	return taken;
}

export const deviceOf = ({ device }: MediaEvent) => device?.name ?? device?.client;
