import { escapedRun, jsonReply, lines, linkOf, paragraphs, relay } from '../../core/receive/relay';
import { entry, isRecord, items, picture, record, text, webUrl, type Loose } from '../../core/receive/reading';
import { defineDialect } from '../../core/define/sender';
import { escapeMarkdown } from '../../core/markup';
import type { Attachment, Button, Level, Message } from '../../core/message/message';

const path = /\/open-apis\/bot\/(?:v2\/)?hook\/([^/]+)\/?$/i;

/** What tools send to a custom robot of Feishu or Lark. */
export const feishuRobot = defineDialect({
	id: 'feishuRobot',
	name: 'Feishu / Lark robot',
	zh: '飞书机器人格式',
	where: {
		en: 'for tools that know only Feishu’s robot: the address, then /open-apis/bot/v2/hook/KEY',
		zh: '仅支持飞书机器人的工具：填写本地址加 /open-apis/bot/v2/hook/密钥',
	},
	hint: /feishu|\blark\b|飞书/i,
	samples: {
		message: {
			msg_type: 'post',
			content: {
				post: {
					en_us: {
						title: 'Backup finished',
						content: [
							[
								{ tag: 'text', text: '12 GB in 8 minutes: ' },
								{ tag: 'a', text: 'log', href: 'https://nas.example.com/backups' },
							],
						],
					},
				},
			},
		},
	},

	recognise(body) {
		if (!isRecord(body) || typeof body.msg_type !== 'string') return 0;
		const isKnown = ['text', 'post', 'interactive', 'image', 'share_chat'].includes(body.msg_type);
		return isKnown && (opened(body.content) !== undefined || opened(body.card) !== undefined) ? 0.9 : 0;
	},

	read(body, context) {
		const given = record(body);
		const type = text(given.msg_type) ?? '';
		const content = opened(given.content) ?? {};
		const says = (told: Omit<Parameters<typeof relay>[0], 'source' | 'raw'>) => [
			relay({ source: 'feishuRobot', rawType: type || 'message', raw: body, ...told }, context),
		];
		if (type === 'interactive') {
			const card = opened(given.card) ?? content;
			return says(cardOf(card, context.language));
		}
		const post = record(content.post ?? (type === 'post' ? content : undefined));
		const [translation] = [
			post[`${context.language}_${context.language === 'zh' ? 'cn' : 'us'}`],
			...Object.values(post),
		].filter(isRecord);
		if (type === 'post' || translation) {
			const told = translation ?? post;
			const pictures: Attachment[] = [];
			return says({
				title: text(told.title),
				format: 'markdown',
				body: lines(
					...items(told.content).map((paragraph) =>
						items(paragraph)
							.map((one) => run(record(one), pictures))
							.join(''),
					),
				),
				image: pictures[0],
				attachments: pictures.slice(1),
			});
		}
		// The first robots took a title and a text.
		return says({
			title: text(given.title),
			body: withoutTags(
				text(content.text, given.text, content.image_key, content.share_chat_id, content.content),
			),
			format: 'text',
		});
	},

	dialect: {
		address: '/open-apis/bot/v2/hook/KEY',
		takes: ({ path: asked }) => path.test(asked),
		keys: ({ path: asked }) => [path.exec(asked)?.[1]],
		understands: (body) => isRecord(body) && (typeof body.msg_type === 'string' || 'text' in body),
		accepted: (_, { request: { path: asked } }) =>
			jsonReply(
				200,
				/\/v2\//i.test(asked)
					? { StatusCode: 0, StatusMessage: 'success', code: 0, data: {}, msg: 'success' }
					: { ok: true },
			),
		refused: ({ status }, why) =>
			jsonReply(status === 413 ? 413 : 400, {
				code: status === 401 || status === 403 ? 19001 : 9499,
				msg:
					status === 401 || status === 403
						? `param invalid: incoming webhook access token invalid (${why})`
						: why,
				data: {},
			}),
	},
});

/** An object, also one that a tool wrote as a text. */
function opened(value: unknown): Loose | undefined {
	if (isRecord(value)) return value;
	if (typeof value !== 'string' || !value.trimStart().startsWith('{')) return undefined;
	try {
		const found: unknown = JSON.parse(value);
		return isRecord(found) ? found : undefined;
	} catch {
		return undefined; // a text that only begins like it
	}
}

const withoutTags = (said: string | undefined) =>
	said
		?.replace(
			/<at\s[^<>]{0,200}?(?:user_id|id)\s*=\s*["']?([\w@.-]*)["']?[^<>]{0,100}>([^<>]{0,200})<\/at>/gi,
			(_, id: string, name: string) => `@${name.trim().replace(/^@/, '') || id}`,
		)
		.replace(/<(font|text_tag)\s[^<>]{0,200}>([^<>]*)<\/\1>/gi, '$2');

/** lark_md and the Markdown of cards, whose tags of their own are words to others. */
const markdownOf = (said: string | undefined) =>
	withoutTags(said)
		?.replace(/<link[^<>]{0,100}\surl=["']([^"'<>]+)["'][^<>]{0,200}>([^<>]*)<\/link>/gi, '[$2]($1)')
		.replace(/<br\s*\/?>/gi, '\n')
		.replace(/&(?:#(\d{2,3})|lt|gt|amp);/g, (found, code?: string) => {
			const sign = code === undefined ? entities[found]! : String.fromCharCode(Number(code));
			return `${/[!-/:-@[-`{-~]/.test(sign) ? '\\' : ''}${sign}`;
		});

const entities: Readonly<Record<string, string>> = { '&lt;': '<', '&gt;': '>', '&amp;': '&' };

/** Of a post: one piece of a paragraph. */
function run(one: Loose, pictures: Attachment[]): string {
	const said = typeof one.text === 'string' ? one.text : '';
	if (one.tag === 'a') {
		return linkOf(said, one.href);
	}
	if (one.tag === 'at') return `@${escapeMarkdown(text(one.user_name, one.user_id) ?? '')} `;
	if (one.tag === 'img') {
		const shown = picture(one.image_url ?? one.url);
		if (shown) pictures.push(shown);
		return shown ? '' : keyOf(one.image_key);
	}
	if (one.tag === 'media') return keyOf(one.file_key);
	if (one.tag === 'emotion') return `:${text(one.emoji_type) ?? ''}:`;
	if (one.tag === 'code_block') return `\n\`\`\`${text(one.language)?.toLowerCase() ?? ''}\n${said}\n\`\`\`\n`;
	if (one.tag === 'hr') return '\n---\n';
	if (one.tag === 'md') return markdownOf(said) ?? '';
	const styles = items(one.style);
	const marks = styleMarks.filter(([style]) => styles.includes(style)).map(([, mark]) => mark);
	return escapedRun(said, marks.join(''), [...marks].reverse().join(''));
}

const styleMarks = [
	['bold', '**'],
	['italic', '_'],
	['lineThrough', '~~'],
] as const;

/** A picture that lies at Feishu is named: it can be had with that robot's app alone. */
const keyOf = (key: unknown) => (text(key) ? `🖼 ${escapeMarkdown(text(key)!)}` : '');

const templates: Readonly<Record<string, Level>> = {
	...{
		red: 'failure',
		carmine: 'failure',
		orange: 'warning',
		yellow: 'warning',
		green: 'success',
		turquoise: 'success',
	},
};

interface Card {
	words: string[];
	fields: NonNullable<Message['fields']>;
	buttons: Button[];
	pictures: Attachment[];
}

function cardOf(given: Loose, language: 'en' | 'zh') {
	// A card of the editor's, by its id: what its variables say is all that is known.
	const data = record(given.data);
	if (given.type === 'template') {
		const variables = Object.entries(record(data.template_variable));
		const said = (name: string) => text(variables.find(([key]) => key.toLowerCase() === name)?.[1]);
		return {
			title: said('title'),
			body: said('body') ?? said('content'),
			format: 'markdown' as const,
			fields: variables
				.filter(([name]) => !['title', 'body', 'content'].includes(name.toLowerCase()))
				.map(([name, value]) => ({ name, value: text(value) ?? '' }))
				.filter(({ value }) => value !== ''),
		};
	}
	const header = record(given.header);
	const found: Card = { words: [], fields: [], buttons: [], pictures: [] };
	const translated = record(given.i18n_elements);
	const elements =
		given.elements ??
		record(given.body).elements ??
		translated[language === 'zh' ? 'zh_cn' : 'en_us'] ??
		Object.values(translated)[0];
	walk(elements, found);
	const title = nameOf(header.title, language);
	return {
		title,
		format: 'markdown' as const,
		level: entry(templates, text(header.template) ?? ''),
		body: paragraphs(title === undefined ? undefined : literal(nameOf(header.subtitle, language)), ...found.words),
		url: webUrl(record(given.card_link).url),
		fields: found.fields,
		buttons: found.buttons,
		image: found.pictures[0],
		attachments: found.pictures.slice(1),
	};
}

const literal = (said: string | undefined) => said && escapeMarkdown(said);

/** `{tag: "plain_text", content}`, with translations beside it. */
function nameOf(value: unknown, language: 'en' | 'zh'): string | undefined {
	if (!isRecord(value)) return text(value);
	const translations = record(value.i18n);
	return text(translations[language === 'zh' ? 'zh_cn' : 'en_us'], value.content, ...Object.values(translations));
}

const shown = (value: unknown): string | undefined => {
	const said = isRecord(value) ? text(value.content, value.text) : text(value);
	if (said === undefined) return undefined;
	if (!isRecord(value) || value.tag !== 'lark_md')
		return isRecord(value) && value.tag === 'plain_text' ? escapeMarkdown(said) : markdownOf(said);
	// It has no headings; the Markdown of an element has.
	return markdownOf(said)?.replace(/^(?=#{1,6}\s)/gm, '\\');
};

function walk(elements: unknown, found: Card, depth = 0): void {
	if (depth > 8) return;
	for (const one of items(elements)
		.flatMap((each) => (Array.isArray(each) ? (each as unknown[]) : [each]))
		.filter(isRecord)) {
		const tag = text(one.tag) ?? '';
		if (tag === 'hr') continue;
		if (tag === 'img' || tag === 'img_combination') {
			const picture_ = picture(one.img_url ?? one.image_url);
			if (picture_) found.pictures.push(picture_);
			else if (text(one.img_key)) found.words.push(keyOf(one.img_key));
			continue;
		}
		if (tag === 'button') {
			button(one, found);
			continue;
		}
		if (tag === 'note') {
			found.words.push(items(one.elements).map(shown).filter(Boolean).join(' '));
			continue;
		}
		if (tag === 'table') {
			found.words.push(tableOf(one));
			continue;
		}
		const said = shown(one.text ?? (typeof one.content === 'string' ? one : undefined) ?? one.placeholder);
		if (said) {
			const pairs = tag === 'markdown' ? pairsIn(text(one.content) ?? '') : undefined;
			if (pairs) found.fields.push(...pairs);
			else found.words.push(said);
		}
		for (const field of items(one.fields).filter(isRecord)) {
			const pair = pairOf(text(record(field.text).content, field.text) ?? '');
			const whole = shown(field.text);
			if (pair) found.fields.push({ ...pair, ...(field.is_short === true && { short: true }) });
			else if (whole) found.words.push(whole);
		}
		for (const key of ['actions', 'elements', 'columns']) walk(one[key], found, depth + 1);
		if (isRecord(one.extra)) walk([one.extra], found, depth + 1);
		if (isRecord(one.header)) {
			const heading = shown(one.header.title);
			if (heading) found.words.push(`**${heading}**`);
		}
	}
}

/** `**Name**` and its value in the lines below, or behind it, as Feishu writes them: a sign in either is a reference. */
function pairOf(said: string): { name: string; value: string } | undefined {
	const [, name, value] = /^\*\*([^*\n]{1,1000})\*\*([^]+)$/.exec(said) ?? [];
	const bare = (words: string) =>
		markdownOf(words.replace(/^[:：]/, ''))!
			.replace(/\\(?=[!-/:-@[-`{-~])/g, '')
			.trim();
	return name === undefined || !value?.trim()
		? undefined
		: { name: bare(name.replace(/[:：]$/, '')), value: bare(value) };
}

/** Where each line of a text is one. */
function pairsIn(said: string): { name: string; value: string }[] | undefined {
	const pairs = said
		.split('\n')
		.map((line) => (/^\*\*[^*\n]{1,1000}\*\*(?:[:：]\s*| {2,})\S/.test(line) ? pairOf(line) : undefined));
	return pairs.every((pair) => pair !== undefined) ? pairs : undefined;
}

function button(one: Loose, found: Card): void {
	const label = isRecord(one.text) ? text(one.text.content) : text(one.text);
	const behaviours = items(one.behaviors).map(record);
	const url = webUrl(one.url, record(one.multi_url).url, ...behaviours.map(({ default_url }) => default_url));
	const pressed = [one.value, ...behaviours.map(({ value }) => value)].find((value) => value !== undefined);
	const value = text(record(pressed).value, pressed);
	const style = text(one.type)?.replace(/_filled$/, '');
	if (!label) return;
	found.buttons.push({
		text: label,
		...(url ? { url } : value && { value }),
		...((style === 'primary' || style === 'danger') && { style }),
	});
}

function tableOf({ columns, rows }: Loose): string {
	const heads = items(columns).filter(isRecord);
	const cell = (value: unknown): string => {
		const said = Array.isArray(value)
			? value.map((one) => text(record(one).text, one) ?? '').join(', ')
			: (text(value, record(value).text, record(value).content) ?? '');
		return escapeMarkdown(said).replaceAll('|', '\\|').replaceAll('\n', ' ');
	};
	const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
	return [
		line(heads.map(({ display_name, name }) => cell(display_name ?? name))),
		line(heads.map(() => '---')),
		...items(rows).map((row) => line(heads.map(({ name }) => cell(record(row)[text(name) ?? ''])))),
	].join('\n');
}
