import { baseUrl, ChannelError, secret, type Call, type Values } from '../../core/define/channel';
import { proofOf } from '../../core/http/proof';
import type { VendorJson } from '../../core/http/http';
import { fill } from '../../core/base/language';

export const account = {
	baseUrl: baseUrl('https://slack.com/api'),
	botToken: secret('Bot token', {
		zh: '机器人令牌',
		placeholder: 'xoxb-…',
		help: {
			en: 'Under “OAuth & Permissions” of the app; the scope chat:write is needed',
			zh: '在应用的 OAuth & Permissions 页面，需要 chat:write 权限',
		},
		check: (value) => (/^xox/.test(value) ? undefined : { en: 'must start with xoxb-', zh: '必须以 xoxb- 开头' }),
	}),
	appToken: secret('App-level token', {
		zh: '应用级令牌',
		placeholder: 'xapp-…',
		optional: true,
		help: { en: 'Only for receiving by Socket Mode', zh: '仅用于通过 Socket Mode 接收' },
		check: (value) => (/^xapp-/.test(value) ? undefined : { en: 'must start with xapp-', zh: '必须以 xapp- 开头' }),
	}),
	signingSecret: secret('Signing secret', {
		zh: '签名密钥',
		optional: true,
		help: { en: 'Only for receiving by HTTP', zh: '仅用于通过 HTTP 接收' },
	}),
};

export type Calling = Pick<Call<typeof account>, 'account' | 'http'>;

export const bearer = ({ botToken }: Values<typeof account>) => ({ authorization: `Bearer ${botToken}` });

/** A method of the Web API. */
export const ask = ({ account, http }: Calling, method: string, json: object, idempotent?: true): Promise<VendorJson> =>
	http.post(`/${method}`, { json, headers: bearer(account), idempotent });

/** Puts words and blocks in the place of those that a message had. */
export const change = (call: Calling, { channel, ts }: { channel: string; ts: string }, content: object) =>
	ask(call, 'chat.update', { channel, ts, ...content }, true);

/** The first two of three steps; the file shows nowhere until the third. */
export async function upload(call: Calling, filename: string, data: Uint8Array, altText?: string): Promise<string> {
	const { account, http } = call;
	const form = { filename, length: data.byteLength, alt_txt: altText };
	const { upload_url, file_id } = await http.post('/files.getUploadURLExternal', {
		form,
		headers: bearer(account),
		idempotent: true,
	});
	const { status } = await http.call('POST', proofOf(upload_url as string, { en: 'Slack', zh: 'Slack' }), {
		raw: true,
		body: data,
		headers: { 'content-type': 'application/octet-stream' },
		idempotent: true,
	});
	if (status !== 200) {
		const text = fill(
			{
				en: 'Slack took no upload of “{filename}” (HTTP {status}).',
				zh: 'Slack 未接受“{filename}”的上传（HTTP {status}）。',
			},
			{ filename, status },
		);
		throw new ChannelError(status >= 500 ? 'Unreachable' : 'Rejected', text, { code: String(status), status });
	}
	return proofOf(file_id as string, { en: 'Slack', zh: 'Slack' });
}
