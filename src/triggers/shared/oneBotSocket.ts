import { onebot } from '../../channels/onebot';
import { openSocket, type ClientSocket } from '../../channels/shared/clientSocket';
import type { CommonAccount } from '../../core/channel';
import { ChannelError, invalid, isChannelError } from '../../core/errors';
import type { VendorJson } from '../../core/http';
import type { Text } from '../../core/language';
import type { Connecting } from '../../core/trigger';
import { backOff } from './backOff';
import type { Heard } from './oneBotEvents';
import { sayInPlace } from './sayInPlace';

/** A node that connects to OneBot. */
export interface Caller extends Pick<Connecting, 'status' | 'signal'> {
	account: CommonAccount & Record<string, unknown> & { baseUrl: string; accessToken?: string };
	/** Instead of the account's address. */
	url?: string;
}

/** ms */
const patience = { ping: 30_000, stable: 60_000, longest: 2 ** 31 - 1 };

/**
 * Hears events over OneBot's own WebSocket server until the signal is aborted; connects again for ever.
 * @throws ChannelError where the account is refused from the start, or has no WebSocket address
 */
export async function listen(
	caller: Caller,
	take: (event: VendorJson) => Heard,
	pingEvery = patience.ping,
): Promise<void> {
	const { account, status, signal } = caller;
	const url = caller.url ?? account.baseUrl;
	if (!/^wss?:/i.test(url)) throw invalid('wsUrl', noAddress);
	const answering = new Set<Promise<void>>();
	let wasHeard = false;
	const hear = (event: VendorJson) => {
		wasHeard = true;
		const { answer, replyTo } = take(event);
		if (answer === undefined || replyTo === '') return;
		const said = sayInPlace(onebot, account, replyTo, answer, signal)
			.then((failure) => failure && !signal.aborted && status('connected', unanswered(failure.text)))
			.catch(() => undefined)
			.then(() => void answering.delete(said));
		answering.add(said);
	};
	for (let failures = 0; !signal.aborted; failures++) {
		status('connecting');
		const started = Date.now();
		try {
			await session(caller, url, pingEvery, hear);
			if (!signal.aborted) status('failed', broken);
		} catch (error) {
			if (signal.aborted) break;
			if (!isChannelError(error) || (error.class === 'Unauthorized' && !wasHeard)) throw error;
			status('failed', error.text);
		}
		if (Date.now() - started > patience.stable) failures = 0;
		await backOff(failures, signal);
	}
	await Promise.allSettled(answering);
}

/** One connection, to its end. */
async function session(
	{ account, status, signal }: Caller,
	url: string,
	pingEvery: number,
	hear: (event: VendorJson) => void,
): Promise<void> {
	const owner = { name: { en: onebot.name, zh: onebot.zh }, replies: onebot.replies, account, signal };
	const headers: Record<string, string> =
		account.accessToken === undefined ? {} : { authorization: `Bearer ${account.accessToken}` };
	const socket = await openSocket(owner, url, headers);
	let refused = false;
	const read = (text: string): undefined => {
		const event = parsed(text);
		// Some take everybody in and tell then, without an echo, that the token is wrong.
		if ([1401, 1403].includes(event?.retcode) && !event.echo) {
			refused = true;
			socket.close();
		} else if (typeof event?.post_type === 'string') hear(event);
	};
	status('connected');
	socket.early.forEach(read);
	// Reads every frame, for none is ever the one that was waited for; after the longest wait there is, connects anew.
	socket.next<never>(read, patience.longest).catch(() => socket.close());
	const stop = () => socket.close(1000);
	signal.addEventListener('abort', stop, { once: true });
	if (signal.aborted) stop();
	const pinging = setInterval(keepAlive(socket), pingEvery);
	try {
		await socket.closed;
	} finally {
		clearInterval(pinging);
		signal.removeEventListener('abort', stop);
	}
	if (refused) throw new ChannelError('Unauthorized', wrongToken);
}

/** Two pings without any sign of life end the connection. */
function keepAlive(socket: ClientSocket): () => void {
	let before = NaN;
	let silent = 0;
	return () => {
		const received = socket.received();
		silent = received === before ? silent + 1 : 0;
		before = received;
		if (silent >= 2) socket.close();
		else socket.ping();
	};
}

function parsed(text: string): VendorJson {
	try {
		return JSON.parse(text);
	} catch {
		// What is not JSON is no event.
		return undefined;
	}
}

const noAddress: Text = {
	en: 'The account’s address is that of an HTTP server: fill in “WebSocket address”, or receive by HTTP post.',
	zh: '账号地址是 HTTP 服务：请填写“WebSocket 地址”，或改用 HTTP 上报。',
};
const wrongToken: Text = {
	en: 'OneBot refused the access token: fill in the one that is set in the OneBot implementation.',
	zh: 'OneBot 拒绝了 Access Token：请填写 OneBot 实现中设置的 Access Token。',
};
const broken: Text = { en: 'The connection broke; connecting again.', zh: '连接已断开，正在重新连接。' };
const unanswered = ({ en, zh }: Text): Text => ({
	en: `Connected, but an answer failed. ${en}`,
	zh: `已连接，但有一条回复失败。${zh}`,
});
