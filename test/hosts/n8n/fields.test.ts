import {
	choice,
	choices,
	json,
	list,
	multiline,
	number,
	pairs,
	pick,
	read,
	rows,
	secret,
	secrets,
	text,
	toggle,
	url,
	type Fields,
} from '../../../src/core/base/field';
import { needsAccount, properties } from '../../../src/hosts/n8n/fields';
import { stored } from '../../../src/hosts/n8n/rows';

const fields: Fields = {
	line: text('One line', {
		zh: '单行',
		optional: true,
		placeholder: 'abc',
		help: { en: 'Any text', zh: '任意文本' },
	}),
	lines: multiline('Lines', { zh: '多行', default: 'a\nb' }),
	token: secret('Token', { zh: '令牌' }),
	keys: secrets('Device keys', { zh: '设备密钥' }),
	server: url('Server', { zh: '服务器', default: 'https://example.com' }),
	hook: url('Hook', { zh: '钩子', secret: true }),
	count: number('Count', { zh: '数量', optional: true, min: 1, max: 5, integer: true }),
	seconds: number('Seconds', { zh: '秒', default: 0 }),
	silent: toggle('Silent', { zh: '静音' }),
	kind: choice(
		'Kind',
		{ text: ['Text', '文本'], markdown: ['Markdown', 'Markdown'], card: ['Card', '卡片'] },
		{ zh: '类型', default: 'markdown' },
	),
	sound: choice('Sound', ['bell', 'horn'], { zh: '铃声', optional: true }),
	users: list('Users', { zh: '用户', default: ['a', 'b'] }),
	events: choices('Events', ['play', 'stop'], { zh: '事件' }),
	headers: json('Headers', { zh: '请求头', secret: true, optional: true }),
	data: json('Data', { zh: '数据', optional: true, default: '{}' }),
};

const byName = (given: Fields, place?: Parameters<typeof properties>[1]) =>
	Object.fromEntries(properties(given, place).map((property) => [property.name, property]));

test('each kind of field becomes what n8n has for it', () => {
	expect(byName(fields)).toEqual({
		line: {
			displayName: 'One line',
			name: 'line',
			type: 'string',
			default: '',
			typeOptions: {},
			placeholder: 'abc',
			description: 'Any text',
		},
		lines: { displayName: 'Lines', name: 'lines', type: 'string', default: 'a\nb', typeOptions: { rows: 4 } },
		token: {
			displayName: 'Token',
			name: 'token',
			type: 'string',
			default: '',
			typeOptions: { password: true },
			required: true,
		},
		keys: {
			displayName: 'Device keys',
			name: 'keys',
			type: 'string',
			default: '',
			typeOptions: { password: true },
			required: true,
			description: 'Separate several with commas',
		},
		server: {
			displayName: 'Server',
			name: 'server',
			type: 'string',
			default: 'https://example.com',
			typeOptions: {},
		},
		hook: {
			displayName: 'Hook',
			name: 'hook',
			type: 'string',
			default: '',
			typeOptions: { password: true },
			required: true,
		},
		count: {
			displayName: 'Count',
			name: 'count',
			type: 'number',
			default: '',
			typeOptions: { minValue: 1, maxValue: 5, numberPrecision: 0 },
		},
		seconds: { displayName: 'Seconds', name: 'seconds', type: 'number', default: 0, typeOptions: {} },
		silent: { displayName: 'Silent', name: 'silent', type: 'boolean', default: false },
		kind: {
			displayName: 'Kind',
			name: 'kind',
			type: 'options',
			default: 'markdown',
			options: [
				{ name: 'Text', value: 'text' },
				{ name: 'Markdown', value: 'markdown' },
				{ name: 'Card', value: 'card' },
			],
		},
		sound: {
			displayName: 'Sound',
			name: 'sound',
			type: 'options',
			default: '',
			options: [
				{ name: 'None', value: '' },
				{ name: 'bell', value: 'bell' },
				{ name: 'horn', value: 'horn' },
			],
		},
		users: {
			displayName: 'Users',
			name: 'users',
			type: 'string',
			default: 'a, b',
			typeOptions: {},
			description: 'Separate several with commas',
		},
		events: {
			displayName: 'Events',
			name: 'events',
			type: 'multiOptions',
			default: [],
			options: [
				{ name: 'play', value: 'play' },
				{ name: 'stop', value: 'stop' },
			],
		},
		headers: {
			displayName: 'Headers',
			name: 'headers',
			type: 'string',
			default: '',
			typeOptions: { password: true },
		},
		data: { displayName: 'Data', name: 'data', type: 'json', default: '{}', typeOptions: { rows: 4 } },
	});
});

test('nothing is shared between two calls, nor with the definition', () => {
	const [first, second] = [properties(fields), properties(fields)];
	expect(first).toEqual(second);
	const objects = (value: unknown): object[] =>
		typeof value === 'object' && value !== null ? [value, ...Object.values(value).flatMap(objects)] : [];
	const ofFirst = new Set(objects(first));
	expect(objects(second).filter((each) => ofFirst.has(each))).toEqual([]);
	expect(objects(fields).filter((each) => ofFirst.has(each))).toEqual([]);
});

test('within a collection nothing is required, and a choice that was added has a value', () => {
	const within = byName(fields, { within: 'collection', name: (key) => `x${key}` });
	expect(Object.values(within).some((property) => property.required)).toBe(false);
	expect(within.xsound).toMatchObject({ default: 'bell', options: [{ value: 'bell' }, { value: 'horn' }] });
});

test('where texts are templates, n8n does not take their braces for expressions', () => {
	const literal = properties(fields, { literal: true });
	expect(literal.filter(({ noDataExpression }) => noDataExpression).map(({ name }) => name)).toEqual([
		'line',
		'lines',
	]);
	expect(properties(fields).some(({ noDataExpression }) => noDataExpression)).toBe(false);
});

const hanging: Fields = {
	kind: fields.kind!,
	silent: fields.silent!,
	picture: url('Picture', { zh: '图片', show: { kind: ['card'] } }),
	wrap: toggle('Wrap', { zh: '换行', show: { kind: ['text', 'markdown'] } }),
	width: number('Width', { zh: '宽度', optional: true, show: { wrap: [true] } }),
	loud: toggle('Loud', { zh: '响亮', show: { silent: [false], kind: ['card'] } }),
};

test('a field is shown as its siblings say, and hidden with them', () => {
	const shown = byName(hanging, { show: { operation: ['send'] }, name: (key) => `send_${key}` });
	expect(shown.send_picture?.displayOptions).toEqual({ show: { operation: ['send'], send_kind: ['card'] } });
	// n8n asks for it where it is shown.
	expect(shown.send_picture?.required).toBe(true);
	expect(shown.send_width?.displayOptions).toEqual({
		show: { operation: ['send'], send_wrap: [true], send_kind: ['text', 'markdown'] },
	});
	expect(byName(hanging).kind?.displayOptions).toBeUndefined();
});

test('in a collection a sibling that was not added counts as its default', () => {
	const within = byName(hanging, { within: 'collection' });
	expect(within.picture?.displayOptions).toEqual({ show: { kind: ['card'] } });
	expect(within.wrap?.displayOptions).toEqual({ hide: { kind: ['card'] } });
	expect(within.width?.displayOptions).toEqual({ show: { wrap: [true] }, hide: { kind: ['card'] } });
	expect(within.loud?.displayOptions).toEqual({ show: { kind: ['card'] }, hide: { silent: [true] } });
});

test('an account is needed where something is missing in one that is left as it is', () => {
	const token = (show?: Record<string, string[]>) => ({
		...fields,
		...Object.fromEntries(Object.keys(fields).map((key) => [key, { ...fields[key]!, optional: true }])),
		kind: fields.kind!,
		token: secret('Token', { zh: '令牌', ...(show && { show }) }),
	});
	expect([token(), token({ kind: ['markdown'] }), token({ kind: ['card'] })].map(needsAccount)).toEqual([
		true,
		true,
		false,
	]);
});

test('rows are a fixed collection, beside which a list from upstream may stand; what can be picked is a locator', () => {
	const list = () => Promise.resolve({ items: [] });
	const given: Fields = {
		buttons: rows(
			'Buttons',
			{
				text: text('Text', { zh: '文字' }),
				chat: pick('Chat', { zh: '群聊', optional: true, list }),
			},
			{ zh: '按钮', row: { en: 'Button', zh: '按钮' }, optional: true },
		),
		headers: pairs(
			'Headers',
			{ name: text('Name', { zh: '名称' }), value: secret('Value', { zh: '值' }) },
			{ zh: '请求头', row: { en: 'Header', zh: '请求头' }, optional: true },
		),
		to: pick('Chat', { zh: '群聊', list, placeholder: 'C012', byHand: { en: 'By Name', zh: '按名称' } }),
	};
	const node = byName(given, { fromUpstream: true, listedBy: (name) => `list:${name}` });
	const row = (name: string) => (node[name]!.options as { name: string; values: object[] }[])[0]!;
	expect(Object.keys(node)).toEqual(['buttons', 'buttonsJson', 'headers', 'headersJson', 'to']);
	expect(node.buttons).toMatchObject({
		type: 'fixedCollection',
		default: {},
		placeholder: 'Add Button',
		typeOptions: { multipleValues: true },
	});
	expect(row('buttons')).toMatchObject({
		name: 'row',
		displayName: 'Button',
		values: [
			{ name: 'text', type: 'string', required: true },
			{
				name: 'chat',
				type: 'resourceLocator',
				modes: [{ typeOptions: { searchListMethod: 'list:buttonsChat' } }, {}],
			},
		],
	});
	expect(node.buttonsJson).toMatchObject({ displayName: 'Buttons as JSON', type: 'json' });
	expect(row('headers').values[1]).toMatchObject({ name: 'value', typeOptions: { password: true } });
	expect(node.headersJson).toMatchObject({ type: 'string', typeOptions: { password: true } });
	expect(node.to).toMatchObject({
		type: 'resourceLocator',
		required: true,
		default: { mode: 'list', value: '' },
		modes: [
			{ name: 'list', typeOptions: { searchListMethod: 'list:to', searchable: true } },
			{ name: 'id', displayName: 'By Name', placeholder: 'C012' },
		],
	});
	// In an account, before which nothing can be listed.
	expect(byName(given)).toMatchObject({ to: { type: 'string' }, headers: { type: 'fixedCollection' } });
	expect(Object.keys(byName(given))).toEqual(['buttons', 'headers', 'to']);
});

test('what stands in rows and what comes as JSON go together', () => {
	const given: Fields = {
		headers: pairs(
			'Headers',
			{ name: text('Name', { zh: '名称' }), value: text('Value', { zh: '值' }) },
			{ zh: '请求头', row: { en: 'Header', zh: '请求头' } },
		),
	};
	const of = (values: Record<string, unknown>) =>
		read(
			given,
			stored(given, (key) => values[key]),
		).headers;
	const a = { name: 'A', value: '1' };
	expect(of({ headers: { row: [a] } })).toEqual([a]);
	expect(of({ headers: {}, headersJson: '{"B": "2"}' })).toEqual([{ name: 'B', value: '2' }]);
	expect(of({ headers: { row: [a] }, headersJson: [{ name: 'B', value: '2' }] })).toEqual([
		a,
		{ name: 'B', value: '2' },
	]);
	expect(of({ headers: { row: [a] }, headersJson: '' })).toEqual([a]);
	expect(() => of({ headersJson: '{"B"' })).toThrow('“Headers” is not valid JSON');
});

test('what a value has in it that people should know is said in the list, and where that value is chosen', () => {
	const door = choice(
		'Door',
		{ shut: ['Shut', '关'], open: ['Open', '开'] },
		{ zh: '门', default: 'shut', catches: { open: { en: 'Everybody comes in.', zh: '谁都能进。' } } },
	);
	const house: Fields = { has: toggle('Door', { zh: '有门' }), door: { ...door, show: { has: [true] } } };
	const { door: list, doorOpenNotice: notice } = byName(house);
	expect(list!.options).toEqual([
		{ name: 'Shut', value: 'shut' },
		{ name: 'Open', value: 'open', description: 'Everybody comes in.' },
	]);
	expect(notice).toEqual({
		displayName: 'Everybody comes in.',
		name: 'doorOpenNotice',
		type: 'notice',
		default: '',
		displayOptions: { show: { has: [true], door: ['open'] } },
	});
	// There it would be one more thing to add.
	expect(Object.keys(byName(house, { within: 'collection' }))).toEqual(['has', 'door']);
});
