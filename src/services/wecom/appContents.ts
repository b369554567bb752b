import { randomUUID } from 'node:crypto';
import { bytes, chars, invalid, type File, type Renders } from '../../core/define/channel';
import type { VendorJson } from '../../core/http/http';
import type { Text } from '../../core/base/language';
import { render } from '../../core/markup';
import type { Message } from '../../core/message/message';
import type { Extras } from '../../core/define/extras';
import { requiredTitle } from '../../core/define/requiredTitle';
import { upload } from './appApi';
import type { Input, Kind, Options } from './appFields';
import { cardRenders, taskId, templateCard } from './cards';
import { mediaTypeOf, noMedia, noPicture, type MediaType } from './media';
import { articlesOf, newsRenders } from './news';

/** A card or news shows little text and one link: what is longer or has more goes as text. */
export function kindOf(
	{ kind }: Options,
	{ title, body, url, image, fields = [], buttons = [], attachments = [] }: Message,
	hasPicture = image !== undefined,
): Kind {
	if (kind !== 'auto') return kind;
	const size = Buffer.byteLength([body, ...fields.flatMap(({ name, value }) => [name, value])].join('    '));
	if (title === undefined || url === undefined || size > 500 || buttons.length + attachments.length > 0)
		return 'text';
	return hasPicture ? 'news' : 'textcard';
}

export function renderings(o: Options): Record<Kind, Renders> {
	const files = { attachments: 'bytes' } as const;
	const media = { ...files, image: 'bytes' } as const;
	const alone: Renders = { ...files, markup: 'plain', limit: bytes(2_048), single: true };
	const linked = { ...media, url: true, single: true } as const;
	return {
		text: { ...media, markup: 'plain', limit: bytes(2_048) },
		markdown: { ...media, markup: 'wecom', limit: bytes(2_048) },
		textcard: { ...linked, markup: 'plain', limit: chars(480), title: chars(128) },
		news: { ...files, ...newsRenders, image: o.kind === 'auto' ? 'both' : 'url' },
		mpnews: { ...linked, markup: 'mailHtml', limit: bytes(600_000), title: bytes(128) },
		image: { ...alone, image: 'bytes' },
		voice: alone,
		video: { ...alone, limit: bytes(512), title: bytes(128) },
		file: alone,
		miniprogram_notice: { markup: 'plain', limit: chars(12), title: chars(12), fields: 10, single: true },
		template_card: { ...files, ...cardRenders(o) },
	};
}

type Contents = (input: Input, extras: Extras) => VendorJson | Promise<VendorJson>;

const words: Contents = ({ message: { body } }) => (body === '' ? undefined : { content: body });

/** A video alone has its text beside it; other media have none. */
export const besideMedia = (type: MediaType, { message: { title, body }, options }: Input) =>
	type === 'video' && options.kind === 'video' ? { title, description: body } : {};

const mediaAlone =
	(type: Exclude<MediaType, 'image'>): Contents =>
	(input, extras) => {
		const { message, options: o } = input;
		const isVideo = (file: File) => mediaTypeOf(file, ['video']) === 'video';
		const takesText = type === 'video' && (o.mediaId !== undefined || message.attachments.some(isVideo));
		if (!takesText) extras.lose('text', `${message.title ?? ''}${message.body}`);
		if (o.mediaId === undefined && message.attachments.length === 0) throw noMedia(type);
		return o.mediaId === undefined ? undefined : { media_id: o.mediaId, ...besideMedia(type, input) };
	};

/** The content of the first message; none where there is nothing but pictures or files to send. */
export const contents: Record<Kind, Contents> = {
	text: words,
	markdown: words,

	textcard: ({ message, options: o, language }) => {
		if (message.url === undefined)
			throw invalid('url', {
				en: 'A text card needs a link: give the message a url.',
				zh: '文本卡片需要链接：请为消息提供 url。',
			});
		const title = requiredTitle(message, chars(128), language);
		return {
			title,
			description: message.body === '' ? title : message.body.replace(/\n/g, '<br>'),
			url: message.url,
			btntxt: o.btntxt,
		};
	},

	news: ({ message, options: o }) => ({ articles: articlesOf(message, o.articles) }),

	mpnews: async (input, extras) => {
		const { message, options: o, account, language } = input;
		if (o.mpArticles.length > 0) return { articles: o.mpArticles };
		const { image } = message;
		let thumb = o.mediaId;
		if (thumb === undefined && image)
			await extras.try('image', async () => (thumb = await uploadOnce(input, image, 'image', extras)));
		thumb ??= account.defaultMediaId;
		if (thumb === undefined) {
			if (extras.degraded.length > 0) return undefined;
			throw invalid('image', {
				en: 'This kind of news needs a picture: give the message one, or the account a default.',
				zh: 'mpnews 需要封面图片：请为消息提供图片，或在账号中设置默认图片。',
			});
		}
		const title = requiredTitle(message, bytes(128), language);
		return {
			articles: [
				{
					title,
					thumb_media_id: thumb,
					author: o.author,
					content_source_url: message.url,
					content: message.body === '' ? title : message.body,
					digest: requiredTitle({ ...message, title: undefined }, bytes(512), language),
				},
			],
		};
	},

	image: async (input, extras) => {
		const { message, options: o, account } = input;
		extras.lose('text', message.body);
		const media =
			o.mediaId ??
			(message.image ? await uploadOnce(input, message.image, 'image', extras) : account.defaultMediaId);
		if (media === undefined) throw noPicture();
		return { media_id: media };
	},

	voice: mediaAlone('voice'),
	video: mediaAlone('video'),
	file: mediaAlone('file'),

	miniprogram_notice: ({ message, options: o, language }) => ({
		appid: o.appId,
		page: o.page,
		title: requiredTitle(message, chars(12), language),
		description: message.title === undefined ? undefined : message.body,
		emphasis_first_item: o.emphasizeFirst,
		content_item: message.fields.map(({ name, value }) => ({ key: name, value })),
	}),

	template_card: async ({ message, options: o, step }) => {
		const { key } = message.source;
		const made = () => (key === undefined ? step('task', () => Promise.resolve(randomUUID())) : taskId(key));
		return templateCard(message, o, o.taskId ?? (await made()));
	},
};

/** A media id. */
export const uploadOnce = (
	input: Input,
	file: File,
	type: MediaType,
	extras: Extras,
	index?: number,
): Promise<string> =>
	input.step(`upload ${type} ${index ?? ''}`, async () => {
		const { media_id } = await upload(input, file, type, type === 'image' ? 'image' : 'attachments');
		if (type === 'image' && (file.data?.byteLength ?? 0) > 2 * 1024 * 1024) extras.warnings.push(large);
		return media_id as string;
	});

const large: Text = {
	en: 'WeCom took a picture of more than 2 MB, which some of its versions do not: make it smaller to be sure.',
	zh: '图片超过 2 MB，企业微信的部分版本不支持：建议压缩。',
};

/** News without the picture that it needs. */
export function textInstead({ title = '', body }: Input['message'], link: string): VendorJson {
	const [plain = ''] = render(body, {
		format: 'html',
		dialect: 'plain',
		limit: bytes(Math.max(500, 1_900 - Buffer.byteLength(link))),
		overflow: 'cut',
	}).parts;
	return { content: [title, plain, link].filter((part) => part !== '').join('\n\n') };
}
