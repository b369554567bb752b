import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { Parser } from 'htmlparser2';
import ts from 'typescript';
import { definitions, runsIn } from '../../../scripts/definitions';
import type { Channel } from '../../../src/core/define/channel';
import type { Trigger } from '../../../src/core/define/trigger';
import { channelHtml, editorLibrary, help, locale, triggerHtml } from '../../../src/hosts/node-red/editor';
import { accountProperties, channelProperties, triggerProperties } from '../../../src/hosts/node-red/properties';
import { bell, doorTrigger } from './bell';

interface Registered {
	category: string;
	color: string;
	icon: string;
	inputs?: number;
	outputs?: number;
	paletteLabel?: unknown;
	defaults: Record<string, { value: unknown; type?: string; validate?: unknown; required?: boolean }>;
	credentials?: Record<string, { type: string }>;
	carillon: { fields: Record<string, Record<string, unknown>> };
	[key: string]: unknown;
}

interface Page {
	/** `data-template-name` → its form. */
	forms: Record<string, string>;
	types: Record<string, Registered>;
	script: string;
}

function read(html: string): Page {
	const forms: Record<string, string> = {};
	let script = '';
	for (const [, attributes = '', content = ''] of html.matchAll(/<script([^>]*)>([^]*?)<\/script>/g)) {
		const name = /data-template-name="([^"]+)"/.exec(attributes)?.[1];
		if (name) forms[name] = content;
		else script += content;
	}
	const types: Record<string, Registered> = {};
	runInContext(
		script,
		createContext({
			RED: { nodes: { registerType: (type: string, one: Registered) => void (types[type] = one) } },
		}),
	);
	return { forms, types, script };
}

/** Every tag of a form with its attributes; a tag that is left open is an error. */
function tagsOf(form: string): { name: string; attributes: Record<string, string> }[] {
	const tags: { name: string; attributes: Record<string, string> }[] = [];
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

const found = definitions().filter((one) => runsIn(one, 'node-red') && one.definition.type !== 'flow');
const all: [string, Channel | Trigger][] = [
	['bell (a test’s)', bell],
	['doorTrigger (a test’s)', doorTrigger],
	...found.map(({ id, definition }): [string, Channel | Trigger] => [id, definition as Channel | Trigger]),
];
const htmlOf = (one: Channel | Trigger) => (one.type === 'channel' ? channelHtml(one) : triggerHtml(one));

/** The value below a path of keys. */
const at = (labels: unknown, path: string): unknown =>
	path.split('.').reduce((rest, key) => (rest as Record<string, unknown> | undefined)?.[key], labels);

describe.each(all)('%s', (_id, one) => {
	const { forms, types, script } = read(htmlOf(one));
	const type = `carillon-${one.id}`;
	const languages = ['en', 'zh'] as const;

	test('registers its types, each with a form', () => {
		const shares = one.type === 'trigger' && one.accountOf;
		expect(Object.keys(types).sort()).toEqual(shares ? [type] : [type, `${type}-account`].sort());
		expect(Object.keys(forms).sort()).toEqual(Object.keys(types).sort());
		expect(types[type]!.defaults.account!.type).toBe(`carillon-${shares || one.id}-account`);
	});

	test('can be read by a parser that runs nothing', () => {
		const file = ts.createSourceFile('x.js', script, ts.ScriptTarget.ES2023, true, ts.ScriptKind.JS);
		const calls: ts.CallExpression[] = [];
		file.forEachChild(function visit(node) {
			if (ts.isCallExpression(node) && node.expression.getText().endsWith('registerType')) calls.push(node);
			else node.forEachChild(visit);
		});
		expect(calls.map(({ arguments: [name] }) => (name as ts.StringLiteral).text).sort()).toEqual(
			Object.keys(types).sort(),
		);
		for (const {
			arguments: [, given],
		} of calls) {
			const properties = Object.fromEntries(
				(given as ts.ObjectLiteralExpression).properties.map((each) => [
					each.name!.getText(),
					(each as ts.PropertyAssignment).initializer,
				]),
			);
			expect([properties.category, properties.color, properties.icon].map((each) => each!.kind)).toEqual(
				Array(3).fill(ts.SyntaxKind.StringLiteral),
			);
			for (const key of ['defaults', 'credentials']) {
				const object = properties[key] as ts.ObjectLiteralExpression | undefined;
				for (const each of object?.properties ?? []) expect(ts.isIdentifier(each.name!)).toBe(true);
			}
		}
	});

	test('every property has an input, every input a property, and no two share a name', () => {
		for (const [name, { defaults, credentials = {}, category }] of Object.entries(types)) {
			const prefix = category === 'config' ? 'node-config-input-' : 'node-input-';
			const ids = tagsOf(forms[name]!)
				.map(({ attributes }) => attributes.id)
				.filter((id) => id !== undefined);
			expect(new Set(ids).size).toBe(ids.length);
			expect(ids.sort()).toEqual(
				[...Object.keys(defaults), ...Object.keys(credentials)].map((key) => prefix + key).sort(),
			);
		}
		const properties = one.type === 'channel' ? channelProperties(one) : triggerProperties(one);
		const names = properties.flatMap(({ name, typed }) => (typed ? [name, `${name}_type`] : [name]));
		expect(new Set(names).size).toBe(names.length);
	});

	test('secrets are credentials that never come back', () => {
		const lists = [
			accountProperties(one.account),
			one.type === 'channel' ? channelProperties(one) : triggerProperties(one),
		];
		for (const { name, field } of lists.flat().filter(({ field }) => field.secret)) {
			const holder = Object.values(types).find(({ credentials }) => credentials?.[name]);
			if (!holder && one.type === 'trigger' && one.accountOf) continue;
			expect([field.label.en, holder?.credentials?.[name]?.type, name in (holder?.defaults ?? {})]).toEqual([
				field.label.en,
				'password',
				false,
			]);
		}
	});

	test.each(languages)('every text of its forms is there (%s)', (language) => {
		const labels = locale(one, language);
		for (const form of Object.values(forms)) {
			for (const { attributes } of tagsOf(form)) {
				const key = attributes['data-i18n']?.replace(/^\[[a-z]+\]/, '');
				if (key) expect([key, at(labels, key)]).toEqual([key, expect.stringMatching(/\S/)]);
			}
		}
		for (const [name, { carillon }] of Object.entries(types)) {
			for (const [property, { options }] of Object.entries(carillon.fields)) {
				expect(at(labels, `${name}.field.${property}`)).toEqual(expect.any(String));
				for (const value of (options as string[] | undefined) ?? []) {
					expect(
						at(labels, `${name}.option.${property}.${value.replace(/[^A-Za-z0-9_-]/g, '_') || '_'}`),
					).toEqual(expect.any(String));
				}
			}
			expect(at(labels, `${name}.label`)).toEqual(expect.stringMatching(/\S/));
		}
	});

	test.each(languages)('has help for each of its types (%s)', (language) => {
		const text = help(one, language);
		expect([...text.matchAll(/data-help-name="([^"]+)"/g)].map(([, name]) => name).sort()).toEqual(
			Object.keys(types).sort(),
		);
		for (const [, body] of text.matchAll(/<script[^>]*>([^]*?)<\/script>/g)) tagsOf(body!);
	});

	test('has an icon', () => {
		if (one === bell || one === doorTrigger) return;
		expect(readFileSync(join(__dirname, '../../../icons', types[type]!.icon), 'utf8')).toContain('<svg');
	});
});

describe('of the fields', () => {
	const { types, forms } = read(channelHtml(bell));
	const { defaults, carillon } = types['carillon-bell']!;

	test('each kind has its own literal type and default', () => {
		const initial = (name: string) => [defaults[name]!.value, defaults[`${name}_type`]!.value];
		expect({
			message: initial('message'),
			title: initial('title'),
			to: initial('to'),
			tone: initial('tone'),
			volume: initial('volume'),
			loud: initial('loud'),
			days: initial('days'),
			names: initial('names'),
			extra: initial('extra'),
			note: initial('note'),
			attempts: initial('attempts'),
		}).toEqual({
			message: ['payload', 'msg'],
			title: ['', 'str'],
			to: ['', 'str'],
			tone: ['', 'choice'],
			volume: ['5', 'num'],
			loud: ['false', 'bool'],
			days: ['', 'choices'],
			names: ['', 'str'],
			extra: ['', 'json'],
			note: ['', 'str'],
			attempts: ['4', 'num'],
		});
	});

	test('a name that Node-RED needs itself is given way to', () => {
		expect(defaults).not.toHaveProperty('type');
		expect(carillon.fields.optionType).toMatchObject({ key: 'type', kind: 'text' });
	});

	test('conditions and bounds reach the editor', () => {
		expect(carillon.fields.volume).toMatchObject({ show: { tone: ['gong'] }, min: 0, max: 10 });
		expect(carillon.fields.silenceMinutes).toMatchObject({ operation: 'silence', required: true, min: 1 });
		expect(types['carillon-bell-account']!.carillon.fields.seat).toMatchObject({
			required: true,
			show: { plan: ['paid'] },
		});
	});

	test('what a definition says cannot break the page', () => {
		expect(
			tagsOf(forms['carillon-bell']!).find(({ attributes }) => attributes.id === 'node-input-optionType')!
				.attributes.placeholder,
		).toBe('loud, "very"');
		expect(tagsOf(forms['carillon-bell']!).find(({ name }) => name === 'a')!.attributes.href).toBe(
			'https://bell.invalid/docs?a=1&b=2',
		);
		expect(help(bell, 'en')).toContain('A &quot;tone&quot; &lt;of&gt; bell');
	});

	test('an account is required only where something must be filled in', () => {
		expect(defaults.account!.required).toBeUndefined();
		expect(read(triggerHtml(doorTrigger)).types['carillon-doorTrigger']!.defaults.account!.required).toBe(false);
		const requiredOf = (id: string) =>
			read(htmlOf(all.find(([one]) => one === id)![1])).types[`carillon-${id}`]!.defaults.account!.required;
		// Of its account as it is left, something that hangs on another field is missing.
		expect(['email', 'dingtalk', 'desktop'].map(requiredOf)).toEqual([undefined, undefined, false]);
	});

	test('a trigger shows its path where it takes requests, beneath the choice of the way', () => {
		const rows = (id: string) => {
			const { forms } = read(htmlOf(all.find(([one]) => one === id)![1]));
			return tagsOf(forms[`carillon-${id}`]!).flatMap(({ attributes }) => attributes['data-field'] ?? []);
		};
		expect(rows('telegramTrigger').slice(0, 5)).toEqual(['name', 'account', 'mode', 'path', 'urls']);
		expect(rows('webhookTrigger').slice(0, 5)).toEqual(['name', 'account', 'path', 'usual', 'urls']);
		const keyNote = (id: string) => htmlOf(all.find(([one]) => one === id)![1]).includes('.help.urls');
		expect(['webhookTrigger', 'telegramTrigger'].map(keyNote)).toEqual([true, false]);
	});
});

describe('the library', () => {
	interface Library {
		check(node: object, name: string, value: unknown, opt?: object): true | string;
		added(node: object): void;
	}
	const nodes: { id: string; path?: string; name?: string; _def: unknown }[] = [];
	const RED = {
		i18n: { lang: () => 'en-US' },
		utils: {
			validateTypedProperty: (value: string, type: string) =>
				type === 'msg' && /^\d/.test(value) ? 'bad path' : true,
		},
		nodes: { eachNode: (visit: (node: unknown) => void) => nodes.forEach(visit) },
		editor: { validateNode: (node: { id: string }) => void validated.push(node.id) },
	};
	const validated: string[] = [];
	const window: { carillon?: Library } = {};
	const [, code] = /<script[^>]*>([^]*?)<\/script>/.exec(editorLibrary())!;
	runInContext(code!, createContext({ window, RED, URL, $: () => ({ length: 0 }) }));
	const library = window.carillon!;
	const { types } = read(channelHtml(bell));
	const node = (type: string, values: object) => ({
		id: 'n',
		type,
		_def: types[type],
		_: (key: string) => key.split('.').pop(),
		...values,
	});
	const check = (name: string, value: unknown, values: object = {}, type = 'carillon-bell') =>
		library.check(node(type, { [name]: value, ...values }), name, value);

	test.each([
		['volume', '11', { tone: 'gong' }, /at most 10/],
		['volume', 'x', { tone: 'gong' }, /a number/],
		['volume', '11', { tone: 'ding.dong' }, true],
		['volume', '', { tone: 'gong' }, true],
		['volume', '${VOLUME}', { tone: 'gong' }, true],
		['volume', 'loud', { tone: 'gong', volume_type: 'msg' }, true],
		['volume', '1loud', { tone: 'gong', volume_type: 'msg' }, /bad path/],
		['volume', '11', { tone: 'which', tone_type: 'msg' }, /at most 10/],
		['attempts', '1.5', {}, /whole number/],
		['attempts', '0', {}, /at least 1/],
		['link', 'example.com/x', {}, true],
		['link', 'ftp://example.com', {}, /web address/],
		['extra', '{"a":', {}, /JSON/],
		['extra', '{"a":1}', {}, true],
		['tone', 'gong', {}, true],
		['tone', 'silence', {}, /does not exist/],
		['silenceMinutes', '', {}, true],
		['silenceMinutes', '', { operation: 'silence' }, /Fill in/],
		['attempts', '0', { operation: 'silence' }, true],
	])('%s = %j with %j', (name, value, values, expected) => {
		const said = check(name, value, values);
		if (expected === true) expect(said).toBe(true);
		else expect(said).toMatch(expected as RegExp);
	});

	test.each([
		['token', '', { credentials: {} }, /Fill in/],
		['token', '__PWRD__', { credentials: { has_token: true } }, true],
		['seat', '', { plan: 'paid' }, /Fill in/],
		['seat', '', { plan: 'free' }, true],
		['port', '70000', {}, /at most 65535/],
		['baseUrl', 'http://', {}, /web address/],
	])('of an account: %s = %j with %j', (name, value, values, expected) => {
		const said = check(name, value, values, 'carillon-bell-account');
		if (expected === true) expect(said).toBe(true);
		else expect(said).toMatch(expected as RegExp);
	});

	test.each([
		['token', { credentials: {} }, /Fill in “token”/],
		['what the server has not said yet', {}, true],
		['one that is kept', { credentials: { has_token: true } }, true],
		['one that is typed', { credentials: { token: 'x' } }, true],
	])('a missing secret is told outside its form, too: %s', (_what, values, expected) => {
		const said = check('name', '', values, 'carillon-bell-account');
		if (expected === true) expect(said).toBe(true);
		else expect(said).toMatch(expected as RegExp);
	});

	test('a path is no matter to a trigger that polls', () => {
		const [, telegram] = all.find(([id]) => id === 'telegramTrigger')!;
		const _def = read(htmlOf(telegram)).types['carillon-telegramTrigger'];
		const said = (mode: string) => library.check({ ...node('', { mode }), _def }, 'path', 'no slash');
		expect([said('polling'), said('webhook')]).toEqual([true, expect.stringContaining('start with /')]);
	});

	test('two triggers do not share a path, and a new one gets a free one', () => {
		const _def = { carillon: { paths: [] } };
		const first = { id: 'a', name: 'Front', path: '/carillon/door', _def };
		nodes.push(first, { id: 'b', path: '/Carillon/door-2/', _def });
		const third = { id: 'c', path: '/carillon/door', _def };
		expect(library.check(third, 'path', third.path)).toMatch(/“Front”/);
		library.added(third);
		expect(third.path).toBe('/carillon/door-3');
		// A pasted one was judged before it got its own.
		expect(validated).toEqual(['c']);
		expect(library.check(third, 'path', third.path)).toBe(true);
		expect(library.check(third, 'path', 'no slash')).toMatch(/start with/);
	});
});
