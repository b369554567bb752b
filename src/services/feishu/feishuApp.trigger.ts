import { createDecipheriv, createHash } from 'node:crypto';
import { feishuApp } from './feishuApp.channel';
import { accessBy } from '../../core/define/access';
import { admissionOptions, admit, chatHappening } from '../../core/receive/chat';
import { choices, type Values } from '../../core/base/field';
import type { VendorJson } from '../../core/http/http';
import { defineTrigger, Refusal, type IncomingRequest } from '../../core/define/trigger';
import { answeredByChannel } from '../../core/receive/answered';
import { chatBytes, objectIn, sayJson, wordOf } from '../../core/receive/chatRequests';
import { aboutOf, feishuEvent, readFeishu } from './events';
import { isSame } from '../../core/receive/isSame';

const options = {
	events: choices(
		'Events',
		{
			'im.message.receive_v1': ['Messages', '消息'],
			'card.action.trigger': ['Pressed buttons of cards', '卡片按钮点击'],
			'application.bot.menu_v6': ['Menu of the bot', '机器人菜单'],
			other: ['Everything else that is subscribed', '其他已订阅的事件'],
		},
		{
			zh: '事件',
			default: ['im.message.receive_v1', 'card.action.trigger', 'application.bot.menu_v6'],
			help: {
				en: 'Subscribe to them in the developer console too, and publish a version',
				zh: '还需在开发者后台订阅相应事件并发布版本',
			},
		},
	),
	...admissionOptions,
};

type Account = Values<typeof feishuApp.account>;

/** What is said to a Feishu or Lark app, and pressed on its cards. */
export const feishuAppTrigger = defineTrigger<typeof feishuApp.account, typeof options>({
	id: 'feishuAppTrigger',
	set: 'work',
	name: 'Feishu App Trigger',
	zh: '飞书应用触发器',
	docs: 'https://open.feishu.cn/document/event-subscription-guide/event-subscriptions/event-subscription-configure-/request-url-configuration-case',
	description: {
		en: 'Messages, menu clicks and pressed buttons of a Feishu or Lark app. Put this trigger’s address as request URL under “Events & callbacks”, into events and into callbacks',
		zh: '接收飞书或 Lark 应用的消息、菜单与卡片按钮点击。在“事件与回调”中把触发器地址分别填为事件配置与回调配置的请求地址',
	},
	aliases: ['飞书', 'Lark', '机器人', 'bot'],
	accountOf: 'feishuApp',
	account: feishuApp.account,
	options,
	maxBytes: () => chatBytes,

	access: ({ account }) => accessBy(feishuApp.account, account, ['verificationToken', 'encryptKey']),

	authorize({ request: { headers }, account: { encryptKey }, now }) {
		const { 'x-lark-signature': signature, 'x-lark-request-timestamp': timestamp } = headers;
		if (encryptKey === undefined || signature === undefined) return;
		if (!(Math.abs(now / 1_000 - Number(timestamp)) <= window)) {
			throw new Refusal(401, {
				en: 'The request is older than an hour, or the clock of this machine is off.',
				zh: '请求已超过一小时，或本机时间不准。',
			});
		}
	},

	receive({ request, account, options, now }) {
		const body = open(request, account);
		if (!isFromFeishu(body, account)) {
			throw new Refusal(401, {
				en: 'The verification token is missing or wrong: copy it from “Events & callbacks” in the developer console.',
				zh: 'Verification Token 缺失或错误：请从开发者后台的“事件与回调”中复制。',
			});
		}
		if (body.type === 'url_verification') return { events: [], reply: sayJson({ challenge: body.challenge }) };
		const told = feishuEvent(body);
		const isCard = told.type === 'card.action.trigger';
		const kind = told.type in known ? told.type : 'other';
		const isWanted = options.events.length === 0 || (options.events as string[]).includes(kind);
		// Apps write too, this one among them.
		const isApp = told.body.sender?.sender_type !== undefined && told.body.sender.sender_type !== 'user';
		if (!isWanted || isApp) return { events: [], reply: sayJson({}) };
		const event = readFeishu(told, now);
		if (!isCard) return answeredByChannel(feishuApp, event, { account, options }, sayJson({}), aboutOf(event));
		const { passes, event: admitted, answer } = admit(event, options, account.language);
		return {
			events: passes ? [chatHappening(admitted, account.language, aboutOf(event))] : [],
			reply: sayJson(answer === undefined ? {} : { toast: { type: 'info', content: answer } }),
		};
	},
});

/** Seconds. */
const window = 3_600;

const known = options.events.options as Readonly<Record<string, unknown>>;

/** The event, decrypted where the app encrypts; what then is not signed may be no more than the check of the address. */
function open(request: IncomingRequest, { encryptKey }: Account): VendorJson {
	const { headers, body } = request;
	const key = encryptKey as string | undefined;
	const isSigned = key !== undefined && headers['x-lark-signature'] !== undefined;
	if (isSigned && !isSame(headers['x-lark-signature']!, signatureOf(headers, key, body))) {
		throw new Refusal(401, {
			en: 'The signature in X-Lark-Signature does not match: copy the encrypt key from the developer console again.',
			zh: 'X-Lark-Signature 签名不符：请从开发者后台重新复制 Encrypt Key。',
		});
	}
	const outer = objectIn(body, { en: 'Feishu', zh: '飞书' });
	if (key === undefined) {
		if (outer.encrypt === undefined) return outer;
		throw new Refusal(400, {
			en: 'The event is encrypted: fill in “Encrypt key” of the account.',
			zh: '事件已加密：请在账号中填写 Encrypt Key。',
		});
	}
	const inner = decrypted(wordOf(outer.encrypt), key);
	if (isSigned || inner.type === 'url_verification') return inner;
	throw new Refusal(401, { en: 'The header X-Lark-Signature is missing.', zh: '缺少请求头 X-Lark-Signature。' });
}

function signatureOf(headers: IncomingRequest['headers'], key: string, body: Uint8Array): string {
	const { 'x-lark-request-timestamp': timestamp = '', 'x-lark-request-nonce': nonce = '' } = headers;
	return createHash('sha256').update(`${timestamp}${nonce}${key}`).update(body).digest('hex');
}

function decrypted(packed: string, key: string): VendorJson {
	let plain: Uint8Array;
	try {
		plain = Buffer.from(decryptFeishu(packed, key));
	} catch {
		throw new Refusal(401, {
			en: 'The event cannot be decrypted: copy the encrypt key from the developer console again.',
			zh: '事件无法解密：请从开发者后台重新复制 Encrypt Key。',
		});
	}
	return objectIn(plain, { en: 'Feishu', zh: '飞书' });
}

/**
 * @param packed base64: 16 bytes of IV, then AES-256-CBC with the key's SHA-256
 * @throws Error where it was not packed with this key
 */
export function decryptFeishu(packed: string, key: string): string {
	const bytes = Buffer.from(packed, 'base64');
	const decipher = createDecipheriv('aes-256-cbc', createHash('sha256').update(key).digest(), bytes.subarray(0, 16));
	return Buffer.concat([decipher.update(bytes.subarray(16)), decipher.final()]).toString('utf8');
}

function isFromFeishu(body: VendorJson, { verificationToken }: Account): boolean {
	return verificationToken === undefined || isSame(feishuEvent(body).token, verificationToken as string);
}
