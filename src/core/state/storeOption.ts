import { choice, type Values } from '../base/field';

/** Where a node keeps what it remembers. */
export const storeOption = {
	store: choice(
		'Store',
		{
			auto: ['Automatic', '自动'],
			file: ['A file of this host', '本机文件'],
			redis: ['Redis', 'Redis'],
		},
		{
			zh: '存储',
			default: 'auto',
			help: {
				en: 'Automatic: the Redis of the account, if one is chosen; in n8n’s queue mode its own Redis; else a file. What waits in one store stays there when another one is chosen',
				zh: '自动：选择了账号则使用其 Redis；n8n 队列模式下使用 n8n 自己的 Redis；否则使用文件。更换存储后，原存储中等待的消息仍留在原处',
			},
		},
	),
} as const;

export type Chosen = Values<typeof storeOption>['store'];
