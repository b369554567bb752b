import type { Limit } from '../limit';
import type { Format } from '../message';

/** The ways in which services write formatted text. */
export type Dialect =
	| 'plain'
	| 'markdown'
	| 'telegramHtml'
	| 'slack'
	| 'feishuPost'
	| 'larkMd'
	| 'dingtalk'
	| 'wecom'
	| 'wecomV2'
	| 'discord'
	| 'mailHtml'
	| 'wxpusherHtml'
	| 'serverChan'
	| 'synology';

export interface Fitted {
	parts: string[];
	/** Something was left out at the end. */
	cut: boolean;
	/** Something that the dialect cannot show was written another way: `table`, `image` … */
	lost: string[];
}

/** Parses once, prints in the dialect, cuts or splits to the limit. */
export function render(
	source: string,
	options: { format: Format; dialect: Dialect; limit: Limit; first?: Limit; overflow: 'split' | 'cut' },
): Fitted {
	void options;
	return { parts: [source], cut: false, lost: [] };
}

/** Cuts a single line of plain text to the limit, at a grapheme, with an ellipsis. */
export function cutLine(source: string, limit: Limit): string {
	void limit;
	return source;
}

/** Text as it must stand in Markdown to arrive as that text. */
export function escapeMarkdown(source: string): string {
	return source;
}
