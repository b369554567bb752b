import { withoutPictures } from '../../core/receive/ownPictures';
import { jsonReply, lines, linkOf, relay } from '../../core/receive/relay';
import { chars } from '../../core/base/limit';
import { oneLine, render } from '../../core/markup';
import { isRecord, items, picture, record, text, webUrl, type Loose } from '../../core/receive/reading';
import { defineDialect } from '../../core/define/sender';
import type { Button } from '../../core/message/message';

const path = /\/robot\/send\/?$/i;

/** What tools send to a custom robot of DingTalk. */
export const dingtalk = defineDialect({
	id: 'dingtalk',
	name: 'DingTalk robot',
	zh: '钉钉机器人格式',
	where: {
		en: 'for tools that know only DingTalk’s robot: the address, then /robot/send?access_token=KEY',
		zh: '仅支持钉钉机器人的工具：填写本地址加 /robot/send?access_token=密钥',
	},
	hint: /dingtalk|钉钉/i,
	samples: {
		message: {
			msgtype: 'markdown',
			markdown: { title: 'Backup finished', text: '#### Backup finished\n> **12 GB** in 8 minutes' },
			at: { isAtAll: false },
		},
	},

	recognise(body) {
		if (!isRecord(body)) return 0;
		const type = text(body.msgtype) ?? '';
		if (!isRecord(body[type])) return 0;
		if (type === 'text') return isRecord(body.at) ? 0.85 : 0.08;
		return kinds.has(type) || (type === 'markdown' && 'text' in record(body.markdown)) ? 0.85 : 0;
	},

	read(body, context) {
		const given = record(body);
		const type = text(given.msgtype) ?? '';
		const content = record(given[type]);
		const says = (told: Omit<Parameters<typeof relay>[0], 'source' | 'raw'>) => [
			relay({ source: 'dingtalk', rawType: type || 'message', raw: body, ...told }, context),
		];
		if (type === 'markdown') {
			const { body: said, image, attachments } = withoutPictures(text(content.text) ?? '');
			return says({ ...titled(text(content.title), said), format: 'markdown', image, attachments });
		}
		if (type === 'link')
			return says({
				title: text(content.title),
				body: text(content.text),
				format: 'text',
				url: opened(content.messageUrl),
				image: picture(content.picUrl),
			});
		if (type === 'actionCard') {
			const { body: said, image, attachments } = withoutPictures(text(content.text) ?? '');
			const single = opened(content.singleURL);
			const label = text(content.singleTitle);
			const buttons = [
				...(label ? [{ text: label, ...(single && { url: single }) }] : []),
				...items(content.btns).filter(isRecord).flatMap(buttonOf),
			];
			return says({
				...titled(text(content.title), said),
				format: 'markdown',
				image,
				attachments,
				buttons,
				url: single,
			});
		}
		if (type === 'feedCard') {
			const links = items(content.links).filter(isRecord);
			const [image, ...attachments] = links
				.map(({ picURL, picUrl }) => picture(picURL ?? picUrl))
				.filter((one) => one !== undefined);
			const [first, ...more] = links;
			return says({
				title: text(first?.title),
				url: opened(first?.messageURL ?? first?.messageUrl),
				format: 'markdown',
				body: lines(
					...more.map(({ title, messageURL, messageUrl }) => {
						return `- ${linkOf(text(title), opened(messageURL ?? messageUrl))}`;
					}),
				),
				image,
				attachments,
			});
		}
		return says({ body: text(content.content, content.text, given.content, given.text), format: 'text' });
	},

	dialect: {
		address: '/robot/send?access_token=KEY',
		takes: ({ path: asked }) => path.test(asked),
		keys: ({ query }) => [query.access_token],
		understands: (body) => isRecord(body) && typeof body.msgtype === 'string',
		accepted: () => jsonReply(200, { errcode: 0, errmsg: 'ok' }),
		// Refused with 200, as by DingTalk: tools look at the code.
		refused: ({ status }, why) =>
			jsonReply(200, {
				errcode: status === 401 || status === 403 ? 300001 : 40035,
				errmsg: status === 401 || status === 403 ? `token is not exist: ${why}` : why,
			}),
	},
});

const kinds: ReadonlySet<string> = new Set(['link', 'actionCard', 'feedCard']);

/** Links that open outside of its own window are wrapped. */
function opened(value: unknown): string | undefined {
	const given = text(value) ?? '';
	if (/^dingtalk:\/\/dingtalkclient\/page\/link\?/i.test(given) && URL.canParse(given))
		return webUrl(new URL(given).searchParams.get('url'));
	return webUrl(given);
}

function buttonOf({ title, actionURL, actionUrl }: Loose): Button[] {
	const url = opened(actionURL ?? actionUrl);
	const label = text(title);
	return label ? [{ text: label, ...(url && { url }) }] : [];
}

/** Its title is shown in the list of chats alone, and most tools say it again as a heading of the text. */
function titled(title: string | undefined, said: string): { title?: string; body: string } {
	const body = said.replace(wrapped, (_, encoded: string) => {
		const link = opened(`dingtalk://dingtalkclient/page/link?${encoded}`);
		return `](${link ?? ''})`;
	});
	if (title === undefined) return { body };
	const [first = '', ...rest] = body.split('\n');
	const heading = first
		.replace(/^#{1,6}\s+/, '')
		.replace(/^\*\*(.+)\*\*$/, '$1')
		.replace(/\\(?=[!-/:-@[-`{-~])/g, '')
		.trim();
	if (heading === title) return { title, body: rest.join('\n').trim() };
	// Of a text without one, its beginning stands there.
	return isBeginning(title, body) ? { body } : { title, body };
}

function isBeginning(title: string, body: string): boolean {
	const options = { format: 'markdown', dialect: 'plain', limit: chars(200), overflow: 'cut' } as const;
	const words = oneLine(render(body.slice(0, 2_000), options).parts[0] ?? '');
	return title === words || (title.endsWith('…') && words.startsWith(title.slice(0, -1).trimEnd()));
}

const wrapped = /\]\(dingtalk:\/\/dingtalkclient\/page\/link\?([^\s()]{1,4000})\)/gi;
