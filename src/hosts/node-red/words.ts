import type { Channel } from '../../core/define/channel';
import type { Text } from '../../core/base/language';
import type { Trigger } from '../../core/define/trigger';

/** Between Chinese, what is Latin stands with a space around it. */
const spaced = (name: string) => name.replace(/^(?=\w)/, ' ').replace(/(?<=[\w)])$/, ' ');

/** What the forms say besides the labels of fields. */
export const words = {
	send: { en: 'Send message', zh: '发送消息' },
	accountOf: (name: string): Text => ({
		en: `${name} account`,
		zh: `${spaced(name).trimStart()}账号`,
	}),
	node: {
		placeholder: { name: { en: 'Name', zh: '名称' } },
		section: {
			details: { en: 'More of the message', zh: '消息的更多内容' },
			options: { en: 'Options', zh: '选项' },
			delivery: { en: 'Delivery', zh: '投递' },
		},
		output: {
			sent: { en: 'sent, with msg.receipt', zh: '已发送，含 msg.receipt' },
			failed: { en: 'failed, with msg.error', zh: '失败，含 msg.error' },
			event: { en: 'message', zh: '消息' },
		},
		test: { en: 'Send test', zh: '发送测试' },
		docs: { en: 'Documentation', zh: '官方文档' },
	},
	account: {
		placeholder: { name: { en: 'Name', zh: '名称' } },
		section: { network: { en: 'Network', zh: '网络' } },
		test: { en: 'Send test', zh: '发送测试' },
		docs: { en: 'Documentation', zh: '官方文档' },
	},
	field: {
		name: { en: 'Name', zh: '名称' },
		account: { en: 'Account', zh: '账号' },
		operation: { en: 'Operation', zh: '操作' },
		failures: { en: 'Output for failures', zh: '失败输出' },
		path: { en: 'Path', zh: '路径' },
		usual: { en: 'Usual addresses', zh: '常用地址' },
	},
	fieldHelp: {
		account: { en: 'Who you are to the service; many nodes can share one', zh: '该服务的账号，可供多个节点共用' },
		failures: {
			en: 'What cannot be sent leaves by a second output, with msg.error, instead of going to Catch nodes',
			zh: '发送失败的消息从第二个输出口送出（含 msg.error），不再交给 Catch 节点',
		},
		path: {
			en: 'Where senders reach this node, below Node-RED’s own address',
			zh: '发送方访问本节点的路径，位于 Node-RED 地址之后',
		},
		urls: {
			en: 'Where the account has a key, senders add ?apiKey=KEY. Without a key everybody who reaches an address may send.',
			zh: '账号设有密钥时，发送方需在地址后加上 ?apiKey=密钥。未设密钥时，任何能访问该地址的人都能发送。',
		},
		usual: {
			en: 'Also listens where senders of other receivers are pointed at already',
			zh: '同时监听其他接收程序的常用地址，已有的发送方无需改动',
		},
	},
	preview: {
		sample: { en: 'Sample event', zh: '示例事件' },
		button: { en: 'Preview', zh: '预览' },
		help: {
			en: 'What the templates above make of it; without templates, the ready texts',
			zh: '上方模板对该事件的输出；未填模板时为默认文案',
		},
	},
	triggerAccount: {
		en: 'Keys and addresses that this trigger needs; many nodes can share them',
		zh: '本触发器所需的密钥与地址，可供多个节点共用',
	},
	help: {
		more: { en: 'More', zh: '更多' },
		inputs: { en: 'Inputs', zh: '输入' },
		outputs: { en: 'Outputs', zh: '输出' },
		fields: { en: 'Fields', zh: '字段' },
		sends: (name: string): Text => ({
			en: `Sends notifications with ${name}.`,
			zh: `通过${spaced(name)}发送通知。`,
		}),
		payload: {
			en: 'The text (Markdown), or a message object such as a Carillon trigger gives. Anything else goes out as indented JSON.',
			zh: '消息文本（Markdown），或 Carillon 触发节点给出的消息对象；其他内容以缩进的 JSON 发出。',
		},
		topic: {
			en: 'The title, where neither the node nor the message has one.',
			zh: '节点和消息都没有标题时用作标题。',
		},
		receipt: {
			en: 'What was delivered: ids, number of parts, what could not be shown, warnings, the service’s answer. The payload stays as it is.',
			zh: '投递结果：消息 ID、分条数、未能呈现的内容、警告与服务的回复。payload 保持不变。',
		},
		result: { en: 'What an operation other than sending gave.', zh: '发送以外的操作的结果。' },
		error: {
			en: 'Of what failed, at the second output: message, class, code. Catch nodes find the class in error.cause.class.',
			zh: '第二个输出口给出的失败信息：message、class、code。Catch 节点在 error.cause.class 中取得 class。',
		},
		message: { en: 'The message, ready for any channel.', zh: '可直接交给任意渠道发送的消息。' },
		event: { en: 'What happened, in one shape for all senders.', zh: '统一结构的事件。' },
		raw: { en: 'What the sender said, as it came.', zh: '发送方的原始内容。' },
		account: {
			en: 'Secrets are kept encrypted and never come back to the editor. ${NAME} takes a value from the environment.',
			zh: '密钥加密保存，不会再返回编辑器。可用 ${NAME} 引用环境变量。',
		},
	},
} as const;

export const isChannel = (definition: Channel | Trigger): definition is Channel => definition.type === 'channel';

/** The key of a choice's label; dots and colons mean something else in Node-RED's catalogues. */
export const optionKey = (value: string) => value.replace(/[^A-Za-z0-9_-]/g, '_') || '_';
