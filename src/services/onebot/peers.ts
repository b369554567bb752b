import { createHash, randomUUID } from 'node:crypto';
import { ChannelError, invalid } from '../../core/base/errors';
import { withOutcome, type VendorJson } from '../../core/http/http';
import { fill } from '../../core/base/language';

interface Waiting {
	answer(frame: VendorJson): void;
	fail(why: ChannelError): void;
}

/** A bot that connected to this process by itself; it is called over that very connection. */
export class Peer {
	private readonly waiting = new Map<string, Waiting>();

	constructor(private readonly send: (frame: string) => void) {}

	/**
	 * What the bot answers, be it a yes or a no.
	 * @param patience ms
	 * @throws ChannelError of unknown outcome where nothing comes
	 */
	call(action: string, params: object, patience: number, signal?: AbortSignal): Promise<VendorJson> {
		const echo = randomUUID();
		return new Promise((resolve, reject) => {
			const settle = (then: () => void) => {
				clearTimeout(timer);
				signal?.removeEventListener('abort', stop);
				this.waiting.delete(echo);
				then();
			};
			const fail = (why: unknown) => settle(() => reject(why as Error));
			const stop = () => {
				const reason: unknown = signal?.reason;
				fail(reason instanceof ChannelError ? withOutcome(reason, true) : reason);
			};
			const timer = setTimeout(() => fail(silent), patience);
			signal?.addEventListener('abort', stop, { once: true });
			this.waiting.set(echo, { answer: (frame) => settle(() => resolve(frame)), fail });
			this.send(JSON.stringify({ action, params, echo }));
		});
	}

	/** @returns whether it answers a call */
	take(frame: VendorJson): boolean {
		const waiting = this.waiting.get(frame?.echo);
		waiting?.answer(frame);
		return waiting !== undefined;
	}

	/** The connection is gone. */
	end(): void {
		for (const { fail } of [...this.waiting.values()]) fail(left);
	}
}

interface Account {
	baseUrl: string;
	accessToken?: string;
}

/** By access token, then by the bot's number. */
const peers = new Map<string, Map<string, Peer>>();

const keyOf = ({ accessToken = '' }: Account) => createHash('sha256').update(accessToken).digest('hex');

/** The account's address that means the bots which connect here; with a number, one of them. */
const reverse = /^reverse(?::(\d+))?$/i;
export const isReverse = (address: string): boolean => reverse.test(address);

/** @param self the bot's number. The last one with the same counts. @returns takes it out again */
export function join(account: Account, self: string, peer: Peer): () => void {
	const key = keyOf(account);
	const known = peers.get(key) ?? new Map<string, Peer>();
	peers.set(key, known.set(self, peer));
	return () => {
		if (known.get(self) === peer) known.delete(self);
		if (known.size === 0 && peers.get(key) === known) peers.delete(key);
	};
}

/** @throws ChannelError where none is connected, or several are and none is named */
export function peerOf(account: Account): Peer {
	const known = peers.get(keyOf(account)) ?? new Map<string, Peer>();
	const self = reverse.exec(account.baseUrl)?.[1];
	const [only, other] = self === undefined ? known.values() : [known.get(self)];
	if (other) throw invalid('baseUrl', fill(several, { bots: [...known.keys()].join(', ') }));
	if (!only) throw absent;
	return only;
}

const absent = new ChannelError(
	'Unreachable',
	{
		en: 'The bot is not connected: this needs the OneBot (QQ) Reverse Trigger with the same account in this Node-RED, and a bot that connects to it.',
		zh: '机器人未连接：需要在本 Node-RED 中使用同一账号的 QQ (OneBot) 反向触发器，并让机器人连接到它。',
	},
	{ code: 'NOT_CONNECTED', unknown: false },
);

const silent = new ChannelError(
	'Unreachable',
	{
		en: 'The bot gave no answer in time, so it is not known whether the message went out.',
		zh: '机器人未及时应答，无法确定消息是否发出。',
	},
	{ code: 'ETIMEDOUT', unknown: true },
);

const left = new ChannelError(
	'Unreachable',
	{
		en: 'The bot closed the connection before it answered, so it is not known whether the message went out.',
		zh: '机器人在应答之前断开了连接，无法确定消息是否发出。',
	},
	{ code: 'ECONNRESET', unknown: true },
);

const several = {
	en: 'Several bots are connected ({bots}): put reverse: and the number of one of them into the account’s address.',
	zh: '已连接多个机器人（{bots}）：请在账号地址中填写 reverse: 加机器人 QQ 号。',
};
