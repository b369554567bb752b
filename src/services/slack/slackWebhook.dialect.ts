import { levelOfColour } from '../../core/receive/colour';
import { escapedRun, lines, linkOf, paragraphs, relay, textReply } from '../../core/receive/relay';
import { guarded, unguarded } from '../../core/receive/guarded';
import { entry, isRecord, items, picture, record, text, webUrl, type Loose } from '../../core/receive/reading';
import { defineDialect } from '../../core/define/sender';
import { escapeMarkdown } from '../../core/markup';
import type { Attachment, Button, Level, Message } from '../../core/message/message';
import { markdownOf } from './mrkdwn';

/** Mattermost's, Rocket.Chat's and Zulip's take the same; theirs is `/hooks/KEY`. */
const path = /\/(?:services|triggers|workflows)\/(?:[^/]+\/){1,3}([^/]+)\/?$|\/hooks\/(?:[^/]+\/)?([^/]+)\/?$/i;

/** What tools send to an incoming webhook of Slack, Mattermost or Rocket.Chat. */
export const slackWebhook = defineDialect({
	id: 'slackWebhook',
	name: 'Slack webhook',
	zh: 'Slack Webhook 格式',
	where: {
		en: 'for tools that know only Slack or Mattermost: the address, then /services/T0/B0/KEY or /hooks/KEY',
		zh: '仅支持 Slack、Mattermost 的工具：填写本地址加 /services/T0/B0/密钥 或 /hooks/密钥',
	},
	hint: /\bslack|mattermost/i,
	samples: {
		message: {
			username: 'Backups',
			attachments: [
				{
					fallback: 'Backup finished',
					color: 'good',
					title: 'Backup finished',
					title_link: 'https://nas.example.com/backups',
					text: '*12 GB* in 8 minutes',
					fields: [{ title: 'Target', value: 'nas', short: true }],
				},
			],
		},
	},

	recognise(body) {
		if (!isRecord(body)) return 0;
		const [blocks, attachments] = [items(body.blocks), items(body.attachments)];
		if (blocks.length > 0 && blocks.every((one) => isRecord(one) && typeof one.type === 'string')) return 0.9;
		const isOwn = (one: unknown) =>
			isRecord(one) && !('base64' in one) && ownKeys.some((key) => key in one) && !('filename' in one);
		return attachments.length > 0 && attachments.every(isOwn) && !('title' in body) ? 0.9 : 0;
	},

	read(body, context) {
		const given = isRecord(body) ? body : { text: body };
		const attachments = items(given.attachments).filter(isRecord);
		const found = partsOf(items(given.blocks));
		const legacy = attachments.map((one) => partsOf(items(one.blocks)));
		const hasWords = found.body.length + found.fields.length > 0 || found.title !== undefined;
		const single = attachments.length === 1 ? attachments[0] : undefined;
		// What one attachment is called is what the message is about, unless it has words of its own above.
		const titled = single && plainText(single.title);
		const title = found.title ?? titled ?? legacy.map((one) => one.title).find(Boolean);
		const pictures = [
			...found.pictures,
			...attachments.flatMap(({ image_url, thumb_url }) => [picture(image_url), picture(thumb_url)]),
			...legacy.flatMap((one) => one.pictures),
		].filter((one) => one !== undefined);
		const [image, ...more] = pictures;
		// A workflow's webhook takes names and values of the user's own.
		const isNamed = !('text' in given) && !hasWords && attachments.length === 0;
		const mine = isNamed
			? Object.entries(given)
					.filter(([name]) => !settings.has(name))
					.map(([name, value]) => ({ name, value: text(value) ?? (value === true ? 'true' : '') }))
					.filter(({ value }) => value !== '')
			: [];
		return [
			relay(
				{
					source: 'slackWebhook',
					who: text(given.username),
					title,
					format: 'markdown',
					// With blocks, the text is for where none are shown.
					body: paragraphs(
						hasWords ? undefined : words(given.text, given.mrkdwn !== false),
						...found.body,
						...attachments.map((one, at) => attachmentText(one, title === titled, legacy[at]!)),
					),
					level: attachments.map(({ color }) => levelOf(color)).find((level) => level !== undefined),
					url: webUrl(single?.title_link) ?? (single ? undefined : webUrl(attachments[0]?.title_link)),
					image,
					attachments: more,
					fields: [
						...mine,
						...found.fields,
						...attachments.flatMap(({ fields }) => items(fields).filter(isRecord).map(fieldOf)),
						...legacy.flatMap((one) => one.fields),
					].filter(({ name, value }) => name !== '' || value !== ''),
					buttons: [
						...found.buttons,
						...attachments.flatMap(({ actions }) => items(actions).filter(isRecord).flatMap(buttonOf)),
						...legacy.flatMap((one) => one.buttons),
					],
					raw: body,
				},
				context,
			),
		];
	},

	dialect: {
		address: '/services/T0/B0/KEY',
		takes: ({ path: asked }) => path.test(asked),
		keys: ({ path: asked }) => path.exec(asked)?.slice(1) ?? [],
		understands: (body) => isRecord(body) && ['text', 'blocks', 'attachments'].some((name) => name in body),
		accepted: (_, { request }) =>
			/\/(?:triggers|workflows)\//.test(request.path)
				? { ...textReply(200, '{"ok":true}'), headers: { 'content-type': 'application/json; charset=utf-8' } }
				: textReply(200, 'ok'),
		refused({ status }, why) {
			if (status === 401 || status === 403) return textReply(403, `invalid_token: ${why}`);
			return textReply(status, `${status === 400 ? 'invalid_payload' : 'action_prohibited'}: ${why}`);
		},
	},
});

const ownKeys = [
	...[
		'fallback',
		'pretext',
		'color',
		'text',
		'fields',
		'title_link',
		'image_url',
		'author_name',
		'blocks',
		'mrkdwn_in',
	],
];

/** How and where it is shown, which is for the channels of the flow to say. */
const settings: ReadonlySet<string> = new Set([
	...[
		'username',
		'channel',
		'icon_emoji',
		'icon_url',
		'link_names',
		'unfurl_links',
		'unfurl_media',
		'mrkdwn',
		'token',
	],
	...[
		'parse',
		'thread_ts',
		'reply_broadcast',
		'response_type',
		'replace_original',
		'delete_original',
		'emoji',
		'avatar',
	],
]);

/** Slack has words for three colours. */
const colours: Readonly<Record<string, Level>> = { good: 'success', warning: 'warning', danger: 'failure' };
const levelOf = (colour: unknown) => entry(colours, text(colour) ?? '') ?? levelOfColour(colour);

function words(value: unknown, isMarkup = true): string | undefined {
	const said = text(value);
	return said && (isMarkup ? markdownOf(said) : escapeMarkdown(said));
}

/** A title, label or name: there is no markup in it but the signs that Slack escapes. */
function plainText(value: unknown): string | undefined {
	const said = text(value);
	return (
		said &&
		unguarded(guarded(said), 'text')
			.replace(/<([^<>|]+)\|([^<>]+)>/g, '$2')
			.replace(/<((?:https?:)[^<>|]+)>/g, '$1')
			.replace(/&(amp|lt|gt);/g, (_, name: 'amp' | 'lt' | 'gt') => ({ amp: '&', lt: '<', gt: '>' })[name])
	);
}

const fieldOf = ({ title, value, short }: Loose) => ({
	name: plainText(title) ?? '',
	value: plainText(value) ?? '',
	...(short === true && { short: true }),
});

function attachmentText(one: Loose, isTitled: boolean, inner: Parts): string {
	const title = plainText(one.title);
	const heading = !title || isTitled ? undefined : `**${linkOf(title, one.title_link)}**`;
	const author = plainText(one.author_name);
	const said = paragraphs(
		words(one.pretext),
		author && escapeMarkdown(author),
		heading,
		words(one.text),
		...inner.body,
		plainText(one.footer) && escapeMarkdown(plainText(one.footer)!),
	);
	// Where nothing is shown, there is what it says instead.
	const hasOther =
		said || title || items(one.fields).length || inner.title || inner.fields.length || text(one.image_url);
	return hasOther ? said : (words(one.fallback) ?? '');
}

function buttonOf({ text: label, url, value, style, type }: Loose): Button[] {
	const shown = plainText(isRecord(label) ? label.text : label);
	const link = webUrl(url);
	const pressed = text(value);
	if (!shown || (type !== undefined && type !== 'button' && !link)) return [];
	return [
		{
			text: shown,
			...(link ? { url: link } : pressed && { value: pressed }),
			...((style === 'primary' || style === 'danger') && { style }),
		},
	];
}

interface Parts {
	title?: string;
	body: string[];
	fields: NonNullable<Message['fields']>;
	pictures: Attachment[];
	buttons: Button[];
}

/** Of Block Kit. */
function partsOf(blocks: readonly unknown[]): Parts {
	const parts: Parts = { body: [], fields: [], pictures: [], buttons: [] };
	for (const block of blocks.filter(isRecord)) {
		const type = text(block.type) ?? '';
		const read = Object.hasOwn(readers, type) ? readers[type] : undefined;
		if (read) read(block, parts);
		else {
			const said = textsIn(block);
			if (said) parts.body.push(said);
		}
	}
	return parts;
}

const objectText = (value: unknown): string | undefined => {
	if (!isRecord(value)) return words(value);
	const said = text(value.text);
	return said && (value.type === 'plain_text' ? escapeMarkdown(said) : markdownOf(said));
};

const readers: Readonly<Record<string, (block: Loose, parts: Parts) => void>> = {
	header({ text: heading }, parts) {
		const said = text(record(heading).text, heading);
		if (said && parts.title === undefined && parts.body.length === 0) parts.title = said;
		else if (said) parts.body.push(`**${escapeMarkdown(said)}**`);
	},
	section({ text: said, fields, accessory }, parts) {
		const body = objectText(said);
		if (body) parts.body.push(body);
		for (const field of items(fields)) {
			const pair = pairOf(field);
			if (pair) parts.fields.push(pair);
			else if (objectText(field)) parts.body.push(objectText(field)!);
		}
		if (isRecord(accessory)) element(accessory, parts);
	},
	context({ elements }, parts) {
		const said: string[] = [];
		for (const one of items(elements).filter(isRecord)) {
			if (one.type === 'image') element(one, parts);
			else if (objectText(one)) said.push(objectText(one)!);
		}
		if (said.length > 0) parts.body.push(said.join(' · '));
	},
	actions({ elements }, parts) {
		for (const one of items(elements).filter(isRecord)) element(one, parts);
	},
	image(block, parts) {
		element(block, parts);
		const title = text(record(block.title).text);
		if (title) parts.body.push(escapeMarkdown(title));
	},
	video({ title, description, title_url, video_url, thumbnail_url }, parts) {
		const name = text(record(title).text, title) ?? '';
		parts.body.push(lines(linkOf(name, title_url ?? video_url), objectText(description)));
		const shown = picture(thumbnail_url);
		if (shown) parts.pictures.push(shown);
	},
	markdown({ text: said }, parts) {
		if (text(said)) parts.body.push(text(said)!);
	},
	divider: () => undefined,
	rich_text({ elements }, parts) {
		const said = items(elements).filter(isRecord).map(richText).filter(Boolean);
		if (said.length > 0) parts.body.push(said.join('\n\n'));
	},
};

/** `*Name*` and its value in the lines below, or behind a colon. */
function pairOf(field: unknown): { name: string; value: string; short: true } | undefined {
	const said = guarded(text(record(field).text) ?? '');
	const [, name, value] = /^\*([^*\n]{1,200})\*([^]*)$/.exec(said) ?? [];
	return name === undefined || !value?.replace(/^\s*:/, '').trim()
		? undefined
		: { name: plainText(name.replace(/[:：]$/, ''))!, value: plainText(value.replace(/^\s*:/, ''))!, short: true };
}

function element(one: Loose, parts: Parts): void {
	if (one.type === 'image') {
		const shown = picture(one.image_url ?? record(one.slack_file).url);
		if (shown) parts.pictures.push(shown);
		return;
	}
	const buttons = buttonOf(one);
	parts.buttons.push(...buttons);
	if (buttons.length > 0) return;
	const said = textsIn(one);
	if (said) parts.body.push(said);
}

function richText(one: Loose): string {
	const inside = items(one.elements).filter(isRecord);
	if (one.type === 'rich_text_list')
		return inside
			.map(
				(each, at) => `${one.style === 'ordered' ? `${at + 1}.` : '-'} ${richText(each).replaceAll('\n', ' ')}`,
			)
			.join('\n');
	const said = inside.map(run).join('');
	if (one.type === 'rich_text_preformatted')
		return `\`\`\`\n${inside.map((each) => text(each.text, each.url) ?? '').join('')}\n\`\`\``;
	return one.type === 'rich_text_quote' ? said.replace(/^/gm, '> ') : said;
}

function run(one: Loose): string {
	const given = typeof one.text === 'string' ? one.text : '';
	if (one.type === 'link') return linkOf(given, one.url) || escapeMarkdown(text(one.url) ?? '');
	if (one.type === 'emoji') return emoji(one);
	if (one.type === 'user' || one.type === 'usergroup')
		return `@${escapeMarkdown(text(one.user_id, one.usergroup_id) ?? '')}`;
	if (one.type === 'channel') return `#${escapeMarkdown(text(one.channel_id) ?? '')}`;
	if (one.type === 'broadcast') return `@${escapeMarkdown(text(one.range) ?? '')}`;
	if (one.type !== 'text') return escapeMarkdown(given || (text(one.fallback, one.value) ?? ''));
	const { bold, italic, strike, code } = record(one.style);
	if (code) return `\`${given}\``;
	const marks = [bold && '**', italic && '_', strike && '~~'].filter((mark) => typeof mark === 'string');
	return escapedRun(given, marks.join(''), [...marks].reverse().join(''));
}

function emoji({ unicode, name }: Loose): string {
	const points = text(unicode)
		?.split('-')
		.map((hex) => Number.parseInt(hex, 16));
	return points?.every((point) => point > 0 && point <= 0x10ffff)
		? String.fromCodePoint(...points)
		: `:${text(name) ?? ''}:`;
}

/** Of a kind that is not known here: every text that it shows. */
function textsIn(value: unknown, depth = 0): string {
	if (depth > 6) return '';
	if (Array.isArray(value)) return lines(...value.map((one) => textsIn(one, depth + 1)));
	if (!isRecord(value)) return '';
	const own = ['text', 'content', 'alt_text', 'title', 'label', 'description', 'subtitle', 'value'];
	return lines(
		...own.map((key) => (typeof value[key] === 'string' ? words(value[key]) : undefined)),
		...Object.values(value).map((one) => (typeof one === 'object' ? textsIn(one, depth + 1) : '')),
	);
}
