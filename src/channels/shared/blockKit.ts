import type { Rendered, Renders } from '../../core/channel';
import { invalid } from '../../core/errors';
import type { Json } from '../../core/field';
import { chars, utf16 } from '../../core/limit';
import { cutLine } from '../../core/markup';
import { oneLine } from './requiredTitle';

/** What one Block Kit message shows of a message; a section's text is the narrowest. */
export const blockLimits = {
	body: utf16(3_000),
	title: chars(150),
	fields: 10,
	fieldText: 2_000,
	buttons: 25,
	button: 75,
	value: 2_000,
	alt: 2_000,
} as const;

export const blockRenders: Renders = {
	markup: 'slack',
	limit: blockLimits.body,
	title: blockLimits.title,
	image: 'url',
	fields: blockLimits.fields,
	buttons: { most: blockLimits.buttons },
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
		const alt = cutLine(title ?? image.name, chars(blockLimits.alt));
		blocks.push({ type: 'image', image_url: image.url, alt_text: alt });
	}
	const shown = buttons.filter(({ url }) => values || url !== undefined).slice(0, blockLimits.buttons);
	if (shown.length > 0) {
		blocks.push({
			type: 'actions',
			elements: shown.map(({ text, url, value, style }, at) => ({
				type: 'button',
				action_id: `carillon-${at}`,
				text: { type: 'plain_text', text: cutLine(text, chars(blockLimits.button)), emoji: true },
				...(url !== undefined && { url }),
				...(value !== undefined && { value: value.slice(0, blockLimits.value) }),
				...(style !== undefined && { style }),
			})),
		});
	}
	return blocks;
}

const section = (mrkdwn: string): Json => ({ type: 'section', text: { type: 'mrkdwn', text: mrkdwn } });

/** Entities grow the text after it was cut, so that it is cut once more by what Slack counts. */
function pair(name: string, value: string): string {
	const heading = `*${escapeSlack(cutLine(oneLine(name), chars(150)))}*\n`;
	const room = blockLimits.fieldText - heading.length;
	let escaped = escapeSlack(value);
	for (let most = room; escaped.length > room && most > 0; most -= 100)
		escaped = escapeSlack(cutLine(value, utf16(most)));
	return heading + escaped;
}

/** The Block Kit Builder gives `{ "blocks": […] }`. */
export function blockList(given: Json | undefined): Json {
	const list = given !== null && typeof given === 'object' && !Array.isArray(given) ? given.blocks : given;
	if (!Array.isArray(list))
		throw invalid('blocks', { en: '“Blocks” must be a list of blocks.', zh: '“区块”必须是区块列表。' });
	return list;
}
