import { randomUUID } from 'node:crypto';
import { action, ChannelError, invalid, list, pick, text } from '../../core/define/channel';
import type { Text } from '../../core/base/language';
import type { account } from './account';
import { vapidKeys } from './keys';
import { browserList } from './lists';
import { droppedText, mayAsk, pushAll } from './push';
import { nameIn, tagsIn } from './subscription';
import { nameOf, placeOf, rename, shown, subscribersOf, unsubscribe } from './subscribers';

const subscriber = pick('Subscriber', {
	zh: '订阅者',
	list: browserList,
	byHand: { en: 'By id', zh: '按 ID' },
	help: { en: '“id” as List Subscribers gives it', zh: '即“列出订阅者”结果中的 id' },
});

/** What there is to do about subscribers. */
export const webPushActions = {
	listSubscribers: action<typeof account>()({
		name: 'List Subscribers',
		zh: '列出订阅者',
		resource: 'contact',
		description: {
			en: 'Who has allowed notifications: name, tags, browser and since when',
			zh: '已允许通知的人：名称、标签、浏览器与订阅时间',
		},
		fields: {},
		run: async ({ account, lasting }) => (await subscribersOf(account, lasting)).map(shown),
	}),
	sendTest: action<typeof account>()({
		name: 'Send Test',
		zh: '发送测试',
		resource: 'contact',
		description: { en: 'A notification to one subscriber', zh: '向一个订阅者发送一条测试通知' },
		fields: { subscriber },
		run: async (call) => {
			const { account, lasting, input, language, now } = call;
			const all = await subscribersOf(account, lasting);
			const to = all.find(({ id }) => id === input.subscriber);
			if (!to || !mayAsk(account, to)) throw invalid('subscriber', unknown);
			const id = randomUUID();
			const payload = { id, tag: id, title: 'Carillon', body: test[language], time: now() };
			const keys = await vapidKeys(account, placeOf(account), lasting);
			const step = <T>(_: string, run: () => Promise<T>) => run();
			const [pushed] = await pushAll({ ...call, http: call.http, step }, keys, [to], {
				...{ payload, urgency: 'high', ttl: 60 },
			});
			if (pushed?.error) throw pushed.error;
			if (!pushed?.gone) return { ...shown(to), outcome: 'accepted' };
			await unsubscribe(account, lasting, [to.id]);
			throw new ChannelError('Rejected', droppedText(to), { code: '410' });
		},
	}),
	renameSubscriber: action<typeof account>()({
		name: 'Change Subscriber',
		zh: '修改订阅者',
		resource: 'contact',
		description: { en: 'Another name, or other tags', zh: '修改名称或标签' },
		fields: {
			subscriber,
			name: text('New name', { zh: '新名称', optional: true, help: { en: 'Empty: as it is', zh: '留空则不变' } }),
			tags: list('New tags', {
				zh: '新标签',
				optional: true,
				help: { en: 'Empty: as they are', zh: '留空则不变' },
			}),
		},
		run: async ({ account, lasting, input }) => {
			const changed = await rename(account, lasting, input.subscriber, {
				...(input.name !== undefined && { name: nameIn(input.name) }),
				...(input.tags.length > 0 && { tags: tagsIn(input.tags) }),
			});
			if (!changed) throw invalid('subscriber', unknown);
			return shown(changed);
		},
	}),
	removeSubscriber: action<typeof account>()({
		name: 'Remove Subscriber',
		zh: '移除订阅者',
		resource: 'contact',
		description: { en: 'Nothing is sent there any more', zh: '不再向其发送通知' },
		fields: { subscriber },
		run: async ({ account, lasting, input }) => {
			const all = await subscribersOf(account, lasting);
			if (!(await unsubscribe(account, lasting, [input.subscriber]))) throw invalid('subscriber', unknown);
			return { removed: true, name: nameOf(all.find(({ id }) => id === input.subscriber)!) };
		},
	}),
};

const unknown: Text = {
	en: 'There is no such subscriber: list them again.',
	zh: '没有该订阅者：请重新列出。',
};
export const test: Text = {
	en: 'A test: notifications arrive here.',
	zh: '测试通知：此处可以收到通知。',
};
