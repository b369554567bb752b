import { chars, defineChannel, type Json } from '../../core/define/channel';
import { Extras } from '../../core/define/extras';
import { oneBotActions } from './actions';
import { chatOf, name, oneBotAccount, withCalls } from './calls';
import { groupsAndFriends } from './lists';
import { oneBotReplies } from './replies';
import { nodesOf, oneBotOptions, segmentsOf, sort, sourceOf } from './segments';

export const onebot = defineChannel({
	id: 'onebot',
	set: 'qq',
	name: name.en,
	zh: name.zh,
	docs: 'https://github.com/botuniverse/onebot-11',
	aliases: ['QQ', 'NapCat', 'Lagrange', 'LLOneBot', 'go-cqhttp'],
	where: [
		{
			en: 'In the QQ bot’s own page (NapCat: *Network → New*) add an *HTTP server*, or a *WebSocket server* for the trigger, and switch it on.',
			zh: '在 QQ 机器人的管理页面（NapCat：网络配置 → 新建）添加“HTTP 服务器”，触发器则添加“WebSocket 服务器”，并启用。',
		},
		{
			en: '*Address* is its host and port as this machine reaches them, such as `http://192.168.1.5:3000`.',
			zh: '“地址”填本机能访问到的主机和端口，例如 `http://192.168.1.5:3000`。',
		},
		{ en: 'The token entered there is the *Access token* here.', zh: '在那里填写的 Token，就是这里的“访问令牌”。' },
	],
	takesFiles: true,
	renders: ({ options: { kind } }) => {
		// The standard names no limit; QQ itself refuses more than about this.
		const limit = chars(4_500);
		if (kind === 'segments') return { markup: 'plain', limit, single: true };
		// Its own codes are what it is for; whom they ring is not for a text to say.
		if (kind === 'cq')
			return {
				markup: 'plain',
				limit,
				single: true,
				mentions: true,
				unring: (words) => words.replace(/\[(?=CQ:at\b)/gi, '&#91;'),
			};
		if (kind === 'share')
			return { markup: 'plain', limit, single: true, title: chars(100), url: true, image: 'url' };
		return { markup: 'plain', limit, image: 'both', attachments: 'both', mentions: kind === 'message' };
	},
	account: oneBotAccount,
	target: {
		label: 'Chats',
		zh: '会话',
		placeholder: 'private:10001, group:20001',
		each: true,
		help: {
			en: 'group: and a group’s number, private: (or nothing) and a QQ number',
			zh: 'group: 加群号，private: 加 QQ 号；只填数字视为 QQ 号',
		},
		list: groupsAndFriends,
	},
	options: oneBotOptions,
	replies: oneBotReplies,

	async send(input) {
		const { to, options, message, step } = input;
		const chat = chatOf(to[0] ?? '');
		const { inMessage, alone, files } = sort(message.attachments);
		const suffix = { normal: '', async: '_async', rateLimited: '_rate_limited' }[options.dispatch];
		return await withCalls(input, async (api) => {
			const say = (segments: Json, more = {}) =>
				api(`send_msg${suffix}`, { message_type: chat.type, ...chat.params, message: segments, ...more });
			const raw = await step('message', async () =>
				options.kind === 'forward'
					? await api(`send_${chat.type}_forward_msg`, {
							...chat.params,
							messages: await nodesOf(input, api, inMessage),
						})
					: await say(segmentsOf(input, inMessage), options.kind === 'cq' ? { auto_escape: false } : {}),
			);
			const extras = new Extras();
			if (options.kind === 'cq') extras.lose('title', message.source.title ?? '');
			for (const [at, segment] of alone.entries())
				await extras.try('attachments', () => step(`media ${at}`, () => say([segment])));
			for (const [at, file] of files.entries()) {
				const upload = () =>
					api(`upload_${chat.type}_file`, { ...chat.params, file: sourceOf(file), name: file.name });
				await extras.try('attachments', () => step(`file ${at}`, upload));
			}
			if (raw.status === 'async')
				extras.warnings.unshift({
					en: 'OneBot accepted it without saying whether it went out.',
					zh: 'OneBot 已接受，但未告知是否发出。',
				});
			const id: string | number | undefined = raw.data?.message_id ?? undefined;
			return {
				id,
				handle: id === undefined ? undefined : { messageId: id, chat: to[0] ?? '' },
				raw,
				warnings: extras.warnings,
				degraded: extras.degraded,
			};
		});
	},

	async verify(call) {
		await withCalls(call, (api) => api('get_login_info', {}, true));
	},

	actions: oneBotActions,
});
