import { isChannelError } from '../base/errors';
import { read } from '../base/field';
import type { Language, Text } from '../base/language';
import type { Message } from '../message/message';
import type { Trigger } from '../define/trigger';
import { play, type Raw } from './playing';

/** What comes of a sample, or the sentence that says why nothing can. */
export type Preview = { event: unknown; message: Message; warnings?: Text[] } | { problem: Text; field?: string };

/**
 * What a trigger's options make of a sample. Never throws what a user is to blame for.
 * @param raw as they stand in the form; a template that cannot be used is told, and not passed over
 */
export function preview(trigger: Trigger, sample: string, raw: Raw): Preview {
	try {
		const language: Language = raw.account.language === 'zh' ? 'zh' : 'en';
		const options = read(trigger.options, raw.options);
		const [came] = play(trigger, sample, raw);
		const { event, message } = came as { event: unknown; message: Message };
		const warnings = trigger.preview?.judge(event, options, language) ?? [];
		return { event, message, ...(warnings.length && { warnings }) };
	} catch (thrown) {
		if (!isChannelError(thrown)) throw thrown;
		return { problem: thrown.text, field: thrown.field };
	}
}
