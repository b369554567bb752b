import { hash } from 'node:crypto';
import { jsonReply, paragraphs, relay } from '../../core/receive/relay';
import { isRecord, record, text } from '../../core/receive/reading';
import { defineDialect } from '../../core/define/sender';
import { withoutPictures } from '../../core/receive/ownPictures';

const path = /\/(send\/)?([\w-]+)\.send\/?$/i;

/** What tools send to ServerChan, Turbo and ³. */
export const serverChan = defineDialect({
	id: 'serverChan',
	name: 'ServerChan',
	zh: 'Server酱格式',
	where: {
		en: 'for tools that know only ServerChan: the address, then /KEY.send (Turbo) or /send/KEY.send (³)',
		zh: '仅支持 Server酱的工具：填写本地址加 /密钥.send（Turbo）或 /send/密钥.send（³）',
	},
	hint: /server-?chan|ftqq/i,
	samples: { message: { title: 'Backup finished', desp: '**12 GB** in 8 minutes' } },

	// Elsewhere it is a script's, which is read as well.
	recognise: (body) => (isRecord(body) && typeof body.desp === 'string' && text(body.title) !== undefined ? 0.09 : 0),

	read(body, context) {
		const given = record(body);
		const title = text(given.title, given.text);
		const { body: said, image, attachments } = withoutPictures(text(given.desp) ?? '');
		const short = text(given.short);
		const isNew = short !== undefined && !said.includes(short);
		return [
			relay(
				{
					source: 'serverChan',
					title,
					format: 'markdown',
					body: paragraphs(isNew ? short : undefined, said),
					image,
					attachments,
					raw: body,
				},
				context,
			),
		];
	},

	dialect: {
		address: '/KEY.send',
		takes: ({ path: asked }) => path.test(asked),
		keys: ({ path: asked }) => [path.exec(asked)?.[2]],
		understands: (body) => isRecord(body) && ['title', 'text', 'desp'].some((name) => name in body),
		gets: true,
		accepted(body, { request: { path: asked }, now }) {
			const id = hash('sha256', `${now}${JSON.stringify(body)}`, 'hex').slice(0, 10);
			return path.exec(asked)?.[1]
				? jsonReply(200, { code: 0, errno: 0, message: 'SUCCESS', data: { pushid: id } })
				: jsonReply(200, {
						code: 0,
						message: '',
						data: { pushid: id, readkey: `r${id}`, error: 'SUCCESS', errno: 0 },
					});
		},
		refused: ({ status }, why) => {
			const isKey = status === 401 || status === 403;
			return jsonReply(isKey ? 400 : status, {
				code: isKey ? 40001 : status,
				errno: isKey ? 40001 : status,
				message: isKey ? `[AUTH]错误的Key: ${why}` : why,
				info: why,
			});
		},
	},
});
