import type { Replies } from '../../core/define/channel';

export const gotifyReplies: Replies = {
	ok: ({ id, error }) =>
		error === undefined && (typeof id === 'number' || (typeof id === 'string' && id.trim() !== '')),
	code: (json) => json.errorCode,
	says: (json) => json.errorDescription ?? json.error,
	errors: [
		{
			code: [401, 403],
			is: 'Unauthorized',
			do: {
				en: 'The server does not know this token: copy an application’s (Gotify → Apps), which begins with A; a client’s cannot send.',
				zh: '服务器不认识该 Token：请复制应用的 Token（Gotify → Apps，以 A 开头）；客户端 Token 不能用于发送。',
			},
		},
		{
			code: 404,
			is: 'Rejected',
			do: {
				en: 'Nothing is there: check the server’s URL with its path, and the message’s id where one is deleted.',
				zh: '地址不存在：请检查服务器地址与路径；删除消息时请检查消息 ID。',
			},
		},
		{
			code: 400,
			is: 'Rejected',
			do: {
				en: 'The server cannot read the message: check its extras.',
				zh: '服务器无法识别该消息：请检查 extras。',
			},
		},
		{
			code: 413,
			is: 'Rejected',
			do: {
				en: 'A proxy in front of the server takes no message that long: shorten it.',
				zh: '服务器前的代理不接受这么长的消息：请缩短。',
			},
		},
	],
};
