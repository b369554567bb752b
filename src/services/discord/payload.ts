import type { File, Rendered } from '../../core/define/channel';
import { colours } from './colours';
import { bodyOf, literal, titleOf } from './markdown';
import type { Meant } from './mentions';
import type { DiscordOptions } from './options';
import { component, flags, linkStyle } from './protocol';

/** A message as Discord takes it; what stands in the thread, sender and files is not said yet. */
export type Payload = Record<string, unknown>;

interface Common extends Payload {
	flags: number;
}

const invisible = '\u200b';

/** @param uploaded the picture, where its bytes go along under this name */
export const isCard = ({ markup }: Rendered, { kind }: Pick<DiscordOptions, 'kind'>) =>
	kind === 'card' && markup !== 'plain';

export function payloadOf(message: Rendered, options: DiscordOptions, meant: Meant, uploaded?: File): Common {
	const common = { allowed_mentions: meant.allowed, flags: flagsOf(message, options) };
	if (isCard(message, options)) return { ...common, components: cardOf(message, meant) };
	const components = rowsOf(message.buttons);
	const picture = uploaded ? `attachment://${uploaded.name}` : message.image?.url;
	if (options.kind === 'text') {
		const content = [meant.text, bodyOf(message)].filter(Boolean).join('\n');
		return { content, embeds: picture && !uploaded ? [{ image: { url: picture } }] : [], ...common, components };
	}
	return { content: meant.text, embeds: embedsOf(message, options, picture), ...common, components };
}

function flagsOf(message: Rendered, options: DiscordOptions) {
	const { silent, level } = message;
	const { silentLevels, linkPreview, kind } = options;
	const isSilent = silent || silentLevels.includes(level ?? 'info');
	return (
		(isSilent ? flags.suppressNotifications : 0) |
		(isCard(message, options) ? flags.isComponentsV2 : 0) |
		(kind === 'text' && !linkPreview ? flags.suppressEmbeds : 0)
	);
}

/** One, or none where it would show nothing. Whatever was refused of it, an embed of words alone is left. */
function embedsOf(message: Rendered, options: DiscordOptions, picture: string | undefined): object[] {
	const words = { title: titleOf(message), description: bodyOf(message) || undefined, url: message.url };
	if (!words.title && !words.description && !picture && message.fields.length === 0) return [];
	if (message.markup === 'plain') return [{ ...words, ...(picture && { image: { url: picture } }) }];
	return [{ ...words, ...adornments(message, options, picture) }];
}

function adornments(message: Rendered, options: DiscordOptions, picture: string | undefined) {
	const { author, authorUrl, authorIcon, footer, footerIcon, timestamp } = options;
	return {
		color: colours[message.level ?? 'info'],
		fields: message.fields.map(({ name, value, short }) => ({
			name: literal(name) || invisible,
			value: literal(value) || invisible,
			...(short && { inline: true }),
		})),
		...(picture && { [options.picture === 'thumbnail' ? 'thumbnail' : 'image']: { url: picture } }),
		...(author && { author: { name: author, url: authorUrl, icon_url: authorIcon } }),
		...(footer && { footer: { text: footer, icon_url: footerIcon } }),
		...(timestamp && { timestamp: message.source.time }),
	};
}

/** Everything in one container, whose edge has the level's colour; who is meant stands above it. */
function cardOf(message: Rendered, meant: Meant) {
	const { level, image, buttons, url } = message;
	const title = titleOf(message);
	const heading = title && `### ${url ? `[${title}](${url.replace(/[()\s]/g, encodeURIComponent)})` : title}`;
	const texts = [heading, bodyOf(message), !heading && url].filter((each) => !!each);
	const components = [
		...texts.map((content) => ({ type: component.text, content })),
		...(image?.url ? [{ type: component.gallery, items: [{ media: { url: image.url } }] }] : []),
		...rowsOf(buttons),
	];
	return [
		...(meant.text === '' ? [] : [{ type: component.text, content: meant.text }]),
		{ type: component.container, components, accent_color: colours[level ?? 'info'] },
	];
}

const inARow = 5;

function rowsOf(buttons: Rendered['buttons']) {
	const links = buttons
		.filter(({ url }) => url !== undefined)
		.map(({ text, url }) => ({ type: component.button, style: linkStyle, label: text, url }));
	return Array.from({ length: Math.ceil(links.length / inARow) }, (_, row) => ({
		type: component.row,
		components: links.slice(row * inARow, (row + 1) * inARow),
	}));
}
