import { baseUrl, choice, invalid, secret, secrets, type Values } from '../../core/define/channel';
import { callbacks } from '../../core/define/fields/callbackKey';

export const sptIn = (value: string) => /SPT_\w+/.exec(value)?.[0];
const appTokenIn = (value: string) => /AT_\w+/.exec(value)?.[0];

export const wxpusherAccount = {
	baseUrl: baseUrl('https://wxpusher.zjiecode.com'),
	mode: choice(
		'Sends as',
		{ token: ['An application (appToken)', '应用（appToken）'], spt: ['Simple push (SPT)', '极简推送（SPT）'] },
		{
			zh: '发送方式',
			default: 'token',
		},
	),
	appToken: secret('appToken', {
		zh: 'appToken',
		placeholder: 'AT_…',
		show: { mode: ['token'] },
		check: (value) => (appTokenIn(value) ? undefined : { en: 'must start with AT_', zh: '必须以 AT_ 开头' }),
	}),
	spts: secrets('SPTs', {
		zh: 'SPT',
		placeholder: 'SPT_…',
		show: { mode: ['spt'] },
		help: {
			en: 'Up to ten, by comma or line; the whole URL is fine too',
			zh: '最多十个，用逗号或换行分隔；也可粘贴完整链接',
		},
		check: (values) => {
			if (values.some((value) => !sptIn(value))) return { en: 'must start with SPT_', zh: '必须以 SPT_ 开头' };
			return values.length <= 10 ? undefined : { en: 'may be ten at most', zh: '最多十个' };
		},
	}),
	...callbacks(),
};

/** @throws ChannelError where the account is none of an application */
export function tokenOf({ mode, appToken }: Values<typeof wxpusherAccount>): string {
	const token = mode === 'token' && appToken !== undefined ? appTokenIn(appToken) : undefined;
	if (token === undefined)
		throw invalid('mode', {
			en: 'Only an application with an appToken can do this.',
			zh: '只有使用 appToken 的应用才能执行此操作。',
		});
	return token;
}
