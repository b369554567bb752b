import { utf16, type Limit, type Rendered } from '../../core/define/channel';
import { oneLine, render } from '../../core/markup';

/** Discord counts characters; by UTF-16 units nothing is ever too long. */
export const embedLimits = {
	description: 4_096,
	title: 256,
	fieldName: 256,
	fieldValue: 1_024,
	footer: 2_048,
	author: 256,
	/** Of all texts in all embeds together. */
	sum: 6_000,
} as const;
export const contentMost = 2_000;
/** Of all texts in all components together. */
export const cardMost = 4_000;

/** Words that are no markup, as Discord must be given them. */
export const literal = (words: string): string =>
	render(words, { format: 'text', dialect: 'discord', limit: utf16(100_000), overflow: 'cut' }).parts[0] ?? '';

/** What they take once each sign has its backslash, and some a character that is not seen. */
export const literalWeight = (words: string): number =>
	words.length + (words.match(/[\\`*_[\]~|#>@.)-]/g)?.length ?? 0) + 2 * (words.match(/</g)?.length ?? 0);

export const literalLimit = (max: number): Limit => ({ ...utf16(max), weigh: literalWeight, widest: 3 });

/** Its own Markdown, also where the service refused what was written in it. */
export const bodyOf = ({ markup, body }: Rendered): string => (markup === 'plain' ? literal(body) : body);

export const titleOf = ({ title }: Rendered): string | undefined => {
	const line = title === undefined ? '' : oneLine(title);
	return line === '' ? undefined : literal(line);
};

/** The same back again: what Discord shows of a title, or of a pair. */
export const unescaped = (words: string): string => words.replace(/\\([\\`*_[\]~|#>@.)<-])|\u200b/g, '$1');
