import { fc, runs } from '../../property';
import { number, pairs, pick, picks, read, rows, secret, text, toggle, url } from '../../../src/core/base/field';
import type { ChannelError } from '../../../src/core/base/errors';
import { secretsOf } from '../../../src/core/base/secrets';

const nothing = () => Promise.resolve({ items: [] });

const fields = {
	buttons: rows(
		'Buttons',
		{
			text: text('Text', { zh: '文字' }),
			url: url('Link', { zh: '链接', optional: true }),
			wide: toggle('Wide', { zh: '宽' }),
			width: number('Width', { zh: '宽度', default: 1 }),
		},
		{ zh: '按钮', row: { en: 'Button', zh: '按钮' }, optional: true, max: 3 },
	),
	headers: pairs(
		'Headers',
		{ name: text('Name', { zh: '名称' }), value: secret('Value', { zh: '值', optional: true }) },
		{ zh: '请求头', row: { en: 'Header', zh: '请求头' }, optional: true },
	),
	chat: pick('Chat', { zh: '群聊', optional: true, list: nothing }),
	users: picks('Users', { zh: '用户', optional: true, list: nothing }),
};

const refused = (raw: Record<string, unknown>, form: Parameters<typeof read>[0] = fields) => {
	try {
		read(form, raw);
	} catch (error) {
		return error as ChannelError;
	}
	throw new Error('it was taken');
};

test('rows have the types of their form', () => {
	const [first] = read(fields, { buttons: [{ text: ' Open ', url: 'nas.local', wide: 'yes', width: '2' }] }).buttons;
	// The compiler holds these to the fields' types.
	const label: string = first!.text;
	const link: string | undefined = first!.url;
	const width: number = first!.width;
	expect({ label, link, width, wide: first!.wide }).toEqual({
		label: 'Open',
		link: 'https://nas.local',
		width: 2,
		wide: true,
	});
	const chat: string | undefined = read(fields, {}).chat;
	const users: string[] = read(fields, {}).users;
	expect([chat, users]).toEqual([undefined, []]);
});

const row = { text: 'Open', url: 'https://example.com', wide: false, width: 1 };
test.each([
	['a list', [row]],
	['its JSON', JSON.stringify([row])],
	['one row', row],
	['the JSON of one row', JSON.stringify(row)],
	['what n8n stores', { row: [row] }],
	['the JSON of that', JSON.stringify({ row: [row] })],
	['a list with rows that were left empty', [{}, row, { text: '', url: ' ', wide: false, width: 1 }, null, '']],
])('rows are read from %s', (_, given) => {
	expect(read(fields, { buttons: given }).buttons).toEqual([row]);
});

test.each([[undefined], [null], [''], [' '], [[]], [{}], ['[]'], [{ row: [] }], [{ row: [{}] }], ['{"row": []}']])(
	'%j is no row',
	(given) => {
		expect(read(fields, { buttons: given }).buttons).toEqual([]);
	},
);

test.each([
	['a row that lacks something', [row, { url: 'https://x' }], 'Buttons, row 2: fill in “Text”.', 'buttons[1].text'],
	[
		'a value of a wrong kind',
		[{ text: 'a', width: 'w' }],
		'Buttons, row 1: “Width” must be a number.',
		'buttons[0].width',
	],
	['a text in place of a row', ['Open'], 'Buttons, row 1: must be an object with text, url, wide, width.', 'buttons'],
	['a number in place of the list', 5, '“Buttons” must be a list.', 'buttons'],
	['broken JSON', '[{', /^“Buttons” is not valid JSON/, 'buttons'],
	['more than there may be', Array(4).fill(row), '“Buttons” may have 3 rows.', 'buttons'],
])('says what is wrong with %s, by row and field', (_, buttons, sentence, field) => {
	const error = refused({ buttons });
	expect(error).toMatchObject({ class: 'Invalid', field });
	expect(error.message).toEqual(typeof sentence === 'string' ? sentence : expect.stringMatching(sentence));
	expect(error.text.zh).toMatch(/^“?按钮/);
});

test('rows that must be there are asked for', () => {
	const needed = {
		links: rows('Links', { url: url('Link', { zh: '链接' }) }, { zh: '链接', row: { en: 'Link', zh: '链接' } }),
	};
	expect(refused({ links: [] }, needed).message).toBe('Fill in “Links”.');
	expect(refused({ links: { row: [{ url: '' }] } }, needed).message).toBe('Fill in “Links”.');
});

test('an object of names and values stands for pairs', () => {
	const pair = (given: unknown) => read(fields, { headers: given }).headers;
	const headers = [
		{ name: 'X-A', value: '1' },
		{ name: 'row', value: 'b' },
	];
	expect(pair({ 'X-A': '1', row: 'b' })).toEqual(headers);
	expect(pair('{"X-A": 1, "row": "b"}')).toEqual(headers);
	expect(pair({ row: headers })).toEqual(headers);
	expect(pair(headers)).toEqual(headers);
	expect(pair({ name: 'X-A', value: '1' })).toEqual([{ name: 'X-A', value: '1' }]);
	expect(pair({ name: 'a', other: 'b' })).toEqual([
		{ name: 'name', value: 'a' },
		{ name: 'other', value: 'b' },
	]);
});

test('what is secret in rows is known for one', () => {
	expect(fields.headers.secret).toBe(true);
	const known = (headers: unknown) => secretsOf(fields, { headers });
	for (const headers of [
		{
			row: [
				{ name: 'Authorization', value: 'Bearer s3cr3t-t0ken' },
				{ name: 'Accept', value: 'text/plain' },
			],
		},
		'{"Authorization": "Bearer s3cr3t-t0ken", "Accept": "text/plain"}',
	]) {
		expect(known(headers)).toContain('s3cr3t-t0ken');
		expect(known(headers)).not.toContain('text/plain');
	}
	const robots = {
		all: rows(
			'Robots',
			{ name: text('Name', { zh: '名称' }), key: secret('Key', { zh: '密钥' }) },
			{ zh: '机器人', row: { en: 'Robot', zh: '机器人' } },
		),
	};
	expect(secretsOf(robots, { all: [{ name: 'Annabel', key: 'k-12345' }] })).toEqual(['k-12345']);
	expect(secretsOf(robots, { all: 'not JSON, hence all of it' })).toEqual(['not JSON, hence all of it']);
});

test('whatever hosts make of a list of rows, it is read the same', () => {
	const value = fc.record(
		{
			text: fc.string({ minLength: 1 }).filter((each) => each.trim() !== ''),
			url: fc.webUrl(),
			wide: fc.boolean(),
			width: fc.integer(),
		},
		{ requiredKeys: ['text'] },
	);
	fc.assert(
		fc.property(fc.array(value, { maxLength: 3 }), (given) => {
			const expected = read(fields, { buttons: given });
			expect(expected.buttons).toHaveLength(given.length);
			for (const same of [JSON.stringify(given), { row: given }, JSON.stringify({ row: given })])
				expect(read(fields, { buttons: same })).toEqual(expected);
			// What was read once is read again as it is.
			expect(read(fields, { buttons: expected.buttons })).toEqual(expected);
		}),
		{ numRuns: runs(200) },
	);
});

test('whatever stands in place of rows or of a picked value, nothing but a sentence comes of it', () => {
	fc.assert(
		fc.property(fc.anything(), (given) => {
			for (const key of Object.keys(fields)) {
				try {
					read(fields, { [key]: given });
				} catch (error) {
					expect(error).toMatchObject({ class: 'Invalid', text: { en: expect.stringMatching(/\.$/) } });
				}
				expect(secretsOf(fields, { [key]: given })).toEqual(expect.any(Array));
			}
		}),
		{ numRuns: runs(500) },
	);
});

test('a picked value is the same in whatever way it was picked', () => {
	fc.assert(
		fc.property(fc.string(), fc.constantFrom('list', 'id', undefined), (value, mode) => {
			const located = { __rl: true, mode, value, cachedResultName: 'a name' };
			expect(read(fields, { chat: located })).toEqual(read(fields, { chat: value }));
			expect(read(fields, { users: located })).toEqual(read(fields, { users: value }));
		}),
		{ numRuns: runs(200) },
	);
	expect(read(fields, { chat: { __rl: true, mode: 'id', value: 42 } }).chat).toBe('42');
	expect(read(fields, { users: { __rl: true, mode: 'id', value: 'U1, U2' } }).users).toEqual(['U1', 'U2']);
	expect(read(fields, { users: [{ __rl: true, mode: 'list', value: 'U1' }, 'U2'] }).users).toEqual(['U1', 'U2']);
});

test.each([[''], [' '], [null], [undefined]])('nothing picked (%j) is absent, or as the default says', (value) => {
	const withDefault = { chat: pick('Chat', { zh: '群聊', default: 'general', list: nothing }) };
	const needed = { chat: pick('Chat', { zh: '群聊', list: nothing }) };
	const located = { chat: { __rl: true, mode: 'list', value } };
	expect(read(fields, located).chat).toBeUndefined();
	expect(read(withDefault, located).chat).toBe('general');
	expect(refused(located, needed).message).toBe('Fill in “Chat”.');
});
