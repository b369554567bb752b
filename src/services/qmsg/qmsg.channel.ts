import { baseUrl, chars, choice, defineChannel, secret, text, toggle } from '../../core/define/channel';
import { decoded } from '../../core/base/percent';
import { baseOf, pastedKey } from '../../core/define/fields/pastedUrl';

const standard = 'https://qmsg.zendee.cn';

const account = {
	baseUrl: baseUrl(standard, {
		help: { en: 'Change it for a private cloud or a relay', zh: '使用私有云或中转时修改' },
	}),
	key: secret('Key', {
		zh: 'KEY',
		help: { en: 'Or the whole URL that the site shows', zh: '也可粘贴网站显示的完整链接' },
	}),
	plus: toggle('Qmsg Plus', { zh: 'Qmsg Plus', help: { en: 'The key is a Plus key', zh: '该 KEY 为 PlusKey' } }),
	bot: text('Bot’s QQ number', {
		zh: '机器人 QQ 号',
		optional: true,
		help: { en: 'Private clouds only: which of its bots sends', zh: '仅私有云：由哪个机器人发送' },
	}),
};

const options = {
	kind: choice(
		'Sends to',
		{ private: ['Friends', '好友'], group: ['Groups (must be applied for)', '群（需先申请）'] },
		{ zh: '发送对象', default: 'private' },
	),
	stripLinks: toggle('Leave out links', {
		zh: '去除链接',
		help: {
			en: 'Takes web addresses, IP addresses and mail addresses out of the text: Qmsg may block accounts that send them',
			zh: '从正文中去掉网址、IP 与邮箱：发送这些内容可能导致 Qmsg 账号被封',
		},
	}),
};

export const qmsg = defineChannel({
	id: 'qmsg',
	set: 'qq',
	name: 'Qmsg',
	zh: 'Qmsg酱',
	docs: 'https://qmsg.zendee.cn/docs',
	aliases: ['Qmsg酱', 'QQ'],
	where: [
		{
			en: 'Log in on qmsg.zendee.cn with QQ: the *console* shows your key.',
			zh: '用 QQ 登录 qmsg.zendee.cn，在“管理台”中查看 KEY。',
		},
		{
			en: 'Choose a bot there, add it as a friend in QQ (or have it added to the group), and enter the numbers that may receive.',
			zh: '在管理台选择一个 Qmsg 酱，用 QQ 加它为好友（或拉进群），并添加接收消息的 QQ 号。',
		},
	],
	// No limit is documented; QQ itself shows several times as much.
	renders: { markup: 'plain', limit: chars(1_500), unring: (words) => words.replace(/@(?=at=)/gi, '@\u200b') },
	account,
	target: {
		label: 'QQ numbers',
		zh: 'QQ 号或群号',
		optional: true,
		help: { en: 'Of those on the site’s list; empty: all of them', zh: '须在网站的接收列表中；留空则发给全部' },
	},
	options,
	replies: {
		// `code` is not reliable, say the docs.
		ok: (json, { status }) => status === 200 && json.success === true,
		code: (json) => json.code,
		says: (json) => json.reason ?? json.info,
		errors: [
			{
				says: /频繁|太快|次数|上限|限制/,
				is: 'RateLimited',
				retryAfter: 60,
				do: {
					en: 'Qmsg limits how much a key may send: wait a minute or more.',
					zh: 'Qmsg 限制了发送频率或次数：请至少等待一分钟。',
				},
			},
			{
				says: /封|违规|敏感|违禁/,
				is: 'Rejected',
				do: {
					en: 'Qmsg refused the content or blocked the account: switch “Leave out links” on and see the site.',
					zh: '内容被拒绝或账号被封：请开启“去除链接”，并到网站查看。',
				},
			},
			{
				says: /key/i,
				is: 'Unauthorized',
				do: {
					en: 'Copy the key from the site again, and check whether it is a Plus key.',
					zh: '请从网站重新复制 KEY，并确认是否为 PlusKey。',
				},
			},
			{
				says: /好友|群|QQ|号码/i,
				is: 'Rejected',
				do: {
					en: 'Add the QQ or group number to the list on the site, and the bot as its friend or member.',
					zh: '请在网站的接收列表中添加该 QQ 号或群号，并将机器人加为好友或拉入群。',
				},
			},
		],
	},

	async send({ message, to, account, options, http }) {
		const pasted = keyOf(account.key);
		const path = `${account.plus || pasted.plus ? 'p' : ''}${options.kind === 'group' ? 'group' : 'send'}`;
		const raw = await http.post(
			`${baseOf(account.baseUrl, standard, pasted)}/${path}/${encodeURIComponent(pasted.key)}`,
			{
				form: {
					msg: options.stripLinks ? withoutLinks(message.body) : message.body,
					qq: to.length > 0 ? to.join(',') : undefined,
					bot: account.bot,
				},
			},
		);
		return { raw };
	},
});

/** `https://qmsg.zendee.cn/send/KEY`, `jsend`, `psend`, `group` … */
function keyOf(value: string) {
	let plus = false;
	const pasted = pastedKey(value, ({ origin, pathname }) => {
		const found = /^(.*)\/([jp]?)(?:send|group)\/([^/]+)/.exec(pathname);
		plus = found?.[2] === 'p';
		return found ? { base: origin + found[1], key: decoded(found[3]!) } : undefined;
	});
	return { ...pasted, plus };
}

/** Bare names count by their usual endings alone: `film.mkv` is no address. */
const links = new RegExp(
	[
		String.raw`[\w.!#$%&'*+/=?^{|}~\x60-]+@[\w-]+(?:\.[\w-]+)+`,
		String.raw`(?:https?://|www\.)REST+`,
		String.raw`(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?::\d+)?(?:/REST*)?(?![\d.]*\d)`,
		String.raw`\b(?:[a-z0-9-]+\.)+(?:com|net|org|cn|io|me|cc|tv|top|xyz|dev|app|info|link|site|club|vip|co|ltd|fun|icu|pro|online)\b(?::\d+)?(?:/REST*)?`,
	]
		.join('|')
		.replaceAll('REST', String.raw`[^\s\u3000-\u303f\uff00-\uffef]`),
	'gi',
);

export const withoutLinks = (text: string) => text.replace(links, '').replace(/(?<![ \t])[ \t]+$/gm, '');
