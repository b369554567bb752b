import {
	bytes,
	invalid,
	multiline,
	rows,
	text,
	type Rendered,
	type Renders,
	type Show,
} from '../../core/define/channel';
import type { VendorJson } from '../../core/http/http';
import { cutLine } from '../../core/markup';

/** What WeCom takes of either kind. */
const eight = {
	row: { en: 'Article', zh: '图文' },
	optional: true,
	max: 8,
	help: { en: '1 to 8; empty: one made from the message', zh: '1 到 8 条；留空则由消息生成一条' },
} as const;

/** Of news; with `appid` and `pagepath` one opens a mini program. */
export const articlesField = (show: Show) =>
	rows(
		'Articles',
		{
			title: text('Title', { zh: '标题' }),
			description: text('Description', { zh: '描述', optional: true }),
			url: text('Link', { zh: '链接', optional: true, placeholder: 'https://' }),
			picurl: text('Picture', { zh: '图片', optional: true, placeholder: 'https://' }),
			appid: text('Mini program', { zh: '小程序 appid', optional: true }),
			pagepath: text('Page of the mini program', { zh: '小程序页面', optional: true }),
		},
		{ zh: '图文列表', ...eight, show },
	);

/** Of mpnews, whose articles WeCom keeps itself. */
export const mpArticlesField = (show: Show) =>
	rows(
		'Stored articles',
		{
			title: text('Title', { zh: '标题' }),
			thumb_media_id: text('Cover', { zh: '封面素材', help: { en: 'A media id', zh: '素材 media_id' } }),
			content: multiline('Content', { zh: '正文', help: { en: 'HTML', zh: '支持 HTML' } }),
			author: text('Author', { zh: '作者', optional: true }),
			content_source_url: text('Original', { zh: '阅读原文', optional: true, placeholder: 'https://' }),
			digest: text('Digest', { zh: '摘要', optional: true }),
		},
		{ zh: '图文列表（mpnews）', ...eight, show },
	);

export const newsRenders: Renders = {
	markup: 'plain',
	limit: bytes(512),
	title: bytes(128),
	image: 'url',
	url: true,
	single: true,
};

/** @throws ChannelError `Invalid` */
export function articlesOf({ title, body, image, url }: Rendered, given: readonly VendorJson[]): readonly VendorJson[] {
	if (given.length > 0) return given;
	if (url === undefined) {
		throw invalid('url', {
			en: 'A news message needs a link: give the message a url.',
			zh: '图文消息需要链接：请为消息提供 url。',
		});
	}
	const [first = ''] = body.split('\n');
	return [
		{
			title: title ?? cutLine(first, bytes(128)),
			description: title === undefined && first === body ? undefined : body,
			url,
			picurl: image?.url,
		},
	];
}
