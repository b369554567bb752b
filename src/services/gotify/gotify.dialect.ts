import { jsonReply, relay } from '../../core/receive/relay';
import { isRecord, number, picture, record, text, webUrl } from '../../core/receive/reading';
import { defineDialect } from '../../core/define/sender';
import type { Level } from '../../core/message/message';
import { extras as names, priorities } from './protocol';

const path = /\/message\/?$/i;

/** What tools send to a Gotify server. */
export const gotify = defineDialect({
	id: 'gotify',
	name: 'Gotify',
	zh: 'Gotify 格式',
	where: {
		en: 'for tools that know only Gotify: the address as server, and the key as application token (/message)',
		zh: '仅支持 Gotify 的工具：服务器填写本地址，应用 token 填写密钥（/message）',
	},
	samples: {
		message: {
			title: 'Backup finished',
			message: '**12 GB** in 8 minutes',
			priority: 5,
			extras: { 'client::display': { contentType: 'text/markdown' } },
		},
	},

	recognise: (body) =>
		isRecord(body) &&
		text(body.message) !== undefined &&
		isRecord(body.extras) &&
		Object.keys(body.extras).some((name) => name.includes('::'))
			? 0.9
			: 0,

	read(body, context) {
		const { title, message, priority, extras } = record(body);
		const [display, shown] = [record(record(extras)[names.display]), record(record(extras)[names.notification])];
		const urgency = number(priority);
		return [
			relay(
				{
					source: 'gotify',
					title: text(title),
					body: withoutShown(text(message), shown.bigImageUrl),
					format: /markdown/i.test(text(display.contentType) ?? '') ? 'markdown' : 'text',
					level: urgency === undefined ? undefined : levelOf(urgency),
					...(urgency !== undefined && urgency <= priorities.quiet && { silent: true }),
					url: webUrl(record(shown.click).url),
					image: picture(shown.bigImageUrl),
					raw: body,
				},
				context,
			),
		];
	},

	dialect: {
		address: '/message?token=KEY',
		takes: ({ path: asked }) => path.test(asked),
		keys: ({ query, headers }) => [query.token, headers['x-gotify-key']],
		understands: (body) => isRecord(body) && text(body.message) !== undefined,
		accepted: (body, { now }) => {
			const { title = '', message, priority, extras } = record(body);
			return jsonReply(200, {
				id: Math.floor(Date.parse(now) / 1000),
				appid: 1,
				message: text(message) ?? '',
				title: text(title) ?? '',
				priority: number(priority) ?? 0,
				...(isRecord(extras) && { extras }),
				date: now,
			});
		},
		refused: ({ status }, why) => {
			const isKey = status === 401 || status === 403;
			return jsonReply(isKey ? 401 : status, {
				error: isKey ? 'Unauthorized' : 'Bad Request',
				errorCode: isKey ? 401 : status,
				errorDescription: isKey ? `you need to provide a valid access token: ${why}` : why,
			});
		},
	},
});

/** From 8 on phones ring whatever else they do. */
const levelOf = (priority: number): Level | undefined =>
	priority >= priorities.most ? 'failure' : priority >= priorities.urgent ? 'warning' : undefined;

/** A picture that is the notification's stands in the text once more, for those who read it elsewhere. */
function withoutShown(said: string | undefined, address: unknown): string | undefined {
	const url = text(address);
	if (!said || !url) return said;
	const isIt = (line: string) =>
		line.startsWith('![') && [`(${url})`, `(<${url}>)`].some((end) => line.trimEnd().endsWith(end));
	return said
		.split('\n')
		.filter((line) => !isIt(line))
		.join('\n')
		.trim();
}
