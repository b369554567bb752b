import { utf16, type Renders } from '../../core/define/channel';
import type { Message } from '../../core/message/message';
import { cardMost, contentMost, embedLimits, literalLimit, literalWeight } from './markdown';
import type { DiscordOptions } from './options';

const mostFields = 25;
/** Characters of an address, on a button and elsewhere. */
const longest = { button: 512, link: 2_048 } as const;
/** In a text the rest is for words. */
export const mentionsMost = { text: 1_000, card: 1_000, embed: contentMost } as const;

/** What a message of that kind shows. What stands beside the text takes room from it. */
export function discordRenders({ options, message }: { options: DiscordOptions; message: Message }): Renders {
	const { kind, silentLevels } = options;
	const common = { markup: 'discord', attachments: 'bytes', image: 'both', mentions: true, unring } as const;
	const meant = Math.min(
		mentionsMost[kind],
		weightOfAll(message.mentions ?? [], (id) => id.length + 5),
	);
	if (kind === 'text')
		return {
			...common,
			limit: utf16(contentMost - meant),
			buttons: linkButtons(message, 25),
			level: silentLevels.length > 0,
		};
	const isCard = kind === 'card';
	const free = isCard
		? cardMost - meant
		: embedLimits.sum - (options.author?.length ?? 0) - (options.footer?.length ?? 0);
	const beside = embedLimits.title + fieldsWeight(message);
	const fits = !isCard && fieldsFit(message) && free - beside >= 1_500;
	const room = free - (fits ? beside : embedLimits.title) - (isCard ? (message.url?.length ?? 0) : 0);
	return {
		...common,
		limit: utf16(Math.max(500, Math.min(embedLimits.description, room))),
		title: literalLimit(embedLimits.title),
		...(fits && { fields: mostFields }),
		// A card has 40 components at most.
		buttons: linkButtons(message, isCard ? 15 : 25),
		level: true,
		url: (message.url?.length ?? 0) <= longest.link,
	};
}

const weightOfAll = (words: readonly string[], weigh: (one: string) => number) =>
	words.reduce((sum, one) => sum + weigh(one), 0);

/** `**name**` and its value, each on a line. */
const fieldsWeight = ({ fields = [] }: Message) =>
	weightOfAll(
		fields.flatMap(({ name, value }) => [name, value]),
		(words) => literalWeight(words) + 4,
	);

const fieldsFit = ({ fields = [] }: Message) =>
	fields.every(
		({ name, value }) =>
			literalWeight(name) <= embedLimits.fieldName && literalWeight(value) <= embedLimits.fieldValue,
	);

/** A webhook's buttons open links, and do nothing else. */
const linkButtons = ({ buttons = [] }: Message, most: number): Renders['buttons'] =>
	buttons.every(({ url = '' }) => url.length <= longest.button) ? { most, text: utf16(80) } : undefined;

/** Nothing of this rings as it is sent; copied out of a label or a file's name it does not either. */
const unring = (words: string) => words.replace(/@(?=everyone|here)|<(?=[@#])/g, (sign) => `${sign}\u200b`);
