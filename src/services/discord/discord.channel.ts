import { defineChannel } from '../../core/define/channel';
import { discordAccount, webhookOf } from './account';
import { discordActions } from './actions';
import { discordReplies } from './errors';
import { discordOptions } from './options';
import { discordRenders } from './renders';
import { edit, send } from './send';

/** A webhook of a channel, or of a forum. */
export const discord = defineChannel({
	id: 'discord',
	set: 'chat',
	name: 'Discord',
	zh: 'Discord',
	docs: 'https://docs.discord.com/developers/resources/webhook',
	where: [
		{
			en: 'In Discord, open “Edit Channel” of the channel, then “Integrations” → “Webhooks”; it needs the permission “Manage Webhooks”.',
			zh: '在 Discord 中打开频道的“编辑频道”→“整合”→“Webhook”，需要“管理 Webhook”权限。',
		},
		{ en: 'Take “New Webhook”, then “Copy Webhook URL”.', zh: '点击“新 Webhook”，再点击“复制 Webhook URL”。' },
	],
	aliases: ['Discord Webhook', 'embed', 'Fluxer'],
	takesFiles: true,
	silent: true,
	renders: discordRenders,
	// Nobody says how many; what Discord asks for beyond that is waited for.
	pace: [{ count: 5, seconds: 2 }],
	account: discordAccount,
	target: {
		label: 'Thread',
		zh: '子区',
		optional: true,
		each: true,
		placeholder: '1100000000000000000',
		help: {
			en: 'Id or link of a thread or forum post in the webhook’s channel; empty: the channel itself',
			zh: 'Webhook 所属频道中子区或论坛帖子的 ID 或链接；留空则发到频道',
		},
	},
	options: discordOptions,
	replies: discordReplies,
	send,
	edit,
	verify: ({ account, http }) => http.get(webhookOf(account).address),
	actions: discordActions,
});
