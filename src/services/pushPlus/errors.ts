import type { Replies } from '../../core/define/channel';
import { isCode } from '../../core/http/proof';
import { codes } from './protocol';

export const pushPlusReplies: Replies = {
	ok: (json) => isCode(json.code, codes.accepted),
	code: (json) => json.code,
	says: ({ msg, data }) => (typeof data === 'string' && data !== '' && data !== msg ? `${msg}: ${data}` : msg),
	errors: [
		{
			code: codes.wrongToken,
			is: 'Unauthorized',
			do: {
				en: 'PushPlus does not know this token: copy it again from pushplus.plus.',
				zh: 'PushPlus 不认识该 token：请从 pushplus.plus 重新复制。',
			},
		},
		{
			code: codes.notVerified,
			is: 'Unauthorized',
			do: {
				en: 'PushPlus sends for verified persons alone: verify your name at pushplus.plus.',
				zh: 'PushPlus 要求实名认证：请在 pushplus.plus 完成实名。',
			},
		},
		{
			code: codes.tooOften,
			is: 'RateLimited',
			transient: false,
			do: {
				en: 'The account is restricted for too many requests. Stop for today: each further one prolongs it.',
				zh: '账号因请求过多被限制。今天请停止发送：继续请求会延长限制。',
			},
		},
		{
			code: 888,
			is: 'Rejected',
			do: {
				en: 'This channel costs credit, and there is not enough: top it up, or take WeChat.',
				zh: '该渠道需要积分且余额不足：请充值，或改用微信渠道。',
			},
		},
		{
			code: 403,
			is: 'Unauthorized',
			do: {
				en: 'This machine’s address is not among the account’s safe IPs: add it under “Development settings”.',
				zh: '本机 IP 不在账号的安全 IP 列表中：请在“开发设置”中添加。',
			},
		},
		{
			code: [401, 302],
			is: 'Unauthorized',
			refresh: true,
			do: {
				en: 'The access key is refused: check the secret key, and that the open API is switched on.',
				zh: 'AccessKey 被拒绝：请检查 SecretKey，并确认已开启开放接口。',
			},
		},
		{
			code: 500,
			is: 'Unreachable',
			do: { en: 'PushPlus has a fault of its own: try again later.', zh: 'PushPlus 服务端故障：请稍后重试。' },
		},
		{
			code: [600, 805, 999],
			is: 'Rejected',
			do: {
				en: 'Check topic, friends, channel and template against what the account has.',
				zh: '请检查群组编码、好友令牌、渠道与模板是否与账号相符。',
			},
		},
	],
};
