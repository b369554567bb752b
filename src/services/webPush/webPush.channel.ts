import { randomUUID } from 'node:crypto';
import { ChannelError, defineChannel, invalid } from '../../core/define/channel';
import { fill, type Text } from '../../core/base/language';
import type { Level } from '../../core/message/message';
import { account, type Account } from './account';
import { webPushActions } from './actions';
import { vapidKeys } from './keys';
import { subscriberList } from './lists';
import { options } from './options';
import { fitted, payloadOf, rendersOf } from './payload';
import { droppedText, failedText, mayAsk, pushAll } from './push';
import { replies } from './replies';
import { meantBy, nameOf, placeOf, subscribersOf, unsubscribe, type Subscriber } from './subscribers';

const urgencyOf: Readonly<Record<Level, string>> = { failure: 'high', warning: 'high', success: 'low', info: 'normal' };

export const webPush = defineChannel({
	id: 'webPush',
	set: 'push',
	name: 'Web Push',
	zh: '浏览器推送',
	docs: 'https://developer.mozilla.org/en-US/docs/Web/API/Push_API',
	aliases: ['WebPush', 'VAPID', 'PWA', 'browser', '浏览器', '网页推送'],
	silent: true,
	edit: 'byKey',
	renders: rendersOf,
	account,
	target: {
		label: 'People and tags',
		zh: '接收人与标签',
		placeholder: 'Ann, family',
		optional: true,
		help: {
			en: 'Names and tags as they were entered on the page; empty: all who subscribed',
			zh: '即订阅页面上填写的名称与标签；留空表示所有订阅者',
		},
		byHand: { en: 'By name or tag', zh: '按名称或标签' },
		list: subscriberList,
	},
	options,
	replies,

	async send(input) {
		const { message, account, options, to, lasting, now, step } = input;
		const all = await subscribersOf(account, lasting);
		const { wanted, warnings } = wantedOf(account, to, all);
		const keys = await vapidKeys(account, placeOf(account), lasting);
		const id = await step('id', () => Promise.resolve(randomUUID()));
		const { payload, cut, withoutImage } = fitted(payloadOf(message, options, id, now()));
		const urgency = options.urgency ?? (message.level ? urgencyOf[message.level] : 'normal');
		const pushed = await pushAll(input, keys, wanted, {
			...{ payload, urgency, ttl: options.ttl },
			topic: (options.topic ?? message.source.key) === undefined ? undefined : payload.tag,
		});
		const gone = pushed.filter((each) => each.gone);
		if (gone.length > 0)
			await unsubscribe(
				account,
				lasting,
				gone.map(({ to }) => to.id),
			);
		const failed = pushed.flatMap(({ to, error }) => (error ? [{ to, error }] : []));
		const again = failed.find(({ error }) => error.transient || error.unknown);
		if (again) throw again.error;
		const taken = pushed.filter(({ gone, error }) => !gone && !error);
		if (taken.length === 0) throw failed[0]?.error ?? allGone(gone.map(({ to }) => to));
		return {
			id: payload.id,
			handle: { tag: payload.tag },
			raw: pushed.map(({ to, gone, error }) => ({
				id: to.id,
				name: nameOf(to),
				outcome: gone ? 'gone' : error ? 'refused' : 'accepted',
			})),
			degraded: [...(cut > 0 ? [{ kind: 'cut', count: cut }] : []), ...(withoutImage ? ['image'] : [])],
			warnings: [
				...warnings,
				...gone.map(({ to }) => droppedText(to)),
				...failed.map(({ to, error }) => failedText(to, error)),
			],
		};
	},

	/** Makes the keys, if there are none yet; who subscribed is nobody's fault. */
	async verify({ account, lasting }) {
		await vapidKeys(account, placeOf(account), lasting);
	},

	actions: webPushActions,
});

/**
 * Whom it goes to, each browser once.
 * @throws ChannelError where that is nobody
 */
function wantedOf(account: Account, to: readonly string[], all: readonly Subscriber[]) {
	if (all.length === 0) throw invalid('subscriptions', nobodyYet);
	const unknown = to.filter((entry) => meantBy(entry, all).length === 0);
	const meant = to.length === 0 ? all : [...new Set(to.flatMap((entry) => meantBy(entry, all)))];
	if (meant.length === 0) throw invalid('to', fill(nobodyOf, { names: to.join(', ') }));
	const wanted = meant.filter((each) => mayAsk(account, each));
	const barred = meant.filter((each) => !mayAsk(account, each));
	if (wanted.length === 0) throw invalid('pushServers', notNamed(barred[0]!));
	return {
		wanted,
		warnings: [...unknown.map((entry) => fill(nobodyOf, { names: entry })), ...barred.map(notNamed)],
	};
}

const allGone = (all: readonly Subscriber[]) =>
	new ChannelError('Rejected', fill(nobodyLeft, { names: all.map(nameOf).join(', ') }), { code: '410' });

const notNamed = (one: Subscriber): Text => fill(otherService, { name: nameOf(one), host: new URL(one.endpoint).host });

const nobodyYet: Text = {
	en: 'Nobody has subscribed yet: open the page of the Web Push Trigger in the browser that is to be told, and allow notifications there.',
	zh: '还没有人订阅：请用要接收通知的浏览器打开“浏览器推送触发器”的页面，并允许通知。',
};
const nobodyOf: Text = {
	en: 'No subscriber has the name or tag “{names}”.',
	zh: '没有名称或标签为“{names}”的订阅者。',
};
const nobodyLeft: Text = {
	en: 'Nobody got it: {names} gave the subscription up. Allow notifications on the page again.',
	zh: '无人收到：{names} 已放弃订阅。请在页面上重新允许通知。',
};
const otherService: Text = {
	en: '“{name}” is subscribed at {host}, which is not among “More push services” of the account.',
	zh: '“{name}”订阅于 {host}，该服务不在账号的“其他推送服务”中。',
};
