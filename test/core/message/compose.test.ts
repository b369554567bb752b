import { runInNewContext } from 'node:vm';
import { fc } from '../../property';
import { compose } from '../../../src/core/message/compose';
import { isChannelError } from '../../../src/core/base/errors';
import { readMessage } from '../../../src/core/message/message';

const carillon = {
	body: '**New**',
	title: 'Emby',
	format: 'html' as const,
	image: { url: 'https://example.com/a.jpg' },
	buttons: [{ text: 'Open', url: 'https://example.com' }],
	key: 'emby:1',
};

const refusalOf = (run: () => unknown) => {
	try {
		run();
	} catch (error) {
		if (isChannelError(error)) return [error.class, error.field];
		throw error;
	}
	return undefined;
};

test('an incoming message goes through whole', () => {
	expect(compose({}, carillon)).toEqual(carillon);
	// The n8n form's default hands the body over as the node's own.
	expect(compose({ body: '**New**', title: 'Emby' }, carillon)).toEqual(carillon);
	expect(compose({ body: carillon })).toEqual(carillon);
});

test('the node’s own words win, the rest of the message stays', () => {
	const message = compose({ title: 'Mine', body: 'Own *text*' }, carillon);
	expect(message).toMatchObject({ title: 'Mine', body: 'Own *text*', image: carillon.image, key: 'emby:1' });
	// The incoming format was that of the incoming body.
	expect(message.format).toBeUndefined();
	expect(compose({ body: 'Own', format: 'text' }, carillon).format).toBe('text');
	expect(compose({ format: 'text' }, carillon).format).toBe('text');
});

test.each([
	[undefined, undefined, undefined],
	['', true, true],
	['true', undefined, true],
	[true, false, true],
	['no', true, false],
	[0, 'yes', false],
])('silent: the node says %p, the message %p', (own, incoming, expected) => {
	const base = incoming === undefined ? carillon : { ...carillon, silent: incoming };
	expect(readMessage(compose({ more: { silent: own } }, base)).silent).toBe(expected);
});

test('edit: the node’s own word wins over the message’s', () => {
	expect(readMessage(compose({ more: { edit: 'true' } }, carillon)).edit).toBe(true);
	expect(readMessage(compose({ more: { edit: false } }, { ...carillon, edit: true })).edit).toBe(false);
	expect(readMessage(compose({}, { ...carillon, edit: 'yes' })).edit).toBe(true);
});

test('silence in a word that says neither yes nor no is the node’s fault', () => {
	expect(refusalOf(() => compose({ more: { silent: 'loud' } }, carillon))).toEqual(['Invalid', 'silent']);
});

test('an item of another node may be silent', () => {
	expect(compose({}, { text: 'x', silent: true })).toMatchObject({ body: 'x', silent: true });
	expect(compose({}, { text: 'x', silent: 'perhaps' })).not.toHaveProperty('silent');
});

test('a title comes from the node, else the message, else the host', () => {
	expect(compose({ fallbackTitle: 'topic' }, 'hi').title).toBe('topic');
	expect(compose({ fallbackTitle: 'topic' }, { body: 'hi', title: 'own' }).title).toBe('own');
	expect(compose({ title: ' ', fallbackTitle: 7 }, 'hi').title).toBe('7');
	expect(compose({ title: { rendered: 'x' } }, 'hi').title).toBeUndefined();
});

test('what is not a text goes out as indented JSON, which is no Markdown', () => {
	expect(compose({}, { a: 1 })).toMatchObject({ body: '{\n  "a": 1\n}', format: 'text' });
	expect(compose({ body: [1, '*'] })).toMatchObject({ body: '[\n  1,\n  "*"\n]', format: 'text' });
	expect(compose({ body: 0 }).body).toBe('0');
	expect(compose({ body: false }).body).toBe('false');
	expect(compose({}, Buffer.from('bytes')).body).toBe('bytes');
	expect(compose({ body: { chat: 1 } }, undefined).body).toContain('"chat": 1');
});

test.each([
	['nothing', undefined],
	['null', null],
	['blanks', ' \n'],
	['{}', {}],
	['[]', []],
	['an empty body', { body: '' }],
])('%s is an empty message', (_, incoming) => {
	expect(refusalOf(() => compose({}, incoming))).toEqual(['Invalid', 'message']);
});

test('a picture or a file is enough of a message', () => {
	expect(compose({ more: { image: 'poster' } }).image).toEqual({ binary: 'poster' });
	expect(compose({}, { body: '', attachments: [{ url: 'https://example.com/a.pdf' }] }).attachments).toHaveLength(1);
});

test('the node adds to the message, attachments beside the ones that came', () => {
	const more = {
		level: 'warning',
		url: 'https://example.com/x',
		image: 'https://example.com/b.png',
		attachments: 'report, https://example.com/c.pdf',
		buttons: '[{"text": "Yes", "value": "y"}]',
		fields: [{ name: 'Host', value: 'nas' }],
		mentions: '@all',
		type: 'task.failed',
		key: 'k',
	};
	expect(compose({ body: 'hi', more }, { ...carillon, attachments: [{ binary: 'log' }] })).toEqual({
		...carillon,
		format: undefined,
		body: 'hi',
		level: 'warning',
		url: 'https://example.com/x',
		image: { url: 'https://example.com/b.png' },
		attachments: [{ binary: 'log' }, { binary: 'report' }, { url: 'https://example.com/c.pdf' }],
		buttons: [{ text: 'Yes', value: 'y' }],
		fields: [{ name: 'Host', value: 'nas' }],
		mentions: ['@all'],
		type: 'task.failed',
		key: 'k',
	});
	expect(compose({ more: Object.fromEntries(Object.keys(more).map((key) => [key, ''])) }, carillon)).toEqual(
		carillon,
	);
});

test('what cannot be used is refused by name', () => {
	expect(refusalOf(() => compose({ body: 'x', more: { level: 'loud' } }))).toEqual(['Invalid', 'level']);
	expect(refusalOf(() => compose({ body: 'x', more: { buttons: '[{' } }))).toEqual(['Invalid', 'buttons']);
	expect(refusalOf(() => compose({ body: 'x', format: 'rtf' }))).toEqual(['Invalid', 'format']);
});

test('what JSON cannot say is written as far as it goes, and no further than anybody reads', () => {
	const circle: Record<string, unknown> = { a: 1, at: new Date(0) };
	circle.self = circle;
	expect(JSON.parse(compose({}, circle).body)).toEqual({ a: 1, at: '1970-01-01T00:00:00.000Z', self: '…' });
	// Each level holds the one below twice: a million ways down.
	let both: Record<string, unknown> = { end: 1n };
	for (let level = 0; level < 20; level++) both = { left: both, right: both };
	expect(compose({}, both).body.length).toBeLessThan(2_000_000);
});

test('whatever comes in ends in a message or an Invalid', () => {
	fc.assert(
		fc.property(fc.anything(), fc.anything(), fc.anything(), (title, body, incoming) => {
			try {
				readMessage(compose({ title, body }, incoming));
			} catch (error) {
				expect(error).toMatchObject({ name: 'ChannelError', class: 'Invalid' });
			}
		}),
		{ numRuns: 1_000 },
	);
});

const head = (hex: string, rest = 'rest\0\xff') =>
	Buffer.concat([Buffer.from(hex, 'hex'), Buffer.from(rest, 'latin1')]);

describe('bytes go as what they are', () => {
	test.each([
		['png', head('89504e470d0a1a0a')],
		['jpg', head('ffd8ffe0')],
		['gif', Buffer.from('GIF89a..', 'latin1')],
		['webp', Buffer.from('RIFF\x10\0\0\0WEBPVP8 ', 'latin1')],
		['bmp', Buffer.from('BM\x14\0\0\0........abcdef', 'latin1')],
	])('a %s is the picture', (end, bytes) => {
		for (const given of [bytes, new Uint8Array(bytes), JSON.parse(JSON.stringify(bytes)) as unknown])
			expect(compose({ body: given, title: 'T' })).toMatchObject({
				title: 'T',
				body: '',
				image: { name: `attachment.${end}`, data: new Uint8Array(bytes) },
			});
	});

	test.each([
		['pdf', Buffer.from('%PDF-1.4\n1 0 obj', 'latin1')],
		['mp4', head('0000001c', 'ftypisom\0\0\x02\0')],
		['mov', head('00000014', 'ftypqt  ')],
		['heic', head('00000018', 'ftypheic')],
		['webm', head('1a45dfa3')],
		['zip', head('504b0304')],
		['zip', head('504b0506')],
		['ogg', Buffer.from('OggS\0\x02', 'latin1')],
		['mp3', Buffer.from('ID3\x03\0', 'latin1')],
		['wav', Buffer.from('RIFF\x10\0\0\0WAVEfmt ', 'latin1')],
		['gz', head('1f8b08')],
		['7z', head('377abcaf271c')],
		['bin', head('00010203')],
		['bin', Buffer.from([0xe4, 0xbd])],
	])('a %s is a file', (end, bytes) => {
		const { body, image, attachments } = compose({}, bytes);
		expect([body, image, attachments?.map(({ name }) => name)]).toEqual(['', undefined, [`attachment.${end}`]]);
	});

	test.each(['Grüße, 世界 👍', 'BMW sold', 'ID3 tags', 'II*', 'PK', 'RIFF', '\x1b[31mred\x1b[0m\tline\r\n', 'MM'])(
		'%j is a text',
		(text) => {
			expect(compose({}, Buffer.from(text))).toEqual({ body: text });
			expect(compose({}, Buffer.from(`\ufeff${text}`)).body).toBe(text);
		},
	);

	test.each(['<svg width="5"><text>a</text></svg>', '<?xml version="1.0"?>\n<!-- x -->\n<svg xmlns="x"/>'])(
		'a drawing is a file: %s',
		(drawing) => {
			const { body, attachments } = compose({}, Buffer.from(drawing));
			expect([body, attachments?.map(({ name }) => name)]).toEqual(['', ['attachment.svg']]);
		},
	);

	const picture = head('89504e470d0a1a0a');
	test('within an object, with what is said beside them', () => {
		expect(compose({}, { data: picture })).toMatchObject({ body: '', image: { mime: 'image/png' } });
		expect(compose({}, { title: 'Door', text: 'Somebody rings', image: picture, name: 'door.png' })).toMatchObject({
			title: 'Door',
			body: 'Somebody rings',
			image: { name: 'door.png' },
		});
		expect(compose({ body: JSON.parse(JSON.stringify({ content: picture })) as unknown })).toMatchObject({
			image: { mime: 'image/png' },
		});
		expect(compose({}, { payload: Buffer.from('a text'), title: 'T' })).toMatchObject({
			title: 'T',
			body: 'a text',
		});
	});

	test('of another world, and as other views of them', () => {
		const foreign = runInNewContext('Uint8Array.from(bytes)', { bytes: [...picture] }) as Uint8Array;
		expect(foreign instanceof Uint8Array).toBe(false);
		const own = new Uint8Array(picture);
		for (const given of [foreign, foreign.buffer, own.buffer, new DataView(own.buffer)])
			for (const message of [compose({}, given), compose({ body: given }), compose({}, { payload: given })])
				expect(message).toMatchObject({ body: '', image: { mime: 'image/png', data: own } });
		expect(compose({}, { body: 'x', image: foreign })).toMatchObject({ body: 'x', image: foreign });
		expect(readMessage({ body: 'x', image: foreign }).image).toEqual({ data: own });
	});

	test.each([
		['data:image/png;base64,', picture, { image: { mime: 'image/png' } }],
		[' DATA:image/jpeg;name=a.jpg;base64,', head('ffd8ffe0'), { image: { mime: 'image/jpeg' } }],
		['data:application/octet-stream;base64,', head('504b0304'), { attachments: [{ mime: 'application/zip' }] }],
		['data:text/plain;charset=utf-8;base64,', Buffer.from('世界'), { body: '世界' }],
	])('written out as an address: %s', (start, bytes, expected) => {
		expect(compose({}, start + bytes.toString('base64'))).toMatchObject({ body: '', ...expected });
		expect(compose({ body: start + bytes.toString('base64') })).toMatchObject({ body: '', ...expected });
	});

	test.each(['data:image/png;base64,', 'data:image/png;base64,no base64!', 'data:,x', 'see data:a/b;base64,AAAA'])(
		'%j is a text',
		(text) => {
			expect(compose({}, text)).toEqual({ body: text });
		},
	);

	test('in a list', () => {
		const { body, image, attachments } = compose({}, [Buffer.from('seen'), picture, picture, head('504b0304')]);
		expect([body, image?.mime, attachments?.map(({ mime }) => mime)]).toEqual([
			'seen',
			'image/png',
			['image/png', 'application/zip'],
		]);
	});

	test('beside a message they are its text’s place', () => {
		expect(compose({ body: head('89504e470d0a1a0a') }, carillon)).toMatchObject({
			body: '',
			image: { mime: 'image/png' },
		});
	});
});

test.each([
	['nodata', 'warning'],
	['Blocker', 'failure'],
	['P1', 'failure'],
	['SEV-2', 'warning'],
	['offline', 'failure'],
	['online', 'success'],
	['致命', 'failure'],
])('a level may be called %s', (given, level) => {
	expect(compose({ body: 'x', more: { level: given } }).level).toBe(level);
});

test.each([
	['text/html; charset=utf-8', 'html'],
	['Markdown (GFM)', 'markdown'],
	['text/plain;charset=gbk', 'text'],
])('a format may be called %s', (given, format) => {
	expect(compose({ body: 'x', format: given }).format).toBe(format);
});

test('a level and a format are read as tools write them', () => {
	expect(compose({ body: 'x', format: 'Plain', more: { level: 'ERROR' } })).toMatchObject({
		format: 'text',
		level: 'failure',
	});
});
