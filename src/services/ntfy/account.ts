import { baseUrl, invalid, secret, text, type Values } from '../../core/define/channel';
import { fill } from '../../core/base/language';
import { baseOf, pastedKey } from '../../core/define/fields/pastedUrl';
import { topicPattern } from './protocol';

const standard = 'https://ntfy.sh';

export const ntfyAccount = {
	baseUrl: baseUrl(standard, {
		label: 'Server URL',
		zh: '服务器地址',
		help: { en: 'Your own server, where you have one', zh: '自建服务器时修改' },
	}),
	token: secret('Access token', {
		zh: '访问令牌',
		optional: true,
		placeholder: 'tk_…',
		help: {
			en: 'For protected topics: Account → Access tokens; or user name and password instead',
			zh: '受保护的主题需要：在“账户 → 访问令牌”中创建；也可改用用户名和密码',
		},
	}),
	user: text('User name', { zh: '用户名', optional: true }),
	password: secret('Password', { zh: '密码', optional: true }),
};

export type NtfyAccount = Values<typeof ntfyAccount>;

export function authOf({ token, user, password }: NtfyAccount): { authorization?: string } {
	if (token !== undefined) return { authorization: `Bearer ${token}` };
	if (user === undefined && password === undefined) return {};
	return { authorization: `Basic ${Buffer.from(`${user ?? ''}:${password ?? ''}`).toString('base64')}` };
}

/** `phone`, `https://ntfy.example.com/phone`. @throws ChannelError `Invalid('to')` */
export function topicOf(
	given: string,
	{ baseUrl: chosen }: Pick<NtfyAccount, 'baseUrl'>,
): { topic: string; base: string } {
	const pasted = pastedKey(given, ({ origin, pathname }) => {
		const [, path = '', key] = /^(.*)\/([^/]+)\/?$/.exec(pathname) ?? [];
		return key === undefined ? undefined : { key, base: origin + path };
	});
	if (topicPattern.test(pasted.key)) return { topic: pasted.key, base: baseOf(chosen, standard, pasted) };
	throw invalid(
		'to',
		fill(
			{
				en: '“{given}” is no topic: up to 64 letters, digits, - and _.',
				zh: '“{given}”不是有效的主题：最多 64 个字母、数字、- 和 _。',
			},
			{ given },
		),
	);
}
