import type { Replies } from '../../core/define/channel';

/** What bark-server says, and what Apple says through it. */
export const barkReplies: Replies = {
	// `/info` has a version in place of a code.
	ok: (json, { status }) =>
		status === 200 && (json.code === 200 || (json.code === undefined && json.version !== undefined)),
	code: (json) => json.code,
	says: (json) => json.message,
	errors: [
		{
			code: 418,
			is: 'Unauthorized',
			do: {
				en: 'The server is behind Basic auth: check user name and password.',
				zh: '服务器开启了 Basic 认证：请检查用户名和密码。',
			},
		},
		{
			code: 400,
			says: /device (key|token)/i,
			is: 'Unauthorized',
			do: {
				en: 'The server does not know this device key: copy it from the app again, and check the server URL.',
				zh: '服务器不认识该设备密钥：请从 App 重新复制，并检查服务器地址。',
			},
		},
		{
			says: /BadDeviceToken|Unregistered|DeviceTokenNotForTopic|ExpiredToken/,
			is: 'Unauthorized',
			do: {
				en: 'Apple no longer knows this device: open the app there so that it registers again.',
				zh: '苹果已不认识该设备：请在设备上打开 App 重新注册。',
			},
		},
		{
			says: /PayloadTooLarge/,
			is: 'Rejected',
			do: {
				en: 'Apple takes 4 KB with all parameters: shorten text, links or icon.',
				zh: '苹果限制整条推送 4 KB（含全部参数）：请缩短正文、链接或图标地址。',
			},
		},
		{
			says: /TooManyRequests/,
			is: 'RateLimited',
			retryAfter: 30,
			do: {
				en: 'Apple slows this device down: send fewer notifications to it.',
				zh: '苹果对该设备限流：请减少推送。',
			},
		},
	],
};
