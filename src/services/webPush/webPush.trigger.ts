import { accessBy } from '../../core/define/access';
import { choices, type Values } from '../../core/base/field';
import { isChannelError } from '../../core/base/errors';
import type { Language, Text } from '../../core/base/language';
import { deliver } from '../../core/deliver/deliver';
import {
	defineTrigger,
	Refusal,
	type IncomingRequest,
	type LookingUp,
	type Receiving,
} from '../../core/define/trigger';
import type { VendorJson } from '../../core/http/http';
import {
	admissionOptions,
	admit,
	chatAccess,
	chatHappening,
	parseCommand,
	type ChatEvent,
} from '../../core/receive/chat';
import { chatBytes, objectIn, sayJson, wordOf } from '../../core/receive/chatRequests';
import { isSame } from '../../core/receive/isSame';
import { isPushService } from './account';
import { test } from './actions';
import { vapidKeys } from './keys';
import { iconReply, lockedReply, manifestReply, pageReply, workerReply } from './page';
import { nameOf, placeOf, shown, subscribe, subscribersOf, unsubscribe, type Subscriber } from './subscribers';
import { idOf, nameIn, subscriptionIn } from './subscription';
import { webPush } from './webPush.channel';

const options = {
	events: choices(
		'Events',
		{
			button: ['Pressed buttons', '按钮点击'],
			subscribe: ['New subscribers', '新订阅者'],
			unsubscribe: ['Those who leave', '取消订阅'],
		},
		{ zh: '事件', default: ['button'], help: { en: 'None chosen: all of them', zh: '不选则接收全部' } },
	),
	...admissionOptions,
};

type Here = Receiving<typeof webPush.account, typeof options>;
type Account = Here['account'] & Parameters<typeof placeOf>[0] & Parameters<typeof subscribe>[0];

/** The page on which people allow notifications, and what they press in them. */
export const webPushTrigger = defineTrigger<typeof webPush.account, typeof options>({
	id: 'webPushTrigger',
	set: 'push',
	name: 'Web Push Trigger',
	zh: '浏览器推送触发器',
	docs: 'https://developer.mozilla.org/en-US/docs/Web/API/Push_API',
	description: {
		en: 'The page on which people allow notifications, and the buttons that they press in them. Open this trigger’s address with ?key= and the account’s page key behind it, by https',
		zh: '供人订阅通知的页面，以及通知中的按钮点击。请通过 https 打开触发器地址，并在其后加上 ?key= 与账号的页面密钥',
	},
	aliases: ['WebPush', 'PWA', '浏览器', '网页推送'],
	accountOf: 'webPush',
	account: webPush.account,
	options,
	methods: ['GET', 'POST'],
	maxBytes: () => chatBytes,
	panel: [
		{
			en: 'In every browser that is to be told: open the address with ?key= and the page key behind it, and allow notifications.',
			zh: '在每个需要接收通知的浏览器中打开此地址（末尾加 ?key= 与页面密钥），并允许通知。',
		},
		{
			en: 'On iPhone and iPad (iOS 16.4 or later) put the page on the home screen first, and open it from there.',
			zh: '在 iPhone 与 iPad 上（iOS 16.4 及以上），请先把页面添加到主屏幕，再从主屏幕打开。',
		},
	],

	access: ({ account, options }) => chatAccess(accessBy(webPush.account, account, ['pageKey']), options),

	authorize({ request, account }) {
		if (isSame(request.query.key ?? '', String(account.pageKey))) return;
		const page = request.method === 'GET' && /text\/html/.test(request.headers.accept ?? '');
		throw new Refusal(401, wrongKey, {}, page ? lockedReply(languageFor(request, account)) : undefined);
	},

	receive(receiving) {
		const { request } = receiving;
		const account = receiving.account as Account;
		const language = languageFor(request, account);
		if (request.method === 'POST')
			return { events: [], lookUp: asked({ ...receiving, account }, objectIn(request.body, page)) };
		switch (request.query.get) {
			case 'worker':
				return { events: [], reply: workerReply() };
			case 'manifest':
				return { events: [], reply: manifestReply(account.pageKey, language) };
			case 'icon':
				return { events: [], reply: iconReply() };
			default:
				return {
					events: [],
					lookUp: async ({ lasting }) => {
						const { publicKey } = await vapidKeys(account, placeOf(account), lasting);
						return { events: [], reply: pageReply(account.pageKey, publicKey, language) };
					},
				};
		}
	},
});

/** What the page, or its worker, says. */
function asked(here: Here & { account: Account }, said: VendorJson): LookingUp {
	switch (said.do) {
		case 'subscribe':
			return subscribing(here, said);
		case 'unsubscribe':
			return leaving(here, said);
		case 'test':
			return testing(here, said);
		case 'press':
			return pressing(here, said);
		default:
			throw new Refusal(400, notOurs);
	}
}

const subscribing =
	({ account, options, now }: Here & { account: Account }, said: VendorJson): LookingUp =>
	async ({ lasting }) => {
		const one = subscriptionIn({ ...said.subscription, name: said.name, tags: said.tags });
		if ('en' in one) throw new Refusal(400, { en: `The subscription ${one.en}.`, zh: `订阅${one.zh}。` });
		if (!isPushService(one.endpoint, account)) throw new Refusal(403, otherService(new URL(one.endpoint).host));
		const since = new Date(now).toISOString();
		const subscriber: Subscriber = { ...one, browser: nameIn(said.browser), since };
		const before = typeof said.before === 'string' ? idOf(said.before) : undefined;
		const isNew = await subscribe(account, lasting, subscriber, before).catch(refusing);
		const event = eventOf(subscriber, 'subscribe', { now, text: '' });
		return {
			events: isNew && isWanted('subscribe', options) ? [chatHappening(event, account.language, joined)] : [],
			reply: sayJson({ ok: true, ...shown(subscriber) }),
		};
	};

const leaving =
	({ account, options, now }: Here & { account: Account }, said: VendorJson): LookingUp =>
	async ({ lasting }) => {
		const id = idOf(wordOf(said.endpoint));
		const one = (await subscribersOf(account, lasting)).find((each) => each.id === id);
		const was = await unsubscribe(account, lasting, [id]);
		const event = one && eventOf(one, 'unsubscribe', { now, text: '' });
		return {
			events:
				was && event && isWanted('unsubscribe', options) ? [chatHappening(event, account.language, left)] : [],
			reply: sayJson({ ok: true }),
		};
	};

const testing =
	({ account }: Here & { account: Account }, said: VendorJson): LookingUp =>
	async ({ lasting, signal }) => {
		const one = await subscriberOf(account, said, lasting);
		const language: Language = said.language === 'zh' ? 'zh' : 'en';
		const message = { title: 'Carillon', body: test[language], format: 'text' };
		await deliver(webPush, account, { to: one.id, ttl: 60, attempts: 1, deadline: 20 }, message, {
			lasting,
			signal,
		}).catch(refusing);
		return { events: [], reply: sayJson({ ok: true }) };
	};

const pressing =
	({ account, options, now }: Here & { account: Account }, said: VendorJson): LookingUp =>
	async ({ lasting }) => {
		const one = await subscriberOf(account, said, lasting);
		const text = wordOf(said.value).slice(0, 2_000);
		const pressed = eventOf(one, 'button', { now, text, message: wordOf(said.message).slice(0, 200) });
		const { passes, event, answer } = admit(pressed, options, account.language);
		return {
			events: passes && isWanted('button', options) ? [chatHappening(event, account.language)] : [],
			reply: sayJson({ ok: true, ...(answer !== undefined && { say: answer }) }),
		};
	};

/** Who knows the address of a subscription is the browser that got it. @throws Refusal where nobody has it */
async function subscriberOf(account: Account, said: VendorJson, lasting: Parameters<typeof subscribersOf>[1]) {
	const id = idOf(wordOf(said.endpoint));
	const one = (await subscribersOf(account, lasting)).find((each) => each.id === id);
	if (!one) throw new Refusal(404, unknown);
	return one;
}

/** @throws Refusal with the sentence of what went wrong */
function refusing(error: unknown): never {
	if (isChannelError(error) && error.class !== 'Unreachable') throw new Refusal(409, error.text);
	throw error;
}

const isWanted = (kind: Values<typeof options>['events'][number], { events }: Values<typeof options>) =>
	events.length === 0 || events.includes(kind);

function eventOf(
	one: Subscriber,
	kind: 'button' | 'subscribe' | 'unsubscribe',
	{ now, text, message }: { now: number; text: string; message?: string },
): ChatEvent {
	const who = { id: one.id, name: nameOf(one) };
	return {
		channel: 'webPush',
		conversation: { ...who, kind: 'private' },
		user: who,
		admin: false,
		text,
		...parseCommand(text),
		...(kind === 'button' && { button: { value: text, ...(message && { messageId: message }) } }),
		replyTo: one.id,
		// The same button may be pressed again later; twice within a second it was one press.
		messageId: `${kind}:${message ?? ''}:${text}:${Math.floor(now / 1_000)}`,
		time: new Date(now).toISOString(),
		kind,
		raw: { ...shown(one), value: text, ...(message && { message }) },
	};
}

/** That of whoever looks at it; the account's where nobody says. */
function languageFor({ headers }: Pick<IncomingRequest, 'headers'>, { language }: { language: Language }): Language {
	const wanted = headers['accept-language'];
	if (!wanted) return language;
	return /^\s*zh/i.test(wanted) ? 'zh' : 'en';
}

const page: Text = { en: 'the page', zh: '订阅页面' };
const joined: Text = { en: 'New subscriber', zh: '新订阅者' };
const left: Text = { en: 'A subscriber has left', zh: '订阅者已离开' };
const wrongKey: Text = {
	en: 'The page key is missing or wrong: put ?key=… with the account’s page key behind the address.',
	zh: '页面密钥缺失或错误：请在地址后加上 ?key=…，值为账号中的页面密钥。',
};
const notOurs: Text = { en: 'The page says nothing like this: load it again.', zh: '无法识别的请求：请重新加载页面。' };
const unknown: Text = {
	en: 'This browser is not subscribed any more: allow notifications on the page again.',
	zh: '此浏览器已不在订阅列表中：请在页面上重新允许通知。',
};
const otherService = (host: string): Text => ({
	en: `${host} is none of the usual push services: name it under “More push services” of the account if it is yours.`,
	zh: `${host} 不是常见的推送服务：如为自有服务，请在账号的“其他推送服务”中填写。`,
});
