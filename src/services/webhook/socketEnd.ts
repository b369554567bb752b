import { ChannelError } from '../../core/define/channel';
import type { Text } from '../../core/base/language';
import type { ClientSocket } from '../../core/sockets/client';
import { untilAborted } from '../../core/sockets/kept';

/** ms that a server has to answer our taking leave. */
const leave = 1_500;

const pause = (ms: number) => new Promise<undefined>((resolve) => setTimeout(resolve, ms, undefined).unref());

/** The server's taking leave in turn shows that it has read what came before. */
export async function takeLeave(socket: ClientSocket, closeCode: number, answered: boolean): Promise<Text[]> {
	socket.close(closeCode);
	const code = await Promise.race([socket.closed, pause(leave)]);
	if (answered) return [];
	if (code === undefined)
		return [
			{
				en: 'The server did not take leave in turn, so it is not certain that it read the message.',
				zh: '服务器未回应关闭握手，无法确定其已读取消息。',
			},
		];
	if (code !== closeCode) throwIfEnded(code);
	return [];
}

/** Until the frame is with the network. */
export async function flushed(socket: ClientSocket, signal: AbortSignal): Promise<void> {
	let ended: number | undefined;
	const note = (code?: number) => (ended = code);
	socket.closed.then(note, note);
	do {
		await untilAborted(pauseHeld(5), signal, true);
		if (ended !== undefined) throwIfEnded(ended);
	} while (socket.unsent() > 0);
}

const pauseHeld = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Codes by which a server says that it does not want us. */
export function refusalOf(code: number): ChannelError | undefined {
	if (code !== 1002 && code !== 1003 && (code < 1007 || code > 1011) && (code < 3000 || code > 4999))
		return undefined;
	return new ChannelError(
		code === 1008 ? 'Unauthorized' : 'Rejected',
		{
			en: `The server ended the connection with code ${code}: it does not want this message or this sender. Check the body, the headers and the keys.`,
			zh: `服务器以代码 ${code} 关闭了连接：不接受该消息或发送者。请检查消息体、请求头与密钥。`,
		},
		{ code: String(code) },
	);
}

function throwIfEnded(code: number): void {
	const refusal = refusalOf(code);
	if (refusal) throw refusal;
	if (code !== 1006) return;
	throw new ChannelError(
		'Unreachable',
		{
			en: 'The connection broke while the message was on its way, so it is not known whether it arrived. Check the server and the network.',
			zh: '消息发送途中连接中断，无法确定是否送达。请检查服务器与网络。',
		},
		{ code: 'ECONNRESET', unknown: true },
	);
}
