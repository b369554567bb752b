import type { Rendered } from './channel';
import type { Language, Text } from '../base/language';
import type { Limit } from '../base/limit';
import { cutLine, oneLine, render } from '../markup';

const nameless: Text = { en: 'Notification', zh: '通知' };

/** One line, for services that take no message without a title: the message's own, else the start of its text. */
export function requiredTitle({ title, source }: Rendered, limit: Limit, language: Language): string {
	const { body, format = 'markdown' } = source;
	const words = oneLine(title ?? render(body, { format, dialect: 'plain', limit, overflow: 'cut' }).parts[0] ?? '');
	return cutLine(words === '' ? nameless[language] : words, limit);
}
