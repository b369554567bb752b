import { defineChannel, jsonBytes, weightOf, type Renders } from '../../core/define/channel';
import type { Message } from '../../core/message/message';
import { ntfyAccount } from './account';
import { ntfyActions } from './actions';
import { check } from './api';
import { ntfyReplies } from './errors';
import { ntfyOptions } from './options';
import { send } from './send';

/**
 * Bytes of JSON. A text of 4096 bytes becomes a file, and a whole publication may have twice as many: what is too long
 * beside the text stands in it.
 */
const most = { text: jsonBytes(3_900), title: jsonBytes(500), buttons: jsonBytes(1_500), link: jsonBytes(800) };

const fitsBeside = (value: unknown, { max }: { max: number }) =>
	value === undefined || weightOf(JSON.stringify(value), jsonBytes(max)) <= max;

/** Up to three buttons, which open links. */
const buttonsOf = ({ buttons = [] }: Message): Renders['buttons'] =>
	fitsBeside(buttons.slice(0, 3), most.buttons) ? { most: 3 } : undefined;

export const ntfy = defineChannel({
	id: 'ntfy',
	set: 'push',
	name: 'ntfy',
	zh: 'ntfy',
	docs: 'https://docs.ntfy.sh/publish/',
	where: [
		{
			en: 'An open topic needs nothing: its name is the secret, so make it long and hard to guess.',
			zh: '公开主题无需凭据：主题名即密钥，请取得足够长且难以猜测。',
		},
		{
			en: 'For a protected topic, open the server’s web page, then “Account” → “Access tokens” → “Create access token”.',
			zh: '受保护的主题：打开服务器网页，在“账户”→“访问令牌”中创建令牌。',
		},
	],
	aliases: ['推送', 'push', 'UnifiedPush'],
	takesFiles: true,
	silent: true,
	edit: 'byKey',
	renders: ({ options, message }) => ({
		markup: options.format === 'markdown' ? 'markdown' : 'plain',
		limit: most.text,
		title: most.title,
		image: 'both',
		attachments: 'both',
		// Its own stand in their place.
		buttons: options.actions.length > 0 ? undefined : buttonsOf(message),
		level: true,
		url: fitsBeside(message.url, most.link),
	}),
	account: ntfyAccount,
	target: {
		label: 'Topics',
		zh: '主题',
		each: true,
		placeholder: 'phone, https://ntfy.example.com/nas',
		help: {
			en: 'Names or addresses. A topic that is not protected is read by everybody who guesses its name',
			zh: '名称或地址。未受保护的主题，任何猜到名称的人都能读取',
		},
	},
	options: ntfyOptions,
	replies: ntfyReplies,
	send,
	verify: check,
	actions: ntfyActions,
});
