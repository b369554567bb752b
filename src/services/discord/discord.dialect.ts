import { levelOfColour } from '../../core/receive/colour';
import { jsonReply, lines, linkOf, paragraphs, relay } from '../../core/receive/relay';
import { imageMime, isRecord, isoTime, items, record, text, webUrl, type Loose } from '../../core/receive/reading';
import { shownLink } from '../../core/base/shownLink';
import { defineDialect, type Context } from '../../core/define/sender';
import { escapeMarkdown } from '../../core/markup';
import type { Attachment, Button } from '../../core/message/message';
import { unescaped } from './markdown';
import { codes, flags, webhookPath as path } from './protocol';

/** What tools send to an incoming webhook of Discord. */
export const discord = defineDialect({
	id: 'discord',
	name: 'Discord webhook',
	zh: 'Discord Webhook 格式',
	where: {
		en: 'for tools that know only Discord: the address, then /api/webhooks/1/KEY',
		zh: '仅支持 Discord 的工具：填写本地址加 /api/webhooks/1/密钥',
	},
	hint: /\bdiscord\b/i,
	samples: {
		message: {
			username: 'Media server',
			embeds: [
				{
					title: 'Metropolis (1927) was added',
					url: 'https://media.example.com/items/19',
					description: 'In a city of *towers* and cellars …',
					color: 0x2ecc71,
					fields: [{ name: 'Library', value: 'Films', inline: true }],
				},
			],
		},
	},

	recognise(body) {
		const given = opened(body);
		if (!isRecord(given)) return 0;
		const embeds = items(given.embeds);
		if (embeds.length > 0 && embeds.every((one) => isRecord(one) && ownKeys.some((key) => key in one))) return 0.9;
		const isOwn = ['username', 'avatar_url', 'allowed_mentions', 'tts'].some((key) => key in given);
		return typeof given.content === 'string' && isOwn && !('title' in given) ? 0.6 : 0;
	},

	read(body, context) {
		const given = record(opened(body));
		const files = filesOf(context);
		const file = (url: unknown) => fileOf(url, files);
		const embeds = items(given.embeds).filter(isRecord);
		const parts = componentsOf(given.components);
		const [first] = embeds;
		const title = text(first?.title) ? unescaped(text(first?.title)!) : parts.title;
		const pictures = [
			...embeds.flatMap(({ image, thumbnail }) => [record(image).url, record(thumbnail).url]),
			...parts.pictures,
		]
			.map(file)
			.filter((one) => one !== undefined);
		const shown = new Set<Attachment>(pictures);
		const attached = [...files.values()].filter((one) => !shown.has(one));
		const [image = attached.find(isPicture), ...more] = pictures;
		const videos = embeds.map(({ video }) => webUrl(record(video).url)).filter((url) => url !== undefined);
		const poll = record(given.poll);
		return [
			relay(
				{
					source: 'discord',
					who: text(given.username, record(first?.author).name),
					title,
					format: 'markdown',
					body: paragraphs(
						shownText(given.content),
						...embeds.map((embed, at) => embedText(embed, at === 0)),
						...parts.words.map(shownText),
						text(record(poll.question).text),
						lines(...items(poll.answers).map((one) => text(record(record(one).poll_media).text))),
						...videos,
					),
					level: [...embeds.map(({ color }) => color), ...parts.colours]
						.map(levelOfColour)
						.find((level) => level !== undefined),
					url: webUrl(first?.url, parts.url),
					image,
					attachments: [...more, ...attached.filter((one) => one !== image)],
					fields: embeds.flatMap(({ fields }) =>
						items(fields)
							.filter(isRecord)
							.map((field) => ({
								name: unescaped(text(field.name) ?? ''),
								value: unescaped(text(field.value) ?? ''),
								...(field.inline === true && { short: true }),
							}))
							.filter(({ name, value }) => name !== '' || value !== ''),
					),
					buttons: parts.buttons,
					time: isoTime(first?.timestamp),
					// The flag that sends without a sound.
					...((Number(given.flags) & flags.suppressNotifications) !== 0 && { silent: true }),
					raw: body,
					beside: context.files.length > 0 ? context.files.map(({ data }) => data) : undefined,
				},
				context,
			),
		];
	},

	dialect: {
		address: '/api/webhooks/1/KEY',
		takes: ({ path: asked }) => path.test(asked),
		keys: ({ path: asked }) => [path.exec(asked)?.[1]],
		understands: (body) =>
			isRecord(body) && ['content', 'embeds', 'components', 'poll', 'payload_json'].some((name) => name in body),
		accepted(body, { request, now }) {
			const waits = /^(?:true|1)$/i.test(request.query.wait ?? '');
			return waits ? jsonReply(200, messageOf(record(opened(body)), now)) : { status: 204 };
		},
		refused({ status }, why) {
			if (status === 401 || status === 403)
				return jsonReply(401, { message: `Invalid Webhook Token (${why})`, code: codes.invalidToken });
			return jsonReply(status, { message: why, code: status === 400 ? codes.emptyMessage : 0 });
		},
	},
});

const ownKeys = [
	...[
		'title',
		'description',
		'url',
		'color',
		'fields',
		'image',
		'thumbnail',
		'author',
		'footer',
		'timestamp',
		'video',
	],
];

/** As a form its JSON stands in a field of its own. */
function opened(body: unknown): unknown {
	if (!isRecord(body) || typeof body.payload_json !== 'string') return body;
	try {
		return JSON.parse(body.payload_json);
	} catch {
		return body; // its other fields say something, or the refusal says that nothing does
	}
}

/** Of an embed what is no part of a message of its own. */
function embedText(embed: Loose, isFirst: boolean): string {
	const { title, url, description, author, footer } = embed;
	const heading = text(title);
	const by = text(record(author).name);
	return paragraphs(
		by && linkOf(by, record(author).url),
		isFirst
			? undefined
			: heading
				? `**${shownLink(url) ? `[${heading}](${shownLink(url)})` : heading}**`
				: linkOf(undefined, url),
		shownText(description),
		text(record(footer).text) && escapeMarkdown(text(record(footer).text)!),
	);
}

/** Who is meant, and when, as Discord writes it: names are not known here. Its own emoji are shown by their names. */
function shownText(value: unknown): string | undefined {
	return text(value)
		?.replace(/<a?(:\w{1,32}:)\d{1,20}>/g, '$1')
		.replace(/<t:(-?\d{1,12})(?::[a-zA-Z])?>/g, (all, seconds: string) => {
			const time = new Date(Number(seconds) * 1000);
			return Number.isNaN(time.getTime()) ? all : time.toISOString().replace(/:\d\d\.000Z$/, 'Z');
		})
		.replace(/<(@[!&]?|#)(\d{1,20})>/g, (_, kind: string, id: string) => `${kind[0]}${id}`)
		.replace(/\|\|([^|\n]+)\|\|/g, '$1')
		.replace(/^-# /gm, '');
}

interface Components {
	title?: string;
	url?: string;
	colours: unknown[];
	words: string[];
	pictures: string[];
	buttons: Button[];
}

/** Rows of buttons, and what messages that are made of components alone say. */
function componentsOf(
	value: unknown,
	depth = 0,
	found: Components = { colours: [], words: [], pictures: [], buttons: [] },
): Components {
	if (depth > 6) return found;
	for (const one of items(value).filter(isRecord)) {
		const media = [record(one.media).url, ...items(one.items).map((each) => record(record(each).media).url)];
		if (one.type === 2) {
			const label = text(one.label, record(one.emoji).name);
			const url = webUrl(one.url);
			const pressed = text(one.custom_id);
			if (label) found.buttons.push({ text: label, ...(url ? { url } : pressed && { value: pressed }) });
		} else if (text(one.content)) say(text(one.content)!, found);
		if (one.accent_color !== undefined) found.colours.push(one.accent_color);
		found.pictures.push(...media.map((url) => text(url)).filter((url) => url !== undefined));
		componentsOf(one.components, depth + 1, found);
		if (isRecord(one.accessory)) componentsOf([one.accessory], depth + 1, found);
	}
	return found;
}

/** What begins with a heading of the size that titles have has that for its title, which may be a link. */
function say(words: string, found: Components): void {
	const [, heading] = found.words.length === 0 && found.title === undefined ? (/^### (.+)$/.exec(words) ?? []) : [];
	if (heading === undefined) return void found.words.push(words);
	const [, label, address] = /^\[(.+)\]\(<?(https?:[^\s()<>]+)>?\)$/.exec(heading) ?? [];
	found.title = unescaped(label ?? heading);
	if (address) found.url = address;
}

const filesOf = ({ files }: Context): ReadonlyMap<string, Attachment> =>
	new Map(
		files.slice(0, 20).flatMap(({ filename = '', name, mime, data }): [string, Attachment][] =>
			data.length === 0
				? []
				: [
						[
							filename || name,
							{
								data,
								mime: imageMime(data) ?? mime ?? 'application/octet-stream',
								...(filename && { name: filename }),
							},
						],
					],
		),
	);

/** `attachment://name` is a file of the same request. */
function fileOf(url: unknown, files: ReadonlyMap<string, Attachment>): Attachment | undefined {
	const given = text(url) ?? '';
	if (given.startsWith('attachment://')) return files.get(given.slice('attachment://'.length));
	const found = webUrl(given);
	return found ? { url: found } : undefined;
}

const isPicture = ({ mime }: Attachment) => mime?.startsWith('image/') === true;

/** As Discord answers `?wait=true`. */
function messageOf({ content, embeds, username }: Loose, now: string) {
	const id = String((BigInt(Date.parse(now)) - 1_420_070_400_000n) << 22n);
	return {
		id,
		type: 0,
		content: text(content) ?? '',
		channel_id: '1',
		webhook_id: '1',
		author: { id: '1', username: text(username) ?? 'Carillon', bot: true },
		embeds: items(embeds),
		attachments: [],
		mentions: [],
		mention_roles: [],
		mention_everyone: false,
		pinned: false,
		tts: false,
		timestamp: now,
		edited_timestamp: null,
		flags: 0,
		components: [],
	};
}
