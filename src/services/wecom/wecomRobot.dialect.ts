import { guarded, unguarded } from '../../core/receive/guarded';
import { withoutPictures } from '../../core/receive/ownPictures';
import { jsonReply, lines, linkOf, paragraphs, relay } from '../../core/receive/relay';
import { imageMime, isRecord, items, picture, record, text, webUrl, type Loose } from '../../core/receive/reading';
import { defineDialect, type Context, type Reading } from '../../core/define/sender';
import { escapeMarkdown } from '../../core/markup';
import type { Attachment, Button, Level } from '../../core/message/message';

const path = /\/cgi-bin\/webhook\/(send|upload_media)\/?$/i;

/** Files go first, and a message names them: what was taken then is told then. */
const ownMedia = 'carillon-';

/** What tools send to a group robot of WeCom. */
export const wecomRobot = defineDialect({
	id: 'wecomRobot',
	name: 'WeCom robot',
	zh: '企业微信机器人格式',
	where: {
		en: 'for tools that know only WeCom’s robot: the address, then /cgi-bin/webhook/send?key=KEY',
		zh: '仅支持企业微信机器人的工具：填写本地址加 /cgi-bin/webhook/send?key=密钥',
	},
	hint: /wecom|qyapi/i,
	samples: {
		message: { msgtype: 'markdown', markdown: { content: '## Backup finished\n> **12 GB** in 8 minutes' } },
	},

	recognise(body) {
		if (!isRecord(body)) return 0;
		const type = text(body.msgtype) ?? '';
		// Of a text nobody can tell whose robot it is for: it is read as a script's.
		if (type === 'text' && isRecord(body.text)) return 0.09;
		return kinds.has(type) && isRecord(body[type]) && (type !== 'markdown' || 'content' in record(body.markdown))
			? 0.8
			: 0;
	},

	read(body, context) {
		const given = record(body);
		const type = text(given.msgtype) ?? '';
		const content = record(given[type]);
		const says = (told: Omit<Parameters<typeof relay>[0], 'source' | 'raw'>): Reading[] => [
			relay({ source: 'wecomRobot', rawType: type || 'message', raw: body, ...told }, context),
		];
		if (context.files.length > 0)
			return says({ attachments: filesOf(context), beside: context.files.map(({ data }) => data) });
		if (type === 'text') return says({ body: text(content.content), format: 'text' });
		if (type === 'markdown') return says({ body: markdownOf(text(content.content)), format: 'markdown' });
		if (type === 'markdown_v2')
			return says({ ...withoutPictures(mentioned(text(content.content) ?? '')), format: 'markdown' });
		if (type === 'image') return says({ image: picture(content.base64, 'picture') });
		if (type === 'news') return says(newsOf(items(content.articles).filter(isRecord)));
		if (type === 'template_card') return says(cardOf(content));
		const media = text(content.media_id);
		if (media?.startsWith(ownMedia)) return [];
		return says({
			body: media ? `[${type}] ${media}` : text(content.content, given.content, given.text),
			format: 'text',
		});
	},

	dialect: {
		address: '/cgi-bin/webhook/send?key=KEY',
		takes: ({ path: asked }) => path.test(asked),
		keys: ({ query }) => [query.key],
		understands: (body) => isRecord(body) && typeof body.msgtype === 'string',
		accepted(_, { request: { path: asked, query }, now }) {
			const yes = { errcode: 0, errmsg: 'ok' };
			if (!/upload_media/i.test(asked)) return jsonReply(200, yes);
			const created_at = String(Math.floor(Date.parse(now) / 1000));
			return jsonReply(200, {
				...yes,
				type: query.type ?? 'file',
				media_id: `${ownMedia}${created_at}`,
				created_at,
			});
		},
		// Its robots refuse with 200, and its tools look at the code alone.
		refused: ({ status }, why) =>
			jsonReply(200, {
				errcode: status === 401 || status === 403 ? 93000 : status === 413 ? 45002 : 40008,
				errmsg: status === 401 || status === 403 ? `invalid webhook url, ${why}` : why,
			}),
	},
});

const kinds: ReadonlySet<string> = new Set([
	...['text', 'markdown', 'markdown_v2', 'image', 'news', 'file', 'voice', 'template_card'],
]);

/** Its mentions name members of that company. */
const mentioned = (content: string) =>
	content.replace(/<@([^<>\s]{1,64})>/g, (_, name: string) => `@${escapeMarkdown(name)}`);

/** It has headings, bold, links, code and quotes: the other signs of Markdown are signs. Its colours have no Markdown. */
const markdownOf = (content: string | undefined) =>
	content &&
	unguarded(
		mentioned(
			guarded(content)
				.replace(/<font\s[^<>]{0,100}>([^<>]*)<\/font>/gi, '$1')
				// Blanks that a quotation begins with are shown.
				.replace(
					/^(> )([ \t]+)(?=\S)/gm,
					(_, mark: string, blanks: string) => mark + '&#32;'.repeat(blanks.length),
				)
				.replace(ownMarkup, (found, sign?: string) => (sign === undefined ? found : `\\${sign}`)),
		),
		'markdown',
	);

/** What it reads itself, escapes and addresses are found first, and stay. */
const ownMarkup =
	/```[^]*?```|`[^`\n]+`|\]\([^()\s]{1,4000}\)|\\[!-/:-@[-`{-~]|https?:\/\/[^\s()]+|\*\*|^[ \t]{0,8}\*[ \t]|((?<![A-Za-z0-9])_|[*~]|<(?=[A-Za-z/!])(?!https?:))/gm;

const filesOf = ({ files }: Context): Attachment[] =>
	files
		.filter(({ data }) => data.length > 0)
		.map(({ filename, mime, data }) => ({
			data,
			mime: imageMime(data) ?? mime ?? 'application/octet-stream',
			...(filename && { name: filename }),
		}));

/** One article is the message; of several, those after the first are lines with a link. */
function newsOf(articles: readonly Loose[]) {
	const [first, ...more] = articles;
	const [image, ...attachments] = articles.map(({ picurl }) => picture(picurl)).filter((one) => one !== undefined);
	return {
		title: text(first?.title),
		format: 'markdown' as const,
		body: paragraphs(
			literal(first?.description),
			...more.map(({ title, description, url }) => {
				const name = text(title) ?? text(url) ?? '';
				return lines(linkOf(name, url), literal(description));
			}),
		),
		url: webUrl(first?.url),
		image,
		attachments,
	};
}

const literal = (value: unknown) => text(value) && escapeMarkdown(text(value)!);
/** Of a source's name, what its colour says: 2 red, 3 green. */
const colours: Readonly<Record<string, Level>> = { 2: 'failure', 3: 'success' };

function cardOf(card: Loose) {
	const [main, emphasis, quote, source, action, beside] = [
		...['main_title', 'emphasis_content', 'quote_area', 'source', 'card_action', 'image_text_area'].map((key) =>
			record(card[key]),
		),
	] as [Loose, Loose, Loose, Loose, Loose, Loose];
	const shown = [record(card.card_image).url, beside.image_url]
		.map((url) => picture(url))
		.filter((one) => one !== undefined);
	const buttons = [...items(card.jump_list), ...items(card.button_list)].filter(isRecord).flatMap((one): Button[] => {
		const label = text(one.title, one.text);
		const url = webUrl(one.url);
		const value = text(one.key);
		if (!label) return [];
		return [
			{
				text: label,
				...(url ? { url } : value && { value }),
				...(one.style === 3 && { style: 'danger' as const }),
			},
		];
	});
	const pairs = items(card.horizontal_content_list).filter(isRecord);
	return {
		title: text(main.title),
		format: 'markdown' as const,
		who: text(source.desc),
		level: colours[text(source.desc_color) ?? ''],
		body: paragraphs(
			literal(main.title) ? literal(main.desc) : (literal(main.desc) ?? undefined),
			lines(text(emphasis.title) && `**${literal(emphasis.title)}**`, literal(emphasis.desc)),
			literal(card.sub_title_text),
			lines(literal(quote.title), literal(quote.quote_text)).replace(/^(?=.)/gm, '> '),
			lines(literal(beside.title), literal(beside.desc)),
			...items(card.vertical_content_list)
				.filter(isRecord)
				.map(({ title, desc }) => lines(text(title) && `**${literal(title)}**`, literal(desc))),
		),
		fields: pairs.map(({ keyname, value, url }) => ({
			name: text(keyname) ?? '',
			value: webUrl(url) ?? text(value) ?? '',
			short: true,
		})),
		url: webUrl(action.url, beside.url, quote.url),
		image: shown[0],
		attachments: shown.slice(1),
		buttons,
	};
}
