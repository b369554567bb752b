import {
	chars,
	defineChannel,
	invalid,
	number,
	text,
	type Json,
	type Rendered,
	type SendInput,
} from '../../core/define/channel';
import { fill } from '../../core/base/language';
import { Extras } from '../../core/define/extras';
import { synologyChatActions } from './actions';
import { attachments, button, withActions } from './attachments';
import { names, people, account, endpointOf, post, users } from './api';

const options = {
	callbackId: text('Callback id', {
		zh: '回调 ID',
		default: 'carillon',
		help: { en: 'Comes back with the button that was pressed', zh: '点击按钮时随回调返回' },
	}),
	attachments,
	channelId: number('Channel id', {
		zh: '频道 ID',
		optional: true,
		integer: true,
		help: { en: 'Bots only; not every DSM version takes it', zh: '仅机器人；部分 DSM 版本不支持' },
	}),
};

type Input = SendInput<typeof account, typeof options>;

export const synologyChat = defineChannel({
	id: 'synologyChat',
	set: 'chat',
	name: 'Synology Chat',
	zh: '群晖 Chat',
	docs: 'https://kb.synology.com/en-global/DSM/help/Chat/chat_integration',
	aliases: ['群晖', 'Synology', 'DSM', 'NAS'],
	where: [
		{ en: 'In Synology Chat: your picture → *Integration*.', zh: '在 Synology Chat 中：点头像 → 整合。' },
		{
			en: '*Bots → Create*: a bot can write to people, and copies its *Token*; or *Incoming Webhooks → Create* for one channel.',
			zh: '“机器人”→“创建”：机器人可以给个人发消息，复制它的令牌；只发到一个频道则用“传入 Webhook”→“创建”。',
		},
		{
			en: 'The whole *Webhook URL* is taken too. *Base URL* is the NAS as this machine reaches it.',
			zh: '完整的 Webhook 地址也能识别；“服务地址”填本机能访问到的 NAS 地址。',
		},
	],
	renders: ({ account }) => ({
		markup: 'synology',
		limit: chars(2_000),
		image: 'url',
		attachments: 'url',
		mentions: true,
		unring: (words) => words.replace(/(?<![\w.+/-])@(?=[\p{L}\p{N}_])/gu, '@\u200b'),
		...(endpointOf(account).method === 'chatbot' && { buttons: { most: 10, values: true } }),
	}),
	pace: [{ count: 1, seconds: 1 }],
	account,
	target: {
		label: 'Users',
		zh: '用户',
		optional: true,
		placeholder: '5, alice, @all',
		help: {
			en: 'Bots only: ids or names; @all is everybody who may see the bot',
			zh: '仅机器人：用户 ID 或用户名；@all 表示所有可见用户',
		},
		list: people,
	},
	options,
	replies: {
		// Errors come with HTTP 200 too.
		ok: (json) => json.success === true,
		code: (json) => json.error?.code,
		says: (json) => wordsOf(json.error?.errors),
		errors: [
			{
				code: 411,
				is: 'RateLimited',
				retryAfter: 1,
				do: { en: 'Synology Chat takes about one post a second.', zh: 'Synology Chat 每秒约接受一条消息。' },
			},
			{
				code: 117,
				is: 'Unreachable',
				do: { en: 'The NAS is busy: try again later.', zh: 'NAS 正忙：请稍后重试。' },
			},
			{
				code: [102, 103, 104],
				is: 'Rejected',
				do: {
					en: 'This DSM has no such interface: install Synology Chat Server, and check address and type.',
					zh: '该 DSM 没有此接口：请安装 Synology Chat Server，并检查地址与类型。',
				},
			},
			{
				code: [105, 106, 119],
				is: 'Unauthorized',
				do: {
					en: 'Copy the token from Synology Chat’s integration page again.',
					zh: '请从 Synology Chat 的整合页面重新复制令牌。',
				},
			},
			{
				code: [404, 407],
				is: 'Unauthorized',
				do: {
					en: 'The NAS knows no such token or recipient: copy the token again, and check whether it belongs to a bot or a webhook.',
					zh: 'NAS 不认识该令牌或接收者：请重新复制令牌，并确认它属于机器人还是 Webhook。',
				},
			},
			{
				code: 800,
				is: 'Rejected',
				because: 'image',
				do: {
					en: 'The NAS could not load the file: its address must be reachable from there, with up to 32 MB.',
					zh: 'NAS 无法下载该文件：其地址须能从 NAS 访问，且不超过 32 MB。',
				},
			},
			{
				code: [101, 120],
				is: 'Rejected',
				do: {
					en: 'The NAS takes this not as a message: check users, channel and own attachments.',
					zh: 'NAS 无法识别该消息：请检查用户、频道与自定义附件。',
				},
			},
		],
	},

	async send(input) {
		const { message, step, options, account } = input;
		const bot = endpointOf(account).method === 'chatbot';
		const to = bot ? await receivers(input) : {};
		const words = textOf(message);
		const { callbackId } = options;
		const own = withActions(options.attachments, callbackId);
		const attachments = own.length > 0 ? own : bot ? buttonsOf(message, callbackId) : undefined;
		const wordless = words === '' && !message.image && attachments === undefined;
		const raw = wordless
			? undefined
			: await step('message', () =>
					post(input, { text: words, file_url: message.image?.url, attachments, ...to }),
				);
		const extras = new Extras();
		for (const [at, { url }] of message.attachments.entries()) {
			const file = () => step(`file ${at}`, () => post(input, { file_url: url, ...to }));
			await (wordless ? file() : extras.try('attachments', file));
		}
		const failed: Json[] = Array.isArray(raw?.data?.fail) ? raw.data.fail : [];
		const missed = failed.map((each) =>
			fill(
				{ en: 'The NAS could not deliver to one user: {who}.', zh: 'NAS 未能送达一名用户：{who}。' },
				{ who: JSON.stringify(each) },
			),
		);
		return { raw, handle: raw?.data?.succ, warnings: [...missed, ...extras.warnings], degraded: extras.degraded };
	},

	people: names,
	async verify(call) {
		// An incoming webhook can only be asked by posting.
		if (endpointOf(call.account).method === 'chatbot') await users(call);
	},

	actions: synologyChatActions,
});

/** Ids as they are, names looked up. */
async function receivers(input: Input): Promise<object> {
	const { to, options, step } = input;
	const channel = options.channelId === undefined ? {} : { channel_id: options.channelId };
	if (to.length === 0) {
		if (options.channelId !== undefined) return channel;
		throw invalid('to', {
			en: 'A bot writes to users: fill in their ids or names, or @all.',
			zh: '机器人只能发给用户：请填写用户 ID、用户名或 @all。',
		});
	}
	if (to.every((each) => /^\d+$/.test(each))) return { user_ids: to.map(Number), ...channel };
	const known = await step('users', () => users(input));
	const alive = known.filter(({ deleted }) => !deleted);
	const ids = to.flatMap((each) => {
		if (/^\d+$/.test(each)) return [Number(each)];
		const name = each.replace(/^@/, '');
		if (name === 'all') return alive.map(({ user_id }) => user_id);
		const user = alive.find(({ username, nickname }) => username === name || nickname === name);
		if (!user)
			throw invalid(
				'to',
				fill(
					{
						en: 'The bot sees no user “{name}”: see “List Users”.',
						zh: '机器人找不到用户“{name}”：请用“获取用户列表”查看。',
					},
					{ name },
				),
			);
		return [user.user_id];
	});
	return { user_ids: [...new Set(ids)], ...channel };
}

/** Buttons of Synology Chat only call back: those that open an address become links. */
function textOf({ body, mentions, buttons }: Rendered): string {
	const who = mentions.map((each) => (each.startsWith('@') ? each : `@${each}`)).join(' ');
	const links = buttons.flatMap(({ text, url }) =>
		url === undefined ? [] : [`<${url}|${text.replace(/[<>|]/g, ' ')}>`],
	);
	return [who, body, ...links].filter(Boolean).join('\n');
}

function buttonsOf({ buttons, source }: Rendered, callbackId: string): Json | undefined {
	const actions = buttons
		.filter(({ url }) => url === undefined)
		.map(({ text, value = text, style }) =>
			button(text, value, style === 'primary' ? 'green' : style === 'danger' ? 'red' : 'grey'),
		);
	return actions.length > 0 ? [{ callback_id: callbackId, text: source.title ?? ' ', actions }] : undefined;
}

const wordsOf = (errors: unknown): string | undefined =>
	errors === undefined || errors === null ? undefined : typeof errors === 'string' ? errors : JSON.stringify(errors);
