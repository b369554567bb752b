import type { Rendered } from '../../core/define/channel';
import type { VendorJson } from '../../core/http/http';
import type { Language } from '../../core/base/language';

/** Who is rung, once however many parts there are: ids as Feishu writes them; everyone is `all`. */
export function mentionedIn(input: { message: Rendered; options: { mentions: readonly string[] } }): string[] {
	const { message, options } = input;
	if (message.index > 0) return [];
	const ids = [...options.mentions, ...message.mentions].map((id) => (id === '@all' ? 'all' : id.replace(/^@/, '')));
	return [...new Set(ids)];
}

/** Feishu reads `<at …>` in plain text, so text that came from elsewhere could ring everybody. */
export const unringing = (text: string) => text.replace(/<(?=\/?(?:at|person)\b)/gi, '<\u200b');

/** The content of a text message. */
export function textContent(body: string, mentions: readonly string[]): VendorJson {
	const ids = mentions.map((id) => `<at user_id="${id}">${id === 'all' ? '' : id}</at>`);
	return { text: [unringing(body), ids.join(' ')].filter((part) => part !== '').join('\n') };
}

/** A card that was refused, in words: what it showed beside its text stands below it. */
export function plainOfCard({ title, body, fields, buttons, url }: Rendered): string {
	const lines = [
		...fields.map(({ name, value }) => `${name}: ${value}`),
		...buttons.flatMap((button) => (button.url === undefined ? [] : [`${button.text}: ${button.url}`])),
		...(url === undefined ? [] : [url]),
	];
	return [title ?? '', body, lines.join('\n')].filter((part) => part !== '').join('\n\n');
}

const locales = { en: 'en_us', zh: 'zh_cn' } as const;

/**
 * A post in the account's language.
 * @param body printed as `feishuPost`: the JSON of its paragraphs
 */
export function postContent(
	{ title, body }: Pick<Rendered, 'title' | 'body'>,
	language: Language,
	imageKey: string | undefined,
	mentions: readonly string[],
	word?: string,
): VendorJson {
	const content: VendorJson[] = body === '' ? [] : JSON.parse(body);
	if (word !== undefined && ![title, body].some((each) => each?.includes(word)))
		content.push([{ tag: 'text', text: word }]);
	if (imageKey !== undefined) content.push([{ tag: 'img', image_key: imageKey }]);
	if (mentions.length > 0) content.push(mentions.map((id) => ({ tag: 'at', user_id: id })));
	return { [locales[language]]: { title: title ?? '', content } };
}
