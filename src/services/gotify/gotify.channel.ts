import {
	action,
	baseUrl,
	bytes,
	chars,
	choice,
	defineChannel,
	invalid,
	json,
	number,
	secret,
	text,
	type Call,
	type Rendered,
	type Values,
} from '../../core/define/channel';
import { jsonObject } from '../../core/define/fields/jsonObject';
import { keyInQuery } from '../../core/define/fields/pastedUrl';
import { judge } from '../../core/http/judge';
import { proofOf } from '../../core/http/proof';
import { markdownImage } from '../../core/markup/markdownImage';
import { gotifyReplies } from './errors';
import { extras, priorities } from './protocol';

const named = { en: 'Gotify', zh: 'Gotify' };

const account = {
	baseUrl: baseUrl(undefined, {
		label: 'Server URL',
		zh: '服务器地址',
		placeholder: 'https://gotify.example.com',
		help: { en: 'Your own server, with its path if it has one', zh: '自建服务器的地址，有路径前缀时一并填写' },
	}),
	token: secret('Application token', {
		zh: '应用 Token',
		placeholder: 'A…',
		help: { en: 'Gotify → Apps → Create application', zh: 'Gotify → Apps → 创建应用后获得' },
	}),
	clientToken: secret('Client token', {
		zh: '客户端 Token',
		optional: true,
		placeholder: 'C…',
		help: {
			en: 'For “Delete Message” alone: Gotify → Clients → Create client',
			zh: '仅用于“删除消息”：Gotify → Clients → 创建客户端',
		},
	}),
};

const options = {
	format: choice(
		'Text',
		{ markdown: ['Markdown', 'Markdown'], plain: ['Plain', '纯文本'] },
		{ zh: '正文格式', default: 'markdown' },
	),
	priority: number('Priority', {
		zh: '优先级',
		optional: true,
		integer: true,
		min: 0,
		max: 10,
		help: {
			en: '0 in the list alone, 1–3 an icon, 4–7 with sound, 8–10 vibrates too. Empty: failures 10, warnings 8, others 5. A silent message is at most 3',
			zh: '0 仅入列表，1–3 显示图标，4–7 有声音，8–10 还会震动。留空时失败为 10、警告为 8、其余为 5；静音的消息不高于 3',
		},
	}),
	click: text('Opens', {
		zh: '点击跳转',
		optional: true,
		placeholder: 'https://, geo:',
		help: { en: 'Instead of the message’s own link', zh: '替代消息自带的链接' },
	}),
	intentUrl: text('Opens on arrival', {
		zh: '收到时打开',
		optional: true,
		help: { en: 'Android opens it as soon as the message comes', zh: '安卓端收到消息时立即打开' },
	}),
	extras: json('More extras', {
		zh: '更多 extras',
		optional: true,
		placeholder: '{"home::appliances::lighting::on": {"brightness": 15}}',
	}),
};

type Options = Values<typeof options>;
type Account = typeof account;

export const gotify = defineChannel({
	id: 'gotify',
	set: 'push',
	name: 'Gotify',
	zh: 'Gotify',
	docs: 'https://gotify.net/docs/pushmsg',
	where: [
		{
			en: 'Open your Gotify’s web page, then “Apps” → “Create application”, and copy its token.',
			zh: '打开 Gotify 网页，在“Apps”中点击“Create application”，复制其 Token。',
		},
		{
			en: 'The client token, to delete messages, is under “Clients” → “Create client”.',
			zh: '删除消息所用的客户端 Token 在“Clients”→“Create client”中创建。',
		},
	],
	aliases: ['推送', 'push'],
	silent: true,
	renders: ({ options: { format } }) => ({
		markup: format === 'markdown' ? 'markdown' : 'plain',
		// What MySQL has room for.
		limit: bytes(60_000),
		title: chars(500),
		image: 'url',
		level: true,
		url: true,
	}),
	account,
	options,
	replies: gotifyReplies,

	async send({ message, account, options, http }) {
		const { key, base } = serverOf(account);
		const raw = await http.post(`${base}/message`, {
			json: {
				message: textOf(message),
				title: message.title,
				priority: priorityOf(message, options),
				extras: extrasOf(message, options),
			},
			headers: { 'x-gotify-key': key },
		});
		return { id: proofOf(raw.id, named), handle: { id: raw.id }, raw };
	},

	/** Who may write is told that there is no text, who may not is not. */
	async verify({ account, http }) {
		const { key, base } = serverOf(account);
		const reply = await http.call('POST', `${base}/message`, {
			json: {},
			headers: { 'x-gotify-key': key },
			raw: true,
		});
		const knows = reply.status === 400 && typeof reply.json?.errorDescription === 'string';
		if (!knows) judge({ name: named, replies: gotifyReplies }, reply);
	},

	actions: {
		deleteMessage: action<typeof account>()({
			name: 'Delete Message',
			zh: '删除消息',
			description: { en: 'Needs the client token of the account', zh: '需要账号中的客户端 Token' },
			fields: {
				id: text('Message', {
					zh: '消息 ID',
					placeholder: '25',
					help: { en: '“id” of the receipt’s handle', zh: '回执 handle 中的 id' },
				}),
			},
			run: (call) => remove(call, call.input.id),
		}),
	},
});

/** The server shows no address with the token, but many scripts have one: `https://gotify.example.com/message?token=A…` */
function serverOf({ token, baseUrl: chosen }: Values<typeof account>): { key: string; base: string } {
	return { key: keyInQuery(token, 'token').key, base: chosen };
}

async function remove({ account, http }: Call<Account>, id: string) {
	if (account.clientToken === undefined)
		throw invalid('clientToken', {
			en: 'Fill in the client token of the account: an application’s may only send.',
			zh: '请在账号中填写客户端 Token：应用 Token 只能发送。',
		});
	const path = `${serverOf(account).base}/message/${encodeURIComponent(id)}`;
	const reply = await http.call('DELETE', path, {
		headers: { 'x-gotify-key': account.clientToken },
		raw: true,
		idempotent: true,
	});
	// It says nothing but that.
	if (reply.status !== 200 || /^\s*</.test(reply.text)) judge({ name: named, replies: gotifyReplies }, reply);
	return { deleted: id };
}

/** The web page and the opened message show pictures in the text, a notification on Android its own. */
function textOf({ markup, body, image, title }: Rendered): string {
	if (markup === 'markdown' && image?.url) return [body, markdownImage(image.url)].filter(Boolean).join('\n\n');
	return body || title || image?.name || '';
}

function priorityOf({ level, silent }: Rendered, { priority }: Options): number {
	const wanted =
		priority ??
		(level === 'failure' ? priorities.most : level === 'warning' ? priorities.urgent : priorities.usual);
	return silent ? Math.min(wanted, priorities.quiet) : wanted;
}

function extrasOf({ markup, url, image }: Rendered, o: Options): object | undefined {
	const click = o.click ?? url;
	const notification = {
		...(click && { click: { url: click } }),
		...(image?.url && { bigImageUrl: image.url }),
	};
	const all = {
		...(markup === 'markdown' && { [extras.display]: { contentType: 'text/markdown' } }),
		...(Object.keys(notification).length > 0 && { [extras.notification]: notification }),
		...(o.intentUrl && { [extras.onReceive]: { onReceive: { intentUrl: o.intentUrl } } }),
		...(o.extras !== undefined &&
			(jsonObject(o.extras, 'extras', { en: 'More extras', zh: '更多 extras' }) as object)),
	};
	return Object.keys(all).length > 0 ? all : undefined;
}
