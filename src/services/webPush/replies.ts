import type { Replies } from '../../core/define/channel';

/** A push service has taken it with 201, or with 202 where it tells later what became of it (RFC 8030). */
export const replies: Replies = {
	as: 'any',
	ok: (_, { status, text }) => (status === 201 || status === 202) && !/^\s*</.test(text),
	// Apple's, Mozilla's, Google's.
	says: (json) => json?.reason ?? json?.message ?? json?.error?.message,
	errors: [
		{
			code: [404, 410],
			is: 'Rejected',
			do: {
				en: 'The browser gave the subscription up: allow notifications on the page again.',
				zh: '浏览器已放弃该订阅：请在页面上重新允许通知。',
			},
		},
		{
			code: 413,
			is: 'Rejected',
			do: {
				en: 'This push service takes less than the usual 4 KB: shorten text, links or buttons.',
				zh: '该推送服务接受的长度小于通常的 4 KB：请缩短正文、链接或按钮。',
			},
		},
		{
			code: 429,
			is: 'RateLimited',
			retryAfter: 60,
			do: {
				en: 'The push service slows this sender down: send fewer notifications.',
				zh: '推送服务正在限流：请减少通知。',
			},
		},
		{
			says: /jwt|vapid|unauthorizedregistration|crypto-?key|authorization/i,
			code: 400,
			is: 'Unauthorized',
			do: {
				en: 'The push service refused the keys: check “Contact” of the account and this machine’s clock, then allow notifications on the page again.',
				zh: '推送服务拒绝了密钥：请检查账号的“联系方式”和本机时间，然后在页面上重新允许通知。',
			},
		},
		{
			code: [401, 403],
			is: 'Unauthorized',
			do: {
				en: 'The subscription belongs to other keys, or “Contact” or this machine’s clock is wrong: allow notifications on the page again.',
				zh: '该订阅属于其他密钥，或“联系方式”、本机时间有误：请在页面上重新允许通知。',
			},
		},
	],
};
