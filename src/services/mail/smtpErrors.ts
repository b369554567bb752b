import { ChannelError } from '../../core/define/channel';
import { withOutcome } from '../../core/http/http';
import { breakdowns, refusals } from './smtpRefusals';

export type SmtpFailure = Error & {
	code?: string;
	originalCode?: string;
	command?: string;
	response?: string;
	responseCode?: number;
	recipient?: string;
};

interface Server {
	host: string;
	port: number;
	oauth?: boolean;
}

/** What became of a mail. @param begun something of it was on its way */
export function smtpError(thrown: SmtpFailure, server: Server, signal: AbortSignal, begun: boolean): ChannelError {
	if (thrown instanceof ChannelError) return thrown;
	if (signal.aborted && signal.reason instanceof ChannelError) return withOutcome(signal.reason, begun);
	if (thrown.responseCode) return refusal(thrown, thrown.responseCode, server);
	if (thrown.response && thrown.code === 'EAUTH') return notSmtp(server, begun);
	const host = `${server.host}:${server.port}`;
	const { originalCode, cause, name, message } = thrown;
	const code = originalCode ?? (cause as { code?: string } | undefined)?.code ?? thrown.code ?? name;
	const telling = code === 'ESOCKET' ? (thrown.code ?? code) : code;
	const row = breakdowns.find((each) => each.code?.test(telling) || each.words?.test(message))!;
	return new ChannelError(
		row.is,
		{
			en: `The mail server ${host} could not be used (${code}). ${row.do.en}`,
			zh: `无法使用邮件服务器 ${host}（${code}）。${row.do.zh}`,
		},
		{ code, field: row.field, transient: row.transient, unknown: begun },
	);
}

export const notSmtp = ({ host, port }: Server, unknown: boolean) =>
	new ChannelError(
		'Unexpected',
		{
			en: `The mail server ${host}:${port} answered with something that is not SMTP. Check host and port.`,
			zh: `邮件服务器 ${host}:${port} 的应答不是 SMTP 协议。请检查服务器与端口。`,
		},
		{ code: 'EPROTOCOL', unknown },
	);

export const wantsTls = ({ host, port }: Server) =>
	new ChannelError(
		'Invalid',
		{
			en: `The mail server ${host}:${port} said nothing because this port speaks TLS from the start: choose TLS as encryption.`,
			zh: `邮件服务器 ${host}:${port} 没有应答：该端口从一开始就使用 TLS，请将加密方式改为 TLS。`,
		},
		{ code: 'ETLS', field: 'security' },
	);

function refusal({ response, command = '' }: SmtpFailure, status: number, { host, port, oauth }: Server) {
	const words = (response ?? '').replace(/\s+/g, ' ').trim().slice(0, 300);
	const row = refusals.find(
		({ code, says, during }) =>
			(!code || [code].flat().includes(status)) &&
			(!says || says.test(words)) &&
			(!during || during.test(command)),
	);
	const is = row?.is ?? (status < 500 ? 'Unreachable' : 'Rejected');
	const advice = row?.do ?? {
		en: 'Check the account and the mail against the server’s own rules.',
		zh: '请对照邮件服务器的规定检查账号与邮件。',
	};
	return new ChannelError(
		is,
		{
			en: `The mail server ${host}:${port} said no: “${words}”. ${advice.en}`,
			zh: `邮件服务器 ${host}:${port} 拒绝了请求：“${words}”。${advice.zh}`,
		},
		{
			code: String(status),
			field: row?.field,
			because: row?.because,
			retryAfter: row?.retryAfter,
			// A stale access token is refused like a wrong one.
			refresh: oauth && is === 'Unauthorized',
		},
	);
}
