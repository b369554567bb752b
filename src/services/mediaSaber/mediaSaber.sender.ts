import { note } from '../../core/receive/note';
import { flag, isRecord, picture, record, text } from '../../core/receive/reading';
import { defineSender } from '../../core/define/sender';

/** `openSend`: the body that MediaSaber's own webhook takes, and that scripts (Lucky, Qinglong, QD) were written for. */
export const mediaSaber = defineSender({
	id: 'mediaSaber',
	name: 'MediaSaber (openSend)',
	zh: 'MediaSaber (openSend)',
	samples: {
		message: {
			title: '🎬 大都会 (1927)',
			content: '已整理入库：1080p，8.0 GB',
			imageUrl: 'https://images.example.com/metropolis.jpg',
			proxy: true,
		},
	},
	hint: /openSend|media-?saber/i,
	answersAt: /openSend|media-?saber/i,
	otherwise: 'custom',

	recognise(body) {
		if (!isRecord(body) || text(body.title) === undefined || text(body.content) === undefined) return 0;
		const keys = Object.keys(body);
		if (!keys.every((key) => ['title', 'content', 'imageUrl', 'proxy'].includes(key))) return 0;
		return keys.length > 2 ? 0.9 : 0.5;
	},

	read(body, context) {
		const { title, content, imageUrl, proxy } = record(body);
		const image = picture(imageUrl);
		return [
			note(
				{
					source: 'mediaSaber',
					rawType: 'openSend',
					title: text(title),
					body: text(content) ?? '',
					// `proxy`: the picture is fetched here and goes out as bytes.
					image: image && 'url' in image && flag(proxy) ? { ...image, fetch: true } : image,
					raw: body,
				},
				context,
			),
		];
	},

	reply: { status: 200, headers: { 'content-type': 'application/json' }, body: '{"code":20000,"message":"success"}' },
});
