import { ChannelError, type PartialDelivery, type Recipient } from '../../base/errors';
import type { Language } from '../../base/language';

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
