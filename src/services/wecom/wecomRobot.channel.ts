import { createHash } from 'node:crypto';
import {
	action,
	baseUrl,
	bytes,
	choice,
	defineChannel,
	invalid,
	list,
	secret,
	text,
	type Call,
	type File,
	type Renders,
	type SendInput,
	type Values,
} from '../../core/define/channel';
import type { VendorJson } from '../../core/http/http';
import type { Text } from '../../core/base/language';
import type { Message } from '../../core/message/message';
import { Extras } from '../../core/define/extras';
import { fileInput, fileOf } from '../../core/define/fields/fileInput';
import { final } from '../../core/define/final';
import { markdownImage } from '../../core/markup/markdownImage';
import { baseOf, keyInQuery } from '../../core/define/fields/pastedUrl';
import { sendRaw } from '../../core/define/sendRaw';
import { cardFields, cardRenders, noticeCards, templateCard } from './cards';
import { mediaTypeOf, noMedia, noPicture, objection, uploadable, type MediaType } from './media';
import { articlesField, articlesOf, newsRenders } from './news';
import { wecomRobotReplies } from './replies';

const standard = 'https://qyapi.weixin.qq.com';

const account = {
	baseUrl: baseUrl(standard),
	key: secret('Key', {
		zh: 'Key',
		placeholder: 'https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=…',
		help: { en: 'The key, or the whole webhook URL of the robot', zh: 'key，或机器人的完整 Webhook 地址' },
	}),
};

const options = {
	kind: choice(
		'Message type',
		{
			auto: [
				'Automatic: Markdown, or text where a mention needs it',
				'自动：Markdown，需要 @ 手机号或所有人时用文本',
			],
			text: ['Text', '文本'],
			markdown: ['Markdown', 'Markdown'],
			markdown_v2: ['Markdown v2: tables, code, lists', 'Markdown v2：支持表格、代码、列表'],
			image: ['The picture alone', '仅图片'],
			news: ['News', '图文'],
			file: ['The files alone', '仅文件'],
			template_card: ['Template card', '模板卡片'],
		},
		{
			zh: '消息类型',
			default: 'auto',
			catches: {
				markdown_v2: {
					en: 'Mentions nobody, and clients before 4.1.36 (Android 4.1.38) show its marks as they are.',
					zh: '不能 @ 成员；4.1.36（安卓 4.1.38）之前的客户端会原样显示标记。',
				},
			},
		},
	),
	mentionedList: list('Mention user ids', {
		zh: '@成员 userid',
		optional: true,
		placeholder: 'zhangsan, @all',
		show: { kind: ['auto', 'text', 'markdown'] },
	}),
	mentionedMobileList: list('Mention mobile numbers', {
		zh: '@手机号',
		optional: true,
		show: { kind: ['auto', 'text'] },
	}),
	mediaId: text('Media id', {
		zh: 'media_id',
		optional: true,
		show: { kind: ['file'] },
		help: { en: 'Of a file uploaded earlier by this robot', zh: '由该机器人上传过的文件' },
	}),
	articles: articlesField({ kind: ['news'] }),
	...cardFields(noticeCards, { kind: ['template_card'] }),
};

type Input = SendInput<typeof account, typeof options>;
type Calling = Call<typeof account>;
type Options = Values<typeof options>;
type Kind = Exclude<Options['kind'], 'auto'>;

/** Markdown rings for user ids alone. */
function kindOf({ kind, mentionedList, mentionedMobileList }: Options, { mentions = [] }: Message): Kind {
	if (kind !== 'auto') return kind;
	const named = [...mentionedList, ...mentions];
	return mentionedMobileList.length > 0 || named.some((each) => each === '@all' || isMobile(each))
		? 'text'
		: 'markdown';
}

const isMobile = (mention: string) => /^\+?\d{11,15}$/.test(mention);

export const wecomRobot = defineChannel({
	id: 'wecomRobot',
	set: 'work',
	name: 'WeCom Robot',
	zh: '企业微信机器人',
	docs: 'https://developer.work.weixin.qq.com/document/path/99110',
	aliases: ['企业微信', '企微', '群机器人', '消息推送', 'wechat work', 'wecom bot'],
	where: [
		{
			en: 'In the group: *⋯ → Message push* (earlier *Group Robot*) *→ Add*.',
			zh: '在群里：右上角 ⋯ → 消息推送（旧称“群机器人”）→ 添加。',
		},
		{
			en: 'Copy the webhook address: the part behind `key=` is the key, and the whole address is taken too.',
			zh: '复制 Webhook 地址：`key=` 之后的部分是 Key，整个地址也能识别。',
		},
	],
	takesFiles: true,
	renders: ({ options, message }) => ({
		...renderings(options, message)[kindOf(options, message)],
		unring: (words) => words.replace(/<(?=@)/g, '<\u200b'),
	}),
	account,
	options,
	pace: [{ count: 20, seconds: 60 }],
	replies: wecomRobotReplies,

	async send(input) {
		const { message, options: o, step } = input;
		const kind = kindOf(o, message.source);
		const extras = new Extras();
		const main = contents[kind](input, extras);
		let raw =
			main &&
			(await step('message', () => {
				const sending = post(input, { msgtype: kind, [kind]: main });
				return kind === 'image' ? final(sending) : sending;
			}));
		if (kind === 'text' || kind === 'markdown')
			await extras.try(
				'image',
				() => sendPicture(input, extras),
				() => sayLink(input),
			);
		for (const [index, file] of message.attachments.entries()) {
			const type = mediaTypeOf(file, ['voice']);
			const sending = async () => (raw = await sendFile(input, String(index), file, type));
			// One that is refused costs neither the text nor the other files.
			if (raw === undefined && message.attachments.length === 1) await sending();
			else await extras.try('attachments', sending);
		}
		return { raw, warnings: extras.warnings, degraded: extras.degraded };
	},

	actions: {
		uploadFile: action<typeof account>()({
			name: 'Upload File',
			zh: '上传文件',
			resource: 'file',
			description: {
				en: 'Gives a media id that this robot can send for 3 days',
				zh: '得到 media_id，3 天内可由该机器人发送',
			},
			fields: {
				file: fileInput,
				type: choice(
					'Type',
					{ file: ['File', '文件'], voice: ['Voice (AMR)', '语音（AMR）'] },
					{ zh: '类型', default: 'file' },
				),
			},
			run: async (call) => upload(call, await fileOf(call), call.input.type, 'file'),
		}),
		sendRaw: sendRaw<typeof account>(
			{ en: 'Any message of WeCom’s own form', zh: '按企业微信自身格式发送任意消息' },
			'{"msgtype": "text", "text": {"content": "…"}}',
			post,
		),
	},
});

function pathFor({ account }: Calling, path: string, query = ''): string {
	const robot = keyInQuery(account.key, 'key');
	return `${baseOf(account.baseUrl, standard, robot)}/cgi-bin/webhook/${path}?key=${encodeURIComponent(robot.key)}${query}`;
}

function post(call: Calling, message: unknown): Promise<VendorJson> {
	return call.http.post(pathFor(call, 'send'), { json: message });
}

const upload = (call: Calling, file: File, type: MediaType, field?: string): Promise<VendorJson> =>
	call.http.post(pathFor(call, 'upload_media', `&type=${type}`), {
		multipart: { media: uploadable(file, type, field) },
	});

/** Text and Markdown are followed by the picture, as a message of its own. */
function renderings(o: Options, { image, mentions = [] }: Message): Record<Kind, Renders> {
	const names = [...o.mentionedList, ...mentions].join('').length + 6 * (o.mentionedList.length + mentions.length);
	const picture = image && 'url' in image ? image.url.length + 40 : 0;
	const withFiles = { attachments: 'bytes' } as const;
	return {
		text: { ...withFiles, markup: 'plain', limit: bytes(2_048), image: 'bytes', mentions: true },
		markdown: { ...withFiles, markup: 'wecom', limit: bytes(4_096 - names), image: 'bytes', mentions: true },
		markdown_v2: { ...withFiles, markup: 'wecomV2', limit: bytes(Math.max(1_000, 4_096 - picture)), image: 'url' },
		image: { markup: 'plain', limit: bytes(2_048), image: 'bytes', single: true },
		news: { ...withFiles, ...newsRenders },
		file: { ...withFiles, markup: 'plain', limit: bytes(2_048), single: true },
		template_card: { ...withFiles, ...cardRenders(o) },
	};
}

/** The content of the first message; none where there is nothing but files to send. */
const contents: Record<Kind, (input: Input, extras: Extras) => VendorJson> = {
	text: ({ message, options: o }) => {
		if (message.body === '') return undefined;
		if (message.index > 0) return { content: message.body };
		const named = [...o.mentionedList, ...message.mentions];
		const people = [...new Set(named.filter((each) => !isMobile(each)))];
		const mobiles = [...new Set([...o.mentionedMobileList, ...named.filter(isMobile)])];
		return {
			content: message.body,
			...(people.length > 0 && { mentioned_list: people }),
			...(mobiles.length > 0 && { mentioned_mobile_list: mobiles }),
		};
	},

	markdown: ({ message, options: o }, extras) => {
		if (message.body === '') return undefined;
		const named = message.index > 0 ? [] : [...new Set([...o.mentionedList, ...message.mentions])];
		const silent = named.filter((each) => each === '@all' || isMobile(each));
		if (silent.length > 0) {
			extras.degraded.push({ kind: 'mentions', count: silent.length });
			extras.warnings.push(onlyText);
		}
		const names = named.filter((each) => !silent.includes(each)).map((each) => `<@${each}>`);
		const missing = names.filter((name) => !message.body.includes(name));
		return { content: [message.body, ...missing].join(missing.length > 0 ? ' ' : '') };
	},

	markdown_v2: ({ message: { body, image } }) => ({
		content: image?.url === undefined ? body : `${body}\n\n${markdownImage(image.url)}`.trim(),
	}),

	image: ({ message: { image, body } }, extras) => {
		if (!image?.data) throw noPicture();
		const { data } = uploadable(image, 'image', 'image', robotsMegabytes);
		extras.lose('text', body);
		return picture(data);
	},

	news: ({ message, options: o }) => ({ articles: articlesOf(message, o.articles) }),

	file: ({ message, options: o }, extras) => {
		if (o.mediaId === undefined && message.attachments.length === 0) throw noMedia('file');
		extras.lose('text', message.body);
		return o.mediaId === undefined ? undefined : { media_id: o.mediaId };
	},

	template_card: ({ message, options: o }) => templateCard(message, o),
};

/** Before base64. */
const robotsMegabytes = 2;

const onlyText: Text = {
	en: 'Markdown mentions user ids alone: choose text to mention everyone or a mobile number.',
	zh: 'Markdown 只能 @ userid：要 @所有人或手机号请改用文本。',
};

const picture = (data: Uint8Array) => ({
	base64: Buffer.from(data).toString('base64'),
	md5: createHash('md5').update(data).digest('hex'),
});

/** What the robot does not show as a picture (WebP, more than 2 MB) goes as a file. */
async function sendPicture(input: Input, extras: Extras): Promise<void> {
	const { image } = input.message;
	if (!image) return;
	const why = objection(image, 'image', robotsMegabytes);
	if (why === undefined) {
		await input.step('picture', () => post(input, { msgtype: 'image', image: picture(image.data!) }));
		return;
	}
	if (objection(image, 'file') !== undefined) throw invalid('image', why);
	await sendFile(input, 'picture', image, 'file');
	extras.warnings.push(sentAsFile);
}

/** Of a picture that is refused, which it is once the text is out. */
async function sayLink(input: Input): Promise<void> {
	const link = input.linkToImage();
	if (link !== '') await input.step('link', () => post(input, { msgtype: 'text', text: { content: link } }));
}

const sentAsFile: Text = {
	en: 'WeCom robots show pictures as JPG or PNG of at most 2 MB, so this one went as a file.',
	zh: '企业微信机器人仅显示不超过 2 MB 的 JPG、PNG 图片，此图片已改为文件发送。',
};

async function sendFile(input: Input, name: string, file: File, type: MediaType): Promise<VendorJson> {
	const { media_id } = await input.step(`upload ${name}`, () => upload(input, file, type));
	return await input.step(`file ${name}`, () => post(input, { msgtype: type, [type]: { media_id } }));
}
