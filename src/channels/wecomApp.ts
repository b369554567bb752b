import { randomUUID } from 'node:crypto';
import {
	action,
	baseUrl,
	bytes,
	chars,
	ChannelError,
	choice,
	defineChannel,
	invalid,
	json,
	list,
	number,
	secret,
	text,
	toggle,
	type Call,
	type File,
	type Renders,
	type SendInput,
	type Values,
} from '../core/channel';
import { isChannelError } from '../core/errors';
import type { Ask, VendorJson } from '../core/http';
import type { Text } from '../core/language';
import { render } from '../core/markup';
import type { Message } from '../core/message';
import { Extras } from './shared/extras';
import { attachmentOf, fileInput } from './shared/fileInput';
import { requiredTitle } from './shared/requiredTitle';
import { cardFields, cardRenders, interactiveCards, noticeCards, taskId, templateCard } from './shared/wecomCards';
import { mediaTypeOf, uploadable, type MediaType } from './shared/wecomMedia';
import { articlesField, articlesOf, newsRenders } from './shared/wecomNews';
import { wecomReplies } from './shared/wecomReplies';

const standard = 'https://qyapi.weixin.qq.com';

const account = {
	baseUrl: baseUrl(standard, {
		help: {
			en: 'Change it for a relay with a trusted IP address; it should pass all of /cgi-bin/ on',
			zh: '通过可信 IP 的中转发送时修改；中转应转发 /cgi-bin/ 下的所有路径',
		},
	}),
	corpId: text('Corp ID', { zh: '企业 ID', placeholder: 'ww0123456789abcdef' }),
	corpSecret: secret('App secret', { zh: '应用 Secret' }),
	agentId: number('Agent ID', { zh: '应用 AgentId', integer: true, min: 0, placeholder: '1000002' }),
	defaultMediaId: text('Default picture (media id)', {
		zh: '默认图片 media_id',
		optional: true,
		help: {
			en: 'Where a message has no picture and no default image is set',
			zh: '消息没有图片且未设置默认图片时使用',
		},
	}),
	callbackToken: secret('Callback token', {
		zh: '回调 Token',
		optional: true,
		help: { en: 'Of “receive messages”, for the trigger', zh: '应用“接收消息”中的 Token，供触发器使用' },
	}),
	encodingAesKey: secret('Callback EncodingAESKey', {
		zh: '回调 EncodingAESKey',
		optional: true,
		placeholder: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
		help: { en: 'Of “receive messages”, for the trigger', zh: '应用“接收消息”中的 EncodingAESKey，供触发器使用' },
		check: (key) =>
			/^[A-Za-z0-9]{43}$/.test(key)
				? undefined
				: { en: 'must have 43 letters and digits', zh: '应为 43 位字母和数字' },
	}),
};

const kinds = {
	auto: [
		'Automatic: news or a text card where there is a link, else text',
		'自动：有链接时用图文或文本卡片，否则用文本',
	],
	text: ['Text', '文本'],
	markdown: ['Markdown (WeCom only, not in WeChat)', 'Markdown（仅企业微信内显示）'],
	textcard: ['Text card', '文本卡片'],
	news: ['News', '图文'],
	mpnews: ['News kept at WeCom', '图文（mpnews，内容存于企业微信）'],
	image: ['The picture alone', '仅图片'],
	voice: ['Voice', '语音'],
	video: ['Video', '视频'],
	file: ['The files alone', '仅文件'],
	miniprogram_notice: ['Mini program notice', '小程序通知'],
	template_card: ['Template card', '模板卡片'],
} as const;

const options = {
	kind: choice('Message type', kinds as { [K in keyof typeof kinds]: readonly [string, string] }, {
		zh: '消息类型',
		default: 'auto',
	}),
	btntxt: text('Text of the link', {
		zh: '卡片按钮文字',
		optional: true,
		show: { kind: ['auto', 'textcard'] },
		help: { en: 'At most 4 characters', zh: '不超过 4 个字' },
	}),
	mediaId: text('Media id', {
		zh: 'media_id',
		optional: true,
		show: { kind: ['image', 'voice', 'video', 'file', 'mpnews'] },
		help: { en: 'Of something uploaded in the last 3 days', zh: '3 天内上传的素材' },
	}),
	articles: articlesField({ kind: ['news', 'mpnews'] }),
	author: text('Author', { zh: '作者', optional: true, show: { kind: ['mpnews'] } }),
	appId: text('Mini program', {
		zh: '小程序 AppID',
		show: { kind: ['miniprogram_notice'] },
		placeholder: 'wx0123456789abcdef',
	}),
	page: text('Page', {
		zh: '小程序页面',
		optional: true,
		show: { kind: ['miniprogram_notice'] },
		placeholder: 'pages/index',
	}),
	emphasizeFirst: toggle('Emphasize the first field', {
		zh: '放大第一个字段',
		show: { kind: ['miniprogram_notice'] },
	}),
	...cardFields({ ...noticeCards, ...interactiveCards }, { kind: ['template_card'] }),
	taskId: text('Task id', {
		zh: 'task_id',
		optional: true,
		show: { kind: ['template_card'] },
		help: {
			en: 'Of an interactive card; by default the message’s key',
			zh: '交互卡片的任务 ID；默认使用消息的 key',
		},
	}),
	safe: toggle('Confidential', {
		zh: '保密消息',
		help: { en: 'With a watermark, cannot be forwarded', zh: '带水印且不可转发' },
	}),
	enableIdTrans: toggle('Translate ids', { zh: 'ID 转译' }),
	enableDuplicateCheck: toggle('Drop repetitions', {
		zh: '重复消息检查',
		help: { en: 'WeCom sends the same text to the same people once', zh: '相同内容不会向同一接收者重复发送' },
	}),
	duplicateCheckInterval: number('Repetition within (seconds)', {
		zh: '重复检查间隔（秒）',
		default: 1_800,
		min: 1,
		max: 14_400,
		integer: true,
		show: { enableDuplicateCheck: [true] },
	}),
};

type Input = SendInput<typeof account, typeof options>;
type Calling = Call<typeof account>;
type Options = Values<typeof options>;
type Kind = Exclude<Options['kind'], 'auto'>;

/** A card or news shows little text and one link: what is longer or has more goes as text. */
function kindOf(
	{ kind }: Options,
	{ title, body, url, image, fields = [], buttons = [], attachments = [] }: Message,
	hasPicture = image !== undefined,
): Kind {
	if (kind !== 'auto') return kind;
	const size = Buffer.byteLength([body, ...fields.flatMap(({ name, value }) => [name, value])].join('    '));
	if (title === undefined || url === undefined || size > 500 || buttons.length + attachments.length > 0)
		return 'text';
	return hasPicture ? 'news' : 'textcard';
}

export const wecomApp = defineChannel({
	id: 'wecomApp',
	name: 'WeCom App',
	zh: '企业微信应用',
	docs: 'https://developer.work.weixin.qq.com/document/path/90236',
	aliases: ['企业微信', '应用消息', 'wechat work', 'wecom', 'qywx'],
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
	},
	options,
	// What is more is dropped without a word.
	pace: [{ count: 30, seconds: 60, per: 'target' }],
	replies: wecomReplies([
		{
			code: [40014, 42001, 41001],
			is: 'Unauthorized',
			refresh: true,
			do: { en: 'The access token expired early: try again.', zh: 'access_token 已提前失效：请重试。' },
		},
		{
			code: 40001,
			is: 'Unauthorized',
			do: {
				en: 'The app secret is wrong: copy it from the app’s page again.',
				zh: '应用 Secret 有误：请从应用页面重新复制。',
			},
		},
		{
			code: 40013,
			is: 'Unauthorized',
			do: {
				en: 'The corp ID is wrong: it stands under “My company”.',
				zh: '企业 ID 有误：请在“我的企业”中查看。',
			},
		},
		{
			code: [40056, 301002, 301005],
			is: 'Unauthorized',
			do: {
				en: 'This secret does not belong to this agent ID: take both from the same app.',
				zh: 'Secret 与 AgentId 不匹配：请从同一应用复制。',
			},
		},
		{
			code: 60020,
			is: 'Unauthorized',
			do: {
				en: 'Add the address that WeCom names to the app’s trusted IPs, or send through a relay that is trusted.',
				zh: '请把提示中的 IP 加入该应用的“企业可信 IP”，或通过可信 IP 的中转发送。',
			},
		},
		{
			code: 48002,
			is: 'Unauthorized',
			do: {
				en: 'The app lacks the permission for this: grant it on the app’s page.',
				zh: '应用没有该接口权限：请在应用页面中授权。',
			},
		},
		{
			code: [50001, 50002, 50003],
			is: 'Unauthorized',
			do: {
				en: 'The app is disabled, or the member is outside of its scope: check both on the app’s page.',
				zh: '应用已停用或成员不在应用范围内：请在应用页面中检查。',
			},
		},
		{
			code: 60011,
			is: 'Rejected',
			do: {
				en: 'The app may not write to these people: add them to its visible range.',
				zh: '应用无权向这些成员、部门或标签发送：请加入应用可见范围。',
			},
		},
		{
			code: [81013, 82001, 60111, 40003],
			is: 'Invalid',
			field: 'to',
			do: {
				en: 'Nobody is reached: check the recipients and the app’s visible range.',
				zh: '没有有效的接收者：请检查接收者与应用可见范围。',
			},
		},
		{
			code: [82002, 82003],
			is: 'Invalid',
			field: 'to',
			do: { en: 'At most 100 departments and 100 tags: name fewer.', zh: '部门与标签各最多 100 个：请减少。' },
		},
	]),

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
			content = textInstead(message);
		}
		const answers: VendorJson[] = [];
		if (content) answers.push(await step('message', () => post(input, kind, content)));
		if (kind === 'text' || kind === 'markdown' || kind === 'textcard') {
			const media = message.image?.data
				? message.image
				: message.index === 0 && message.source.image === undefined
					? account.defaultMediaId
					: undefined;
			if (media !== undefined && chosen !== 'mpnews')
				await extras.try('image', async () => answers.push(await sendMedia(input, 'image', media, extras)));
		}
		for (const [index, file] of message.attachments.entries()) {
			const type = mediaTypeOf(file, ['image', 'voice', 'video']);
			answers.push(await sendMedia(input, type, file, extras, index));
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

	actions: {
		recallMessage: action<typeof account>()({
			name: 'Recall Message',
			zh: '撤回消息',
			description: { en: 'Within 24 hours', zh: '24 小时内可撤回' },
			fields: {
				messageId: text('Message id', {
					zh: '消息 ID',
					help: { en: 'The id in the receipt', zh: '回执中的 ID' },
				}),
			},
			run: (call) => ask(call, 'POST', '/cgi-bin/message/recall', { json: { msgid: call.input.messageId } }),
		}),
		updateCard: action<typeof account>()({
			name: 'Update Card',
			zh: '更新卡片',
			description: {
				en: 'Once for each answer, within 72 hours',
				zh: '每个 response_code 仅可用一次，72 小时内有效',
			},
			fields: {
				responseCode: text('Response code', {
					zh: 'response_code',
					help: {
						en: 'In the receipt’s handle, or in the callback of a pressed button',
						zh: '位于回执的 handle 或按钮回调中',
					},
				}),
				to: list('For', {
					zh: '更新对象',
					default: ['@all'],
					help: { en: 'User ids, party:2, tag:3 or @all', zh: '成员 ID、party:2、tag:3 或 @all' },
				}),
				replaceName: text('Text of the pressed button', { zh: '按钮替换文案', optional: true }),
				card: json('New card', {
					zh: '新卡片',
					optional: true,
					placeholder: '{"card_type": "text_notice"}',
					help: {
						en: 'WeCom’s own template_card, instead of a button’s text',
						zh: '企业微信 template_card，替代按钮文案',
					},
				}),
			},
			run: (call) => {
				const { responseCode, to, replaceName, card } = call.input;
				if (replaceName === undefined && card === undefined) {
					throw invalid('replaceName', {
						en: 'Fill in the text of the pressed button, or a new card.',
						zh: '请填写按钮替换文案或新卡片。',
					});
				}
				const { users, parties, tags } = receivers(to);
				const all = users.includes('@all');
				return ask(call, 'POST', '/cgi-bin/message/update_template_card', {
					json: {
						...(all
							? { atall: 1 }
							: { userids: users, partyids: parties.map(Number), tagids: tags.map(Number) }),
						agentid: call.account.agentId,
						response_code: responseCode,
						...(card === undefined ? { button: { replace_name: replaceName } } : { template_card: card }),
					},
				});
			},
		}),
		createMenu: action<typeof account>()({
			name: 'Create Menu',
			zh: '创建菜单',
			fields: {
				menu: json('Menu', {
					zh: '菜单',
					placeholder: '[{"type": "click", "name": "Status", "key": "status"}]',
					help: {
						en: '1 to 3 buttons, each with up to 5 of its own under sub_button',
						zh: '1 到 3 个一级按钮，每个可用 sub_button 带最多 5 个二级按钮',
					},
				}),
			},
			run: (call) => {
				const { menu } = call.input;
				return ask(call, 'POST', '/cgi-bin/menu/create', {
					query: { agentid: call.account.agentId },
					json: Array.isArray(menu) ? { button: menu } : menu,
				});
			},
		}),
		getMenu: action<typeof account>()({
			name: 'Get Menu',
			zh: '获取菜单',
			fields: {},
			run: (call) => ask(call, 'GET', '/cgi-bin/menu/get', { query: { agentid: call.account.agentId } }),
		}),
		deleteMenu: action<typeof account>()({
			name: 'Delete Menu',
			zh: '删除菜单',
			fields: {},
			run: (call) => ask(call, 'GET', '/cgi-bin/menu/delete', { query: { agentid: call.account.agentId } }),
		}),
		uploadMedia: action<typeof account>()({
			name: 'Upload Media',
			zh: '上传素材',
			description: { en: 'Gives a media id that lives for 3 days', zh: '得到 3 天内有效的 media_id' },
			fields: {
				file: fileInput,
				type: choice(
					'Type',
					{
						image: ['Picture', '图片'],
						voice: ['Voice (AMR)', '语音（AMR）'],
						video: ['Video (MP4)', '视频（MP4）'],
						file: ['File', '文件'],
					},
					{ zh: '类型', default: 'file' },
				),
			},
			run: async (call) => upload(call, await call.file(attachmentOf(call.input.file)), call.input.type, 'file'),
		}),
		uploadImage: action<typeof account>()({
			name: 'Upload Image',
			zh: '上传永久图片',
			description: {
				en: 'Gives an address for use within mpnews that does not expire',
				zh: '得到可用于 mpnews 正文的永久图片地址',
			},
			fields: { file: fileInput },
			run: async (call) => {
				const media = uploadable(await call.file(attachmentOf(call.input.file)), 'image', 'file');
				return ask(call, 'POST', '/cgi-bin/media/uploadimg', { multipart: { media } });
			},
		}),
		sendRaw: action<typeof account>()({
			name: 'Send Raw',
			zh: '发送原始消息',
			description: {
				en: 'Any message of WeCom’s own form; the agent ID is added',
				zh: '按企业微信自身格式发送任意消息，自动补上 agentid',
			},
			fields: {
				body: json('Message', {
					zh: '消息',
					placeholder: '{"touser": "@all", "msgtype": "text", "text": {"content": "…"}}',
				}),
			},
			run: (call) =>
				ask(call, 'POST', sendPath, {
					json: { agentid: call.account.agentId, ...(call.input.body as object) },
				}),
		}),
	},
});

const sendPath = '/cgi-bin/message/send';

/** With the token. A relay that does not pass a path on answers in its own words, so the error names the path. */
async function ask(call: Calling, method: 'GET' | 'POST', path: string, { query, ...rest }: Ask): Promise<VendorJson> {
	try {
		return (await call.http.call(method, path, { ...rest, query: { access_token: await call.token(), ...query } }))
			.json;
	} catch (error) {
		if (!isOfRelay(error, call)) throw error;
		const { host } = new URL(call.account.baseUrl);
		throw new ChannelError(
			error.class,
			{
				en: `The relay ${host} did not pass ${method} ${path} on to WeCom. Let it pass this path. ${error.text.en}`,
				zh: `中转 ${host} 没有把 ${method} ${path} 转发到企业微信，请让中转转发该路径。${error.text.zh}`,
			},
			{ ...error, transient: path === sendPath && error.transient },
		);
	}
}

/** WeCom itself always answers with HTTP 200 and JSON. */
const isOfRelay = (error: unknown, { account }: Calling): error is ChannelError =>
	isChannelError(error) &&
	account.baseUrl !== standard &&
	error.status !== undefined &&
	(error.status !== 200 || error.class === 'Unexpected');

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
		...(o.safe &&
			!['voice', 'textcard', 'news', 'markdown', 'template_card', 'miniprogram_notice'].includes(kind) && {
				safe: 1,
			}),
		...(o.enableIdTrans && { enable_id_trans: 1 }),
		...(o.enableDuplicateCheck && {
			enable_duplicate_check: 1,
			duplicate_check_interval: o.duplicateCheckInterval,
		}),
	};
	return ask(input, 'POST', sendPath, { json: message, idempotent: o.enableDuplicateCheck });
}

/** `user1|user2`, `party:2`, `tag:3`, `@all`. */
export function receivers(to: readonly string[]): { users: string[]; parties: string[]; tags: string[] } {
	const found = { user: [] as string[], party: [] as string[], tag: [] as string[] };
	for (const each of to.flatMap((item) => item.split('|')).map((item) => item.trim())) {
		const [, kind = 'user', id = ''] = /^(?:(user|party|tag):)?(.*)$/.exec(each) as unknown as [
			string,
			keyof typeof found | undefined,
			string,
		];
		if (id !== '') found[kind].push(id);
	}
	const { user: users, party: parties, tag: tags } = found;
	if (users.length + parties.length + tags.length === 0)
		throw invalid('to', { en: 'Name at least one recipient, or @all.', zh: '请至少填写一个接收者，或 @all。' });
	if (users.length > 1_000 || parties.length > 100 || tags.length > 100) {
		throw invalid('to', {
			en: 'WeCom takes at most 1000 users, 100 departments and 100 tags at once: name fewer.',
			zh: '企业微信一次最多 1000 个成员、100 个部门、100 个标签：请减少。',
		});
	}
	return { users, parties, tags };
}

/** WeCom says yes as long as one of the recipients is reached. */
function partly(answer: VendorJson): Text[] {
	const lists: readonly [string, string, string][] = [
		[
			'invaliduser',
			'These users did not get it: {ids}. Check their ids and the app’s visible range.',
			'以下成员未收到：{ids}。请检查成员 ID 与应用可见范围。',
		],
		[
			'invalidparty',
			'These departments did not get it: {ids}. Check their ids and the app’s visible range.',
			'以下部门未收到：{ids}。请检查部门 ID 与应用可见范围。',
		],
		[
			'invalidtag',
			'These tags did not get it: {ids}. Check their ids and the app’s visible range.',
			'以下标签未收到：{ids}。请检查标签 ID 与应用可见范围。',
		],
		[
			'unlicenseduser',
			'These users have no licence for the app’s interface: {ids}.',
			'以下成员没有接口许可：{ids}。',
		],
	];
	return lists.flatMap(([name, en, zh]) => {
		const ids = String(answer?.[name] ?? '');
		return ids === '' ? [] : [{ en: en.replace('{ids}', ids), zh: zh.replace('{ids}', ids) }];
	});
}

function renderings(o: Options): Record<Kind, Renders> {
	const files = { attachments: 'bytes' } as const;
	const alone: Renders = { ...files, markup: 'plain', limit: bytes(2_048), single: true };
	return {
		text: { ...files, markup: 'plain', limit: bytes(2_048), image: 'bytes' },
		markdown: { ...files, markup: 'wecom', limit: bytes(2_048), image: 'bytes' },
		textcard: {
			...files,
			markup: 'plain',
			limit: chars(480),
			title: chars(128),
			image: 'bytes',
			url: true,
			single: true,
		},
		news: { ...files, ...newsRenders, image: o.kind === 'auto' ? 'both' : 'url' },
		mpnews: {
			...files,
			markup: 'mailHtml',
			limit: bytes(600_000),
			title: bytes(128),
			image: 'bytes',
			url: true,
			single: true,
		},
		image: { ...alone, image: 'bytes' },
		voice: alone,
		video: { ...alone, limit: bytes(512), title: bytes(128) },
		file: alone,
		miniprogram_notice: { markup: 'plain', limit: chars(12), title: chars(12), fields: 10, single: true },
		template_card: { ...files, ...cardRenders(o) },
	};
}

const nothing = (en: string, zh: string): ChannelError =>
	invalid('attachments', {
		en: `There is no ${en} to send: attach one, or fill in “Media id”.`,
		zh: `没有可发送的${zh}：请添加附件，或填写 media_id。`,
	});

/** The content of the first message; none where there is nothing but pictures or files to send. */
const contents: Record<Kind, (input: Input, extras: Extras) => VendorJson | Promise<VendorJson>> = {
	text: ({ message: { body } }) => (body === '' ? undefined : { content: body }),
	markdown: ({ message: { body } }) => (body === '' ? undefined : { content: body }),

	textcard: ({ message, options: o, language }) => {
		if (message.url === undefined)
			throw invalid('url', {
				en: 'A text card needs a link: give the message a url.',
				zh: '文本卡片需要链接：请为消息提供 url。',
			});
		const title = requiredTitle(message, chars(128), language);
		return {
			title,
			description: message.body === '' ? title : message.body.replace(/\n/g, '<br>'),
			url: message.url,
			btntxt: o.btntxt,
		};
	},

	news: ({ message, options: o }) => ({ articles: articlesOf(message, o.articles) }),

	mpnews: async (input, extras) => {
		const { message, options: o, account, language } = input;
		if (o.articles !== undefined) return { articles: articlesOf(message, o.articles) };
		const { image } = message;
		let thumb = o.mediaId;
		if (thumb === undefined && image)
			await extras.try('image', async () => (thumb = await uploadOnce(input, image, 'image', extras)));
		thumb ??= account.defaultMediaId;
		if (thumb === undefined) {
			if (extras.degraded.length > 0) return undefined;
			throw invalid('image', {
				en: 'This kind of news needs a picture: give the message one, or the account a default.',
				zh: 'mpnews 需要封面图片：请为消息提供图片，或在账号中设置默认图片。',
			});
		}
		const title = requiredTitle(message, bytes(128), language);
		return {
			articles: [
				{
					title,
					thumb_media_id: thumb,
					author: o.author,
					content_source_url: message.url,
					content: message.body === '' ? title : message.body,
					digest: requiredTitle({ ...message, title: undefined }, bytes(512), language),
				},
			],
		};
	},

	image: async (input, extras) => {
		const { message, options: o, account } = input;
		if (message.body !== '') extras.degraded.push('text');
		const media =
			o.mediaId ??
			(message.image ? await uploadOnce(input, message.image, 'image', extras) : account.defaultMediaId);
		if (media === undefined)
			throw invalid('image', {
				en: 'There is no picture to send: give the message one.',
				zh: '没有可发送的图片：请为消息提供图片。',
			});
		return { media_id: media };
	},

	voice: ({ message, options: o }, extras) => {
		if (message.body !== '') extras.degraded.push('text');
		if (o.mediaId === undefined && message.attachments.length === 0) throw nothing('voice message', '语音');
		return o.mediaId === undefined ? undefined : { media_id: o.mediaId };
	},

	video: ({ message, options: o }) => {
		if (o.mediaId === undefined && message.attachments.length === 0) throw nothing('video', '视频');
		return o.mediaId === undefined
			? undefined
			: { media_id: o.mediaId, title: message.title, description: message.body };
	},

	file: ({ message, options: o }, extras) => {
		if (message.body !== '') extras.degraded.push('text');
		if (o.mediaId === undefined && message.attachments.length === 0) throw nothing('file', '文件');
		return o.mediaId === undefined ? undefined : { media_id: o.mediaId };
	},

	miniprogram_notice: ({ message, options: o, language }) => ({
		appid: o.appId,
		page: o.page,
		title: requiredTitle(message, chars(12), language),
		description: message.title === undefined ? undefined : message.body,
		emphasis_first_item: o.emphasizeFirst,
		content_item: message.fields.map(({ name, value }) => ({ key: name, value })),
	}),

	template_card: async ({ message, options: o, step }) =>
		templateCard(
			message,
			o,
			o.taskId ??
				(message.source.key === undefined
					? await step('task', () => Promise.resolve(randomUUID()))
					: taskId(message.source.key)),
		),
};

async function upload(call: Calling, file: File, type: MediaType, field?: string): Promise<VendorJson> {
	return await ask(call, 'POST', '/cgi-bin/media/upload', {
		query: { type },
		multipart: { media: uploadable(file, type, field) },
	});
}

/** A media id. */
const uploadOnce = (input: Input, file: File, type: MediaType, extras: Extras, index?: number): Promise<string> =>
	input.step(`upload ${type} ${index ?? ''}`, async () => {
		const { media_id } = await upload(input, file, type, type === 'image' ? 'image' : 'attachments');
		if (type === 'image' && (file.data?.byteLength ?? 0) > 2 * 1024 * 1024) extras.warnings.push(large);
		return media_id as string;
	});

const large: Text = {
	en: 'WeCom took a picture of more than 2 MB, which some of its versions do not: make it smaller to be sure.',
	zh: '图片超过 2 MB，企业微信的部分版本不支持：建议压缩。',
};

async function sendMedia(
	input: Input,
	type: MediaType,
	media: string | File,
	extras: Extras,
	index?: number,
): Promise<VendorJson> {
	const media_id = typeof media === 'string' ? media : await uploadOnce(input, media, type, extras, index);
	const { title, body } = input.message;
	const words = type === 'video' && input.options.kind === 'video' ? { title, description: body } : {};
	return await input.step(`${type} ${index ?? ''}`, () => post(input, type, { media_id, ...words }));
}

/** News without the picture that it needs. */
function textInstead({ title = '', body }: Input['message']): VendorJson {
	const [plain = ''] = render(body, { format: 'html', dialect: 'plain', limit: bytes(1_900), overflow: 'cut' }).parts;
	return { content: [title, plain].filter((part) => part !== '').join('\n\n') };
}
