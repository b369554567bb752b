import type { Format } from '../../src/core/message/message';

/** The elements whose tags are markup where they come in pairs. */
const pairs = 'a b i u s em strong code br hr p ul ol li h2 blockquote font table tr td th div span';
/** Those that are markup where they have attributes. */
const others =
	'img svg input iframe embed object form button video audio source link meta style script math body frameset frame xss';
const tag = new RegExp(
	`</?(?:${pairs.replaceAll(' ', '|')})/?>|<(?:${`${pairs} ${others}`.replaceAll(' ', '|')})[\\s/][^<>]*>`,
	'gi',
);

/** Of `<https://e.com|Name>`. */
const slackAddress = /(?<=<)https:[^\s|<>]*(?=\|)/g;

/** What of a source is markup, and no text. Emphasis and brackets hold no words. */
export const markup: Record<Format, readonly RegExp[]> = {
	text: [],
	html: [/<!--[\s\S]*?-->/g, tag, /&#?\w+;/g, slackAddress],
	markdown: [
		/<!--[\s\S]*?-->/g,
		tag,
		/&#?\w+;/g,
		slackAddress,
		// Where a link leads to, and what a used definition defines.
		/(?<=\])\((?:https:)[^()\s]*\)/g,
		/^[ >]*\[used\w*\]: \S+$/gm,
		// Readers number lists by themselves, from the first number on.
		/^[ >]*\d{1,9}[.)](?=\s)/gm,
		// The language of code.
		/(?<=^[ >]*(?:- )?```)\w+$/gm,
	],
};

export const words = (source: string): string[] =>
	source.match(
		/[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}]|(?:(?![\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}])[\p{L}\p{N}])+/gu,
	) ?? [];
export const meant = (source: string, format: Format): string[] =>
	words(markup[format].reduce((left, pattern) => left.replace(pattern, ' '), source));

/** The first word that does not stand after those before it. */
export function firstMissing(expected: readonly string[], shown: string): string | undefined {
	// A word may be in two styles, or at a delimiter that was written with something invisible beside it.
	const letters = shown.replace(/[^\p{L}\p{N}\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}]/gu, '');
	let at = 0;
	for (const word of expected) {
		const found = letters.indexOf(word, at);
		if (found < 0) return word;
		at = found + word.length;
	}
	return undefined;
}
