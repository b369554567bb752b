import { ChannelError } from '../../base/errors';
import type { Text } from '../../base/language';
import type { Sent } from '../../define/channel';
import type { Store } from '../../state/store';

/** How far a message came through a channel. JSON-safe. Keys: target and part; and steps within a part. */
export interface Progress {
	sent: Record<string, Sent>;
	steps?: Record<string, unknown>;
	/** What may have arrived: a later try does not send it again unless the user allows it. */
	doubts?: Record<string, Doubt>;
	/** What was being sent. A process that finds it there took over from one that died, and knows no more. */
	underWay?: Record<string, true>;
}

type Doubt = Pick<ChannelError, 'class' | 'text' | 'code' | 'status'>;

/** Of a progress; done twice it comes to the same. */
export type Change = (progress: Progress) => void;

/** A progress that outlives the process. */
export interface KeptProgress {
	/** As it is known here. */
	readonly progress: Progress;
	/**
	 * Changes it. What could not be kept goes with the next change.
	 * @throws ChannelError where it is not known to be kept
	 */
	keep(change: Change): Promise<void>;
}

/** Bytes of JSON of what a service answered to one part; more is of use to the flow alone. */
const mostOfAnswer = 8_192;

/** That of a batch at one node behind it. Who sends on has to hold the batch. */
export async function storedProgress(
	store: Pick<Store, 'progress'>,
	scope: string,
	batch: string,
	node: string,
): Promise<KeptProgress> {
	const progress = (await store.progress<Progress>(scope, batch, node)) ?? { sent: {} };
	let unkept: Change[] = [];
	const writing = async () => {
		const changes = unkept;
		const kept = await store.progress<Progress>(scope, batch, node, (known = { sent: {} }) => {
			for (const change of changes) change(known);
			return known;
		});
		if (kept === undefined) throw new ChannelError('Rejected', dropped, { code: 'BATCH_GONE', transient: false });
		unkept = unkept.filter((change) => !changes.includes(change));
	};
	return {
		progress,
		keep: (change) => {
			change(progress);
			unkept = [...unkept, change];
			return writing();
		},
	};
}

/** What a caller keeps, or nothing. */
export function progressIn({ progress }: { progress?: Progress | KeptProgress }): {
	progress: Progress;
	kept?: KeptProgress;
} {
	if (progress && 'keep' in progress) return { progress: progress.progress, kept: progress };
	return { progress: progress ?? { sent: {} } };
}

/** @param error without a secret */
export function noteDoubt(progress: Progress, key: string, error: ChannelError): void {
	const { unknown, class: errorClass, text, code, status } = error;
	if (unknown) (progress.doubts ??= {})[key] = { class: errorClass, text, code, status };
}

/** @throws ChannelError that an earlier try ended with, or that says that it was cut off */
export function throwIfDoubtful({ doubts, underWay }: Progress, key: string): void {
	const doubt = doubts?.[key];
	if (doubt) throw new ChannelError(doubt.class, doubt.text, { ...doubt, unknown: true, transient: false });
	if (underWay?.[key])
		throw new ChannelError('Unreachable', cutOff, { code: 'CUT_OFF', unknown: true, transient: false });
}

/** From here on nobody knows, until it is known. */
export const begin =
	(key: string): Change =>
	(progress) =>
		void ((progress.underWay ??= {})[key] = true);

export const finish =
	(key: string, sent: Sent): Change =>
	(progress) => {
		end(progress, key);
		progress.sent[key] = sent;
	};

/** It did not arrive; or that is not known, which stays so. */
export const fail =
	(key: string, error: ChannelError): Change =>
	(progress) => {
		end(progress, key);
		noteDoubt(progress, key, error);
	};

export const took =
	(step: string, result: unknown): Change =>
	(progress) =>
		void ((progress.steps ??= {})[step] = result);

function end({ underWay }: Progress, key: string): void {
	if (underWay) delete underWay[key];
}

/** What is worth keeping of it. */
export function light(sent: Sent): Sent {
	const { raw, ...rest } = sent;
	return (JSON.stringify(raw)?.length ?? 0) > mostOfAnswer ? rest : sent;
}

const cutOff: Text = {
	en: 'The process ended while this was being sent: whether it arrived is not known, so it was not sent again. See whether it did; “Repeat when in doubt” sends it once more.',
	zh: '发送过程中进程中断：是否送达无法确定，因此没有再次发送。请确认是否已收到；开启“结果不明时重发”会再发一次。',
};
const dropped: Text = {
	en: 'This message was dropped while it was being sent; what had not gone yet was not sent.',
	zh: '该消息在发送过程中被丢弃，尚未发出的部分没有发送。',
};
