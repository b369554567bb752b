import type { ErrorClass } from '../../src/core/base/errors';
import type { Text } from '../../src/core/base/language';

/** The pages' own words; everything else comes from the definitions. */
export const words = {
	title: { en: 'Carillon’s pages', zh: 'Carillon 文档' },
	madeFrom: {
		en: 'Pages of nodes and senders are made from the definitions by `npm run sync`: what stands here is what the nodes do.',
		zh: '节点与发送方的页面由 `npm run sync` 根据定义生成：此处所写即节点的实际行为。',
	},
	guides: { en: 'Guides', zh: '指南' },
	found: { en: 'Where it is found', zh: '在哪里找' },
	channels: { en: 'Channels', zh: '渠道' },
	triggers: { en: 'Triggers', zh: '触发器' },
	flows: { en: 'Flow nodes', zh: '流程节点' },
	accounts: { en: 'Accounts of flow nodes', zh: '流程节点的账号' },
	storeAccount: {
		en: 'To keep it in a Redis of your own: [{name}](../account/store.md).',
		zh: '如需保存在自己的 Redis 中：[{name}](../account/store.md)。',
	},
	senders: { en: 'Senders', zh: '发送方' },
	otherLanguage: { en: '中文', zh: 'English' },
	all: { en: 'All pages', zh: '全部页面' },
	official: { en: 'What the service itself says', zh: '官方文档' },
	alsoFound: { en: 'Also found by', zh: '也可搜索' },
	account: { en: 'Account', zh: '账号' },
	sharedAccount: { en: 'It shares its account with {channel}.', zh: '与{channel}共用账号。' },
	noAccount: { en: 'It needs no account.', zh: '无需账号。' },
	checked: {
		en: '*Check Account*, and the test of the credential, ask the service without sending anything.',
		zh: '“检查账号”与凭据测试只查询服务，不会发送消息。',
	},
	unchecked: {
		en: 'The service cannot be asked about an account without sending a message.',
		zh: '该服务无法在不发送消息的情况下检查账号。',
	},
	checkedAccount: {
		en: 'The test of the credential in n8n connects and asks for the time, and changes nothing.',
		zh: 'n8n 的凭据测试只会连接并查询时间，不做任何更改。',
	},
	shows: { en: 'What it shows', zh: '呈现效果' },
	text: { en: 'Text', zh: '正文' },
	onePart: {
		en: '{dialect}, up to {limit} in one part; what is longer goes in several, is cut, or goes as a file, as the node says.',
		zh: '{dialect}，单条至多 {limit}；超出时按节点设置分条、截断或以文件发送。',
	},
	title_: { en: 'Title', zh: '标题' },
	beside: { en: 'Beside the text', zh: '正文之外' },
	notShown: { en: 'Not shown as such', zh: '无法直接呈现' },
	elsewhere: {
		en: 'What it cannot show is written into the text where that is possible; the receipt names what was left out.',
		zh: '无法呈现的内容会尽量写入正文；未能送达的部分会在回执中注明。',
	},
	silent: { en: 'Silent messages', zh: '静音消息' },
	edit: { en: 'Replacing an earlier message', zh: '替换先前的消息' },
	yes: { en: 'yes', zh: '支持' },
	no: { en: 'no', zh: '不支持' },
	pace: { en: 'Pace', zh: '限速' },
	paced: {
		en: 'At most {count} in {seconds} s{each}; Carillon waits by itself.',
		zh: '{seconds} 秒内至多 {count} 条{each}；Carillon 会自动等待。',
	},
	eachTarget: { en: ' for each recipient', zh: '（按接收者）' },
	options: { en: 'Options', zh: '选项' },
	fields: { en: 'Fields', zh: '字段' },
	common: { en: 'What all channels ask for', zh: '各渠道共有的字段' },
	commonAccount: { en: 'In every account', zh: '账号中' },
	commonOptions: { en: 'In every node, under *Delivery*', zh: '节点的“投递”中' },
	alsoAccount: {
		en: 'Beside these [what all accounts have](../common.md): language, proxy, certificates, pictures.',
		zh: '另有[各账号共有的字段](../common.md)：语言、代理、证书、图片。',
	},
	alsoOptions: {
		en: 'Beside these [what all channels have](../common.md): what becomes of long texts, how often it is tried, when to give up.',
		zh: '另有[各渠道共有的选项](../common.md)：超长处理、尝试次数、总时限等。',
	},
	operations: { en: 'More operations', zh: '更多操作' },
	errors: { en: 'Errors and their cures', zh: '报错与处理' },
	field: { en: 'Field', zh: '字段' },
	meaning: { en: 'What to fill in', zh: '说明' },
	code: { en: 'Code', zh: '代码' },
	kind: { en: 'Kind', zh: '类别' },
	cure: { en: 'What to do', zh: '处理方法' },
	optional: { en: 'may stay empty', zh: '可留空' },
	secret: { en: 'kept secret', zh: '加密保存' },
	byDefault: { en: 'by default {value}', zh: '默认 {value}' },
	only: { en: 'only where {field} is {values}', zh: '仅当“{field}”为 {values}' },
	oneOf: { en: 'one of', zh: '可选' },
	colon: { en: ': ', zh: '：' },
	or: { en: ', ', zh: '、' },
	many: { en: '{count} values, grouped in the form', zh: '共 {count} 项，表单中已分组' },
	like: { en: 'for example', zh: '例如' },
	switch: { en: 'on or off', zh: '开或关' },
	listed: { en: 'can be picked from the service’s own list', zh: '可从服务列表中选择' },
	ofEachRow: { en: 'of each row', zh: '每行' },
	where: { en: 'Where its settings want the address', zh: '在哪里填写地址' },
	whereNot: {
		en: 'Point its webhook at the address that the Webhook Trigger shows.',
		zh: '把它的 Webhook 指向 Webhook 触发器所显示的地址。',
	},
	dialect: {
		en: 'Tools that know this service’s addresses are pointed at `{address}` behind the trigger’s own address, `KEY` being the account’s key; they are answered as the service would answer.',
		zh: '会向该服务发送通知的工具，可改为指向触发器地址后的 `{address}`，其中 `KEY` 为账号的密钥；应答与该服务一致。',
	},
	recognised: {
		en: 'The [Webhook Trigger]({page}) recognises it by itself; *Sender* names it for good.',
		zh: '[Webhook 触发器]({page})会自动识别；也可在“发送方”中指定。',
	},
	tells: { en: 'What it tells', zh: '能告知的事件' },
	tellsAll: { en: 'Whatever it is made to tell.', zh: '由用户自行决定。' },
	hosts: { en: 'Runs in', zh: '可用于' },
	outputs: { en: 'Outputs', zh: '输出' },
	inbox: { en: 'Where to paste its address', zh: '在哪里填写地址' },
} as const satisfies Record<string, Text>;

export const classes: Record<ErrorClass, Text> = {
	Invalid: { en: 'Something is filled in wrongly', zh: '填写有误' },
	Unauthorized: { en: 'The service refuses the account', zh: '账号被拒绝' },
	Rejected: { en: 'The service refuses this message', zh: '消息被拒绝' },
	RateLimited: { en: 'Too much at once; it is tried again', zh: '过于频繁，稍后自动重试' },
	Unreachable: { en: 'It cannot be reached; it is tried again', zh: '无法连接，稍后自动重试' },
	Unexpected: { en: 'An answer that nobody expected', zh: '意外的应答' },
};

/** What is not shown, by the name in `Renders`. */
export const parts = {
	image: { en: 'picture', zh: '图片' },
	attachments: { en: 'files', zh: '文件' },
	buttons: { en: 'buttons', zh: '按钮' },
	fields: { en: 'fields', zh: '字段' },
	mentions: { en: 'mentions', zh: '@提及' },
	level: { en: 'level', zh: '级别' },
	url: { en: 'link', zh: '链接' },
} as const satisfies Record<string, Text>;
