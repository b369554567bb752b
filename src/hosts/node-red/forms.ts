/** What Node-RED's editor reads: forms, texts, and the library that all forms share. Runs when the package is built. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Account } from '../../core/define/account';
import type { Channel } from '../../core/define/channel';
import type { Field, Fields } from '../../core/base/field';
import type { Language, Text } from '../../core/base/language';
import type { Flow } from '../../core/define/flow';
import { isPassing, type Branches, type Passing } from '../../core/define/passing';
import { eventParts } from '../../core/message/templateNames';
import { triggerAccount } from '../../core/receive/reception';
import type { Samples, Trigger } from '../../core/define/trigger';
import { optionKey, type Facts, type Form, type Group, type Section, type SetOfForms, type Shared } from './form';
import {
	accountProperties,
	accountTypeOf,
	channelProperties,
	checkAccount,
	defaultPath,
	flowProperties,
	isRequired,
	needsAccount,
	send,
	storeAccount,
	triggerAccountType,
	triggerProperties,
	typeOf,
	type Property,
} from './properties';
import { isChannel, words } from './words';

type Definition = Channel | Trigger | Flow | Passing | Account;

/** A node, or an account, on its way to the editor. */
interface Made {
	type: string;
	form: Form;
	properties: readonly Property[];
	/** What stands in the HTML as it is: Node-RED and its flow library read it. */
	registered: object;
	/** Path → text, within the form's own catalogue. */
	texts: Readonly<Record<string, Text>>;
}

/** Goes into the page as it is. */
class Code {
	constructor(readonly text: string) {}
}
const code = (text: string) => new Code(text);

const colours = { channel: '#E6C67A', trigger: '#A9CBA4', flow: '#B5C7DC', account: '#B5C7DC' } as const;
/** As escaped by the palette, which asks each set for the label. */
const categories = { channel: 'carillon', trigger: 'carillon_flow', flow: 'carillon_flow' } as const;
export const library = 'carillon-editor';

/** All forms of the package, in the sets that the palette manager can switch off, each by what it is called. */
export class Forms {
	private readonly made: ReadonlyMap<string, readonly Made[]>;
	private readonly facts: Readonly<Record<string, Facts>>;
	private readonly texts: ReadonlyMap<string, Text>;

	/** @param name of the package */
	constructor(
		private readonly name: string,
		sets: Readonly<Record<string, readonly Definition[]>>,
	) {
		this.made = new Map(
			Object.entries(sets).map(([set, definitions]) => [set, definitions.flatMap(madeOf)] as const),
		);
		const all = [...this.made.values()].flat();
		this.facts = commonFacts(all);
		this.texts = commonTexts(all);
	}

	/** The set's whole HTML: what it registers, and its forms in brief. */
	html(set: string): string {
		const made = this.made.get(set)!;
		const forms: SetOfForms = {
			set: `${this.name}/${set}`,
			forms: Object.fromEntries(made.map(({ type, form }) => [type, this.brief(form)])),
		};
		// Node-RED learns from these which types there are, also while the set is switched off.
		const places = made.map(({ type }) => `<script type="text/html" data-template-name="${type}"></script>`);
		const registered = made.map(
			({ type, registered }) => `RED.nodes.registerType("${type}", ${source(registered)});`,
		);
		return `${places.join('\n')}\n<script type="text/javascript">\n(function () {\n${labels}\n(window.carillonForms = window.carillonForms || []).push(${source(forms, 2)});\n${registered.join('\n')}\n})();\n</script>\n`;
	}

	/** `locales/<language>/<set>.json`: what is its own alone. */
	setTexts(set: string, language: Language): object {
		const texts: Record<string, unknown> = { palette: { label: said(words.categories, language) } };
		for (const { type, texts: given } of this.made.get(set)!) {
			const own = Object.entries(given)
				.filter(([path, text]) => !isSame(this.texts.get(path), text))
				.map(([path, text]): [string, string] => [path, text[language]]);
			// Others have a help there, this one has none.
			const none = Object.keys(given)
				.map((path) => path.replace(/^field\./, 'help.'))
				.filter((path) => path.startsWith('help.') && !(path in given) && this.texts.has(path))
				.map((path): [string, string] => [path, '']);
			texts[type] = nested([...own, ...none]);
		}
		return texts;
	}

	/** `locales/<language>/editor.json`: what forms have in common, and what the library says. */
	sharedTexts(language: Language): object {
		const common = nested([...this.texts].map(([path, text]) => [path, text[language]]));
		return { ...said(words.shared, language), ...common };
	}

	/** `editor.html`: what the forms of all nodes share; Node-RED loads it before them. @param script the browser's half, built */
	library(script: string): string {
		const css = readFileSync(join(__dirname, 'editor', 'editor.css'), 'utf8').trim();
		const shared: Shared = { texts: `${this.name}/${library}`, facts: this.facts, events };
		return `<style>\n${css}\n</style>\n<script type="text/javascript">\n${script.trim().replaceAll('</', '<\\/')}\ncarillon.start(${source(shared, 2)});\n</script>\n`;
	}

	private brief({ sections, operations, ...form }: Form): Form {
		const groups = <K extends string>(given: Partial<Record<K, Group>>) =>
			Object.fromEntries(
				(Object.entries(given) as [K, Group][]).map(([key, group]) => [
					key,
					Object.fromEntries(
						Object.entries(group).map(([name, facts]) => [
							name,
							isSame(this.facts[name], facts) ? 1 : facts,
						]),
					),
				]),
			) as Record<K, Group>;
		return { ...form, sections: groups(sections), ...(operations && { operations: groups(operations) }) };
	}
}

const events: Shared['events'] = {
	media: Object.fromEntries(Object.entries(eventParts).map(([part, names]) => [part, Object.keys(names)])),
	chat: { user: ['id', 'name'], conversation: ['id', 'kind', 'name'], button: ['value', 'messageId'] },
};

/** Of all facts that stand under one name the most usual, where that saves something. */
function commonFacts(made: readonly Made[]): Record<string, Facts> {
	const given = made.flatMap(({ form: { sections, operations } }) =>
		[...Object.values(sections), ...Object.values(operations ?? {})].flatMap((group) => Object.entries(group)),
	);
	return Object.fromEntries(mostUsual(given as [string, Facts][]));
}

function commonTexts(made: readonly Made[]): Map<string, Text> {
	const given = made.flatMap(({ texts }) => Object.entries(texts));
	return mostUsual(given.filter(([path]) => path.includes('.')));
}

/** Of what stands under one name the most usual, if more than one has it. */
function mostUsual<T>(given: readonly [string, T][]): Map<string, T> {
	const counts = new Map<string, Map<string, { value: T; count: number }>>();
	for (const [name, value] of given) {
		const known = counts.get(name) ?? new Map<string, { value: T; count: number }>();
		counts.set(name, known);
		const key = JSON.stringify(value);
		known.set(key, { value, count: (known.get(key)?.count ?? 0) + 1 });
	}
	const usual = new Map<string, T>();
	for (const [name, known] of counts) {
		const [first] = [...known.values()].sort((one, other) => other.count - one.count);
		if (first!.count > 1) usual.set(name, first!.value);
	}
	return usual;
}

const isSame = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

// Forms

function madeOf(definition: Definition): Made[] {
	switch (definition.type) {
		case 'channel':
			return [channelNode(definition), accountOf(definition, definition.account)];
		case 'trigger':
			return [
				triggerNode(definition),
				...(definition.accountOf ? [] : [accountOf(definition, triggerAccount(definition))]),
			];
		case 'flow':
			return [flowNode(definition)];
		case 'account':
			return [accountOf(definition, definition.account)];
	}
}

function channelNode(channel: Channel): Made {
	const type = typeOf(channel.id);
	const properties = channelProperties(channel);
	const operations = Object.keys(channel.actions).map((action): [string, Group] => [
		action,
		groupOf(properties.filter(({ operation }) => operation === action)),
	]);
	if (channel.verify) operations.push([checkAccount, {}]);
	const actions = Object.entries(channel.actions).map(([key, { name, zh }]): [string, Text] => [
		`operation.${key}`,
		{ en: sentenceCase(name), zh },
	]);
	return {
		type,
		properties,
		form: {
			of: channel.id,
			docs: channel.docs,
			find: wordsFor(channel),
			account: accountTypeOf(channel.id),
			typed: true,
			sections: sectionsOf(properties.filter(({ operation }) => operation === send)),
			...(operations.length && { operations: Object.fromEntries(operations) }),
			test: true,
		},
		registered: {
			...shown(channel),
			align: 'right',
			inputs: 1,
			outputs: 1,
			defaults: {
				name: { value: '' },
				account: accountDefault(accountTypeOf(channel.id), channel.account),
				operation: { value: send },
				...defaults(properties),
				failures: { value: false },
				outputs: { value: 1 },
			},
			...credentials(properties),
		},
		texts: {
			label: nameOf(channel),
			...textsAt(words.channelRows),
			...(operations.length && { 'operation.send': words.send, 'operation.fromMsg': words.fromMsg }),
			...(channel.verify && { 'operation.checkAccount': words.checkAccount }),
			...Object.fromEntries(actions),
			...textsOf(properties),
		},
	};
}

function triggerNode(trigger: Trigger): Made {
	const type = typeOf(trigger.id);
	const properties = triggerProperties(trigger);
	const { preview, samples, receives, paths = [] } = trigger;
	return {
		type,
		properties,
		form: {
			of: trigger.id,
			docs: trigger.docs,
			find: wordsFor(trigger),
			account: triggerAccountType(trigger),
			sections: sectionsOf(properties),
			trigger: {
				...(trigger.receive && { path: defaultPath(trigger) }),
				...(trigger.receive && paths.length && { usual: paths }),
				receives,
				...(trigger.account.key && { key: true as const }),
				tells: preview ? 'media' : 'chat',
				...(samples && { samples: samplesIn(samples, trigger.options) }),
				...(preview && { preview: { fields: preview.fields } }),
			},
		},
		registered: {
			...shown(trigger),
			inputs: 0,
			outputs: 1,
			defaults: {
				name: { value: '' },
				account: accountDefault(triggerAccountType(trigger), trigger.account, trigger.access !== undefined),
				...(trigger.receive && { path: { value: defaultPath(trigger) } }),
				...(trigger.receive && paths.length && { usual: { value: true } }),
				...defaults(properties),
			},
			...credentials(properties),
		},
		texts: {
			label: nameOf(trigger),
			description: trigger.description,
			...textsAt(words.triggerRows),
			...textsOf(properties),
		},
	};
}

function flowNode(flow: Flow | Passing): Made {
	const properties = flowProperties(flow);
	const branches = isPassing(flow) ? flow.branches : undefined;
	const keeps = !isPassing(flow);
	return {
		type: typeOf(flow.id),
		properties,
		form: {
			of: flow.id,
			docs: flow.docs,
			find: wordsFor(flow),
			...(keeps && { account: storeAccount }),
			typed: properties.filter(({ typed }) => typed).map(({ name }) => name),
			sections: sectionsOf(properties),
			outputs: flow.outputs.length,
			...(flow.lists && { lists: true as const }),
			...(isPassing(flow) && { passes: true as const, ...(flow.imports && { imports: true as const }) }),
			...(branches && { branches: branchesIn(branches) }),
		},
		registered: {
			...shown(flow),
			inputs: 1,
			outputs: flow.outputs.length,
			defaults: {
				name: { value: '' },
				...(keeps && { account: accountDefault(storeAccount, {}) }),
				...defaults(properties),
				...(branches && { outputs: { value: flow.outputs.length } }),
			},
			...credentials(properties),
		},
		texts: {
			label: nameOf(flow),
			description: flow.description,
			...(flow.teaches && { teaches: flow.teaches }),
			...outputTexts(flow),
			...(branches && {
				'output.branch': branches.output,
				...(branches.output.help && { 'outputHelp.branch': branches.output.help }),
				...presetTexts(branches),
			}),
			...textsAt(keeps ? words.keepingRows : words.flowRows),
			...textsOf(properties),
		},
	};
}

const branchesIn = ({ rows, told, presets }: Branches): Form['branches'] => ({
	rows,
	told,
	by: presets.by,
	presets: Object.fromEntries(
		Object.entries(presets.rows).map(([key, ready]) => [key, ready.map(({ cells }) => cells)]),
	),
});

const presetTexts = ({ presets }: Branches): Record<string, Text> =>
	Object.fromEntries(
		Object.entries(presets.rows).flatMap(([key, ready]) =>
			ready.map(({ name: { en, zh } }, at): [string, Text] => [`preset.${key}_${at}`, { en, zh }]),
		),
	);

const outputTexts = ({ outputs }: Pick<Flow, 'outputs'>): Record<string, Text> =>
	Object.assign(
		{},
		...outputs.map(({ en, zh, help }, at) => ({
			[`output.${at}`]: { en, zh },
			...(help && { [`outputHelp.${at}`]: help }),
		})),
	) as Record<string, Text>;

const samplesIn = ({ by, of, bodies }: Samples, options: Fields) => {
	const places = Object.keys(options[of]?.options ?? {});
	const values = Object.entries(bodies).map(([who, each]) => [who, Object.keys(each)]);
	return { by, of, values: placesIn(places, Object.fromEntries(values) as Record<string, string[]>) };
};

function accountOf(definition: Channel | Trigger | Account, fields: Fields): Made {
	const type = accountTypeOf(definition.id);
	const properties = accountProperties(fields);
	return {
		type,
		properties,
		form: {
			of: definition.id,
			docs: definition.docs,
			sections: sectionsOf(properties),
			...(isChannel(definition) && { test: true as const }),
			...(definition.type === 'account' && { page: 'account' as const }),
		},
		registered: {
			category: 'config',
			color: colours[definition.type],
			icon: iconOf(definition),
			paletteLabel: code('paletteLabel'),
			label: code('label'),
			defaults: { name: { value: '' }, ...defaults(properties) },
			...credentials(properties),
		},
		texts: { label: words.accountOf(definition), ...textsAt(words.accountRows), ...textsOf(properties) },
	};
}

const nameOf = ({ name, zh }: Definition): Text => ({ en: name, zh });

/** Abbreviations stay as they are. */
const sentenceCase = (title: string) =>
	title
		.split(' ')
		.map((word, at) => (at === 0 || /^[A-Z\d]{2,}s?$/.test(word) ? word : word.toLowerCase()))
		.join(' ');

/** A trigger that shares a channel's account may do with that channel's icon. */
const iconOf = (definition: Definition) =>
	`${(definition.type === 'trigger' && definition.accountOf) || definition.id}.svg`;

/** In both languages, whichever the editor speaks. */
const wordsFor = ({ name, zh, aliases = [] }: Exclude<Definition, Account>) =>
	[...new Set([name, zh, ...aliases])].join(' ');

function sectionsOf(properties: readonly Property[]): Form['sections'] {
	const sections: Partial<Record<Section, Group>> = {};
	for (const section of new Set(properties.map(({ section }) => section)))
		sections[section] = groupOf(properties.filter((property) => property.section === section));
	return sections;
}

function groupOf(properties: readonly Property[]): Group {
	/** Others hang on these. */
	const leads = new Set(properties.flatMap(({ field }) => Object.keys(field.show ?? {})));
	return Object.fromEntries(
		properties.map((property) => [property.name, factsOf(property, properties, leads.has(property.key))]),
	);
}

function factsOf(property: Property, siblings: readonly Property[], leads: boolean): Facts {
	const { name, key, field, credential, part, operation } = property;
	const { show, only, options, default: given } = field;
	const isOption = part === 'option' && (operation === undefined || operation === send);
	const nameOfSibling = (sibling: string) =>
		siblings.find((other) => other.key === sibling && other.part === part)?.name ?? sibling;
	return without({
		...plainFacts(field),
		key: isOption && key !== name && key,
		secret: credential && true,
		show:
			show &&
			Object.fromEntries(Object.entries(show).map(([sibling, values]) => [nameOfSibling(sibling), values])),
		default: leads ? given : undefined,
		groups: field.groups && Object.keys(field.groups),
		only: only && { by: nameOfSibling(only.by), values: placesIn(Object.keys(options ?? {}), only.values) },
	});
}

type Given = { [K in keyof Facts]: Facts[K] | false };

/** What a field is wherever it stands. */
const plainFacts = (field: Field): Given => ({
	kind: field.kind !== 'text' && field.kind,
	required: isRequired(field) && field.kind !== 'rows' && true,
	min: field.min,
	max: field.kind === 'rows' ? undefined : field.max,
	integer: field.integer === true && true,
	options: field.options && Object.keys(field.options),
	optional: field.kind === 'choice' && field.optional && true,
	fields:
		field.fields && Object.fromEntries(Object.entries(field.fields).map(([key, each]) => [key, rowFacts(each)])),
	several: field.several === true && true,
	placed: field.placed === true && true,
	hint: field.placeholder,
});

const rowFacts = (field: Field): Facts =>
	without({ ...plainFacts(field), secret: field.secret && true, show: field.show, default: field.default });

const without = (facts: Given): Facts =>
	Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined && value !== false));

const placesIn = (options: readonly string[], values: Readonly<Record<string, readonly string[]>>) =>
	Object.fromEntries(
		Object.entries(values).map(([key, some]) => [
			key,
			some.map((value) => options.indexOf(value)).sort((a, b) => a - b),
		]),
	);

// What is registered

/** Node-RED calls them on the definition and on nodes, before the library is there. */
const labels = [
	'function paletteLabel() { return this._(this.type + ".label"); }',
	'function label() { return this.name || this._(this.type + ".label"); }',
].join('\n');

const shown = (definition: Exclude<Definition, Account>) => ({
	category: categories[definition.type],
	color: colours[definition.type],
	icon: iconOf(definition),
	paletteLabel: code('paletteLabel'),
	label: code('label'),
});

/** @param isAsked Without one nothing can be checked */
const accountDefault = (type: string, fields: Fields, isAsked = false) => ({
	value: '',
	type,
	...(!isAsked && !needsAccount(fields) && { required: false }),
});

function defaults(properties: readonly Property[]): Record<string, object> {
	const all: Record<string, object> = {};
	for (const { name, initial, typed, credential } of properties) {
		if (credential) continue;
		all[name] = { value: initial.value };
		if (typed) all[`${name}_type`] = { value: initial.type };
	}
	return all;
}

function credentials(properties: readonly Property[]): object {
	const secret = properties.filter(({ credential }) => credential);
	if (secret.length === 0) return {};
	return { credentials: Object.fromEntries(secret.map(({ name }) => [name, { type: 'password' }])) };
}

/** JavaScript as the flow library reads it: literals, with unquoted keys where they are names. */
function source(value: unknown, depth = 0): string {
	if (value instanceof Code) return value.text;
	if (Array.isArray(value)) return `[${value.map((each) => source(each, depth + 1)).join(',')}]`;
	if (typeof value !== 'object' || value === null) return JSON.stringify(value).replaceAll('</', '<\\/');
	const entries = Object.entries(value).filter(([, each]) => each !== undefined);
	const written = entries.map(
		([key, each]) => `${/^[A-Za-z_$][\w$]*$/.test(key) ? key : JSON.stringify(key)}:${source(each, depth + 1)}`,
	);
	if (depth > 1 || written.length === 0) return `{${written.join(',')}}`;
	return `{\n${written.join(',\n')}\n}`;
}

// Texts

function textsOf(properties: readonly Pick<Property, 'name' | 'field'>[]): Record<string, Text> {
	const texts: Record<string, Text> = {};
	for (const { name, field } of properties) {
		texts[`field.${name}`] = field.label;
		if (field.help) texts[`help.${name}`] = field.help;
		for (const [value, text] of Object.entries(field.options ?? {}))
			texts[`option.${name}.${optionKey(value)}`] = text;
		for (const [value, text] of Object.entries(field.catches ?? {}))
			texts[`catch.${name}.${optionKey(value)}`] = text;
		if (field.row) texts[`row.${name}`] = field.row;
		for (const [key, each] of Object.entries(field.fields ?? {}))
			Object.assign(texts, textsOf([{ name: `${name}_${key}`, field: each }]));
		for (const [value, text] of Object.entries(field.groups ?? {}))
			texts[`group.${name}.${optionKey(value)}`] = text;
	}
	return texts;
}

/** `{ field: { name } }` → `field.name` */
const textsAt = (texts: Words, path = ''): Record<string, Text> =>
	Object.assign(
		{},
		...Object.entries(texts).map(([key, text]) =>
			isText(text) ? { [path + key]: text } : textsAt(text, `${path}${key}.`),
		),
	) as Record<string, Text>;

type Words = { readonly [key: string]: Text | Words };
type Tree = { [key: string]: string | Tree };

const isText = (given: Text | Words): given is Text => typeof given.en === 'string';

const said = (texts: Words, language: Language): Tree =>
	Object.fromEntries(
		Object.entries(texts).map(([key, text]) => [key, isText(text) ? text[language] : said(text, language)]),
	);

/** `field.name` → `{ field: { name } }` */
function nested(texts: readonly (readonly [path: string, text: string])[]): Tree {
	const tree: Tree = {};
	for (const [path, text] of texts) {
		const keys = path.split('.');
		const last = keys.pop()!;
		let at = tree;
		for (const key of keys) at = (at[key] ??= {}) as Tree;
		at[last] = text;
	}
	return tree;
}
