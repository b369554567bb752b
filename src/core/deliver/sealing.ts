import { redactor, seal, type ChannelError } from '../base/errors';
import type { Fields } from '../base/field';
import { secretsOf } from '../base/secrets';
import type { Channel } from '../define/channel';
import { languageOf, type Raw } from '../define/forms';
import type { Lendings } from './send/lend';

/** Whatever goes wrong inside leaves as a `ChannelError` in the account's language, scrubbed. */
export function sealedFor(
	error: unknown,
	channel: Channel,
	rawAccount: Raw,
	rawOptions: Raw,
	fields: Fields,
	lent: Lendings,
): ChannelError {
	const redact = redactorFor(channel, rawAccount, rawOptions, fields, lent);
	return seal(error, languageOf(channel, rawAccount), redact, channel.id);
}

export const redactorFor = (channel: Channel, rawAccount: Raw, rawOptions: Raw, fields: Fields, lent: Lendings) =>
	redactor([...secretsOf(channel.account, rawAccount), ...secretsOf(fields, rawOptions), ...lent]);

export async function sealed<T>(
	channel: Channel,
	rawAccount: Raw,
	rawOptions: Raw,
	fields: Fields,
	run: (lent: Lendings) => Promise<T>,
): Promise<T> {
	const lent: Lendings = new Set();
	try {
		return await run(lent);
	} catch (error) {
		throw sealedFor(error, channel, rawAccount, rawOptions, fields, lent);
	}
}
