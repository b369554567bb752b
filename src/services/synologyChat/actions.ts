import { action, json, number, pick } from '../../core/define/channel';
import { ask, channels, post, type account } from './api';

/** What only Synology Chat can do. */
export const synologyChatActions = {
	listUsers: action<typeof account>()({
		name: 'List Users',
		zh: '获取用户列表',
		resource: 'contact',
		description: { en: 'Those whom a bot may write to', zh: '机器人可以发送的用户' },
		fields: {},
		run: (call) => ask(call, 'user_list'),
	}),
	listChannels: action<typeof account>()({
		name: 'List Channels',
		zh: '获取频道列表',
		resource: 'contact',
		fields: {},
		run: (call) => ask(call, 'channel_list'),
	}),
	listPosts: action<typeof account>()({
		name: 'List Posts',
		zh: '获取频道消息',
		fields: {
			channelId: pick('Channel', {
				zh: '频道',
				list: channels,
				check: (value) => (/^\d+$/.test(value) ? undefined : { en: 'must be a number', zh: '必须是数字' }),
			}),
			count: number('How many', { zh: '数量', default: 20, min: 1, max: 100, integer: true }),
			postId: number('Up to post', { zh: '截至消息 ID', optional: true, integer: true }),
		},
		run: (call) =>
			ask(call, 'post_list', {
				channel_id: Number(call.input.channelId),
				prev_count: call.input.count,
				post_id: call.input.postId,
			}),
	}),
	sendPayload: action<typeof account>()({
		name: 'Send Payload',
		zh: '发送原始内容',
		description: {
			en: 'Sends a JSON object of Synology Chat’s own form as it is',
			zh: '原样发送 Synology Chat 格式的 JSON',
		},
		fields: { payload: json('Payload', { zh: '内容', placeholder: '{ "text": "Hello", "user_ids": [5] }' }) },
		run: (call) => post(call, call.input.payload as object),
	}),
};
