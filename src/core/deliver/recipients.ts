import { ChannelError, type ErrorClass } from '../base/errors';
import type { Language } from '../base/language';

/** What became of one recipient, or of the one request that serves them all. */
export interface Recipient {
	/** As the user named it; several in one request are separated by commas, none is empty. */
	to: string;
	/** The service's ids of the parts that it took. */
	ids: string[];
	/** How many parts it took, of how many. */
	parts: number;
	of: number;
	/** What stopped the rest. */
	error?: { class: ErrorClass; code?: string; message: string };
}

/** What stands beside an error once something was delivered before it, or other recipients got theirs. */
export interface PartialDelivery {
	/** Recipients that got all of it. */
	delivered: number;
	failed: { to: string; class: ErrorClass; code?: string }[];
	recipients: readonly Recipient[];
}

/** Writes into the recipient's own result what stopped it. */
export function stopped(recipient: Recipient, error: ChannelError, language: Language): void {
	recipient.error = { class: error.class, code: error.code, message: error.text[language] };
}

function partialOf(recipients: readonly Recipient[]): PartialDelivery {
	const failed = recipients.flatMap(({ to, error }) => (error ? [{ to, class: error.class, code: error.code }] : []));
	return { delivered: recipients.length - failed.length, failed, recipients };
}

/** The error that stopped a message of which some parts had gone. */
export function afterParts(error: ChannelError, recipient: Recipient, language: Language): ChannelError {
	const { parts, of } = recipient;
	const told = new ChannelError(
		error.class,
		{
			en: `${error.text.en} ${parts} of its ${of} parts had been delivered before.`,
			zh: `${error.text.zh}此前已送达 ${of} 部分中的 ${parts} 部分。`,
		},
		error,
	);
	stopped(recipient, error, language);
	told.partial = partialOf([recipient]);
	return told;
}

/** One error for several recipients: the class of the first, all sentences, and who got it. */
export function summary(
	failures: readonly { target: string; error: ChannelError }[],
	recipients: readonly Recipient[],
): ChannelError {
	const [first] = failures as [(typeof failures)[0], ...typeof failures];
	const all = recipients.length;
	const lines = (language: Language) =>
		failures.map(({ target, error }) => `${target}: ${error.text[language]}`).join(' ');
	const error = new ChannelError(
		first.error.class,
		{
			en: `${failures.length} of ${all} recipients did not get it. ${lines('en')}`,
			zh: `${all} 个接收者中有 ${failures.length} 个未送达。${lines('zh')}`,
		},
		{
			...first.error,
			transient: failures.some((each) => each.error.transient),
			unknown: failures.some((each) => each.error.unknown),
		},
	);
	error.partial = partialOf(recipients);
	return error;
}
