import type { Channel } from '../../core/define/channel';
import type { Text } from '../../core/base/language';

/** Between Chinese, what is Latin stands with a space around it. */
const spaced = (name: string) => name.replace(/^(?=\w)/, ' ').replace(/(?<=[\w)])$/, ' ');

const rows = { field: { name: { en: 'Name', zh: '名称' }, account: { en: 'Account', zh: '账号' } } } as const;

/** What the forms say besides the labels of fields. */
export const words = {
	send: { en: 'Send message', zh: '发送消息' },
	checkAccount: { en: 'Check account', zh: '检查账号' },
	fromMsg: { en: '- set by msg.operation -', zh: '- 由 msg.operation 指定 -' },
	accountOf: ({ name, zh }: { name: string; zh: string }): Text => ({
		en: `${name} account`,
		zh: `${spaced(zh).trimStart()}账号`,
	}),
	categories: {
		carillon: { en: 'Carillon', zh: 'Carillon' },
		carillon_flow: { en: 'Carillon: triggers and flow', zh: 'Carillon：触发与流程' },
	},
	/** Rows that no field of the definition makes. */
	accountRows: { field: { name: rows.field.name } },
	channelRows: {
		field: {
			...rows.field,
			operation: { en: 'Operation', zh: '操作' },
			failures: { en: 'Output for failures', zh: '失败输出' },
		},
		help: {
			account: {
				en: 'Who you are to the service; many nodes can share one',
				zh: '该服务的账号，可供多个节点共用',
			},
			failures: {
				en: 'What cannot be sent leaves by a second output, with msg.error, instead of going to Catch nodes',
				zh: '发送失败的消息从第二个输出口送出（含 msg.error），不再交给 Catch 节点',
			},
		},
	},
	triggerRows: {
		field: {
			...rows.field,
			path: { en: 'Path', zh: '路径' },
			usual: { en: 'Usual addresses', zh: '常用地址' },
		},
		help: {
			account: {
				en: 'Keys and addresses that this trigger needs; many nodes can share them',
				zh: '本触发器所需的密钥与地址，可供多个节点共用',
			},
			path: {
				en: 'Where senders reach this node, below Node-RED’s own address',
				zh: '发送方访问本节点的路径，位于 Node-RED 地址之后',
			},
			usual: {
				en: 'Also listens where senders of other receivers are pointed at already',
				zh: '同时监听其他接收程序的常用地址，已有的发送方无需改动',
			},
		},
	},
	flowRows: { field: { name: rows.field.name } },
	keepingRows: {
		field: rows.field,
		help: {
			account: {
				en: 'A Redis that several Node-REDs share: with the same nodes they behave as one. None: a file of this one',
				zh: '供多个 Node-RED 共用的 Redis：节点相同时，它们如同一个。不选则使用本机文件',
			},
		},
	},
	/** What all forms share, and what the library says. */
	shared: {
		section: {
			details: { en: 'More of the message', zh: '消息的更多内容' },
			options: { en: 'Options', zh: '选项' },
			delivery: { en: 'Delivery', zh: '投递' },
			network: { en: 'Network', zh: '网络' },
		},
		test: { en: 'Send test', zh: '发送测试' },
		docs: { en: 'Documentation', zh: '官方文档' },
		urls: {
			en: 'Where the account has a key, senders add ?apiKey=KEY. Without a key everybody who reaches an address may send.',
			zh: '账号设有密钥时，发送方需在地址后加上 ?apiKey=密钥。未设密钥时，任何能访问该地址的人都能发送。',
		},
		preview: {
			sample: { en: 'Sample event', zh: '示例事件' },
			button: { en: 'Preview', zh: '预览' },
			play: { en: 'Play', zh: '播放' },
			help: {
				en: 'Preview shows what the templates above make of it, or the ready texts. Play sends it into the flow as deployed',
				zh: '预览：上方模板对该事件的输出，未填模板时为默认文案。播放：把该事件送入已部署的流程',
			},
		},
		/** What people look for who know no service's name. */
		find: {
			channel: {
				en: 'notify notification 通知 push 推送 send 发送 message 消息',
				zh: 'notify notification 通知 push 推送 send 发送 message 消息',
			},
			trigger: {
				en: 'notify notification 通知 receive 接收 message 消息 trigger 触发',
				zh: 'notify notification 通知 receive 接收 message 消息 trigger 触发',
			},
			flow: {
				en: 'notify notification 通知 message 消息 flow 流程',
				zh: 'notify notification 通知 message 消息 flow 流程',
			},
		},
		say: {
			missing: { en: 'Fill in “{label}”.', zh: '请填写“{label}”。' },
			number: { en: '“{label}” must be a number.', zh: '“{label}”必须是数字。' },
			integer: { en: '“{label}” must be a whole number.', zh: '“{label}”必须是整数。' },
			min: { en: '“{label}” must be at least {limit}.', zh: '“{label}”不能小于 {limit}。' },
			max: { en: '“{label}” must be at most {limit}.', zh: '“{label}”不能大于 {limit}。' },
			url: {
				en: '“{label}” must be a web address such as https://example.com.',
				zh: '“{label}”必须是网址，例如 https://example.com。',
			},
			json: { en: '“{label}” is not valid JSON.', zh: '“{label}”不是有效的 JSON。' },
			choice: { en: '“{label}” has a value that does not exist.', zh: '“{label}”的取值不存在。' },
			path: {
				en: 'The path must start with / and hold no spaces, ? or #.',
				zh: '路径必须以 / 开头，且不含空格、? 或 #。',
			},
			taken: { en: 'The path is taken by “{other}”.', zh: '该路径已被“{other}”占用。' },
			account: { en: 'Choose an account first.', zh: '请先选择账号。' },
			sending: { en: 'Sending …', zh: '发送中……' },
			sent: { en: 'Sent in {ms} ms.', zh: '已发送，用时 {ms} 毫秒。' },
			parts: { en: 'In {parts} parts.', zh: '共 {parts} 条。' },
			degraded: { en: 'Not shown: {what}.', zh: '未能呈现：{what}。' },
			lost: {
				attachments: { en: 'attachments', zh: '附件' },
				buttons: { en: 'buttons', zh: '按钮' },
				code: { en: 'code', zh: '代码' },
				cut: { en: 'the end of a text that was too long', zh: '超长的部分' },
				fields: { en: 'fields', zh: '字段' },
				image: { en: 'picture', zh: '图片' },
				level: { en: 'level', zh: '级别' },
				link: { en: 'links within the text', zh: '正文中的链接' },
				markup: { en: 'formatting', zh: '格式' },
				mentions: { en: 'mentions', zh: '提醒成员' },
				reply: { en: 'what it replies to', zh: '所回复的消息' },
				table: { en: 'table', zh: '表格' },
				text: { en: 'text', zh: '正文' },
				title: { en: 'title', zh: '标题' },
				url: { en: 'link', zh: '链接' },
			},
			unreachable: { en: 'Node-RED did not answer.', zh: 'Node-RED 没有响应。' },
			refused: {
				en: 'You may not do this here: sign in with write access.',
				zh: '没有权限：请以可写入的账号登录。',
			},
			old: { en: 'Node-RED does not know this node yet: restart it.', zh: 'Node-RED 尚未加载此节点：请重启。' },
			copy: { en: 'Copy', zh: '复制' },
			show: { en: 'Show', zh: '显示' },
			none: { en: '—', zh: '—' },
			played: { en: 'It went into the flow.', zh: '已送入流程。' },
			row: { en: '“{label}”, row {number}: {said}', zh: '“{label}”第 {number} 行：{said}' },
			rows: { en: 'list', zh: '列表' },
			add: { en: 'Add: {row}', zh: '添加{row}' },
			own: { en: 'Make these rows my own', zh: '转为自定义规则' },
			raw: { en: 'Edit as JSON', zh: '以 JSON 编辑' },
			unlisted: {
				en: 'This is not a list of such rows: it is kept as it is, and can be edited as JSON.',
				zh: '内容不是可逐行编辑的列表，已原样保留，可以 JSON 编辑。',
			},
			find: { en: 'Find', zh: '查找' },
			looking: { en: 'Looking …', zh: '查找中……' },
			nobody: { en: 'The service lists nothing here.', zh: '服务没有列出任何内容。' },
			more: { en: 'More', zh: '更多' },
			search: { en: 'Search', zh: '搜索' },
			all: { en: 'All', zh: '全选' },
			nothing: { en: 'None', zh: '清空' },
			every: { en: 'None is ticked: all of them', zh: '未勾选：表示全部' },
			chosen: { en: '{chosen} of {all}', zh: '已选 {chosen} / {all}' },
			kept: {
				label: { en: 'Carillon', zh: 'Carillon' },
				name: { en: 'Carillon: kept messages', zh: 'Carillon：待发消息' },
				refresh: { en: 'Refresh', zh: '刷新' },
				looking: { en: 'Looking …', zh: '读取中……' },
				none: {
					en: 'No Outbox is deployed yet: what one keeps is listed here.',
					zh: '尚未部署发件箱：部署后，其中的消息会列在这里。',
				},
				reveal: { en: 'Show this node', zh: '定位到该节点' },
				held: { en: 'Being delivered', zh: '投递中' },
				waiting: { en: 'Waiting', zh: '等待中' },
				dead: { en: 'Given up', zh: '已放弃' },
				done: { en: 'Delivered in the last day', zh: '最近一天已送达' },
				since: { en: 'came {time}', zh: '收到于 {time}' },
				next: { en: 'next try {time}', zh: '下次尝试 {time}' },
				deliveredAt: { en: 'delivered {time}', zh: '送达于 {time}' },
				givenUpAt: { en: 'given up {time}', zh: '放弃于 {time}' },
				attempts: { en: 'tries: {attempts}', zh: '已尝试 {attempts} 次' },
				lane: { en: 'lane: {lane}', zh: '队列：{lane}' },
				files: { en: 'files: {files}', zh: '文件 {files} 个' },
				by: { en: 'Delivered by {name}.', zh: '已通过{name}送达。' },
				handled: {
					en: '{name} could not send it, and the flow took care of that: {why}',
					zh: '{name}未能发送，已由流程处理：{why}',
				},
				sendAgain: { en: 'Send again', zh: '重新发送' },
				sendNow: { en: 'Send now', zh: '立即发送' },
				drop: { en: 'Drop', zh: '丢弃' },
				sure: { en: 'Drop for good?', zh: '确定丢弃？' },
				sentAgain: { en: 'It is on its way again.', zh: '已重新投递。' },
				dropped: { en: 'It was dropped.', zh: '已丢弃。' },
				seen: { en: 'Seen', zh: '知道了' },
			},
			import: {
				menu: {
					en: 'Carillon: from MoviePilot, QD, qinglong',
					zh: 'Carillon：导入 MoviePilot、QD、青龙设置',
				},
				title: {
					en: 'Import settings of MoviePilot, QD or qinglong',
					zh: '导入 MoviePilot、QD 或青龙的设置',
				},
				help: {
					en: 'Paste MoviePilot’s setting Notifications as JSON, an object with QD’s noticeflg, or qinglong’s config.sh. A tab is made with a trigger, a Route and the channels behind it. No secret is taken over: fill in the accounts there.',
					zh: '粘贴 MoviePilot 的 Notifications 设置（JSON）、含 QD noticeflg 的对象，或青龙的 config.sh。会生成一个标签页，包含触发器、分流及其后的渠道。不会带入任何密钥，请在那里填写账号。',
				},
				run: { en: 'Make a flow', zh: '生成流程' },
				done: {
					en: 'The flow stands on a tab of its own: fill in its accounts, then deploy.',
					zh: '流程已放在新标签页：填好账号后部署即可。',
				},
			},
			true: { en: 'Yes', zh: '是' },
			false: { en: 'No', zh: '否' },
			output: {
				sent: { en: 'sent, with msg.receipt', zh: '已发送，含 msg.receipt' },
				failed: { en: 'failed, with msg.error', zh: '失败，含 msg.error' },
				event: { en: 'message', zh: '消息' },
			},
		},
		/** In the help sidebar. */
		teach: {
			more: { en: 'More', zh: '更多' },
			page: {
				en: '{name} in Carillon’s pages: every field, limit and error',
				zh: '{name}：字段、限制与报错（Carillon 文档）',
			},
			inputs: { en: 'Inputs', zh: '输入' },
			outputs: { en: 'Outputs', zh: '输出' },
			fields: { en: 'Fields', zh: '字段' },
			sends: { en: 'Sends notifications with {name}.', zh: '通过{name}发送通知。' },
			payload: {
				en: 'The text (Markdown), or a message object such as a Carillon trigger gives. Of what other nodes give, the text is found as a person would find it; only the rest goes out as indented JSON.',
				zh: '消息文本（Markdown），或 Carillon 触发节点给出的消息对象。其他节点的内容会按人的理解取出正文，取不出的才以缩进的 JSON 发出。',
			},
			topic: {
				en: 'The title, where neither the node nor the message has one.',
				zh: '节点和消息都没有标题时用作标题。',
			},
			receipt: {
				en: 'What was delivered: ids, number of parts, what could not be shown, warnings, the service’s answer. The payload stays as it is.',
				zh: '投递结果：消息 ID、分条数、未能呈现的内容、警告与服务的回复。payload 保持不变。',
			},
			result: {
				en: 'What an operation other than sending gave; of “Check account” { ok: true }, and an error where the service refuses.',
				zh: '发送以外的操作的结果；“检查账号”成功时为 { ok: true }，被拒绝时报错。',
			},
			passes: {
				en: 'Any message. It comes out as it was, with its Buffers; msg.req, msg.res and functions stay behind. One with the same payload.happening, delivered again within a day, is taken once.',
				zh: '任意消息，连同其中的 Buffer 原样输出；msg.req、msg.res 与函数不会保留。一天内再次收到 payload.happening 相同的消息时只处理一次。',
			},
			goesOn: {
				en: 'Any message. Of one with msg.flush, msg.reset or msg.ack nothing comes out: it is a command for nodes that keep something.',
				zh: '任意消息。带有 msg.flush、msg.reset 或 msg.ack 的是给会保存消息的节点的命令，不会输出。',
			},
			error: {
				en: 'Of what failed, at the second output where that is on: message, class, code.',
				zh: '开启第二个输出口时，从那里送出的失败信息：message、class、code。',
			},
			operations: { en: 'Operations', zh: '操作' },
			chosen: {
				en: 'With “- set by msg.operation -” the message names one of these, and has what it needs; without it, the node sends.',
				zh: '选择“- 由 msg.operation 指定 -”时，由消息指定下列操作之一并携带所需内容；未指定则发送消息。',
			},
			catch: { en: 'When it fails', zh: '失败时' },
			catches: {
				en: 'Catch nodes find the sentence in msg.error.message, the service’s own code in msg.error.code, and in msg.error.cause.class one of Invalid (something to fill in), Unauthorized, Rejected, RateLimited, Unreachable, Unexpected.',
				zh: 'Catch 节点可在 msg.error.message 取得说明，在 msg.error.code 取得服务返回的代码，在 msg.error.cause.class 取得类别：Invalid（填写有误）、Unauthorized、Rejected、RateLimited、Unreachable、Unexpected。',
			},
			messages: { en: 'A message object', zh: '消息对象' },
			bodyOnly: {
				en: 'Only body is needed; what a service cannot show is left out and named in the receipt.',
				zh: '只有 body 必填；服务无法呈现的内容会略去，并在 receipt 中注明。',
			},
			keys: {
				body: {
					en: 'the text, in Markdown unless format says otherwise',
					zh: '正文，默认为 Markdown，可由 format 指定',
				},
				title: { en: 'the title', zh: '标题' },
				format: { en: 'markdown, text or html', zh: 'markdown、text 或 html' },
				level: { en: 'info, success, warning or failure', zh: 'info、success、warning 或 failure' },
				url: { en: 'a link that the notification opens', zh: '点击通知后打开的链接' },
				image: { en: 'a picture: { url } or { data: a Buffer }', zh: '图片：{ url } 或 { data: Buffer }' },
				attachments: { en: 'files, each like image, with a name', zh: '文件列表，写法同 image，可带 name' },
				buttons: {
					en: 'a list of { text, url } or { text, value }',
					zh: '{ text, url } 或 { text, value } 的列表',
				},
				fields: { en: 'a list of { name, value }', zh: '{ name, value } 的列表' },
				mentions: { en: 'ids of people, or @all', zh: '要提醒的成员标识，或 @all' },
				to: {
					en: 'the recipient, where the node allows the message to choose',
					zh: '接收者，需在节点中允许消息指定',
				},
				type: { en: 'what it is about, such as task.failed', zh: '消息类型，例如 task.failed' },
				key: { en: 'the same key is the same happening', zh: '相同的键表示同一事件' },
			},
			message: { en: 'The message, ready for any channel.', zh: '可直接交给任意渠道发送的消息。' },
			event: { en: 'What happened, in one shape for all senders.', zh: '统一结构的事件。' },
			events: { en: 'In msg.event', zh: 'msg.event 的内容' },
			media: {
				en: 'type (such as playback.started), source, time, and what of these the sender tells; templates name them without “event.”, as in {{ item.title }}.',
				zh: 'type（例如 playback.started）、source、time，以及发送方提供的下列内容；模板中不写 “event.”，例如 {{ item.title }}。',
			},
			chat: {
				en: 'text, command, args, admin, files, messageId, time and these. replyTo, as recipient of the same service’s channel node, answers in place.',
				zh: 'text、command、args、admin、files、messageId、time 以及下列内容。把 replyTo 填为同一服务渠道节点的接收者，即可原地回复。',
			},
			raw: { en: 'What the sender said, as it came.', zh: '发送方的原始内容。' },
			account: {
				en: 'Secrets are kept encrypted and never come back to the editor. ${NAME} takes a value from the environment.',
				zh: '密钥加密保存，不会再返回编辑器。可用 ${NAME} 引用环境变量。',
			},
		},
	},
} as const;

export const isChannel = (definition: { type: string }): definition is Channel => definition.type === 'channel';
