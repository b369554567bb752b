import type { Server } from 'node:http';
import { isChannelError, type ChannelError } from '../base/errors';
import type { Text } from '../base/language';

/** What whoever keeps a connection is told by its host, and tells it. */
export interface Connection {
	/** Shown in the host: connected, waiting to reconnect (why), … `refused`: not away, but says no to this account. */
	status(state: 'connected' | 'connecting' | 'failed', detail?: Text, refused?: boolean): void;
	signal: AbortSignal;
	/** The host's own HTTP server, where it lets others take WebSocket connections on it, and what stands in front of their paths. */
	server?: { http: Server; root: string };
}

/** Why a connection is tried again, as `status` takes it. */
export const whyFailed = (error: ChannelError): ['failed', Text, boolean] => ['failed', error.text, isRefused(error)];

/** Nothing but another account, or a change at the service, helps. */
export const isRefused = (error: unknown): boolean =>
	isChannelError(error) && (error.class === 'Unauthorized' || error.class === 'Invalid');
