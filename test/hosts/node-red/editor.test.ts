import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import ts from 'typescript';
import { accounts, definitions, root, setsOf, type Definition } from '../../../scripts/definitions';
import type { Account } from '../../../src/core/define/account';
import type { Channel } from '../../../src/core/define/channel';
import type { Flow } from '../../../src/core/define/flow';
import { isPassing, type Passing } from '../../../src/core/define/passing';
import { pages } from '../../../src/core/define/page';
import type { Trigger } from '../../../src/core/define/trigger';
import type { Facts, Form, SetOfForms, Shared } from '../../../src/hosts/node-red/form';
import { Forms } from '../../../src/hosts/node-red/forms';
import {
	accountProperties,
	channelProperties,
	flowProperties,
	triggerProperties,
} from '../../../src/hosts/node-red/properties';
import { belfry, bell, doorTrigger } from './bell';
import { openLibrary } from './library';

interface Registered {
	category: string;
	color: string;
	icon: string;
	defaults: Record<string, { value: unknown; type?: string; required?: boolean }>;
	credentials?: Record<string, { type: string }>;
}

interface Page {
	/** `data-template-name` of the places that forms are written to. */
	places: string[];
	types: Record<string, Registered>;
	forms: Record<string, Form>;
	script: string;
}

const sets = Object.fromEntries(
	[...setsOf(definitions())].map(([set, members]) => [set, members.map(({ definition }) => definition)]),
);
const forms = new Forms('carillon', { ...sets, tests: [bell, belfry, doorTrigger] });
const setNames = [...Object.keys(sets), 'tests'];

const hasAccount = (one: Channel | Trigger | Flow | Passing) =>
	one.type === 'channel' || (one.type === 'trigger' && !one.accountOf);

function read(set: string): Page {
	const html = forms.html(set);
	const places = [...html.matchAll(/data-template-name="([^"]+)"/g)].map(([, name]) => name!);
	const [, script = ''] = /<script type="text\/javascript">([^]*)<\/script>/.exec(html)!;
	const types: Record<string, Registered> = {};
	const window: { carillonForms?: SetOfForms[] } = {};
	const RED = { nodes: { registerType: (type: string, one: Registered) => void (types[type] = one) } };
	runInContext(script, createContext({ window, RED }));
	return { places, types, forms: window.carillonForms![0]!.forms, script };
}

const all = Object.entries({ ...sets, tests: [bell, belfry, doorTrigger] }).flatMap(([set, members]) =>
	members.map((one): [string, string, Channel | Trigger | Flow | Passing] => [one.id, set, one]),
);

describe.each(setNames)('the set %s', (set) => {
	const { places, types, forms: given, script } = read(set);

	test('registers its types, each with a form and a place for it', () => {
		const wanted = (set === 'tests' ? [bell, belfry, doorTrigger] : sets[set]!).flatMap((one) => [
			`carillon-${one.id}`,
			...(hasAccount(one) ? [`carillon-${one.id}-account`] : []),
		]);
		expect(Object.keys(types)).toEqual(wanted);
		expect(places).toEqual(wanted);
		expect(Object.keys(given)).toEqual(wanted);
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
			arguments: [, literal],
		} of calls) {
			const properties = Object.fromEntries(
				(literal as ts.ObjectLiteralExpression).properties.map((each) => [
					each.name!.getText(),
					(each as ts.PropertyAssignment).initializer,
				]),
			);
			expect([properties.category, properties.color, properties.icon].map((each) => each!.kind)).toEqual(
				Array(3).fill(ts.SyntaxKind.StringLiteral),
			);
			for (const key of ['defaults', 'credentials']) {
				const object = properties[key] as ts.ObjectLiteralExpression | undefined;
				for (const each of object?.properties ?? []) {
					expect(ts.isIdentifier(each.name!)).toBe(true);
					expect(ts.isObjectLiteralExpression((each as ts.PropertyAssignment).initializer)).toBe(true);
				}
			}
		}
	});
});

const kindOf = (type: string) =>
	all.find(([id]) => type === `carillon-${id}`)?.[2].type ?? (type.endsWith('-account') && 'account');

test('palette and search tell them apart, and few sets hold them all', () => {
	const categories = setNames.flatMap((set) =>
		Object.entries(read(set).types).map(([type, { category }]) => [kindOf(type), category].join()),
	);
	expect(new Set(categories)).toEqual(
		new Set(['channel,carillon', 'trigger,carillon_flow', 'flow,carillon_flow', 'account,config']),
	);
	expect(Object.keys(sets).length).toBeLessThanOrEqual(8);
	for (const language of ['en', 'zh'] as const) {
		const labels = setNames.map((set) =>
			JSON.stringify((forms.setTexts(set, language) as { palette: unknown }).palette),
		);
		expect(new Set(labels).size).toBe(1);
	}
});

function propertiesOf(one: Channel | Trigger | Flow | Passing) {
	switch (one.type) {
		case 'channel':
			return channelProperties(one);
		case 'trigger':
			return triggerProperties(one);
		case 'flow':
			return flowProperties(one);
	}
}

describe.each(all)('%s', (_id, set, one) => {
	const { types } = read(set);
	const type = `carillon-${one.id}`;
	const ours = Object.keys(types).filter((name) => name === type || name === `${type}-account`);

	test('has the account that it should', () => {
		if (one.type === 'flow') {
			// One that keeps something: a Redis, which it can do without.
			const redis = expect.objectContaining({ type: 'carillon-store-account', required: false }) as object;
			return expect(types[type]!.defaults.account).toEqual(isPassing(one) ? undefined : redis);
		}
		const shares = one.type === 'trigger' && one.accountOf;
		expect(types[type]!.defaults.account!.type).toBe(`carillon-${shares || one.id}-account`);
	});

	test.each(['en', 'zh'] as const)(
		'every property has an input with its texts, every input a property (%s)',
		(language) => {
			const library = openLibrary(forms, setNames, language);
			for (const name of ours) {
				const { defaults, credentials = {}, category } = types[name]!;
				const prefix = category === 'config' ? 'node-config-input-' : 'node-input-';
				const tags = library.tagsOf(library.template(name));
				const ids = tags.map(({ attributes }) => attributes.id).filter((id) => id !== undefined);
				expect(new Set(ids).size).toBe(ids.length);
				expect(ids.sort()).toEqual(
					[...Object.keys(defaults), ...Object.keys(credentials)].map((key) => prefix + key).sort(),
				);
				// Every text is there: no key is shown in its place.
				for (const { attributes } of tags) {
					const key = attributes['data-i18n']?.replace(/^\[[a-z]+\]/, '');
					if (key) expect([key, library.text(key)]).toEqual([key, expect.stringMatching(/\S/)]);
				}
				expect(library.text(`carillon/${set}:${name}.label`)).toEqual(expect.stringMatching(/\S/));
				library.tagsOf(library.help(name));
				expect(library.help(name)).not.toMatch(/undefined|teach\.|carillon\/\w+:/);
			}
		},
	);

	test('no two properties share a name, and secrets are credentials that never come back', () => {
		const properties = propertiesOf(one);
		const names = properties.flatMap(({ name, typed }) => (typed ? [name, `${name}_type`] : [name]));
		expect(new Set(names).size).toBe(names.length);
		const lists = [accountProperties(one.account ?? {}), properties];
		for (const { name, field } of lists.flat().filter(({ field }) => field.secret)) {
			const holder = ours.map((each) => types[each]!).find(({ credentials }) => credentials?.[name]);
			if (!holder && one.type === 'trigger' && one.accountOf) continue;
			expect([field.label.en, holder?.credentials?.[name]?.type, name in (holder?.defaults ?? {})]).toEqual([
				field.label.en,
				'password',
				false,
			]);
		}
	});

	test('has an icon', () => {
		if (set === 'tests') return;
		expect(readFileSync(join(__dirname, '../../../icons', types[type]!.icon), 'utf8')).toContain('<svg');
	});
});

describe('of the fields', () => {
	const { types, forms: given } = read('tests');
	const { defaults } = types['carillon-bell']!;
	const shared = openLibrary(forms, setNames, 'en').shared as Shared;
	const factsOf = (type: string, name: string): Facts => {
		const { sections, operations = {} } = given[type]!;
		const found = [...Object.values(sections), ...Object.values(operations)].find((group) => name in group)![name]!;
		return found === 1 ? shared.facts[name]! : found;
	};

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
		expect(factsOf('carillon-bell', 'optionType')).toMatchObject({ key: 'type' });
	});

	test('conditions and bounds reach the editor', () => {
		expect(factsOf('carillon-bell', 'volume')).toMatchObject({ show: { tone: ['gong'] }, min: 0, max: 10 });
		expect(given['carillon-bell']!.operations!.silence).toHaveProperty('silenceMinutes');
		expect(factsOf('carillon-bell', 'silenceMinutes')).toMatchObject({ required: true, min: 1 });
		expect(factsOf('carillon-bell-account', 'seat')).toMatchObject({ required: true, show: { plan: ['paid'] } });
	});

	test('what a definition says cannot break the page', () => {
		const library = openLibrary(forms, setNames, 'en');
		const tags = library.tagsOf(library.template('carillon-bell'));
		const input = tags.find(({ attributes }) => attributes.id === 'node-input-optionType')!;
		expect(input.attributes.placeholder).toBe('loud, "very"');
		expect(tags.find(({ name }) => name === 'a')!.attributes.href).toBe('https://bell.invalid/docs?a=1&b=2');
		expect(library.help('carillon-bell')).toContain('A &quot;tone&quot; &lt;of&gt; bell');
	});

	test('a value with a catch has its sentence beneath the choice, in the editor’s language', () => {
		for (const [language, says] of [
			['en', /authorisation code/],
			['zh', /授权码/],
		] as const) {
			const library = openLibrary(forms, setNames, language);
			const notes = library.template('carillon-email-account').match(/carillon-catch/g);
			expect(notes).toHaveLength(2);
			expect(library.textOf('carillon-email-account', 'catch.provider.qq')).toMatch(says);
			expect(library.textOf('carillon-email-account', 'catch.provider.custom')).toBeUndefined();
		}
	});

	test('an account is required only where something must be filled in', () => {
		expect(defaults.account!.required).toBeUndefined();
		expect(types['carillon-doorTrigger']!.defaults.account!.required).toBe(false);
		const requiredOf = (id: string) => {
			const [, set] = all.find(([each]) => each === id)!;
			return read(set).types[`carillon-${id}`]!.defaults.account!.required;
		};
		// Of its account as it is left, something that hangs on another field is missing.
		expect(['email', 'dingtalk', 'desktop'].map(requiredOf)).toEqual([undefined, undefined, false]);
	});

	test('a trigger shows its path where it takes requests, beneath the choice of the way', () => {
		const library = openLibrary(forms, setNames, 'en');
		const rows = (id: string) =>
			library
				.tagsOf(library.template(`carillon-${id}`))
				.flatMap(({ attributes }) => attributes['data-field'] ?? []);
		expect(rows('telegramTrigger').slice(0, 5)).toEqual(['name', 'account', 'mode', 'path', 'urls']);
		expect(rows('webhookTrigger').slice(0, 5)).toEqual(['name', 'account', 'path', 'usual', 'urls']);
		const keyNote = (id: string) => library.template(`carillon-${id}`).includes('carillon-note');
		expect(['webhookTrigger', 'telegramTrigger'].map(keyNote)).toEqual([true, false]);
	});

	test('rows bring the form of each, and what can be picked says so', () => {
		expect(factsOf('carillon-belfry', 'changes')).toMatchObject({
			kind: 'rows',
			fields: {
				bell: { required: true },
				times: { kind: 'number', min: 1, default: 1 },
				muffled: { kind: 'toggle' },
			},
		});
		expect(factsOf('carillon-belfry', 'tower')).toMatchObject({ kind: 'pick' });
		expect(factsOf('carillon-belfry', 'to')).toMatchObject({ kind: 'pick', several: true });
		const { defaults } = types['carillon-belfry']!;
		expect([defaults.changes!.value, defaults.changes_type!.value]).toEqual(['', 'json']);
		const library = openLibrary(forms, setNames, 'zh');
		expect(library.textOf('carillon-belfry', 'row.changes')).toBe('一次');
		expect(library.textOf('carillon-belfry', 'field.changes_bell')).toBe('钟');
		expect(library.template('carillon-belfry')).toContain('value="checkAccount"');
	});

	test('the help teaches a message, an event and what Catch nodes find', () => {
		for (const language of ['en', 'zh'] as const) {
			const library = openLibrary(forms, setNames, language);
			const bark = library.help('carillon-bark');
			for (const key of ['body', 'buttons', 'fields', 'attachments', 'key'])
				expect(bark).toContain(`<dt>${key}</dt>`);
			expect(bark).toContain('msg.error.cause.class');
			expect(bark).toContain('&quot;level&quot;: &quot;success&quot;');
			expect(library.help('carillon-webhookTrigger')).toMatch(
				/<dt>item<\/dt><dd>kind, title,.*<dt>user<\/dt><dd>id, name<.*<dt>playback<\/dt><dd>position, percent/,
			);
			expect(library.help('carillon-telegramTrigger')).toMatch(
				/<dt>conversation<\/dt>.*replyTo|replyTo.*<dt>conversation<\/dt>/,
			);
		}
	});

	test('a node in the middle of a flow has its outputs, what each is for, and takes from the message what may be another each time', () => {
		const { types, forms: flow } = read('flow');
		const outbox = types['carillon-outbox']!;
		expect(outbox).toMatchObject({
			...{ category: 'carillon_flow', inputs: 1, outputs: 2, icon: 'outbox.svg' },
			defaults: {
				lane: { value: '' },
				lane_type: { value: 'str' },
				keepFor: { value: 3 },
				ordered: { value: true },
				pace: { value: '' },
				language: { value: 'en' },
			},
		});
		expect(outbox.defaults).not.toHaveProperty('keepFor_type');
		expect(flow['carillon-outbox']).toMatchObject({ typed: ['lane'], outputs: 2 });
		for (const [language, labels] of [
			['en', ['Deliver', 'Given up']],
			['zh', ['投递', '已放弃']],
		] as const) {
			const library = openLibrary(forms, setNames, language);
			expect([0, 1].map((at) => library.textOf('carillon-outbox', `output.${at}`))).toEqual(labels);
			const help = library.help('carillon-outbox');
			expect(help).toMatch(new RegExp(`<ol class="node-ports"><li>${labels[0]}<.*<li>${labels[1]}<.*givenUp`));
			const { fields } = library.formOf('carillon-outbox')!;
			expect(Object.values(fields).filter(({ typed }) => typed)).toEqual([
				expect.objectContaining({ name: 'lane', part: 'option' }),
			]);
			expect(library.template('carillon-outbox')).toContain('<input type="checkbox" id="node-input-ordered">');
		}
	});

	test('events stand in groups, and of each sender only those that it tells', () => {
		const { types, forms: web } = read('web');
		expect(types['carillon-webhookTrigger']!.defaults.events!.value).toEqual([]);
		const given = web['carillon-webhookTrigger']!.sections.main!.events!;
		const { options, groups, only } = given === 1 ? shared.facts.events! : given;
		for (const value of options!) expect(groups).toContain(value.split('.')[0]);
		expect(only!.by).toBe('sender');
		const of = (sender: string) => only!.values[sender]?.map((place) => options![place]);
		expect(of('plex')).toEqual(expect.arrayContaining(['playback.started', 'library.added', 'other']));
		expect(of('plex')).not.toContain('request.pending');
		expect(of('overseerr')).not.toContain('playback.started');
		expect(of('custom')).toBeUndefined();
	});

	test('texts that many forms share stand once', () => {
		for (const language of ['en', 'zh'] as const) {
			const texts = [forms.sharedTexts(language), ...setNames.map((set) => forms.setTexts(set, language))];
			const proxy =
				language === 'en'
					? 'An HTTP or SOCKS5 proxy for this account alone'
					: '仅用于该账号的 HTTP 或 SOCKS5 代理';
			expect(JSON.stringify(texts).split(proxy)).toHaveLength(2);
		}
	});
});

describe('the library', () => {
	const library = openLibrary(forms, setNames, 'en');
	const node = (type: string, values: object) => library.node(type, read('tests').types[type]!, values);
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
		['silenceMinutes', '', { operation: 'silence' }, /Fill in “Minutes”/],
		['attempts', '0', { operation: 'silence' }, true],
	])('%s = %j with %j', (name, value, values, expected) => {
		const said = check(name, value, values);
		if (expected === true) expect(said).toBe(true);
		else expect(said).toMatch(expected as RegExp);
	});

	test.each([
		['', true],
		['[{"bell":"tenor","times":"2"}]', true],
		['[{"bell":"tenor"},{"times":"2"}]', /“Changes”, row 2: Fill in “Bell”/],
		['[{"bell":"tenor","times":"0"}]', /“Changes”, row 1: “Times” must be at least 1/],
		['[{"bell":"tenor","times":"${TIMES}"}]', true],
		['[{"bell":', /not valid JSON/],
		// Of another shape it is read when a message comes.
		['{"anything":1}', true],
	])('rows: %s', (value, expected) => {
		const said = check('changes', value, { changes_type: 'json' }, 'carillon-belfry');
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
		['token', { credentials: {} }, /Fill in “Token”/],
		['what the server has not said yet', {}, true],
		['one that is kept', { credentials: { has_token: true } }, true],
		['one that is typed', { credentials: { token: 'x' } }, true],
	])('a missing secret is told outside its form, too: %s', (_what, values, expected) => {
		const said = check('name', '', values, 'carillon-bell-account');
		if (expected === true) expect(said).toBe(true);
		else expect(said).toMatch(expected as RegExp);
	});

	test('a path is no matter to a trigger that polls', () => {
		const { types } = read('chat');
		const said = (mode: string) =>
			library.check(
				library.node('carillon-telegramTrigger', types['carillon-telegramTrigger']!, { mode }),
				'path',
				'no slash',
			);
		expect([said('polling'), said('webhook')]).toEqual([true, expect.stringContaining('start with /')]);
	});

	test('two triggers do not share a path, and a new one gets a free one', () => {
		const door = (id: string, path: string, name?: string) => node('carillon-doorTrigger', { id, path, name });
		library.nodes.push(door('a', '/carillon/door', 'Front'), door('b', '/Carillon/door-2/'));
		const third = door('c', '/carillon/door');
		expect(library.check(third, 'path', third.path)).toMatch(/“Front”/);
		library.giveFreePath(third);
		expect(third.path).toBe('/carillon/door-3');
		// A pasted one was judged before it got its own.
		expect(library.validated).toEqual(['c']);
		expect(library.check(third, 'path', third.path)).toBe(true);
		expect(library.check(third, 'path', 'no slash')).toMatch(/start with/);
	});
});

test('the help of every node and account leads to pages that are there', () => {
	const members = [...setsOf<Definition | Account>([...definitions(), ...accounts()])];
	const every = new Forms(
		'carillon',
		Object.fromEntries(members.map(([set, found]) => [set, found.map(({ definition }) => definition)])),
	);
	const names = members.map(([set]) => set);
	const types = names.flatMap((set) => [...every.html(set).matchAll(/data-template-name="([^"]+)"/g)]);
	expect(types.map(([, type]) => type)).toContain('carillon-store-account');
	for (const language of ['en', 'zh'] as const) {
		const library = openLibrary(every, names, language);
		for (const [, type] of types) {
			const links = [...library.help(type!).matchAll(/href="([^"]+)"/g)].map(([, link]) => link!);
			expect([type, links.length]).toEqual([type, 2]);
			for (const link of links.filter((one) => one.startsWith(pages)))
				expect([link, existsSync(join(root, 'docs', link.slice(pages.length)))]).toEqual([link, true]);
		}
	}
});
