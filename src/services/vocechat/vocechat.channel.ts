import type { VendorJson } from '../../core/http/http';
import {
	action,
	baseUrl,
	chars,
	ChannelError,
	choice,
	defineChannel,
	invalid,
	json,
	matching,
	number,
	secret,
	text,
	type Json,
	type Rendered,
	type SendInput,
} from '../../core/define/channel';
import { isChannelError } from '../../core/base/errors';
import { fill } from '../../core/base/language';
import { callbacks } from '../../core/define/fields/callbackKey';
import { Extras } from '../../core/define/extras';
import { attachmentOf, fileInput } from '../../core/define/fields/fileInput';
import { details, keyOf, upload, vocechatReplies } from './api';

const account = {
	baseUrl: baseUrl(undefined, {
		placeholder: 'https://chat.example.com',
		help: { en: 'Of your own VoceChat server', zh: '自建 VoceChat 服务器的地址' },
	}),
	apiKey: secret('API key', {
		zh: 'API Key',
		help: { en: 'Of a bot, under Settings → Bots & Webhooks', zh: '在“设置 → 机器人 & Webhook”中获取' },
	}),
	...callbacks(),
	botUid: number('Bot’s own number', {
		zh: '机器人的用户编号',
		optional: true,
		integer: true,
		help: {
			en: 'Only for receiving: what the bot says itself is left out',
			zh: '仅用于接收：忽略机器人自己发的消息',
		},
	}),
};

const options = {
	kind: choice(
		'Message type',
		{ markdown: ['Markdown', 'Markdown'], text: ['Text', '文本'], archive: ['Forwarded messages', '转发的消息'] },
		{ zh: '消息类型', default: 'markdown' },
	),
	archive: text('Archive', {
		zh: '归档路径',
		placeholder: '2030/1/31/…',
		show: { kind: ['archive'] },
		help: { en: 'Its path, from an incoming message', zh: '归档路径，来自收到的消息' },
	}),
	replyTo: number('Answers', {
		zh: '回复消息',
		optional: true,
		integer: true,
		help: {
			en: 'The id of the message to answer. Experimental: servers that cannot get an ordinary message',
			zh: '要回复的消息 ID。实验性：服务器不支持时改为普通消息',
		},
	}),
	properties: json('Properties', {
		zh: '附加属性',
		optional: true,
		placeholder: '{ "mentions": [7] }',
		help: { en: 'Sent as X-Properties', zh: '以 X-Properties 发送' },
	}),
};

type Input = SendInput<typeof account, typeof options>;

export const vocechat = defineChannel({
	id: 'vocechat',
	set: 'chat',
	name: 'VoceChat',
	zh: 'VoceChat',
	docs: 'https://doc.voce.chat/bot/bot-and-webhook',
	aliases: ['VoceChat'],
	where: [
		{
			en: 'As administrator: *Settings → Bots & Webhooks → New Bot*.',
			zh: '以管理员身份：设置 → 机器人 & Webhook → 新建机器人。',
		},
		{
			en: 'At the bot: *API Key → Create*, and copy it. *Base URL* is the address of your VoceChat.',
			zh: '在机器人的“API Key”处新建并复制；“服务地址”就是您的 VoceChat 地址。',
		},
		{ en: 'Add the bot to the group that it is to write to.', zh: '把机器人加入要发送的群组。' },
	],
	takesFiles: true,
	renders: ({ options: { kind } }) => {
		// The server has no limit of its own for text.
		const limit = chars(10_000);
		if (kind === 'archive') return { markup: 'plain', limit, single: true };
		return {
			markup: kind === 'text' ? 'plain' : 'markdown',
			limit,
			image: 'bytes',
			attachments: 'bytes',
			mentions: true,
		};
	},
	account,
	target: {
		label: 'Users and groups',
		zh: '用户与群组',
		placeholder: 'user:7, group:3',
		each: true,
		help: {
			en: 'group: and a group’s number, user: (or nothing) and a user’s number',
			zh: 'group: 加群组编号，user: 加用户编号；只填数字视为用户',
		},
		// Of users no list is to be had.
		async list({ account, http, search }) {
			const groups: VendorJson[] = await http.get('/api/bot', { headers: keyOf(account) });
			const items = groups.map(({ gid, name }) => ({ value: `group:${gid}`, name: String(name || gid) }));
			return { items: matching(items, search) };
		},
	},
	options,
	replies: vocechatReplies,

	async send(input) {
		const { message, options, step, to } = input;
		const path = pathOf(to[0] ?? '');
		if (options.kind === 'archive') return sent(await say(input, path, 'vocechat/archive', options.archive ?? ''));
		const extras = new Extras();
		const unknown = message.mentions.length - uidsOf(message).length;
		if (unknown > 0) extras.degraded.push({ kind: 'mentions', count: unknown });
		const files = [message.image, ...message.attachments].flatMap((file) => (file ? [file] : []));
		const mid = message.body === '' ? undefined : await step('message', () => sayOrAnswer(input, path, extras));
		const mids: number[] = mid === undefined ? [] : [mid];
		for (const [at, file] of files.entries()) {
			const send = async () => {
				const stored = await step(`upload ${at}`, () => upload(input, file));
				mids.push(
					await step(`file ${at}`, () =>
						say(input, path, 'vocechat/file', JSON.stringify({ path: stored.path })),
					),
				);
			};
			// Without words the file is the message.
			if (mid === undefined) await send();
			else if (file !== message.image) await extras.try('attachments', send);
			else
				await extras.try('image', send, async () => {
					const link = input.linkToImage();
					if (link !== '') await step('link', () => say(input, path, 'text/plain', link));
				});
		}
		return { ...sent(mids[0]), warnings: extras.warnings, degraded: extras.degraded };
	},

	async verify({ account, http }) {
		await http.get('/api/bot', { headers: keyOf(account) });
	},

	actions: {
		listGroups: action<typeof account>()({
			name: 'List Groups',
			zh: '获取群组列表',
			resource: 'contact',
			description: { en: 'Those that the bot is in', zh: '机器人所在的群组' },
			fields: {},
			run: ({ account, http }) => http.get('/api/bot', { headers: keyOf(account) }),
		}),
		getUser: action<typeof account>()({
			name: 'Get User',
			zh: '获取用户信息',
			resource: 'contact',
			fields: { uid: number('User', { zh: '用户编号', integer: true }) },
			run: (call) => details(call, 'user', 'uid', call.input.uid),
		}),
		getGroup: action<typeof account>()({
			name: 'Get Group',
			zh: '获取群组信息',
			resource: 'contact',
			fields: { gid: number('Group', { zh: '群组编号', integer: true }) },
			run: (call) => details(call, 'group', 'gid', call.input.gid),
		}),
		uploadFile: action<typeof account>()({
			name: 'Upload File',
			zh: '上传文件',
			resource: 'file',
			description: {
				en: 'Stores a file on the server; its path can be sent as vocechat/file',
				zh: '把文件存到服务器，返回的路径可用于发送',
			},
			fields: { file: fileInput },
			run: async (call) => await upload(call, await call.file(attachmentOf(call.input.file))),
		}),
	},
});

const sent = (mid: number | undefined) => ({ id: mid, handle: mid === undefined ? undefined : { mid }, raw: mid });

function pathOf(target: string): string {
	const found = /^(?:(user|group):)?\s*(\d+)$/i.exec(target.trim());
	if (!found)
		throw invalid(
			'to',
			fill(
				{
					en: '“{target}” is neither user:7 nor group:3.',
					zh: '“{target}”不是有效的接收者：请填写 user:7 或 group:3。',
				},
				{ target },
			),
		);
	return `/api/bot/send_to_${found[1]?.toLowerCase() ?? 'user'}/${found[2]}`;
}

async function say(
	{ http, account, message, options }: Input,
	path: string,
	type: string,
	body: string,
): Promise<number> {
	const mid: unknown = await http.post(path, {
		body,
		headers: { ...keyOf(account), 'content-type': type, 'x-properties': propertiesOf(message, options.properties) },
	});
	if (Number.isInteger(mid) && (mid as number) > 0) return mid as number;
	throw new ChannelError(
		'Unexpected',
		{
			en: 'VoceChat answered with something else than the number of the message, so it is not known whether it went out. Check the base URL.',
			zh: 'VoceChat 返回的不是消息编号，无法确定消息是否发出。请检查服务地址。',
		},
		{ unknown: true },
	);
}

async function sayOrAnswer(input: Input, path: string, extras: Extras): Promise<number> {
	const { message, options } = input;
	const [type, body] =
		message.markup === 'plain'
			? ['text/plain', mentionsIn(message) + message.body]
			: ['text/markdown', message.body];
	if (options.replyTo === undefined) return await say(input, path, type, body);
	try {
		return await say(input, `/api/bot/reply/${options.replyTo}`, type, body);
	} catch (error) {
		if (!isChannelError(error) || (error.status !== 404 && error.status !== 405)) throw error;
		extras.warnings.push({
			en: 'This server cannot answer that message, so it went as an ordinary one.',
			zh: '该服务器无法回复这条消息，已改为普通消息发送。',
		});
		extras.degraded.push('reply');
		return await say(input, path, type, body);
	}
}

const uidsOf = ({ mentions }: Rendered) =>
	mentions.map((each) => each.replace(/^@/, '')).filter((each) => /^\d+$/.test(each));

/** The apps show a user's name for ` @7 ` in a text, but not in Markdown. */
const mentionsIn = (message: Rendered) =>
	uidsOf(message)
		.map((uid) => ` @${uid} `)
		.join('');

/** Base64 of a JSON object; only the first part mentions anybody. */
function propertiesOf(message: Rendered, own: Json | undefined): string | undefined {
	const mentions = uidsOf(message).map(Number);
	const all = { ...(mentions.length > 0 && { mentions }), ...(own as object | undefined) };
	return Object.keys(all).length > 0 ? Buffer.from(JSON.stringify(all)).toString('base64') : undefined;
}
