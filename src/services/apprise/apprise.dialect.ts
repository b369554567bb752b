import { hash } from 'node:crypto';
import { formatOf, levelOf } from '../../core/message/synonyms';
import { relay, textReply, jsonReply } from '../../core/receive/relay';
import { imageMime, isRecord, items, record, text, webUrl } from '../../core/receive/reading';
import { defineDialect, type Context } from '../../core/define/sender';
import type { Attachment } from '../../core/message/message';

const path = /\/notify(?:\/([^/]+))?\/?$/i;

/** What Apprise posts by `json://` and `form://`, and what its users post to its API. */
export const apprise = defineDialect({
	id: 'apprise',
	name: 'Apprise',
	zh: 'Apprise 格式',
	where: {
		en: 'json://host/path?apiKey=KEY; for tools that know only Apprise’s API: the address, then /notify/KEY',
		zh: 'json://主机/路径?apiKey=密钥；仅支持 Apprise API 的工具：填写本地址加 /notify/密钥',
	},
	samples: {
		message: {
			version: '1.0',
			title: 'Backup finished',
			message: '12 GB in 8 minutes',
			attachments: [],
			type: 'success',
		},
	},

	recognise(body) {
		if (!isRecord(body) || text(body.message) === undefined) return 0;
		const isOwn = /^\d\.\d$/.test(text(body.version) ?? '') && kinds.has(text(body.type) ?? '') && 'title' in body;
		// Wherever it is sent, a script's own words are read as well; at its own address this is who reads them.
		return isOwn ? 0.09 : 0;
	},

	read(body, context) {
		const given = record(body);
		const [image, ...attachments] = filesOf(given.attachments ?? given.attachment ?? given.attach, context).sort(
			(one, other) => Number(isPicture(other)) - Number(isPicture(one)),
		);
		const shown = image && isPicture(image);
		return [
			relay(
				{
					source: 'apprise',
					title: text(given.title),
					body: text(given.message, given.body),
					format: formatOf(given.format) ?? 'text',
					level: levelOf(given.type),
					...(shown ? { image, attachments } : image && { attachments: [image, ...attachments] }),
					raw: body,
					beside:
						context.files.length > 0
							? context.files.map(({ data }) => hash('sha256', data, 'hex'))
							: undefined,
				},
				context,
			),
		];
	},

	dialect: {
		address: '/notify/KEY',
		takes: ({ path: asked }) => path.test(asked),
		keys: ({ path: asked }) => [path.exec(asked)?.[1]],
		understands: (body) => isRecord(body) && ['body', 'message'].some((key) => text(body[key]) !== undefined),
		accepted: (_, { request: { headers } }) =>
			/json/i.test(headers.accept ?? '')
				? jsonReply(200, { error: null, details: [] })
				: textReply(200, 'Notification(s) sent.'),
		refused: ({ status }, why) => jsonReply(status, { error: why }),
	},
});

const kinds: ReadonlySet<string> = new Set(['info', 'success', 'warning', 'failure']);
const isPicture = ({ mime }: Attachment) => mime?.startsWith('image/') === true;

/** Bytes in base64, addresses, or the parts of a form. */
function filesOf(given: unknown, { files }: Context): Attachment[] {
	const named = (Array.isArray(given) ? (given as unknown[]) : [given]).flatMap((one): Attachment[] => {
		const file = record(one);
		const name = text(file.filename, file.name);
		const base64 = text(file.base64);
		if (base64 && /^[A-Za-z0-9+/_\s-]+={0,2}$/.test(base64)) {
			const data = new Uint8Array(Buffer.from(base64, 'base64'));
			return [
				{
					data,
					mime: imageMime(data) ?? text(file.mimetype) ?? 'application/octet-stream',
					...(name && { name }),
				},
			];
		}
		const url = webUrl(one, file.url);
		return url ? [{ url, ...(name && { name }) }] : [];
	});
	const sent = items(files).map((one) => one as Context['files'][number]);
	return [
		...named,
		...sent.map(({ data, mime, filename }) => ({
			data,
			mime: imageMime(data) ?? mime ?? 'application/octet-stream',
			...(filename && { name: filename }),
		})),
	].slice(0, 20);
}
