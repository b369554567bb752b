/** What Node-RED's editor reads: forms, labels, help, and the library that all forms share. Runs when the package is built. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Channel } from '../../core/define/channel';
import type { Field, Fields } from '../../core/base/field';
import type { Language, Text } from '../../core/base/language';
import { triggerAccount } from '../../core/receive/reception';
import type { Trigger } from '../../core/define/trigger';
import {
	accountProperties,
	accountTypeOf,
	channelProperties,
	defaultPath,
	isRequired,
	needsAccount,
	send,
	triggerAccountType,
	triggerProperties,
	typeOf,
	type Property,
	type Section,
} from './properties';
import { isChannel, optionKey, words } from './words';

type Definition = Channel | Trigger;

/** Goes into the page as it is. */
class Code {
	constructor(readonly text: string) {}
}
const code = (text: string) => new Code(text);

const colours = { channel: '#E6C67A', trigger: '#A9CBA4' } as const;

/** The whole `<id>.html` of a channel: the forms of its node and of its account, and what they register. */
export function channelHtml(channel: Channel): string {
	const type = typeOf(channel.id);
	const properties = channelProperties(channel);
	const own = nodeForm(channel, [
		operationRow(type, channel),
		...sections(type, 'node-input', properties, foldable),
		toggleRow(type, 'node-input', 'failures'),
		`<input type="hidden" id="node-input-outputs">`,
		testRow(type),
	]);
	const definition = {
		...shown(channel, type),
		align: 'right',
		inputs: 1,
		outputs: 1,
		outputLabels: code(
			`function (index) { return this._("${type}.output." + (index === 0 ? "sent" : "failed")); }`,
		),
		defaults: {
			name: nameDefault(properties),
			account: accountDefault(accountTypeOf(channel.id), channel.account),
			operation: { value: 'send' },
			...defaults(properties),
			failures: { value: false },
			outputs: { value: 1 },
		},
		...credentials(properties),
		carillon: { channel: channel.id, account: accountTypeOf(channel.id), fields: facts(properties) },
		...hooks,
	};
	return page(
		own,
		accountForm(channel, channel.account),
		register(type, definition),
		registerAccount(channel, channel.account),
	);
}

/** The whole `<id>.html` of a trigger; without an account where it shares a channel's. */
export function triggerHtml(trigger: Trigger): string {
	const type = typeOf(trigger.id);
	const properties = triggerProperties(trigger);
	const usual = trigger.receive && trigger.paths?.length ? [toggleRow(type, 'node-input', 'usual')] : [];
	const path = trigger.receive
		? [
				row(
					type,
					'path',
					`<input type="text" id="node-input-path" placeholder="${attribute(defaultPath(trigger))}">`,
					true,
				),
				...usual,
				urlsRow(type, trigger),
			]
		: [];
	const { preview } = trigger;
	// Where requests are one way of several, the path stands beneath the choice of the way.
	const [way] = Object.keys(trigger.receives ?? {});
	const beneath = {
		...(way && { [way]: path }),
		...(preview && { [preview.fields.at(-1)!]: [previewRow(type, preview)] }),
	};
	const own = nodeForm(trigger, [
		...(way ? [] : path),
		...sections(type, 'node-input', properties, foldable, beneath),
	]);
	const definition = {
		...shown(trigger, type),
		inputs: 0,
		outputs: 1,
		outputLabels: code(`function () { return this._("${type}.output.event"); }`),
		defaults: {
			name: nameDefault(properties),
			account: accountDefault(triggerAccountType(trigger), trigger.account, trigger.access !== undefined),
			...(path.length && { path: { value: defaultPath(trigger), validate: validator('path') } }),
			...(usual.length && { usual: { value: true } }),
			...defaults(properties),
		},
		...credentials(properties),
		carillon: {
			account: triggerAccountType(trigger),
			paths: trigger.receive ? (trigger.paths ?? []) : undefined,
			receives: trigger.receives,
			preview: preview && { trigger: trigger.id, fields: preview.fields },
			fields: facts(properties),
		},
		...hooks,
		onadd: code('function () { carillon.added(this); }'),
	};
	const account = trigger.accountOf
		? []
		: [accountForm(trigger, triggerAccount(trigger)), registerAccount(trigger, triggerAccount(trigger))];
	return page(own, register(type, definition), ...account);
}

/** Labels for `locales/<language>/<id>.json`. */
export function locale(definition: Definition, language: Language): object {
	const type = typeOf(definition.id);
	const node = {
		label: nameOf(definition, language),
		...said(words.node, language),
		...labels(isChannel(definition) ? channelProperties(definition) : triggerProperties(definition), language),
	};
	if (!isChannel(definition)) node.help.account = words.triggerAccount[language];
	if (!isChannel(definition) && definition.preview) {
		const at = language === 'zh' ? 1 : 0;
		const samples = Object.entries(definition.preview.samples).map(([name, label]) => [optionKey(name), label[at]]);
		Object.assign(node, { preview: said(words.preview, language), sample: Object.fromEntries(samples) });
	}
	if (isChannel(definition)) {
		const actions = Object.entries(definition.actions).map(([key, { name, zh }]) => [
			key,
			language === 'zh' ? zh : sentenceCase(name),
		]);
		Object.assign(node, { operation: { send: words.send[language], ...Object.fromEntries(actions) } });
	}
	const fields = isChannel(definition) ? definition.account : triggerAccount(definition);
	const account = {
		label: words.accountOf(nameOf(definition, language))[language],
		...said(words.account, language),
		...labels(accountProperties(fields), language),
	};
	return sharesAccount(definition) ? { [type]: node } : { [type]: node, [accountTypeOf(definition.id)]: account };
}

/** `locales/<language>/<id>.html`: what the help sidebar shows. */
export function help(definition: Definition, language: Language): string {
	const type = typeOf(definition.id);
	const say = (text: Text) => escape(text[language]);
	const link = `<h3>${say(words.help.more)}</h3><ul><li><a href="${attribute(definition.docs)}" target="_blank" rel="noopener">${escape(nameOf(definition, language))}</a></li></ul>`;
	const properties = isChannel(definition) ? channelProperties(definition) : triggerProperties(definition);
	const own = isChannel(definition)
		? [
				`<p>${say(words.help.sends(nameOf(definition, language)))}</p>`,
				`<h3>${say(words.help.inputs)}</h3>`,
				list([
					['payload', 'string | object', say(words.help.payload)],
					['topic', 'string', say(words.help.topic)],
				]),
				`<h3>${say(words.help.outputs)}</h3>`,
				list([
					['receipt', 'object', say(words.help.receipt)],
					...(Object.keys(definition.actions).length
						? [['result', 'object', say(words.help.result)] as const]
						: []),
					['error', 'object', say(words.help.error)],
				]),
			]
		: [
				`<p>${say(definition.description)}</p>`,
				`<h3>${say(words.help.outputs)}</h3>`,
				list([
					['payload', 'object', say(words.help.message)],
					['event', 'object', say(words.help.event)],
					['raw', 'any', say(words.help.raw)],
				]),
			];
	const scripts = [
		helpScript(type, [...own, `<h3>${say(words.help.fields)}</h3>`, fieldList(properties, language), link]),
	];
	if (!sharesAccount(definition)) {
		const fields = isChannel(definition) ? definition.account : triggerAccount(definition);
		scripts.push(
			helpScript(accountTypeOf(definition.id), [
				`<p>${say(words.help.account)}</p>`,
				fieldList(accountProperties(fields), language),
				link,
			]),
		);
	}
	return `${scripts.join('\n\n')}\n`;
}

/** `editor.html`: what the forms of all nodes share; Node-RED loads it before them. */
export function editorLibrary(): string {
	const read = (name: string) => readFileSync(join(__dirname, name), 'utf8').trim();
	return `<style>\n${read('editor.css')}\n</style>\n<script type="text/javascript">\n${read('editor-client.js')}\n</script>\n`;
}

/** A trigger that shares a channel's account may do with that channel's icon. */
const iconOf = (definition: Definition) => `${(!isChannel(definition) && definition.accountOf) || definition.id}.svg`;

/** What the palette's search finds it by, beside its label. */
const aliasesOf = (definition: Definition) => {
	const { name, zh, aliases = [] } = definition;
	return [...new Set([name, zh, ...aliases, ...usual[isChannel(definition) ? 'channel' : 'trigger']])].join(' ');
};

/** What people look for who know no service's name. */
const usual = {
	channel: ['notify', 'notification', '通知', 'push', '推送', 'send', '发送', 'message', '消息'],
	trigger: ['notify', 'notification', '通知', 'receive', '接收', 'message', '消息', 'trigger', '触发'],
} as const;

const sharesAccount = (definition: Definition) => !isChannel(definition) && definition.accountOf !== undefined;
const nameOf = ({ name, zh }: Definition, language: Language) => (language === 'zh' ? zh : name);
const sentenceCase = (title: string) => title.charAt(0) + title.slice(1).toLowerCase();

// Forms

function nodeForm(definition: Definition, rows: readonly string[]): string {
	const type = typeOf(definition.id);
	return template(type, [
		nameRow(type, 'node-input'),
		row(type, 'account', `<input type="text" id="node-input-account" style="width:100%">`, true),
		...rows,
		docsRow(type, definition),
	]);
}

function accountForm(definition: Definition, fields: Fields): string {
	const type = accountTypeOf(definition.id);
	return template(type, [
		nameRow(type, 'node-config-input'),
		...sections(type, 'node-config-input', accountProperties(fields), foldable),
		...(isChannel(definition) ? [testRow(type)] : []),
		docsRow(type, definition),
	]);
}

const foldable: readonly Section[] = ['details', 'options', 'delivery', 'network'];

/**
 * The fields of the main section, then the others, each folded away behind its name.
 * @param beneath rows that stand beneath that of a field, by its key
 */
function sections(
	type: string,
	prefix: string,
	properties: readonly Property[],
	folded: readonly Section[],
	beneath: Readonly<Record<string, readonly string[]>> = {},
): string[] {
	const rowsOf = (section: Section) =>
		properties
			.filter((property) => property.section === section)
			.flatMap((property) => [fieldRow(type, prefix, property), ...(beneath[property.key] ?? [])]);
	return [
		...rowsOf('main'),
		...folded.flatMap((section) => {
			const rows = rowsOf(section);
			if (rows.length === 0) return [];
			const open = section === 'options' && rows.length <= 8 ? ' open' : '';
			return [
				`<details class="carillon-section" data-section="${section}"${open}>\n\t<summary data-i18n="${type}.section.${section}"></summary>\n${indent(rows.join('\n'))}\n</details>`,
			];
		}),
	];
}

const nameRow = (type: string, prefix: string) =>
	row(type, 'name', `<input type="text" id="${prefix}-name" data-i18n="[placeholder]${type}.placeholder.name">`);

function operationRow(type: string, channel: Channel): string {
	const operations = ['send', ...Object.keys(channel.actions)];
	const options = operations
		.map((key) => `<option value="${key}" data-i18n="${type}.operation.${key}"></option>`)
		.join('');
	const select = `<select id="node-input-operation">${options}</select>`;
	// One operation is no choice.
	return operations.length > 1 ? row(type, 'operation', select) : `<input type="hidden" id="node-input-operation">`;
}

const toggleRow = (type: string, prefix: string, name: string) =>
	row(type, name, `<input type="checkbox" id="${prefix}-${name}">`, true);

const testRow = (type: string) =>
	`<div class="form-row carillon-test-row"><button type="button" class="red-ui-button carillon-test"><i class="fa fa-paper-plane"></i> <span data-i18n="${type}.test"></span></button><div class="carillon-test-result" role="status"></div></div>`;

function urlsRow(type: string, { account }: Trigger): string {
	const note = account.key ? `<div class="carillon-note" data-i18n="${type}.help.urls"></div>` : '';
	return `<div class="form-row carillon-urls" data-field="urls"><div class="carillon-addresses"></div>${note}</div>`;
}

function previewRow(type: string, { samples }: NonNullable<Trigger['preview']>): string {
	const options = Object.keys(samples).map(
		(name) => `<option value="${attribute(name)}" data-i18n="${type}.sample.${optionKey(name)}"></option>`,
	);
	const select = `<select class="carillon-sample" data-i18n="[title]${type}.preview.sample">${options.join('')}</select>`;
	const button = `<button type="button" class="red-ui-button carillon-preview"><i class="fa fa-eye"></i> <span data-i18n="${type}.preview.button"></span></button>`;
	return `<div class="form-row carillon-row"><label><span data-i18n="${type}.preview.sample"></span></label><div class="carillon-input"><div class="carillon-preview-bar">${select}${button}</div><div class="carillon-help" data-i18n="${type}.preview.help"></div><div class="carillon-preview-result" role="status"></div></div></div>`;
}

const docsRow = (type: string, { docs }: Definition) =>
	`<div class="form-row carillon-docs"><a href="${attribute(docs)}" target="_blank" rel="noopener"><i class="fa fa-external-link"></i> <span data-i18n="${type}.docs"></span></a></div>`;

function row(type: string, name: string, input: string, hasHelp = false, required = false): string {
	const prefix = /id="(node-(?:config-)?input)/.exec(input)?.[1] ?? 'node-input';
	const mark = required ? ' <span class="carillon-required">*</span>' : '';
	const note = hasHelp ? `<div class="carillon-help" data-i18n="${type}.help.${name}"></div>` : '';
	return `<div class="form-row carillon-row" data-field="${name}"><label for="${prefix}-${name}"><span data-i18n="${type}.field.${name}"></span>${mark}</label><div class="carillon-input">${input}${note}</div></div>`;
}

function fieldRow(type: string, prefix: string, property: Property): string {
	const { name, field, typed } = property;
	const id = `${prefix}-${name}`;
	const input = typed ? typedInput(id, property) : plainInput(type, id, property);
	return row(type, name, input, field.help !== undefined, isRequired(field));
}

const placeholderOf = ({ placeholder }: Field) =>
	placeholder === undefined ? '' : ` placeholder="${attribute(placeholder)}"`;

/** As the forms show it: rows as their JSON, what can be picked as its id. */
const kindOf = ({ kind, several }: Field) =>
	kind === 'rows' ? 'json' : kind !== 'pick' ? kind : several ? 'list' : 'text';

/** The editor's library turns these into typed inputs. */
function typedInput(id: string, { field }: Property): string {
	const kind = `<input type="hidden" id="${id}_type">`;
	const hint = placeholderOf(field);
	// A typed input is one line: several lines stand in a box of their own beneath the choice of type.
	if (field.kind === 'multiline')
		return `<input type="text" class="carillon-picker" style="width:100%">${kind}<textarea id="${id}" rows="4"${hint}></textarea>`;
	return `<input type="text" id="${id}" style="width:100%"${hint}>${kind}`;
}

function plainInput(type: string, id: string, { name, field, credential }: Property): string {
	const hint = placeholderOf(field);
	const kind = kindOf(field);
	const isLong = kind === 'multiline' || kind === 'json' || kind === 'secrets';
	if (credential) {
		return isLong
			? `<textarea id="${id}" class="carillon-secret" rows="3" autocomplete="off" spellcheck="false"${hint}></textarea>`
			: `<input type="password" id="${id}" class="carillon-secret" autocomplete="new-password"${hint}>`;
	}
	switch (kind) {
		case 'choice':
		case 'choices': {
			const none = field.kind === 'choice' && field.optional ? `<option value=""></option>` : '';
			const options = Object.keys(field.options ?? {}).map(
				(value) =>
					`<option value="${attribute(value)}" data-i18n="${type}.option.${name}.${optionKey(value)}"></option>`,
			);
			return `<select id="${id}"${field.kind === 'choices' ? ` multiple="multiple" size="${Math.min(6, options.length)}"` : ''}>${none}${options.join('')}</select>`;
		}
		case 'toggle':
			return `<input type="checkbox" id="${id}">`;
		case 'number':
			return `<input type="text" inputmode="decimal" id="${id}"${hint}>`;
		case 'multiline':
		case 'json':
			return `<textarea id="${id}" rows="4" spellcheck="false"${hint}></textarea>`;
		default:
			return `<input type="text" id="${id}"${hint}>`;
	}
}

const template = (type: string, rows: readonly string[]) =>
	`<script type="text/html" data-template-name="${type}">\n<div class="carillon-form">\n${indent(rows.join('\n'))}\n</div>\n</script>`;

const indent = (text: string) => text.replace(/^(?=.)/gm, '\t');

/** Looks for the library when it is used, not when the page is read: Node-RED may load them in either order. */
const checkFunction =
	'const check = (name) => function (value, opt) { return carillon.check(this, name, value, opt); };';

const page = (...parts: readonly string[]) => {
	const scripts = parts.filter((part) => part.startsWith('RED.'));
	const templates = parts.filter((part) => !part.startsWith('RED.'));
	return `${templates.join('\n\n')}\n\n<script type="text/javascript">\n(function () {\n${checkFunction}\n${scripts.join('\n')}\n})();\n</script>\n`;
};

// What is registered

const register = (type: string, definition: object) => `RED.nodes.registerType("${type}", ${source(definition)});`;

function registerAccount(definition: Definition, fields: Fields): string {
	const type = accountTypeOf(definition.id);
	const properties = accountProperties(fields);
	return register(type, {
		category: 'config',
		color: colours[definition.type],
		icon: iconOf(definition),
		paletteLabel: code(`function () { return this._("${type}.label"); }`),
		label: code(`function () { return this.name || this._("${type}.label"); }`),
		defaults: { name: nameDefault(properties), ...defaults(properties) },
		...credentials(properties),
		carillon: { ...(isChannel(definition) && { channel: definition.id }), fields: facts(properties) },
		...hooks,
	});
}

const shown = (definition: Definition, type: string) => ({
	category: 'carillon',
	color: colours[definition.type],
	icon: iconOf(definition),
	paletteLabel: code(`function () { return this._("${type}.label"); }`),
	onpaletteadd: code(`function () { carillon.shelved("${type}", ${JSON.stringify(aliasesOf(definition))}); }`),
	label: code(`function () { return this.name || this._("${type}.label"); }`),
	labelStyle: code('function () { return this.name ? "node_label_italic" : ""; }'),
});

const hooks = {
	oneditprepare: code('function () { carillon.prepare(this); }'),
	oneditsave: code('function () { carillon.leave(this); }'),
	oneditcancel: code('function () { carillon.leave(this); }'),
	oneditdelete: code('function () { carillon.leave(this); }'),
};

/** @param isAsked Without one nothing can be checked */
const accountDefault = (type: string, fields: Fields, isAsked = false) => ({
	value: '',
	type,
	...(!isAsked && !needsAccount(fields) && { required: false }),
});

/** Node-RED asks for what is wrong with credentials only while their form is open: elsewhere the name tells of it. */
const nameDefault = (properties: readonly Property[]) => ({
	value: '',
	...(properties.some(({ credential, field }) => credential && isRequired(field)) && { validate: validator('name') }),
});

function defaults(properties: readonly Property[]): Record<string, object> {
	const all: Record<string, object> = {};
	for (const { name, initial, typed, credential } of properties) {
		if (credential) continue;
		all[name] = { value: initial.value, validate: validator(name) };
		if (typed) all[`${name}_type`] = { value: initial.type };
	}
	return all;
}

function credentials(properties: readonly Property[]): object {
	const secret = properties.filter(({ credential }) => credential);
	if (secret.length === 0) return {};
	return {
		credentials: Object.fromEntries(
			secret.map(({ name }) => [name, { type: 'password', validate: validator(name) }]),
		),
	};
}

const validator = (name: string) => code(`check(${JSON.stringify(name)})`);

/**
 * What validators and show-if need to know, by property name. Left out: a key that is the name, the part `option`,
 * the operation `send`, and defaults that nothing hangs on.
 */
function facts(properties: readonly Property[]): object {
	const leads = new Set(properties.flatMap(({ field }) => Object.keys(field.show ?? {})));
	return Object.fromEntries(
		properties.map((property) => {
			const { name, field, operation, typed, credential } = property;
			const { show, min, max, integer, options, default: given } = field;
			const kind = kindOf(field);
			const nameOfSibling = (key: string) =>
				properties.find(
					(other) => other.key === key && other.operation === operation && other.part === property.part,
				)?.name ?? key;
			return [
				name,
				{
					kind,
					key: property.key === name ? undefined : property.key,
					part: property.part === 'option' ? undefined : property.part,
					required: isRequired(field) || undefined,
					typed: typed || undefined,
					secret: credential || undefined,
					operation: operation === send ? undefined : operation,
					show:
						show &&
						Object.fromEntries(Object.entries(show).map(([key, values]) => [nameOfSibling(key), values])),
					default: leads.has(property.key) ? given : undefined,
					min,
					max,
					integer,
					options: typed && options ? Object.keys(options) : undefined,
					optional: typed && kind === 'choice' && field.optional ? true : undefined,
				},
			];
		}),
	);
}

/** JavaScript as the flow library reads it: literals, with unquoted keys where they are names. */
function source(value: unknown, depth = 0): string {
	if (value instanceof Code) return value.text;
	if (Array.isArray(value)) return `[${value.map((each) => source(each, depth + 1)).join(', ')}]`;
	if (typeof value !== 'object' || value === null) return JSON.stringify(value).replaceAll('</', '<\\/');
	const entries = Object.entries(value).filter(([, each]) => each !== undefined);
	const written = entries.map(
		([key, each]) => `${/^[A-Za-z_$][\w$]*$/.test(key) ? key : JSON.stringify(key)}: ${source(each, depth + 1)}`,
	);
	if (depth > 1 || written.length === 0) return written.length ? `{ ${written.join(', ')} }` : '{}';
	const tabs = '\t'.repeat(depth + 1);
	return `{\n${written.map((line) => `${tabs}${line}`).join(',\n')}\n${'\t'.repeat(depth)}}`;
}

// Texts

function labels(properties: readonly Property[], language: Language) {
	const field: Record<string, string> = {};
	const help: Record<string, string> = {};
	const option: Record<string, Record<string, string>> = {};
	for (const property of properties) {
		field[property.name] = property.field.label[language];
		if (property.field.help) help[property.name] = property.field.help[language];
		if (!property.field.options) continue;
		option[property.name] = Object.fromEntries(
			Object.entries(property.field.options).map(([value, text]) => [optionKey(value), text[language]]),
		);
	}
	return {
		field: { ...said(words.field, language), ...field },
		help: { ...said(words.fieldHelp, language), ...help },
		option,
	};
}

type Words = { readonly [key: string]: Text | Words };

function said(texts: Words, language: Language): Record<string, unknown> {
	return Object.fromEntries(
		Object.entries(texts).map(([key, text]) => [
			key,
			'en' in text && typeof text.en === 'string' ? (text as Text)[language] : said(text as Words, language),
		]),
	);
}

const helpScript = (type: string, parts: readonly string[]) =>
	`<script type="text/html" data-help-name="${type}">\n${indent(parts.join('\n'))}\n</script>`;

const list = (rows: readonly (readonly [name: string, type: string, text: string])[]) =>
	`<dl class="message-properties">${rows.map(([name, type, text]) => `<dt>${name} <span class="property-type">${escape(type)}</span></dt><dd>${text}</dd>`).join('')}</dl>`;

function fieldList(properties: readonly Property[], language: Language): string {
	const told = properties.filter(({ field }) => field.help);
	return `<dl>${told.map(({ field }) => `<dt>${escape(field.label[language])}</dt><dd>${escape(field.help![language])}</dd>`).join('')}</dl>`;
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escape = (text: string) => text.replace(/[&<>"]/g, (character) => entities[character]!);
const attribute = (text: string) => escape(text).replaceAll('\n', '&#10;');
