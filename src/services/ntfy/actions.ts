import { action, list, text } from '../../core/define/channel';
import { dismiss, kept } from './api';
import type { ntfyAccount } from './account';

const act = action<typeof ntfyAccount>();

const fields = {
	topic: text('Topic', {
		zh: '主题',
		placeholder: 'phone',
		help: { en: '“topic” of the receipt’s handle', zh: '回执 handle 中的 topic' },
	}),
	id: text('Notification id', {
		zh: '通知 ID',
		help: { en: '“id” of the receipt’s handle', zh: '回执 handle 中的 id' },
	}),
};

/** What is more to do with a topic than to publish. */
export const ntfyActions = {
	deleteNotification: act({
		name: 'Delete Notification',
		zh: '删除通知',
		description: {
			en: 'From every device; needs server 2.16',
			zh: '从所有设备上删除；需要 2.16 及以上版本的服务器',
		},
		fields,
		run: (call) => dismiss(call, 'delete', call.input.topic, call.input.id),
	}),
	clearNotification: act({
		name: 'Clear Notification',
		zh: '清除通知',
		description: {
			en: 'As if it had been swiped away; it stays in the list. Needs server 2.16',
			zh: '相当于划掉通知，仍保留在列表中；需要 2.16 及以上版本的服务器',
		},
		fields,
		run: (call) => dismiss(call, 'clear', call.input.topic, call.input.id),
	}),
	readMessages: act({
		name: 'Read Messages',
		zh: '读取消息',
		description: { en: 'What the server still keeps of the topics', zh: '读取服务器仍缓存的消息' },
		fields: {
			topics: list('Topics', { zh: '主题', placeholder: 'phone, nas' }),
			since: text('Since', {
				zh: '起始',
				default: 'all',
				help: {
					en: 'all, latest, a span (10m), Unix seconds or a message’s id',
					zh: 'all、latest、时长（10m）、Unix 秒或消息 ID',
				},
			}),
		},
		run: async (call) => ({ messages: await kept(call, call.input.topics, call.input.since) }),
	}),
};
