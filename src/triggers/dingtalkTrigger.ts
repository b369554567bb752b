import { createHmac } from 'node:crypto';
import { dingtalk } from '../channels/dingtalk';
import { admissionOptions, parseCommand, type ChatEvent } from '../core/chat';
import type { VendorJson } from '../core/http';
import { defineTrigger, Refusal } from '../core/trigger';
import { answeredByChannel } from './shared/answered';
import { chatBytes, objectIn, sayJson, timeOf, wordOf } from './shared/chatRequests';
import { isSame } from './shared/isSame';

/** What is said to the robot of a DingTalk app. */
export const dingtalkTrigger = defineTrigger<typeof dingtalk.account, typeof admissionOptions>({
	id: 'dingtalkTrigger',
	name: 'DingTalk Trigger',
	zh: '钉钉触发器',
	docs: 'https://open.dingtalk.com/document/isvapp/receive-message',
	description: {
		en: 'Messages to the robot of a DingTalk app. In the app’s robot settings choose HTTP mode, and put this trigger’s address into “Message receiving address”',
		zh: '接收发给钉钉企业应用机器人的消息。在应用的机器人配置中选择 HTTP 模式，并把触发器地址填入“消息接收地址”',
	},
	aliases: ['钉钉', 'dingding', '机器人', 'bot'],
	accountOf: 'dingtalk',
	account: dingtalk.account,
	options: admissionOptions,
	maxBytes: () => chatBytes,

	authorize({ request: { headers }, account: { appSecret }, now }) {
		if (appSecret === undefined) {
			throw new Refusal(403, {
				en: 'Choose the robot of an app in the account, and fill in “App secret”: a group’s robot cannot be spoken to.',
				zh: '请在账号中选择企业应用机器人并填写 App Secret：群自定义机器人无法接收消息。',
			});
		}
		const { timestamp = '', sign = '' } = headers;
		const key = String(appSecret);
		if (!isSame(sign, createHmac('sha256', key).update(`${timestamp}\n${key}`).digest('base64'))) {
			throw new Refusal(401, {
				en: 'The header sign is missing or wrong: copy the app’s secret from the developer console again.',
				zh: '请求头 sign 缺失或错误：请从开发者后台重新复制应用的 Client Secret。',
			});
		}
		if (!(Math.abs(now - Number(timestamp)) <= window)) {
			throw new Refusal(401, {
				en: 'The request is older than an hour, or the clock of this machine is off.',
				zh: '请求已超过一小时，或本机时间不准。',
			});
		}
	},

	receive({ request, account, options, now }) {
		const said = objectIn(request.body, { en: 'DingTalk', zh: '钉钉' });
		return answeredByChannel(dingtalk, eventOf(said, now), { account, options }, sayJson({}));
	},
});

/** ms, as DingTalk demands. */
const window = 3_600_000;

function eventOf(said: VendorJson, now: number): ChatEvent {
	const kind = wordOf(said.msgtype) || 'other';
	const isGroup = wordOf(said.conversationType) === '2';
	const name = wordOf(said.senderNick);
	const title = wordOf(said.conversationTitle) || (isGroup ? '' : name);
	const { text, files } = contentOf(said, kind);
	return {
		channel: 'dingtalk',
		conversation: {
			id: wordOf(said.conversationId),
			kind: isGroup ? 'group' : 'private',
			...(title && { name: title }),
		},
		// Who is of another company has an encrypted id alone.
		user: { id: wordOf(said.senderStaffId) || wordOf(said.senderId), ...(name && { name }) },
		admin: false,
		text,
		...parseCommand(text),
		...(files.length > 0 && { files }),
		replyTo: sessionOf(said),
		messageId: wordOf(said.msgId),
		time: timeOf(said.createAt, now),
		kind,
		raw: said,
	};
}

/** The channel's target: where to answer, and until when. */
function sessionOf({ sessionWebhook, sessionWebhookExpiredTime }: VendorJson): string {
	const session = wordOf(sessionWebhook);
	const end = wordOf(sessionWebhookExpiredTime);
	return session && end ? `${session}#${end}` : session;
}

type File = NonNullable<ChatEvent['files']>[number];

/** The robot's own name in front of the text is taken off by DingTalk, the blank behind it is not. */
function contentOf(said: VendorJson, kind: string): { text: string; files: File[] } {
	const content: VendorJson = said.content ?? {};
	if (kind === 'richText') {
		const pieces: VendorJson[] = Array.isArray(content.richText) ? content.richText : [];
		return {
			text: pieces
				.map((piece) => wordOf(piece?.text))
				.join('')
				.trim(),
			files: pieces.flatMap((piece) => fileOf(piece ?? {}, 'picture')),
		};
	}
	// What was spoken comes with what DingTalk heard.
	const text = wordOf(said.text?.content ?? content.recognition).trim();
	return { text, files: fileOf(content, kind) };
}

const mimes: Readonly<Record<string, string>> = { picture: 'image/*', audio: 'audio/*', video: 'video/*' };

function fileOf({ downloadCode, fileName }: VendorJson, kind: string): File[] {
	const id = wordOf(downloadCode);
	const name = wordOf(fileName);
	const mime = mimes[kind];
	return id ? [{ id, ...(name && { name }), ...(mime && { mime }) }] : [];
}
