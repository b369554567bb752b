import {
	action,
	chars,
	choice,
	defineChannel,
	invalid,
	json,
	list,
	number,
	secret,
	text,
	toggle,
	type Action,
	type Call,
	type Fields,
	type File,
	type Json,
	type Replies,
	type SendInput,
	type Values,
} from '../core/channel';
import type { VendorJson } from '../core/http';
import { fill } from '../core/language';
import { Extras } from './shared/extras';
import { attachmentOf, fileInput } from './shared/fileInput';
import { withCalls, type Api } from './shared/oneBotCalls';
import { requiredTitle } from './shared/requiredTitle';

const account = {
	baseUrl: text('Address', {
		zh: '服务地址',
		placeholder: 'http://127.0.0.1:5700, ws://127.0.0.1:6700',
		help: {
			en: 'Of the HTTP server, or of the forward WebSocket server, of NapCat, Lagrange, LLOneBot, go-cqhttp …',
			zh: 'NapCat、Lagrange、LLOneBot、go-cqhttp 等的 HTTP 服务地址或正向 WebSocket 地址',
		},
		check: (value) => {
			if (!/^(https?|wss?):\/\/[^/]/i.test(value) || !URL.canParse(value))
				return {
					en: 'must start with http://, https://, ws:// or wss://',
					zh: '必须以 http://、https://、ws:// 或 wss:// 开头',
				};
			return /access_token=/.test(value)
				? { en: 'put the access token into its own field instead', zh: '请把 access_token 填到单独的字段中' }
				: undefined;
		},
	}),
	accessToken: secret('Access token', { zh: 'Access Token', optional: true }),
	secret: secret('Signature secret', {
		zh: '签名密钥',
		optional: true,
		help: { en: 'Only for receiving by HTTP POST', zh: '仅用于接收 HTTP POST 上报' },
	}),
};

const plainMessage = { kind: ['message'] };

const options = {
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
		{ zh: '调用方式', default: 'normal' },
	),
};

type Input = SendInput<typeof account, typeof options>;
type Segment = { type: string; data: Record<string, Json> };

const name = { en: 'OneBot (QQ)', zh: 'QQ 机器人（OneBot）' };

const replies: Replies = {
	ok: (json, { status }) =>
		status === 200 && ((json.status === 'ok' && json.retcode === 0) || json.status === 'async'),
	code: (json) => json.retcode,
	says: (json) => json.wording || json.message || json.msg,
	errors: [
		{
			code: [401, 1401, 403, 1403],
			is: 'Unauthorized',
			do: {
				en: 'Fill in the access token that is set in the OneBot implementation.',
				zh: '请填写 OneBot 实现中设置的 Access Token。',
			},
		},
		{
			code: [404, 1404],
			is: 'Rejected',
			do: {
				en: 'This implementation does not know that action: check the address, or choose another message type.',
				zh: '该实现不支持此操作：请检查服务地址，或改用其他消息类型。',
			},
		},
		{
			code: 426,
			is: 'Invalid',
			field: 'baseUrl',
			do: {
				en: 'This is the address of a WebSocket server: write it with ws:// in front.',
				zh: '这是 WebSocket 服务的地址：请以 ws:// 开头填写。',
			},
		},
		{
			says: /rich media|图片|image|download|highway/i,
			is: 'Rejected',
			because: 'image',
			do: {
				en: 'QQ did not take the picture: try another, or send its address.',
				zh: 'QQ 未接受图片：请更换图片或改发链接。',
			},
		},
		{
			says: /禁言|muted|shut ?up|\b120\b/i,
			is: 'Rejected',
			do: { en: 'The bot is muted in that group.', zh: '机器人在该群中被禁言。' },
		},
		{
			says: /风控|risk|频繁|frequen/i,
			is: 'Rejected',
			do: {
				en: 'QQ restricts this bot: send less, log in on a phone, or wait some hours.',
				zh: '机器人被 QQ 风控：请减少发送，用手机登录验证，或等待数小时。',
			},
		},
		{
			says: /timeout|timed ?out|超时/i,
			is: 'Rejected',
			do: {
				en: 'QQ did not confirm it: look whether it arrived before you send it again.',
				zh: 'QQ 未确认发送结果：重发前请先查看是否已送达。',
			},
		},
		{
			says: /登录|离线|offline|not ?login/i,
			is: 'Unreachable',
			do: { en: 'The bot is not logged in to QQ: log it in again.', zh: '机器人未登录 QQ：请重新登录。' },
		},
		{
			says: /好友|friend|群|group|用户|user|uin|uid|不存在|not (found|exist)/i,
			is: 'Rejected',
			do: {
				en: 'Check the number: the bot must be a friend of that user or a member of that group.',
				zh: '请检查号码：机器人须是该用户的好友或该群的成员。',
			},
		},
		{
			code: [400, 1400, 406, 100],
			is: 'Rejected',
			do: {
				en: 'The implementation does not understand the request: check own segments and ids.',
				zh: '实现无法识别该请求：请检查自定义消息段与 ID。',
			},
		},
	],
};

export const onebot = defineChannel({
	id: 'onebot',
	name: name.en,
	zh: name.zh,
	docs: 'https://github.com/botuniverse/onebot-11',
	aliases: ['QQ', 'NapCat', 'Lagrange', 'LLOneBot', 'go-cqhttp'],
	renders: ({ options: { kind } }) => {
		// The standard names no limit; QQ itself refuses more than about this.
		const limit = chars(4_500);
		if (kind === 'segments' || kind === 'cq') return { markup: 'plain', limit, single: true };
		if (kind === 'share')
			return { markup: 'plain', limit, single: true, title: chars(100), url: true, image: 'url' };
		return { markup: 'plain', limit, image: 'both', attachments: 'both', mentions: kind === 'message' };
	},
	account,
	target: {
		label: 'Chats',
		zh: '会话',
		placeholder: 'private:10001, group:20001',
		each: true,
		help: {
			en: 'group: and a group’s number, private: (or nothing) and a QQ number',
			zh: 'group: 加群号，private: 加 QQ 号；只填数字视为 QQ 号',
		},
	},
	options,
	replies,

	async send(input) {
		const { to, options, message, step } = input;
		const chat = chatOf(to[0] ?? '');
		const { inMessage, alone, files } = sort(message.attachments);
		return await withApi(input, async (api) => {
			const extras = new Extras();
			const suffix = { normal: '', async: '_async', rateLimited: '_rate_limited' }[options.dispatch];
			const raw = await step('message', async () => {
				if (options.kind === 'forward')
					return await api(`send_${chat.type}_forward_msg`, {
						...chat.params,
						messages: await nodesOf(input, api, inMessage),
					});
				return await api(`send_msg${suffix}`, {
					message_type: chat.type,
					...chat.params,
					message: segmentsOf(input, inMessage),
					...(options.kind === 'cq' && { auto_escape: false }),
				});
			});
			for (const [at, segment] of alone.entries()) {
				await extras.try('attachments', () =>
					step(`media ${at}`, () =>
						api(`send_msg${suffix}`, { message_type: chat.type, ...chat.params, message: [segment] }),
					),
				);
			}
			for (const [at, file] of files.entries()) {
				await extras.try('attachments', () =>
					step(`file ${at}`, () =>
						api(`upload_${chat.type}_file`, { ...chat.params, file: sourceOf(file), name: file.name }),
					),
				);
			}
			const id: string | number | undefined = raw.data?.message_id ?? undefined;
			const accepted =
				raw.status === 'async'
					? [
							{
								en: 'OneBot accepted it without saying whether it went out.',
								zh: 'OneBot 已接受，但未告知是否发出。',
							},
						]
					: [];
			return {
				id,
				handle: id === undefined ? undefined : { messageId: id, chat: to[0] ?? '' },
				raw,
				warnings: [...accepted, ...extras.warnings],
				degraded: extras.degraded,
			};
		});
	},

	async verify(call) {
		await withApi(call, (api) => api('get_login_info', {}, true));
	},

	actions: {
		recallMessage: act({
			name: 'Recall Message',
			zh: '撤回消息',
			fields: { messageId: text('Message id', { zh: '消息 ID' }) },
			run: (api, { messageId }) => api('delete_msg', { message_id: numeric(messageId) }, true),
		}),
		getMessage: act({
			name: 'Get Message',
			zh: '获取消息',
			fields: { messageId: text('Message id', { zh: '消息 ID' }) },
			run: (api, { messageId }) => api('get_msg', { message_id: numeric(messageId) }, true),
		}),
		getForwardedMessages: act({
			name: 'Get Forwarded Messages',
			zh: '获取合并转发内容',
			fields: { id: text('Forward id', { zh: '转发 ID' }) },
			run: (api, { id }) => api('get_forward_msg', { id }, true),
		}),
		sendForwardedMessages: act({
			name: 'Send Forwarded Messages',
			zh: '发送合并转发',
			description: { en: 'An extension that most implementations have', zh: '多数实现支持的扩展' },
			fields: {
				chat: text('Chat', { zh: '会话', placeholder: 'group:20001' }),
				nodes: json('Nodes', {
					zh: '转发节点',
					placeholder: '[{ "type": "node", "data": { "name": "…", "uin": "10001", "content": "…" } }]',
				}),
			},
			run: (api, { chat, nodes }) => {
				const { type, params } = chatOf(chat);
				return api(`send_${type}_forward_msg`, { ...params, messages: nodes });
			},
		}),
		uploadFile: action<typeof account>()({
			name: 'Upload File',
			zh: '上传文件',
			description: { en: 'An extension that most implementations have', zh: '多数实现支持的扩展' },
			fields: {
				chat: text('Chat', { zh: '会话', placeholder: 'group:20001' }),
				file: fileInput,
				folder: text('Folder id', { zh: '群文件夹 ID', optional: true }),
			},
			run: async (call) => {
				const { type, params } = chatOf(call.input.chat);
				const file = await call.file(attachmentOf(call.input.file));
				return await withApi(call, (api) =>
					api(`upload_${type}_file`, {
						...params,
						file: sourceOf(file),
						name: file.name,
						folder: call.input.folder,
					}),
				);
			},
		}),
		listGroups: act({
			name: 'List Groups',
			zh: '获取群列表',
			fields: {},
			run: (api) => api('get_group_list', {}, true),
		}),
		listFriends: act({
			name: 'List Friends',
			zh: '获取好友列表',
			fields: {},
			run: (api) => api('get_friend_list', {}, true),
		}),
		getStatus: act({
			name: 'Get Status',
			zh: '获取运行状态',
			fields: {},
			run: (api) => api('get_status', {}, true),
		}),
		canSendImage: act({
			name: 'Can Send Image',
			zh: '检查能否发图',
			fields: {},
			run: (api) => api('can_send_image', {}, true),
		}),
		callAction: act({
			name: 'Call Action',
			zh: '调用接口',
			description: { en: 'Any other action of the implementation', zh: '调用实现提供的其他接口' },
			fields: {
				action: text('Action', {
					zh: '接口',
					placeholder: 'get_group_member_list',
					check: (value) =>
						/^[.\w]+$/.test(value)
							? undefined
							: { en: 'must be a name such as get_group_list', zh: '必须是接口名，例如 get_group_list' },
				}),
				params: json('Parameters', { zh: '参数', default: '{}' }),
			},
			run: (api, { action, params }) => api(action, params as object),
		}),
	},
});

const withApi = <T>(call: Pick<Call<typeof account>, 'account' | 'http' | 'signal'>, run: (api: Api) => Promise<T>) =>
	withCalls({ account: call.account, http: call.http, signal: call.signal, name, replies }, run);

/** An action that needs nothing but calls. */
function act<const I extends Fields>(
	definition: Omit<Action<typeof account, I>, 'run'> & { run(api: Api, input: Values<I>): Promise<VendorJson> },
) {
	const { run, ...rest } = definition;
	return action<typeof account>()({
		...rest,
		run: (call: Call<typeof account> & { input: Values<I> }) => withApi(call, (api) => run(api, call.input)),
	} as Action<typeof account, I>);
}

function chatOf(target: string): { type: 'private' | 'group'; params: object } {
	const found = /^(?:(group|private):)?\s*(\d+)$/i.exec(target.trim());
	if (!found)
		throw invalid(
			'to',
			fill(
				{
					en: '“{target}” is no chat: write group:20001 or private:10001.',
					zh: '“{target}”不是有效的会话：请填写 group:20001 或 private:10001。',
				},
				{ target },
			),
		);
	const id = Number(found[2]);
	return found[1]?.toLowerCase() === 'group'
		? { type: 'group', params: { group_id: id } }
		: { type: 'private', params: { user_id: id } };
}

/** Message ids are numbers in the standard, texts in some implementations. */
const numeric = (id: string) => (/^-?\d{1,15}$/.test(id) ? Number(id) : id);

/** Sound and film stand alone in a message; other files are no message at all. */
function sort(attachments: readonly File[]) {
	const kind = ({ mime }: File) => mime.split('/')[0];
	return {
		inMessage: attachments.filter((file) => kind(file) === 'image'),
		alone: attachments
			.filter((file) => kind(file) === 'audio' || kind(file) === 'video')
			.map((file) => ({ type: kind(file) === 'audio' ? 'record' : 'video', data: { file: sourceOf(file) } })),
		files: attachments.filter((file) => !['image', 'audio', 'video'].includes(kind(file) ?? '')),
	};
}

const sourceOf = ({ url, data }: File): string =>
	data ? `base64://${Buffer.from(data).toString('base64')}` : (url ?? '');

function segmentsOf({ message, options: o, language }: Input, pictures: readonly File[]): Json {
	const { body, image, mentions, url, index, count } = message;
	if (o.kind === 'cq') return message.source.body;
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

const imageSegment = (file: File, { flash, cache, imageProxy, imageTimeout }: Partial<Input['options']>): Segment => ({
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
async function nodesOf({ message, step }: Input, api: Api, pictures: readonly File[]): Promise<Json> {
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
