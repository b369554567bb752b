import {
	chars,
	choice,
	invalid,
	json,
	list,
	number,
	text,
	toggle,
	type Fields,
	type File,
	type Json,
	type SendInput,
} from '../../core/define/channel';
import type { Api } from './calls';
import { requiredTitle } from '../../core/define/requiredTitle';

const plainMessage = { kind: ['message'] };

/** What a message is made of. */
export const oneBotOptions = {
	kind: choice(
		'Message type',
		{
			message: ['Text and pictures', '文本与图片'],
			share: ['Link card', '链接分享'],
			forward: ['Forwarded messages', '合并转发'],
			segments: ['Own segments', '自定义消息段'],
			cq: ['CQ codes', 'CQ 码'],
		},
		{
			zh: '消息类型',
			default: 'message',
			help: {
				en: 'Link card and forwarded messages depend on the implementation',
				zh: '链接分享与合并转发取决于所用实现',
			},
		},
	),
	segments: json('Segments', {
		zh: '消息段',
		show: { kind: ['segments'] },
		placeholder: '[{ "type": "text", "data": { "text": "Hello" } }]',
		help: {
			en: 'Their kinds and data: https://github.com/botuniverse/onebot-11/blob/master/message/segment.md',
			zh: '类型与参数见 https://github.com/botuniverse/onebot-11/blob/master/message/segment.md',
		},
	}),
	replyTo: text('Answers', {
		zh: '回复消息',
		optional: true,
		show: plainMessage,
		help: { en: 'The id of the message to answer', zh: '要回复的消息 ID' },
	}),
	faces: list('Faces', {
		zh: '表情',
		optional: true,
		show: plainMessage,
		help: { en: 'Ids of QQ’s own faces, put behind the text', zh: 'QQ 表情 ID，附在正文之后' },
	}),
	flash: toggle('Flash picture', { zh: '闪照', show: plainMessage }),
	cache: toggle('Cache pictures', {
		zh: '图片缓存',
		default: true,
		show: plainMessage,
		help: { en: 'Off: the implementation loads them anew', zh: '关闭后每次重新下载图片' },
	}),
	imageProxy: toggle('Pictures through the bot’s proxy', {
		zh: '通过机器人代理下载图片',
		default: true,
		show: plainMessage,
	}),
	imageTimeout: number('Picture time limit (seconds)', {
		zh: '图片下载超时（秒）',
		optional: true,
		min: 1,
		show: plainMessage,
	}),
	dispatch: choice(
		'Call',
		{
			normal: ['And wait for the result', '等待结果'],
			async: ['Without waiting', '异步'],
			rateLimited: ['In its slow queue', '限速队列'],
		},
		{
			zh: '调用方式',
			default: 'normal',
			catches: {
				async: {
					en: 'The implementation says yes before it sends: whether the message got there is not known.',
					zh: '实现端先应答后发送，消息是否送达无从得知。',
				},
				rateLimited: {
					en: 'The implementation says yes before it sends: whether the message got there is not known.',
					zh: '实现端先应答后发送，消息是否送达无从得知。',
				},
			},
		},
	),
};

type Said = Pick<SendInput<Fields, typeof oneBotOptions>, 'message' | 'options' | 'language'>;
type Segment = { type: string; data: Record<string, Json> };

/** Sound and film stand alone in a message; other files are no message at all. */
export function sort(attachments: readonly File[]) {
	const kind = ({ mime }: File) => mime.split('/')[0];
	return {
		inMessage: attachments.filter((file) => kind(file) === 'image'),
		alone: attachments
			.filter((file) => kind(file) === 'audio' || kind(file) === 'video')
			.map((file) => ({ type: kind(file) === 'audio' ? 'record' : 'video', data: { file: sourceOf(file) } })),
		files: attachments.filter((file) => !['image', 'audio', 'video'].includes(kind(file) ?? '')),
	};
}

export const sourceOf = ({ url, data }: File): string =>
	data ? `base64://${Buffer.from(data).toString('base64')}` : (url ?? '');

export function segmentsOf({ message, options: o, language }: Said, pictures: readonly File[]): Json {
	const { body, image, mentions, url, index, count } = message;
	if (o.kind === 'cq')
		return [...mentions.map((id) => `[CQ:at,qq=${id.replace(/^@/, '')}]`), message.source.body].join(' ');
	if (o.kind === 'segments') return o.segments ?? [];
	if (o.kind === 'share') {
		if (url === undefined)
			throw invalid('url', {
				en: 'A link card needs a link: give the message one.',
				zh: '链接分享需要链接：请为消息填写链接。',
			});
		return [
			{
				type: 'share',
				data: {
					url,
					title: requiredTitle(message, chars(100), language),
					content: body,
					...(image?.url && { image: image.url }),
				},
			},
		];
	}
	const segments: Segment[] = [];
	if (o.replyTo !== undefined && index === 0) segments.push({ type: 'reply', data: { id: o.replyTo } });
	for (const id of mentions) segments.push({ type: 'at', data: { qq: id.replace(/^@/, '') } }, textSegment(' '));
	if (body !== '') segments.push(textSegment(body));
	if (index === count - 1) segments.push(...o.faces.map((id) => ({ type: 'face', data: { id } })));
	return [...segments, ...imagesOf(image, pictures).map((file) => imageSegment(file, o))];
}

const textSegment = (words: string): Segment => ({ type: 'text', data: { text: words } });

const imagesOf = (image: File | undefined, more: readonly File[]) => [...(image ? [image] : []), ...more];

const imageSegment = (file: File, { flash, cache, imageProxy, imageTimeout }: Partial<Said['options']>): Segment => ({
	type: 'image',
	data: {
		file: sourceOf(file),
		...(flash && { type: 'flash' }),
		...(cache === false && { cache: 0 }),
		...(imageProxy === false && { proxy: 0 }),
		...(imageTimeout !== undefined && { timeout: imageTimeout }),
	},
});

/** Text and each picture in a node of their own, said by the bot; implementations name the sender in two ways. */
export async function nodesOf(
	{ message, step }: Pick<SendInput, 'message' | 'step'>,
	api: Api,
	pictures: readonly File[],
): Promise<Json> {
	const { data } = await step('self', () => api('get_login_info', {}, true));
	const name = String(data?.nickname ?? 'OneBot');
	const uin = String(data?.user_id ?? '10000');
	const contents = [
		...(message.body === '' ? [] : [textSegment(message.body)]),
		...imagesOf(message.image, pictures).map((file) => imageSegment(file, {})),
	];
	return contents.map((segment) => ({
		type: 'node',
		data: { name, uin, nickname: name, user_id: uin, content: [segment] },
	}));
}
