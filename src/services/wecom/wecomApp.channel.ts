import { defineChannel, type File } from '../../core/define/channel';
import type { VendorJson } from '../../core/http/http';
import { named, type Text } from '../../core/base/language';
import { Extras } from '../../core/define/extras';
import { wecomAppActions } from './appActions';
import { ask, isOfRelay, receivers, sendPath } from './appApi';
import { besideMedia, contents, kindOf, renderings, textInstead, uploadOnce } from './appContents';
import { account, options, type Input, type Kind } from './appFields';
import { recipients } from './lists';
import { mediaTypeOf, objection, type MediaType } from './media';
import { wecomAppReplies } from './replies';

export const wecomApp = defineChannel({
	id: 'wecomApp',
	set: 'work',
	name: 'WeCom App',
	zh: '企业微信应用',
	docs: 'https://developer.work.weixin.qq.com/document/path/90236',
	aliases: ['企业微信', '企微', '应用消息', 'wechat work', 'wecom', 'qywx'],
	where: [
		{
			en: 'On work.weixin.qq.com/wework_admin: *My Company → Company Info* shows the *Corp ID* at its end.',
			zh: '登录 work.weixin.qq.com/wework_admin：我的企业 → 企业信息，页面底部有“企业ID”。',
		},
		{
			en: '*App Management → Create an app*: its page shows *AgentId* and *Secret* (sent to you in WeCom when you press *View*).',
			zh: '应用管理 → 创建应用：详情页中有 AgentId 和 Secret（点“查看”后发送到企业微信）。',
		},
		{
			en: 'On the same page add this host’s public address under *Company’s Trusted IP*, or use a relay as base URL.',
			zh: '在同一页的“企业可信IP”中添加本机的公网 IP，或用中转服务作为服务地址。',
		},
		{
			en: 'For the trigger: *Receive Messages → Set API* makes Token and EncodingAESKey.',
			zh: '触发器还需要：“接收消息”→“设置API接收”中的 Token 和 EncodingAESKey。',
		},
	],
	takesFiles: true,
	renders: ({ options, account, message }) =>
		renderings(options)[kindOf(options, message, (message.image ?? account.defaultImage) !== undefined)],
	account,
	target: {
		label: 'Recipients',
		zh: '接收者',
		placeholder: '@all',
		help: {
			en: 'User ids (user1|user2), party:2 for a department, tag:3 for a tag, or @all; several by comma or line',
			zh: '成员 ID（user1|user2），部门写 party:2，标签写 tag:3，全部成员写 @all；多个用逗号或换行分隔',
		},
		list: recipients,
	},
	options,
	// What is more is dropped without a word.
	pace: [{ count: 30, seconds: 60, per: 'target' }],
	replies: wecomAppReplies,

	async token({ account: { corpId, corpSecret }, http }) {
		const { access_token: value, expires_in: seconds } = await http.get('/cgi-bin/gettoken', {
			query: { corpid: corpId, corpsecret: corpSecret },
		});
		return { value, seconds };
	},

	async send(input) {
		const { message, options: o, account, step } = input;
		const chosen = kindOf(o, message.source, message.image !== undefined);
		// A picture that only we can reach has no place in news.
		let kind = o.kind === 'auto' && chosen === 'news' && message.image?.url === undefined ? 'textcard' : chosen;
		const extras = new Extras();
		let content = await contents[kind](input, extras);
		if (kind === 'mpnews' && content === undefined) {
			kind = 'text';
			content = textInstead(message, input.linkToImage());
		}
		const answers: VendorJson[] = [];
		if (content) answers.push(await step('message', () => post(input, kind, content)));
		if (kind === 'text' || kind === 'markdown' || kind === 'textcard') {
			const bare = message.index === 0 && message.source.image === undefined;
			const media = message.image?.data ? message.image : bare ? account.defaultMediaId : undefined;
			if (media !== undefined && chosen !== 'mpnews')
				await extras.try(
					'image',
					async () => answers.push(await sendPicture(input, media, extras)),
					() => sayLink(input),
				);
		}
		for (const [index, file] of message.attachments.entries()) {
			const type = mediaTypeOf(file, ['image', 'voice', 'video']);
			const sending = async () => answers.push(await sendMedia(input, type, file, extras, index));
			// With nothing sent before it, a file that does not go is a message that does not.
			await (answers.length > 0 ? extras.try('attachments', sending) : sending());
		}
		const [first] = answers;
		return {
			id: first?.msgid,
			handle: first && { msgid: first.msgid, ...(first.response_code && { responseCode: first.response_code }) },
			raw: answers.length > 1 ? answers : first,
			warnings: [...extras.warnings, ...partly(first)],
			degraded: extras.degraded,
		};
	},

	async verify(call) {
		await call.token();
		try {
			await ask(call, 'GET', '/cgi-bin/agent/get', { query: { agentid: call.account.agentId } });
		} catch (error) {
			if (!isOfRelay(error, call)) throw error;
		}
	},

	actions: wecomAppActions,
});

const neverSafe: readonly Kind[] = ['voice', 'textcard', 'news', 'markdown', 'template_card', 'miniprogram_notice'];

function post(input: Input, kind: Kind, content: VendorJson): Promise<VendorJson> {
	const { account, options: o, to } = input;
	const { users, parties, tags } = receivers(to);
	const all = users.includes('@all');
	const message = {
		touser: all ? '@all' : users.join('|') || undefined,
		...(!all && { toparty: parties.join('|') || undefined, totag: tags.join('|') || undefined }),
		msgtype: kind,
		agentid: account.agentId,
		[kind]: content,
		...(o.safe && !neverSafe.includes(kind) && { safe: 1 }),
		...(o.enableIdTrans && { enable_id_trans: 1 }),
		...(o.enableDuplicateCheck && {
			enable_duplicate_check: 1,
			duplicate_check_interval: o.duplicateCheckInterval,
		}),
	};
	return ask(input, 'POST', sendPath, { json: message, idempotent: o.enableDuplicateCheck });
}

/** What WeCom does not show as a picture (WebP, more than 10 MB) goes as a file. */
async function sendPicture(input: Input, picture: string | File, extras: Extras): Promise<VendorJson> {
	const isFile =
		typeof picture !== 'string' &&
		objection(picture, 'image') !== undefined &&
		objection(picture, 'file') === undefined;
	if (!isFile) return await sendMedia(input, 'image', picture, extras);
	const answer = await sendMedia(input, 'file', picture, extras);
	extras.warnings.push(sentAsFile);
	return answer;
}

/** Of a picture that is refused, which it is once the text is out. */
async function sayLink(input: Input): Promise<void> {
	const link = input.linkToImage();
	if (link !== '') await input.step('link', () => post(input, 'text', { content: link }));
}

const sentAsFile: Text = {
	en: 'WeCom shows pictures as JPG or PNG of at most 10 MB, so this one went as a file.',
	zh: '企业微信仅显示不超过 10 MB 的 JPG、PNG 图片，此图片已改为文件发送。',
};

async function sendMedia(
	input: Input,
	type: MediaType,
	media: string | File,
	extras: Extras,
	index?: number,
): Promise<VendorJson> {
	const media_id = typeof media === 'string' ? media : await uploadOnce(input, media, type, extras, index);
	const content = { media_id, ...besideMedia(type, input) };
	return await input.step(`${type} ${index ?? ''}`, () => post(input, type, content));
}

/** WeCom says yes as long as one of the recipients is reached. */
function partly(answer: VendorJson): Text[] {
	const missed = (list: string, text: Text, name: Text) => {
		const ids = String(answer?.[list] ?? '');
		return ids === '' ? [] : [named(text, name, { ids })];
	};
	return [
		...missed('invaliduser', notReached, { en: 'users', zh: '成员' }),
		...missed('invalidparty', notReached, { en: 'departments', zh: '部门' }),
		...missed('invalidtag', notReached, { en: 'tags', zh: '标签' }),
		...missed('unlicenseduser', notLicensed, { en: 'users', zh: '成员' }),
	];
}

const notReached: Text = {
	en: 'These {name} did not get it: {ids}. Check their ids and the app’s visible range.',
	zh: '以下{name}未收到：{ids}。请检查{name} ID 与应用可见范围。',
};
const notLicensed: Text = {
	en: 'These {name} have no licence for the app’s interface: {ids}.',
	zh: '以下{name}没有接口许可：{ids}。',
};
