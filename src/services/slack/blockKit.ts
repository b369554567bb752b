import type { Rendered, Renders } from '../../core/define/channel';
import { invalid } from '../../core/base/errors';
import type { Json } from '../../core/base/field';
import { chars, utf16 } from '../../core/base/limit';
import { cutLine, oneLine, render } from '../../core/markup';

/** What one Block Kit message shows of a message; a section's text is the narrowest. */
export const blockLimits = {
	body: utf16(3_000),
	title: chars(150),
	fields: 10,
	// A pair may have 2000 characters, and one of these takes five of them where it is escaped.
	fieldText: utf16(190),
	buttons: { most: 25, text: utf16(75), value: utf16(2_000) },
	alt: utf16(2_000),
} as const;

export const blockRenders: Renders = {
	markup: 'slack',
	limit: blockLimits.body,
	title: blockLimits.title,
	image: 'url',
	fields: blockLimits.fields,
	fieldText: blockLimits.fieldText,
	buttons: blockLimits.buttons,
	mentions: true,
};

export const escapeSlack = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

/** `U…`, `W…` are users, `S…` user groups, `@all` is everybody in the channel. */
export function mentionsOf(ids: readonly string[]): string {
	return ids
		.map((id) =>
			/^@?(all|channel)$/i.test(id)
				? '<!channel>'
				: /^@?(here|everyone)$/i.test(id)
					? `<!${id.replace('@', '').toLowerCase()}>`
					: id.startsWith('S')
						? `<!subteam^${id}>`
						: `<@${id}>`,
		)
		.join(' ');
}

/** Text for notifications, screen readers, and wherever blocks are not shown. */
export function fallbackText(message: Rendered): string {
	const { title, body, mentions, markup } = message;
	if (markup === 'plain') return plainText(message);
	const heading = title === undefined ? undefined : `*${escapeSlack(oneLine(title))}*`;
	return [heading, mentionsOf(mentions), body].filter(Boolean).join('\n');
}

/** Blocks were refused: what stood in them must not be lost. */
function plainText({ title, body, mentions, fields, buttons }: Rendered): string {
	const pairs = fields.map(({ name, value }) => `${name}: ${value}`);
	const links = buttons.flatMap(({ text, url }) => (url === undefined ? [] : [`${text}: ${url}`]));
	return [...[title, body, ...pairs, ...links].map((line) => escapeSlack(line ?? '')), mentionsOf(mentions)]
		.filter(Boolean)
		.join('\n');
}

/** A message in blocks: heading, who is meant, text, name–value pairs, picture, buttons. */
export function blocksOf(message: Rendered, { values }: { values: boolean }): Json[] {
	const { title, body, fields, image, buttons, mentions } = message;
	const blocks: Json[] = [];
	if (title !== undefined && title.trim() !== '')
		blocks.push({ type: 'header', text: { type: 'plain_text', text: oneLine(title), emoji: true } });
	if (mentions.length > 0) blocks.push(section(mentionsOf(mentions)));
	if (body.trim() !== '') blocks.push(section(body));
	if (fields.length > 0) {
		blocks.push({
			type: 'section',
			fields: fields.map(({ name, value }) => ({ type: 'mrkdwn', text: pair(name, value) })),
		});
	}
	if (image?.url !== undefined) {
		const alt = cutLine(title ?? image.name, blockLimits.alt);
		blocks.push({ type: 'image', image_url: image.url, alt_text: alt });
	}
	const shown = buttons.filter(({ url }) => values || url !== undefined);
	if (shown.length > 0) {
		blocks.push({
			type: 'actions',
			elements: shown.map(({ text, url, value, style }, at) => ({
				type: 'button',
				action_id: `carillon-${at}`,
				text: { type: 'plain_text', text, emoji: true },
				...(url !== undefined && { url }),
				...(value !== undefined && { value }),
				...(style !== undefined && { style }),
			})),
		});
	}
	return blocks;
}

const section = (mrkdwn: string): Json => ({ type: 'section', text: { type: 'mrkdwn', text: mrkdwn } });

/** Names and values are no markup. */
const literal = (words: string): string =>
	render(words, { format: 'text', dialect: 'slack', limit: utf16(1_000), overflow: 'cut' }).parts[0] ?? '';
const pair = (name: string, value: string) => `*${literal(oneLine(name))}*\n${literal(value)}`;

/** The Block Kit Builder gives `{ "blocks": […] }`. */
export function blockList(given: Json | undefined): Json {
	const list = given !== null && typeof given === 'object' && !Array.isArray(given) ? given.blocks : given;
	if (!Array.isArray(list))
		throw invalid('blocks', { en: '“Blocks” must be a list of blocks.', zh: '“区块”必须是区块列表。' });
	return list;
}
