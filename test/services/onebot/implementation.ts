import type { VendorJson } from '../../../src/core/http/http';

export const failed = (retcode: number, message: string) => ({
	status: 'failed',
	retcode,
	data: null,
	message,
	wording: message,
});

/** Validates as the standard says: known chats, arrays of segments that are well-formed, numbers for ids. */
export function perform(action: string, params: VendorJson): object {
	const ok = (data: unknown = null) => ({ status: 'ok', retcode: 0, data });
	const chat = params.group_id === 20001 || params.user_id === 10001;
	switch (action) {
		case 'send_msg_async':
		case 'send_msg_rate_limited':
			return { status: 'async', retcode: 1, data: null };
		case 'send_msg': {
			// Without a kind, the id tells it.
			const isGroup = (params.message_type ?? (params.group_id === undefined ? 'private' : 'group')) === 'group';
			if ((isGroup ? params.group_id : params.user_id) === undefined) return failed(100, 'PARAM_ERROR');
			if (!chat) return failed(100, isGroup ? '群不存在' : '请先添加好友');
			const sound =
				typeof params.message === 'string' ||
				(Array.isArray(params.message) && params.message.length > 0 && params.message.every(wellFormed));
			return sound ? ok({ message_id: -2147483000 }) : failed(1400, 'bad message');
		}
		case 'send_group_forward_msg':
		case 'send_private_forward_msg':
			return chat &&
				params.messages.every(({ type, data }: VendorJson) => type === 'node' && data.content && data.uin)
				? ok({ message_id: 77 })
				: failed(100, 'bad nodes');
		case 'upload_group_file':
		case 'upload_private_file':
			return params.file && params.name ? ok() : failed(100, 'no file');
		case 'get_login_info':
			return ok({ user_id: 99999, nickname: 'bell' });
		case 'delete_msg':
			return params.message_id === 5 ? ok() : failed(100, 'message not found');
		case 'get_msg':
		case 'get_forward_msg':
		case 'get_group_list':
		case 'get_friend_list':
		case 'get_status':
		case 'can_send_image':
		case 'get_group_member_list':
			return ok({ asked: action, params });
		default:
			return failed(1404, '不支持的Api ' + action);
	}
}

function wellFormed({ type, data }: VendorJson): boolean {
	const keys: Record<string, string[]> = {
		text: ['text'],
		image: ['file'],
		at: ['qq'],
		face: ['id'],
		reply: ['id'],
		share: ['url', 'title'],
		record: ['file'],
		video: ['file'],
		dice: [],
	};
	return keys[type] !== undefined && keys[type].every((key) => data[key] !== undefined && data[key] !== '');
}
