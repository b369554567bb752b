import { ChannelError } from '../../base/errors';
import type { Sent } from '../../define/channel';

/** JSON-safe. Keys: target and part; and steps within a part. */
export interface Progress {
	sent: Record<string, Sent>;
	steps?: Record<string, unknown>;
	/** What may have arrived: a later try does not send it again unless the user allows it. */
	doubts?: Record<string, Doubt>;
}

type Doubt = Pick<ChannelError, 'class' | 'text' | 'code' | 'status'>;

/** @param error without a secret */
export function noteDoubt(progress: Progress, key: string, error: ChannelError): void {
	const { unknown, class: errorClass, text, code, status } = error;
	if (unknown) (progress.doubts ??= {})[key] = { class: errorClass, text, code, status };
}

/** @throws ChannelError that an earlier try ended with */
export function throwIfDoubtful({ doubts }: Progress, key: string): void {
	const doubt = doubts?.[key];
	if (doubt) throw new ChannelError(doubt.class, doubt.text, { ...doubt, unknown: true, transient: false });
}
