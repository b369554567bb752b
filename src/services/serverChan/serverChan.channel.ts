import {
	action,
	baseUrl,
	bytes,
	chars,
	choices,
	defineChannel,
	list,
	secret,
	text,
	toggle,
	type Values,
} from '../../core/define/channel';
import { isCode } from '../../core/http/proof';
import { atMost } from '../../core/define/fields/atMost';
import { markdownImage } from '../../core/markup/markdownImage';
import { baseOf, pastedKey } from '../../core/define/fields/pastedUrl';
import { requiredTitle } from '../../core/define/requiredTitle';

const standard = 'https://sctapi.ftqq.com';
const titleLimit = chars(32);

const account = {
	baseUrl: baseUrl(standard, {
		help: {
			en: 'Leave it as it is for Turbo and for ³, whose own address follows from its key; change it for a relay',
			zh: 'Turbo 与 ³ 均保持默认（³ 的地址由密钥得出），使用中转时才修改',
		},
	}),
	sendKey: secret('SendKey', {
		zh: 'SendKey',
		placeholder: 'SCT…, sctp…',
		help: {
			en: 'SCT… is Turbo, sctp… is ServerChan³; the whole URL that the site shows is fine too',
			zh: 'SCT 开头为 Turbo 版，sctp 开头为 Server酱³；也可粘贴网站显示的完整链接',
		},
		check: (value) => {
			const { key } = keyOf(value);
			if (/^SCU/.test(key))
				return {
					en: 'SCU… keys have stopped working: get an SCT… key at sct.ftqq.com',
					zh: 'SCU 开头的旧密钥已停用：请到 sct.ftqq.com 获取 SCT 开头的新密钥',
				};
			return /^(SCT|sctp\d+t)\w+$/.test(key)
				? undefined
				: {
						en: 'must start with SCT (Turbo) or sctp (ServerChan³)',
						zh: '必须以 SCT（Turbo）或 sctp（Server酱³）开头',
					};
		},
	}),
};

const options = {
	short: text('Card text', {
		zh: '卡片摘要',
		optional: true,
		help: {
			en: 'What the card shows instead of the start of the text, up to 64 characters',
			zh: '卡片上代替正文开头显示的内容，最多 64 个字符',
		},
		check: atMost(64),
	}),
	channels: choices(
		'Channels',
		{
			9: ['WeChat service account', '方糖服务号'],
			0: ['WeChat test account', '测试号'],
			66: ['WeCom app', '企业微信应用消息'],
			1: ['WeCom robot', '企业微信群机器人'],
			2: ['DingTalk robot', '钉钉群机器人'],
			3: ['Feishu robot', '飞书群机器人'],
			8: ['Bark', 'Bark iOS'],
			98: ['Official Android app', '官方 Android 版'],
			18: ['PushDeer', 'PushDeer'],
			88: ['Custom', '自定义'],
		},
		{
			zh: '消息通道',
			help: {
				en: 'Turbo only: up to two instead of those set on the site',
				zh: '仅 Turbo：代替网站上的设置，最多两个',
			},
			check: (values) => (values.length <= 2 ? undefined : { en: 'may be two at most', zh: '最多选择两个' }),
		},
	),
	openids: list('Copy to', {
		zh: '抄送 openid',
		optional: true,
		help: {
			en: 'Turbo only: openids of the test account, or user ids of the WeCom app',
			zh: '仅 Turbo：测试号的 openid，或企业微信应用的 UID',
		},
	}),
	noip: toggle('Hide the sender’s IP', { zh: '隐藏调用 IP', help: { en: 'Turbo only', zh: '仅 Turbo' } }),
	tags: list('Tags', { zh: '标签', optional: true, help: { en: 'ServerChan³ only', zh: '仅 Server酱³' } }),
};

const wrongKey = {
	is: 'Unauthorized',
	do: { en: 'Copy the SendKey from the site again.', zh: '请从网站重新复制 SendKey。' },
} as const;

export const serverChan = defineChannel({
	id: 'serverChan',
	set: 'push',
	name: 'ServerChan',
	zh: 'Server酱',
	docs: 'https://sct.ftqq.com',
	aliases: ['Server酱', 'Server酱³', '方糖', 'ftqq', 'Turbo'],
	where: [
		{
			en: 'Turbo: log in on sct.ftqq.com with WeChat, and copy it under *SendKey* (`SCT…`).',
			zh: 'Turbo 版：微信扫码登录 sct.ftqq.com，在“SendKey”页面复制（`SCT…`）。',
		},
		{
			en: 'ServerChan³: log in on sc3.ft07.com, install its app, and copy the SendKey (`sctp…`).',
			zh: 'Server酱³：登录 sc3.ft07.com，安装 App 后复制 SendKey（`sctp…`）。',
		},
		{
			en: 'Turbo: under *Channels* choose where messages arrive (WeChat, WeCom …).',
			zh: 'Turbo 版：在“消息通道”中选择消息送达的方式（微信、企业微信等）。',
		},
	],
	// 32 KB are allowed; a picture's address still has to fit in.
	renders: { markup: 'serverChan', limit: bytes(30_000), title: titleLimit, image: 'url' },
	account,
	options,
	replies: {
		ok: (json) =>
			isCode(json.code ?? json.errno, 0) && (json.data?.errno === undefined || isCode(json.data.errno, 0)),
		code: (json) => (Number(json.code ?? 0) !== 0 ? json.code : json.errno || json.data?.errno),
		says: (json) => json.message || json.errmsg || json.info || json.data?.error,
		errors: [
			{
				says: /超过.{0,40}(?:次数|限制)|上限|额度|quota/i,
				is: 'RateLimited',
				transient: false,
				do: {
					en: 'Today’s quota of this key is used up: wait until tomorrow, or raise it on the site.',
					zh: '该密钥今日额度已用完：请等到明天，或在网站上提升额度。',
				},
			},
			{
				says: /重复|duplicate/i,
				is: 'Rejected',
				do: {
					en: 'The same content was sent a moment ago: change it, or wait a minute.',
					zh: '相同内容刚刚发送过：请修改内容，或一分钟后再发。',
				},
			},
			{ code: 40001, ...wrongKey },
			{ says: /token|key|用户不存在/i, ...wrongKey },
			{
				code: 1024,
				is: 'Rejected',
				do: {
					en: 'Either the SendKey is wrong or the same content was sent within the last minute.',
					zh: 'SendKey 有误，或一分钟内发送过相同内容。',
				},
			},
		],
	},

	async send({ message, account, options, http, language }) {
		const { path, turbo } = serverOf(account);
		const picture = message.image?.url;
		const raw = await http.post(path, {
			json: {
				title: requiredTitle(message, titleLimit, language),
				desp: [message.body, picture && markdownImage(picture)].filter(Boolean).join('\n\n'),
				short: options.short,
				...(turbo
					? turboOnly(options)
					: { tags: options.tags.length > 0 ? options.tags.join('|') : undefined }),
			},
		});
		const { pushid, readkey } = raw.data ?? {};
		return {
			id: pushid,
			handle:
				pushid === undefined
					? undefined
					: { pushid: String(pushid), ...(readkey !== undefined && { readkey }) },
			raw,
		};
	},

	actions: {
		queryStatus: action<typeof account>()({
			name: 'Query Status',
			zh: '查询推送状态',
			description: {
				en: 'Turbo only: whether a message reached its channels',
				zh: '仅 Turbo：查询消息是否送达各通道',
			},
			fields: {
				pushid: text('Push id', {
					zh: '推送 ID',
					help: { en: '“pushid” of the receipt’s handle', zh: '回执 handle 中的 pushid' },
				}),
				readkey: text('Read key', {
					zh: '查询密钥',
					help: { en: '“readkey” of the receipt’s handle', zh: '回执 handle 中的 readkey' },
				}),
			},
			run: ({ account, http, input }) =>
				http.get(`${baseOf(account.baseUrl, standard, keyOf(account.sendKey))}/push`, {
					query: { id: input.pushid, readkey: input.readkey },
				}),
		}),
	},
});

/** `https://sctapi.ftqq.com/KEY.send`, `https://UID.push.ft07.com/send/KEY.send`; from the service's older pages `https://KEY.push.ft07.com/send` */
const keyOf = (value: string) =>
	pastedKey(value, ({ origin, hostname, pathname }) => {
		const found = /^(.*?)(?:\/send)?\/((?:SC[TU]|sctp)\w+)\.send$/.exec(pathname);
		if (found) return { base: origin + found[1], key: found[2]! };
		const [, key] = /^(sctp\w+)\.push\.ft07\.com$/.exec(hostname) ?? [];
		return key === undefined ? undefined : { key };
	});

/** Of ³, each user has a server of their own, and the user's number stands in the key. */
function serverOf({ sendKey, baseUrl: chosen }: Values<typeof account>) {
	const pasted = keyOf(sendKey);
	const uid = /^sctp(\d+)t/.exec(pasted.key)?.[1];
	if (uid === undefined) return { turbo: true, path: `${baseOf(chosen, standard, pasted)}/${pasted.key}.send` };
	const own = { base: `https://${uid}.push.ft07.com`, ...pasted };
	return { turbo: false, path: `${baseOf(chosen, standard, own)}/send/${pasted.key}.send` };
}

const turboOnly = ({ channels, openids, noip }: Values<typeof options>) => ({
	channel: channels.length > 0 ? channels.join('|') : undefined,
	// WeCom's user ids are joined another way than the test account's openids.
	openid: openids.length > 0 ? openids.join(channels.includes('66') ? '|' : ',') : undefined,
	noip: noip ? '1' : undefined,
});
