/** The languages that labels, help, errors and default templates are written in. */
export type Language = 'en' | 'zh';

/** One text in every language. */
export type Text = Readonly<Record<Language, string>>;

/** Puts values for `{name}` into every language of a text. */
export function fill(text: Text, values: Readonly<Record<string, string | number>>): Text {
	const put = (template: string) => template.replace(/\{(\w+)\}/g, (all, name: string) => String(values[name] ?? all));
	return { en: put(text.en), zh: put(text.zh) };
}
