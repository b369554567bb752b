import { createHmac } from 'node:crypto';
import { defineChannel, invalid } from '../../core/define/channel';
import type { VendorJson } from '../../core/http/http';
import { atOf, contents, kindOf, renderings } from './contents';
import { account, options, standard, type Calling } from './fields';
import { dingtalkReplies } from './replies';
import { baseOf, keyInQuery } from '../../core/define/fields/pastedUrl';
import { sendRaw } from '../../core/define/sendRaw';

export const dingtalk = defineChannel({
	id: 'dingtalk',
	set: 'work',
	name: 'DingTalk',
	zh: '钉钉机器人',
	docs: 'https://open.dingtalk.com/document/robots/custom-robot-access',
	aliases: ['钉钉', 'dingding'],
	where: [
		{
			en: 'In the group: *Group Settings → Bot → Add Robot → Custom* (in the desktop app).',
			zh: '在群里（桌面端）：群设置 → 机器人 → 添加机器人 → 自定义。',
		},
		{
			en: 'Under security choose *Sign*, and copy the secret that begins with `SEC`; keywords and IP ranges work as well.',
			zh: '安全设置选“加签”，复制以 `SEC` 开头的密钥；也可用关键词或 IP 段。',
		},
		{
			en: 'Finish, and copy the Webhook: the part behind `access_token=` is the token, and the whole address is taken too.',
			zh: '完成后复制 Webhook 地址：`access_token=` 之后的部分是令牌，整个地址也能识别。',
		},
	],
	renders: ({ options, message }) => renderings(options)[kindOf(options, message)],
	account,
	target: {
		label: 'Session',
		zh: '会话',
		optional: true,
		each: true,
		help: {
			en: 'Only to answer: “replyTo” of the DingTalk trigger. A group’s robot knows its group',
			zh: '仅用于回复：钉钉触发器给出的 replyTo。群机器人无需填写',
		},
	},
	options,
	// One more within the minute and the robot is silent for ten.
	pace: [{ count: 20, seconds: 60 }],
	replies: dingtalkReplies,

	async send(input) {
		const { message, options: o } = input;
		const chosen = kindOf(o, message.source);
		// Buttons come with the last part unless they were refused, and a card without one is refused, too.
		const lacksButtons = message.index < message.count - 1 || (o.kind === 'auto' && message.buttons.length === 0);
		const kind = chosen === 'actionCard' && lacksButtons ? 'markdown' : chosen;
		const content = contents[kind](input);
		const [session] = input.to;
		const raw = await post(input, { msgtype: kind, [kind]: content, ...atOf(input, kind) }, session);
		// A feed card is titles and pictures.
		return {
			raw,
			degraded: kind === 'feedCard' && message.body !== '' ? [{ kind: 'text', count: message.body.length }] : [],
		};
	},

	actions: {
		sendRaw: sendRaw<typeof account>(
			{ en: 'Any message of DingTalk’s own form, signed', zh: '按钉钉自身格式发送任意消息（自动加签）' },
			'{"msgtype": "text", "text": {"content": "…"}}',
			post,
		),
	},
});

function post(call: Calling, message: unknown, session?: string): Promise<VendorJson> {
	const { account, http, now } = call;
	if (session !== undefined) return http.post(sessionUrl(session, call), { json: message });
	if (account.accessToken === undefined)
		throw invalid('to', {
			en: 'An app’s robot only answers: send to “replyTo” of the DingTalk trigger, or use a group’s robot.',
			zh: '企业应用机器人只能回复：请发往钉钉触发器给出的 replyTo，或改用群机器人。',
		});
	const robot = keyInQuery(account.accessToken, 'access_token');
	const query = { access_token: robot.key, ...(account.secret !== undefined && signed(now(), account.secret)) };
	return http.post(`${baseOf(account.baseUrl, standard, robot)}/robot/send`, { query, json: message });
}

/**
 * `https://oapi.dingtalk.com/robot/sendBySession?session=…#1700000000000`: behind the # when it ends, in ms.
 * Nobody but DingTalk, or the relay in front of it, is called by what a message names.
 */
function sessionUrl(session: string, { account, now }: Calling): string {
	const url = URL.canParse(session) ? new URL(session) : undefined;
	const isTheirs = url?.protocol === 'https:' && /(^|\.)dingtalk\.com$/.test(url.hostname);
	if (!url || !/\/robot\/sendBySession$/.test(url.pathname) || !(isTheirs || isAt(account.baseUrl, url)))
		throw invalid('to', {
			en: 'The session must be “replyTo” of the DingTalk trigger.',
			zh: '会话必须是钉钉触发器给出的 replyTo。',
		});
	const end = Number(url.hash.slice(1));
	if (end > 0 && now() > end)
		throw invalid('to', {
			en: 'The session has ended: DingTalk takes answers for about an hour and a half. Let them write again, or send by a group’s robot.',
			zh: '会话已过期：钉钉只在约一个半小时内接受回复。请对方重新发消息，或改用群机器人发送。',
		});
	url.hash = '';
	return url.href;
}

const isAt = (base: string, { origin }: URL) => URL.canParse(base) && new URL(base).origin === origin;

/** Not yet percent-encoded: the query does that, once. @param timestamp ms */
export function signed(timestamp: number, key: string): { timestamp: number; sign: string } {
	return { timestamp, sign: createHmac('sha256', key).update(`${timestamp}\n${key}`).digest('base64') };
}
