import {
	choice,
	defineChannel,
	invalid,
	json,
	text,
	toggle,
	url,
	utf16,
	type Json,
	type SendInput,
} from '../../core/define/channel';
import { proofOf } from '../../core/http/proof';
import { blockLimits, blockList, blockRenders, blocksOf, fallbackText } from './blockKit';
import { Extras } from '../../core/define/extras';
import { slackActions } from './actions';
import { account, ask, change, upload } from './api';
import { slackErrors } from './errors';
import { channelsAndPeople, people } from './lists';

const options = {
	kind: choice(
		'Message type',
		{
			blocks: ['Blocks made from the message', '由消息生成的区块'],
			text: ['Text (mrkdwn)', '文本（mrkdwn）'],
			markdown: ['Markdown', 'Markdown'],
			custom: ['Own blocks', '自定义区块'],
		},
		{ zh: '消息类型', default: 'blocks' },
	),
	blocks: json('Blocks', {
		zh: '区块',
		placeholder: '[{ "type": "divider" }]',
		show: { kind: ['custom'] },
		help: {
			en: 'Build them at https://app.slack.com/block-kit-builder and paste the JSON here; the text stays as fallback',
			zh: '在 https://app.slack.com/block-kit-builder 搭建后粘贴 JSON；正文作为备用文本',
		},
	}),
	delivery: choice(
		'Delivery',
		{
			post: ['Now, to everybody', '立即发送'],
			ephemeral: ['Now, seen by one person', '仅一人可见'],
			schedule: ['Later', '定时发送'],
		},
		{
			zh: '发送方式',
			default: 'post',
			catches: {
				ephemeral: {
					en: 'Slack keeps such a message nowhere: whoever is not there sees it never, and it cannot be changed later.',
					zh: 'Slack 不保存此类消息：对方不在线可能永远看不到，事后也无法修改。',
				},
				schedule: {
					en: 'Slack takes it at most 120 days ahead, and a yes says only that it was planned.',
					zh: '最多提前 120 天；成功仅表示已排期。',
				},
			},
		},
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
		show: { delivery: ['post'] },
		placeholder: '{ "event_type": "…", "event_payload": {} }',
	}),
};

type Input = SendInput<typeof account, typeof options>;

const written = { markup: 'slack', limit: utf16(4_000), mentions: true } as const;

export const slack = defineChannel({
	id: 'slack',
	set: 'work',
	name: 'Slack',
	zh: 'Slack',
	docs: 'https://docs.slack.dev/reference/methods/chat.postMessage',
	aliases: ['Block Kit'],
	where: [
		{
			en: 'On api.slack.com/apps: *Create New App → From scratch*, and choose the workspace.',
			zh: '打开 api.slack.com/apps：Create New App → From scratch，并选择工作区。',
		},
		{
			en: '*OAuth & Permissions → Bot Token Scopes*: add `chat:write`, and as needed `files:write`, `channels:read`, `users:read`, `reactions:write`.',
			zh: 'OAuth & Permissions → Bot Token Scopes：添加 `chat:write`，并按需添加 `files:write`、`channels:read`、`users:read`、`reactions:write`。',
		},
		{
			en: '*Install to Workspace*, and copy the *Bot User OAuth Token* (`xoxb-…`). In the channel: `/invite @app`.',
			zh: 'Install to Workspace，复制 Bot User OAuth Token（`xoxb-…`），再到频道中 `/invite @应用名`。',
		},
		{
			en: 'For the trigger: *Basic Information* shows the *Signing Secret*, and makes an app-level token with `connections:write` (`xapp-…`) for Socket Mode.',
			zh: '触发器还需要：Basic Information 中的 Signing Secret；Socket Mode 则在此生成带 `connections:write` 的应用级令牌（`xapp-…`）。',
		},
	],
	takesFiles: true,
	renders: ({ options: { kind, delivery, linkNames } }) => {
		const files = delivery === 'post' ? ({ attachments: 'bytes' } as const) : {};
		const image = delivery === 'post' ? ({ image: 'bytes' } as const) : {};
		// With names linked, every one in a text would be.
		const unring = (words: string) => words.replace(/(?<![\w.+/-])@(?=[\p{L}_])/gu, '@\u200b');
		const quiet = linkNames ? { unring } : {};
		if (kind === 'markdown') return { markup: 'markdown', limit: utf16(12_000), ...image, ...files, ...quiet };
		if (kind === 'text') return { ...written, ...image, ...files, ...quiet };
		if (kind === 'custom') return { ...written, single: true, ...files, ...quiet };
		const buttons = { ...blockLimits.buttons, values: true };
		return { ...blockRenders, ...files, buttons, image: delivery === 'post' ? 'both' : 'url', ...quiet };
	},
	pace: [{ count: 1, seconds: 1, per: 'target' }],
	account,
	target: {
		label: 'Channel',
		zh: '频道',
		placeholder: 'C0123456789, #general, U0123456789',
		each: true,
		help: {
			en: 'A channel’s id or #name, or a user’s id; U1+U2 is one conversation with several people, channel:ts a thread',
			zh: '频道 ID、#频道名或用户 ID；U1+U2 表示多人会话，频道:ts 表示话题',
		},
		list: channelsAndPeople,
	},
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
		const { message, options, step } = input;
		const extras = new Extras();
		const channel = await channelOf(input);
		const files: { id: string; title: string }[] = [];
		for (const [at, file] of [message.image, ...message.attachments].entries()) {
			const { data } = file ?? {};
			if (!file || !data) continue;
			await extras.try(at === 0 ? 'image' : 'attachments', async () => {
				files.push({
					id: await step(`upload ${at}`, () => upload(input, file.name, data)),
					title: file.name,
				});
			});
		}

		const content = contentOf(input);
		const wordless = content === undefined && files.length > 0 && /^[CGD][A-Z0-9]{7,}$/.test(channel);
		const raw = wordless
			? undefined
			: await step('message', () =>
					ask(input, methods[options.delivery], {
						...frameOf(input),
						channel,
						...(content ?? { text: files.map(({ title }) => title).join('\n') }),
					}),
				);
		const at: string = raw?.channel ?? channel;
		if (files.length > 0) {
			await extras.try('attachments', () =>
				step('share', () =>
					ask(input, 'files.completeUploadExternal', { files, channel_id: at, thread_ts: options.threadTs }),
				),
			);
		}
		const scheduled: string | undefined = raw?.scheduled_message_id;
		const ts: string | undefined = raw?.ts ?? raw?.message_ts;
		if (raw) proofOf(scheduled ?? ts, { en: 'Slack', zh: 'Slack' });
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

	people,

	async edit(input) {
		const { message, options, handle } = input;
		const { channel, ts, files } = handle as Record<string, Json | undefined>;
		// Files stand beside a message, and a note for one person cannot be changed.
		const hasFiles = files !== undefined || [message.image, ...message.attachments].some((file) => file?.data);
		const content = contentOf(input);
		if (options.delivery !== 'post' || hasFiles || content === undefined) return undefined;
		if (typeof channel !== 'string' || typeof ts !== 'string') return undefined;
		const raw = await change(
			input,
			{ channel, ts },
			{
				...('blocks' in content || 'markdown_text' in content ? {} : { blocks: [] }),
				...content,
				link_names: options.linkNames || undefined,
			},
		);
		return { id: ts, handle, raw };
	},

	verify: (call) => ask(call, 'auth.test', {}),

	actions: slackActions,
});

const methods = {
	post: 'chat.postMessage',
	ephemeral: 'chat.postEphemeral',
	schedule: 'chat.scheduleMessage',
} as const;

/** `C0123456789:1700000000.123456` is a thread of that channel. */
function inThread(input: Input): Input {
	const [, channel, threadTs] = /^(.+):(\d+\.\d+)$/.exec(input.to[0] ?? '') ?? [];
	return channel ? { ...input, to: [channel], options: { ...input.options, threadTs } } : input;
}

async function channelOf(input: Input): Promise<string> {
	const [target = ''] = input.to;
	if (!target.includes('+')) return target;
	const users = target
		.split('+')
		.map((user) => user.trim())
		.join(',');
	const { channel } = await input.step('conversation', () => ask(input, 'conversations.open', { users }, true));
	return channel.id;
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
