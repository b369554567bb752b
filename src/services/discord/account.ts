import { baseUrl, invalid, secret, type Values } from '../../core/define/channel';
import { fill } from '../../core/base/language';

const standard = 'https://discord.com';
/** Without a version the API is one of years ago. */
const api = '/api/v10';

/** `https://discord.com/api/webhooks/1/TOKEN?thread_id=2`, `1/TOKEN` */
const hook =
	/^(?:(https?:\/\/[^/\s?#]+)((?:\/[^\s/?#]+)*)\/webhooks\/)?(\d{1,25})\/([\w.-]+)(?:\/(?:slack|github))?\/?(?:\?([^\s#]*))?$/i;
const ofDiscord = /^https?:\/\/(?:[\w-]+\.)?discord(?:app)?\.com$/i;

export const discordAccount = {
	baseUrl: baseUrl(standard),
	webhookUrl: secret('Webhook URL', {
		zh: 'Webhook 地址',
		placeholder: 'https://discord.com/api/webhooks/1100000000000000000/AbCdEf-123',
		help: {
			en: 'Edit Channel → Integrations → Webhooks → New Webhook → Copy Webhook URL',
			zh: '编辑频道 → 整合 → Webhook → 新 Webhook → 复制 Webhook URL',
		},
		check: (value) =>
			hook.test(value)
				? undefined
				: { en: 'must be an address with /webhooks/ID/TOKEN', zh: '必须是包含 /webhooks/ID/TOKEN 的地址' },
	}),
};

export type DiscordAccount = Values<typeof discordAccount>;

/** Where its requests go, and the thread that the address itself names. */
export function webhookOf({ webhookUrl, baseUrl: chosen }: DiscordAccount): { address: string; thread?: string } {
	const [, origin = standard, prefix = '', id, token, query] = hook.exec(webhookUrl)!;
	const isRelayed = chosen !== standard;
	const base = isRelayed ? chosen + (/\/api(?:\/v\d+)?$/.test(chosen) ? '' : api) : origin + prefix;
	const thread = new URLSearchParams(query).get('thread_id');
	return {
		address: `${!isRelayed && ofDiscord.test(origin) ? standard + api : base}/webhooks/${id}/${token}`,
		...(thread && { thread }),
	};
}

/** `1100…`, or the link of a thread. @throws ChannelError `Invalid('to')` */
export function threadOf(given: string): string {
	const [, id = given] = /^https?:\/\/[^/]+\/channels\/(?:\d+|@me)\/(\d+)(?:\/\d+)?\/?$/.exec(given) ?? [];
	if (/^\d{1,25}$/.test(id)) return id;
	throw invalid(
		'to',
		fill(
			{
				en: '“{given}” is no thread: fill in its id (a number) or its link.',
				zh: '“{given}”不是有效的子区：请填写其 ID（数字）或链接。',
			},
			{ given },
		),
	);
}
