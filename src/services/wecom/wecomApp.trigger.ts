import { randomInt } from 'node:crypto';
import { wecomApp } from './wecomApp.channel';
import { accessBy } from '../../core/define/access';
import { admit, chatHappening, chatOptions, parseLines, type Admission } from '../../core/receive/chat';
import { act } from '../../core/deliver/deliver';
import { invalid, type ChannelError } from '../../core/base/errors';
import type { Values } from '../../core/base/field';
import { bytes } from '../../core/base/limit';
import { render } from '../../core/markup';
import { defineTrigger, Refusal, type Connecting, type OutgoingReply, type Receiving } from '../../core/define/trigger';
import { chatBytes } from '../../core/receive/chatRequests';
import { isSame } from '../../core/receive/isSame';
import { standBy } from '../../core/sockets/standBy';
import { decrypt, encrypt, signatureOf } from './crypto';
import { aboutOf, readMessage, readXml, system } from './messages';

/** Seconds that a request may be away from our clock. */
const window = 600;

type Account = typeof wecomApp.account;
type Here = Receiving<Account, typeof chatOptions>;

/** What people write to a WeCom app and press in its menu. */
export const wecomAppTrigger = defineTrigger<Account, typeof chatOptions>({
	id: 'wecomAppTrigger',
	set: 'work',
	name: 'WeCom App Trigger',
	zh: '企业微信应用触发器',
	docs: 'https://developer.work.weixin.qq.com/document/path/90238',
	description: {
		en: 'Messages, menu clicks and events of a WeCom app. In the app’s “receive messages”, fill in this node’s address; Token and EncodingAESKey go into the account',
		zh: '接收企业微信应用的消息、菜单点击与事件。在应用的“接收消息”中填写本节点的地址，并将 Token 与 EncodingAESKey 填入账号',
	},
	aliases: ['WeChat Work', '企业微信', 'wework', 'wechat'],
	accountOf: 'wecomApp',
	account: wecomApp.account,
	options: chatOptions,
	paths: ['/api/v1/message'],
	methods: ['GET', 'POST'],
	maxBytes: () => chatBytes,

	access({ account }) {
		keysOf(account);
		return accessBy(wecomApp.account, account, ['callbackToken', 'encodingAesKey']);
	},

	authorize({ request: { query }, now }) {
		const { msg_signature: signature = '', timestamp = '', nonce = '' } = query;
		if (!/^[0-9a-f]{40}$/i.test(signature) || !/^\d{1,12}$/.test(timestamp) || nonce === '') {
			throw new Refusal(401, {
				en: 'This is no request of WeCom’s: it has no msg_signature, timestamp and nonce.',
				zh: '这不是企业微信的请求：缺少 msg_signature、timestamp 或 nonce。',
			});
		}
		if (Math.abs(now / 1000 - Number(timestamp)) > window) {
			throw new Refusal(401, {
				en: 'The request is too old or comes from the future: check this machine’s clock.',
				zh: '请求的时间偏差过大：请检查本机时钟。',
			});
		}
	},

	receive(receiving) {
		const { request, account, options } = receiving;
		if (request.method === 'GET') {
			const headers = { 'content-type': 'text/plain; charset=utf-8' };
			return { events: [], reply: { status: 200, headers, body: open(receiving, request.query.echostr ?? '') } };
		}
		const xml = readXml(open(receiving, encryptedOf(request.body)));
		if (!xml) throw new Refusal(400, { en: 'The message is no XML of WeCom’s.', zh: '消息不是企业微信的 XML。' });
		const said = readMessage(xml, receiving.now);
		const admission: Admission =
			said.user.id === system ? { passes: true, event: said } : admit(said, options, account.language);
		const { passes, event, answer } = admission;
		return {
			events: passes ? [chatHappening(event, account.language, aboutOf(event))] : [],
			reply: answer === undefined ? silence : passive(receiving, event.user.id, answer),
		};
	},

	async connect(connecting) {
		await standBy(connecting, async () =>
			connecting.options.pushCommands ? await pushMenu(connecting) : undefined,
		);
	},
});

const silence: OutgoingReply = { status: 200, body: '' };

function keysOf({ callbackToken, encodingAesKey, corpId }: Values<Account>) {
	for (const [field, value] of Object.entries({ callbackToken, encodingAesKey })) {
		if (value === undefined)
			throw invalid(field, {
				en: 'Closed: fill in the callback token and EncodingAESKey of the account. They stand in the app’s “receive messages”.',
				zh: '已关闭：请在账号中填写回调 Token 与 EncodingAESKey。二者见应用的“接收消息”设置。',
			});
	}
	return { token: String(callbackToken), aesKey: String(encodingAesKey), corpId: String(corpId) };
}

/** Without parsing the rest, which nobody has vouched for yet. */
function encryptedOf(body: Uint8Array): string {
	const [, encrypted = ''] =
		/<Encrypt>\s*(?:<!\[CDATA\[\s*)?([A-Za-z0-9+/=]+)\s*(?:\]\]>\s*)?<\/Encrypt>/.exec(
			Buffer.from(body).toString('latin1'),
		) ?? [];
	return encrypted;
}

/** What WeCom has signed and encrypted for this corp. @throws Refusal */
function open({ request: { query }, account }: Here, encrypted: string): string {
	const { token, aesKey, corpId } = keysOf(account);
	const { msg_signature: signature = '', timestamp = '', nonce = '' } = query;
	if (encrypted === '' || !isSame(signature.toLowerCase(), signatureOf(token, timestamp, nonce, encrypted))) {
		throw new Refusal(401, {
			en: 'The signature does not match: check the callback token of the account.',
			zh: '签名不匹配：请检查账号中的回调 Token。',
		});
	}
	const opened = decrypt(aesKey, encrypted);
	if (!opened) {
		throw new Refusal(400, {
			en: 'The message cannot be decrypted: check the EncodingAESKey of the account.',
			zh: '消息无法解密：请检查账号中的 EncodingAESKey。',
		});
	}
	if (!isSame(opened.receiver, corpId)) {
		throw new Refusal(403, {
			en: 'The message is for another corp: check the corp ID of the account.',
			zh: '消息属于其他企业：请检查账号中的企业 ID。',
		});
	}
	return opened.text;
}

/** An answer within the reply. */
function passive({ account, now }: Here, user: string, answer: string): OutgoingReply {
	const { token, aesKey, corpId } = keysOf(account);
	const timestamp = String(Math.floor(now / 1000));
	const nonce = String(randomInt(1e9, 1e10));
	const [content = ''] = render(answer, {
		format: 'text',
		dialect: 'plain',
		limit: bytes(2_048),
		overflow: 'cut',
	}).parts;
	const message = `<xml><ToUserName>${data(user)}</ToUserName><FromUserName>${data(corpId)}</FromUserName><CreateTime>${timestamp}</CreateTime><MsgType>${data('text')}</MsgType><Content>${data(content)}</Content></xml>`;
	const encrypted = encrypt(aesKey, message, corpId);
	const signature = signatureOf(token, timestamp, nonce, encrypted);
	return {
		status: 200,
		headers: { 'content-type': 'text/xml; charset=utf-8' },
		body: `<xml><Encrypt>${data(encrypted)}</Encrypt><MsgSignature>${data(signature)}</MsgSignature><TimeStamp>${timestamp}</TimeStamp><Nonce>${data(nonce)}</Nonce></xml>`,
	};
}

const data = (text: string) => `<![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;

/** @returns why it was not taken */
async function pushMenu({
	account,
	options,
	signal,
}: Connecting<Account, typeof chatOptions>): Promise<ChannelError | undefined> {
	const items = parseLines(options.commands);
	const pushed =
		items.length === 0
			? act(wecomApp, 'deleteMenu', account, {}, { signal })
			: act(wecomApp, 'createMenu', account, { menu: menuOf(items, account.language) }, { signal });
	return await pushed.then(
		() => undefined,
		(error: ChannelError) => error,
	);
}

/** Up to three short ones stand side by side; else five each go below a button. */
export function menuOf(items: readonly { name: string; text: string }[], language: 'en' | 'zh') {
	const buttons = items.map(({ name, text }) => ({ type: 'click', name: text, key: name }));
	if (buttons.length <= 3 && buttons.every(({ name }) => Buffer.byteLength(name) <= 16)) return { button: buttons };
	const label = { en: 'Commands', zh: '命令' }[language];
	const groups = Math.ceil(buttons.length / 5);
	return {
		button: Array.from({ length: groups }, (_, at) => ({
			name: groups === 1 ? label : `${label} ${at + 1}`,
			sub_button: buttons.slice(at * 5, at * 5 + 5),
		})),
	};
}
