import { named } from '../../core/define/fields/named';
import {
	baseUrl,
	choice,
	choices,
	defineChannel,
	json,
	secret,
	text,
	toggle,
	utf16,
	type Replies,
	type SendInput,
	type Values,
} from '../../core/define/channel';
import { blockLimits, blockList, blockRenders, blocksOf, fallbackText } from './blockKit';
import { judge } from '../../core/http/http';
import { slackWebhookErrors } from './errors';

const standard = 'https://hooks.slack.com';

const account = {
	baseUrl: baseUrl(standard),
	webhookUrl: secret('Webhook URL', {
		zh: 'Webhook 地址',
		placeholder: 'https://hooks.slack.com/services/…',
		help: {
			en: 'The whole URL, also of a workflow (/triggers/…, /workflows/…)',
			zh: '完整地址，也可以是工作流地址（/triggers/…、/workflows/…）',
		},
		check: (value) =>
			hook.test(value)
				? undefined
				: {
						en: 'must hold /services/…, /triggers/… or /workflows/…',
						zh: '必须包含 /services/…、/triggers/… 或 /workflows/…',
					},
	}),
};

const hook = /^(?=\S+$)(?:(https?:\/\/[^/]+)(?:\/.*)?)?(\/(services|triggers|workflows)\/\S+)$/;

const options = {
	kind: choice(
		'Message type',
		{
			blocks: ['Blocks made from the message', '由消息生成的区块'],
			text: ['Text (mrkdwn)', '文本（mrkdwn）'],
			custom: ['Own blocks', '自定义区块'],
		},
		{
			zh: '消息类型',
			default: 'blocks',
			help: { en: 'Workflows always get their variables instead', zh: '工作流始终只接收变量' },
		},
	),
	blocks: json('Blocks', {
		zh: '区块',
		show: { kind: ['custom'] },
		placeholder: '[{ "type": "divider" }]',
		help: {
			en: 'Build them at https://app.slack.com/block-kit-builder and paste the JSON here; the text stays as fallback',
			zh: '在 https://app.slack.com/block-kit-builder 搭建后粘贴 JSON；正文作为备用文本',
		},
	}),
	threadTs: text('Thread', { zh: '话题', optional: true, placeholder: '1700000000.123456' }),
	unfurlLinks: toggle('Preview links', { zh: '链接预览' }),
	unfurlMedia: toggle('Preview media', { zh: '媒体预览', default: true }),
	variables: choices(
		'Workflow variables',
		{
			text: ['text', 'text'],
			title: ['title', 'title'],
			url: ['url', 'url'],
			image: ['image', 'image'],
			level: ['level', 'level'],
			type: ['type', 'type'],
		},
		{
			zh: '工作流变量',
			default: ['text'],
			help: {
				en: 'Those that the workflow declares; Slack refuses others',
				zh: '工作流声明了哪些变量就选哪些，其余会被 Slack 拒绝',
			},
		},
	),
	extraVariables: named('More workflow variables', {
		zh: '更多工作流变量',
		row: { en: 'Variable', zh: '变量' },
	}),
};

type Input = SendInput<typeof account, typeof options>;

const replies: Replies = {
	as: 'any',
	ok: (json, { status, text }) => status === 200 && (text.trim() === 'ok' || json?.ok === true),
	code: (json) => json?.error,
	says: (json) => json?.error,
	errors: slackWebhookErrors,
};
const service = { name: { en: 'Slack Webhook', zh: 'Slack Webhook' }, replies };

export const slackWebhook = defineChannel({
	id: 'slackWebhook',
	set: 'work',
	name: 'Slack Webhook',
	zh: 'Slack Webhook',
	docs: 'https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks',
	aliases: ['Slack', 'Incoming Webhook'],
	where: [
		{
			en: 'On api.slack.com/apps open or create an app: *Incoming Webhooks → On → Add New Webhook to Workspace*.',
			zh: '打开 api.slack.com/apps，选择或新建应用：Incoming Webhooks → 打开 → Add New Webhook to Workspace。',
		},
		{
			en: 'Choose the channel, and copy the address that begins with `https://hooks.slack.com/services/`.',
			zh: '选择频道，复制以 `https://hooks.slack.com/services/` 开头的地址。',
		},
	],
	renders: ({ options: { kind }, account }) => {
		if (flow(account.webhookUrl))
			return {
				markup: 'plain',
				limit: utf16(4_000),
				title: blockLimits.title,
				image: 'url',
				url: true,
				level: true,
			};
		if (kind === 'blocks') return blockRenders;
		return { markup: 'slack', limit: utf16(4_000), mentions: true, single: kind === 'custom' };
	},
	pace: [{ count: 1, seconds: 1 }],
	account,
	options,
	replies,

	async send(input) {
		const { account, http } = input;
		const { text } = await http.call('POST', addressOf(account), {
			json: flow(account.webhookUrl) ? variablesOf(input) : bodyOf(input),
		});
		return { raw: text };
	},

	/** A message without anything in it: a webhook that is gone says that first. A workflow would start with it. */
	async verify({ account, http }) {
		if (flow(account.webhookUrl)) return;
		const reply = await http.call('POST', addressOf(account), { json: { text: '' }, raw: true });
		if (reply.status !== 400 || !nothingToSay.test(reply.text)) judge(service, reply);
	},
});

const nothingToSay = /^\s*(no_text|missing_text_or_fallback_or_attachments)\s*$/;

function addressOf({ webhookUrl, baseUrl: own }: Values<typeof account>): string {
	const [, origin, path] = hook.exec(webhookUrl)!;
	return (own === standard ? (origin ?? standard) : own) + path;
}

const flow = (webhookUrl: string) => hook.exec(webhookUrl)?.[3] !== 'services';

function bodyOf({ message, options: o }: Input): object {
	const frame = { thread_ts: o.threadTs, unfurl_links: o.unfurlLinks, unfurl_media: o.unfurlMedia };
	const fallback = fallbackText(message);
	if (message.markup === 'plain') return { text: fallback, mrkdwn: false, ...frame };
	if (o.kind === 'custom') return { text: fallback, blocks: blockList(o.blocks), ...frame };
	if (o.kind === 'text') return { text: fallback, ...frame };
	return { text: fallback || message.image?.name, blocks: blocksOf(message, { values: false }), ...frame };
}

/** Workflows take flat texts only. */
function variablesOf({ message, options }: Input): Record<string, string> {
	const { title = '', body, url = '', image, level = '', source } = message;
	const all = { text: body, title, url, image: image?.url ?? '', level, type: source.type ?? '' };
	const chosen = Object.fromEntries(options.variables.map((name) => [name, all[name]]));
	const extra = options.extraVariables.map(({ name, value = '' }) => [name, value]);
	return { ...chosen, ...Object.fromEntries(extra) };
}
