import { isChannelError } from '../base/errors';
import { isEventType } from '../message/event';
import type { Text } from '../base/language';
import type { Preview } from '../define/trigger';
import { composeEventMessage, type MessageOptions } from '../message/eventMessage';
import { namedInVain } from '../message/templateNames';
import { sampleEvent } from './samples';

/**
 * What the user's own templates, or the ready texts where there are none, make of a sample event.
 * @param type a canonical one, see `eventTypes`
 */
export function previewEventMessage(type: string, options: MessageOptions): Preview {
	if (!isEventType(type)) return { problem: noSample };
	try {
		const warnings = [options.titleTemplate, options.bodyTemplate].flatMap((one) => namedInVain(one ?? ''));
		const event = sampleEvent(type, options.language);
		const message = composeEventMessage(event, options);
		return { event, message, ...(warnings.length && { warnings }) };
	} catch (error) {
		if (!isChannelError(error)) throw error;
		return { problem: error.text, field: error.field };
	}
}

const noSample: Text = { en: 'There is no sample of this event.', zh: '没有该事件的示例。' };
