import { isShown, type Field, type Fields } from '../../src/core/base/field';
import { fill, type Language } from '../../src/core/base/language';
import { cells, tableOf } from './markdown';
import { words } from './words';

/** A table of what a form asks for. */
export function fieldTable(fields: Fields, language: Language): string {
	const rows = Object.entries(fields).map(([key, field]) => [
		`**${cells(field.label[language])}**`,
		meaningOf(field, fields, language, !isShown(fields, key, {})),
	]);
	return tableOf([words.field[language], words.meaning[language]], rows);
}

function meaningOf(field: Field, among: Fields, language: Language, isHidden: boolean): string {
	const say = (key: keyof typeof words, values: Record<string, string | number> = {}) =>
		fill(words[key], values)[language];
	const { help, placeholder, optional, secret, default: usual, options, show = {} } = field;
	const labelled = (value: unknown) => options?.[String(value)]?.[language] ?? String(value);
	const choices = Object.values(options ?? {}).map((label) => label[language]);
	const conditions = isHidden
		? Object.entries(show).map(([key, values]) =>
				say('only', {
					field: among[key]?.label[language] ?? key,
					values: values
						.map((value) => among[key]?.options?.[String(value)]?.[language] ?? String(value))
						.join(words.or[language]),
				}),
			)
		: [];
	const facts = [
		choices.length > 0 &&
			(choices.length > 12
				? say('many', { count: choices.length })
				: `${say('oneOf')} ${choices.join(words.or[language])}`),
		field.kind !== 'toggle' &&
			usual !== undefined &&
			usual !== '' &&
			`${say('byDefault', { value: listOf(usual, labelled, language) })}`,
		placeholder && `${say('like')} \`${placeholder.replaceAll('`', '')}\``,
		field.kind === 'toggle' && say(usual === true ? 'on' : 'off'),
		field.list !== undefined && say('listed'),
		...(field.fields
			? [
					`${say('ofEachRow')} ${Object.values(field.fields)
						.map(({ label }) => label[language])
						.join(words.or[language])}`,
				]
			: []),
		optional && say('optional'),
		secret && say('secret'),
		...conditions,
	].filter((fact): fact is string => typeof fact === 'string');
	const told = facts.join(language === 'en' ? '; ' : '；');
	const catches = Object.entries(field.catches ?? {}).map(
		([value, text]) => `${labelled(value)}${words.colon[language]}${text[language]}`,
	);
	return (
		[help?.[language], told, ...catches]
			.filter(Boolean)
			.map((line) => cells(line!))
			.join('<br>') || '–'
	);
}

const listOf = (value: unknown, labelled: (value: unknown) => string, language: Language) =>
	Array.isArray(value)
		? value.map(labelled).join(words.or[language])
		: typeof value === 'object'
			? JSON.stringify(value)
			: labelled(value);
