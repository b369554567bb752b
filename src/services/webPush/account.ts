import { isPlace, leadsTo } from '../../core/base/addresses';
import type { Text } from '../../core/base/language';
import { baseUrl, json, list, secret, text, type Values } from '../../core/define/channel';
import { publicOf } from './keys';
import { subscriptionsIn } from './subscription';

const shortest = 12;

export const account = {
	pageKey: secret('Page key', {
		zh: '页面密钥',
		help: {
			en: `A long password of your own, at least ${shortest} characters: it opens the page on which people subscribe, and their subscriptions hang on it. With another one everybody subscribes anew`,
			zh: `自定的长密码，至少 ${shortest} 个字符：用于打开订阅页面，订阅也与它绑定。更换后所有人都需重新订阅`,
		},
		check: (key) =>
			[...key].length >= shortest
				? undefined
				: { en: `must have at least ${shortest} characters`, zh: `至少需要 ${shortest} 个字符` },
	}),
	contact: text('Contact', {
		zh: '联系方式',
		optional: true,
		placeholder: 'me@example.com',
		help: {
			en: 'A mail address or https:// page: push services are told whom to ask when something is wrong. Empty: this project’s page',
			zh: '邮箱或 https:// 网页：推送服务遇到问题时据此联系发送方。留空则使用本项目主页',
		},
		check: (contact) =>
			/^(mailto:)?[^\s@:/]+@[^\s@]+$|^https:\/\/[^\s/]+/.test(contact)
				? undefined
				: {
						en: 'must be a mail address or a page that begins with https://',
						zh: '必须是邮箱，或以 https:// 开头的网页',
					},
	}),
	vapidPrivateKey: secret('VAPID private key', {
		zh: 'VAPID 私钥',
		placeholder: 'yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw',
		optional: true,
		help: {
			en: 'Only to go on with the subscribers of another server. Empty: a key pair is made by itself on first use, and kept',
			zh: '仅在沿用其他服务器的订阅者时填写。留空则首次使用时自动生成密钥对并保存',
		},
		check: (key) => (publicOf(Buffer.from(key, 'base64url')) ? undefined : notPrivateKey),
	}),
	subscriptions: json('More subscriptions', {
		zh: '其他订阅',
		optional: true,
		secret: true,
		placeholder:
			'{"endpoint":"https://fcm.googleapis.com/fcm/send/x","keys":{"p256dh":"BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4","auth":"BTBZMqHH6r4Tts7J_aSIgg"}}',
		help: {
			en: 'As browsers give them to a page of your own, one or a list, each with “name” and “tags” if you like. Those of Carillon’s page need not be here',
			zh: '自建页面从浏览器得到的订阅，一个或一个列表，可附带 name 与 tags。通过 Carillon 页面订阅的无需填写',
		},
		check: (given) => {
			const found = subscriptionsIn(given);
			return Array.isArray(found) ? undefined : found;
		},
	}),
	pushServers: list('More push services', {
		zh: '其他推送服务',
		optional: true,
		placeholder: 'https://push.example.com',
		help: {
			en: 'Beside those of Google, Mozilla, Apple and Microsoft: subscriptions of other services are refused, since whoever has the page key could make this machine call any address',
			zh: '默认只接受 Google、Mozilla、Apple 与 Microsoft 的推送服务；其他服务的订阅会被拒绝，否则持有页面密钥的人可让本机访问任意地址',
		},
		check: (places: string[]) =>
			places.every(isPlace)
				? undefined
				: {
						en: 'must be addresses such as https://push.example.com',
						zh: '必须是地址，例如 https://push.example.com',
					},
	}),
	baseUrl: baseUrl(undefined, {
		label: 'Relay',
		zh: '中转地址',
		optional: true,
		placeholder: 'https://relay.example.com',
		help: {
			en: 'Where push services are out of reach: a server that passes /fcm.googleapis.com/… on to there',
			zh: '无法直连推送服务时使用：把 /fcm.googleapis.com/… 转发到对应服务的服务器',
		},
	}),
};

export type Account = Values<typeof account>;

/** RFC 8292 wants one, and Apple refuses what is none. */
export function subjectOf({ contact }: Account): string {
	if (contact === undefined) return 'https://github.com/carillon-notify/n8n-nodes-carillon';
	return /^(mailto|https):/.test(contact) ? contact : `mailto:${contact}`;
}

const browsers = [
	/^(?:fcm|jmt17|android)\.(?:googleapis|google)\.com$/,
	/(?:^|\.)push\.services\.mozilla\.com$/,
	/\.push\.apple\.com$/,
	/\.notify\.windows\.com$/,
];

/** Whether a browser may have got it, or the user named the place. */
export function isPushService(endpoint: string, { pushServers }: Account): boolean {
	const url = new URL(endpoint);
	const isKnown = url.protocol === 'https:' && url.port === '' && browsers.some((each) => each.test(url.hostname));
	return isKnown || leadsTo(url, pushServers);
}

const notPrivateKey: Text = {
	en: 'must be 32 bytes as base64url, as web-push’s generate-vapid-keys gives it',
	zh: '必须是 32 字节的 base64url，即 web-push 的 generate-vapid-keys 给出的形式',
};
