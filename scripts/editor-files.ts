import type { Channel } from '../src/core/define/channel';
import type { Language } from '../src/core/base/language';
import type { Trigger } from '../src/core/define/trigger';
import { channelHtml, editorLibrary, help, locale, triggerHtml } from '../src/hosts/node-red/editor';
import type { Found } from './definitions';

/** Node-RED's names of our languages. */
const locales: Record<Language, string> = { en: 'en-US', zh: 'zh-CN' };

/** Everything that Node-RED's editor reads, by its path below dist/nodes-red. */
export function editorFiles(found: readonly Found[]): Map<string, string> {
	const files = new Map([['editor.html', editorLibrary()]]);
	for (const { id, definition } of found as readonly Found<Channel | Trigger>[]) {
		files.set(`${id}.html`, definition.type === 'channel' ? channelHtml(definition) : triggerHtml(definition));
		for (const [language, folder] of Object.entries(locales) as [Language, string][]) {
			files.set(`locales/${folder}/${id}.json`, JSON.stringify(locale(definition, language), null, '\t'));
			files.set(`locales/${folder}/${id}.html`, help(definition, language));
		}
	}
	return files;
}
