import type { Escape } from './pieces';

export const asIs: Escape = (text, from, to) => text.slice(from, to);

/** Invisible, and keeps two characters from being read together. */
export const zeroWidth = '\u200b';

/** Half a surrogate pair is no character: no service takes it. */
export const wellFormed = (text: string): string => text.toWellFormed();

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

export const html = (text: string): string => text.replace(/[&<>]/g, (char) => entities[char] as string);
export const attribute = (text: string): string => text.replace(/[&<>"]/g, (char) => entities[char] as string);
export const escapeHtml: Escape = (text, from, to) => html(text.slice(from, to));

interface Place {
	/** What stands before it, unless a cut may have fallen between. */
	before: string | undefined;
	after: string | undefined;
	lineStart: boolean;
	text: string;
	at: number;
}

/** Writes the characters that `special` matches by `write`, which sees what stands around them. */
const each =
	(special: RegExp, write: (char: string, place: Place) => string): Escape =>
	(text, from, to, lineStart) => {
		const slice = text.slice(from, to);
		special.lastIndex = 0;
		if (!special.test(slice)) return slice;
		special.lastIndex = 0;
		return slice.replace(special, (char: string, ...rest: unknown[]) => {
			const offset = rest.find((value) => typeof value === 'number') as number;
			const at = from + offset;
			const before = offset === 0 ? undefined : text[at - 1];
			return write(char, { before, after: text[at + 1], lineStart: lineStart && offset === 0, text, at });
		});
	};

const isAscii = (char: string | undefined): boolean => char !== undefined && /[A-Za-z0-9]/.test(char);
const isWord = (char: string | undefined): boolean =>
	char !== undefined && (isAscii(char) || (char > '\x7f' && /[\p{L}\p{N}]/u.test(char)));

const looksLikeEntity = (text: string, at: number): boolean =>
	/^&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});/.test(text.slice(at, at + 40));

const inlineMarkdown = each(/[\\`*_[\]<~&#]/g, (char, { before, after, text, at }) => {
	if (char === '&') return looksLikeEntity(text, at) ? '\\&' : '&';
	// Inside a word it is no emphasis, and names with it stay readable where they are shown raw.
	if (char === '_' && isAscii(before) && isAscii(after)) return '_';
	// A heading may end in a run of these.
	if (char === '#' && before !== undefined && !/[\s#]/.test(before)) return '#';
	return '\\' + char;
});

/** What begins a block when a line begins with it. */
const blockStart = /^(?:#{1,6}(?=\s|$)|[-+](?=[\s|:#-]|$)|>|=|\||:(?=-)|\d{1,9}(?=[.)](?:\s|$)))/;

/** CommonMark with tables and strikethrough. */
export const escapeCommonMark: Escape = (text, from, to, lineStart) => {
	if (!lineStart) return inlineMarkdown(text, from, to, false);
	const start = blockStart.exec(text.slice(from, Math.min(to, from + 16)))?.[0];
	if (!start || start.length >= to - from + 1) return inlineMarkdown(text, from, to, false);
	const rest = inlineMarkdown(text, from + start.length, to, false);
	if (!/\d/.test(start)) return '\\' + start + rest;
	return rest === '' ? start : start + '\\' + rest;
};

/** White space that Markdown would strip. */
export const reference = (space: string): string => [...space].map((char) => `&#${char.codePointAt(0)};`).join('');

/** Backslashes as in Markdown, but no entities, and every `_` counts. */
const inlineDiscord = each(/[\\`*_[\]<~|@]/g, (char, { text, at, after }) => {
	// It is read in what is escaped too, and in code.
	if (char === '@') return /^@(?:everyone|here)\b/.test(text.slice(at, at + 10)) ? '@' + zeroWidth : '@';
	return '\\' + char + (char === '<' && /[@#]/.test(after ?? '') ? zeroWidth : '');
});
export const escapeDiscord: Escape = (text, from, to, lineStart) => {
	const start = lineStart
		? /^(?:-(?=[\s#]|$)|>|#|\d{1,9}(?=[.)](?:\s|$)))/.exec(text.slice(from, Math.min(to, from + 16)))?.[0]
		: undefined;
	if (!start) return inlineDiscord(text, from, to, false);
	const rest = inlineDiscord(text, from + start.length, to, false);
	if (!/\d/.test(start)) return '\\' + start + rest;
	return rest === '' ? start : start + '\\' + rest;
};

/** Feishu takes its special characters as numeric references, and no backslashes. */
export const escapeLarkMd: Escape = each(/[*~<>[\]_\\`&]/g, (char, { text, at }) =>
	char === '&' && !looksLikeEntity(text, at) ? char : `&#${char.charCodeAt(0)};`,
);

/**
 * A delimiter as text, where a dialect knows no escape: nothing but something invisible beside it is left. It is markup only at the edge of a word, so that a zero-width
 * space on either side makes it none; elsewhere (`snake_case`, `M*A*S*H`, `2 * 3`) it stays untouched.
 */
function unread(char: string, { before, after }: Place): string {
	const opens = !isWord(before) && (after === undefined || !/\s/.test(after));
	const closes = !isWord(after) && (before === undefined || !/\s/.test(before));
	return opens || closes ? zeroWidth + char + zeroWidth : char;
}

/** Telegram finds names of users in text, and rings them. */
export const escapeTelegram: Escape = (text, from, to, lineStart) => html(unnamed(text, from, to, lineStart));
const unnamed = each(/@/g, (char, { text, at }) =>
	/^@[A-Za-z]\w{3}/.test(text.slice(at, at + 5)) && !/[\w.+-]$/.test(text.slice(Math.max(0, at - 1), at))
		? char + zeroWidth
		: char,
);

/** Slack decodes three entities, and reads `&gt;` at the start of a line as a quote all the same. */
export const escapeSlack: Escape = each(/[&<>*_~`]/g, (char, place) => {
	if (char === '>' && place.lineStart) return zeroWidth + '&gt;';
	return entities[char] ?? unread(char, place);
});

export const escapeSynology: Escape = each(/[<>*_~`]/g, (char, place) => {
	if (char === '>') return place.lineStart ? zeroWidth + '>' : '>';
	return char === '<' ? '<' + zeroWidth : unread(char, place);
});

/** WeCom's first Markdown knows no escape either. */
const inlineWecom = each(/[*`<(]/g, (char, place) => {
	if (char === '(') return place.before === ']' ? zeroWidth + '(' : '(';
	if (char === '<') return /[a-z@/]/i.test(place.after ?? '') ? '<' + zeroWidth : '<';
	if (char === '`') return zeroWidth + char + zeroWidth;
	return unread(char, place);
});
export const escapeWecom: Escape = (text, from, to, lineStart) =>
	(lineStart && /^(?:#{1,6}(?:\s|$)|>)/.test(text.slice(from, from + 8)) ? zeroWidth : '') +
	inlineWecom(text, from, to, false);

export const escapeJson: Escape = (text, from, to) => JSON.stringify(text.slice(from, to)).slice(1, -1);

/** Text as it must stand in Markdown to arrive as that text. */
export function escapeMarkdown(source: string): string {
	const lines = wellFormed(source).replace(/\r\n?/g, '\n').split('\n');
	let out = '';
	lines.forEach((line, index) => {
		const text = line.trim();
		const before = line.slice(0, line.length - line.trimStart().length);
		const after = text === '' ? '' : line.slice(line.trimEnd().length);
		const previous = lines[index - 1];
		if (index > 0) {
			// One line break, or one empty line between two that are not; Markdown makes nothing of any more.
			const empty = line === '' || previous === '';
			const between =
				line === ''
					? previous?.trim() && lines[index + 1]?.trim()
					: previous?.trim() || (previous === '' && lines[index - 2]?.trim());
			out += (
				empty
					? between && line.trim() + (lines[index + 1] ?? '').trim() !== ''
					: line.trim() && previous?.trim()
			)
				? '\n'
				: '&#10;';
		}
		out += reference(before) + escapeCommonMark(text, 0, text.length, before === '') + reference(after);
	});
	return (
		out
			// What follows may be a link.
			.replace(/!$/, '\\!')
			// `C:\_x` would be read as a path, and so would `HKLM\_x` and `%TMP%\_x`.
			.replace(/(?<![A-Za-z0-9])([A-Za-z]):(?=\\[^\\])/g, '$1&#58;')
			.replace(/HK(?=[A-Z_]{1,45}\\[^\\])/g, 'H&#75;')
			.replace(/%(?=\\[^\\])/g, '&#37;')
	);
}
