import { eventTypes, type EventType } from '../../../src/core/message/event';
import { composeEventMessage } from '../../../src/core/message/eventMessage';
import { fallbacks, sentences } from '../../../src/core/message/sentences';
import { wholeEvent } from './wholeEvent';

const types = Object.keys(eventTypes) as EventType[];
const hasChinese = /\p{Script=Han}/u;

describe.each(['en', 'zh'] as const)('the sentence (%s)', (language) => {
	test.each(types)('of %s has what the event tells', (type) => {
		const event = wholeEvent(type, language);
		const { title = '' } = composeEventMessage(event, { language });
		const at = language === 'zh' ? 1 : 0;
		for (const [name, words] of Object.entries(fallbacks))
			if (sentences[type][language].includes(`{${name}}`)) expect(title).not.toContain(words[at]);
		// Whatever may fall away is there, but for a number of items.
		for (const [part] of sentences[type][language].matchAll(/\[[^\]]*\]/g)) {
			if (part.includes('{count}')) continue;
			const [fixed = ''] = part
				.slice(1, -1)
				.split(/\{\w+\}/)
				.filter((text) => text.trim());
			expect(title).toContain(fixed.trim());
		}
		expect(title).not.toMatch(/[{}[\]]/);
		expect(title).not.toMatch(language === 'en' ? hasChinese : /Alice/);
	});
});
