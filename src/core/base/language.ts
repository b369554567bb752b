/** The languages that labels, help, errors and default templates are written in. */
export type Language = 'en' | 'zh';

/** One text in every language. */
export type Text = Readonly<Record<Language, string>>;

/** Puts values for `{name}` into every language of a text. */
export function fill(text: Text, values: Readonly<Record<string, string | number>>): Text {
	const put = (template: string) =>
		template.replace(/\{(\w+)\}/g, (all, name: string) => String(values[name] ?? all));
	return { en: put(text.en), zh: put(text.zh) };
}

/** `{name}` in each language's own form. The service's words may hold braces of their own: only known names are filled. */
export function named(text: Text, name: Text, values: Record<string, string | number> = {}): Text {
	return {
		en: fill({ en: text.en, zh: '' }, { ...values, name: name.en }).en,
		zh: fill({ en: '', zh: text.zh }, { ...values, name: name.zh }).zh,
	};
}
