import { hash } from 'node:crypto';
import { formatOf } from '../../core/message/synonyms';
import { withoutPictures } from '../../core/receive/ownPictures';
import { jsonReply, relay } from '../../core/receive/relay';
import { isRecord, record, text } from '../../core/receive/reading';
import { outline } from '../../core/base/outline';
import { defineDialect } from '../../core/define/sender';
import type { Attachment } from '../../core/message/message';
import { codes, templates as known } from './protocol';

/** `/robot/send` and `/webhook/send` are others'. */
const path = /(?<!robot|webhook)\/send(?:\/([^/.]+))?\/?$/i;

/** What tools send to PushPlus. */
export const pushPlus = defineDialect({
	id: 'pushPlus',
	name: 'PushPlus',
	zh: 'PushPlus 格式',
	where: {
		en: 'for tools that know only PushPlus: the address, then /send, and the key as token',
		zh: '仅支持 PushPlus 的工具：填写本地址加 /send，token 填写密钥',
	},
	hint: /push-?plus/i,
	samples: {
		message: { token: 'KEY', title: 'Backup finished', content: '<b>12 GB</b> in 8 minutes', template: 'html' },
	},

	recognise: (body) =>
		isRecord(body) &&
		text(body.token) !== undefined &&
		'content' in body &&
		templates.has(text(body.template) ?? '')
			? 0.9
			: 0,

	read(body, context) {
		const { title, content, template } = record(body);
		const kind = text(template)?.toLowerCase() ?? 'html';
		const isWords = typeof content !== 'object' || content === null;
		const said = isWords ? (text(content) ?? '') : outline(content);
		const format = isWords && kind !== 'json' ? (formatOf(kind) ?? 'html') : 'text';
		const {
			body: words,
			image,
			attachments,
		} = format === 'markdown'
			? withoutPictures(said)
			: { ...(format === 'html' ? withoutLast(said) : { body: said }), attachments: [] };
		return [
			relay(
				{ source: 'pushPlus', title: text(title), format, body: words, image, attachments, raw: body },
				context,
			),
		];
	},

	dialect: {
		address: '/send/KEY',
		takes: ({ path: asked }) => path.test(asked),
		keys: ({ path: asked, query }) => [path.exec(asked)?.[1], query.token],
		keysInBody: (body) => [record(body).token],
		understands: (body) => isRecord(body) && 'content' in body && !('msgtype' in body),
		gets: true,
		accepted: (body, { now }) =>
			jsonReply(200, {
				code: codes.accepted,
				msg: '请求成功',
				data: hash('md5', `${now}${JSON.stringify(body)}`, 'hex'),
				count: null,
			}),
		// Refused with 200, as by PushPlus: tools look at the code.
		refused: ({ status }, why) => {
			const isKey = status === 401 || status === 403;
			return jsonReply(200, {
				code: isKey ? codes.wrongToken : codes.notVerified,
				msg: isKey ? `无效的用户令牌: ${why}` : why,
				data: null,
				count: null,
			});
		},
	},
});

/** A picture at the end of HTML is the message's. */
function withoutLast(said: string): { body: string; image?: Attachment } {
	const found = /(?:<br\s{0,9}\/?>)?<img\b[^<>]{0,500}\bsrc="(https?:[^"<>]{1,2000})"[^<>]{0,500}>\s*$/i.exec(said);
	if (!found) return { body: said };
	const url = found[1]!
		.replace(/&(?:amp|#38);/g, '&')
		.replace(/&#(\d{2});/g, (_, code: string) => String.fromCharCode(Number(code)));
	return { body: said.slice(0, found.index), ...(URL.canParse(url) && { image: { url } }) };
}

const templates: ReadonlySet<string> = new Set(known);
