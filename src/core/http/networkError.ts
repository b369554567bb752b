import { ChannelError } from '../base/errors';
import type { Service } from './service';
import { named, type Text } from '../base/language';

/** Why nobody answered; `unknown`: something was written before. Also for sockets of other kinds. */
export function networkError(
	{ name, signal }: Pick<Service, 'name' | 'signal'>,
	thrown: unknown,
	target: { host: string },
	unknown: boolean,
): ChannelError {
	const error = thrown as Error & { code?: string; cause?: { code?: string } };
	if (signal.aborted && signal.reason instanceof ChannelError) return withOutcome(signal.reason, unknown);
	// A tunnel that the proxy refuses is an AbortError too.
	if (signal.aborted)
		return new ChannelError(
			'Unreachable',
			{ en: 'Sending was cancelled.', zh: '发送已取消。' },
			{ code: 'ABORTED', transient: false, unknown },
		);
	// A DOMException has a number there.
	const code = [error.code, error.cause?.code, error.name].find((each) => typeof each === 'string') ?? 'ERROR';
	const plain = /WRONG_VERSION|PACKET_LENGTH/.test(code) || /before secure TLS connection/i.test(error.message);
	const tls = plain || /CERT|SSL|TLS|SELF_SIGNED|ALTNAME|ISSUER/.test(code);
	const proxyRefused = /proxy/i.test(error.message) || /SOCKS/.test(code);
	const advice = plain ? notTls : networkAdvice(code, tls, proxyRefused);
	return new ChannelError(
		'Unreachable',
		named(
			{
				en: `{name} at {host} could not be reached (${code}). ${advice.en}`,
				zh: `无法连接 {name}（{host}，${code}）。${advice.zh}`,
			},
			name,
			{ host: target.host },
		),
		{ code, unknown, transient: !tls },
	);
}

/** The same error, with what is known of the message. */
export const withOutcome = (error: ChannelError, unknown: boolean) =>
	new ChannelError(error.class, error.text, { ...error, unknown });

const notTls: Text = {
	en: 'No TLS is spoken there: check the port, or begin the address with http:// in place of https://.',
	zh: '对方端口未使用 TLS：请检查端口，或把地址开头的 https:// 改为 http://。',
};

function networkAdvice(code: string, tls: boolean, proxyRefused: boolean): Text {
	if (tls) {
		return {
			en: 'Its certificate is not trusted: add your CA certificate to the account, or allow insecure TLS inside your own network.',
			zh: '证书不受信任：请在账号中填写 CA 证书，或在自己的内网中允许不校验证书。',
		};
	}
	if (proxyRefused)
		return { en: 'The proxy refused: check its address and password.', zh: '代理拒绝连接：请检查代理地址与密码。' };
	if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
		return {
			en: 'Its name is not known: check the base URL and this machine’s DNS.',
			zh: '找不到该域名：请检查服务地址与本机 DNS。',
		};
	}
	if (code === 'ECONNREFUSED')
		return { en: 'Nothing listens there: check address and port.', zh: '该地址没有服务在监听：请检查地址与端口。' };
	if (/TIMEOUT/.test(code))
		return {
			en: 'It did not answer in time: check the address, firewall and proxy, or try later.',
			zh: '等待超时：请检查地址、防火墙与代理，或稍后再试。',
		};
	return {
		en: 'The connection broke: check the network and proxy, or try later.',
		zh: '连接中断：请检查网络与代理，或稍后再试。',
	};
}
