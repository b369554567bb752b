import type { Channel, File } from './channel';
import type { VendorJson } from './http';

export interface Receipt {
	ok: true;
	channel: string;
	ids: string[];
	parts: number;
	/** What was lost on the way: `buttons`, `image`, `markup` … */
	degraded: string[];
	attempts: number;
	ms: number;
	/** For edit, recall, reply. */
	handle?: unknown;
	raw: unknown;
	/** Sentences in the account's language. */
	warnings: string[];
}

/** What a host knows and lends. */
export interface Context {
	/** Aborted when the host stops. */
	signal?: AbortSignal;
	/** Reads one of the host's own binary values (an n8n binary property) by name. */
	binary?(name: string): Promise<File>;
	/** Origins that the user named, whose private addresses pictures may be fetched from. */
	trustedOrigins?: readonly string[];
	/** What an earlier try of this very message has delivered already; filled while sending. Keep it to resume. */
	progress?: Progress;
	clock?: Clock;
}

/** JSON-safe. */
export interface Progress {
	/** Key: target and part. */
	sent: Record<string, unknown>;
}

export interface Clock {
	now(): number;
	sleep(ms: number, signal: AbortSignal): Promise<void>;
	/** 0 ≤ x < 1 */
	random(): number;
}

/** Values as a host stored them, by field key. */
export type Raw = Readonly<Record<string, unknown>>;

/**
 * The only way out: reads the forms, renders, splits, paces, sends, retries.
 * `options` are the node's own, with `to` among them where the channel has a target.
 * @throws ChannelError in the account's language, without a secret; nothing else.
 */
export declare function deliver(channel: Channel, account: Raw, options: Raw, message: unknown, context?: Context): Promise<Receipt>;

/** Checks an account without sending anything. @throws ChannelError */
export declare function verify(channel: Channel, account: Raw, context?: Context): Promise<void>;

/** Runs one of the channel's own actions. @throws ChannelError */
export declare function act(channel: Channel, action: string, account: Raw, input: Raw, context?: Context): Promise<VendorJson>;
