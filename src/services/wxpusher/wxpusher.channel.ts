import { chars, choice, defineChannel, invalid, text, type Values } from '../../core/define/channel';
import { fill } from '../../core/base/language';
import { oneLine } from '../../core/markup';
import { atMost } from '../../core/define/fields/atMost';
import { markdownImage } from '../../core/markup/markdownImage';
import { sptIn, tokenOf, wxpusherAccount } from './account';
import { wxpusherActions } from './actions';
import { followers } from './lists';
import { outcome, wxpusherReplies } from './replies';

const options = {
	contentType: choice(
		'Content type',
		{ html: ['HTML', 'HTML'], markdown: ['Markdown', 'Markdown'], text: ['Text', '文本'] },
		{ zh: '内容类型', default: 'html' },
	),
	summary: text('Summary', {
		zh: '消息摘要',
		optional: true,
		help: {
			en: 'Shown on the card, up to 100 characters; by default the title',
			zh: '显示在消息卡片上，最多 100 个字符；默认为标题',
		},
		check: atMost(100),
	}),
	url: text('Original link', {
		zh: '原文链接',
		optional: true,
		help: {
			en: 'Instead of the message’s own link, up to 1000 characters',
			zh: '替代消息自带的链接，最多 1000 个字符',
		},
		check: atMost(1_000),
	}),
	copy: text('Text to copy', {
		zh: '复制内容',
		optional: true,
		show: { contentType: ['html'] },
		help: { en: 'A button under the text copies this', zh: '正文下方的按钮可复制该内容' },
	}),
	verifyPayType: choice(
		'Paying subscribers',
		{
			0: ['Everybody', '不校验'],
			1: ['Only those who pay', '仅付费用户'],
			2: ['Only those who do not, or no longer', '仅未付费或已过期用户'],
		},
		{
			zh: '付费校验',
			default: '0',
		},
	),
};

export const wxpusher = defineChannel({
	id: 'wxpusher',
	set: 'push',
	name: 'WxPusher',
	zh: 'WxPusher',
	docs: 'https://wxpusher.zjiecode.com/docs/',
	aliases: ['微信推送', 'SPT'],
	where: [
		{
			en: 'On wxpusher.zjiecode.com/admin log in with WeChat: *Application management → New application*.',
			zh: '微信扫码登录 wxpusher.zjiecode.com/admin：应用管理 → 新建应用。',
		},
		{ en: 'Copy the *appToken* (`AT_…`), which is shown once.', zh: '复制 appToken（`AT_…`），只显示一次。' },
		{
			en: 'Follow the application by its QR code; *User management* then shows the *UID*. A topic has its id under *Topic management*.',
			zh: '扫描应用二维码关注，“用户管理”中即可看到 UID；主题 ID 在“主题管理”中。',
		},
	],
	renders: ({ options }) => {
		// 40 000 are allowed; a picture and the text to copy still have to fit in.
		const limit = chars(36_000);
		const both = { title: chars(100), url: true } as const;
		if (options.contentType === 'text') return { markup: 'plain', limit, ...both };
		return { markup: options.contentType === 'html' ? 'wxpusherHtml' : 'markdown', limit, image: 'url', ...both };
	},
	pace: [{ count: 20, seconds: 10 }],
	account: wxpusherAccount,
	target: {
		label: 'UIDs and topic IDs',
		zh: 'UID 与主题 ID',
		placeholder: 'UID_…, 1234',
		optional: true,
		help: {
			en: 'UID_… is a user, a number is a topic; up to 2000 users and 5 topics. Simple push needs none',
			zh: 'UID_ 开头为用户，数字为主题；最多 2000 个用户、5 个主题。极简推送无需填写',
		},
		list: followers,
	},
	options,
	replies: wxpusherReplies,

	async send({ message, to, account, options, http }) {
		const json = {
			content: contentOf(message.body, message.image?.url, message.markup, options),
			contentType: { plain: 1, wxpusherHtml: 2, markdown: 3 }[
				message.markup as 'plain' | 'wxpusherHtml' | 'markdown'
			],
			summary: options.summary ?? (message.title === undefined ? undefined : oneLine(message.title)),
			url: options.url ?? message.url,
		};
		if (account.mode === 'spt') {
			const keys = account.spts.map((value) => sptIn(value)!);
			const push = { ...json, ...(keys.length === 1 ? { spt: keys[0] } : { sptList: keys }) };
			return outcome(await http.post('/api/send/message/simple-push', { json: push }));
		}
		const verifyPayType = Number(options.verifyPayType) || undefined;
		const push = { appToken: tokenOf(account), ...json, ...receivers(to), verifyPayType };
		return outcome(await http.post('/api/send/message', { json: push }));
	},

	async verify({ account, http }) {
		// Nothing asks about an SPT without sending.
		if (account.mode === 'token')
			await http.get('/api/fun/wxuser/v2', { query: { appToken: tokenOf(account), page: 1, pageSize: 1 } });
	},

	actions: wxpusherActions,
});

function contentOf(
	body: string,
	picture: string | undefined,
	markup: string,
	{ copy }: Values<typeof options>,
): string {
	if (markup === 'plain') return body;
	if (markup === 'markdown') return [body, picture && markdownImage(picture)].filter(Boolean).join('\n\n');
	const image = picture && `<img src="${attribute(picture)}" style="max-width:100%">`;
	const button = copy && `<copy data-clipboard-text="${attribute(copy)}">${attribute(copy)}</copy>`;
	return [image, body, button].filter(Boolean).join('<br>');
}

const attribute = (value: string) => value.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

function receivers(to: string[]) {
	const topicIds = to.filter((each) => /^\d+$/.test(each)).map(Number);
	const uids = to.filter((each) => /^UID_/.test(each));
	const odd = to.find((each) => !/^(\d+|UID_.+)$/.test(each));
	if (odd !== undefined)
		throw invalid(
			'to',
			fill(
				{
					en: '“{odd}” is neither a UID (UID_…) nor a topic id (a number).',
					zh: '“{odd}”既不是 UID（UID_ 开头），也不是主题 ID（数字）。',
				},
				{ odd },
			),
		);
	if (to.length === 0)
		throw invalid('to', { en: 'Fill in at least one UID or topic id.', zh: '请至少填写一个 UID 或主题 ID。' });
	if (topicIds.length > 5 || uids.length > 2_000)
		throw invalid('to', {
			en: 'One message goes to 5 topics and 2000 users at most.',
			zh: '一条消息最多发给 5 个主题和 2000 个用户。',
		});
	return { uids: uids.length > 0 ? uids : undefined, topicIds: topicIds.length > 0 ? topicIds : undefined };
}
