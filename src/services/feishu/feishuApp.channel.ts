import { createHash, randomUUID } from 'node:crypto';
import {
	bytes,
	chars,
	defineChannel,
	invalid,
	type File,
	type Json,
	type Renders,
	jsonBytes,
} from '../../core/define/channel';
import { proofOf } from '../../core/http/proof';
import type { VendorJson } from '../../core/http/http';
import type { Text } from '../../core/base/language';
import { ahead, Extras } from '../../core/define/extras';
import { feishuAppActions } from './appActions';
import {
	ask,
	change,
	idTypeOf,
	messagePath,
	messagesPath,
	packed,
	isShown,
	isTakenAsFile,
	typeOf,
	uploadFile,
	uploadImage,
	urgent,
} from './appApi';
import { account, options, type Input, type Kind } from './appFields';
import { cardMarkup, feishuCard } from './cards';
import { mentionedIn, plainOfCard, postContent, textContent, unringing } from './contents';
import { chats } from './lists';
import { feishuAppReplies } from './replies';
import { final } from '../../core/define/final';

const files = { image: 'bytes', attachments: 'bytes' } as const;
const alone: Renders = { markup: 'plain', limit: bytes(10_000), attachments: 'bytes', single: true };
const renders: Record<Kind, Renders> = {
	interactive: {
		...files,
		markup: 'larkMd',
		limit: jsonBytes(18_000, 2),
		title: bytes(500),
		buttons: { most: 10, values: true },
		fields: 20,
		fieldText: chars(200),
		level: true,
		mentions: true,
		url: true,
	},
	text: { ...files, markup: 'plain', limit: jsonBytes(100_000, 2), mentions: true },
	post: { ...files, markup: 'feishuPost', limit: jsonBytes(16_000), title: bytes(500), mentions: true },
	image: { ...alone, image: 'bytes' },
	file: alone,
	audio: alone,
	media: { ...alone, image: 'bytes' },
	sticker: alone,
	share_chat: alone,
	share_user: alone,
};

export const feishuApp = defineChannel({
	id: 'feishuApp',
	set: 'work',
	name: 'Feishu App',
	zh: '飞书应用',
	docs: 'https://open.feishu.cn/document/server-docs/im-v1/message/create',
	aliases: ['飞书', 'Lark', 'larksuite', '自建应用'],
	where: [
		{
			en: 'On open.feishu.cn (Lark: open.larksuite.com) open the *Developer Console → Create Custom App*.',
			zh: '打开 open.feishu.cn 的“开发者后台”→“创建企业自建应用”。',
		},
		{
			en: '*Credentials & Basic Info* shows App ID and App Secret.',
			zh: '“凭证与基础信息”中有 App ID 和 App Secret。',
		},
		{
			en: '*Add Features → Bot*; under *Permissions* allow `im:message` and, for pictures and files, `im:resource`.',
			zh: '“添加应用能力”→“机器人”；在“权限管理”中开通 `im:message`，发送图片和文件还需 `im:resource`。',
		},
		{
			en: '*Version Management & Release*: create a version and have it released. Then add the bot to the group.',
			zh: '“版本管理与发布”：创建版本并发布，然后把机器人加入群聊。',
		},
		{
			en: 'For the trigger: *Events & Callbacks → Encryption Strategy* shows Encrypt Key and Verification Token.',
			zh: '触发器还需要：“事件与回调”→“加密策略”中的 Encrypt Key 和 Verification Token。',
		},
	],
	takesFiles: true,
	renders: ({ options }) => ({
		...renders[options.kind],
		...(options.kind === 'interactive' && { markup: cardMarkup(options) }),
		unring: unringing,
	}),
	account,
	target: {
		label: 'Recipients',
		zh: '接收者',
		placeholder: 'oc_0123456789abcdef',
		help: {
			en: 'Groups (oc_…), people (ou_…, on_…, user id, e-mail), or a message to reply to (om_…)',
			zh: '群（oc_…）、成员（ou_…、on_…、user_id、邮箱），或要回复的消息（om_…）',
		},
		list: chats,
		each: true,
	},
	options,
	pace: [
		{ count: 5, seconds: 1, per: 'target' },
		{ count: 50, seconds: 1 },
		{ count: 1_000, seconds: 60 },
	],
	replies: feishuAppReplies,

	async token({ account: { appId, appSecret }, http }) {
		const { tenant_access_token: value, expire: seconds } = await http.post(
			'/open-apis/auth/v3/tenant_access_token/internal',
			{ json: { app_id: appId, app_secret: appSecret }, idempotent: true },
		);
		return { value, seconds };
	},

	async send(input) {
		const { message, options: o } = input;
		const extras = new Extras();
		const { image } = message;
		const asFile =
			o.kind !== 'image' && o.imageKey === undefined && image && !isShown(image) && isTakenAsFile(image);
		const picture = asFile ? undefined : await pictureOf(input);
		const answers: VendorJson[] = [];
		const composed = contents[o.kind](input, picture, extras);
		if (composed) {
			const sending = post(input, 'message', ...composed);
			// Only a card has a plain form to fall back to.
			answers.push(await (o.kind === 'interactive' ? sending : final(sending)));
		}
		if (picture !== undefined && composed?.[0] === 'text')
			await extras.try(
				'image',
				async () => answers.push(await post(input, 'picture', 'image', { image_key: picture })),
				() => sayLink(input),
			);
		for (const [index, file] of message.attachments.entries()) {
			const send = async () => answers.push(await sendFile(input, file, index, picture));
			// Without a text the file is the message.
			if (composed) await extras.try('attachments', send);
			else await send();
		}
		if (asFile) {
			const index = message.attachments.length;
			await extras.try(
				'image',
				async () => answers.push(await sendFile(input, image, index, undefined)),
				() => sayLink(input),
			);
			if (!extras.degraded.includes('image')) extras.warnings.push(sentAsFile);
		}
		for (const { data } of answers) proofOf(data?.message_id as string, { en: 'Feishu', zh: '飞书' });
		const messageId = answers[0]?.data?.message_id as string | undefined;
		if (messageId !== undefined && message.index === 0 && o.urgentUsers.length > 0)
			await remind(input, messageId, extras);
		return {
			id: messageId,
			handle: messageId === undefined ? undefined : { messageId },
			form: composed?.[0],
			raw: answers.length > 1 ? answers : answers[0],
			warnings: extras.warnings,
			degraded: extras.degraded,
		};
	},

	async edit(input) {
		const { message, options: o, handle, form } = input;
		const { messageId } = handle as Record<string, Json | undefined>;
		// Pictures and files are messages of their own, but for a card's and a post's.
		const isMore = message.attachments.length > 0 || (o.kind === 'text' && message.image !== undefined);
		if (typeof messageId !== 'string' || !changeable.has(o.kind) || isMore) return undefined;
		const willBe = o.kind === 'interactive' && message.markup === 'plain' ? 'text' : o.kind;
		if (form !== willBe) return undefined;
		const extras = new Extras();
		const composed = contents[o.kind](input, await pictureOf(input), extras);
		if (!composed) return undefined;
		const raw = await change(input, messageId, ...composed);
		return { id: messageId, handle, raw, warnings: extras.warnings, degraded: extras.degraded };
	},

	verify: (call) => ask(call, 'GET', '/open-apis/bot/v3/info'),

	actions: feishuAppActions,
});

const changeable: ReadonlySet<Kind> = new Set(['interactive', 'text', 'post']);

/**
 * The same uuid goes out once within an hour, so that a send may be repeated whatever became of the first. A message
 * that was to replace another of its key tells something else than that one did.
 */
async function uuidOf({ message, to, step }: Input, name: string): Promise<string> {
	const { key, edit, title, body, fields } = message.source;
	if (key === undefined) return await step(`uuid ${name}`, () => Promise.resolve(randomUUID()));
	return createHash('sha256')
		.update(JSON.stringify([key, to, name, message.index, ...(edit ? [title, body, fields] : [])]))
		.digest('hex')
		.slice(0, 40);
}

async function post(input: Input, name: string, msgType: string, content: VendorJson): Promise<VendorJson> {
	const { options: o, step } = input;
	const [to = ''] = input.to;
	return await step(name, async () => {
		const body = { ...packed(msgType, content), uuid: await uuidOf(input, name) };
		if (/^om_/.test(to))
			return await ask(input, 'POST', `${messagePath(to)}/reply`, {
				json: { ...body, reply_in_thread: o.replyInThread },
				idempotent: true,
			});
		const query = { receive_id_type: o.receiveIdType === 'auto' ? idTypeOf(to) : o.receiveIdType };
		return await ask(input, 'POST', messagesPath, { query, json: { receive_id: to, ...body }, idempotent: true });
	});
}

/** The key of the message's picture; without one where Feishu does not take it. */
async function pictureOf(input: Input): Promise<string | undefined> {
	const { message, options: o, step } = input;
	const { image } = message;
	if (o.imageKey !== undefined) return message.index === 0 ? o.imageKey : undefined;
	if (!image) return undefined;
	const upload = () =>
		step('upload picture', async () => (await uploadImage(input, image, 'image')).data.image_key as string);
	return o.kind === 'image' ? await final(upload()) : await ahead('image', upload);
}

/** Of a picture that is refused once the text is out. */
async function sayLink(input: Input): Promise<void> {
	const link = input.linkToImage();
	if (link !== '') await post(input, 'link', 'text', textContent(link, []));
}

type Composed = [msgType: string, content: VendorJson] | undefined;

/** The first message; none where there are only files to send. */
const contents: Record<Kind, (input: Input, picture: string | undefined, extras: Extras) => Composed> = {
	interactive: (input, picture, extras) => {
		const { message, options: o } = input;
		if (message.markup === 'plain')
			return contents.text({ ...input, message: { ...message, body: plainOfCard(message) } }, picture, extras);
		return ['interactive', feishuCard(message, o, picture, mentionedIn(input), message.source.key !== undefined)];
	},
	text: (input) =>
		input.message.body === '' ? undefined : ['text', textContent(input.message.body, mentionedIn(input))],
	post: (input, picture) => ['post', postContent(input.message, input.language, picture, mentionedIn(input))],

	image: ({ message }, picture, extras) => {
		if (picture === undefined)
			throw invalid('image', {
				en: 'There is no picture to send: give the message one, or fill in “Image key”.',
				zh: '没有可发送的图片：请为消息提供图片，或填写 image_key。',
			});
		extras.lose('text', message.body);
		return ['image', { image_key: picture }];
	},

	file: fileOnly,
	audio: fileOnly,
	media: fileOnly,
	sticker: fileOnly,
	share_chat: ({ message, options: o }, _, extras) => shared(message, extras, ['share_chat', { chat_id: o.shareId }]),
	share_user: ({ message, options: o }, _, extras) => shared(message, extras, ['share_user', { user_id: o.shareId }]),
};

function fileOnly({ message, options: o }: Input, picture: string | undefined, extras: Extras): Composed {
	if (o.fileKey === undefined && message.attachments.length === 0) {
		throw invalid('attachments', {
			en: 'There is no file to send: attach one, or fill in “File key”.',
			zh: '没有可发送的文件：请添加附件，或填写 file_key。',
		});
	}
	const composed: Composed =
		o.fileKey === undefined
			? undefined
			: [o.kind, { file_key: o.fileKey, ...(o.kind === 'media' && { image_key: picture }) }];
	return shared(message, extras, composed);
}

function shared({ body }: Input['message'], extras: Extras, composed: Composed): Composed {
	extras.lose('text', body);
	return composed;
}

/** Pictures are shown, opus is played as audio and mp4 as video, the rest are files. */
async function sendFile(input: Input, file: File, index: number, cover: string | undefined): Promise<VendorJson> {
	const { options: o, step } = input;
	if (o.kind !== 'file' && isShown(file)) {
		const { data } = await step(`upload ${index}`, () => uploadImage(input, file, 'attachments'));
		return await post(input, `file ${index}`, 'image', { image_key: data.image_key });
	}
	const { data } = await step(`upload ${index}`, () => uploadFile(input, file, o.duration, 'attachments'));
	const type = o.kind === 'file' ? 'file' : ({ opus: 'audio', mp4: 'media' }[typeOf(file)] ?? 'file');
	return await post(input, `file ${index}`, type, {
		file_key: data.file_key,
		...(type === 'media' && { image_key: cover }),
	});
}

const sentAsFile: Text = {
	en: 'Feishu shows JPG, PNG, WEBP, GIF, TIFF, BMP and ICO of at most 10 MB, so this picture went as a file.',
	zh: '飞书仅显示不超过 10 MB 的 JPG、PNG、WEBP、GIF、TIFF、BMP、ICO 图片，此图片已改为文件发送。',
};

/** The message is out already: a reminder that is refused is a warning. What is to make no sound is no urgent matter. */
async function remind(input: Input, messageId: string, extras: Extras): Promise<void> {
	const { options: o, message, step } = input;
	if (message.source.silent) {
		extras.degraded.push('urgent');
		return;
	}
	await extras.try('urgent', () =>
		step('urgent', () => urgent(input, messageId, o.urgentUsers, o.urgentBy, o.urgentIdType)),
	);
}
