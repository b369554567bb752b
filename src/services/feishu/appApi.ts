import { invalid, type File } from '../../core/define/channel';
import type { Ask, VendorJson } from '../../core/http/http';
import { fill } from '../../core/base/language';
import type { Calling } from './appFields';

export const messagesPath = '/open-apis/im/v1/messages';
export const messagePath = (id: string) => `${messagesPath}/${encodeURIComponent(id)}`;

/** With the token. */
export async function ask(call: Calling, method: string, path: string, question: Ask = {}): Promise<VendorJson> {
	const authorization = `Bearer ${await call.token()}`;
	return (await call.http.call(method, path, { ...question, headers: { authorization } })).json;
}

/** The content is JSON within the JSON. */
export const packed = (msgType: string, content: unknown) => ({ msg_type: msgType, content: JSON.stringify(content) });

/** Puts another content in the place of a message's own: of a card, a text or a post. */
export const change = (call: Calling, id: string, msgType: string, content: unknown): Promise<VendorJson> =>
	msgType === 'interactive'
		? ask(call, 'PATCH', messagePath(id), { json: { content: JSON.stringify(content) }, idempotent: true })
		: ask(call, 'PUT', messagePath(id), { json: packed(msgType, content), idempotent: true });

export function idTypeOf(to: string): string {
	const [, prefix = ''] = /^(oc|ou|on)_/.exec(to) ?? [];
	return { oc: 'chat_id', ou: 'open_id', on: 'union_id' }[prefix] ?? (to.includes('@') ? 'email' : 'user_id');
}

const pictures = /^image\/(jpe?g|png|webp|gif|tiff|bmp|x-icon|vnd\.microsoft\.icon)$/;
/** MB that Feishu takes. */
const most = { picture: 10, file: 30 } as const;
const sizeOf = ({ data }: File): number => (data?.byteLength ?? 0) / 1024 / 1024;

/** What Feishu shows; the rest it takes as files. */
export const isShown = (file: File): boolean => pictures.test(file.mime) && sizeOf(file) <= most.picture;
export const isTakenAsFile = (file: File): boolean => sizeOf(file) > 0 && sizeOf(file) <= most.file;

const fileTypes: Record<string, string> = {
	opus: 'opus',
	mp4: 'mp4',
	pdf: 'pdf',
	doc: 'doc',
	docx: 'doc',
	xls: 'xls',
	xlsx: 'xls',
	ppt: 'ppt',
	pptx: 'ppt',
};

export const typeOf = ({ name }: File): string =>
	fileTypes[/\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase() ?? ''] ?? 'stream';

function within(file: File, megabytes: number, field: string): { name: string; mime: string; data: Uint8Array } {
	const size = file.data?.byteLength ?? 0;
	if (size === 0 || size > megabytes * 1024 * 1024) {
		throw invalid(
			field,
			fill(
				{
					en: 'Feishu takes 1 byte to {mb} MB here; “{file}” is outside of that.',
					zh: '飞书此处接受 1 字节至 {mb} MB 的内容，“{file}”不符。',
				},
				{ mb: megabytes, file: file.name },
			),
		);
	}
	return { name: file.name, mime: file.mime, data: file.data! };
}

export async function uploadImage(call: Calling, file: File, field: string): Promise<VendorJson> {
	if (!pictures.test(file.mime)) {
		throw invalid(
			field,
			fill(
				{
					en: 'Feishu takes JPG, PNG, WEBP, GIF, TIFF, BMP and ICO; “{file}” is none of these.',
					zh: '飞书支持 JPG、PNG、WEBP、GIF、TIFF、BMP、ICO 图片，“{file}”不符。',
				},
				{ file: file.name },
			),
		);
	}
	return await ask(call, 'POST', '/open-apis/im/v1/images', {
		multipart: { image_type: 'message', image: within(file, most.picture, field) },
		idempotent: true,
	});
}

export async function uploadFile(
	call: Calling,
	file: File,
	duration: number | undefined,
	field: string,
): Promise<VendorJson> {
	const multipart = {
		file_type: typeOf(file),
		file_name: file.name,
		duration: duration?.toString(),
		file: within(file, most.file, field),
	};
	return await ask(call, 'POST', '/open-apis/im/v1/files', { multipart, idempotent: true });
}

export const urgent = (
	call: Calling,
	messageId: string,
	users: readonly string[],
	by: string,
	idType: string,
): Promise<VendorJson> =>
	ask(call, 'PATCH', `${messagePath(messageId)}/urgent_${by}`, {
		query: { user_id_type: idType },
		json: { user_id_list: users },
	});
