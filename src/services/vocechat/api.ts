import { ChannelError, invalid, type File, type Replies } from '../../core/define/channel';
import { judge, type Http, type VendorJson } from '../../core/http/http';

export interface Calling {
	http: Http;
	account: { apiKey: string };
}

export const vocechatReplies: Replies = {
	says: (json) => (typeof json?.message === 'string' ? json.message : undefined),
	errors: [
		{
			code: 401,
			is: 'Unauthorized',
			do: { en: 'Copy the bot’s API key from the settings again.', zh: '请从设置中重新复制机器人的 API Key。' },
		},
		{ code: 403, is: 'Rejected', do: { en: 'Add the bot to that group first.', zh: '请先把机器人加入该群组。' } },
		{
			code: 404,
			is: 'Rejected',
			do: {
				en: 'There is no such user or group here: check the number, and the base URL.',
				zh: '没有该用户或群组：请检查编号与服务地址。',
			},
		},
		{
			code: 413,
			is: 'Rejected',
			do: {
				en: 'It is larger than this server takes: raise its limit, or send less.',
				zh: '超过服务器允许的大小：请调大服务器限制或减小内容。',
			},
		},
		{
			code: 429,
			is: 'RateLimited',
			retryAfter: 5,
			do: { en: 'Send fewer messages, or later.', zh: '请减少或稍后发送。' },
		},
	],
};

const service = { name: { en: 'VoceChat', zh: 'VoceChat' }, replies: vocechatReplies };

export const keyOf = ({ apiKey }: Calling['account']) => ({ 'x-api-key': apiKey });

const chunkSize = 1024 * 1024;

/** Asks for an id, sends the bytes piece by piece, and gets to know where they are. */
export async function upload({ http, account }: Calling, { name, mime, data }: File): Promise<{ path: string }> {
	if (!data) throw invalid('file', { en: 'The file could not be read.', zh: '无法读取该文件。' });
	const headers = keyOf(account);
	const prepared = await http.call('POST', '/api/bot/file/prepare', {
		raw: true,
		json: { content_type: mime, filename: name },
		headers,
		idempotent: true,
	});
	const id: unknown = prepared.json;
	if (typeof id !== 'string') {
		judge(service, prepared);
		throw new ChannelError('Unexpected', {
			en: 'VoceChat gave no id for the upload.',
			zh: 'VoceChat 未返回上传编号。',
		});
	}
	let stored: VendorJson;
	for (let from = 0; from === 0 || from < data.byteLength; from += chunkSize) {
		const last = from + chunkSize >= data.byteLength;
		const chunk = { name, mime, data: data.subarray(from, from + chunkSize) };
		const form = { file_id: id, chunk_data: chunk, chunk_is_last: String(last) };
		// Only the last answer has a body.
		const reply = await http.call('POST', '/api/bot/file/upload', { raw: true, multipart: form, headers });
		if (last || reply.status >= 300) judge(service, reply);
		stored = reply.json;
	}
	if (typeof stored?.path !== 'string')
		throw new ChannelError('Unexpected', {
			en: 'VoceChat did not say where it put the file.',
			zh: 'VoceChat 未返回文件路径。',
		});
	return stored;
}

/** Servers differ in where they want the number. */
export async function details(
	{ http, account }: Calling,
	kind: 'user' | 'group',
	name: 'uid' | 'gid',
	id: number,
): Promise<VendorJson> {
	const headers = keyOf(account);
	const reply = await http.call('GET', `/api/bot/${kind}/${id}`, { raw: true, headers });
	if (reply.status === 404) return await http.get(`/api/bot/${kind}`, { query: { [name]: id }, headers });
	judge(service, reply);
	return reply.json;
}
