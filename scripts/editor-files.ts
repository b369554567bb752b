import type { Language } from '../src/core/base/language';
import { Forms } from '../src/hosts/node-red/forms';
import type { Account } from '../src/core/define/account';
import { setsOf, type Definition, type Found } from './definitions';

/** Node-RED's names of our languages. */
const locales: Record<Language, string> = { en: 'en-US', zh: 'zh-CN' };

/**
 * Everything that Node-RED's editor reads, by its path below dist/nodes-red.
 * @param name of the package
 * @param script what runs in the browser
 */
export function editorFiles(
	name: string,
	found: readonly Found<Definition | Account>[],
	script: string,
): Map<string, string> {
	const sets = Object.fromEntries(
		[...setsOf(found)].map(([set, members]) => [set, members.map(({ definition }) => definition)]),
	);
	const forms = new Forms(name, sets);
	const files = new Map([['editor.html', forms.library(script)]]);
	for (const set of Object.keys(sets)) files.set(`${set}.html`, forms.html(set));
	for (const [language, folder] of Object.entries(locales) as [Language, string][]) {
		const text = (content: object) => JSON.stringify(content);
		files.set(`locales/${folder}/editor.json`, text(forms.sharedTexts(language)));
		for (const set of Object.keys(sets))
			files.set(`locales/${folder}/${set}.json`, text(forms.setTexts(set, language)));
	}
	return files;
}
