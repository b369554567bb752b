import type { ChannelError, Report } from '../../core/define/flow';
import { fill, type Language, type Text } from '../../core/base/language';
import type { Held, Outcome } from '../../core/state/store';

interface Settings {
	/** Days. */
	keepFor: number;
	repeatUnknown: boolean;
	language: Language;
}

/** ms */
const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

const firstPause = 30 * second;
const longestPause = hour;
/** Of a pause, more or less: so that not all come back in the same moment. */
const spread = 0.2;
/** Where the service refuses the account; somebody has to mend it. */
const untilMended = hour;
/** Before its time is over a message is tried once more. */
const lastTry = 10 * second;
/** Tries of which nothing was heard, where the host does not know when a flow has ended. */
const mostUnheard = 3;
/** Leases in a row that ended without a word: something that ends the process, or its part of the flow, each time. */
const mostLapsed = 20;

interface Judged {
	batch: Pick<Held, 'attempt' | 'madeAt' | 'lapsed'>;
	values: Settings;
	reports: readonly Report[];
	now: number;
	isOver: boolean;
	random(): number;
}

/**
 * What is to become of a message, by what the channels behind it told. Each of them goes on where it stopped: one that
 * has delivered it sends nothing more. Without a word it is done: what the flow does with it is its own affair.
 */
export function verdict({ batch, values, reports, now, isOver, random }: Judged): Outcome {
	const failures = reports.flatMap((report) => ('error' in report ? [report.error] : []));
	const again = failures.filter((error) => comesAgain(error, values));
	const pauses = again.map((error) => pauseAfter(error, batch.attempt, random));
	if (pauses.length > 0) {
		const worst = again[pauses.indexOf(Math.max(...pauses))]!;
		const left = endOf(batch, values) - now;
		if (left < lastTry) return { dead: sentence(notInTime(values, worst), values) };
		return { later: Math.min(Math.max(...pauses), left - lastTry / 2), error: worst.message };
	}
	if (reports.length === 0 && !isOver)
		return batch.attempt < mostUnheard
			? { later: 0 }
			: { dead: sentence(fill(unheard, { times: batch.attempt }), values) };
	const [first] = failures;
	if (first) return { dead: first.message };
	return { done: { channels: reports.map(outcomeOf) } };
}

/** What is worth another try: all but what the service, or a form, refuses for good. */
function comesAgain(error: ChannelError, { repeatUnknown }: Settings): boolean {
	if (error.unknown) return repeatUnknown;
	return error.transient || error.class === 'Unauthorized' || error.class === 'Unexpected';
}

function pauseAfter(error: ChannelError, attempt: number, random: () => number): number {
	const within = (pause: number) => pause * (1 - spread + 2 * spread * random());
	if (error.class === 'Unauthorized') return within(untilMended);
	// What was asked for, and not less.
	if (error.retryAfter !== undefined) return error.retryAfter * second * (1 + spread * random());
	return within(Math.min(longestPause, firstPause * 2 ** Math.max(0, attempt - 1)));
}

const outcomeOf = (report: Report) => ({
	channel: report.channel,
	...('receipt' in report && { receipt: isSmall(report.receipt) ? report.receipt : null }),
	...('handled' in report && { handled: report.handled.message }),
});

/** What the store has room for. */
const isSmall = (receipt: unknown) => (JSON.stringify(receipt)?.length ?? 0) <= 65_536;

const endOf = ({ madeAt }: Pick<Held, 'madeAt'>, { keepFor }: Settings) => madeAt + keepFor * day;

/** Why it is not tried any more, by what is known before it is. */
export function tooOld(
	batch: Pick<Held, 'madeAt' | 'lapsed'>,
	values: Settings,
	now: number,
): { reason: string } | undefined {
	if (now >= endOf(batch, values)) return { reason: sentence(waitedTooLong(values), values) };
	if (batch.lapsed >= mostLapsed) return { reason: sentence(fill(noWord, { times: batch.lapsed }), values) };
	return undefined;
}

const sentence = (text: Text, { language }: Settings) => text[language];

const waitedTooLong = ({ keepFor }: Settings) =>
	fill(
		{
			en: 'It could not be delivered within {days} days (“Keep for”), and was given up.',
			zh: '在 {days} 天（“最长保留”）内未能送达，已放弃。',
		},
		{ days: keepFor },
	);

const notInTime = (values: Settings, { text }: ChannelError): Text => {
	const { en, zh } = waitedTooLong(values);
	return { en: `${en} Last: ${text.en}`, zh: `${zh}最后一次：${text.zh}` };
};

const unheard: Text = {
	en: 'It went out {times} times, and no channel behind this node sent it or said why not. It was given up: see what stands behind the first output.',
	zh: '已输出 {times} 次，其后没有任何渠道发送它或报告原因，已放弃：请检查第一个输出端之后的节点。',
};
const noWord: Text = {
	en: 'It was taken up {times} times, and each time nothing more was heard of it: the process ended, or the flow never came to its end. It was given up.',
	zh: '已取出 {times} 次，每次都没有下文：进程中断，或流程未能结束。已放弃。',
};
