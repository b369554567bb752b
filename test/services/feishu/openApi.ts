import { formOf } from '../../multipart';
import type { Answer, Seen } from '../../service';

export const appSecret = 'app-secret-0123456789';

const forms: Record<string, RegExp> = {
	open_id: /^ou_/,
	union_id: /^on_/,
	chat_id: /^oc_/,
	email: /@/,
	user_id: /^[a-z0-9]+$/,
};

const yes = (data: unknown = {}): Answer => ({ body: { code: 0, msg: 'success', data } });
export const no = (code: number, msg: string, status = 400): Answer => ({ status, body: { code, msg } });
const kinds = [
	'text',
	'post',
	'image',
	'file',
	'audio',
	'media',
	'sticker',
	'interactive',
	'share_chat',
	'share_user',
	'system',
];

function checkMessage({ msg_type: type, content, uuid }: Record<string, string>): Answer | undefined {
	if (!kinds.includes(type!))
		return no(230001, 'Your request contains an invalid request parameter, ext=invalid msg_type.');
	let parsed: Record<string, unknown>;
	try {
		parsed = JSON.parse(content!);
	} catch {
		return no(
			230001,
			'Your request contains an invalid request parameter, ext=content is not a string in json format.',
		);
	}
	if (uuid !== undefined && uuid.length > 50) return no(230001, 'uuid too long');
	if (Buffer.byteLength(content!) > (type === 'text' ? 150_000 : 30_000))
		return no(230025, 'The length of the message content reaches its limit.');
	if (type === 'post' && 'post' in parsed) return no(230001, 'invalid post');
	if (type === 'interactive' && (parsed as { elements?: unknown }).elements === 'broken')
		return no(230099, 'Failed to create card content, ext=ErrCode: 200621; ErrMsg: parse card json err');
	return undefined;
}

/** Feishu's open platform: checks and refuses as it does. */
export class OpenApi {
	/** The first one is given out and taken. */
	tokens = ['t-token-one-123456'];
	/** Answers by path, in front of the usual ones; each is used up. */
	next: Record<string, Answer[]> = {};
	private asked = 0;
	private uuids = new Map<string, string>();

	answer(seen: Seen): Answer {
		this.asked++;
		const { method, path, query, json, headers } = seen;
		const refusal = this.next[path]?.shift();
		if (refusal) return refusal;
		if (path === '/open-apis/auth/v3/tenant_access_token/internal') {
			if (json.app_id !== 'cli_1' || json.app_secret !== appSecret)
				return { body: { code: 10014, msg: 'app secret invalid' } };
			return { body: { code: 0, msg: 'ok', tenant_access_token: this.tokens[0], expire: 7200 } };
		}
		if (headers.authorization === undefined) return no(99991661, 'Missing access token for authorization.');
		if (headers.authorization !== `Bearer ${this.tokens[0]}`)
			return no(
				99991663,
				'Invalid access token for authorization. Please make a test attempt with the correct token.',
			);
		const [, id, what] = /^\/open-apis\/im\/v1\/messages(?:\/([^/]+)(?:\/(.+))?)?$/.exec(path) ?? [];
		switch (
			`${method} ${path.startsWith('/open-apis/im/v1/messages') ? `messages${id ? '/id' : ''}${what ? `/${what}` : ''}` : path}`
		) {
			case 'GET /open-apis/bot/v3/info':
				return { body: { code: 0, msg: 'ok', bot: { app_name: 'x' } } };
			case 'POST messages':
				if (!forms[query.receive_id_type ?? '']?.test(json.receive_id))
					return no(230034, 'The receive_id is invalid.');
				if (json.receive_id === 'oc_foreign') return no(230002, 'Bot/User can NOT be out of the chat.');
				return checkMessage(json) ?? this.sent(json.uuid);
			case 'POST messages/id/reply':
				return checkMessage(json) ?? this.sent(json.uuid);
			case 'PUT messages/id':
				return checkMessage(json) ?? yes({ message_id: id });
			case 'PATCH messages/id':
				return typeof json.content === 'string' ? yes() : no(230001, 'invalid content');
			case 'DELETE messages/id':
				return yes();
			case 'PATCH messages/id/urgent_app':
			case 'PATCH messages/id/urgent_sms':
			case 'PATCH messages/id/urgent_phone':
				return Array.isArray(json.user_id_list) && query.user_id_type
					? yes({ invalid_user_id_list: [] })
					: no(230001, 'invalid user_id_list');
			case 'POST /open-apis/im/v1/images': {
				const { image, image_type: type } = formOf(seen);
				if (type?.data.toString() !== 'message' || !image?.data.byteLength)
					return no(234001, 'Invalid request param.');
				return yes({ image_key: `img_${image.filename}` });
			}
			case 'POST /open-apis/im/v1/files': {
				const { file, file_type: type, file_name: name } = formOf(seen);
				if (
					!/^(opus|mp4|pdf|doc|xls|ppt|stream)$/.test(type?.data.toString() ?? '') ||
					!name ||
					!file?.data.byteLength
				)
					return no(234001, 'Invalid request param.');
				return yes({ file_key: `file_${type!.data.toString()}_${name.data.toString()}` });
			}
			default:
				return { status: 404, body: '404 page not found' };
		}
	}

	private sent(uuid: string | undefined): Answer {
		const id = (uuid !== undefined && this.uuids.get(uuid)) || `om_${this.asked}`;
		if (uuid !== undefined) this.uuids.set(uuid, id);
		return yes({ message_id: id });
	}
}
