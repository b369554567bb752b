import { bytes, invalid, json, type Rendered, type Renders, type Show } from '../../core/define/channel';
import type { VendorJson } from '../../core/http/http';
import { cutLine } from '../../core/markup';

export const articlesField = (show: Show) =>
	json('Articles', {
		zh: '图文列表',
		optional: true,
		show,
		placeholder: '[{"title": "…", "description": "…", "url": "https://…", "picurl": "https://…"}]',
		help: { en: '1 to 8; empty: one made from the message', zh: '1 到 8 条；留空则由消息生成一条' },
	});

export const newsRenders: Renders = {
	markup: 'plain',
	limit: bytes(512),
	title: bytes(128),
	image: 'url',
	url: true,
	single: true,
};

/** @throws ChannelError `Invalid` */
export function articlesOf({ title, body, image, url }: Rendered, given: VendorJson): VendorJson[] {
	if (given !== undefined) {
		if (Array.isArray(given) && given.length >= 1 && given.length <= 8) return given;
		throw invalid('articles', {
			en: '“Articles” must be a JSON list of 1 to 8 objects.',
			zh: '“图文列表”必须是含 1 到 8 个对象的 JSON 数组。',
		});
	}
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
