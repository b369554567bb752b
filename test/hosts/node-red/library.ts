import { createContext, runInContext } from 'node:vm';
import { Parser } from 'htmlparser2';
import type { Language } from '../../../src/core/base/language';
import type * as check from '../../../src/hosts/node-red/editor/check';
import type * as formsModule from '../../../src/hosts/node-red/editor/forms';
import type * as helpModule from '../../../src/hosts/node-red/editor/help';
import type { EditorNode } from '../../../src/hosts/node-red/editor/host';
import type * as paths from '../../../src/hosts/node-red/editor/paths';
import type * as textsModule from '../../../src/hosts/node-red/editor/texts';
import type * as templateModule from '../../../src/hosts/node-red/editor/template';
import type { SetOfForms, Shared } from '../../../src/hosts/node-red/form';
import type { Forms } from '../../../src/hosts/node-red/forms';

interface Tag {
	name: string;
	attributes: Record<string, string>;
}

/** What runs in the browser, with an editor that is made up: the catalogues, and nodes that a test puts there. */
export function openLibrary(forms: Forms, sets: readonly string[], language: Language) {
	const catalogues: Record<string, unknown> = {
		'carillon/carillon-editor': forms.sharedTexts(language),
		...Object.fromEntries(sets.map((set) => [`carillon/${set}`, forms.setTexts(set, language)])),
	};
	const text = (key: string): string | undefined => {
		const [catalogue, path = ''] = key.split(':', 2);
		const found = path
			.split('.')
			.reduce<unknown>(
				(rest, name) => (rest as Record<string, unknown> | undefined)?.[name],
				catalogues[catalogue!],
			);
		return typeof found === 'string' ? found : undefined;
	};
	const nodes: EditorNode[] = [];
	const validated: string[] = [];
	const RED = {
		_: (key: string, { defaultValue = key }: { defaultValue?: string } = {}) => text(key) ?? defaultValue,
		i18n: { lang: () => (language === 'zh' ? 'zh-CN' : 'en-US') },
		utils: {
			validateTypedProperty: (value: string, type: string) =>
				type === 'msg' && /^\d/.test(value) ? 'bad path' : true,
		},
		nodes: { eachNode: (visit: (node: EditorNode) => void) => nodes.forEach(visit) },
		editor: { validateNode: (node: EditorNode) => void validated.push(node.id) },
	};
	Object.assign(globalThis, { RED, $: () => ({ length: 0 }) });
	let modules!: typeof check &
		typeof formsModule &
		typeof helpModule &
		typeof paths &
		typeof templateModule &
		typeof textsModule;
	jest.isolateModules(() => {
		modules = ['check', 'forms', 'help', 'paths', 'template', 'texts'].reduce(
			(all, name) => Object.assign(all, require(`../../../src/hosts/node-red/editor/${name}`)),
			{} as typeof modules,
		);
	});
	const window: { carillonForms?: SetOfForms[] } = {};
	let shared!: Shared;
	const page = createContext({
		window,
		carillon: { start: (given: Shared) => void (shared = given) },
		RED: { nodes: { registerType: () => {} } },
	});
	const scriptOf = (html: string) => /<script type="text\/javascript">([^]*)<\/script>/.exec(html)![1]!;
	runInContext(scriptOf(forms.library('')), page);
	for (const set of sets) runInContext(scriptOf(forms.html(set)), page);
	modules.share(shared);
	for (const set of window.carillonForms!) modules.take(set);
	return {
		...modules,
		shared,
		nodes,
		validated,
		text,
		tagsOf,
		template: (type: string) => modules.template(modules.formOf(type)!),
		help: (type: string) => modules.help(modules.formOf(type)!),
		node: (type: string, definition: object, values: object): EditorNode => ({
			id: 'n',
			type,
			_def: definition as EditorNode['_def'],
			...values,
		}),
	};
}

/** Every tag of a form with its attributes; a tag that is left open is an error. */
function tagsOf(form: string): Tag[] {
	const tags: Tag[] = [];
	const voids = new Set(['input', 'br']);
	const open: string[] = [];
	const parser = new Parser({
		onopentag: (name, attributes) => {
			tags.push({ name, attributes });
			if (!voids.has(name)) open.push(name);
		},
		onclosetag: (name, implied) => {
			if (voids.has(name)) return;
			expect([name, implied]).toEqual([open.pop(), false]);
		},
	});
	parser.end(form);
	expect(open).toEqual([]);
	return tags;
}
