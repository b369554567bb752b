import {
	action,
	baseUrl,
	ChannelError,
	choice,
	defineChannel,
	invalid,
	json,
	multiline,
	secret,
	text,
	toggle,
	url,
	utf16,
	type SendInput,
	type Values,
} from '../core/channel';
import type { Http } from '../core/http';
import { fill } from '../core/language';
import { render } from '../core/markup';
import { Extras } from './shared/extras';
import { attachmentOf, fileInput } from './shared/fileInput';
import { blockLimits, blockList, blocksOf, fallbackText } from './shared/blockKit';
import { slackErrors } from './shared/slackErrors';

const account = {
	baseUrl: baseUrl('https://slack.com/api'),
	botToken: secret('Bot token', {
		zh: '机器人令牌',
		placeholder: 'xoxb-…',
		help: {
			en: 'Under “OAuth & Permissions” of the app; the scope chat:write is needed',
			zh: '在应用的 OAuth & Permissions 页面，需要 chat:write 权限',
		},
		check: (value) => (/^xox/.test(value) ? undefined : { en: 'must start with xoxb-', zh: '必须以 xoxb- 开头' }),
	}),
	appToken: secret('App-level token', {
		zh: '应用级令牌',
		placeholder: 'xapp-…',
		optional: true,
		help: { en: 'Only for receiving by Socket Mode', zh: '仅用于通过 Socket Mode 接收' },
		check: (value) => (/^xapp-/.test(value) ? undefined : { en: 'must start with xapp-', zh: '必须以 xapp- 开头' }),
	}),
	signingSecret: secret('Signing secret', {
		zh: '签名密钥',
		optional: true,
		help: { en: 'Only for receiving by HTTP', zh: '仅用于通过 HTTP 接收' },
	}),
};

const posted = { delivery: ['post'] };

const options = {
	kind: choice(
		'Message type',
		{
			blocks: ['Blocks made from the message', '由消息生成的区块'],
			text: ['Text (mrkdwn)', '文本（mrkdwn）'],
			markdown: ['Markdown', 'Markdown'],
			custom: ['Own blocks', '自定义区块'],
		},
		{
			zh: '消息类型',
			default: 'blocks',
		},
	),
	blocks: json('Blocks', {
		zh: '区块',
		show: { kind: ['custom'] },
		help: {
			en: 'Of the Block Kit Builder; the text stays as fallback',
			zh: '来自 Block Kit Builder；正文作为备用文本',
		},
	}),
	delivery: choice(
		'Delivery',
		{
			post: ['Now, to everybody', '立即发送'],
			ephemeral: ['Now, seen by one person', '仅一人可见'],
			schedule: ['Later', '定时发送'],
		},
		{ zh: '发送方式', default: 'post' },
	),
	user: text('Seen by', { zh: '可见的人', placeholder: 'U0123456789', show: { delivery: ['ephemeral'] } }),
	postAt: text('Time', {
		zh: '发送时间',
		placeholder: '2030-01-31T08:00:00Z',
		show: { delivery: ['schedule'] },
		help: { en: 'ISO 8601, or Unix seconds', zh: 'ISO 8601 或 Unix 秒' },
	}),
	threadTs: text('Thread', {
		zh: '话题',
		optional: true,
		placeholder: '1700000000.123456',
		help: { en: '“ts” of the message to answer', zh: '要回复的消息的 ts' },
	}),
	replyBroadcast: toggle('Also show in the channel', {
		zh: '同时显示在频道',
		help: { en: 'Of an answer in a thread', zh: '用于话题内的回复' },
	}),
	linkNames: toggle('Link names', {
		zh: '自动链接名称',
		help: { en: 'Turns @name and #channel into links', zh: '把 @用户 与 #频道 变成链接' },
	}),
	unfurlLinks: toggle('Preview links', { zh: '链接预览', show: { delivery: ['post', 'schedule'] } }),
	unfurlMedia: toggle('Preview media', { zh: '媒体预览', default: true, show: { delivery: ['post', 'schedule'] } }),
	username: text('Sender name', {
		zh: '发送者名称',
		optional: true,
		help: {
			en: 'Needs the scope chat:write.customize, as icons do',
			zh: '与图标一样需要 chat:write.customize 权限',
		},
	}),
	iconUrl: url('Icon address', { zh: '图标地址', optional: true }),
	iconEmoji: text('Icon emoji', { zh: '图标表情', optional: true, placeholder: ':bell:' }),
	metadata: json('Metadata', {
		zh: '元数据',
		optional: true,
		show: posted,
		placeholder: '{ "event_type": "…", "event_payload": {} }',
	}),
};

const target = {
	label: 'Channel',
	zh: '频道',
	placeholder: 'C0123456789, #general, U0123456789',
	each: true,
	help: {
		en: 'A channel’s id or #name, or a user’s id; U1+U2 is one conversation with several people, channel:ts a thread',
		zh: '频道 ID、#频道名或用户 ID；U1+U2 表示多人会话，频道:ts 表示话题',
	},
} as const;

const messageFields = {
	channel: text('Channel', {
		zh: '频道',
		placeholder: 'C0123456789',
		help: { en: '“channel” of the receipt’s handle', zh: '回执 handle 中的 channel' },
	}),
	ts: text('Message', {
		zh: '消息',
		placeholder: '1700000000.123456',
		help: { en: '“ts” of the receipt’s handle', zh: '回执 handle 中的 ts' },
	}),
};
const emojiField = text('Emoji', { zh: '表情', placeholder: 'thumbsup' });

type Input = SendInput<typeof account, typeof options>;
type Account = Values<typeof account>;

export const slack = defineChannel({
	id: 'slack',
	name: 'Slack',
	zh: 'Slack',
	docs: 'https://docs.slack.dev/reference/methods/chat.postMessage',
	aliases: ['Block Kit'],
	renders: ({ options: { kind, delivery } }) => {
		const files = delivery === 'post' ? ({ attachments: 'bytes' } as const) : {};
		const image = delivery === 'post' ? ({ image: 'bytes' } as const) : {};
		if (kind === 'markdown') return { markup: 'markdown', limit: utf16(12_000), ...image, ...files };
		if (kind === 'text') return { markup: 'slack', limit: utf16(4_000), mentions: true, ...image, ...files };
		if (kind === 'custom') return { markup: 'slack', limit: utf16(4_000), mentions: true, single: true, ...files };
		return {
			markup: 'slack',
			limit: blockLimits.body,
			title: blockLimits.title,
			image: delivery === 'post' ? 'both' : 'url',
			fields: blockLimits.fields,
			buttons: { most: blockLimits.buttons, values: true },
			mentions: true,
			...files,
		};
	},
	pace: [{ count: 1, seconds: 1, per: 'target' }],
	account,
	target,
	options,
	replies: {
		ok: (json) => json.ok === true,
		code: (json) => json.error,
		says: (json) =>
			[
				json.error,
				json.needed && `needed: ${json.needed}`,
				...(json.response_metadata?.messages ?? []),
				...(json.errors ?? []),
			]
				.filter((word) => typeof word === 'string')
				.join(' '),
		errors: slackErrors,
	},

	async send(given) {
		const input = inThread(given);
		const { message, account, options, http, step } = input;
		const api = apiOf(http, account);
		const extras = new Extras();
		const channel = await channelOf(input, api);
		const files: { id: string; title: string }[] = [];
		for (const [at, file] of [message.image, ...message.attachments].entries()) {
			const { data } = file ?? {};
			if (!file || !data) continue;
			await extras.try(at === 0 ? 'image' : 'attachments', async () => {
				files.push({
					id: await step(`upload ${at}`, () => upload(http, account, file.name, data)),
					title: file.name,
				});
			});
		}

		const content = contentOf(input);
		const wordless = content === undefined && files.length > 0 && /^[CGD][A-Z0-9]{7,}$/.test(channel);
		const raw = wordless
			? undefined
			: await step('message', () =>
					api(methods[options.delivery], {
						...frameOf(input),
						channel,
						...(content ?? { text: files.map(({ title }) => title).join('\n') }),
					}),
				);
		const at: string = raw?.channel ?? channel;
		if (files.length > 0) {
			await extras.try('attachments', () =>
				step('share', () =>
					api('files.completeUploadExternal', { files, channel_id: at, thread_ts: options.threadTs }),
				),
			);
		}
		const scheduled: string | undefined = raw?.scheduled_message_id;
		const ts: string | undefined = raw?.ts ?? raw?.message_ts;
		return {
			id: scheduled ?? ts ?? files[0]?.id,
			handle: {
				channel: at,
				...(ts !== undefined && { ts }),
				...(scheduled !== undefined && { scheduledMessageId: scheduled }),
				...(files.length > 0 && { files: files.map(({ id }) => id) }),
			},
			raw: raw ?? { ok: true, files },
			warnings: extras.warnings,
			degraded: extras.degraded,
		};
	},

	async verify({ account, http }) {
		await apiOf(http, account)('auth.test', {});
	},

	actions: {
		editMessage: action<typeof account>()({
			name: 'Edit Message',
			zh: '编辑消息',
			fields: {
				...messageFields,
				text: multiline('Text', { zh: '正文' }),
				format: choice(
					'Format',
					{ markdown: ['Markdown', 'Markdown'], mrkdwn: ['Slack’s own mrkdwn', 'Slack 自己的 mrkdwn'] },
					{ zh: '格式', default: 'markdown' },
				),
				blocks: json('Blocks', {
					zh: '区块',
					optional: true,
					help: { en: 'Empty removes those that the message had', zh: '留空会移除消息原有的区块' },
				}),
			},
			run: ({ account, http, input: { channel, ts, text, format, blocks } }) => {
				const written =
					format === 'mrkdwn'
						? text
						: render(text, { format: 'markdown', dialect: 'slack', limit: utf16(40_000), overflow: 'cut' })
								.parts[0];
				return apiOf(http, account)('chat.update', { channel, ts, text: written, blocks: blocks ?? [] }, true);
			},
		}),
		deleteMessage: action<typeof account>()({
			name: 'Delete Message',
			zh: '删除消息',
			fields: messageFields,
			run: ({ account, http, input: { channel, ts } }) =>
				apiOf(http, account)('chat.delete', { channel, ts }, true),
		}),
		deleteScheduledMessage: action<typeof account>()({
			name: 'Delete Scheduled Message',
			zh: '取消定时消息',
			fields: {
				channel: messageFields.channel,
				scheduledMessageId: text('Scheduled message', { zh: '定时消息 ID' }),
			},
			run: ({ account, http, input }) =>
				apiOf(http, account)(
					'chat.deleteScheduledMessage',
					{ channel: input.channel, scheduled_message_id: input.scheduledMessageId },
					true,
				),
		}),
		addReaction: action<typeof account>()({
			name: 'Add Reaction',
			zh: '添加表情回应',
			fields: { ...messageFields, emoji: emojiField },
			run: ({ account, http, input }) => apiOf(http, account)('reactions.add', reactionOf(input), true),
		}),
		removeReaction: action<typeof account>()({
			name: 'Remove Reaction',
			zh: '移除表情回应',
			fields: { ...messageFields, emoji: emojiField },
			run: ({ account, http, input }) => apiOf(http, account)('reactions.remove', reactionOf(input), true),
		}),
		uploadFile: action<typeof account>()({
			name: 'Upload File',
			zh: '上传文件',
			description: { en: 'Needs the scope files:write', zh: '需要 files:write 权限' },
			fields: {
				file: fileInput,
				channel: text('Channel', {
					zh: '频道',
					optional: true,
					placeholder: 'C0123456789',
					help: { en: 'Its id; without one the file stays private', zh: '频道 ID；留空则文件仅自己可见' },
				}),
				title: text('Title', { zh: '标题', optional: true }),
				altText: text('Description', { zh: '图片描述', optional: true }),
				comment: multiline('Comment', { zh: '说明', optional: true }),
				threadTs: text('Thread', { zh: '话题', optional: true }),
			},
			run: async ({ account, http, input, file }) => {
				const { name, data } = await file(attachmentOf(input.file));
				if (!data) throw invalid('file', { en: 'The file could not be read.', zh: '无法读取该文件。' });
				const id = await upload(http, account, name, data, input.altText);
				const json = {
					files: [{ id, title: input.title ?? name }],
					channel_id: input.channel,
					initial_comment: input.comment,
					thread_ts: input.threadTs,
				};
				return apiOf(http, account)('files.completeUploadExternal', json);
			},
		}),
		openConversation: action<typeof account>()({
			name: 'Open Conversation',
			zh: '打开会话',
			description: { en: 'The direct conversation with one person or several', zh: '打开与一人或多人的私聊会话' },
			fields: { users: text('Users', { zh: '用户', placeholder: 'U0123456789,U9876543210' }) },
			run: ({ account, http, input }) => apiOf(http, account)('conversations.open', { users: input.users }, true),
		}),
		callMethod: action<typeof account>()({
			name: 'Call Method',
			zh: '调用接口',
			description: { en: 'Any other method of the Web API', zh: '调用 Web API 的其他方法' },
			fields: {
				method: text('Method', {
					zh: '方法',
					placeholder: 'conversations.list',
					check: (value) =>
						/^[\w.]+$/.test(value)
							? undefined
							: {
									en: 'must be a name such as conversations.list',
									zh: '必须是方法名，例如 conversations.list',
								},
				}),
				arguments: json('Arguments', { zh: '参数', default: '{}' }),
			},
			// Reading methods take forms only, writing ones take forms too.
			run: ({ account, http, input }) =>
				http.post(`/${input.method}`, { form: formOf(input.arguments), headers: bearer(account) }),
		}),
	},
});

const methods = {
	post: 'chat.postMessage',
	ephemeral: 'chat.postEphemeral',
	schedule: 'chat.scheduleMessage',
} as const;

const bearer = ({ botToken }: Account) => ({ authorization: `Bearer ${botToken}` });

const apiOf = (http: Http, account: Account) => (method: string, json: object, idempotent?: true) =>
	http.post(`/${method}`, { json, headers: bearer(account), idempotent });

/** `C0123456789:1700000000.123456` is a thread of that channel. */
function inThread(input: Input): Input {
	const [, channel, threadTs] = /^(.+):(\d+\.\d+)$/.exec(input.to[0] ?? '') ?? [];
	return channel ? { ...input, to: [channel], options: { ...input.options, threadTs } } : input;
}

async function channelOf({ to: [target = ''], step }: Input, api: ReturnType<typeof apiOf>): Promise<string> {
	if (!target.includes('+')) return target;
	const users = target
		.split('+')
		.map((user) => user.trim())
		.join(',');
	return await step('conversation', async () => (await api('conversations.open', { users }, true)).channel.id);
}

/** Words and blocks; undefined where there is nothing to read. */
function contentOf({ message, options }: Input): object | undefined {
	const fallback = fallbackText(message);
	if (message.markup === 'plain') return fallback === '' ? undefined : { text: fallback, mrkdwn: false };
	if (options.kind === 'markdown') return message.body.trim() === '' ? undefined : { markdown_text: message.body };
	if (options.kind === 'custom') return { text: fallback, blocks: blockList(options.blocks) };
	if (options.kind === 'text') return fallback === '' ? undefined : { text: fallback };
	const blocks = blocksOf(message, { values: true });
	return blocks.length === 0 ? undefined : { text: fallback || message.image?.name, blocks };
}

function frameOf({ options: o, now }: Input): object {
	const place = {
		thread_ts: o.threadTs,
		reply_broadcast: o.threadTs !== undefined && o.replyBroadcast && o.delivery !== 'ephemeral' ? true : undefined,
		link_names: o.linkNames || undefined,
	};
	const sender = { username: o.username, icon_url: o.iconUrl, icon_emoji: o.iconEmoji };
	if (o.delivery === 'ephemeral') return { user: o.user, ...place, ...sender };
	const previews = { unfurl_links: o.unfurlLinks, unfurl_media: o.unfurlMedia };
	if (o.delivery === 'schedule') return { post_at: secondsOf(o.postAt ?? '', now()), ...place, ...previews };
	return { ...place, ...previews, ...sender, metadata: o.metadata };
}

function secondsOf(time: string, now: number): number {
	const seconds = /^\d{9,11}$/.test(time) ? Number(time) : Math.floor(Date.parse(time) / 1000);
	if (Number.isNaN(seconds))
		throw invalid('postAt', {
			en: '“Time” must be like 2030-01-31T08:00:00Z.',
			zh: '“发送时间”的格式应类似 2030-01-31T08:00:00Z。',
		});
	if (seconds * 1000 <= now) throw invalid('postAt', { en: '“Time” lies in the past.', zh: '“发送时间”已经过去。' });
	return seconds;
}

const reactionOf = ({ channel, ts, emoji }: { channel: string; ts: string; emoji: string }) => ({
	channel,
	timestamp: ts,
	name: emoji.replace(/^:|:$/g, ''),
});

const formOf = (given: unknown) =>
	Object.fromEntries(
		Object.entries((given ?? {}) as Record<string, unknown>).map(([name, value]) => [
			name,
			typeof value === 'object' ? JSON.stringify(value) : String(value),
		]),
	);

/** The first two of three steps; the file shows nowhere until the third. */
async function upload(
	http: Http,
	account: Account,
	filename: string,
	data: Uint8Array,
	altText?: string,
): Promise<string> {
	const form = { filename, length: data.byteLength, alt_txt: altText };
	const { upload_url, file_id } = await http.post('/files.getUploadURLExternal', {
		form,
		headers: bearer(account),
		idempotent: true,
	});
	const { status } = await http.call('POST', upload_url, {
		raw: true,
		body: data,
		headers: { 'content-type': 'application/octet-stream' },
		idempotent: true,
	});
	if (status !== 200) {
		const text = fill(
			{
				en: 'Slack took no upload of “{filename}” (HTTP {status}).',
				zh: 'Slack 未接受“{filename}”的上传（HTTP {status}）。',
			},
			{ filename, status },
		);
		throw new ChannelError(status >= 500 ? 'Unreachable' : 'Rejected', text, { code: String(status), status });
	}
	return file_id;
}
