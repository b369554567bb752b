import { onebot } from './onebot.channel';
import type { CommonAccount } from '../../core/define/channel';
import { ChannelError, invalid, isChannelError } from '../../core/base/errors';
import type { VendorJson } from '../../core/http/http';
import type { Text } from '../../core/base/language';
import { type Connecting, whyFailed } from '../../core/define/trigger';
import { backOff } from '../../core/sockets/backOff';
import type { Heard } from './events';
import { sayInPlace, unanswered } from '../../core/receive/sayInPlace';
import { openSession, type Talk } from '../../core/sockets/session';

/** A node that connects to OneBot. */
export interface Caller extends Pick<Connecting, 'status' | 'signal'> {
	account: CommonAccount & Record<string, unknown> & { baseUrl: string; accessToken?: string };
	/** Instead of the account's address. */
	url?: string;
}

/** ms */
const patience = { ping: 30_000, stable: 60_000 };

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
			await converse(caller, url, pingEvery, hear);
			if (!signal.aborted) status('failed', broken);
		} catch (error) {
			if (signal.aborted) break;
			if (!isChannelError(error) || (error.class === 'Unauthorized' && !wasHeard)) throw error;
			status(...whyFailed(error));
		}
		if (Date.now() - started > patience.stable) failures = 0;
		await backOff(failures, signal);
	}
	await Promise.allSettled(answering);
}

/** One connection, to its end. */
async function converse(
	{ account, status, signal }: Caller,
	url: string,
	pingEvery: number,
	hear: (event: VendorJson) => void,
): Promise<void> {
	const owner = { name: { en: onebot.name, zh: onebot.zh }, replies: onebot.replies, account, signal };
	const headers: Record<string, string> =
		account.accessToken === undefined ? {} : { authorization: `Bearer ${account.accessToken}` };
	const read = (event: VendorJson, talk: Talk) => {
		// Some take everybody in and tell then, without an echo, that the token is wrong.
		if ([1401, 1403].includes(event?.retcode) && !event.echo) talk.end(wrongToken);
		else if (typeof event?.post_type === 'string') hear(event);
	};
	const session = await openSession(owner, url, read, { headers, pingEvery });
	status('connected');
	const end = await session.ended;
	session.close();
	await session.closed;
	if (typeof end !== 'string') throw end;
}

const noAddress: Text = {
	en: 'The account’s address is not that of a WebSocket server: fill in “WebSocket address”, or receive by HTTP post.',
	zh: '账号地址不是 WebSocket 服务：请填写“WebSocket 地址”，或改用 HTTP 上报。',
};
const wrongToken = new ChannelError('Unauthorized', {
	en: 'OneBot refused the access token: fill in the one that is set in the OneBot implementation.',
	zh: 'OneBot 拒绝了 Access Token：请填写 OneBot 实现中设置的 Access Token。',
});
const broken: Text = { en: 'The connection broke; connecting again.', zh: '连接已断开，正在重新连接。' };
