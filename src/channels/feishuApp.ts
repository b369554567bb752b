import { createHash, randomUUID } from 'node:crypto';
import {
	action,
	baseUrl,
	bytes,
	choice,
	defineChannel,
	invalid,
	json,
	list,
	multiline,
	number,
	secret,
	text,
	toggle,
	type Call,
	type File,
	type Renders,
	type SendInput,
	type Values,
} from '../core/channel';
import type { Ask, VendorJson } from '../core/http';
import { fill } from '../core/language';
import { render } from '../core/markup';
import { Extras } from './shared/extras';
import { cardFields, feishuCard } from './shared/feishuCards';
import { mentionedIds, plainOfCard, postContent, textContent } from './shared/feishuContents';
import { attachmentOf, fileInput } from './shared/fileInput';
import { final } from './shared/final';

const account = {
	baseUrl: baseUrl('https://open.feishu.cn', {
		help: { en: 'https://open.larksuite.com for Lark', zh: 'Lark 国际版为 https://open.larksuite.com' },
	}),
	appId: text('App ID', { zh: 'App ID', placeholder: 'cli_0123456789abcdef' }),
	appSecret: secret('App secret', { zh: 'App Secret' }),
	verificationToken: secret('Verification token', {
		zh: 'Verification Token',
		optional: true,
		help: { en: 'Of the event subscription, for the trigger', zh: '事件订阅中的 Verification Token，供触发器使用' },
	}),
	encryptKey: secret('Encrypt key', {
		zh: 'Encrypt Key',
		optional: true,
		help: { en: 'Of the event subscription, for the trigger', zh: '事件订阅中的 Encrypt Key，供触发器使用' },
	}),
};

const idTypes = {
	open_id: ['Open id (ou_…)', '成员 open_id（ou_…）'],
	union_id: ['Union id (on_…)', '成员 union_id（on_…）'],
	user_id: ['User id', '成员 user_id'],
} as const;
const urgencies = { app: ['In the app', '应用内'], sms: ['SMS', '短信'], phone: ['Phone call', '电话'] } as const;
const mediaShow = { kind: ['file', 'audio', 'media', 'sticker'] };

const options = {
	kind: choice(
		'Message type',
		{
			interactive: ['Card', '卡片'],
			text: ['Text', '文本'],
			post: ['Post (rich text)', '富文本'],
			image: ['The picture alone', '仅图片'],
			file: ['The files alone', '仅文件'],
			audio: ['Audio', '语音'],
			media: ['Video', '视频'],
			sticker: ['Sticker', '表情包'],
			share_chat: ['Group card', '群名片'],
			share_user: ['Personal card', '个人名片'],
		},
		{ zh: '消息类型', default: 'interactive' },
	),
	receiveIdType: choice(
		'Recipients are',
		{
			auto: ['Told apart by their form', '按格式自动识别'],
			chat_id: ['Groups (oc_…)', '群（oc_…）'],
			...idTypes,
			email: ['E-mail addresses', '邮箱'],
		},
		{ zh: '接收者类型', default: 'auto' },
	),
	...cardFields({ kind: ['interactive'] }),
	imageKey: text('Image key', {
		zh: 'image_key',
		optional: true,
		show: { kind: ['image', 'interactive', 'post', 'media'] },
		placeholder: 'img_v2_…',
		help: { en: 'Of a picture uploaded earlier', zh: '已上传图片的 image_key' },
	}),
	fileKey: text('File key', {
		zh: 'file_key',
		optional: true,
		show: mediaShow,
		placeholder: 'file_v2_…',
		help: { en: 'Of a file uploaded earlier', zh: '已上传文件的 file_key' },
	}),
	duration: number('Duration (milliseconds)', {
		zh: '时长（毫秒）',
		optional: true,
		integer: true,
		min: 1,
		show: { kind: ['audio', 'media'] },
	}),
	shareId: text('Shared id', {
		zh: '分享的 ID',
		show: { kind: ['share_chat', 'share_user'] },
		placeholder: 'oc_0123456789abcdef',
		help: { en: 'A group’s chat id, or a person’s open id', zh: '群的 chat_id，或成员的 open_id' },
	}),
	mentions: list('Mention', {
		zh: '@成员',
		optional: true,
		placeholder: 'ou_0123456789abcdef, @all',
		show: { kind: ['interactive', 'text', 'post'] },
	}),
	replyInThread: toggle('Reply in a thread', {
		zh: '以话题形式回复',
		help: { en: 'Where the recipient is a message (om_…)', zh: '接收者为消息（om_…）时有效' },
	}),
	urgentUsers: list('Urgent for', {
		zh: '加急对象',
		optional: true,
		placeholder: 'ou_0123456789abcdef',
		help: { en: 'Users who get a strong reminder of it', zh: '对这些成员发送加急提醒' },
	}),
	urgentBy: choice('Urgent by', urgencies, { zh: '加急方式', default: 'app' }),
	urgentIdType: choice('Urgent ids are', idTypes, { zh: '加急对象 ID 类型', default: 'open_id' }),
};

type Input = SendInput<typeof account, typeof options>;
type Calling = Call<typeof account>;
type Kind = Values<typeof options>['kind'];

const files = { image: 'bytes', attachments: 'bytes' } as const;
const alone: Renders = { markup: 'plain', limit: bytes(10_000), attachments: 'bytes', single: true };
const renders: Record<Kind, Renders> = {
	interactive: {
		...files,
		markup: 'larkMd',
		limit: bytes(18_000),
		title: bytes(500),
		buttons: { most: 10, values: true },
		fields: 20,
		level: true,
		mentions: true,
		url: true,
	},
	text: { ...files, markup: 'plain', limit: bytes(100_000), mentions: true },
	post: { ...files, markup: 'feishuPost', limit: bytes(16_000), title: bytes(500), mentions: true },
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
	name: 'Feishu App',
	zh: '飞书应用',
	docs: 'https://open.feishu.cn/document/server-docs/im-v1/message/create',
	aliases: ['飞书', 'Lark', 'larksuite', '自建应用'],
	renders: ({ options }) => renders[options.kind],
	account,
	target: {
		label: 'Recipients',
		zh: '接收者',
		placeholder: 'oc_0123456789abcdef',
		help: {
			en: 'Groups (oc_…), people (ou_…, on_…, user id, e-mail), or a message to reply to (om_…)',
			zh: '群（oc_…）、成员（ou_…、on_…、user_id、邮箱），或要回复的消息（om_…）',
		},
		each: true,
	},
	options,
	pace: [
		{ count: 5, seconds: 1, per: 'target' },
		{ count: 50, seconds: 1 },
		{ count: 1_000, seconds: 60 },
	],
	replies: {
		ok: (reply) => reply.code === 0,
		code: (reply) => reply.code,
		says: (reply) => reply.msg,
		errors: [
			{
				code: [99991661, 99991663, 99991664, 99991665, 99991668],
				is: 'Unauthorized',
				refresh: true,
				do: { en: 'The access token expired early: try again.', zh: 'tenant_access_token 已失效：请重试。' },
			},
			{
				code: [10003, 10013, 10014, 10015],
				is: 'Unauthorized',
				do: {
					en: 'App ID or app secret is wrong: copy both from the developer console, and mind Feishu or Lark.',
					zh: 'App ID 或 App Secret 有误：请从开发者后台重新复制，并区分飞书与 Lark。',
				},
			},
			{
				code: [99991400, 230020, 11232],
				is: 'RateLimited',
				retryAfter: 5,
				do: {
					en: 'Feishu takes 5 messages a second for one person or group: send less.',
					zh: '飞书对同一成员或群限每秒 5 条：请减少发送。',
				},
			},
			{
				code: [99991672, 230027],
				is: 'Unauthorized',
				do: {
					en: 'The app lacks a permission: grant im:message (for pictures and files im:resource) in the console and publish a version.',
					zh: '应用缺少权限：请在开发者后台开通 im:message（图片与文件还需 im:resource）并发布版本。',
				},
			},
			{
				code: 230006,
				is: 'Unauthorized',
				do: {
					en: 'The app is no bot yet: switch the bot ability on in the console and publish a version.',
					zh: '应用未启用机器人能力：请在开发者后台启用并发布版本。',
				},
			},
			{
				code: 230002,
				is: 'Rejected',
				do: { en: 'The bot is not in this group: add it there.', zh: '机器人不在该群中：请先把它加入群聊。' },
			},
			{
				code: 230013,
				is: 'Rejected',
				do: {
					en: 'This person is outside of the app’s availability: widen it in the console.',
					zh: '该成员不在应用可用范围内：请在开发者后台扩大范围。',
				},
			},
			{
				code: [230018, 230035],
				is: 'Rejected',
				do: {
					en: 'The group does not let the bot speak: change the group’s settings.',
					zh: '群设置不允许机器人发言：请修改群设置。',
				},
			},
			{
				code: [230022, 230028],
				is: 'Rejected',
				do: {
					en: 'The tenant’s rules refuse this content: word it differently.',
					zh: '内容未通过企业的敏感信息或防泄漏检查：请修改措辞。',
				},
			},
			{
				code: 230025,
				is: 'Rejected',
				do: {
					en: 'Feishu takes 150 KB of text, 30 KB of card or post: shorten the message.',
					zh: '飞书限文本 150 KB、卡片与富文本 30 KB：请缩短。',
				},
			},
			{
				code: [230029, 230038, 230053],
				is: 'Rejected',
				do: {
					en: 'This person cannot be reached: resigned, in another tenant, or the bot is muted.',
					zh: '无法送达该成员：已离职、属于其他租户，或屏蔽了机器人。',
				},
			},
			{
				code: [230034, 99992351, 99992361],
				is: 'Invalid',
				field: 'to',
				do: {
					en: 'There is no such recipient: check the id and what kind it is.',
					zh: '接收者不存在：请检查 ID 及其类型。',
				},
			},
			{
				code: 230099,
				is: 'Rejected',
				because: 'markup',
				do: {
					en: 'Feishu could not show the card: check its JSON or template.',
					zh: '卡片无法显示：请检查卡片 JSON 或模板。',
				},
			},
			{
				code: [230001, 99992402, 9499],
				is: 'Rejected',
				do: {
					en: 'A part of the message is missing or of the wrong form: check the options of this message type.',
					zh: '消息缺少必填内容或格式有误：请检查该消息类型的选项。',
				},
			},
		],
	},

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
		const picture = await pictureOf(input, extras);
		const answers: VendorJson[] = [];
		const composed = contents[o.kind](input, picture, extras);
		if (composed) {
			const sending = post(input, 'message', ...composed);
			// Only a card has a plain form to fall back to.
			answers.push(await (o.kind === 'interactive' ? sending : final(sending)));
		}
		if (picture !== undefined && composed?.[0] === 'text')
			await extras.try('image', async () =>
				answers.push(await post(input, 'picture', 'image', { image_key: picture })),
			);
		for (const [index, file] of message.attachments.entries())
			answers.push(await sendFile(input, file, index, picture));
		const messageId = answers[0]?.data?.message_id as string | undefined;
		if (messageId !== undefined && message.index === 0 && o.urgentUsers.length > 0)
			await remind(input, messageId, extras);
		return {
			id: messageId,
			handle: messageId === undefined ? undefined : { messageId },
			raw: answers.length > 1 ? answers : answers[0],
			warnings: extras.warnings,
			degraded: extras.degraded,
		};
	},

	verify: (call) => ask(call, 'GET', '/open-apis/bot/v3/info'),

	actions: {
		replyMessage: action<typeof account>()({
			name: 'Reply to Message',
			zh: '回复消息',
			fields: {
				messageId: text('Message id', { zh: '消息 ID', placeholder: 'om_…' }),
				text: multiline('Text', { zh: '正文', help: { en: 'Markdown', zh: '支持 Markdown' } }),
				inThread: toggle('In a thread', { zh: '以话题形式回复' }),
			},
			run: (call) =>
				ask(call, 'POST', `${messages}/${encodeURIComponent(call.input.messageId)}/reply`, {
					json: { ...packed('post', postOf(call)), reply_in_thread: call.input.inThread, uuid: randomUUID() },
				}),
		}),
		editMessage: action<typeof account>()({
			name: 'Edit Message',
			zh: '编辑消息',
			description: { en: 'Of a text or post, up to 20 times', zh: '仅文本与富文本消息，最多 20 次' },
			fields: {
				messageId: text('Message id', { zh: '消息 ID', placeholder: 'om_…' }),
				title: text('Title', { zh: '标题', optional: true }),
				text: multiline('Text', { zh: '正文', help: { en: 'Markdown', zh: '支持 Markdown' } }),
			},
			run: (call) =>
				ask(call, 'PUT', `${messages}/${encodeURIComponent(call.input.messageId)}`, {
					json: packed('post', postOf(call)),
					idempotent: true,
				}),
		}),
		updateCard: action<typeof account>()({
			name: 'Update Card',
			zh: '更新卡片',
			fields: {
				messageId: text('Message id', { zh: '消息 ID', placeholder: 'om_…' }),
				card: json('Card', { zh: '卡片 JSON', placeholder: '{"elements": []}' }),
			},
			run: (call) =>
				ask(call, 'PATCH', `${messages}/${encodeURIComponent(call.input.messageId)}`, {
					json: { content: JSON.stringify(call.input.card) },
					idempotent: true,
				}),
		}),
		recallMessage: action<typeof account>()({
			name: 'Recall Message',
			zh: '撤回消息',
			fields: { messageId: text('Message id', { zh: '消息 ID', placeholder: 'om_…' }) },
			run: (call) => ask(call, 'DELETE', `${messages}/${encodeURIComponent(call.input.messageId)}`),
		}),
		urgentMessage: action<typeof account>()({
			name: 'Remind Urgently',
			zh: '加急消息',
			fields: {
				messageId: text('Message id', { zh: '消息 ID', placeholder: 'om_…' }),
				users: list('Users', { zh: '成员', placeholder: 'ou_0123456789abcdef' }),
				by: choice('By', urgencies, { zh: '方式', default: 'app' }),
				idType: choice('Ids are', idTypes, { zh: 'ID 类型', default: 'open_id' }),
			},
			run: (call) => urgent(call, call.input.messageId, call.input.users, call.input.by, call.input.idType),
		}),
		uploadImage: action<typeof account>()({
			name: 'Upload Image',
			zh: '上传图片',
			fields: { file: fileInput },
			run: async (call) => (await uploadImage(call, await call.file(attachmentOf(call.input.file)), 'file')).data,
		}),
		uploadFile: action<typeof account>()({
			name: 'Upload File',
			zh: '上传文件',
			fields: {
				file: fileInput,
				duration: number('Duration (milliseconds)', {
					zh: '时长（毫秒）',
					optional: true,
					integer: true,
					min: 1,
				}),
			},
			run: async (call) =>
				(await uploadFile(call, await call.file(attachmentOf(call.input.file)), call.input.duration, 'file'))
					.data,
		}),
		sendRaw: action<typeof account>()({
			name: 'Send Raw',
			zh: '发送原始消息',
			description: { en: 'Any message of Feishu’s own form', zh: '按飞书自身格式发送任意消息' },
			fields: {
				to: text('Recipient', { zh: '接收者', placeholder: 'oc_0123456789abcdef' }),
				msgType: text('msg_type', { zh: 'msg_type', placeholder: 'system' }),
				content: json('Content', { zh: '内容', placeholder: '{"text": "…"}' }),
			},
			run: (call) => {
				const { to, msgType, content } = call.input;
				return ask(call, 'POST', messages, {
					query: { receive_id_type: idTypeOf(to) },
					json: { receive_id: to, ...packed(msgType, content) },
				});
			},
		}),
	},
});

const messages = '/open-apis/im/v1/messages';

/** With the token. */
async function ask(call: Calling, method: string, path: string, question: Ask = {}): Promise<VendorJson> {
	const authorization = `Bearer ${await call.token()}`;
	return (await call.http.call(method, path, { ...question, headers: { authorization } })).json;
}

/** The content is JSON within the JSON. */
const packed = (msgType: string, content: unknown) => ({ msg_type: msgType, content: JSON.stringify(content) });

export function idTypeOf(to: string): string {
	const [, prefix = ''] = /^(oc|ou|on)_/.exec(to) ?? [];
	return { oc: 'chat_id', ou: 'open_id', on: 'union_id' }[prefix] ?? (to.includes('@') ? 'email' : 'user_id');
}

/** The same uuid goes out once within an hour, so that a send may be repeated whatever became of the first. */
async function uuidOf({ message, to, step }: Input, name: string): Promise<string> {
	const { key } = message.source;
	if (key === undefined) return await step(`uuid ${name}`, () => Promise.resolve(randomUUID()));
	return createHash('sha256')
		.update(JSON.stringify([key, to, name, message.index]))
		.digest('hex')
		.slice(0, 40);
}

async function post(input: Input, name: string, msgType: string, content: VendorJson): Promise<VendorJson> {
	const { options: o, step } = input;
	const [to = ''] = input.to;
	return await step(name, async () => {
		const body = { ...packed(msgType, content), uuid: await uuidOf(input, name) };
		if (/^om_/.test(to))
			return await ask(input, 'POST', `${messages}/${encodeURIComponent(to)}/reply`, {
				json: { ...body, reply_in_thread: o.replyInThread },
				idempotent: true,
			});
		const query = { receive_id_type: o.receiveIdType === 'auto' ? idTypeOf(to) : o.receiveIdType };
		return await ask(input, 'POST', messages, { query, json: { receive_id: to, ...body }, idempotent: true });
	});
}

/** The key of the message's picture; without one where Feishu does not take it. */
async function pictureOf(input: Input, extras: Extras): Promise<string | undefined> {
	const { message, options: o, step } = input;
	const { image } = message;
	if (o.imageKey !== undefined) return message.index === 0 ? o.imageKey : undefined;
	if (!image) return undefined;
	const upload = () =>
		step('upload picture', async () => (await uploadImage(input, image, 'image')).data.image_key as string);
	if (o.kind === 'image') return await final(upload());
	let key: string | undefined;
	await extras.try('image', async () => (key = await upload()));
	return key;
}

type Composed = [msgType: string, content: VendorJson] | undefined;

/** The first message; none where there are only files to send. */
const contents: Record<Kind, (input: Input, picture: string | undefined, extras: Extras) => Composed> = {
	interactive: (input, picture, extras) => {
		const { message, options: o } = input;
		if (message.markup === 'plain')
			return contents.text({ ...input, message: { ...message, body: plainOfCard(message) } }, picture, extras);
		return ['interactive', feishuCard(message, o, picture, idsOf(input))];
	},
	text: (input) => (input.message.body === '' ? undefined : ['text', textContent(input.message.body, idsOf(input))]),
	post: (input, picture) => ['post', postContent(input.message, input.language, picture, idsOf(input))],

	image: ({ message }, picture, extras) => {
		if (picture === undefined)
			throw invalid('image', {
				en: 'There is no picture to send: give the message one, or fill in “Image key”.',
				zh: '没有可发送的图片：请为消息提供图片，或填写 image_key。',
			});
		if (message.body !== '') extras.degraded.push('text');
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
	if (body !== '') extras.degraded.push('text');
	return composed;
}

const idsOf = ({ message, options: o }: Input) =>
	message.index > 0 ? [] : mentionedIds([...o.mentions, ...message.mentions]);

const pictures = /^image\/(jpe?g|png|webp|gif|tiff|bmp|x-icon|vnd\.microsoft\.icon)$/;
const fileTypes: Record<string, string> = {
	opus: 'opus',
	mp4: 'mp4',
	pdf: 'pdf',
	doc: 'doc',
	docx: 'doc',
	xls: 'xls',
	xlsx: 'xls',
	ppt: 'ppt',
	pptx: 'ppt',
};

const typeOf = ({ name }: File): string =>
	fileTypes[/\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase() ?? ''] ?? 'stream';

/** Pictures are shown, opus is played as audio and mp4 as video, the rest are files. */
async function sendFile(input: Input, file: File, index: number, cover: string | undefined): Promise<VendorJson> {
	const { options: o, step } = input;
	if (o.kind !== 'file' && pictures.test(file.mime) && (file.data?.byteLength ?? 0) <= 10 * 1024 * 1024) {
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

function within(file: File, megabytes: number, field: string): { name: string; mime: string; data: Uint8Array } {
	const size = file.data?.byteLength ?? 0;
	if (size === 0 || size > megabytes * 1024 * 1024) {
		throw invalid(
			field,
			fill(
				{
					en: 'Feishu takes 1 byte to {mb} MB here; “{file}” is outside of that.',
					zh: '飞书此处接受 1 字节至 {mb} MB 的内容，“{file}”不符。',
				},
				{ mb: megabytes, file: file.name },
			),
		);
	}
	return { name: file.name, mime: file.mime, data: file.data! };
}

async function uploadImage(call: Calling, file: File, field: string): Promise<VendorJson> {
	if (!pictures.test(file.mime)) {
		throw invalid(
			field,
			fill(
				{
					en: 'Feishu takes JPG, PNG, WEBP, GIF, TIFF, BMP and ICO; “{file}” is none of these.',
					zh: '飞书支持 JPG、PNG、WEBP、GIF、TIFF、BMP、ICO 图片，“{file}”不符。',
				},
				{ file: file.name },
			),
		);
	}
	return await ask(call, 'POST', '/open-apis/im/v1/images', {
		multipart: { image_type: 'message', image: within(file, 10, field) },
		idempotent: true,
	});
}

async function uploadFile(call: Calling, file: File, duration: number | undefined, field: string): Promise<VendorJson> {
	const multipart = {
		file_type: typeOf(file),
		file_name: file.name,
		duration: duration?.toString(),
		file: within(file, 30, field),
	};
	return await ask(call, 'POST', '/open-apis/im/v1/files', { multipart, idempotent: true });
}

/** The message is out already: a reminder that is refused is a warning. */
async function remind(input: Input, messageId: string, extras: Extras): Promise<void> {
	const { options: o, step } = input;
	await extras.try('urgent', () =>
		step('urgent', () => urgent(input, messageId, o.urgentUsers, o.urgentBy, o.urgentIdType)),
	);
}

const urgent = (
	call: Calling,
	messageId: string,
	users: readonly string[],
	by: string,
	idType: string,
): Promise<VendorJson> =>
	ask(call, 'PATCH', `${messages}/${encodeURIComponent(messageId)}/urgent_${by}`, {
		query: { user_id_type: idType },
		json: { user_id_list: users },
	});

function postOf({ input, language }: Calling & { input: { text: string; title?: string } }): VendorJson {
	const [body = ''] = render(input.text, {
		format: 'markdown',
		dialect: 'feishuPost',
		limit: bytes(16_000),
		overflow: 'cut',
	}).parts;
	return postContent({ title: input.title, body }, language, undefined, []);
}
